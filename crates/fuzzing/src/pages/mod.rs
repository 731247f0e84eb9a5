//! A column chunk that a writer made, with some of it changed, in a file that is sound around it.

mod column;
mod edit;
mod file;

use arbitrary::{Arbitrary, Unstructured};
use bytes::Bytes;
use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::WriterVersion;
use wow_engine::pipeline::Partial;
use wow_engine::read::{self, EventFile};
use wow_engine::{Error, Params};

use crate::reference::{Row, Rows, by_arrow, by_engine};
use crate::seeds::go_on;
use column::{Column, Stored};
use edit::Edit;

/// A row group need not have more rows for a reader to be wrong.
const MOST_ROWS: usize = 4_096;
const MOST_EDITS: usize = 8;

/// A column of a log: how it is stored, and what is changed of that.
#[derive(Debug, Arbitrary)]
struct Case {
    column: Column,
    stored: u8,
    is_optional: bool,
    codec: Codec,
    is_version_2: bool,
    encoding: u8,
    has_dictionary: bool,
    page_rows: u8,
    /// The footer says that no value is null.
    says_no_nulls: bool,
    /// The rows that the footer announces, where not those of the values.
    rows: Option<u16>,
    edits: Vec<Edit>,
    values: Vec<Option<i64>>,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Codec {
    None,
    Snappy,
    Gzip,
    Brotli,
    Zstd,
    Lz4Raw,
}

/// A page is read as the Arrow reader reads it, or is refused, whatever the column, its type, version, encoding, codec
/// and levels, and whatever in it contradicts the rest.
pub fn pages(bytes: &[u8]) {
    let Ok(case) = Case::arbitrary_take_rest(Unstructured::new(bytes)) else { return };
    let file = case.file();
    let Ok(opened) = EventFile::open(file.clone()) else { return };
    let rows = by_engine(&opened);
    let scanned = read::scan(&opened, None, Params::default(), &mut |_| go_on());
    match rows {
        Err(error) => assert!(scanned.is_err(), "rows that are refused ({error}) are scanned: {case:?}"),
        Ok(rows) => {
            agree_on_order(&rows, scanned);
            if let Some(theirs) = by_arrow(&file) {
                assert_eq!(rows, theirs, "{case:?}");
            }
        }
    }
}

/// Whether the scan saw what the rows show: that they are in order, or are not.
fn agree_on_order(rows: &Rows, scanned: Result<Partial, Error>) {
    let key = |row: &Row| (row.player_id, row.time_us);
    match scanned {
        Ok(partial) => {
            assert!(rows.events.is_sorted_by_key(key), "unordered rows are scanned");
            assert_eq!((partial.rows(), partial.rejected()), (rows.events.len() as u64, rows.rejected));
        }
        Err(error) => {
            assert!(matches!(error, Error::OutOfOrder { .. }), "rows that are read are not scanned: {error}");
            assert!(!rows.events.is_sorted_by_key(key), "ordered rows are refused");
        }
    }
}

impl Case {
    fn file(&self) -> Bytes {
        let values = &self.values[..self.values.len().min(MOST_ROWS)];
        let stored = Stored::of(self.column, self.stored);
        let layout = column::Layout {
            is_optional: self.is_optional,
            version: if self.is_version_2 { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 },
            encoding: self.encoding,
            has_dictionary: self.has_dictionary,
            page_rows: usize::from(self.page_rows).max(1),
        };
        let mut pages = column::pages(stored, &layout, values);
        for edit in self.edits.iter().take(MOST_EDITS) {
            edit.apply(&mut pages);
        }
        let rows = self.rows.map_or(values.len(), usize::from).min(MOST_ROWS);
        file::file(self.column, stored, self, &pages, rows)
    }
}

impl Codec {
    fn named(self) -> Compression {
        match self {
            Self::None => Compression::UNCOMPRESSED,
            Self::Snappy => Compression::SNAPPY,
            Self::Gzip => Compression::GZIP(GzipLevel::default()),
            Self::Brotli => Compression::BROTLI(BrotliLevel::default()),
            Self::Zstd => Compression::ZSTD(ZstdLevel::default()),
            Self::Lz4Raw => Compression::LZ4_RAW,
        }
    }
}
