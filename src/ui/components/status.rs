//! Loading and failing, in sight and in words.

use leptos::prelude::*;

use super::icon::{Drawn, Icon};
use super::open_files::OpenFiles;
use crate::protocol::Failure;
use crate::ui::state::{State, Status};
use wow_loading::Progress;
use wow_view::address::Author;
use wow_view::failure::{Origin, message};
use wow_view::loading::{again, cancelled_say, facts};

/// How far the loading is, with the way to stop it; or that it was stopped, with the way to start it again.
#[component]
pub(crate) fn LoadingStrip() -> impl IntoView {
    let state = expect_context::<State>();
    let progress = Memo::new(move |_| state.status.with(Status::progress));
    let is_cut_short = move || {
        state.status.with(|status| *status == Status::Cancelled) && state.report.with(Option::is_some)
    };
    let say = move || cancelled_say(state.is_complete.get(), state.stale.get().is_any());
    view! {
        <Show when=move || progress.get().is_some()>
            <Bar
                progress=Signal::derive(move || progress.get().unwrap_or_default())
                facts=|progress| facts(progress).join(" · ")
                testid="loading"
            />
        </Show>
        <Show when=is_cut_short>
            <div class="strip" role="status" data-testid="cancelled-strip">
                <span class="words">{say}</span>
                <button on:click=move |_| state.retry()>"Load again"</button>
            </div>
        </Show>
    }
}

/// How far a scan for another choice is, with the way back to the old one. It lies over the page, so that nothing
/// moves when a scan begins and ends.
#[component]
pub(crate) fn AgainStrip() -> impl IntoView {
    let state = expect_context::<State>();
    let progress = Memo::new(move |_| state.status.with(Status::again));
    view! {
        <Show when=move || progress.get().is_some()>
            <Bar
                progress=Signal::derive(move || progress.get().unwrap_or_default())
                facts=again
                testid="again"
                class="over"
            />
        </Show>
    }
}

#[component]
fn Bar(
    progress: Signal<Progress>,
    /// What is said of it.
    facts: fn(&Progress) -> String,
    testid: &'static str,
    /// A style class.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let state = expect_context::<State>();
    let percent = move || (progress.get().share() * 100.0).round();
    view! {
        <div class=format!("strip {class}") data-testid=testid>
            <progress max="100" prop:value=percent aria-label="Loading"></progress>
            <span class="facts">{move || facts(&progress.get())}</span>
            <button on:click=move |_| state.cancel()>"Cancel"</button>
        </div>
    }
}

/// In place of what is not there because loading was cancelled.
#[component]
pub(crate) fn Cancelled(
    /// What is not there.
    #[prop(into)]
    why: String,
) -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <section class="card full cancelled" role="status" data-testid="cancelled">
            <h2>"Loading was cancelled"</h2>
            <p class="say">{why}</p>
            <button class="primary" on:click=move |_| state.retry()>"Load again"</button>
        </section>
    }
}

/// A failure above a whole picture, which stays.
#[component]
pub(crate) fn FailureStrip() -> impl IntoView {
    let state = expect_context::<State>();
    let failure = Memo::new(move |_| {
        let is_complete = state.is_complete.get();
        state.status.with(Status::failure).filter(|_| is_complete)
    });
    let stays = move || match state.stale.get().is_any() {
        true => "The numbers below are those from before your last choice. ",
        false => "The numbers below are those that were read before. ",
    };
    let strip = move |failure: Failure| {
        let message = message(&failure, state.origin());
        let may_pass = message.may_pass;
        view! {
            <div class="strip failed" role="alert" data-testid="failure-strip">
                <div class="words">
                    <p><b>{message.title}</b>" · "{message.cause}</p>
                    <p class="muted">
                        {stays}{message.next_step}
                        {message.command.map(|command| view! { " "<code>{command}</code> })}
                    </p>
                </div>
                <Show when=move || may_pass fallback=|| view! { <OpenFiles/> }>
                    <button on:click=move |_| state.retry()>"Try again"</button>
                </Show>
            </div>
        }
    };
    move || failure.get().map(strip)
}

/// That a link was made of other data than these, or that the data have changed since the page was opened.
#[component]
pub(crate) fn LinkStrip() -> impl IntoView {
    let state = expect_context::<State>();
    let warning = Memo::new(move |_| {
        let of = state.choice.with(|choice| choice.of.clone())?;
        let author = state.author.get();
        state.dataset.with(|dataset| Some((author, dataset.as_ref()?.warning(&of, author)?)))
    });
    let strip = move |(author, warning): (Author, String)| {
        // Whoever loads the page anew wants what is there now, and need only know that it has changed.
        let is_link = author == Author::Another;
        view! {
            <div class="strip" class:odd=is_link role="status" data-testid="link-strip">
                <span class="words">{is_link.then(|| view! { <Drawn icon=Icon::Alert/>" " })}{warning}</span>
                <button on:click=move |_| state.choice.update(|choice| choice.of = None)>"Dismiss"</button>
            </div>
        }
    };
    move || warning.get().map(strip)
}

/// A failure: the cause, the next step, and the way to it: to read again, or to choose other files.
#[component]
pub(crate) fn FailurePanel(
    failure: Failure,
    /// What could not be read.
    origin: Origin,
    /// Reads it again.
    again: Callback<()>,
    /// Its name in the page's markup.
    testid: &'static str,
) -> impl IntoView {
    let message = message(&failure, origin);
    let may_pass = message.may_pass;
    view! {
        <section class="card full failure" role="alert" data-testid=testid>
            <h2>{message.title}</h2>
            <p class="cause">{message.cause}</p>
            <p>{message.next_step}</p>
            {message.command.map(|command| view! { <pre><code>{command}</code></pre> })}
            <Show when=move || may_pass fallback=|| view! { <OpenFiles/> }>
                <button class="primary" on:click=move |_| again.run(())>"Try again"</button>
            </Show>
        </section>
    }
}
