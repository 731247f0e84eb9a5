//! The filter of all pages: which events count, and which of the two groups of players are shown.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use wow_charts::{Theme, format};
use wow_engine::pipeline::{NO_GUILD, Report, Totals};
use wow_engine::time::Day;
use wow_engine::{Filter, Judge, Params};

use super::columns;
use super::dataset::Dataset;
use super::time;

/// As many texts as a menu offers.
const MOST_TEXTS: usize = 100;
/// The stretches at the end of the log that are offered, days.
const LAST_DAYS: [i64; 3] = [7, 30, 90];
/// As many years as are offered one by one.
const MOST_YEARS: usize = 8;
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

    /// Whether only likely bots are shown.
    #[must_use]
    pub const fn is_only(self) -> bool {
        matches!(self, Self::Only)
    }

    /// The players that are shown, as a sentence begins: `Players without bots`.
    #[must_use]
    pub const fn players(self) -> &'static str {
        match self {
            Self::In => "Players",
            Self::Out => "Players without bots",
            Self::Only => "Likely bots",
        }
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

    /// The colours for a chart that does not tell the groups apart: those of the one that is shown, and neither's where
    /// both are.
    #[must_use]
    pub const fn theme(self, theme: Theme) -> Theme {
        match self {
            Self::In => theme,
            Self::Out => Theme { heat: theme.human, ..theme },
            Self::Only => Theme { human: theme.bot, heat: theme.bot, cool: theme.muted, ..theme },
        }
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
    /// Its guilds.
    Guild,
    /// Its zones.
    Zone,
}

impl Texts {
    /// All of them, in the order of the bar.
    pub const ALL: [Self; 4] = [Self::Class, Self::Race, Self::Guild, Self::Zone];

    /// The column, the name in the URL and in the page's markup.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Race => "race",
            // A link has the guild of the table of players under the column's name.
            Self::Guild => "in_guild",
            Self::Zone => "zone",
        }
    }

    /// Its heading.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Class => "Class",
            Self::Race => "Race",
            Self::Guild => "Guild",
            Self::Zone => "Zone",
        }
    }

    /// What chooses all of them.
    #[must_use]
    pub const fn all(self) -> &'static str {
        match self {
            Self::Class => "All classes",
            Self::Race => "All races",
            Self::Guild => "All guilds",
            Self::Zone => "All zones",
        }
    }

    /// Those that are chosen; all when there are none.
    #[must_use]
    pub fn of(self, filter: &Filter) -> &[String] {
        match self {
            Self::Class => &filter.classes,
            Self::Race => &filter.races,
            Self::Guild => &filter.guilds,
            Self::Zone => &filter.zones,
        }
    }

    const fn of_mut(self, filter: &mut Filter) -> &mut Vec<String> {
        match self {
            Self::Class => &mut filter.classes,
            Self::Race => &mut filter.races,
            Self::Guild => &mut filter.guilds,
            Self::Zone => &mut filter.zones,
        }
    }

    /// What the menu calls it.
    const fn label_name(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Race => "race",
            Self::Guild => "guild",
            Self::Zone => "zone",
        }
    }

    /// What the field to search in asks for.
    #[must_use]
    pub const fn search_hint(self) -> &'static str {
        match self {
            Self::Guild => "Guild number",
            _ => "Search",
        }
    }

    /// Whether there are so many that a menu of them wants a field to search in.
    #[must_use]
    pub const fn are_many(self) -> bool {
        matches!(self, Self::Guild | Self::Zone)
    }

    /// Those that the log has; guilds are those of the players that count.
    #[must_use]
    pub fn known(self, report: &Report) -> Vec<String> {
        let dictionary = match self {
            Self::Class => &report.strings.class,
            Self::Race => &report.strings.race,
            Self::Zone => &report.strings.zone,
            Self::Guild => return guilds(report),
        };
        let mut texts: Vec<String> =
            dictionary.texts().iter().filter(|text| !text.is_empty()).cloned().collect();
        texts.sort_unstable();
        texts
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

    /// The texts to choose from: what is chosen, also where the log has none of it, and those of [`Self::known`] that have the
    /// `search` in them. Where they are many, what is chosen comes first. Any guild's number can be searched for.
    #[must_use]
    pub fn choices(self, known: &[String], filter: &Filter, search: &str) -> Vec<String> {
        let search = search.trim().to_lowercase();
        let chosen = self.of(filter);
        let is_number = self == Self::Guild && search.parse::<f64>().is_ok_and(f64::is_finite);
        let asked = is_number.then_some(&search);
        let found = known.iter().filter(|text| text.to_lowercase().contains(&search)).take(MOST_TEXTS);
        let mut texts: Vec<String> = chosen.iter().chain(asked).chain(found).cloned().collect();
        if !self.are_many() {
            texts.sort_unstable();
        }
        let mut seen = HashSet::new();
        texts.retain(|text| seen.insert(text.clone()));
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
        format!("{}: {shown}", self.label_name())
    }
}

/// Stretches of the log that are often asked for, with their names: its last days, and each of its years if they are few.
#[must_use]
pub fn presets((first, last): (Day, Day)) -> Vec<(String, (Day, Day))> {
    let length = first.days_to(last).get().saturating_add(1);
    let ends = LAST_DAYS.into_iter().filter(|days| *days < length);
    let ends =
        ends.filter_map(|days| Some((format!("Last {days} days"), (Day::new(last.get() - days + 1)?, last))));
    let years = time::years(first, last);
    let years = if years.len() <= MOST_YEARS { years } else { Vec::new() };
    let years = years.into_iter().map(|(year, days)| (year.to_string(), days));
    ends.chain(years).collect()
}

/// Its name in the URL and in the page's markup.
#[must_use]
pub const fn judge_key(judge: Judge) -> &'static str {
    match judge {
        Judge::All => "all",
        Judge::Filtered => "filtered",
    }
}

/// What the switch beside the filter calls it.
#[must_use]
pub const fn judge_label(judge: Judge) -> &'static str {
    match judge {
        Judge::All => "whole log",
        Judge::Filtered => "these events",
    }
}

/// The guilds of the players that count, those with most players first, and none at all.
fn guilds(report: &Report) -> Vec<String> {
    let players = &report.players;
    let mut counts: HashMap<i64, (u64, usize)> = HashMap::new();
    for index in (0..players.len()).filter(|&index| columns::has_guild(report, index)) {
        counts.entry(players.guild[index]).or_insert((0, index)).0 += 1;
    }
    let mut guilds: Vec<(u64, i64, usize)> =
        counts.into_iter().map(|(guild, (players, index))| (players, guild, index)).collect();
    guilds.sort_unstable_by_key(|&(players, guild, _)| (Reverse(players), guild));
    let numbers = guilds.into_iter().filter_map(|(.., index)| report.guild_text(index));
    std::iter::once(NO_GUILD.to_owned()).chain(numbers).collect()
}

/// By which events players are judged where not all count, for the bar and wherever verdicts are shown; none where all count.
#[must_use]
pub fn judged(filter: &Filter) -> Option<&'static str> {
    match filter.judge {
        _ if filter.is_empty() => None,
        Judge::All => {
            Some("Players are judged by the whole log; the filter chooses which events are counted.")
        }
        Judge::Filtered => Some(
            "Players are judged by the events that match alone, so verdicts differ from those of the whole log.",
        ),
    }
}

/// The same of one player.
#[must_use]
pub fn judged_player(filter: &Filter) -> &'static str {
    match filter.judge {
        Judge::All => "The verdict is that of the whole log, and so are the sessions that it names.",
        Judge::Filtered => "So is the verdict, which may differ from that of the whole log.",
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
/// once they are read.
#[must_use]
pub fn days_of_log(dataset: &Dataset, report: Option<&Report>) -> Option<(Day, Day)> {
    let (first_us, last_us) = match dataset {
        Dataset::Export(manifest) => (manifest.first_event_us, manifest.last_event_us),
        Dataset::Files { .. } => return report?.coverage.span(),
    };
    Some((first_us?.day(), last_us?.day()))
}

/// Takes a pair of the URL; whether it is one of the filter's. What cannot be understood is left out.
pub fn take(filter: &mut Filter, bots: &mut BotChoice, key: &str, value: &str) -> bool {
    match key {
        "from" => filter.from_day = time::day_number(value),
        "to" => filter.to_day = time::day_number(value),
        "judge" => {
            let is_filtered = value == judge_key(Judge::Filtered);
            filter.judge = if is_filtered { Judge::Filtered } else { Judge::All };
        }
        "bots" => *bots = BotChoice::ALL.into_iter().find(|bots| bots.key() == value).unwrap_or_default(),
        _ => match Texts::ALL.into_iter().find(|texts| texts.key() == key) {
            Some(texts) => texts.choose(filter, value),
            None => return false,
        },
    }
    true
}

/// The pairs of the URL that differ from the default. A key comes once for each of its texts.
#[must_use]
pub fn pairs(filter: &Filter, bots: BotChoice) -> Vec<(&'static str, String)> {
    let days = [("from", filter.from_day), ("to", filter.to_day)];
    let days = days.into_iter().filter_map(|(key, day)| Some((key, time::iso_day(day?))));
    let texts = Texts::ALL.into_iter();
    let texts = texts.flat_map(|texts| texts.of(filter).iter().map(move |text| (texts.key(), text.clone())));
    let bots = (bots != BotChoice::default()).then(|| ("bots", bots.key().to_owned()));
    let is_judged_by_these = !filter.is_empty() && filter.judge == Judge::Filtered;
    let judge = is_judged_by_these.then(|| ("judge", judge_key(filter.judge).to_owned()));
    days.chain(texts).chain(judge).chain(bots).collect()
}

/// Why there is nothing to show under the filter; `None` where there is something, or where no filter is the cause.
#[must_use]
pub fn why_empty(report: &Report, params: &Params, bots: BotChoice) -> Option<String> {
    if report.left_out > 0 && report.rows == 0 {
        let events = format::count(report.left_out);
        return Some(format!("None of the {events} events is of what the filter chooses."));
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
