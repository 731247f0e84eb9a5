//! CSV decoded as its bytes come.

use std::ops::Range;

use bytes::Bytes;

use super::CsvFile;
use super::records::{Input, Ready, Records, Unpacked};
use super::table::Table;
use crate::Error;
use crate::pipeline::Strings;
use crate::read::Rows;
use crate::read::selection::Selection;
use crate::read::work::Step;
use crate::schema::NumberKind;

/// What is read of a file at a time.
const PIECE_BYTES: u64 = 1 << 20;
/// The piece that is read, and the one after it.
const PIECES_MAX: usize = 2;

/// Decodes the rows of a file from its beginning to its end, as far as its bytes were given.
pub struct CsvDecoder {
    file: CsvFile<()>,
    records: Records,
    pub(super) table: Table,
    selection: Selection,
    /// How far the file was asked for, and how far it was given.
    asked: u64,
    given: u64,
}

impl CsvDecoder {
    pub(super) fn new(file: CsvFile<()>, guild_kind: Option<NumberKind>) -> Self {
        let head = &file.head;
        let source = Unpacked::new(Input::default(), head.is_gzip);
        let records = Records::new(source, head.separator, head.lines + 1, head.bytes);
        Self {
            file,
            records,
            table: Table::new(guild_kind),
            selection: Selection::default(),
            asked: 0,
            given: 0,
        }
    }

    /// The ranges of the file to read next, as [`Work::asks`](crate::read::Work::asks).
    pub fn asks(&mut self) -> Vec<Range<u64>> {
        let waiting = (self.asked - self.given).div_ceil(PIECE_BYTES) as usize;
        let wanted = PIECES_MAX.saturating_sub(self.records.source().pieces() + waiting);
        let next = |_| {
            let range = self.asked..self.file.bytes.min(self.asked.saturating_add(PIECE_BYTES));
            self.asked = range.end;
            (!range.is_empty()).then_some(range)
        };
        (0..wanted).map_while(next).collect()
    }

    /// Takes a range that was asked for, which begins at `start`; they come in order.
    ///
    /// # Errors
    /// None: what is wrong is found by a step.
    pub fn give(&mut self, start: u64, bytes: &Bytes) -> Result<(), Error> {
        if start == self.given {
            self.given += bytes.len() as u64;
            self.records.source().push(bytes.clone(), self.given >= self.file.bytes);
        }
        Ok(())
    }

    /// How the guild numbers of the last rows are stored.
    #[must_use]
    pub const fn guild_kind(&self) -> NumberKind {
        self.table.guild_kind
    }

    /// The rows that the last step decoded.
    #[must_use]
    pub fn rows(&self) -> Rows<'_> {
        let Table { events, player_id, has_time, .. } = &self.table;
        Rows { events, player_id, has_time }
    }

    /// Decodes the next events, with text codes that refer to `strings`.
    ///
    /// # Errors
    /// As [`Self::step_rows`].
    pub fn step(&mut self, strings: &mut Strings) -> Result<Step, Error> {
        let step = self.step_rows(strings)?;
        if let Step::Rows(_) = step {
            let Table { events, player_id, has_time, .. } = &mut self.table;
            self.selection.reject(events, player_id, has_time);
        }
        Ok(step)
    }

    /// Decodes the next rows, also those that no model can use. At the end it is known what all of the file tells.
    ///
    /// # Errors
    /// [`Error::Damaged`], and [`Error::Refused`] for a line that cannot be taken apart, and at the end with the number of rows
    /// that cannot be read.
    pub fn step_rows(&mut self, strings: &mut Strings) -> Result<Step, Error> {
        let columns = &self.file.head.columns;
        match self.table.fill(columns, &mut self.records, strings)? {
            Ready::Waits => Ok(Step::Waits),
            Ready::Yes => Ok(Step::Rows(self.table.player_id.rows() as u64)),
            Ready::End => {
                let survey = self.table.finish().map_err(|error| columns.named(error))?;
                self.file.survey.get_or_init(|| survey);
                Ok(Step::End)
            }
        }
    }
}
