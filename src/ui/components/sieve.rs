//! The filters and the columns of the table of players.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::ui::state::State;
use crate::view::columns::COLUMNS;
use crate::view::players::{self, NO_GUILD, Selection};

/// What a list offers for "no filter". No text of the data can be mistaken for it, for those get a prefix.
const ALL: &str = "all";

/// The filters.
#[component]
pub(crate) fn Sieve(selection: Memo<Selection>) -> impl IntoView {
    let state = expect_context::<State>();
    let is_filtered = Memo::new(move |_| selection.with(Selection::is_filtered));
    let clear = move |_| state.choice.update(|choice| choice.players.clear_filters());
    view! {
        <div class="sieve" role="search" aria-label="Players">
            <IdSearch selection/>
            <TextFilter label="Class" selection is_class=true/>
            <TextFilter label="Race" selection is_class=false/>
            <LevelFilter selection/>
            <label class="guild">
                "Guild"
                <input
                    type="text"
                    placeholder="all"
                    title=format!("A guild's number, or {NO_GUILD}")
                    data-testid="filter-guild"
                    prop:value=move || selection.with(|selection| selection.guild.clone())
                    on:input:target=move |event| {
                        state.choice.update(|choice| choice.players.guild = event.target().value());
                    }
                />
            </label>
            <AnswerFilter
                label="Churned"
                testid="filter-churned"
                chosen=Signal::derive(move || selection.with(|selection| selection.churned))
                choose=Callback::new(move |answer| state.choice.update(|choice| choice.players.churned = answer))
            />
            <AnswerFilter
                label="Bot"
                testid="filter-bot"
                chosen=Signal::derive(move || selection.with(|selection| selection.bot))
                choose=Callback::new(move |answer| state.choice.update(|choice| choice.players.bot = answer))
            />
            <Show when=move || is_filtered.get()>
                <button class="chip" data-testid="clear-filters" on:click=clear>"Clear filters"</button>
            </Show>
        </div>
    }
}

/// Finds players by their id; Enter opens the one that is named in full.
#[component]
fn IdSearch(selection: Memo<Selection>) -> impl IntoView {
    let state = expect_context::<State>();
    let exact = Memo::new(move |_| {
        let search = selection.with(|selection| selection.search.clone());
        state.report.with(|report| players::exact(report.as_deref()?, &search))
    });
    let open = move || {
        if let Some(id) = exact.get_untracked() {
            state.choice.update(|choice| choice.player = Some(id));
        }
    };
    let press = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            // Else the same press would go on to the panel's button, which then has the focus, and close it.
            event.prevent_default();
            open();
        }
    };
    view! {
        <label>
            "Player id"
            <input
                type="search"
                placeholder="starts with …"
                title="Enter opens the player with exactly this id"
                data-testid="filter-id"
                prop:value=move || selection.with(|selection| selection.search.clone())
                on:input:target=move |event| {
                    state.choice.update(|choice| choice.players.search = event.target().value());
                }
                on:keydown=press
            />
        </label>
        {move || {
            exact.get().map(|id| view! { <button on:click=move |_| open()>{format!("Open {id}")}</button> })
        }}
    }
}

/// A list of the log's classes or races.
#[component]
fn TextFilter(label: &'static str, selection: Memo<Selection>, is_class: bool) -> impl IntoView {
    let state = expect_context::<State>();
    let chosen = Memo::new(move |_| {
        selection.with(|selection| if is_class { selection.class.clone() } else { selection.race.clone() })
    });
    let texts = Memo::new(move |_| {
        let mut texts = state.report.with(|report| {
            report.as_deref().map_or_else(Vec::new, |report| match is_class {
                true => players::options(&report.strings.class, &report.players.class),
                false => players::options(&report.strings.race, &report.players.race),
            })
        });
        // What a link asks for stays in the list even where the log has none of it.
        texts.extend(chosen.get().filter(|chosen| !texts.contains(chosen)));
        texts
    });
    let choose = move |value: String| {
        let text = value.strip_prefix('=').map(str::to_owned);
        state.choice.update(|choice| {
            let filter = if is_class { &mut choice.players.class } else { &mut choice.players.race };
            *filter = text;
        });
    };
    let option = move |text: String| {
        let name = if text.is_empty() { NO_GUILD.to_owned() } else { text.clone() };
        let is_chosen = {
            let text = text.clone();
            move || chosen.get().as_ref() == Some(&text)
        };
        view! { <option value=format!("={text}") prop:selected=is_chosen>{name}</option> }
    };
    view! {
        <label>
            {label}
            <select
                data-testid=format!("filter-{}", label.to_lowercase())
                on:change:target=move |event| choose(event.target().value())
            >
                <option value=ALL prop:selected=move || chosen.get().is_none()>{ALL}</option>
                {move || texts.get().into_iter().map(option).collect_view()}
            </select>
        </label>
    }
}

#[component]
fn LevelFilter(selection: Memo<Selection>) -> impl IntoView {
    let state = expect_context::<State>();
    let text = |level: Option<i64>| level.map(|level| level.to_string()).unwrap_or_default();
    view! {
        <div class="pair" role="group" aria-label="Level">
            <span>"Level"</span>
            <span>
                <input
                    type="number"
                    aria-label="Level from"
                    placeholder="from"
                    data-testid="filter-level-from"
                    prop:value=move || selection.with(|selection| text(selection.level_from))
                    on:change:target=move |event| {
                        let level = event.target().value().parse().ok();
                        state.choice.update(|choice| choice.players.level_from = level);
                    }
                />
                "–"
                <input
                    type="number"
                    aria-label="Level to"
                    placeholder="to"
                    data-testid="filter-level-to"
                    prop:value=move || selection.with(|selection| text(selection.level_to))
                    on:change:target=move |event| {
                        let level = event.target().value().parse().ok();
                        state.choice.update(|choice| choice.players.level_to = level);
                    }
                />
            </span>
        </div>
    }
}

/// Yes, no, or both.
#[component]
fn AnswerFilter(
    label: &'static str,
    testid: &'static str,
    chosen: Signal<Option<bool>>,
    choose: Callback<Option<bool>>,
) -> impl IntoView {
    let answers = [(ALL, None), ("yes", Some(true)), ("no", Some(false))];
    let option = move |(name, answer): (&'static str, Option<bool>)| {
        view! { <option value=name prop:selected=move || chosen.get() == answer>{name}</option> }
    };
    let pick = move |value: String| {
        let answer = answers.into_iter().find(|(name, _)| *name == value).and_then(|(_, answer)| answer);
        choose.run(answer);
    };
    view! {
        <label>
            {label}
            <select data-testid=testid on:change:target=move |event| pick(event.target().value())>
                {answers.map(option).collect_view()}
            </select>
        </label>
    }
}

/// Which columns are shown.
#[component]
pub(crate) fn ColumnChoice(selection: Memo<Selection>) -> impl IntoView {
    let state = expect_context::<State>();
    let boxes = COLUMNS.iter().skip(1).map(|column| {
        let is_shown = move || selection.with(|selection| selection.shown_columns().contains(&column));
        view! {
            <label title=column.title>
                <input
                    type="checkbox"
                    data-column=column.name
                    prop:checked=is_shown
                    on:change=move |_| state.choice.update(|choice| choice.players.toggle(column))
                />
                {column.label}
                <span>{column.title}</span>
            </label>
        }
    });
    view! {
        <details class="choose">
            <summary>"Columns"</summary>
            <fieldset aria-label="Columns">{boxes.collect_view()}</fieldset>
        </details>
    }
}
