//! Parquet in batches that DuckDB can query.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use duckdb::Connection;
use duckdb::vtab::arrow::{ArrowBatchRegistration, ArrowVTab};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

use super::columns::Column;
use crate::database::open_in_memory;
use crate::failure::Failure;
use crate::interrupt;

/// The first bytes of every Parquet file.
pub(super) const MAGIC: &[u8] = b"PAR1";
/// The relation that stands for a batch given as a statement's only parameter.
pub(super) const RELATION: &str = "arrow(?)";
/// Rows of a batch: as many as DuckDB stores together.
const BATCH_ROWS: usize = 122_880;

/// Lets a connection query batches through [`RELATION`].
///
/// # Errors
/// When DuckDB refuses.
pub(super) fn register(connection: &Connection) -> anyhow::Result<()> {
    Ok(connection.register_table_function::<ArrowVTab>("arrow")?)
}

/// The names of the file's columns.
///
/// # Errors
/// A [`Failure`] when it is not a whole Parquet file.
pub(super) fn names(path: &Path) -> anyhow::Result<Vec<String>> {
    let metadata = metadata(path, &File::open(path)?)?;
    Ok(metadata.schema().fields().iter().map(|field| field.name().clone()).collect())
}

/// The types of the file's columns as DuckDB sees them, in the order of `columns`.
///
/// # Errors
/// When DuckDB has no such type.
pub(super) fn type_names(path: &Path, columns: &[Column]) -> anyhow::Result<Vec<String>> {
    let metadata = metadata(path, &File::open(path)?)?;
    let schema = Arc::clone(metadata.schema());
    let connection = open_in_memory()?;
    register(&connection)?;
    columns
        .iter()
        .map(|column| {
            let field = schema.field(column.place);
            let empty = RecordBatch::new_empty(Arc::new(Schema::new(vec![field.clone()])));
            let batch = ArrowBatchRegistration::new(empty);
            let sql = "select typeof(any_value(columns(*))) from arrow(?)";
            connection.query_row(sql, [&batch], |row| row.get(0)).with_context(|| {
                let (name, found) = (&column.found, field.data_type());
                Failure::Check(format!(
                    "column `{name}` of {} has type {found}, which cannot be read",
                    path.display()
                ))
            })
        })
        .collect()
}

/// Hands every batch of the file to `visit`, its columns under the contract's names, with the file's share that is
/// done after it, from 0 to 1.
///
/// # Errors
/// A [`Failure`] for damaged bytes, what `visit` gave, and after Ctrl-C.
pub(super) fn for_each(
    path: &Path,
    columns: &[Column],
    visit: &mut dyn FnMut(&ArrowBatchRegistration, f64) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let file = File::open(path)?;
    let metadata = metadata(path, &file)?;
    let total = metadata.metadata().file_metadata().num_rows();
    let mask = ProjectionMask::roots(
        metadata.metadata().file_metadata().schema_descr(),
        columns.iter().map(|column| column.place),
    );
    let mut reader = guarded(path, || {
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone());
        Ok(builder.with_projection(mask).with_batch_size(BATCH_ROWS).build()?)
    })?;
    let named = renamed(metadata.schema(), columns);
    let mut done = 0;
    while let Some(batch) = guarded(path, || Ok(reader.next().transpose()?))? {
        interrupt::check()?;
        done += batch.num_rows();
        let batch = RecordBatch::try_new(Arc::clone(&named), batch.columns().to_vec())?;
        visit(&ArrowBatchRegistration::new(batch), done as f64 / total.max(1) as f64)?;
    }
    Ok(())
}

/// The schema of the projected batches, which keep the order of the file, under the contract's names.
fn renamed(schema: &Schema, columns: &[Column]) -> SchemaRef {
    let mut columns: Vec<&Column> = columns.iter().collect();
    columns.sort_by_key(|column| column.place);
    let fields: Vec<Field> =
        columns.iter().map(|column| schema.field(column.place).clone().with_name(column.name)).collect();
    Arc::new(Schema::new(fields))
}

fn metadata(path: &Path, file: &File) -> anyhow::Result<ArrowReaderMetadata> {
    // The Arrow schema that a writer may have left in the file is not trusted.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    guarded(path, || Ok(ArrowReaderMetadata::load(file, options)?))
}

/// Runs the decoder on bytes that anyone may have made: where it panics on them, that is an error.
fn guarded<T>(path: &Path, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let result = catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(anyhow::anyhow!("its contents contradict themselves")));
    result.with_context(|| {
        Failure::Check(format!("{} is damaged or no Parquet file; fetch or write it again", path.display()))
    })
}
