//! What is known of a stretch of the log: a monoid, so that any split merges to the same answer.

use super::activity::Activity;
use super::coverage::Coverage;
use super::events::Events;
use super::fragment::{Fragment, OfSessions};
use super::players::{PlayerTable, SessionTable};
use super::report::Report;
use super::scratch::Scratch;
use super::session_counts::SessionCounts;
use super::sessions::Gap;
use super::{Query, Strings};
use crate::Error;
use crate::manifest::Rejected;
use crate::schema::NumberKind;

/// The levels a character can have.
pub const LEVELS: std::ops::RangeInclusive<i64> = 1..=80;

/// The statistics of a stretch of events in order of player and time.
///
/// All players but the first and the last are finished. Those two may go on in a neighbouring stretch, so
/// they are kept open; a stretch with one player has only a head.
#[derive(Debug, Clone)]
pub struct Partial {
    pub(super) query: Query,
    pub(super) guild_kind: NumberKind,
    pub(super) strings: Strings,
    pub(super) head: Option<Fragment>,
    pub(super) players: PlayerTable,
    /// What the bot rules look at, of the same players, where that is not what counts.
    pub(super) judged: Option<SessionTable>,
    pub(super) tail: Option<Fragment>,
    pub(super) coverage: Coverage,
    pub(super) activity: Activity,
    pub(super) sessions: SessionCounts,
    pub(super) rows: u64,
    pub(super) left_out: u64,
    pub(super) rejected: Rejected,
    pub(super) level_out_of_range: u64,
    /// The players that were closed where stretches meet, where they are to be kept.
    pub(super) seams: Option<Vec<Fragment>>,
}

impl Partial {
    /// The statistics of no events at all.
    #[must_use]
    pub fn empty(query: impl Into<Query>, guild_kind: NumberKind) -> Self {
        let query = query.into();
        Self {
            guild_kind,
            strings: Strings::default(),
            head: None,
            players: PlayerTable::default(),
            judged: query.filter.judges_apart().then(SessionTable::default),
            tail: None,
            coverage: Coverage::default(),
            activity: Activity::default(),
            sessions: SessionCounts::default(),
            rows: 0,
            left_out: 0,
            rejected: Rejected::default(),
            level_out_of_range: 0,
            seams: None,
            query,
        }
    }

    /// How many events it stands for.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// How many events were read for it, whatever the filter.
    #[must_use]
    pub const fn events_read(&self) -> u64 {
        self.rows + self.left_out
    }

    /// Rows that no model can use.
    #[must_use]
    pub const fn rejected(&self) -> Rejected {
        self.rejected
    }

    /// The smallest player id; `None` without events. Files without a manifest are put in order by it.
    #[must_use]
    pub fn first_player_id(&self) -> Option<i64> {
        self.head.as_ref().map(|head| head.player_id)
    }

    /// The greatest player id; `None` without events.
    #[must_use]
    pub fn last_player_id(&self) -> Option<i64> {
        self.tail.as_ref().or(self.head.as_ref()).map(|last| last.player_id)
    }

    /// How many players it stands for.
    #[must_use]
    pub fn players(&self) -> usize {
        let open = self.head.iter().chain(&self.tail);
        self.players.len() + open.filter(|open| open.is_counted()).count()
    }

    /// Sets memory aside for `players` in all, so that the table need not grow while others are merged into it.
    /// Where there is not that much, it grows as it must.
    pub fn reserve_players(&mut self, players: usize) {
        self.players.reserve(players);
        if let Some(judged) = &mut self.judged {
            judged.reserve(players);
        }
    }

    pub(super) fn count_batch(&mut self, events: &Events) {
        self.rows += events.len() as u64;
        self.left_out += events.left_out;
        self.rejected.null_player_id += events.rejected.null_player_id;
        self.rejected.null_datetime += events.rejected.null_datetime;
        for (level, rows) in events.level.iter() {
            if level.is_some_and(|level| !LEVELS.contains(&level)) {
                self.level_out_of_range += rows.len() as u64;
            }
        }
    }

    /// The same, which keeps the players that are closed where it meets others, for [`Report::recounted`].
    #[must_use]
    pub fn keeping_seams(self) -> Self {
        Self { seams: Some(self.seams.unwrap_or_default()), ..self }
    }

    /// Counts a player whose events are complete. One without an event that counts is none.
    pub(super) fn close(&mut self, player: &Fragment, scratch: &mut Scratch) -> Option<OfSessions> {
        let of_sessions = self.count(player, scratch)?;
        self.players.push(player.row(of_sessions.counted));
        if let Some(judged) = &mut self.judged {
            judged.push(of_sessions.judged);
        }
        Some(of_sessions)
    }

    /// Counts a player, and says what its sessions are like, if it has any that count.
    pub(super) fn count(&mut self, player: &Fragment, scratch: &mut Scratch) -> Option<OfSessions> {
        self.coverage.add(player.of_all_events());
        let count = || player.count(&self.query, &mut self.activity, &mut self.sessions, scratch);
        player.is_counted().then(count)
    }

    /// Puts the stretch that follows this one behind it.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when `next` does not follow, [`Error::Mismatch`] when it was made with other
    /// parameters or another filter, or has another kind of guild numbers.
    #[inline(never)]
    pub fn merge(mut self, mut next: Self) -> Result<Self, Error> {
        if self.query.params != next.query.params {
            return Err(Error::Mismatch("they were computed with different parameters"));
        }
        if self.query.filter != next.query.filter {
            return Err(Error::Mismatch("they were computed with different filters"));
        }
        if self.guild_kind != next.guild_kind {
            if !self.has_guilds() {
                self.guild_kind = next.guild_kind;
            } else if next.has_guilds() {
                return Err(Error::Mismatch("guild is a whole number in one and a double in the other"));
            }
        }
        self.rows += next.rows;
        self.left_out += next.left_out;
        self.rejected.null_player_id += next.rejected.null_player_id;
        self.rejected.null_datetime += next.rejected.null_datetime;
        self.level_out_of_range += next.level_out_of_range;

        let recode = self.strings.absorb(&next.strings);
        for class in next.players.class.iter_mut() {
            *class = recode.class(*class);
        }
        for race in next.players.race.iter_mut() {
            *race = recode.race(*race);
        }
        for fragment in next.head.iter_mut().chain(&mut next.tail) {
            fragment.recode(&recode);
        }
        self.activity.merge(next.activity, &recode);
        self.sessions.merge(next.sessions);
        self.coverage.merge(next.coverage);
        self.merge_players(next.head, (next.players, next.judged), next.tail)?;
        Ok(self)
    }

    /// Whether any player has a guild: where none has, the kind of the numbers says nothing.
    fn has_guilds(&self) -> bool {
        let mut open = self.head.iter().chain(&self.tail);
        open.any(Fragment::has_guild) || self.players.has_guild.contains(&true)
    }

    fn merge_players(
        &mut self,
        head: Option<Fragment>,
        (players, judged): (PlayerTable, Option<SessionTable>),
        tail: Option<Fragment>,
    ) -> Result<(), Error> {
        let Some(head) = head else { return Ok(()) };
        // The player at the seam: the last of this stretch, joined with the first of the next one if it
        // is the same.
        let in_tail = self.tail.is_some();
        let Some(mut seam) = self.tail.take().or_else(|| self.head.take()) else {
            self.head = Some(head);
            self.players = players;
            self.judged = judged;
            self.tail = tail;
            return Ok(());
        };
        let following = match seam.player_id.cmp(&head.player_id) {
            std::cmp::Ordering::Greater => {
                return Err(Error::OutOfOrder { player_id: head.player_id });
            }
            std::cmp::Ordering::Equal => {
                seam.join(head, Gap::of_stretches(self.query.params.session_gap_minutes), &self.strings)?;
                None
            }
            std::cmp::Ordering::Less => Some(head),
        };
        let mut open: Vec<Fragment> = [Some(seam), following, tail].into_iter().flatten().collect();
        if !in_tail {
            self.head = Some(open.remove(0));
        }
        // Finished players of `next` lie just before its tail, and there are none without a tail.
        let mut scratch = Scratch::default();
        self.tail = open.pop();
        for player in open {
            self.close(&player, &mut scratch);
            self.keep(player);
        }
        self.players.append(players);
        if let (Some(ours), Some(theirs)) = (&mut self.judged, judged) {
            ours.append(theirs);
        }
        Ok(())
    }

    fn keep(&mut self, player: Fragment) {
        if let Some(seams) = &mut self.seams
            && player.is_counted()
        {
            seams.push(player);
        }
    }

    /// Closes the first and the last player and makes the report.
    #[must_use]
    #[inline(never)]
    pub fn finish(mut self) -> Report {
        let mut scratch = Scratch::default();
        if let Some(head) = self.head.take() {
            if let Some(of_sessions) = self.count(&head, &mut scratch) {
                // Put in front, not put before a copy: the table may fill half the memory.
                self.players.push_front(head.row(of_sessions.counted));
                if let Some(judged) = &mut self.judged {
                    judged.push_front(of_sessions.judged);
                }
            }
            self.keep(head);
        }
        if let Some(tail) = self.tail.take() {
            self.close(&tail, &mut scratch);
            self.keep(tail);
        }
        Report::new(self)
    }
}
