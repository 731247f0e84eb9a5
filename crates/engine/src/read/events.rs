//! The events of row groups, batch by batch, in memory that is used again.

use std::collections::VecDeque;

use parquet::file::reader::ChunkReader;

use super::layout::Stored;
use super::selection::Selection;
use super::values::{CodeColumn, Meaning, NumberColumn};
use super::{BATCH_ROWS, EventFile, pages, parquet_error};
use crate::Error;
use crate::pipeline::events::{Events, Numbers};
use crate::pipeline::{Filter, Strings};
use crate::schema::{self, GuildKind};

/// Yields the events of a file, batch by batch.
pub struct EventReader<R = bytes::Bytes> {
    file: EventFile<R>,
    pending: VecDeque<usize>,
    group: Option<Group>,
    player_id: Numbers,
    time_us: Numbers,
    events: Events,
    selection: Selection,
}

/// The columns of a row group, read as far as each other.
struct Group {
    rows_left: usize,
    player_id: NumberColumn,
    guild: NumberColumn,
    level: NumberColumn,
    race: CodeColumn,
    class: CodeColumn,
    zone: CodeColumn,
    datetime: NumberColumn,
}

impl<R: ChunkReader + 'static> EventReader<R> {
    pub(super) fn new(file: EventFile<R>, row_groups: Vec<usize>) -> Self {
        Self {
            file,
            pending: row_groups.into(),
            group: None,
            player_id: Numbers::default(),
            time_us: Numbers::default(),
            events: Events::default(),
            selection: Selection::default(),
        }
    }

    /// The same events as far as they match.
    #[must_use]
    pub fn only(self, filter: Filter) -> Self {
        Self { selection: Selection::new(filter), ..self }
    }

    /// How the guild numbers are stored.
    #[must_use]
    pub const fn guild_kind(&self) -> GuildKind {
        self.file.guild_kind()
    }

    /// The next events, with text codes that refer to `strings`; `None` at the end. Give the same `strings`
    /// on every call. A batch never spans row groups.
    ///
    /// # Errors
    /// [`Error::Parquet`] for damaged bytes, [`Error::Uncastable`] for values that the event table cannot hold.
    pub fn next(&mut self, strings: &mut Strings) -> Result<Option<&Events>, Error> {
        loop {
            if let Some(group) = &mut self.group {
                if group.rows_left > 0 {
                    break;
                }
                group.check_end()?;
                self.group = None;
            }
            let Some(row_group) = self.pending.pop_front() else { return Ok(None) };
            self.group = Some(Group::open(&self.file, row_group)?);
        }
        let Some(group) = &mut self.group else { return Ok(None) };
        let rows = group.rows_left.min(BATCH_ROWS);
        group.rows_left -= rows;
        let events = &mut self.events;
        group.player_id.read(rows, &mut self.player_id)?;
        group.datetime.read(rows, &mut self.time_us)?;
        group.guild.read(rows, &mut events.guild)?;
        group.level.read(rows, &mut events.level)?;
        group.race.read(rows, &mut strings.race, &mut events.race)?;
        group.class.read(rows, &mut strings.class, &mut events.class)?;
        group.zone.read(rows, &mut strings.zone, &mut events.zone)?;
        // Exchanged rather than copied: what goes back is the memory of the batch before.
        std::mem::swap(&mut events.player_id, &mut self.player_id.values);
        std::mem::swap(&mut events.time_us, &mut self.time_us.values);
        self.selection.reject(events, &self.player_id.validity, &self.time_us.validity);
        self.selection.filter(events, strings);
        Ok(Some(&self.events))
    }
}

impl Group {
    fn open<R: ChunkReader + 'static>(file: &EventFile<R>, row_group: usize) -> Result<Self, Error> {
        let metadata = file.metadata.row_group(row_group);
        let rows_left = usize::try_from(metadata.num_rows())
            .map_err(|_| Error::Parquet("a row group has an impossible number of rows".into()))?;
        let open = |stored: Stored| {
            let chunk = metadata.column(stored.index);
            pages::pages(&file.source, chunk, rows_left).map_err(parquet_error)
        };
        let numbers = |name, meaning, stored: Stored| {
            let (column, pages) = open(stored)?;
            NumberColumn::new(name, meaning, stored.storage, column, pages)
        };
        let codes = |name, stored| {
            let (column, pages) = open(stored)?;
            CodeColumn::new(name, column, pages)
        };
        let layout = &file.layout;
        Ok(Self {
            rows_left,
            player_id: numbers(schema::PLAYER_ID, Meaning::Integer, layout.player_id)?,
            guild: numbers(schema::GUILD, Meaning::Key, layout.guild)?,
            level: numbers(schema::LEVEL, Meaning::Integer, layout.level)?,
            race: codes(schema::RACE, layout.race)?,
            class: codes(schema::CLASS, layout.class)?,
            zone: codes(schema::ZONE, layout.zone)?,
            datetime: numbers(schema::DATETIME, Meaning::Time, layout.datetime)?,
        })
    }

    fn check_end(&mut self) -> Result<(), Error> {
        let is_at_end = self.player_id.is_at_end()?
            && self.guild.is_at_end()?
            && self.level.is_at_end()?
            && self.race.is_at_end()?
            && self.class.is_at_end()?
            && self.zone.is_at_end()?
            && self.datetime.is_at_end()?;
        if is_at_end { Ok(()) } else { Err(Error::Parquet("a column goes on after its row group".into())) }
    }
}

/// Yields the player ids alone.
pub(super) struct PlayerIds<R> {
    file: EventFile<R>,
    pending: VecDeque<usize>,
    column: Option<(usize, NumberColumn)>,
    player_id: Numbers,
}

impl<R: ChunkReader + 'static> PlayerIds<R> {
    pub(super) fn new(file: &EventFile<R>) -> Self {
        Self {
            file: file.clone(),
            pending: (0..file.row_groups()).collect(),
            column: None,
            player_id: Numbers::default(),
        }
    }

    /// The next ids, nulls among them; `None` at the end.
    ///
    /// # Errors
    /// As [`EventReader::next`].
    pub(super) fn next(&mut self) -> Result<Option<&Numbers>, Error> {
        loop {
            match &mut self.column {
                Some((rows_left, column)) if *rows_left > 0 => {
                    let rows = (*rows_left).min(BATCH_ROWS);
                    *rows_left -= rows;
                    column.read(rows, &mut self.player_id)?;
                    return Ok(Some(&self.player_id));
                }
                _ => {}
            }
            let Some(row_group) = self.pending.pop_front() else { return Ok(None) };
            let metadata = self.file.metadata.row_group(row_group);
            let rows = usize::try_from(metadata.num_rows()).unwrap_or(0);
            let stored = self.file.layout.player_id;
            let chunk = metadata.column(stored.index);
            let (column, pages) = pages::pages(&self.file.source, chunk, rows).map_err(parquet_error)?;
            let column =
                NumberColumn::new(schema::PLAYER_ID, Meaning::Integer, stored.storage, column, pages)?;
            self.column = Some((rows, column));
        }
    }
}
