//! Who is flagged and why, and what other limits would change.

mod counts;
mod curve;
mod density;
mod flagged;
mod flagged_parquet;
mod limit;
mod standing;

#[cfg(test)]
mod tests;

use crate::ChartName;

pub use counts::{Counts, counts};
pub use curve::{Curve, flagged_say, flagged_table};
pub use density::{DensityPlot, density_ends, density_say, density_table, ends_with_limits};
pub(crate) use flagged::rule;
pub use flagged::{Column, FlaggedRow, Greatest, Line, Order, flagged_csv, flagged_row};
pub use flagged_parquet::flagged_parquet;
pub use limit::{Limit, MOST_MINUTES, STEP_MINUTES, with_limits_of, written_limits};
pub use standing::{Standing, Tally};

/// The chart of players by average and longest session.
pub const DENSITY: ChartName = ChartName {
    title: "Where the limits fall",
    file: "where-the-limits-fall",
    label: "Players by average and longest session",
};
/// The chart of how many players each limit flags.
pub const FLAGGED: ChartName = ChartName {
    title: "Flagged at each limit",
    file: "flagged-at-each-limit",
    label: "Players flagged at each limit",
};
