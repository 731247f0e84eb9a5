//! A table of any length: only the rows in sight are in the document.

use std::ops::{Range, RangeInclusive};

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::ClipboardEvent;

use wow_view::csv::{self, Field};
use wow_view::rows::{HEAD_PX, ROW_PX, Window, scroll_to};

/// How a column is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sorted {
    /// It cannot be.
    Never,
    /// Another column decides the order.
    No,
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

impl Sorted {
    /// By the direction of the order, where it is this column's: whether the largest is first.
    pub(crate) const fn by(is_descending: Option<bool>) -> Self {
        match is_descending {
            None => Self::No,
            Some(false) => Self::Ascending,
            Some(true) => Self::Descending,
        }
    }

    fn aria(self) -> Option<&'static str> {
        match self {
            Self::Never => None,
            Self::No => Some("none"),
            Self::Ascending => Some("ascending"),
            Self::Descending => Some("descending"),
        }
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// What `on_sort` is told.
    pub(crate) key: &'static str,
    /// The heading.
    pub(crate) label: &'static str,
    /// What the column means, shown when the pointer rests on the heading.
    pub(crate) title: &'static str,
    /// Numbers stand at the right.
    pub(crate) is_number: bool,
    /// The least width, pixels.
    pub(crate) width_px: u32,
    /// How it is sorted.
    pub(crate) sorted: Sorted,
}

impl Column {
    /// A cell as it is copied. An id is a whole number wherever it stands.
    fn copied<'a>(&self, cell: &'a str) -> Field<'a> {
        match self.is_number || cell.parse::<i64>().is_ok() {
            true => Field::Plain(cell.to_owned()),
            false => Field::Text(cell),
        }
    }
}

/// A cell's text, and the style class that marks it, or "".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CellText {
    /// The text.
    pub(crate) text: String,
    /// The style class.
    pub(crate) class: &'static str,
}

impl From<String> for CellText {
    fn from(text: String) -> Self {
        Self { text, class: "" }
    }
}

/// A row in sight.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// The player it is about, for `data-player-id`.
    pub(crate) player_id: Option<i64>,
    /// The style class, or "".
    pub(crate) class: &'static str,
    /// One cell a column.
    pub(crate) cells: Vec<CellText>,
}

/// Shows `count` rows, of which `rows` is asked only for those in sight; it may read signals. The elements of rows stay
/// when the table is scrolled or sorted: what changes is their text. Keys: arrows, page up
/// and down, Home, End, Enter. With Shift, by key or click, rows are chosen, with Ctrl+A all of them; what is chosen
/// can be copied, under the headings. With `on_open` the first cell of each row is a button.
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
) -> impl IntoView {
    let place = Place::new(count);
    let window =
        Memo::new(move |_| wow_view::rows::window(count.get(), place.scroll_px.get(), place.window_px.get()));
    let drawn = Memo::new(move |_| {
        let window = window.with(|window| window.rows.clone());
        Drawn { first: window.start, rows: rows.run((window,)) }
    });
    let shape = Memo::new(move |_| {
        columns
            .with(|columns| columns.iter().map(|column| (column.key, column.is_number)).collect::<Vec<_>>())
    });
    let opens = on_open.is_some();
    let body = view! {
        <For
            each=move || 0..drawn.with(|drawn| drawn.rows.len())
            key=|index| *index
            children=move |index| view! { <TableRow testid index drawn shape place opens/> }
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
                <td colspan=move || columns.with(Vec::len)></td>
            </tr>
        }
    };
    view! {
        <div class="vtable" node_ref=place.scroller on:scroll=move |_| place.scrolled() data-testid=testid>
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
                <colgroup>{move || columns.get().into_iter().map(draw_width).collect_view()}</colgroup>
                <thead>
                    <tr aria-rowindex="1">
                        {move || {
                            columns.get().into_iter().map(|column| draw_head(column, on_sort, place)).collect_view()
                        }}
                    </tr>
                </thead>
                <tbody
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

/// Where in the table the reader is.
#[derive(Clone, Copy)]
struct Place {
    count: Signal<usize>,
    scroller: NodeRef<html::Div>,
    scroll_px: RwSignal<f64>,
    /// The height of the browser's window, which the table never exceeds.
    window_px: RwSignal<f64>,
    active: RwSignal<Option<usize>>,
    /// The other end of the chosen rows; without it the active row alone is chosen.
    anchor: RwSignal<Option<usize>>,
}

impl Place {
    fn new(count: Signal<usize>) -> Self {
        let window_px = RwSignal::new(window_height_px());
        let resized = window_event_listener(leptos::ev::resize, move |_| window_px.set(window_height_px()));
        on_cleanup(move || resized.remove());
        Self {
            count,
            scroller: NodeRef::new(),
            scroll_px: RwSignal::new(0.0),
            window_px,
            active: RwSignal::new(None),
            anchor: RwSignal::new(None),
        }
    }

    fn scrolled(self) {
        if let Some(scroller) = self.scroller.get_untracked() {
            self.scroll_px.set(f64::from(scroller.scroll_top()));
        }
    }

    fn scroll_to(self, scroll_px: f64) {
        if let Some(scroller) = self.scroller.get_untracked() {
            scroller.set_scroll_top(scroll_px as i32);
            self.scrolled();
        }
    }

    /// The row that the keys act on.
    fn active_row(self) -> Option<usize> {
        let count = self.count.get();
        self.active.get().filter(|&index| index < count)
    }

    /// The rows that would be copied.
    fn chosen(self) -> Option<RangeInclusive<usize>> {
        let active = self.active_row()?;
        let anchor = self.anchor.get().unwrap_or(active).min(self.count.get().saturating_sub(1));
        Some(active.min(anchor)..=active.max(anchor))
    }

    /// Makes a row the active one, and chooses it alone or all rows from where the choice began.
    fn move_to(self, index: usize, is_choosing: bool) {
        let start = self.anchor.get_untracked().or(self.active.get_untracked()).unwrap_or(index);
        self.anchor.set(is_choosing.then_some(start));
        self.active.set(Some(index));
    }

    fn choose_to(self, index: usize) {
        self.move_to(index, true);
        // What was chosen is copied from where the keys are.
        let scroller = self.scroller.get_untracked();
        let grid = scroller.and_then(|scroller| scroller.query_selector("table").ok().flatten());
        if let Some(grid) = grid.and_then(|grid| grid.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = grid.focus();
        }
    }

    fn choose_all(self) {
        self.anchor.set(Some(0));
        self.active.set(self.count.get_untracked().checked_sub(1));
    }

    /// Goes back to the top, with no row chosen: in another order the same places hold other rows.
    fn start_over(self) {
        self.active.set(None);
        self.anchor.set(None);
        self.scroll_to(0.0);
    }

    /// A click with Shift chooses rows, not the text between two clicks.
    fn keep_text(self, event: &MouseEvent) {
        if event.shift_key() {
            event.prevent_default();
        }
    }

    /// Moves to another row; whether the key means that.
    fn go(self, key: &str, is_choosing: bool) -> bool {
        let (Some(last), Some(scroller)) =
            (self.count.get_untracked().checked_sub(1), self.scroller.get_untracked())
        else {
            return false;
        };
        let sight_px = f64::from(scroller.client_height());
        let page = ((sight_px - HEAD_PX) / ROW_PX).max(1.0) as usize;
        let active = self.active.get_untracked();
        let next = match (key, active) {
            ("ArrowDown", None) => 0,
            ("ArrowDown", Some(index)) => index.saturating_add(1),
            ("ArrowUp", index) => index.unwrap_or(0).saturating_sub(1),
            ("PageDown", index) => index.unwrap_or(0).saturating_add(page),
            ("PageUp", index) => index.unwrap_or(0).saturating_sub(page),
            ("Home", _) => 0,
            ("End", _) => last,
            _ => return false,
        };
        let next = next.min(last);
        self.move_to(next, is_choosing);
        self.scroll_to(scroll_to(last + 1, next, self.scroll_px.get_untracked(), sight_px));
        true
    }
}

fn window_height_px() -> f64 {
    let height = web_sys::window().and_then(|window| window.inner_height().ok());
    height.and_then(|height| height.as_f64()).unwrap_or(1_000.0)
}

fn row_id(testid: &str, index: usize) -> String {
    format!("{testid}-row-{index}")
}

/// The row under the pointer.
fn index_at(event: &MouseEvent) -> Option<usize> {
    let element = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    element.closest("tr[data-index]").ok()??.get_attribute("data-index")?.parse().ok()
}

fn draw_width(column: Column) -> impl IntoView {
    view! { <col style:--w=format!("{}px", column.width_px) /> }
}

fn draw_head(column: Column, on_sort: Option<Callback<&'static str>>, place: Place) -> impl IntoView {
    let Column { key, label, title, is_number, sorted, .. } = column;
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
        <th scope="col" class:num=is_number title=title data-column=key aria-sort=sorted.aria()>
            {sort} {plain}
        </th>
    }
}

/// The rows in sight.
#[derive(Clone, PartialEq)]
struct Drawn {
    /// The place of the first among all.
    first: usize,
    rows: Vec<Row>,
}

#[component]
fn TableRow(
    testid: &'static str,
    /// Its place among the rows in sight.
    index: usize,
    drawn: Memo<Drawn>,
    /// The columns' keys, and which are of numbers.
    shape: Memo<Vec<(&'static str, bool)>>,
    place: Place,
    /// Whether its first cell is a button.
    opens: bool,
) -> impl IntoView {
    let row = Memo::new(move |_| drawn.with(|drawn| drawn.rows.get(index).cloned().unwrap_or_default()));
    let row_place = Memo::new(move |_| drawn.with(|drawn| drawn.first) + index);
    let is_active = move || place.active.get() == Some(row_place.get());
    let is_chosen = move || place.chosen().is_some_and(|chosen| chosen.contains(&row_place.get()));
    let cell = move |(column, (key, is_number)): (usize, (&'static str, bool))| {
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
        view! {
            <td class=class data-column=key>
                {button} {text}
            </td>
        }
    };
    view! {
        <tr
            id=move || row_id(testid, row_place.get())
            class=move || row.with(|row| row.class)
            class:active=is_active
            aria-rowindex=move || row_place.get() + 2
            aria-selected=move || is_chosen().to_string()
            data-index=row_place
            data-player-id=move || row.with(|row| row.player_id)
        >
            {move || shape.get().into_iter().enumerate().map(cell).collect_view()}
        </tr>
    }
}
