//! The first page: headline figures, what each model keeps, and who plays when and where.

mod headline;
mod when;
mod who;

#[cfg(test)]
mod tests;

pub use headline::{Tile, funnel, funnel_say, funnel_table, rejected, rejected_of_log, tiles};
pub use when::{MOST_DAYS, WEEKDAYS, daily, daily_say, daily_table, weekly, weekly_say, weekly_table};
pub use who::{
    GROUPS_SHOWN, Kept, LevelCounts, ZONES_SHOWN, common_say, counts_table, kept, leading, levels_say,
    levels_table, zones, zones_say, zones_table,
};
