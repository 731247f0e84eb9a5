//! Players by average and longest session.

use std::sync::Arc;

use wow_charts::{
    Area, DensityCells, DensityEnds, DensityLimits, DensityPoint, Error, Frame, Groups, Mark, Moving,
    Picture, Still, SvgSurface, Theme, draw_density, draw_density_axes, draw_density_cells,
    draw_density_limits, format, svg,
};
use wow_engine::Params;
use wow_engine::pipeline::PlayerTable;

use super::limit::{Limit, average_up};
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
        average_up_minutes: average_up(players, index).get(),
        longest_minutes: players.duration_max_minutes[index].get(),
    })
}

const fn limits(params: &Params) -> DensityLimits {
    DensityLimits {
        longest_minutes: Limit::Longest.of(params).get(),
        average_minutes: Limit::Average.of(params).get(),
    }
}

const fn groups(bots: BotChoice) -> Groups {
    Groups { humans: !matches!(bots, BotChoice::Only), bots: !matches!(bots, BotChoice::Out) }
}

/// How far the axes reach for these players, whatever the limits; colours are scaled by the groups under the `usual` ones.
#[must_use]
pub fn density_ends(players: &PlayerTable, usual: &Params) -> DensityEnds {
    DensityEnds::of(points(players), limits(usual))
}

/// How far they reach so that the limits are in sight too.
#[must_use]
pub const fn ends_with_limits(ends: DensityEnds, params: &Params) -> DensityEnds {
    ends.with(limits(params))
}

/// Draws the same players again and again under other limits: they are laid out only when the chart's size, an
/// axis or the players change.
#[derive(Debug, Default)]
pub struct DensityPlot {
    laid_out: Option<(Arc<PlayerTable>, DensityCells)>,
}

impl DensityPlot {
    /// The chart of these players, those that `bots` leaves, with axes that reach to `ends`.
    ///
    /// # Errors
    /// Those of drawing.
    pub fn draw(
        &mut self,
        players: &Arc<PlayerTable>,
        ends: DensityEnds,
        params: &Params,
        bots: BotChoice,
        size_px: (u32, u32),
        theme: &Theme,
    ) -> Result<Picture, Error> {
        let (cells, limits) = (self.lay_out(players, ends, size_px), limits(params));
        drawn(size_px, |area| draw_density(area, cells, limits, groups(bots), theme))
    }

    /// What of the chart stays while a limit moves as far as the axes reach.
    ///
    /// # Errors
    /// Those of drawing.
    pub fn still(
        &mut self,
        players: &Arc<PlayerTable>,
        ends: DensityEnds,
        bots: BotChoice,
        size_px: (u32, u32),
        theme: &Theme,
    ) -> Result<Still, Error> {
        let (cells, groups) = (self.lay_out(players, ends, size_px), groups(bots));
        let tints =
            [(groups.humans, false), (groups.bots, true)].into_iter().filter(|(is_shown, _)| *is_shown);
        let tint = |(_, are_bots)| {
            drawn(size_px, |area| draw_density_cells(area, cells, are_bots, theme)).map(|picture| picture.svg)
        };
        Ok(Still {
            picture: drawn(size_px, |area| draw_density_axes(area, cells, groups, theme))?,
            tints: tints.map(tint).collect::<Result<_, _>>()?,
        })
    }

    /// What moves with the limits on the last [`Self::still`]; nothing before there is one.
    ///
    /// # Errors
    /// Those of drawing.
    pub fn moving(
        &self,
        params: &Params,
        bots: BotChoice,
        size_px: (u32, u32),
        theme: &Theme,
    ) -> Option<Result<Moving, Error>> {
        let (_, cells) = self.laid_out.as_ref()?;
        let (limits, groups) = (limits(params), groups(bots));
        let [humans, flagged] = cells.apart(limits);
        let clips = [(groups.humans, humans), (groups.bots, flagged)];
        let clips = clips.into_iter().filter_map(|(is_shown, corners)| is_shown.then_some(corners)).collect();
        let picture = drawn(size_px, |area| draw_density_limits(area, cells, limits, groups, theme));
        Some(picture.map(|picture| Moving { svg: picture.svg, clips }))
    }

    /// What can be read off the chart as it was laid out last.
    #[must_use]
    pub fn marks(&self, params: &Params, bots: BotChoice) -> Vec<Mark> {
        let laid_out = self.laid_out.as_ref();
        laid_out.map(|(_, cells)| cells.marks(limits(params), groups(bots))).unwrap_or_default()
    }

    fn lay_out(
        &mut self,
        players: &Arc<PlayerTable>,
        ends: DensityEnds,
        size_px: (u32, u32),
    ) -> &DensityCells {
        let kept = self.laid_out.take();
        let kept = kept.filter(|(known, cells)| Arc::ptr_eq(known, players) && cells.fit(ends, size_px));
        let anew = || (Arc::clone(players), DensityCells::new(points(players), ends, size_px));
        &self.laid_out.insert(kept.unwrap_or_else(anew)).1
    }
}

fn drawn(
    (width_px, height_px): (u32, u32),
    draw: impl FnOnce(&Area<SvgSurface<'_>>) -> Result<Frame, Error>,
) -> Result<Picture, Error> {
    svg(width_px, height_px, super::DENSITY.label, draw)
}

/// What the chart shows.
#[must_use]
pub fn density_say(tally: &Tally, bots: BotChoice) -> String {
    let shown = match bots {
        BotChoice::In => "",
        BotChoice::Out => " Only the others are drawn.",
        BotChoice::Only => " Only they are drawn.",
    };
    format!(
        "{} of {} players, {}, lie above or right of a line and are flagged.{shown}",
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
