//! Buttons that make a file, and what is said of it.

use leptos::prelude::*;

use super::icon::{Drawn, Icon};
use crate::ui::saving::{Said, Table};
use crate::ui::state::State;
use wow_view::saving::Progress;

/// A button that has a table's file made; it waits until that is there.
#[component]
pub(crate) fn SaveTable(
    /// What it says.
    label: &'static str,
    /// Its name in the page's markup.
    #[prop(into)]
    testid: String,
    /// What it gives, for those who hover or do not see what it belongs to.
    #[prop(into)]
    title: String,
    /// Whether there is nothing to take along yet.
    #[prop(into, optional)]
    disabled: Signal<bool>,
    /// The table; nothing where there is none.
    #[prop(into)]
    table: Callback<(), Option<Table>>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let is_busy = RwSignal::new(false);
    let save = move |_| {
        // A disabled button would lose the focus.
        let Some(table) = table.run(()).filter(|_| !is_busy.get_untracked()) else { return };
        is_busy.set(true);
        leptos::task::spawn_local(async move {
            state.saving.table(table, state.origin()).await;
            // The button may be gone.
            is_busy.try_set(false);
        });
    };
    view! {
        <button
            data-testid=testid
            aria-label=title.clone()
            title=title
            disabled=disabled
            aria-busy=move || is_busy.get().to_string()
            on:click=save
        >
            {label}
        </button>
    }
}

/// How far a large file is, with the way to stop it, and what became of it. It lies over the page, so that nothing moves.
#[component]
pub(crate) fn SavingStrip() -> impl IntoView {
    let state = expect_context::<State>();
    let said = state.saving.said;
    let progress = Memo::new(move |_| {
        said.with(|said| match said {
            Some(Said::Progress(progress)) => Some(progress.clone()),
            _ => None,
        })
    });
    let end = Memo::new(move |_| {
        said.with(|said| match said {
            Some(Said::Done(text)) => Some((true, text.clone())),
            Some(Said::Failed(text)) => Some((false, text.clone())),
            _ => None,
        })
    });
    let facts = move || progress.with(|progress| progress.as_ref().map(Progress::facts));
    let percent =
        move || progress.with(|progress| progress.as_ref().map_or(0.0, |it| it.share() * 100.0).round());
    let ended = move |(is_done, text): (bool, String)| {
        let (class, icon, role) = match is_done {
            true => ("strip over", Icon::Tick, "status"),
            false => ("strip over failed", Icon::Alert, "alert"),
        };
        view! {
            <div class=class role=role data-testid=if is_done { "saved" } else { "save-failed" }>
                <span class="words"><Drawn icon/>" "{text}</span>
                <button on:click=move |_| said.set(None)>"Dismiss"</button>
            </div>
        }
    };
    view! {
        <Show when=move || progress.with(Option::is_some)>
            <div class="strip over" data-testid="saving">
                <progress max="100" prop:value=percent aria-label="Writing the file"></progress>
                <span class="facts">{facts}</span>
                <button on:click=move |_| state.saving.cancel()>"Cancel"</button>
            </div>
        </Show>
        {move || end.get().map(ended)}
    }
}
