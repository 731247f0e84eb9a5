//! Exact counts by a whole number, split into players that are likely bots and the others.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::ops::Bound;

use serde::{Deserialize, Serialize};

use super::codec::total;

/// Index of the players that no rule flags.
pub const HUMAN: usize = 0;
/// Index of the likely bots.
pub const BOT: usize = 1;

const CHUNK: i64 = 64;
type Chunk = [[u64; 2]; CHUNK as usize];
/// The numbers of so many chunks from 0 on are found without a search: few sessions are longer, in minutes or events.
const NEAR_CHUNKS: usize = 16;

/// What is counted: a whole number, or one of a unit.
pub trait Number: Copy + Into<i64> + TryFrom<i64> {}

impl<N: Copy + Into<i64> + TryFrom<i64>> Number for N {}

/// How often each number was counted, by group. Neighbours lie in chunks, so that a wide range costs what it uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(N, [u64; 2])>", into = "Vec<(N, [u64; 2])>")]
#[serde(bound(serialize = "N: Number + Serialize", deserialize = "N: Number + Deserialize<'de>"))]
pub struct GroupCounts<N> {
    /// Empty until there is any.
    near: Vec<Chunk>,
    far: BTreeMap<i64, Box<Chunk>>,
    numbers: PhantomData<N>,
}

impl<N> Default for GroupCounts<N> {
    fn default() -> Self {
        Self { near: Vec::new(), far: BTreeMap::new(), numbers: PhantomData }
    }
}

impl<N: Number> GroupCounts<N> {
    /// Counts a number once.
    #[inline]
    pub(super) fn add(&mut self, number: N, group: usize) {
        self.of(number.into())[group] += 1;
    }

    /// Takes away a number that was counted.
    pub(super) fn remove(&mut self, number: N, group: usize) {
        self.of(number.into())[group] -= 1;
    }

    /// The counts of a number.
    #[inline]
    pub(super) fn of(&mut self, number: i64) -> &mut [u64; 2] {
        match usize::try_from(number) {
            Ok(place) if place < self.near.len() * CHUNK as usize => &mut self.near.as_flattened_mut()[place],
            _ => &mut self.chunk(number.div_euclid(CHUNK))[number.rem_euclid(CHUNK) as usize],
        }
    }

    /// Counts a number in another group than before.
    pub(super) fn shift(&mut self, number: N, (from, to): (usize, usize)) {
        self.remove(number, from);
        self.add(number, to);
    }

    /// Counts each of these ascending numbers once.
    pub(super) fn add_ascending(&mut self, numbers: &[N], group: usize) {
        let key = |number: N| number.into().div_euclid(CHUNK);
        for neighbours in numbers.chunk_by(|a, b| key(*a) == key(*b)) {
            let chunk = self.chunk(key(neighbours[0]));
            for &number in neighbours {
                chunk[number.into().rem_euclid(CHUNK) as usize][group] += 1;
            }
        }
    }

    /// The counts of the numbers from `key` chunks on.
    #[inline]
    fn chunk(&mut self, key: i64) -> &mut Chunk {
        match usize::try_from(key) {
            Ok(place) if place < NEAR_CHUNKS => {
                if self.near.is_empty() {
                    self.near = vec![EMPTY; NEAR_CHUNKS];
                }
                &mut self.near[place]
            }
            _ => self.far.entry(key).or_insert_with(|| Box::new(EMPTY)),
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        let near = (0..).zip(other.near.iter());
        for (key, theirs) in near.chain(other.far.iter().map(|(key, chunk)| (*key, &**chunk))) {
            for (a, b) in self.chunk(key).iter_mut().zip(theirs) {
                a[HUMAN] += b[HUMAN];
                a[BOT] += b[BOT];
            }
        }
    }

    /// How often any number was counted; `None` where that is more than any log has.
    pub(super) fn total(&self) -> Option<u64> {
        total(self.near.iter().chain(self.far.values().map(|chunk| &**chunk)).flatten().flatten())
    }

    /// The numbers that were counted, ascending, with their counts by group.
    pub fn iter(&self) -> impl Iterator<Item = (N, [u64; 2])> + '_ {
        let far = |keys: (Bound<i64>, Bound<i64>)| self.far.range(keys).map(|(key, chunk)| (*key, &**chunk));
        let below = far((Bound::Unbounded, Bound::Excluded(0)));
        let above = far((Bound::Included(0), Bound::Unbounded));
        below.chain((0..).zip(&self.near)).chain(above).flat_map(|(key, chunk)| {
            (0..).zip(chunk).filter(|(_, counts)| **counts != [0, 0]).filter_map(move |(offset, counts)| {
                let number = key.saturating_mul(CHUNK).saturating_add(offset);
                // Only numbers of the kind were counted.
                Some((N::try_from(number).ok()?, *counts))
            })
        })
    }
}

const EMPTY: Chunk = [[0; 2]; CHUNK as usize];

impl<N: Number> From<Vec<(N, [u64; 2])>> for GroupCounts<N> {
    fn from(counted: Vec<(N, [u64; 2])>) -> Self {
        let mut counts = Self::default();
        for (number, by_group) in counted {
            let number = number.into();
            counts.chunk(number.div_euclid(CHUNK))[number.rem_euclid(CHUNK) as usize] = by_group;
        }
        counts
    }
}

impl<N: Number> From<GroupCounts<N>> for Vec<(N, [u64; 2])> {
    fn from(counts: GroupCounts<N>) -> Self {
        counts.iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_near_and_far_come_back_in_order_however_they_are_counted() {
        let numbers = [i64::MIN, -1, 0, 0, 63, 64, 1_023, 1_024, 13_879, i64::MAX];
        let mut one_by_one = GroupCounts::default();
        for number in numbers.into_iter().rev() {
            one_by_one.add(number, BOT);
        }
        let mut together = GroupCounts::default();
        together.add_ascending(&numbers, BOT);
        assert_eq!(one_by_one, together);
        let told: Vec<i64> = together.iter().map(|(number, _)| number).collect();
        assert_eq!(told, [i64::MIN, -1, 0, 63, 64, 1_023, 1_024, 13_879, i64::MAX]);
        assert_eq!(together.iter().nth(2), Some((0, [0, 2])));
        assert_eq!(GroupCounts::from(Vec::from(together.clone())), together);
    }
}
