//! Columns whose values repeat as they please are read as the parquet crate's writer was given them.

use std::iter;

use parquet::basic::{Compression, Encoding};
use parquet::file::properties::WriterVersion;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use proptest::prelude::*;

use crate::any_layout::{Cell, Made, file, plain, read};

const ROWS_MAX: usize = 900;

/// Values in runs, as many as there may be rows.
fn column<T: Clone + std::fmt::Debug>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    let run = (value, prop_oneof![3 => 1..4_usize, 2 => 5..40_usize, 1 => 200..500_usize]);
    prop::collection::vec(run, 1..120).prop_map(|runs| {
        let values = runs.into_iter().flat_map(|(value, rows)| iter::repeat_n(value, rows));
        let values: Vec<T> = values.take(ROWS_MAX).collect();
        values.iter().cycle().take(ROWS_MAX).cloned().collect()
    })
}

fn rows() -> impl Strategy<Value = Vec<Cell>> {
    let number = || column(prop::option::weighted(0.8, 0..400_i64));
    let text =
        |texts: [&'static str; 3]| column(prop::option::weighted(0.8, prop::sample::select(texts.to_vec())));
    let texts = (
        text(["Orc", "Troll", ""]),
        text(["Rogue", "Mage", "Hunter"]),
        text(["Durotar", "Dalaran競技場", "Zul'Gurub"]),
    );
    let columns = (column(0..400_i64), number(), number(), texts, column(0..2_000_000_000_i64));
    (columns, 1..=ROWS_MAX).prop_map(|((players, guilds, levels, texts, seconds), rows)| {
        let cell = |row: usize| {
            let texts = [texts.0[row], texts.1[row], texts.2[row]];
            (Some(players[row]), guilds[row], levels[row], texts, Some(seconds[row]))
        };
        (0..rows).map(cell).collect()
    })
}

fn layouts() -> impl Strategy<Value = Made> {
    let versions = prop::sample::select(vec![WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0]);
    let codecs = prop::sample::select(vec![Compression::UNCOMPRESSED, Compression::SNAPPY]);
    let page_rows = prop_oneof![1..40_usize, Just(20_000)];
    let dictionary_bytes = prop_oneof![1..2_000_usize, Just(1 << 20)];
    (versions, codecs, any::<bool>(), page_rows, dictionary_bytes).prop_map(
        |(version, codec, has_dictionary, page_rows, dictionary_bytes)| Made {
            version,
            codec,
            has_dictionary,
            page_rows,
            dictionary_bytes,
            ..plain()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_runs_are_read_back(rows in rows(), made in layouts()) {
        prop_assert!(read(file(&rows, &made)).unwrap() == rows);
    }
}

#[test]
fn a_column_may_leave_its_dictionary_in_the_middle() {
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        let rows: Vec<Cell> = (0..300)
            .map(|row: i64| {
                let number = Some(row / 2).filter(|number| number % 5 > 0);
                (Some(row / 3), number, number, [Some("Orc"), None, Some("Durotar")], Some(row))
            })
            .collect();
        let bytes = file(&rows, &Made { version, dictionary_bytes: 200, ..plain() });
        let metadata = SerializedFileReader::new(bytes::Bytes::from(bytes.clone())).unwrap();
        let column = metadata.metadata().row_group(0).column(0);
        let pages = column.page_encoding_stats_mask().unwrap();
        assert!(
            pages.is_set(Encoding::RLE_DICTIONARY) && !pages.is_only(Encoding::RLE_DICTIONARY),
            "{pages:?}"
        );
        assert_eq!(read(bytes).unwrap(), rows);
    }
}
