//! The statistics as one file to pass on.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use web_sys::js_sys::Date;
use wow_engine::time::Micros;
use wow_report::Source;

use crate::ui::browser;
use crate::ui::later;
use crate::ui::state::{State, Status};

/// Asks for a heading and a note, and saves the report of what is shown.
#[component]
pub(crate) fn Report() -> impl IntoView {
    let state = expect_context::<State>();
    let dialog = NodeRef::<html::Dialog>::new();
    let title = NodeRef::<html::Input>::new();
    let note = NodeRef::<html::Textarea>::new();
    let problem = RwSignal::new(None::<String>);
    let is_whole = Memo::new(move |_| {
        state.is_complete.get() && state.status.get() == Status::Ready && !state.stale.get().is_any()
    });
    let open = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            // One that is open already stays so.
            let _ = dialog.show_modal();
        }
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let save = move || {
        let title = title.get_untracked().map(|title| title.value()).unwrap_or_default();
        let note = note.get_untracked().map(|note| note.value()).unwrap_or_default();
        let name = state.file_name("report", "html");
        leptos::task::spawn_local(async move {
            match html(state, &title, &note).await {
                Some(Ok(html)) => {
                    problem.set(None);
                    close();
                    browser::download(&name, "text/html", html.as_bytes());
                }
                Some(Err(why)) => problem.set(Some(why)),
                None => {}
            }
        });
    };
    let press = move |event: KeyboardEvent| {
        if event.key() == "Enter" && is_whole.get_untracked() {
            event.prevent_default();
            save();
        }
    };
    view! {
        <button data-testid="report" on:click=open>"Report"</button>
        <dialog node_ref=dialog class="report" aria-labelledby="report-heading">
            <h2 id="report-heading">"Report"</h2>
            <p class="say">"What is shown as one HTML file: to pass on, to read without a network, to print."</p>
            <label>"Title"<input type="text" node_ref=title data-testid="report-title" on:keydown=press/></label>
            <label>"Note"<textarea rows="4" node_ref=note data-testid="report-note"></textarea></label>
            <Show when=move || !is_whole.get()>
                <p class="say" role="status">"It can be made once everything that is chosen has been read."</p>
            </Show>
            {move || problem.get().map(|problem| view! { <p class="say" role="alert">{problem}"."</p> })}
            <p class="buttons">
                <button on:click=move |_| close()>"Close"</button>
                <button class="primary" data-testid="report-save" disabled=move || !is_whole.get() on:click=move |_| save()>
                    "Download"
                </button>
            </p>
        </dialog>
    }
}

/// The report of what is shown; nothing before there is any.
async fn html(state: State, title: &str, note: &str) -> Option<Result<String, String>> {
    let (dataset, report) = (state.dataset.get_untracked()?, state.report.get_untracked()?);
    let (parts, bots) = (state.parts.get_untracked(), state.bots.get_untracked());
    let written_us = Micros::new((Date::now() * 1_000.0) as i64).unwrap_or_default();
    let marks = later::marks(state).await;
    let marks = marks.as_ref();
    let source =
        Source { dataset: &dataset, report: &report, parts: &parts, bots, marks, title, note, written_us };
    Some(later::report(&source).await)
}
