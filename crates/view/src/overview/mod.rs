//! The first page: headline figures, what each model keeps, and who plays when and where.

mod funnel;
mod headline;
mod when;
mod who;

#[cfg(test)]
mod tests;

use crate::ChartName;
use crate::zones::Grouping;

pub use funnel::{funnel, funnel_say, funnel_table};
pub use headline::{Tile, rejected, rejected_of_log, tiles};
pub(crate) use when::{MEANS, is_of_years};
pub use when::{
    MOST_DAYS, WEEKDAYS, busiest_day, daily, daily_say, daily_table, seen_on, weekly, weekly_say,
    weekly_table,
};
pub use who::{
    GROUPS_SHOWN, Kept, LevelCounts, common_say, groups_table, kept, leading, levels_say, levels_table,
    zones, zones_say,
};
pub(crate) use who::{bar_label, cut, largest_first, sum, total};

/// The chart of players seen per day.
pub const DAILY: ChartName =
    ChartName { title: "Daily active players", file: "daily-active-players", label: "Daily active players" };
/// The chart of what is kept.
pub const FUNNEL: ChartName = ChartName {
    title: "From log to players",
    file: "from-log-to-players",
    label: "What is kept of rows and players",
};
/// The chart of events by weekday and hour.
pub const WEEKLY: ChartName =
    ChartName { title: "When they play", file: "when-they-play", label: "Events by weekday and hour" };
/// The chart of players by class.
pub const CLASSES: ChartName = ChartName { title: "Classes", file: "classes", label: "Players by class" };
/// The chart of players by level.
pub const LEVELS: ChartName =
    ChartName { title: "Highest level", file: "highest-level", label: "Players by level" };
/// The chart of players by race.
pub const RACES: ChartName = ChartName { title: "Races", file: "races", label: "Players by race" };
/// The chart of events by zone.
pub const ZONES: ChartName = ChartName { title: "Top zones", file: "top-zones", label: "Events by zone" };
/// The chart of events by continent.
pub const CONTINENTS: ChartName =
    ChartName { title: "Zones by continent", file: "zones-by-continent", label: "Events by continent" };
/// The chart of events by kind of place.
pub const KINDS: ChartName =
    ChartName { title: "Zones by kind", file: "zones-by-kind", label: "Events by kind of place" };

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
