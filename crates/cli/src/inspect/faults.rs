//! What may be wrong with the values of a column, as conditions in SQL, and the sentence for each.

use duckdb::Connection;
use wow_engine::contract::{Column, Refusal, SourceType, Wrong};

use super::TABLE;
use crate::database::quoted;

/// Rows whose text goes on after the time of day: with an offset, `Z`, or the name of a zone. DuckDB's cast to a
/// TIMESTAMP leaves all of that out.
const GOES_ON: &str = r":[0-9]{1,2}(\.[0-9]+)?\s*[-+A-Za-z]";

/// Something that may be wrong with values.
pub(super) struct Fault {
    kind: Kind,
    /// SQL that is true where it is.
    pub(super) condition: String,
}

enum Kind {
    Wrong(Wrong),
    /// Texts that DuckDB would read without their offset.
    Offset,
}

/// What may be wrong with the values of a column that has a type from which it can be read.
pub(super) fn possible(column: Column, found: &SourceType, type_name: &str) -> Vec<Fault> {
    let name = quoted(column.name());
    let fault = |wrong, condition: String| Fault { kind: Kind::Wrong(wrong), condition };
    match (column, found) {
        (Column::Race | Column::Class | Column::Zone, _) | (_, SourceType::Null) => Vec::new(),
        (Column::Datetime, SourceType::Text) => {
            let time = format!("try_cast({name} as timestamp)");
            vec![
                Fault { kind: Kind::Offset, condition: format!("regexp_matches({name}, '{GOES_ON}')") },
                fault(Wrong::NotATime, format!("{name} is not null and {time} is null")),
                fault(Wrong::TimeOutOfRange, format!("not isfinite({time})")),
            ]
        }
        (Column::Datetime, _) => {
            let time = format!("try_cast({name} as timestamp)");
            let outside = format!("{name} is not null and not coalesce(isfinite({time}), false)");
            vec![fault(Wrong::TimeOutOfRange, outside)]
        }
        (Column::Guild, SourceType::Text) => {
            let number = format!("try_cast({name} as double)");
            vec![fault(Wrong::NotANumber, format!("{name} is not null and {number} is null"))]
        }
        (Column::Guild, SourceType::Decimal { .. } | SourceType::Float) => Vec::new(),
        (_, SourceType::Integer) if fits(type_name) => Vec::new(),
        (_, SourceType::Integer) => outside(&name).map(|(wrong, condition)| fault(wrong, condition)).into(),
        (_, found) => {
            let number = format!("try_cast({name} as double)");
            let not_a_number = match found {
                SourceType::Text => format!("{name} is not null and {number} is null"),
                _ => "false".to_owned(),
            };
            // Of numbers that a double does not hold exactly, all are whole.
            let not_whole = format!("not isfinite({number}) or {number} <> trunc({number})");
            let first = [(Wrong::NotANumber, not_a_number), (Wrong::NotWhole, not_whole)];
            let whole = format!("try_cast({name} as hugeint)");
            first
                .into_iter()
                .chain(outside(&whole))
                .map(|(wrong, condition)| fault(wrong, condition))
                .collect()
        }
    }
}

/// Whether every number of a type is one of 64 bits with sign.
fn fits(type_name: &str) -> bool {
    !matches!(type_name, "UBIGINT" | "HUGEINT" | "UHUGEINT" | "BIGNUM" | "VARINT")
}

fn outside(number: &str) -> [(Wrong, String); 2] {
    [
        (Wrong::TooLarge, format!("{number} > {}", i64::MAX)),
        (Wrong::TooSmall, format!("{number} < {}", i64::MIN)),
    ]
}

/// The statement that makes times without a zone of instants; `instant` is SQL that makes an instant of a text.
pub(super) fn read_as_utc(column: Column, instant: &str) -> String {
    let name = quoted(column.name());
    format!("ALTER TABLE {TABLE} ALTER {name} TYPE TIMESTAMP USING {name}{instant} AT TIME ZONE 'UTC'")
}

/// The statement that makes texts of bytes.
pub(super) fn read_as_text(column: Column) -> String {
    let name = quoted(column.name());
    format!("ALTER TABLE {TABLE} ALTER {name} TYPE VARCHAR USING decode({name})")
}

impl Fault {
    /// The fault in a sentence: it is in `count` rows of `rows`, of which `nulls` have no value.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub(super) fn sentence(
        &self,
        connection: &Connection,
        column: Column,
        (count, rows, nulls): (u64, u64, u64),
    ) -> anyhow::Result<String> {
        let examples = examples(connection, column, &self.condition)?;
        let has_value = format!("{} is not null", quoted(column.name()));
        let wrong = match &self.kind {
            Kind::Wrong(wrong) => wrong.clone(),
            Kind::Offset if count == rows.saturating_sub(nulls) => {
                return Ok(format!(
                    "column `{}` is text with a zone or an offset, for example {}, which the reference SQL would leave \
                     out; have it read as UTC: {}",
                    column.name(),
                    examples.join(", "),
                    read_as_utc(column, "::TIMESTAMPTZ")
                ));
            }
            Kind::Offset => {
                let without = format!("{has_value} and not {}", self.condition);
                let others = self::examples(connection, column, &without)?;
                Wrong::MixedOffsets { other: others.into_iter().next().unwrap_or_default() }
            }
        };
        Ok(Refusal::Values {
            column,
            name: column.name().to_owned(),
            wrong,
            examples,
            rows: Some((count, rows)),
        }
        .to_string())
    }
}

/// Up to three of the values for which a condition holds, as texts are shown.
fn examples(connection: &Connection, column: Column, condition: &str) -> anyhow::Result<Vec<String>> {
    let name = quoted(column.name());
    let sql = format!(
        "select distinct {name}::varchar as value from main.{TABLE} where {condition} order by value limit 3"
    );
    let mut statement = connection.prepare(&sql)?;
    let values = statement.query_map([], |row| Ok(format!("'{}'", row.get::<_, String>(0)?)))?;
    Ok(values.collect::<Result<_, _>>()?)
}
