//! A synthetic log in memory, sorted and encoded as `wow export` does.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;
use wow_engine::Params;
use wow_engine::pipeline::events::Events;
use wow_engine::pipeline::{Partial, Scanner, Strings};
use wow_engine::read::EventFile;
use wow_engine::schema::{self, NumberKind};
use wow_engine::synth::Rows;

use crate::rows::sorted;

/// Two million events.
const SCALE: f64 = 0.055;
const SEED: u64 = 42;

/// The log as a file and as what is read from it.
pub(crate) struct Log {
    pub(crate) rows: u64,
    pub(crate) file: EventFile,
    pub(crate) batches: Vec<Events>,
    /// What the codes of the batches stand for.
    pub(crate) strings: Strings,
}

impl Log {
    pub(crate) fn new() -> Self {
        let file = EventFile::open(encode(&sorted(SCALE, SEED)).into()).unwrap();
        let mut strings = Strings::default();
        let mut reader = file.events(None);
        let mut batches = Vec::new();
        while let Some(events) = reader.next(&mut strings).unwrap() {
            batches.push(events.clone());
        }
        Self { rows: file.rows(), file, batches, strings }
    }

    /// The log scanned in this many stretches.
    pub(crate) fn partials(&self, stretches: usize) -> Vec<Partial> {
        let scan = |batches: &[Events]| {
            let mut scanner = Scanner::new(Params::default(), NumberKind::Integer);
            *scanner.strings_mut() = self.strings.clone();
            for events in batches {
                scanner.push(events).unwrap();
            }
            scanner.finish()
        };
        self.batches.chunks(self.batches.len().div_ceil(stretches)).map(scan).collect()
    }
}

fn encode(rows: &Rows) -> Vec<u8> {
    let text = |values: &[&str]| Arc::new(StringArray::from(values.to_vec())) as ArrayRef;
    let columns: [ArrayRef; 7] = [
        Arc::new(Int64Array::from(rows.player_id.clone())),
        Arc::new(Int64Array::from(rows.guild.clone())),
        Arc::new(Int64Array::from(rows.level.clone())),
        text(&rows.race),
        text(&rows.class),
        text(&rows.zone),
        Arc::new(TimestampMicrosecondArray::from_iter_values(rows.time_us.iter().map(|time| time.get()))),
    ];
    let batch = RecordBatch::try_from_iter(schema::COLUMNS.into_iter().zip(columns)).unwrap();
    let datetime = ColumnPath::from(schema::DATETIME);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(128 << 10))
        .set_column_dictionary_enabled(datetime.clone(), false)
        .set_column_encoding(datetime, Encoding::DELTA_BINARY_PACKED)
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}
