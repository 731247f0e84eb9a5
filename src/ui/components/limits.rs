//! The two limits of the bot rules, with what they do in numbers.

use leptos::prelude::*;
use wow_charts::format;
use wow_engine::time::Minutes;

use super::minutes_field::MinutesField;
use crate::ui::state::State;
use wow_view::bots::{self, Counts, Limit, MOST_MINUTES, STEP_MINUTES};

/// A card with a slider and a field for each limit. The curve of flagged players is over the one that was last in hand.
#[component]
pub(crate) fn LimitsCard(counts: Memo<Option<Counts>>) -> impl IntoView {
    let state = expect_context::<State>();
    let is_usual = move || {
        // Before the limits in force, which follow from them.
        let usual = state.usual.get();
        let params = state.params.get();
        bots::with_limits_of(&params, &usual) == params
    };
    let reset = move |_| {
        let usual = state.usual.get_untracked();
        state.change_params(|params| *params = bots::with_limits_of(params, &usual));
    };
    let count = move |of: fn(&Counts) -> u64| counts.with(|counts| counts.as_ref().map(of));
    let figure = move |testid: &'static str, of: fn(&Counts) -> u64| {
        view! {
            <b data-testid=testid data-value=move || count(of)>
                {move || count(of).map(format::count)}
            </b>
        }
    };
    let note = move |of: fn(&Counts) -> &String| {
        move || counts.with(|counts| counts.as_ref().map(|counts| of(counts).clone()))
    };
    view! {
        <section class="card side limits" data-testid="limits-card">
            <h2>"Limits"</h2>
            <p class="say">"Drag and see who would be flagged. A player over either limit is."</p>
            <LimitField limit=Limit::Longest/>
            <LimitField limit=Limit::Average/>
            <p class="delta">
                {figure("flagged", |counts| counts.flagged)} " flagged "
                <span class="muted" data-testid="flagged-note">{note(|counts| &counts.flagged_note)}</span>
            </p>
            <ul class="rules" aria-label="Flagged by which limit">
                <li>{figure("longest-only", |counts| counts.longest_only)} " longest only"</li>
                <li>{figure("average-only", |counts| counts.average_only)} " average only"</li>
                <li>{figure("both", |counts| counts.both)} " both"</li>
            </ul>
            <p class="delta">
                {figure("kept-events", |counts| counts.kept_events)} " events kept "
                <span class="muted" data-testid="kept-note">{note(|counts| &counts.kept_note)}</span>
            </p>
            <button class="primary" data-testid="reset-limits" disabled=is_usual on:click=reset>
                {move || format!("Reset to {}", bots::written_limits(&state.usual.get()))}
            </button>
        </section>
    }
}

#[component]
fn LimitField(limit: Limit) -> impl IntoView {
    let state = expect_context::<State>();
    let take = move |minutes: Minutes| state.set_limit(limit, minutes);
    let touch = move || {
        if state.choice.with_untracked(|choice| choice.curve != limit) {
            state.choice.update(|choice| choice.curve = limit);
        }
    };
    view! {
        <MinutesField
            key=limit.key()
            label=limit.label()
            minutes=Memo::new(move |_| limit.of(&state.params.get()))
            slider=Minutes::default()..=limit.end_minutes()
            step=STEP_MINUTES
            range=Minutes::default()..=MOST_MINUTES
            on_change=Callback::new(take)
            on_touch=Callback::new(move |()| touch())
        />
    }
}
