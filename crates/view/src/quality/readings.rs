//! How files are read that no export wrote: which of their columns, as what, and what is to be said of it.

use wow_charts::format;
use wow_engine::contract::{Column, Format, Found, Notice, Reading};

use super::Evidence;

/// Files that are read alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingRow {
    /// Their names.
    pub files: Vec<String>,
    /// What they are.
    pub format: &'static str,
    /// The columns of the event table.
    pub columns: Vec<ColumnRow>,
    /// The names of other columns, which are not read.
    pub ignored: Vec<String>,
    /// What is to be said of them.
    pub notices: Vec<String>,
}

/// A column of the event table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnRow {
    /// Its name.
    pub name: &'static str,
    /// The files' name for it.
    pub found: String,
    /// The type in which they have it.
    pub stored_as: String,
    /// What is made of it.
    pub read_as: String,
}

impl ReadingRow {
    /// What the files are called, and what they are.
    #[must_use]
    pub fn title(&self) -> String {
        match self.files.as_slice() {
            [one] => format!("{one} · {}", self.format),
            many => format!("{} files · {}", format::count(many.len() as u64), self.format),
        }
    }
}

/// How the files are read that are in so far, those together that are read alike; nothing of an export's parts.
#[must_use]
pub fn readings(evidence: &Evidence<'_>) -> Vec<ReadingRow> {
    let mut rows: Vec<ReadingRow> = Vec::new();
    for (_, facts) in evidence.parts {
        let Some(reading) = &facts.reading else { continue };
        let mut row = row(reading);
        let known =
            rows.iter_mut().find(|known| ReadingRow { files: Vec::new(), ..(**known).clone() } == row);
        match known {
            Some(known) => known.files.push(facts.name.clone()),
            None => {
                row.files.push(facts.name.clone());
                rows.push(row);
            }
        }
    }
    rows
}

fn row(reading: &Reading) -> ReadingRow {
    let column = |found: &Found| ColumnRow {
        name: found.column.name(),
        found: found.name.clone(),
        stored_as: found.stored_as.clone(),
        read_as: read_as(found.column, reading),
    };
    ReadingRow {
        files: Vec::new(),
        format: match reading.format {
            Format::Parquet => "Parquet",
            Format::Csv => "CSV",
        },
        columns: reading.columns.iter().map(column).collect(),
        ignored: reading.ignored.clone(),
        notices: reading.notices.iter().map(ToString::to_string).collect(),
    }
}

fn read_as(column: Column, reading: &Reading) -> String {
    let zone = if reading.notices.contains(&Notice::Utc) { " in UTC" } else { "" };
    match (column, reading.time_texts.example()) {
        (Column::PlayerId | Column::Level, _) => "whole number".to_owned(),
        (Column::Guild, _) => "number".to_owned(),
        (Column::Race | Column::Class | Column::Zone, _) => "text".to_owned(),
        (Column::Datetime, None) => format!("time{zone}"),
        (Column::Datetime, Some(example)) => format!("time{zone}, written as {example}"),
    }
}
