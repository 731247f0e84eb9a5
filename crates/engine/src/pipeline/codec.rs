//! A [`Partial`] as bytes, to cross from a worker to the page, and a [`Report`] on its way to a worker: the small rest, then
//! the players' columns as plain little-endian numbers.
//!
//! Both ends are one build, so there is nothing to negotiate. An interchange format such as Arrow IPC would bring
//! more code into the page than all that the page itself does.

use serde::{Deserialize, Serialize};

use super::activity::Activity;
use super::fragment::Fragment;
use super::partial::Partial;
use super::session_counts::SessionCounts;
use super::{Filter, Params, PlayerTable, Report, Strings};
use crate::Error;
use crate::manifest::Rejected;
use crate::schema::NumberKind;

#[derive(Serialize, Deserialize)]
struct Rest {
    params: Params,
    filter: Filter,
    guild_kind: NumberKind,
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
    #[inline(never)]
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
        bytes.reserve(self.players.len().saturating_mul(PlayerTable::BYTES_PER_PLAYER));
        self.players.write_columns(&mut bytes);
        Ok(bytes)
    }

    /// The inverse of [`Self::into_bytes`].
    ///
    /// # Errors
    /// [`Error::Decode`] when the bytes are not such a message.
    #[inline(never)]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let partial = Self::read(bytes)?;
        if partial.is_sound() {
            Ok(partial)
        } else {
            Err(Error::Decode("its numbers contradict themselves".into()))
        }
    }

    fn read(bytes: &[u8]) -> Result<Self, Error> {
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
            seams: None,
        })
    }

    /// Whether it can be what a scan found, whose first and last player are open.
    fn is_sound(&self) -> bool {
        let is_closed = self.players.is_empty();
        (self.head.is_some() || (is_closed && self.tail.is_none()))
            && (self.tail.is_some() || is_closed)
            && self.adds_up()
    }

    /// Whether no sum overflows, and nothing refers to what is not there.
    fn adds_up(&self) -> bool {
        let fragments = || self.head.iter().chain(&self.tail);
        let zones = self.strings.zone.texts().len();
        let open = fragments().map(|fragment| fragment.sound_events(zones)).collect::<Option<Vec<u64>>>();
        let events = open
            .zip(self.players.sound_events())
            .and_then(|(open, closed)| total(&[open, vec![closed]].concat()));
        let ids: Vec<i64> = self
            .head
            .iter()
            .map(|head| head.player_id)
            .chain(self.players.player_id.iter().copied())
            .chain(self.tail.iter().map(|tail| tail.player_id))
            .collect();
        let others = [self.left_out, self.rejected.null_player_id, self.rejected.null_datetime];
        events == Some(self.rows)
            && ids.is_sorted_by(|a, b| a < b)
            && self.level_out_of_range <= self.rows
            && total(&others).is_some()
            && self.activity.is_sound(zones)
            && self.sessions.is_sound()
    }
}

impl Report {
    /// The report as bytes.
    ///
    /// # Errors
    /// Those of [`Self::pieces`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let (length, pieces) = self.pieces()?;
        Ok(pieces.fold(Vec::with_capacity(length), |mut bytes, piece| {
            bytes.extend_from_slice(&piece);
            bytes
        }))
    }

    /// The same bytes in pieces, made one after the other, and how many they are in all: of a million players they are as
    /// large as the report is.
    ///
    /// # Errors
    /// [`Error::Decode`] when the rest cannot be written.
    pub fn pieces(&self) -> Result<(usize, impl Iterator<Item = Vec<u8>>), Error> {
        let rest = Rest {
            params: self.params,
            filter: self.filter.clone(),
            guild_kind: self.guild_kind,
            strings: self.strings.clone(),
            head: None,
            tail: None,
            activity: self.activity.clone(),
            sessions: self.sessions.clone(),
            rows: self.rows,
            left_out: self.left_out,
            rejected: self.rejected,
            level_out_of_range: self.level_out_of_range,
            players: self.players.len(),
        };
        let rest = postcard::to_allocvec(&rest).map_err(decode)?;
        let length =
            rest.len().saturating_add(self.players.len().saturating_mul(PlayerTable::BYTES_PER_PLAYER));
        let columns = PlayerTable::WRITE_COLUMN.iter().map(|write| {
            let mut piece = Vec::new();
            write(&self.players, &mut piece);
            piece
        });
        Ok((length, std::iter::once(rest).chain(columns)))
    }

    /// The inverse of [`Self::to_bytes`].
    ///
    /// # Errors
    /// [`Error::Decode`] when the bytes are not such a message.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let partial = Partial::read(bytes)?;
        // The players of a report are closed, so that none waits at either end.
        match partial.head.is_none() && partial.tail.is_none() && partial.adds_up() {
            true => Ok(Self::new(partial)),
            false => Err(Error::Decode("its numbers contradict themselves".into())),
        }
    }
}

/// More events than any log has, and so few that sums of them do not overflow.
const MOST_EVENTS: u64 = 1 << 48;

/// All of the counts together; `None` where they are more than any log has.
pub(super) fn total<'a>(counts: impl IntoIterator<Item = &'a u64>) -> Option<u64> {
    let total = counts.into_iter().try_fold(0_u64, |total, count| total.checked_add(*count));
    total.filter(|total| *total <= MOST_EVENTS)
}

pub(super) fn decode(error: impl std::fmt::Display) -> Error {
    Error::Decode(error.to_string())
}
