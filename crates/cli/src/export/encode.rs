//! From a group of rows to the compressed columns of a row group.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use anyhow::Context as _;
use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::compute::{cast, concat};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Field, Float64Type, Int64Type, Schema, SchemaRef, TimeUnit,
    TimestampMicrosecondType, UInt16Type,
};
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves,
};
use parquet::basic::Compression;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::SchemaDescriptor;
use wow_engine::schema::{self, NumberKind, float_to_key};
use wow_engine::write::{self, Chunk, CodedRuns, NumberRuns};

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
    columns: SchemaDescriptor,
    properties: WriterPropertiesPtr,
    factory: ArrowRowGroupWriterFactory,
}

impl Encoder {
    /// For batches of the log with guild numbers of a kind, in which texts may be codes.
    ///
    /// # Errors
    /// When Parquet has no such columns.
    pub(super) fn new(guild_kind: NumberKind) -> anyhow::Result<Self> {
        let fields = schema::COLUMNS.map(|name| Field::new(name, type_of(name, guild_kind), true));
        let schema = Arc::new(Schema::new(fields.to_vec()));
        let columns = ArrowSchemaConverter::new().convert(&schema)?;
        let properties = Arc::new(properties());
        let writer =
            SerializedFileWriter::new(std::io::sink(), columns.root_schema_ptr(), Arc::clone(&properties))?;
        Ok(Self {
            factory: ArrowRowGroupWriterFactory::new(&writer, Arc::clone(&schema)),
            schema,
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
        let columns = writers.into_iter().enumerate().map(|(index, writer)| {
            let has_codes =
                |batch: &RecordBatch| matches!(batch.column(index).data_type(), DataType::Dictionary(..));
            match self.schema.field(index).data_type() {
                DataType::Timestamp(..) => self.encode_times(index, &group.batches).map(Column::Own),
                DataType::Int64 => {
                    self.encode_numbers::<Int64Type>(index, &group.batches, |number| number).map(Column::Own)
                }
                DataType::Float64 => {
                    self.encode_numbers::<Float64Type>(index, &group.batches, float_to_key).map(Column::Own)
                }
                _ if group.batches.iter().all(has_codes) => {
                    self.encode_codes(index, &group.batches).map(Column::Own)
                }
                _ => self.encode_texts(index, writer, &group.batches).map(Column::Arrow),
            }
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

    fn encode_numbers<T: ArrowPrimitiveType>(
        &self,
        index: usize,
        batches: &[RecordBatch],
        key_of: impl Fn(T::Native) -> i64,
    ) -> anyhow::Result<Chunk> {
        let is_float = T::DATA_TYPE == DataType::Float64;
        let mut numbers = NumberRuns::new(if is_float { NumberKind::Float } else { NumberKind::Integer });
        for batch in batches {
            let column = batch.column(index).as_primitive_opt::<T>();
            for number in column.context("a number is of another type")? {
                numbers.push(number.map(&key_of), 1);
            }
        }
        Ok(write::runs(&self.columns.column(index), &numbers.runs)?)
    }

    fn encode_codes(&self, index: usize, batches: &[RecordBatch]) -> anyhow::Result<Chunk> {
        let mut codes = TextCodes::default();
        let mut runs = CodedRuns::default();
        for batch in batches {
            let column = batch.column(index).as_dictionary_opt::<UInt16Type>();
            let column = column.context("codes are of another type")?;
            codes.enter(column.values().as_string_opt().context("codes do not stand for texts")?);
            for key in column.keys() {
                let code = key.map(|key| codes.code(key.into(), &mut runs)).transpose()?;
                runs.push(code, 1);
            }
        }
        Ok(write::runs(&self.columns.column(index), &runs)?)
    }

    /// Texts of which there are so many that they are no codes.
    fn encode_texts(
        &self,
        index: usize,
        mut writer: ArrowColumnWriter,
        batches: &[RecordBatch],
    ) -> anyhow::Result<ArrowColumnChunk> {
        let field = self.schema.field(index);
        // Where some batches have codes and some have texts, all get texts. At once, for where pages end depends on what is
        // written at once.
        let columns = batches.iter().map(|batch| cast(batch.column(index), field.data_type()));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let columns: Vec<&dyn Array> = columns.iter().map(AsRef::as_ref).collect();
        // Every column of the log is one leaf.
        for leaf in compute_leaves(field, &concat(&columns)?)? {
            writer.write(&leaf)?;
        }
        Ok(writer.close()?)
    }
}

/// The type of a column in the parts.
pub(super) fn type_of(name: &str, guild_kind: NumberKind) -> DataType {
    match name {
        schema::PLAYER_ID | schema::LEVEL => DataType::Int64,
        schema::GUILD => match guild_kind {
            NumberKind::Integer => DataType::Int64,
            NumberKind::Float => DataType::Float64,
        },
        schema::DATETIME => DataType::Timestamp(TimeUnit::Microsecond, None),
        _ => DataType::Utf8,
    }
}

/// The codes that texts have in a row group, in order of appearance.
#[derive(Default)]
struct TextCodes {
    /// The texts that the keys of the batch at hand stand for.
    texts: Option<StringArray>,
    /// The code of each of them that has appeared.
    codes: Vec<Option<u32>>,
    /// The codes of all that have appeared, also in batches that had other texts.
    known: HashMap<String, u32>,
}

impl TextCodes {
    /// Goes on with a batch, whose texts are mostly those of the batch before.
    fn enter(&mut self, texts: &StringArray) {
        let is_same = |before: &StringArray| before.to_data().ptr_eq(&texts.to_data());
        if !self.texts.as_ref().is_some_and(is_same) {
            self.codes = vec![None; texts.len()];
            self.texts = Some(texts.clone());
        }
    }

    fn code(&mut self, key: usize, runs: &mut CodedRuns) -> anyhow::Result<u32> {
        let texts = self.texts.as_ref().filter(|texts| key < texts.len());
        let (texts, code) = texts.zip(self.codes.get_mut(key)).context("a code stands for no text")?;
        Ok(*code.get_or_insert_with(|| {
            let text = texts.value(key);
            *self.known.entry(text.to_owned()).or_insert_with(|| runs.add_text(text))
        }))
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
