//! The three answers at the top of the first page: how much is from bots, who is leaving, and whether that can be trusted.

use std::sync::Arc;

use leptos::prelude::*;
use wow_view::choice::Page;
use wow_view::overview::answers::{self, Answer};
use wow_view::quality::{Evidence, Status, Tested, checks};

use super::icon::{Drawn, Icon};
use super::page_link::PageLink;
use crate::ui::frame;
use crate::ui::pages::quality::now_us;
use crate::ui::state::State;

/// The answers, side by side.
#[component]
pub(crate) fn Answers() -> impl IntoView {
    let state = expect_context::<State>();
    let bots = Memo::new(move |_| {
        let params = state.params.get();
        state.with_report(|report| answers::bots(report, &report.totals(&params)))
    });
    let leaving = Memo::new(move |_| {
        let (params, bots) = (state.params.get(), state.bots.get());
        state.with_report(|report| answers::leaving(report, &params, bots))
    });
    view! {
        <div class="answers full">
            {move || bots.get().map(|answer| view! { <Told answer/> })}
            {move || leaving.get().map(|answer| view! { <Told answer/> })}
            <Trust/>
        </div>
    }
}

#[component]
fn Told(answer: Answer) -> impl IntoView {
    let Answer { key, label, shown, says, beside, page } = answer;
    view! {
        <section class=format!("card answer {key}") data-testid=format!("answer-{key}")>
            <h2><PageLink page>{label}</PageLink></h2>
            <p class="found"><b>{shown}</b>" "{says}</p>
            <p class="say">{beside}</p>
        </section>
    }
}

/// How many tests passed, with the way to them, and how many days have events.
#[component]
fn Trust() -> impl IntoView {
    let state = expect_context::<State>();
    let tested = tested(state);
    let coverage = Memo::new(move |_| state.with_report(answers::coverage).unwrap_or_default());
    let mark = |tested: Tested| {
        let (class, icon) = match tested.worst {
            Status::Pass => ("good", Icon::Tick),
            Status::Fail => ("bad", Icon::Cross),
            Status::Warn => ("odd", Icon::Alert),
            Status::NotRun | Status::NotFinished => ("open", Icon::Circle),
        };
        view! {
            <span class=format!("mark {class}")><Drawn icon/></span>
            <b>{tested.words()}</b>" "{tested.says()}
        }
    };
    let found = move || match tested.get() {
        Some(tested) => mark(tested).into_any(),
        None => view! { <span class="muted">"The tests run once all is read."</span> }.into_any(),
    };
    view! {
        <section class="card answer trust" data-testid="answer-trust">
            <h2><PageLink page=Page::Quality>"Trust"</PageLink></h2>
            <p class="found">{found}</p>
            <p class="say">{coverage}</p>
        </section>
    }
}

/// How the data tests ended: they are run once all is read and shown.
fn tested(state: State) -> RwSignal<Option<Tested>> {
    let tested = RwSignal::new(None);
    Effect::new(move |_| {
        let (report, dataset, parts) = (state.report.get(), state.dataset.get(), state.parts.get());
        let Some(report) = report.filter(|_| state.is_complete.get()) else { return tested.set(None) };
        leptos::task::spawn_local(async move {
            frame::picture().await;
            let evidence = Evidence {
                report: Some(&report),
                dataset: dataset.as_deref(),
                parts: &parts,
                is_complete: true,
                now_us: now_us(),
            };
            let found = Tested::of(&checks(&evidence));
            // Other numbers may be shown by now, or none.
            let is_of_these = state
                .report
                .try_with_untracked(|shown| shown.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, &report)));
            if is_of_these == Some(true) {
                let _ = tested.try_set(found);
            }
        });
    });
    tested
}
