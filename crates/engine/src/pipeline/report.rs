//! What a reader sees: the finished statistics of a whole log.

use std::sync::Arc;

use super::partial::Partial;
use super::seams::Seams;
use super::{Activity, Coverage, Filter, Params, PlayerTable, Query, SessionCounts, Strings, Verdict};
use crate::manifest::Rejected;
use crate::schema::{NumberKind, key_to_float};
use crate::time::{DAY_US, Day, Days, Micros};

/// The finished statistics of a log.
#[derive(Debug, Clone)]
pub struct Report {
    /// The parameters it was computed with.
    pub params: Params,
    /// Which events of the log it is about; everything below is about these alone unless it says otherwise.
    pub filter: Filter,
    /// The day churn is counted to; `None` for an empty log without `as_of_day`.
    pub as_of_day: Option<Day>,
    /// One entry per player, bots included; shared by reports that only count the same players otherwise.
    pub players: Arc<PlayerTable>,
    /// The same players with their sessions in the whole log, where the bot rules look at these and not at what counts.
    pub(super) judged_apart: Option<Arc<PlayerTable>>,
    /// Which hours of the log have events, whatever the filter.
    pub coverage: Coverage,
    /// The texts behind the codes: those of the whole log, whatever the filter.
    pub strings: Strings,
    /// How guild numbers are stored.
    pub guild_kind: NumberKind,
    /// Counts over days, hours and zones.
    pub activity: Activity,
    /// Sessions by duration, by events, and by the gap that ends them.
    pub sessions: SessionCounts,
    /// Events: rows of model 1.
    pub rows: u64,
    /// Events of the log that the filter does not match.
    pub left_out: u64,
    /// Rows without player or time that the reader met in the parts, whatever the filter.
    pub rejected: Rejected,
    /// The oldest event.
    pub first_us: Option<Micros>,
    /// The newest event.
    pub last_us: Option<Micros>,
    /// Rows whose level is not one of [`super::LEVELS`].
    pub level_out_of_range: u64,
    /// The players that no single stretch of the log had all events of, where they were kept.
    pub seams: Arc<Seams>,
}

/// The headline figures for a set of parameters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Events of all players.
    pub events: u64,
    /// Players.
    pub players: u64,
    /// Sessions of all players.
    pub sessions: u64,
    /// Players that either bot rule flags.
    pub bots: u64,
    /// Players that the rule on the longest session flags.
    pub bots_by_longest: u64,
    /// Players that the rule on the average session flags.
    pub bots_by_average: u64,
    /// Events of flagged players.
    pub bot_events: u64,
    /// Sessions of flagged players.
    pub bot_sessions: u64,
    /// Players that are not flagged and have churned.
    pub churned: u64,
    /// Flagged players that have churned.
    pub churned_bots: u64,
}

impl Totals {
    /// Players without bots: rows of model 4.
    #[must_use]
    pub const fn kept_players(&self) -> u64 {
        self.players - self.bots
    }

    /// Events without those of bots: rows of model 3.
    #[must_use]
    pub const fn kept_events(&self) -> u64 {
        self.events - self.bot_events
    }
}

impl Report {
    pub(super) fn new(mut partial: Partial) -> Self {
        let seams = Arc::new(Seams::new(partial.seams.take().unwrap_or_default(), &partial));
        let players = Arc::new(partial.players);
        let judged_apart = partial.judged.map(|sessions| Arc::new(players.with_sessions(sessions)));
        let last_us = players.last_us.iter().copied().max();
        let Query { params, filter } = partial.query;
        Self {
            params,
            filter,
            as_of_day: params.as_of_day.or(last_us.map(Micros::day)),
            judged_apart,
            coverage: partial.coverage,
            strings: partial.strings,
            guild_kind: partial.guild_kind,
            activity: partial.activity,
            sessions: partial.sessions,
            rows: partial.rows,
            left_out: partial.left_out,
            rejected: partial.rejected,
            first_us: players.first_us.iter().copied().min(),
            last_us,
            level_out_of_range: partial.level_out_of_range,
            players,
            seams,
        }
    }

    /// The same log with what other parameters come to.
    pub(super) fn with(
        &self,
        params: Params,
        players: Arc<PlayerTable>,
        activity: Activity,
        sessions: SessionCounts,
    ) -> Self {
        Self {
            params,
            filter: self.filter.clone(),
            as_of_day: params.as_of_day.or(self.last_us.map(Micros::day)),
            judged_apart: self.judged_apart.clone(),
            players,
            coverage: self.coverage.clone(),
            strings: self.strings.clone(),
            activity,
            sessions,
            seams: Arc::clone(&self.seams),
            ..*self
        }
    }

    /// What it answers.
    #[must_use]
    pub fn query(&self) -> Query {
        Query { params: self.params, filter: self.filter.clone() }
    }

    /// Whether it answers this query.
    #[must_use]
    pub fn answers(&self, query: &Query) -> bool {
        self.params == query.params && self.filter == query.filter
    }

    /// Days from a player's last event to the day churn is counted to.
    #[must_use]
    pub fn days_since_last_activity(&self, index: usize) -> Days {
        self.players.last_us[index].day().days_to(self.as_of_day.unwrap_or_default())
    }

    /// Whether a player has churned.
    #[must_use]
    pub fn churned(&self, index: usize, params: &Params) -> bool {
        self.players.last_us[index].get() < self.churned_before_us(params)
    }

    /// Whose last event lies before this has been away for more than the churn limit: a comparison for each player where
    /// days would be a division. There may be no such time, before or after all others.
    fn churned_before_us(&self, params: &Params) -> i64 {
        (self.as_of_day.unwrap_or_default().get() - params.churn_days.get()).saturating_mul(DAY_US)
    }

    /// The players with the sessions that the bot rules look at: those of the whole log, unless players are judged by what the
    /// filter matches. All else of them is what counts.
    #[must_use]
    pub const fn judged(&self) -> &Arc<PlayerTable> {
        match &self.judged_apart {
            Some(judged) => judged,
            None => &self.players,
        }
    }

    /// What the bot rules say of a player.
    #[must_use]
    #[inline]
    pub fn verdict(&self, index: usize, params: &Params) -> Verdict {
        self.judged().verdict(index, params)
    }

    /// The players that the rules flag, in order.
    #[must_use]
    pub fn flagged(&self) -> Vec<i64> {
        self.flagged_under(&self.params)
    }

    /// The players that the limits of other parameters flag, in order.
    #[must_use]
    pub fn flagged_under(&self, params: &Params) -> Vec<i64> {
        let judged = self.judged();
        let is_bot = |index: &usize| judged.verdict(*index, params).is_bot();
        (0..judged.len()).filter(is_bot).map(|index| judged.player_id[index]).collect()
    }

    /// A player's most recent guild as it is stored: a whole number, or a double's shortest form.
    #[must_use]
    pub fn guild_text(&self, index: usize) -> Option<String> {
        self.players.has_guild[index].then(|| {
            let key = self.players.guild[index];
            match self.guild_kind {
                NumberKind::Integer => key.to_string(),
                NumberKind::Float => key_to_float(key).to_string(),
            }
        })
    }

    /// The headline figures under `params`. The session gap is that of the report whatever `params` says,
    /// for only a new pass over the events can change it.
    #[must_use]
    pub fn totals(&self, params: &Params) -> Totals {
        let players = &self.players;
        let churned_before_us = self.churned_before_us(params);
        let mut totals = Totals { players: players.len() as u64, ..Totals::default() };
        for index in 0..players.len() {
            let verdict = self.verdict(index, params);
            let churned = u64::from(players.last_us[index].get() < churned_before_us);
            totals.events += players.events[index];
            totals.sessions += players.sessions[index];
            totals.bots_by_longest += u64::from(verdict.long_session);
            totals.bots_by_average += u64::from(verdict.avg_session);
            if verdict.is_bot() {
                totals.bots += 1;
                totals.bot_events += players.events[index];
                totals.bot_sessions += players.sessions[index];
                totals.churned_bots += churned;
            } else {
                totals.churned += churned;
            }
        }
        totals
    }
}
