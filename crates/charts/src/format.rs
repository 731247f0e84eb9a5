//! Numbers and durations as a reader sees them, in charts and on the page alike.

/// A count with thousands separators: `35,861,363`.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A count of things: `1 player`, `2,100 players`.
pub fn counted(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", count(number))
}

/// Players of both groups together, and how many of them are likely bots: `2,100 players · 30 likely bots`.
pub(crate) fn players(humans: u64, bots: u64) -> String {
    let all = || counted(humans.saturating_add(bots), "player");
    match (humans, bots) {
        (_, 0) => all(),
        (0, _) => counted(bots, "likely bot"),
        _ => format!("{} · {}", all(), counted(bots, "likely bot")),
    }
}

/// Sessions of both groups together, and those of likely bots: `2,100 sessions · 30 of likely bots`.
pub(crate) fn sessions(humans: u64, bots: u64) -> String {
    let all = counted(humans.saturating_add(bots), "session");
    if bots == 0 { all } else { format!("{all} · {} of likely bots", count(bots)) }
}

/// A number with so many decimals. Halves are rounded away from zero, on the double, as the reference SQL's `round` does
/// and Rust's own formatting does not. Nothing reads as minus zero.
pub fn fixed(value: f64, decimals: usize) -> String {
    format!("{:.decimals$}", rounded(value, decimals))
}

fn rounded(value: f64, decimals: usize) -> f64 {
    let scale = (0..decimals).fold(1.0, |scale, _| scale * 10.0);
    let rounded = (value * scale).round() / scale;
    // A number too large for that has no decimals. Minus zero and zero make zero.
    if rounded.is_finite() { rounded + 0.0 } else { value }
}

/// A mean of counts of things, with a decimal where it is small: `2.4 players`, `8,121 players`.
pub(crate) fn averaged(mean: f64, thing: &str) -> String {
    let tenths = rounded(mean, 1);
    if tenths.fract() == 0.0 || tenths >= 100.0 {
        return counted(mean.round() as u64, thing);
    }
    format!("{} {thing}s", fixed(tenths, 1))
}

/// A number short enough for a tile: exact below a million (`91,064`), else three digits
/// and a unit (`1.79 M`, `35.9 M`, `2.10 bn`). Not a number reads `–`.
pub fn compact(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let sign = if value < 0.0 { "−" } else { "" };
    let size = value.abs();
    if size.round() < 1e6 {
        return signed(sign, count(size.round() as u64));
    }
    let Some((unit, name)) = unit_of(size) else {
        return format!("{sign}{size:.2e}");
    };
    let scaled = size / unit;
    let decimals = match scaled {
        s if s < 9.995 => 2,
        s if s < 99.95 => 1,
        _ => 0,
    };
    format!("{sign}{} {name}", fixed(scaled, decimals))
}

/// A duration: `12 h 5 min`, `6 h`, `45 min`, wherever one is shown. Hours do not turn into days, because the limits and the
/// models count in hours and minutes; files hold plain minutes.
pub fn minutes(value: i64) -> String {
    let sign = if value < 0 { "−" } else { "" };
    let (hours, rest) = (value.unsigned_abs() / 60, value.unsigned_abs() % 60);
    match (hours, rest) {
        (0, rest) => format!("{sign}{rest} min"),
        (hours, 0) => format!("{sign}{} h", count(hours)),
        (hours, rest) => format!("{sign}{} h {rest} min", count(hours)),
    }
}

/// A duration with a fraction of a minute, such as a mean: to the minute, as [`minutes`], and to the hundredth where a whole
/// minute would hide it: `0.33 min`.
pub fn duration(value: f64) -> String {
    if value != 0.0 && value.abs() < 1.0 {
        let sign = if value < 0.0 { "−" } else { "" };
        return format!("{sign}{} min", fixed(value.abs().max(0.01), 2));
    }
    minutes(value.round() as i64)
}

/// The label of one tick on an axis of counts whose ticks lie `step` apart, up to `top`.
pub(crate) fn tick(value: f64, step: f64, top: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if top < 1e6 {
        return count(value.round() as u64);
    }
    let Some((unit, name)) = unit_of(top) else {
        return format!("{value:.1e}").replace(".0e", "e");
    };
    let decimals = libm::log10(unit / step).ceil().clamp(0.0, 3.0) as usize;
    format!("{} {name}", fixed(value / unit, decimals))
}

fn signed(sign: &str, digits: String) -> String {
    if digits == "0" { digits } else { format!("{sign}{digits}") }
}

/// The unit for a number of a million or more; none from 10^15, where powers read better.
/// The bounds lie where three digits round up to the next unit.
fn unit_of(size: f64) -> Option<(f64, &'static str)> {
    match size {
        s if s < 999.5e6 => Some((1e6, "M")),
        s if s < 999.5e9 => Some((1e9, "bn")),
        s if s < 999.5e12 => Some((1e12, "tn")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_three() {
        let shown: Vec<String> = [0, 7, 999, 1_000, 91_064, 35_861_363].map(count).into();
        assert_eq!(shown, ["0", "7", "999", "1,000", "91,064", "35,861,363"]);
        assert_eq!(count(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn things_are_counted_in_one_and_in_many() {
        let counts = [0, 1, 2_100].map(|number| counted(number, "player"));
        assert_eq!(counts, ["0 players", "1 player", "2,100 players"]);
        let means = [0.0, 0.04, 0.14, 0.97, 1.5, 99.96, 8_120.6].map(|mean| averaged(mean, "player"));
        assert_eq!(
            means,
            [
                "0 players",
                "0 players",
                "0.1 players",
                "1 player",
                "1.5 players",
                "100 players",
                "8,121 players"
            ]
        );
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        for (value, decimals, shown) in [
            (12.125, 2, "12.13"),
            (-12.125, 2, "-12.13"),
            (6.25, 1, "6.3"),
            (12.5, 0, "13"),
            // The double below 1.005, as SQL has it.
            (1.005, 2, "1.00"),
            (-0.004, 2, "0.00"),
            (1_234.5, 2, "1234.50"),
        ] {
            assert_eq!(fixed(value, decimals), shown, "{value}");
        }
        assert_eq!(fixed(f64::MAX, 2), format!("{:.2}", f64::MAX));
    }

    #[test]
    fn compact_numbers_keep_three_digits() {
        for (value, shown) in [
            (0.0, "0"),
            (-0.2, "0"),
            (4_170.0, "4,170"),
            (999_999.4, "999,999"),
            (999_999.6, "1.00 M"),
            (1_790_598.0, "1.79 M"),
            (1_125_000.0, "1.13 M"),
            (9_996_000.0, "10.0 M"),
            (35_861_363.0, "35.9 M"),
            (999_400_000.0, "999 M"),
            (999_600_000.0, "1.00 bn"),
            (-2.1e9, "−2.10 bn"),
            (5e12, "5.00 tn"),
            (u64::MAX as f64, "1.84e19"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(compact(value), shown, "{value}");
        }
    }

    #[test]
    fn durations_read_in_hours_and_minutes() {
        for (value, shown) in [
            (0, "0 min"),
            (59, "59 min"),
            (60, "1 h"),
            (725, "12 h 5 min"),
            (5_642, "94 h 2 min"),
            (60_000_000, "1,000,000 h"),
            (-61, "−1 h 1 min"),
        ] {
            assert_eq!(minutes(value), shown);
        }
        assert!(minutes(i64::MIN).starts_with('−'));
    }

    #[test]
    fn fractions_of_a_minute_show_only_where_there_is_less_than_one() {
        for (value, shown) in [
            (0.0, "0 min"),
            (0.001, "0.01 min"),
            (1.0 / 3.0, "0.33 min"),
            (-0.5, "−0.50 min"),
            (1.4, "1 min"),
            (34.5, "35 min"),
            (643.27, "10 h 43 min"),
            (-61.0, "−1 h 1 min"),
        ] {
            assert_eq!(duration(value), shown);
        }
    }

    #[test]
    fn ticks_show_as_many_decimals_as_they_need() {
        assert_eq!(tick(1_500.0, 500.0, 2_000.0), "1,500");
        assert_eq!(tick(1_500_000.0, 500_000.0, 2e6), "1.5 M");
        assert_eq!(tick(2_000_000.0, 1_000_000.0, 4e6), "2 M");
        assert_eq!(tick(2e19, 5e18, 2e19), "2e19");
        assert_eq!(tick(1.5e19, 5e18, 2e19), "1.5e19");
        assert_eq!(tick(1_000_000.0, 200_000.0, 1e6), "1.0 M");
    }
}
