//! Events in any order, put in order in memory, by one worker or by several.
//!
//! Whoever has files gathers their events, each of which is decoded once, and counts those of each player. The counts of all
//! tell how the players are shared out: ranges of them with about as many events each. Then everyone hands on to each share
//! its players' events, grouped by player, and a share is what it was handed, put in order.

mod gather;
mod pack;
mod shares;
mod sorted;

pub use gather::{Gather, Gatherer};
pub use pack::Pack;
pub use shares::{PlayerCounts, Shares};
pub use sorted::{Cursor, SortedEvents};

use crate::Error;
use crate::schema::NumberKind;

/// More events than this are not sorted in memory: with 28 bytes for each on the way they fill what a browser gives two workers.
pub const MOST_SORTED_EVENTS: u64 = 150_000_000;

/// What an event says of its player besides the time and the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
struct State {
    guild: Option<i64>,
    is_guild_double: bool,
    level: Option<i64>,
    race: u32,
    class: u32,
}

impl State {
    const fn guild_kind(&self) -> NumberKind {
        if self.is_guild_double { NumberKind::Float } else { NumberKind::Integer }
    }
}

/// Room for one more event of so many.
fn room<T>(column: &mut Vec<T>, events: usize) -> Result<(), Error> {
    column.try_reserve_exact(events).map_err(|_| Error::TooManyToSort { rows: events as u64 })
}
