//! What is opened, read and shown, and how that ends.

use std::sync::Arc;

use leptos::prelude::*;

use super::{REST_MS, State};
use crate::analysis::{Attempt, Change, Event, Heard};
use crate::client::Client;
use crate::http::Freshness;
use crate::local::{Dropped, LocalFile};
use crate::open::{self, Opened};
use crate::protocol::Failure;
use wow_view::dataset::Badge;
use wow_view::failure::Origin;

impl State {
    pub(super) fn start_client(self) {
        let look = move |attempt, is_fetched_anew| self.look(attempt, Freshness::of_attempt(is_fetched_anew));
        self.client.set_value(Some(Client::new(REST_MS, look, move |change| self.changed(change))));
    }

    pub(super) fn tell(self, event: Event) {
        if let Some(client) = self.client.with_value(Clone::clone) {
            client.tell(event);
        }
    }

    /// Shows what was dropped on the page.
    pub(crate) fn open_dropped(self, dropped: Dropped) {
        leptos::task::spawn_local(async move { self.open_files(dropped.files().await) });
    }

    /// Shows files of this machine, or why there are none.
    pub(crate) fn open_files(self, files: Result<Vec<LocalFile>, Failure>) {
        match files {
            Ok(files) if files.is_empty() => {}
            Ok(files) => {
                self.local_files.set_value(files);
                self.open();
            }
            Err(failure) => {
                self.origin.set_value(Origin::ThisMachine);
                self.tell(Event::Refuse(failure));
            }
        }
    }

    /// Leaves the files that were picked, and reads what the link asks for.
    pub(crate) fn reopen(self) {
        self.local_files.set_value(Vec::new());
        self.open();
    }

    fn open(self) {
        self.dataset.set(None);
        self.tell(Event::Open);
    }

    /// Reads the dataset again, after that was cancelled or failed. A whole picture stays until the next one is there.
    pub(crate) fn retry(self) {
        if !self.is_complete.get_untracked() {
            self.dataset.set(None);
        }
        self.tell(Event::Retry);
    }

    /// Stops what is under way; what is there stays. What a scan was begun for is taken back.
    pub(crate) fn cancel(self) {
        self.tell(Event::Cancel);
    }

    /// Finds out what there is to read: what the link asks for, or the files that were picked.
    fn look(self, attempt: Attempt, freshness: Freshness) {
        let files = self.local_files.get_value();
        let choice = self.choice.get_untracked();
        self.origin.set_value(match (files.is_empty(), &choice.data) {
            (true, None) => Origin::Export(choice.environment),
            (true, Some(_)) => Origin::RemoteExport,
            (false, _) => Origin::ThisMachine,
        });
        leptos::task::spawn_local(async move {
            let opened = match files.is_empty() {
                true => open::chosen(&choice, freshness).await,
                false => Ok(open::files(files).await),
            };
            let client = self.client.with_value(Clone::clone);
            let Some(client) = client.filter(|client| client.is_at(attempt)) else { return };
            match opened {
                Ok(opened) => self.read(&client, attempt, opened),
                Err(failure) => client.tell(Event::Heard(attempt, Heard::Failed(failure))),
            }
        });
    }

    fn read(self, client: &Client, attempt: Attempt, opened: Opened) {
        let Opened { dataset, data, player_facts, keeping, report } = opened;
        self.player_facts.set(player_facts);
        if dataset.badge() == Badge::RemoteFile {
            self.origin.set_value(Origin::Address);
        }
        let dataset = Some(Arc::new(dataset));
        let is_same = self.dataset.get_untracked() == dataset;
        if !is_same {
            self.dataset.set(dataset);
        }
        let query = self.query.get_untracked();
        let known = report.filter(|report| report.answers(&query)).map(Arc::new);
        self.offline.opened(keeping, known.is_some());
        client.found(attempt, data, is_same, query, known);
    }

    fn changed(self, change: Change) {
        let first = match &change {
            Change::Report { report, is_complete: true } if !self.is_complete.get_untracked() => {
                Some(Arc::clone(report))
            }
            _ => None,
        };
        match change {
            Change::GoBack(query) => {
                let usual = self.usual.get_untracked();
                self.choice.update(|choice| choice.go_back_to(query, &usual));
            }
            change => self.published.take(change),
        }
        if let Some(report) = first {
            self.offline.keep(self.dataset.get_untracked(), report);
        }
    }
}
