//! Which events of the log count.

use serde::{Deserialize, Serialize};

use super::Params;
use crate::time::{Day, Micros};

/// A WHERE on the source, before sessions are found: every model under a filter is what the reference SQL gives
/// where `wowlogs` has only the rows that match. A null class or race is in no list.
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
}

impl Filter {
    /// Whether every event matches.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.from_day.is_none() && self.to_day.is_none() && self.classes.is_empty() && self.races.is_empty()
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
