//! `wow import s3://…`: the rows that the same files give on this machine.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::proxy::{Act, Proxy};
use super::server::{Bucket, Server, command};
use crate::cli::import::{KAGGLE, KAGGLE_ROWS, check_rows};
use crate::support::{Run, Scratch, query, run_sql};

/// A log of some megabytes in no order, made by SQL; its texts hold what CSV must quote.
const LOG: &str = r#"select (i * 7919) % 9973 as player_id, nullif(i % 501, 500) as guild, i % 80 as level,
    ['Orc', 'Blood Elf', null][i % 3 + 1] as race, 'Zul''s ' || hash(i) as class, ['a,b', 'say "no"', ''][i % 3 + 1] as "where",
    timestamp '2008-01-01 00:00:00' + to_microseconds(i * 7_000_001) as datetime"#;

fn rows(start: u32, end: u32) -> String {
    format!("{LOG} from range({start}, {end}) t(i)")
}

/// Writes files by DuckDB alone.
fn write(scratch: &Scratch, name: &str, rows: &str, options: &str) -> Vec<u8> {
    let path = scratch.path(name);
    run_sql(&scratch.path("writer.duckdb"), &format!("copy ({rows}) to '{}' ({options})", path.display()));
    std::fs::read(path).unwrap()
}

/// Row groups with few columns side by side, as many tools write them: DuckDB is built here without its Parquet.
fn write_parquet(rows: &[arrow::array::RecordBatch]) -> Vec<u8> {
    let properties = parquet::file::properties::WriterProperties::builder()
        .set_max_row_group_row_count(Some(60_000))
        .build();
    let mut file = Vec::new();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut file, rows[0].schema(), Some(properties)).unwrap();
    rows.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.close().unwrap();
    file
}

fn import(scratch: &Scratch, port: u16, files: &[&str]) -> Run {
    let args = [&["import", "--replace", "--json"], files].concat();
    command(scratch, port, &args).output().unwrap().into()
}

/// What SQL makes of all rows of a log, in whatever order they are.
fn checksum(database: &Path, rows: &str) -> String {
    let sql = format!(
        r#"select (count(*), sum(hash(player_id, guild, level, race, class, "where", datetime)))::varchar from ({rows})"#
    );
    arrow::array::AsArray::as_string::<i32>(query(database, &sql)[0].column(0)).value(0).to_owned()
}

#[track_caller]
fn check_log(scratch: &Scratch, expected: &str) {
    let typed = format!(
        "select player_id::bigint as player_id, guild::bigint as guild, level::bigint as level, race, class, \"where\", datetime from ({expected})"
    );
    assert_eq!(
        checksum(&scratch.database(), "from wowlogs"),
        checksum(&scratch.path("writer.duckdb"), &typed)
    );
}

/// A bucket with a CSV, one in gzip, one in Parquet, and folders that give columns.
fn fill(bucket: &Bucket, scratch: &Scratch) {
    bucket.put("logs/a.csv", &write(scratch, "a.csv", &rows(0, 60_000), "format csv, header"));
    bucket.put(
        "logs/b.csv.gz",
        &write(scratch, "b.csv.gz", &rows(60_000, 120_000), "format csv, header, compression gzip"),
    );
    bucket.put(
        "logs/deep/c.parquet",
        &write_parquet(&query(&scratch.path("writer.duckdb"), &rows(120_000, 300_000))),
    );
    let orcs = format!("select * exclude (race) from ({}) where race = 'Blood Elf'", rows(300_000, 330_000));
    bucket.put("logs/race=Blood%2520Elf/d.csv", &write(scratch, "d.csv", &orcs, "format csv, header"));
    for left_out in ["logs/_SUCCESS", "logs/_temporary/e.csv", "logs/.f.csv.crc"] {
        bucket.put(left_out, b"nothing of the log");
    }
    bucket.put("logs/empty/", b"");
    bucket.put("logs2/g.csv", b"of another folder");
}

/// All rows of that folder.
fn all() -> String {
    format!(
        "{} union all by name select * from ({}) where race = 'Blood Elf'",
        rows(0, 300_000),
        rows(300_000, 330_000)
    )
}

#[test]
fn a_folder_of_a_bucket_gives_the_rows_that_its_files_give() {
    let Some(server) = Server::moto("a_folder_of_a_bucket_gives_the_rows_that_its_files_give") else {
        return;
    };
    let (bucket, scratch) = (server.bucket("logs-bucket"), Scratch::new());
    fill(&bucket, &scratch);
    for folder in ["s3://logs-bucket/logs", "s3a://logs-bucket/logs/"] {
        let answer = import(&scratch, server.port, &[folder]).success().json();
        assert_eq!(answer["files"].as_array().unwrap().len(), 4, "{answer}");
        assert_eq!(answer["files"][0]["file"], "s3://logs-bucket/logs/a.csv");
        check_log(&scratch, &all());
    }
    // Beside a file of this machine.
    std::fs::write(scratch.path("local.csv"), KAGGLE).unwrap();
    import(&scratch, server.port, &["local.csv", "s3://logs-bucket/logs/b.csv.gz"]).success();
    let all = format!("{} union all {KAGGLE_ROWS}", rows(60_000, 120_000));
    check_log(&scratch, &all);
    let absent = import(&scratch, server.port, &["s3://logs-bucket/nothing"]).failure(2);
    assert!(absent.contains("there is no data in s3://logs-bucket/nothing"), "{absent}");
    let twice = import(&scratch, server.port, &["s3://logs-bucket/logs/a.csv", "a.csv"]).failure(2);
    assert!(twice.contains("hold the same bytes"), "{twice}");
}

#[test]
fn a_failing_server_is_read_to_the_end() {
    let Some(server) = Server::moto("a_failing_server_is_read_to_the_end") else { return };
    let (bucket, scratch) = (server.bucket("logs-bucket"), Scratch::new());
    fill(&bucket, &scratch);
    let proxy = Proxy::start(server.port, |request| match request.number % 4 {
        1 => Act::Answer("503 Slow Down", "<Error><Code>SlowDown</Code></Error>".to_owned()),
        3 if request.line.starts_with("GET") && !request.line.contains('?') => Act::BreakOff,
        _ => Act::Pass,
    });
    import(&scratch, proxy.port, &["s3://logs-bucket/logs"]).success();
    check_log(&scratch, &all());
    assert!(proxy.requests().len() > 30, "{}", proxy.requests().len());
}

#[test]
fn the_time_of_an_answer_is_not_waited_for_at_each_block() {
    let Some(server) = Server::moto("the_time_of_an_answer_is_not_waited_for_at_each_block") else { return };
    let (bucket, scratch) = (server.bucket("logs-bucket"), Scratch::new());
    let csv = write(&scratch, "a.csv", &rows(0, 600_000), "format csv, header");
    bucket.put("a.csv", &csv);
    let delay = Duration::from_secs(1);
    let proxy = Proxy::start(server.port, move |_| Act::Delay(delay));
    let started = std::time::Instant::now();
    import(&scratch, proxy.port, &["s3://logs-bucket/a.csv"]).success();
    let requests = proxy.requests().len() as u32;
    assert!(requests as usize >= csv.len() >> 20, "{requests} requests for {} bytes", csv.len());
    assert!(started.elapsed() < delay * requests / 2, "{:?} for {requests} requests", started.elapsed());
    check_log(&scratch, &rows(0, 600_000));
}

#[test]
fn an_object_that_is_replaced_while_it_is_read_is_not_imported() {
    let Some(server) = Server::moto("an_object_that_is_replaced_while_it_is_read_is_not_imported") else {
        return;
    };
    let (bucket, scratch) = (server.bucket("logs-bucket"), Scratch::new());
    let csv = write(&scratch, "a.csv", &rows(0, 60_000), "format csv, header");
    bucket.put("a.csv", &csv);
    let writer = server.bucket("logs-bucket");
    let proxy = Proxy::start(server.port, move |request| {
        if request.number == 3 {
            writer.put("a.csv", &csv.to_ascii_uppercase());
        }
        Act::Pass
    });
    let sentence = import(&scratch, proxy.port, &["s3://logs-bucket/a.csv"]).failure(1);
    assert_eq!(sentence, "s3://logs-bucket/a.csv changed while it was read; try again when nobody writes it");
    assert!(!scratch.database().exists());
}

#[test]
fn a_listing_of_many_pages_is_read_to_its_end() {
    let Some(server) = Server::moto("a_listing_of_many_pages_is_read_to_its_end") else { return };
    let (bucket, scratch) = (server.bucket("logs-bucket"), Scratch::new());
    for number in 0..2_100 {
        // Most are left out, so that the test is over soon; the last page has the log.
        bucket.put(&format!("logs/_{number:05}.csv"), b"x");
    }
    bucket.put("logs/log.csv", KAGGLE.as_bytes());
    let listed = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&listed);
    let proxy = Proxy::start(server.port, move |request| {
        seen.fetch_or(request.line.contains("continuation-token"), Ordering::SeqCst);
        Act::Pass
    });
    import(&scratch, proxy.port, &["s3://logs-bucket/logs"]).success();
    check_rows(&scratch.database(), KAGGLE_ROWS);
    assert!(listed.load(Ordering::SeqCst));
}
