//! The event table's contract: which columns a part has, in which order and types.

/// The source table's name.
pub const TABLE: &str = "wowlogs";

/// Who was seen.
pub const PLAYER_ID: &str = "player_id";
/// The guild's number; null or -1 for none.
pub const GUILD: &str = "guild";
/// The character's level.
pub const LEVEL: &str = "level";
/// The character's race.
pub const RACE: &str = "race";
/// The character's class.
pub const CLASS: &str = "class";
/// The zone. A reserved word in SQL.
pub const ZONE: &str = "where";
/// When the character was seen.
pub const DATETIME: &str = "datetime";

/// All columns in the order of the source table.
pub const COLUMNS: [&str; 7] = [PLAYER_ID, GUILD, LEVEL, RACE, CLASS, ZONE, DATETIME];

/// Names that other publications of the log use, and the column each one stands for.
pub const ALIASES: [(&str, &str); 4] =
    [("char", PLAYER_ID), ("charclass", CLASS), ("zone", ZONE), ("timestamp", DATETIME)];

/// How numbers are stored: those of guilds, which a log may have as either, and columns that are made of it. Both kinds are held
/// as an `i64` that orders as the number does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum NumberKind {
    /// Whole numbers, held as they are.
    Integer,
    /// Doubles, held by [`float_to_key`].
    Float,
}

/// Maps a double to an integer with the same order; every NaN maps to one key above all others, as in DuckDB.
#[must_use]
pub fn float_to_key(value: f64) -> i64 {
    let bits = if value.is_nan() { f64::NAN.abs() } else { value }.to_bits().cast_signed();
    bits ^ (((bits >> 63).cast_unsigned()) >> 1).cast_signed()
}

/// The inverse of [`float_to_key`].
#[must_use]
pub fn key_to_float(key: i64) -> f64 {
    f64::from_bits((key ^ (((key >> 63).cast_unsigned()) >> 1).cast_signed()).cast_unsigned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_order_as_doubles_do() {
        let ordered = [f64::NEG_INFINITY, -1.5, -0.0, 0.0, 1e-300, 512.0, f64::INFINITY, f64::NAN];
        let keys: Vec<i64> = ordered.iter().copied().map(float_to_key).collect();
        assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
        for value in ordered {
            assert_eq!(key_to_float(float_to_key(value)).to_bits(), value.to_bits());
        }
    }
}
