//! A file to be imported: opened and checked before anything is written, then inserted.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::Context as _;
use duckdb::vtab::arrow::ArrowBatchRegistration;
use duckdb::{Connection, params_from_iter};

use super::cast::{self, Cast, DOES_NOT_CAST, Failing};
use super::columns::{self, Column};
use super::{csv, parquet};
use crate::failure::Failure;
use crate::output::Progress;
use crate::{database, interrupt};

/// The first bytes of a gzip file.
const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];
/// How often DuckDB is asked how far it is.
const POLL: Duration = Duration::from_millis(200);

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// Comma-separated values, perhaps in gzip.
    Csv,
    /// Parquet, in any compression.
    Parquet,
}

/// A file whose columns are those of the log.
pub(crate) struct Source {
    /// The file, as the user wrote it.
    pub(crate) path: PathBuf,
    /// What it is.
    pub(crate) format: Format,
    /// Its size.
    pub(crate) bytes: u64,
    columns: Vec<Column>,
    casts: Vec<Cast>,
    relation: String,
}

impl Source {
    /// Opens a file and finds the log's columns.
    ///
    /// # Errors
    /// A [`Failure`] that says what is wrong with the file or its columns, and the way out.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let (bytes, magic) = first_bytes(path)?;
        let is_parquet = magic == parquet::MAGIC;
        let is_gzip = magic.starts_with(GZIP_MAGIC);
        let names = if is_parquet { parquet::names(path)? } else { csv::header(path, is_gzip)? };
        let columns = columns::find(path, &names)?;
        let (format, relation, types) = if is_parquet {
            (Format::Parquet, parquet::RELATION.to_owned(), parquet::type_names(path, &columns)?)
        } else {
            let relation = csv::relation(path, is_gzip, names.len(), &columns)?;
            (Format::Csv, relation, vec!["VARCHAR".to_owned(); columns.len()])
        };
        let casts = columns.iter().zip(&types).map(|(column, type_name)| {
            Cast::of(column.name, &column.found, type_name).map_err(|sentence| {
                Failure::check(format!("{} cannot be imported: {sentence}", path.display()))
            })
        });
        let casts = casts.collect::<anyhow::Result<_>>()?;
        Ok(Self { path: path.to_owned(), format, bytes, columns, casts, relation })
    }

    /// Appends all rows to `wowlogs`; progress is counted in bytes of the file. Says how many rows there were.
    ///
    /// # Errors
    /// A [`Failure`] that names what does not cast, or what DuckDB said.
    pub(crate) fn insert(&self, connection: &Connection, progress: &mut Progress) -> anyhow::Result<u64> {
        let values: Vec<String> = self.casts.iter().map(Cast::strict).collect();
        let sql = format!("insert into main.wowlogs select {} from {}", values.join(", "), self.relation);
        let inserted = match self.format {
            Format::Csv => self.insert_at_once(connection, &sql, progress),
            Format::Parquet => self.insert_in_batches(connection, &sql, progress),
        };
        interrupt::check()?;
        inserted.map_err(|error| self.explain(error))
    }

    fn insert_at_once(
        &self,
        connection: &Connection,
        sql: &str,
        progress: &mut Progress,
    ) -> anyhow::Result<u64> {
        connection.set_query_progress_tracking(true)?;
        let handle = connection.progress_handle();
        let (finished, is_finished) = channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let mut shown = 0;
                while is_finished.recv_timeout(POLL) == Err(RecvTimeoutError::Timeout) {
                    let percent = handle.query_progress().percentage().unwrap_or(0.0);
                    let done = ((percent / 100.0 * self.bytes as f64) as u64).clamp(shown, self.bytes);
                    progress.advance(done - shown);
                    shown = done;
                }
                progress.advance(self.bytes - shown);
            });
            let rows = connection.execute(sql, []);
            drop(finished);
            Ok(rows? as u64)
        })
    }

    fn insert_in_batches(
        &self,
        connection: &Connection,
        sql: &str,
        progress: &mut Progress,
    ) -> anyhow::Result<u64> {
        parquet::register(connection)?;
        let mut statement = connection.prepare(sql)?;
        let (mut rows, mut shown) = (0, 0);
        parquet::for_each(&self.path, &self.columns, &mut |batch, share| {
            rows += statement.execute([batch])? as u64;
            let done = (share * self.bytes as f64) as u64;
            progress.advance(done.saturating_sub(shown));
            shown = done;
            Ok(())
        })?;
        Ok(rows)
    }

    /// Says what does not cast, if that is what DuckDB stumbled over.
    fn explain(&self, error: anyhow::Error) -> anyhow::Error {
        if !format!("{error:#}").contains(DOES_NOT_CAST) {
            return csv::explain(&self.path, error);
        }
        match self.failing() {
            Ok(failing) if failing.iter().any(|failing| failing.rows > 0) => {
                cast::failure(&self.path, &self.casts, &failing)
            }
            Ok(_) => error,
            Err(error) => csv::explain(&self.path, error),
        }
    }

    /// Reads the whole file again and counts what does not cast, for each column.
    fn failing(&self) -> anyhow::Result<Vec<Failing>> {
        // The transaction of the failed insert answers no more queries.
        let connection = database::open_in_memory()?;
        let mut failing: Vec<Failing> = self.casts.iter().map(|_| Failing::default()).collect();
        match self.format {
            Format::Csv => self.count_failing(&connection, None, &mut failing)?,
            Format::Parquet => {
                parquet::register(&connection)?;
                parquet::for_each(&self.path, &self.columns, &mut |batch, _| {
                    self.count_failing(&connection, Some(batch), &mut failing)
                })?;
            }
        }
        Ok(failing)
    }

    fn count_failing(
        &self,
        connection: &Connection,
        batch: Option<&ArrowBatchRegistration>,
        failing: &mut [Failing],
    ) -> anyhow::Result<()> {
        let counts: Vec<String> =
            self.casts.iter().map(|cast| format!("count(*) filter (where {})", cast.fails())).collect();
        let sql = format!("select {} from {}", counts.join(", "), self.relation);
        let rows: Vec<u64> = connection.query_row(&sql, params_from_iter(batch), |row| {
            (0..self.casts.len()).map(|index| row.get(index)).collect()
        })?;
        for ((cast, rows), failing) in self.casts.iter().zip(rows).zip(failing) {
            if rows > 0 {
                let mut statement = connection.prepare(&Failing::examples_sql(cast, &self.relation))?;
                let examples = statement.query_map(params_from_iter(batch), |row| row.get(0))?;
                failing.add(rows, examples.collect::<Result<Vec<String>, _>>()?);
            }
        }
        Ok(())
    }
}

/// A file's size and the four bytes it starts with, or fewer.
fn first_bytes(path: &Path) -> anyhow::Result<(u64, Vec<u8>)> {
    if !path.exists() {
        return Err(Failure::usage(format!(
            "there is no file at {}; name a CSV or Parquet file",
            path.display()
        )));
    }
    if path.is_dir() {
        return Err(Failure::usage(format!("{} is a folder; name the files in it", path.display())));
    }
    let cannot = || Failure::Check(format!("{} cannot be read; see the cause", path.display()));
    let file = File::open(path).with_context(cannot)?;
    let bytes = file.metadata().with_context(cannot)?.len();
    let mut magic = Vec::new();
    file.take(parquet::MAGIC.len() as u64).read_to_end(&mut magic).with_context(cannot)?;
    Ok((bytes, magic))
}
