//! Where in a table the reader is, and how keys and clicks move there.

use std::ops::RangeInclusive;

use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::ui::components::chart::width_of;
use wow_view::rows::{Heights, scroll_to};

/// Where in the table the reader is.
#[derive(Clone, Copy)]
pub(super) struct Place {
    count: Signal<usize>,
    /// How high the rows are.
    pub(super) heights: Signal<Heights>,
    pub(super) scroller: NodeRef<html::Div>,
    pub(super) scroll_px: RwSignal<f64>,
    /// The height of the browser's window, which the table never exceeds.
    pub(super) window_px: RwSignal<f64>,
    pub(super) active: RwSignal<Option<usize>>,
    /// The other end of the chosen rows; without it the active row alone is chosen.
    anchor: RwSignal<Option<usize>>,
}

impl Place {
    pub(super) fn new(count: Signal<usize>, heights: Signal<Heights>) -> Self {
        let window_px = RwSignal::new(window_height_px());
        let resized = window_event_listener(leptos::ev::resize, move |_| window_px.set(window_height_px()));
        on_cleanup(move || resized.remove());
        Self {
            count,
            heights,
            scroller: NodeRef::new(),
            scroll_px: RwSignal::new(0.0),
            window_px,
            active: RwSignal::new(None),
            anchor: RwSignal::new(None),
        }
    }

    pub(super) fn scrolled(self) {
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
    pub(super) fn active_row(self) -> Option<usize> {
        let count = self.count.get();
        self.active.get().filter(|&index| index < count)
    }

    /// The rows that would be copied.
    pub(super) fn chosen(self) -> Option<RangeInclusive<usize>> {
        let active = self.active_row()?;
        let anchor = self.anchor.get().unwrap_or(active).min(self.count.get().saturating_sub(1));
        Some(active.min(anchor)..=active.max(anchor))
    }

    /// Makes a row the active one, and chooses it alone or all rows from where the choice began.
    pub(super) fn move_to(self, index: usize, is_choosing: bool) {
        let start = self.anchor.get_untracked().or(self.active.get_untracked()).unwrap_or(index);
        self.anchor.set(is_choosing.then_some(start));
        self.active.set(Some(index));
    }

    pub(super) fn choose_to(self, index: usize) {
        self.move_to(index, true);
        // What was chosen is copied from where the keys are.
        let scroller = self.scroller.get_untracked();
        let grid = scroller.and_then(|scroller| scroller.query_selector("table").ok().flatten());
        if let Some(grid) = grid.and_then(|grid| grid.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = grid.focus();
        }
    }

    pub(super) fn choose_all(self) {
        self.anchor.set(Some(0));
        self.active.set(self.count.get_untracked().checked_sub(1));
    }

    /// Goes back to the top, with no row chosen: in another order the same places hold other rows.
    pub(super) fn start_over(self) {
        self.active.set(None);
        self.anchor.set(None);
        self.scroll_to(0.0);
    }

    /// A click with Shift chooses rows, not the text between two clicks.
    pub(super) fn keep_text(self, event: &MouseEvent) {
        if event.shift_key() {
            event.prevent_default();
        }
    }

    /// Moves to another row; whether the key means that.
    pub(super) fn go(self, key: &str, is_choosing: bool) -> bool {
        let (Some(last), Some(scroller)) =
            (self.count.get_untracked().checked_sub(1), self.scroller.get_untracked())
        else {
            return false;
        };
        let (sight_px, heights) = (f64::from(scroller.client_height()), self.heights.get_untracked());
        let page = ((sight_px - heights.head_px) / heights.row_px).max(1.0) as usize;
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
        self.scroll_to(scroll_to(last + 1, next, self.scroll_px.get_untracked(), sight_px, heights));
        true
    }
}

/// How the columns fit into the room that there is.
pub(super) struct Fit {
    /// Whether they are wider, so that the table scrolls sideways.
    pub(super) is_wide: Memo<bool>,
    /// What the bar to do so takes from the rows, with the line below them, pixels.
    pub(super) bar_px: RwSignal<i32>,
}

impl Fit {
    pub(super) fn new(place: Place, least_px: Memo<u32>) -> Self {
        let width = width_of(place.scroller);
        let is_wide = Memo::new(move |_| (1..least_px.get()).contains(&width.get()));
        let bar_px = RwSignal::new(0);
        Effect::new(move |_| {
            // The bar is there or not once the columns are laid out.
            let _ = (is_wide.get(), width.get());
            if let Some(scroller) = place.scroller.get() {
                bar_px.set(scroller.offset_height() - scroller.client_height());
            }
        });
        Self { is_wide, bar_px }
    }
}

fn window_height_px() -> f64 {
    let height = web_sys::window().and_then(|window| window.inner_height().ok());
    height.and_then(|height| height.as_f64()).unwrap_or(1_000.0)
}
