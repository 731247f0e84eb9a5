//! Tables of players as Parquet, with the names and types of SQL.

use wow_engine::pipeline::Report;
use wow_engine::schema::{NumberKind, float_to_key};
use wow_engine::write::{self, ColumnType, Note, NumberRuns, Result, TextRuns};

use super::columns::{Column, Kind, Source, Value};

/// These columns of these players, in this order, with notes on where they come from.
///
/// # Errors
/// When a column is too large for the format.
pub fn write(source: Source<'_>, columns: &[&Column], players: &[u32], notes: &[Note]) -> Result<Vec<u8>> {
    let types = columns.iter().map(|column| (column.name, column_type(column.kind, source.report)));
    let schema = write::columns(types)?;
    let chunks = columns.iter().enumerate().map(|(place, column)| {
        let described = schema.column(place);
        let values = players.iter().map(|&player| column.value(source, player as usize));
        match column.kind {
            Kind::Time => write::times(&described, &values.map(time).collect::<Vec<_>>()),
            Kind::Flag => {
                let flags = values.map(|value| value == Value::Flag(true));
                write::flags(&described, &flags.collect::<Vec<_>>())
            }
            Kind::Text(dictionary) => {
                let (mut runs, texts) = (TextRuns::default(), dictionary(&source.report.strings));
                values.for_each(|value| match value {
                    Value::Text(_, code) => runs.push(code, 1, texts),
                    _ => runs.runs.push(None, 1),
                });
                write::runs(&described, &runs.runs)
            }
            Kind::Whole | Kind::Fraction | Kind::Guild => {
                let mut runs = NumberRuns::new(number_kind(column.kind, source.report));
                values.for_each(|value| runs.push(key(value, source.report), 1));
                write::runs(&described, &runs.runs)
            }
        }
    });
    write::file(&schema, notes, chunks)
}

fn column_type(kind: Kind, report: &Report) -> ColumnType {
    match kind {
        Kind::Time => ColumnType::Time,
        Kind::Flag => ColumnType::Flag,
        Kind::Text(_) => ColumnType::Text,
        Kind::Whole | Kind::Fraction | Kind::Guild => match number_kind(kind, report) {
            NumberKind::Integer => ColumnType::Whole,
            NumberKind::Float => ColumnType::Double,
        },
    }
}

fn number_kind(kind: Kind, report: &Report) -> NumberKind {
    match kind {
        Kind::Fraction => NumberKind::Float,
        Kind::Guild => report.guild_kind,
        _ => NumberKind::Integer,
    }
}

fn key(value: Value<'_>, report: &Report) -> Option<i64> {
    match value {
        Value::Id(number) | Value::Whole(number) => Some(number),
        Value::Fraction(number) => Some(float_to_key(number)),
        Value::Guild(index) => Some(report.players.guild[index]),
        _ => None,
    }
}

/// Every player has been seen, so there is a time for each.
fn time(value: Value<'_>) -> i64 {
    match value {
        Value::Time(time_us) => time_us.get(),
        _ => 0,
    }
}
