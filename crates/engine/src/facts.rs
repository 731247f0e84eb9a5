//! What snapshots keep of players: the columns of the table, and what it says of one.

use serde::{Deserialize, Serialize};

use crate::schema::NumberKind;
use crate::time::Micros;
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

/// What held of a player from one snapshot until another saw something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerFacts {
    /// Its class.
    pub class: Option<String>,
    /// Its race.
    pub race: Option<String>,
    /// Its guild; the key of a double where guild numbers are doubles.
    pub guild: Option<i64>,
    /// How guild numbers are stored.
    pub guild_kind: NumberKind,
    /// The highest level seen.
    pub max_level: Option<i64>,
    /// Whether a bot rule flagged it.
    pub is_likely_bot: bool,
    /// Whether it had churned.
    pub churned: bool,
    /// The snapshot that first saw this, in UTC.
    pub valid_from_us: Micros,
    /// The snapshot that first saw something else, in UTC; none yet where this still held at the last one.
    pub valid_to_us: Option<Micros>,
}
