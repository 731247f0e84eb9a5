//! Times that were decoded once and stay so, for the next scan of the same rows.

use super::values::Values;
use crate::Error;

/// Times may be so far from the first one, to either side: 68 years.
const REACH_SECONDS: i64 = 1 << 31;
const SECOND_US: i64 = 1_000_000;

/// The times of all rows of a file, in four bytes each, which is all they need where they are whole seconds apart.
#[derive(Debug)]
pub(super) struct HeldTimes {
    /// What the seconds count from, in microseconds since 1970-01-01.
    base_us: Option<i64>,
    seconds: Vec<u32>,
}

impl HeldTimes {
    /// Room for the times of so many rows; `None` where there is none.
    pub(super) fn with_room(rows: u64) -> Option<Self> {
        let mut seconds = Vec::new();
        seconds.try_reserve_exact(usize::try_from(rows).ok()?).ok()?;
        Some(Self { base_us: None, seconds })
    }

    /// Takes the times of the next rows. Gives `None` where they are not to be had in this form: one is missing, or is
    /// not whole seconds from the others, or too far from them.
    pub(super) fn and(mut self, times: &Values) -> Option<Self> {
        let Some(&first_us) = times.values.first() else { return Some(self) };
        if !times.validity.is_empty() {
            return None;
        }
        let base_us = *self.base_us.get_or_insert(first_us.checked_sub(REACH_SECONDS * SECOND_US)?);
        let mut are_exact = true;
        self.seconds.extend(times.values.iter().map(|time_us| {
            let passed_us = time_us.wrapping_sub(base_us);
            // A division of doubles is cheaper in wasm; whether its answer is right is seen from what it stands for.
            let seconds = (passed_us as f64 / SECOND_US as f64) as u32;
            are_exact &= i64::from(seconds) * SECOND_US == passed_us;
            seconds
        }));
        are_exact.then_some(self)
    }

    /// Writes the times of the rows from `start` on over what `out` holds.
    ///
    /// # Errors
    /// [`Error::Damaged`] where there are fewer rows.
    pub(super) fn read(&self, start: usize, rows: usize, out: &mut Values) -> Result<(), Error> {
        let range = start..start.saturating_add(rows);
        let seconds =
            self.seconds.get(range).ok_or_else(|| Error::Damaged("it changed while it was read".into()))?;
        let base_us = self.base_us.unwrap_or(0);
        out.clear();
        out.values
            .extend(seconds.iter().map(|seconds| base_us.wrapping_add(i64::from(*seconds) * SECOND_US)));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values(values: &[i64]) -> Values {
        Values { values: values.to_vec(), validity: Vec::new() }
    }

    fn held(batches: &[Values]) -> Option<HeldTimes> {
        batches.iter().try_fold(HeldTimes::with_room(9)?, HeldTimes::and)
    }

    proptest! {
        #[test]
        fn whole_seconds_come_back_and_others_are_refused(
            first_us in prop_oneof![any::<i64>(), -SECOND_US..SECOND_US],
            steps in prop::collection::vec(
                prop_oneof![4 => (-1_i64 << 32..1 << 32).prop_map(|step| step * SECOND_US), 1 => any::<i64>()], 0..9
            ),
            cut in any::<prop::sample::Index>(),
        ) {
            let times: Vec<i64> =
                std::iter::once(first_us).chain(steps.iter().map(|step| first_us.wrapping_add(*step))).collect();
            let (before, after) = times.split_at(cut.index(times.len()));
            let fits = |time_us: &i64| {
                let passed_us = i128::from(time_us.wrapping_sub(first_us));
                let seconds = passed_us / i128::from(SECOND_US);
                passed_us % i128::from(SECOND_US) == 0 && (-1 << 31..1 << 31).contains(&seconds)
            };
            match held(&[values(before), values(after)]) {
                Some(held) => {
                    prop_assert!(times.iter().all(fits));
                    let mut out = values(&[7]);
                    for row in 0..times.len() {
                        held.read(row, times.len() - row, &mut out).unwrap();
                        prop_assert_eq!(&out.values, &times[row..]);
                    }
                    prop_assert!(held.read(1, times.len(), &mut out).is_err());
                }
                None => prop_assert!(
                    !times.iter().all(fits) || first_us.checked_sub(REACH_SECONDS * SECOND_US).is_none()
                ),
            }
        }
    }

    #[test]
    fn rows_without_a_time_are_refused() {
        assert!(held(&[Values { values: vec![0, 0], validity: vec![true, false] }]).is_none());
        assert!(held(&[values(&[]), values(&[0])]).is_some());
        assert!(HeldTimes::with_room(u64::MAX).is_none());
    }
}
