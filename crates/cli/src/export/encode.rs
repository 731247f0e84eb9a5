//! From a group of rows to the compressed columns of a row group.

use std::io::Write;
use std::sync::Arc;

use anyhow::Context as _;
use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimestampMicrosecondType, UInt16Type};
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves,
};
use parquet::basic::Compression;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::SchemaDescriptor;
use wow_engine::schema;
use wow_engine::write::{self, Chunk, Runs};

use super::groups::{Extent, Group};

/// An encoded group.
pub(super) struct EncodedGroup {
    /// What it holds.
    pub(super) extent: Extent,
    /// Its size.
    pub(super) bytes: u64,
    columns: Vec<Column>,
}

impl EncodedGroup {
    /// Writes it as a row group.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn append_to<W: Write + Send>(
        self,
        mut row_group: SerializedRowGroupWriter<'_, W>,
    ) -> anyhow::Result<()> {
        for column in self.columns {
            match column {
                Column::Own(chunk) => chunk.append_to(&mut row_group)?,
                Column::Arrow(chunk) => chunk.append_to_row_group(&mut row_group)?,
            }
        }
        row_group.close()?;
        Ok(())
    }
}

enum Column {
    Own(Chunk),
    Arrow(ArrowColumnChunk),
}

impl Column {
    fn bytes(&self) -> u64 {
        match self {
            Self::Own(chunk) => chunk.bytes(),
            Self::Arrow(chunk) => chunk.close().bytes_written,
        }
    }
}

/// Encodes groups; any number of threads may use it at a time.
pub(super) struct Encoder {
    /// The rows as they are encoded: codes have become texts.
    schema: SchemaRef,
    texts: Vec<Option<StringArray>>,
    columns: SchemaDescriptor,
    properties: WriterPropertiesPtr,
    factory: ArrowRowGroupWriterFactory,
}

impl Encoder {
    /// For batches of this schema, in which a column that has `texts` holds their ranks.
    ///
    /// # Errors
    /// When Parquet has no such columns.
    pub(super) fn new(schema: &Schema, texts: Vec<Option<StringArray>>) -> anyhow::Result<Self> {
        let fields = schema.fields().iter().zip(&texts).map(|(field, texts)| match texts {
            Some(_) => Field::new(field.name(), DataType::Utf8, field.is_nullable()),
            None => field.as_ref().clone(),
        });
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let columns = ArrowSchemaConverter::new().convert(&schema)?;
        let properties = Arc::new(properties());
        let writer =
            SerializedFileWriter::new(std::io::sink(), columns.root_schema_ptr(), Arc::clone(&properties))?;
        Ok(Self {
            factory: ArrowRowGroupWriterFactory::new(&writer, Arc::clone(&schema)),
            schema,
            texts,
            columns,
            properties,
        })
    }

    /// A file for encoded groups.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn start_file<W: Write + Send>(&self, file: W) -> anyhow::Result<SerializedFileWriter<W>> {
        Ok(SerializedFileWriter::new(file, self.columns.root_schema_ptr(), Arc::clone(&self.properties))?)
    }

    /// Encodes a group.
    ///
    /// # Errors
    /// When a batch is not of the schema.
    pub(super) fn encode(&self, group: &Group) -> anyhow::Result<EncodedGroup> {
        // The number of the row group matters to encryption alone.
        let writers = self.factory.create_column_writers(0)?;
        let columns = writers.into_iter().enumerate().map(|(index, writer)| match &self.texts[index] {
            Some(texts) => self.encode_texts(index, texts, &group.batches).map(Column::Own),
            None if self.schema.field(index).name() == schema::DATETIME => {
                self.encode_times(index, &group.batches).map(Column::Own)
            }
            None => self.encode_others(index, writer, &group.batches).map(Column::Arrow),
        });
        let columns = columns.collect::<anyhow::Result<Vec<_>>>()?;
        let bytes = columns.iter().map(Column::bytes).sum();
        Ok(EncodedGroup { extent: group.extent, bytes, columns })
    }

    fn encode_times(&self, index: usize, batches: &[RecordBatch]) -> anyhow::Result<Chunk> {
        let mut times_us = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
        for batch in batches {
            let column = batch.column(index).as_primitive_opt::<TimestampMicrosecondType>();
            let column = column.filter(|times| times.null_count() == 0);
            times_us.extend_from_slice(column.context("a time is missing or of another type")?.values());
        }
        Ok(write::times(&self.columns.column(index), &times_us)?)
    }

    fn encode_texts(
        &self,
        index: usize,
        texts: &StringArray,
        batches: &[RecordBatch],
    ) -> anyhow::Result<Chunk> {
        let mut codes = vec![None; texts.len()];
        let mut runs = Runs::default();
        for batch in batches {
            let ranks = batch.column(index).as_primitive_opt::<UInt16Type>();
            for rank in ranks.context("DuckDB gave no codes")? {
                let code = match rank.map(usize::from) {
                    Some(rank) => {
                        let code = codes.get_mut(rank).context("DuckDB gave a code without a text")?;
                        Some(*code.get_or_insert_with(|| runs.add_text(texts.value(rank))))
                    }
                    None => None,
                };
                runs.push(code, 1);
            }
        }
        Ok(write::runs(&self.columns.column(index), &runs)?)
    }

    fn encode_others(
        &self,
        index: usize,
        mut writer: ArrowColumnWriter,
        batches: &[RecordBatch],
    ) -> anyhow::Result<ArrowColumnChunk> {
        let field = self.schema.field(index);
        for batch in batches {
            // Every column of the log is one leaf.
            for leaf in compute_leaves(field, batch.column(index))? {
                writer.write(&leaf)?;
            }
        }
        Ok(writer.close()?)
    }
}

/// Repeated values are packed by a dictionary.
fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_dictionary_enabled(true)
        // A reader chooses row groups; indexes of their pages would only make the footer larger.
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .build()
}
