//! What the user chose, as the URL holds it: only what differs from the default is written. The defaults of the models'
//! parameters are those that the data come with.

use form_urlencoded::Serializer;
use wow_engine::manifest::Environment;
use wow_engine::{Filter, Judge, Params, Query};

use super::bots::{Limit, Order};
use super::compare::Listing;
use super::dataset::Dataset;
use super::filter::{self, BotChoice};
use super::params::ChosenParams;
use super::player::SessionOrder;
use super::players::Selection;
use super::tables::Tables;
use super::zones::Grouping;

/// A page of the dashboard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Page {
    /// The headline figures.
    #[default]
    Overview,
    /// How long sessions last, and what ends them.
    Sessions,
    /// Who is flagged and why.
    Bots,
    /// All players.
    Players,
    /// Whether the numbers can be trusted.
    Quality,
    /// What the models are, with their SQL.
    Models,
    /// Two exports side by side.
    Compare,
}

impl Page {
    /// All pages in the order of the navigation.
    pub const ALL: [Self; 7] = [
        Self::Overview,
        Self::Sessions,
        Self::Bots,
        Self::Players,
        Self::Quality,
        Self::Models,
        Self::Compare,
    ];

    /// Its name in the navigation.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Sessions => "Sessions",
            Self::Bots => "Bots",
            Self::Players => "Players",
            Self::Quality => "Quality",
            Self::Models => "Models",
            Self::Compare => "Compare",
        }
    }

    fn key(self) -> String {
        self.label().to_lowercase()
    }
}

/// Everything that a link carries.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The page.
    pub page: Page,
    /// Which export.
    pub environment: Environment,
    /// A manifest or Parquet file elsewhere, instead of the export.
    pub data: Option<String>,
    /// Which events count.
    pub filter: Filter,
    /// Which of the players are shown.
    pub bots: BotChoice,
    /// The models' parameters that were chosen.
    pub params: ChosenParams,
    /// The player whose sessions are open.
    pub player: Option<i64>,
    /// Filters and order of the players' table.
    pub players: Selection,
    /// The order of the flagged players' table.
    pub flagged: Order,
    /// The limit that the curve of flagged players is over.
    pub curve: Limit,
    /// The order of the table of a player's sessions.
    pub sessions: SessionOrder,
    /// What zones are put together by.
    pub zones: Grouping,
    /// The charts that are shown as tables.
    pub tables: Tables,
    /// The players that differ in two exports: which are listed, in which order.
    pub differing: Listing,
    /// What the link says of the data that it was made of.
    pub of: Option<String>,
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            page: Page::default(),
            environment: Environment::Dev,
            data: None,
            filter: Filter::default(),
            bots: BotChoice::default(),
            params: ChosenParams::default(),
            player: None,
            players: Selection::default(),
            flagged: Order::default(),
            curve: Limit::default(),
            sessions: SessionOrder::default(),
            zones: Grouping::default(),
            tables: Tables::default(),
            differing: Listing::default(),
            of: None,
        }
    }
}

/// No parameter is larger.
pub const LARGEST_PARAMETER: i64 = 10_000_000;
/// A longer mark of data is none.
const MOST_MARK_BYTES: usize = 64;

impl Choice {
    /// Whether only the data were chosen, and nothing of how they are shown.
    #[must_use]
    pub fn is_any_view(&self) -> bool {
        let Self { environment, data, of, .. } = self.clone();
        *self == Self { environment, data, of, ..Self::default() }
    }

    /// Reads a query string, with or without its question mark. What cannot be understood is left out, for a link
    /// may come from another version.
    #[must_use]
    pub fn from_query(query: &str) -> Self {
        let mut choice = Self::default();
        for (key, value) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
            choice.take(&key, &value);
        }
        choice
    }

    fn take(&mut self, key: &str, value: &str) {
        match key {
            "page" => {
                if let Some(page) = Page::ALL.into_iter().find(|page| page.key() == value) {
                    self.page = page;
                }
            }
            "env" => {
                if value == Environment::Prod.name() {
                    self.environment = Environment::Prod;
                }
            }
            "data" => self.data = Some(value.to_owned()).filter(|address| !address.is_empty()),
            "player" => self.player = value.parse().ok(),
            "flagged" => self.flagged = Order::from_key(value),
            "curve" => self.curve = Limit::named(value),
            "sessions" => self.sessions = SessionOrder::from_key(value),
            "zones" => self.zones = Grouping::named(value),
            "tables" => self.tables = Tables::named(value),
            "of" => {
                let is_mark = (1..=MOST_MARK_BYTES).contains(&value.len())
                    && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
                self.of = is_mark.then(|| value.to_owned());
            }
            _ if self.params.take(key, value) => {}
            _ if filter::take(&mut self.filter, &mut self.bots, key, value) => {}
            _ if self.differing.take(key, value) => {}
            _ => self.players.take(key, value),
        }
    }

    /// What a scan is asked for, of data that come with these parameters.
    #[must_use]
    pub fn query(&self, usual: &Params) -> Query {
        let mut filter = self.filter.clone();
        // It says nothing without a filter, and one question has one form.
        if filter.is_empty() {
            filter.judge = Judge::default();
        }
        Query { params: self.params.over(usual), filter }
    }

    /// Changes parameters. What is as usual afterwards counts as not chosen.
    pub fn change_params(&mut self, usual: &Params, change: impl FnOnce(&mut Params)) {
        let mut params = self.params.over(usual);
        change(&mut params);
        self.params = ChosenParams::differing(&params, usual);
    }

    /// Goes back to what a scan was asked for.
    pub fn go_back_to(&mut self, query: Query, usual: &Params) {
        self.params = ChosenParams::differing(&query.params, usual);
        self.filter = query.filter;
    }

    /// Shows the data of an environment, whatever a link was made of.
    pub fn show_environment(&mut self, environment: Environment) {
        self.environment = environment;
        self.data = None;
        self.player = None;
        self.of = None;
    }

    /// Goes to a page.
    pub const fn go_to(&mut self, page: Page) {
        self.page = page;
        self.player = None;
    }

    /// The query string of a link to share, which says what the data are, so that other ones can be told. Parameters that the
    /// data come with are not in it.
    #[must_use]
    pub fn to_shared_query(&self, dataset: Option<&Dataset>) -> String {
        let params = dataset.map_or(self.params, |dataset| self.params.without(&dataset.params()));
        Self { params, of: dataset.and_then(Dataset::mark), ..self.clone() }.to_query()
    }

    /// The query string for whoever makes a file of what is shown and does not know the data: with all parameters.
    #[must_use]
    pub fn to_full_query(&self, usual: &Params) -> String {
        Self { params: ChosenParams::all(&self.params.over(usual)), ..self.clone() }.to_query()
    }

    /// Whether the filter leaves anything out.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.filter.is_empty() || self.bots != BotChoice::default()
    }

    /// Takes the filter away.
    pub fn clear_filter(&mut self) {
        self.filter = Filter::default();
        self.bots = BotChoice::default();
    }

    /// The query string without a question mark; empty when everything is as by default.
    #[must_use]
    pub fn to_query(&self) -> String {
        let mut query = Serializer::new(String::new());
        if self.environment != Environment::Dev {
            query.append_pair("env", self.environment.name());
        }
        if let Some(data) = &self.data {
            query.append_pair("data", data);
        }
        if self.page != Page::default() {
            query.append_pair("page", &self.page.key());
        }
        for (key, value) in filter::pairs(&self.filter, self.bots) {
            query.append_pair(key, &value);
        }
        self.params.write(&mut query);
        if let Some(player) = self.player {
            query.append_pair("player", &player.to_string());
        }
        if self.flagged != Order::default() {
            query.append_pair("flagged", &self.flagged.key());
        }
        if self.curve != Limit::default() {
            query.append_pair("curve", self.curve.name());
        }
        if self.sessions != SessionOrder::default() {
            query.append_pair("sessions", &self.sessions.key());
        }
        if self.zones != Grouping::default() {
            query.append_pair("zones", self.zones.key());
        }
        if !self.tables.is_empty() {
            query.append_pair("tables", &self.tables.to_string());
        }
        for (key, value) in self.players.pairs().into_iter().chain(self.differing.pairs()) {
            query.append_pair(key, &value);
        }
        if let Some(of) = &self.of {
            query.append_pair("of", of);
        }
        query.finish()
    }
}

#[cfg(test)]
mod tests {
    use wow_engine::time::{Day, Minutes};

    use super::*;

    #[test]
    fn only_what_differs_from_the_default_is_written() {
        assert_eq!(Choice::default().to_query(), "");
        let query = "env=prod&data=https%3A%2F%2Fa.example%2Fm.json%3Fx%3D1%262&page=bots&gap=10&longest=600\
                     &as_of=2009-01-01&player=-9223372036854775808&flagged=over_by&curve=average&sessions=-minutes\
                     &zones=continent&tables=levels%2Csession-duration&of=0123456789ab";
        let choice = Choice::from_query(query);
        assert_eq!(choice.data.as_deref(), Some("https://a.example/m.json?x=1&2"));
        assert_eq!((choice.page, choice.player), (Page::Bots, Some(i64::MIN)));
        assert_eq!((choice.curve, choice.sessions.column), (Limit::Average, "minutes"));
        assert_eq!(choice.zones, Grouping::Continent);
        assert!(choice.tables.contains("levels") && !choice.tables.contains("classes"));
        assert_eq!(choice.query(&Params::default()).params.as_of_day, Some(Day::of(14_245)));
        assert_eq!(choice.to_query(), query);
        let comparison = "page=compare&differing=only-there&differing_sort=-longest_there";
        assert_eq!(Choice::from_query(comparison).to_query(), comparison);
    }

    #[test]
    fn a_link_to_share_tells_its_data_and_another_environment_forgets_them() {
        let mut choice = Choice::from_query("page=bots&gap=10&of=fedcba987654");
        let export = Dataset::Export(Box::new(crate::sample::manifest()));
        assert_eq!(choice.to_shared_query(Some(&export)), "page=bots&gap=10&of=0123456789ab");
        assert_eq!(choice.to_shared_query(None), "page=bots&gap=10");
        let mut manifest = crate::sample::manifest();
        manifest.parameters.session_gap_minutes = Minutes::of(10);
        let with_that_gap = Dataset::Export(Box::new(manifest));
        assert_eq!(choice.to_shared_query(Some(&with_that_gap)), "page=bots&of=0123456789ab");
        let usual = Choice::from_query("gap=30");
        assert_eq!(usual.to_shared_query(Some(&export)), "of=0123456789ab");
        assert_eq!(usual.to_shared_query(Some(&with_that_gap)), "gap=30&of=0123456789ab");
        choice.show_environment(Environment::Prod);
        assert_eq!(choice.to_query(), "env=prod&page=bots&gap=10");
    }

    #[test]
    fn what_a_scan_was_begun_for_is_taken_back_and_nothing_else() {
        let before = Choice::from_query("gap=10&class=Mage").query(&Params::default());
        let mut choice =
            Choice::from_query("page=players&bots=out&class=Rogue&longest=60&sort=-total_events");
        choice.go_back_to(before, &Params::default());
        assert_eq!(choice.to_query(), "page=players&class=Mage&bots=out&gap=10&sort=-total_events");
    }

    #[test]
    fn nonsense_is_left_out() {
        let query = "?page=nowhere&env=production&gap=-1&longest=99999999999&average=x&as_of=today&player=&flagged=-x&curve=x&sessions=-note&zones=x&tables=%3Cb%3E,&q&differing=x&differing_sort=x&of=%3Cb%3E";
        assert_eq!(Choice::from_query(query).to_query(), "");
    }
}
