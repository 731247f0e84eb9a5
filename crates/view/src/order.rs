//! Players put in order by whole numbers, in a time that grows with their number alone, and how the URL writes an order.

/// Fewer than these are compared with each other.
const FEW: usize = 64;

/// The players in order of their keys; those with equal keys stay as they come.
///
/// What tells keys apart is packed into 32 bits, as far as it fits, beside the place of the key: sorting so takes a
/// quarter of the time of sorting whole keys with their players. What did not fit then decides among the few that are alike.
#[must_use]
pub(super) fn by_key(keyed: &[(i64, u32)], is_descending: bool) -> Vec<u32> {
    let keys = keyed.iter().map(|(key, _)| *key);
    let (Some(least), Some(most)) = (keys.clone().min(), keys.max()) else { return Vec::new() };
    let from_first = |key: i64| if is_descending { most.abs_diff(key) } else { key.abs_diff(least) };
    let cut_bits = (u64::BITS - most.abs_diff(least).leading_zeros()).saturating_sub(u32::BITS);
    let mut packed: Vec<u64> =
        (0..).zip(keyed).map(|(place, (key, _))| from_first(*key) >> cut_bits << 32 | place).collect();
    let kept = |packed: u64| (packed >> 32) as u32;
    let of = |packed: u64| keyed[packed as u32 as usize];
    radsort::sort_by_key(&mut packed, |&packed| kept(packed));
    if cut_bits > 0 {
        for alike in packed.chunk_by_mut(|&a, &b| kept(a) == kept(b)) {
            let whole = |packed: &u64| from_first(of(*packed).0);
            if alike.len() < FEW { alike.sort_by_key(whole) } else { radsort::sort_by_key(alike, whole) }
        }
    }
    packed.into_iter().map(|packed| of(packed).1).collect()
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
        fn it_is_the_stable_order_either_way(keys in prop::collection::vec(prop_oneof![4 => -3..3_i64, 2 => -(1 << 40)..1_i64 << 40, 1 => any::<i64>()], 0..400)) {
            let keyed: Vec<(i64, u32)> = keys.into_iter().zip(0..).collect();
            let mut expected = keyed.clone();
            expected.sort_by_key(|&(key, _)| key);
            let players = |keyed: Vec<(i64, u32)>| keyed.into_iter().map(|(_, player)| player).collect::<Vec<_>>();
            prop_assert_eq!(by_key(&keyed, false), players(expected.clone()));
            expected.sort_by_key(|&(key, _)| std::cmp::Reverse(key));
            prop_assert_eq!(by_key(&keyed, true), players(expected));
        }
    }
}
