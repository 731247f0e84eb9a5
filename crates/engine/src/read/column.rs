//! A column of a row group, page by page. Where a dictionary page holds the values, reading them as runs costs
//! something for a run and not for a row; pages of any other encoding are read value by value.

use parquet::basic::Encoding;
use parquet::column::page::{Page, PageReader};
use parquet::schema::types::ColumnDescPtr;

use super::hybrid::Hybrid;
use super::layout::Storage;
use super::values::{Meaning, OfText, ValuePage, Values};
use super::{BATCH_ROWS, pages, parquet_error};
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

/// A column of a row group that is read into rows of one kind.
pub(super) struct Column<R: Rows> {
    column: contract::Column,
    meaning: Meaning,
    storage: Storage,
    description: ColumnDescPtr,
    pages: Box<dyn PageReader>,
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

impl<R: Rows> Column<R> {
    /// The column of these pages.
    pub(super) fn new(
        column: contract::Column,
        meaning: Meaning,
        storage: Storage,
        description: ColumnDescPtr,
        pages: Box<dyn PageReader>,
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

    /// Whether all rows of the row group are read.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub(super) fn is_at_end(&mut self) -> Result<bool, Error> {
        Ok(self.page_rows == 0 && self.pages.get_next_page().map_err(parquet_error)?.is_none())
    }

    fn open_page(&mut self, of_text: OfText<'_>) -> Result<(), Error> {
        let page = self.pages.get_next_page().map_err(parquet_error)?;
        let Some(mut page) = page else {
            return Err(Error::Damaged("a column ends before its row group".into()));
        };
        if page.is_dictionary_page() {
            return self.read_dictionary(&page, of_text);
        }
        self.page_rows = page.num_values() as usize;
        self.page = if matches!(page.encoding(), Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY) {
            let is_nullable = self.description.max_def_level() > 0;
            let levels = is_nullable.then(|| pages::take_levels(&mut page)).transpose()?;
            let mut codes = page.buffer().clone();
            // Where no row has a value, there may be no width either.
            let width = if codes.is_empty() { 0 } else { codes.split_to(1)[0] };
            OpenPage::Coded { levels, codes: Hybrid::new(codes, width.into())? }
        } else {
            OpenPage::Values(Box::new(self.values_of(ColumnDescPtr::clone(&self.description), page)?))
        };
        Ok(())
    }

    fn read_dictionary(&mut self, page: &Page, of_text: OfText<'_>) -> Result<(), Error> {
        // Its values are stored as those of a page without nulls.
        let mut left = page.num_values();
        let values = Page::DataPage {
            buf: page.buffer().clone(),
            num_values: left,
            encoding: Encoding::PLAIN,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        let mut values = self.values_of(pages::required(&self.description), values)?;
        self.dictionary.clear();
        while left > 0 {
            // What a page says of itself sets no memory aside.
            let rows = left.min(BATCH_ROWS as u32);
            values.read(rows as usize, of_text, &mut self.values)?;
            self.dictionary.extend(self.values.iter().map(R::Value::of));
            left -= rows;
        }
        Ok(())
    }

    fn values_of(&self, description: ColumnDescPtr, page: Page) -> Result<ValuePage, Error> {
        ValuePage::new(self.column, self.meaning, self.storage, description, page)
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
    use std::collections::VecDeque;
    use std::sync::Arc;

    use bytes::Bytes;
    use parquet::column::page::PageMetadata;
    use parquet::errors::Result as ParquetResult;
    use parquet::schema::parser::parse_message_type;
    use parquet::schema::types::SchemaDescriptor;

    use super::*;
    use crate::contract::numbers;

    struct Listed(VecDeque<Page>);

    impl Iterator for Listed {
        type Item = ParquetResult<Page>;

        fn next(&mut self) -> Option<Self::Item> {
            self.0.pop_front().map(Ok)
        }
    }

    impl PageReader for Listed {
        fn get_next_page(&mut self) -> ParquetResult<Option<Page>> {
            Ok(self.0.pop_front())
        }

        fn peek_next_page(&mut self) -> ParquetResult<Option<PageMetadata>> {
            Ok(None)
        }

        fn skip_next_page(&mut self) -> ParquetResult<()> {
            Ok(())
        }
    }

    fn dictionary(numbers: &[i64]) -> Page {
        Page::DictionaryPage {
            buf: numbers.iter().flat_map(|number| number.to_le_bytes()).collect(),
            num_values: u32::try_from(numbers.len()).unwrap(),
            encoding: Encoding::PLAIN,
            is_sorted: false,
        }
    }

    fn page(num_values: u32, encoding: Encoding, bytes: &[u8]) -> Page {
        Page::DataPage {
            buf: Bytes::copy_from_slice(bytes),
            num_values,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        }
    }

    fn codes(num_values: u32, bytes: &[u8]) -> Page {
        page(num_values, Encoding::RLE_DICTIONARY, bytes)
    }

    /// Reads so many rows of a column that may be null where it is `optional`.
    fn read(repetition: &str, pages: Vec<Page>, rows: usize) -> Result<Vec<Option<i64>>, Error> {
        let schema = parse_message_type(&format!("message log {{ {repetition} int64 level; }}")).unwrap();
        let description = SchemaDescriptor::new(Arc::new(schema)).column(0);
        let pages = Box::new(Listed(pages.into()));
        let mut column =
            Column::new(contract::Column::Level, Meaning::Whole, Storage::Int64, description, pages);
        let mut runs = Runs::default();
        column.read(rows, &mut numbers::of_text, &mut runs)?;
        assert!(column.is_at_end()?);
        Ok(runs.values().collect())
    }

    #[track_caller]
    fn refuses(repetition: &str, pages: Vec<Page>, rows: usize, says: &str) {
        let error = read(repetition, pages, rows).unwrap_err().to_string();
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
        assert_eq!(read("required", pages, 10).unwrap(), expected);
    }

    #[test]
    fn nulls_come_in_runs_too() {
        // Two rows with a value, three without, one with; then a page without any, which has no codes either.
        let levels = [6, 0, 0, 0, 4, 1, 6, 0, 2, 1];
        let pages = vec![
            dictionary(&[7]),
            codes(6, &[&levels[..], &[1, 6, 0]].concat()),
            codes(2, &[2, 0, 0, 0, 4, 0]),
        ];
        let expected = [Some(7), Some(7), None, None, None, Some(7), None, None];
        assert_eq!(read("optional", pages, 8).unwrap(), expected);
    }

    #[test]
    fn pages_that_contradict_themselves_are_refused() {
        let known = || dictionary(&[7, 9]);
        refuses("required", vec![codes(1, &[1, 2, 0])], 1, "code 0, which is not in its dictionary");
        refuses("required", vec![known(), codes(1, &[2, 2, 2])], 1, "code 2, which is not in its dictionary");
        refuses("required", vec![known(), codes(1, &[1, 2, 2])], 1, "code 2 of 1 bits");
        refuses("required", vec![known(), codes(1, &[33, 2, 0, 0, 0, 0, 0])], 1, "codes of 33 bits");
        refuses("required", vec![known(), codes(4, &[1, 6, 1])], 4, "ends before its values");
        refuses("required", vec![known(), codes(9, &[1, 3, 0xff])], 9, "ends before its values");
        refuses("required", vec![known(), codes(3, &[1, 6, 1])], 4, "ends before its row group");
        refuses("optional", vec![known(), codes(1, &[9, 0, 0, 0, 2, 1])], 1, "ends within its levels");
        refuses(
            "optional",
            vec![known(), codes(2, &[2, 0, 0, 0, 2, 1, 1, 6, 0])],
            2,
            "ends before its values",
        );
    }

    #[test]
    fn a_dictionary_sets_aside_no_more_than_it_holds() {
        let mut huge = dictionary(&[7]);
        if let Page::DictionaryPage { num_values, .. } = &mut huge {
            *num_values = u32::MAX;
        }
        assert!(matches!(read("required", vec![huge, codes(1, &[0, 2])], 1), Err(Error::Damaged(_))));
    }
}
