//! Row groups, read one after the other and batch by batch.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use super::column::{Column, Feed, Rows};
use super::column_reader::ColumnReader;
use super::held::HeldTimes;
use super::pages::Chunk;
use super::values::{Meaning, Values};
use super::{BATCH_ROWS, EventFile};
use crate::Error;
use crate::contract::{self, TimeTexts, Wrong, numbers};
use crate::pipeline::events::Runs;
use crate::schema::NumberKind;
use crate::time::Micros;

/// The row group that is read, and the one after it.
const GROUPS_OPEN: usize = 2;
/// A row group that has no more bytes than this is asked for at once.
const GROUP_BYTES_MAX: u64 = 32 << 20;
/// Of a larger one, so much of each column.
const RUN_BYTES: u64 = 2 << 20;

/// A row group of a file, to read its columns.
#[derive(Clone, Copy)]
pub(super) struct GroupReader<'a> {
    pub(super) file: &'a EventFile<()>,
    index: usize,
}

impl GroupReader<'_> {
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
            NumberKind::Float if column == contract::Column::Guild => Meaning::Double,
            _ => Meaning::Whole,
        };
        let chunk = self.file.metadata.row_group(self.index).column(stored.index);
        let run_bytes = match self.file.row_group(self.index).bytes {
            ..=GROUP_BYTES_MAX => GROUP_BYTES_MAX,
            _ => RUN_BYTES,
        };
        let pages = Chunk::new(chunk, self.file.bytes, run_bytes, self.file.other_codec)?;
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
    fn open(group: GroupReader<'_>) -> Result<Self, Error>;

    /// What they need of the file.
    fn feeds(&mut self) -> Vec<&mut dyn Feed>;
}

/// The players alone.
pub(super) struct PlayerColumn(ColumnReader<Runs<Option<i64>>>);

impl Columns for PlayerColumn {
    fn open(group: GroupReader<'_>) -> Result<Self, Error> {
        group.column(contract::Column::PlayerId).map(Self)
    }

    fn feeds(&mut self) -> Vec<&mut dyn Feed> {
        self.0.feed().into_iter().collect()
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
    fn open(group: GroupReader<'_>) -> Result<Self, Error> {
        group.column(contract::Column::Guild).map(Self)
    }

    fn feeds(&mut self) -> Vec<&mut dyn Feed> {
        self.0.feed().into_iter().collect()
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
    fn open(group: GroupReader<'_>) -> Result<Self, Error> {
        if let Some(times) = &group.file.times {
            return Ok(Self::Held(Arc::clone(times), group.rows_before()));
        }
        let of_file = Arc::clone(&group.file.time_texts);
        let texts = of_file.get().cloned().unwrap_or_default();
        let column = group.column(contract::Column::Datetime)?;
        Ok(Self::Stored(Box::new(StoredTimes { column, texts, of_file })))
    }

    fn feed(&mut self) -> Option<&mut dyn Feed> {
        match self {
            Self::Stored(times) => times.column.feed(),
            Self::Held(..) => None,
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
    fn open(group: GroupReader<'_>) -> Result<Self, Error> {
        Ok(Self { player_id: PlayerColumn::open(group)?, datetime: TimeColumn::open(group)? })
    }

    fn feeds(&mut self) -> Vec<&mut dyn Feed> {
        self.player_id.0.feed().into_iter().chain(self.datetime.feed()).collect()
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

/// Reads row groups one after the other, the bytes of the next one being on their way.
pub(super) struct Groups<C> {
    pub(super) file: EventFile<()>,
    pending: VecDeque<usize>,
    /// The row group that is read, and the one after it.
    open: VecDeque<Open<C>>,
}

/// A row group that is being read.
struct Open<C> {
    index: usize,
    columns: C,
    /// Rows still to come.
    rows: usize,
}

/// What can be done now.
pub(super) enum Next<'a, C> {
    /// So many rows are to be read of each of the columns of a row group.
    Rows(usize, &'a mut C),
    /// Bytes are missing.
    Waits,
    /// All row groups were read.
    End,
}

impl<C: Columns> Groups<C> {
    pub(super) fn new(file: EventFile<()>, row_groups: Vec<usize>) -> Self {
        Self { file, pending: row_groups.into(), open: VecDeque::new() }
    }

    /// The rows that come next.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub(super) fn next(&mut self) -> Result<Next<'_, C>, Error> {
        loop {
            self.open_ahead()?;
            let Some(open) = self.open.front_mut() else { return Ok(Next::End) };
            let rows = BATCH_ROWS.min(open.rows);
            if rows > 0 {
                break;
            }
            if !are_at_end(&mut open.columns)? {
                return Ok(Next::Waits);
            }
            self.open.pop_front();
        }
        let Some(open) = self.open.front_mut() else { return Ok(Next::End) };
        let rows = BATCH_ROWS.min(open.rows);
        for feed in open.columns.feeds() {
            if !feed.has_rows(rows)? {
                return Ok(Next::Waits);
            }
        }
        open.rows -= rows;
        Ok(Next::Rows(rows, &mut open.columns))
    }

    /// The place of the row group that the last rows were of.
    pub(super) fn index(&self) -> Option<usize> {
        self.open.front().map(|open| open.index)
    }

    /// The ranges of bytes to read next, in the order in which they are needed. Each is asked for once.
    pub(super) fn asks(&mut self) -> Vec<Range<u64>> {
        let mut asks = Vec::new();
        for open in &mut self.open {
            let of_group = open.columns.feeds().into_iter().filter_map(|feed| feed.bytes().ask());
            asks.extend(joined(of_group.collect()));
        }
        asks
    }

    /// Takes bytes of the file that begin at `start`.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub(super) fn give(&mut self, start: u64, bytes: &Bytes) -> Result<(), Error> {
        let mut feeds = self.open.iter_mut().flat_map(|open| open.columns.feeds());
        feeds.try_for_each(|feed| feed.bytes().give(start, bytes))
    }

    fn open_ahead(&mut self) -> Result<(), Error> {
        while self.open.len() < GROUPS_OPEN
            && let Some(index) = self.pending.pop_front()
        {
            let rows = usize::try_from(self.file.metadata.row_group(index).num_rows())
                .map_err(|_| Error::Damaged("a row group has an impossible number of rows".into()))?;
            // Writers may leave out the pages of a row group without rows, and where they would be.
            if rows > 0 {
                let columns = C::open(GroupReader { file: &self.file, index })?;
                self.open.push_back(Open { index, columns, rows });
            }
        }
        Ok(())
    }
}

/// Whether columns are known to end here.
fn are_at_end(columns: &mut impl Columns) -> Result<bool, Error> {
    for feed in columns.feeds() {
        match feed.is_at_end()? {
            Some(true) => {}
            Some(false) => return Err(Error::Damaged("a column goes on after its row group".into())),
            None => return Ok(false),
        }
    }
    Ok(true)
}

/// The same bytes in as few ranges as may be.
pub(super) fn joined(mut ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
    ranges.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}
