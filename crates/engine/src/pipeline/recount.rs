//! What follows from other parameters, found without the events.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::activity::Activity;
use super::codec::{decode, total};
use super::players::SessionTable;
use super::session_counts::SessionCounts;
use super::{Dictionary, Query, Report};
use crate::Error;
use crate::time::Minutes;

/// All that parameters decide of some players of a log: what their sessions are like, and the counts by group.
#[derive(Debug, Clone)]
pub struct Recount {
    pub(super) query: Query,
    /// The texts that the zone codes refer to.
    pub(super) zones: Dictionary,
    pub(super) activity: Activity,
    pub(super) sessions: SessionCounts,
    /// The gap with which it is known what the sessions of all other players are like: they stay so.
    pub(super) known_gap: Minutes,
    /// How many players it is about.
    pub(super) players: usize,
    /// Those whose sessions change, each stretch of the log's in order.
    pub(super) player_id: Vec<i64>,
    /// What these sessions are like.
    pub(super) table: SessionTable,
}

#[derive(Serialize, Deserialize)]
struct Rest {
    query: Query,
    zones: Dictionary,
    activity: Activity,
    sessions: SessionCounts,
    known_gap: Minutes,
    players: usize,
    changed: usize,
}

impl Recount {
    /// The recount as bytes: the small rest, then the columns.
    ///
    /// # Errors
    /// [`Error::Decode`] when the rest cannot be written.
    pub fn into_bytes(self) -> Result<Vec<u8>, Error> {
        let Self { query, zones, activity, sessions, known_gap, players, player_id, table } = self;
        let changed = player_id.len();
        let rest = Rest { query, zones, activity, sessions, known_gap, players, changed };
        let mut bytes = postcard::to_allocvec(&rest).map_err(decode)?;
        bytes.reserve(changed.saturating_mul(BYTES_PER_PLAYER));
        bytes.extend(player_id.iter().flat_map(|id| id.to_le_bytes()));
        table.write_columns(&mut bytes);
        Ok(bytes)
    }

    /// The inverse of [`Self::into_bytes`].
    ///
    /// # Errors
    /// [`Error::Decode`] when the bytes are not such a message.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (rest, columns): (Rest, _) = postcard::take_from_bytes(bytes).map_err(decode)?;
        let Rest { query, zones, activity, sessions, known_gap, players, changed } = rest;
        if !(activity.is_sound(zones.texts().len()) && sessions.is_sound()) {
            return Err(decode("its numbers contradict themselves"));
        }
        let unfit = || decode("the columns are not those of the players announced");
        let ids = changed.saturating_mul(size_of::<i64>());
        let (ids, columns) = columns.split_at_checked(ids).ok_or_else(unfit)?;
        let player_id = ids.as_chunks().0.iter().map(|&id| i64::from_le_bytes(id)).collect();
        let table = SessionTable::read_columns(columns, changed).ok_or_else(unfit)?;
        Ok(Self { query, zones, activity, sessions, known_gap, players, player_id, table })
    }
}

const BYTES_PER_PLAYER: usize = size_of::<i64>() + SessionTable::BYTES_PER_PLAYER;

impl Report {
    /// The same log's report with other parameters, from what [digests](super::Digest) of all its stretches say. It must have been
    /// [keeping](super::Partial::keeping_seams) the players in between.
    ///
    /// # Errors
    /// [`Error::Mismatch`] where these are not recounts for one query of just the players and events that the report is about,
    /// or were made for one with another gap.
    pub fn recounted(&self, query: &Query, mut recounts: Vec<Recount>) -> Result<Self, Error> {
        recounts.push(self.seams.recount(query.params));
        let known_gap = self.params.session_gap_minutes;
        let belongs = |recount: &Recount| {
            let is_known = recount.known_gap == known_gap || recount.player_id.len() == recount.players;
            recount.query == *query && is_known
        };
        if query.filter != self.filter || !recounts.iter().all(belongs) {
            return Err(Error::Mismatch("they were computed with different parameters"));
        }
        let others = || Error::Mismatch("they are not of the same players");
        let players =
            recounts.iter().try_fold(0_usize, |players, recount| players.checked_add(recount.players));
        if players != Some(self.players.len()) {
            return Err(others());
        }
        let mut players = Arc::clone(&self.players);
        if query.params.session_gap_minutes != known_gap {
            let players = Arc::make_mut(&mut players);
            for recount in &recounts {
                players.take_sessions(&recount.player_id, &recount.table).ok_or_else(others)?;
            }
        }
        let mut zones = self.strings.zone.clone();
        let (mut activity, mut sessions) = (Activity::default(), SessionCounts::default());
        for recount in recounts {
            activity.merge_coded(recount.activity, &zones.absorb(&recount.zones));
            sessions.merge(recount.sessions);
        }
        match total(activity.hours.iter().flatten()) == Some(self.rows) {
            true => Ok(self.with(query.params, players, activity, sessions)),
            false => Err(Error::Mismatch("they are not of the same events")),
        }
    }
}
