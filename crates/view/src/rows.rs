//! Which rows of a long table are worth drawing: those in sight and a few beside them.

use std::ops::Range;

/// How high rows are, pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heights {
    /// A row.
    pub row_px: f64,
    /// The row of headings.
    pub head_px: f64,
}

impl Heights {
    /// Of rows with all cells in one line.
    pub const ONE_LINE: Self = Self { row_px: 32.0, head_px: 34.0 };
    /// Of rows with their cells in two lines.
    pub const TWO_LINES: Self = Self { row_px: 54.0, head_px: 58.0 };
}

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
pub fn window(count: usize, scroll_px: f64, sight_px: f64, heights: Heights) -> Window {
    let Heights { row_px, .. } = heights;
    let sight_px = sight_px.clamp(row_px, 20_000.0);
    let scroll_px = scroll_px.max(0.0);
    let in_sight = (sight_px / row_px).ceil() as usize;
    let top = top_row(count, scroll_px, sight_px, row_px).min(count.saturating_sub(1));
    let first = (top / BLOCK).saturating_sub(1) * BLOCK;
    let last = ((top + in_sight) / BLOCK + 2).saturating_mul(BLOCK).min(count);
    let total_px = total_px(count, row_px);
    let above_px = if is_squeezed(count, row_px) {
        (scroll_px - (top - first) as f64 * row_px).max(0.0)
    } else {
        first as f64 * row_px
    };
    let below_px = (total_px - above_px - (last - first) as f64 * row_px).max(0.0);
    Window { rows: first..last, above_px, below_px }
}

/// How far to scroll so that `row` is in sight; the present place if it already is.
#[must_use]
pub fn scroll_to(count: usize, row: usize, scroll_px: f64, sight_px: f64, heights: Heights) -> f64 {
    let Heights { row_px, head_px } = heights;
    let room_px = (sight_px - head_px).max(row_px);
    if is_squeezed(count, row_px) {
        let share = row as f64 / (count - 1) as f64;
        return (share * (total_px(count, row_px) - sight_px)).round();
    }
    let top_px = row as f64 * row_px;
    if top_px < scroll_px {
        top_px
    } else if top_px + row_px > scroll_px + room_px {
        top_px + row_px - room_px
    } else {
        scroll_px
    }
}

fn is_squeezed(count: usize, row_px: f64) -> bool {
    count as f64 * row_px > TALLEST_PX
}

fn total_px(count: usize, row_px: f64) -> f64 {
    (count as f64 * row_px).min(TALLEST_PX)
}

fn top_row(count: usize, scroll_px: f64, sight_px: f64, row_px: f64) -> usize {
    if !is_squeezed(count, row_px) {
        return (scroll_px / row_px) as usize;
    }
    let share = (scroll_px / (TALLEST_PX - sight_px)).min(1.0);
    (share * (count - 1) as f64) as usize
}

/// The width of a column of ids in order, pixels: as wide as the longest of them, or their heading.
#[must_use]
pub fn id_width_px(ids: &[i64]) -> u32 {
    const DIGIT_PX: f64 = 8.4;
    const EDGES_PX: f64 = 24.0;
    const HEADING_PX: u32 = 84;
    // The longest is the least or the greatest.
    let digits = [ids.first(), ids.last()].into_iter().flatten().map(|id| id.to_string().len()).max();
    ((digits.unwrap_or_default() as f64 * DIGIT_PX + EDGES_PX).ceil() as u32).max(HEADING_PX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_sight_is_drawn_and_the_rest_is_space() {
        for heights in [Heights::ONE_LINE, Heights::TWO_LINES] {
            let all_px = 91_064.0 * heights.row_px;
            for scroll_px in [0.0, 1.0, 31.9, 32.0, 1_000.0, 2_000_000.0, all_px - 640.0, 1e9] {
                let window = window(91_064, scroll_px, 640.0, heights);
                assert!(window.rows.len() <= 48, "{window:?}");
                let drawn_px = window.rows.len() as f64 * heights.row_px;
                assert_eq!(window.above_px + drawn_px + window.below_px, all_px);
                let end_px = (scroll_px + 640.0).min(all_px);
                assert!(window.above_px <= scroll_px && window.above_px + drawn_px >= end_px, "{window:?}");
            }
        }
    }

    #[test]
    fn short_tables_are_drawn_whole() {
        let none = Window { rows: 0..0, above_px: 0.0, below_px: 0.0 };
        assert_eq!(window(0, 0.0, 640.0, Heights::ONE_LINE), none);
        assert_eq!(window(3, 500.0, 640.0, Heights::ONE_LINE).rows, 0..3);
    }

    #[test]
    fn every_row_of_a_table_too_tall_for_a_browser_can_be_reached() {
        let (count, heights) = (3_000_000_000_usize, Heights::ONE_LINE);
        for row in [0, 1, 1_234_567_890, count - 1] {
            let scroll_px = scroll_to(count, row, 0.0, 640.0, heights);
            let window = window(count, scroll_px, 640.0, heights);
            assert!(window.above_px + window.rows.len() as f64 * heights.row_px <= TALLEST_PX + 2_000.0);
            // One pixel of the scroll bar is 200 rows here, so the place is exact to that.
            assert!(window.rows.start <= row + 256 && row <= window.rows.end + 256, "{row} {window:?}");
        }
        assert!(window(count, TALLEST_PX, 640.0, heights).rows.contains(&(count - 1)));
    }

    #[test]
    fn scrolling_stops_where_the_row_is_in_sight() {
        let to = |row, scroll_px, heights| scroll_to(1_000, row, scroll_px, 640.0, heights);
        assert_eq!(to(5, 0.0, Heights::ONE_LINE), 0.0);
        assert_eq!(to(5, 320.0, Heights::ONE_LINE), 160.0);
        assert_eq!(to(19, 0.0, Heights::ONE_LINE), 34.0);
        assert_eq!(to(10, 0.0, Heights::TWO_LINES), 12.0);
    }

    #[test]
    fn a_column_of_ids_is_as_wide_as_the_longest() {
        assert_eq!(id_width_px(&[]), id_width_px(&[1, 91_064]));
        assert!(id_width_px(&[i64::MIN, 7]) > 2 * id_width_px(&[7, 91_064]) - 20);
        assert!(id_width_px(&[i64::MIN, 7]) < 220);
    }
}
