//! How long one player was online: by day over the whole period, and by hour of the day. Of many sessions these can be read
//! where a bar a session cannot.

use plotters::prelude::DrawingBackend;

use crate::axis::{FOOT_PX, count_plot, draw_below, draw_counts, draw_key, plot_height};
use crate::canvas::{Area, Canvas};
use crate::dates::{self, MINUTE_US};
use crate::error::Error;
use crate::format;
use crate::frame::{Frame, Scale};
use crate::marks::Mark;
use crate::milestones::{self, DayPlot};
use crate::rect::Rect;
use crate::theme::Theme;
use crate::ticks::{Tick, count_axis, finest_that_fits};
use crate::timeline::{Timeline, TimelineSession};

const HOUR_MINUTES: i64 = 60;
const DAY_MINUTES: i64 = 24 * HOUR_MINUTES;
/// A bar is at least this wide, pixels.
const BAR_PX: u32 = 3;
/// What the axes leave for bars is the chart without this, pixels.
const AXES_PX: u32 = 60;

/// Minutes online, as minute boundaries crossed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Minutes {
    /// In all sessions.
    pub all: u64,
    /// In sessions that are longer than the limit.
    pub long: u64,
}

impl Minutes {
    const fn add(&mut self, minutes: u64, is_long: bool) {
        self.all += minutes;
        if is_long {
            self.long += minutes;
        }
    }
}

/// Some days in a row, and how long the player was online on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnlineDays {
    /// The first, in days since 1970.
    pub first: i64,
    /// How many days.
    pub days: u64,
    /// On all of them together.
    pub minutes: Minutes,
}

impl Timeline {
    /// How long the player was online day by day, from the first day to the last; in runs of 7 days and its doubles where
    /// there would be more than `most`.
    #[must_use]
    pub fn online_by_day(&self, most: u64) -> Vec<OnlineDays> {
        let Some((first, last)) = self.days() else { return Vec::new() };
        let days = last.abs_diff(first).saturating_add(1);
        let mut length = 1_u64;
        while days.div_ceil(length) > most.max(1) {
            length = if length == 1 { 7 } else { length.saturating_mul(2) };
        }
        let run = |index: u64| OnlineDays {
            first: first.saturating_add_unsigned(index * length),
            days: length.min(days - index * length),
            minutes: Minutes::default(),
        };
        let mut runs: Vec<OnlineDays> = (0..days.div_ceil(length)).map(run).collect();
        for &session in &self.sessions {
            let (start, end) = ends(session);
            let place = |minute: i64| (minute.div_euclid(DAY_MINUTES).abs_diff(first) / length) as usize;
            let touched = place(start)..=place(end).min(runs.len() - 1);
            for run in runs.get_mut(touched).into_iter().flatten() {
                let from = run.first.saturating_mul(DAY_MINUTES);
                let to = from.saturating_add_unsigned(run.days.saturating_mul(DAY_MINUTES as u64));
                let minutes = end.min(to).saturating_sub(start.max(from)).max(0);
                run.minutes.add(minutes.unsigned_abs(), self.is_long(session));
            }
        }
        runs
    }

    /// How long the player was online in each hour of the day, all days together.
    #[must_use]
    pub fn online_by_hour(&self) -> [Minutes; 24] {
        // What of this hour has passed up to a minute, since 1970.
        let passed = |minute: i64, hour: i64| {
            let of_day = minute.rem_euclid(DAY_MINUTES) - hour * HOUR_MINUTES;
            minute.div_euclid(DAY_MINUTES) * HOUR_MINUTES + of_day.clamp(0, HOUR_MINUTES)
        };
        let mut hours = [Minutes::default(); 24];
        for &session in &self.sessions {
            let (start, end) = ends(session);
            for (hour, minutes) in (0..).zip(&mut hours) {
                minutes.add((passed(end, hour) - passed(start, hour)).unsigned_abs(), self.is_long(session));
            }
        }
        hours
    }

    /// What a bar says: `2 h 10 min, 1 h of it in sessions longer than 12 h`.
    fn online_reading(&self, Minutes { all, long }: Minutes) -> String {
        match long {
            0 => minutes(all),
            long if long == all => format!("{} · in sessions {}", minutes(all), self.long()),
            long => format!("{} · {} of it in sessions {}", minutes(all), minutes(long), self.long()),
        }
    }
}

fn minutes(minutes: u64) -> String {
    format::minutes(i64::try_from(minutes).unwrap_or(i64::MAX))
}

/// Start and end in minutes since 1970; a session never ends before it starts.
fn ends(session: TimelineSession) -> (i64, i64) {
    let start = session.start_us.div_euclid(MINUTE_US);
    (start, session.end_us.div_euclid(MINUTE_US).max(start))
}

/// Draws hours online a day as bars: of single days, or means of some days where they are many. The frame's `x` is in days
/// since 1970, `y` in hours.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_online_by_day<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Timeline,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let most = (canvas.width as u32).saturating_sub(AXES_PX) / BAR_PX;
    let runs = data.online_by_day(most.into());
    let hours =
        |run: &OnlineDays, minutes: u64| minutes as f64 / HOUR_MINUTES as f64 / run.days.max(1) as f64;
    let greatest = runs.iter().map(|run| hours(run, run.minutes.all)).fold(0.0, f64::max);
    let (first, last) = data.days().unwrap_or((0, 0));
    let axis_of = |length_px| (0.0, count_axis(greatest, length_px));
    let days = (first as f64, last as f64 + 1.0);
    let DayPlot { plot, x, counts: (_, axis), lines } =
        milestones::plot(&canvas, &data.milestones, days, FOOT_PX, axis_of);
    let mut frame = Frame::upright(plot, x, (0.0, axis.top));
    if runs.is_empty() {
        canvas.no_data()?;
        return Ok(frame);
    }
    draw_counts(&canvas, &frame, &axis)?;
    draw_below(&canvas, &frame, &dates::ticks(&frame.x, canvas.width), false)?;
    for run in &runs {
        let (start, end) = (run.first as f64, run.first as f64 + run.days as f64);
        let heights = (hours(run, run.minutes.all), hours(run, run.minutes.long));
        draw_bar(&canvas, &frame, (start, end), heights)?;
        let reading = data.online_reading(run.minutes);
        let happened =
            milestones::read(&data.milestones, run.first, run.first.saturating_add_unsigned(run.days - 1));
        let mean = match run.days {
            1 => String::new(),
            days => format!(" · {} a day", minutes(run.minutes.all / days)),
        };
        let name = dates::days(run.first, run.first.saturating_add_unsigned(run.days - 1));
        frame.marks.push(Mark::new(frame.column(start, end), name, format!("{reading}{mean}{happened}")));
    }
    lines.draw(&canvas, &plot)?;
    draw_foot(&canvas, data, plot.left)?;
    Ok(frame)
}

/// Draws the share of the time online that each hour of the day has. The frame's `x` is in hours, `y` in hundredths of the
/// time.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_online_by_hour<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Timeline,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let hours = data.online_by_hour();
    let all: u64 = hours.iter().map(|minutes| minutes.all).sum();
    let percent = |minutes: u64| minutes as f64 / all.max(1) as f64 * 100.0;
    let greatest = hours.iter().map(|minutes| percent(minutes.all)).fold(0.0, f64::max);
    let mut axis = count_axis(greatest, plot_height(&canvas, FOOT_PX));
    for tick in &mut axis.ticks {
        tick.label += " %";
    }
    let plot = count_plot(&canvas, &axis, FOOT_PX);
    let x = Scale::linear((0.0, 24.0), (plot.left, plot.right));
    let mut frame = Frame::upright(plot, x, (0.0, axis.top));
    if all == 0 {
        canvas.no_data()?;
        return Ok(frame);
    }
    draw_counts(&canvas, &frame, &axis)?;
    let tick = |hour: i32| Tick { value: hour.into(), label: format!("{hour:02}:00") };
    let every = |hours: usize| (0..=24).step_by(hours).map(tick).collect();
    let ticks = finest_that_fits([3, 6, 12, 24].map(every).into(), &frame.x, canvas.width);
    draw_below(&canvas, &frame, &ticks, false)?;
    for (hour, &minutes) in (0_u8..).zip(&hours) {
        let (start, end) = (f64::from(hour), f64::from(hour) + 1.0);
        draw_bar(&canvas, &frame, (start, end), (percent(minutes.all), percent(minutes.long)))?;
        let name = format!("{hour:02}:00–{:02}:00", hour + 1);
        let share = format::fixed(percent(minutes.all), 1);
        let reading = format!("{share} % of the time · {}", data.online_reading(minutes));
        frame.marks.push(Mark::new(frame.column(start, end), name, reading));
    }
    draw_foot(&canvas, data, plot.left)?;
    Ok(frame)
}

/// A bar, and in it from below what is of long sessions.
fn draw_bar<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: &Frame,
    (start, end): (f64, f64),
    (all, long): (f64, f64),
) -> Result<(), Error> {
    let (left, right) = (frame.x.px(start), frame.x.px(end));
    let gap = ((right - left) * 0.12).min(1.0);
    let piece = |from: f64, to: f64| Rect {
        left: left + gap,
        top: frame.y.px(to),
        right: right - gap,
        bottom: frame.y.px(from),
    };
    if long > 0.0 {
        canvas.rect(piece(0.0, long), canvas.theme.bot, 0.8)?;
    }
    if all > long {
        canvas.rect(piece(long, all), canvas.theme.human, 0.8)?;
    }
    Ok(())
}

fn draw_foot<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, data: &Timeline, left: f64) -> Result<(), Error> {
    let (theme, long) = (canvas.theme, format!("in sessions {}", data.long()));
    draw_key(canvas, left, &[(theme.human, "online"), (theme.bot, &long)])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sessions from one minute since 1970 to another, those over 12 hours long.
    fn timeline(sessions: &[(i64, i64)]) -> Timeline {
        let session = |&(start, end): &(i64, i64)| TimelineSession {
            start_us: start * MINUTE_US,
            end_us: end * MINUTE_US + 59_999_999,
            events: 2,
        };
        Timeline {
            sessions: sessions.iter().map(session).collect(),
            limit_minutes: 720,
            longest: None,
            milestones: Vec::new(),
        }
    }

    fn all(minutes: &[Minutes]) -> Vec<u64> {
        minutes.iter().map(|minutes| minutes.all).collect()
    }

    #[test]
    fn a_session_over_midnight_counts_on_both_days_and_the_sum_is_its_minutes() {
        // From 22:30 to 01:15, and on the day after next from 00:00 to 13:00, which is long.
        let data = timeline(&[(1_350, 1_515), (4_320, 5_100)]);
        let days = data.online_by_day(100);
        let minutes: Vec<Minutes> = days.iter().map(|day| day.minutes).collect();
        assert_eq!(all(&minutes), [90, 75, 0, 780]);
        assert_eq!(minutes.iter().map(|minutes| minutes.long).collect::<Vec<_>>(), [0, 0, 0, 780]);
        assert_eq!(
            days.iter().map(|day| (day.first, day.days)).collect::<Vec<_>>(),
            [(0, 1), (1, 1), (2, 1), (3, 1)]
        );
        let hours = data.online_by_hour();
        assert_eq!(all(&hours)[..4], [120, 75, 60, 60]);
        assert_eq!(all(&hours)[21..], [0, 30, 60]);
        assert_eq!(hours.iter().map(|hour| hour.all).sum::<u64>(), 165 + 780);
        assert_eq!(hours.iter().map(|hour| hour.long).sum::<u64>(), 780);
    }

    #[test]
    fn days_become_weeks_where_they_are_too_many_and_nothing_is_lost() {
        // An hour a day, at 20:00, for 1,000 days from 31 December 1969 on.
        let sessions: Vec<(i64, i64)> =
            (-1..999).map(|day| (day * 1_440 + 1_200, day * 1_440 + 1_260)).collect();
        let data = timeline(&sessions);
        let runs = data.online_by_day(200);
        assert_eq!(runs.len(), 143);
        assert!(runs[..142].iter().all(|run| (run.days, run.minutes.all) == (7, 420)));
        assert_eq!((runs[142].days, runs[142].minutes.all), (6, 360));
        assert_eq!(data.online_by_hour()[20], Minutes { all: 60_000, long: 0 });
    }

    #[test]
    fn the_ends_of_time_are_drawn_in_no_time() {
        let forever = TimelineSession { start_us: i64::MIN, end_us: i64::MAX, events: 1 };
        let backward = TimelineSession { start_us: 5, end_us: -5, events: 0 };
        for session in [forever, backward] {
            let data = Timeline { sessions: vec![session], limit_minutes: 720, ..Timeline::default() };
            assert!(data.online_by_day(500).len() <= 500);
            let all: u64 = data.online_by_hour().iter().map(|minutes| minutes.all).sum();
            assert_eq!(all, session.minutes().max(0).unsigned_abs());
        }
        assert!(Timeline::default().online_by_day(9).is_empty());
    }
}
