//! The pause that ends a session, with what it does in numbers.

use leptos::prelude::*;
use wow_charts::format;
use wow_engine::pipeline::COUNTED_GAPS_MINUTES;
use wow_engine::time::Minutes;

use super::minutes_field::MinutesField;
use super::who_changes::who_changes;
use crate::ui::state::State;
use wow_view::sessions::GapCounts;
use wow_view::{bots, coverage};

/// A card with a slider and a field for the gap. The counts follow at once; the rest of the page when it rests.
#[component]
pub(crate) fn GapCard(counts: Memo<Option<GapCounts>>) -> impl IntoView {
    let state = expect_context::<State>();
    let usual_minutes = Memo::new(move |_| state.usual.get().session_gap_minutes);
    let minutes = Memo::new(move |_| state.params.get().session_gap_minutes);
    let set = move |minutes: Minutes| state.change_params(|params| params.session_gap_minutes = minutes);
    let is_usual = move || {
        // Before the gap in force, which follows from it.
        let usual_minutes = usual_minutes.get();
        minutes.get() == usual_minutes
    };
    let sessions = move || counts.with(|counts| counts.as_ref().and_then(|counts| counts.sessions));
    let note = move || counts.with(|counts| counts.as_ref().map(|counts| counts.note.clone()));
    let changes = who_changes(state);
    let verdicts = move || {
        let usual = state.usual.get();
        changes.with(|changes| changes.as_ref().map(|changes| bots::who_changes_in_short(changes, &usual)))
    };
    let warning = move || {
        let params = state.params.get();
        state.with_report(|report| coverage::gap_warning(report, &params)).flatten()
    };
    view! {
        <section class="card side limits live" data-testid="gap-card">
            <h2>"Session gap"</h2>
            <p class="say">
                "A longer pause between two events of a player starts a new session. Drag, and all numbers follow; below \
                 12 minutes they do when the slider rests, for then the events are read anew."
            </p>
            <MinutesField
                key="gap"
                label="Longest pause within a session"
                minutes
                slider=COUNTED_GAPS_MINUTES
                step=1
                range=COUNTED_GAPS_MINUTES
                on_change=Callback::new(set)
            />
            <p class="delta">
                <b data-testid="gap-sessions" data-value=sessions>
                    {move || sessions().map_or_else(|| "–".to_owned(), format::count)}
                </b>
                " sessions "
                <span class="muted" data-testid="gap-note">{note}</span>
            </p>
            <p class="muted" role="status" data-testid="gap-verdicts">{verdicts}</p>
            <p class="warning" role="status" data-testid="gap-warning">{warning}</p>
            <button
                class="primary"
                data-testid="reset-gap"
                disabled=is_usual
                on:click=move |_| set(usual_minutes.get_untracked())
            >
                {move || format!("Reset to {}", format::minutes(usual_minutes.get().get()))}
            </button>
        </section>
    }
}
