//! The parameters of the models, in one place.

use serde::{Deserialize, Serialize};

use crate::time::{Day, Days, Minutes};

/// The limits that the models work with. The same names are `vars` of the dbt project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Params {
    /// A pause of more than this starts a new session.
    pub session_gap_minutes: Minutes,
    /// A player with a session longer than this is a likely bot.
    pub bot_max_session_minutes: Minutes,
    /// A player whose sessions last longer than this on average is a likely bot.
    pub bot_avg_session_minutes: Minutes,
    /// A player without an event for more than this has churned.
    pub churn_days: Days,
    /// The day churn is counted to; the newest event's day when absent.
    pub as_of_day: Option<Day>,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            session_gap_minutes: Minutes::of(30),
            bot_max_session_minutes: Minutes::of(720),
            bot_avg_session_minutes: Minutes::of(360),
            churn_days: Days::of(30),
            as_of_day: None,
        }
    }
}
