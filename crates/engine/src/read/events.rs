//! The events of row groups, batch by batch, in memory that is used again.

use parquet::file::reader::ChunkReader;

use super::column_reader::ColumnReader;
use super::groups::{Columns, Groups, KeyColumns, RowGroup};
use super::held::HeldTimes;
use super::selection::Selection;
use super::values::{OfText, Values};
use super::{EventFile, Rows};
use crate::Error;
use crate::contract::{self, Wrong, numbers};
use crate::pipeline::events::{Events, Runs};
use crate::pipeline::{Dictionary, Filter, Strings};
use crate::schema::{GuildKind, float_to_key};

/// Yields the events of a file, batch by batch.
pub struct EventReader<R = bytes::Bytes> {
    groups: Groups<R, EventColumns>,
    player_id: Runs<Option<i64>>,
    times: Values,
    events: Events,
    selection: Selection,
    /// The times read so far, where they are to be held.
    held: Option<HeldTimes>,
}

impl<R: ChunkReader + 'static> EventReader<R> {
    pub(super) fn new(file: EventFile<R>, row_groups: Vec<usize>) -> Self {
        Self {
            groups: Groups::new(file, row_groups),
            player_id: Runs::default(),
            times: Values::default(),
            events: Events::default(),
            selection: Selection::default(),
            held: None,
        }
    }

    /// The same events as far as they match.
    #[must_use]
    pub fn only(self, filter: Filter) -> Self {
        Self { selection: Selection::new(filter), ..self }
    }

    /// The same events, whose times are held as they are read.
    pub(super) fn holding(self) -> Self {
        Self { held: HeldTimes::with_room(self.groups.file.rows()), ..self }
    }

    /// The times of all rows read, if they could be held.
    pub(super) fn held(self) -> Option<HeldTimes> {
        self.held
    }

    /// How the guild numbers are stored.
    #[must_use]
    pub const fn guild_kind(&self) -> GuildKind {
        self.groups.file.guild_kind()
    }

    /// The next events, with text codes that refer to `strings`; `None` at the end. Give the same `strings`
    /// on every call. A batch never spans row groups.
    ///
    /// # Errors
    /// [`Error::Damaged`] for damaged bytes, [`Error::Refused`] for values that the event table cannot hold.
    pub fn next(&mut self, strings: &mut Strings) -> Result<Option<&Events>, Error> {
        if !self.filled(strings)? {
            return Ok(None);
        }
        self.selection.reject(&mut self.events, &self.player_id, &self.times.validity);
        self.selection.filter(&mut self.events, strings);
        Ok(Some(&self.events))
    }

    /// The next rows, also those that no model can use, whatever the filter; else as [`Self::next`].
    ///
    /// # Errors
    /// As [`Self::next`].
    pub fn next_rows(&mut self, strings: &mut Strings) -> Result<Option<Rows<'_>>, Error> {
        let is_filled = self.filled(strings)?;
        let (player_id, has_time) = (&self.player_id, self.times.validity.as_slice());
        Ok(is_filled.then_some(Rows { events: &self.events, player_id, has_time }))
    }

    fn filled(&mut self, strings: &mut Strings) -> Result<bool, Error> {
        let filled = self.fill(strings);
        filled.map_err(|error| self.groups.file.columns.named(error))
    }

    fn fill(&mut self, strings: &mut Strings) -> Result<bool, Error> {
        let guild_kind = self.guild_kind();
        let Some((rows, columns)) = self.groups.next()? else { return Ok(false) };
        let events = &mut self.events;
        columns.keys.read(rows, &mut self.player_id, &mut self.times)?;
        self.held = self.held.take().and_then(|held| held.and(&self.times));
        let of_text: OfText<'_> = match guild_kind {
            GuildKind::Integer => &mut numbers::of_text,
            GuildKind::Float => &mut |text| Ok(numbers::double_of_text(text)?.map(float_to_key)),
        };
        columns.guild.read(rows, of_text, &mut events.guild)?;
        columns.level.read(rows, &mut numbers::of_text, &mut events.level)?;
        columns.race.read(rows, &mut |text| code(&mut strings.race, text), &mut events.race)?;
        columns.class.read(rows, &mut |text| code(&mut strings.class, text), &mut events.class)?;
        columns.zone.read(rows, &mut |text| code(&mut strings.zone, text), &mut events.zone)?;
        events.player_id.clear();
        for (player_id, rows) in self.player_id.iter() {
            events.player_id.push(player_id.unwrap_or(0), rows.len());
        }
        self.times.exchange_times(&mut events.time_us)?;
        Ok(true)
    }
}

fn code(dictionary: &mut Dictionary, text: &[u8]) -> Result<Option<i64>, Wrong> {
    let text = std::str::from_utf8(text).map_err(|_| Wrong::NotUtf8)?;
    Ok(Some(dictionary.code(text).into()))
}

/// All columns of the event table.
struct EventColumns {
    keys: KeyColumns,
    guild: ColumnReader<Runs<Option<i64>>>,
    level: ColumnReader<Runs<Option<i64>>>,
    race: ColumnReader<Runs<u32>>,
    class: ColumnReader<Runs<u32>>,
    zone: ColumnReader<Runs<u32>>,
}

impl Columns for EventColumns {
    fn open<R: ChunkReader + 'static>(group: RowGroup<'_, R>) -> Result<Self, Error> {
        Ok(Self {
            keys: KeyColumns::open(group)?,
            guild: group.column(contract::Column::Guild)?,
            level: group.column(contract::Column::Level)?,
            race: group.column(contract::Column::Race)?,
            class: group.column(contract::Column::Class)?,
            zone: group.column(contract::Column::Zone)?,
        })
    }

    fn are_at_end(&mut self) -> Result<bool, Error> {
        Ok(self.keys.are_at_end()?
            && self.guild.is_at_end()?
            && self.level.is_at_end()?
            && self.race.is_at_end()?
            && self.class.is_at_end()?
            && self.zone.is_at_end()?)
    }
}
