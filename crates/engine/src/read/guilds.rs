//! Guild numbers of files that have them in different types: programs write whole numbers as doubles where some are null.

use crate::contract::numbers;
use crate::pipeline::events::Events;
use crate::schema::{GuildKind, float_to_key, key_to_float};

/// The kinds of guild numbers that were met.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct GuildKinds {
    has_whole: bool,
    has_double: bool,
    has_fractions: bool,
}

impl GuildKinds {
    /// Takes note of the guild numbers of some events; null is of any kind.
    pub(super) fn see(&mut self, events: &Events, kind: GuildKind) {
        let mut guilds = events.guild.iter().filter_map(|(guild, _)| guild);
        match kind {
            GuildKind::Integer => self.has_whole = self.has_whole || guilds.next().is_some(),
            GuildKind::Float if self.has_fractions => {}
            GuildKind::Float => {
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
    pub(super) const fn common(self) -> GuildKind {
        match self.has_double && (self.has_fractions || !self.has_whole) {
            true => GuildKind::Float,
            false => GuildKind::Integer,
        }
    }
}

/// The key of a guild's number in another kind that can hold it.
pub(super) fn key_as(key: i64, from: GuildKind, to: GuildKind) -> i64 {
    match (from, to) {
        (GuildKind::Integer, GuildKind::Float) => float_to_key(key as f64),
        (GuildKind::Float, GuildKind::Integer) => whole(key).unwrap_or(key),
        _ => key,
    }
}

fn whole(key: i64) -> Option<i64> {
    numbers::of_double(key_to_float(key)).ok()
}
