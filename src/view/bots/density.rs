//! Players by average and longest session.

use wow_charts::{Density, DensityPoint, format};
use wow_engine::Params;
use wow_engine::pipeline::{PlayerTable, Report, Totals};

use super::limit::Limit;
use crate::view::Table;
use crate::view::share::percent;

/// Where the rows and columns of the table begin, minutes.
const BANDS_MINUTES: [i64; 8] = [0, 10, 60, 180, 360, 720, 1_440, 2_880];

/// Every player's average and longest session: what the limits do not change.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shape {
    points: Vec<DensityPoint>,
}

impl Shape {
    /// Of all players of the report, in its order.
    #[must_use]
    pub fn new(report: &Report) -> Self {
        let players = &report.players;
        let point = |index| DensityPoint {
            average_minutes: players.avg_session_minutes(index),
            longest_minutes: players.duration_max_minutes[index],
            is_bot: false,
        };
        Self { points: (0..players.len()).map(point).collect() }
    }
}

/// The shape with those marked that `params` flag. `shape` is that of `players`.
#[must_use]
pub fn density(shape: &Shape, players: &PlayerTable, params: &Params) -> Density {
    let marked = |(index, point): (usize, &DensityPoint)| DensityPoint {
        is_bot: index < players.len() && players.verdict(index, params).is_bot(),
        ..*point
    };
    Density {
        players: shape.points.iter().enumerate().map(marked).collect(),
        longest_limit_minutes: Limit::Longest.of(params),
        average_limit_minutes: Limit::Average.of(params),
    }
}

/// What the chart shows.
#[must_use]
pub fn density_say(totals: &Totals) -> String {
    format!(
        "Players by average and longest session, minutes; a stronger colour is more. Whoever is above or right of a line is \
         flagged: {} of {}, {}.",
        format::count(totals.bots),
        format::count(totals.players),
        percent(totals.bots, totals.players)
    )
}

/// Players counted in bands of both durations.
#[must_use]
pub fn density_table(shape: &Shape) -> Table {
    let mut counts = [[0_u64; BANDS_MINUTES.len()]; BANDS_MINUTES.len()];
    for point in &shape.points {
        let row = BANDS_MINUTES.partition_point(|&start| start <= point.longest_minutes);
        let column = BANDS_MINUTES.partition_point(|&start| start as f64 <= point.average_minutes);
        counts[row.saturating_sub(1)][column.saturating_sub(1)] += 1;
    }
    let label = |band: usize| match BANDS_MINUTES.get(band + 1) {
        Some(&end) => format!("{} to {}", format::minutes(BANDS_MINUTES[band]), format::minutes(end)),
        None => format!("{} and more", format::minutes(BANDS_MINUTES[band])),
    };
    let bands = || (0..BANDS_MINUTES.len()).map(label);
    let row = |(label, counts): (String, &[u64; BANDS_MINUTES.len()])| {
        std::iter::once(label).chain(counts.iter().copied().map(format::count)).collect()
    };
    Table {
        head: std::iter::once("longest session ↓ average →".to_owned()).chain(bands()).collect(),
        rows: bands().zip(&counts).map(row).collect(),
    }
}
