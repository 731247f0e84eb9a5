//! A range of days that is chosen on a chart whose horizontal axis is days.

use wow_charts::{Frame, Rect, format};
use wow_engine::Filter;
use wow_engine::time::Day;

use super::time;

/// The first and the last day of a range; both belong to it.
pub type Days = (Day, Day);

/// How far from its line a handle can be taken, pixels.
const HANDLE_PX: f64 = 12.0;

/// Days that are being chosen: from where the choice began to where it has got, which may be earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    anchor: Days,
    head: Days,
}

impl Selection {
    /// A choice that begins with these days.
    #[must_use]
    pub const fn from(anchor: Days) -> Self {
        Self { anchor, head: anchor }
    }

    /// The same choice, up to other days.
    #[must_use]
    pub const fn to(self, head: Days) -> Self {
        Self { head, ..self }
    }

    /// The choice of these days with one end held, if that end's handle in `band` is at `x`.
    #[must_use]
    pub fn held((first, last): Days, band: Rect, x: f64) -> Option<Self> {
        let (from_left, from_right) = ((band.left - x).abs(), (band.right - x).abs());
        if from_left.min(from_right) > HANDLE_PX {
            return None;
        }
        let (anchor, head) = if from_left < from_right { (last, first) } else { (first, last) };
        Some(Self { anchor: (anchor, anchor), head: (head, head) })
    }

    /// All days of the choice.
    #[must_use]
    pub fn days(self) -> Days {
        (self.anchor.0.min(self.head.0), self.anchor.1.max(self.head.1))
    }

    /// How many days they are.
    #[must_use]
    pub fn count(self) -> String {
        let (first, last) = self.days();
        format::counted(first.days_to(last).get().unsigned_abs().saturating_add(1), "day")
    }

    /// Which days they are.
    #[must_use]
    pub fn name(self) -> String {
        let (first, last) = self.days();
        time::days(first, last)
    }
}

/// The days that a filter lets through; none where it does not look at days.
#[must_use]
pub fn range(filter: &Filter) -> Option<Days> {
    let is_open = filter.from_day.is_none() && filter.to_day.is_none();
    (!is_open).then(|| (filter.from_day.unwrap_or(Day::MIN), filter.to_day.unwrap_or(Day::MAX)))
}

/// The days that an area of the chart stands for.
#[must_use]
pub fn days_of(frame: &Frame, area: &Rect) -> Days {
    // The edges are those of days, but for what is lost on the way to pixels and back.
    let first = frame.x.value(area.left).round() as i64;
    let end = frame.x.value(area.right).round() as i64;
    let day = |day: i64| Day::new(day.clamp(Day::MIN.get(), Day::MAX.get())).unwrap_or_default();
    (day(first), day(end.saturating_sub(1).max(first)))
}

/// Where days lie on the chart, as far as it shows them; none where it shows none of them, or nothing else.
#[must_use]
pub fn band(frame: &Frame, (first, last): Days) -> Option<Rect> {
    let (start, end) = (first.get() as f64, last.get() as f64 + 1.0);
    let is_outside = end <= frame.x.start || start >= frame.x.end;
    let is_all = start <= frame.x.start && end >= frame.x.end;
    let px = |value: f64| frame.x.px(value.clamp(frame.x.start, frame.x.end));
    (!is_outside && !is_all).then(|| Rect { left: px(start), right: px(end), ..frame.plot })
}

/// The handles of a band as the path of an SVG document: a stroke on the middle of either end.
#[must_use]
pub fn handles(Rect { left, top, right, bottom }: Rect) -> String {
    let middle = (top + bottom) / 2.0;
    let (from, to) = (middle - HANDLE_PX, middle + HANDLE_PX);
    format!("M{left:.1} {from:.1}V{to:.1}M{right:.1} {from:.1}V{to:.1}")
}

#[cfg(test)]
mod tests {
    use wow_charts::{Activity, ActivityDay, Theme, draw_activity, svg};

    use super::*;

    fn days(first: u16, last: u16) -> Days {
        (Day::of(first), Day::of(last))
    }

    fn frame(days: i64) -> Frame {
        let day = |day| ActivityDay { day: 13_149 + day, humans: 9, bots: 1 };
        let data = Activity { days: (0..days).map(day).collect(), ..Activity::default() };
        svg(720, 270, "days", |area| draw_activity(area, &data, &Theme::light())).unwrap().frame
    }

    #[test]
    fn every_mark_of_the_chart_is_its_days() {
        // The first day is a Sunday, and weeks begin on Monday.
        for (length, first_run, run) in [(1, 1, 1), (31, 1, 1), (180, 1, 1), (1_106, 1, 7)] {
            let frame = frame(length.into());
            let found = frame.marks.iter().map(|mark| days_of(&frame, &mark.areas[0]));
            let last = 13_149 + length - 1;
            let starts = (13_149 + first_run..=last).step_by(usize::from(run));
            let others = starts.map(|first| days(first, (first + run - 1).min(last)));
            let expected = std::iter::once(days(13_149, 13_149 + first_run - 1)).chain(others);
            assert!(found.eq(expected), "{length} days");
        }
    }

    #[test]
    fn a_choice_may_be_made_in_either_direction() {
        let start = Selection::from(days(20, 26));
        assert_eq!((start.days(), start.count()), (days(20, 26), "7 days".to_owned()));
        assert_eq!(start.to(days(34, 40)).days(), days(20, 40));
        assert_eq!(start.to(days(34, 40)).to(days(6, 12)).days(), days(6, 26));
        assert_eq!(
            (start.name(), Selection::from(days(3, 3)).count()),
            ("21–27 Jan 1970".into(), "1 day".into())
        );
    }

    #[test]
    fn a_handle_moves_its_end_and_keeps_the_other() {
        let frame = frame(31);
        let held = days(13_155, 13_160);
        let band = band(&frame, held).unwrap();
        let left = Selection::held(held, band, band.left + 3.0).unwrap();
        assert_eq!((left.days(), left.to(days(13_150, 13_150)).days()), (held, days(13_150, 13_160)));
        let right = Selection::held(held, band, band.right - 3.0).unwrap();
        assert_eq!(right.to(days(13_170, 13_170)).days(), days(13_155, 13_170));
        assert_eq!(Selection::held(held, band, (band.left + band.right) / 2.0), None);
        let drawn = Rect { left: 10.0, top: 0.0, right: 50.0, bottom: 100.0 };
        assert_eq!(handles(drawn), "M10.0 38.0V62.0M50.0 38.0V62.0");
    }

    #[test]
    fn the_band_is_what_the_chart_shows_of_the_days() {
        let frame = frame(31);
        let inner = band(&frame, days(13_155, 13_160)).unwrap();
        assert_eq!(days_of(&frame, &inner), days(13_155, 13_160));
        assert_eq!(days_of(&frame, &band(&frame, days(0, 13_160)).unwrap()), days(13_149, 13_160));
        assert_eq!(
            [
                band(&frame, days(13_149, 13_179)),
                band(&frame, days(0, 13_148)),
                band(&frame, days(13_180, 60_000))
            ],
            [None; 3]
        );
        assert_eq!(band(&frame, (Day::MIN, Day::MAX)), None);
        let open_end = range(&Filter { from_day: Some(Day::of(13_155)), ..Filter::default() }).unwrap();
        assert_eq!(days_of(&frame, &band(&frame, open_end).unwrap()), days(13_155, 13_179));
        assert_eq!(range(&Filter::default()), None);
    }
}
