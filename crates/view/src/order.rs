//! Players put in order by whole numbers, in a time that grows with their number alone, and how the URL writes an order.

/// The players in order of their keys; those with equal keys stay as they come.
#[must_use]
pub(super) fn by_key(mut keyed: Vec<(i64, u32)>, is_descending: bool) -> Vec<u32> {
    if is_descending {
        for (key, _) in &mut keyed {
            *key = !*key;
        }
    }
    radsort::sort_by_key(&mut keyed, |&(key, _)| key);
    keyed.into_iter().map(|(_, player)| player).collect()
}

/// An order as the URL writes it: a column, after a minus where the greatest is first.
#[must_use]
pub(super) fn written(column: &str, is_descending: bool) -> String {
    format!("{}{column}", if is_descending { "-" } else { "" })
}

/// The inverse of [`written`]: a column's name, and whether the greatest is first.
#[must_use]
pub(super) fn read(text: &str) -> (&str, bool) {
    text.strip_prefix('-').map_or((text, false), |column| (column, true))
}

/// The two ends of an order, that which an ascending one begins with before the other.
pub(super) type Ends = [&'static str; 2];
/// Of numbers.
pub(super) const NUMBERS: Ends = ["least", "greatest"];
/// Of times.
pub(super) const TIMES: Ends = ["earliest", "latest"];

/// An order in words: `events, greatest first`.
#[must_use]
pub(super) fn in_words(column: &str, ends: Ends, is_descending: bool) -> String {
    format!("{column}, {} first", ends[usize::from(is_descending)])
}

/// A count as a key.
#[must_use]
pub(super) fn count_key(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_the_stable_order_either_way(keys in prop::collection::vec(prop_oneof![-3..3_i64, any::<i64>()], 0..400)) {
            let keyed: Vec<(i64, u32)> = keys.into_iter().zip(0..).collect();
            let mut expected = keyed.clone();
            expected.sort_by_key(|&(key, _)| key);
            let players = |keyed: Vec<(i64, u32)>| keyed.into_iter().map(|(_, player)| player).collect::<Vec<_>>();
            prop_assert_eq!(by_key(keyed.clone(), false), players(expected.clone()));
            expected.sort_by_key(|&(key, _)| std::cmp::Reverse(key));
            prop_assert_eq!(by_key(keyed, true), players(expected));
        }
    }
}
