//! The files of the two models that have a row per event.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::SchemaDescriptor;
use wow_engine::pipeline::Strings;
use wow_engine::schema::NumberKind;
use wow_engine::write::Chunk;

use super::rows::GroupRows;
use crate::run::groups::SourceGroup;

/// The columns of both models, encoded, for one row group of the export.
pub(super) struct EncodedGroup {
    /// Model 1.
    pub(super) all: Vec<Chunk>,
    /// Model 3; nothing when all players are flagged.
    pub(super) kept: Vec<Chunk>,
    /// Rows of model 1.
    pub(super) rows: u64,
    /// Rows of model 3.
    pub(super) kept_rows: u64,
}

/// Encodes the rows of one row group of the export.
///
/// # Errors
/// When it cannot be read.
pub(super) fn encode(
    columns: &SchemaDescriptor,
    group: &SourceGroup,
    mut rows: GroupRows<'_>,
    guild_kind: NumberKind,
) -> anyhow::Result<EncodedGroup> {
    let mut strings = Strings::default();
    let mut reader = group.events();
    while let Some(events) = reader.next(&mut strings)? {
        rows.extend(events)?;
    }
    let source = group.metadata();
    let row_count = u64::try_from(source.num_rows())?;
    anyhow::ensure!(rows.all.rows() as u64 == row_count, "a row of the export has no player or no time");
    // The source's columns are compressed already, and stay as they are.
    let mut all: Vec<Chunk> =
        source.columns().iter().map(|column| Chunk::copied(&group.bytes, column, row_count)).collect();
    all.extend(rows.all.pack(columns)?);
    let kept_rows = rows.kept.rows() as u64;
    let kept = if kept_rows == 0 { Vec::new() } else { rows.kept.pack(columns, guild_kind, &strings)? };
    Ok(EncodedGroup { all, kept, rows: row_count, kept_rows })
}

/// A model's file while it is written.
pub(super) struct TableFile {
    writer: SerializedFileWriter<BufWriter<File>>,
    rows: u64,
}

impl TableFile {
    /// An empty file.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn create(path: &PathBuf, columns: &SchemaDescriptor) -> anyhow::Result<Self> {
        let file = File::create(path).with_context(|| format!("{} cannot be made", path.display()))?;
        let file = BufWriter::with_capacity(1 << 20, file);
        let writer = SerializedFileWriter::new(file, columns.root_schema_ptr(), Arc::new(properties()))?;
        Ok(Self { writer, rows: 0 })
    }

    /// Writes a row group.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn append(&mut self, chunks: Vec<Chunk>, rows: u64) -> anyhow::Result<()> {
        if rows > 0 {
            let mut row_group = self.writer.next_row_group()?;
            for chunk in chunks {
                chunk.append_to(&mut row_group)?;
            }
            row_group.close()?;
            self.rows += rows;
        }
        Ok(())
    }

    /// Sees that all is on the disk; gives the number of rows.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn finish(self) -> anyhow::Result<u64> {
        let file = self.writer.into_inner()?;
        file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        Ok(self.rows)
    }
}

/// How all models are written.
pub(super) fn properties() -> WriterProperties {
    WriterProperties::builder().set_compression(Compression::SNAPPY).build()
}
