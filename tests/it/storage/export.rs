//! `wow export --out s3://…`.

use std::process::{Command, Stdio};
use std::time::Duration;

use super::proxy::{Act, Proxy, Request};
use super::server::{Bucket, SECRET, Server, command};
use crate::support::{CREATE_LOG, Run, Scratch, contents, run_sql};

/// What a request may take to be made on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Twelve players in zones that cannot be packed, so that they fill some parts.
const LOG: &str = "insert into wowlogs select i % 12 + 1, i % 5, i % 80, 'Orc', 'Mage', md5(i::varchar),
    timestamp '2008-01-01 00:00:00' + to_seconds(i * 37) from range(240_000) t(i);";
/// Its rows.
const ROWS: u64 = 240_000;

/// A database with that log.
pub(super) fn log() -> Scratch {
    Scratch::with_database(&format!("{CREATE_LOG}{LOG}"))
}

/// Makes the next export another one, and says how many rows it will have.
fn add_row(scratch: &Scratch, rows: u64) -> u64 {
    run_sql(
        &scratch.database(),
        &format!(
            "insert into wowlogs values (3, 1, 1, 'Orc', 'Mage', 'x', timestamp '2009-01-01' + interval {rows} minute)"
        ),
    );
    rows + 1
}

fn export(scratch: &Scratch, port: u16, bucket: &Bucket) -> Run {
    let out = format!("s3://{}/data", bucket.name);
    command(scratch, port, &["export", "--out", &out]).output().unwrap().into()
}

/// The names of the objects in the environment's folder.
fn names(bucket: &Bucket) -> Vec<String> {
    let keys = bucket.keys();
    keys.iter().filter_map(|key| key.strip_prefix("data/dev/")).map(str::to_owned).collect()
}

/// The names of the parts in what a manifest's text names.
fn parts_of(manifest: &wow_engine::manifest::Manifest) -> Vec<String> {
    manifest.parts.iter().map(|part| part.file.clone()).collect()
}

#[test]
fn an_export_is_the_same_in_a_bucket_as_in_a_folder() {
    let Some(server) = Server::moto("an_export_is_the_same_in_a_bucket_as_in_a_folder") else { return };
    let (bucket, scratch) = (server.bucket("exports"), log());
    let run = export(&scratch, server.port, &bucket).success();
    assert!(run.stdout.contains("into s3://exports/data/dev: "), "{}", run.stdout);
    let manifest = bucket.valid_manifest("data/dev");
    assert_eq!((manifest.rows, manifest.players), (ROWS, 12));
    assert!(manifest.parts.len() > 1);
    assert_eq!(names(&bucket).len(), manifest.parts.len() + 1, "{:?}", names(&bucket));

    scratch.wow(&["export"]).success();
    let folder = contents(&scratch.export_folder());
    for part in parts_of(&manifest) {
        assert_eq!(bucket.get(&format!("data/dev/{part}")).as_ref(), folder.get(&part), "{part}");
    }

    let header = |key: &str, name: &str| {
        let (headers, _) = bucket.get_with_headers(&format!("data/dev/{key}")).unwrap();
        headers.into_iter().find(|(found, _)| found == name).unwrap().1
    };
    let part = &manifest.parts[0].file;
    assert_eq!(header(part, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header(part, "content-type"), "application/vnd.apache.parquet");
    assert_eq!(header("manifest.json", "cache-control"), "no-cache");
    assert_eq!(header("manifest.json", "content-type"), "application/json");
    check_nothing_is_left(&scratch);
}

/// Parts are made in the current folder.
#[track_caller]
fn check_nothing_is_left(scratch: &Scratch) {
    let names = scratch.path(".").read_dir().unwrap().map(|entry| entry.unwrap().file_name());
    assert!(names.into_iter().all(|name| !name.to_string_lossy().starts_with(".wow-new-")));
}

#[test]
fn the_export_before_is_kept_for_one_round_and_nothing_of_others_is_removed() {
    let test = "the_export_before_is_kept_for_one_round_and_nothing_of_others_is_removed";
    let Some(server) = Server::moto(test) else { return };
    let (bucket, scratch) = (server.bucket("exports"), log());
    let others = ["notes.txt", "part-1.parquet", "sub/part-0-0123456789abcdef.parquet"];
    for name in others {
        bucket.put(&format!("data/dev/{name}"), b"of others");
    }
    // What a killed exporter has left.
    bucket.put("data/dev/part-9-0123456789abcdef.parquet", b"left behind");
    let mut generations = Vec::new();
    let mut rows = ROWS;
    for _ in 0..4 {
        // Times of S3 have no parts of seconds.
        std::thread::sleep(Duration::from_millis(1_100));
        export(&scratch, server.port, &bucket).success();
        generations.push(bucket.valid_manifest("data/dev"));
        rows = add_row(&scratch, rows);
    }
    let [.., before_previous, previous, last] = &generations[..] else { panic!() };
    let mut expected = [parts_of(previous), parts_of(last)].concat();
    expected.extend(["manifest.json", "manifest.previous.json"].map(str::to_owned));
    expected.extend(others.map(str::to_owned));
    expected.sort();
    expected.dedup();
    assert_eq!(names(&bucket), expected);
    let gone = parts_of(before_previous).into_iter().filter(|part| !expected.contains(part)).count();
    assert!(gone > 0, "each generation has a part of its own");
    let kept = bucket.get("data/dev/manifest.previous.json").unwrap();
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&kept).unwrap()["rows"], previous.rows);
}

/// Whatever request of an export is the last one, before the server has it or after, readers find a whole export, and the next
/// exporter is not hindered.
fn killed_at_each_request(server: &Server, bucket: &Bucket) {
    let scratch = log();
    let mut rows = ROWS;
    for _ in 0..2 {
        export(&scratch, server.port, bucket).success();
        rows = add_row(&scratch, rows);
    }
    for is_before in [true, false] {
        for last in 0.. {
            // Old files are removed where the server's clock, which counts seconds, tells that they are old.
            let grow_old = || std::thread::sleep(Duration::from_millis(if last < 7 { 0 } else { 1_100 }));
            grow_old();
            let act = move |request: &Request| match request.number == last {
                true if is_before => Act::HoldBefore,
                true => Act::HoldAfter,
                false => Act::Pass,
            };
            let proxy = Proxy::start(server.port, act);
            let out = format!("s3://{}/data", bucket.name);
            let mut exporter = command(&scratch, proxy.port, &["export", "--out", &out]);
            let mut exporter = exporter.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            let is_over = loop {
                if proxy.wait_for_held(Duration::from_millis(20)) {
                    exporter.kill().unwrap();
                    exporter.wait().unwrap();
                    break false;
                }
                if let Some(status) = exporter.try_wait().unwrap() {
                    assert!(status.success());
                    break true;
                }
            };
            let found = bucket.valid_manifest("data/dev").rows;
            assert!(found == rows || found == rows - 1, "{found} of {rows} at request {last}");
            grow_old();
            // Another one, so that the next exporter has files to remove.
            rows = add_row(&scratch, rows);
            export(&scratch, server.port, bucket).success();
            assert_eq!(bucket.valid_manifest("data/dev").rows, rows, "after request {last}");
            rows = add_row(&scratch, rows);
            if is_over {
                // Manifest, parts, probe, listing, manifest, the one before, listing, removal.
                assert!(last > 8, "{:?}", proxy.requests());
                break;
            }
        }
    }
}

#[test]
fn a_kill_at_any_request_leaves_a_whole_export() {
    let Some(server) = Server::moto("a_kill_at_any_request_leaves_a_whole_export") else { return };
    killed_at_each_request(&server, &server.bucket("exports"));
}

#[test]
fn a_kill_at_any_request_to_seaweed_leaves_a_whole_export() {
    let Some(server) = Server::seaweed("a_kill_at_any_request_to_seaweed_leaves_a_whole_export") else {
        return;
    };
    killed_at_each_request(&server, &server.bucket("weed-exports"));
}

#[test]
fn ctrl_c_while_a_part_is_on_its_way_leaves_the_export_before() {
    let test = "ctrl_c_while_a_part_is_on_its_way_leaves_the_export_before";
    let Some(server) = Server::moto(test) else { return };
    let (bucket, scratch) = (server.bucket("exports"), log());
    export(&scratch, server.port, &bucket).success();
    let before = bucket.valid_manifest("data/dev");
    let proxy =
        Proxy::start(
            server.port,
            |request| {
                if request.line.contains("/part-0") { Act::HoldBefore } else { Act::Pass }
            },
        );
    let mut exporter = command(&scratch, proxy.port, &["export", "--out", "s3://exports/data"]);
    let exporter = exporter.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    assert!(proxy.wait_for_held(PATIENCE));
    assert!(Command::new("kill").args(["-INT", &exporter.id().to_string()]).status().unwrap().success());
    let run: Run = exporter.wait_with_output().unwrap().into();
    assert_eq!(run.failure(130), "cancelled; what was there before is unchanged");
    assert_eq!(bucket.valid_manifest("data/dev"), before);
    check_nothing_is_left(&scratch);
}

#[test]
fn of_two_exporters_at_once_one_wins_and_the_other_says_so() {
    let Some(server) = Server::moto("of_two_exporters_at_once_one_wins_and_the_other_says_so") else {
        return;
    };
    let bucket = server.bucket("exports");
    // Once without an export before, once with.
    for _ in 0..2 {
        let (slow, fast) = (log(), log());
        add_row(&slow, ROWS);
        let is_manifest = |request: &Request| request.line == "PUT /exports/data/dev/manifest.json";
        let proxy = Proxy::start(server.port, move |request| {
            if is_manifest(request) { Act::Delay(Duration::from_secs(6)) } else { Act::Pass }
        });
        let mut exporter = command(&slow, proxy.port, &["export", "--out", "s3://exports/data"]);
        let exporter = exporter.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let started = std::time::Instant::now();
        while !proxy.requests().iter().any(is_manifest) {
            assert!(started.elapsed() < PATIENCE);
            std::thread::sleep(Duration::from_millis(10));
        }
        let won = export(&fast, server.port, &bucket).success();
        let before = bucket.valid_manifest("data/dev");
        let lost: Run = exporter.wait_with_output().unwrap().into();
        assert_eq!(
            lost.failure(1),
            "another export was published in s3://exports/data/dev meanwhile, which stays as it is; export again to \
             replace it"
        );
        assert_eq!(bucket.valid_manifest("data/dev"), before, "{}", won.stdout);
    }
}

#[test]
fn a_server_without_conditions_is_refused() {
    let Some(server) = Server::moto("a_server_without_conditions_is_refused") else { return };
    let (bucket, scratch) = (server.bucket("exports"), log());
    let refused = |header: &'static str| {
        let proxy = Proxy::start(server.port, move |_| Act::Without(header));
        let sentence = export(&scratch, proxy.port, &bucket).failure(1);
        assert!(sentence.contains("its server knows no conditional writes"), "{sentence}");
    };
    refused("if-none-match");
    assert_eq!(bucket.get("data/dev/manifest.json"), None);
    export(&scratch, server.port, &bucket).success();
    let before = bucket.valid_manifest("data/dev");
    refused("if-match");
    assert_eq!(bucket.valid_manifest("data/dev"), before);
}

#[test]
fn an_answer_that_is_lost_on_the_way_is_no_conflict() {
    let Some(server) = Server::moto("an_answer_that_is_lost_on_the_way_is_no_conflict") else { return };
    let (bucket, scratch) = (server.bucket("exports"), log());
    // The server has the manifest, and whoever wrote it is told to try again.
    let first = std::sync::atomic::AtomicBool::new(true);
    let port = server.port;
    let proxy = Proxy::start(port, move |request| {
        let is_manifest = request.line.ends_with("/manifest.json") && request.line.starts_with("PUT");
        match is_manifest && first.swap(false, std::sync::atomic::Ordering::SeqCst) {
            true => Act::PassAndAnswer("503 Slow Down", "<Error><Code>SlowDown</Code></Error>".to_owned()),
            false => Act::Pass,
        }
    });
    export(&scratch, proxy.port, &bucket).success();
    assert_eq!(bucket.valid_manifest("data/dev").rows, ROWS);
}

#[test]
fn parts_that_somebody_removes_are_missed_before_the_manifest_is_written() {
    let test = "parts_that_somebody_removes_are_missed_before_the_manifest_is_written";
    let Some(server) = Server::moto(test) else { return };
    let (bucket, scratch) = (server.bucket("exports"), log());
    let other = server.bucket("exports");
    let proxy = Proxy::start(server.port, move |request| {
        if request.line.contains("list-type=2") {
            let part = other.keys().into_iter().find(|key| key.contains("/part-")).unwrap();
            other.remove(&part);
        }
        Act::Pass
    });
    let sentence = export(&scratch, proxy.port, &bucket).failure(1);
    assert!(
        sentence.contains(" just written into s3://exports/data/dev 1 cannot be found there"),
        "{sentence}"
    );
    assert_eq!(bucket.get("data/dev/manifest.json"), None);
}

#[test]
fn a_slow_and_failing_server_is_written_to_in_the_end_and_hears_no_secret() {
    let test = "a_slow_and_failing_server_is_written_to_in_the_end_and_hears_no_secret";
    let Some(server) = Server::moto(test) else { return };
    let (bucket, scratch) = (server.bucket("exports"), log());
    let proxy = Proxy::start(server.port, |request| match request.number % 3 {
        0 => Act::Answer("503 Slow Down", "<Error><Code>SlowDown</Code></Error>".to_owned()),
        1 => Act::Delay(Duration::from_millis(50)),
        _ => Act::Pass,
    });
    let run = export(&scratch, proxy.port, &bucket).success();
    assert_eq!(bucket.valid_manifest("data/dev").rows, ROWS);
    let mut told = run.stdout + &run.stderr;
    told.extend(bucket.keys());
    told.extend(proxy.requests().into_iter().map(|request| request.line));
    assert!(!told.contains(SECRET), "{told}");
    for key in bucket.keys() {
        let content = bucket.get(&key).unwrap();
        assert!(!content.windows(SECRET.len()).any(|bytes| bytes == SECRET.as_bytes()), "{key}");
    }
}
