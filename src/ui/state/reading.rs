//! What is opened, read and shown, and how that ends.

use std::sync::Arc;

use leptos::prelude::*;
use wow_engine::pipeline::Report;

use super::{State, Status};
use crate::client::{self, Client};
use crate::http::Freshness;
use crate::local::{Dropped, LocalFile};
use crate::open::{self, Found};
use crate::protocol::Failure;
use wow_view::dataset::Badge;
use wow_view::failure::Origin;
use wow_view::loading::Progress;

impl State {
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
                self.stop();
                self.origin.set_value(Origin::ThisMachine);
                self.status.set(Status::Failed(failure));
            }
        }
    }

    /// Leaves the files that were picked, and reads what the link asks for.
    pub(crate) fn reopen(self) {
        self.local_files.set_value(Vec::new());
        self.open();
    }

    fn open(self) {
        self.forget();
        self.read(Freshness::Checked);
    }

    /// Reads the dataset again, after that was cancelled or failed. A whole picture stays until the next one is there.
    pub(crate) fn retry(self) {
        if !self.is_complete.get_untracked() {
            self.forget();
        }
        let has_failed = self.status.with_untracked(|status| status.failure().is_some());
        self.read(if has_failed { Freshness::Fetched } else { Freshness::Checked });
    }

    /// Reads the dataset from the start: what the link asks for, or the files that were picked.
    fn read(self, freshness: Freshness) {
        let opened = self.stop();
        self.status.set(Status::Loading(Progress::default()));
        let files = self.local_files.get_value();
        let choice = self.choice.get_untracked();
        self.origin.set_value(match (files.is_empty(), &choice.data) {
            (true, None) => Origin::Export(choice.environment),
            (true, Some(_)) => Origin::RemoteExport,
            (false, _) => Origin::ThisMachine,
        });
        leptos::task::spawn_local(async move {
            let result = match files.is_empty() {
                true => open::chosen(&choice, freshness).await,
                false => Ok(open::files(files).await),
            };
            if self.opened.get_value() != opened {
                return;
            }
            match result {
                Ok(found) => self.load(opened, found),
                Err(failure) => self.status.set(Status::Failed(failure)),
            }
        });
    }

    fn load(self, opened: u32, Found { dataset, data, player_facts, keeping }: Found) {
        self.player_facts.set(player_facts);
        self.offline.opened(keeping);
        if dataset.badge() == Badge::RemoteFile {
            self.origin.set_value(Origin::Address);
        }
        let dataset = Some(Arc::new(dataset));
        if self.dataset.get_untracked() != dataset {
            // What stayed is of other data.
            self.forget();
            self.dataset.set(dataset);
        }
        let client = Client::open(data, self.query.get_untracked(), move |update| {
            if self.opened.get_value() == opened {
                self.update(update);
            }
        });
        // What is to be read is known now, and a slow server may be long in sending the first byte.
        self.status.set(Status::Loading(client.progress()));
        self.client.set_value(Some(client));
    }

    fn update(self, update: client::Update) {
        match update {
            client::Update::Progress(progress) => self.status.update(|status| match status {
                Status::Loading(_) => *status = Status::Loading(progress),
                Status::Ready | Status::Again(_) => *status = Status::Again(progress),
                Status::Cancelled | Status::Failed(_) => {}
            }),
            client::Update::Facts { place, facts } => {
                self.parts.update(|parts| match parts.binary_search_by_key(&place, |(place, _)| *place) {
                    Ok(index) => parts[index].1 = facts,
                    Err(index) => parts.insert(index, (place, facts)),
                })
            }
            client::Update::Sorting => {
                if !self.is_complete.get_untracked() {
                    self.report.set(None);
                    self.parts.set(Vec::new());
                }
                self.is_sorted_here.set(true);
            }
            client::Update::Report { report, is_complete: true } => {
                self.report.set(Some(report));
                self.status.set(Status::Ready);
                // Whoever waits for this is told once, not after every scan.
                if !self.is_complete.get_untracked() {
                    self.is_complete.set(true);
                    self.offline.keep(self.dataset.get_untracked());
                }
                self.keep_up();
            }
            client::Update::Report { report, is_complete: false } => {
                // A whole picture says more than a part of the next one.
                if !self.is_complete.get_untracked() {
                    self.report.set(Some(report));
                }
            }
            client::Update::Failed(failure) => self.status.set(Status::Failed(failure)),
        }
    }

    /// Stops what is under way; what is there stays. What a scan was begun for is taken back, which ends it.
    pub(crate) fn cancel(self) {
        if self.status.with_untracked(|status| status.again().is_some()) {
            let shown = self.report.with_untracked(|report| report.as_deref().map(Report::query));
            if let Some(shown) = shown {
                let usual = self.usual.get_untracked();
                self.choice.update(|choice| choice.go_back_to(shown, &usual));
            }
            return;
        }
        if let Some(client) = self.client.with_value(Clone::clone) {
            client.cancel();
        }
        self.stop();
        self.status.set(Status::Cancelled);
    }

    /// Ends the workers. Gives the number of what is opened next.
    fn stop(self) -> u32 {
        self.opened.update_value(|opened| *opened = opened.wrapping_add(1));
        self.client.set_value(None);
        self.rest.set_value(None);
        self.opened.get_value()
    }

    fn forget(self) {
        self.is_complete.set(false);
        self.is_sorted_here.set(false);
        self.report.set(None);
        self.dataset.set(None);
        self.parts.set(Vec::new());
    }
}
