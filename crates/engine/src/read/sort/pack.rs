//! Events of some players on their way from where they were gathered to the share that puts them in order.

use super::State;
use crate::Error;
use crate::manifest::Rejected;
use crate::pipeline::Strings;
use crate::read::guilds::GuildKinds;
use crate::time::Micros;

/// Bytes of an event: its time, its state and its zone.
const EVENT_BYTES: usize = 16;

/// Events grouped by player, and what their codes stand for.
#[derive(Default)]
pub struct Pack {
    pub(super) head: Head,
    pub(super) times_us: Vec<Micros>,
    pub(super) state: Vec<u32>,
    pub(super) zone: Vec<u32>,
}

#[derive(Default, Clone, serde::Serialize, serde::Deserialize)]
pub(super) struct Head {
    pub(super) guild_kinds: GuildKinds,
    pub(super) strings: Strings,
    pub(super) states: Vec<State>,
    pub(super) rejected: Rejected,
    /// The players in order of id, with the number of their events.
    pub(super) players: Vec<(i64, u32)>,
}

impl Pack {
    /// The pack as bytes.
    ///
    /// # Errors
    /// [`Error::Decode`] when it cannot be written.
    pub fn into_bytes(self) -> Result<Vec<u8>, Error> {
        let mut bytes =
            postcard::to_allocvec(&self.head).map_err(|error| Error::Decode(error.to_string()))?;
        super::room(&mut bytes, self.times_us.len() * EVENT_BYTES)?;
        self.times_us.iter().for_each(|time_us| bytes.extend_from_slice(&time_us.get().to_le_bytes()));
        drop(self.times_us);
        self.state.iter().for_each(|state| bytes.extend_from_slice(&state.to_le_bytes()));
        self.zone.iter().for_each(|zone| bytes.extend_from_slice(&zone.to_le_bytes()));
        Ok(bytes)
    }

    /// The inverse of [`Self::into_bytes`].
    ///
    /// # Errors
    /// [`Error::Decode`] when the bytes are not such a pack.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (head, columns): (Head, &[u8]) =
            postcard::take_from_bytes(bytes).map_err(|error| Error::Decode(error.to_string()))?;
        let events = columns.len() / EVENT_BYTES;
        let announced: u64 = head.players.iter().map(|(_, events)| u64::from(*events)).sum();
        let are_sound = announced.saturating_mul(EVENT_BYTES as u64) == columns.len() as u64
            && head.players.iter().all(|(_, events)| *events > 0)
            && head.players.is_sorted_by(|a, b| a.0 < b.0);
        let (times, codes) = columns.split_at(events * 8);
        let (state, zone) = codes.split_at(codes.len() / 2);
        let [state, zone] = [state, zone].map(|codes| {
            codes.as_chunks().0.iter().map(|code| u32::from_le_bytes(*code)).collect::<Vec<u32>>()
        });
        let times = times.as_chunks().0.iter().map(|time| i64::from_le_bytes(*time)).collect();
        let is_state = |state: &u32| (*state as usize) < head.states.len();
        match Micros::all(times) {
            Ok(times_us) if are_sound && state.iter().all(is_state) => {
                Ok(Self { head, times_us, state, zone })
            }
            _ => Err(Error::Decode("the events are not those that were announced".to_owned())),
        }
    }
}
