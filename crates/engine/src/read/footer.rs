//! What is checked of a footer before the parquet crate decodes it: that it has what it announces, and that its pages are
//! not encrypted. The crate skips lists by the length that they announce, sets memory aside for as many columns as a group
//! is said to have, and follows groups within groups however deep they lie.

use super::contradiction;
use super::thrift::{Fields, Kind, skip, take_list, take_number};
use crate::Error;
use crate::contract::{Content, Refusal};

/// Groups of columns within groups.
const DEPTH_MAX: usize = 64;
/// The names of all columns with those of the groups around them, which the crate copies for each column.
const PATH_BYTES_MAX: usize = 16 << 20;
/// A structure in a list has a field at least, with a value, and an end.
const STRUCTURE_BYTES_MIN: usize = 3;

/// What a field holds by the format's definition. The crate reads a field that it knows as what it should be, whatever kind
/// is written before it, so that only where both are the same it goes the same way as is gone here.
#[derive(Debug, Clone, Copy)]
enum Field {
    /// The crate does not know it either, and goes by the kind.
    Unknown,
    Flag,
    Byte,
    Number,
    Double,
    Bytes,
    Numbers,
    Structure(&'static [Field]),
    Structures(&'static [Field]),
}

use Field::{Byte, Bytes, Double, Flag, Number, Numbers, Structure, Structures, Unknown};

const EMPTY: Field = Structure(&[]);
const KEY_VALUE: &[Field] = &[Bytes, Bytes];
const COLUMN_ORDER: &[Field] = &[EMPTY; 3];

const DECIMAL: Field = Structure(&[Number, Number]);
const TIME: Field = Structure(&[Flag, Structure(&[EMPTY; 3])]);
const INTEGER: Field = Structure(&[Byte, Flag]);
const VARIANT: Field = Structure(&[Byte]);
const GEOMETRY: Field = Structure(&[Bytes]);
const GEOGRAPHY: Field = Structure(&[Bytes, Number]);
const LOGICAL_TYPE: &[Field] = &[
    EMPTY, EMPTY, EMPTY, EMPTY, DECIMAL, EMPTY, TIME, TIME, Unknown, INTEGER, EMPTY, EMPTY, EMPTY, EMPTY,
    EMPTY, VARIANT, GEOMETRY, GEOGRAPHY, EMPTY,
];
const SCHEMA_ELEMENT: &[Field] =
    &[Number, Number, Number, Bytes, Number, Number, Number, Number, Number, Structure(LOGICAL_TYPE)];
const NAME: i16 = 4;
const CHILDREN: i16 = 5;

const STATISTICS: &[Field] = &[Bytes, Bytes, Number, Number, Bytes, Bytes, Flag, Flag, Number];
const ENCODING_STATISTICS: &[Field] = &[Number; 3];
const SIZE_STATISTICS: &[Field] = &[Number, Numbers, Numbers];
const GEOSPATIAL_STATISTICS: &[Field] = &[Structure(&[Double; 8]), Numbers];
const COLUMN_METADATA: &[Field] = &[
    Number,
    Numbers,
    Unknown,
    Number,
    Number,
    Number,
    Number,
    Unknown,
    Number,
    Number,
    Number,
    Structure(STATISTICS),
    Structures(ENCODING_STATISTICS),
    Number,
    Number,
    Structure(SIZE_STATISTICS),
    Structure(GEOSPATIAL_STATISTICS),
];
const COLUMN_CHUNK: &[Field] = &[Bytes, Number, Structure(COLUMN_METADATA), Number, Number, Number, Number];
const SORTING_COLUMN: &[Field] = &[Number, Flag, Flag];
const ROW_GROUP: &[Field] =
    &[Structures(COLUMN_CHUNK), Number, Number, Structures(SORTING_COLUMN), Number, Unknown, Number];
const FILE: &[Field] = &[
    Number,
    Structures(SCHEMA_ELEMENT),
    Number,
    Structures(ROW_GROUP),
    Structures(KEY_VALUE),
    Bytes,
    Structures(COLUMN_ORDER),
];
const SCHEMA: i16 = 2;
/// How pages are encrypted where the footer itself is not.
const ENCRYPTION_ALGORITHM: i16 = 8;

/// Checks the metadata of a file, in Thrift's compact protocol.
///
/// # Errors
/// [`Error::Damaged`] for what announces more than it has, [`Error::Refused`] where the pages are encrypted.
pub(super) fn check(mut metadata: &[u8]) -> Result<(), Error> {
    let mut fields = Fields::default();
    while let Some((field, kind)) = fields.next(&mut metadata).ok_or_else(contradiction)? {
        let passed = match field {
            ENCRYPTION_ALGORITHM => return Err(Refusal::Content(Content::EncryptedParquet).into()),
            SCHEMA => pass_schema(&mut metadata, kind),
            _ => pass(&mut metadata, kind, known(FILE, field)),
        };
        passed.ok_or_else(contradiction)?;
    }
    Ok(())
}

fn known(fields: &[Field], number: i16) -> Field {
    let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    place.and_then(|place| fields.get(place)).copied().unwrap_or(Unknown)
}

/// Goes past a field; `None` where it is not what it should be.
fn pass(bytes: &mut &[u8], kind: Kind, field: Field) -> Option<()> {
    match (field, kind) {
        (Unknown, _)
        | (Flag, Kind::Flag(_))
        | (Byte, Kind::Byte)
        | (Number, Kind::Number)
        | (Double, Kind::Double)
        | (Bytes, Kind::Bytes) => skip(bytes, kind),
        (Structure(fields), Kind::Structure) => pass_structure(bytes, fields),
        (Numbers, Kind::List) => {
            let (items, kind) = take_list(bytes)?;
            (0..items).try_for_each(|_| pass(bytes, kind, Number))
        }
        (Structures(fields), Kind::List) => {
            (0..take_structures(bytes)?).try_for_each(|_| pass_structure(bytes, fields))
        }
        _ => None,
    }
}

fn pass_structure(bytes: &mut &[u8], known_fields: &'static [Field]) -> Option<()> {
    let mut fields = Fields::default();
    while let Some((field, kind)) = fields.next(bytes)? {
        pass(bytes, kind, known(known_fields, field))?;
    }
    Some(())
}

/// The number of a list's structures.
fn take_structures(bytes: &mut &[u8]) -> Option<usize> {
    let (items, kind) = take_list(bytes)?;
    let is_sound = kind == Kind::Structure && items <= bytes.len() / STRUCTURE_BYTES_MIN;
    (items == 0 || is_sound).then_some(items)
}

/// A group of columns that is not at its end.
struct Group {
    /// Columns and groups in it that are still to come.
    left: usize,
    /// The bytes of its name and of the names of those around it.
    path_bytes: usize,
}

/// Goes past the schema, a list in which each group is followed by what is in it.
fn pass_schema(bytes: &mut &[u8], kind: Kind) -> Option<()> {
    if kind != Kind::List {
        return None;
    }
    let items = take_structures(bytes)?;
    let mut groups: Vec<Group> = Vec::new();
    let mut all_path_bytes = 0_usize;
    for index in 0..items {
        let (name_bytes, children) = take_schema_element(bytes)?;
        while groups.pop_if(|group| group.left == 0).is_some() {}
        let mut path_bytes = name_bytes;
        if let Some(group) = groups.last_mut() {
            group.left -= 1;
            path_bytes = path_bytes.saturating_add(group.path_bytes);
        }
        all_path_bytes = all_path_bytes.saturating_add(path_bytes);
        if children > items - index - 1 || all_path_bytes > PATH_BYTES_MAX || groups.len() == DEPTH_MAX {
            return None;
        }
        groups.push(Group { left: children, path_bytes });
    }
    Some(())
}

/// The bytes of the name of a column or a group, and how many are in it.
fn take_schema_element(bytes: &mut &[u8]) -> Option<(usize, usize)> {
    let (mut name_bytes, mut children) = (0, 0);
    let mut fields = Fields::default();
    while let Some((field, kind)) = fields.next(bytes)? {
        let before = bytes.len();
        match (field, kind) {
            (CHILDREN, Kind::Number) => children = usize::try_from(take_number(bytes)?).ok()?,
            _ => pass(bytes, kind, known(SCHEMA_ELEMENT, field))?,
        }
        if field == NAME {
            name_bytes = before - bytes.len();
        }
    }
    Some((name_bytes, children))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Metadata of a root with a column `a`, without row groups.
    const SOUND: [u8; 21] =
        [0x15, 2, 0x19, 0x2c, 0x48, 1, b'r', 0x15, 2, 0, 0x15, 4, 0x25, 0, 0x18, 1, b'a', 0, 0x16, 0, 0];

    fn is_damaged(metadata: &[u8]) -> bool {
        matches!(check(metadata), Err(Error::Damaged(_)))
    }

    /// A list, in a field that nobody knows, of so many items as five bytes tell.
    fn list(kind: u8) -> [u8; 7] {
        [0xf9, 0xf0 | kind, 0xff, 0xff, 0xff, 0xff, 0x07]
    }

    /// The schema of groups within each other.
    fn nested(groups: u8) -> Vec<u8> {
        let group = [0x35, 0, 0x18, 1, b'g', 0x15, 2, 0];
        let column = [0x15, 4, 0x25, 0, 0x18, 1, b'a', 0];
        [&[0x29, 0xfc, groups + 1][..], &group.repeat(groups.into()), &column, &[0]].concat()
    }

    #[test]
    fn what_has_what_it_announces_passes() {
        assert_eq!(check(&SOUND), Ok(()));
        // The writer of an empty list may give its items no kind.
        assert_eq!(check(&[&SOUND[..20], &[0x19, 0, 0]].concat()), Ok(()));
        assert_eq!(check(&nested(60)), Ok(()));
        for cut in 0..SOUND.len() {
            assert!(is_damaged(&SOUND[..cut]), "cut to {cut} bytes");
        }
    }

    #[test]
    fn encryption_is_found_behind_all_else() {
        for algorithm in [[0x5c, 0x1c, 0, 0, 0, 0], [0x0c, 16, 0x1c, 0, 0, 0]] {
            let encrypted = check(&[&SOUND[..20], &algorithm[..]].concat());
            assert_eq!(encrypted, Err(Refusal::Content(Content::EncryptedParquet).into()));
        }
    }

    #[test]
    fn what_announces_more_than_it_has_is_refused_at_once() {
        for kind in [1, 2, 3, 5, 8, 9, 12] {
            assert!(is_damaged(&[&SOUND[..20], &list(kind), &[0; 40]].concat()), "{kind}");
        }
        // Three flags, as which the crate would not take the bytes behind the list.
        assert!(is_damaged(&[&SOUND[..20], &[0xf9, 0x31, 1, 1, 1, 0][..]].concat()));
        // A million lists within each other, and groups.
        assert!(is_damaged(&vec![0x19; 1 << 20]));
        assert!(is_damaged(&nested(100)));
        // A root of more columns than there are.
        let mut more = SOUND;
        more[8] = 4;
        assert!(is_damaged(&more));
        // A thousand columns in a group, with a name that would be copied for each of them.
        let name = vec![b'g'; 1 << 15];
        let group = [&[0x35, 0, 0x18, 0x80, 0x80, 2][..], &name, &[0x15, 0xd0, 0x0f, 0]].concat();
        let columns = [0x15, 4, 0x25, 0, 0x18, 1, b'a', 0].repeat(1_000);
        assert!(is_damaged(&[&[0x29, 0xfc, 0xe9, 7][..], &group, &columns, &[0]].concat()));
    }

    #[test]
    fn a_field_of_another_kind_than_its_own_is_refused() {
        // The number of columns as a flag: the crate would take the bytes behind it for a number.
        let mut other = SOUND;
        other[7] = 0x11;
        assert!(is_damaged(&other));
    }

    proptest! {
        #[test]
        fn any_bytes_have_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = check(&bytes);
        }
    }
}
