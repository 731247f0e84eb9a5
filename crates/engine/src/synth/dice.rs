//! Random numbers whose stream is fixed by ChaCha's specification.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// What a stream of numbers is for; each purpose and index has a stream of its own.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Scans = 1,
    Human = 2,
    Bot = 3,
    Log = 4,
}

/// A source of random integers.
#[derive(Debug)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of one purpose and index under a seed.
    pub(super) fn new(seed: u64, purpose: Purpose, index: u64) -> Self {
        let mut key = [0; 32];
        for (bytes, value) in key.chunks_exact_mut(8).zip([seed, purpose as u64, index]) {
            bytes.copy_from_slice(&value.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A number below `bound`; 0 when `bound` is 0. Uneven by less than `bound` / 2³².
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(bound)) >> 32) as u32
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True `permille` times in a thousand.
    pub(super) fn chance(&mut self, permille: u32) -> bool {
        self.below(1000) < permille
    }

    /// One of `items`, each as likely as its weight says; `None` when all weights are 0.
    pub(super) fn weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> u32) -> Option<&'a T> {
        let mut left = self.below(items.iter().map(&weight).sum());
        items.iter().find(|item| {
            let weight = weight(item);
            let found = left < weight;
            left = left.saturating_sub(weight);
            found
        })
    }
}
