//! The filter of all pages: which events count, and which of the two groups of players are shown.

use wow_charts::{Theme, format};
use wow_engine::pipeline::{Dictionary, Report, Totals};
use wow_engine::time::Day;
use wow_engine::{Filter, Params};

use super::dataset::Dataset;
use super::time;

/// As many classes or races as a menu offers.
const MOST_TEXTS: usize = 100;
/// As many names as a menu's label holds.
const MOST_NAMED: usize = 2;

/// Which of the players are shown: a choice after the verdict, which follows the limits as they are moved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BotChoice {
    /// All, the two groups told apart.
    #[default]
    In,
    /// Those that no rule flags.
    Out,
    /// Likely bots.
    Only,
}

impl BotChoice {
    /// All choices in the order of the switch.
    pub const ALL: [Self; 3] = [Self::In, Self::Out, Self::Only];

    /// Its name in the switch and in the URL.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
            Self::Only => "only",
        }
    }

    /// What it shows.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::In => "Likely bots and all others",
            Self::Out => "All but likely bots",
            Self::Only => "Only likely bots",
        }
    }

    /// Whether a player is shown.
    #[must_use]
    pub const fn shows(self, is_bot: bool) -> bool {
        match self {
            Self::In => true,
            Self::Out => !is_bot,
            Self::Only => is_bot,
        }
    }

    /// Counts of both groups, with nothing where a group is not shown.
    #[must_use]
    pub const fn split(self, humans: u64, bots: u64) -> (u64, u64) {
        match self {
            Self::In => (humans, bots),
            Self::Out => (humans, 0),
            Self::Only => (0, bots),
        }
    }

    /// Whether a chart of one group is of likely bots. Where both are shown it is of the others, as it says.
    #[must_use]
    pub const fn is_only(self) -> bool {
        matches!(self, Self::Only)
    }

    /// The group that a chart of one group is of, as a sentence begins: `Players without bots`.
    #[must_use]
    pub const fn players(self) -> &'static str {
        if self.is_only() { "Likely bots" } else { "Players without bots" }
    }

    /// Whose events or sessions are shown, to follow their name in a sentence: `Events without bots`.
    #[must_use]
    pub const fn whose(self) -> &'static str {
        match self {
            Self::In => "",
            Self::Out => " without bots",
            Self::Only => " of likely bots",
        }
    }

    /// What is said where likely bots and the others are counted whatever is chosen; nothing where both are shown.
    #[must_use]
    pub const fn both_counted(self) -> &'static str {
        match self {
            Self::In => "",
            Self::Out | Self::Only => " Both groups are counted, whichever is shown elsewhere.",
        }
    }

    /// The colours for a chart of one group.
    #[must_use]
    pub const fn theme(self, theme: Theme) -> Theme {
        if self.is_only() { Theme { human: theme.bot, heat: theme.bot, ..theme } } else { theme }
    }

    /// How many players churned, of how many, and of whom: churn is asked of the players without bots, and of likely bots
    /// where only those are shown.
    #[must_use]
    pub const fn churned(self, all: &Totals) -> (u64, u64, &'static str) {
        match self {
            Self::Only => (all.churned_bots, all.bots, "likely bots"),
            Self::In | Self::Out => (all.churned, all.kept_players(), "players without bots"),
        }
    }

    /// The totals of the players shown.
    #[must_use]
    pub const fn totals(self, all: &Totals) -> Totals {
        match self {
            Self::In => *all,
            Self::Out => Totals {
                events: all.kept_events(),
                players: all.kept_players(),
                sessions: all.sessions - all.bot_sessions,
                churned: all.churned,
                ..NOBODY
            },
            Self::Only => Totals {
                events: all.bot_events,
                players: all.bots,
                sessions: all.bot_sessions,
                churned: 0,
                ..*all
            },
        }
    }
}

const NOBODY: Totals = Totals {
    events: 0,
    players: 0,
    sessions: 0,
    bots: 0,
    bots_by_longest: 0,
    bots_by_average: 0,
    bot_events: 0,
    bot_sessions: 0,
    churned: 0,
    churned_bots: 0,
};

/// Which texts of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Texts {
    /// Its classes.
    Class,
    /// Its races.
    Race,
}

impl Texts {
    /// The column, the name in the URL and in the page's markup.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Race => "race",
        }
    }

    /// Its heading.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Class => "Class",
            Self::Race => "Race",
        }
    }

    /// What chooses all of them.
    #[must_use]
    pub const fn all(self) -> &'static str {
        match self {
            Self::Class => "All classes",
            Self::Race => "All races",
        }
    }

    /// Those that are chosen; all when there are none.
    #[must_use]
    pub fn of(self, filter: &Filter) -> &[String] {
        match self {
            Self::Class => &filter.classes,
            Self::Race => &filter.races,
        }
    }

    const fn of_mut(self, filter: &mut Filter) -> &mut Vec<String> {
        match self {
            Self::Class => &mut filter.classes,
            Self::Race => &mut filter.races,
        }
    }

    const fn dictionary(self, report: &Report) -> &Dictionary {
        match self {
            Self::Class => &report.strings.class,
            Self::Race => &report.strings.race,
        }
    }

    /// Adds a text to those that are chosen. They are kept in order, so that one choice has one form.
    pub fn choose(self, filter: &mut Filter, text: &str) {
        let chosen = self.of_mut(filter);
        if let Err(place) = chosen.binary_search_by(|known| known.as_str().cmp(text))
            && !text.is_empty()
        {
            chosen.insert(place, text.to_owned());
        }
    }

    /// Adds a text, or takes it away where it is there.
    pub fn toggle(self, filter: &mut Filter, text: &str) {
        let chosen = self.of_mut(filter);
        let before = chosen.len();
        chosen.retain(|known| known != text);
        if chosen.len() == before {
            self.choose(filter, text);
        }
    }

    /// Takes all away.
    pub fn clear(self, filter: &mut Filter) {
        self.of_mut(filter).clear();
    }

    /// The texts to choose from, in order: those of the whole log, whatever the filter, and what a link asks for
    /// even where the log has none of it.
    #[must_use]
    pub fn choices(self, report: Option<&Report>, filter: &Filter) -> Vec<String> {
        let known = report.map_or(&[][..], |report| self.dictionary(report).texts());
        let mut texts: Vec<String> = known.iter().filter(|text| !text.is_empty()).cloned().collect();
        texts.sort_unstable();
        texts.truncate(MOST_TEXTS);
        texts.extend(self.of(filter).iter().cloned());
        texts.sort_unstable();
        texts.dedup();
        texts
    }

    /// What the menu says while it is closed.
    #[must_use]
    pub fn label(self, filter: &Filter) -> String {
        let chosen = self.of(filter);
        let shown = match chosen {
            [] => "all".to_owned(),
            names if names.len() <= MOST_NAMED => names.join(", "),
            names => format!("{} +{}", names[..MOST_NAMED].join(", "), names.len() - MOST_NAMED),
        };
        format!("{}: {shown}", self.key())
    }
}

/// What the menu of days says while it is closed.
#[must_use]
pub fn days_label(filter: &Filter) -> String {
    match (filter.from_day, filter.to_day) {
        (None, None) => "days: all".to_owned(),
        (Some(from), None) => format!("from {}", time::day(from)),
        (None, Some(to)) => format!("to {}", time::day(to)),
        (Some(from), Some(to)) => format!("{} – {}", time::day(from), time::day(to)),
    }
}

/// The first and the last day of the whole log, as far as that is known: an export's manifest tells it, files do
/// when they are read without a filter.
#[must_use]
pub fn days_of_log(dataset: &Dataset, report: Option<&Report>) -> Option<(Day, Day)> {
    let (first_us, last_us) = match dataset {
        Dataset::Export(manifest) => (manifest.first_event_us, manifest.last_event_us),
        Dataset::Files { .. } => {
            let report = report.filter(|report| report.filter.is_empty())?;
            (report.first_us, report.last_us)
        }
    };
    Some((first_us?.day(), last_us?.day()))
}

/// Takes a pair of the URL; whether it is one of the filter's. What cannot be understood is left out.
pub fn take(filter: &mut Filter, bots: &mut BotChoice, key: &str, value: &str) -> bool {
    match key {
        "from" => filter.from_day = time::day_number(value),
        "to" => filter.to_day = time::day_number(value),
        "class" => Texts::Class.choose(filter, value),
        "race" => Texts::Race.choose(filter, value),
        "bots" => *bots = BotChoice::ALL.into_iter().find(|bots| bots.key() == value).unwrap_or_default(),
        _ => return false,
    }
    true
}

/// The pairs of the URL that differ from the default. A key comes once for each of its texts.
#[must_use]
pub fn pairs(filter: &Filter, bots: BotChoice) -> Vec<(&'static str, String)> {
    let days = [("from", filter.from_day), ("to", filter.to_day)];
    let days = days.into_iter().filter_map(|(key, day)| Some((key, time::iso_day(day?))));
    let texts = [Texts::Class, Texts::Race].into_iter();
    let texts = texts.flat_map(|texts| texts.of(filter).iter().map(move |text| (texts.key(), text.clone())));
    let bots = (bots != BotChoice::default()).then(|| ("bots", bots.key().to_owned()));
    days.chain(texts).chain(bots).collect()
}

/// Why there is nothing to show under the filter; `None` where there is something, or where no filter is the cause.
#[must_use]
pub fn why_empty(report: &Report, params: &Params, bots: BotChoice) -> Option<String> {
    if report.left_out > 0 && report.rows == 0 {
        let events = format::count(report.left_out);
        return Some(format!("None of the {events} events is of these days, classes and races."));
    }
    if bots != BotChoice::In && report.rows > 0 && bots.totals(&report.totals(params)).players == 0 {
        let said = match bots {
            BotChoice::Only => {
                "No player is flagged under these limits, and only likely bots are to be shown."
            }
            _ => "Every player is flagged under these limits, and likely bots are to be left out.",
        };
        return Some(said.to_owned());
    }
    None
}

#[cfg(test)]
#[path = "tests/filter.rs"]
mod tests;
