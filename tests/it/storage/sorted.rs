//! `wow export --from s3://…`: what a cluster has sorted into a bucket, exported into a bucket.

use super::export::log;
use super::proxy::{Act, Proxy};
use super::server::{Server, command};
use crate::cli::export_files::write_file;
use crate::support::{Run, manifest};

#[test]
fn a_sorted_bucket_gives_the_parts_of_the_database_whatever_fails_on_the_way() {
    let test = "a_sorted_bucket_gives_the_parts_of_the_database_whatever_fails_on_the_way";
    let Some(server) = Server::moto(test) else { return };
    let bucket = server.bucket("sorted");
    let scratch = log();
    for (name, players) in [("part-00001", "between 1 and 4"), ("part-00000", "between 5 and 12")] {
        let path = scratch.path(name);
        let sql = format!("select * from wowlogs where player_id {players} order by player_id, datetime");
        write_file(&scratch, &sql, &path);
        bucket.put(&format!("log/{name}-c000.zstd.parquet"), &std::fs::read(path).unwrap());
    }
    bucket.put("log/_SUCCESS", b"");
    scratch.wow(&["export"]).success();

    // Each third answer fails, and many a one breaks off.
    let proxy = Proxy::start(server.port, |request| match request.number % 15 {
        2 | 5 | 8 | 11 | 14 => {
            Act::Answer("503 Slow Down", "<Error><Code>SlowDown</Code></Error>".to_owned())
        }
        3 | 6 | 9 | 12 if request.line.starts_with("GET /sorted/log/") => Act::BreakOff,
        _ => Act::Pass,
    });
    let args = ["export", "--from", "s3://sorted/log/", "--out", "s3://sorted/exports"];
    let run = Run::from(command(&scratch, proxy.port, &args).output().unwrap()).success();
    assert!(run.stdout.starts_with("✅ DEV export, of files\n"), "{}", run.stdout);
    let exported = bucket.valid_manifest("exports/dev");
    assert_eq!(exported.parts, manifest(&scratch.export_folder()).parts);
    assert_eq!(exported.database, "log");
}
