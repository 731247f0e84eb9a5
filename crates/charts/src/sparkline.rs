//! A line without axes, as small as a word.

/// The drawing's width and height; whoever shows it stretches it.
pub const SPARKLINE: (u32, u32) = (1_000, 240);

/// The path of a line through these values, from zero at the foot to the greatest at the top. Where there is no value
/// there is no line; a value between two such places is a point. Nothing where there are not two values to compare.
#[must_use]
pub fn sparkline(values: &[Option<f64>]) -> Option<String> {
    let greatest = values.iter().flatten().copied().fold(0.0, f64::max);
    if values.iter().flatten().count() < 2 || greatest <= 0.0 {
        return None;
    }
    let (width, height) = (f64::from(SPARKLINE.0), f64::from(SPARKLINE.1));
    let step = width / (values.len() - 1) as f64;
    let mut path = String::new();
    for (place, value) in values.iter().enumerate() {
        let Some(value) = value else { continue };
        let x = (place as f64 * step).round() as i64;
        let y = (height - value.max(0.0) / greatest * height).round() as i64;
        let is_joined = place > 0 && values[place - 1].is_some();
        path += &format!("{}{x} {y}", if is_joined { "L" } else { "M" });
        if !is_joined && values.get(place + 1).is_none_or(Option::is_none) {
            path += "h0";
        }
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_value_is_at_the_top_and_zero_at_the_foot() {
        assert_eq!(sparkline(&[Some(0.0), Some(10.0), Some(5.0)]).unwrap(), "M0 240L500 0L1000 120");
    }

    #[test]
    fn a_value_that_is_missing_interrupts_the_line() {
        let line = sparkline(&[Some(2.0), Some(2.0), None, Some(1.0), None]).unwrap();
        assert_eq!(line, "M0 0L250 0M750 120h0");
    }

    #[test]
    fn nothing_to_compare_is_no_line() {
        for values in [&[][..], &[Some(3.0)], &[None, None], &[Some(0.0), Some(0.0)]] {
            assert_eq!(sparkline(values), None);
        }
    }
}
