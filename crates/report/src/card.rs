//! A chart with its sentence and its numbers.

use maud::{Markup, PreEscaped, html};
use wow_charts::{Area, Error, Frame, Picture, SvgSurface, Theme, format, svg};
use wow_view::{ChartName, Table};

/// How much of a row a card takes, and so how wide its charts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    /// All of it.
    Full,
    /// One of two beside each other.
    Half,
}

/// A width that a chart is drawn at: a reader's screen or paper shows one of them, so that text keeps its size.
type Variant = (&'static str, u32);

impl Span {
    const fn class(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Half => "half",
        }
    }

    /// The style classes and the widths in pixels: for a wide screen, for paper and a tablet, for a phone. On paper and on
    /// a tablet half a row is as wide as a phone.
    const fn variants(self) -> &'static [Variant] {
        match self {
            Self::Full => &[("wide", 838), ("middle", 620), ("narrow", 296)],
            Self::Half => &[("wide", 388), ("narrow", 296)],
        }
    }
}

/// A chart as a report shows it.
pub(crate) struct Chart {
    /// What it is called.
    pub(crate) name: ChartName,
    /// What it shows, in a sentence.
    pub(crate) say: String,
    /// The colours that it is drawn in.
    pub(crate) theme: Theme,
    /// The numbers behind it.
    pub(crate) table: Table,
}

/// A card with the chart that `draw` draws in colours on an area, as high as `height` says of a width; pixels.
///
/// # Errors
/// Those of `draw`.
pub(crate) fn card(
    span: Span,
    chart: Chart,
    height: impl Fn(u32) -> u32,
    draw: impl Fn(&Area<SvgSurface<'_>>, &Theme) -> Result<Frame, Error>,
) -> Result<Markup, Error> {
    let label = chart.name.label;
    card_of_pictures(span, chart, height, |(width, height), theme| {
        svg(width, height, label, |area| draw(area, theme))
    })
}

/// A card with the pictures that `draw` makes of a width, a height and colours, as high as `height` says of a width; pixels.
///
/// # Errors
/// Those of `draw`.
pub(crate) fn card_of_pictures(
    span: Span,
    chart: Chart,
    height: impl Fn(u32) -> u32,
    mut draw: impl FnMut((u32, u32), &Theme) -> Result<Picture, Error>,
) -> Result<Markup, Error> {
    let pictures = span.variants().iter().map(|&(class, width_px)| {
        let picture = draw((width_px, height(width_px)), &chart.theme)?;
        Ok((class, picture.in_variables(&Theme::light())))
    });
    let pictures = pictures.collect::<Result<Vec<_>, Error>>()?;
    let Chart { name: ChartName { title, method, .. }, say, table, .. } = chart;
    Ok(html! {
        section class=(format!("card {}", span.class())) {
            h3 { (title) }
            p.say { (say) span.method { " " (method) } }
            div.plot {
                @for (class, svg) in pictures { div class=(class) { (PreEscaped(svg)) } }
            }
            (numbers(title, &table))
        }
    })
}

/// The numbers behind a chart, closed until they are asked for.
fn numbers(title: &str, table: &Table) -> Markup {
    html! {
        details {
            summary { "The numbers " span.muted { (format::counted(table.rows.len() as u64, "row")) } }
            div.scroll tabindex="0" role="region" aria-label=(format!("{title}: the numbers")) {
                (rows("data", table))
            }
        }
    }
}

/// A table whose first column names the rows.
pub(crate) fn rows(class: &str, table: &Table) -> Markup {
    html! {
        table class=(class) {
            thead { tr { @for name in &table.head { th scope="col" { (name) } } } }
            tbody {
                @for row in &table.rows {
                    tr {
                        @for (place, cell) in row.iter().enumerate() {
                            @if place == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                        }
                    }
                }
            }
        }
    }
}

/// A table that may be wider than a small screen, which then moves it sideways.
pub(crate) fn wide(name: &str, table: &Markup) -> Markup {
    html! { div tabindex="0" role="region" aria-label=(name) { (table) } }
}

/// A part of the report with a heading of its own.
pub(crate) fn part(id: &str, title: &str, lead: &str, content: &Markup) -> Markup {
    html! {
        section.part id=(id) {
            h2 { (title) }
            p.lead { (lead) }
            (content)
        }
    }
}
