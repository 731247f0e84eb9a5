//! Charts that are shown as tables.

use std::collections::BTreeSet;
use std::fmt::{Display, Formatter, Result};

/// More names than there are charts.
const MOST_NAMES: usize = 64;
/// A longer name is none of a chart.
const LONGEST_NAME: usize = 64;

/// The names of the charts in whose place the reader wants the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tables(BTreeSet<String>);

impl Tables {
    /// Those that the URL names, between commas. A chart that is not known here may be one of another version.
    #[must_use]
    pub fn named(names: &str) -> Self {
        let is_name = |name: &&str| {
            let is_harmless = |letter: u8| letter.is_ascii_lowercase() || letter == b'-';
            (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(is_harmless)
        };
        Self(names.split(',').filter(is_name).take(MOST_NAMES).map(str::to_owned).collect())
    }

    /// Whether a chart is shown as a table.
    #[must_use]
    pub fn contains(&self, chart: &str) -> bool {
        self.0.contains(chart)
    }

    /// Shows a chart's table in its place, or the chart again.
    pub fn toggle(&mut self, chart: &str) {
        if !self.0.remove(chart) {
            self.0.insert(chart.to_owned());
        }
    }

    /// Whether all charts are shown as such.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Display for Tables {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        let names: Vec<&str> = self.0.iter().map(String::as_str).collect();
        formatter.write_str(&names.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_in_one_order_and_what_is_none_is_left_out() {
        let mut tables = Tables::named("levels,classes,levels,,A b,<b>");
        assert_eq!(tables.to_string(), "classes,levels");
        tables.toggle("levels");
        tables.toggle("zones");
        assert_eq!(tables.to_string(), "classes,zones");
        assert!(tables.contains("zones") && !tables.contains("levels"));
        assert!(Tables::named("").is_empty());
        let many = (0..100).map(|_| "x".repeat(65)).collect::<Vec<_>>().join(",");
        assert!(Tables::named(&many).is_empty());
    }
}
