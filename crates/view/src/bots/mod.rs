//! Who is flagged and why, and what other limits would change.

mod counts;
mod curve;
mod density;
mod flagged;
mod flagged_parquet;
mod limit;
mod standing;
mod who_changes;

#[cfg(test)]
mod tests;

use crate::ChartName;

pub use counts::{Counts, counts};
pub use curve::{Curve, flagged_say, flagged_table};
pub use density::{DensityPlot, density_ends, density_say, density_table, ends_with_limits};
pub(crate) use flagged::rule;
pub use flagged::{Column, FlaggedRow, Greatest, Line, Order, flagged_csv, flagged_row};
pub use flagged_parquet::flagged_parquet;
pub use limit::{Limit, MOST_MINUTES, STEP_MINUTES, with_limits_of, written_limits, written_rules};
pub use standing::{Standing, Tally};
pub use who_changes::{
    ChangedRow, FlaggedAsUsual, MOST_LISTED, WhoChanges, changed_row, who_changes, who_changes_csv,
    who_changes_in_short, who_changes_say,
};

/// The chart of players by average and longest session.
pub const DENSITY: ChartName = ChartName {
    title: "Where the limits fall",
    file: "where-the-limits-fall",
    label: "Players by average and longest session",
    method: "Each player lies at its average session and its longest one; a stronger colour is more players, in each group by \
             its own scale. The dashed lines are the limits: who is above either \
             is a likely bot.",
};
/// The chart of how many players each limit flags.
pub const FLAGGED: ChartName = ChartName {
    title: "Flagged at each limit",
    file: "flagged-at-each-limit",
    label: "Players flagged at each limit",
    method: "How many players would be likely bots at each limit, while the other limit stays as it is. The table has more limits than the \
             picture.",
};
