//! What is exported: the columns of `wowlogs`, checked and cast as the reference SQL casts them, in order.

use std::path::Path;

use anyhow::Context as _;
use arrow::array::StringArray;
use duckdb::Connection;
use wow_engine::manifest::Rejected;
use wow_engine::schema;

use super::codes::Codes;
use crate::database::literal;
use crate::failure::Failure;
use crate::inspect::{self, ColumnReport};
use crate::target::Target;
use crate::{database, interrupt, parallel};

/// What DuckDB may hold in memory; beyond it, sorting goes to the disk. The rest of the process needs little.
const MEMORY_LIMIT: &str = "1GB";
/// Rows that DuckDB makes ready while those before are taken.
const BUFFER: &str = "16MB";
/// Each thread sorts in memory of its own, so a large machine must not start one per core.
const THREADS_MAX: usize = 4;
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
        let form = inspect::Form::of(connection)?;
        fail_on(target, &inspect::name_problems(&found, form))?;
        let columns = inspect::columns(connection, &found)?;
        interrupt::check()?;
        let problems: Vec<String> = columns.iter().filter_map(|column| column.problem.clone()).collect();
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
    /// sorted as codes, which takes a fraction of the space and time.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub(super) fn query(&self, connection: &Connection) -> anyhow::Result<Query> {
        let mut expressions = Vec::with_capacity(self.columns.len());
        let mut texts = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let name = column.name;
            let cast = format!("cast(\"{name}\" as {})", column.read_as);
            let codes = match column.read_as {
                "VARCHAR" => Codes::of(connection, &cast)?,
                _ => None,
            };
            let expression = codes.as_ref().map_or(&cast, |codes| &codes.expression);
            expressions.push(format!("{expression} as \"{name}\""));
            texts.push(codes.map(|codes| codes.texts));
        }
        // Places of `schema::COLUMNS`: player and time, then numbers before text, which is compared last.
        let sql = format!(
            "select {} from main.wowlogs where player_id is not null and datetime is not null
             order by 1, 7, 3, 2, 4, 5, 6",
            expressions.join(", ")
        );
        Ok(Query { sql, texts })
    }
}

/// How to get the rows.
pub(super) struct Query {
    /// The query itself; its columns are those of the contract.
    pub(super) sql: String,
    /// For each column whose rows are codes, the texts that they stand for.
    pub(super) texts: Vec<Option<StringArray>>,
}

/// Bounds what DuckDB takes, and says where it may put what does not fit.
///
/// # Errors
/// When DuckDB refuses a setting.
pub(super) fn bound_memory(connection: &Connection, spill: &Path) -> anyhow::Result<()> {
    let threads = threads();
    let spill = spill.to_str().context("the path of the export's folder is not valid Unicode")?;
    connection.execute_batch(&format!(
        "set memory_limit = '{MEMORY_LIMIT}'; set streaming_buffer_size = '{BUFFER}'; set threads = {threads};
         set temp_directory = {}",
        literal(spill)
    ))?;
    Ok(())
}

/// Threads that sort, and as many that encode.
pub(super) fn threads() -> usize {
    parallel::cores().min(THREADS_MAX)
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
