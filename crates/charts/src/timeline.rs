//! The sessions of one player over its days.

use plotters::prelude::DrawingBackend;

use crate::axis::{FOOT_PX, Name, X_LABELS_PX, draw_below, draw_key, label_margin};
use crate::canvas::{Anchor, Area, Canvas};
use crate::dates::{self, DAY_US, MINUTE_US};
use crate::error::Error;
use crate::format;
use crate::frame::{Frame, Scale};
use crate::marks::Mark;
use crate::milestones::{self, Milestone};
use crate::rect::Rect;
use crate::theme::Theme;

const HOURS: [(f64, &str); 5] =
    [(0.0, "00:00"), (6.0, "06:00"), (12.0, "12:00"), (18.0, "18:00"), (24.0, "24:00")];
/// A session is drawn at least this wide and high in pixels, or single events would vanish.
const LEAST_PX: f64 = 2.0;

/// One session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimelineSession {
    /// First event, in microseconds since 1970.
    pub start_us: i64,
    /// Last event, in microseconds since 1970, not before the first.
    pub end_us: i64,
    /// How many events it has.
    pub events: u64,
}

impl TimelineSession {
    /// Minute boundaries crossed, as the models count them.
    pub(crate) fn minutes(self) -> i64 {
        self.end_us.div_euclid(MINUTE_US).saturating_sub(self.start_us.div_euclid(MINUTE_US))
    }
}

/// The sessions of one player.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// In order of time.
    pub sessions: Vec<TimelineSession>,
    /// Sessions longer than this stand out, in minutes.
    pub limit_minutes: i64,
    /// The place of the longest session, which is outlined and named.
    pub longest: Option<usize>,
    /// Days to mark, as far as they are among those shown.
    pub milestones: Vec<Milestone>,
}

impl Timeline {
    pub(crate) fn is_long(&self, session: TimelineSession) -> bool {
        session.minutes() > self.limit_minutes
    }

    /// What stands out, in words.
    pub(crate) fn long(&self) -> String {
        format!("longer than {}", format::minutes(self.limit_minutes))
    }

    fn reading(&self, session: TimelineSession) -> String {
        let (minutes, events) =
            (format::minutes(session.minutes()), format::counted(session.events, "event"));
        match self.is_long(session) {
            true => format!("{minutes} · {events} · {}", self.long()),
            false => format!("{minutes} · {events}"),
        }
    }

    /// First and last day with a session, in days since 1970.
    pub(crate) fn days(&self) -> Option<(i64, i64)> {
        let first = self.sessions.iter().map(|session| session.start_us).min()?;
        let last = self.sessions.iter().map(|session| session.end_us).max()?;
        Some((first.div_euclid(DAY_US), last.div_euclid(DAY_US)))
    }
}

/// Draws sessions as bars: across the days, down the hours of the day; a session that passes
/// midnight goes on at the top of the next day. The frame's `x` is in days since 1970, `y` in
/// hours from the top.
///
/// # Errors
/// If the area is too small or refuses to be drawn on.
pub fn draw_timeline<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Timeline,
    theme: &Theme,
) -> Result<Frame, Error> {
    let canvas = Canvas::new(area, theme)?;
    let mut plot = Rect {
        left: label_margin(HOURS.iter().map(|(_, label)| *label)),
        top: 10.0,
        right: canvas.width - 14.0,
        bottom: canvas.height - X_LABELS_PX - FOOT_PX,
    };
    let (first, last) = data.days().unwrap_or((0, 0));
    let x = Scale::linear((first as f64, last as f64 + 1.0), (plot.left, plot.right));
    let lines = milestones::lines(&data.milestones, &canvas, &x, &plot);
    plot.top += lines.height_px();
    let mut frame = Frame::new(plot, x, Scale::linear((0.0, 24.0), (plot.top, plot.bottom)));
    if data.sessions.is_empty() {
        canvas.no_data()?;
        return Ok(frame);
    }
    draw_hours(&canvas, &frame)?;
    draw_below(&canvas, &frame, &dates::ticks(&frame.x, canvas.width), false)?;
    for &session in &data.sessions {
        let areas = pieces(&frame, session);
        let color = if data.is_long(session) { theme.bot } else { theme.human };
        for &piece in &areas {
            canvas.rect(piece, color, 0.8)?;
        }
        let name = dates::period(session.start_us, session.end_us);
        frame.marks.push(Mark { areas, name, reading: data.reading(session) });
    }
    lines.draw(&canvas, &plot)?;
    let longest = data.longest.and_then(|place| Some((data.sessions.get(place)?, frame.marks.get(place)?)));
    if let Some((session, mark)) = longest {
        draw_longest(&canvas, &plot, *session, &mark.areas)?;
    }
    let long = data.long();
    draw_key(&canvas, plot.left, &[(theme.human, "session"), (theme.bot, &long)])?;
    Ok(frame)
}

/// Outlines the longest session and names it beside where it starts.
fn draw_longest<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    plot: &Rect,
    session: TimelineSession,
    areas: &[Rect],
) -> Result<(), Error> {
    for &Rect { left, top, right, bottom } in areas {
        let (left, top, right, bottom) = (left - 0.5, top - 0.5, right + 0.5, bottom + 0.5);
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        canvas.polyline(&corners, canvas.theme.ink, 1.25)?;
    }
    let (Some(first), Some(last)) = (areas.first(), areas.last()) else { return Ok(()) };
    let text = format!("longest: {}", format::minutes(session.minutes()));
    let mut name = Name::place(&text, last.right + 8.0, plot, canvas.width);
    if name.left < last.right + 4.0 {
        name = Name::place(&text, first.left - 8.0 - (name.right - name.left), plot, canvas.width);
    }
    let y = ((first.top + first.bottom) / 2.0).min(plot.bottom - 9.0).max(plot.top + 9.0);
    name.draw(canvas, y, canvas.theme.ink)
}

fn draw_hours<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, frame: &Frame) -> Result<(), Error> {
    // On a low chart every other label would touch its neighbour.
    let every = if frame.plot.height() < 72.0 { 2 } else { 1 };
    for (hour, label) in HOURS.into_iter().step_by(every) {
        let y = frame.y.px(hour);
        canvas.row_line(y, (frame.plot.left, frame.plot.right), canvas.theme.grid)?;
        canvas.text(label, (frame.plot.left - 8.0, y), Anchor::End, canvas.tick_ink())?;
    }
    Ok(())
}

/// The bars of a session: one a day, but however many whole days lie in between, they are one.
fn pieces(frame: &Frame, session: TimelineSession) -> Vec<Rect> {
    let (first, last) = (session.start_us.div_euclid(DAY_US), session.end_us.div_euclid(DAY_US));
    let (from, to) = (hour_of_day(session.start_us), hour_of_day(session.end_us));
    if first >= last {
        return vec![piece(frame, (first, first), (from, to))];
    }
    let mut pieces = vec![piece(frame, (first, first), (from, 24.0))];
    if last - first > 1 {
        pieces.push(piece(frame, (first + 1, last - 1), (0.0, 24.0)));
    }
    pieces.push(piece(frame, (last, last), (0.0, to)));
    pieces
}

/// A bar over the days `from_day..=to_day` between two hours.
fn piece(frame: &Frame, (from_day, to_day): (i64, i64), (from_hour, to_hour): (f64, f64)) -> Rect {
    let (start, end) = (frame.x.px(from_day as f64), frame.x.px(to_day as f64 + 1.0));
    let day_px = frame.x.px(from_day as f64 + 1.0) - start;
    // One session a day may not look like a wall when there are few days.
    let spare = ((day_px - 14.0) / 2.0).max(day_px * 0.1).max(0.0);
    let (left, right) = if from_day == to_day {
        (start + spare, end - spare)
    } else {
        (start + spare, end - spare.min(day_px * 0.1))
    };
    let middle = (left + right) / 2.0;
    let (left, right) = (left.min(middle - LEAST_PX / 2.0), right.max(middle + LEAST_PX / 2.0));
    let (top, bottom) = (frame.y.px(from_hour), frame.y.px(to_hour));
    let middle =
        ((top + bottom) / 2.0).clamp(frame.plot.top + LEAST_PX / 2.0, frame.plot.bottom - LEAST_PX / 2.0);
    Rect { left, top: top.min(middle - LEAST_PX / 2.0), right, bottom: bottom.max(middle + LEAST_PX / 2.0) }
}

fn hour_of_day(time_us: i64) -> f64 {
    time_us.rem_euclid(DAY_US) as f64 / DAY_US as f64 * 24.0
}
