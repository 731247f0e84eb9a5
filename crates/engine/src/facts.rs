//! The columns of the table in which snapshots keep what may change of players.

use crate::write::ColumnType;

/// Its name in the database.
pub const TABLE: &str = "player_facts";

/// Its columns as an export has them, in their order. Guilds are [`ColumnType::Double`] where the log has them so.
pub const COLUMNS: [(&str, ColumnType); 9] = [
    ("player_id", ColumnType::Whole),
    ("class", ColumnType::Text),
    ("race", ColumnType::Text),
    ("guild", ColumnType::Whole),
    ("max_level", ColumnType::Whole),
    ("is_likely_bot", ColumnType::Flag),
    ("churned", ColumnType::Flag),
    ("dbt_valid_from", ColumnType::Time),
    ("dbt_valid_to", ColumnType::Time),
];
