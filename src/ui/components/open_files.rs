//! Buttons that let files of this machine be chosen.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

use crate::local::{self, LocalFile};
use crate::protocol::Failure;
use crate::ui::state::State;

/// Chooses files. What they are is told by their bytes, so that any may be offered.
#[component]
pub(crate) fn OpenFiles() -> impl IntoView {
    view! { <Picker label="Open files"/> }
}

/// Chooses a folder with all the files in it.
#[component]
pub(crate) fn OpenFolder() -> impl IntoView {
    let title = "Open all files of a folder, and of the folders in it";
    view! { <Picker label="Open folder" title is_folder=true/> }
}

#[component]
fn Picker(
    label: &'static str,
    #[prop(optional, into)] title: Option<&'static str>,
    #[prop(optional)] is_folder: bool,
) -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <label class="button" tabindex="-1" title=title>
            {label}
            <input
                type="file"
                prop:webkitdirectory=is_folder
                multiple
                class="hidden-input"
                on:change=move |event| state.open_files(picked(&event))
            />
        </label>
    }
}

/// The files that an input offers; the input is emptied, so that the same file can be picked again.
fn picked(event: &Event) -> Result<Vec<LocalFile>, Failure> {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let files = local::picked(input.as_ref().and_then(HtmlInputElement::files));
    if let Some(input) = input {
        input.set_value("");
    }
    files
}
