//! Which rows of a long table are worth drawing: those in sight and a few beside them.

use std::ops::Range;

/// The height of a row, pixels; the style sheet says the same.
pub const ROW_PX: f64 = 32.0;
/// The height of the row of headings, pixels; the style sheet says the same.
pub const HEAD_PX: f64 = 34.0;
/// Browsers cut elements off somewhere above 17 million pixels, so a longer table scrolls in larger steps.
const TALLEST_PX: f64 = 15_000_000.0;
/// Rows are drawn by the block, so that scrolling by one row changes nothing.
const BLOCK: usize = 8;

/// The rows to draw, and the empty space that stands for all others.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// The rows.
    pub rows: Range<usize>,
    /// Space above them, pixels.
    pub above_px: f64,
    /// Space below them, pixels.
    pub below_px: f64,
}

/// The rows in sight of a table of `count` rows that is scrolled down by `scroll_px` and shows `sight_px` of itself.
#[must_use]
pub fn window(count: usize, scroll_px: f64, sight_px: f64) -> Window {
    let sight_px = sight_px.clamp(ROW_PX, 20_000.0);
    let scroll_px = scroll_px.max(0.0);
    let in_sight = (sight_px / ROW_PX).ceil() as usize;
    let top = top_row(count, scroll_px, sight_px).min(count.saturating_sub(1));
    let first = (top / BLOCK).saturating_sub(1) * BLOCK;
    let last = ((top + in_sight) / BLOCK + 2).saturating_mul(BLOCK).min(count);
    let total_px = total_px(count);
    let above_px = if is_squeezed(count) {
        (scroll_px - (top - first) as f64 * ROW_PX).max(0.0)
    } else {
        first as f64 * ROW_PX
    };
    let below_px = (total_px - above_px - (last - first) as f64 * ROW_PX).max(0.0);
    Window { rows: first..last, above_px, below_px }
}

/// How far to scroll so that `row` is in sight; the present place if it already is.
#[must_use]
pub fn scroll_to(count: usize, row: usize, scroll_px: f64, sight_px: f64) -> f64 {
    let room_px = (sight_px - HEAD_PX).max(ROW_PX);
    if is_squeezed(count) {
        let share = row as f64 / (count - 1) as f64;
        return (share * (total_px(count) - sight_px)).round();
    }
    let top_px = row as f64 * ROW_PX;
    if top_px < scroll_px {
        top_px
    } else if top_px + ROW_PX > scroll_px + room_px {
        top_px + ROW_PX - room_px
    } else {
        scroll_px
    }
}

fn is_squeezed(count: usize) -> bool {
    count as f64 * ROW_PX > TALLEST_PX
}

fn total_px(count: usize) -> f64 {
    (count as f64 * ROW_PX).min(TALLEST_PX)
}

fn top_row(count: usize, scroll_px: f64, sight_px: f64) -> usize {
    if !is_squeezed(count) {
        return (scroll_px / ROW_PX) as usize;
    }
    let share = (scroll_px / (TALLEST_PX - sight_px)).min(1.0);
    (share * (count - 1) as f64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_sight_is_drawn_and_the_rest_is_space() {
        for scroll_px in [0.0, 1.0, 31.9, 32.0, 1_000.0, 2_000_000.0, 91_064.0 * ROW_PX - 640.0, 1e9] {
            let window = window(91_064, scroll_px, 640.0);
            assert!(window.rows.len() <= 48, "{window:?}");
            let drawn_px = window.rows.len() as f64 * ROW_PX;
            assert_eq!(window.above_px + drawn_px + window.below_px, 91_064.0 * ROW_PX);
            let end_px = (scroll_px + 640.0).min(91_064.0 * ROW_PX);
            assert!(window.above_px <= scroll_px && window.above_px + drawn_px >= end_px, "{window:?}");
        }
    }

    #[test]
    fn short_tables_are_drawn_whole() {
        assert_eq!(window(0, 0.0, 640.0), Window { rows: 0..0, above_px: 0.0, below_px: 0.0 });
        assert_eq!(window(3, 500.0, 640.0).rows, 0..3);
    }

    #[test]
    fn every_row_of_a_table_too_tall_for_a_browser_can_be_reached() {
        let count = 3_000_000_000_usize;
        for row in [0, 1, 1_234_567_890, count - 1] {
            let scroll_px = scroll_to(count, row, 0.0, 640.0);
            let window = window(count, scroll_px, 640.0);
            assert!(window.above_px + window.rows.len() as f64 * ROW_PX <= TALLEST_PX + 2_000.0);
            // One pixel of the scroll bar is 200 rows here, so the place is exact to that.
            assert!(window.rows.start <= row + 256 && row <= window.rows.end + 256, "{row} {window:?}");
        }
        assert!(window(count, TALLEST_PX, 640.0).rows.contains(&(count - 1)));
    }

    #[test]
    fn scrolling_stops_where_the_row_is_in_sight() {
        assert_eq!(scroll_to(1_000, 5, 0.0, 640.0), 0.0);
        assert_eq!(scroll_to(1_000, 5, 320.0, 640.0), 160.0);
        assert_eq!(scroll_to(1_000, 19, 0.0, 640.0), 34.0);
    }
}
