//! How many players each limit would flag.

use wow_charts::{Flagged, FlaggedAt, format};
use wow_engine::Params;
use wow_engine::pipeline::{PlayerTable, Report};
use wow_engine::time::Minutes;

use super::limit::{Limit, STEP_MINUTES, average_up};
use crate::Table;
use crate::filter::BotChoice;
use crate::order::by_key;

/// Players in order of what a limit is on, so that a limit flags an end of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standings {
    limit: Limit,
    /// Places in the table of players, shortest session first.
    players: Vec<u32>,
}

impl Standings {
    /// Lines the players up.
    #[must_use]
    pub fn new(report: &Report, limit: Limit) -> Self {
        let table = &report.players;
        let key = |index: usize| match limit {
            Limit::Longest => table.duration_max_minutes[index].get(),
            Limit::Average => average_up(table, index).get(),
        };
        let keyed = (0..).take(table.len()).map(|player| (key(player as usize), player));
        let players = by_key(keyed.collect(), false);
        Self { limit, players }
    }

    /// How many players would be flagged at each value of the limit while the other one stays as in `params`.
    #[must_use]
    pub fn curve(&self, table: &PlayerTable, params: &Params) -> Curve {
        let is_flagged = |index: u32, limit: Limit, params: &Params| {
            let verdict = table.verdict(index as usize, params);
            match limit {
                Limit::Longest => verdict.long_session,
                Limit::Average => verdict.avg_session,
            }
        };
        let other = self.limit.other();
        let open: Vec<u32> =
            self.players.iter().copied().filter(|&index| !is_flagged(index, other, params)).collect();
        let by_other = (self.players.len() - open.len()) as u64;
        let steps =
            Minutes::each(Minutes::default()..=self.limit.end_minutes()).step_by(STEP_MINUTES as usize);
        let at = |limit: Minutes| {
            let mut params = *params;
            self.limit.set(&mut params, limit);
            let below = open.partition_point(|&index| !is_flagged(index, self.limit, &params));
            FlaggedAt { limit_minutes: limit.get(), players: by_other + (open.len() - below) as u64 }
        };
        Curve { limit: self.limit, other_minutes: other.of(params), points: steps.map(at).collect() }
    }
}

/// Flagged players over one of the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    limit: Limit,
    other_minutes: Minutes,
    points: Vec<FlaggedAt>,
}

impl Curve {
    /// The first and the last limit of those on the curve around this one that flag as many players, `flagged`.
    #[must_use]
    pub fn same_around(&self, limit: Minutes, flagged: u64) -> Option<(Minutes, Minutes)> {
        let place = self.points.partition_point(|at| at.limit_minutes <= limit.get());
        let (below, above) = self.points.split_at(place);
        let is_same = |at: &&FlaggedAt| at.players == flagged;
        let first = below.iter().rev().take_while(is_same).last()?;
        let last = above.iter().take_while(is_same).last().or(below.last())?;
        Some((Minutes::new(first.limit_minutes)?, Minutes::new(last.limit_minutes)?))
    }

    /// The curve as it is drawn, with `flagged` players at the limit of `params` marked.
    #[must_use]
    pub fn chart(&self, params: &Params, flagged: u64) -> Flagged {
        Flagged {
            limit_name: self.limit.label().to_lowercase(),
            curve: self.points.clone(),
            current: FlaggedAt { limit_minutes: self.limit.of(params).get(), players: flagged },
        }
    }
}

/// What the curve shows.
#[must_use]
pub fn flagged_say(curve: &Curve, bots: BotChoice) -> String {
    let groups =
        if bots == BotChoice::In { "" } else { " All players count, whichever are shown elsewhere." };
    format!(
        "Players that either rule flags, over the limit on the {}, while that on the {} is {}.{groups}",
        curve.limit.label().to_lowercase(),
        curve.limit.other().label().to_lowercase(),
        format::minutes(curve.other_minutes.get())
    )
}

/// The curve by the hour.
#[must_use]
pub fn flagged_table(curve: &Curve) -> Table {
    let hourly = curve.points.iter().filter(|at| at.limit_minutes % 60 == 0);
    let row = |at: &FlaggedAt| vec![format::minutes(at.limit_minutes), format::count(at.players)];
    Table {
        head: vec![
            format!("limit on the {}", curve.limit.label().to_lowercase()),
            "players flagged".to_owned(),
        ],
        rows: hourly.map(row).collect(),
    }
}
