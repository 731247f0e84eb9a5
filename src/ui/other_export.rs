//! A second export, read while the page that compares is open.

use std::sync::Arc;

use leptos::prelude::*;
use wow_engine::manifest::Environment;
use wow_engine::pipeline::Report;

use super::published::Published;
use super::state::State;
use crate::analysis::{Attempt, Change, Event, Heard, Pending, Status};
use crate::client::Client;
use crate::http::Freshness;
use crate::open::{self, Opened};
use wow_view::choice::Choice;
use wow_view::compare;
use wow_view::dataset::Dataset;

/// The other environment's export. Its workers end with the component that opened it.
#[derive(Clone, Copy)]
pub(crate) struct OtherExport {
    /// Which one.
    pub(crate) environment: Memo<Environment>,
    /// Where its numbers come from, once that is known.
    pub(crate) dataset: RwSignal<Option<Arc<Dataset>>>,
    /// Its statistics, once all parts are in.
    pub(crate) report: RwSignal<Option<Arc<Report>>>,
    /// Where the reading stands.
    pub(crate) status: RwSignal<Status>,
    /// What the statistics lack.
    pub(crate) pending: RwSignal<Pending>,
    client: StoredValue<Option<Client>, LocalStorage>,
}

impl OtherExport {
    /// Reads it once the page's own data are in, and anew when another one is to be compared. It answers the query that the
    /// page's statistics answer, which were waited for already.
    pub(crate) fn open(state: State) -> Self {
        let chosen = move || state.choice.with(|choice| choice.environment);
        let published = Published::new();
        let other = Self {
            environment: Memo::new(move |_| compare::other(state.badge.get(), chosen())),
            dataset: RwSignal::new(None),
            report: published.report,
            status: published.status,
            pending: published.pending,
            client: StoredValue::new_local(None),
        };
        let look = move |attempt, is_fetched_anew| {
            other.look(state, attempt, Freshness::of_attempt(is_fetched_anew));
        };
        other.client.set_value(Some(Client::new(0, look, move |change| match change {
            // Two whole reports are compared.
            Change::Report { is_complete: false, .. } => {}
            change => published.take(change),
        })));
        Effect::new(move |_| {
            other.environment.get();
            if state.is_complete.get() {
                other.dataset.set(None);
                other.tell(Event::Open);
            }
        });
        let wanted = Memo::new(move |_| state.with_report(Report::query));
        Effect::new(move |_| {
            if let Some(wanted) = wanted.get() {
                other.tell(Event::Choose(wanted));
            }
        });
        other
    }

    /// Reads it again, after that failed.
    pub(crate) fn retry(self) {
        self.tell(Event::Retry);
    }

    fn tell(self, event: Event) {
        if let Some(client) = self.client.with_value(Clone::clone) {
            client.tell(event);
        }
    }

    /// Finds out what there is to read.
    fn look(self, state: State, attempt: Attempt, freshness: Freshness) {
        let choice = Choice { environment: self.environment.get_untracked(), ..Choice::default() };
        leptos::task::spawn_local(async move {
            let opened = open::chosen(&choice, freshness).await;
            // The page may have been left by now, or something else be compared.
            let client = self.client.try_with_value(Clone::clone).flatten();
            let Some(client) = client.filter(|client| client.is_at(attempt)) else { return };
            match opened {
                Ok(opened) => self.read(state, &client, attempt, opened),
                Err(failure) => client.tell(Event::Heard(attempt, Heard::Failed(failure))),
            }
        });
    }

    fn read(self, state: State, client: &Client, attempt: Attempt, opened: Opened) {
        let dataset = Some(Arc::new(opened.dataset));
        let is_same = self.dataset.get_untracked() == dataset;
        self.dataset.set(dataset);
        let wanted = state.report.with_untracked(|report| report.as_deref().map(Report::query));
        let wanted = wanted.unwrap_or_else(|| state.query.get_untracked());
        client.found(attempt, opened.data, is_same, wanted, opened.report.map(Arc::new));
    }
}
