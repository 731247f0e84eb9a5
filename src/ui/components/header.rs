//! The header: which data these are, and the switches that hold for every page.

use leptos::prelude::*;
use wow_engine::contract::Notice;
use wow_engine::manifest::Environment;

use super::copy::CopyButton;
use super::icon::{Drawn, Icon};
use super::open_files::{OpenFiles, OpenFolder};
use super::page_link::PageLink;
use super::report::Report;
use super::views::Views;
use crate::ui::browser::{self, ThemeChoice};
use crate::ui::state::State;
use wow_view::choice::Page;
use wow_view::dataset::{Badge, Dataset, short_hash};
use wow_view::sampled;

/// The header.
#[component]
pub(crate) fn Header() -> impl IntoView {
    // On a phone what is needed now and then is behind a button.
    let is_open = RwSignal::new(false);
    view! {
        <header class:open=is_open>
            <PageLink page=Page::default() class="brand"><b>"WoW"</b>" Analytics"</PageLink>
            <EnvironmentBadge/>
            <SampleBadge/>
            <button
                class="more"
                aria-expanded=move || is_open.get().to_string()
                aria-controls="actions"
                aria-label="Environment, files, share and theme"
                on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
            >
                <Drawn icon=Icon::More/>
            </button>
            <Provenance/>
            <div class="actions" id="actions">
                <EnvironmentSwitch/>
                <OpenFiles/>
                <OpenFolder/>
                <Share/>
                <Views/>
                <Report/>
                <ThemeSwitch/>
            </div>
        </header>
    }
}

/// Copies a link to what is chosen now, which the address tells only once that rests.
#[component]
fn Share() -> impl IntoView {
    let state = expect_context::<State>();
    let is_local =
        Memo::new(move |_| state.dataset.with(|dataset| dataset.as_deref().is_some_and(Dataset::is_local)));
    let of_files = move |yes: &'static str, no: &'static str| if is_local.get() { yes } else { no };
    let link = move || {
        let query = state.dataset.with_untracked(|dataset| {
            state.choice.with_untracked(|choice| choice.to_shared_query(dataset.as_deref()))
        });
        browser::address(&query)
    };
    view! {
        <CopyButton
            label="Share"
            done=Signal::derive(move || of_files("Link copied, without the files", "Link copied"))
            refused="Copy the address bar"
            title=Signal::derive(move || {
                of_files("Copy a link to this view; it cannot carry the files", "Copy a link to this view").to_owned()
            })
            text=link
        />
    }
}

/// The badge nobody can miss.
#[component]
fn EnvironmentBadge() -> impl IntoView {
    let state = expect_context::<State>();
    let badge = state.badge;
    let icon = move || match badge.get() {
        Badge::Dev => Icon::Tick,
        Badge::Production => Icon::Alert,
        Badge::LocalFile | Badge::RemoteFile => Icon::File,
    };
    view! {
        <span class=move || format!("env {}", badge.get().class()) data-testid="badge" role="status">
            {move || view! { <Drawn icon=icon()/> }}
            {move || badge.get().label()}
        </span>
    }
}

/// That the data hold some players alone, in sight wherever a number is.
#[component]
fn SampleBadge() -> impl IntoView {
    let state = expect_context::<State>();
    let sentence = move || {
        state
            .dataset
            .with(|dataset| dataset.as_deref().and_then(Dataset::manifest).and_then(sampled::sentence))
    };
    let badge = move |share: String| {
        view! { <span class="env sample" data-testid="sample" role="status" tabindex="0" title=sentence>{share}</span> }
    };
    move || state.sample.get().map(badge)
}

#[component]
fn Provenance() -> impl IntoView {
    let state = expect_context::<State>();
    let content = move || {
        let dataset = state.dataset.get()?;
        let mut facts = state.report.with(|report| dataset.facts(report.as_deref()));
        if state.is_sorted_here.get() && !facts.is_empty() {
            facts.push("sorted here".to_owned());
        }
        let notices = state.parts.with(|parts| dataset.notices(parts));
        facts.extend(notices.iter().map(Notice::in_short));
        let sentences = notices.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let name = dataset.name();
        let text = std::iter::once(name).chain(facts).collect::<Vec<_>>().join(" · ");
        let id = dataset.id().map(|id| {
            view! { " · "<code tabindex="0" title=format!("dataset {id}")>{short_hash(id)}</code> }
        });
        // What is to be known of the files can be reached by keys, where there is any.
        let stop = (!sentences.is_empty()).then_some("0");
        Some(view! { <span title=sentences tabindex=stop>{text.clone()}</span>{id} })
    };
    view! { <span class="prov" data-testid="provenance">{content}</span> }
}

#[component]
fn EnvironmentSwitch() -> impl IntoView {
    let state = expect_context::<State>();
    let button = move |environment: Environment| {
        let is_shown = move || state.badge.get() == Badge::from(environment);
        let choose = move |_| {
            let is_same = state
                .choice
                .with_untracked(|choice| choice.environment == environment && choice.data.is_none());
            if is_same {
                return state.reopen();
            }
            state.choice.update(|choice| choice.show_environment(environment));
        };
        view! {
            <button aria-pressed=move || is_shown().to_string() on:click=choose>
                {environment.name()}
            </button>
        }
    };
    view! {
        <span class="switch" role="group" aria-label="Environment">
            {[Environment::Dev, Environment::Prod].map(button).collect_view()}
        </span>
    }
}

#[component]
fn ThemeSwitch() -> impl IntoView {
    let state = expect_context::<State>();
    let name = move || format!("Theme: {}", state.theme_choice.get().name());
    let next = move |_| {
        state.theme_choice.update(|choice| {
            let place = ThemeChoice::ALL.into_iter().position(|other| other == *choice).unwrap_or(0);
            *choice = ThemeChoice::ALL[(place + 1) % ThemeChoice::ALL.len()];
        });
    };
    view! {
        <button class="theme" aria-label=name title=name on:click=next>
            <Drawn icon=Icon::Contrast/>
            <span class="name" aria-hidden="true">{name}</span>
        </button>
    }
}
