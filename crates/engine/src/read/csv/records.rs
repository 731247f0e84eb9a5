//! The records of CSV, taken apart in pieces.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read};
use std::ops::Range;

use bytes::{Buf as _, Bytes};
use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use flate2::read::MultiGzDecoder;

use super::{damaged, line};
use crate::Error;

/// What is read at a time.
const INPUT_BYTES: usize = 1 << 18;
/// A longer record is none: mostly a quote is open somewhere before.
const RECORD_BYTES_MAX: usize = 1 << 20;

/// Bytes of a file in the order in which they were given.
#[derive(Debug, Default)]
pub(super) struct Input {
    pieces: VecDeque<Bytes>,
    /// Whether the file has no more.
    is_whole: bool,
}

impl Input {
    /// All that a file has, or its beginning.
    pub(super) fn of(bytes: Bytes, is_whole: bool) -> Self {
        Self { pieces: [bytes].into(), is_whole }
    }

    /// Puts more behind what there is; nothing comes after what `is_last`.
    pub(super) fn push(&mut self, bytes: Bytes, is_last: bool) {
        self.pieces.push_back(bytes);
        self.is_whole = is_last;
    }

    /// How many pieces were not read yet.
    pub(super) fn pieces(&self) -> usize {
        self.pieces.len()
    }
}

/// Where more is to be given first, reading would block.
impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.pieces.pop_front_if(|piece| piece.is_empty()).is_some() {}
        match self.pieces.front_mut() {
            Some(piece) => piece.reader().read(buffer),
            None if self.is_whole => Ok(0),
            None => Err(ErrorKind::WouldBlock.into()),
        }
    }
}

/// The bytes of a file, unpacked where they are in gzip. The checksum of each member is verified at its end.
pub(super) enum Unpacked {
    Plain(Input),
    Gzip(Box<MultiGzDecoder<Input>>),
}

impl Unpacked {
    pub(super) fn new(input: Input, is_gzip: bool) -> Self {
        if is_gzip { Self::Gzip(Box::new(MultiGzDecoder::new(input))) } else { Self::Plain(input) }
    }

    /// What they are read from.
    pub(super) fn input(&mut self) -> &mut Input {
        match self {
            Self::Plain(input) => input,
            Self::Gzip(packed) => packed.get_mut(),
        }
    }

    /// Reads until `buffer` is full or all that was given is read, and says how many bytes that were: none at the end of the
    /// file, and `None` where more is to be given first.
    ///
    /// # Errors
    /// [`Error::Damaged`] where gzip tells that bytes are missing or are others.
    pub(super) fn fill(&mut self, buffer: &mut [u8]) -> Result<Option<usize>, Error> {
        let mut read = 0;
        while read < buffer.len() {
            let result = match self {
                Self::Plain(source) => source.read(&mut buffer[read..]),
                Self::Gzip(source) => source.read(&mut buffer[read..]),
            };
            match result {
                Ok(0) => break,
                Ok(bytes) => read += bytes,
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => {}
                    ErrorKind::WouldBlock if read > 0 => break,
                    ErrorKind::WouldBlock => return Ok(None),
                    ErrorKind::UnexpectedEof => return Err(damaged("it ends too soon")),
                    ErrorKind::InvalidInput | ErrorKind::InvalidData => {
                        return Err(damaged("it does not match its checksum, or is no gzip any more"));
                    }
                    _ => return Err(damaged("it could not be read any further")),
                },
            }
        }
        Ok(Some(read))
    }
}

/// What there is to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ready {
    /// A record, or a batch of them.
    Yes,
    /// More bytes are to be given first.
    Waits,
    /// Nothing more.
    End,
}

/// How far a record is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// It has not begun.
    Before,
    /// A field begins.
    AtField,
    InField,
    /// It is read, and what follows is still to be known.
    Behind,
}

/// Reads records, one after the other, in memory that is used again.
pub(super) struct Records {
    source: Unpacked,
    core: Reader,
    input: Vec<u8>,
    /// What of the input is still to be read.
    ahead: Range<usize>,
    /// Bytes that come before the first record.
    skipped: usize,
    is_at_end: bool,
    /// The last bytes of the input: whether there is a line's end, and a quote before it.
    ends_with_line: bool,
    ends_with_quote: bool,
    /// The fields of the record without their quotes, one behind the other.
    text: Vec<u8>,
    /// Where the field that is read goes on.
    end: usize,
    is_quoted: bool,
    fields: Vec<Field>,
    phase: Phase,
    line: u64,
}

#[derive(Debug, Clone, Copy)]
struct Field {
    end: usize,
    is_quoted: bool,
}

impl Records {
    /// The records of what `source` gives behind so many bytes, the first of which is on this line of the file.
    pub(super) fn new(source: Unpacked, separator: u8, first_line: u64, skipped: usize) -> Self {
        let mut core = ReaderBuilder::new().delimiter(separator).build();
        core.set_line(first_line);
        Self {
            source,
            core,
            input: vec![0; INPUT_BYTES],
            ahead: 0..0,
            skipped,
            is_at_end: false,
            ends_with_line: true,
            ends_with_quote: false,
            text: vec![0; 1 << 12],
            end: 0,
            is_quoted: false,
            fields: Vec::new(),
            phase: Phase::Before,
            line: first_line,
        }
    }

    /// What the file's bytes are given to.
    pub(super) fn source(&mut self) -> &mut Input {
        self.source.input()
    }

    /// How many fields the record has.
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// A field of the record, and whether it is in quotes; an empty one past the end.
    pub(super) fn field(&self, place: usize) -> (&[u8], bool) {
        let Some(field) = self.fields.get(place) else { return (&[], false) };
        let start = place.checked_sub(1).map_or(0, |before| self.fields[before].end);
        (&self.text[start..field.end], field.is_quoted)
    }

    /// The line on which the record begins, from 1.
    pub(super) const fn line(&self) -> u64 {
        self.line
    }

    /// How many bytes of the input are ahead.
    pub(super) fn bytes_ahead(&self) -> usize {
        self.ahead.len()
    }

    /// How many lines were read to their end.
    pub(super) fn lines_read(&self) -> u64 {
        self.core.line() - 1
    }

    /// Whether the file ends within the record's line.
    pub(super) const fn is_cut_short(&self) -> bool {
        self.is_at_end && !self.ends_with_line
    }

    /// Reads the next record, and sees whether anything follows. Lines without any sign are none.
    ///
    /// # Errors
    /// [`Error::Damaged`], or [`Error::Refused`] for a quote that is never closed.
    pub(super) fn next(&mut self) -> Result<Ready, Error> {
        loop {
            let Some(next) = self.peek()? else { return Ok(Ready::Waits) };
            match (self.phase, next) {
                (Phase::Before, Some(b'\r' | b'\n')) => {
                    // Fed one by one, so that it is known where the record begins.
                    let (_, read, _) = self
                        .core
                        .read_field(&self.input[self.ahead.start..=self.ahead.start], &mut self.text);
                    self.ahead.start += read.max(1);
                }
                (Phase::Before, _) => {
                    self.fields.clear();
                    self.end = 0;
                    self.line = self.core.line();
                    self.phase = Phase::AtField;
                }
                (Phase::AtField, next) => {
                    self.is_quoted = next == Some(b'"');
                    self.phase = Phase::InField;
                }
                (Phase::InField, _) => {
                    if let Some(ready) = self.read_field()? {
                        return Ok(ready);
                    }
                }
                (Phase::Behind, _) => {
                    self.phase = Phase::Before;
                    return Ok(Ready::Yes);
                }
            }
        }
    }

    /// Reads what there is of a field; at the end of the file it is known what comes of it.
    fn read_field(&mut self) -> Result<Option<Ready>, Error> {
        let input = &self.input[self.ahead.clone()];
        let (result, read, written) = self.core.read_field(input, &mut self.text[self.end..]);
        self.ahead.start += read;
        self.end += written;
        match result {
            ReadFieldResult::InputEmpty => {}
            ReadFieldResult::OutputFull if self.text.len() >= RECORD_BYTES_MAX => {
                let wrong = "has more than 1 MB, as where a quote is not closed; mend the file";
                return Err(line(self.line, wrong.to_owned()));
            }
            ReadFieldResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
            ReadFieldResult::Field { record_end } => {
                self.fields.push(Field { end: self.end, is_quoted: self.is_quoted });
                self.phase = if record_end { Phase::Behind } else { Phase::AtField };
                if record_end && self.is_at_end && self.is_quoted && !self.ends_with_quote {
                    return Err(self.never_closed());
                }
            }
            ReadFieldResult::End => {
                self.phase = Phase::Before;
                return Ok(Some(if self.fields.is_empty() { Ready::End } else { Ready::Yes }));
            }
        }
        Ok(None)
    }

    fn never_closed(&self) -> Error {
        line(self.line, "has a quote that is never closed; mend the file".to_owned())
    }

    /// The next byte, or that there is none; `None` where more is to be given first.
    fn peek(&mut self) -> Result<Option<Option<u8>>, Error> {
        while self.ahead.is_empty() && !self.is_at_end {
            let Some(read) = self.source.fill(&mut self.input)? else { return Ok(None) };
            self.is_at_end = read == 0;
            let skipped = self.skipped.min(read);
            self.skipped -= skipped;
            self.ahead = skipped..read;
            if self.is_at_end && self.skipped > 0 {
                return Err(damaged("it changed while it was read"));
            }
            let input = &self.input[self.ahead.clone()];
            if let Some(last) = input.last() {
                self.ends_with_line = matches!(last, b'\r' | b'\n');
            }
            if let Some(last) = input.iter().rev().find(|byte| !matches!(byte, b'\r' | b'\n')) {
                self.ends_with_quote = *last == b'"';
            }
        }
        Ok(Some(self.input[self.ahead.clone()].first().copied()))
    }
}
