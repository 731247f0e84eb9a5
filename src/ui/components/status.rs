//! Loading and failing, in sight and in words.

use leptos::prelude::*;
use wow_engine::manifest::Environment;

use crate::protocol::Failure;
use crate::ui::state::{State, Status};
use crate::view::failure::message;
use crate::view::loading::Progress;

/// How far the loading is, with the way to stop it.
#[component]
pub(crate) fn LoadingStrip() -> impl IntoView {
    let state = expect_context::<State>();
    let progress = Memo::new(move |_| state.status.with(Status::progress));
    let is_partial = move || {
        state.status.with(|status| *status == Status::Cancelled) && state.report.with(Option::is_some)
    };
    view! {
        <Show when=move || progress.get().is_some()>
            <Bar progress=Signal::derive(move || progress.get().unwrap_or_default())/>
        </Show>
        <Show when=is_partial>
            <div class="loading" role="status">
                <span>"Loading was cancelled: the numbers are those of the parts read so far."</span>
                <button on:click=move |_| state.open()>"Load again"</button>
            </div>
        </Show>
    }
}

#[component]
fn Bar(progress: Signal<Progress>) -> impl IntoView {
    let state = expect_context::<State>();
    let percent = move || (progress.get().share() * 100.0).round();
    view! {
        <div class="loading" data-testid="loading">
            <progress max="100" prop:value=percent aria-label="Loading"></progress>
            <span class="facts">{move || progress.get().facts().join(" · ")}</span>
            <button on:click=move |_| state.cancel()>"Cancel"</button>
        </div>
    }
}

/// A failure: the cause, the next step, and Retry.
#[component]
pub(crate) fn FailurePanel(
    failure: Failure,
    /// Which export could not be read.
    environment: Environment,
    /// Reads it again.
    again: Callback<()>,
    /// Its name in the page's markup.
    testid: &'static str,
) -> impl IntoView {
    let message = message(&failure, environment);
    view! {
        <section class="card full failure" role="alert" data-testid=testid>
            <h2>{message.title}</h2>
            <p class="cause">{message.cause}</p>
            <p>{message.next_step}</p>
            {message.command.map(|command| view! { <pre><code>{command}</code></pre> })}
            <button class="primary" on:click=move |_| again.run(())>"Try again"</button>
        </section>
    }
}
