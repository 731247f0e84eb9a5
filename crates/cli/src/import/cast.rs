//! The SQL that casts a file's columns to the types of `wowlogs`, and that finds what does not cast.

use std::collections::BTreeSet;
use std::path::Path;

use wow_engine::schema;

use crate::failure::Failure;
use crate::output::counted;

/// How many values that do not cast are shown.
const EXAMPLES: usize = 3;
/// What DuckDB says when a value does not cast, so that it can be told from other errors.
pub(super) const DOES_NOT_CAST: &str = "a value does not cast";
/// The times of the published log: `01/31/08 00:02:04`.
const SHORT_TIME: &str = "%m/%d/%y %H:%M:%S";

/// A column that has its contract's name in the relation at hand, and how it is cast.
#[derive(Debug, Clone)]
pub(super) struct Cast {
    /// The contract's name.
    name: &'static str,
    /// The file's name for it.
    found: String,
    /// SQL for what is stored: null for an empty field.
    stored: String,
    /// SQL for its value: null when there is none or when it does not cast.
    value: String,
}

impl Cast {
    /// The cast of a column that DuckDB sees as `type_name`.
    ///
    /// # Errors
    /// A sentence with a way out when the type cannot be meant.
    pub(super) fn of(name: &'static str, found: &str, type_name: &str) -> Result<Self, String> {
        let is_text = type_name == "VARCHAR";
        let is_number_or_time = !matches!(name, schema::RACE | schema::CLASS | schema::ZONE);
        // Writers that quote every field write an empty one as "".
        let stored = if is_text && is_number_or_time {
            format!("nullif(trim(\"{name}\"), '')")
        } else {
            format!("\"{name}\"")
        };
        let value = match name {
            schema::PLAYER_ID | schema::GUILD | schema::LEVEL => whole_number(&stored, type_name),
            schema::DATETIME if type_name.ends_with("WITH TIME ZONE") => {
                return Err(format!(
                    "`{found}` is {type_name}, but times have no zone here; write it without one"
                ));
            }
            schema::DATETIME if is_text => finite(&format!(
                "case when instr({stored}, '/') in (2, 3) then try_strptime({stored}, '{SHORT_TIME}')
                 else try_cast({stored} as timestamp) end"
            )),
            schema::DATETIME => finite(&format!("try_cast({stored} as timestamp)")),
            _ if is_text => stored.clone(),
            _ if type_name == "BLOB" => format!("try(decode({stored}))"),
            _ => format!("try_cast({stored} as varchar)"),
        };
        Ok(Self { name, found: found.to_owned(), stored, value })
    }

    /// SQL for the value, which ends the query with [`DOES_NOT_CAST`] where there should be one.
    pub(super) fn strict(&self) -> String {
        let Self { stored, value, .. } = self;
        if value == stored {
            return value.clone();
        }
        format!("coalesce({value}, case when {stored} is not null then error('{DOES_NOT_CAST}') end)")
    }

    /// SQL that is true where the value does not cast.
    pub(super) fn fails(&self) -> String {
        format!("({} is not null and {} is null)", self.stored, self.value)
    }

    /// SQL for what is stored, as text.
    pub(super) fn example(&self) -> String {
        format!("cast({} as varchar)", self.stored)
    }
}

/// Half a guild is not rounded to a whole one in silence.
fn whole_number(stored: &str, type_name: &str) -> String {
    let number = format!("try_cast({stored} as bigint)");
    if type_name.ends_with("INT") || type_name.ends_with("INTEGER") {
        return number;
    }
    format!("case when try_cast({stored} as double) = {number} then {number} end")
}

/// DuckDB has infinite times, but no number of minutes leads to one.
fn finite(time: &str) -> String {
    format!("case when isfinite({time}) then {time} end")
}

/// What does not cast in a column.
#[derive(Debug, Default)]
pub(super) struct Failing {
    /// How many rows.
    pub(super) rows: u64,
    /// The first few values in order.
    examples: BTreeSet<String>,
}

impl Failing {
    /// Notes values that do not cast.
    pub(super) fn add(&mut self, rows: u64, examples: impl IntoIterator<Item = String>) {
        self.rows += rows;
        self.examples.extend(examples);
        while self.examples.len() > EXAMPLES {
            self.examples.pop_last();
        }
    }

    /// The query for a few of the values, to be put before the name of a relation.
    pub(super) fn examples_sql(cast: &Cast, relation: &str) -> String {
        let (example, fails) = (cast.example(), cast.fails());
        format!(
            "select distinct {example} as value from {relation} where {fails} order by value limit {EXAMPLES}"
        )
    }
}

/// The error for all that does not cast in a file.
pub(super) fn failure(path: &Path, casts: &[Cast], failing: &[Failing]) -> anyhow::Error {
    let problems: Vec<String> = casts
        .iter()
        .zip(failing)
        .filter(|(_, failing)| failing.rows > 0)
        .map(|(cast, failing)| {
            let examples: Vec<&str> = failing.examples.iter().map(String::as_str).collect();
            format!(
                "column `{}` holds no {} in {} (for example `{}`)",
                cast.found,
                wanted(cast.name),
                counted(failing.rows, "row"),
                examples.join("`, `")
            )
        })
        .collect();
    Failure::check(format!(
        "{} cannot be imported: {}; mend the file, or leave such fields empty",
        path.display(),
        problems.join("; also, ")
    ))
}

fn wanted(name: &str) -> &'static str {
    match name {
        schema::DATETIME => "time like 2008-01-31 00:02:04 or 01/31/08 00:02:04",
        schema::RACE | schema::CLASS | schema::ZONE => "UTF-8 text",
        _ => "whole number",
    }
}
