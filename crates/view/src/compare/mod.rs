//! Two exports side by side: headline figures, distributions, and the players that are not the same in both.

mod courses;
mod distributions;
mod figures;
mod listing;
mod players;
#[cfg(test)]
mod tests;

use wow_charts::format;
use wow_engine::Params;
use wow_engine::manifest::Environment;
use wow_engine::pipeline::Report;

pub use courses::{courses_table, daily, daily_say, gaps, gaps_say};
pub use distributions::{Kind, Share, distribution, pairs, pairs_table};
pub use figures::{FigureRow, Side, figures, figures_say};
pub use listing::{Listing, Order, PLAYER, Which};
pub use players::{Change, Changes, Column, changes, changes_csv};

use super::dataset::{Badge, Dataset};
use super::filter::{self, BotChoice};

/// The export to compare with: that of the other environment, and with files that of the one chosen.
#[must_use]
pub const fn other(shown: Badge, chosen: Environment) -> Environment {
    match shown {
        Badge::Dev => Environment::Prod,
        Badge::Production => Environment::Dev,
        Badge::LocalFile | Badge::RemoteFile => chosen,
    }
}

/// What the data of the page are called beside the other ones.
#[must_use]
pub fn name(dataset: &Dataset) -> String {
    dataset.environment().map_or_else(|| dataset.name(), |environment| environment.name().to_owned())
}

/// Why there is nothing to compare under the filter; none while either has something.
#[must_use]
pub fn why_empty(here: &Report, there: &Report, params: &Params, bots: BotChoice) -> Option<String> {
    let why = [here, there].map(|report| filter::why_empty(report, params, bots));
    let is_empty = why.iter().all(Option::is_some);
    is_empty.then(|| "Neither of the two has anything that it leaves.".to_owned())
}

/// A difference with its sign.
fn signed(difference: i128, written: impl Fn(u64) -> String) -> String {
    let size = written(u64::try_from(difference.unsigned_abs()).unwrap_or(u64::MAX));
    match difference {
        0 => "0".to_owned(),
        1.. => format!("+{size}"),
        _ => format!("−{size}"),
    }
}

/// A fraction of a whole; nothing of nothing.
fn fraction(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// A difference of two fractions in percentage points.
fn points(here: f64, there: f64) -> String {
    let points = (there - here) * 100.0;
    match format::fixed(points.abs(), 1).as_str() {
        "0.0" => "0.0".to_owned(),
        size if points > 0.0 => format!("+{size}"),
        size => format!("−{size}"),
    }
}
