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
    /// How far the longest session is above its limit.
    LongestOver,
    /// Minutes of the average session.
    Average,
    /// How far the average session is above its limit.
    AverageOver,
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
    pub const ALL: [Self; 10] = [
        Self::Player,
        Self::Rule,
        Self::Longest,
        Self::LongestOver,
        Self::Average,
        Self::AverageOver,
        Self::Sessions,
        Self::Events,
        Self::Session,
        Self::SessionEvents,
    ];
    /// Those of [`Self::ALL`] that say why a player is flagged: all that a phone has room for.
    pub const WHY: [Self; 6] =
        [Self::Player, Self::Rule, Self::Longest, Self::LongestOver, Self::Average, Self::AverageOver];

    /// Its name in the page's markup and in the URL.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Player => "player",
            Self::Rule => "rule",
            Self::Longest => "longest",
            Self::LongestOver => "over_by",
            Self::Average => "average",
            Self::AverageOver => "average_over_by",
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
            Self::LongestOver => "longest over by",
            Self::Average => "average",
            Self::AverageOver => "average over by",
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
            Self::LongestOver => "How far the longest session is above its limit",
            Self::Average => "Mean duration of the sessions; the rule compares it unrounded",
            Self::AverageOver => "How far the average session is above its limit",
            Self::Sessions => "Sessions of the player",
            Self::Events => "Events of the player",
            Self::Session => "First and last event of the longest session, the first of several equally long",
            Self::SessionEvents => "Events of the longest session",
        }
    }

    /// The least width of its cells, pixels; that of ids follows from the players.
    #[must_use]
    pub const fn width_px(self) -> u32 {
        match self {
            Self::Player => 0,
            Self::Rule => 138,
            Self::Session => 282,
            Self::LongestOver | Self::AverageOver => 132,
            Self::Longest | Self::Average | Self::SessionEvents => 100,
            Self::Sessions | Self::Events => 90,
        }
    }

    /// The limit that it tells the margin over.
    #[must_use]
    pub const fn margin_over(self) -> Option<Limit> {
        match self {
            Self::LongestOver => Some(Limit::Longest),
            Self::AverageOver => Some(Limit::Average),
            _ => None,
        }
    }

    /// Whether the limits decide its values.
    const fn depends_on_limits(self) -> bool {
        matches!(self, Self::Rule | Self::LongestOver | Self::AverageOver)
    }

    /// A whole number that orders as the column does, as far as the limits have no say in it.
    fn rank(self, table: &PlayerTable, index: usize) -> i64 {
        match self {
            Self::Player | Self::Rule | Self::LongestOver | Self::AverageOver => count_key(index as u64),
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

    /// In words: `events, greatest first`.
    #[must_use]
    pub fn in_words(self) -> String {
        let ends = if self.column == Column::Session { order::TIMES } else { order::NUMBERS };
        order::in_words(self.column.label(), ends, self.is_descending)
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

    /// The players that `params` flag, in the line's order, as places in the table of players it was made of. Those that the
    /// column says nothing of come last, whichever way it is sorted.
    #[must_use]
    pub fn flagged(&self, table: &PlayerTable, params: &Params) -> Vec<u32> {
        if !self.order.column.depends_on_limits() {
            return self.in_line(table, params).map(|(player, _)| player).collect();
        }
        let key = |player: u32, verdict: Verdict| match self.order.column.margin_over() {
            Some(limit) => over_by_minutes(table, player as usize, verdict, params, limit).map(float_to_key),
            None => Some(i64::from(verdict.long_session) + 2 * i64::from(verdict.avg_session)),
        };
        let (mut keyed, mut others) = (Vec::new(), Vec::new());
        for (player, verdict) in self.in_line(table, params) {
            match key(player, verdict) {
                Some(key) => keyed.push((key, player)),
                None => others.push(player),
            }
        }
        let mut flagged = by_key(keyed, self.order.is_descending);
        flagged.append(&mut others);
        flagged
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

/// The greatest of all players: what margins are drawn against.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Greatest {
    longest_minutes: f64,
    average_minutes: f64,
}

impl Greatest {
    /// That of these players.
    #[must_use]
    pub fn new(table: &PlayerTable) -> Self {
        let longest = table.duration_max_minutes.iter().map(|minutes| minutes.get()).max();
        Self {
            longest_minutes: longest.unwrap_or_default() as f64,
            average_minutes: (0..table.len())
                .map(|index| table.avg_session_minutes(index))
                .fold(0.0, f64::max),
        }
    }

    /// A margin as percent of the greatest that any player has over that limit. No margin is invisible.
    fn percent(&self, limit: Limit, over_minutes: f64, params: &Params) -> u8 {
        let greatest = match limit {
            Limit::Longest => self.longest_minutes,
            Limit::Average => self.average_minutes,
        };
        let most = greatest - limit.of(params).get() as f64;
        (over_minutes / most * 100.0).clamp(1.0, 100.0) as u8
    }
}

/// A flagged player, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlaggedRow {
    /// The player.
    pub player_id: i64,
    /// The cells, one for each of [`Column::ALL`].
    pub cells: [String; Column::ALL.len()],
    /// The length of a bar in each cell, as percent of its width; 0 for none.
    pub bar_percents: [u8; Column::ALL.len()],
}

/// The row of a player among those of whom `greatest` is. `None` past the end of the table.
#[must_use]
pub fn flagged_row(
    table: &PlayerTable,
    greatest: &Greatest,
    params: &Params,
    index: usize,
) -> Option<FlaggedRow> {
    let player = table.row(index)?;
    let verdict = table.verdict(index, params);
    let over = |limit| over_by_minutes(table, index, verdict, params, limit);
    let over_text =
        |limit| over(limit).map_or("–".to_owned(), |minutes| format!("+{}", format::duration(minutes)));
    let cells = Column::ALL.map(|column| match column {
        Column::Player => player.player_id.to_string(),
        Column::Rule => rule(verdict).to_owned(),
        Column::Longest => format::minutes(player.duration_max_minutes.get()),
        Column::LongestOver => over_text(Limit::Longest),
        Column::Average => format::duration(table.avg_session_minutes(index)),
        Column::AverageOver => over_text(Limit::Average),
        Column::Sessions => format::count(player.sessions),
        Column::Events => format::count(player.events),
        Column::Session => {
            format!("{} → {}", time::minute(player.longest_start_us), time::minute(player.longest_end_us))
        }
        Column::SessionEvents => format::count(player.longest_events),
    });
    let bar_percents = Column::ALL.map(|column| {
        let margin = column.margin_over().and_then(|limit| Some((limit, over(limit)?)));
        margin.map_or(0, |(limit, over)| greatest.percent(limit, over, params))
    });
    Some(FlaggedRow { player_id: player.player_id, cells, bar_percents })
}

/// The columns of the table's files.
pub(super) const HEAD: [&str; 11] = [
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

/// The table as CSV: the flagged players as `players` lists them, durations in minutes, averages to two decimals, and what they
/// are marked as where any player is.
#[must_use]
pub fn flagged_csv(table: &PlayerTable, params: &Params, players: &[u32], marks: &Marks) -> Vec<u8> {
    let rows = players.iter().filter_map(|&index| {
        let index = index as usize;
        let player = table.row(index)?;
        let verdict = table.verdict(index, params);
        let [max_over, avg_over] = [Limit::Longest, Limit::Average].map(|limit| {
            let over = over_by_minutes(table, index, verdict, params, limit);
            over.map_or(Field::Empty, |minutes| Field::Plain(round2(minutes).to_string()))
        });
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

/// How far a player is above a limit, where that is so.
pub(super) fn over_by_minutes(
    table: &PlayerTable,
    index: usize,
    verdict: Verdict,
    params: &Params,
    limit: Limit,
) -> Option<f64> {
    let (is_over, minutes) = match limit {
        Limit::Longest => (verdict.long_session, table.duration_max_minutes[index].get() as f64),
        Limit::Average => (verdict.avg_session, table.avg_session_minutes(index)),
    };
    is_over.then(|| minutes - limit.of(params).get() as f64)
}
