//! Where the keyboard goes on when what has the focus vanishes.

use gloo::events::EventListener;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};

use super::state::State;

/// What may take the focus in place of what vanished.
const OPERABLE: &str =
    "summary, button:not([disabled]), input:not([disabled]), select:not([disabled]), a[href]";
/// What holds all else; its content takes the focus itself.
const WHOLE: &str = "body, .page, main";

/// Gives the focus to a neighbour when what has it vanishes, such as Cancel once there is nothing to cancel. The browser
/// would give it to nothing, from where the keyboard begins the page anew.
pub(super) fn follow(state: State) {
    // What has the focus, and what it lies in, from the inside out.
    let focused = StoredValue::new_local(Vec::<Element>::new());
    EventListener::new(&document(), "focusin", move |event| {
        let element = event.target().and_then(|target| target.dyn_into().ok());
        focused.set_value(
            std::iter::successors(element, |element: &Element| element.parent_element()).collect(),
        );
    })
    .forget();
    Effect::new(move |_| {
        state.status.track();
        state.choice.track();
        state.saving.said.track();
        // Once what follows from them is drawn.
        request_animation_frame(move || {
            if let Some(next) = focused.with_value(|focused| next(focused)) {
                focus(&next);
            }
        });
    });
}

/// The neighbour, if what had the focus is gone and nothing else has it.
fn next(focused: &[Element]) -> Option<Element> {
    let has_none = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
    let is_gone = focused.first().is_some_and(|element| !element.is_connected());
    let around = focused.iter().find(|element| element.is_connected()).filter(|_| has_none && is_gone)?;
    let content = || document().get_element_by_id("content");
    match around.matches(WHOLE) {
        Ok(false) => around.query_selector(OPERABLE).ok().flatten().or_else(content),
        _ => content(),
    }
}

fn focus(element: &Element) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // What cannot take it leaves it where it is.
        let _ = element.focus_with_options(&options);
    }
}
