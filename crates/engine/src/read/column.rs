//! A column of a row group, page by page. Where a dictionary page holds the values, reading them as runs costs
//! something for a run and not for a row; pages of any other encoding are read value by value.

use parquet::basic::Encoding;
use parquet::schema::types::ColumnDescPtr;

use super::BATCH_ROWS;
use super::chunk_bytes::ChunkBytes;
use super::hybrid::Hybrid;
use super::layout::Storage;
use super::pages::{Chunk, Page};
use super::values::{Meaning, OfText, ValuePage, Values};
use crate::Error;
use crate::contract;
use crate::pipeline::NULL_CODE;
use crate::pipeline::events::Runs;

/// What a row of a column is.
pub(super) trait Cell: Copy + PartialEq {
    /// Makes one of a number, or of the code of a text.
    fn of(number: Option<i64>) -> Self;
}

impl Cell for Option<i64> {
    fn of(number: Option<i64>) -> Self {
        number
    }
}

impl Cell for u32 {
    fn of(code: Option<i64>) -> Self {
        // Every code was a u32 before it was read as a number.
        code.map_or(NULL_CODE, |code| code as Self)
    }
}

/// What a column is read into.
pub(super) trait Rows {
    /// A value, or null.
    type Value: Cell;

    /// Adds rows of one value.
    fn push(&mut self, value: Self::Value, rows: usize);
    /// Adds the rows of `values`, which holds anything afterwards.
    fn append(&mut self, values: &mut Values);
    /// Takes all rows out and keeps the memory.
    fn clear(&mut self);
}

impl<T: Cell> Rows for Runs<T> {
    type Value = T;

    fn push(&mut self, value: T, rows: usize) {
        self.push(value, rows);
    }

    fn append(&mut self, values: &mut Values) {
        values.iter().for_each(|value| self.push(T::of(value), 1));
    }

    fn clear(&mut self) {
        self.clear();
    }
}

impl Rows for Values {
    type Value = Option<i64>;

    fn push(&mut self, value: Option<i64>, rows: usize) {
        self.push(value, rows);
    }

    fn append(&mut self, values: &mut Values) {
        self.append(values);
    }

    fn clear(&mut self) {
        self.clear();
    }
}

/// A column of a row group, of these pages, that is read into rows of one kind.
pub(super) struct Column<R: Rows, P = Chunk> {
    column: contract::Column,
    meaning: Meaning,
    storage: Storage,
    description: ColumnDescPtr,
    pages: P,
    dictionary: Vec<R::Value>,
    page: OpenPage,
    /// Rows of the page that are still to come.
    page_rows: usize,
    /// What is read value by value, before it is added to the rows.
    values: Values,
}

enum OpenPage {
    None,
    /// Codes of the dictionary, and which rows have one where not all have.
    Coded {
        levels: Option<Hybrid>,
        codes: Hybrid,
    },
    Values(Box<ValuePage>),
}

impl<R: Rows, P: Iterator<Item = Result<Page, Error>>> Column<R, P> {
    /// The column of these pages.
    pub(super) fn new(
        column: contract::Column,
        meaning: Meaning,
        storage: Storage,
        description: ColumnDescPtr,
        pages: P,
    ) -> Self {
        Self {
            column,
            meaning,
            storage,
            description,
            pages,
            dictionary: Vec::new(),
            page: OpenPage::None,
            page_rows: 0,
            values: Values::default(),
        }
    }

    /// Reads the next rows over what `out` holds.
    ///
    /// # Errors
    /// [`Error::Damaged`], or [`Error::Refused`] for values the column cannot hold.
    pub(super) fn read(&mut self, rows: usize, of_text: OfText<'_>, out: &mut R) -> Result<(), Error> {
        out.clear();
        let mut left = rows;
        while left > 0 {
            while self.page_rows == 0 {
                self.open_page(of_text)?;
            }
            let rows = left.min(self.page_rows);
            match &mut self.page {
                OpenPage::Coded { levels: None, codes } => read_codes(codes, rows, &self.dictionary, out)?,
                OpenPage::Coded { levels: Some(levels), codes } => levels.read(rows, |level, rows| {
                    if level > 0 {
                        return read_codes(codes, rows, &self.dictionary, out);
                    }
                    out.push(R::Value::of(None), rows);
                    Ok(())
                })?,
                OpenPage::Values(page) => {
                    page.read(rows, of_text, &mut self.values)?;
                    out.append(&mut self.values);
                }
                OpenPage::None => {}
            }
            self.page_rows -= rows;
            left -= rows;
        }
        Ok(())
    }

    fn open_page(&mut self, of_text: OfText<'_>) -> Result<(), Error> {
        let Some(page) = self.pages.next().transpose()? else {
            return Err(Error::Damaged("a column ends before its row group".into()));
        };
        if page.is_dictionary {
            return self.read_dictionary(page, of_text);
        }
        self.page_rows = page.rows;
        self.page = if matches!(page.encoding, Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY) {
            let mut codes = page.values;
            // Where no row has a value, there may be no width either.
            let width = if codes.is_empty() { 0 } else { codes.split_to(1)[0] };
            OpenPage::Coded { levels: page.levels, codes: Hybrid::new(codes, width.into())? }
        } else {
            OpenPage::Values(Box::new(self.values_of(page)?))
        };
        Ok(())
    }

    fn read_dictionary(&mut self, page: Page, of_text: OfText<'_>) -> Result<(), Error> {
        let mut left = page.rows;
        let mut values = self.values_of(page)?;
        self.dictionary.clear();
        while left > 0 {
            // What a page says of itself sets no memory aside.
            let rows = left.min(BATCH_ROWS);
            values.read(rows, of_text, &mut self.values)?;
            self.dictionary.extend(self.values.iter().map(R::Value::of));
            left -= rows;
        }
        Ok(())
    }

    fn values_of(&self, page: Page) -> Result<ValuePage, Error> {
        ValuePage::new(self.column, self.meaning, self.storage, &self.description, page)
    }
}

/// What a column needs of its file before rows of it can be read.
pub(super) trait Feed {
    /// The bytes of its chunk.
    fn bytes(&mut self) -> &mut ChunkBytes;

    /// Whether so many of its rows can be read.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    fn has_rows(&mut self, rows: usize) -> Result<bool, Error>;

    /// Whether all of its rows were read; `None` where bytes are missing to tell.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    fn is_at_end(&mut self) -> Result<Option<bool>, Error>;
}

impl<R: Rows> Feed for Column<R> {
    fn bytes(&mut self) -> &mut ChunkBytes {
        self.pages.bytes()
    }

    fn has_rows(&mut self, rows: usize) -> Result<bool, Error> {
        self.pages.has_rows(rows.saturating_sub(self.page_rows))
    }

    fn is_at_end(&mut self) -> Result<Option<bool>, Error> {
        if self.page_rows > 0 { Ok(Some(false)) } else { self.pages.is_at_end() }
    }
}

fn read_codes<R: Rows>(
    codes: &mut Hybrid,
    rows: usize,
    dictionary: &[R::Value],
    out: &mut R,
) -> Result<(), Error> {
    codes.read(rows, |code, rows| match dictionary.get(code as usize) {
        Some(value) => {
            out.push(*value, rows);
            Ok(())
        }
        None => Err(Error::Damaged(format!("a page has code {code}, which is not in its dictionary"))),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;
    use parquet::schema::parser::parse_message_type;
    use parquet::schema::types::SchemaDescriptor;

    use super::*;
    use crate::contract::numbers;

    fn dictionary(numbers: &[i64]) -> Page {
        let values: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        Page { is_dictionary: true, ..page(numbers.len(), Encoding::PLAIN, &values) }
    }

    fn page(rows: usize, encoding: Encoding, values: &[u8]) -> Page {
        Page { is_dictionary: false, rows, encoding, levels: None, values: Bytes::copy_from_slice(values) }
    }

    /// The page with levels of so many bytes before its values.
    fn with_levels(mut page: Page, bytes: usize) -> Page {
        let levels = page.values.split_to(bytes);
        Page { levels: Some(Hybrid::new(levels, 1).unwrap()), ..page }
    }

    fn codes(rows: usize, bytes: &[u8]) -> Page {
        page(rows, Encoding::RLE_DICTIONARY, bytes)
    }

    /// Reads so many rows of a column.
    fn read(pages: Vec<Page>, rows: usize) -> Result<Vec<Option<i64>>, Error> {
        let schema = parse_message_type("message log { optional int64 level; }").unwrap();
        let description = SchemaDescriptor::new(Arc::new(schema)).column(0);
        let pages = pages.into_iter().map(Ok);
        let mut column =
            Column::new(contract::Column::Level, Meaning::Whole, Storage::Int64, description, pages);
        let mut runs = Runs::default();
        column.read(rows, &mut numbers::of_text, &mut runs)?;
        assert!(column.page_rows == 0 && column.pages.next().is_none());
        Ok(runs.values().collect())
    }

    #[track_caller]
    fn refuses(pages: Vec<Page>, rows: usize, says: &str) {
        let error = read(pages, rows).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }

    #[test]
    fn codes_and_values_take_turns() {
        // Three times code 1; codes 0 and 1 by turns, packed; a value of its own; and another dictionary.
        let plain = page(1, Encoding::PLAIN, &5_i64.to_le_bytes());
        let pages = vec![
            dictionary(&[7, 9]),
            codes(3, &[1, 6, 1]),
            codes(4, &[1, 3, 0b1010]),
            plain,
            dictionary(&[8]),
            codes(2, &[0, 4]),
        ];
        let expected = [9, 9, 9, 7, 9, 7, 9, 5, 8, 8].map(Some);
        assert_eq!(read(pages, 10).unwrap(), expected);
    }

    #[test]
    fn nulls_come_in_runs_too() {
        // Two rows with a value, three without, one with; then a page without any, which has no codes either.
        let pages = vec![
            dictionary(&[7]),
            with_levels(codes(6, &[4, 1, 6, 0, 2, 1, 1, 6, 0]), 6),
            with_levels(codes(2, &[4, 0]), 2),
        ];
        let expected = [Some(7), Some(7), None, None, None, Some(7), None, None];
        assert_eq!(read(pages, 8).unwrap(), expected);
    }

    #[test]
    fn pages_that_contradict_themselves_are_refused() {
        let known = || dictionary(&[7, 9]);
        refuses(vec![codes(1, &[1, 2, 0])], 1, "code 0, which is not in its dictionary");
        refuses(vec![known(), codes(1, &[2, 2, 2])], 1, "code 2, which is not in its dictionary");
        refuses(vec![known(), codes(1, &[1, 2, 2])], 1, "code 2 of 1 bits");
        refuses(vec![known(), codes(1, &[33, 2, 0, 0, 0, 0, 0])], 1, "codes of 33 bits");
        refuses(vec![known(), codes(4, &[1, 6, 1])], 4, "ends before its values");
        refuses(vec![known(), codes(9, &[1, 3, 0xff])], 9, "ends before its values");
        refuses(vec![known(), codes(3, &[1, 6, 1])], 4, "ends before its row group");
        refuses(vec![known(), with_levels(codes(2, &[2, 1, 1, 6, 0]), 2)], 2, "ends before its values");
    }

    #[test]
    fn a_dictionary_sets_aside_no_more_than_it_holds() {
        let huge = Page { rows: u32::MAX as usize, ..dictionary(&[7]) };
        assert!(matches!(read(vec![huge, codes(1, &[0, 2])], 1), Err(Error::Damaged(_))));
    }
}
