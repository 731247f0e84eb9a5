//! Whether the numbers can be trusted, and what their names mean.

use maud::{Markup, html};
use wow_charts::format;
use wow_view::models::{self, ANALYSES};
use wow_view::quality::{self, Evidence, Status};
use wow_view::time;

use crate::Source;
use crate::card::{part, rows, wide};

/// What the data tests found.
pub(crate) fn evidence<'a>(source: &Source<'a>) -> Evidence<'a> {
    Evidence {
        report: Some(source.report),
        dataset: Some(source.dataset),
        parts: source.parts,
        is_complete: true,
        now_us: source.written_us,
    }
}

/// The part on data tests.
pub(crate) fn tests(source: &Source<'_>) -> Markup {
    let checks = quality::checks(&evidence(source));
    let class = |status: Status| match status {
        Status::Pass => "mark good",
        Status::Fail => "mark bad",
        Status::Warn => "mark odd",
        Status::NotRun | Status::NotFinished => "mark none",
    };
    let table = html! {
        table.tests {
            thead {
                tr { @for name in ["result", "model", "test", "failing", "found"] { th scope="col" { (name) } } }
            }
            tbody {
                @for check in &checks {
                    tr {
                        td class=(class(check.status)) { (check.status.words()) }
                        td { code { (check.model) } }
                        th scope="row" { (check.name) }
                        td { (format::count(check.failing)) }
                        td { (check.found.join("; ")) }
                    }
                }
            }
        }
    };
    let content = html! {
        section.card.full.list {
            p.say {
                b { (quality::summary(&checks)) }
                @if let Some(scope) = quality::scope(source.report, source.bots) { " " (scope) }
            }
            (wide("Data tests", &table))
        }
    };
    part(
        "tests",
        "Data tests",
        "Whether the numbers can be trusted: every test of the data, as it ended.",
        &content,
    )
}

/// The part on what words mean.
pub(crate) fn definitions(source: &Source<'_>) -> Markup {
    let params = &source.report.params;
    let totals = source.report.totals(params);
    let minutes = |minutes: wow_engine::time::Minutes| format::minutes(minutes.get());
    let as_of = source.report.as_of_day.map_or_else(|| "the newest event".to_owned(), time::day);
    let meanings = [
        (
            "Session",
            format!(
                "a run of a player’s events with no pause over {}; it lasts from its first event to its last",
                minutes(params.session_gap_minutes)
            ),
        ),
        (
            "Likely bot",
            format!(
                "a player whose longest session is over {}, or whose average session is over {}",
                minutes(params.bot_max_session_minutes),
                minutes(params.bot_avg_session_minutes)
            ),
        ),
        (
            "Without bots",
            format!("all that the other {} did", format::counted(totals.kept_players(), "player")),
        ),
        ("Churned", format!("no event for more than {} days before {as_of}", params.churn_days)),
    ];
    let content = html! {
        section.card.full.list {
            p.say {
                "The reference is SQL; the engine that made these numbers is compared with it on every row by "
                code { "wow verify" } "."
            }
            dl.meanings { @for (word, meaning) in meanings { dt { (word) } dd { (meaning) } } }
            div.queries {
                @for query in ANALYSES {
                    div { h3 { (query.says.trim_end_matches('.')) } pre { code { (without_comment(query.sql)) } } }
                }
            }
            (rows("share", &models::share_of_likely_bots(&totals)))
        }
    };
    part("words", "Definitions", "What the words mean, and the two queries on likely bots.", &content)
}

/// A query without the comment that it begins with, which stands above it.
fn without_comment(sql: &str) -> &str {
    sql.split_once('\n').map_or(sql, |(first, rest)| if first.starts_with("--") { rest } else { sql })
}
