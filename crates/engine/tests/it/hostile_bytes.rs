//! A part that was cut short or changed on its way is read, or is an error: never a panic, never fewer rows than
//! it says.

use std::ops::ControlFlow;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::WriterProperties;
use wow_engine::pipeline::{Partial, Report};
use wow_engine::read::{EventFile, player_sessions, scan};
use wow_engine::time::MINUTE_US;
use wow_engine::{Error, Params, Query};

const ROWS: i64 = 40;
const ROWS_PER_GROUP: usize = 25;

/// A part like those of an export, with two row groups.
fn part() -> Vec<u8> {
    let rows = || 0..ROWS;
    let text = |texts: &'static [&'static str]| -> ArrayRef {
        let cell = move |row: i64| (row % 7 != 3).then(|| texts[row as usize % texts.len()]);
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
        .set_compression(Compression::SNAPPY)
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

fn read(bytes: Vec<u8>) -> Result<(u64, Report), Error> {
    let part = EventFile::open(bytes::Bytes::from(bytes))?;
    let partial: Partial = scan(&part, None, Params::default(), &mut |_| ControlFlow::Continue(()))?;
    player_sessions(&part, None, &Query::default(), 3)?;
    Ok((part.rows(), partial.finish()))
}

/// What `work` finds wrong, run on a thread whose panics are not printed: those of the decoder are caught, and
/// are expected.
fn quietly(work: impl FnOnce() -> Vec<String> + Send + 'static) -> Vec<String> {
    const NAME: &str = "hostile bytes";
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some(NAME) {
            print(panic);
        }
    }));
    std::thread::Builder::new().name(NAME.into()).spawn(work).unwrap().join().expect("a panic was not caught")
}

#[test]
fn the_part_is_read_whole() {
    let (rows, report) = read(part()).unwrap();
    assert_eq!((rows, report.rows, report.players.len()), (40, 40, 10));
    assert_eq!(report.totals(&Params::default()).sessions, 10);
}

#[test]
fn a_part_cut_short_anywhere_is_an_error() {
    let wrong = quietly(|| {
        let whole = part();
        let is_refused = |len: &usize| matches!(read(whole[..*len].to_vec()), Err(Error::Parquet(_)));
        (0..whole.len()).filter(|len| !is_refused(len)).map(|len| format!("cut to {len} bytes")).collect()
    });
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn a_part_with_a_changed_byte_is_read_whole_or_is_an_error() {
    let wrong = quietly(|| {
        let whole = part();
        let mut wrong = Vec::new();
        for place in 0..whole.len() {
            for change in [0x01, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[place] ^= change;
                if let Ok((rows, report)) = read(bytes) {
                    let read = report.rows + report.rejected.total();
                    if read != rows {
                        wrong.push(format!("byte {place} changed by {change:#x}: {read} of {rows} rows"));
                    }
                }
            }
        }
        wrong
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}
