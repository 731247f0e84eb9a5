//! The table of all players: filters, order, rows.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use wow_charts::format;
use wow_engine::Params;
pub use wow_engine::pipeline::NO_GUILD;
use wow_engine::pipeline::Report;
use wow_engine::schema::NumberKind;

use super::columns::{self, COLUMNS, Column, Source};
use super::filter::BotChoice;
use super::marks::Marked;
use super::order;

/// The columns and the filters of the table, as the URL holds them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Selection {
    /// The digits that an id starts with.
    pub search: String,
    /// Only players whose highest level is at least this.
    pub level_from: Option<i64>,
    /// Only players whose highest level is at most this.
    pub level_to: Option<i64>,
    /// Only this guild, or `none` for players without one; empty for all.
    pub guild: String,
    /// Only players that have churned, or have not.
    pub churned: Option<bool>,
    /// Only players that are marked so; holds for the table of flagged players, too.
    pub marked: Option<Marked>,
    /// The order; by id when absent.
    pub order: Option<Order>,
    /// The columns shown; the usual ones when empty.
    pub columns: Vec<&'static Column>,
}

/// What the rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Order {
    /// The column.
    pub column: &'static Column,
    /// Largest first.
    pub is_descending: bool,
}

impl Selection {
    /// Takes a pair of the URL; what it does not know is left out.
    pub fn take(&mut self, key: &str, value: &str) {
        match key {
            "q" => value.clone_into(&mut self.search),
            "level_from" => self.level_from = value.parse().ok(),
            "level_to" => self.level_to = value.parse().ok(),
            "guild" => value.clone_into(&mut self.guild),
            "churned" => self.churned = answer(value),
            "marked" => self.marked = Marked::named(value),
            "sort" => self.order = order(value),
            "columns" => {
                let chosen: Vec<&str> = value.split(',').collect();
                let is_chosen = |column: &&'static Column| chosen.contains(&column.name);
                self.choose_columns(COLUMNS.iter().filter(is_chosen).collect());
            }
            _ => {}
        }
    }

    /// The pairs that differ from the default.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let flag = |answer: Option<bool>| answer.map(|yes| if yes { "yes" } else { "no" }.to_owned());
        let order = self.order.map(|order| order::written(order.column.name, order.is_descending));
        let pairs = [
            ("q", text(&self.search)),
            ("level_from", self.level_from.map(|level| level.to_string())),
            ("level_to", self.level_to.map(|level| level.to_string())),
            ("guild", text(&self.guild)),
            ("churned", flag(self.churned)),
            ("marked", self.marked.map(|marked| marked.key().to_owned())),
            ("sort", order),
            ("columns", text(&self.written_columns())),
        ];
        pairs.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }

    /// The pairs that decide which players are shown.
    #[must_use]
    pub fn filter_pairs(&self) -> Vec<(&'static str, String)> {
        self.filters().pairs()
    }

    /// The names of the columns, as [`Self::take`] reads them; nothing for the usual ones.
    #[must_use]
    pub fn written_columns(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        names.join(",")
    }

    /// The columns to show; the id is always among them.
    #[must_use]
    pub fn shown_columns(&self) -> Vec<&'static Column> {
        match self.columns.as_slice() {
            [] => COLUMNS.iter().filter(|column| column.is_usual).collect(),
            chosen => chosen.to_vec(),
        }
    }

    /// Shows or hides a column. The id stays.
    pub fn toggle(&mut self, column: &'static Column) {
        let shown = self.shown_columns();
        let stays = |other: &&'static Column| shown.contains(other) != (*other == column);
        self.choose_columns(COLUMNS.iter().filter(stays).collect());
    }

    fn choose_columns(&mut self, mut columns: Vec<&'static Column>) {
        let id = &COLUMNS[0];
        if columns.is_empty() {
            return self.columns.clear();
        }
        if !columns.contains(&id) {
            columns.insert(0, id);
        }
        let is_usual = columns.iter().copied().eq(COLUMNS.iter().filter(|column| column.is_usual));
        self.columns = if is_usual { Vec::new() } else { columns };
    }

    /// How a column is sorted: `Some(true)` for largest first, `None` when another one decides.
    #[must_use]
    pub fn direction(&self, column: &Column) -> Option<bool> {
        let order = self.order.unwrap_or(Order { column: &COLUMNS[0], is_descending: false });
        (order.column == column).then_some(order.is_descending)
    }

    /// What the rows are sorted by, and which end is first.
    #[must_use]
    pub fn order_in_words(&self) -> String {
        let Order { column, is_descending } =
            self.order.unwrap_or(Order { column: &COLUMNS[0], is_descending: false });
        order::in_words(column.label, column.ends(), is_descending)
    }

    /// Sorts by a column; numbers start with the largest, and a second time turns the order round.
    pub fn sort_by(&mut self, name: &str) {
        let Some(column) = columns::find(name) else { return };
        let is_id = *column == COLUMNS[0];
        let is_descending = match self.direction(column) {
            Some(is_descending) => !is_descending,
            None => column.is_number() && !is_id,
        };
        self.order = (!is_id || is_descending).then_some(Order { column, is_descending });
    }

    /// Takes all filters away; order and columns stay.
    pub fn clear_filters(&mut self) {
        *self = Self { order: self.order, columns: std::mem::take(&mut self.columns), ..Self::default() };
    }

    /// The filters alone.
    #[must_use]
    pub fn filters(&self) -> Self {
        Self { order: None, columns: Vec::new(), ..self.clone() }
    }

    /// Whether any filter is set.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.filters() != Self::default()
    }
}

fn answer(value: &str) -> Option<bool> {
    match value {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn order(value: &str) -> Option<Order> {
    let (name, is_descending) = order::read(value);
    let column = columns::find(name)?;
    (*column != COLUMNS[0] || is_descending).then_some(Order { column, is_descending })
}

/// The players that the table shows, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// Their places in the report.
    pub players: Vec<u32>,
    /// Their events together.
    pub events: u64,
}

impl Rows {
    /// How many are shown, of how many, with how many events, and in which order.
    #[must_use]
    pub fn say(&self, report: &Report, selection: &Selection) -> String {
        let (shown, all) = (self.players.len() as u64, report.players.len() as u64);
        let players = if shown == all {
            format!("{} players", format::count(all))
        } else {
            format!("{} of {} players", format::count(shown), format::count(all))
        };
        let events = format::counted(self.events, "event");
        format!("{players} with {events}, sorted by {}", selection.order_in_words())
    }
}

/// Filters and sorts the players, those that `bots` leaves.
#[must_use]
pub fn rows(report: &Report, params: &Params, bots: BotChoice, selection: &Selection) -> Rows {
    sorted(report, params, selection.order, found(report, params, bots, selection))
}

/// The players that `bots` and the filters leave, in order of id.
#[must_use]
pub fn found(report: &Report, params: &Params, bots: BotChoice, selection: &Selection) -> Rows {
    let filter = Filter::new(report, params, bots, selection);
    let found = starting_with(&report.players.player_id, &selection.search).into_iter().flatten();
    let players =
        found.filter(|&player| filter.passes(player)).map_while(|player| u32::try_from(player).ok());
    let players: Vec<u32> = players.collect();
    // In the order of the table, in which neighbours lie side by side.
    let events = players.iter().map(|&player| report.players.events[player as usize]).sum();
    Rows { players, events }
}

/// The same players in another order than by id.
#[must_use]
pub fn sorted(report: &Report, params: &Params, order: Option<Order>, mut rows: Rows) -> Rows {
    if let Some(order) = order {
        order.column.sort(Source { report, params }, order.is_descending, &mut rows.players);
    }
    rows
}

/// The places of the ids, which are in order, that are written with these characters at their beginning.
fn starting_with(ids: &[i64], search: &str) -> Vec<Range<usize>> {
    let search = search.trim();
    let (sign, digits) = search.strip_prefix('-').map_or((1, search), |digits| (-1, digits));
    let within = |from: i128, to: i128| {
        ids.partition_point(|&id| i128::from(id) < from)..ids.partition_point(|&id| i128::from(id) <= to)
    };
    let (least, most) = (i128::from(i64::MIN), i128::from(i64::MAX));
    match (digits, digits.bytes().all(|digit| digit.is_ascii_digit()), digits.parse::<i128>()) {
        ("", ..) if sign < 0 => vec![within(least, -1)],
        ("", ..) => vec![within(least, most)],
        ("0", ..) if sign > 0 => vec![within(0, 0)],
        // No id has more digits than the least has, nor one that is written with a zero before others.
        (_, true, Ok(first)) if !digits.starts_with('0') && first <= -least => {
            let powers = std::iter::successors(Some(1), |power| Some(power * 10));
            let ranges = powers.map(|power| (first * power, (first + 1) * power - 1));
            let ranges = ranges.take_while(|(from, _)| *from <= -least);
            let mut places: Vec<_> = ranges
                .map(
                    |(from, to)| {
                        if sign < 0 { within((-to).max(least), -from) } else { within(from, to.min(most)) }
                    },
                )
                .collect();
            places.sort_unstable_by_key(|places| places.start);
            places
        }
        _ => Vec::new(),
    }
}

/// A selection's filters, but for the search, ready to be asked of every player.
struct Filter<'a> {
    report: &'a Report,
    params: &'a Params,
    bots: BotChoice,
    selection: &'a Selection,
    guild: Option<Option<i64>>,
}

impl<'a> Filter<'a> {
    fn new(report: &'a Report, params: &'a Params, bots: BotChoice, selection: &'a Selection) -> Self {
        let guild = selection.guild.trim();
        Self {
            report,
            params,
            bots,
            selection,
            guild: (!guild.is_empty()).then(|| columns::guild_key(report, guild)),
        }
    }

    fn passes(&self, index: usize) -> bool {
        let (players, selection) = (&self.report.players, self.selection);
        let level = (players.level_count[index] > 0).then(|| players.level_max[index]);
        selection.level_from.is_none_or(|from| level.is_some_and(|level| level >= from))
            && selection.level_to.is_none_or(|to| level.is_some_and(|level| level <= to))
            && self.guild.is_none_or(|key| self.is_of_guild(index, key))
            && selection.churned.is_none_or(|churned| churned == self.report.churned(index, self.params))
            && (self.bots == BotChoice::In
                || self.bots.shows(self.report.verdict(index, self.params).is_bot()))
    }

    fn is_of_guild(&self, index: usize, key: Option<i64>) -> bool {
        if self.selection.guild.trim().eq_ignore_ascii_case(NO_GUILD) {
            return !columns::has_guild(self.report, index);
        }
        self.report.players.has_guild[index] && key == Some(self.report.players.guild[index])
    }
}

/// Why a text is no guild of the log's kind, and what is; nothing where it is one, or empty.
#[must_use]
pub fn why_no_guild(report: &Report, text: &str) -> Option<&'static str> {
    let text = text.trim();
    let is_one =
        text.is_empty() || text.eq_ignore_ascii_case(NO_GUILD) || columns::guild_key(report, text).is_some();
    (!is_one).then_some(match report.guild_kind {
        NumberKind::Integer => "Guilds are whole numbers, or none.",
        NumberKind::Float => "Guilds are numbers, or none.",
    })
}

/// Why no player is shown.
#[must_use]
pub fn why_empty(report: Option<&Report>, selection: &Selection) -> String {
    let digits = selection.search.trim().trim_start_matches('-');
    match report {
        None => "The first players appear when a part has been read.".to_owned(),
        Some(report) if report.players.is_empty() => {
            "The log has no events, so there are no players.".to_owned()
        }
        Some(_) if !digits.chars().all(|digit| digit.is_ascii_digit()) => {
            "Player ids are whole numbers: write only digits.".to_owned()
        }
        Some(report) => match why_no_guild(report, &selection.guild) {
            Some(why) => why.to_owned(),
            None => "No player matches all filters; take one away.".to_owned(),
        },
    }
}

/// The player whose id the search names in full.
#[must_use]
pub fn exact(report: &Report, search: &str) -> Option<i64> {
    let id = search.trim().parse().ok()?;
    report.players.find(id).map(|_| id)
}

/// What a table can be taken along as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// For spreadsheets.
    Csv,
    /// For DuckDB and the like, with the types of SQL.
    Parquet,
}

impl Format {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Csv, Self::Parquet];

    /// Its name for a reader.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Parquet => "Parquet",
        }
    }

    /// What a file's name ends with.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }

    /// What a browser calls it.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv;charset=utf-8",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

#[cfg(test)]
#[path = "tests/players.rs"]
mod tests;
