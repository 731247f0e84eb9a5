//! A file of one column, written and taken apart by the parquet crate.

use std::sync::Arc;

use bytes::Bytes;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::column::reader::{ColumnReaderImpl, get_column_reader, get_typed_column_reader};
use parquet::data_type::DataType;
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::{ColumnDescPtr, SchemaDescriptor};
use wow_engine::write::Chunk;

/// A column as a schema says it, such as `optional int64 column`.
pub(crate) fn described(column: &str) -> SchemaDescriptor {
    SchemaDescriptor::new(Arc::new(parse_message_type(&format!("message log {{ {column}; }}")).unwrap()))
}

/// The file that the parquet crate makes of values; of a column that may be null, of these levels.
pub(crate) fn written<T: DataType>(
    schema: &SchemaDescriptor,
    properties: &Arc<WriterProperties>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Bytes {
    let mut writer =
        SerializedFileWriter::new(Vec::new(), schema.root_schema_ptr(), Arc::clone(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<T>().write_batch(values, levels, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.into_inner().unwrap().into()
}

/// The file that holds a chunk of the engine's.
pub(crate) fn holding(
    schema: &SchemaDescriptor,
    properties: &Arc<WriterProperties>,
    chunk: impl FnOnce(&ColumnDescPtr) -> Result<Chunk>,
) -> Bytes {
    let mut writer =
        SerializedFileWriter::new(Vec::new(), schema.root_schema_ptr(), Arc::clone(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    chunk(&schema.column(0)).unwrap().append_to(&mut group).unwrap();
    group.close().unwrap();
    writer.into_inner().unwrap().into()
}

/// The unpacked pages of a file's column.
#[derive(Clone)]
pub(crate) struct Pages(std::vec::IntoIter<Page>);

impl Pages {
    pub(crate) fn of(file: Bytes) -> Self {
        let file = SerializedFileReader::new(file).unwrap();
        let pages = file.get_row_group(0).unwrap().get_column_page_reader(0).unwrap();
        Self(pages.map(Result::unwrap).collect::<Vec<_>>().into_iter())
    }

    /// The values of a column as the parquet crate reads them, and the levels of one that may be null.
    pub(crate) fn read<T: DataType>(self, column: &ColumnDescPtr, rows: usize) -> (Vec<T::T>, Vec<i16>) {
        let reader = get_column_reader(ColumnDescPtr::clone(column), Box::new(self));
        let mut reader: ColumnReaderImpl<T> = get_typed_column_reader(reader);
        let (mut values, mut levels) = (Vec::new(), Vec::new());
        let may_be_null = column.max_def_level() > 0;
        while reader.read_records(rows, may_be_null.then_some(&mut levels), None, &mut values).unwrap().0 > 0
        {
        }
        (values, levels)
    }
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(Ok)
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        Ok(self.0.next())
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        let of_page = |page: &Page| PageMetadata {
            num_rows: None,
            num_levels: Some(page.num_values() as usize),
            is_dict: matches!(page, Page::DictionaryPage { .. }),
        };
        Ok(self.0.as_slice().first().map(of_page))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.0.next().map(drop).ok_or_else(|| ParquetError::EOF("there is no page to skip".to_owned()))
    }
}
