//! The bar below the navigation: which events count, which players are shown, and the limits in force.

use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, Node};
use wow_engine::Filter;
use wow_engine::time::Day;

use crate::ui::state::State;
use wow_view::choice::Choice;
use wow_view::filter::{self, BotChoice, Texts};
use wow_view::params::ChosenParams;
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
            <TextsMenu texts=Texts::Class/>
            <TextsMenu texts=Texts::Race/>
            <BotsSwitch/>
            <Show when=move || is_filtered.get()>
                <button data-testid="clear-filter" on:click=move |_| state.choice.update(Choice::clear_filter)>
                    "Clear filter"
                </button>
            </Show>
            <span class="grow"></span>
            <Limits/>
        </section>
    }
}

/// The parameters in force, and what is being done about a change.
#[component]
fn Limits() -> impl IntoView {
    let state = expect_context::<State>();
    let as_of = move || state.with_report(|report| report.as_of_day).flatten();
    let text = move || limits::sentence(&state.params.get(), as_of());
    let doing = Memo::new(move |_| {
        state.is_waited_for().then(|| match state.stale.get() {
            Stale::Everything => "Applying the filter …",
            _ => "Computing anew …",
        })
    });
    // One memo, for an effect that reads two of which one reads the other may miss a change.
    let is_away = Memo::new(move |_| doing.get().is_some() || state.params.get() == state.usual.get());
    // Whatever is said, the bar stays as high as it is, so that nothing moves away under the hand that drags.
    view! {
        <span class="aside">
            <span class="muted" role="status">{doing}</span>
            <button
                class="chip"
                class:away=is_away
                on:click=move |_| state.choice.update(|choice| choice.params = ChosenParams::default())
            >
                "Back to the defaults"
            </button>
        </span>
        <span class="muted" data-testid="limits">{text}</span>
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
        >
            <summary class:set=is_set>{label}</summary>
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
    let choices = Memo::new(move |_| {
        state.report.with(|report| filter.with(|filter| texts.choices(report.as_deref(), filter)))
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
    view! {
        <Menu
            label=Signal::derive(move || filter.with(|filter| texts.label(filter)))
            is_set=Signal::derive(is_set)
            name=texts.name()
        >
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
