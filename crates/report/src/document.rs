//! The document around the parts.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use wow_charts::{Error, printable};
use wow_view::dataset::{Badge, short_hash};
use wow_view::{sampled, time};

use crate::style::{Style, style};
use crate::{Source, activity, bots, evidence, head, sessions};

/// The contents, by the ids of the parts.
const CONTENTS: [(&str, &str); 6] = [
    ("activity", "Activity"),
    ("sessions", "Sessions"),
    ("bots", "Likely bots"),
    ("flagged", "Flagged players"),
    ("tests", "Data tests"),
    ("words", "Definitions"),
];

/// The whole report.
///
/// # Errors
/// Those of drawing.
pub(crate) fn document(source: &Source<'_>) -> Result<String, Error> {
    let badge_of_data = source.dataset.badge();
    let Style { css, hash } = style(&foot(source), badge_of_data);
    let policy =
        format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (format!("{}{} · WoW Analytics", badge_of_data.mark(), head::title(source))) }
                style { (PreEscaped(css)) }
            }
            body class=(badge_of_data.class()) {
                (ribbon(source))
                @if badge_of_data == Badge::Production {
                    aside.bar aria-label="Environment" { "PRODUCTION DATA" }
                }
                main {
                    (head::heading(source))
                    (head::in_short(source))
                    (head::provenance(source))
                    nav aria-label="Contents" {
                        @for (id, title) in CONTENTS { a href=(format!("#{id}")) { (title) } }
                    }
                    (activity::activity(source)?)
                    (sessions::sessions(source)?)
                    (bots::limits(source)?)
                    (bots::flagged(source))
                    (evidence::tests(source))
                    (evidence::definitions(source))
                    footer {
                        (badge(source))
                        span.muted {
                            (foot(source)) " · written " (time::minute(source.written_us)) " UTC by wow "
                            (env!("CARGO_PKG_VERSION")) " · no script, no network"
                        }
                    }
                }
            }
        }
    };
    // What HTML forbids or what turns a text round comes from data alone, and stands in no markup.
    Ok(document.into_string().split('\n').map(printable).collect::<Vec<_>>().join("\n"))
}

/// The badge that nobody can miss, and the share of the players beside it where the data are a sample.
pub(crate) fn badge(source: &Source<'_>) -> Markup {
    let badge = source.dataset.badge();
    html! {
        span class=(format!("env {}", badge.class())) { (badge.label()) }
        @if let Some(sample) = source.dataset.sample() {
            " " span class="env sample" { (sampled::in_short(sample)) }
        }
    }
}

/// Which data these are, short enough for the edge of a page.
fn foot(source: &Source<'_>) -> String {
    let id = source.dataset.id().map(|id| format!(" · {}", short_hash(id))).unwrap_or_default();
    let share = source.dataset.sample().map(|sample| format!(" · {}", sampled::in_short(sample)));
    format!("{}{}{id}", source.dataset.name(), share.unwrap_or_default())
}

/// What stands at the edge of every printed page.
fn ribbon(source: &Source<'_>) -> Markup {
    let label = source.dataset.badge().label();
    let exported = source
        .dataset
        .manifest()
        .map(|manifest| format!(" · exported {}", time::rfc3339(&manifest.exported_at)));
    html! {
        div.ribbon aria-hidden="true" {
            b { (label) }
            span { (foot(source)) (exported.unwrap_or_default()) }
            b { (label) }
        }
    }
}
