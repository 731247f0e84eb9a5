//! How far the numbers in sight are from what was chosen.

use wow_engine::Query;
use wow_engine::pipeline::Report;

use super::bots::with_limits_of;

/// What is out of date while another scan is under way or waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stale {
    /// Nothing.
    #[default]
    Nothing,
    /// What is counted by group of players while scanning; all else follows the limits at once.
    Groups,
    /// All but what follows the gap at once.
    Sessions,
    /// Everything, for other events count.
    Everything,
}

impl Stale {
    /// What is out of date in statistics that are to answer a query.
    #[must_use]
    pub fn new(report: &Report, query: &Query) -> Self {
        if report.filter != query.filter {
            Self::Everything
        } else if with_limits_of(&report.params, &query.params) != query.params {
            Self::Sessions
        } else if report.params != query.params {
            Self::Groups
        } else {
            Self::Nothing
        }
    }

    /// Whether anything is.
    #[must_use]
    pub const fn is_any(self) -> bool {
        !matches!(self, Self::Nothing)
    }

    /// Whether what is known of a player is, verdict aside.
    #[must_use]
    pub const fn is_of_players(self) -> bool {
        matches!(self, Self::Sessions | Self::Everything)
    }

    /// The style classes that dim it.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Groups => "stale in-groups",
            Self::Sessions => "stale in-sessions",
            Self::Everything => "stale in-everything",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::Choice;
    use crate::sample::{PLAYERS, report};

    #[test]
    fn what_follows_a_slider_at_once_is_not_out_of_date() {
        let report = report(&PLAYERS);
        for (query, stale) in [
            ("", Stale::Nothing),
            ("page=bots&bots=only&player=3", Stale::Nothing),
            ("longest=60&average=30", Stale::Groups),
            ("gap=10", Stale::Sessions),
            ("gap=10&longest=60", Stale::Sessions),
            ("churn_days=7", Stale::Sessions),
            ("class=Mage", Stale::Everything),
            ("from=2008-01-01&gap=10", Stale::Everything),
        ] {
            let asked = Choice::from_query(query).query(&report.params);
            assert_eq!(Stale::new(&report, &asked), stale, "{query}");
        }
    }
}
