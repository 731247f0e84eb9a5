//! Guild numbers of files that have them in different types: programs write whole numbers as doubles where some are null.

use crate::contract::numbers;
use crate::pipeline::events::Events;
use crate::schema::{NumberKind, float_to_key, key_to_float};

/// The kinds of guild numbers that were met.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct GuildKinds {
    has_whole: bool,
    has_double: bool,
    has_fractions: bool,
}

impl GuildKinds {
    /// Takes note of the guild numbers of some events; null is of any kind.
    pub(super) fn see(&mut self, events: &Events, kind: NumberKind) {
        let mut guilds = events.guild.iter().filter_map(|(guild, _)| guild);
        match kind {
            NumberKind::Integer => self.has_whole = self.has_whole || guilds.next().is_some(),
            NumberKind::Float if self.has_fractions => {}
            NumberKind::Float => {
                for key in guilds {
                    self.has_double = true;
                    self.has_fractions |= whole(key).is_none();
                }
            }
        }
    }

    /// Those that were met here or there.
    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            has_whole: self.has_whole | other.has_whole,
            has_double: self.has_double | other.has_double,
            has_fractions: self.has_fractions | other.has_fractions,
        }
    }

    /// The kind that can hold all of them: doubles stay doubles among themselves, and beside whole numbers where they
    /// have fractions.
    pub(super) const fn common(self) -> NumberKind {
        match self.has_double && (self.has_fractions || !self.has_whole) {
            true => NumberKind::Float,
            false => NumberKind::Integer,
        }
    }
}

/// The key of a guild's number in another kind that can hold it.
pub(super) fn key_as(key: i64, from: NumberKind, to: NumberKind) -> i64 {
    match (from, to) {
        (NumberKind::Integer, NumberKind::Float) => float_to_key(key as f64),
        (NumberKind::Float, NumberKind::Integer) => whole(key).unwrap_or(key),
        _ => key,
    }
}

fn whole(key: i64) -> Option<i64> {
    numbers::of_double(key_to_float(key)).ok()
}
