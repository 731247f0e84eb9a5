//! The parts of a table: a heading, a row and its cells.

use leptos::prelude::*;

use super::column::{Column, Row, Sorted};
use super::place::Place;

pub(super) fn row_id(testid: &str, index: usize) -> String {
    format!("{testid}-row-{index}")
}

pub(super) fn draw_head(
    column: Column,
    on_sort: Option<Callback<&'static str>>,
    place: Place,
) -> impl IntoView {
    let Column { key, label, title, is_number, width_px, sorted, .. } = column;
    let sort = on_sort.filter(|_| sorted != Sorted::Never).map(|on_sort| {
        let press = move |_| {
            on_sort.run(key);
            place.start_over();
        };
        view! {
            <button type="button" on:click=press>
                {label}
                <i class="sort" aria-hidden="true"></i>
            </button>
        }
    });
    let plain = sort.is_none().then_some(label);
    view! {
        <th
            role="columnheader"
            scope="col"
            class:num=is_number
            title=title
            data-column=key
            aria-sort=sorted.aria()
            style:--w=width_px.to_string()
        >
            {sort} {plain}
        </th>
    }
}

/// The rows in sight.
#[derive(Clone, PartialEq)]
pub(super) struct Drawn {
    /// The place of the first among all.
    pub(super) first: usize,
    pub(super) rows: Vec<Row>,
}

/// What of a column decides how its cells are built.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Shape {
    key: &'static str,
    is_number: bool,
    width_px: u32,
    has_bars: bool,
}

impl Shape {
    pub(super) const fn of(column: &Column) -> Self {
        let Column { key, is_number, width_px, has_bars, .. } = *column;
        Self { key, is_number, width_px, has_bars }
    }
}

#[component]
pub(super) fn TableRow(
    testid: &'static str,
    /// Its place among the rows in sight.
    index: usize,
    drawn: Memo<Drawn>,
    shapes: Memo<Vec<Shape>>,
    place: Place,
    /// Whether its first cell is a button.
    opens: bool,
) -> impl IntoView {
    let row = Memo::new(move |_| drawn.with(|drawn| drawn.rows.get(index).cloned().unwrap_or_default()));
    let row_place = Memo::new(move |_| drawn.with(|drawn| drawn.first) + index);
    let is_active = move || place.active.get() == Some(row_place.get());
    let is_chosen = move || place.chosen().is_some_and(|chosen| chosen.contains(&row_place.get()));
    let cell = move |(column, shape): (usize, Shape)| {
        let Shape { key, is_number, width_px, has_bars } = shape;
        let text =
            move || row.with(|row| row.cells.get(column).map(|cell| cell.text.clone())).unwrap_or_default();
        let class = move || {
            let class = row.with(|row| row.cells.get(column).map_or("", |cell| cell.class));
            if is_number { format!("num {class}") } else { class.to_owned() }
        };
        let button = (opens && column == 0).then(|| {
            let name = move || format!("Open {}", text());
            view! { <button type="button" tabindex="-1" aria-label=name>{text}</button> }
        });
        let text = button.is_none().then_some(text);
        let bar = has_bars.then(|| {
            let percent = move || row.with(|row| row.cells.get(column).map_or(0, |cell| cell.bar_percent));
            let share = move || (f64::from(percent()) / 100.0).to_string();
            view! { <i class="bar" aria-hidden="true" style:--share=share></i> }
        });
        view! {
            <td role="gridcell" class=class data-column=key style:--w=width_px.to_string()>
                {button} {text} {bar}
            </td>
        }
    };
    view! {
        <tr
            role="row"
            id=move || row_id(testid, row_place.get())
            class=move || row.with(|row| row.class)
            class:active=is_active
            aria-rowindex=move || row_place.get() + 2
            aria-selected=move || is_chosen().to_string()
            data-index=row_place
            data-player-id=move || row.with(|row| row.player_id)
        >
            {move || shapes.get().into_iter().enumerate().map(cell).collect_view()}
        </tr>
    }
}
