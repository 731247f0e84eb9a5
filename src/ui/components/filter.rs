//! The bar below the navigation: which events count, which players are shown, and the limits in force.

use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, Node};
use wow_engine::time::Day;
use wow_engine::{Filter, Judge};

use super::icon::{Drawn, Icon};
use crate::ui::state::State;
use wow_view::choice::Choice;
use wow_view::filter::{self, BotChoice, Texts};
use wow_view::params::{ChosenParams, Whole};
use wow_view::stale::Stale;
use wow_view::{limits, time};

/// The filter, in sight on every page.
#[component]
pub(crate) fn FilterBar() -> impl IntoView {
    let state = expect_context::<State>();
    let is_filtered = Memo::new(move |_| state.choice.with(Choice::is_filtered));
    view! {
        <section class="filter" aria-label="Filter" data-testid="filter">
            <DaysMenu/>
            {Texts::ALL.map(|texts| view! { <TextsMenu texts/> }).collect_view()}
            <span class="break narrow"></span>
            <BotsSwitch/>
            <span class="break wide"></span>
            <JudgeSwitch/>
            <Show when=move || is_filtered.get()>
                <button data-testid="clear-filter" on:click=move |_| state.choice.update(Choice::clear_filter)>
                    "Clear filter"
                </button>
            </Show>
            <Parameters/>
        </section>
    }
}

/// What is being done about a change, and the parameters in force, which can be changed here.
#[component]
fn Parameters() -> impl IntoView {
    let state = expect_context::<State>();
    let as_of = move || state.with_report(|report| report.as_of_day).flatten();
    let doing = Memo::new(move |_| {
        state.is_waited_for().then(|| match state.stale.get() {
            Stale::Everything => "Applying the filter …",
            _ => "Computing anew …",
        })
    });
    let label = move || match doing.get() {
        Some(doing) => doing.to_owned(),
        None => limits::sentence(&state.params.get(), as_of()),
    };
    let is_usual = Memo::new(move |_| state.params.get() == state.usual.get());
    let reset = move |_| state.choice.update(|choice| choice.params = ChosenParams::default());
    // Whatever is said, the bar stays as high as it is, so that nothing moves away under the hand that drags.
    view! {
        <span class="spoken" role="status">{doing}</span>
        <button
            class="chip back"
            class:away=move || is_usual.get()
            aria-label="Back to the defaults"
            on:click=reset
        >
            <Drawn icon=Icon::Cross/>
        </button>
        <Menu
            label=Signal::derive(label)
            is_set=Signal::derive(move || !is_usual.get())
            name="Parameters"
        >
            {Whole::ALL.map(|whole| view! { <WholeField whole/> }).collect_view()}
            <DayField
                label="As of"
                day=Signal::derive(move || state.params.get().as_of_day)
                choose=Callback::new(move |day| state.change_params(|params| params.as_of_day = day))
            />
            <p class="muted">"Churn is counted up to this day, or up to the newest event."</p>
        </Menu>
    }
}

/// A parameter that is a whole number.
#[component]
fn WholeField(whole: Whole) -> impl IntoView {
    let state = expect_context::<State>();
    let number = Memo::new(move |_| whole.of(&state.params.get()));
    let is_refused = RwSignal::new(false);
    let take = move |text: String| {
        let read = whole.read(&text);
        is_refused.set(read.is_none());
        if let Some(number) = read {
            state.change_params(|params| whole.set(params, number));
        }
    };
    let settle = move |event: FocusEvent| {
        if !is_refused.is_disposed() {
            is_refused.set(false);
            event_target::<HtmlInputElement>(&event).set_value(&number.get_untracked().to_string());
        }
    };
    let (least, most) = whole.range().into_inner();
    view! {
        <label>
            {whole.label()}
            <input
                type="number"
                data-testid=format!("parameter-{}", whole.key())
                min=least
                max=most
                step="1"
                aria-invalid=move || is_refused.get().to_string()
                prop:value=move || number.get().to_string()
                on:change:target=move |event| take(event.target().value())
                on:blur=settle
            />
            <span class="muted">{whole.unit()}</span>
        </label>
        <span class="refusal" role="status">
            {move || is_refused.get().then(|| whole.refusal())}
        </span>
    }
}

/// A chip that opens what is behind it. Esc closes it, and so does the focus when it goes elsewhere.
#[component]
pub(crate) fn Menu(
    /// Its style class.
    #[prop(default = "menu")]
    class: &'static str,
    /// What is chosen, in sight while the menu is closed.
    #[prop(into)]
    label: Signal<String>,
    /// Whether that differs from the default.
    #[prop(into, optional)]
    is_set: Signal<bool>,
    /// The name of what is inside.
    name: &'static str,
    /// Is told whether the menu is open.
    #[prop(optional)]
    is_open: Option<RwSignal<bool>>,
    children: Children,
) -> impl IntoView {
    let details = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    };
    let press = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            close();
            let summary =
                details.get_untracked().and_then(|details| details.query_selector("summary").ok()?);
            if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<HtmlElement>().ok()) {
                // A summary that is gone needs no focus.
                let _ = summary.focus();
            }
        }
    };
    let leave = move |event: FocusEvent| {
        let next = event.related_target().and_then(|next| next.dyn_into::<Node>().ok());
        let stays = details.get_untracked().is_some_and(|details| details.contains(next.as_ref()));
        if !stays {
            close();
        }
    };
    view! {
        <details
            class=class
            node_ref=details
            data-testid=format!("filter-{}", name.to_lowercase())
            on:keydown=press
            on:focusout=leave
            on:toggle=move |_| {
                if let (Some(is_open), Some(details)) = (is_open, details.get_untracked()) {
                    is_open.set(details.open());
                }
            }
        >
            <summary class:set=is_set><span>{label}</span></summary>
            // A press between the controls keeps the focus inside.
            <fieldset tabindex="-1" aria-label=name>{children()}</fieldset>
        </details>
    }
}

#[component]
fn DaysMenu() -> impl IntoView {
    let state = expect_context::<State>();
    let filter = move |from: fn(&Filter) -> Option<Day>| state.choice.with(|choice| from(&choice.filter));
    let is_set = move || filter(|filter| filter.from_day.or(filter.to_day)).is_some();
    let presets = Memo::new(move |_| state.days_of_log.get().map(filter::presets).unwrap_or_default());
    let preset = move |(name, days): (String, (Day, Day))| {
        let is_chosen = move || {
            state
                .choice
                .with(|choice| (choice.filter.from_day, choice.filter.to_day) == (Some(days.0), Some(days.1)))
        };
        view! {
            <button
                aria-pressed=move || is_chosen().to_string()
                on:click=move |_| state.set_days((!is_chosen()).then_some(days))
            >
                {name}
            </button>
        }
    };
    view! {
        <Menu
            label=Signal::derive(move || state.choice.with(|choice| filter::days_label(&choice.filter)))
            is_set=Signal::derive(is_set)
            name="Days"
        >
            <DayField
                label="From"
                day=Signal::derive(move || filter(|filter| filter.from_day))
                choose=Callback::new(move |day| state.choice.update(|choice| choice.filter.from_day = day))
            />
            <DayField
                label="To"
                day=Signal::derive(move || filter(|filter| filter.to_day))
                choose=Callback::new(move |day| state.choice.update(|choice| choice.filter.to_day = day))
            />
            <div class="presets" role="group" aria-label="Often chosen">
                {move || presets.get().into_iter().map(preset).collect_view()}
            </div>
            <button disabled=move || !is_set() on:click=move |_| state.set_days(None)>"All days"</button>
        </Menu>
    }
}

#[component]
fn DayField(label: &'static str, day: Signal<Option<Day>>, choose: Callback<Option<Day>>) -> impl IntoView {
    let state = expect_context::<State>();
    let text = move || day.get().map(time::iso_day).unwrap_or_default();
    let end = move |of: fn((Day, Day)) -> Day| state.days_of_log.get().map(|days| time::iso_day(of(days)));
    let take = move |text: &str| {
        // A year begins with zeros while it is being typed.
        if let Some(day) = time::day_number(text).filter(|_| !text.starts_with('0')) {
            choose.run(Some(day));
        }
    };
    let settle = move |event: FocusEvent| {
        let input = event_target::<HtmlInputElement>(&event);
        if input.value().is_empty() && !input.validity().bad_input() {
            choose.run(None);
        }
        input.set_value(&day.get_untracked().map(time::iso_day).unwrap_or_default());
    };
    view! {
        <label>
            {label}
            <input
                type="date"
                data-testid=format!("filter-{}", label.to_lowercase())
                min=move || end(|days| days.0)
                max=move || end(|days| days.1)
                prop:value=text
                on:change:target=move |event| take(&event.target().value())
                on:blur=settle
            />
        </label>
    }
}

#[component]
fn TextsMenu(texts: Texts) -> impl IntoView {
    let state = expect_context::<State>();
    let filter = Memo::new(move |_| state.choice.with(|choice| choice.filter.clone()));
    let is_open = RwSignal::new(false);
    let search = RwSignal::new(String::new());
    // What there is to choose from is looked for once somebody looks at it.
    let known = Memo::new(move |_| {
        let report = if is_open.get() { state.report.get() } else { None };
        report.map(|report| texts.known(&report)).unwrap_or_default()
    });
    let choices = Memo::new(move |_| {
        known.with(|known| filter.with(|filter| search.with(|search| texts.choices(known, filter, search))))
    });
    let is_set = move || filter.with(|filter| !texts.of(filter).is_empty());
    let choice = move |text: String| {
        let (shown, toggled) = (text.clone(), text.clone());
        view! {
            <label>
                <input
                    type="checkbox"
                    prop:checked=move || filter.with(|filter| texts.of(filter).contains(&text))
                    on:change=move |_| state.choice.update(|choice| texts.toggle(&mut choice.filter, &toggled))
                />
                <span>{shown}</span>
            </label>
        }
    };
    let search_field = texts.are_many().then(|| {
        view! {
            <input
                type="search"
                placeholder=texts.search_hint()
                aria-label=texts.search_hint()
                prop:value=search
                on:input:target=move |event| search.set(event.target().value())
            />
        }
    });
    view! {
        <Menu
            label=Signal::derive(move || filter.with(|filter| texts.label(filter)))
            is_set=Signal::derive(is_set)
            name=texts.name()
            is_open
        >
            {search_field}
            <For each=move || choices.get() key=Clone::clone children=choice/>
            <button
                disabled=move || !is_set()
                on:click=move |_| state.choice.update(|choice| texts.clear(&mut choice.filter))
            >
                {texts.all()}
            </button>
        </Menu>
    }
}

/// By which events players are judged, where not all count.
#[component]
fn JudgeSwitch() -> impl IntoView {
    let state = expect_context::<State>();
    let judge = Memo::new(move |_| {
        state.choice.with(|choice| (!choice.filter.is_empty()).then_some(choice.filter.judge))
    });
    let button = move |of: Judge| {
        view! {
            <button
                data-testid=format!("judge-{}", filter::judge_key(of))
                aria-pressed=move || (judge.get() == Some(of)).to_string()
                on:click=move |_| state.choice.update(|choice| choice.filter.judge = of)
            >
                {filter::judge_label(of)}
            </button>
        }
    };
    view! {
        <Show when=move || judge.get().is_some()>
            <span class="switch" role="group" aria-label="Judge players by" data-testid="judge">
                <span aria-hidden="true">"judged by"</span>
                {[Judge::All, Judge::Filtered].map(button).collect_view()}
            </span>
        </Show>
    }
}

#[component]
fn BotsSwitch() -> impl IntoView {
    let state = expect_context::<State>();
    let button = move |bots: BotChoice| {
        view! {
            <button
                data-testid=format!("bots-{}", bots.key())
                title=bots.title()
                aria-pressed=move || (state.bots.get() == bots).to_string()
                on:click=move |_| state.choice.update(|choice| choice.bots = bots)
            >
                {bots.key()}
            </button>
        }
    };
    view! {
        <span class="switch" role="group" aria-label="Likely bots">
            <span aria-hidden="true">"bots"</span>
            {BotChoice::ALL.map(button).collect_view()}
        </span>
    }
}

/// In place of a page that the filter leaves nothing of.
#[component]
pub(crate) fn NothingMatches(why: String) -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <section class="card full nothing" role="status" data-testid="nothing-matches">
            <h2>"Nothing matches the filter"</h2>
            <p class="say">{why}</p>
            <button class="primary" on:click=move |_| state.choice.update(Choice::clear_filter)>
                "Clear filter"
            </button>
        </section>
    }
}
