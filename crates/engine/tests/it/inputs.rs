//! Every input is read right or refused with its true reason. The numbers are those that SQL gives in DuckDB.

use std::ops::ControlFlow;
use std::path::Path;

use bytes::Bytes;
use wow_engine::contract::Partition;
use wow_engine::pipeline::Report;
use wow_engine::read::{LogFile, Share, Sorter};
use wow_engine::{Error, Params};

fn bytes_of(name: &str) -> Bytes {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/inputs");
    std::fs::read(folder.join(name)).unwrap().into()
}

fn open(name: &str) -> Result<LogFile, Error> {
    LogFile::open_in(bytes_of(name), &Partition::of_path(name))
}

fn sorted(files: &[LogFile]) -> Result<Report, Error> {
    let go_on = &mut |_| ControlFlow::Continue(());
    let mut sorter = Sorter::new(Share::ALL);
    for file in files {
        sorter.count(file, go_on)?;
    }
    for file in files {
        sorter.place(file, go_on)?;
    }
    Ok(sorter.finish().scan(Params::default(), go_on)?.finish())
}

/// Events, players, sessions, likely bots and churned players without bots.
fn told(report: &Report) -> String {
    let totals = report.totals(&report.params);
    let (events, players, sessions) = (totals.events, totals.players, totals.sessions);
    format!("{events}E {players}P {sessions}S {}B {}C", totals.bots, totals.churned)
}

#[track_caller]
fn check(names: &[&str], expected: &str, notices: &[&str]) {
    let files: Vec<LogFile> = names.iter().map(|name| open(name).unwrap()).collect();
    assert_eq!(told(&sorted(&files).unwrap()), expected, "{names:?}");
    let said = files.iter().flat_map(LogFile::notices).map(|notice| notice.to_string());
    assert_eq!(said.collect::<Vec<_>>(), notices, "{names:?}");
}

#[track_caller]
fn refuses(name: &str, says: &str) {
    let refused = open(name).and_then(|file| sorted(&[file]));
    let error = refused.map(|report| told(&report)).unwrap_err().to_string();
    assert!(error.contains(says), "{name}: {error}");
}

const UTC: &str = "its times have a zone and are read as UTC";

#[test]
fn parquet_of_every_kind_is_read_right() {
    check(&["blank_names.parquet"], "669E 12P 40S 2B 1C", &[]);
    check(&["utc_us.parquet"], "711E 12P 49S 2B 1C", &[UTC]);
    check(&["null_typed_0.parquet", "null_typed_1.parquet"], "954E 17P 60S 4B 2C", &[]);
    check(&["null_typed_1.parquet"], "414E 8P 26S 2B 1C", &[]);
    check(&["decimal38_ids.parquet"], "724E 12P 45S 2B 1C", &[]);
    check(&["slashes_text.parquet"], "722E 12P 43S 2B 1C", &[]);
    check(&["empty_groups.parquet"], "701E 12P 44S 2B 1C", &[]);
    check(&["polars_zstd.parquet"], "613E 12P 45S 2B 1C", &[]);
    check(&["gzip.parquet"], "613E 12P 45S 2B 1C", &[]);
}

#[test]
fn folders_give_their_columns() {
    let parts = ["Blood%20Elf", "Orc", "Tauren", "Troll", "Undead"];
    let parts = parts.map(|race| format!("hive/race={race}/data_0.parquet"));
    check(&parts.each_ref().map(String::as_str), "613E 12P 39S 2B 1C", &[]);
    let buckets = ["same_names/bucket=0/data_0.parquet", "same_names/bucket=1/data_0.parquet"];
    check(&buckets, "600E 8P 210S 0B 0C", &[]);
    assert_eq!(open(buckets[0]).unwrap().columns().ignored().collect::<Vec<_>>(), ["bucket="]);
}

#[test]
fn parquet_that_is_none_or_cannot_be_meant_is_refused() {
    refuses("guild_boolean.parquet", "column `guild` is BOOLEAN, but a number is needed");
    refuses("web_page.parquet", "it is a web page");
    refuses(
        "lfs_pointer.parquet",
        "it is a Git LFS pointer, not the file that it stands for; run `git lfs pull`",
    );
    refuses("archive.zip", "it is a ZIP archive; unpack it");
    refuses("encrypted_footer.parquet", "it is encrypted Parquet; write it without encryption");
    refuses("crc_flipped.parquet", "a page does not match its checksum");
    refuses(
        "times_at_the_ends.parquet",
        "holds times outside of what can be held, for example 9223372036854775807 µs since 1970, \
         -9223372036854775807 µs since 1970",
    );
    refuses("text_time_not_ascii.parquet", "'2008-01-31 00:00:00.12345é'");
}

#[test]
fn csv_of_every_kind_is_read_right() {
    let beside = "`datetime` is read, and `timestamp` beside it is not";
    check(&["two_times.csv"], "673E 12P 41S 2B 1C", &[beside]);
    check(&["published_layout.csv"], "669E 12P 40S 2B 1C", &[]);
    check(&["offsets.csv"], "411E 13P 36S 2B 1C", &[UTC]);
    check(&["excel_us.csv"], "722E 12P 43S 2B 1C", &["5 empty rows are left out"]);
    check(&["excel_semicolons.csv"], "722E 12P 43S 2B 1C", &[]);
}

#[test]
fn csv_that_is_none_or_cannot_be_meant_is_refused() {
    refuses(
        "unsigned_ids.csv",
        "column `player_id` holds numbers larger than 9223372036854775807 in 296 of 761 rows, for example '",
    );
    refuses("log_flipped.csv.gz", "it is damaged: it does not match its checksum");
    refuses("log_cut.csv.gz", "it is damaged: it ends too soon");
    refuses("utf16.csv", "it is text in UTF-16; save it in UTF-8");
}
