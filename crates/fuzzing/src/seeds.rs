//! What a fuzzer starts from: inputs that are accepted.

use std::io::Write as _;
use std::ops::ControlFlow;
use std::sync::LazyLock;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::WriterVersion;
use wow_analytics::protocol::{
    self, BUILD, Failure, JobId, Keep, KeepPlayers, PartFacts, PartSource, Reply, Request, UnitSource,
};
use wow_engine::contract::Notice;
use wow_engine::facts::PlayerFacts;
use wow_engine::manifest::{
    Column, Environment, FORMAT_VERSION, FactsFile, Manifest, Part, Rejected, UrlQuery,
};
use wow_engine::read::{EventFile, RowGroup, player_history, scan};
use wow_engine::sampling::{OneOf, Sample};
use wow_engine::schema::NumberKind;
use wow_engine::time::{Day, Micros};
use wow_engine::{Filter, Params, Query};

use crate::made::{self, Made};

/// Rows of a file: a few of each player, and so few that a change of a byte counts.
const ROWS: usize = 120;
const JOB: JobId = 3;
const PAGE_CASES: u32 = 32;
const PAGE_CASE_WORDS: u32 = 64;

/// Inputs of each target that it accepts, by the target's name.
#[must_use]
pub fn seeds() -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let files: Vec<Vec<u8>> = layouts().iter().map(|made| made::file(&made::rows()[..ROWS], made)).collect();
    let footers = files.iter().map(|file| footer(file).to_vec()).collect();
    let texts = TEXT_TIMES.map(|text| text.as_bytes().to_vec()).to_vec();
    let packed = gzip(csv(",").as_bytes()).expect("memory is all that is written to");
    vec![
        ("footer", footers),
        ("pages", (0..PAGE_CASES).map(page_case).collect()),
        ("parts", files),
        ("csv", [csv(",").into_bytes(), csv(";").into_bytes(), packed].into()),
        ("text_times", texts),
        ("manifest", vec![json(&manifest())]),
        ("messages", messages()),
    ]
}

const TEXT_TIMES: [&str; 13] = [
    "2008-01-31 00:02:04",
    "2008-01-31T00:02:04.123456",
    "2008-1-31 0:02",
    "2008-01-31",
    "01/31/08 00:02:04",
    "1/31/70 0:02",
    "01/31/2008 00:02:04.5",
    "1969-12-31 23:59:59.9999999",
    "2008/1/31 24:00:00",
    "31.1.2008 0:02",
    "2008-01-31T00:02:04Z",
    "2008-01-31 00:02:04.5 -0730",
    "2008-01-31\n01/31/08\n",
];

/// A log as people have it: quotes, blanks, rows of separators alone, and numbers of any kind.
fn csv(separator: &str) -> String {
    let lines = [
        "char, level, race, charclass, zone, guild, timestamp",
        "59425,1,Orc,Rogue,Orgrimmar,165,01/31/08 00:02:04",
        "59425,1.0,Orc,Rogue,\"Zul'Gurub, \"\"the\"\" city\",-1,02/01/08 00:02:04\r",
        ",,,,,,",
        "7,,,,,2.5,02/01/08 00:03:04",
        "1e3,80,Troll,Mage,Dalaran競技場,,",
    ];
    lines.join("\n").replace(',', separator)
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes)?;
    writer.finish()
}

fn layouts() -> Vec<Made> {
    let plain = made::plain();
    let raw = Made { has_dictionary: false, text: Encoding::DELTA_BYTE_ARRAY, ..plain.clone() };
    let version = WriterVersion::PARQUET_2_0;
    vec![
        plain.clone(),
        Made { version, ..plain.clone() },
        Made { codec: Compression::SNAPPY, page_rows: 20_000, ..plain.clone() },
        Made { is_kaggle: true, time: arrow::datatypes::DataType::Utf8, ..plain.clone() },
        Made { numbers: arrow::datatypes::DataType::Float64, dictionary_bytes: 64, ..plain },
        Made { version, ..raw.clone() },
        raw,
    ]
}

/// The footer of a file, without its length and mark.
fn footer(file: &[u8]) -> &[u8] {
    let (rest, _) = file.split_last_chunk::<4>().expect("it ends with a mark");
    let (rest, length) = rest.split_last_chunk().expect("the length is before it");
    &rest[rest.len() - u32::from_le_bytes(*length) as usize..]
}

/// Any bytes are a case; these are the same at every call.
fn page_case(seed: u32) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9) | 1;
    let words = (0..PAGE_CASE_WORDS).map(|_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()
    });
    words.flatten().collect()
}

/// A small log in order.
pub(crate) fn sample() -> EventFile {
    static SAMPLE: LazyLock<Bytes> =
        LazyLock::new(|| made::file(&made::rows()[..ROWS], &made::plain()).into());
    EventFile::open(SAMPLE.clone()).expect("it is a log")
}

/// Goes on with a scan.
pub(crate) fn go_on() -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn json(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("plain data has a JSON form")
}

fn manifest() -> Manifest {
    let part = |first_player_id, last_player_id| Part {
        file: "part-0123456789ab.parquet".into(),
        rows: 60,
        players: 2,
        first_player_id,
        last_player_id,
        bytes: 4_000,
        sha256: "0123456789abcdef".repeat(4),
        query: UrlQuery::new("X-Amz-Signature=0f".into()).ok(),
    };
    let column =
        |name: &str| Column { name: name.into(), source_type: "BIGINT".into(), export_type: "Int64".into() };
    Manifest {
        format_version: FORMAT_VERSION,
        environment: Environment::Dev,
        database: "wow_test.duckdb".into(),
        exported_at: "2008-02-13T00:00:00Z".into(),
        tool_version: "0.1.0".into(),
        duckdb_version: Some("2.0.0".into()),
        dataset_id: "0123456789abcdef".repeat(4),
        rows: 120,
        players: 3,
        first_event_us: Some(Micros::of(0)),
        last_event_us: Micros::new(1_201_737_724_000_000),
        rejected: Rejected { null_player_id: 1, null_datetime: 2 },
        columns: vec![column("player_id"), column("guild")],
        sample: OneOf::new(100).ok().map(|one_of| Sample {
            one_of,
            players_in_source: Some(300),
            rows_in_source: None,
        }),
        parameters: Params::default(),
        source_fingerprint: Some("0123456789abcdef".repeat(4)),
        notices: vec![Notice::Utc],
        parts: vec![part(-1, 0), part(0, 1)],
        player_facts: Some(FactsFile {
            file: "player-facts-0123456789abcdef.parquet".into(),
            rows: 4,
            players: 2,
            bytes: 900,
            sha256: "0123456789abcdef".repeat(4),
            query: None,
        }),
    }
}

fn messages() -> Vec<Vec<u8>> {
    let query = Query {
        filter: Filter { from_day: Some(Day::of(0)), classes: vec!["Mage".into()], ..Filter::default() },
        ..Query::default()
    };
    let source = PartSource {
        name: "a".into(),
        url: "b".into(),
        bytes: 4_000,
        rows: 60,
        sha256: "0123456789abcdef".repeat(4),
        may_be_kept: false,
    };
    let share = UnitSource::Share;
    let requests = [
        Request::Open { job: JOB, file: 0, name: "a".into() },
        Request::Scan {
            job: JOB,
            unit: 1,
            source: UnitSource::Part(source.clone()),
            query: query.clone(),
            keep: Keep::Bytes,
            players: KeepPlayers::Here,
        },
        Request::Facts { job: JOB, source, player_id: 3 },
        Request::History { job: JOB, unit: 1, source: share, player_id: 3, query },
    ];
    let history = player_history(&sample(), None, &Query::default(), 1).expect("it is a log");
    let reading = sample().reading();
    let group = RowGroup { rows: 60, bytes: 4_000, players: Some((-1, 3)) };
    let facts = PlayerFacts {
        class: Some("Mage".into()),
        race: None,
        guild: Some(7),
        guild_kind: NumberKind::Integer,
        max_level: Some(70),
        is_likely_bot: false,
        churned: true,
        valid_from_us: Micros::of(0),
        valid_to_us: None,
    };
    let replies = [
        Reply::Ready { build: BUILD.into() },
        Reply::Opened {
            job: JOB,
            file: 0,
            row_groups: Some(vec![group, RowGroup { players: None, ..group }]),
            reading: reading.clone(),
        },
        Reply::Progress { job: JOB, unit: 1, bytes: 4, rows: 5 },
        Reply::Scanned { job: JOB, unit: 1, facts: PartFacts::default(), readings: vec![(0, reading)] },
        Reply::History { job: JOB, found: Ok(history) },
        Reply::Facts { job: JOB, found: Ok(vec![facts]) },
        Reply::Failed { job: None, failure: Failure::TooLarge { name: "a".into(), bytes: 7 } },
    ];
    let partial = scan(&sample(), None, Params::default(), &mut |_| go_on()).expect("it is in order");
    let partial = partial.into_bytes().expect("what was found can be written");
    let requests = requests.iter().map(|request| message(0, &posted(request)));
    let replies = replies.iter().map(|reply| message(1, &posted(reply)));
    requests.chain(replies).chain([message(2, &partial)]).collect()
}

fn posted(message: &impl serde::Serialize) -> Vec<u8> {
    protocol::to_bytes(message).expect("plain data can be posted")
}

/// A message of a kind, one of three, as cases of such messages are made of bytes.
fn message(kind: u32, content: &[u8]) -> Vec<u8> {
    [&(kind * (u32::MAX / 3) + 2 * kind).to_le_bytes(), content].concat()
}
