//! The table `wowlogs` against the contract of input. The reference SQL reads its columns as they are, so that what a file
//! would be forgiven is refused here, with the statement that mends it where there is one.

mod faults;
mod mend;
mod names;
mod times;

use duckdb::Connection;
use serde::Serialize;
use wow_engine::contract::{Column, SourceType, Taken, accept};
use wow_engine::schema;

use self::faults::Fault;
pub(crate) use self::mend::Form;
pub(crate) use self::names::name_problems;
use crate::database::{SourceColumn, quoted};

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
    /// What keeps it from being read, in a sentence with a way out.
    pub(crate) problem: Option<String>,
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

/// Looks at every value of every column, in one pass; all columns of the contract that are there are reported.
///
/// # Errors
/// When the table cannot be read.
pub(crate) fn columns(connection: &Connection, found: &[SourceColumn]) -> anyhow::Result<Vec<ColumnReport>> {
    let form = Form::of(connection)?;
    let mut columns = Vec::with_capacity(Column::ALL.len());
    for column in Column::ALL {
        if let Some(found) = found.iter().find(|found| found.is(column)) {
            columns.push(Checked::new(connection, column, found, form)?);
        }
    }
    let counts = columns.iter().flat_map(Checked::counts).chain(["count(*)".to_owned()]);
    let sql = format!("select {} from main.wowlogs", counts.collect::<Vec<_>>().join(", "));
    let counted: Vec<u64> = connection.query_row(&sql, [], |row| {
        let all = columns.iter().map(|column| column.faults.len() + 1).sum::<usize>();
        (0..=all).map(|index| row.get(index)).collect()
    })?;
    let rows = counted.last().copied().unwrap_or_default();
    let mut counted = counted.as_slice();
    let mut reports = Vec::with_capacity(columns.len());
    for column in columns {
        let (own, rest) = counted.split_at(column.faults.len() + 1);
        counted = rest;
        reports.push(column.report(connection, form, own, rows)?);
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

/// A column, and what may be wrong with it.
struct Checked {
    column: Column,
    type_name: String,
    read_as: &'static str,
    /// What is wrong with its type.
    refused: Option<String>,
    /// What may be wrong with its values.
    faults: Vec<Fault>,
}

impl Checked {
    fn new(
        connection: &Connection,
        column: Column,
        found: &SourceColumn,
        form: Form,
    ) -> anyhow::Result<Self> {
        let source_type = SourceType::of_duckdb(&found.type_name);
        let refused = refused(connection, column, found, form)?;
        // Infinite times have to go before those with a zone can be translated.
        let is_time = matches!((column, &source_type), (Column::Datetime, SourceType::Timestamp { .. }));
        let faults = if refused.is_none() || is_time {
            faults::possible(column, &source_type, &found.type_name)
        } else {
            Vec::new()
        };
        let read_as = read_as(column, &source_type);
        Ok(Self { column, type_name: found.type_name.clone(), read_as, refused, faults })
    }

    /// SQL for how many rows are null, and how many have each fault.
    fn counts(&self) -> Vec<String> {
        let name = quoted(self.column.name());
        let nulls = format!("count(*) - count({name})");
        let faults = self.faults.iter().map(|fault| format!("count(*) filter (where {})", fault.condition));
        std::iter::once(nulls).chain(faults).collect()
    }

    fn report(
        self,
        connection: &Connection,
        form: Form,
        counted: &[u64],
        rows: u64,
    ) -> anyhow::Result<ColumnReport> {
        let nulls = counted.first().copied().unwrap_or_default();
        let found = self.faults.iter().zip(counted.iter().skip(1)).find(|(_, count)| **count > 0);
        let problem = match (&self.refused, found) {
            (_, Some((fault, count))) => {
                Some(fault.sentence(connection, self.column, form, (*count, rows, nulls))?)
            }
            (refused, None) => refused.clone(),
        };
        let Self { column, type_name, read_as, .. } = self;
        Ok(ColumnReport { name: column.name(), type_name, read_as, nulls, problem })
    }
}

/// What is wrong with a column's type, in a sentence.
fn refused(
    connection: &Connection,
    column: Column,
    found: &SourceColumn,
    form: Form,
) -> anyhow::Result<Option<String>> {
    let (name, type_name) = (quoted(column.name()), found.type_name.as_str());
    let taken = match accept(column, &found.name, &SourceType::of_duckdb(type_name)) {
        Ok(taken) => taken,
        Err(refusal) => return Ok(Some(refusal.to_string())),
    };
    if taken == Taken::Utc {
        let mended = form.replace(column, "TIMESTAMP", &times::in_utc(&format!("{name}::TIMESTAMPTZ")));
        return Ok(Some(format!(
            "column `{}` is {type_name}, whose times the reference SQL would read in the zone of whoever runs it; have \
             them read as UTC{mended}",
            found.name
        )));
    }
    if type_name == "BLOB" {
        let sql = format!(
            "select count(*) from main.{TABLE} where {name} is not null and try(decode({name})) is null"
        );
        if connection.query_row(&sql, [], |row| row.get::<_, u64>(0))? > 0 {
            let bytes = SourceType::Other(type_name.to_owned());
            return Ok(accept(column, &found.name, &bytes).err().map(|refusal| refusal.to_string()));
        }
        let mended = form.replace(column, "VARCHAR", &format!("decode({name})"));
        return Ok(Some(format!(
            "column `{}` is BLOB, whose bytes the reference SQL would not read as text; have them read so{mended}",
            found.name
        )));
    }
    if type_name == "VARCHAR"
        && let Some(collation) = collation(connection, &name)?
    {
        // Bytes have no collation, nor has the text that is made of them.
        let mended = form.replace(column, "VARCHAR", &format!("decode(encode({name}))"));
        return Ok(Some(format!(
            "column `{}` has the collation {collation}, by which the reference SQL would take different texts for the \
             same; have them told apart{mended}",
            found.name
        )));
    }
    Ok(None)
}

/// The collation of a column of text, if it has one: nothing in the catalogue tells it but the SQL of a table.
fn collation(connection: &Connection, name: &str) -> anyhow::Result<Option<String>> {
    connection.execute_batch(&format!(
        "create or replace temp table collation_of as select {name} as a from main.{TABLE} limit 0"
    ))?;
    let sql = "select sql from duckdb_tables() where temporary and table_name = 'collation_of'";
    let sql: String = connection.query_row(sql, [], |row| row.get(0))?;
    let collation = sql.split_once(" COLLATE ").map(|(_, rest)| rest.trim_end_matches([')', ';']).to_owned());
    Ok(collation.filter(|collation| !collation.eq_ignore_ascii_case("binary")))
}

/// The type that a column is read as, given its stored one. Guilds stay whole numbers where they are.
fn read_as(column: Column, found: &SourceType) -> &'static str {
    match column {
        Column::PlayerId | Column::Level => "BIGINT",
        Column::Guild if matches!(found, SourceType::Integer | SourceType::Null) => "BIGINT",
        Column::Guild => "DOUBLE",
        Column::Datetime => "TIMESTAMP",
        Column::Race | Column::Class | Column::Zone => "VARCHAR",
    }
}

impl SourceColumn {
    /// Whether it has the column's own name: DuckDB does not tell the case of letters apart.
    fn is(&self, column: Column) -> bool {
        self.name.eq_ignore_ascii_case(column.name())
    }
}

/// `wowlogs`, as statements name it.
const TABLE: &str = schema::TABLE;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guilds_are_whole_numbers_or_doubles() {
        let read_as = |name: &str| read_as(Column::Guild, &SourceType::of_duckdb(name));
        assert_eq!(read_as("USMALLINT"), "BIGINT");
        assert_eq!(read_as("DECIMAL(5,1)"), "DOUBLE");
        assert_eq!(read_as("VARCHAR"), "DOUBLE");
    }
}
