//! A part that was cut short or changed on its way is read, or is an error: never a panic, never fewer rows than
//! it says.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::WriterProperties;
use wow_engine::pipeline::{Partial, Report};
use wow_engine::read::{EventFile, player_history, scan};
use wow_engine::time::MINUTE_US;
use wow_engine::{Error, Params, Query};

const ROWS: i64 = 40;
const ROWS_PER_GROUP: usize = 25;
/// An export's, and none, so that what is changed is what is decoded.
const CODECS: [Compression; 2] = [Compression::SNAPPY, Compression::UNCOMPRESSED];
const CHANGES: [u8; 5] = [0x01, 0x02, 0x10, 0x80, 0xff];

/// A part like those of an export, with two row groups.
pub(crate) fn part(codec: Compression) -> Vec<u8> {
    let rows = || 0..ROWS;
    let text = |texts: &'static [&'static str]| -> ArrayRef {
        // Some alike for long, the others by turns.
        let cell =
            move |row: i64| (row % 17 < 14).then(|| texts[row as usize / 20 * row as usize % texts.len()]);
        Arc::new(rows().map(cell).collect::<StringArray>())
    };
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("player_id", Arc::new(Int64Array::from_iter_values(rows().map(|row| row / 4))) as ArrayRef, false),
        (
            "guild",
            Arc::new(rows().map(|row| (row % 3 > 0).then_some(row as f64)).collect::<Float64Array>()),
            true,
        ),
        ("level", Arc::new(rows().map(|row| (row % 5 > 0).then_some(row)).collect::<Int64Array>()), true),
        ("race", text(&["Orc", "Troll"]), true),
        ("class", text(&["Rogue", "Mage", "Hunter"]), true),
        ("where", text(&["Durotar", "Dalaran競技場", "Zul'Gurub"]), true),
        (
            "datetime",
            Arc::new(TimestampMicrosecondArray::from_iter_values(rows().map(|row| row * 13 * MINUTE_US))),
            false,
        ),
    ])
    .unwrap();
    let properties = WriterProperties::builder()
        .set_compression(codec)
        .set_max_row_group_row_count(Some(ROWS_PER_GROUP))
        .set_column_dictionary_enabled("datetime".into(), false)
        .set_column_encoding("datetime".into(), Encoding::DELTA_BINARY_PACKED)
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

pub(crate) fn read(bytes: Vec<u8>) -> Result<(u64, Report), Error> {
    let part = EventFile::open(bytes::Bytes::from(bytes))?;
    let partial: Partial = scan(&part, None, Params::default(), &mut |_| ControlFlow::Continue(()))?;
    player_history(&part, None, &Query::default(), 3)?;
    Ok((part.rows(), partial.finish()))
}

/// What `work` finds wrong, and its panics, though the engine catches them: in the browser nothing does.
pub(crate) fn without_panics(work: impl FnOnce() -> Vec<String> + Send + 'static) -> Vec<String> {
    const NAME: &str = "hostile bytes";
    static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() == Some(NAME) {
            PANICS.lock().unwrap().push(panic.to_string());
        } else {
            print(panic);
        }
    }));
    let wrong = std::thread::Builder::new().name(NAME.into()).spawn(work).unwrap().join();
    let panics = std::mem::take(&mut *PANICS.lock().unwrap());
    [wrong.expect("a panic was not caught"), panics].concat()
}

#[test]
fn the_part_is_read_whole() {
    for codec in CODECS {
        let (rows, report) = read(part(codec)).unwrap();
        assert_eq!((rows, report.rows, report.players.len()), (40, 40, 10));
        assert_eq!(report.totals(&Params::default()).sessions, 10);
    }
}

#[test]
fn a_part_cut_short_anywhere_is_an_error() {
    let wrong = without_panics(|| {
        let is_refused =
            |bytes: &[u8]| matches!(read(bytes.to_vec()), Err(Error::Damaged(_) | Error::Refused(_)));
        let cut = |codec| {
            let whole = part(codec);
            let wrong = (0..whole.len()).filter(move |len| !is_refused(&whole[..*len]));
            wrong.map(move |len| format!("{codec}: cut to {len} bytes"))
        };
        CODECS.into_iter().flat_map(cut).collect()
    });
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn a_part_with_a_changed_byte_is_read_whole_or_is_an_error() {
    let wrong = without_panics(|| {
        let mut wrong = Vec::new();
        for codec in CODECS {
            let whole = part(codec);
            for (place, change) in (0..whole.len()).flat_map(|place| CHANGES.map(|change| (place, change))) {
                let mut bytes = whole.clone();
                bytes[place] ^= change;
                if let Ok((rows, report)) = read(bytes) {
                    let read = report.rows + report.rejected.total();
                    if read != rows {
                        wrong.push(format!("{codec}, {place} changed by {change:#x}: {read} of {rows} rows"));
                    }
                }
            }
        }
        wrong
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}
