//! What was made of the models for others to read, beside the engine's own rows: the relations in the database, and the
//! Parquet files of `wow run --to parquet`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;

use anyhow::Context as _;
use arrow::array::{RecordBatch, RecordBatchReader as _};
use arrow::datatypes::SchemaRef;
use duckdb::Connection;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use serde::Serialize;
use serde_json::Value;
use wow_engine::schema::NumberKind;

use super::compare::{Difference, Layout, compare};
use super::differing_columns;
use super::side::Side;
use super::sql::{self, SqlRows};
use crate::database::{self, quoted};
use crate::failure::Failure;
use crate::reference::PlayerRange;
use crate::run::parquet::file_name;

/// A model as it was shipped.
#[derive(Debug, Clone)]
pub(super) enum Shipped {
    /// A table or view in the database, as SQL writes it.
    Database(String),
    /// A Parquet file.
    Parquet(PathBuf),
}

/// One comparison with what was shipped.
#[derive(Debug, Serialize)]
pub(super) struct ShippedAnswer {
    /// What it was compared with: `database` or `parquet`.
    pub(super) side: &'static str,
    /// How a sentence speaks of that.
    #[serde(skip)]
    pub(super) words: &'static str,
    /// Whether it is the same.
    pub(super) same: bool,
    /// Its rows.
    pub(super) rows: u64,
    /// Names and types, when they are not the same on both sides; no rows are compared then.
    pub(super) columns_differing: Vec<String>,
    /// Rows on either side that the other has not.
    pub(super) rows_differing: u64,
    /// The first differences.
    #[serde(skip)]
    pub(super) first: Vec<Difference>,
    first_differences: Vec<Value>,
}

impl Shipped {
    /// What there is of a model.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub(super) fn of(connection: &Connection, model: &str, folder: &Path) -> anyhow::Result<Vec<Self>> {
        let is_there = database::table_names(connection)?.iter().any(|name| name == model);
        let relation = is_there.then(|| Self::Database(format!("main.{}", quoted(model))));
        let file = folder.join(file_name(model));
        let file = file.is_file().then_some(Self::Parquet(file));
        Ok(relation.into_iter().chain(file).collect())
    }

    /// The side's name.
    const fn side(&self) -> &'static str {
        match self {
            Self::Database(_) => "database",
            Self::Parquet(_) => "parquet",
        }
    }

    /// How a sentence speaks of it.
    const fn words(&self) -> &'static str {
        match self {
            Self::Database(_) => "the database",
            Self::Parquet(_) => "Parquet",
        }
    }

    /// Looks at its columns, which are to be those of the SQL.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn open(
        &self,
        connection: &Connection,
        (columns, kind): (&SchemaRef, NumberKind),
    ) -> anyhow::Result<Opened> {
        let (source, schema) = match self {
            Self::Database(relation) => {
                // Temporary tables are of the other connection, and its rows are on the way meanwhile.
                let connection = connection.try_clone()?;
                database::prepare(&connection)?;
                let schema = sql::describe(&connection, relation, kind).with_context(|| {
                    Failure::Check(format!("{relation} cannot be read; run `wow run` again"))
                })?;
                (Source::Database(connection, relation.clone()), schema)
            }
            Self::Parquet(path) => {
                let unreadable = || {
                    let again = "run `wow run --to parquet` again";
                    Failure::Check(format!("{} cannot be read; {again}", path.display()))
                };
                let reader = File::open(path)
                    .map_err(anyhow::Error::from)
                    .and_then(|file| Ok(ParquetRecordBatchReaderBuilder::try_new(file)?.build()?))
                    .with_context(unreadable)?;
                let schema = reader.schema();
                (Source::Parquet(reader), schema)
            }
        };
        let columns_differing = differing_columns(columns, &schema, self.words());
        let side = self.side();
        let answer = ShippedAnswer {
            side,
            words: self.words(),
            same: false,
            rows: 0,
            columns_differing,
            rows_differing: 0,
            first: Vec::new(),
            first_differences: Vec::new(),
        };
        Ok(Opened { source, kind, answer })
    }
}

enum Source {
    Database(Connection, String),
    Parquet(ParquetRecordBatchReader),
}

/// A shipped model whose columns are known.
pub(super) struct Opened {
    source: Source,
    kind: NumberKind,
    answer: ShippedAnswer,
}

impl Opened {
    /// Whether its columns are those of the SQL.
    pub(super) const fn is_alike(&self) -> bool {
        self.answer.columns_differing.is_empty()
    }

    /// Compares all rows with those of the SQL.
    ///
    /// # Errors
    /// When they cannot be read, and after Ctrl-C.
    pub(super) fn compare(
        &mut self,
        sql_rows: Receiver<RecordBatch>,
        layout: &Layout,
        ranges: &[PlayerRange],
    ) -> anyhow::Result<()> {
        let answer = &mut self.answer;
        let mut compare =
            |rows: &mut dyn Iterator<Item = anyhow::Result<RecordBatch>>| -> anyhow::Result<()> {
                let mut sql_rows = sql_rows.iter().map(Ok);
                let (mut sql, mut other) =
                    (Side::new(&mut sql_rows, layout.key), Side::new(rows, layout.key));
                let found = compare(layout, &mut sql, &mut other, &mut |_| ())?;
                answer.rows = other.rows_done();
                answer.same = found.rows_differing == 0;
                answer.rows_differing = found.rows_differing;
                answer.first_differences = found.first.iter().map(|found| found.told(answer.side)).collect();
                answer.first = found.first;
                Ok(())
            };
        match &mut self.source {
            Source::Database(connection, relation) => std::thread::scope(|scope| {
                let columns = (&layout.schema, self.kind);
                let (mut rows, _) = SqlRows::start(scope, connection, relation, columns, ranges, 0);
                compare(&mut rows)
            }),
            Source::Parquet(reader) => compare(&mut reader.map(|batch| Ok(batch?))),
        }
    }

    /// What was found.
    pub(super) fn answer(self) -> ShippedAnswer {
        self.answer
    }
}
