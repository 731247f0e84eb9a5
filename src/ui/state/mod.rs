//! What the page knows, in one place: what the user chose, and what was found.

mod reading;

use std::sync::Arc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use wow_charts::Theme;
use wow_engine::facts::PlayerFacts;
use wow_engine::pipeline::{History, Report};
use wow_engine::time::{Day, Minutes};
use wow_engine::{Filter, Params, Query};

pub(crate) use crate::analysis::Status;

use super::browser::{self, ThemeChoice};
use super::offline::Offline;
use super::published::Published;
use super::review::Review;
use super::saving::{EventFile, Saving, Table};
use crate::analysis::{Event, Pending};
use crate::client::Client;
use crate::local::LocalFile;
use crate::protocol::{Failure, PartFacts, PartSource, Sheet};
use wow_view::address::{Address, Author, Cause, Destination, Entry};
use wow_view::bots::{FlaggedAsUsual, Limit};
use wow_view::choice::Choice;
use wow_view::dataset::{Badge, Dataset};
use wow_view::failure::Origin;
use wow_view::filter::{self, BotChoice};
use wow_view::provenance::Provenance;
use wow_view::sampled;
use wow_view::stale::Stale;

/// How long a choice must rest before the address tells it, and before the events are scanned again with it.
const REST_MS: u32 = 300;

/// The page's state; a context of every component.
#[derive(Clone, Copy)]
pub(crate) struct State {
    /// What the user chose; the URL mirrors it.
    pub(crate) choice: RwSignal<Choice>,
    /// The statistics so far; none before the first part is in.
    pub(crate) report: RwSignal<Option<Arc<Report>>>,
    /// The parameters that the data come with.
    pub(crate) usual: Memo<Params>,
    /// The parameters in force: what was chosen over the usual ones.
    pub(crate) params: Memo<Params>,
    /// What a scan is asked for: the parameters, and which events count.
    pub(crate) query: Memo<Query>,
    /// Which of the players are shown.
    pub(crate) bots: Memo<BotChoice>,
    /// Whom the usual rules flag under the filter in force; none until a report with the usual gap was there.
    pub(crate) flagged_as_usual: RwSignal<Option<Arc<FlaggedAsUsual>>>,
    /// The colours of the charts.
    pub(crate) theme: Memo<Theme>,
    /// Light, dark, or what the system says.
    pub(crate) theme_choice: RwSignal<ThemeChoice>,
    /// Where the numbers come from.
    pub(crate) dataset: RwSignal<Option<Arc<Dataset>>>,
    /// What the data are; before they are known, what was asked for.
    pub(crate) badge: Memo<Badge>,
    /// The share of the players that the data hold, where it is not all.
    pub(crate) sample: Memo<Option<String>>,
    /// What is known of the parts read so far, in order.
    pub(crate) parts: RwSignal<Vec<(usize, PartFacts)>>,
    /// Where the loading stands.
    pub(crate) status: RwSignal<Status>,
    /// Whether the rows were not in order and were sorted here.
    pub(crate) is_sorted_here: RwSignal<bool>,
    /// Whether the statistics are of all parts.
    pub(crate) is_complete: RwSignal<bool>,
    /// What of the statistics answers another query than the one chosen.
    pub(crate) stale: Memo<Stale>,
    /// What of that does not follow in a glance: a scan is under way, or waits.
    pub(crate) dimmed: Memo<Stale>,
    /// Files that are being made.
    pub(crate) saving: Saving,
    /// The first and the last day of the whole log, as far as that is known.
    pub(crate) days_of_log: Memo<Option<(Day, Day)>>,
    /// Whether a kept export is shown, and what is kept.
    pub(crate) offline: Offline,
    /// What the reader decided about players.
    pub(crate) review: Review,
    published: Published,
    client: StoredValue<Option<Client>, LocalStorage>,
    local_files: StoredValue<Vec<LocalFile>, LocalStorage>,
    /// The file with what snapshots saw of players, where the export has one.
    player_facts: RwSignal<Option<PartSource>>,
    /// Where what was opened last comes from.
    origin: StoredValue<Origin>,
    address: StoredValue<Option<Timeout>, LocalStorage>,
    /// Who wrote the address that the choice was read from.
    pub(crate) author: RwSignal<Author>,
    /// Why the choice is what it is.
    cause: StoredValue<Cause>,
    /// The place that the address tells.
    addressed: StoredValue<Destination>,
}

impl State {
    /// The state that the URL asks for; starts to load.
    pub(crate) fn start() -> Self {
        let (choice, author) = browser::choice();
        let choice = RwSignal::new(choice);
        let theme_choice = RwSignal::new(browser::stored_theme());
        let system_is_dark = browser::system_is_dark();
        let published = Published::new();
        let report = published.report;
        let dataset = RwSignal::new(None::<Arc<Dataset>>);
        let usual = Memo::new(move |_| {
            dataset.with(|dataset| dataset.as_ref().map(|dataset| dataset.params())).unwrap_or_default()
        });
        let params = Memo::new(move |_| {
            let usual = usual.get();
            choice.with(|choice| choice.params.over(&usual))
        });
        let query = Memo::new(move |_| {
            let usual = usual.get();
            choice.with(|choice| choice.query(&usual))
        });
        let stale = Memo::new(move |_| {
            let stale = |report: &Arc<Report>| query.with(|query| Stale::new(report, query));
            report.with(|report| report.as_ref().map(stale).unwrap_or_default())
        });
        let state = Self {
            choice,
            report,
            usual,
            params,
            query,
            bots: Memo::new(move |_| choice.with(|choice| choice.bots)),
            flagged_as_usual: RwSignal::new(None),
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
            sample: Memo::new(move |_| {
                dataset.with(|dataset| dataset.as_deref().and_then(Dataset::sample).map(sampled::in_short))
            }),
            parts: published.parts,
            status: published.status,
            saving: Saving::new(),
            is_sorted_here: published.is_sorted_here,
            is_complete: published.is_complete,
            stale,
            dimmed: Memo::new(move |_| {
                // Both are read, for a memo that is not read notices no change.
                let (stale, pending) = (stale.get(), published.pending.get());
                if pending == Pending::Scan { stale } else { Stale::Nothing }
            }),
            days_of_log: Memo::new(move |before: Option<&Option<(Day, Day)>>| {
                let dataset = dataset.get()?;
                let known = report.with(|report| filter::days_of_log(&dataset, report.as_deref()));
                known.or(before.copied().flatten())
            }),
            offline: Offline::new(),
            review: Review::new(),
            published,
            client: StoredValue::new_local(None),
            local_files: StoredValue::new_local(Vec::new()),
            player_facts: RwSignal::new(None),
            origin: StoredValue::new(Origin::Export(choice.with_untracked(|choice| choice.environment))),
            address: StoredValue::new_local(None),
            author: RwSignal::new(author),
            cause: StoredValue::new(Cause::Opened),
            addressed: StoredValue::new(choice.with_untracked(Destination::new)),
        };
        state.start_client();
        state.follow();
        state
    }

    /// Keeps the URL, the theme, the tab's title and the scan in step with the state.
    fn follow(self) {
        self.follow_usual_rules();
        Effect::new(move |_| browser::apply_theme(self.theme_choice.get()));
        Effect::new(move |_| {
            let page = self.choice.with(|choice| choice.page);
            document().set_title(&self.badge.get().tab_title(page));
        });
        Effect::new(move |_| {
            let destination = self.choice.with(Destination::new);
            let cause = self.cause.get_value();
            self.cause.set_value(Cause::Chosen);
            self.write_address(destination, cause);
        });
        let asked = Memo::new(move |_| self.choice.with(|choice| (choice.environment, choice.data.clone())));
        Effect::new(move |_| {
            // Read, not only tracked: a memo that nobody reads never notices that what it is made of changed.
            asked.get();
            self.reopen();
        });
        Effect::new(move |_| {
            let query = self.query.get();
            self.tell(Event::Choose(query));
        });
        EventListener::new(&window(), "popstate", move |_| {
            self.cause.set_value(Cause::Travelled);
            let (mut choice, author) = browser::choice();
            if author == Author::ThisPage {
                // Whatever the data were when it was written, it is of these now.
                choice.of = None;
            }
            self.author.set(author);
            self.choice.set(choice);
        })
        .forget();
    }

    /// Writes the address, and forgets what was still to be written.
    fn write_address(self, destination: Destination, cause: Cause) {
        let entry = self.addressed.with_value(|addressed| Entry::new(cause, addressed, &destination));
        let address = self.choice.with(|choice| self.address_of(choice));
        let write = move || {
            browser::write_address(&address, entry.is_added());
            if self.author.get_untracked() != address.author {
                self.author.set(address.author);
            }
            self.addressed.set_value(destination);
        };
        self.address.set_value(None);
        if entry.is_at_rest() {
            self.address.set_value(Some(Timeout::new(REST_MS, write)));
        } else {
            write();
        }
    }

    /// What the address tells of a choice: with the mark of the data, once they are known.
    pub(crate) fn address_of(self, choice: &Choice) -> Address {
        self.dataset.with(|dataset| Address::new(choice, dataset.as_deref(), self.author.get()))
    }

    /// What `from` makes of the statistics; nothing before there are any.
    pub(crate) fn with_report<T>(self, from: impl FnOnce(&Report) -> T) -> Option<T> {
        self.report.with(|report| report.as_deref().map(from))
    }

    /// Where what was opened last comes from.
    pub(crate) fn origin(self) -> Origin {
        self.origin.get_value()
    }

    /// Whether the statistics are of some events of the log alone.
    pub(crate) fn is_of_some_events(self) -> bool {
        self.with_report(|report| !report.filter.is_empty()).unwrap_or(false)
    }

    /// Whether a scan will make the statistics those that were chosen: what was cancelled or failed will not go on.
    pub(crate) fn is_waited_for(self) -> bool {
        self.dimmed.get().is_any() && self.status.with(Status::ended_early).is_none()
    }

    /// Where what is shown comes from, of the players that `bots` leaves: with the filter that it has passed, which is not yet the
    /// chosen one while that is scanned.
    pub(crate) fn provenance(self, bots: BotChoice) -> Provenance {
        let (badge, filter, params) =
            (self.badge.get_untracked(), self.shown_filter(), self.params.get_untracked());
        self.dataset
            .with_untracked(|dataset| Provenance::new(dataset.as_deref(), badge, &filter, bots, &params))
    }

    /// The name of a download of what is shown.
    pub(crate) fn file_name(self, stem: &str, extension: &str) -> String {
        self.provenance(self.bots.get_untracked()).file_name(stem, &[], extension)
    }

    /// Which events the statistics are of; before there are any, the choice.
    pub(crate) fn shown_filter(self) -> Filter {
        let shown = self.report.with_untracked(|report| report.as_ref().map(|report| report.filter.clone()));
        shown.unwrap_or_else(|| self.choice.with_untracked(|choice| choice.filter.clone()))
    }

    /// Changes parameters.
    pub(crate) fn change_params(self, change: impl FnOnce(&mut Params)) {
        let usual = self.usual.get_untracked();
        self.choice.update(|choice| choice.change_params(&usual, change));
    }

    /// Sets a limit, over which the curve of flagged players is then.
    pub(crate) fn set_limit(self, limit: Limit, minutes: Minutes) {
        let usual = self.usual.get_untracked();
        self.choice.update(|choice| {
            choice.curve = limit;
            choice.change_params(&usual, |params| limit.set(params, minutes));
        });
    }

    /// Lets only the events from the first to the last of these days count; all with `None`.
    pub(crate) fn set_days(self, days: Option<(Day, Day)>) {
        self.choice.update(|choice| {
            (choice.filter.from_day, choice.filter.to_day) =
                (days.map(|days| days.0), days.map(|days| days.1));
        });
    }

    /// Notes whom the usual rules flag whenever players are there for the first time, or other ones.
    fn follow_usual_rules(self) {
        let players = Memo::new_with_compare(
            move |_| self.report.get().filter(|_| self.is_complete.get()),
            |before, now| match (before.flatten(), now.flatten()) {
                (Some(before), Some(now)) => !Arc::ptr_eq(before.judged(), now.judged()),
                (before, now) => before.is_some() != now.is_some(),
            },
        );
        Effect::new(move |_| {
            let (usual, report) = (self.usual.get(), players.get());
            match report.as_deref().map(|report| FlaggedAsUsual::of(report, &usual)) {
                Some(Some(flagged)) => self.flagged_as_usual.set(Some(Arc::new(flagged))),
                // With another gap those are still to compare with that were found before.
                Some(None) => {}
                None => self.flagged_as_usual.set(None),
            }
        });
    }

    /// A table to take along, as it is chosen now.
    pub(crate) fn table(self, name: String, sheet: Sheet, media_type: &'static str) -> Table {
        let usual = self.usual.get_untracked();
        let query = self.choice.with_untracked(|choice| choice.to_full_query(&usual));
        let reports = self.report.get_untracked().into_iter().collect();
        let notes = self.provenance(self.bots.get_untracked()).notes();
        let marks = self.review.marks.get_untracked();
        Table { name, media_type, sheet, query, notes, reports, marks }
    }

    /// Whether the models of what is shown can be taken along: all of it is there, and answers what is chosen.
    pub(crate) fn has_models(self) -> bool {
        self.is_complete.get() && !self.stale.get().is_of_players()
    }

    /// Whether the workers are at hand that hold the events.
    pub(crate) fn has_events(self) -> bool {
        self.has_models() && self.status.with(|status| matches!(status, Status::Ready | Status::Again(_)))
    }

    /// The file of a model with a row per event, of what is shown; without the rows of flagged players, if so wished.
    pub(crate) fn event_file(self, is_without_bots: bool) -> Option<EventFile> {
        let client = self.client.with_value(Clone::clone)?;
        let params = self.params.get_untracked();
        self.report.with_untracked(|report| {
            let report = report.as_deref()?;
            let totals = report.totals(&params);
            let flagged = || report.flagged_under(&params);
            let rows = client.rows(report.query(), report.guild_kind, is_without_bots.then(flagged))?;
            let row_count = if is_without_bots { totals.kept_events() } else { totals.events };
            let notes = self.provenance(BotChoice::default()).notes();
            Some(EventFile { row_count, guild_kind: report.guild_kind, notes, rows })
        })
    }

    /// Whether the export has what snapshots saw of players.
    pub(crate) fn has_player_facts(self) -> bool {
        self.player_facts.with(Option::is_some)
    }

    /// What snapshots saw of a player, where the export has that.
    ///
    /// # Errors
    /// What a worker met on the way.
    pub(crate) async fn player_facts(self, player_id: i64) -> Result<Vec<PlayerFacts>, Failure> {
        let client = self.client.with_value(|client| client.clone());
        match (client, self.player_facts.get_untracked()) {
            (Some(client), Some(source)) => client.facts(source, player_id).await,
            _ => Err(Failure::Worker { detail: "no data are loaded".into() }),
        }
    }

    /// What a player did, as an answer to `query`; nothing when there is no such player.
    ///
    /// # Errors
    /// What a worker met on the way.
    pub(crate) async fn history(self, player_id: i64, query: &Query) -> Result<History, Failure> {
        let client = self.client.with_value(|client| client.clone());
        match client {
            Some(client) => client.history(player_id, query).await,
            None => Err(Failure::Worker { detail: "no data are loaded".into() }),
        }
    }
}
