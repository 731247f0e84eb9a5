//! The finished players of a stretch of the log.

use super::pauses::PauseSet;
use super::shares::Shares;
use super::stretches::Stretches;
use crate::Error;
use crate::pipeline::activity::Activity;
use crate::pipeline::fragment::Fragment;
use crate::pipeline::players::{SessionRow, verdict};
use crate::pipeline::scratch::Scratch;
use crate::pipeline::session_counts::SessionCounts;
use crate::pipeline::sessions::STRETCH_GAP;
use crate::pipeline::{Dictionary, Params, Partial, Query, Verdict};
use crate::time::{Day, Minutes};

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
            query: Query { params: partial.params, filter: partial.filter.clone() },
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

/// Whose sessions other parameters change.
#[derive(Debug)]
pub(super) enum Change {
    /// Everybody's, and none is counted.
    All,
    /// Those of players with such a pause.
    OfPauses(PauseSet),
}

/// The counts by group that players move in.
type Counts<'a> = (&'a mut Activity, &'a mut SessionCounts);

impl KeptPlayers {
    /// Adds a player whose row was just made of what it is.
    ///
    /// # Errors
    /// [`Error::Decode`] when it cannot be packed.
    pub(in crate::pipeline) fn push(&mut self, player: &Fragment, row: SessionRow) -> Result<(), Error> {
        self.player_id.push(player.player_id);
        let start = self.stretches.len();
        let mut stretches = self.stretches.next_player();
        player.sessions(STRETCH_GAP, |stretch| stretches.push(&stretch));
        let first_minute = stretches.first_minute();
        self.first_minute.push(first_minute);
        self.ends.push(self.stretches.len());
        self.pauses.push(self.stretches.pauses(start..self.stretches.len()).collect());
        self.shares.push(&player.share())?;
        self.judged.push(row.into());
        Ok(())
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

    /// How many stretches all players have.
    pub(super) fn stretches(&self) -> usize {
        self.stretches.len()
    }

    /// Goes from the parameters that were asked for last to others: finds sessions anew where they `change`, and moves players
    /// from one group to the other.
    ///
    /// # Errors
    /// [`Error::Decode`] where what was packed cannot be unpacked.
    pub(super) fn recount(
        &mut self,
        [before, params]: [&Params; 2],
        change: &Change,
        recode: &[u32],
        (activity, sessions): Counts<'_>,
        on_changed: &mut impl FnMut(i64, SessionRow),
        scratch: &mut Scratch,
    ) -> Result<(), Error> {
        for index in 0..self.player_id.len() {
            let is_changed = match change {
                Change::All => true,
                Change::OfPauses(between) => self.pauses[index].meets(between),
            };
            let from = self.judged[index].verdict(before).group();
            if is_changed {
                // Where all are counted anew, none is counted.
                if let Change::OfPauses(_) = change {
                    self.join(index, before, scratch);
                    sessions.remove_sessions(scratch, from);
                }
                let row = self.session_row(index, params, scratch);
                self.judged[index] = row.into();
                on_changed(self.player_id[index], row);
            }
            let to = self.judged[index].verdict(params).group();
            if !is_changed && from != to {
                self.join(index, params, scratch);
                sessions.remove_sessions(scratch, from);
            }
            if is_changed || from != to {
                sessions.add_sessions(scratch, to);
            }
            if from != to {
                self.move_share(index, (from, to), recode, (activity, sessions))?;
            }
        }
        Ok(())
    }

    /// Leaves `scratch` with a player's sessions.
    fn join(&self, index: usize, params: &Params, scratch: &mut Scratch) {
        let stretches = self.stretches.of(self.places(index), self.first_minute[index]);
        scratch.take(stretches, params.session_gap_minutes);
    }

    /// The same, and says what they are like.
    fn session_row(&self, index: usize, params: &Params, scratch: &mut Scratch) -> SessionRow {
        self.join(index, params, scratch);
        let (places, first_minute) = (self.places(index), self.first_minute[index]);
        scratch.row(|of_longest| self.stretches.times(places, first_minute, of_longest))
    }

    fn places(&self, index: usize) -> std::ops::Range<usize> {
        index.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[index]
    }

    fn move_share(
        &self,
        index: usize,
        groups: (usize, usize),
        recode: &[u32],
        (activity, sessions): Counts<'_>,
    ) -> Result<(), Error> {
        let mut last = None;
        for stretch in self.stretches.of(self.places(index), self.first_minute[index]) {
            // Within a stretch no pause is as long as a day, so that every day from the first to the last has events.
            let days =
                [stretch.start_minute, stretch.end_minute].map(|minute| minute.div_euclid(DAY_MINUTES));
            for day in days[0].max(last.map_or(i64::MIN, |last: i64| last + 1))..=days[1] {
                if let Some(day) = Day::new(day) {
                    activity.days.shift(day, groups);
                }
            }
            last = Some(days[1]);
        }
        self.shares.get(index)?.move_to(groups, recode, activity, sessions);
        Ok(())
    }
}

const _: () = assert!(STRETCH_GAP.get() < DAY_MINUTES, "no day lies within a pause of a stretch");
