//! Ticks for axes of minutes.

use crate::format;
use crate::frame::Scale;
use crate::ticks::{Tick, finest_that_fits, free_upright, most_important};

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;
const YEAR: i64 = 365 * DAY;

/// Durations people think in, the most telling first.
const LANDMARKS: [i64; 17] = [
    HOUR,
    DAY,
    1,
    6 * HOUR,
    10,
    WEEK,
    12 * HOUR,
    0,
    3 * DAY,
    4 * WEEK,
    YEAR,
    10 * YEAR,
    1_000 * YEAR,
    30,
    3 * HOUR,
    3,
    13 * WEEK,
];

/// Steps between ticks of a linear axis.
const STEPS: [i64; 15] =
    [1, 2, 5, 10, 15, 30, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, WEEK, 4 * WEEK];

/// Ticks of a logarithmic axis below a plot.
pub(crate) fn log_ticks(scale: &Scale, width_px: f64) -> Vec<Tick> {
    most_important(landmarks(), scale, width_px)
}

/// Ticks of a logarithmic axis beside a plot.
pub(crate) fn log_ticks_upright(scale: &Scale) -> Vec<Tick> {
    free_upright(landmarks().into_iter(), scale)
}

/// Ticks of a linear axis below a plot.
pub(crate) fn linear_ticks(scale: &Scale, width_px: f64) -> Vec<Tick> {
    let longer = (1..=12).map(|power| YEAR.saturating_mul(10_i64.pow(power)));
    let sets = STEPS
        .into_iter()
        .chain([YEAR])
        .chain(longer)
        .filter(|&step| (scale.end - scale.start) / (step as f64) < 100.0)
        .map(|step| multiples(scale, step))
        .filter(|ticks| !ticks.is_empty())
        .collect();
    finest_that_fits(sets, scale, width_px)
}

/// The minutes from `first` to `last` in words: `12–14 min`, `1 h 5 min – 1 h 20 min`.
pub(crate) fn range(first: i64, last: i64) -> String {
    match (first, last) {
        (first, last) if first >= last => format::minutes(first),
        (0.., ..HOUR) => format!("{first}–{last} min"),
        _ => format!("{} – {}", format::minutes(first), format::minutes(last)),
    }
}

fn landmarks() -> Vec<Tick> {
    LANDMARKS.iter().map(|&minutes| Tick { value: minutes as f64, label: format::minutes(minutes) }).collect()
}

fn multiples(scale: &Scale, step: i64) -> Vec<Tick> {
    let first = (scale.start / step as f64).ceil() as i64;
    let last = (scale.end / step as f64).floor() as i64;
    (first..=last)
        .map(|index| index.saturating_mul(step))
        .map(|minutes| Tick { value: minutes as f64, label: format::minutes(minutes) })
        .collect()
}
