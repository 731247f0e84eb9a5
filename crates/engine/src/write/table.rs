//! A file of one table in one row group, or in none where it has no rows.

use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as PhysicalType};
use parquet::errors::Result;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{SchemaDescriptor, Type};

use super::Chunk;

/// What a column holds; any of them may be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// 64-bit whole numbers.
    Whole,
    /// Doubles.
    Double,
    /// 0 or 1, as SQL has them: 32-bit numbers.
    Flag,
    /// Microseconds since 1970-01-01, in no time zone.
    Time,
    /// Text.
    Text,
}

/// The columns of a table by their names.
///
/// # Errors
/// When a name cannot be a column's.
pub fn columns<'a>(columns: impl Iterator<Item = (&'a str, ColumnType)>) -> Result<SchemaDescriptor> {
    let fields = columns.map(|(name, column_type)| {
        let (physical, logical) = match column_type {
            ColumnType::Whole => (PhysicalType::INT64, None),
            ColumnType::Double => (PhysicalType::DOUBLE, None),
            ColumnType::Flag => (PhysicalType::INT32, None),
            ColumnType::Time => (PhysicalType::INT64, Some(LogicalType::timestamp(false, TimeUnit::MICROS))),
            ColumnType::Text => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let field = Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical);
        Ok(Arc::new(field.build()?))
    });
    let fields = fields.collect::<Result<Vec<_>>>()?;
    // Named as the models' other files are, which Arrow writes.
    let root = Type::group_type_builder("arrow_schema").with_fields(fields).build()?;
    Ok(SchemaDescriptor::new(Arc::new(root)))
}

/// What a file says of itself in its footer: a key, and what stands under it.
pub type Note = (String, String);

/// Notes as a footer holds them; none where there are none.
pub(super) fn key_values(notes: &[Note]) -> Option<Vec<KeyValue>> {
    let pairs = notes.iter().map(|(key, note)| KeyValue::new(key.clone(), note.clone()));
    (!notes.is_empty()).then(|| pairs.collect())
}

/// The bytes of a file with these columns, given in order, and notes in its footer; without a row group where none is given.
///
/// # Errors
/// When a chunk is not the column that is due.
pub fn file(
    columns: &SchemaDescriptor,
    notes: &[Note],
    chunks: impl IntoIterator<Item = Result<Chunk>>,
) -> Result<Vec<u8>> {
    let properties = WriterProperties::builder().set_key_value_metadata(key_values(notes));
    let properties = Arc::new(properties.build());
    let mut writer = SerializedFileWriter::new(Vec::new(), columns.root_schema_ptr(), properties)?;
    let mut chunks = chunks.into_iter().peekable();
    if chunks.peek().is_some() {
        let mut row_group = writer.next_row_group()?;
        for chunk in chunks {
            chunk?.append_to(&mut row_group)?;
        }
        row_group.close()?;
    }
    writer.into_inner()
}
