//! A button that copies a text.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use crate::ui::browser;

/// How long the button says what came of it.
const SAID_MS: u32 = 2_000;

/// A button that copies what `text` gives, and says for a moment whether that was possible.
#[component]
pub(crate) fn CopyButton(
    /// What it says at rest.
    label: &'static str,
    /// What it says when the text is copied.
    #[prop(into)]
    done: Signal<&'static str>,
    /// What it says where the browser does not allow it.
    refused: &'static str,
    /// What it copies, for those who hover.
    #[prop(into)]
    title: Signal<String>,
    /// The text.
    #[prop(into)]
    text: Callback<(), String>,
) -> impl IntoView {
    let said = RwSignal::new(label);
    let copy = move |_| {
        let done = done.get_untracked();
        leptos::task::spawn_local(async move {
            said.set(if browser::copy(&text.run(())).await { done } else { refused });
            let rest = move || {
                said.try_set(label);
            };
            Timeout::new(SAID_MS, rest).forget();
        });
    };
    view! { <button on:click=copy title=title aria-live="polite">{said}</button> }
}
