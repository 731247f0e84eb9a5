//! The finished players of a stretch of the log.

use std::ops::Range;

use super::pauses::PauseSet;
use super::pieces::{Pieces, together};
use super::shares::{Share, Shares};
use super::stretches::{OfPlayer, Stretches};
use crate::Error;
use crate::pipeline::activity::Activity;
use crate::pipeline::codec::decode;
use crate::pipeline::fragment::Fragment;
use crate::pipeline::players::{SessionRow, verdict};
use crate::pipeline::scratch::Scratch;
use crate::pipeline::session_counts::SessionCounts;
use crate::pipeline::sessions::STRETCH_GAP;
use crate::pipeline::{Dictionary, Params, Partial, Query, Verdict};
use crate::time::{Day, MINUTE_US, Minutes};

const DAY_MINUTES: i64 = 24 * 60;

/// What a [`Digest`](super::Digest) is given of a unit: its players, and the counts that the scan came to.
#[derive(Debug)]
pub struct Kept {
    pub(super) query: Query,
    pub(super) zones: Dictionary,
    pub(super) activity: Activity,
    pub(super) sessions: SessionCounts,
    pub(super) players: KeptPlayers,
}

impl Kept {
    /// The players of what a scan found.
    pub(in crate::pipeline) fn new(players: KeptPlayers, partial: &Partial) -> Self {
        Self {
            query: partial.query.clone(),
            zones: partial.strings.zone.clone(),
            activity: partial.activity.clone(),
            sessions: partial.sessions.clone(),
            players,
        }
    }
}

/// Players by their stretches, and what each has in the counts by group.
#[derive(Debug, Default)]
pub(in crate::pipeline) struct KeptPlayers {
    index: PlayerIndex,
    stretches: Vec<u8>,
    shares: Vec<u8>,
}

/// What is known of players whose stretches and shares may be elsewhere: one behind the other, and the shares behind all stretches.
#[derive(Debug, Default)]
pub(super) struct PlayerIndex {
    player_id: Vec<i64>,
    /// The minute that a player's first event lies in.
    first_minute: Vec<i64>,
    /// Where a player's stretches end.
    ends: Vec<usize>,
    stretches: Stretches,
    pauses: Vec<PauseSet>,
    shares: Shares,
    /// What the bot rules look at, with the parameters that were asked for last.
    judged: Vec<Judged>,
}

#[derive(Debug, Clone, Copy)]
struct Judged {
    max_minutes: Minutes,
    sum_minutes: Minutes,
    sessions: u64,
}

impl Judged {
    fn verdict(&self, params: &Params) -> Verdict {
        verdict(self.max_minutes, self.sum_minutes, self.sessions, params)
    }
}

impl From<SessionRow> for Judged {
    fn from(row: SessionRow) -> Self {
        Self {
            max_minutes: row.duration_max_minutes,
            sum_minutes: row.duration_sum_minutes,
            sessions: row.sessions,
        }
    }
}

/// Whose sessions other parameters change, and how that is counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    /// The pauses of those whose sessions change; none where that may be anybody.
    pub(super) pauses: Option<PauseSet>,
    /// Whether all sessions are counted anew, and none is counted yet.
    pub(super) is_of_all: bool,
}

/// From which parameters to which others a recount goes.
#[derive(Debug)]
pub(super) struct Going {
    pub(super) before: Params,
    pub(super) params: Params,
    pub(super) change: Change,
}

/// What other parameters make of a player.
struct Touched {
    index: usize,
    /// Whether its sessions may change.
    is_changed: bool,
    /// Its group before.
    from: usize,
}

/// Who goes from which group to which.
pub(super) type Move = (usize, (usize, usize));

impl KeptPlayers {
    /// Adds a player whose row was just made of what it is.
    ///
    /// # Errors
    /// [`Error::Decode`] when it cannot be packed.
    pub(in crate::pipeline) fn push(&mut self, player: &Fragment, row: SessionRow) -> Result<(), Error> {
        let Self { index, stretches, shares } = self;
        let first_minute = player.first_us().get().div_euclid(MINUTE_US);
        let start = index.stretches.len();
        let mut last_minute = None;
        player.sessions(STRETCH_GAP, |stretch| {
            last_minute = Some(index.stretches.push(stretches, last_minute, &stretch));
        });
        let places = start..index.stretches.len();
        let bytes = stretches.get(index.stretches.bytes_of(&places)).unwrap_or_default();
        let pauses = index.stretches.of(&places, first_minute, bytes).map(OfPlayer::pauses);
        index.player_id.push(player.player_id);
        index.first_minute.push(first_minute);
        index.ends.push(places.end);
        index.pauses.push(pauses.unwrap_or_default());
        index.shares.push(shares, &player.share())?;
        index.judged.push(row.into());
        Ok(())
    }

    /// What is known of the players, and the bytes of their stretches and of their shares. Room for more is given up, for none come.
    pub(super) fn into_parts(self) -> (PlayerIndex, [Vec<u8>; 2]) {
        let Self { mut index, mut stretches, mut shares } = self;
        index.shrink_to_fit();
        stretches.shrink_to_fit();
        shares.shrink_to_fit();
        (index, [stretches, shares])
    }
}

impl PlayerIndex {
    fn shrink_to_fit(&mut self) {
        self.player_id.shrink_to_fit();
        self.first_minute.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.pauses.shrink_to_fit();
        self.shares.shrink_to_fit();
        self.judged.shrink_to_fit();
    }

    /// How many players there are.
    pub(super) fn len(&self) -> usize {
        self.player_id.len()
    }

    /// How many stretches the players have who make such a pause.
    pub(super) fn stretches_with(&self, pauses: &PauseSet) -> usize {
        let players = self.pauses.iter().enumerate().filter(|(_, of_player)| of_player.meets(pauses));
        players.map(|(index, _)| self.places(index).len()).sum()
    }

    /// How many players' sessions change.
    pub(super) fn changed(&self, change: &Change) -> usize {
        let Some(pauses) = &change.pauses else { return self.len() };
        self.pauses.iter().filter(|of_player| of_player.meets(pauses)).count()
    }

    /// How many stretches all players have.
    pub(super) fn stretches(&self) -> usize {
        self.stretches.len()
    }

    /// The bytes that [`Self::count`] takes.
    pub(super) fn asks(&self, going: &Going) -> Vec<Range<usize>> {
        together(self.touched(going).map(|of| self.stretches.bytes_of(&self.places(of.index))))
    }

    /// Finds sessions anew where other parameters change them, and moves the sessions and the days of players from one group to the
    /// other. What else these players have is still to be moved: [`Self::move_shares`].
    ///
    /// # Errors
    /// [`Error::Decode`] where bytes are missing.
    pub(super) fn count(
        &mut self,
        going: &Going,
        pieces: Pieces<'_>,
        (activity, sessions): (&mut Activity, &mut SessionCounts),
        on_changed: &mut impl FnMut(i64, SessionRow),
        scratch: &mut Scratch,
    ) -> Result<Vec<Move>, Error> {
        let Going { before, params, change } = going;
        let mut moves = Vec::new();
        for index in 0..self.player_id.len() {
            let Some(Touched { is_changed, from, .. }) = self.touch(index, going) else { continue };
            let (stretches, mut judged) = (self.stretches_of(index, pieces)?, self.judged[index]);
            if !change.is_of_all {
                join(stretches, before, scratch);
                sessions.remove_sessions(scratch, from);
            }
            if is_changed || change.is_of_all {
                join(stretches, params, scratch);
            }
            if is_changed {
                let row = scratch.row(|of_longest| stretches.times(of_longest));
                judged = row.into();
                on_changed(self.player_id[index], row);
            }
            let to = judged.verdict(params).group();
            sessions.add_sessions(scratch, to);
            if from != to {
                move_days(stretches, (from, to), activity);
                moves.push((index, (from, to)));
            }
            self.judged[index] = judged;
        }
        Ok(moves)
    }

    /// The bytes that [`Self::move_shares`] takes.
    pub(super) fn asks_of(&self, moves: &[Move]) -> Vec<Range<usize>> {
        together(moves.iter().map(|&(index, _)| self.share_bytes(index)))
    }

    /// Moves the rest of what players have.
    ///
    /// # Errors
    /// [`Error::Decode`] where bytes are missing.
    pub(super) fn move_shares(
        &self,
        moves: &[Move],
        pieces: Pieces<'_>,
        recode: &[u32],
        (activity, sessions): (&mut Activity, &mut SessionCounts),
    ) -> Result<(), Error> {
        moves.iter().try_for_each(|&(index, groups)| {
            let share = Share::from_bytes(pieces.get(&self.share_bytes(index))?)?;
            share.move_to(groups, recode, activity, sessions);
            Ok(())
        })
    }

    /// Where the shares begin.
    pub(super) fn shares_start(&self) -> usize {
        self.stretches.bytes_of(&(0..self.stretches.len())).end
    }

    fn share_bytes(&self, index: usize) -> Range<usize> {
        let (start, range) = (self.shares_start(), self.shares.bytes_of(index));
        start.saturating_add(range.start)..start.saturating_add(range.end)
    }

    fn touched(&self, going: &Going) -> impl Iterator<Item = Touched> {
        (0..self.player_id.len()).filter_map(|index| self.touch(index, going))
    }

    /// What other parameters make of a player, if anything.
    fn touch(&self, index: usize, going: &Going) -> Option<Touched> {
        let Change { pauses, is_of_all } = &going.change;
        let is_changed = pauses.as_ref().is_none_or(|pauses| self.pauses[index].meets(pauses));
        let judged = &self.judged[index];
        let from = judged.verdict(&going.before).group();
        let is_touched = *is_of_all || is_changed || from != judged.verdict(&going.params).group();
        is_touched.then_some(Touched { index, is_changed, from })
    }

    fn stretches_of<'a>(&'a self, index: usize, pieces: Pieces<'a>) -> Result<OfPlayer<'a>, Error> {
        let places = self.places(index);
        let bytes = pieces.get(&self.stretches.bytes_of(&places))?;
        let stretches = self.stretches.of(&places, self.first_minute[index], bytes);
        stretches.ok_or_else(|| decode("a player's stretches are cut off"))
    }

    fn places(&self, index: usize) -> Range<usize> {
        index.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[index]
    }
}

/// Leaves `scratch` with a player's sessions. The loop is in the code once.
#[inline(never)]
fn join(stretches: OfPlayer<'_>, params: &Params, scratch: &mut Scratch) {
    scratch.take(stretches.iter(), params.session_gap_minutes);
}

/// Moves a player's days from one group to the other.
fn move_days(stretches: OfPlayer<'_>, groups: (usize, usize), activity: &mut Activity) {
    let mut last = None;
    for stretch in stretches.iter() {
        // Within a stretch no pause is as long as a day, so that every day from the first to the last has events.
        let days = [stretch.start_minute, stretch.end_minute].map(|minute| minute.div_euclid(DAY_MINUTES));
        for day in days[0].max(last.map_or(i64::MIN, |last: i64| last + 1))..=days[1] {
            if let Some(day) = Day::new(day) {
                activity.days.shift(day, groups);
            }
        }
        last = Some(days[1]);
    }
}

const _: () = assert!(STRETCH_GAP.get() < DAY_MINUTES, "no day lies within a pause of a stretch");
