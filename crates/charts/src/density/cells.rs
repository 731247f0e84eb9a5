//! Players laid out in cells, and how many of each cell's players limits flag.

use std::cmp::Ordering;
use std::ops::Range;

use super::{DensityEnds, DensityLimits, DensityPoint, Groups, frame};
use crate::format;
use crate::frame::{Frame, Scale};
use crate::marks::Mark;
use crate::minutes;
use crate::picture::drawn_size_px;
use crate::rect::Rect;

/// Size of a cell in pixels.
const CELL_PX: (f64, f64) = (8.0, 7.0);

/// Players laid out in the cells of a drawing: what does not change when a limit is moved, but for one beyond the
/// end of an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct DensityCells {
    ends: DensityEnds,
    size_px: (u32, u32),
    pub(super) frame: Frame,
    across: Bands,
    up: Bands,
    /// Where the players of each cell begin, and where the last ones end. Cells count from the lower left corner, row by
    /// row; the last one holds those without any duration.
    starts: Vec<u32>,
    /// The longest session and the average, rounded up, of the players, cell by cell.
    members: Vec<(i64, i64)>,
    /// From how many players in a cell on the colour of each group is at its strongest.
    full_at: [u32; 2],
}

/// An axis cut into pieces of one length.
#[derive(Debug, Clone, PartialEq)]
struct Bands {
    /// The values between the pieces.
    cuts: Vec<f64>,
    /// From the first piece on, pixels.
    start_px: f64,
    /// The length of a piece, negative where pixels count the other way.
    step_px: f64,
}

impl Bands {
    fn new(axis: &Scale, piece_px: f64) -> Self {
        let length_px = axis.end_px - axis.start_px;
        let count = (length_px.abs() / piece_px).round().max(1.0);
        let step_px = length_px / count;
        let cut = |index: u32| axis.value(axis.start_px + f64::from(index) * step_px);
        Self { cuts: (1..count as u32).map(cut).collect(), start_px: axis.start_px, step_px }
    }

    fn len(&self) -> usize {
        self.cuts.len() + 1
    }

    /// The piece that holds a value. A greater value never lies in an earlier piece, so what lies in a later one is greater.
    #[inline]
    fn of(&self, value: f64) -> usize {
        self.cuts.partition_point(|cut| *cut <= value)
    }

    /// Where pieces begin and end, in ascending order of pixels.
    fn px(&self, pieces: Range<usize>) -> (f64, f64) {
        let ends = [pieces.start, pieces.end].map(|cut| self.start_px + cut as f64 * self.step_px);
        (ends[0].min(ends[1]), ends[0].max(ends[1]))
    }
}

/// A cell with players.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct FilledCell {
    pub(super) area: Rect,
    /// Those of all its players that are shown, by group.
    pub(super) humans: u32,
    pub(super) bots: u32,
}

impl DensityCells {
    /// Lays the players out for a drawing of this size whose axes reach to `ends`. The colour of each group is at its
    /// strongest for the cell with the most players of it under the usual limits.
    #[must_use]
    pub fn new(
        players: impl Iterator<Item = DensityPoint> + Clone,
        ends: DensityEnds,
        (width_px, height_px): (u32, u32),
    ) -> Self {
        let size_px = drawn_size_px(width_px, height_px);
        let frame = frame(ends, size_px);
        let (across, up) = (Bands::new(&frame.x, CELL_PX.0), Bands::new(&frame.y, CELL_PX.1));
        let lone = across.len() * up.len();
        let cell = |player: DensityPoint| match player.is_lone() {
            true => lone,
            false => up.of(player.longest_minutes as f64) * across.len() + across.of(player.average_minutes),
        };
        let cell_of: Vec<u32> = players.clone().map(|player| cell(player) as u32).collect();
        let mut starts = vec![0; lone + 2];
        for &cell in &cell_of {
            starts[cell as usize + 1] += 1;
        }
        for cell in 1..starts.len() {
            starts[cell] += starts[cell - 1];
        }
        let (mut next, mut members) = (starts.clone(), vec![(0, 0); cell_of.len()]);
        for (cell, player) in cell_of.into_iter().zip(players) {
            let place = &mut next[cell as usize];
            members[*place as usize] = (player.longest_minutes, player.average_up_minutes);
            *place += 1;
        }
        let mut cells = Self { ends, size_px, frame, across, up, starts, members, full_at: [1; 2] };
        let all = Groups { humans: true, bots: true };
        let on_axes = cells.shown(ends.usual, all).filter(|cell| cell.area != cells.lone_area());
        let full_at =
            on_axes.fold([1, 1], |[humans, bots], cell| [humans.max(cell.humans), bots.max(cell.bots)]);
        cells.full_at = full_at;
        cells
    }

    /// Whether they are laid out for these ends and this size.
    #[must_use]
    pub fn fit(&self, ends: DensityEnds, (width_px, height_px): (u32, u32)) -> bool {
        self.ends == ends && self.size_px == drawn_size_px(width_px, height_px)
    }

    /// Where values lie in the drawing.
    #[must_use]
    pub const fn frame(&self) -> &Frame {
        &self.frame
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// How many players have no duration at all.
    pub(super) fn lone_players(&self) -> u32 {
        let last = self.starts.len() - 1;
        self.starts[last] - self.starts[last - 1]
    }

    /// Where these are drawn: below the axes.
    pub(super) const fn lone_area(&self) -> Rect {
        let (left, bottom) = (self.frame.plot.left, self.size_px.1 as f64 - 5.5);
        Rect { left, top: bottom - CELL_PX.1, right: left + CELL_PX.0, bottom }
    }

    /// From how many players in a cell on the colours of the two groups, likely bots last, are at their strongest.
    pub(super) const fn full_at(&self) -> [u32; 2] {
        self.full_at
    }

    /// The column and the row that the limits lie in.
    fn crossed(&self, limits: DensityLimits) -> (usize, usize) {
        (self.across.of(limits.average_minutes as f64), self.up.of(limits.longest_minutes as f64))
    }

    /// The cells with players of the groups shown, from the lower left corner.
    pub(super) fn shown(&self, limits: DensityLimits, groups: Groups) -> impl Iterator<Item = FilledCell> {
        let crossed = self.crossed(limits);
        (0..self.starts.len() - 1).filter_map(move |cell| self.filled(cell, crossed, limits, groups))
    }

    /// Those of them that a limit crosses, so that some of their players may be flagged, and the one below the axes.
    pub(super) fn shown_and_crossed(
        &self,
        limits: DensityLimits,
        groups: Groups,
    ) -> impl Iterator<Item = FilledCell> {
        let (crossed, columns) = (self.crossed(limits), self.across.len());
        let (column, row) = crossed;
        let below = (0..row).map(move |row| row * columns + column);
        let beside = (0..=column).map(move |column| row * columns + column);
        let lone = self.starts.len() - 2;
        below.chain(beside).chain([lone]).filter_map(move |cell| self.filled(cell, crossed, limits, groups))
    }

    fn filled(
        &self,
        cell: usize,
        crossed: (usize, usize),
        limits: DensityLimits,
        groups: Groups,
    ) -> Option<FilledCell> {
        let players = self.starts[cell + 1] - self.starts[cell];
        if players == 0 {
            return None;
        }
        let (column, row) = (cell % self.across.len(), cell / self.across.len());
        let is_lone = row == self.up.len();
        let bots = match (column.cmp(&crossed.0), row.cmp(&crossed.1)) {
            _ if is_lone => self.flagged(cell, limits),
            (Ordering::Greater, _) | (_, Ordering::Greater) => players,
            (Ordering::Less, Ordering::Less) => 0,
            _ => self.flagged(cell, limits),
        };
        let humans = if groups.humans { players - bots } else { 0 };
        let bots = if groups.bots { bots } else { 0 };
        let ((left, right), (top, bottom)) = (self.across.px(column..column + 1), self.up.px(row..row + 1));
        let area = if is_lone { self.lone_area() } else { Rect { left, top, right, bottom } };
        (humans + bots > 0).then_some(FilledCell { area, humans, bots })
    }

    /// How many of a cell's players the limits flag.
    fn flagged(&self, cell: usize, limits: DensityLimits) -> u32 {
        let members = &self.members[self.starts[cell] as usize..self.starts[cell + 1] as usize];
        let is_flagged = |&&(longest, average): &&(i64, i64)| {
            longest > limits.longest_minutes || average > limits.average_minutes
        };
        members.iter().filter(is_flagged).count() as u32
    }

    /// Where no player is flagged, and where all are: the corners of each, in pixels of the drawing. Between them lie the cells
    /// that a limit crosses.
    #[must_use]
    pub fn apart(&self, limits: DensityLimits) -> [Vec<(f64, f64)>; 2] {
        let (column, row) = self.crossed(limits);
        let ((left, right), (top, bottom)) = (self.across.px(0..column), self.up.px(0..row));
        let (inner_right, inner_top) = (self.across.px(0..column + 1).1, self.up.px(0..row + 1).0);
        let (wide, high) = (f64::from(self.size_px.0), f64::from(self.size_px.1));
        let none = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
        let all = vec![
            (0.0, 0.0),
            (wide, 0.0),
            (wide, high),
            (inner_right, high),
            (inner_right, inner_top),
            (0.0, inner_top),
        ];
        [none, all]
    }

    /// What can be read off each cell with players of the groups shown.
    #[must_use]
    pub fn marks(&self, limits: DensityLimits, groups: Groups) -> Vec<Mark> {
        self.shown(limits, groups).map(|cell| self.mark(cell)).collect()
    }

    /// What a cell holds.
    fn mark(&self, FilledCell { area, humans, bots }: FilledCell) -> Mark {
        let counts = [(humans, "player", " without bots"), (bots, "likely bot", "")];
        let counts = counts.into_iter().filter(|&(count, ..)| count > 0);
        let counts: Vec<_> =
            counts.map(|(count, thing, whose)| format::counted(count.into(), thing) + whose).collect();
        let counts = counts.join(" · ");
        if area == self.lone_area() {
            return Mark::new(area, "average 0 min, longest 0 min".to_owned(), counts);
        }
        let average = (self.frame.x.value(area.left), self.frame.x.value(area.right));
        let longest = (self.frame.y.value(area.bottom), self.frame.y.value(area.top));
        // Averages have fractions, while a longest session is whole minutes below the next cell's first.
        let average = minutes::range(average.0.floor() as i64, average.1.ceil() as i64);
        let longest = minutes::range(whole_from(longest.0), whole_from(longest.1) - 1);
        Mark::new(area, format!("average {average}, longest {longest}"), counts)
    }
}

/// The first whole minute at or after the edge of a cell, which may be a hair off.
fn whole_from(edge: f64) -> i64 {
    (edge - 1e-6).ceil() as i64
}
