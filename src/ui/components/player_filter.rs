//! What the table of players is searched by beside the filter of all pages, and its columns.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::filter::Menu;
use super::marks::MarkedFilter;
use crate::ui::browser;
use crate::ui::state::State;
use wow_view::columns::COLUMNS;
use wow_view::players::{self, NO_GUILD, Selection};

/// What a list offers for "no filter".
const ALL: &str = "all";

/// The filters.
#[component]
pub(crate) fn PlayerFilter(selection: Memo<Selection>) -> impl IntoView {
    let state = expect_context::<State>();
    let is_filtered = Memo::new(move |_| selection.with(Selection::is_filtered));
    let clear = move |_| state.choice.update(|choice| choice.players.clear_filters());
    view! {
        <div class="player-filter" role="search" aria-label="Players">
            <IdSearch selection/>
            <LevelFilter selection/>
            <GuildFilter selection/>
            <ChurnedFilter selection/>
            <MarkedFilter/>
            <Show when=move || is_filtered.get()>
                <button class="chip" data-testid="clear-filters" on:click=clear>"Clear these"</button>
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
        state.with_report(|report| players::exact(report, &search)).flatten()
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

/// Players of one guild, or of none.
#[component]
fn GuildFilter(selection: Memo<Selection>) -> impl IntoView {
    let state = expect_context::<State>();
    let guild = Memo::new(move |_| selection.with(|selection| selection.guild.clone()));
    let refusal = Memo::new(move |_| {
        let guild = guild.get();
        state.with_report(|report| players::why_no_guild(report, &guild)).flatten()
    });
    view! {
        <label class="guild">
            "Guild"
            <input
                type="text"
                placeholder="all"
                title=format!("A guild's number, or {NO_GUILD}")
                data-testid="filter-guild"
                aria-invalid=move || refusal.get().is_some().to_string()
                aria-describedby="guild-refusal"
                prop:value=guild
                on:input:target=move |event| {
                    state.choice.update(|choice| choice.players.guild = event.target().value());
                }
            />
        </label>
        <span class="refusal" id="guild-refusal" role="status">{refusal}</span>
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
                    on:input:target=move |event| {
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
                    on:input:target=move |event| {
                        let level = event.target().value().parse().ok();
                        state.choice.update(|choice| choice.players.level_to = level);
                    }
                />
            </span>
        </div>
    }
}

/// Players that have churned, that have not, or both.
#[component]
fn ChurnedFilter(selection: Memo<Selection>) -> impl IntoView {
    let state = expect_context::<State>();
    let answers = [(ALL, None), ("yes", Some(true)), ("no", Some(false))];
    let option = move |(name, answer): (&'static str, Option<bool>)| {
        let is_chosen = move || selection.with(|selection| selection.churned) == answer;
        view! { <option value=name prop:selected=is_chosen>{name}</option> }
    };
    let pick = move |value: String| {
        let answer = answers.into_iter().find(|(name, _)| *name == value).and_then(|(_, answer)| answer);
        state.choice.update(|choice| choice.players.churned = answer);
    };
    view! {
        <label>
            "Churned"
            <select data-testid="filter-churned" on:change:target=move |event| pick(event.target().value())>
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
        let toggle = move |_| {
            state.choice.update(|choice| choice.players.toggle(column));
            // Only what was chosen here: what a link shows is its sender's choice.
            browser::keep_columns(&state.choice.with_untracked(|choice| choice.players.written_columns()));
        };
        view! {
            <label title=column.title>
                <input
                    type="checkbox"
                    data-column=column.name
                    prop:checked=is_shown
                    on:change=toggle
                />
                {column.label}
                <span>{column.title}</span>
            </label>
        }
    });
    let boxes = boxes.collect_view();
    view! {
        <Menu class="choose" label="Columns" name="Columns">
            {boxes}
        </Menu>
    }
}
