use proptest::prelude::*;

use super::cells::FilledCell;
use super::*;
use crate::tests::samples::{self, ALL};
use crate::{Mark, svg};

const SIZE_PX: (u32, u32) = (720, 400);
const USUAL: DensityLimits = DensityLimits { longest_minutes: 720, average_minutes: 360 };

fn point((sum_minutes, sessions, longest_minutes): (u32, u32, u32)) -> DensityPoint {
    samples::point(f64::from(sum_minutes) / f64::from(sessions), longest_minutes.into())
}

fn players() -> impl Strategy<Value = Vec<DensityPoint>> {
    let minutes = || prop_oneof![0..60_u32, 0..4_000_u32];
    prop::collection::vec((minutes(), 1..7_u32, minutes()).prop_map(point), 1..120)
}

fn any_limits() -> impl Strategy<Value = DensityLimits> {
    let minutes = || prop_oneof![Just(-1_i64), 0..60_i64, 0..5_000_i64, Just(i64::MAX >> 20)];
    (minutes(), minutes())
        .prop_map(|(longest_minutes, average_minutes)| DensityLimits { longest_minutes, average_minutes })
}

fn is_flagged(player: &DensityPoint, limits: DensityLimits) -> bool {
    player.longest_minutes > limits.longest_minutes || player.average_minutes > limits.average_minutes as f64
}

fn laid_out(players: &[DensityPoint]) -> DensityCells {
    let players = players.iter().copied();
    DensityCells::new(players.clone(), DensityEnds::of(players, USUAL), SIZE_PX)
}

fn in_order(cells: impl Iterator<Item = FilledCell>) -> Vec<FilledCell> {
    let mut cells: Vec<_> = cells.collect();
    cells.sort_by(|a, b| b.area.top.total_cmp(&a.area.top).then(a.area.left.total_cmp(&b.area.left)));
    cells
}

/// Whether the middle of an area lies within corners whose sides run along the axes.
fn holds(corners: &[(f64, f64)], area: Rect) -> bool {
    let (x, y) = ((area.left + area.right) / 2.0, (area.top + area.bottom) / 2.0);
    let next = corners.iter().cycle().skip(1);
    let upright = corners.iter().zip(next).filter(|(from, to)| from.0 == to.0 && from.0 > x);
    upright.filter(|(from, to)| (from.1 > y) != (to.1 > y)).count() % 2 == 1
}

proptest! {
    #[test]
    fn each_player_is_counted_as_the_limits_say(players in players(), limits in any_limits()) {
        let cells = laid_out(&players);
        let flagged = players.iter().filter(|player| is_flagged(player, limits)).count() as u32;
        let (humans, bots) = cells
            .shown(limits, ALL)
            .fold((0, 0), |(humans, bots), cell| (humans + cell.humans, bots + cell.bots));
        prop_assert_eq!((humans, bots), (players.len() as u32 - flagged, flagged));
        for groups in [Groups { humans: true, bots: false }, Groups { humans: false, bots: true }] {
            let shown: u32 = cells.shown(limits, groups).map(|cell| cell.humans + cell.bots).sum();
            prop_assert_eq!(shown, if groups.bots { flagged } else { players.len() as u32 - flagged });
        }
    }

    #[test]
    fn what_is_still_and_what_moves_are_the_whole_picture(players in players(), limits in any_limits()) {
        let cells = laid_out(&players);
        let [none, all] = cells.apart(limits);
        let of_all = |minutes: i64, corners: Vec<(f64, f64)>| {
            let limits = DensityLimits { longest_minutes: minutes, average_minutes: minutes };
            let cells = cells.shown(limits, ALL).filter(move |cell| holds(&corners, cell.area));
            cells.collect::<Vec<_>>()
        };
        let apart = of_all(i64::MAX, none).into_iter().chain(of_all(i64::MIN, all));
        let together = in_order(apart.chain(cells.shown_and_crossed(limits, ALL)));
        prop_assert_eq!(together, in_order(cells.shown(limits, ALL)));
    }
}

#[test]
fn cells_laid_out_once_serve_every_limit_within_the_axes() {
    let start = samples::density(720, 360);
    let kept = start.cells(SIZE_PX.0, SIZE_PX.1);
    let ends = DensityEnds::of(start.points.iter().copied(), USUAL);
    let draw = |cells: &DensityCells, limits: DensityLimits| {
        svg(SIZE_PX.0, SIZE_PX.1, "density", |area| draw_density(area, cells, limits, ALL, &Theme::light()))
    };
    for (longest, average) in [(0, 0), (15, 360), (720, 345), (2_880, 1_440)] {
        let moved = samples::density(longest, average);
        assert!(kept.fit(ends.with(moved.limits), SIZE_PX), "{longest} {average}");
        let anew = moved.cells(SIZE_PX.0, SIZE_PX.1);
        assert_eq!(draw(&kept, moved.limits).unwrap(), draw(&anew, moved.limits).unwrap());
    }
    assert!(!kept.fit(ends, (721, 400)));
    assert!(!kept.fit(ends.with(DensityLimits { longest_minutes: 1_000_000, ..start.limits }), SIZE_PX));
}

#[test]
fn a_step_draws_little() {
    let data = samples::density(720, 360);
    let cells = data.cells(SIZE_PX.0, SIZE_PX.1);
    let size = |draw: &dyn Fn(&Area<crate::SvgSurface<'_>>) -> Result<Frame, Error>| {
        svg(SIZE_PX.0, SIZE_PX.1, "density", draw).unwrap().svg.len()
    };
    let theme = Theme::light();
    let whole = size(&|area| draw_density(area, &cells, data.limits, ALL, &theme));
    let moving = size(&|area| draw_density_limits(area, &cells, data.limits, ALL, &theme));
    assert!(moving * 4 < whole, "{moving} of {whole}");
}

#[test]
fn a_cell_reads_the_groups_shown() {
    let player =
        |longest_minutes| DensityPoint { average_minutes: 300.0, average_up_minutes: 300, longest_minutes };
    let cells = laid_out(&[player(720), player(721), player(721)]);
    let limits = DensityLimits { longest_minutes: 720, average_minutes: 360 };
    let read = |humans, bots| -> Vec<String> {
        let marks = cells.marks(limits, Groups { humans, bots });
        marks.into_iter().map(|Mark { reading, .. }| reading).collect()
    };
    assert_eq!(read(true, true), ["1 player without bots · 2 likely bots"]);
    assert_eq!(
        (read(true, false), read(false, true)),
        (vec!["1 player without bots".to_owned()], vec!["2 likely bots".to_owned()])
    );
}
