//! How a CSV file is written, as its beginning tells.

use bytes::Bytes;

use super::line;
use super::records::{Input, Ready, Records, Unpacked};
use crate::Error;
use crate::contract::{Columns, Content, HEAD_BYTES, Partition, Refusal};

/// A first line is within so many bytes.
const FIRST_LINE_BYTES_MAX: usize = 1 << 16;
/// The first of them that makes the columns known is taken.
const SEPARATORS: &[u8] = b",;\t";
/// What Excel may write before the first line, to tell itself the separator.
const SEPARATOR_LINE: &[u8] = b"sep=";

/// What the beginning of a file tells.
#[derive(Debug)]
pub(in crate::read) struct Head {
    pub(super) is_gzip: bool,
    pub(super) separator: u8,
    pub(super) columns: Columns,
    /// Where the rows begin, in bytes that are unpacked.
    pub(super) bytes: usize,
    /// The lines before.
    pub(super) lines: u64,
    /// Whether anything follows.
    pub(super) has_more: bool,
}

impl Head {
    /// What the bytes at the beginning of a file tell, or all of its bytes where it `is_whole`; `None` where more are needed.
    ///
    /// # Errors
    /// [`Error::Refused`] for what is no event log in CSV, [`Error::Damaged`].
    pub(in crate::read) fn of(
        packed: &Bytes,
        is_whole: bool,
        partition: &Partition,
    ) -> Result<Option<Self>, Error> {
        let is_gzip = match Content::of(&packed[..packed.len().min(HEAD_BYTES)]) {
            Content::Text => false,
            Content::Gzip => true,
            content => return Err(Refusal::Content(content).into()),
        };
        let Some(bytes) = beginning(packed, is_whole, is_gzip)? else { return Ok(None) };
        Self::of_text(&bytes, is_gzip, partition).map(Some)
    }

    fn of_text(bytes: &Bytes, is_gzip: bool, partition: &Partition) -> Result<Self, Error> {
        match Content::in_gzip(&bytes[..bytes.len().min(HEAD_BYTES)]) {
            Content::Text => {}
            content => return Err(Refusal::Content(content).into()),
        }
        let start = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let told = told_separator(&bytes[start..]);
        let start = start + told.map_or(0, |(_, length)| length);
        let lines = u64::from(told.is_some());
        let of = |separator: u8| first_record(&bytes.slice(start..), separator, lines + 1);
        let head = |separator, columns, end: End| {
            let rest = &bytes[start + end.bytes..];
            let has_more = bytes.len() == FIRST_LINE_BYTES_MAX || !rest.trim_ascii().is_empty();
            Self { is_gzip, separator, columns, bytes: start + end.bytes, lines: end.lines, has_more }
        };
        if let Some((separator, _)) = told {
            let (names, end) = of(separator)?;
            return Ok(head(separator, Columns::find_in(&names, partition)?, end));
        }
        let mut widest: Option<(usize, Refusal)> = None;
        for &separator in SEPARATORS {
            let (names, end) = of(separator)?;
            match Columns::find_in(&names, partition) {
                Ok(columns) => return Ok(head(separator, columns, end)),
                Err(refusal) if widest.as_ref().is_none_or(|(width, _)| names.len() > *width) => {
                    widest = Some((names.len(), refusal));
                }
                Err(_) => {}
            }
        }
        Err(match widest {
            Some((width, refusal)) if width > 1 => refusal.into(),
            _ => {
                let wrong =
                    "has no comma, semicolon or tab, one of which must stand between the names of columns";
                line(lines + 1, wrong.to_owned())
            }
        })
    }
}

/// The first bytes of what is in a file, as many as a first line may have or all; `None` where more are to be given first.
fn beginning(packed: &Bytes, is_whole: bool, is_gzip: bool) -> Result<Option<Bytes>, Error> {
    let mut unpacked = Unpacked::new(Input::of(packed.clone(), is_whole), is_gzip);
    let mut bytes = vec![0; FIRST_LINE_BYTES_MAX];
    let mut filled = 0;
    while filled < bytes.len() {
        match unpacked.fill(&mut bytes[filled..])? {
            Some(0) => break,
            Some(read) => filled += read,
            None => return Ok(None),
        }
    }
    bytes.truncate(filled);
    Ok(Some(bytes.into()))
}

/// The separator of a line such as `sep=;`, and the length of the line.
fn told_separator(bytes: &[u8]) -> Option<(u8, usize)> {
    let (start, rest) = bytes.split_at_checked(SEPARATOR_LINE.len())?;
    let (separator, rest) = rest.split_first()?;
    let end = match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => return None,
    };
    start.eq_ignore_ascii_case(SEPARATOR_LINE).then_some((*separator, SEPARATOR_LINE.len() + 1 + end))
}

/// Where a record ends.
struct End {
    bytes: usize,
    lines: u64,
}

fn first_record(bytes: &Bytes, separator: u8, first_line: u64) -> Result<(Vec<String>, End), Error> {
    let input = Input::of(bytes.clone(), true);
    let mut records = Records::new(Unpacked::new(input, false), separator, first_line, 0);
    if records.next()? != Ready::Yes {
        return Err(line(first_line, "has no names of columns; name another file".to_owned()));
    }
    let left = records.bytes_ahead();
    if left == 0 && bytes.len() >= FIRST_LINE_BYTES_MAX / 2 && !bytes.ends_with(b"\n") {
        let wrong = format!("has more than {} bytes; name a CSV file", bytes.len());
        return Err(line(first_line, wrong));
    }
    let name = |place: usize| match std::str::from_utf8(records.field(place).0) {
        Ok(name) => Ok(name.to_owned()),
        Err(_) => Err(line(records.line(), "is not in UTF-8; save the file in UTF-8".to_owned())),
    };
    let names = (0..records.len()).map(name).collect::<Result<Vec<_>, _>>()?;
    Ok((names, End { bytes: bytes.len() - left, lines: records.lines_read() }))
}
