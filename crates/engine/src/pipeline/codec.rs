//! A [`Partial`] as bytes, to cross from a worker to the page: the small rest, then the players' columns as plain
//! little-endian numbers.
//!
//! Both ends are one build, so there is nothing to negotiate. An interchange format such as Arrow IPC would bring
//! more code into the page than all that the page itself does.

use serde::{Deserialize, Serialize};

use super::activity::Activity;
use super::fragment::Fragment;
use super::partial::Partial;
use super::session_counts::SessionCounts;
use super::{Filter, Params, PlayerTable, Strings};
use crate::Error;
use crate::manifest::Rejected;
use crate::schema::GuildKind;

#[derive(Serialize, Deserialize)]
struct Rest {
    params: Params,
    filter: Filter,
    guild_kind: GuildKind,
    strings: Strings,
    head: Option<Fragment>,
    tail: Option<Fragment>,
    activity: Activity,
    sessions: SessionCounts,
    rows: u64,
    left_out: u64,
    rejected: Rejected,
    level_out_of_range: u64,
    players: usize,
}

impl Partial {
    /// The partial as bytes.
    ///
    /// # Errors
    /// [`Error::Decode`] when the rest cannot be written.
    pub fn into_bytes(self) -> Result<Vec<u8>, Error> {
        let rest = Rest {
            params: self.params,
            filter: self.filter,
            guild_kind: self.guild_kind,
            strings: self.strings,
            head: self.head,
            tail: self.tail,
            activity: self.activity,
            sessions: self.sessions,
            rows: self.rows,
            left_out: self.left_out,
            rejected: self.rejected,
            level_out_of_range: self.level_out_of_range,
            players: self.players.len(),
        };
        let mut bytes = postcard::to_allocvec(&rest).map_err(decode)?;
        self.players.write_columns(&mut bytes);
        Ok(bytes)
    }

    /// The inverse of [`Self::into_bytes`].
    ///
    /// # Errors
    /// [`Error::Decode`] when the bytes are not such a message.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (rest, columns): (Rest, _) = postcard::take_from_bytes(bytes).map_err(decode)?;
        let players = PlayerTable::read_columns(columns, rest.players)
            .ok_or_else(|| Error::Decode("the columns are not those of the players announced".into()))?;
        Ok(Self {
            params: rest.params,
            filter: rest.filter,
            guild_kind: rest.guild_kind,
            strings: rest.strings,
            head: rest.head,
            players,
            tail: rest.tail,
            activity: rest.activity,
            sessions: rest.sessions,
            rows: rest.rows,
            left_out: rest.left_out,
            rejected: rest.rejected,
            level_out_of_range: rest.level_out_of_range,
        })
    }
}

fn decode(error: impl std::fmt::Display) -> Error {
    Error::Decode(error.to_string())
}
