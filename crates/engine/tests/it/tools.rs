//! One log as many tools write it: each file gives what SQL gives for the log.

use std::fs;
use std::path::{Path, PathBuf};

use wow_engine::contract::{Notice, Partition, is_left_out};
use wow_engine::read::LogFile;

use crate::inputs::{sorted, told};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/inputs/tools")
}

/// The files of a folder at any depth, as paths within it.
fn files(folder: &Path, within: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder.join(within)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{within}/{}", entry.file_name().into_string().unwrap());
        match entry.file_type().unwrap().is_dir() {
            true => found.extend(files(folder, &path)),
            false if !is_left_out(&path) => found.push(path),
            false => {}
        }
    }
    found
}

fn open(path: &str) -> LogFile {
    let bytes = fs::read(folder().join(path)).unwrap();
    let opened = LogFile::open_in(bytes::Bytes::from(bytes), &Partition::of_path(path));
    opened.unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_tool_writes_the_same_log() {
    let expected = fs::read_to_string(folder().join("expected.txt")).unwrap();
    let mut read = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let paths = match name.as_str() {
            "spark" => files(&folder(), "spark"),
            name if name.ends_with(".parquet") || name.ends_with(".csv.gz") => vec![name.to_owned()],
            _ => continue,
        };
        let files: Vec<LogFile> = paths.iter().map(|path| open(path)).collect();
        let report = sorted(&files).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(told(&report), expected.trim(), "{name}");
        let is_utc = files.iter().any(|file| file.notices().contains(&Notice::Utc));
        assert_eq!(is_utc, name.contains("zoned"), "{name}");
        read += 1;
    }
    assert!(read > 70, "{read} logs");
}
