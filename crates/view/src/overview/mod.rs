//! The first page: headline figures, what each model keeps, and who plays when and where.

pub mod answers;
mod course;
mod funnel;
mod headline;
mod when;
mod who;

#[cfg(test)]
mod tests;

use crate::ChartName;
use crate::zones::Grouping;

pub use funnel::{funnel, funnel_say, funnel_table};
pub use headline::{Sketch, Tile, rejected, rejected_of_log, tiles};
pub(crate) use when::{MEANS, is_of_years};
pub use when::{
    MOST_DAYS, WEEKDAYS, busiest_day, daily, daily_method, daily_say, daily_table, seen_on, weekly,
    weekly_say, weekly_table,
};
pub use who::{
    GROUPS_SHOWN, Kept, LevelCounts, common_say, groups_table, kept, leading, levels_say, levels_table,
    zones, zones_say,
};
pub(crate) use who::{bar_label, cut, largest_first, sum, total};

/// The chart of players seen per day.
pub const DAILY: ChartName = ChartName {
    title: "Daily active players",
    file: "daily-active-players",
    label: "Daily active players",
    method: "A player counts once for each day with an event. Over a long time the line is the mean of each week or longer, of \
             its days with events, and faint where it is cut short.",
};
/// The chart of what is kept.
pub const FUNNEL: ChartName = ChartName {
    title: "From log to players",
    file: "from-log-to-players",
    label: "What is kept of rows and players",
    method: "Two pairs of bars, each of one unit: rows of the log, and players; the second bar of a pair is without likely bots.",
};
/// The chart of events by weekday and hour.
pub const WEEKLY: ChartName = ChartName {
    title: "When they play",
    file: "when-they-play",
    label: "Events by weekday and hour",
    method: "Events by the weekday and hour of their time, as the log tells it.",
};
/// The chart of players by class.
pub const CLASSES: ChartName = ChartName {
    title: "Classes",
    file: "classes",
    label: "Players by class",
    method: "Each player counts once, under the class of its latest event that has one.",
};
/// The chart of players by level.
pub const LEVELS: ChartName = ChartName {
    title: "Highest level",
    file: "highest-level",
    label: "Players by level",
    method: "Each player counts once, at the highest level that any of its events has.",
};
/// The chart of players by race.
pub const RACES: ChartName = ChartName {
    title: "Races",
    file: "races",
    label: "Players by race",
    method: "Each player counts once, under the race of its latest event that has one.",
};
/// The chart of events by zone.
pub const ZONES: ChartName = ChartName {
    title: "Top zones",
    file: "top-zones",
    label: "Events by zone",
    method: "Events by the zone that they are in.",
};
/// The chart of events by continent.
pub const CONTINENTS: ChartName = ChartName {
    title: "Zones by continent",
    file: "zones-by-continent",
    label: "Events by continent",
    method: "Events by the continent that their zone is on; which that is, the seed of zones says.",
};
/// The chart of events by kind of place.
pub const KINDS: ChartName = ChartName {
    title: "Zones by kind",
    file: "zones-by-kind",
    label: "Events by kind of place",
    method: "Events by the kind of place that their zone is; which that is, the seed of zones says.",
};

/// The name of the chart of events by zone, or by what zones are put together by. In the page they are one chart, so that its
/// file is that of zones.
#[must_use]
pub const fn zones_name(grouping: Grouping) -> ChartName {
    match grouping {
        Grouping::Zone => ZONES,
        Grouping::Continent => CONTINENTS,
        Grouping::Kind => KINDS,
    }
}
