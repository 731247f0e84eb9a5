//! The parameters of the models, in one place.

use serde::{Deserialize, Serialize};

/// The limits that the models work with. The same names are `vars` of the dbt project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Params {
    /// A pause of more than this many minutes starts a new session.
    pub session_gap_minutes: i64,
    /// A player with a session longer than this is a likely bot.
    pub bot_max_session_minutes: i64,
    /// A player whose sessions last longer than this on average is a likely bot.
    pub bot_avg_session_minutes: i64,
    /// A player without an event for more than this many days has churned.
    pub churn_days: i64,
    /// The day churn is counted to, as days since 1970-01-01; the newest event's day when absent.
    pub as_of_day: Option<i64>,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            session_gap_minutes: 30,
            bot_max_session_minutes: 720,
            bot_avg_session_minutes: 360,
            churn_days: 30,
            as_of_day: None,
        }
    }
}
