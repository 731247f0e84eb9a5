//! Ticks: round ones for axes of counts, and which of many have labels that do not touch.

use crate::canvas::TICK_PX;
use crate::format;
use crate::frame::Scale;
use crate::text;

/// Least distance between two labels in pixels.
pub(crate) const GAP_PX: f64 = 18.0;

/// A value worth a label.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    pub(crate) value: f64,
    pub(crate) label: String,
}

/// Ticks from zero to the first round number that holds the greatest value.
#[derive(Debug, Clone)]
pub(crate) struct CountAxis {
    /// Value of the last tick.
    pub(crate) top: f64,
    /// From zero to `top`.
    pub(crate) ticks: Vec<Tick>,
}

/// An axis for counts up to `greatest` on a length of `length_px`.
pub(crate) fn count_axis(greatest: f64, length_px: f64) -> CountAxis {
    let greatest = if greatest.is_finite() { greatest.max(1.0) } else { 1.0 };
    let wanted = (length_px / 36.0).floor().clamp(1.0, 6.0);
    let step = round_up(greatest / wanted).max(1.0);
    // A hair of rounding must not add an empty step above the greatest value.
    let steps = (greatest / step - 1e-9).ceil().max(1.0);
    let top = step * steps;
    let ticks = (0..=steps as u32)
        .map(|index| step * f64::from(index))
        .map(|value| Tick { value, label: format::tick(value, step, top) })
        .collect();
    CountAxis { top, ticks }
}

/// A logarithmic axis of counts.
#[derive(Debug, Clone)]
pub(crate) struct LogCountAxis {
    /// Value at its lower end.
    pub(crate) start: f64,
    /// Its upper end and its ticks.
    pub(crate) counts: CountAxis,
}

/// A logarithmic axis that holds all of these counts on a length of `length_px`.
pub(crate) fn log_count_axis(counts: impl Iterator<Item = f64> + Clone, length_px: f64) -> LogCountAxis {
    let least = counts.clone().filter(|count| *count > 0.0).fold(f64::INFINITY, f64::min);
    let greatest = counts.fold(1.0, f64::max);
    let start = if least.is_finite() && least >= 10.0 { round_down(least) } else { 0.0 };
    let top = round_up(greatest).max(start * 2.0);
    let scale = Scale::log((start, top), (length_px, 0.0));
    let mut ticks = free_upright(landmarks(top), &scale);
    ticks.sort_by(|a, b| a.value.total_cmp(&b.value));
    LogCountAxis { start, counts: CountAxis { top, ticks } }
}

/// Ticks of a logarithmic axis of counts below a plot.
pub(crate) fn log_count_ticks(scale: &Scale, width_px: f64) -> Vec<Tick> {
    most_important(landmarks(scale.end).collect(), scale, width_px)
}

/// Powers of ten, then their fivefolds and twofolds, up to `end`.
fn landmarks(end: f64) -> impl Iterator<Item = Tick> {
    let powers = || std::iter::successors(Some(1.0), |power| Some(power * 10.0));
    [1.0, 5.0, 2.0].into_iter().flat_map(move |factor| {
        let values = powers().map(move |power: f64| factor * power).take_while(move |value| *value <= end);
        values.map(|value| Tick { value, label: format::tick(value, value, value) })
    })
}

/// Of ticks in order of importance, those within an upright axis that are at least 18 px apart.
pub(crate) fn free_upright(ticks: impl Iterator<Item = Tick>, scale: &Scale) -> Vec<Tick> {
    let mut kept: Vec<Tick> = Vec::new();
    for tick in ticks {
        let y = scale.px(tick.value);
        let is_free = kept.iter().all(|other| (scale.px(other.value) - y).abs() >= 18.0);
        if (scale.start..=scale.end).contains(&tick.value) && is_free {
            kept.push(tick);
        }
    }
    kept
}

/// The greatest of 1, 2 and 5 times a power of ten that is not above a positive `value`.
fn round_down(value: f64) -> f64 {
    let power = 10_f64.powi(libm::log10(value).floor() as i32);
    let leading = value / power;
    let round = [5.0, 2.0].into_iter().find(|round| leading >= *round);
    round.unwrap_or(1.0) * power
}

/// The smallest of 1, 2 and 5 times a power of ten that is not below `value`.
pub(crate) fn round_up(value: f64) -> f64 {
    if !value.is_finite() || value <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powi(libm::log10(value).floor() as i32);
    let leading = value / power;
    let round = [1.0, 2.0, 5.0].into_iter().find(|round| leading <= round * (1.0 + 1e-9));
    round.unwrap_or(10.0) * power
}

/// The finest set of ticks whose labels do not touch; the sets come from fine to coarse.
/// If even the coarsest is too dense, those of its ticks that fit.
pub(crate) fn finest_that_fits(mut sets: Vec<Vec<Tick>>, scale: &Scale, width_px: f64) -> Vec<Tick> {
    let fits = |ticks: &Vec<Tick>| {
        let extents: Vec<_> = ticks.iter().map(|tick| extent(tick, scale, width_px)).collect();
        let is_clear = |pair: &[(f64, f64)]| pair[0].1 + GAP_PX <= pair[1].0;
        extents.iter().all(|&(_, right)| right < width_px)
            && !ticks.is_empty()
            && extents.windows(2).all(is_clear)
    };
    match sets.iter().position(fits) {
        Some(index) => sets.swap_remove(index),
        None => most_important(sets.pop().unwrap_or_default(), scale, width_px),
    }
}

/// Of ticks in order of importance, those within the axis whose labels do not touch one that
/// is more important; in order of value.
pub(crate) fn most_important(ticks: Vec<Tick>, scale: &Scale, width_px: f64) -> Vec<Tick> {
    let mut kept: Vec<(Tick, (f64, f64))> = Vec::new();
    for tick in ticks {
        let (left, right) = extent(&tick, scale, width_px);
        let is_free = kept.iter().all(|(_, other)| right + GAP_PX <= other.0 || other.1 + GAP_PX <= left);
        let is_inside = (scale.start..=scale.end).contains(&tick.value) && right < width_px;
        if is_inside && is_free {
            kept.push((tick, (left, right)));
        }
    }
    let mut ticks: Vec<Tick> = kept.into_iter().map(|(tick, _)| tick).collect();
    ticks.sort_by(|a, b| a.value.total_cmp(&b.value));
    ticks
}

/// Left and right end of a label below its value, moved inside the drawing where it would
/// stick out.
pub(crate) fn extent(tick: &Tick, scale: &Scale, width_px: f64) -> (f64, f64) {
    let half = text::width(&tick.label, TICK_PX) / 2.0;
    let center = scale.px(tick.value).min(width_px - half - 1.0).max(half + 1.0);
    (center - half, center + half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_one_two_or_five_times_a_power_of_ten() {
        let mut value = 0.000_1;
        while value < 1e20 {
            let step = round_up(value);
            let leading = step / 10_f64.powi((libm::log10(step) + 1e-9).floor() as i32);
            assert!([1.0, 2.0, 5.0].iter().any(|round| (leading - round).abs() < 1e-6), "{value} → {step}");
            assert!(step >= value * (1.0 - 1e-9) && step <= value * 2.500_1, "{value} → {step}");
            value *= 1.37;
        }
    }

    #[test]
    fn an_axis_holds_its_greatest_value_without_an_empty_step() {
        for greatest in [0.0, 1.0, 2.0, 3.0, 7.0, 10.0, 999.0, 1_000.0, 1_430.0, 36.5e6, u64::MAX as f64] {
            for length_px in [10.0, 60.0, 200.0, 600.0] {
                let axis = count_axis(greatest, length_px);
                let last_but_one = axis.ticks[axis.ticks.len() - 2].value;
                assert!(axis.top >= greatest && last_but_one <= greatest.max(1.0), "{greatest} {axis:?}");
                assert!((2..=8).contains(&axis.ticks.len()), "{greatest} {axis:?}");
                let mut labels: Vec<&str> = axis.ticks.iter().map(|tick| tick.label.as_str()).collect();
                labels.dedup();
                assert_eq!(labels.len(), axis.ticks.len(), "{labels:?}");
            }
        }
    }

    #[test]
    fn a_logarithmic_axis_holds_all_counts_and_names_its_powers_of_ten() {
        let axis = log_count_axis([1_790_598.0, 23_000_000.0].into_iter(), 200.0);
        assert_eq!((axis.start, axis.counts.top), (1e6, 5e7));
        let labels: Vec<&str> = axis.counts.ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels, ["1 M", "2 M", "5 M", "10 M", "20 M", "50 M"]);
        let small = log_count_axis([0.0, 3.0].into_iter(), 20.0);
        assert_eq!((small.start, small.counts.top, small.counts.ticks.len()), (0.0, 5.0, 1));
        let none = log_count_axis(std::iter::empty(), 100.0);
        assert!(none.start < none.counts.top);
        let flat = log_count_axis([10.0].into_iter(), 100.0);
        assert_eq!((flat.start, flat.counts.top), (10.0, 20.0));
    }

    #[test]
    fn nonsense_still_gives_an_axis() {
        for greatest in [f64::NAN, f64::INFINITY, -5.0] {
            assert_eq!(count_axis(greatest, 200.0).top, 1.0);
        }
    }
}
