//! The table `wowlogs` against the contract: which column is which, and what does not cast.

use duckdb::Connection;
use serde::Serialize;
use wow_engine::schema;

use crate::database::SourceColumn;
use crate::output::counted;

/// A column of the contract and what the table has for it.
#[derive(Debug, Serialize)]
pub(crate) struct ColumnReport {
    /// The contract's name.
    pub(crate) name: &'static str,
    /// The type found.
    #[serde(rename = "type")]
    pub(crate) type_name: String,
    /// The type that it is read as.
    pub(crate) read_as: &'static str,
    /// Rows in which it is null.
    pub(crate) nulls: u64,
    /// Rows whose value does not cast.
    pub(crate) uncastable: u64,
    /// Up to three values that do not cast.
    pub(crate) examples: Vec<String>,
}

impl ColumnReport {
    /// What does not cast, in a sentence with a way out.
    pub(crate) fn uncastable_problem(&self) -> Option<String> {
        let finite = if self.name == schema::DATETIME { "finite " } else { "" };
        (self.uncastable > 0).then(|| {
            format!(
                "`{}` ({}) holds no {finite}{} in {} (for example `{}`); mend that, or set it to null",
                self.name,
                self.type_name,
                self.read_as,
                counted(self.uncastable, "row"),
                self.examples.join("`, `")
            )
        })
    }
}

/// Rows, players and times of the whole table.
#[derive(Debug, Serialize)]
pub(crate) struct Extent {
    /// All rows.
    pub(crate) rows: u64,
    /// Distinct players.
    pub(crate) players: u64,
    /// The oldest event.
    pub(crate) first: Option<String>,
    /// The newest event.
    pub(crate) last: Option<String>,
}

/// One sentence for each column of the contract that the table lacks.
pub(crate) fn missing_columns(found: &[SourceColumn]) -> Vec<String> {
    let has = |name: &str| found.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    let names: Vec<&str> = found.iter().map(|column| column.name.as_str()).collect();
    schema::COLUMNS
        .into_iter()
        .filter(|name| !has(name))
        .map(|missing| {
            let alias = schema::ALIASES.iter().find(|(alias, column)| *column == missing && has(alias));
            let way_out = match alias {
                Some((alias, _)) => format!(
                    "`{alias}` seems to be meant: ALTER TABLE {} RENAME COLUMN \"{alias}\" TO \"{missing}\"",
                    schema::TABLE
                ),
                None => "import the table again with it".to_owned(),
            };
            format!("column `{missing}` is missing (found: `{}`); {way_out}", names.join("`, `"))
        })
        .collect()
}

/// A sentence when the times have a zone: which local time is meant would be a guess.
pub(crate) fn zoned_times(found: &[SourceColumn]) -> Vec<String> {
    found
        .iter()
        .filter(|column| column.name.eq_ignore_ascii_case(schema::DATETIME))
        .filter(|column| column.type_name.ends_with("WITH TIME ZONE"))
        .map(|column| {
            let SourceColumn { name, type_name } = column;
            format!(
                "`{name}` is {type_name}, but times have no zone here; convert it: ALTER TABLE {} ALTER \"{name}\" \
                 TYPE TIMESTAMP USING \"{name}\" AT TIME ZONE 'UTC'",
                schema::TABLE
            )
        })
        .collect()
}

/// Looks at every value of every column, in one pass; all columns of the contract that are there are reported.
///
/// # Errors
/// When the table cannot be read.
pub(crate) fn columns(connection: &Connection, found: &[SourceColumn]) -> anyhow::Result<Vec<ColumnReport>> {
    let is_there = |name: &'static str| {
        let column = found.iter().find(|column| column.name.eq_ignore_ascii_case(name))?;
        Some((name, column.type_name.as_str()))
    };
    let columns: Vec<_> = schema::COLUMNS.into_iter().filter_map(is_there).collect();
    let counts = columns.iter().map(|(name, type_name)| {
        let failing = failing(name, type_name);
        format!("count(*) - count(\"{name}\"), count(*) filter (where {failing})")
    });
    let counts: Vec<String> = counts.chain(["count(*)".to_owned()]).collect();
    let sql = format!("select {} from main.wowlogs", counts.join(", "));
    let mut reports = connection.query_row(&sql, [], |row| {
        let report = |(index, (name, type_name)): (usize, &(&'static str, &str))| {
            Ok(ColumnReport {
                name,
                type_name: (*type_name).to_owned(),
                read_as: read_as(name, type_name),
                nulls: row.get(2 * index)?,
                uncastable: row.get(2 * index + 1)?,
                examples: Vec::new(),
            })
        };
        columns.iter().enumerate().map(report).collect::<Result<Vec<_>, _>>()
    })?;
    for report in reports.iter_mut().filter(|report| report.uncastable > 0) {
        report.examples = examples(connection, report)?;
    }
    Ok(reports)
}

/// Counts rows and players; `player_id` and `datetime` must be there.
///
/// # Errors
/// When the table cannot be read.
pub(crate) fn extent(connection: &Connection) -> anyhow::Result<Extent> {
    let sql = "select count(*), count(distinct player_id), min(try_cast(datetime as timestamp))::varchar,
                      max(try_cast(datetime as timestamp))::varchar from main.wowlogs";
    Ok(connection.query_row(sql, [], |row| {
        Ok(Extent { rows: row.get(0)?, players: row.get(1)?, first: row.get(2)?, last: row.get(3)? })
    })?)
}

/// The condition that a value is there and does not cast.
fn failing(name: &str, type_name: &str) -> String {
    let read_as = read_as(name, type_name);
    let cast = format!("try_cast(\"{name}\" as {read_as})");
    if name == schema::DATETIME {
        // DuckDB has infinite times, but no number of minutes leads to one.
        format!("\"{name}\" is not null and not coalesce(isfinite({cast}), false)")
    } else if type_name == read_as {
        "false".to_owned()
    } else {
        format!("\"{name}\" is not null and {cast} is null")
    }
}

fn examples(connection: &Connection, report: &ColumnReport) -> anyhow::Result<Vec<String>> {
    let ColumnReport { name, type_name, .. } = report;
    let failing = failing(name, type_name);
    let sql = format!(
        "select distinct \"{name}\"::varchar as value from main.wowlogs where {failing} order by value limit 3"
    );
    let mut statement = connection.prepare(&sql)?;
    let values = statement.query_map([], |row| row.get(0))?;
    Ok(values.collect::<Result<_, _>>()?)
}

/// The type that a column is read as, given its stored one. Guilds stay whole numbers where they are.
fn read_as(name: &str, type_name: &str) -> &'static str {
    match name {
        schema::PLAYER_ID | schema::LEVEL => "BIGINT",
        schema::GUILD if is_integer(type_name) => "BIGINT",
        schema::GUILD => "DOUBLE",
        schema::DATETIME => "TIMESTAMP",
        _ => "VARCHAR",
    }
}

fn is_integer(type_name: &str) -> bool {
    let name = type_name.strip_prefix('U').unwrap_or(type_name);
    matches!(name, "TINYINT" | "SMALLINT" | "INTEGER" | "BIGINT" | "HUGEINT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_is_recognised_as_the_column_that_was_meant() {
        let found = ["char", "guild", "level", "race", "class", "where"]
            .map(|name| SourceColumn { name: name.to_owned(), type_name: "BIGINT".to_owned() });
        let sentences = missing_columns(&found);
        assert_eq!(sentences.len(), 2);
        assert!(sentences[0].contains("RENAME COLUMN \"char\" TO \"player_id\""), "{}", sentences[0]);
        assert!(sentences[1].starts_with("column `datetime` is missing (found: `char`, `guild`"));
    }

    #[test]
    fn guilds_are_whole_numbers_or_doubles() {
        assert_eq!(read_as("guild", "USMALLINT"), "BIGINT");
        assert_eq!(read_as("guild", "DECIMAL(5,1)"), "DOUBLE");
        assert_eq!(read_as("where", "ENUM('a')"), "VARCHAR");
    }
}
