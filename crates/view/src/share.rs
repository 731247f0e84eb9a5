//! Shares in per cent.

use wow_charts::format;

/// A part of a whole such as `68.5 %`. Shares that one decimal would turn into nothing or everything say so;
/// an en dash where there is no whole.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let share = part as f64 / whole as f64 * 100.0;
    match share {
        _ if part == 0 => "0 %".to_owned(),
        _ if part == whole => "100 %".to_owned(),
        share if share < 0.05 => "< 0.1 %".to_owned(),
        share if (99.95..100.0).contains(&share) => "> 99.9 %".to_owned(),
        share => format!("{} %", format::fixed(share, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_is_neither_none_nor_all() {
        let shown: Vec<String> = [(0, 9), (9, 9), (1, 1_000_000), (999_999, 1_000_000), (685, 1_000)]
            .map(|(a, b)| percent(a, b))
            .into();
        assert_eq!(shown, ["0 %", "100 %", "< 0.1 %", "> 99.9 %", "68.5 %"]);
        assert_eq!(percent(1, 16), "6.3 %", "a half is rounded away from zero, as everywhere");
        assert_eq!(percent(0, 0), "–");
    }
}
