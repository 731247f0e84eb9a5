//! Explanations that elements carry as their title, which a browser shows to those alone who hover: here also to whoever
//! gets there by keys, and by a touch.

use gloo::events::{EventListener, EventListenerOptions};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, PointerEvent};

/// What the explanation keeps from what it explains, and from the edges of the window, pixels.
const GAP_PX: f64 = 6.0;

/// An explanation and where it is.
#[derive(Debug, Clone, PartialEq)]
struct Hint {
    text: String,
    left_px: f64,
    top_px: f64,
}

/// Shows the explanation of what has the focus or was touched. Escape, scrolling and whatever else is turned to hide it.
#[component]
pub(super) fn Hints() -> impl IntoView {
    let hint = RwSignal::new(None::<Hint>);
    let told = move |event: &Event, by: &str| {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        hint.set(
            element.filter(|element| element.matches(by).unwrap_or(false)).and_then(|element| of(&element)),
        );
    };
    let hide = move |_: &Event| hint.set(None);
    listen("focusin", move |event| told(event, ":focus-visible"));
    listen("focusout", hide);
    listen("scroll", hide);
    listen("pointerup", move |event| {
        if event.dyn_ref::<PointerEvent>().is_some_and(|event| event.pointer_type() == "touch") {
            told(event, "*");
        }
    });
    listen("keydown", move |event| {
        if event.dyn_ref::<web_sys::KeyboardEvent>().is_some_and(|event| event.key() == "Escape") {
            hint.set(None);
        }
    });
    let shown = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let (Some(shown), hint) = (shown.get(), hint.get()) else { return };
        // Anew each time, above a dialog that was opened meanwhile. An older browser shows it without.
        let _ = shown.hide_popover();
        if let Some(Hint { text, left_px, top_px }) = hint {
            shown.set_text_content(Some(&text));
            let _ = shown.show_popover();
            let right_px = shown.get_bounding_client_rect().width() + GAP_PX;
            let most_px =
                f64::from(document().document_element().map_or(0, |page| page.client_width())) - right_px;
            place(&shown, left_px.min(most_px), top_px);
        }
    });
    // The element itself describes what it explains, so that this is for the eyes alone.
    view! {
        <div
            class="hint"
            class:hidden=move || hint.with(Option::is_none)
            popover="manual"
            aria-hidden="true"
            data-testid="hint"
            node_ref=shown
        ></div>
    }
}

fn place(element: &HtmlElement, left_px: f64, top_px: f64) {
    for (name, px) in [("left", left_px.max(GAP_PX)), ("top", top_px)] {
        // What a browser does not take leaves it where it is.
        let _ = element.style().set_property(name, &format!("{}px", px.round()));
    }
}

/// Listens for as long as the page is there, before what is further in can keep the event to itself.
fn listen(kind: &'static str, heard: impl FnMut(&Event) + 'static) {
    let options = EventListenerOptions::run_in_capture_phase();
    EventListener::new_with_options(&document(), kind, options, heard).forget();
}

/// The explanation that an element carries, or what it lies in, below it.
fn of(element: &Element) -> Option<Hint> {
    let explained = element.closest("[title]").ok().flatten()?.dyn_into::<HtmlElement>().ok()?;
    let text = explained.title();
    let place = explained.get_bounding_client_rect();
    (!text.is_empty()).then(|| Hint { text, left_px: place.left(), top_px: place.bottom() + GAP_PX })
}
