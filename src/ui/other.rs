//! A second export, read while the page that compares is open.

use std::sync::Arc;

use leptos::prelude::*;
use wow_engine::manifest::Environment;
use wow_engine::pipeline::Report;

use super::state::{State, Status};
use crate::client::{Client, Update};
use crate::http::Freshness;
use crate::open::{self, Found};
use wow_view::choice::Choice;
use wow_view::compare;
use wow_view::dataset::Dataset;
use wow_view::loading::Progress;

/// The other environment's export. Its workers end with the component that opened it.
#[derive(Clone, Copy)]
pub(crate) struct Other {
    /// Which one.
    pub(crate) environment: Memo<Environment>,
    /// Where its numbers come from, once that is known.
    pub(crate) dataset: RwSignal<Option<Arc<Dataset>>>,
    /// Its statistics, once all parts are in.
    pub(crate) report: RwSignal<Option<Arc<Report>>>,
    /// Where the loading stands.
    pub(crate) status: RwSignal<Status>,
    client: StoredValue<Option<Client>, LocalStorage>,
    /// Counts what was opened, so that an answer to an earlier attempt can be told apart.
    opened: StoredValue<u32>,
}

impl Other {
    /// Reads it once the page's own data are in, and anew when another one is to be compared. From then on it
    /// answers the query that the page's statistics answer.
    pub(crate) fn open(state: State) -> Self {
        let chosen = move || state.choice.with(|choice| choice.environment);
        let other = Self {
            environment: Memo::new(move |_| compare::other(state.badge.get(), chosen())),
            dataset: RwSignal::new(None),
            report: RwSignal::new(None),
            status: RwSignal::new(Status::Loading(Progress::default())),
            client: StoredValue::new_local(None),
            opened: StoredValue::new(0),
        };
        Effect::new(move |_| {
            other.environment.get();
            if state.is_complete.get() {
                other.load(state, Freshness::Checked);
            }
        });
        let wanted = Memo::new(move |_| state.with_report(Report::query));
        Effect::new(move |_| {
            let Some(wanted) = wanted.get() else { return };
            let is_stale =
                other.report.with(|report| report.as_ref().is_some_and(|report| !report.answers(&wanted)));
            if is_stale {
                other.client.with_value(|client| client.as_ref().map(|client| client.rescan(wanted)));
            }
        });
        other
    }

    /// Reads it again, after that failed.
    pub(crate) fn retry(self, state: State) {
        self.load(state, Freshness::Fetched);
    }

    /// Reads it from the start.
    fn load(self, state: State, freshness: Freshness) {
        self.opened.update_value(|opened| *opened = opened.wrapping_add(1));
        let opened = self.opened.get_value();
        self.client.set_value(None);
        self.dataset.set(None);
        self.report.set(None);
        self.status.set(Status::Loading(Progress::default()));
        let choice = Choice { environment: self.environment.get_untracked(), ..Choice::default() };
        leptos::task::spawn_local(async move {
            let found = open::chosen(&choice, freshness).await;
            // The page may have been left by now, or something else be compared.
            if self.opened.try_get_value() != Some(opened) {
                return;
            }
            let data = match found {
                Ok(Found { dataset, data, .. }) => {
                    self.dataset.set(Some(Arc::new(dataset)));
                    data
                }
                Err(failure) => return self.status.set(Status::Failed(failure)),
            };
            let client = Client::open(data, state.query.get_untracked(), move |update| {
                if self.opened.try_get_value() == Some(opened) {
                    self.update(update);
                }
            });
            self.client.set_value(Some(client));
        });
    }

    fn update(self, update: Update) {
        match update {
            Update::Report { report, is_complete: true } => {
                self.report.set(Some(report));
                self.status.set(Status::Ready);
            }
            Update::Progress(progress) if self.report.with_untracked(Option::is_none) => {
                self.status.set(Status::Loading(progress));
            }
            Update::Failed(failure) => self.status.set(Status::Failed(failure)),
            _ => {}
        }
    }
}
