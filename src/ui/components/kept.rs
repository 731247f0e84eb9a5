//! What the browser keeps for offline use.

use leptos::prelude::*;

use crate::kept::is_hosted;
use crate::ui::state::State;
use wow_view::kept::{Fact, Kept, copy_say};

/// A card that tells it, with a way to let go of it; nothing where the page is not one of a hosted site.
#[component]
pub(crate) fn KeptForOffline() -> impl IntoView {
    let offline = expect_context::<State>().offline;
    let is_shown = is_hosted();
    if is_shown {
        offline.look();
    }
    let card = move |kept: Kept| {
        let fact = |Fact { name, value, note }| {
            view! { <div><dt>{name}</dt><dd><b>{value}</b><span class="muted">" · "{note}</span></dd></div> }
        };
        let has_export = kept.export.is_some();
        view! {
            <section class="card full kept" data-testid="kept">
                <h2>"Kept for offline use"</h2>
                <p class="say" role="status">
                    {kept.say()}" Production data, data from other addresses and files of this machine are never kept."
                </p>
                <dl class="fresh">{kept.facts().into_iter().map(fact).collect_view()}</dl>
                <Show when=move || has_export>
                    <button on:click=move |_| offline.clear()>"Clear"</button>
                </Show>
            </section>
        }
    };
    move || offline.kept.get().filter(|_| is_shown).map(card)
}

/// That a kept export is shown, since its server does not answer.
#[component]
pub(crate) fn CopyStrip() -> impl IntoView {
    let state = expect_context::<State>();
    let said = Memo::new(move |_| {
        let is_copy = state.offline.is_copy.get();
        let exported_at =
            state.dataset.with(|dataset| Some(dataset.as_ref()?.manifest()?.exported_at.clone()))?;
        is_copy.then(|| copy_say(&exported_at))
    });
    let strip = move |said: String| {
        view! {
            <div class="strip odd" role="status" data-testid="copy-strip">
                <span class="words">{said}</span>
                <button on:click=move |_| state.reopen()>"Try again"</button>
            </div>
        }
    };
    move || said.get().map(strip)
}
