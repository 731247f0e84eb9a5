//! Whom the rules flag, how clear the line is, and the first of them.

use maud::{Markup, html};
use wow_charts::{Error, Theme, draw_flagged, format};
use wow_engine::pipeline::Totals;
use wow_view::ChartName;
use wow_view::bots::{
    self as figures, Column, DensityPlot, FlaggedRow, Greatest, Limit, Line, Order, Standing,
};
use wow_view::filter::BotChoice;
use wow_view::marks::{self, Agreement};

use crate::Source;
use crate::card::{Chart, Span, card, card_of_pictures, part, wide};

/// What is told of a flagged player.
const COLUMNS: [Column; 9] = [
    Column::Player,
    Column::Rule,
    Column::Longest,
    Column::LongestOver,
    Column::Average,
    Column::AverageOver,
    Column::Sessions,
    Column::Events,
    Column::Session,
];
/// The heading of what players are marked as.
const MARK: &str = "mark";
const MARK_MEANING: &str = "What the sender marked the player as, with a note";
/// As many flagged players as are listed.
const MOST_LISTED: usize = 50;

/// The part on the limits.
///
/// # Errors
/// Those of drawing.
pub(crate) fn limits(source: &Source<'_>) -> Result<Markup, Error> {
    let totals = source.report.totals(&source.report.params);
    let content = html! {
        div.cards {
            (density(source, &totals)?)
            (curve(source, &totals, Limit::Longest)?)
            (curve(source, &totals, Limit::Average)?)
        }
    };
    Ok(part("bots", "Likely bots", "Whom the rules flag, and how clear the line is.", &content))
}

fn density(source: &Source<'_>, totals: &Totals) -> Result<Markup, Error> {
    let Source { report, bots, .. } = *source;
    let chart = Chart {
        name: figures::DENSITY,
        say: figures::density_say(&totals.into(), bots),
        theme: Theme::light(),
        table: figures::density_table(report.judged(), &report.params, bots),
    };
    let (mut plot, usual) = (DensityPlot::default(), source.dataset.params());
    let ends = figures::ends_with_limits(figures::density_ends(report.judged(), &usual), &report.params);
    let height = |width: u32| if width < 560 { 300 } else { 275 };
    card_of_pictures(Span::Full, chart, height, |size, theme| {
        plot.draw(report.judged(), ends, &report.params, bots, size, theme)
    })
}

fn curve(source: &Source<'_>, totals: &Totals, limit: Limit) -> Result<Markup, Error> {
    let Source { report, bots, .. } = *source;
    let curve = Standing::new(report.judged()).curve(report.judged(), limit, &report.params);
    let around = limit.around(&source.dataset.params(), &report.params);
    let data = curve.chart(around, &report.params, totals.bots);
    let title = match limit {
        Limit::Longest => "Flagged at each limit on the longest session",
        Limit::Average => "Flagged at each limit on the average",
    };
    let chart = Chart {
        name: ChartName { title, ..figures::FLAGGED },
        say: figures::flagged_say(&curve, bots),
        theme: Theme::light(),
        table: figures::flagged_table(&curve),
    };
    card(Span::Half, chart, |_| 180, |area, theme| draw_flagged(area, &data, theme))
}

/// The part that lists flagged players.
pub(crate) fn flagged(source: &Source<'_>) -> Markup {
    let Source { report, bots, marks, .. } = *source;
    let (table, params) = (report.judged(), &report.params);
    let players = Line::new(table, Order::default()).shown(table, params, bots);
    let greatest = Greatest::new(table);
    let rows = players
        .iter()
        .take(MOST_LISTED)
        .filter_map(|&index| figures::flagged_row(table, &greatest, params, index as usize));
    let say = match (players.len(), bots) {
        (0, BotChoice::Out) => "Likely bots are left out of this report.".to_owned(),
        (0, _) => "No player is above these limits.".to_owned(),
        (all, _) if all > MOST_LISTED => {
            format!("The first {MOST_LISTED} of {}, the longest session first.", format::count(all as u64))
        }
        (all, _) => format!("All {}, the longest session first.", format::count(all as u64)),
    };
    let cells = |row: FlaggedRow| {
        let cells = Column::ALL.into_iter().zip(row.cells);
        cells.filter(|(column, _)| COLUMNS.contains(column)).collect::<Vec<_>>()
    };
    let list = html! {
        table.flagged {
            thead {
                tr {
                    @for column in COLUMNS { th scope="col" title=(column.meaning()) { (column.label()) } }
                    @if !marks.is_empty() { th scope="col" title=(MARK_MEANING) { (MARK) } }
                }
            }
            tbody {
                @for row in rows {
                    @let mark = marks.words(row.player_id);
                    tr {
                        @for (column, cell) in cells(row) {
                            @if column == Column::Player { th scope="row" { (cell) } }
                            @else { td data-label=(column.label()) { (cell) } }
                        }
                        @if !marks.is_empty() { td data-label=(MARK) { (mark) } }
                    }
                }
            }
        }
    };
    let content = html! {
        section.card.full.list {
            p.say { (say) }
            @if let Some(counts) = marks::counts_say(marks) {
                @let agreement = Agreement::new(marks, table, params);
                p.say.marks { (counts) " " (agreement.say()) }
            }
            @if !players.is_empty() { (wide("Flagged players", &list)) }
        }
    };
    part("flagged", "Flagged players", "Rule, margin and the session that triggered it.", &content)
}
