//! `wow export --sample`: whole players, the same ones that SQL chooses, and no command takes them for the whole log.

use std::fs;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use arrow::util::display::array_value_to_string;
use duckdb::Connection;
use proptest::prelude::*;
use wow_engine::sampling::OneOf;

use crate::support::{CREATE_LOG, Scratch, events, manifest, query, read_parquet, read_parts};

/// The rule on a column `id` of 128 bits, in which nothing can overflow.
const RULE: &str =
    "((id % 2147483579 + 3141592653) % 2147483579 * ((id % 2147483579 + 3141592653) % 2147483579)
    * ((id % 2147483579 + 3141592653) % 2147483579)) % 2147483579";
/// Forty players with numbers of both signs, of whom the last has the newest event by far; rows without player or time.
const LOG: &str = "insert into wowlogs
    select id * 7919 - 150000, 5, 10, 'Orc', 'Mage', 'Durotar', timestamp '2008-01-01' + to_hours(cast(hour as bigint))
    from range(40) as ids(id), range(30) as hours(hour);
    insert into wowlogs select (39 * 7919) - 150000, 5, 10, 'Orc', 'Mage', 'Durotar', timestamp '2008-06-01 12:00:00';
    insert into wowlogs select null, 5, 10, 'Orc', 'Mage', 'Durotar', timestamp '2008-01-01' from range(3);
    insert into wowlogs select id * 7919 - 150000, 5, 10, 'Orc', 'Mage', 'Durotar', null from range(40) as ids(id)";

/// The players of a sample of one of three, as SQL chooses them.
fn chosen(scratch: &Scratch) -> Vec<i64> {
    let sql = format!(
        "with players as (select distinct player_id, cast(player_id as hugeint) as id from wowlogs)
         select player_id from players where ({RULE}) % 3 = 0 order by 1"
    );
    let batches = query(&scratch.database(), &sql);
    batches.iter().flat_map(|batch| batch.column(0).as_primitive::<Int64Type>().values().to_vec()).collect()
}

fn sampled(sql: &str) -> Scratch {
    let scratch = Scratch::with_database(&format!("{CREATE_LOG} {LOG}; {sql}"));
    scratch.wow(&["export", "--sample", "3"]).success();
    scratch
}

/// Numbers of players: the ends, around multiples of the prime, small ones, and any.
fn ids() -> impl Strategy<Value = Vec<i64>> {
    let near = (-1_000_000_i64..1_000_000, -2_i64..=2).prop_map(|(times, by)| times * 2_147_483_579 + by);
    let id = prop_oneof![
        1 => prop::sample::select(&[i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX][..]),
        4 => near,
        4 => -1_000_i64..1_000,
        8 => any::<i64>(),
    ];
    prop::collection::vec(id, 1..500)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn engine_and_sql_choose_the_same_players(ids in ids(), players in 2_u32..2_000) {
        let one_of = OneOf::new(players).unwrap();
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("create table players (place bigint, player_id bigint)").unwrap();
        let values: Vec<String> =
            ids.iter().enumerate().map(|(place, id)| format!("({place}, {id})")).collect();
        connection.execute_batch(&format!("insert into players values {}", values.join(", "))).unwrap();
        let sql = format!(
            "select {}, ({RULE}) % {players} = 0
             from (select *, cast(player_id as hugeint) as id from players) order by place",
            one_of.condition("player_id")
        );
        let mut statement = connection.prepare(&sql).unwrap();
        let found: Vec<(bool, bool)> =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
        let expected: Vec<(bool, bool)> = ids.iter().map(|id| (one_of.has(*id), one_of.has(*id))).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn a_sample_has_all_events_of_the_players_that_sql_chooses() {
    let scratch = sampled("");
    let chosen = chosen(&scratch);
    assert!((5..25).contains(&chosen.len()), "{chosen:?}");
    assert!(chosen.iter().any(|id| *id < 0) && chosen.iter().any(|id| *id > 0), "{chosen:?}");
    let found = events(&read_parts(&scratch.export_folder()));
    let expected: Vec<i64> = chosen.iter().flat_map(|id| [*id; 30]).collect();
    assert_eq!(found.iter().map(|event| event.player_id).collect::<Vec<_>>(), expected);

    let manifest = manifest(&scratch.export_folder());
    let sample = manifest.sample.unwrap();
    assert_eq!(
        (sample.one_of.get(), sample.players_in_source, sample.rows_in_source),
        (3, Some(40), Some(1_201))
    );
    assert_eq!((manifest.players, manifest.rows), (chosen.len() as u64, expected.len() as u64));
    // Nobody can tell whose rows without a player are; those without a time are of the chosen players.
    assert_eq!((manifest.rejected.null_player_id, manifest.rejected.null_datetime), (3, chosen.len() as u64));
}

#[test]
fn a_sample_is_other_data_than_the_log_and_than_another_sample() {
    let scratch = Scratch::with_database(&format!("{CREATE_LOG} {LOG}"));
    let id = |args: &[&str]| {
        scratch.wow(&[&["export"], args].concat()).success();
        manifest(&scratch.export_folder()).dataset_id
    };
    let ids = [id(&["--sample", "3"]), id(&["--sample", "2"]), id(&[]), id(&["--sample", "3"])];
    assert_eq!(ids[0], ids[3]);
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2], "{ids:?}");
}

#[test]
fn what_snapshots_saw_is_of_the_chosen_players_alone() {
    let facts = "create table player_facts as
        select player_id, 'Mage' as class, 'Orc' as race, 5 as guild, 10 + n as max_level, 0 as is_likely_bot, 0 as churned,
            player_id || '-' || n as dbt_scd_id, timestamp '2026-01-01' + to_days(cast(n as integer)) as dbt_updated_at,
            dbt_updated_at as dbt_valid_from, null::timestamp as dbt_valid_to
        from (select distinct player_id from wowlogs where player_id is not null), range(2) as states(n)";
    let scratch = sampled(facts);
    let facts = manifest(&scratch.export_folder()).player_facts.unwrap();
    let rows = read_parquet(&scratch.export_folder().join(&facts.file));
    let mut players: Vec<i64> =
        rows.iter().flat_map(|batch| batch.column(0).as_primitive::<Int64Type>().values().to_vec()).collect();
    players.dedup();
    assert_eq!(players, chosen(&scratch));
}

#[test]
fn no_command_takes_a_sample_for_the_log() {
    let scratch = sampled("");
    let run = scratch.wow(&["run"]).success();
    assert!(run.stdout.contains("Sorting 1,201 events"), "{}", run.stdout);
    for args in [&["verify"][..], &["run", "--data", "public/data"]] {
        let sentence = scratch.wow(args).failure(1);
        assert!(sentence.contains("is a sample and not the whole log; run `wow export`"), "{sentence}");
    }
    let run = scratch.wow(&["report", "--out", "report.html"]).success();
    assert!(run.stdout.contains("1 of 3 players"), "{}", run.stdout);
    let report = fs::read_to_string(scratch.path("report.html")).unwrap();
    assert!(report.matches("1 of 3 players").count() >= 3, "at its head, its foot and the edge of each page");
}

fn rows(batches: &[RecordBatch]) -> Vec<Vec<String>> {
    let row = |batch: &RecordBatch, row| {
        batch.columns().iter().map(|column| array_value_to_string(column, row).unwrap()).collect()
    };
    batches.iter().flat_map(|batch| (0..batch.num_rows()).map(move |at| row(batch, at))).collect()
}

#[test]
fn the_models_of_a_sample_are_rows_of_those_of_the_log() {
    let scratch = sampled("");
    scratch.wow(&["run"]).success();
    let ids = chosen(&scratch).iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let of_log = |model: &str| {
        let sql = format!("select * from {model} where player_id in ({ids}) order by player_id");
        rows(&query(&scratch.database(), &sql))
    };
    let expected = ["player_session_stats", "stg_players"].map(of_log);
    // The newest event is of a player who is not in the sample, and 40 days and more after all others.
    assert!(expected[1].iter().all(|row| row.last().unwrap() == "1"), "{:?}", expected[1]);
    fs::remove_file(scratch.database()).unwrap();
    let run = scratch.wow(&["run", "--to", "parquet", "models"]).success();
    assert!(run.stdout.contains("1 of 3 players"), "{}", run.stdout);
    let found = ["player_session_stats", "stg_players"]
        .map(|model| rows(&read_parquet(&scratch.path(&format!("models/dev/{model}.parquet")))));
    assert_eq!(found, expected);
    let described = fs::read_to_string(scratch.path("models/dev/models.json")).unwrap();
    let described: serde_json::Value = serde_json::from_str(&described).unwrap();
    assert_eq!(described["sample"]["one_of"], 3);
}

#[test]
fn what_is_no_sample_is_refused_in_a_sentence() {
    let scratch = Scratch::with_database(&format!("{CREATE_LOG} {LOG}"));
    for number in ["0", "1", "1000001", "half"] {
        let run = scratch.wow(&["export", "--sample", number]);
        assert_eq!(run.status, Some(2), "{number}: {}", run.stderr);
    }
    let sentence = scratch.wow(&["export", "--sample", "1000000"]).failure(1);
    assert!(sentence.contains("none of the 40 players"), "{sentence}");
    assert!(!scratch.export_folder().join("manifest.json").exists());
}
