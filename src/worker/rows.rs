//! Rows of a model on their way into a file: of one unit at a time, some at each request, so that no more of them are in
//! memory than are asked for.

use std::ops::Range;
use std::rc::Rc;

use ::bytes::Bytes;
use wow_engine::models::events::EventRows;
use wow_engine::pipeline::Strings;
use wow_engine::read::{Cursor, EventDecoder, EventReader, PartBytes, SortedEvents, Step, Work};
use wow_engine::schema::NumberKind;
use wow_engine::write::Piece;
use wow_engine::{Error, Query};

use super::blob::OnItsWay;
use super::file::LocalFile;
use crate::protocol::{EventModel, JobId, MadeRows};

/// Rows that are made in one go: a row group of some megabytes.
const PIECE_ROWS: usize = 256 << 10;

/// The events of a unit that are still to come.
pub(super) enum Rest {
    /// Of a part.
    Part(Box<EventReader<PartBytes>>),
    /// Of a file.
    File(Box<EventDecoder>, OnItsWay, Rc<LocalFile>),
    /// Of a share, which stays with the store.
    Share(Box<Cursor>),
}

/// Rows that are being made.
pub(super) struct RowStream {
    /// The job that they are made for.
    pub(super) job: JobId,
    rest: Rest,
    guild_kind: NumberKind,
    strings: Strings,
    rows: EventRows,
}

impl RowStream {
    pub(super) fn new(job: JobId, rest: Rest, query: &Query, model: EventModel) -> Self {
        let EventModel { guild_kind, flagged, walk } = model;
        let rows = EventRows::new(query.params.session_gap_minutes, flagged, walk);
        Self { job, rest, guild_kind, strings: Strings::default(), rows }
    }

    /// Reads as many events of a file as the next rows are made of, and says whether that were the last.
    ///
    /// # Errors
    /// What the engine says of the events.
    pub(super) async fn read(&mut self) -> Result<bool, Error> {
        let Rest::File(decoder, on_its_way, file) = &mut self.rest else { return Ok(false) };
        let (strings, rows) = (&mut self.strings, &mut self.rows);
        let mut making = Making { decoder, strings, rows, is_last: false };
        file.blob().go_on(on_its_way, &mut making, &mut |_| {}).await?;
        Ok(making.is_last)
    }

    /// The next rows; `share` is what the store holds of sorted files, and those of a file were read.
    ///
    /// # Errors
    /// What the engine says of the events.
    pub(super) fn next(
        &mut self,
        was_last: bool,
        share: Option<&SortedEvents>,
    ) -> Result<(MadeRows, Piece), Error> {
        let mut is_last = was_last;
        while self.rows.rows() < PIECE_ROWS && !is_last {
            is_last = match &mut self.rest {
                Rest::Part(reader) => match reader.next(&mut self.strings)? {
                    Some(events) => self.rows.extend(events).map(|()| false)?,
                    None => true,
                },
                Rest::File(..) => break,
                Rest::Share(cursor) => {
                    let gone = || Error::Decode("the sorted events are gone".to_owned());
                    let share = share.ok_or_else(gone)?;
                    match share.next(cursor) {
                        Some(events) => self.rows.extend(events).map(|()| false)?,
                        None => true,
                    }
                }
            };
        }
        let rows = self.rows.rows() as u64;
        let strings = match (&self.rest, share) {
            (Rest::Share(_), Some(share)) => share.strings(),
            _ => &self.strings,
        };
        let piece = self.rows.take_piece(self.guild_kind, strings);
        let piece = piece.map_err(|error| Error::Decode(error.to_string()))?;
        Ok((MadeRows { rows, is_last, walk: self.rows.walk() }, piece))
    }
}

/// Makes rows of the events of a file, as many as are made in one go.
struct Making<'a> {
    decoder: &'a mut EventDecoder,
    strings: &'a mut Strings,
    rows: &'a mut EventRows,
    is_last: bool,
}

impl Work for Making<'_> {
    fn asks(&mut self) -> Vec<Range<u64>> {
        self.decoder.asks()
    }

    fn give(&mut self, start: u64, bytes: &Bytes) -> Result<(), Error> {
        self.decoder.give(start, bytes)
    }

    fn step(&mut self) -> Result<Step, Error> {
        if self.rows.rows() >= PIECE_ROWS {
            return Ok(Step::End);
        }
        let step = self.decoder.step(self.strings)?;
        match step {
            Step::Rows(_) => self.rows.extend(self.decoder.events())?,
            Step::End => self.is_last = true,
            Step::Waits => {}
        }
        Ok(step)
    }
}
