//! What may be wrong with the values of a column, as conditions in SQL, and the sentence for each.

use duckdb::Connection;
use wow_engine::contract::{Column, Refusal, SourceType, Wrong};

use super::mend::Form;
use super::{TABLE, times};
use crate::database::quoted;

/// Rows whose text goes on after the time of day: with an offset, `Z`, or the name of a zone. DuckDB's cast to a
/// TIMESTAMP leaves all of that out.
const GOES_ON: &str = r":[0-9]{1,2}(\.[0-9]+)?\s*[-+A-Za-z]";
/// Rows whose text goes on with the name of a zone. DuckDB knows some of them, but not with every library.
const NAMES_ZONE: &str = r":[0-9]{1,2}(\.[0-9]+)?\s*[A-Za-z]{3}";
/// Rows whose text does not begin with a year: DuckDB's cast takes `01/12/08` for the eighth of December in the year 1.
const NOT_YEAR_FIRST: &str = r"^\s*[0-9]{1,3}[^0-9]";

/// Something that may be wrong with values.
pub(super) struct Fault {
    kind: Kind,
    /// SQL that is true where it is.
    pub(super) condition: String,
}

#[derive(PartialEq, Eq)]
enum Kind {
    Wrong(Wrong),
    /// Texts that DuckDB would read without their offset.
    Offset,
}

/// What may be wrong with the values of a column that has a type from which it can be read.
pub(super) fn possible(column: Column, found: &SourceType, type_name: &str) -> Vec<Fault> {
    let name = quoted(column.name());
    let fault = |wrong, condition: String| Fault { kind: Kind::Wrong(wrong), condition };
    let blank = || fault(Wrong::Blank, format!("trim({name}) = ''"));
    match (column, found) {
        (Column::Race | Column::Class | Column::Zone, _) | (_, SourceType::Null) => Vec::new(),
        (Column::Datetime, SourceType::Text) => {
            let time = format!("try_cast({name} as timestamp)");
            let matches = |pattern| format!("regexp_matches({name}, '{pattern}')");
            let names_zone = format!("{} and not {}", matches(NAMES_ZONE), matches(r"(?i)UTC\s*$"));
            vec![
                blank(),
                fault(Wrong::ZoneName, names_zone),
                Fault { kind: Kind::Offset, condition: matches(GOES_ON) },
                fault(Wrong::NotYearFirst, matches(NOT_YEAR_FIRST)),
                fault(Wrong::NotATime, format!("{name} is not null and {time} is null")),
                fault(Wrong::TimeOutOfRange, format!("not isfinite({time})")),
            ]
        }
        (Column::Datetime, SourceType::Timestamp { has_zone: true }) => {
            vec![fault(Wrong::TimeOutOfRange, format!("not isfinite({name}::timestamptz)"))]
        }
        (Column::Datetime, _) => {
            let time = format!("try_cast({name} as timestamp)");
            let outside = format!("{name} is not null and not coalesce(isfinite({time}), false)");
            vec![fault(Wrong::TimeOutOfRange, outside)]
        }
        (Column::Guild, SourceType::Text) => {
            let number = format!("try_cast({name} as double)");
            let not_a_number = format!("{name} is not null and not coalesce(isfinite({number}), false)");
            // Whole numbers are held as such where no guild has a fraction, and files do not look ahead for one.
            let outside = outside(&format!("try_cast({name} as hugeint)")).map(|(wrong, condition)| {
                fault(wrong, format!("{number} = trunc({number}) and {condition}"))
            });
            [blank(), fault(Wrong::NotANumber, not_a_number)].into_iter().chain(outside).collect()
        }
        (Column::Guild, SourceType::Decimal { .. } | SourceType::Float) => Vec::new(),
        (_, SourceType::Integer) if fits(type_name) => Vec::new(),
        (_, SourceType::Integer) => outside(&name).map(|(wrong, condition)| fault(wrong, condition)).into(),
        (_, found) => {
            let number = format!("try_cast({name} as double)");
            let of_text = match found {
                SourceType::Text => {
                    let not_a_number = format!("{name} is not null and {number} is null");
                    vec![blank(), fault(Wrong::NotANumber, not_a_number)]
                }
                _ => Vec::new(),
            };
            // Of numbers that a double does not hold exactly, all are whole.
            let not_whole = format!("not isfinite({number}) or {number} <> trunc({number})");
            let whole = format!("try_cast({name} as hugeint)");
            let of_number = std::iter::once((Wrong::NotWhole, not_whole)).chain(outside(&whole));
            of_text.into_iter().chain(of_number.map(|(wrong, condition)| fault(wrong, condition))).collect()
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

impl Fault {
    /// The fault in a sentence: it is in `count` rows of `rows`, of which `nulls` have no value.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub(super) fn sentence(
        &self,
        connection: &Connection,
        column: Column,
        form: Form,
        (count, rows, nulls): (u64, u64, u64),
    ) -> anyhow::Result<String> {
        let examples = examples(connection, column, &self.condition)?;
        let name = quoted(column.name());
        let is_in_all = count == rows.saturating_sub(nulls);
        let has_offset = self.kind == Kind::Offset;
        let mended = match &self.kind {
            Kind::Offset | Kind::Wrong(Wrong::NotYearFirst) if is_in_all => {
                times::reading(connection, &name, has_offset)?
                    .map(|time| form.replace(column, "TIMESTAMP", &time))
            }
            Kind::Wrong(Wrong::Blank) => {
                Some(form.replace(column, "VARCHAR", &format!("nullif(trim({name}), '')")))
            }
            _ => None,
        };
        let wrong = match (&self.kind, &mended) {
            (Kind::Wrong(wrong), _) => wrong.clone(),
            (Kind::Offset, Some(mended)) => {
                return Ok(format!(
                    "column `{}` is text with a zone or an offset, for example {}, which the reference SQL would leave \
                     out; have it read as UTC{mended}",
                    column.name(),
                    examples.join(", "),
                ));
            }
            (Kind::Offset, None) if is_in_all => Wrong::NotATime,
            (Kind::Offset, None) => {
                let without = format!("{name} is not null and not {}", self.condition);
                let others = self::examples(connection, column, &without)?;
                Wrong::MixedOffsets { other: others.into_iter().next().unwrap_or_default() }
            }
        };
        let name = column.name().to_owned();
        let refusal = Refusal::Values { column, name, wrong, examples, rows: Some((count, rows)) };
        Ok(match mended {
            Some(mended) => format!("{refusal}, or have them read so{mended}"),
            None => refusal.to_string(),
        })
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
