//! Who is flagged and why, and what other limits would change.

mod counts;
mod curve;
mod density;
mod flagged;
mod limit;

#[cfg(test)]
mod tests;

pub use counts::{Counts, counts};
pub use curve::{Curve, Standings, flagged_say, flagged_table};
pub use density::{DensityPlot, density_say, density_table};
pub(crate) use flagged::rule;
pub use flagged::{Column, FlaggedRow, Line, Order, flagged_csv, flagged_row};
pub use limit::{Limit, MOST_MINUTES, STEP_MINUTES, with_default_limits, written_limits};
