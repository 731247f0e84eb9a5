//! `wow import`: every row of every file arrives, or nothing changes.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, Float64Array, Int16Array, Int32Array, RecordBatch, StringArray,
    TimestampNanosecondArray,
};
use parquet::arrow::ArrowWriter;
use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::support::{DEV_DATABASE, Event, Scratch, contents, events, query, run_on_small_disk, run_sql};

/// The published log's layout: a blank after each comma of the header, short times, -1 or nothing for no guild.
pub(crate) const KAGGLE: &str = "char, level, race, charclass, zone, guild, timestamp\r\n\
    59425,1,Orc,Rogue,Orgrimmar,165,01/31/08 00:02:04\r\n\
    65494,9,Orc,Hunter,Zul'Gurub,-1,12/01/08 23:59:59\r\n\
    65494,9,Orc,Hunter,\"Dalaran競技場, the \"\"arena\"\"\",,12/01/07 00:00:00\r\n\
    7,,Blood Elf,,\"\",0,12/31/08 00:02:04.5\r\n";

/// The rows of [`KAGGLE`], as SQL writes them.
pub(crate) const KAGGLE_ROWS: &str = r#"values
    (59425, 165, 1, 'Orc', 'Rogue', 'Orgrimmar', timestamp '2008-01-31 00:02:04'),
    (65494, -1, 9, 'Orc', 'Hunter', 'Zul''Gurub', timestamp '2008-12-01 23:59:59'),
    (65494, null, 9, 'Orc', 'Hunter', 'Dalaran競技場, the "arena"', timestamp '2007-12-01 00:00:00'),
    (7, 0, null, 'Blood Elf', null, '', timestamp '2008-12-31 00:02:04.5')"#;

/// A log with the usual columns, made by SQL, in no order.
const LOG: &str = r#"select (i * 7919) % 23 as player_id, nullif(i % 5, 4) - 1 as guild, nullif(i % 81, 0) as level,
    ['Orc', 'Blood Elf', null][i % 3 + 1] as race, 'Zul''s ' || (i % 4) as class,
    ['Dalaran競技場', 'a,b', 'say "no"', ''][i % 4 + 1] as "where",
    timestamp '2007-12-31 23:00:00' + to_microseconds(i * 700_000_001) as datetime from range(5_000) t(i)"#;

#[track_caller]
pub(crate) fn check_rows(database: &Path, expected: &str) {
    let sorted = |sql: &str| {
        let mut rows: Vec<Event> = events(&query(database, sql));
        rows.sort();
        rows
    };
    let names = r#"l(player_id, guild, level, race, class, "where", datetime)"#;
    let expected = format!(
        r#"select player_id::bigint as player_id, guild::bigint as guild, level::bigint as level, race, class, "where",
        datetime from ({expected}) {names}"#
    );
    assert_eq!(sorted("select * from wowlogs"), sorted(&expected));
}

#[track_caller]
fn check_types(database: &Path) {
    let types = query(
        database,
        "select string_agg(data_type, ' ') from duckdb_columns() where table_name = 'wowlogs'",
    );
    let types = arrow::array::AsArray::as_string::<i32>(types[0].column(0)).value(0).to_owned();
    assert_eq!(types, "BIGINT BIGINT BIGINT VARCHAR VARCHAR VARCHAR TIMESTAMP");
}

/// The imported log is one that can be exported and that both engines agree on.
#[track_caller]
pub(super) fn check_export_and_verify(scratch: &Scratch) {
    scratch.wow(&["debug"]).success();
    scratch.wow(&["export"]).success();
    scratch.wow(&["verify"]).success();
}

#[test]
fn the_published_layout() {
    let scratch = Scratch::new();
    fs::write(scratch.path("wowah_data.csv"), KAGGLE).unwrap();
    let answer = scratch.wow(&["import", "wowah_data.csv", "--json"]).success().json();
    assert_eq!((&answer["rows"], &answer["players"]), (&4.into(), &3.into()));
    assert_eq!(answer["files"][0]["format"], "csv");
    check_rows(&scratch.database(), KAGGLE_ROWS);
    check_types(&scratch.database());
    check_export_and_verify(&scratch);
}

#[test]
fn other_line_ends_marks_and_compression() {
    let scratch = Scratch::new();
    let unix = KAGGLE.replace("\r\n", "\n");
    // Signs that DuckDB would take for a pattern.
    fs::write(scratch.path("log [1]*.csv"), format!("\u{feff}{}", unix.trim_end())).unwrap();
    scratch.wow(&["import", "log [1]*.csv"]).success();
    check_rows(&scratch.database(), KAGGLE_ROWS);

    fs::write(scratch.path("plain.csv"), unix).unwrap();
    let gzip = Command::new("gzip").arg(scratch.path("plain.csv")).status().unwrap();
    assert!(gzip.success());
    // It is recognised by what it holds.
    fs::rename(scratch.path("plain.csv.gz"), scratch.path("packed")).unwrap();
    scratch.wow(&["import", "packed", "--replace"]).success();
    check_rows(&scratch.database(), KAGGLE_ROWS);
}

#[test]
fn a_log_that_duckdb_wrote_as_csv() {
    let scratch = Scratch::new();
    let file = scratch.path("log.csv");
    run_sql(&scratch.path("other.duckdb"), &format!("copy ({LOG}) to '{}' (header)", file.display()));
    scratch.wow(&["import", "log.csv"]).success();
    check_rows(&scratch.database(), LOG);
    check_export_and_verify(&scratch);
}

/// Writes columns as Parquet.
pub(super) fn write_parquet(path: &Path, compression: Compression, columns: &[(&str, ArrayRef)]) {
    let batch =
        RecordBatch::try_from_iter(columns.iter().map(|(name, array)| (*name, Arc::clone(array)))).unwrap();
    let properties =
        WriterProperties::builder().set_compression(compression).set_max_row_group_row_count(Some(2)).build();
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// The rows of [`KAGGLE`] in the types that another program may choose.
pub(super) fn kaggle_columns() -> Vec<(&'static str, ArrayRef)> {
    let zones = [Some("Orgrimmar"), Some("Zul'Gurub"), Some("Dalaran競技場, the \"arena\""), Some("")];
    let zones: Vec<_> = zones.iter().map(|zone| zone.map(str::as_bytes)).collect();
    let times_ns = [1_201_737_724, 1_228_175_999, 1_196_467_200].map(|time| time * 1_000_000_000);
    let last_ns = 1_230_681_724_500_000_000;
    vec![
        ("unused", Arc::new(Int16Array::from(vec![1, 2, 3, 4]))),
        ("char", Arc::new(Int32Array::from(vec![59425, 65494, 65494, 7]))),
        ("level", Arc::new(Int16Array::from(vec![Some(1), Some(9), Some(9), None]))),
        ("race", Arc::new(StringArray::from(vec!["Orc", "Orc", "Orc", "Blood Elf"]))),
        ("charclass", Arc::new(StringArray::from(vec![Some("Rogue"), Some("Hunter"), Some("Hunter"), None]))),
        ("zone", Arc::new(BinaryArray::from(zones))),
        ("guild", Arc::new(Float64Array::from(vec![Some(165.0), Some(-1.0), None, Some(0.0)]))),
        (
            "timestamp",
            Arc::new(TimestampNanosecondArray::from(vec![times_ns[0], times_ns[1], times_ns[2], last_ns])),
        ),
    ]
}

#[test]
fn parquet_of_other_programs() {
    let zstd = Compression::ZSTD(ZstdLevel::default());
    for (name, compression) in [
        ("plain", Compression::UNCOMPRESSED),
        ("zstd", zstd),
        ("lz4", Compression::LZ4_RAW),
        ("snappy", Compression::SNAPPY),
        ("gzip", Compression::GZIP(GzipLevel::default())),
        ("brotli", Compression::BROTLI(BrotliLevel::default())),
    ] {
        let scratch = Scratch::new();
        write_parquet(&scratch.path(name), compression, &kaggle_columns());
        let answer = scratch.wow(&["import", name, "--json"]).success().json();
        assert_eq!(answer["files"][0]["format"], "parquet");
        check_rows(&scratch.database(), KAGGLE_ROWS);
        check_types(&scratch.database());
        check_export_and_verify(&scratch);
    }
}

#[test]
fn times_in_parquet_may_be_text() {
    let scratch = Scratch::new();
    let mut columns = kaggle_columns();
    let times = ["2008/01/31 00:02:04", "2008-12-01 23:59:59", "2007-12-01", "2008-12-31T00:02:04.500000"];
    columns.last_mut().unwrap().1 = Arc::new(StringArray::from(times.to_vec()));
    write_parquet(&scratch.path("log.parquet"), Compression::SNAPPY, &columns);
    scratch.wow(&["import", "log.parquet"]).success();
    check_rows(&scratch.database(), KAGGLE_ROWS);
}

#[test]
fn an_export_comes_back() {
    let scratch = Scratch::with_database(&format!("create table wowlogs as {LOG}"));
    scratch.wow(&["export"]).success();
    let first = scratch.wow(&["export", "--json"]).success().json();
    let part =
        contents(&scratch.export_folder()).into_keys().find(|name| name.ends_with(".parquet")).unwrap();
    fs::copy(scratch.export_folder().join(part), scratch.path("part.parquet")).unwrap();
    fs::remove_file(scratch.database()).unwrap();
    scratch.wow(&["import", "part.parquet"]).success();
    check_rows(&scratch.path(DEV_DATABASE), LOG);
    assert_eq!(scratch.wow(&["export", "--json"]).success().json()["rows"], first["rows"]);
}

#[test]
fn several_files_make_one_log() {
    let scratch = Scratch::new();
    fs::write(scratch.path("a.csv"), KAGGLE).unwrap();
    write_parquet(&scratch.path("b.parquet"), Compression::SNAPPY, &kaggle_columns());
    write_parquet(&scratch.path("c.parquet"), Compression::UNCOMPRESSED, &kaggle_columns());
    let files = ["import", "b.parquet", "a.csv", "c.parquet", "--json"];
    let answer = scratch.wow(&files).success().json();
    assert_eq!((&answer["files"][1]["rows"], &answer["files"][2]["rows"]), (&4.into(), &4.into()));
    let all = vec![format!("({KAGGLE_ROWS})"); 3].join(" union all ");
    check_rows(&scratch.database(), &all);
}

#[test]
fn rows_that_no_model_can_use_are_kept_and_counted() {
    let scratch = Scratch::new();
    let text = "player_id,guild,level,race,class,where,datetime\n1,1,1,a,b,c,\n,1,1,a,b,c,2008-01-01\n,,,,,,\n1,1,1,a,b,c,2008-01-01\n";
    fs::write(scratch.path("log.csv"), text).unwrap();
    let answer = scratch.wow(&["import", "log.csv", "--json"]).success().json();
    assert_eq!((&answer["rows_without_player_id"], &answer["rows_without_datetime"]), (&1.into(), &1.into()));
    assert_eq!(answer["files"][0]["notices"], serde_json::json!(["1 empty row is left out"]));
    let export = scratch.wow(&["export", "--json"]).success().json();
    assert_eq!(export["rejected"], serde_json::json!({ "null_player_id": 1, "null_datetime": 1 }));
}

#[test]
fn a_log_that_is_there_is_kept_unless_told_otherwise() {
    let scratch =
        Scratch::with_database(&format!("create table wowlogs as {LOG}; create table notes as select 1"));
    fs::write(scratch.path("log.csv"), KAGGLE).unwrap();
    let sentence = scratch.wow(&["import", "log.csv"]).failure(2);
    assert!(sentence.contains("has a table `wowlogs` already; add --replace"), "{sentence}");
    check_rows(&scratch.database(), LOG);
    scratch.wow(&["import", "log.csv", "--replace"]).success();
    check_rows(&scratch.database(), KAGGLE_ROWS);
    assert_eq!(query(&scratch.database(), "select * from notes")[0].num_rows(), 1);
}

#[test]
fn production_is_written_only_when_that_is_meant() {
    let scratch = Scratch::new();
    fs::write(scratch.path("log.csv"), KAGGLE).unwrap();
    let sentence = scratch.wow(&["import", "log.csv", "--target", "prod"]).failure(2);
    assert!(sentence.contains("add --yes"), "{sentence}");
    assert!(!scratch.path("wow.duckdb").exists());
    scratch.wow(&["import", "log.csv", "--target", "prod", "--yes"]).success();
    check_rows(&scratch.path("wow.duckdb"), KAGGLE_ROWS);
}

/// Imports a good file and `bad`, once without a database and once into one with other tables: both must fail with
/// these words and leave all as it was.
#[track_caller]
fn check_refused(bad: &[u8], status: i32, words: &[&str]) {
    let check = |scratch: &Scratch, args: &[&str]| {
        fs::write(scratch.path("good.csv"), KAGGLE).unwrap();
        fs::write(scratch.path("bad"), bad).unwrap();
        let before = everything(scratch);
        let sentence = scratch.wow(args).failure(status);
        for word in words {
            assert!(sentence.contains(word), "`{word}` is not in: {sentence}");
        }
        assert_eq!(everything(scratch), before);
    };
    check(&Scratch::new(), &["import", "good.csv", "bad"]);
    let scratch =
        Scratch::with_database(&format!("create table wowlogs as {LOG}; create table notes as select 1"));
    check(&scratch, &["import", "good.csv", "bad", "--replace"]);
    check_rows(&scratch.database(), LOG);
}

/// The names in the folder and the files' bytes; the database's alone change when it is opened.
fn everything(scratch: &Scratch) -> BTreeMap<String, Vec<u8>> {
    let folder = scratch.path("");
    let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut found: BTreeMap<String, Vec<u8>> = names.map(|name| (name, Vec::new())).collect();
    found.extend(contents(&folder).into_iter().filter(|(name, _)| name != DEV_DATABASE));
    found
}

#[test]
fn values_that_cannot_be_read() {
    let rows = "1,max,a,b,c,1.5,2008-01-01\n1,n/a,a,b,c,1.5,2008-01-02\n1,x,a,b,c,2,2008-01-01\n1,x,a,b,c,2,2008-01-01\n1,y,,,,,\n";
    let bad = format!("char,level,race,class,where,guild,timestamp\n{rows}");
    let words = [
        "bad cannot be used: column `level` holds what is no number in 5 of 5 rows, for example 'max', 'n/a', 'x'; \
         write numbers",
    ];
    check_refused(bad.as_bytes(), 1, &words);
    let bad = bad.replace("max", "1").replace("n/a", "").replace(",x,", ",3,").replace(",y,", ",,");
    let bad = bad.replace("2008-01-02", "01/02/2008");
    let words = ["column `timestamp` holds times in two forms", "'2008-01-01'", "for example '01/02/2008'"];
    check_refused(bad.as_bytes(), 1, &words);
}

#[test]
fn guilds_may_have_fractions() {
    let scratch = Scratch::new();
    fs::write(scratch.path("whole.csv"), KAGGLE).unwrap();
    fs::write(scratch.path("half.csv"), KAGGLE.replace(",165,", ",165.5,")).unwrap();
    scratch.wow(&["import", "whole.csv", "half.csv"]).success();
    let guilds = "select sum(guild) as guilds, any_value(typeof(guild)) as type from wowlogs";
    let found = query(&scratch.database(), guilds);
    assert_eq!(arrow::array::AsArray::as_string::<i32>(found[0].column(1)).value(0), "DOUBLE");
    check_export_and_verify(&scratch);
}

#[test]
fn values_of_parquet_that_cannot_be_read() {
    let folder = Scratch::new();
    let mut columns = kaggle_columns();
    columns[5].1 = Arc::new(BinaryArray::from(vec![&b"ok"[..], b"\xff", b"ok", b"ok"]));
    write_parquet(&folder.path("log.parquet"), Compression::SNAPPY, &columns);
    let bad = fs::read(folder.path("log.parquet")).unwrap();
    check_refused(&bad, 1, &["bad cannot be used: column `zone` holds text that is not UTF-8"]);
    let mut columns = kaggle_columns();
    columns[6].1 = Arc::new(arrow::array::BooleanArray::from(vec![true, false, true, true]));
    write_parquet(&folder.path("log.parquet"), Compression::SNAPPY, &columns);
    let bad = fs::read(folder.path("log.parquet")).unwrap();
    check_refused(&bad, 1, &["column `guild` is BOOLEAN, but a number is needed"]);
}

#[test]
fn a_missing_column() {
    let bad = KAGGLE.replace("charclass", "job");
    let words = [
        "bad cannot be used: column `class` (or `charclass`) is missing",
        "the columns found are `char`, `level`, `race`, `job`, `zone`, `guild`, `timestamp`",
    ];
    check_refused(bad.as_bytes(), 1, &words);
    let folder = Scratch::new();
    write_parquet(&folder.path("log.parquet"), Compression::SNAPPY, &kaggle_columns()[..7]);
    let bad = fs::read(folder.path("log.parquet")).unwrap();
    check_refused(&bad, 1, &["column `datetime` (or `timestamp`) is missing", "found are `unused`, `char`"]);
    let twice = KAGGLE.replace("race", "Level ");
    check_refused(twice.as_bytes(), 1, &["two columns may be `level`: ` level` and ` Level `"]);
}

#[test]
fn a_row_that_is_broken() {
    let short = format!("{KAGGLE}1,2,3\r\n");
    check_refused(short.as_bytes(), 1, &["bad cannot be used: line 6 has 3 fields where the first has 7"]);
    let mut not_unicode = KAGGLE.as_bytes().to_vec();
    not_unicode.extend(b"1,2,\xff\xfe,b,c,1,01/01/08 00:00:00\r\n");
    check_refused(&not_unicode, 1, &["bad cannot be used: line 6 has text that is not in UTF-8"]);
}

/// The files that `tests/inputs` holds, each with what SQL gives for it or why it is refused.
#[test]
fn files_as_people_have_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/inputs");
    let import = |names: &[&str]| {
        let scratch = Scratch::new();
        let files = names.iter().map(|name| folder.join(name).into_os_string().into_string().unwrap());
        let args: Vec<String> = std::iter::once("import".to_owned()).chain(files).collect();
        let run = scratch.wow(&args.iter().map(String::as_str).collect::<Vec<_>>());
        (scratch, run)
    };
    for (names, events, players) in [
        (&["two_times.csv"][..], 673, 12),
        (&["blank_names.parquet"], 669, 12),
        (&["published_layout.csv"], 669, 12),
        (&["offsets.csv"], 411, 13),
        (&["utc_us.parquet"], 711, 12),
        (&["null_typed_0.parquet", "null_typed_1.parquet"], 954, 17),
        (&["decimal38_ids.parquet"], 724, 12),
        (&["excel_us.csv"], 722, 12),
        (&["excel_semicolons.csv"], 722, 12),
        (&["slashes_text.parquet"], 722, 12),
        (&["polars_zstd.parquet"], 613, 12),
        (&["empty_groups.parquet"], 701, 12),
        (&["hive"], 613, 12),
        (&["same_names"], 600, 8),
        (&["same_names/bucket=1", "same_names/bucket=0/data_0.parquet"], 600, 8),
    ] {
        let (scratch, run) = import(names);
        run.success();
        let sql = "select count(*) as events, count(distinct player_id) as players from wowlogs";
        let found = query(&scratch.database(), sql);
        let number = |column: usize| {
            arrow::array::AsArray::as_primitive::<arrow::datatypes::Int64Type>(found[0].column(column))
                .value(0)
        };
        assert_eq!((number(0), number(1)), (events, players), "{names:?}");
        scratch.wow(&["export"]).success();
        scratch.wow(&["verify"]).success();
    }
    for (name, says) in [
        ("guild_boolean.parquet", "BOOLEAN, but a number is needed"),
        ("web_page.parquet", "it is a web page"),
        ("lfs_pointer.parquet", "run `git lfs pull`"),
        ("archive.zip", "it is a ZIP archive; unpack it"),
        ("unsigned_ids.csv", "larger than 9223372036854775807 in 296 of 761 rows"),
        ("crc_flipped.parquet", "does not match its checksum"),
        ("log_flipped.csv.gz", "does not match its checksum"),
        ("log_cut.csv.gz", "it ends too soon"),
        ("utf16.csv", "it is text in UTF-16"),
        ("encrypted_footer.parquet", "it is encrypted Parquet"),
        ("times_at_the_ends.parquet", "outside of what can be held"),
        ("text_time_not_ascii.parquet", "'2008-01-31 00:00:00.12345é'"),
    ] {
        let (_, run) = import(&[name]);
        let sentence = run.failure(1);
        assert!(sentence.contains(says), "{name}: {sentence}");
    }
}

#[test]
fn files_that_are_none() {
    check_refused(b"", 1, &["bad cannot be used: it is empty"]);
    check_refused(&[0, 1, 2, 0xff].repeat(2_000), 1, &["it is neither Parquet nor text"]);
    let folder = Scratch::new();
    write_parquet(&folder.path("log.parquet"), Compression::SNAPPY, &kaggle_columns());
    let bytes = fs::read(folder.path("log.parquet")).unwrap();
    check_refused(
        &bytes[..bytes.len() / 2],
        1,
        &["bad cannot be used: it is damaged: it does not end as Parquet does"],
    );
    let scratch = Scratch::new();
    let sentence = scratch.wow(&["import", "nowhere.csv"]).failure(2);
    assert!(sentence.contains("there is no file at nowhere.csv"), "{sentence}");
    fs::create_dir(scratch.path("logs")).unwrap();
    fs::write(scratch.path("logs/_SUCCESS"), "").unwrap();
    let sentence = scratch.wow(&["import", "logs"]).failure(2);
    assert!(sentence.contains("there is no data in the folder logs"), "{sentence}");
}

/// Writes a CSV file that takes a while, and whose log is larger than a small disk.
fn write_long_csv(path: &Path) {
    let folder = Scratch::new();
    let log = r#"select hash(i) % 9000 as player_id, 1 as guild, 1 as level, '' as race, '' as class,
        md5(i::varchar) as "where", timestamp '2008-01-01' + to_seconds(i) as datetime from range(2_000_000) t(i)"#;
    run_sql(&folder.path("log.duckdb"), &format!("copy ({log}) to '{}' (header)", path.display()));
}

#[test]
fn a_full_disk() {
    let scratch = Scratch::new();
    write_long_csv(&scratch.path("long.csv"));
    // A disk of 8 MiB that only this process sees.
    let script = "mkdir small && mount -t tmpfs -o size=8m none small && \
        \"$0\" import long.csv --database small/log.duckdb; status=$?; [ -z \"$(ls -A small)\" ] || exit 99; exit $status";
    let Some(run) = run_on_small_disk(&scratch, script, "import's a_full_disk") else { return };
    let sentence = run.failure(1);
    assert!(sentence.contains("the disk is full; free some space"), "{sentence}");
}
