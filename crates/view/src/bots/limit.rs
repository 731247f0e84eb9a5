//! The two limits and how they are set.

use wow_charts::format;
use wow_engine::Params;
use wow_engine::pipeline::PlayerTable;
use wow_engine::time::Minutes;

/// A press of an arrow key moves a slider by this many minutes.
pub const STEP_MINUTES: u32 = 15;
/// The largest limit that can be typed in: a year.
pub const MOST_MINUTES: Minutes = Minutes::of(525_600);

/// A limit above which a player is flagged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Limit {
    /// On the longest session.
    #[default]
    Longest,
    /// On the average session.
    Average,
}

impl Limit {
    /// Its name in the page's markup.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Longest => "limit-longest",
            Self::Average => "limit-average",
        }
    }

    /// Its name in the URL.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Longest => "longest",
            Self::Average => "average",
        }
    }

    /// The limit of that name in the URL; the default where it cannot be understood.
    #[must_use]
    pub fn named(name: &str) -> Self {
        [Self::Longest, Self::Average].into_iter().find(|limit| limit.name() == name).unwrap_or_default()
    }

    /// What is limited.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Longest => "Longest session",
            Self::Average => "Average session",
        }
    }

    /// The right end of its slider.
    #[must_use]
    pub const fn end_minutes(self) -> Minutes {
        match self {
            Self::Longest => Minutes::of(48 * 60),
            Self::Average => Minutes::of(24 * 60),
        }
    }

    /// Its value among the parameters.
    #[must_use]
    pub const fn of(self, params: &Params) -> Minutes {
        match self {
            Self::Longest => params.bot_max_session_minutes,
            Self::Average => params.bot_avg_session_minutes,
        }
    }

    /// The limits that matter: from half to double the usual one, and further while the one in force lies beyond.
    #[must_use]
    pub fn around(self, usual: &Params, params: &Params) -> (Minutes, Minutes) {
        let (usual, current) = (self.of(usual).get().max(STEP_MINUTES.into()), self.of(params).get().max(0));
        let (mut least, mut most) = (usual / 2, usual.saturating_mul(2));
        while current < least {
            least /= 2;
        }
        while current > most {
            most = most.saturating_mul(2);
        }
        // The curve has a point for every so many minutes.
        let step = i64::from(STEP_MINUTES);
        let whole = |steps: i64| Minutes::new(steps.saturating_mul(step)).unwrap_or(MOST_MINUTES);
        let end = self.end_minutes();
        let up = most.div_euclid(step).saturating_add(i64::from(most.rem_euclid(step) > 0));
        (whole(least.div_euclid(step)).min(end), whole(up).min(end))
    }

    /// Sets it among the parameters.
    pub const fn set(self, params: &mut Params, minutes: Minutes) {
        match self {
            Self::Longest => params.bot_max_session_minutes = minutes,
            Self::Average => params.bot_avg_session_minutes = minutes,
        }
    }

    /// The other limit.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Longest => Self::Average,
            Self::Average => Self::Longest,
        }
    }
}

/// A player's average session, rounded up to minutes: it is above a limit in whole minutes just when the fraction is.
/// A player has at least one session.
pub(super) fn average_up(table: &PlayerTable, index: usize) -> Minutes {
    table.duration_sum_minutes[index].div_ceil(table.sessions[index])
}

/// `params` with the two limits of others.
#[must_use]
pub fn with_limits_of(params: &Params, others: &Params) -> Params {
    let mut params = *params;
    for limit in [Limit::Longest, Limit::Average] {
        limit.set(&mut params, limit.of(others));
    }
    params
}

/// The gap and both limits: `gap 30 min, longest 12 h, average 6 h`.
#[must_use]
pub fn written_rules(params: &Params) -> String {
    let gap = format::minutes(params.session_gap_minutes.get());
    let [longest, average] =
        [Limit::Longest, Limit::Average].map(|limit| format::minutes(limit.of(params).get()));
    format!("gap {gap}, longest {longest}, average {average}")
}

/// Both limits, such as `12 h / 6 h`.
#[must_use]
pub fn written_limits(params: &Params) -> String {
    let limits = [Limit::Longest, Limit::Average].map(|limit| format::minutes(limit.of(params).get()));
    limits.join(" / ")
}
