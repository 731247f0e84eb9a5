//! The two limits of the bot rules, with what they do in numbers.

use leptos::prelude::*;
use wow_charts::format;
use wow_engine::Params;

use crate::ui::state::State;
use crate::view::bots::{self, Counts, Limit, MOST_MINUTES, STEP_MINUTES};

/// A card with a slider and a field for each limit. `touched` is told which one was last in hand.
#[component]
pub(crate) fn LimitsCard(
    #[prop(into)] counts: Signal<Option<Counts>>,
    touched: RwSignal<Limit>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let default = Params::default();
    let is_default = move || bots::with_default_limits(&state.params.get()) == state.params.get();
    let reset =
        move |_| state.choice.update(|choice| choice.params = bots::with_default_limits(&choice.params));
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
            <LimitField limit=Limit::Longest touched/>
            <LimitField limit=Limit::Average touched/>
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
            <button class="primary" data-testid="reset-limits" disabled=is_default on:click=reset>
                {format!("Reset to {}", bots::written_limits(&default))}
            </button>
        </section>
    }
}

/// A slider for the rough value and a field for the exact one.
#[component]
fn LimitField(limit: Limit, touched: RwSignal<Limit>) -> impl IntoView {
    let state = expect_context::<State>();
    let minutes = Memo::new(move |_| limit.of(&state.params.get()));
    let is_refused = RwSignal::new(false);
    let take = move |text: String| {
        let read = Limit::read(&text);
        is_refused.set(read.is_none());
        if let Some(read) = read {
            touched.set(limit);
            state.choice.update(|choice| limit.set(&mut choice.params, read));
        }
    };
    // What was refused gives way to the limit in force once the field is left.
    let settle = move |event: leptos::ev::FocusEvent| {
        is_refused.set(false);
        event_target::<web_sys::HtmlInputElement>(&event).set_value(&minutes.get_untracked().to_string());
    };
    let (slider, field) = (format!("limit-{}", limit.key()), format!("limit-{}-minutes", limit.key()));
    let refusal = format!("limit-{}-refusal", limit.key());
    view! {
        <div class="limit" data-testid=format!("limit-{}-row", limit.key())>
            <label for=slider.clone()>{limit.label()}</label>
            <output for=slider.clone()>{move || format::minutes(minutes.get())}</output>
            <input
                type="range"
                id=slider.clone()
                data-testid=slider
                min="0"
                max=limit.end_minutes()
                step=STEP_MINUTES
                aria-valuetext=move || format::minutes(minutes.get())
                prop:value=move || minutes.get().to_string()
                on:input=move |event| take(event_target_value(&event))
                on:focus=move |_| touched.set(limit)
            />
            <span class="exact">
                <input
                    type="number"
                    id=field.clone()
                    data-testid=field
                    min="0"
                    max=MOST_MINUTES
                    step="1"
                    aria-label=format!("{}, minutes", limit.label())
                    aria-invalid=move || is_refused.get().to_string()
                    aria-describedby=refusal.clone()
                    prop:value=move || minutes.get().to_string()
                    on:input=move |event| take(event_target_value(&event))
                    on:focus=move |_| touched.set(limit)
                    on:blur=settle
                />
                " min"
            </span>
            <span class="refusal" id=refusal role="status">
                {move || {
                    let most = format::count(MOST_MINUTES.unsigned_abs());
                    is_refused.get().then(|| format!("Whole minutes from 0 to {most}."))
                }}
            </span>
        </div>
    }
}
