//! Which types a column may be read from.

use std::fmt;

use super::{Column, Refusal};

/// The type of a column as its source tells it, whatever the source is: Parquet, a database, or text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceType {
    /// All values are null.
    Null,
    /// True and false.
    Boolean,
    /// Whole numbers of any width, signed or not.
    Integer,
    /// Decimal numbers with so many digits behind the point.
    Decimal {
        /// How many digits.
        scale: i32,
    },
    /// Binary fractions.
    Float,
    /// Text, dictionaries of text, and bytes that may be text.
    Text,
    /// Days.
    Date,
    /// Times.
    Timestamp {
        /// Whether they are instants, which a zone was known for.
        has_zone: bool,
    },
    /// UUIDs.
    Uuid,
    /// Anything else, by its name.
    Other(String),
}

/// How a column is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// As it is.
    Plain,
    /// As times whose zone is UTC, which is to be said.
    Utc,
}

impl SourceType {
    /// The type of this name in DuckDB.
    #[must_use]
    pub fn of_duckdb(name: &str) -> Self {
        let other = || Self::Other(name.to_owned());
        if name.ends_with(']') {
            return other();
        }
        let (base, arguments) = name.split_once('(').unwrap_or((name, ""));
        match base {
            "\"NULL\"" | "NULL" => Self::Null,
            "BOOLEAN" => Self::Boolean,
            "TINYINT" | "SMALLINT" | "INTEGER" | "BIGINT" | "HUGEINT" | "UTINYINT" | "USMALLINT"
            | "UINTEGER" | "UBIGINT" | "UHUGEINT" | "BIGNUM" | "VARINT" => Self::Integer,
            "DECIMAL" => {
                let scale = arguments.trim_end_matches(')').split(',').nth(1);
                Self::Decimal { scale: scale.and_then(|scale| scale.trim().parse().ok()).unwrap_or(0) }
            }
            "FLOAT" | "DOUBLE" => Self::Float,
            "VARCHAR" | "BLOB" | "ENUM" | "JSON" => Self::Text,
            "DATE" => Self::Date,
            "TIMESTAMP" | "TIMESTAMP_S" | "TIMESTAMP_MS" | "TIMESTAMP_NS" => {
                Self::Timestamp { has_zone: false }
            }
            "TIMESTAMP WITH TIME ZONE" | "TIMESTAMPTZ_NS" => Self::Timestamp { has_zone: true },
            "UUID" => Self::Uuid,
            _ => other(),
        }
    }

    const fn is_number(&self) -> bool {
        matches!(self, Self::Integer | Self::Decimal { .. } | Self::Float)
    }
}

impl fmt::Display for SourceType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Null => "NULL",
            Self::Boolean => "BOOLEAN",
            Self::Integer => "a whole number",
            Self::Decimal { .. } => "DECIMAL",
            Self::Float => "DOUBLE",
            Self::Text => "text",
            Self::Date => "DATE",
            Self::Timestamp { has_zone: false } => "TIMESTAMP",
            Self::Timestamp { has_zone: true } => "TIMESTAMP WITH TIME ZONE",
            Self::Uuid => "UUID",
            Self::Other(name) => name,
        })
    }
}

/// Whether a column may be read from a type; `name` is the file's name for the column.
///
/// # Errors
/// [`Refusal::Type`] with what is needed instead.
pub fn accept(column: Column, name: &str, found: &SourceType) -> Result<Taken, Refusal> {
    use SourceType as Type;
    let needed = match (column, found) {
        (_, Type::Null) => return Ok(Taken::Plain),
        (Column::Datetime, Type::Timestamp { has_zone: true }) => return Ok(Taken::Utc),
        (Column::Datetime, Type::Timestamp { .. } | Type::Date | Type::Text)
        | (Column::Race | Column::Class | Column::Zone, Type::Text)
        | (Column::PlayerId | Column::Guild | Column::Level, Type::Text) => return Ok(Taken::Plain),
        (Column::PlayerId | Column::Guild | Column::Level, found) if found.is_number() => {
            return Ok(Taken::Plain);
        }
        (Column::PlayerId | Column::Guild | Column::Level, Type::Uuid) => {
            "a number is needed; map every one to a number"
        }
        (Column::Guild, Type::Boolean) => {
            "a number is needed; write the guild's number, or null where there is none"
        }
        (Column::PlayerId | Column::Guild | Column::Level, _) => "a number is needed; write it as BIGINT",
        (Column::Race | Column::Class | Column::Zone, _) => "text is needed; write the names themselves",
        (Column::Datetime, found) if found.is_number() => {
            "a time is needed; what a number counts would be a guess, so write it as TIMESTAMP"
        }
        (Column::Datetime, _) => "a time is needed; write it as TIMESTAMP",
    };
    Err(Refusal::Type { name: name.to_owned(), found: found.to_string(), needed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_one_verdict_for_every_kind_of_column() {
        // Of an id, a guild, a text, a time: taken, taken as UTC, or refused.
        let table = [
            ("\"NULL\"", "t t t t"),
            ("BOOLEAN", "- - - -"),
            ("TINYINT", "t t - -"),
            ("UBIGINT", "t t - -"),
            ("HUGEINT", "t t - -"),
            ("DECIMAL(38,0)", "t t - -"),
            ("DECIMAL(18,3)", "t t - -"),
            ("FLOAT", "t t - -"),
            ("DOUBLE", "t t - -"),
            ("VARCHAR", "t t t t"),
            ("BLOB", "t t t t"),
            ("ENUM('Orc', 'Troll')", "t t t t"),
            ("DATE", "- - - t"),
            ("TIMESTAMP", "- - - t"),
            ("TIMESTAMP_NS", "- - - t"),
            ("TIMESTAMP WITH TIME ZONE", "- - - u"),
            ("TIMESTAMPTZ_NS", "- - - u"),
            ("TIME", "- - - -"),
            ("TIME WITH TIME ZONE", "- - - -"),
            ("INTERVAL", "- - - -"),
            ("UUID", "- - - -"),
            ("BIGINT[]", "- - - -"),
            ("STRUCT(a BIGINT)", "- - - -"),
        ];
        for (name, expected) in table {
            let verdict = |column| match accept(column, "x", &SourceType::of_duckdb(name)) {
                Ok(Taken::Plain) => "t",
                Ok(Taken::Utc) => "u",
                Err(_) => "-",
            };
            let columns = [Column::PlayerId, Column::Guild, Column::Race, Column::Datetime];
            assert_eq!(columns.map(verdict).join(" "), expected, "{name}");
        }
    }

    #[test]
    fn a_refusal_says_what_is_there_and_what_is_needed() {
        let says = |column, name: &str| {
            accept(column, " Guild", &SourceType::of_duckdb(name)).unwrap_err().to_string()
        };
        assert_eq!(
            says(Column::Guild, "BOOLEAN"),
            "column ` Guild` is BOOLEAN, but a number is needed; write the guild's number, or null where there is none"
        );
        assert!(says(Column::PlayerId, "UUID").contains("UUID, but a number is needed; map"));
        assert!(says(Column::Datetime, "BIGINT").contains("would be a guess"));
        assert!(says(Column::Zone, "MAP(VARCHAR, INTEGER)").contains("MAP(VARCHAR, INTEGER), but text"));
    }
}
