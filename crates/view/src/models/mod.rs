//! The models: what each is, what it is made from, and its SQL. All texts are those of the dbt project.

mod text;

#[cfg(test)]
mod tests;

use wow_charts::format;
use wow_engine::manifest::Rejected;
use wow_engine::pipeline::Totals;

use super::Table;
use super::filter::BotChoice;
use super::sheet::PlayerModel;

pub use text::{Piece, PieceKind, pieces};

/// The source, or a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Model {
    /// Its name in SQL.
    pub name: &'static str,
    /// What its rows are.
    pub description: &'static str,
    /// Table or view; `None` for the source.
    pub made_as: Option<&'static str>,
    /// What it is made from, by name.
    pub parents: &'static [&'static str],
    /// The reference SQL, as dbt reads it; `None` for the source.
    pub sql: Option<&'static str>,
    /// Its columns, in their order.
    pub columns: &'static [Column],
    /// The tests that are queries over it.
    pub queries: &'static [Query],
}

/// A column of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in SQL.
    pub name: &'static str,
    /// Its type in SQL, where it is always the same.
    pub data_type: Option<&'static str>,
    /// What it means.
    pub description: &'static str,
    /// What it is tested for: `not null`, `unique`.
    pub tests: &'static [&'static str],
}

/// A data test that is a query of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query {
    /// Its name in dbt.
    pub name: &'static str,
    /// What holds where it passes.
    pub says: &'static str,
}

/// A query that people ask of the models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Analysis {
    /// Its name in dbt.
    pub name: &'static str,
    /// What it tells.
    pub says: &'static str,
    /// Its SQL, with the models' names as they are in a database.
    pub sql: &'static str,
}

impl Analysis {
    /// Its file in the project.
    #[must_use]
    pub fn file(&self) -> String {
        format!("wow_analytics/analyses/{}.sql", self.name)
    }
}

include!(concat!(env!("OUT_DIR"), "/models.rs"));

impl Model {
    /// What it is made as, in a word.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.made_as.unwrap_or("source")
    }

    /// The file of its SQL in the project.
    #[must_use]
    pub fn file(&self) -> String {
        format!("wow_analytics/models/staging/{}.sql", self.name)
    }

    /// How many rows it has; `totals` are those of the log under the parameters in force, `rejected` the rows of the
    /// source without player or time. `None` for a model that the engine does not know.
    #[must_use]
    pub fn rows(&self, totals: &Totals, rejected: Rejected) -> Option<u64> {
        match self.name {
            "wowlogs" => Some(totals.events.saturating_add(rejected.total())),
            "stg_wowlogs_with_sessions" => Some(totals.events),
            "player_session_stats" => Some(totals.players),
            "stg_wowlogs_no_bots" => Some(totals.kept_events()),
            "stg_players" => Some(totals.kept_players()),
            _ => None,
        }
    }
}

/// What the query `share_of_likely_bots` gives.
#[must_use]
pub fn share_of_likely_bots(totals: &Totals) -> Table {
    let groups = [(0, totals.kept_players(), totals.kept_events()), (1, totals.bots, totals.bot_events)];
    let row = |(is_likely_bot, players, events): (u8, u64, u64)| {
        let percent = events as f64 * 100.0 / totals.events as f64;
        vec![
            is_likely_bot.to_string(),
            format::count(players),
            format::count(events),
            format::fixed(percent, 1),
        ]
    };
    Table {
        head: ["is_likely_bot", "players", "events", "percent"].map(str::to_owned).into(),
        rows: groups.into_iter().filter(|&(_, players, _)| players > 0).map(row).collect(),
    }
}

/// What a model's rows are, where they can be taken along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelRows {
    /// A row per event.
    Events {
        /// Without those of flagged players.
        is_without_bots: bool,
    },
    /// A row per player.
    Players(PlayerModel),
}

impl ModelRows {
    /// Those of the model of that name; nothing of the source.
    #[must_use]
    pub fn of(model: &str) -> Option<Self> {
        match model {
            "stg_wowlogs_with_sessions" => Some(Self::Events { is_without_bots: false }),
            "stg_wowlogs_no_bots" => Some(Self::Events { is_without_bots: true }),
            _ => PlayerModel::ALL.into_iter().find(|of| of.name() == model).map(Self::Players),
        }
    }
}

/// What the lineage shows.
#[must_use]
pub fn lineage_say(is_filtered: bool, bots: BotChoice) -> String {
    let rows = if is_filtered { " Rows are those that match the filter." } else { "" };
    format!(
        "Each model is made from those that an arrow leads from. DuckDB runs their SQL, and the engine of this page \
         gives the same rows.{rows}{}",
        bots.both_counted()
    )
}

/// A count of rows as the page writes it.
#[must_use]
pub fn written_rows(rows: Option<u64>) -> String {
    rows.map_or_else(|| "–".to_owned(), |rows| format::counted(rows, "row"))
}

/// An edge of the lineage that passes by models on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The place of the model it leads from, from 0.
    pub from: usize,
    /// The place of the model it leads to.
    pub to: usize,
}

impl Edge {
    /// How many models it spans, both ends included.
    #[must_use]
    pub const fn span(self) -> usize {
        self.to - self.from + 1
    }
}

/// The edges of the lineage that do not lead from a model to the next, the widest first.
#[must_use]
pub fn long_edges() -> Vec<Edge> {
    let place = |name: &str| MODELS.iter().position(|model| model.name == name);
    let ends = MODELS.iter().enumerate().flat_map(|(to, model)| {
        model.parents.iter().filter_map(move |parent| Some(Edge { from: place(parent)?, to }))
    });
    let mut edges: Vec<Edge> = ends.filter(|edge| edge.from + 1 < edge.to).collect();
    edges.sort_by_key(|edge| std::cmp::Reverse(edge.span()));
    edges
}
