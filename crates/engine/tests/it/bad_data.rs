//! The kinds of damage that the files have which the Parquet project collects under `bad_data`, each made anew here: it is
//! refused in a sentence, without a panic, where anything tells of it. The files lie in `tests/inputs` too, for the tests of
//! the command and of the page; `BLESS=1` writes them anew.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Builder, ListBuilder};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaDataReader};

use crate::hostile_bytes::{part, read, without_panics};
use crate::made::{batch, plain, rows};

const PLAYER_ID: usize = 0;
const RACE: usize = 3;

/// A part without compression, and what its footer says of a column's first pages.
fn column(index: usize) -> (Vec<u8>, ColumnChunkMetaData) {
    let bytes = part(Compression::UNCOMPRESSED);
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&bytes::Bytes::from(bytes.clone())).unwrap();
    let column = metadata.row_group(0).column(index).clone();
    (bytes, column)
}

/// Where the number at a place ends.
fn after_number(bytes: &[u8], mut place: usize) -> usize {
    while bytes[place] & 0x80 != 0 {
        place += 1;
    }
    place + 1
}

/// Where a page's header has its number of values: after its kind, its two sizes and the start of a structure.
fn place_of_values(bytes: &[u8], header: i64) -> usize {
    let mut place = usize::try_from(header).unwrap();
    for _ in 0..3 {
        assert_eq!(bytes[place], 0x15, "a number of 32 bits");
        place = after_number(bytes, place + 1);
    }
    assert_eq!(bytes[place + 1], 0x15, "a number of 32 bits");
    place + 2
}

/// Why the bytes are refused, and that nothing panicked on the way.
fn says(bytes: Vec<u8>) -> String {
    let says =
        without_panics(move || vec![read(bytes).map_or_else(|error| error.to_string(), |_| "read".into())]);
    assert_eq!(says.len(), 1, "{says:?}");
    says[0].clone()
}

#[track_caller]
fn refuses(name: &str, bytes: Vec<u8>) {
    is_kept(name, &bytes);
    let says = says(bytes);
    assert!(says.starts_with("it is damaged: "), "{says}");
}

/// Checks that the file which other tests read is this one.
#[track_caller]
fn is_kept(name: &str, bytes: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/inputs/bad_data");
    let file = folder.join(format!("{name}.parquet"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(&file, bytes).unwrap();
    }
    assert!(std::fs::read(&file).unwrap() == bytes, "{} is another file", file.display());
}

/// As PARQUET-1481: the schema has a type that there is not.
#[test]
fn a_type_that_there_is_not() {
    let mut bytes = part(Compression::UNCOMPRESSED);
    let name = b"\x18\x09player_id";
    let place = bytes.windows(name.len()).position(|window| window == name).unwrap();
    // Type and repetition of the column, each a field with a number.
    assert_eq!(bytes[place - 4..place], [0x15, 4, 0x25, 0]);
    bytes[place - 3] = 0x7e;
    refuses("type", bytes);
}

/// As ARROW-RS-GH-6229-DICTHEADER: a dictionary of less than no values.
#[test]
fn a_dictionary_of_less_than_no_values() {
    let (mut bytes, column) = column(PLAYER_ID);
    let place = place_of_values(&bytes, column.dictionary_page_offset().unwrap());
    bytes[place] |= 1;
    refuses("dictionary_header", bytes);
}

/// As ARROW-RS-GH-6229-LEVELS and ARROW-GH-41321: a page announces more values than it has levels, or codes, for.
#[test]
fn a_page_with_fewer_levels_than_values() {
    for (index, name) in [(PLAYER_ID, "codes"), (RACE, "levels")] {
        let (mut bytes, column) = column(index);
        let place = place_of_values(&bytes, column.data_page_offset());
        assert_eq!(bytes[place], 25 * 2);
        bytes[place] = 60 * 2;
        refuses(name, bytes);
    }
}

/// As ARROW-GH-41317: a column has fewer rows than the others.
#[test]
fn a_column_that_is_shorter_than_the_others() {
    for (index, name) in [(PLAYER_ID, "short_players"), (RACE, "short_races")] {
        let (mut bytes, column) = column(index);
        let place = place_of_values(&bytes, column.data_page_offset());
        bytes[place] = 20 * 2;
        refuses(name, bytes);
    }
}

/// As ARROW-GH-43605: codes of no bits for a dictionary of several values. The format has such codes, each of which is that
/// of the first value, so that nothing tells of damage.
#[test]
fn codes_without_bits() {
    let (mut bytes, column) = column(PLAYER_ID);
    let end = usize::try_from(column.dictionary_page_offset().unwrap() + column.compressed_size()).unwrap();
    let sizes = usize::try_from(column.data_page_offset()).unwrap() + 3;
    let size = usize::from(bytes[after_number(&bytes, sizes) - 1] / 2);
    let codes = end - size;
    assert_eq!(bytes[codes], 3, "bits for codes of 7 players");
    bytes[codes] = 0;
    assert_eq!(says(bytes), "read");
}

/// As ARROW-GH-45185: levels of lists that begin within a list. No column of the log may be a list at all.
#[test]
fn a_list_is_no_column() {
    let batch = batch(&rows(), &plain());
    let mut levels = ListBuilder::new(Int64Builder::new());
    (0..batch.num_rows()).for_each(|_| levels.append_value([Some(1), Some(2)]));
    let levels = Arc::new(levels.finish()) as ArrayRef;
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns()).map(|(field, column)| {
        (field.name().clone(), if field.name() == "level" { Arc::clone(&levels) } else { Arc::clone(column) })
    });
    let batch = arrow::array::RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    is_kept("list", &bytes);
    let says = says(bytes);
    assert!(says.contains("column `level` is a list, but a number is needed"), "{says}");
}
