//! What is exported: the columns of `wowlogs`, checked and cast as the reference SQL casts them, in order.

use std::path::Path;

use anyhow::Context as _;
use duckdb::Connection;
use wow_engine::manifest::Rejected;
use wow_engine::schema;

use crate::database::literal;
use crate::failure::Failure;
use crate::inspect::{self, ColumnReport};
use crate::target::Target;
use crate::{database, interrupt};

/// What DuckDB may hold in memory; beyond it, sorting goes to the disk. The rest of the process needs little.
const MEMORY_LIMIT: &str = "1GB";
/// Each thread sorts in memory of its own, so a large machine must not start one per core.
const THREADS_MAX: usize = 4;
/// A text column with more values than this is read as plain text.
const CODED_VALUES_MAX: usize = 4_096;
/// So is one whose values are longer than this in all. It is half of what a Parquet dictionary holds.
const CODED_BYTES_MAX: usize = 512 << 10;

/// The checked table.
pub(super) struct Source {
    /// The contract's columns as found.
    pub(super) columns: Vec<ColumnReport>,
    /// All rows of the table.
    pub(super) rows: u64,
    /// Rows that are not exported.
    pub(super) rejected: Rejected,
}

impl Source {
    /// Checks every value of the table.
    ///
    /// # Errors
    /// A [`Failure`] that names what is missing or does not cast, and the way out.
    pub(super) fn check(connection: &Connection, target: &Target) -> anyhow::Result<Self> {
        database::require_log_table(connection, target)?;
        let found = database::log_columns(connection)?;
        fail_on(target, &inspect::missing_columns(&found))?;
        fail_on(target, &inspect::zoned_times(&found))?;
        let columns = inspect::columns(connection, &found)?;
        interrupt::check()?;
        let problems: Vec<String> = columns.iter().filter_map(ColumnReport::uncastable_problem).collect();
        fail_on(target, &problems)?;
        let sql = "select count(*), count(*) filter (where player_id is null),
                          count(*) filter (where player_id is not null and datetime is null) from main.wowlogs";
        Ok(connection.query_row(sql, [], |row| {
            let rejected = Rejected { null_player_id: row.get(1)?, null_datetime: row.get(2)? };
            Ok(Self { columns, rows: row.get(0)?, rejected })
        })?)
    }

    /// Rows that are exported.
    pub(super) const fn kept_rows(&self) -> u64 {
        self.rows.saturating_sub(self.rejected.total())
    }

    /// The query that gives the kept rows in order of player and time.
    ///
    /// Rows that these two do not tell apart follow the other columns, so that one table has one order. Text is
    /// sorted as the codes of an ENUM, which takes half the space and time.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub(super) fn query(&self, connection: &Connection) -> anyhow::Result<String> {
        let mut columns = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let name = column.name;
            let cast = format!("cast(\"{name}\" as {})", column.read_as);
            let expression = match column.read_as {
                "VARCHAR" => match coded_type(connection, &cast)? {
                    Some(coded) => format!("cast({cast} as {coded})"),
                    None => cast,
                },
                _ => cast,
            };
            columns.push(format!("{expression} as \"{name}\""));
        }
        // Places of `schema::COLUMNS`: player and time, then numbers before text, which is compared last.
        Ok(format!(
            "select {} from main.wowlogs where player_id is not null and datetime is not null
             order by 1, 7, 3, 2, 4, 5, 6",
            columns.join(", ")
        ))
    }
}

/// Bounds what DuckDB takes, and says where it may put what does not fit.
///
/// # Errors
/// When DuckDB refuses a setting.
pub(super) fn bound_memory(connection: &Connection, spill: &Path) -> anyhow::Result<()> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX);
    let spill = spill.to_str().context("the path of the export's folder is not valid Unicode")?;
    connection.execute_batch(&format!(
        "set memory_limit = '{MEMORY_LIMIT}'; set threads = {threads}; set temp_directory = {}",
        literal(spill)
    ))?;
    Ok(())
}

fn fail_on(target: &Target, problems: &[String]) -> anyhow::Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    Err(Failure::check(format!(
        "`{}` in {} cannot be exported: {}",
        schema::TABLE,
        target.path.display(),
        problems.join("; also, ")
    )))
}

/// An ENUM type of all values of a text column, unless there are too many.
fn coded_type(connection: &Connection, text: &str) -> anyhow::Result<Option<String>> {
    let sql = format!(
        "select distinct {text} as value from main.wowlogs where value is not null
         order by value limit {}",
        CODED_VALUES_MAX + 1
    );
    let mut statement = connection.prepare(&sql)?;
    let values: Vec<String> =
        statement.query_map([], |row| row.get(0))?.collect::<Result<_, duckdb::Error>>()?;
    let bytes: usize = values.iter().map(String::len).sum();
    // An ENUM has at least one value, and SQL text cannot hold a zero byte.
    let codable = (1..=CODED_VALUES_MAX).contains(&values.len())
        && bytes <= CODED_BYTES_MAX
        && !values.iter().any(|value| value.contains('\0'));
    let literals = || values.iter().map(|value| literal(value)).collect::<Vec<_>>().join(", ");
    Ok(codable.then(|| format!("enum({})", literals())))
}
