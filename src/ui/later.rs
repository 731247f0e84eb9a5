//! Pages whose code is fetched when they are first opened.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::components::status::FailurePanel;
use super::pages::bots::Bots;
use super::pages::compare::Compare;
use super::pages::models::Models;
use super::pages::overview::Overview;
use super::pages::players::Players;
use super::pages::quality::Quality;
use super::pages::sessions::Sessions;
use crate::protocol::Failure;
use crate::ui::state::State;
use wow_view::choice::Page;

type Loaded = Result<AnyView, SplitLoaderError>;

#[wasm_split(sessions, wasm_split_path = ::leptos::wasm_split, fallible)]
fn sessions() -> Loaded {
    Ok(view! { <Sessions/> }.into_any())
}

#[wasm_split(bots, wasm_split_path = ::leptos::wasm_split, fallible)]
fn bots() -> Loaded {
    Ok(view! { <Bots/> }.into_any())
}

#[wasm_split(players, wasm_split_path = ::leptos::wasm_split, fallible)]
fn players() -> Loaded {
    Ok(view! { <Players/> }.into_any())
}

#[wasm_split(quality, wasm_split_path = ::leptos::wasm_split, fallible)]
fn quality() -> Loaded {
    Ok(view! { <Quality/> }.into_any())
}

#[wasm_split(models, wasm_split_path = ::leptos::wasm_split, fallible)]
fn models() -> Loaded {
    Ok(view! { <Models/> }.into_any())
}

#[wasm_split(compare, wasm_split_path = ::leptos::wasm_split, fallible)]
fn compare() -> Loaded {
    Ok(view! { <Compare/> }.into_any())
}

async fn view_of(page: Page) -> Loaded {
    match page {
        Page::Overview => Ok(view! { <Overview/> }.into_any()),
        Page::Sessions => sessions().await,
        Page::Bots => bots().await,
        Page::Players => players().await,
        Page::Quality => quality().await,
        Page::Models => models().await,
        Page::Compare => compare().await,
    }
}

/// What a future gives without waiting, if it does.
fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

/// A page, once its code is there.
#[component]
pub(crate) fn Shown(page: Page) -> impl IntoView {
    let fetched = RwSignal::new(0_u32);
    move || {
        fetched.get();
        match at_once(view_of(page)) {
            Some(Ok(view)) => view,
            Some(Err(_)) => {
                let failure = Failure::Worker { detail: "the page's code did not arrive".into() };
                let state = expect_context::<State>();
                let again = Callback::new(move |()| fetched.update(|n| *n += 1));
                view! { <FailurePanel failure origin=state.origin() again testid="failure"/> }.into_any()
            }
            None => {
                leptos::task::spawn_local(async move {
                    drop(view_of(page).await);
                    fetched.try_update(|n| *n += 1);
                });
                view! { <section class="card full waiting" aria-busy="true"><p class="muted">"Loading …"</p></section> }.into_any()
            }
        }
    }
}
