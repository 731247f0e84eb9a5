//! The table of flagged players.

use std::cmp::Ordering;

use wow_charts::format;
use wow_engine::Params;
use wow_engine::pipeline::{PlayerTable, Report, Verdict, round2};

use super::limit::Limit;
use crate::view::csv::{self, Field};
use crate::view::time;

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The player's id.
    Player,
    /// Which rule flags it.
    Rule,
    /// Minutes of the longest session.
    Longest,
    /// By how much the limit is exceeded.
    OverBy,
    /// Minutes of the average session.
    Average,
    /// Sessions.
    Sessions,
    /// Events.
    Events,
    /// When the longest session ran.
    Session,
    /// Events of the longest session.
    SessionEvents,
}

impl Column {
    /// All columns in the order of the table.
    pub const ALL: [Self; 9] = [
        Self::Player,
        Self::Rule,
        Self::Longest,
        Self::OverBy,
        Self::Average,
        Self::Sessions,
        Self::Events,
        Self::Session,
        Self::SessionEvents,
    ];

    /// Its name in the page's markup.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Player => "player",
            Self::Rule => "rule",
            Self::Longest => "longest",
            Self::OverBy => "over_by",
            Self::Average => "average",
            Self::Sessions => "sessions",
            Self::Events => "events",
            Self::Session => "session",
            Self::SessionEvents => "session_events",
        }
    }

    /// Its heading.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Player => "player",
            Self::Rule => "rule",
            Self::Longest => "longest",
            Self::OverBy => "over by",
            Self::Average => "average",
            Self::Sessions => "sessions",
            Self::Events => "events",
            Self::Session => "longest session ran",
            Self::SessionEvents => "events in it",
        }
    }

    /// What it means.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Player => "The player's id",
            Self::Rule => "The limits that the player exceeds",
            Self::Longest => "Duration of the longest session",
            Self::OverBy => "How far the longest session, or else the average, is above its limit",
            Self::Average => "Mean duration of the sessions; the rule compares it unrounded",
            Self::Sessions => "Sessions of the player",
            Self::Events => "Events of the player",
            Self::Session => "First and last event of the longest session, the first of several equally long",
            Self::SessionEvents => "Events of the longest session",
        }
    }

    /// The least width of its cells, pixels.
    #[must_use]
    pub const fn width_px(self) -> u32 {
        match self {
            Self::Player => 170,
            Self::Rule => 140,
            Self::Session => 270,
            Self::Longest | Self::OverBy | Self::Average => 110,
            Self::Sessions | Self::Events | Self::SessionEvents => 90,
        }
    }

    /// Whether the limits decide its values.
    const fn depends_on_limits(self) -> bool {
        matches!(self, Self::Rule | Self::OverBy)
    }

    fn compare(self, table: &PlayerTable, a: usize, b: usize) -> Ordering {
        match self {
            Self::Player | Self::Rule | Self::OverBy => a.cmp(&b),
            Self::Longest => table.duration_max_minutes[a].cmp(&table.duration_max_minutes[b]),
            Self::Average => table.avg_session_minutes(a).total_cmp(&table.avg_session_minutes(b)),
            Self::Sessions => table.sessions[a].cmp(&table.sessions[b]),
            Self::Events => table.events[a].cmp(&table.events[b]),
            Self::Session => table.longest_start_us[a].cmp(&table.longest_start_us[b]),
            Self::SessionEvents => table.longest_events[a].cmp(&table.longest_events[b]),
        }
    }
}

/// How the table is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// By which column.
    pub column: Column,
    /// Greatest first.
    pub is_descending: bool,
}

impl Default for Order {
    fn default() -> Self {
        Self { column: Column::Longest, is_descending: true }
    }
}

impl Order {
    /// The order after a press on a column's heading: turned round, or by that column with the greatest first.
    #[must_use]
    pub fn pressed(self, column: Column) -> Self {
        let turned = column == self.column && self.is_descending;
        let is_id = column == Column::Player && column != self.column;
        Self { column, is_descending: !turned && !is_id }
    }

    const fn directed(self, ordering: Ordering) -> Ordering {
        if self.is_descending { ordering.reverse() } else { ordering }
    }
}

/// All players in this order, as far as the limits have no say in it. Moving a limit then only filters.
#[must_use]
pub fn standing_order(report: &Report, order: Order) -> Vec<u32> {
    let table = &report.players;
    let mut players: Vec<u32> = (0..).take(table.len()).collect();
    if !order.column.depends_on_limits() {
        players.sort_by(|&a, &b| order.directed(order.column.compare(table, a as usize, b as usize)));
    }
    players
}

/// The players that `params` flag, in `order`, as places in the table of players. `standing` is the
/// [`standing_order`] of the same report.
#[must_use]
pub fn flagged(table: &PlayerTable, params: &Params, order: Order, standing: &[u32]) -> Vec<u32> {
    let keyed = standing.iter().filter_map(|&index| {
        let verdict = ((index as usize) < table.len()).then(|| table.verdict(index as usize, params))?;
        verdict.is_bot().then_some((index, verdict))
    });
    if !order.column.depends_on_limits() {
        return keyed.map(|(index, _)| index).collect();
    }
    let key = |index: u32, verdict: Verdict| match order.column {
        Column::Rule => {
            f64::from(u8::from(verdict.long_session)) + 2.0 * f64::from(u8::from(verdict.avg_session))
        }
        _ => over_by_minutes(table, index as usize, verdict, params),
    };
    let mut players: Vec<(f64, u32)> = keyed.map(|(index, verdict)| (key(index, verdict), index)).collect();
    players.sort_by(|a, b| order.directed(a.0.total_cmp(&b.0)));
    players.into_iter().map(|(_, index)| index).collect()
}

/// A flagged player, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlaggedRow {
    /// The player.
    pub player_id: i64,
    /// The cells, one for each of [`Column::ALL`].
    pub cells: [String; 9],
}

/// The row of a player. `None` past the end of the table.
#[must_use]
pub fn flagged_row(table: &PlayerTable, params: &Params, index: usize) -> Option<FlaggedRow> {
    let player = table.row(index)?;
    let verdict = table.verdict(index, params);
    let cells = Column::ALL.map(|column| match column {
        Column::Player => player.player_id.to_string(),
        Column::Rule => rule(verdict).to_owned(),
        Column::Longest => format::minutes(player.duration_max_minutes),
        Column::OverBy => format!("+{}", duration(over_by_minutes(table, index, verdict, params))),
        Column::Average => duration(table.avg_session_minutes(index)),
        Column::Sessions => format::count(player.sessions),
        Column::Events => format::count(player.events),
        Column::Session => {
            format!("{} → {}", time::minute(player.longest_start_us), time::minute(player.longest_end_us))
        }
        Column::SessionEvents => format::count(player.longest_events),
    });
    Some(FlaggedRow { player_id: player.player_id, cells })
}

/// The table as CSV: the flagged players as `players` lists them, durations in minutes, averages to two decimals.
#[must_use]
pub fn flagged_csv(table: &PlayerTable, params: &Params, players: &[u32]) -> Vec<u8> {
    const HEAD: [&str; 10] = [
        "player_id",
        "rule",
        "max_session_duration_minutes",
        "over_by_minutes",
        "avg_session_duration_minutes",
        "total_sessions",
        "total_events",
        "longest_session_start",
        "longest_session_end",
        "longest_session_events",
    ];
    let rows = players.iter().filter_map(|&index| {
        let index = index as usize;
        let player = table.row(index)?;
        let verdict = table.verdict(index, params);
        Some([
            Field::Plain(player.player_id.to_string()),
            Field::Text(rule(verdict)),
            Field::Plain(player.duration_max_minutes.to_string()),
            Field::Plain(round2(over_by_minutes(table, index, verdict, params)).to_string()),
            Field::Plain(round2(table.avg_session_minutes(index)).to_string()),
            Field::Plain(player.sessions.to_string()),
            Field::Plain(player.events.to_string()),
            Field::Plain(time::iso(player.longest_start_us)),
            Field::Plain(time::iso(player.longest_end_us)),
            Field::Plain(player.longest_events.to_string()),
        ])
    });
    csv::write(&HEAD, rows)
}

const fn rule(verdict: Verdict) -> &'static str {
    match (verdict.long_session, verdict.avg_session) {
        (true, true) => "longest + average",
        (true, false) => "longest",
        (false, true) => "average",
        (false, false) => "none",
    }
}

/// How far the longest session is above its limit, or else the average.
fn over_by_minutes(table: &PlayerTable, index: usize, verdict: Verdict, params: &Params) -> f64 {
    if verdict.long_session {
        table.duration_max_minutes[index].saturating_sub(Limit::Longest.of(params)) as f64
    } else {
        table.avg_session_minutes(index) - Limit::Average.of(params) as f64
    }
}

/// A duration with a fraction: to the minute, and to the hundredth where a whole minute would hide it.
fn duration(minutes: f64) -> String {
    if minutes < 1.0 && minutes > 0.0 {
        return format!("{:.2} min", round2(minutes).max(0.01));
    }
    format::minutes(minutes.round() as i64)
}
