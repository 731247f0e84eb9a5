//! The panel of a player, over the page, and the way to the next one.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::ui::later::{Piece, Shown};
use crate::ui::state::State;
use wow_view::turn::Turn;

/// The panel of the player that the URL names; nothing while it names none.
#[component]
pub(crate) fn PlayerPanel() -> impl IntoView {
    let state = expect_context::<State>();
    let id = Memo::new(move |_| state.choice.with(|choice| choice.player));
    let dialog = NodeRef::<html::Dialog>::new();
    let close = move || {
        if id.get_untracked().is_some() {
            state.choice.update(|choice| choice.player = None);
        }
    };
    // A modal dialog keeps the focus inside, closes on Esc, and gives the focus back.
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        match (id.get().is_some(), dialog.open()) {
            (true, false) => {
                let _ = dialog.show_modal();
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let is_open = Memo::new(move |_| id.get().is_some());
    let turn = Memo::new(move |before: Option<&Option<Turn>>| {
        state.review.turn(id.get()?, before.and_then(Option::as_ref))
    });
    let go_to = move |side: Side| {
        if let Some(player_id) = turn.get_untracked().as_ref().and_then(side) {
            state.choice.update(|choice| choice.player = Some(player_id));
        }
    };
    let press = move |event: KeyboardEvent| {
        if let Some(side) = side_of(&event) {
            go_to(side);
        }
    };
    let title = move || id.get().map(|id| format!("Player {id}"));
    let beside = move |event: web_sys::MouseEvent| {
        if event.target() == event.current_target() {
            close();
        }
    };
    view! {
        <dialog
            class="panel"
            class:old=move || state.dimmed.get().is_of_players()
            node_ref=dialog
            aria-labelledby="player-title"
            data-testid="player-panel"
            data-player-id=move || id.get()
            on:close=move |_| close()
            on:click=beside
            on:keydown=press
        >
            <div class="panel-head">
                <h2 id="player-title">{title}</h2>
                <span class="grow"></span>
                <Turns id turn go_to=Callback::new(go_to)/>
                <button autofocus data-testid="player-close" on:click=move |_| close()>"Close"</button>
            </div>
            <div class="panel-body">
                <Show when=move || is_open.get()>
                    <Shown piece=Piece::Player/>
                </Show>
            </div>
        </dialog>
    }
}

/// One of the two who stand beside a player.
type Side = fn(&Turn) -> Option<i64>;

/// Whom a key leads to. Where something is typed, it is typed.
fn side_of(event: &KeyboardEvent) -> Option<Side> {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let is_typed = target.is_some_and(|target| target.matches("input, select").unwrap_or(false));
    match event.key().as_str() {
        _ if is_typed => None,
        "[" => Some(|turn| turn.previous),
        "]" => Some(|turn| turn.next),
        _ => None,
    }
}

/// The way to the players before and after, in the order of the table.
#[component]
fn Turns(id: Memo<Option<i64>>, turn: Memo<Option<Turn>>, go_to: Callback<Side>) -> impl IntoView {
    let button = move |testid: &'static str, label: &'static str, key: &'static str, side: Side| {
        let is_there = move || turn.with(|turn| turn.as_ref().and_then(side).is_some());
        view! {
            // Not disabled at the end of the table, for that would take the focus away.
            <button
                data-testid=testid
                aria-label=label
                aria-keyshortcuts=key
                aria-disabled=move || (!is_there()).to_string()
                title=format!("{label}: key {key}")
                on:click=move |_| go_to.run(side)
            >
                {if key == "[" { "‹" } else { "›" }}
                " "
                <kbd aria-hidden="true">{key}</kbd>
            </button>
        }
    };
    let say = move || turn.with(|turn| turn.as_ref().map(Turn::say));
    view! {
        <Show when=move || turn.with(Option::is_some)>
            <span class="turns" role="group" aria-label="Players of the table">
                {button("player-previous", "Previous player", "[", |turn| turn.previous)}
                <span role="status">
                    <span class="unseen">{move || id.get().map(|id| format!("Player {id}, "))}</span>
                    <span data-testid="player-turn">{say}</span>
                </span>
                {button("player-next", "Next player", "]", |turn| turn.next)}
            </span>
        </Show>
    }
}
