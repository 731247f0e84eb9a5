//! A [`Partial`] as bytes, to cross from a worker to the page, and a [`Report`] on its way to a worker: the small rest, then
//! the players' columns as plain little-endian numbers.
//!
//! Both ends are one build, so there is nothing to negotiate. An interchange format such as Arrow IPC would bring
//! more code into the page than all that the page itself does.

use serde::{Deserialize, Serialize};

use super::activity::Activity;
use super::coverage::Coverage;
use super::fragment::Fragment;
use super::partial::Partial;
use super::players::SessionTable;
use super::session_counts::SessionCounts;
use super::{PlayerTable, Query, Report, Strings};
use crate::Error;
use crate::manifest::Rejected;
use crate::schema::NumberKind;

#[derive(Serialize, Deserialize)]
struct Rest {
    query: Query,
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
    coverage: Coverage,
    players: usize,
    /// Whether the columns of what the bot rules look at follow.
    is_judged_apart: bool,
}

impl Partial {
    /// The partial as bytes.
    ///
    /// # Errors
    /// [`Error::Decode`] when the rest cannot be written.
    #[inline(never)]
    pub fn into_bytes(self) -> Result<Vec<u8>, Error> {
        let rest = Rest {
            query: self.query,
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
            coverage: self.coverage,
            players: self.players.len(),
            is_judged_apart: self.judged.is_some(),
        };
        let mut bytes = postcard::to_allocvec(&rest).map_err(decode)?;
        bytes.reserve(columns_length(&self.players, self.judged.is_some()));
        self.players.write_columns(&mut bytes);
        if let Some(judged) = &self.judged {
            judged.write_columns(&mut bytes);
        }
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
        let unfit = || decode("the columns are not those of the players announced");
        let of_players = rest.players.saturating_mul(PlayerTable::BYTES_PER_PLAYER);
        let (of_players, of_judged) = columns.split_at_checked(of_players).ok_or_else(unfit)?;
        let players = PlayerTable::read_columns(of_players, rest.players).ok_or_else(unfit)?;
        let judged = match rest.is_judged_apart {
            true => Some(SessionTable::read_columns(of_judged, rest.players).ok_or_else(unfit)?),
            false if of_judged.is_empty() => None,
            false => return Err(unfit()),
        };
        Ok(Self {
            query: rest.query,
            guild_kind: rest.guild_kind,
            strings: rest.strings,
            head: rest.head,
            players,
            judged,
            tail: rest.tail,
            coverage: rest.coverage,
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
            && self.coverage.is_sound()
            && self.judged.is_some() == self.query.filter.judges_apart()
            && self.judged.as_ref().is_none_or(SessionTable::is_sound)
    }
}

/// What the columns of players take.
fn columns_length(players: &PlayerTable, is_judged_apart: bool) -> usize {
    let of_judged = if is_judged_apart { SessionTable::BYTES_PER_PLAYER } else { 0 };
    players.len().saturating_mul(PlayerTable::BYTES_PER_PLAYER + of_judged)
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
            query: self.query(),
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
            coverage: self.coverage.clone(),
            players: self.players.len(),
            is_judged_apart: self.judged_apart.is_some(),
        };
        let rest = postcard::to_allocvec(&rest).map_err(decode)?;
        let is_apart = self.judged_apart.is_some();
        let length = rest.len().saturating_add(columns_length(&self.players, is_apart));
        let columns = PlayerTable::WRITE_COLUMN.iter().map(|write| piece(&self.players, write));
        let judged = if is_apart { PlayerTable::WRITE_SESSION_COLUMN } else { &[] };
        let judged = judged.iter().map(|write| piece(self.judged(), write));
        Ok((length, std::iter::once(rest).chain(columns).chain(judged)))
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

fn piece(players: &PlayerTable, write: impl Fn(&PlayerTable, &mut Vec<u8>)) -> Vec<u8> {
    let mut piece = Vec::new();
    write(players, &mut piece);
    piece
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
