//! Row groups, read one after the other and batch by batch.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};

use parquet::file::reader::ChunkReader;

use super::column::{Column, Rows};
use super::column_reader::ColumnReader;
use super::held::HeldTimes;
use super::values::{Meaning, Values};
use super::{BATCH_ROWS, EventFile, pages};
use crate::Error;
use crate::contract::{self, TimeTexts, Wrong, numbers};
use crate::pipeline::events::Runs;
use crate::schema::GuildKind;
use crate::time::Micros;

/// A row group of a file.
pub(super) struct RowGroup<'a, R> {
    pub(super) file: &'a EventFile<R>,
    index: usize,
}

impl<R> Clone for RowGroup<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for RowGroup<'_, R> {}

impl<R: ChunkReader + 'static> RowGroup<'_, R> {
    /// One of its columns, before the first row.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub(super) fn column<T: Rows>(self, column: contract::Column) -> Result<ColumnReader<T>, Error> {
        let Some(stored) = self.file.layout.get(column) else {
            return Ok(ColumnReader::Folder(
                column,
                self.file.columns.folder_value(column).map(<[u8]>::to_vec),
            ));
        };
        let meaning = match self.file.guild_kind() {
            GuildKind::Float if column == contract::Column::Guild => Meaning::Double,
            _ => Meaning::Whole,
        };
        let chunk = self.file.metadata.row_group(self.index).column(stored.index);
        let pages = pages::pages(&self.file.source, chunk, self.file.other_codec)?;
        let column = Column::new(column, meaning, stored.storage, chunk.column_descr_ptr(), pages);
        Ok(ColumnReader::Stored(Box::new(column)))
    }

    /// The rows of the row groups before it.
    fn rows_before(self) -> usize {
        let before = &self.file.metadata.row_groups()[..self.index];
        // All of them are in memory where this is asked.
        before.iter().map(|group| usize::try_from(group.num_rows()).unwrap_or(0)).sum()
    }
}

/// Columns of a row group that are read together, as far as each other.
pub(super) trait Columns: Sized {
    /// The columns before their first row.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    fn open<R: ChunkReader + 'static>(group: RowGroup<'_, R>) -> Result<Self, Error>;

    /// Whether all rows of the row group are read.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    fn are_at_end(&mut self) -> Result<bool, Error>;
}

/// The players alone.
pub(super) struct PlayerColumn(ColumnReader<Runs<Option<i64>>>);

impl Columns for PlayerColumn {
    fn open<R: ChunkReader + 'static>(group: RowGroup<'_, R>) -> Result<Self, Error> {
        group.column(contract::Column::PlayerId).map(Self)
    }

    fn are_at_end(&mut self) -> Result<bool, Error> {
        self.0.is_at_end()
    }
}

impl PlayerColumn {
    /// Reads the next rows.
    ///
    /// # Errors
    /// As [`Column::read`].
    pub(super) fn read(&mut self, rows: usize, player_id: &mut Runs<Option<i64>>) -> Result<(), Error> {
        self.0.read(rows, &mut numbers::of_text, player_id)
    }
}

/// The guilds alone, as text.
pub(super) struct GuildTexts(ColumnReader<Runs<Option<i64>>>);

impl Columns for GuildTexts {
    fn open<R: ChunkReader + 'static>(group: RowGroup<'_, R>) -> Result<Self, Error> {
        group.column(contract::Column::Guild).map(Self)
    }

    fn are_at_end(&mut self) -> Result<bool, Error> {
        self.0.is_at_end()
    }
}

impl GuildTexts {
    /// Whether any of the next rows has a number with a fraction.
    ///
    /// # Errors
    /// As [`Column::read`].
    pub(super) fn have_fractions(&mut self, rows: usize) -> Result<bool, Error> {
        let mut have_fractions = false;
        let mut of_text = |text: &[u8]| match numbers::of_text(text) {
            Err(Wrong::NotWhole) => {
                have_fractions = true;
                Ok(None)
            }
            read => read,
        };
        self.0.read(rows, &mut of_text, &mut Runs::default())?;
        Ok(have_fractions)
    }
}

/// The players and the times, by which the log is ordered.
pub(super) struct KeyColumns {
    player_id: PlayerColumn,
    datetime: TimeColumn,
}

/// The times of a row group.
enum TimeColumn {
    Stored(Box<StoredTimes>),
    /// Those that were decoded before, and the place of the next one.
    Held(Arc<HeldTimes>, usize),
}

/// Times as they are stored, and the form of those that are texts, which is that of the whole file.
struct StoredTimes {
    column: ColumnReader<Values>,
    texts: TimeTexts,
    of_file: Arc<OnceLock<TimeTexts>>,
}

impl StoredTimes {
    fn read(&mut self, rows: usize, times: &mut Values) -> Result<(), Error> {
        let had_form = self.texts.form().is_some();
        let texts = &mut self.texts;
        let mut of_text = |text: &[u8]| texts.read(text).map(|time| time.map(Micros::get));
        self.column.read(rows, &mut of_text, times)?;
        if had_form || texts.form().is_none() {
            return Ok(());
        }
        // Another thread may have read the first text meanwhile.
        self.of_file.get_or_init(|| texts.clone()).check(texts).map_err(Error::from)
    }
}

impl TimeColumn {
    fn open<R: ChunkReader + 'static>(group: RowGroup<'_, R>) -> Result<Self, Error> {
        if let Some(times) = &group.file.times {
            return Ok(Self::Held(Arc::clone(times), group.rows_before()));
        }
        let of_file = Arc::clone(&group.file.time_texts);
        let texts = of_file.get().cloned().unwrap_or_default();
        let column = group.column(contract::Column::Datetime)?;
        Ok(Self::Stored(Box::new(StoredTimes { column, texts, of_file })))
    }

    fn is_at_end(&mut self) -> Result<bool, Error> {
        match self {
            Self::Stored(times) => times.column.is_at_end(),
            Self::Held(..) => Ok(true),
        }
    }

    fn read(&mut self, rows: usize, times: &mut Values) -> Result<(), Error> {
        match self {
            Self::Stored(stored) => stored.read(rows, times),
            Self::Held(held, next) => {
                held.read(*next, rows, times)?;
                *next += rows;
                Ok(())
            }
        }
    }
}

impl Columns for KeyColumns {
    fn open<R: ChunkReader + 'static>(group: RowGroup<'_, R>) -> Result<Self, Error> {
        Ok(Self { player_id: PlayerColumn::open(group)?, datetime: TimeColumn::open(group)? })
    }

    fn are_at_end(&mut self) -> Result<bool, Error> {
        Ok(self.player_id.are_at_end()? && self.datetime.is_at_end()?)
    }
}

impl KeyColumns {
    /// Reads the next rows.
    ///
    /// # Errors
    /// As [`Column::read`].
    pub(super) fn read(
        &mut self,
        rows: usize,
        player_id: &mut Runs<Option<i64>>,
        times: &mut Values,
    ) -> Result<(), Error> {
        self.player_id.read(rows, player_id)?;
        self.datetime.read(rows, times)
    }
}

/// Reads row groups one after the other.
pub(super) struct Groups<R, C> {
    pub(super) file: EventFile<R>,
    pending: VecDeque<usize>,
    /// The columns of the open row group, and its rows still to come.
    open: Option<(C, usize)>,
}

impl<R: ChunkReader + 'static, C: Columns> Groups<R, C> {
    pub(super) fn new(file: EventFile<R>, row_groups: Vec<usize>) -> Self {
        Self { file, pending: row_groups.into(), open: None }
    }

    /// How many rows come next, and the columns, from each of which as many are to be read; `None` at the end.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub(super) fn next(&mut self) -> Result<Option<(usize, &mut C)>, Error> {
        while self.open.as_ref().is_none_or(|(_, left)| *left == 0) {
            if let Some((mut columns, _)) = self.open.take()
                && !columns.are_at_end()?
            {
                return Err(Error::Damaged("a column goes on after its row group".into()));
            }
            let Some(index) = self.pending.pop_front() else { return Ok(None) };
            let rows = usize::try_from(self.file.metadata.row_group(index).num_rows())
                .map_err(|_| Error::Damaged("a row group has an impossible number of rows".into()))?;
            // Writers may leave out the pages of a row group without rows, and where they would be.
            if rows == 0 {
                continue;
            }
            self.open = Some((C::open(RowGroup { file: &self.file, index })?, rows));
        }
        let Some((columns, left)) = &mut self.open else { return Ok(None) };
        let rows = BATCH_ROWS.min(*left);
        *left -= rows;
        Ok(Some((rows, columns)))
    }
}
