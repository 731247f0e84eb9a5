//! Players by average and longest session.

use std::sync::Arc;

use wow_charts::{
    DensityCells, DensityLimits, DensityPoint, Error, Picture, Theme, draw_density, format, svg,
};
use wow_engine::Params;
use wow_engine::pipeline::{PlayerTable, Report};

use super::limit::Limit;
use super::standing::Tally;
use crate::Table;
use crate::filter::BotChoice;
use crate::share::percent;

/// Where the rows and columns of the table begin, minutes.
const BANDS_MINUTES: [i64; 8] = [0, 10, 60, 180, 360, 720, 1_440, 2_880];

/// Every player's average and longest session, in the order of the table.
fn points(players: &PlayerTable) -> impl Iterator<Item = DensityPoint> + Clone {
    (0..players.len()).map(move |index| DensityPoint {
        average_minutes: players.avg_session_minutes(index),
        longest_minutes: players.duration_max_minutes[index].get(),
    })
}

const fn limits(params: &Params) -> DensityLimits {
    DensityLimits {
        longest_minutes: Limit::Longest.of(params).get(),
        average_minutes: Limit::Average.of(params).get(),
    }
}

/// Draws the same players again and again under other limits: they are laid out only when the chart's size, an
/// axis or the players change.
#[derive(Debug, Default)]
pub struct DensityPlot {
    laid_out: Option<(Arc<Report>, DensityCells)>,
}

impl DensityPlot {
    /// The chart of the report's players, those that `bots` leaves.
    ///
    /// # Errors
    /// Those of drawing.
    pub fn draw(
        &mut self,
        report: &Arc<Report>,
        params: &Params,
        bots: BotChoice,
        (width_px, height_px): (u32, u32),
        theme: &Theme,
    ) -> Result<Picture, Error> {
        let (size_px, limits) = ((width_px, height_px), limits(params));
        let players = &report.players;
        let kept = self.laid_out.take();
        let kept = kept.filter(|(known, cells)| Arc::ptr_eq(known, report) && cells.fit(limits, size_px));
        let (_, cells) =
            self.laid_out.insert(kept.unwrap_or_else(|| {
                (Arc::clone(report), DensityCells::new(points(players), limits, size_px))
            }));
        let is_bot = |player: usize| players.verdict(player, params).is_bot();
        let flagged = cells.bots(|player| bots != BotChoice::Out && is_bot(player));
        let fewer = (bots != BotChoice::In).then(|| cells.only(|player| bots.shows(is_bot(player))));
        svg(width_px, height_px, super::DENSITY.label, |area| {
            draw_density(area, fewer.as_ref().unwrap_or(cells), &flagged, limits, theme)
        })
    }
}

/// What the chart shows.
#[must_use]
pub fn density_say(tally: &Tally, bots: BotChoice) -> String {
    let shown = match bots {
        BotChoice::In => "",
        BotChoice::Out => " Only those that are not flagged are drawn.",
        BotChoice::Only => " Only those that are flagged are drawn.",
    };
    format!(
        "Players by average and longest session, minutes; a stronger colour is more. Whoever is above or right of a line is \
         flagged: {} of {}, {}.{shown}",
        format::count(tally.flagged),
        format::count(tally.players),
        percent(tally.flagged, tally.players)
    )
}

/// Players that `bots` leaves, counted in bands of both durations.
#[must_use]
pub fn density_table(players: &PlayerTable, params: &Params, bots: BotChoice) -> Table {
    let is_shown = |player: usize| bots.shows(players.verdict(player, params).is_bot());
    let mut counts = [[0_u64; BANDS_MINUTES.len()]; BANDS_MINUTES.len()];
    for (_, point) in (0..).zip(points(players)).filter(|(player, _)| is_shown(*player)) {
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
