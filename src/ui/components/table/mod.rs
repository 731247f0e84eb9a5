//! A table of any length: only the rows in sight are in the document.

mod column;
mod parts;
mod place;

use std::ops::Range;

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::ClipboardEvent;

use wow_view::csv::{self, Field};
use wow_view::rows::{Heights, Window};

use self::parts::{Drawn, Shape, TableRow, draw_head, row_id};
use self::place::{Fit, Place};

pub(crate) use self::column::{CellText, Column, Row, Sorted};

/// Shows `count` rows, of which `rows` is asked only for those in sight; it may read signals. The elements of rows stay
/// when the table is scrolled or sorted: what changes is their text. Keys: arrows, page up
/// and down, Home, End, Enter. With Shift, by key or click, rows are chosen, with Ctrl+A all of them; what is chosen
/// can be copied, under the headings. With `on_open` the first cell of each row is a button. As rows are laid out by the style
/// sheet, their roles are written down: not every browser takes a row for one that is no line of a table.
#[component]
pub(crate) fn VirtualTable(
    /// What the rows are, for those who do not see the table.
    label: &'static str,
    /// Names the table for tests.
    testid: &'static str,
    #[prop(into)] columns: Signal<Vec<Column>>,
    #[prop(into)] count: Signal<usize>,
    #[prop(into)] rows: Callback<(Range<usize>,), Vec<Row>>,
    /// Told the key of a heading that was pressed.
    #[prop(into, optional)]
    on_sort: Option<Callback<&'static str>>,
    /// Told the index of a row that was opened.
    #[prop(into, optional)]
    on_open: Option<Callback<usize>>,
    /// What to say when there are no rows.
    #[prop(into)]
    empty: Signal<String>,
    /// Whether the cells of a row stand in two lines, where the style sheet puts them.
    #[prop(into, optional)]
    is_in_two_lines: Signal<bool>,
) -> impl IntoView {
    let heights =
        Memo::new(move |_| if is_in_two_lines.get() { Heights::TWO_LINES } else { Heights::ONE_LINE });
    let place = Place::new(count, heights.into());
    let window = Memo::new(move |_| {
        wow_view::rows::window(count.get(), place.scroll_px.get(), place.window_px.get(), heights.get())
    });
    let drawn = Memo::new(move |_| {
        let window = window.with(|window| window.rows.clone());
        Drawn { first: window.start, rows: rows.run((window,)) }
    });
    let shapes =
        Memo::new(move |_| columns.with(|columns| columns.iter().map(Shape::of).collect::<Vec<_>>()));
    // In two lines the columns need no more than there is.
    let least_px = Memo::new(move |_| match is_in_two_lines.get() {
        true => 0,
        false => columns.with(|columns| columns.iter().map(|column| column.width_px).sum::<u32>()),
    });
    let Fit { is_wide, bar_px } = Fit::new(place, least_px);
    let opens = on_open.is_some();
    let body = view! {
        <For
            each=move || 0..drawn.with(|drawn| drawn.rows.len())
            key=|index| *index
            children=move |index| view! { <TableRow testid index drawn shapes place opens/> }
        />
    };
    let open = move |event: MouseEvent| {
        let Some(index) = index_at(&event) else { return };
        if event.shift_key() {
            return place.choose_to(index);
        }
        place.move_to(index, false);
        if let Some(on_open) = on_open {
            on_open.run(index);
        }
    };
    let copy = move |event: ClipboardEvent| {
        // Text that was chosen by the pointer is copied as ever.
        let text = web_sys::window().and_then(|window| window.get_selection().ok().flatten());
        let text = text.filter(|text| !text.is_collapsed());
        let (Some(chosen), Some(clipboard), None) = (place.chosen(), event.clipboard_data(), text) else {
            return;
        };
        let columns = columns.get_untracked();
        let mut copied = String::new();
        csv::push_copied(&mut copied, columns.iter().map(|column| Field::Text(column.label)));
        for row in rows.run((*chosen.start()..chosen.end() + 1,)) {
            let cells = row.cells.iter().zip(&columns);
            csv::push_copied(&mut copied, cells.map(|(cell, column)| column.copied(&cell.text)));
        }
        if clipboard.set_data("text/plain", &copied).is_ok() {
            event.prevent_default();
        }
    };
    let press = move |event: KeyboardEvent| {
        // Headings are buttons with keys of their own.
        if event.target() != event.current_target() {
            return;
        }
        match (event.key().as_str(), on_open, place.active_row()) {
            ("Enter", Some(on_open), Some(index)) => on_open.run(index),
            ("a", ..) if event.ctrl_key() || event.meta_key() => place.choose_all(),
            (key, ..) if !place.go(key, event.shift_key()) => return,
            _ => {}
        }
        event.prevent_default();
    };
    let spacer = move |px: fn(&Window) -> f64| {
        view! {
            <tr class="spacer" aria-hidden="true" style:--space=move || format!("{}px", window.with(px))>
                <td></td>
            </tr>
        }
    };
    view! {
        <div
            class="vtable"
            class:wide=is_wide
            class:two-lines=is_in_two_lines
            style:--row=move || format!("{}px", heights.get().row_px)
            style:--head=move || format!("{}px", heights.get().head_px)
            style:--least=move || format!("{}px", least_px.get())
            style:--bar=move || format!("{}px", bar_px.get())
            node_ref=place.scroller
            on:scroll=move |_| place.scrolled()
            data-testid=testid
        >
            <table
                role="grid"
                tabindex="0"
                aria-label=label
                aria-rowcount=move || count.get() + 1
                aria-colcount=move || columns.with(Vec::len)
                aria-activedescendant=move || place.active_row().map(|index| row_id(testid, index))
                aria-multiselectable="true"
                on:keydown=press
                on:copy=copy
            >
                <thead role="rowgroup">
                    <tr role="row" aria-rowindex="1">
                        {move || {
                            columns.get().into_iter().map(|column| draw_head(column, on_sort, place)).collect_view()
                        }}
                    </tr>
                </thead>
                <tbody
                    role="rowgroup"
                    class:opens=opens
                    on:mousedown=move |event| place.keep_text(&event)
                    on:click=open
                >
                    {spacer(|window| window.above_px)} {body} {spacer(|window| window.below_px)}
                </tbody>
            </table>
            <Show when=move || count.get() == 0>
                <p class="empty" role="status">{move || empty.get()}</p>
            </Show>
        </div>
    }
}

/// The row under the pointer.
fn index_at(event: &MouseEvent) -> Option<usize> {
    let element = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    element.closest("tr[data-index]").ok()??.get_attribute("data-index")?.parse().ok()
}
