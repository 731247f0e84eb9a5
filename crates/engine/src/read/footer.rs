//! What the parquet crate does not tell of a footer: whether it says that the pages are encrypted.

use super::thrift::{Fields, skip};

/// The field of a file's metadata that says how its pages are encrypted, where the footer itself is not.
const ENCRYPTION_ALGORITHM: i16 = 8;
/// Whether the metadata of a file, in Thrift's compact protocol, say that its pages are encrypted. What is no metadata is
/// for the decoder to refuse.
pub(super) fn tells_of_encryption(mut metadata: &[u8]) -> bool {
    let mut fields = Fields::default();
    while let Some(Some((field, kind))) = fields.next(&mut metadata) {
        if field == ENCRYPTION_ALGORITHM {
            return true;
        }
        if skip(&mut metadata, kind).is_none() {
            return false;
        }
    }
    false
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
