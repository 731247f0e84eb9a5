//! Which events of the log count, and by which of them players are judged.

use serde::{Deserialize, Serialize};

use super::Params;
use crate::time::{Day, Micros};

/// What a [`Filter`] calls the guild of whoever has none: its number is null or -1.
pub const NO_GUILD: &str = "none";

/// By which events the bot rules judge a player.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Judge {
    /// By all of the log: no filter changes a verdict.
    #[default]
    All,
    /// By those alone that the filter matches.
    Filtered,
}

/// A WHERE on the source, before sessions are found: every model under a filter is what the reference SQL gives
/// where `wowlogs` has only the rows that match, but for the verdicts, which are those of the whole log unless
/// [`Judge::Filtered`] says otherwise. A null class, race or zone is in no list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// The first day.
    pub from_day: Option<Day>,
    /// The last day; the whole of it counts.
    pub to_day: Option<Day>,
    /// Only these classes; all events, those without a class too, when there are none.
    pub classes: Vec<String>,
    /// Only these races; all events, those without a race too, when there are none.
    pub races: Vec<String>,
    /// Only these guilds, as their numbers are shown, or [`NO_GUILD`]; all events when there are none.
    pub guilds: Vec<String>,
    /// Only these zones; all events, those without a zone too, when there are none.
    pub zones: Vec<String>,
    /// Says nothing where every event matches.
    pub judge: Judge,
}

impl Filter {
    /// Whether every event matches.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.from_day.is_none()
            && self.to_day.is_none()
            && self.classes.is_empty()
            && self.races.is_empty()
            && self.guilds.is_empty()
            && self.zones.is_empty()
    }

    /// Whether players are judged by other events than those that count.
    #[must_use]
    pub const fn judges_apart(&self) -> bool {
        !self.is_empty() && matches!(self.judge, Judge::All)
    }

    /// The times that match as far as days go, from the first to before the second; `None` where all do.
    pub(crate) fn times(&self) -> Option<(Micros, Option<Micros>)> {
        let start = self.from_day.map(Day::start);
        let end = self.to_day.and_then(Day::next).map(Day::start);
        (start.is_some() || end.is_some()).then(|| (start.unwrap_or(Micros::MIN), end))
    }
}

/// What a scan is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// The models' parameters.
    pub params: Params,
    /// Which events count.
    pub filter: Filter,
}

impl From<Params> for Query {
    /// All events with these parameters.
    fn from(params: Params) -> Self {
        Self { params, filter: Filter::default() }
    }
}
