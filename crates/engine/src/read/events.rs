//! The events of row groups, batch by batch, in memory that is used again.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use parquet::file::reader::ChunkReader;

use super::column::Feed;
use super::column_reader::ColumnReader;
use super::groups::{Columns, GroupReader, Groups, KeyColumns, Next};
use super::held::HeldTimes;
use super::selection::Selection;
use super::values::{OfText, Values};
use super::work::{Step, fetch};
use super::{EventFile, Rows};
use crate::Error;
use crate::contract::{self, Wrong, numbers};
use crate::pipeline::events::{Events, Runs};
use crate::pipeline::{Dictionary, Filter, Strings};
use crate::schema::{NumberKind, float_to_key};

/// Decodes the events of row groups, batch by batch, as far as their bytes were given.
pub struct EventDecoder {
    groups: Groups<EventColumns>,
    player_id: Runs<Option<i64>>,
    times: Values,
    events: Events,
    selection: Selection,
    /// The times read so far, where they are to be held.
    held: Option<HeldTimes>,
}

impl EventDecoder {
    pub(super) fn new(file: EventFile<()>, row_groups: Vec<usize>) -> Self {
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
        Self { selection: Selection::new(filter, self.guild_kind()), ..self }
    }

    /// The ranges of the file to read next, as [`Work::asks`](super::Work::asks).
    pub fn asks(&mut self) -> Vec<Range<u64>> {
        self.groups.asks()
    }

    /// Takes a range that was asked for, which begins at `start`.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub fn give(&mut self, start: u64, bytes: &Bytes) -> Result<(), Error> {
        self.groups.give(start, bytes)
    }

    /// Decodes the next events, with text codes that refer to `strings`. Give the same `strings` on every call. A batch never
    /// spans row groups.
    ///
    /// # Errors
    /// [`Error::Damaged`] for damaged bytes, [`Error::Refused`] for values that the event table cannot hold.
    pub fn step(&mut self, strings: &mut Strings) -> Result<Step, Error> {
        let step = self.step_rows(strings)?;
        if let Step::Rows(_) = step {
            self.selection.reject(&mut self.events, &self.player_id, &self.times.validity);
            self.selection.filter(&mut self.events, strings);
        }
        Ok(step)
    }

    /// How the guild numbers are stored.
    #[must_use]
    pub const fn guild_kind(&self) -> NumberKind {
        self.groups.file.guild_kind()
    }

    /// The rows that the last step decoded.
    #[must_use]
    pub fn rows(&self) -> Rows<'_> {
        Rows { events: &self.events, player_id: &self.player_id, has_time: &self.times.validity }
    }

    /// The events that the last step decoded.
    #[must_use]
    pub const fn events(&self) -> &Events {
        &self.events
    }

    /// Decodes the next rows, also those that no model can use, whatever the filter; else as [`Self::step`].
    ///
    /// # Errors
    /// As [`Self::step`].
    pub fn step_rows(&mut self, strings: &mut Strings) -> Result<Step, Error> {
        let filled = self.fill(strings);
        filled.map_err(|error| self.groups.file.columns.named(error))
    }

    fn fill(&mut self, strings: &mut Strings) -> Result<Step, Error> {
        let guild_kind = self.guild_kind();
        let (rows, columns) = match self.groups.next()? {
            Next::Rows(rows, columns) => (rows, columns),
            Next::Waits => return Ok(Step::Waits),
            Next::End => return Ok(Step::End),
        };
        let events = &mut self.events;
        columns.keys.read(rows, &mut self.player_id, &mut self.times)?;
        self.held = self.held.take().and_then(|held| held.and(&self.times));
        let of_text: OfText<'_> = match guild_kind {
            NumberKind::Integer => &mut numbers::of_text,
            NumberKind::Float => &mut |text| Ok(numbers::double_of_text(text)?.map(float_to_key)),
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
        Ok(Step::Rows(rows as u64))
    }
}

/// Yields the events of a file whose bytes are at hand, batch by batch.
pub struct EventReader<R = Bytes> {
    source: Arc<R>,
    decoder: EventDecoder,
}

impl<R: ChunkReader> EventReader<R> {
    pub(super) const fn new(source: Arc<R>, decoder: EventDecoder) -> Self {
        Self { source, decoder }
    }

    /// The same events as far as they match.
    #[must_use]
    pub fn only(self, filter: Filter) -> Self {
        Self { decoder: self.decoder.only(filter), ..self }
    }

    /// The same events, whose times are held as they are read.
    pub(super) fn holding(mut self) -> Self {
        self.decoder.held = HeldTimes::with_room(self.decoder.groups.file.rows());
        self
    }

    /// The times of all rows read, if they could be held.
    pub(super) fn held(self) -> Option<HeldTimes> {
        self.decoder.held
    }

    /// How the guild numbers are stored.
    #[must_use]
    pub const fn guild_kind(&self) -> NumberKind {
        self.decoder.guild_kind()
    }

    /// The next events, with text codes that refer to `strings`; `None` at the end. Give the same `strings`
    /// on every call. A batch never spans row groups.
    ///
    /// # Errors
    /// As [`EventDecoder::step`].
    pub fn next(&mut self, strings: &mut Strings) -> Result<Option<&Events>, Error> {
        let has_more = self.step_with(|decoder| decoder.step(strings))?;
        Ok(has_more.then_some(&self.decoder.events))
    }

    /// The next rows, also those that no model can use, whatever the filter; else as [`Self::next`].
    ///
    /// # Errors
    /// As [`Self::next`].
    pub fn next_rows(&mut self, strings: &mut Strings) -> Result<Option<Rows<'_>>, Error> {
        let has_more = self.step_with(|decoder| decoder.step_rows(strings))?;
        Ok(has_more.then(|| self.decoder.rows()))
    }

    /// Whether a step was done, for which bytes are read where they are missing.
    fn step_with(
        &mut self,
        mut step: impl FnMut(&mut EventDecoder) -> Result<Step, Error>,
    ) -> Result<bool, Error> {
        loop {
            match step(&mut self.decoder)? {
                Step::Waits => {
                    let asks = self.decoder.asks();
                    fetch(&*self.source, asks, |start, bytes| self.decoder.give(start, bytes))?;
                }
                Step::Rows(_) => return Ok(true),
                Step::End => return Ok(false),
            }
        }
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
    fn open(group: GroupReader<'_>) -> Result<Self, Error> {
        Ok(Self {
            keys: KeyColumns::open(group)?,
            guild: group.column(contract::Column::Guild)?,
            level: group.column(contract::Column::Level)?,
            race: group.column(contract::Column::Race)?,
            class: group.column(contract::Column::Class)?,
            zone: group.column(contract::Column::Zone)?,
        })
    }

    fn feeds(&mut self) -> Vec<&mut dyn Feed> {
        let mut feeds = self.keys.feeds();
        feeds.extend(self.guild.feed());
        feeds.extend(self.level.feed());
        feeds.extend(self.race.feed());
        feeds.extend(self.class.feed());
        feeds.extend(self.zone.feed());
        feeds
    }
}
