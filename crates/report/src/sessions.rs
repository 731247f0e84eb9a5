//! How long sessions last, and what ends them.

use maud::{Markup, html};
use wow_charts::{Error, Theme, draw_gaps, draw_histogram};
use wow_view::sessions::{self as figures, Spread};

use crate::Source;
use crate::card::{Chart, Span, card, part};
use crate::head::tiles;

/// The part.
///
/// # Errors
/// Those of drawing.
pub(crate) fn sessions(source: &Source<'_>) -> Result<Markup, Error> {
    let Source { report, bots, .. } = *source;
    let durations = Spread::new(&report.sessions.durations, bots);
    let events = Spread::new(&report.sessions.events, bots);
    let content = html! {
        (tiles(&figures::tiles(report, bots)))
        div.cards {
            (duration(source, &durations)?)
            (events_each(&events)?)
            (gaps(source)?)
        }
    };
    Ok(part("sessions", "Sessions", "How long they play in one go, and what another gap would do.", &content))
}

fn duration(source: &Source<'_>, spread: &Spread) -> Result<Markup, Error> {
    let params = &source.report.params;
    let data = figures::durations(spread, params);
    let chart = Chart {
        name: figures::DURATIONS,
        say: figures::durations_say(spread, params),
        theme: Theme::light(),
        table: figures::durations_table(spread),
    };
    let height = |width: u32| if width < 560 { 270 } else { 180 };
    card(Span::Full, chart, height, |area, theme| draw_histogram(area, &data, theme))
}

fn events_each(spread: &Spread) -> Result<Markup, Error> {
    let data = figures::events(spread);
    let chart = Chart {
        name: figures::EVENTS,
        say: figures::events_say(spread),
        theme: Theme::light(),
        table: figures::events_table(spread),
    };
    card(Span::Half, chart, |_| 185, |area, theme| draw_histogram(area, &data, theme))
}

fn gaps(source: &Source<'_>) -> Result<Markup, Error> {
    let Source { report, bots, .. } = *source;
    let data = figures::gaps(report, &report.params, bots);
    let chart = Chart {
        name: figures::GAPS,
        say: figures::gaps_say(&data),
        theme: Theme::light(),
        table: figures::gaps_table(&data),
    };
    card(Span::Half, chart, |_| 185, |area, theme| draw_gaps(area, &data, theme))
}
