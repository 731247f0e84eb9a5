//! What a reader sees of what is published, found whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use arrow::array::RecordBatch;
use duckdb::{AccessMode, Config, Connection};
use sha2::{Digest, Sha256};
use wow_engine::manifest::Manifest;

use crate::support::{Scratch, contents, read_parquet};

/// What makes two generations the same; nothing when there is none.
pub(super) type State = Option<String>;

/// The export, after its parts and those of the one before were found to be what the manifests say.
pub(super) fn export_of(scratch: &Scratch) -> State {
    let folder = scratch.export_folder();
    check_parts(&folder, "manifest.previous.json");
    check_parts(&folder, "manifest.json").map(|manifest| manifest.dataset_id)
}

/// The manifest, if it is there.
pub(super) fn check_parts(folder: &Path, manifest: &str) -> Option<Manifest> {
    let manifest: Manifest = serde_json::from_slice(&fs::read(folder.join(manifest)).ok()?).unwrap();
    for part in &manifest.parts {
        let bytes = fs::read(folder.join(&part.file)).unwrap();
        assert_eq!((bytes.len() as u64, hash(&bytes)), (part.bytes, part.sha256.clone()));
    }
    Some(manifest)
}

/// The models, after all files were found to be of one run, and those of the run before too.
pub(super) fn models_of(scratch: &Scratch) -> State {
    check_models(&scratch.path("models/dev.previous"));
    check_models(&scratch.path("models/dev"))
}

fn check_models(folder: &Path) -> State {
    if !folder.exists() {
        return None;
    }
    let files: BTreeMap<String, Vec<u8>> = contents(folder);
    let described: serde_json::Value = serde_json::from_slice(&files["models.json"]).unwrap();
    let models = described["models"].as_array().unwrap();
    assert_eq!(models.len() + 1, files.len(), "{:?}", files.keys());
    for model in models {
        let name = model["file"].as_str().unwrap();
        let rows: usize = read_parquet(&folder.join(name)).iter().map(RecordBatch::num_rows).sum();
        assert_eq!(
            (model["bytes"].as_u64(), model["rows"].as_u64()),
            (Some(files[name].len() as u64), Some(rows as u64))
        );
    }
    Some(described.to_string())
}

/// The rows of the log and the names of all tables, read without changing the database.
pub(super) fn log_of(scratch: &Scratch) -> State {
    let path = scratch.database();
    let previous = scratch.path("wow_test.duckdb.previous");
    if previous.exists() {
        read_log(&previous);
    }
    path.exists().then(|| read_log(&path))
}

/// The models in the database, each with its kind and its rows, beside all else that is there.
pub(super) fn relations_of(scratch: &Scratch) -> State {
    let path = scratch.database();
    let config = Config::default().access_mode(AccessMode::ReadOnly).unwrap();
    let connection = Connection::open_with_flags(&path, config).unwrap();
    let sql = "select table_name, table_type from information_schema.tables where table_schema = 'main' order by all";
    let mut statement = connection.prepare(sql).unwrap();
    let relations = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let relations: Vec<(String, String)> = relations.map(Result::unwrap).collect();
    let told = relations.iter().map(|(name, kind)| {
        let sql = format!(
            "select coalesce(string_agg(t::varchar, ' ' order by t::varchar), '') from main.\"{name}\" as t"
        );
        let rows: String = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
        format!("{kind} {name}: {rows}\n")
    });
    Some(told.collect())
}

/// As [`log_of`], after production was found as it was and each backup of dev whole. Whether the models are built anew, too,
/// which is a step of its own, does not count.
pub(super) fn refreshed(scratch: &Scratch) -> State {
    for (name, content) in contents(&scratch.path("")) {
        if name.starts_with("wow_test.duckdb.backup-") {
            read_log(&scratch.path(&name));
        }
        if name == "wow.duckdb" {
            assert_eq!(content, fs::read(scratch.path("folder/wow.duckdb")).unwrap());
        }
    }
    let without = |told: String, model: &str| told.replace(&format!("{model} "), "");
    log_of(scratch)
        .map(|told| ["player_session_stats", "stg_wowlogs_no_bots"].into_iter().fold(told, without))
}

/// The history of players, but for its times.
pub(super) fn facts_of(scratch: &Scratch) -> State {
    let config = Config::default().access_mode(AccessMode::ReadOnly).unwrap();
    let connection = Connection::open_with_flags(scratch.database(), config).unwrap();
    let sql = "select string_agg(concat_ws(' ', player_id, max_level, churned, dbt_valid_to is null), ', ' order by player_id, dbt_valid_from)
        from main.player_facts";
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn read_log(path: &Path) -> String {
    let config = Config::default().access_mode(AccessMode::ReadOnly).unwrap();
    let connection = Connection::open_with_flags(path, config).unwrap();
    let sql = "select (select string_agg(table_name, ' ' order by table_name) from duckdb_tables()) || ': '
        || (select coalesce(string_agg(l::varchar, ' ' order by l::varchar), '') from main.wowlogs l)";
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// What tells folders apart: the names in it and the contents. In temporary folders names alone count, for nobody reads
/// what is left there.
pub(super) fn fingerprint(folder: &Path) -> String {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let mut text = String::new();
    for path in entries {
        let is_temporary = path.to_str().unwrap().contains(".wow-new-");
        let content = match path.is_dir() {
            true => fingerprint(&path),
            false if is_temporary => String::new(),
            false => hash(&fs::read(&path).unwrap()),
        };
        text += &format!("{:?} ({content}) ", path.file_name().unwrap());
    }
    text
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The names of whatever is not to stay, in a folder and those in it.
pub(super) fn temporary_names(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            found.extend(temporary_names(&entry.path()));
        }
        if name.starts_with('.') || name.ends_with(".wal") || name.ends_with(".tmp") {
            found.push(name);
        }
    }
    found
}
