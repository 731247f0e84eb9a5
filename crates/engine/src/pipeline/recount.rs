//! What follows from other parameters, found without the events.

use serde::{Deserialize, Serialize};

use super::activity::Activity;
use super::codec::{decode, total};
use super::players::SessionTable;
use super::session_counts::SessionCounts;
use super::{Dictionary, Query, Report};
use crate::Error;

/// All that parameters decide of some players of a log: what their sessions are like, and the counts by group.
#[derive(Debug, Clone)]
pub struct Recount {
    pub(super) query: Query,
    /// The texts that the zone codes refer to.
    pub(super) zones: Dictionary,
    pub(super) activity: Activity,
    pub(super) sessions: SessionCounts,
    /// The players, each stretch of the log's in order.
    pub(super) player_id: Vec<i64>,
    /// What their sessions are like; `None` where that is known.
    pub(super) table: Option<SessionTable>,
}

#[derive(Serialize, Deserialize)]
struct Rest {
    query: Query,
    zones: Dictionary,
    activity: Activity,
    sessions: SessionCounts,
    players: Option<usize>,
}

impl Recount {
    /// The recount as bytes: the small rest, then the columns.
    ///
    /// # Errors
    /// [`Error::Decode`] when the rest cannot be written.
    pub fn into_bytes(self) -> Result<Vec<u8>, Error> {
        let rest = Rest {
            query: self.query,
            zones: self.zones,
            activity: self.activity,
            sessions: self.sessions,
            players: self.table.as_ref().map(|_| self.player_id.len()),
        };
        let mut bytes = postcard::to_allocvec(&rest).map_err(decode)?;
        if let Some(table) = self.table {
            bytes.reserve(self.player_id.len() * BYTES_PER_PLAYER);
            bytes.extend(self.player_id.iter().flat_map(|id| id.to_le_bytes()));
            table.write_columns(&mut bytes);
        }
        Ok(bytes)
    }

    /// The inverse of [`Self::into_bytes`].
    ///
    /// # Errors
    /// [`Error::Decode`] when the bytes are not such a message.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (rest, columns): (Rest, _) = postcard::take_from_bytes(bytes).map_err(decode)?;
        let unfit = || Error::Decode("the columns are not those of the players announced".into());
        let players = rest.players.unwrap_or(0);
        let (ids, table) =
            columns.split_at_checked(players.saturating_mul(size_of::<i64>())).ok_or_else(unfit)?;
        let table = SessionTable::read_columns(table, players).ok_or_else(unfit)?;
        let player_id = ids.as_chunks().0.iter().map(|&id| i64::from_le_bytes(id)).collect();
        let Rest { query, zones, activity, sessions, players } = rest;
        let is_sound = activity.is_sound(zones.texts().len()) && sessions.is_sound();
        match is_sound {
            true => Ok(Self { query, zones, activity, sessions, player_id, table: players.map(|_| table) }),
            false => Err(Error::Decode("its numbers contradict themselves".into())),
        }
    }
}

const BYTES_PER_PLAYER: usize = size_of::<i64>() + SessionTable::BYTES_PER_PLAYER;

impl Report {
    /// The same log's report with other parameters, from what they come to for all of its players.
    ///
    /// # Errors
    /// [`Error::Mismatch`] where these are not recounts with one set of parameters of just the players and events that the
    /// report is about.
    pub fn recounted(&self, query: &Query, recounts: Vec<Recount>) -> Result<Self, Error> {
        let others = || Error::Mismatch("they were computed with different parameters");
        if query.filter != self.filter || recounts.iter().any(|recount| recount.query != *query) {
            return Err(others());
        }
        let is_same_gap = query.params.session_gap_minutes == self.params.session_gap_minutes;
        let players = match is_same_gap {
            true => self.players.clone(),
            false => self.players.with_sessions(self.put_together(&recounts)?),
        };
        let mut strings = self.strings.clone();
        let (mut activity, mut sessions) = (Activity::default(), SessionCounts::default());
        for recount in recounts {
            activity.merge_coded(recount.activity, &strings.zone.absorb(&recount.zones));
            sessions.merge(recount.sessions);
        }
        if total(activity.hours.iter().flatten()) != Some(self.rows) {
            return Err(Error::Mismatch("they are not of the same events"));
        }
        Ok(self.with(query.params, players, activity, sessions))
    }

    /// The sessions of all players, in their order.
    fn put_together(&self, recounts: &[Recount]) -> Result<SessionTable, Error> {
        let others = || Error::Mismatch("they are not of the same players");
        let mut all = SessionTable::of(self.players.len());
        let mut known = 0;
        for recount in recounts {
            let table = recount.table.as_ref().ok_or_else(others)?;
            let mut from = 0;
            while let Some(first) = recount.player_id.get(from) {
                let place = self.players.find(*first).ok_or_else(others)?;
                let ours = &self.players.player_id[place..];
                let same = recount.player_id[from..].iter().zip(ours).take_while(|(a, b)| a == b).count();
                all.copy(place, table, from..from + same).ok_or_else(others)?;
                (from, known) = (from + same, known + same);
            }
        }
        match known == self.players.len() {
            true => Ok(all),
            false => Err(others()),
        }
    }
}
