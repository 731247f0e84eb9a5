//! What the tests share: a folder of their own, databases made of SQL, the real `wow`, and readers of what it
//! wrote that are none of ours.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use duckdb::Connection;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tempfile::TempDir;
use wow_engine::manifest::Manifest;

/// The dev database's name where nothing else is said.
pub(crate) const DEV_DATABASE: &str = "wow_test.duckdb";
/// The columns of the log as DuckDB declares them when all is as usual.
pub(crate) const CREATE_LOG: &str = r#"create table wowlogs (player_id bigint, guild bigint, level bigint,
    race varchar, class varchar, "where" varchar, datetime timestamp);"#;

/// A folder that is removed after the test, in which `wow` runs.
pub(crate) struct Scratch {
    folder: TempDir,
}

impl Scratch {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A folder with a dev database in which `sql` was run.
    pub(crate) fn with_database(sql: &str) -> Self {
        let scratch = Self::new();
        run_sql(&scratch.path(DEV_DATABASE), sql);
        scratch
    }

    /// A copy of the folder as it is.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::new();
        copy_folder(self.folder.path(), copy.folder.path());
        copy
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The dev database.
    pub(crate) fn database(&self) -> PathBuf {
        self.path(DEV_DATABASE)
    }

    /// Where `wow export` puts the dev database by default.
    pub(crate) fn export_folder(&self) -> PathBuf {
        self.path("public/data/dev")
    }

    /// `wow` with these arguments, in this folder, with nothing of the tester's environment.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(wow_binary());
        command.args(args);
        self.prepare(&mut command);
        command
    }

    /// Lets any program run in this folder with nothing of the tester's environment.
    pub(crate) fn prepare(&self, command: &mut Command) {
        command.current_dir(self.folder.path()).env_clear().stdin(Stdio::null());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    }

    /// Runs `wow` to its end.
    pub(crate) fn wow(&self, args: &[&str]) -> Run {
        self.command(args).output().unwrap().into()
    }
}

/// The command that is tested: the one that `WOW` names, which `make test` builds as users do, by itself. The one beside
/// the tests may have what only their own dependencies switch on.
fn wow_binary() -> PathBuf {
    std::env::var_os("WOW").map_or_else(|| env!("CARGO_BIN_EXE_wow").into(), PathBuf::from)
}

/// Runs a script, to which `wow` is `$0`, where it may mount a disk that only it sees. Nothing, said on standard
/// error, where this machine allows no such disk.
pub(crate) fn run_on_small_disk(scratch: &Scratch, script: &str, test: &str) -> Option<Run> {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]).arg(wow_binary());
    scratch.prepare(&mut command);
    let why = match command.output().map(Run::from) {
        Ok(run) if run.stderr.contains("error: ") => return Some(run),
        Ok(run) => run.stderr,
        Err(error) => error.to_string(),
    };
    skipped(test, &format!("no small disk here: {why}"));
    None
}

/// Says that a test cannot run on this machine.
pub(crate) fn skipped(test: &str, why: &str) {
    // Not by `eprintln!`, whose text a passing test does not show.
    let mut stderr = std::io::stderr();
    writeln!(stderr, "SKIPPED {test}: {why}").unwrap();
}

/// A `wow` that has ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    /// Fails the test unless the exit status is 0.
    #[track_caller]
    pub(crate) fn success(self) -> Self {
        assert_eq!(self.status, Some(0), "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// Fails the test unless the exit status is this one and there is one error, whose sentence is given back.
    #[track_caller]
    pub(crate) fn failure(self, status: i32) -> String {
        assert_eq!(self.status, Some(status), "{}\n{}", self.stdout, self.stderr);
        let sentences: Vec<&str> =
            self.stderr.lines().filter_map(|line| line.strip_prefix("error: ")).collect();
        assert_eq!(sentences.len(), 1, "{}", self.stderr);
        sentences[0].to_owned()
    }

    /// The answer of a command that was given `--json`.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }
}

/// Runs statements in a database, which is made when it is not there.
pub(crate) fn run_sql(database: &Path, sql: &str) {
    let connection = Connection::open(database).unwrap();
    connection.execute_batch(sql).unwrap();
    connection.close().unwrap();
}

/// Writes a database that lies packed in `tests/it`.
pub(crate) fn unpack(name: &str, database: &Path) {
    let packed = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/it/{name}.duckdb.gz"));
    let unpacked = Command::new("gzip").arg("-dc").arg(packed).stderr(Stdio::inherit()).output().unwrap();
    assert!(unpacked.status.success());
    std::fs::write(database, unpacked.stdout).unwrap();
}

/// The rows of a query.
pub(crate) fn query(database: &Path, sql: &str) -> Vec<RecordBatch> {
    let connection = Connection::open(database).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    statement.stream_arrow([]).unwrap().collect::<Result<_, _>>().unwrap()
}

/// The manifest of an export.
pub(crate) fn manifest(folder: &Path) -> Manifest {
    serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

/// The rows of an export in the order of its parts, read by the parquet crate alone.
pub(crate) fn read_parts(folder: &Path) -> Vec<RecordBatch> {
    manifest(folder).parts.iter().flat_map(|part| read_parquet(&folder.join(&part.file))).collect()
}

/// The rows of a Parquet file.
pub(crate) fn read_parquet(path: &Path) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    reader.build().unwrap().collect::<Result<_, _>>().unwrap()
}

/// Copies all that is in a folder into another, which is there.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let (entry, to) = (entry.as_ref().unwrap(), to.join(entry.as_ref().unwrap().file_name()));
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&to).unwrap();
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// All files of a folder with their contents.
pub(crate) fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect()
}

/// A guild's number as stored. Doubles are held by their bits, so that each equals itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Guild {
    Integer(i64),
    Double(u64),
}

/// One row of the log, ordered by player, then time, then the rest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Event {
    pub(crate) player_id: i64,
    pub(crate) time_us: i64,
    pub(crate) guild: Option<Guild>,
    pub(crate) level: Option<i64>,
    pub(crate) race: Option<String>,
    pub(crate) class: Option<String>,
    pub(crate) zone: Option<String>,
}

/// The events of batches that have the log's columns with the types of an export.
pub(crate) fn events(batches: &[RecordBatch]) -> Vec<Event> {
    batches.iter().flat_map(|batch| (0..batch.num_rows()).map(|row| event(batch, row))).collect()
}

fn event(batch: &RecordBatch, row: usize) -> Event {
    let column = |name: &str| batch.column_by_name(name).unwrap();
    let integer = |name: &str| {
        let array = column(name).as_primitive::<Int64Type>();
        array.is_valid(row).then(|| array.value(row))
    };
    let text = |name: &str| {
        let array = column(name).as_string::<i32>();
        array.is_valid(row).then(|| array.value(row).to_owned())
    };
    let datetime = column("datetime");
    assert_eq!(*datetime.data_type(), DataType::Timestamp(TimeUnit::Microsecond, None));
    assert!(datetime.is_valid(row));
    let guild = match column("guild").as_primitive_opt::<Float64Type>() {
        Some(doubles) => doubles.is_valid(row).then(|| Guild::Double(doubles.value(row).to_bits())),
        None => integer("guild").map(Guild::Integer),
    };
    Event {
        player_id: integer("player_id").unwrap(),
        time_us: datetime.as_primitive::<TimestampMicrosecondType>().value(row),
        guild,
        level: integer("level"),
        race: text("race"),
        class: text("class"),
        zone: text("where"),
    }
}
