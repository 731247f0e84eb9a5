//! The records of CSV, taken apart in pieces.

use std::io::{ErrorKind, Read};
use std::ops::Range;

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use flate2::read::MultiGzDecoder;

use super::{damaged, line};
use crate::Error;

/// What is read at a time.
const INPUT_BYTES: usize = 1 << 18;
/// A longer record is none: mostly a quote is open somewhere before.
const RECORD_BYTES_MAX: usize = 1 << 20;

/// The bytes of a file, unpacked where they are in gzip. The checksum of each member is verified at its end.
pub(super) enum Unpacked<T> {
    Plain(T),
    Gzip(Box<MultiGzDecoder<T>>),
}

impl<T: Read> Unpacked<T> {
    pub(super) fn new(source: T, is_gzip: bool) -> Self {
        if is_gzip { Self::Gzip(Box::new(MultiGzDecoder::new(source))) } else { Self::Plain(source) }
    }

    /// Reads until `buffer` is full or all is read, and says how many bytes that were.
    ///
    /// # Errors
    /// [`Error::Damaged`] where gzip tells that bytes are missing or are others.
    pub(super) fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
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
                    ErrorKind::UnexpectedEof => return Err(damaged("it ends too soon")),
                    ErrorKind::InvalidInput | ErrorKind::InvalidData => {
                        return Err(damaged("it does not match its checksum, or is no gzip any more"));
                    }
                    _ => return Err(damaged("it could not be read any further")),
                },
            }
        }
        Ok(read)
    }
}

/// Reads records, one after the other, in memory that is used again.
pub(super) struct Records<T> {
    source: Unpacked<T>,
    core: Reader,
    input: Vec<u8>,
    /// What of the input is still to be read.
    ahead: Range<usize>,
    is_at_end: bool,
    /// The last bytes of the input: whether there is a line's end, and a quote before it.
    ends_with_line: bool,
    ends_with_quote: bool,
    /// The fields of the record without their quotes, one behind the other.
    text: Vec<u8>,
    fields: Vec<Field>,
    line: u64,
}

#[derive(Debug, Clone, Copy)]
struct Field {
    end: usize,
    is_quoted: bool,
}

impl<T: Read> Records<T> {
    /// The records of what `source` gives from now on, the first of which is on this line of the file.
    pub(super) fn new(source: Unpacked<T>, separator: u8, first_line: u64) -> Self {
        let mut core = ReaderBuilder::new().delimiter(separator).build();
        core.set_line(first_line);
        Self {
            source,
            core,
            input: vec![0; INPUT_BYTES],
            ahead: 0..0,
            is_at_end: false,
            ends_with_line: true,
            ends_with_quote: false,
            text: vec![0; 1 << 12],
            fields: Vec::new(),
            line: first_line,
        }
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
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub(super) fn is_cut_short(&mut self) -> Result<bool, Error> {
        Ok(self.peek()?.is_none() && !self.ends_with_line)
    }

    /// Reads the next record; `false` at the end. Lines without any sign are none.
    ///
    /// # Errors
    /// [`Error::Damaged`], or [`Error::Refused`] for a quote that is never closed.
    pub(super) fn next(&mut self) -> Result<bool, Error> {
        self.fields.clear();
        let mut end = 0;
        while let Some(b'\r' | b'\n') = self.peek()? {
            // Fed one by one, so that it is known where the record begins.
            let (_, read, _) =
                self.core.read_field(&self.input[self.ahead.start..=self.ahead.start], &mut self.text);
            self.ahead.start += read.max(1);
        }
        self.line = self.core.line();
        loop {
            let is_quoted = self.peek()? == Some(b'"');
            let is_last = loop {
                let input = &self.input[self.ahead.clone()];
                let (result, read, written) = self.core.read_field(input, &mut self.text[end..]);
                self.ahead.start += read;
                end += written;
                match result {
                    ReadFieldResult::InputEmpty => {
                        self.peek()?;
                    }
                    ReadFieldResult::OutputFull if self.text.len() >= RECORD_BYTES_MAX => {
                        let wrong = "has more than 1 MB, as where a quote is not closed; mend the file";
                        return Err(line(self.line, wrong.to_owned()));
                    }
                    ReadFieldResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                    ReadFieldResult::Field { record_end } => break record_end,
                    ReadFieldResult::End => return Ok(!self.fields.is_empty()),
                }
            };
            self.fields.push(Field { end, is_quoted });
            if is_last {
                let is_cut = self.is_at_end && is_quoted && !self.ends_with_quote;
                return if is_cut { Err(self.never_closed()) } else { Ok(true) };
            }
        }
    }

    fn never_closed(&self) -> Error {
        line(self.line, "has a quote that is never closed; mend the file".to_owned())
    }

    /// The next byte; `None` at the end.
    fn peek(&mut self) -> Result<Option<u8>, Error> {
        if self.ahead.is_empty() && !self.is_at_end {
            let read = self.source.fill(&mut self.input)?;
            self.is_at_end = read == 0;
            self.ahead = 0..read;
            if let Some(last) = self.input[..read].last() {
                self.ends_with_line = matches!(last, b'\r' | b'\n');
            }
            if let Some(last) = self.input[..read].iter().rev().find(|byte| !matches!(byte, b'\r' | b'\n')) {
                self.ends_with_quote = *last == b'"';
            }
        }
        Ok(self.input[self.ahead.clone()].first().copied())
    }
}
