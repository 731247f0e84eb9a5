//! The log as DuckDB gives it: the columns of `wowlogs`, checked and cast as the reference SQL casts them, in order.

pub(crate) mod codes;
mod fingerprint;
pub(crate) mod sampled;

use std::sync::Arc;

use anyhow::Context as _;
use arrow::array::{ArrayRef, AsArray, DictionaryArray, RecordBatch, StringArray};
use arrow::datatypes::UInt16Type;
use duckdb::Connection;
use wow_engine::manifest::Rejected;
use wow_engine::schema::{self, NumberKind};

use self::codes::Codes;
use self::sampled::Sampled;
use crate::failure::Failure;
use crate::inspect::{self, ColumnReport};
use crate::target::Target;
use crate::{database, interrupt, parallel};

pub(crate) use fingerprint::fingerprint;

/// What DuckDB may hold in memory; beyond it, sorting goes to the disk. The rest of the process needs little.
const MEMORY_LIMIT: &str = "1GB";
/// Rows that DuckDB makes ready while those before are taken.
const BUFFER: &str = "16MB";
/// Each thread sorts in memory of its own, so a large machine must not start one per core.
const THREADS_MAX: usize = 4;

/// The checked table.
pub(crate) struct Source {
    /// The contract's columns as found.
    pub(crate) columns: Vec<ColumnReport>,
    /// All rows of the table.
    pub(crate) rows: u64,
    /// Rows that no model can use.
    pub(crate) rejected: Rejected,
    /// Which of the players are taken, where not all are.
    pub(crate) sampled: Option<Sampled>,
}

impl Source {
    /// Checks every value of the table.
    ///
    /// # Errors
    /// A [`Failure`] that names what is missing or does not cast, and the way out.
    pub(crate) fn check(connection: &Connection, target: &Target) -> anyhow::Result<Self> {
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
            Ok(Self { columns, rows: row.get(0)?, rejected, sampled: None })
        })?)
    }

    /// Rows that models are made of.
    pub(crate) const fn kept_rows(&self) -> u64 {
        self.rows.saturating_sub(self.rejected.total())
    }

    /// How guild numbers are stored in the parts.
    pub(super) fn guild_kind(&self) -> NumberKind {
        let is_double = |column: &ColumnReport| column.name == schema::GUILD && column.read_as == "DOUBLE";
        if self.columns.iter().any(is_double) { NumberKind::Float } else { NumberKind::Integer }
    }

    /// The query that gives the kept rows in order of player and time.
    ///
    /// Rows that these two do not tell apart follow the other columns, so that one table has one order. Text is
    /// sorted as codes, which takes a fraction of the space and time.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub(crate) fn query(&self, connection: &Connection) -> anyhow::Result<Query> {
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
        let of_sample = self.of_sample("player_id");
        let sql = format!(
            "select {} from main.wowlogs where player_id is not null and datetime is not null {of_sample}
             order by 1, 7, 3, 2, 4, 5, 6",
            expressions.join(", ")
        );
        Ok(Query { sql, texts })
    }
}

/// How to get the rows.
pub(crate) struct Query {
    /// The query itself; its columns are those of the contract.
    pub(crate) sql: String,
    /// For each column whose rows are codes, the texts that they stand for.
    pub(crate) texts: Vec<Option<StringArray>>,
}

impl Query {
    /// The rows of a batch that the query gave, with the texts that codes stand for.
    ///
    /// # Errors
    /// When the batch is not of the query.
    pub(crate) fn with_texts(&self, batch: &RecordBatch) -> anyhow::Result<RecordBatch> {
        let columns = batch.columns().iter().zip(&self.texts).map(|(column, texts)| {
            let Some(texts) = texts else { return Ok(Arc::clone(column)) };
            let codes = column.as_primitive_opt::<UInt16Type>().context("DuckDB gave no codes")?;
            Ok(Arc::new(DictionaryArray::try_new(codes.clone(), Arc::new(texts.clone()))?) as ArrayRef)
        });
        let columns = columns.collect::<anyhow::Result<Vec<_>>>()?;
        log_batch(columns)
    }
}

/// A batch of the columns of the log; in each of them a row may have nothing.
///
/// # Errors
/// When they are not as many, or not of one length.
pub(crate) fn log_batch(columns: impl IntoIterator<Item = ArrayRef>) -> anyhow::Result<RecordBatch> {
    let columns = schema::COLUMNS.into_iter().zip(columns).map(|(name, column)| (name, column, true));
    Ok(RecordBatch::try_from_iter_with_nullable(columns)?)
}

/// Bounds what DuckDB takes.
///
/// # Errors
/// When DuckDB refuses a setting.
pub(crate) fn bound_memory(connection: &Connection) -> anyhow::Result<()> {
    let threads = threads();
    connection.execute_batch(&format!("set memory_limit = '{MEMORY_LIMIT}'; set threads = {threads}"))?;
    bound_stream(connection)
}

/// Bounds the rows that DuckDB makes ready on a connection.
///
/// # Errors
/// When DuckDB refuses the setting.
pub(crate) fn bound_stream(connection: &Connection) -> anyhow::Result<()> {
    Ok(connection.execute_batch(&format!("set streaming_buffer_size = '{BUFFER}'"))?)
}

/// Threads that sort, and as many that encode.
pub(crate) fn threads() -> usize {
    parallel::cores().min(THREADS_MAX)
}

fn fail_on(target: &Target, problems: &[String]) -> anyhow::Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    Err(Failure::check(format!(
        "`{}` in {} cannot be used: {}",
        schema::TABLE,
        target.path.display(),
        problems.join("; also, ")
    )))
}
