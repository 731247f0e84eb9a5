//! What is changed of pages.

use arbitrary::Arbitrary;

use super::file::StoredPage;

/// A change of one page.
#[derive(Debug, Arbitrary)]
pub(super) struct Edit {
    page: u8,
    change: Change,
}

#[derive(Debug, Arbitrary)]
enum Change {
    /// A byte before it is compressed.
    Byte {
        place: u16,
        by: u8,
    },
    /// A byte as it lies in the file.
    StoredByte {
        place: u16,
        by: u8,
    },
    Cut {
        to: u16,
    },
    More {
        bytes: Vec<u8>,
    },
    Body {
        bytes: Vec<u8>,
    },
    /// One of the kinds of pages.
    Kind {
        kind: u8,
    },
    Encoding {
        encoding: u8,
    },
    LevelEncoding {
        encoding: u8,
    },
    Values {
        count: i32,
    },
    Rows {
        count: i32,
    },
    Nulls {
        count: i32,
    },
    DefinitionBytes {
        bytes: i32,
    },
    RepetitionBytes {
        bytes: i32,
    },
    IsCompressed {
        is_compressed: bool,
    },
    /// What the header says of the sizes.
    Size {
        bytes: i32,
    },
    CompressedSize {
        bytes: i32,
    },
    /// Another page has the same once more.
    Again,
    Drop,
}

/// No page of a case is longer.
const MOST_BYTES: usize = 1 << 16;
const MOST_PAGES: usize = 64;

impl Edit {
    /// Changes the page, if there is any.
    pub(super) fn apply(&self, pages: &mut Vec<StoredPage>) {
        if pages.is_empty() {
            pages.push(StoredPage::default());
        }
        let place = usize::from(self.page) % pages.len();
        match &self.change {
            Change::Again if pages.len() < MOST_PAGES => {
                let again = pages[place].clone();
                pages.push(again);
            }
            Change::Again => {}
            Change::Drop => drop(pages.remove(place)),
            change => change.apply(&mut pages[place]),
        }
    }
}

impl Change {
    fn apply(&self, page: &mut StoredPage) {
        match self {
            Self::Byte { place, by } => change_byte(&mut page.body, *place, *by),
            Self::StoredByte { place, by } => page.stored_changes.push((*place, *by)),
            Self::Cut { to } => page.body.truncate((*to).into()),
            Self::More { bytes } if page.body.len() < MOST_BYTES => page.body.extend(bytes),
            Self::Body { bytes } => page.body.clone_from(bytes),
            Self::Kind { kind } => page.kind = i32::from(kind % 5),
            Self::Encoding { encoding } => page.encoding = i32::from(encoding % 11),
            Self::LevelEncoding { encoding } => page.level_encoding = i32::from(encoding % 11),
            Self::Values { count } => page.values = *count,
            Self::Rows { count } => page.rows = *count,
            Self::Nulls { count } => page.nulls = *count,
            Self::DefinitionBytes { bytes } => page.definition_bytes = *bytes,
            Self::RepetitionBytes { bytes } => page.repetition_bytes = *bytes,
            Self::IsCompressed { is_compressed } => page.is_compressed = *is_compressed,
            Self::Size { bytes } => page.size = Some(*bytes),
            Self::CompressedSize { bytes } => page.compressed_size = Some(*bytes),
            Self::More { .. } | Self::Again | Self::Drop => {}
        }
    }
}

/// Changes a byte, if there is any.
pub(super) fn change_byte(bytes: &mut [u8], place: u16, by: u8) {
    if let Some(place) = usize::from(place).checked_rem(bytes.len()) {
        bytes[place] ^= by;
    }
}
