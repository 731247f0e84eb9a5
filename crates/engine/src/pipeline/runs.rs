//! Columns whose neighbouring rows are often alike.

use std::iter;
use std::ops::Range;

/// A column as runs of equal values: in an ordered log a player's guild, level, race and class hold for many rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runs<T> {
    /// Each value with the row after the last that has it. Neighbours differ, and no run is empty.
    runs: Vec<(T, usize)>,
}

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Self { runs: Vec::new() }
    }
}

impl<T: Copy + PartialEq> Runs<T> {
    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.runs.last().map_or(0, |(_, end)| *end)
    }

    /// Takes all rows out and keeps the memory.
    pub fn clear(&mut self) {
        self.runs.clear();
    }

    /// Adds rows of one value.
    #[inline]
    pub fn push(&mut self, value: T, rows: usize) {
        let end = self.rows() + rows;
        match self.runs.last_mut() {
            Some((last, end_of_last)) if *last == value => *end_of_last = end,
            _ if rows > 0 => self.runs.push((value, end)),
            _ => {}
        }
    }

    /// The value of a row; `None` past the end.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<T> {
        self.runs.get(self.run_of(row)).map(|(value, _)| *value)
    }

    /// Each run: its value and its rows.
    pub fn iter(&self) -> impl Iterator<Item = (T, Range<usize>)> + '_ {
        let mut start = 0;
        self.runs.iter().map(move |&(value, end)| (value, std::mem::replace(&mut start, end)..end))
    }

    /// The runs of a stretch of rows: each value and how many of the rows have it.
    pub fn within(&self, rows: Range<usize>) -> impl Iterator<Item = (T, usize)> + '_ {
        let runs = self.runs.get(self.run_of(rows.start)..).unwrap_or_default();
        let mut start = rows.start;
        runs.iter().map_while(move |&(value, end)| {
            let end = end.min(rows.end);
            let here = end.checked_sub(start).filter(|here| *here > 0)?;
            start = end;
            Some((value, here))
        })
    }

    /// The value of every row.
    pub fn values(&self) -> impl Iterator<Item = T> + '_ {
        self.iter().flat_map(|(value, rows)| iter::repeat_n(value, rows.len()))
    }

    /// What every row has of its value, all at once: many times faster than [`Runs::values`] one by one.
    #[must_use]
    pub fn to_vec<U: Clone>(&self, of: impl Fn(T) -> U) -> Vec<U> {
        let mut values = Vec::with_capacity(self.rows());
        self.iter().for_each(|(value, rows)| values.resize(rows.end, of(value)));
        values
    }

    /// Keeps the rows that `keep` says, which has as many.
    pub fn retain(&mut self, keep: &Runs<bool>) {
        let mut kept = Self::default();
        for (is_kept, rows) in keep.iter() {
            if is_kept {
                self.within(rows).for_each(|(value, rows)| kept.push(value, rows));
            }
        }
        *self = kept;
    }

    /// Keeps the first rows alone.
    pub fn truncate(&mut self, rows: usize) {
        let last = self.run_of(rows);
        let begun = last.checked_sub(1).map_or(0, |before| self.runs[before].1);
        self.runs.truncate(last + usize::from(begun < rows));
        if let Some((_, end)) = self.runs.last_mut() {
            *end = rows.min(*end);
        }
    }

    /// The rows from this one on.
    #[must_use]
    pub fn tail(&self, from: usize) -> Self {
        let mut tail = Self::default();
        self.within(from..self.rows()).for_each(|(value, rows)| tail.push(value, rows));
        tail
    }

    /// The run that holds a row.
    fn run_of(&self, row: usize) -> usize {
        self.runs.partition_point(|(_, end)| *end <= row)
    }
}

impl<T: Copy + PartialEq> FromIterator<T> for Runs<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut runs = Self::default();
        values.into_iter().for_each(|value| runs.push(value, 1));
        runs
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn few() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec((0..3_u8, 0..4_usize), 0..20)
            .prop_map(|runs| runs.into_iter().flat_map(|(value, rows)| iter::repeat_n(value, rows)).collect())
    }

    proptest! {
        #[test]
        fn runs_are_the_values_they_were_made_of(values in few(), cuts in any::<[prop::sample::Index; 2]>()) {
            let runs: Runs<u8> = values.iter().copied().collect();
            prop_assert_eq!(runs.rows(), values.len());
            prop_assert_eq!(runs.values().collect::<Vec<_>>(), values.clone());
            prop_assert_eq!(runs.to_vec(|value| value), values.clone());
            prop_assert!((0..=values.len()).all(|row| runs.get(row) == values.get(row).copied()));
            prop_assert!(runs.iter().zip(runs.iter().skip(1)).all(|(a, b)| a.0 != b.0 && a.1.end == b.1.start));
            let mut cuts = cuts.map(|cut| cut.index(values.len() + 1));
            cuts.sort_unstable();
            let within = runs.within(cuts[0]..cuts[1]).flat_map(|(value, rows)| iter::repeat_n(value, rows));
            prop_assert_eq!(within.collect::<Vec<_>>(), &values[cuts[0]..cuts[1]]);
            prop_assert_eq!(runs.tail(cuts[0]), values[cuts[0]..].iter().copied().collect());
            let mut first = runs.clone();
            first.truncate(cuts[0]);
            prop_assert_eq!(first, values[..cuts[0]].iter().copied().collect());
        }

        #[test]
        fn what_is_kept_stays_in_its_order(rows in prop::collection::vec((0..3_u8, any::<bool>()), 0..40)) {
            let mut runs: Runs<u8> = rows.iter().map(|row| row.0).collect();
            runs.retain(&rows.iter().map(|row| row.1).collect());
            let kept: Vec<u8> = rows.iter().filter(|row| row.1).map(|row| row.0).collect();
            prop_assert_eq!(runs, kept.into_iter().collect());
        }
    }
}
