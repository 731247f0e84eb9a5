//! The table of flagged players.

use std::ops::Range;

use wow_charts::format;
use wow_engine::Params;
use wow_engine::pipeline::{PlayerTable, Verdict, round2};
use wow_engine::schema::float_to_key;

use super::limit::Limit;
use crate::csv::{self, Field};
use crate::filter::BotChoice;
use crate::marks::Marks;
use crate::order::{self, by_key, count_key};
use crate::time;

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
            Self::OverBy => "How far the longest session, the average or both are above their limits",
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
            Self::Rule => 160,
            Self::Session => 290,
            Self::OverBy => 200,
            Self::Longest | Self::Average => 110,
            Self::Sessions | Self::Events | Self::SessionEvents => 90,
        }
    }

    /// Whether the limits decide its values.
    const fn depends_on_limits(self) -> bool {
        matches!(self, Self::Rule | Self::OverBy)
    }

    /// A whole number that orders as the column does, as far as the limits have no say in it.
    fn rank(self, table: &PlayerTable, index: usize) -> i64 {
        match self {
            Self::Player | Self::Rule | Self::OverBy => count_key(index as u64),
            Self::Longest => table.duration_max_minutes[index].get(),
            Self::Average => float_to_key(table.avg_session_minutes(index)),
            Self::Sessions => count_key(table.sessions[index]),
            Self::Events => count_key(table.events[index]),
            Self::Session => table.longest_start_us[index].get(),
            Self::SessionEvents => count_key(table.longest_events[index]),
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
    /// The order that the URL asks for; the default where it cannot be understood.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        let (name, is_descending) = order::read(key);
        let column = Column::ALL.into_iter().find(|column| column.key() == name);
        column.map_or_else(Self::default, |column| Self { column, is_descending })
    }

    /// As the URL writes it: a column, after a minus where the greatest is first.
    #[must_use]
    pub fn key(self) -> String {
        order::written(self.column.key(), self.is_descending)
    }

    /// The order after a press on a column's heading: turned round, or by that column with the greatest first.
    #[must_use]
    pub fn pressed(self, column: Column) -> Self {
        let turned = column == self.column && self.is_descending;
        let is_id = column == Column::Player && column != self.column;
        Self { column, is_descending: !turned && !is_id }
    }
}

/// All players in an order, as far as the limits have no say in it. Moving a limit then only leaves other ones out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    order: Order,
    /// Places in the table of players.
    players: Vec<u32>,
}

impl Line {
    /// Lines the players up.
    #[must_use]
    pub fn new(table: &PlayerTable, order: Order) -> Self {
        let keyed = (0..).take(table.len()).map(|player| (order.column.rank(table, player as usize), player));
        let is_descending = order.is_descending && !order.column.depends_on_limits();
        Self { order, players: by_key(keyed.collect(), is_descending) }
    }

    /// The flagged players where `bots` shows any, as [`Self::flagged`].
    #[must_use]
    pub fn shown(&self, table: &PlayerTable, params: &Params, bots: BotChoice) -> Vec<u32> {
        if bots == BotChoice::Out { Vec::new() } else { self.flagged(table, params) }
    }

    /// The players that `params` flag, in the line's order, as places in the table of players it was made of.
    #[must_use]
    pub fn flagged(&self, table: &PlayerTable, params: &Params) -> Vec<u32> {
        if !self.order.column.depends_on_limits() {
            return self.in_line(table, params).map(|(player, _)| player).collect();
        }
        let key = |player: u32, verdict: Verdict| match self.order.column {
            Column::Rule => i64::from(verdict.long_session) + 2 * i64::from(verdict.avg_session),
            _ => {
                let over = over_by_minutes(table, player as usize, verdict, params);
                float_to_key(over.into_iter().flatten().next().unwrap_or_default())
            }
        };
        let keyed = self.in_line(table, params).map(|(player, verdict)| (key(player, verdict), player));
        by_key(keyed.collect(), self.order.is_descending)
    }

    /// Some of [`Self::flagged`], by their places in it. The line is looked through only as far as that.
    #[must_use]
    pub fn flagged_at(&self, table: &PlayerTable, params: &Params, places: Range<usize>) -> Vec<u32> {
        if self.order.column.depends_on_limits() {
            let flagged = self.flagged(table, params);
            return flagged.into_iter().skip(places.start).take(places.len()).collect();
        }
        self.in_line(table, params).map(|(player, _)| player).skip(places.start).take(places.len()).collect()
    }

    /// The flagged players as they stand in line.
    fn in_line(&self, table: &PlayerTable, params: &Params) -> impl Iterator<Item = (u32, Verdict)> {
        let verdicts = self.players.iter().map(|&player| (player, table.verdict(player as usize, params)));
        verdicts.filter(|(_, verdict)| verdict.is_bot())
    }
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
        Column::Longest => format::minutes(player.duration_max_minutes.get()),
        Column::OverBy => {
            let over = over_by_minutes(table, index, verdict, params).into_iter().flatten();
            over.map(|minutes| format!("+{}", duration(minutes))).collect::<Vec<_>>().join(", ")
        }
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

/// The table as CSV: the flagged players as `players` lists them, durations in minutes, averages to two decimals, and what they
/// are marked as where any player is.
#[must_use]
pub fn flagged_csv(table: &PlayerTable, params: &Params, players: &[u32], marks: &Marks) -> Vec<u8> {
    const HEAD: [&str; 11] = [
        "player_id",
        "rule",
        "max_session_duration_minutes",
        "max_over_by_minutes",
        "avg_session_duration_minutes",
        "avg_over_by_minutes",
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
        let over = over_by_minutes(table, index, verdict, params);
        let [max_over, avg_over] =
            over.map(|over| over.map_or(Field::Empty, |minutes| Field::Plain(round2(minutes).to_string())));
        let fields = [
            Field::Plain(player.player_id.to_string()),
            Field::Text(rule(verdict)),
            Field::Plain(player.duration_max_minutes.to_string()),
            max_over,
            Field::Plain(round2(table.avg_session_minutes(index)).to_string()),
            avg_over,
            Field::Plain(player.sessions.to_string()),
            Field::Plain(player.events.to_string()),
            Field::Plain(time::iso(player.longest_start_us)),
            Field::Plain(time::iso(player.longest_end_us)),
            Field::Plain(player.longest_events.to_string()),
        ];
        Some(fields.into_iter().chain(marks.fields(player.player_id)))
    });
    csv::write(&HEAD.into_iter().chain(marks.columns()).collect::<Vec<_>>(), rows)
}

/// The rules that a verdict names.
pub(crate) const fn rule(verdict: Verdict) -> &'static str {
    match (verdict.long_session, verdict.avg_session) {
        (true, true) => "longest + average",
        (true, false) => "longest",
        (false, true) => "average",
        (false, false) => "none",
    }
}

/// How far the longest session and the average are above their limits, where they are.
fn over_by_minutes(table: &PlayerTable, index: usize, verdict: Verdict, params: &Params) -> [Option<f64>; 2] {
    let longest = || (table.duration_max_minutes[index].get() - Limit::Longest.of(params).get()) as f64;
    let average = || table.avg_session_minutes(index) - Limit::Average.of(params).get() as f64;
    [verdict.long_session.then(longest), verdict.avg_session.then(average)]
}

/// A duration with a fraction: to the minute, and to the hundredth where a whole minute would hide it.
fn duration(minutes: f64) -> String {
    if minutes < 1.0 && minutes > 0.0 {
        return format!("{} min", format::fixed(minutes.max(0.01), 2));
    }
    format::minutes(minutes.round() as i64)
}
