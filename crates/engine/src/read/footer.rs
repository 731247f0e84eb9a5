//! What the parquet crate does not tell of a footer: whether it says that the pages are encrypted.

use super::bits::take_varint;

/// The field of a file's metadata that says how its pages are encrypted, where the footer itself is not.
const ENCRYPTION_ALGORITHM: i64 = 8;
/// Structures and lists within others, which the format has only few of.
const DEPTH_MAX: usize = 16;

/// Whether the metadata of a file, in Thrift's compact protocol, say that its pages are encrypted. What is no metadata is
/// for the decoder to refuse.
pub(super) fn tells_of_encryption(mut metadata: &[u8]) -> bool {
    let mut fields = Fields::default();
    while let Some((field, kind)) = fields.next(&mut metadata) {
        if field == ENCRYPTION_ALGORITHM {
            return true;
        }
        if skip(&mut metadata, kind, 0).is_none() {
            return false;
        }
    }
    false
}

/// The fields of a structure, which are numbered by their distance from the one before.
#[derive(Default)]
struct Fields {
    last: i64,
}

impl Fields {
    /// The number and the kind of the next field; `None` at the end.
    fn next(&mut self, bytes: &mut &[u8]) -> Option<(i64, u8)> {
        let header = byte(bytes).filter(|header| *header != 0)?;
        let number = match i64::from(header >> 4) {
            0 => {
                let number = take_varint(bytes).ok()?;
                i64::try_from(number >> 1).ok()?
            }
            distance => self.last.checked_add(distance)?,
        };
        self.last = number;
        Some((number, header & 0xf))
    }
}

fn byte(bytes: &mut &[u8]) -> Option<u8> {
    bytes.split_off_first().copied()
}

/// Goes past a value; `None` where there is none.
fn skip(bytes: &mut &[u8], kind: u8, depth: usize) -> Option<()> {
    match kind {
        // A flag is its kind.
        1 | 2 => Some(()),
        3 => byte(bytes).map(drop),
        4..=6 => take_varint(bytes).ok().map(drop),
        7 => bytes.split_off(..8).map(drop),
        8 => {
            let length = usize::try_from(take_varint(bytes).ok()?).ok()?;
            bytes.split_off(..length).map(drop)
        }
        9 | 10 if depth < DEPTH_MAX => {
            let header = byte(bytes)?;
            let items = match header >> 4 {
                15 => take_varint(bytes).ok()?,
                items => items.into(),
            };
            // Every item takes a byte at least, and so does a flag here.
            if items > bytes.len() as u64 {
                return None;
            }
            let kind = if header & 0xf <= 2 { 3 } else { header & 0xf };
            (0..items).try_for_each(|_| skip(bytes, kind, depth + 1))
        }
        12 if depth < DEPTH_MAX => {
            let mut fields = Fields::default();
            while let Some((_, kind)) = fields.next(bytes) {
                skip(bytes, kind, depth + 1)?;
            }
            Some(())
        }
        // Metadata have no maps.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_field_is_found_behind_all_others() {
        // 1: a number; 2: a list of a structure with a text and a flag; 3: a number; then 8: the algorithm.
        let others = [0x15, 2, 0x19, 0x1c, 0x18, 2, b'a', b'b', 0x11, 0, 0x16, 0x80, 1];
        let with = [&others[..], &[0x5c, 0x1c, 0, 0, 0]].concat();
        assert!(tells_of_encryption(&with));
        assert!(!tells_of_encryption(&[&others[..], &[0]].concat()));
        // By its number instead of the distance.
        assert!(tells_of_encryption(&[&others[..], &[0x0c, 16, 0x1c, 0, 0, 0]].concat()));
        for cut in 0..others.len() {
            assert!(!tells_of_encryption(&with[..cut]), "cut to {cut} bytes");
        }
    }

    #[test]
    fn lists_that_cannot_be_are_passed_over_at_once() {
        // A list of structures that would have 2^35 of them, and a million lists within each other.
        assert!(!tells_of_encryption(&[0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x7f, 0]));
        assert!(!tells_of_encryption(&vec![0x19; 1 << 20]));
    }

    proptest! {
        #[test]
        fn any_bytes_have_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = tells_of_encryption(&bytes);
        }
    }
}
