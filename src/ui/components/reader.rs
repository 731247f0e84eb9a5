//! What lies over a chart: the cursor with what it reads, by pointer and by keys, and the days that are chosen.

use leptos::ev::{FocusEvent, KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use leptos::{html, svg};
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};
use wow_charts::{Frame, Mark};

use super::sheets::Shown;
use super::tooltip::Tooltip;

use wow_engine::time::Minutes;
use wow_view::brush::{self, Days, Selection};
use wow_view::lines::{self, Along, Line};
use wow_view::reading::{self, REACH_PX, Spot};

/// As far beside a mark it is pressed, pixels.
const PRESS_PX: f64 = 2.0;
/// From here on a press that moves is a drag, pixels.
const DRAG_PX: f64 = 4.0;

/// Lets lines of a chart be dragged.
#[derive(Clone, Copy)]
pub(crate) struct Lines {
    /// The lines.
    pub(crate) lines: Signal<Vec<Line>>,
    /// Steps that they go in, minutes.
    pub(crate) step: u32,
    /// Told the place of a line and the minutes that it is dragged to.
    pub(crate) on_drag: Callback<(usize, Minutes)>,
}

/// Lets days be chosen on a chart whose horizontal axis is days.
#[derive(Clone, Copy)]
pub(crate) struct Brush {
    /// The days that the page shows; none is all of them.
    pub(crate) range: Signal<Option<Days>>,
    /// Told the days to show.
    pub(crate) on_brush: Callback<Option<Days>>,
}

/// The cursor, the tooltip and, with a `brush`, the chosen days. Browsers tell of a pointer that moves once for each picture. Left and right, Page up and down, Home and End go
/// through the chart's marks, up and down through those above each other; Escape hides the tooltip. With Shift
/// days are chosen, as by dragging; Enter shows them alone, Escape drops them, Delete shows all days.
#[component]
pub(super) fn Reader(
    title: Signal<String>,
    shown: Memo<Shown>,
    /// What can be read off the chart.
    marks: Memo<Vec<Mark>>,
    brush: Option<Brush>,
    /// Told the place of a mark that is pressed.
    press: Option<Callback<usize>>,
    /// Lines to take by hand.
    lines: Option<Lines>,
) -> impl IntoView {
    let reader = Reading::new(shown, marks, Hands { brush, press, lines });
    Effect::new(move |_| reader.paint());
    // Whoever reads by pointer may have the focus anywhere.
    let escape = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" {
            reader.dismiss();
        }
    });
    on_cleanup(move || escape.remove());
    let help = brush
        .map(|_| "With Shift the arrow keys choose days, and Enter shows only those.")
        .or(press.map(|_| "Enter shows only what is read, and once more all."));
    let choice = brush.map(|_| {
        view! {
            <div class="choice" node_ref=reader.parts.tip.choice>
                <button class="primary" on:click=move |_| { reader.apply(); }>"Show these days"</button>
                <button on:click=move |_| { reader.dismiss(); }>"Cancel"</button>
            </div>
        }
    });
    let Parts { whole, keys, rest, band, handles, cursor, tip } = reader.parts;
    view! {
        <div
            class="reader"
            class:pressed=press.is_some()
            node_ref=whole
            on:pointerleave=move |event| reader.left(&event)
            on:focusout=move |event| reader.blurred(&event)
        >
            <div
                class="keys"
                node_ref=keys
                role="slider"
                tabindex="0"
                aria-label=move || format!("{}: values", title.get())
                aria-description=help
                on:pointerdown=move |event| reader.pressed(&event)
                on:pointermove=move |event| reader.moved(&event)
                on:pointerup=move |event| reader.released(&event)
                on:pointercancel=move |_| reader.let_go()
                on:keydown=move |event| reader.key(&event)
                on:focus=move |_| reader.focused()
            ></div>
            <svg aria-hidden="true">
                <path class="rest" node_ref=rest></path>
                <path class="band" node_ref=band></path>
                <path class="handles" node_ref=handles></path>
                <path class="cursor" node_ref=cursor></path>
            </svg>
            {tip.view(choice)}
        </div>
    }
}

/// The elements that follow the reader.
#[derive(Clone, Copy, Default)]
struct Parts {
    whole: NodeRef<html::Div>,
    keys: NodeRef<html::Div>,
    /// What of the plot is not among the days that the band marks.
    rest: NodeRef<svg::Path>,
    band: NodeRef<svg::Path>,
    handles: NodeRef<svg::Path>,
    cursor: NodeRef<svg::Path>,
    tip: Tooltip,
}

/// What can be done with a chart by hand.
#[derive(Clone, Copy)]
struct Hands {
    brush: Option<Brush>,
    press: Option<Callback<usize>>,
    lines: Option<Lines>,
}

/// Days that are being dragged.
#[derive(Clone, Copy)]
struct Drag {
    start: Selection,
    x: f64,
    is_moved: bool,
}

/// Where in the chart the reader is, and what was chosen.
#[derive(Clone, Copy)]
struct Reading {
    shown: Memo<Shown>,
    marks: Memo<Vec<Mark>>,
    hands: Hands,
    parts: Parts,
    /// What the tooltip tells of.
    spot: RwSignal<Option<Spot>>,
    /// What was read last, from where the keys go on.
    last: StoredValue<Spot>,
    is_by_keys: StoredValue<bool>,
    /// Where the finger is that reads, in pixels of the drawing; none where keys or a mouse do.
    finger: RwSignal<Option<(f64, f64)>>,
    chosen: RwSignal<Option<Selection>>,
    drag: StoredValue<Option<Drag>>,
    /// The line that is in hand.
    line: StoredValue<Option<usize>>,
    /// Whether what the pointer is on is pressed, and not only read.
    is_pressed: StoredValue<bool>,
}

impl Reading {
    fn new(shown: Memo<Shown>, marks: Memo<Vec<Mark>>, hands: Hands) -> Self {
        Self {
            shown,
            marks,
            hands,
            parts: Parts::default(),
            spot: RwSignal::new(None),
            last: StoredValue::new(Spot::default()),
            is_by_keys: StoredValue::new(false),
            finger: RwSignal::new(None),
            chosen: RwSignal::new(None),
            drag: StoredValue::new(None),
            line: StoredValue::new(None),
            is_pressed: StoredValue::new(false),
        }
    }

    /// The line at a place.
    fn line_at(self, at: (f64, f64)) -> Option<usize> {
        let lines = self.hands.lines?.lines.get_untracked();
        self.frame(|frame| lines::taken(&lines, frame, at))
    }

    /// Drags the line in hand to a place; whether there is one.
    fn drag_line(self, at: (f64, f64)) -> bool {
        let (Some(lines), Some(place)) = (self.hands.lines, self.line.get_value()) else { return false };
        let line = lines.lines.with_untracked(|lines| lines.get(place).copied());
        if let Some(minutes) = line.and_then(|line| self.frame(|frame| line.at(frame, at, lines.step))) {
            lines.on_drag.run((place, minutes));
        }
        true
    }

    /// Shows that a line can be taken, or that none can.
    fn hint_line(self, at: (f64, f64)) {
        let Some(lines) = self.hands.lines else { return };
        let along = self
            .line_at(at)
            .and_then(|place| lines.lines.with_untracked(|lines| Some(lines.get(place)?.along)));
        let axis = match along {
            Some(Along::X) => "x",
            Some(Along::Y) => "y",
            None => "",
        };
        set(self.parts.keys.get_untracked(), "data-line", axis);
    }

    fn let_go(self) {
        self.drag.set_value(None);
        self.line.set_value(None);
    }

    fn frame<T>(self, read: impl FnOnce(&Frame) -> Option<T>) -> Option<T> {
        self.shown.with_untracked(|shown| read(frame_of(shown)?))
    }

    fn marks<T>(self, read: impl FnOnce(&[Mark]) -> Option<T>) -> Option<T> {
        self.marks.with_untracked(|marks| read(marks))
    }

    fn nearest(self, at: (f64, f64), reach_px: f64) -> Option<Spot> {
        self.marks(|marks| reading::nearest(marks, at, reach_px))
    }

    /// The days of a mark, where days can be chosen.
    fn days(self, spot: Spot) -> Option<Days> {
        self.hands.brush?;
        let area = self.marks(|marks| marks.get(spot.mark)?.areas.get(spot.area).copied())?;
        self.frame(|frame| Some(brush::days_of(frame, &area)))
    }

    fn show(self, spot: Option<Spot>, is_by_keys: bool) {
        self.is_by_keys.set_value(is_by_keys);
        if let Some(spot) = spot {
            self.last.set_value(spot);
        }
        if self.spot.get_untracked() != spot {
            self.spot.set(spot);
        }
    }

    /// Where the pointer is, which may be a finger.
    fn pointed(self, event: &PointerEvent) -> (f64, f64) {
        let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        let finger = (event.pointer_type() == "touch").then_some(at);
        if self.finger.get_untracked() != finger {
            self.finger.set(finger);
        }
        at
    }

    fn pressed(self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let (x, y) = self.pointed(event);
        let line = self.line_at((x, y));
        self.line.set_value(line);
        if line.is_some() {
            self.capture(event);
            return self.show(None, false);
        }
        let spot = self.nearest((x, y), REACH_PX);
        // A finger reads first, and presses what it reads.
        self.is_pressed.set_value(event.pointer_type() != "touch" || self.spot.get_untracked() == spot);
        self.show(spot, false);
        let held = self.banded().and_then(|days| {
            let band = self.frame(|frame| brush::band(frame, days))?;
            Selection::held(days, band, x)
        });
        let start = held.or_else(|| spot.and_then(|spot| self.days(spot)).map(Selection::from));
        self.drag.set_value(start.map(|start| Drag { start, x, is_moved: held.is_some() }));
        if start.is_some() {
            self.capture(event);
        }
    }

    /// Has the pointer tell of itself wherever it goes.
    fn capture(self, event: &PointerEvent) {
        if let Some(keys) = self.parts.keys.get_untracked() {
            let _ = keys.set_pointer_capture(event.pointer_id());
        }
    }

    fn moved(self, event: &PointerEvent) {
        let (x, y) = self.pointed(event);
        if self.drag_line((x, y)) {
            return;
        }
        self.hint_line((x, y));
        let Some(drag) = self.drag.get_value() else {
            return self.show(self.nearest((x, y), REACH_PX), false);
        };
        if !drag.is_moved && (x - drag.x).abs() < DRAG_PX {
            return;
        }
        self.drag.set_value(Some(Drag { is_moved: true, ..drag }));
        // A drag goes on wherever the pointer is.
        let spot = self.nearest((x, y), f64::INFINITY);
        self.show(spot, false);
        self.chosen.set(spot.and_then(|spot| self.days(spot)).map(|days| drag.start.to(days)));
    }

    fn released(self, event: &PointerEvent) {
        if self.line.try_update_value(Option::take).flatten().is_some() {
            return;
        }
        let Some(drag) = self.drag.try_update_value(Option::take).flatten() else {
            let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
            if self.is_pressed.get_value() {
                self.press(self.nearest(at, PRESS_PX));
            }
            return;
        };
        match (drag.is_moved, event.pointer_type() == "touch") {
            (false, _) => self.chosen.set(None),
            // A finger that lets go may have meant another day: it presses to be sure.
            (true, true) => {}
            (true, false) => {
                self.apply();
            }
        }
    }

    /// Tells of a mark that is pressed; whether anybody wants to know.
    fn press(self, spot: Option<Spot>) -> bool {
        let pressed = self.hands.press.zip(spot);
        pressed.map(|(press, spot)| press.run(spot.mark)).is_some()
    }

    fn left(self, event: &PointerEvent) {
        // A finger always leaves; what it read stays until it points elsewhere.
        if !self.is_gone() && event.pointer_type() != "touch" && !self.is_by_keys.get_value() {
            self.show(None, false);
        }
    }

    fn focused(self) {
        let is_by_keys = self
            .parts
            .keys
            .get_untracked()
            .is_some_and(|keys| keys.matches(":focus-visible").unwrap_or(false));
        if is_by_keys && self.spot.get_untracked().is_none() {
            let mark = self.marks(|marks| marks.len().checked_sub(1));
            let last = self.last.get_value();
            self.show(mark.map(|end| Spot { mark: last.mark.min(end), area: 0 }), true);
        }
    }

    /// Whether the chart is being taken out of the page, at which its elements lose focus and pointer.
    fn is_gone(self) -> bool {
        self.spot.is_disposed()
    }

    fn blurred(self, event: &FocusEvent) {
        if self.is_gone() {
            return;
        }
        let next = event.related_target().and_then(|next| next.dyn_into::<Node>().ok());
        let whole = self.parts.whole.get_untracked();
        if !whole.is_some_and(|whole| whole.contains(next.as_ref())) {
            self.show(None, false);
        }
    }

    fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let is_known = match event.key().as_str() {
            "Escape" => self.dismiss(),
            "Enter" => self.apply() || self.press(self.spot.get_untracked()),
            "Delete" => self.hands.brush.map(|brush| brush.on_brush.run(None)).is_some(),
            key => self.go(key, event.shift_key()),
        };
        if is_known {
            event.prevent_default();
            event.stop_propagation();
        }
    }

    fn go(self, key: &str, is_choosing: bool) -> bool {
        let from = self.last.get_value();
        let next = self.marks(|marks| reading::go(marks, from.mark, key));
        let Some(next) = next.map(|mark| Spot { mark, area: 0 }) else { return false };
        self.show(Some(next), true);
        if let (true, Some(from), Some(to)) = (is_choosing, self.days(from), self.days(next)) {
            let start = self.chosen.get_untracked().unwrap_or(Selection::from(from));
            self.chosen.set(Some(start.to(to)));
        }
        true
    }

    /// Drops what is being chosen, else hides the tooltip; whether there was either.
    fn dismiss(self) -> bool {
        self.drag.set_value(None);
        if self.chosen.get_untracked().is_some() {
            self.chosen.set(None);
            return true;
        }
        let is_shown = self.spot.get_untracked().is_some();
        self.show(None, false);
        is_shown
    }

    /// Shows the chosen days alone; whether there are any.
    fn apply(self) -> bool {
        let (Some(brush), Some(chosen)) = (self.hands.brush, self.chosen.get_untracked()) else {
            return false;
        };
        self.chosen.set(None);
        brush.on_brush.run(Some(chosen.days()));
        true
    }

    /// The days that the band marks.
    fn banded(self) -> Option<Days> {
        let chosen = self.chosen.get().map(Selection::days);
        chosen.or_else(|| self.hands.brush?.range.get())
    }

    /// Puts cursor, band and tooltip where they belong.
    fn paint(self) {
        let (spot, chosen, banded) = (self.spot.get(), self.chosen.get(), self.banded());
        let finger = self.finger.get();
        // Nobody asks for what can be read before someone reads.
        let mark = spot.and_then(|spot| {
            self.marks.with(|marks| {
                let last = marks.len().saturating_sub(1);
                set(self.parts.keys.get(), "aria-valuemax", &last.to_string());
                marks.get(spot.mark).cloned()
            })
        });
        self.shown.with(|shown| {
            let frame = frame_of(shown);
            let band = frame.zip(banded).and_then(|(frame, days)| brush::band(frame, days));
            let areas = mark.as_ref().map_or(&[][..], |mark| &mark.areas);
            set(self.parts.cursor.get(), "d", &reading::outline(areas));
            // The plot and the band in it, of which the even-odd rule fills what is not the band.
            let rest = frame.zip(band).map(|(frame, band)| reading::outline(&[frame.plot, band]));
            set(self.parts.rest.get(), "d", &rest.unwrap_or_default());
            set(self.parts.band.get(), "d", &band.map_or_else(String::new, |band| reading::outline(&[band])));
            set(self.parts.handles.get(), "d", &band.map_or_else(String::new, brush::handles));
            let read = mark.as_ref().map(|mark| (mark.name.clone(), mark.reading.clone()));
            let choice = chosen.map(|chosen| (chosen.name(), chosen.count()));
            let said = read.iter().map(|(name, values)| format!("{name}: {values}"));
            let said = said.chain(choice.iter().map(|(name, count)| format!("chosen: {name}, {count}")));
            let mut said = said.collect::<Vec<String>>().join("; ");
            if said.is_empty() {
                said = "the arrow keys read the values".to_owned();
            }
            set(self.parts.keys.get(), "aria-valuetext", &said);
            set(self.parts.keys.get(), "aria-valuenow", &spot.map_or(0, |spot| spot.mark).to_string());
            // While days are chosen the tooltip stays with them, so that its buttons can be reached.
            let anchor = match (chosen, spot) {
                (Some(_), _) => band.or_else(|| frame.map(|frame| frame.plot)),
                (None, Some(spot)) => {
                    let finger = finger.filter(|_| !self.is_by_keys.get_value());
                    finger.map(reading::under_finger).or_else(|| areas.get(spot.area).copied())
                }
                (None, None) => None,
            };
            self.parts.tip.tell(self.parts.whole, choice.or(read), anchor, chosen.is_some());
        });
    }
}

fn frame_of(shown: &Shown) -> Option<&Frame> {
    shown.as_ref()?.as_ref().ok().map(|(_, still)| &still.picture.frame)
}

fn set(element: Option<impl AsRef<Element>>, attribute: &str, value: &str) {
    if let Some(element) = element {
        let _ = element.as_ref().set_attribute(attribute, value);
    }
}
