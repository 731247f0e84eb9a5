//! What the page knows, in one place: what the user chose, and what was found.

use std::sync::Arc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use wow_charts::Theme;
use wow_engine::Params;
use wow_engine::manifest::Environment;
use wow_engine::pipeline::{Report, Session};

use super::browser::{self, ThemeChoice};
use crate::client::{self, Client, Data};
use crate::open;
use crate::protocol::{Failure, PartFacts};
use crate::view::choice::{Choice, Page};
use crate::view::dataset::{Badge, Dataset};
use crate::view::loading::Progress;

/// How long a choice must rest before the address tells it, and before the events are scanned again with it.
const REST_MS: u32 = 300;

/// Where the loading stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Status {
    /// Parts are being read.
    Loading(Progress),
    /// The user stopped it.
    Cancelled,
    /// It ended with a failure.
    Failed(Failure),
    /// All is there.
    Ready,
}

/// The page's state; a context of every component.
#[derive(Clone, Copy)]
pub(crate) struct State {
    /// What the user chose; the URL mirrors it.
    pub(crate) choice: RwSignal<Choice>,
    /// The statistics so far; none before the first part is in.
    pub(crate) report: RwSignal<Option<Arc<Report>>>,
    /// The parameters in force.
    pub(crate) params: Memo<Params>,
    /// The colours of the charts.
    pub(crate) theme: Memo<Theme>,
    /// Light, dark, or what the system says.
    pub(crate) theme_choice: RwSignal<ThemeChoice>,
    /// Where the numbers come from.
    pub(crate) dataset: RwSignal<Option<Arc<Dataset>>>,
    /// What the data are; before they are known, what was asked for.
    pub(crate) badge: Memo<Badge>,
    /// What is known of the parts read so far, in order.
    pub(crate) parts: RwSignal<Vec<(usize, PartFacts)>>,
    /// Where the loading stands.
    pub(crate) status: RwSignal<Status>,
    /// Whether the rows were not in order and were sorted here.
    pub(crate) is_sorted_here: RwSignal<bool>,
    /// Whether all parts are in.
    pub(crate) is_complete: RwSignal<bool>,
    /// Whether a scan with other parameters is under way.
    pub(crate) is_stale: Memo<bool>,
    client: StoredValue<Option<Client>, LocalStorage>,
    local_files: StoredValue<Vec<web_sys::File>, LocalStorage>,
    rest: StoredValue<Option<Timeout>, LocalStorage>,
    address: StoredValue<Option<Timeout>, LocalStorage>,
    /// Counts what was opened, so that an answer for an earlier dataset can be told apart.
    opened: StoredValue<u32>,
}

impl State {
    /// The state that the URL asks for; starts to load.
    pub(crate) fn start() -> Self {
        let choice = RwSignal::new(Choice::from_query(&browser::query()));
        let theme_choice = RwSignal::new(browser::stored_theme());
        let system_is_dark = browser::system_is_dark();
        let report = RwSignal::new(None::<Arc<Report>>);
        let dataset = RwSignal::new(None::<Arc<Dataset>>);
        let params = Memo::new(move |_| choice.with(|choice| choice.params));
        let state = Self {
            choice,
            report,
            params,
            theme: Memo::new(move |_| match theme_choice.get().is_dark(system_is_dark.get()) {
                true => Theme::dark(),
                false => Theme::light(),
            }),
            theme_choice,
            dataset,
            badge: Memo::new(move |_| {
                let known = dataset.with(|dataset| dataset.as_ref().map(|dataset| dataset.badge()));
                known.unwrap_or_else(|| choice.with(|choice| Badge::from(choice.environment)))
            }),
            parts: RwSignal::new(Vec::new()),
            status: RwSignal::new(Status::Loading(Progress::default())),
            is_sorted_here: RwSignal::new(false),
            is_complete: RwSignal::new(false),
            is_stale: Memo::new(move |_| {
                report.with(|report| report.as_ref().is_some_and(|report| report.params != params.get()))
            }),
            client: StoredValue::new_local(None),
            local_files: StoredValue::new_local(Vec::new()),
            rest: StoredValue::new_local(None),
            address: StoredValue::new_local(None),
            opened: StoredValue::new(0),
        };
        state.follow();
        state
    }

    /// Keeps the URL, the theme, the tab's title and the scan in step with the state.
    fn follow(self) {
        Effect::new(move |_| browser::apply_theme(self.theme_choice.get()));
        Effect::new(move |_| document().set_title(&self.badge.get().tab_title()));
        Effect::new(move |last: Option<(Page, Option<i64>, Environment)>| {
            let (query, place) = self
                .choice
                .with(|choice| (choice.to_query(), (choice.page, choice.player, choice.environment)));
            // Browsers refuse an address that changes with every step of a slider.
            self.address.set_value(None);
            match last {
                Some(last) if last == place => {
                    let write = move || browser::write_query(&query, false);
                    self.address.set_value(Some(Timeout::new(REST_MS, write)));
                }
                last => browser::write_query(&query, last.is_some()),
            }
            place
        });
        let asked = Memo::new(move |_| self.choice.with(|choice| (choice.environment, choice.data.clone())));
        Effect::new(move |_| {
            // Read, not only tracked: a memo that nobody reads never notices that what it is made of changed.
            asked.get();
            self.reopen();
        });
        Effect::new(move |_| {
            let wanted = self.params.get();
            if self.is_complete.get() && self.is_stale.get() {
                let scan = move || {
                    self.client.with_value(|client| client.as_ref().map(|client| client.rescan(wanted)));
                };
                self.rest.set_value(Some(Timeout::new(REST_MS, scan)));
            }
        });
        EventListener::new(&window(), "popstate", move |_| {
            self.choice.set(Choice::from_query(&browser::query()));
        })
        .forget();
    }

    /// Shows Parquet files of this machine.
    pub(crate) fn open_files(self, files: Vec<web_sys::File>) {
        if files.is_empty() {
            return;
        }
        self.local_files.set_value(files);
        self.open();
    }

    /// Leaves the files that were picked, and reads what the link asks for.
    pub(crate) fn reopen(self) {
        self.local_files.set_value(Vec::new());
        self.open();
    }

    /// Reads the dataset from the start: what the link asks for, or the files that were picked.
    pub(crate) fn open(self) {
        let opened = self.forget();
        self.status.set(Status::Loading(Progress::default()));
        let files = self.local_files.get_value();
        if !files.is_empty() {
            return match open::files(files) {
                Ok(found) => self.load(opened, found),
                Err(failure) => self.status.set(Status::Failed(failure)),
            };
        }
        let choice = self.choice.get_untracked();
        leptos::task::spawn_local(async move {
            let result = open::chosen(&choice).await;
            if self.opened.get_value() != opened {
                return;
            }
            match result {
                Ok(found) => self.load(opened, found),
                Err(failure) => self.status.set(Status::Failed(failure)),
            }
        });
    }

    fn load(self, opened: u32, (dataset, data): (Dataset, Data)) {
        self.dataset.set(Some(Arc::new(dataset)));
        let client = Client::open(data, self.params.get_untracked(), move |update| {
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
            client::Update::Progress(progress) if !self.is_complete.get_untracked() => {
                self.status.set(Status::Loading(progress));
            }
            client::Update::Progress(_) => {}
            client::Update::Facts { place, facts } => {
                self.parts.update(|parts| match parts.binary_search_by_key(&place, |(place, _)| *place) {
                    Ok(index) => parts[index].1 = facts,
                    Err(index) => parts.insert(index, (place, facts)),
                })
            }
            client::Update::Sorting => {
                self.is_sorted_here.set(true);
                self.report.set(None);
                self.parts.set(Vec::new());
            }
            client::Update::Report { report, is_complete } => {
                self.report.set(Some(report));
                if is_complete {
                    self.status.set(Status::Ready);
                    self.is_complete.set(true);
                }
            }
            client::Update::Failed(failure) => self.status.set(Status::Failed(failure)),
        }
    }

    /// Stops the loading; what is there stays.
    pub(crate) fn cancel(self) {
        if let Some(client) = self.client.with_value(Clone::clone) {
            client.cancel();
        }
        self.opened.update_value(|opened| *opened = opened.wrapping_add(1));
        self.client.set_value(None);
        self.status.set(Status::Cancelled);
    }

    fn forget(self) -> u32 {
        self.opened.update_value(|opened| *opened = opened.wrapping_add(1));
        self.client.set_value(None);
        self.rest.set_value(None);
        self.is_complete.set(false);
        self.is_sorted_here.set(false);
        self.report.set(None);
        self.dataset.set(None);
        self.parts.set(Vec::new());
        self.opened.get_value()
    }

    /// The sessions of a player, in time order; none when there is no such player.
    ///
    /// # Errors
    /// What a worker met on the way.
    pub(crate) async fn sessions(self, player_id: i64) -> Result<Vec<Session>, Failure> {
        let gap = self.params.get_untracked().session_gap_minutes;
        let client = self.client.with_value(|client| client.clone());
        match client {
            Some(client) => client.sessions(player_id, gap).await,
            None => Err(Failure::Worker { detail: "no data are loaded".into() }),
        }
    }
}
