//! How a chart is read: what lies under the pointer, where a key goes, and where the tooltip stands.

use std::fmt::Write as _;

use wow_charts::{Mark, Rect};

/// How far from a mark the pointer may be to read it, pixels.
pub const REACH_PX: f64 = 24.0;
/// How far a tooltip reaches over the corner that it stands at, so that the pointer can move onto it, pixels.
const OVERLAP_PX: f64 = 2.0;
/// How far a finger covers what it points at, in each direction, pixels.
const FINGER_PX: f64 = 28.0;
/// How much a step to the side weighs against one up or down, when a key looks for the mark above or below.
const SIDEWAYS: f64 = 4.0;

/// A place in a chart's marks: a mark, and which of its areas.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spot {
    /// Which mark.
    pub mark: usize,
    /// Which of its areas.
    pub area: usize,
}

/// The mark nearest to a point of the drawing; none where all are further than `reach_px`.
#[must_use]
pub fn nearest(marks: &[Mark], (x, y): (f64, f64), reach_px: f64) -> Option<Spot> {
    let outside = |from: f64, to: f64, value: f64| (from - value).max(value - to).max(0.0);
    let areas = marks.iter().enumerate().flat_map(|(mark, found)| {
        found.areas.iter().enumerate().map(move |(area, rect)| (Spot { mark, area }, rect))
    });
    let far = |rect: &Rect| outside(rect.left, rect.right, x).hypot(outside(rect.top, rect.bottom, y));
    let within = areas.map(|(spot, rect)| (spot, far(rect))).filter(|&(_, far_px)| far_px <= reach_px);
    within.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(spot, _)| spot)
}

/// The mark that a key goes to; none where the key means nothing.
#[must_use]
pub fn go(marks: &[Mark], from: usize, key: &str) -> Option<usize> {
    let last = marks.len().checked_sub(1)?;
    let page = (marks.len() / 10).max(1);
    let to = match key {
        "ArrowLeft" => from.saturating_sub(1),
        "ArrowRight" => from.saturating_add(1),
        "ArrowUp" => beyond(marks, from, -1.0)?,
        "ArrowDown" => beyond(marks, from, 1.0)?,
        "PageDown" => from.saturating_sub(page),
        "PageUp" => from.saturating_add(page),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(to.min(last))
}

/// The nearest mark below another one, or above it where `down` is negative.
fn beyond(marks: &[Mark], from: usize, down: f64) -> Option<usize> {
    let middle = |mark: &Mark| {
        let area = mark.areas.first()?;
        Some(((area.left + area.right) / 2.0, (area.top + area.bottom) / 2.0))
    };
    let (x, y) = middle(marks.get(from)?)?;
    let far = |mark: &Mark| {
        let (across, along) = middle(mark).map(|at| ((at.0 - x).abs(), (at.1 - y) * down))?;
        // A mark at the same height is neither above nor below.
        (along > 0.5).then_some(across * SIDEWAYS + along)
    };
    let found = marks.iter().enumerate().filter_map(|(index, mark)| Some((index, far(mark)?)));
    found.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(index, _)| index)
}

/// Where the upper left corner of a tooltip lies that is `width` by `height` large and tells of `anchor`, so that
/// it stays within `sight`; all in pixels of the drawing.
///
/// It stands corner to corner: what lies straight above, below and beside can still be pointed at.
#[must_use]
pub fn beside(anchor: Rect, (width, height): (f64, f64), sight: Rect) -> (f64, f64) {
    let place = |first: f64, second: f64, size: f64, (from, to): (f64, f64)| {
        let fits = |start: &f64| *start >= from && start + size <= to;
        [first, second].into_iter().find(fits).unwrap_or_else(|| first.min(to - size).max(from))
    };
    let (right, left) = (anchor.right - OVERLAP_PX, anchor.left + OVERLAP_PX - width);
    let (above, below) = (anchor.top + OVERLAP_PX - height, anchor.bottom - OVERLAP_PX);
    let x = place(right, left, width, (sight.left, sight.right));
    (x, place(above, below, height, (sight.top, sight.bottom)))
}

/// What a finger covers that points at a place of the drawing: the tooltip stands beside it.
#[must_use]
pub fn under_finger((x, y): (f64, f64)) -> Rect {
    Rect { left: x - FINGER_PX, top: y - FINGER_PX, right: x + FINGER_PX, bottom: y + FINGER_PX }
}

/// Rectangles as the path of an SVG document.
#[must_use]
pub fn outline(areas: &[Rect]) -> String {
    areas.iter().fold(String::new(), |mut path, area| {
        let Rect { left, top, right, bottom } = area;
        // Writing to a text cannot fail.
        let _ = write!(path, "M{left:.1} {top:.1}H{right:.1}V{bottom:.1}H{left:.1}z");
        path
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(areas: &[(f64, f64, f64, f64)]) -> Mark {
        let area = |&(left, top, right, bottom): &(f64, f64, f64, f64)| Rect { left, top, right, bottom };
        Mark { areas: areas.iter().map(area).collect(), name: String::new(), reading: String::new() }
    }

    /// Three rows of four cells of 10 by 10 pixels, the last of which is missing.
    fn grid() -> Vec<Mark> {
        let cell = |index: usize| {
            let (left, top) = ((index % 4) as f64 * 10.0, (index / 4) as f64 * 10.0);
            mark(&[(left, top, left + 10.0, top + 10.0)])
        };
        (0..11).map(cell).collect()
    }

    #[test]
    fn the_pointer_reads_what_is_under_it_or_near() {
        let marks = grid();
        let at = |x, y| nearest(&marks, (x, y), REACH_PX).map(|spot| spot.mark);
        assert_eq!(at(25.0, 15.0), Some(6));
        assert_eq!(at(-20.0, 5.0), Some(0));
        assert_eq!(at(36.0, 28.0), Some(10), "what is missing is read from its neighbour");
        assert_eq!(at(70.0, 5.0), None);
        let pieces =
            [mark(&[(0.0, 0.0, 5.0, 5.0), (50.0, 0.0, 60.0, 90.0)]), mark(&[(20.0, 0.0, 25.0, 5.0)])];
        assert_eq!(nearest(&pieces, (55.0, 80.0), REACH_PX), Some(Spot { mark: 0, area: 1 }));
        assert_eq!(nearest(&[], (0.0, 0.0), REACH_PX), None);
    }

    #[test]
    fn keys_go_on_in_order_and_up_and_down_in_a_grid() {
        let marks = grid();
        for (from, key, to) in [
            (0, "ArrowRight", Some(1)),
            (3, "ArrowRight", Some(4)),
            (10, "ArrowRight", Some(10)),
            (0, "ArrowLeft", Some(0)),
            (5, "ArrowUp", Some(1)),
            (5, "ArrowDown", Some(9)),
            (7, "ArrowDown", Some(10)),
            (1, "ArrowUp", None),
            (4, "Home", Some(0)),
            (4, "End", Some(10)),
            (4, "PageUp", Some(5)),
            (99, "ArrowRight", Some(10)),
            (4, "Tab", None),
        ] {
            assert_eq!(go(&marks, from, key), to, "{key} from {from}");
        }
        assert_eq!(go(&[], 0, "End"), None);
    }

    #[test]
    fn a_tooltip_touches_what_it_tells_of_and_never_leaves_the_sight() {
        let sight = Rect { left: -6.0, top: -200.0, right: 338.0, bottom: 500.0 };
        let size = (180.0, 48.0);
        let mut left = 0.0;
        while left <= 328.0 {
            for (top, bottom) in [(-190.0, -180.0), (10.0, 200.0), (480.0, 490.0), (-900.0, -800.0)] {
                let anchor = Rect { left, top, right: left + 4.0, bottom };
                let (x, y) = beside(anchor, size, sight);
                assert!(x >= sight.left && x + size.0 <= sight.right, "{x} beside {left}");
                assert!(y >= sight.top && y + size.1 <= sight.bottom, "{y} beside {top}");
                let touches =
                    x <= anchor.right && x + size.0 >= anchor.left && y <= bottom && y + size.1 >= top;
                assert!(touches || top < sight.top, "{x} {y} beside {anchor:?}");
            }
            left += 4.0;
        }
        let wide = beside(Rect { left: 0.0, top: 0.0, right: 4.0, bottom: 4.0 }, (900.0, 900.0), sight);
        assert_eq!(wide, (sight.left, sight.top));
    }

    #[test]
    fn a_finger_hides_no_tooltip() {
        let sight = Rect { left: -6.0, top: -120.0, right: 338.0, bottom: 500.0 };
        let size = (180.0, 48.0);
        for (x, y) in [(0.0, 0.0), (164.0, 100.0), (328.0, 200.0), (10.0, 300.0), (164.0, -100.0)] {
            let finger = under_finger((x, y));
            let (left, top) = beside(finger, size, sight);
            let is_beside = left >= finger.right - OVERLAP_PX || left + size.0 <= finger.left + OVERLAP_PX;
            let is_above_or_below =
                top >= finger.bottom - OVERLAP_PX || top + size.1 <= finger.top + OVERLAP_PX;
            assert!(is_beside || is_above_or_below, "{left} {top} at {x} {y}");
            assert!(left >= sight.left && left + size.0 <= sight.right, "{left} at {x} {y}");
        }
    }

    #[test]
    fn areas_become_one_path() {
        let pieces = mark(&[(0.0, 1.0, 2.5, 3.0), (4.0, 5.0, 6.0, 7.0)]);
        assert_eq!(outline(&pieces.areas), "M0.0 1.0H2.5V3.0H0.0zM4.0 5.0H6.0V7.0H4.0z");
        assert_eq!(outline(&[]), "");
    }
}
