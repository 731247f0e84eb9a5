//! Pieces of the page whose code is fetched when they are first shown, and what is shown meanwhile.
//!
//! `scripts/split.sh` takes the functions marked here out of the page's code, with all that only they need. Those with one
//! name are one piece; each more is also a file for every set of pieces that share something, so there are few.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use leptos::prelude::*;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use wow_report::Source;

use super::components::status::FailurePanel;
use super::components::views::ViewList;
use super::pages::bots::Bots;
use super::pages::compare::Compare;
use super::pages::models::Models;
use super::pages::overview::Overview;
use super::pages::player;
use super::pages::players::Players;
use super::pages::quality::Quality;
use super::pages::sessions::Sessions;
use super::state::State;
use crate::protocol::Failure;
use wow_view::choice::Page;
use wow_view::marks::Marks;

/// A view, or that its code did not arrive.
type Loaded = Result<AnyView, SplitLoaderError>;

#[wasm_split(players, preload(load_sessions), fallible)]
fn sessions() -> Loaded {
    Ok(view! { <Sessions/> }.into_any())
}

#[wasm_split(players, preload(load_bots), fallible)]
fn bots() -> Loaded {
    Ok(view! { <Bots/> }.into_any())
}

#[wasm_split(players, preload(load_players), fallible)]
fn players() -> Loaded {
    Ok(view! { <Players/> }.into_any())
}

#[wasm_split(players, preload(load_player), fallible)]
fn player() -> Loaded {
    Ok(view! { <player::Content/> }.into_any())
}

#[wasm_split(players, preload(load_views), fallible)]
fn views() -> Loaded {
    Ok(view! { <ViewList/> }.into_any())
}

/// What is to be waited for once the code is there that does it.
type Pending<T> = Pin<Box<dyn Future<Output = T>>>;

#[wasm_split(players, fallible)]
fn read_marks(state: State) -> Result<Pending<Arc<Marks>>, SplitLoaderError> {
    Ok(Box::pin(state.review.read(state)))
}

/// The marks of what is shown; none where the code that reads them does not arrive.
pub(crate) async fn marks(state: State) -> Arc<Marks> {
    match read_marks(state).await {
        Ok(marks) => marks.await,
        Err(_) => Arc::default(),
    }
}

#[wasm_split(models, preload(load_quality), fallible)]
fn quality() -> Loaded {
    Ok(view! { <Quality/> }.into_any())
}

#[wasm_split(models, preload(load_models), fallible)]
fn models() -> Loaded {
    Ok(view! { <Models/> }.into_any())
}

#[wasm_split(compare, preload(load_compare), fallible)]
fn compare() -> Loaded {
    Ok(view! { <Compare/> }.into_any())
}

#[wasm_split(report, fallible)]
fn html(source: &Source<'_>) -> Result<Result<String, wow_charts::Error>, SplitLoaderError> {
    Ok(wow_report::html(source))
}

/// The static report, or the sentence why there is none.
///
/// # Errors
/// When its code does not arrive, or a chart cannot be drawn.
pub(crate) async fn report(source: &Source<'_>) -> Result<String, String> {
    match html(source).await {
        Ok(Ok(html)) => Ok(html),
        Ok(Err(error)) => Err(format!("The report cannot be drawn: {error}")),
        Err(_) => Err("The code that draws the report did not arrive: try again".to_owned()),
    }
}

/// What is shown once its code is there.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Piece {
    /// A page.
    Page(Page),
    /// What is told of the player that the address names.
    Player,
    /// The views that were saved.
    Views,
}

impl Piece {
    /// Fetches its code.
    async fn load(self) -> Result<(), SplitLoaderError> {
        match self {
            Self::Page(Page::Overview) => Ok(()),
            Self::Page(Page::Sessions) => load_sessions().await,
            Self::Page(Page::Bots) => load_bots().await,
            Self::Page(Page::Players) => load_players().await,
            Self::Page(Page::Quality) => load_quality().await,
            Self::Page(Page::Models) => load_models().await,
            Self::Page(Page::Compare) => load_compare().await,
            Self::Player => load_player().await,
            Self::Views => load_views().await,
        }
    }

    async fn view(self) -> Loaded {
        match self {
            // The first page that most visits see is there from the start.
            Self::Page(Page::Overview) => Ok(view! { <Overview/> }.into_any()),
            Self::Page(Page::Sessions) => sessions().await,
            Self::Page(Page::Bots) => bots().await,
            Self::Page(Page::Players) => players().await,
            Self::Page(Page::Quality) => quality().await,
            Self::Page(Page::Models) => models().await,
            Self::Page(Page::Compare) => compare().await,
            Self::Player => player().await,
            Self::Views => views().await,
        }
    }
}

/// A piece, at once where its code is there.
#[component]
pub(crate) fn Shown(piece: Piece) -> impl IntoView {
    let state = expect_context::<State>();
    // Counts how often the code was waited for.
    let waited = RwSignal::new(0_u32);
    let has_failed = RwSignal::new(false);
    let fetch = move || {
        leptos::task::spawn_local(async move {
            let is_there = piece.load().await.is_ok();
            // It may not be wanted any more.
            has_failed.try_set(!is_there);
            waited.try_update(|waited| *waited += 1);
        });
    };
    move || {
        waited.get();
        if has_failed.get_untracked() {
            let failure = Failure::Worker { detail: "the code of this page did not arrive".into() };
            let again = Callback::new(move |()| fetch());
            return view! { <FailurePanel failure origin=state.origin() again testid="failure"/> }.into_any();
        }
        // Made here and not where its code was waited for, so that it belongs to what shows it.
        match at_once(piece.view()) {
            Some(Ok(view)) => view,
            _ => {
                fetch();
                waiting().into_any()
            }
        }
    }
}

fn waiting() -> impl IntoView {
    view! {
        <section class="card full waiting" aria-busy="true">
            <p class="muted">"Opening …"</p>
        </section>
    }
}

/// What a future gives without waiting, if it does.
fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    let future: Pin<&mut _> = pin!(future);
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
