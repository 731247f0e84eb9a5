//! The sentences for what cannot be read.

use std::fmt;

use super::{Column, Content};

/// Why an input cannot be read: one sentence with what it is, examples and the way out. Whoever shows it puts the name
/// of the file before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The file is something else.
    Content(Content),
    /// Columns are not there.
    Missing {
        /// Which.
        missing: Vec<Column>,
        /// The columns that are there.
        found: Vec<String>,
    },
    /// A column is there twice.
    Twice {
        /// Which.
        column: Column,
        /// The two names as the file has them.
        names: [String; 2],
    },
    /// A column has a type that it cannot be read from.
    Type {
        /// The file's name for the column.
        name: String,
        /// The type found.
        found: String,
        /// What is needed, and the way to it.
        needed: &'static str,
    },
    /// A column has values that it cannot hold.
    Values {
        /// The column.
        column: Column,
        /// The file's name for it.
        name: String,
        /// What is wrong with them.
        wrong: Wrong,
        /// Up to three of them.
        examples: Vec<String>,
        /// How many rows have such a value, and of how many, where all were looked at.
        rows: Option<(u64, u64)>,
    },
    /// A line of a text file cannot be taken apart.
    Line {
        /// From 1.
        line: u64,
        /// What is wrong with it, with the way out.
        wrong: String,
    },
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// It is no number.
    NotANumber,
    /// It is a number with a fraction, or none that is finite.
    NotWhole,
    /// It is larger than [`i64::MAX`].
    TooLarge,
    /// It is smaller than [`i64::MIN`].
    TooSmall,
    /// It is text with nothing in it, where a database has null.
    Blank,
    /// It is no time in a form that is known.
    NotATime,
    /// It is a time that does not begin with the year, which a database takes for another.
    NotYearFirst,
    /// It is a time outside of what the database can hold.
    TimeOutOfRange,
    /// Its first number is no month: the day seems to come first.
    DayFirst,
    /// It names a zone.
    ZoneName,
    /// It has an offset where the value before has none, or the reverse.
    MixedOffsets {
        /// A value of the other kind.
        other: String,
    },
    /// It is written in another form than the value before.
    SecondForm {
        /// A value in the other form.
        other: String,
    },
    /// It is not encoded in UTF-8.
    NotUtf8,
}

/// How many values are shown.
pub(crate) const EXAMPLES: usize = 3;

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Content(content) => write!(out, "{content}"),
            Self::Missing { missing, found } => {
                let missing: Vec<String> = missing.iter().map(|column| with_aliases(*column)).collect();
                let found = match found.is_empty() {
                    true => "none".to_owned(),
                    false => format!("`{}`", found.join("`, `")),
                };
                let (columns, are) = if missing.len() == 1 { ("column", "is") } else { ("columns", "are") };
                let missing = missing.join(" and ");
                write!(out, "{columns} {missing} {are} missing; the columns found are {found}: name them so")
            }
            Self::Twice { column, names: [first, second] } => write!(
                out,
                "two columns may be `{}`: `{first}` and `{second}`; leave one of them out, or name it otherwise",
                column.name()
            ),
            Self::Type { name, found, needed } => write!(out, "column `{name}` is {found}, but {needed}"),
            Self::Values { column, name, wrong, examples, rows } => {
                write!(out, "column `{name}` holds {}", wrong.what(*column))?;
                if let Some((rows, of)) = rows {
                    write!(out, " in {rows} of {of} rows")?;
                }
                write!(out, ", for example {}; {}", examples.join(", "), wrong.way_out(*column))
            }
            Self::Line { line, wrong } => write!(out, "line {line} {wrong}"),
        }
    }
}

fn with_aliases(column: Column) -> String {
    let aliases: Vec<&str> = column.aliases().collect();
    match aliases.is_empty() {
        true => format!("`{}`", column.name()),
        false => format!("`{}` (or `{}`)", column.name(), aliases.join("`, `")),
    }
}

impl Wrong {
    /// What the values are.
    fn what(&self, column: Column) -> String {
        match self {
            Self::NotANumber => "what is no number".to_owned(),
            Self::NotWhole => "numbers that are not whole".to_owned(),
            Self::TooLarge => format!("numbers larger than {}", i64::MAX),
            Self::TooSmall => format!("numbers smaller than {}", i64::MIN),
            Self::Blank => "empty text".to_owned(),
            Self::NotATime => "what is no time".to_owned(),
            Self::NotYearFirst => "times that do not begin with the year".to_owned(),
            Self::TimeOutOfRange => "times outside of what can be held".to_owned(),
            Self::DayFirst => "times whose first number is no month".to_owned(),
            Self::ZoneName => "times with the name of a zone".to_owned(),
            Self::MixedOffsets { other } => {
                format!("times with an offset and times without one, as {other} is written")
            }
            Self::SecondForm { other } => format!("times in two forms, one as {other} is written"),
            Self::NotUtf8 if column == Column::Datetime => "what is no time and no UTF-8".to_owned(),
            Self::NotUtf8 => "text that is not UTF-8".to_owned(),
        }
    }

    fn way_out(&self, column: Column) -> &'static str {
        match (self, column) {
            (Self::NotANumber | Self::NotWhole | Self::TooLarge | Self::TooSmall, Column::PlayerId) => {
                "give every player a whole number of 64 bits with sign"
            }
            (Self::NotWhole, _) => "round them as they are meant, or leave such fields empty",
            (Self::NotANumber | Self::TooLarge | Self::TooSmall, _) => {
                "write numbers of 64 bits with sign, or leave such fields empty"
            }
            (Self::Blank, _) => "write null where there is no value",
            (Self::NotATime | Self::NotYearFirst, _) => {
                "write times as 2008-01-31 00:02:04, or leave such fields empty"
            }
            (Self::TimeOutOfRange, _) => {
                "times go from 290309-12-22 (BC) 00:00:00 to 294247-01-10 04:00:54.775806, and infinite ones are none; \
                 leave such fields empty"
            }
            (Self::DayFirst, _) => {
                "the day seems to come first, which is never guessed: write times as 2008-01-31 00:02:04"
            }
            (Self::ZoneName, _) => {
                "write times without a zone, or with an offset as in 2008-01-31 00:02:04+00:00"
            }
            (Self::MixedOffsets { .. }, _) => "write all of them with an offset or none",
            (Self::SecondForm { .. }, _) => "write all of them in one form",
            (Self::NotUtf8, _) => "save the file in UTF-8",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_names_column_fault_examples_rows_and_way_out() {
        let refusal = Refusal::Values {
            column: Column::PlayerId,
            name: "char".into(),
            wrong: Wrong::TooLarge,
            examples: vec!["9223372036854775808".into(), "9223372036854775809".into()],
            rows: Some((296, 761)),
        };
        assert_eq!(
            refusal.to_string(),
            "column `char` holds numbers larger than 9223372036854775807 in 296 of 761 rows, for example \
             9223372036854775808, 9223372036854775809; give every player a whole number of 64 bits with sign"
        );
    }
}
