//! `wow export`: every row arrives, in order, in parts that keep what the manifest promises.

use std::fs;
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::statistics::Statistics;
use sha2::{Digest, Sha256};
use wow_engine::manifest::Manifest;
use wow_engine::time::Micros;

use crate::support::{
    CREATE_LOG, Event, Scratch, contents, events, manifest, query, read_parquet, read_parts, run_sql,
};

const PART_BYTES: u64 = 4 << 20;
const PART_BYTES_MAX: u64 = 16 << 20;

/// Exports the database and compares with the rows that SQL selects, `guild` being of the type given.
#[track_caller]
fn check_round_trip(sql: &str, guild: &str) -> Manifest {
    let scratch = Scratch::with_database(sql);
    scratch.wow(&["export"]).success();
    let mut expected = events(&query(
        &scratch.database(),
        &format!(
            r#"select cast(player_id as bigint) as player_id, cast(guild as {guild}) as guild,
                cast(level as bigint) as level, cast(race as varchar) as race, cast(class as varchar) as class,
                cast("where" as varchar) as "where", cast(datetime as timestamp) as datetime
            from wowlogs where player_id is not null and datetime is not null"#
        ),
    ));
    let found = events(&read_parts(&scratch.export_folder()));
    let key = |event: &Event| (event.player_id, event.time_us);
    assert!(found.is_sorted_by_key(key));
    expected.sort();
    let mut sorted = found;
    sorted.sort();
    assert_eq!(sorted, expected);

    let manifest = check_manifest(&scratch.export_folder());
    let mut times: Vec<i64> = expected.iter().map(|event| event.time_us).collect();
    times.sort_unstable();
    assert_eq!(manifest.first_event_us, times.first().copied().and_then(Micros::new));
    assert_eq!(manifest.last_event_us, times.last().copied().and_then(Micros::new));
    assert_eq!(manifest.rows, expected.len() as u64);
    expected.dedup_by_key(|event| event.player_id);
    assert_eq!(manifest.players, expected.len() as u64);
    manifest
}

/// Compares all that the manifest says of the parts with the files that are there.
#[track_caller]
fn check_manifest(folder: &Path) -> Manifest {
    let manifest = manifest(folder);
    let mut files = contents(folder);
    files.remove("manifest.json").unwrap();
    for part in &manifest.parts {
        let bytes = files.remove(&part.file).unwrap();
        let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((bytes.len() as u64, &hash), (part.bytes, &part.sha256));
        assert!(part.file.contains(&hash[..16]), "{}", part.file);
        let events = events(&read_parquet(&folder.join(&part.file)));
        let mut players: Vec<i64> = events.iter().map(|event| event.player_id).collect();
        assert_eq!(players.len() as u64, part.rows);
        players.dedup();
        assert_eq!(players.len() as u64, part.players);
        assert_eq!(
            (players.first(), players.last()),
            (Some(&part.first_player_id), Some(&part.last_player_id))
        );
    }
    assert_eq!(files.keys().collect::<Vec<_>>(), Vec::<&String>::new(), "files that no manifest names");
    assert!(manifest.parts.is_sorted_by(|a, b| a.last_player_id < b.first_player_id));
    assert_eq!(manifest.rows, manifest.parts.iter().map(|part| part.rows).sum::<u64>());
    assert_eq!(manifest.players, manifest.parts.iter().map(|part| part.players).sum::<u64>());
    manifest
}

#[test]
fn a_log_arrives_whole() {
    let manifest = check_round_trip(
        &format!(
            r#"{CREATE_LOG} insert into wowlogs values
            (7, 1, 60, 'Orc', 'Hunter', 'Kel''Thuzad "x"', '2008-01-01 00:00:01.000001'),
            (7, 1, 60, 'Orc', 'Hunter', 'Dalaran競技場', '2008-01-01 00:00:01'),
            (7, 1, 60, 'Orc', 'Hunter', 'Dalaran競技場', '2008-01-01 00:00:01'),
            (-9223372036854775808, -1, -5, '', 'a', null, '1969-12-31 23:59:59.999999'),
            (9223372036854775807, 9223372036854775807, null, null, null, '', '9999-12-31 23:59:59'),
            (3, null, null, null, null, null, '0044-03-15 (BC) 12:00:00'),
            (null, 1, 1, 'x', 'x', 'x', '2008-01-01'), (null, 1, 1, 'x', 'x', 'x', null),
            (8, 1, 1, 'x', 'x', 'x', null)"#
        ),
        "bigint",
    );
    assert_eq!((manifest.rejected.null_player_id, manifest.rejected.null_datetime), (2, 1));
    assert_eq!(manifest.database, "wow_test.duckdb");
    let types: Vec<&str> = manifest.columns.iter().map(|column| column.source_type.as_str()).collect();
    assert_eq!(types, ["BIGINT", "BIGINT", "BIGINT", "VARCHAR", "VARCHAR", "VARCHAR", "TIMESTAMP"]);
}

#[test]
fn other_types_are_cast_as_the_models_do() {
    for datetime in ["timestamp", "timestamp_ns", "timestamp_s", "timestamp_ms", "date", "varchar"] {
        check_round_trip(
            &format!(
                r#"create type race as enum ('Orc', 'Blood Elf', 'Troll');
                create table wowlogs as select (i % 5)::integer as player_id,
                    case when i % 3 = 0 then null else i / 4 end as guild, (i % 80)::utinyint as level,
                    case when i % 7 = 0 then null else ['Orc', 'Troll', 'Blood Elf'][1 + i % 3] end::race as race,
                    case when i % 2 = 0 then 'Druid' end as class, (i % 4)::varchar as "where",
                    cast(timestamp_ns '1999-12-31 23:59:58' + to_milliseconds(333 * i) as {datetime}) as datetime
                from range(400) t(i)"#
            ),
            "double",
        );
    }
}

#[test]
fn columns_may_be_in_any_order_and_of_any_number_and_the_log_a_view() {
    check_round_trip(
        r#"create table raw (datetime timestamp, "WHERE" varchar, note varchar, class varchar, race varchar,
            level double, guild decimal(6, 2), player_id hugeint);
        insert into raw values ('2008-01-01', 'a', 'n', 'b', 'c', 59.5, 1.25, 12), ('2007-01-01', 'd', null, 'e',
            'f', 2, null, 11);
        create view wowlogs as select * from raw"#,
        "double",
    );
}

#[test]
fn a_text_column_with_many_values_arrives_whole() {
    check_round_trip(
        r#"create table wowlogs as select i % 9 as player_id, 1 as guild, 1 as level, 'x' || i as race,
            'nul' || chr(0) || (i % 3) as class, repeat('long', (i % 500)::integer) as "where",
            timestamp '2008-01-01' + to_seconds(i) as datetime from range(6000) t(i)"#,
        "bigint",
    );
}

#[test]
fn an_empty_log_gives_an_export_without_parts() {
    let manifest = check_round_trip(CREATE_LOG, "bigint");
    assert!(manifest.parts.is_empty());
}

/// Rows that do not compress, so that few of them fill several parts.
const LARGE_LOG: &str = r#"create table wowlogs as select hash(i) % 500 as player_id, 1 as guild, 1 as level,
    'Orc' as race, 'Druid' as class, md5(i::varchar) as "where", timestamp '2008-01-01' + to_seconds(i) as datetime
    from range(700_000) t(i)"#;

#[test]
fn parts_hold_whole_players_and_stay_under_the_limit() {
    let scratch = Scratch::with_database(LARGE_LOG);
    scratch.wow(&["export"]).success();
    let folder = scratch.export_folder();
    let manifest = check_manifest(&folder);
    assert!(manifest.parts.len() >= 2, "{} parts", manifest.parts.len());
    assert_eq!((manifest.rows, manifest.players), (700_000, 500));
    for part in &manifest.parts {
        assert!(part.bytes <= PART_BYTES_MAX, "{} bytes", part.bytes);
        check_row_groups(&folder.join(&part.file));
    }
    // No two could be one, or a page would make needless requests.
    assert!(manifest.parts.windows(2).all(|pair| pair[0].bytes + pair[1].bytes > PART_BYTES));
}

/// No player is in two row groups, as the statistics tell.
#[track_caller]
fn check_row_groups(path: &Path) {
    let reader = SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap();
    let mut last = i64::MIN;
    for group in reader.metadata().row_groups() {
        let Some(Statistics::Int64(range)) = group.column(0).statistics() else { panic!("no statistics") };
        assert!(last < *range.min_opt().unwrap());
        last = *range.max_opt().unwrap();
    }
}

#[test]
fn a_player_too_large_for_a_part_is_exported_with_a_warning() {
    let scratch = Scratch::with_database(
        r#"create table wowlogs as select case when i < 9 then i else 9 end as player_id, 1 as guild, 1 as level,
            md5('r' || i) as race, 'Druid' as class, md5(i::varchar) as "where",
            timestamp '2008-01-01' + to_seconds(i) as datetime from range(800_000) t(i)"#,
    );
    let run = scratch.wow(&["export"]).success();
    assert!(run.stdout.contains("because player 9 alone is"), "{}", run.stdout);
    let manifest = check_manifest(&scratch.export_folder());
    let players: Vec<u64> = manifest.parts.iter().map(|part| part.players).collect();
    assert_eq!((manifest.rows, players), (800_000, vec![9, 1]));
}

#[test]
fn the_same_rows_give_the_same_export_in_whatever_order() {
    let log = r#"select i % 40 as player_id, i % 3 as guild, i % 7 as level, 'r' || (i % 5) as race, null as class,
        'w' || (i % 11) as "where", timestamp '2008-01-01' + to_minutes(i // 900) as datetime from range(9000) t(i)"#;
    let scratch = Scratch::with_database(&format!("create table wowlogs as {log} order by hash(i)"));
    let first = scratch.wow(&["export", "--json"]).success().json();
    let before = contents(&scratch.export_folder());
    run_sql(&scratch.database(), &format!("create or replace table wowlogs as {log} order by i desc"));
    let second = scratch.wow(&["export", "--json"]).success().json();
    assert_eq!(first["dataset_id"], second["dataset_id"]);
    let mut after = contents(&scratch.export_folder());
    after.remove("manifest.previous.json").unwrap();
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
}

#[test]
fn a_second_export_takes_the_place_of_the_first() {
    let log = |rows: u32| {
        format!(
            r#"create or replace table wowlogs as select i as player_id, 1 as guild, 1 as level, '' as race,
            '' as class, '' as "where", timestamp '2008-01-01' as datetime from range({rows}) t(i)"#
        )
    };
    let scratch = Scratch::with_database(&log(5));
    let first = scratch.wow(&["export", "--json"]).success().json();
    let folder = scratch.export_folder();
    let first_part = manifest(&folder).parts[0].file.clone();
    // What an export leaves that was killed, and a file that is none of ours.
    fs::create_dir(folder.join(".wow-export-dead")).unwrap();
    fs::write(folder.join(".wow-export-dead/part-0.parquet"), "half").unwrap();
    fs::write(folder.join("part-7-0123456789abcdef.parquet"), "never named by a manifest").unwrap();
    fs::write(folder.join("part-notes.txt"), "mine").unwrap();
    run_sql(&scratch.database(), &log(6));
    let second = scratch.wow(&["export", "--json"]).success().json();

    assert_ne!(first["dataset_id"], second["dataset_id"]);
    assert_eq!((&second["rows"], &second["players"], &second["parts"]), (&6.into(), &6.into(), &1.into()));
    // What is there besides is the export before, which a page may still read.
    for name in ["part-notes.txt", "manifest.previous.json", &first_part] {
        fs::remove_file(folder.join(name)).unwrap();
    }
    assert_eq!(check_manifest(&folder).rows, 6);
    assert!(!folder.join(".wow-export-dead").exists());
}

#[test]
fn each_environment_has_a_folder_of_its_own() {
    let scratch = Scratch::new();
    run_sql(&scratch.path("wow.duckdb"), CREATE_LOG);
    let run = scratch.wow(&["export", "--target", "prod", "--out", "site/data"]).success();
    assert!(run.stdout.starts_with("🚨 PRODUCTION database (wow.duckdb)\n"), "{}", run.stdout);
    let written = fs::read_to_string(scratch.path("site/data/prod/manifest.json")).unwrap();
    assert!(written.contains(r#""environment": "prod""#), "{written}");
}
