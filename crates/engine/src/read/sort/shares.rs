//! Who takes which players.

use crate::Error;

/// The events of each player, in order of id.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PlayerCounts(pub(super) Vec<(i64, u32)>);

impl PlayerCounts {
    /// The counts as bytes.
    ///
    /// # Errors
    /// [`Error::Decode`] when they cannot be written.
    pub fn into_bytes(self) -> Result<Vec<u8>, Error> {
        postcard::to_allocvec(&self).map_err(|error| Error::Decode(error.to_string()))
    }

    /// The inverse of [`Self::into_bytes`].
    ///
    /// # Errors
    /// [`Error::Decode`] when the bytes are not such counts.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        postcard::from_bytes(bytes).map_err(|error| Error::Decode(error.to_string()))
    }
}

/// Ranges of players, each a share.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Shares {
    /// The first player of each share but the first; a share may have none.
    starts: Vec<i64>,
}

impl Shares {
    /// One share of all players.
    pub const ONE: Self = Self { starts: Vec::new() };

    /// So many shares, with about as many events each, of players whose events were counted here and there.
    ///
    /// # Errors
    /// [`Error::TooManyToSort`].
    pub fn cut(counts: impl IntoIterator<Item = PlayerCounts>, shares: usize) -> Result<Self, Error> {
        let mut players: Vec<(i64, u32)> = counts.into_iter().flat_map(|counts| counts.0).collect();
        let all: u64 = players.iter().map(|(_, events)| u64::from(*events)).sum();
        if all > super::MOST_SORTED_EVENTS {
            return Err(Error::TooManyToSort { rows: all });
        }
        players.sort_unstable_by_key(|(player_id, _)| *player_id);
        let mut starts = Vec::new();
        let mut before = 0;
        for of_player in players.chunk_by(|a, b| a.0 == b.0) {
            // The share in which the player's first event lies, counted over all events.
            let owner = before * shares as u64 / all.max(1);
            while (starts.len() as u64) < owner {
                starts.push(of_player[0].0);
            }
            before += of_player.iter().map(|(_, events)| u64::from(*events)).sum::<u64>();
        }
        starts.resize(shares.saturating_sub(1), i64::MAX);
        Ok(Self { starts })
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.starts.len() + 1
    }

    /// Never: all players are in a share.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        false
    }

    /// The share of a player.
    pub(super) fn of(&self, player_id: i64) -> usize {
        self.starts.partition_point(|start| *start <= player_id)
    }
}
