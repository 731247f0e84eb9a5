//! A column of a row group, wherever its values come from.

use super::cast::refused;
use super::column::{Cell, Column, Feed, Rows};
use super::values::OfText;
use crate::Error;
use crate::contract;

/// A column of a row group that is read into rows of one kind.
pub(super) enum ColumnReader<R: Rows> {
    /// From the pages of the file.
    Stored(Box<Column<R>>),
    /// From the name of a folder, which has one value for all rows.
    Folder(contract::Column, Option<Vec<u8>>),
}

impl<R: Rows> ColumnReader<R> {
    /// Reads the next rows over what `out` holds.
    ///
    /// # Errors
    /// As [`Column::read`].
    pub(super) fn read(&mut self, rows: usize, of_text: OfText<'_>, out: &mut R) -> Result<(), Error> {
        match self {
            Self::Stored(column) => column.read(rows, of_text, out),
            Self::Folder(column, text) => {
                let text = text.as_deref();
                let value = text.map_or(Ok(None), of_text).map_err(|wrong| {
                    let example = format!("'{}'", String::from_utf8_lossy(text.unwrap_or_default()));
                    refused(*column, wrong, vec![example])
                })?;
                out.clear();
                out.push(R::Value::of(value), rows);
                Ok(())
            }
        }
    }

    /// What it needs of the file; nothing where it is not in there.
    pub(super) fn feed(&mut self) -> Option<&mut dyn Feed> {
        match self {
            Self::Stored(column) => Some(column.as_mut()),
            Self::Folder(..) => None,
        }
    }
}
