//! What a reader sees first: which data, what was found, where it comes from.

use maud::{Markup, html};
use wow_charts::format;
use wow_engine::contract::Notice;
use wow_engine::manifest::Manifest;
use wow_view::filter::{self, Texts};
use wow_view::findings::findings;
use wow_view::overview::{self, Tile};
use wow_view::{sampled, time};

use crate::Source;
use crate::document::badge;

const TITLE: &str = "Who plays, for how long, and who is likely a bot";

/// The heading of a report, its sender's or one that fits every log.
pub(crate) fn title<'a>(source: &Source<'a>) -> &'a str {
    Some(source.title.trim()).filter(|title| !title.is_empty()).unwrap_or(TITLE)
}

/// The days and the size of what is shown, in a line.
pub(crate) fn scope(source: &Source<'_>) -> String {
    let report = source.report;
    let counts = format!(
        "{} of {}",
        format::counted(report.rows, "event"),
        format::counted(report.players.len() as u64, "player")
    );
    match (report.first_us, report.last_us) {
        (Some(first_us), Some(last_us)) => {
            format!("{} – {} · {counts}", time::day(first_us.day()), time::day(last_us.day()))
        }
        _ => counts,
    }
}

/// Badge, heading, the sender's note.
pub(crate) fn heading(source: &Source<'_>) -> Markup {
    let note = source.note.replace("\r\n", "\n").replace('\t', " ");
    let paragraphs = note.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
    let paragraphs: Vec<&str> = paragraphs.collect();
    html! {
        header {
            p.top {
                span.brand { b { "WoW" } " Analytics" }
                (badge(source))
                span.grow {}
                span.muted { "report of " (time::day(source.written_us.day())) }
            }
            h1 { (title(source)) }
            p.scope { (scope(source)) }
            @if !paragraphs.is_empty() {
                blockquote { @for paragraph in paragraphs { p { (paragraph) } } }
            }
        }
    }
}

/// The findings, and the headline figures.
pub(crate) fn in_short(source: &Source<'_>) -> Markup {
    let Source { report, bots, .. } = *source;
    let found = findings(report, bots);
    let totals = report.totals(&report.params);
    html! {
        section.part.first id="short" {
            h2 { "In short" }
            @if found.is_empty() {
                p.lead { (filter::why_empty(report, &report.params, bots).unwrap_or_else(|| no_events(source))) }
            } @else {
                ol.short {
                    @for finding in found {
                        li {
                            b.bot[finding.is_bots] { (finding.figure) }
                            span {
                                @for words in finding.sentence {
                                    @if words.is_strong { b { (words.text) } } @else { (words.text) }
                                }
                            }
                        }
                    }
                }
            }
        }
        (tiles(&overview::tiles(report, &report.params, bots, &totals)))
    }
}

/// What is said in place of findings where no filter is the cause.
fn no_events(source: &Source<'_>) -> String {
    let rejected = overview::rejected(Some(source.dataset), source.report).total();
    match rejected {
        0 => "The log has no events.".to_owned(),
        rows => format!(
            "The log has no event that can be counted: {} without player or time.",
            format::counted(rows, "row")
        ),
    }
}

/// Figures side by side.
pub(crate) fn tiles(tiles: &[Tile]) -> Markup {
    html! {
        dl class=(format!("tiles of-{}", tiles.len())) {
            @for tile in tiles {
                div.tile.bot[tile.is_bots] {
                    dt { (tile.label) }
                    dd { (tile.shown) }
                    dd.note { (tile.note) }
                }
            }
        }
    }
}

/// Where the numbers come from, and what was chosen.
pub(crate) fn provenance(source: &Source<'_>) -> Markup {
    let dataset = source.dataset;
    let manifest = dataset.manifest();
    let notices: Vec<Notice> = dataset.notices(source.parts);
    html! {
        section.card.full.provenance {
            div {
                h3 { "Where the numbers come from" }
                dl.facts {
                    (fact("Environment", dataset.badge().label()))
                    (fact(if manifest.is_some() { "Database" } else { "File" }, dataset.name()))
                    @if let Some(manifest) = manifest { (of_export(manifest)) }
                    (fact("Written", format!("{} UTC", time::minute(source.written_us))))
                    (fact("Made by", made_by(manifest)))
                    @if let Some(id) = dataset.id() {
                        div.long { dt { "Dataset" } dd { code { (id) } } }
                    }
                }
                @if let Some(said) = manifest.and_then(sampled::sentence) { p.note { (said) } }
                @if !notices.is_empty() {
                    @for notice in notices { p.note { (notice.to_string()) } }
                }
            }
            div {
                h3 { "Chosen for this report" }
                dl.facts { @for (name, value) in chosen(source) { (fact(name, value)) } }
            }
        }
    }
}

fn fact(name: &str, value: impl maud::Render) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

fn of_export(manifest: &Manifest) -> Markup {
    html! {
        (fact("Events", format::count(manifest.rows)))
        (fact("Players", format::count(manifest.players)))
        @if let Some(first_us) = manifest.first_event_us { (fact("First event", time::minute(first_us))) }
        @if let Some(last_us) = manifest.last_event_us { (fact("Newest event", time::minute(last_us))) }
        @if manifest.rejected.total() > 0 {
            (fact("Rejected", format::counted(manifest.rejected.total(), "row")))
        }
        (fact("Exported", time::rfc3339(&manifest.exported_at)))
    }
}

fn made_by(manifest: Option<&Manifest>) -> String {
    let tool = format!("wow {}", env!("CARGO_PKG_VERSION"));
    match manifest {
        None => tool,
        Some(manifest) => {
            let exporter = match manifest.tool_version == env!("CARGO_PKG_VERSION") {
                true => tool,
                false => format!("{tool}; exported by wow {}", manifest.tool_version),
            };
            match &manifest.duckdb_version {
                Some(version) => format!("{exporter}, DuckDB {version}"),
                None => exporter,
            }
        }
    }
}

fn chosen(source: &Source<'_>) -> Vec<(&'static str, String)> {
    let params = &source.report.params;
    let filter = &source.report.filter;
    let texts = |texts: Texts| match texts.of(filter) {
        [] => "all".to_owned(),
        names => names.join(", "),
    };
    let days = match (filter.from_day, filter.to_day) {
        (None, None) => "all".to_owned(),
        _ => filter::days_label(filter),
    };
    let judged = (!filter.is_empty()).then(|| ("Judged by", filter::judge_label(filter.judge).to_owned()));
    let places = [(Texts::Guild, "Guilds"), (Texts::Zone, "Zones")];
    let places = places.into_iter().filter(|(of, _)| !of.of(filter).is_empty());
    let mut chosen = vec![
        ("Session gap", format::minutes(params.session_gap_minutes.get())),
        ("Longest session", format::minutes(params.bot_max_session_minutes.get())),
        ("Average session", format::minutes(params.bot_avg_session_minutes.get())),
        ("Churned after", format!("{} days", params.churn_days)),
        ("As of", source.report.as_of_day.map_or_else(|| "–".to_owned(), time::day)),
        ("Days", days),
        ("Classes", texts(Texts::Class)),
        ("Races", texts(Texts::Race)),
    ];
    chosen.extend(places.map(|(of, name)| (name, texts(of))));
    chosen.push(("Bots", source.bots.key().to_owned()));
    chosen.extend(judged);
    chosen
}
