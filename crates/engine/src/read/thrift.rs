//! Thrift's compact protocol, in which footers and headers of pages are written, as far as it takes to read a header and to
//! go past what is in a footer. Nothing is read as often as it is only said to be there.

use super::bits::take_varint;

/// Structures and lists within others, which the format has only few of.
const DEPTH_MAX: usize = 16;

/// What a value is, as the protocol says before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A flag of a structure, which has no bytes of its own.
    Flag(bool),
    Byte,
    /// Numbers of 16, 32 and 64 bits are written alike.
    Number,
    Double,
    /// A text, or other bytes.
    Bytes,
    List,
    Structure,
    Uuid,
}

impl Kind {
    const fn of(code: u8) -> Option<Self> {
        Some(match code {
            1 => Self::Flag(true),
            2 => Self::Flag(false),
            3 => Self::Byte,
            4..=6 => Self::Number,
            7 => Self::Double,
            8 => Self::Bytes,
            9 | 10 => Self::List,
            12 => Self::Structure,
            13 => Self::Uuid,
            // The format has no maps.
            _ => return None,
        })
    }
}

/// The fields of a structure, which are numbered by their distance from the one before.
#[derive(Default)]
pub(super) struct Fields {
    last: i16,
}

impl Fields {
    /// The number and the kind of the next field, whose value is to be taken off the bytes before the field after it;
    /// `Some(None)` at the structure's end, and `None` where there is neither.
    pub(super) fn next(&mut self, bytes: &mut &[u8]) -> Option<Option<(i16, Kind)>> {
        let header = take_byte(bytes)?;
        if header & 0xf == 0 {
            return Some(None);
        }
        self.last = match i16::from(header >> 4) {
            0 => i16::try_from(take_number(bytes)?).ok()?,
            distance => self.last.checked_add(distance)?,
        };
        Some(Some((self.last, Kind::of(header & 0xf)?)))
    }
}

/// The number of a list's items and their kind, unless those that it says to have would need more bytes than there are.
pub(super) fn take_list(bytes: &mut &[u8]) -> Option<(usize, Kind)> {
    let header = take_byte(bytes)?;
    let items = match header >> 4 {
        15 => usize::try_from(take_varint(bytes).ok()?).ok()?,
        items => items.into(),
    };
    let kind = match header & 0xf {
        // Nothing is of any kind, and some writers say none.
        0..=2 if items == 0 => Kind::Byte,
        // The format has no lists of flags, and the parquet crate goes past them as if flags had no bytes there.
        1 | 2 => return None,
        code => Kind::of(code)?,
    };
    // Every item has a byte at least.
    (items <= bytes.len()).then_some((items, kind))
}

/// A whole number.
pub(super) fn take_number(bytes: &mut &[u8]) -> Option<i64> {
    let number = take_varint(bytes).ok()?;
    Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
}

fn take_byte(bytes: &mut &[u8]) -> Option<u8> {
    bytes.split_off_first().copied()
}

/// Goes past a value; `None` where there is none.
pub(super) fn skip(bytes: &mut &[u8], kind: Kind) -> Option<()> {
    skip_within(bytes, kind, 0)
}

fn skip_within(bytes: &mut &[u8], kind: Kind, depth: usize) -> Option<()> {
    match kind {
        Kind::Flag(_) => Some(()),
        Kind::Byte => take_byte(bytes).map(drop),
        Kind::Number => take_varint(bytes).ok().map(drop),
        Kind::Double => bytes.split_off(..8).map(drop),
        Kind::Uuid => bytes.split_off(..16).map(drop),
        Kind::Bytes => {
            let length = usize::try_from(take_varint(bytes).ok()?).ok()?;
            bytes.split_off(..length).map(drop)
        }
        Kind::List if depth < DEPTH_MAX => {
            let (items, kind) = take_list(bytes)?;
            (0..items).try_for_each(|_| skip_within(bytes, kind, depth + 1))
        }
        Kind::Structure if depth < DEPTH_MAX => {
            let mut fields = Fields::default();
            while let Some((_, kind)) = fields.next(bytes)? {
                skip_within(bytes, kind, depth + 1)?;
            }
            Some(())
        }
        Kind::List | Kind::Structure => None,
    }
}
