//! The row of headline figures.

use leptos::prelude::*;
use wow_charts::{SPARKLINE, sparkline};

use super::page_link::PageLink;
use wow_view::overview::{Sketch, Tile};

/// The headline figures, side by side. One that has a page is a link to it as a whole.
#[component]
pub(crate) fn Tiles(
    #[prop(into)] tiles: Signal<Vec<Tile>>,
    /// A style class.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let tile = |tile: Tile| {
        let label = match tile.page {
            Some(page) => view! { <PageLink page title=tile.full.clone()>{tile.label}</PageLink> }.into_any(),
            None => tile.label.into_any(),
        };
        // What is no link has its figure in full reached by itself.
        let stop = tile.page.is_none().then_some("0");
        view! {
            <div class="tile" class:bot=tile.is_bots data-testid=format!("tile-{}", tile.key) data-value=tile.exact>
                <dt>{label}</dt>
                <dd title=tile.full tabindex=stop>{tile.shown}</dd>
                <dd class="note">{tile.note}</dd>
                {tile.sketch.and_then(|sketch| drawn(&sketch))}
            </div>
        }
    };
    view! { <dl class=format!("tiles {class}")>{move || tiles.get().into_iter().map(tile).collect_view()}</dl> }
}

/// What is drawn below a figure; the figure and its note say it in words.
fn drawn(sketch: &Sketch) -> Option<AnyView> {
    let (width, height) = SPARKLINE;
    let content = match sketch {
        Sketch::Course(values) => {
            let line = sparkline(values)?;
            view! { <path class="line" d=line></path> }.into_any()
        }
        &Sketch::Shares([humans, bots]) => {
            let [humans, bots] = [humans, bots].map(|share| share * f64::from(width));
            view! {
                <rect class="rest" width=width height=height></rect>
                <rect class="humans" width=humans height=height></rect>
                <rect class="bots" x=humans width=bots height=height></rect>
            }
            .into_any()
        }
    };
    let class = if matches!(sketch, Sketch::Course(_)) { "course" } else { "shares" };
    let frame = format!("0 0 {width} {height}");
    Some(
        view! {
            <dd class="sketch" aria-hidden="true">
                <svg class=class viewBox=frame preserveAspectRatio="none">{content}</svg>
            </dd>
        }
        .into_any(),
    )
}
