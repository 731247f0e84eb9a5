//! How many players each limit would flag.

use wow_charts::{Flagged, FlaggedAt, format};
use wow_engine::Params;
use wow_engine::time::Minutes;

use super::limit::Limit;
use crate::Table;
use crate::filter::BotChoice;

/// Flagged players over one of the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    limit: Limit,
    other_minutes: Minutes,
    points: Vec<FlaggedAt>,
}

impl Curve {
    /// The curve over `limit` with so many flagged players at each value of it, and the other limit of `params`.
    pub(super) fn new(limit: Limit, params: &Params, flagged: impl Iterator<Item = (Minutes, u64)>) -> Self {
        let at = |(limit, players): (Minutes, u64)| FlaggedAt { limit_minutes: limit.get(), players };
        Self { limit, other_minutes: limit.other().of(params), points: flagged.map(at).collect() }
    }

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

    /// The curve as it is drawn between two limits, with `flagged` players at the limit of `params` marked.
    #[must_use]
    pub fn chart(&self, (least, most): (Minutes, Minutes), params: &Params, flagged: u64) -> Flagged {
        let is_shown = |at: &&FlaggedAt| (least.get()..=most.get()).contains(&at.limit_minutes);
        Flagged {
            limit_name: self.limit.label().to_lowercase(),
            curve: self.points.iter().filter(is_shown).copied().collect(),
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
        "Flagged by either rule, with the limit on the {} at {}.{groups}",
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
