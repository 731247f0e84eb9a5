//! The frame around the pages: header, navigation, what is being loaded, the page itself.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, HtmlElement};

use super::components::filter::{FilterBar, NothingMatches};
use super::components::header::Header;
use super::components::kept::CopyStrip;
use super::components::page_link::PageLink;
use super::components::save::SavingStrip;
use super::components::status::{AgainStrip, Cancelled, FailurePanel, FailureStrip, LinkStrip, LoadingStrip};
use super::focus;
use super::hint::Hints;
use super::later::{Piece, Shown};
use super::pages::player_panel::PlayerPanel;
use super::state::{State, Status};
use crate::local::Dropped;
use wow_view::choice::Page;
use wow_view::dataset::Badge;
use wow_view::filter::{self, BotChoice};

/// The whole page.
#[component]
pub(super) fn App() -> impl IntoView {
    let state = State::start();
    provide_context(state);
    focus::follow(state);
    let is_dragged_over = RwSignal::new(false);
    let on_drop = move |event: DragEvent| {
        event.prevent_default();
        is_dragged_over.set(false);
        if let Some(transfer) = event.data_transfer() {
            state.open_dropped(Dropped::of(&transfer));
        }
    };
    let is_production = move || state.badge.get() == Badge::Production;
    view! {
        <div
            class="page"
            class:dragged-over=is_dragged_over
            on:dragover=move |event: DragEvent| {
                event.prevent_default();
                is_dragged_over.set(true);
            }
            on:dragleave=move |event: DragEvent| {
                if event.related_target().is_none() {
                    is_dragged_over.set(false);
                }
            }
            on:drop=on_drop
        >
            <a class="skip" href="#content">"Skip to the content"</a>
            <Show when=is_production>
                <div class="production-bar" data-testid="production-bar">
                    "PRODUCTION data"
                </div>
            </Show>
            <Header/>
            <Navigation/>
            <FilterBar/>
            <LinkStrip/>
            <LoadingStrip/>
            <FailureStrip/>
            <AgainStrip/>
            <CopyStrip/>
            <SavingStrip/>
            <main id="content" tabindex="-1" class=move || state.dimmed.get().class()>
                <h1 class="unseen">{move || state.choice.with(|choice| choice.page.label())}</h1>
                <Content/>
            </main>
            <PlayerPanel/>
            <Hints/>
            <div class="drop-hint" aria-hidden="true">"Drop Parquet or CSV files, or a folder of them, to open them. They stay on this machine."</div>
        </div>
    }
}

#[component]
fn Navigation() -> impl IntoView {
    let state = expect_context::<State>();
    let pages = NodeRef::<html::Nav>::new();
    let page = Memo::new(move |_| state.choice.with(|choice| choice.page));
    Effect::new(move |_| {
        page.get();
        let Some(pages) = pages.get() else { return };
        // Once the link says that it is the current one. Where all fit there is nothing to scroll.
        request_animation_frame(move || {
            let current = pages.query_selector("[aria-current]").ok().flatten();
            if let Some(current) = current.and_then(|current| current.dyn_into::<HtmlElement>().ok()) {
                let around = pages.client_width() - current.offset_width();
                pages.set_scroll_left(current.offset_left() - pages.offset_left() - around / 2);
            }
        });
    });
    let link = |page: Page| view! { <PageLink page>{page.label()}</PageLink> };
    view! { <nav node_ref=pages aria-label="Pages">{Page::ALL.map(link).collect_view()}</nav> }
}

#[component]
fn Content() -> impl IntoView {
    let state = expect_context::<State>();
    // One memo, for an effect that reads two of which one reads the other may miss a change.
    let shown = Memo::new(move |_| {
        let page = state.choice.with(|choice| choice.page);
        (page, why_empty(state, page))
    });
    // With a whole picture at hand, a strip above it tells the failure.
    let failure = Memo::new(move |_| {
        let is_complete = state.is_complete.get();
        state.status.with(Status::failure).filter(|_| !is_complete)
    });
    let has_report = Memo::new(move |_| state.report.with(Option::is_some));
    move || match (failure.get(), shown.get()) {
        (Some(failure), (page, _)) => {
            let origin = state.origin();
            let again = Callback::new(move |()| state.retry());
            let models = (page == Page::Models).then(|| view! { <Shown piece=Piece::Page(page)/> });
            view! { <FailurePanel failure origin again testid="failure"/> {models} }.into_any()
        }
        // What the models are is known without any data.
        (None, (page, _)) if page != Page::Models && !has_report.get() => view! { <Waiting/> }.into_any(),
        (None, (_, Some(why))) => view! { <NothingMatches why/> }.into_any(),
        (None, (page, None)) => view! { <Shown piece=Piece::Page(page)/> }.into_any(),
    }
}

/// Why a page would be empty under the filter. Quality never is, for its parts are those of the whole log, nor are
/// the models, which are there without rows, nor a comparison, whose other half may have what this one lacks. On the
/// page of bots the limits, still to be moved, decide who is one.
fn why_empty(state: State, page: Page) -> Option<String> {
    let bots = match page {
        Page::Quality | Page::Models | Page::Compare => return None,
        Page::Bots => BotChoice::In,
        _ => state.bots.get(),
    };
    let is_complete = state.is_complete.get();
    state.report.with(|report| {
        let report = report.as_deref().filter(|_| is_complete)?;
        filter::why_empty(report, &state.params.get(), bots)
    })
}

/// Where the page will be, before the first part is in.
#[component]
fn Waiting() -> impl IntoView {
    let state = expect_context::<State>();
    let reading = || {
        view! {
            <section class="card full waiting" aria-busy="true">
                <p class="muted">"Reading the first part …"</p>
            </section>
        }
    };
    view! {
        <Show when=move || state.status.with(|status| *status == Status::Cancelled) fallback=reading>
            <Cancelled why="Nothing was read far enough to be shown."/>
        </Show>
    }
}
