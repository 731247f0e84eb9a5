//! Finds out what a file is, and where the columns of the event table are in it.

use std::ops::Range;

use bytes::Bytes;

use super::csv::{CsvFile, Head};
use super::file::{check_head, decode_footer, footer_range, tail_range};
use super::groups::{Groups, GuildTexts, Next};
use super::unpack::rare;
use super::work::{Piece, Step, Work};
use super::{EventFile, LogFile, contradiction};
use crate::Error;
use crate::contract::{Content, Format, HEAD_BYTES, Partition};
use crate::schema::NumberKind;

/// What is read of the beginning of CSV at first, and how many times as much where its first line is longer when unpacked.
const CSV_HEAD_BYTES: u64 = 256 << 10;
const CSV_HEAD_GROWTH: u64 = 8;

/// Opens a file.
pub struct Opening {
    /// The file's size.
    bytes: u64,
    partition: Partition,
    /// What it must be, if not all will do.
    format: Option<Format>,
    state: State,
}

enum State {
    /// What its first bytes say that it is.
    Head(Piece),
    /// The end of Parquet, and where its footer begins.
    Tail(Piece),
    Footer(Piece),
    /// Guild numbers that are written as text: all of them must be held alike.
    Guilds(Box<Groups<GuildTexts>>),
    /// The beginning of CSV.
    Csv(Piece, u64),
    Opened(Box<LogFile<()>>),
}

impl Opening {
    /// A file of so many bytes, in such folders, whose names give some of its columns.
    #[must_use]
    pub fn new(bytes: u64, partition: &Partition) -> Self {
        let head = Piece::new(0..bytes.min(HEAD_BYTES as u64));
        Self { bytes, partition: partition.clone(), format: None, state: State::Head(head) }
    }

    /// The same for a file that is of no use in another format.
    pub(super) fn of(self, format: Format) -> Self {
        Self { format: Some(format), ..self }
    }

    /// The file, once it is open.
    ///
    /// # Errors
    /// [`Error::Damaged`] before.
    pub fn finish(self) -> Result<LogFile<()>, Error> {
        match self.state {
            State::Opened(file) => Ok(*file),
            _ => Err(contradiction()),
        }
    }

    fn csv_head(&self, bytes: u64) -> State {
        State::Csv(Piece::new(0..bytes.min(self.bytes)), bytes)
    }

    fn of_content(&self, head: &[u8]) -> Result<State, Error> {
        let is_csv = match self.format {
            Some(format) => format == Format::Csv,
            None => matches!(Content::of(head), Content::Text | Content::Gzip),
        };
        if is_csv {
            return Ok(self.csv_head(CSV_HEAD_BYTES));
        }
        check_head(head)?;
        Ok(State::Tail(Piece::new(tail_range(self.bytes))))
    }

    fn of_footer(&self, metadata: &[u8]) -> Result<State, Error> {
        let file = EventFile::of_footer(decode_footer(metadata)?, self.bytes, &self.partition, rare)?;
        Ok(match file.has_text_guilds() {
            true => {
                let groups = (0..file.row_groups()).collect();
                State::Guilds(Box::new(Groups::new(file, groups)))
            }
            false => opened(file),
        })
    }

    fn of_csv(&self, beginning: &Bytes, bytes: u64) -> Result<State, Error> {
        let is_whole = beginning.len() as u64 == self.bytes;
        Ok(match Head::of(beginning, is_whole, &self.partition)? {
            Some(head) => State::Opened(Box::new(LogFile::Csv(CsvFile::new(head, self.bytes)))),
            None => self.csv_head(bytes.saturating_mul(CSV_HEAD_GROWTH)),
        })
    }
}

fn opened(file: EventFile<()>) -> State {
    State::Opened(Box::new(LogFile::Parquet(file)))
}

impl Work for Opening {
    fn asks(&mut self) -> Vec<Range<u64>> {
        match &mut self.state {
            State::Head(piece) | State::Tail(piece) | State::Footer(piece) | State::Csv(piece, _) => {
                piece.ask().into_iter().collect()
            }
            State::Guilds(groups) => groups.asks(),
            State::Opened(_) => Vec::new(),
        }
    }

    fn give(&mut self, start: u64, bytes: &Bytes) -> Result<(), Error> {
        match &mut self.state {
            State::Head(piece) | State::Tail(piece) | State::Footer(piece) | State::Csv(piece, _) => {
                piece.give(start, bytes);
            }
            State::Guilds(groups) => groups.give(start, bytes)?,
            State::Opened(_) => {}
        }
        Ok(())
    }

    fn step(&mut self) -> Result<Step, Error> {
        let next = match &mut self.state {
            State::Head(piece) => piece.bytes().map(|bytes| self.of_content(&bytes)),
            State::Tail(piece) => {
                piece.bytes().map(|bytes| Ok(State::Footer(Piece::new(footer_range(&bytes, self.bytes)?))))
            }
            State::Footer(piece) => piece.bytes().map(|bytes| self.of_footer(&bytes)),
            State::Csv(piece, bytes) => {
                let bytes = *bytes;
                piece.bytes().map(|beginning| self.of_csv(&beginning, bytes))
            }
            State::Guilds(groups) => match see_guilds(groups)? {
                Seen::Step(step) => return Ok(step),
                Seen::All(kind) => {
                    let mut file = groups.file.clone();
                    file.layout.guild_kind = kind;
                    Some(Ok(opened(file)))
                }
            },
            State::Opened(_) => return Ok(Step::End),
        };
        let Some(next) = next else { return Ok(Step::Waits) };
        self.state = next?;
        Ok(Step::Rows(0))
    }
}

enum Seen {
    Step(Step),
    All(NumberKind),
}

fn see_guilds(groups: &mut Groups<GuildTexts>) -> Result<Seen, Error> {
    let columns = std::sync::Arc::clone(&groups.file.columns);
    let seen = match groups.next()? {
        Next::Waits => Ok(Seen::Step(Step::Waits)),
        Next::End => Ok(Seen::All(NumberKind::Integer)),
        Next::Rows(rows, column) => column.have_fractions(rows).map(|have_fractions| match have_fractions {
            true => Seen::All(NumberKind::Float),
            false => Seen::Step(Step::Rows(rows as u64)),
        }),
    };
    seen.map_err(|error| columns.named(error))
}
