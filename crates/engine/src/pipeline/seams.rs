//! The players whose events lie in several stretches of the log, or at the ends of one.

use super::fragment::Fragment;
use super::players::SessionTable;
use super::recount::Recount;
use super::scratch::Scratch;
use super::{Dictionary, Filter, Params, Partial, Query};
use crate::schema::NumberKind;

/// Players that were closed where stretches meet. All others are within one, and whoever scanned that knows all of them.
#[derive(Debug, Clone, Default)]
pub struct Seams {
    players: Vec<Fragment>,
    zones: Dictionary,
    filter: Filter,
}

impl Seams {
    pub(super) fn new(players: Vec<Fragment>, partial: &Partial) -> Self {
        Self { players, zones: partial.strings.zone.clone(), filter: partial.query.filter.clone() }
    }

    /// What they come to with other parameters, whose gap must not be below [`STRETCH_GAP`](super::STRETCH_GAP).
    pub(super) fn recount(&self, params: Params) -> Recount {
        let query = Query { params, filter: self.filter.clone() };
        let mut partial = Partial::empty(query.clone(), NumberKind::Integer);
        let mut scratch = Scratch::default();
        let (mut player_id, mut sessions) = (Vec::new(), SessionTable::default());
        for player in &self.players {
            if let Some(of_sessions) = partial.count(player, &mut scratch) {
                sessions.push(of_sessions.counted);
                player_id.push(player.player_id);
            }
        }
        Recount {
            query,
            zones: self.zones.clone(),
            activity: partial.activity,
            sessions: partial.sessions,
            known_gap: params.session_gap_minutes,
            players: player_id.len(),
            player_id,
            table: sessions,
        }
    }
}
