//! The rule held against what the reader marked, and the marks as a file.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::Uint8Array;
use web_sys::{Event, HtmlInputElement};
use wow_charts::format;
use wow_engine::pipeline::PlayerTable;
use wow_view::csv;
use wow_view::marks::{self, Agreement};
use wow_view::players::Format;

use super::marks::NotKept;
use crate::ui::browser;
use crate::ui::review::Said;
use crate::ui::state::State;

/// Precision and recall of the rule in force, with the counts that they are of.
#[component]
pub(crate) fn AgreementCard(players: Signal<Option<Arc<PlayerTable>>>) -> impl IntoView {
    let state = expect_context::<State>();
    let review = state.review;
    review.follow(state);
    let agreement = Memo::new(move |_| {
        let params = state.params.get();
        let marks = review.marks.get();
        players.with(|players| Some(Agreement::new(&marks, players.as_deref()?, &params))).unwrap_or_default()
    });
    let has_marks = Memo::new(move |_| review.marks.with(|marks| !marks.is_empty()));
    let export = move |_| {
        let log = state.dataset.with_untracked(|dataset| dataset.as_deref().map(marks::log_of));
        let name = csv::file_name(["marks".to_owned()].into_iter().chain(log), Format::Csv.extension());
        let file = review.marks.with_untracked(|marks| marks::to_csv(marks));
        browser::download(&name, Format::Csv.media_type(), &file);
    };
    view! {
        <section class="card full agreement" data-testid="agreement">
            <h2>"The rule against your marks"</h2>
            <Show when=move || has_marks.get() fallback=|| view! { <p class="say">{marks::NONE_YET}</p> }>
                <p class="say" data-testid="agreement-scope">{move || agreement.with(Agreement::scope_say)}</p>
                <Measures agreement/>
            </Show>
            <NotKept/>
            <Imported/>
            <div class="marks-menu">
                <Show when=move || has_marks.get()>
                    <button data-testid="marks-export" on:click=export>"Export marks"</button>
                </Show>
                <ImportButton/>
            </div>
        </section>
    }
}

#[component]
fn Measures(agreement: Memo<Agreement>) -> impl IntoView {
    let measure = move |key: &'static str,
                        name: &'static str,
                        of: fn(&Agreement) -> String,
                        say: fn(&Agreement) -> String| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>
                    <b data-testid=key>{move || agreement.with(of)}</b>
                    " "
                    <span>{move || agreement.with(say)}</span>
                </dd>
            </div>
        }
    };
    let count = move |key: &'static str, of: fn(&Agreement) -> u64| {
        view! { <td class="num" data-testid=key>{move || agreement.with(|agreement| format::count(of(agreement)))}</td> }
    };
    view! {
        <div class="measures">
            <dl>
                {measure("precision", "Precision", Agreement::precision, Agreement::precision_say)}
                {measure("recall", "Recall", Agreement::recall, Agreement::recall_say)}
            </dl>
            <table>
                <thead>
                    <tr>
                        <th scope="col">"marked as"</th>
                        <th scope="col" class="num">"flagged"</th>
                        <th scope="col" class="num">"not flagged"</th>
                    </tr>
                </thead>
                <tbody>
                    <tr>
                        <th scope="row">"bot"</th>
                        {count("bots-flagged", |agreement| agreement.bots_flagged)}
                        {count("bots-missed", |agreement| agreement.bots_missed)}
                    </tr>
                    <tr>
                        <th scope="row">"not a bot"</th>
                        {count("others-flagged", |agreement| agreement.others_flagged)}
                        {count("others-spared", |agreement| agreement.others_spared)}
                    </tr>
                </tbody>
            </table>
        </div>
    }
}

/// What came of the last import.
#[component]
fn Imported() -> impl IntoView {
    let state = expect_context::<State>();
    move || {
        let (role, text) = match state.review.said.get()? {
            Said::Done(text) => ("status", text),
            Said::Failed(why) => ("alert", why),
        };
        Some(view! { <p class="say" role=role data-testid="marks-imported">{text}</p> })
    }
}

#[component]
fn ImportButton() -> impl IntoView {
    let state = expect_context::<State>();
    let import = move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let file = input.as_ref().and_then(HtmlInputElement::files).and_then(|files| files.get(0));
        let Some(file) = file else { return };
        leptos::task::spawn_local(async move {
            let read = read(&file).await;
            if let Some(input) = input {
                // So that the same file can be picked again.
                input.set_value("");
            }
            match read {
                Ok(bytes) => state.review.import(&bytes),
                Err(why) => state.review.said.set(Some(Said::Failed(why))),
            }
        });
    };
    view! {
        <label class="button" tabindex="-1" title="Marks of a CSV file with the columns player_id, mark, note and marked_at">
            "Import marks"
            <input type="file" accept=".csv,text/csv" class="hidden-input" data-testid="marks-import" on:change=import/>
        </label>
    }
}

async fn read(file: &web_sys::File) -> Result<Vec<u8>, String> {
    if file.size() > marks::MOST_BYTES as f64 {
        return Err(marks::TOO_LARGE.to_owned());
    }
    let buffer = JsFuture::from(file.array_buffer()).await;
    buffer.map(|buffer| Uint8Array::new(&buffer).to_vec()).map_err(|_| marks::UNREADABLE.to_owned())
}
