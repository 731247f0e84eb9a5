//! The row of headline figures.

use leptos::prelude::*;

use wow_view::overview::Tile;

/// The headline figures, side by side.
#[component]
pub(crate) fn Tiles(
    #[prop(into)] tiles: Signal<Vec<Tile>>,
    /// A style class.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let tile = |tile: Tile| {
        view! {
            <div class="tile" class:bot=tile.is_bots data-testid=format!("tile-{}", tile.key) data-value=tile.exact>
                <dt>{tile.label}</dt>
                <dd title=tile.full>{tile.shown}</dd>
                <dd class="note">{tile.note}</dd>
            </div>
        }
    };
    view! { <dl class=format!("tiles {class}")>{move || tiles.get().into_iter().map(tile).collect_view()}</dl> }
}
