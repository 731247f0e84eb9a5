//! Puts `wowlogs` into a database: all of it or nothing.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Context as _;
use duckdb::Connection;
use wow_engine::schema;

use super::{Place, Workspace, folder_of, followed, link, previous_of, with_suffix};
use crate::commands::Context;
use crate::consent::ConsentArgs;
use crate::database::{literal, quoted};
use crate::failure::Failure;
use crate::{database, interrupt};

const CREATE_TABLE: &str = r#"create or replace table main.wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
)"#;

/// What the names of DuckDB's write-ahead logs add to that of the database: the one in use, and those that a process leaves
/// which is killed during a checkpoint.
pub(super) const LOG_SUFFIXES: [&str; 3] = [".wal", ".wal.checkpoint", ".wal.recovery"];

/// The target's database, locked and found fit to be written.
pub(crate) struct Destination {
    // Closed before the lock is given up.
    way: Way,
    workspace: Workspace,
}

/// How the log gets into the database.
enum Way {
    /// There is none yet: as a new file.
    NewFile,
    /// It holds nothing else: as a file that takes its place.
    InPlaceOf(Held),
    /// Beside other tables, in a transaction.
    Beside(Connection),
}

/// A database that is there. As long as the connection is open, no other process writes or even opens it. Nothing here
/// may open the file otherwise: closing it would give up DuckDB's lock.
pub(super) struct Held {
    _connection: Connection,
    seen: Stamp,
}

/// What tells a file from one that was put in its place or written by a program that heeds no lock.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
    created: Option<SystemTime>,
}

/// What the user said may be done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Consent {
    /// A table that is there may be replaced.
    pub(crate) replace: bool,
    /// Production may be written.
    pub(crate) production: ConsentArgs,
}

/// A log that was written.
pub(crate) struct Written<T> {
    /// What is known of it.
    pub(crate) log: T,
    /// The database as it was before, if it was replaced.
    pub(crate) previous: Option<PathBuf>,
}

impl Destination {
    /// Locks the database and looks at it, and asks before production is written; `what` reads like
    /// `a synthetic log`. It stays locked, also while the user thinks. A symbolic link is followed.
    ///
    /// # Errors
    /// [`Failure::Usage`] when there is a log already, or production is meant and not confirmed; a [`Failure`] when
    /// another process is at work on the database.
    pub(crate) fn open(
        context: &Context,
        command: &'static str,
        consent: Consent,
        what: &str,
    ) -> anyhow::Result<Self> {
        let workspace = Workspace::open(place(&context.target.path, command)?)?;
        let way = Way::into(&workspace, consent.replace)?;
        consent.production.confirm(context, what)?;
        Ok(Self { way, workspace })
    }

    /// Makes the table anew and has `fill` write its rows.
    ///
    /// # Errors
    /// What `fill` gave, if it says what to do, else that the database could not be written and why. In each case
    /// it is as it was, unless the [`Failure`] says otherwise.
    pub(crate) fn write<T>(
        self,
        fill: impl FnOnce(&Connection) -> anyhow::Result<T>,
    ) -> anyhow::Result<Written<T>> {
        self.publish(fill).map_err(|error| explain(error, &self.workspace.place.path))
    }

    fn publish<T>(&self, fill: impl FnOnce(&Connection) -> anyhow::Result<T>) -> anyhow::Result<Written<T>> {
        let path = &self.workspace.place.path;
        match &self.way {
            Way::NewFile => {
                let (file, log) = self.write_file(fill)?;
                self.workspace.publish(|| Ok(()), || put_new(&file, path))?;
                Ok(Written { log, previous: None })
            }
            Way::InPlaceOf(held) => {
                let (file, log) = self.write_file(fill)?;
                let mut is_kept = false;
                self.workspace.publish(
                    || {
                        held.check(path)?;
                        fs::set_permissions(&file, fs::metadata(path)?.permissions())?;
                        is_kept = self.keep()?;
                        Ok(())
                    },
                    || Ok(fs::rename(&file, path)?),
                )?;
                Ok(Written { log, previous: is_kept.then(|| previous_of(path)) })
            }
            Way::Beside(connection) => {
                spill_into(connection, &self.workspace)?;
                let log = fill_table(connection, fill)?;
                interrupt::last_check()?;
                connection.execute_batch("commit")?;
                Ok(Written { log, previous: None })
            }
        }
    }

    /// Writes the log into a database of its own in the temporary folder, where DuckDB's side files are too.
    fn write_file<T>(
        &self,
        fill: impl FnOnce(&Connection) -> anyhow::Result<T>,
    ) -> anyhow::Result<(PathBuf, T)> {
        let file = self.workspace.temporary().join("new.duckdb");
        let connection = database::open_writable(&file)?;
        let log = fill_table(&connection, fill)?;
        connection.execute_batch("commit; checkpoint")?;
        connection.close().map_err(|(_, error)| error)?;
        File::open(&file)?.sync_all()?;
        Ok((file, log))
    }

    /// Gives the database a second name as the previous one; false where that cannot be.
    fn keep(&self) -> anyhow::Result<bool> {
        let path = &self.workspace.place.path;
        let (kept, previous) = (self.workspace.temporary().join("previous.duckdb"), previous_of(path));
        if !link(path, &kept)? {
            return Ok(false);
        }
        match fs::remove_file(log_of(&previous)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        fs::rename(kept, previous)?;
        Ok(true)
    }
}

impl Way {
    fn into(workspace: &Workspace, replace: bool) -> anyhow::Result<Self> {
        let path = &workspace.place.path;
        if !path.exists() {
            refuse_lone_log(path)?;
            return Ok(Self::NewFile);
        }
        let connection = database::open_writable(path)?;
        match log_kind(&connection)?.as_deref() {
            None => {}
            Some("VIEW") => {
                return Err(Failure::usage(format!(
                    "`{}` in {} is a view; drop it, or name another file with --database FILE",
                    schema::TABLE,
                    path.display()
                )));
            }
            Some(_) if replace => {}
            Some(_) => {
                return Err(Failure::usage(format!(
                    "{} has a table `{}` already; add --replace to overwrite it, or name another file with \
                     --database FILE",
                    path.display(),
                    schema::TABLE
                )));
            }
        }
        if holds_more_than_the_log(&connection)? {
            return Ok(Self::Beside(connection));
        }
        Ok(Self::InPlaceOf(Held::new(connection, path)?))
    }
}

impl Held {
    /// Holds a database by a connection that may write it.
    ///
    /// # Errors
    /// When its write-ahead log cannot be read into it.
    pub(super) fn new(connection: Connection, path: &Path) -> anyhow::Result<Self> {
        if log_of(path).exists() {
            // What a process that was killed has committed belongs into the file before another takes its place.
            connection.execute_batch("checkpoint")?;
        }
        if log_of(path).exists() {
            // Nothing in it was committed whole, and DuckDB leaves it until something is.
            let name = quoted(&format!("wow checkpoint {}", std::process::id()));
            connection.execute_batch(&format!(
                "begin; create table main.{name} (x integer); drop table main.{name}; commit; checkpoint"
            ))?;
        }
        Ok(Self { seen: Stamp::of(path)?, _connection: connection })
    }

    /// Fails when the path no longer leads to what was looked at: locks keep no program from renaming or copying.
    pub(super) fn check(&self, path: &Path) -> anyhow::Result<()> {
        if !log_of(path).exists() && Stamp::of(path).is_ok_and(|stamp| stamp == self.seen) {
            return Ok(());
        }
        Err(Failure::check(format!(
            "{} was changed by another program meanwhile, and is left as that program made it; run the command again if \
             it may be replaced",
            path.display()
        )))
    }
}

impl Stamp {
    pub(super) fn of(path: &Path) -> std::io::Result<Self> {
        let metadata = fs::metadata(path)?;
        Ok(Self {
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
            created: metadata.created().ok(),
        })
    }
}

/// Where a database is to be put.
///
/// # Errors
/// [`Failure::Usage`] when its folder is not there.
pub(super) fn place(path: &Path, command: &'static str) -> anyhow::Result<Place> {
    let path = followed(path)?;
    let folder = folder_of(&path).to_owned();
    if !folder.is_dir() {
        return Err(Failure::usage(format!(
            "the folder {} is not there; make it, or name another file with --database FILE",
            folder.display()
        )));
    }
    Ok(Place { path, folder, command, option: "--database FILE" })
}

/// Fails where a write-ahead log lies in the place of a database that is not there.
///
/// # Errors
/// [`Failure::Usage`] that names it.
pub(super) fn refuse_lone_log(path: &Path) -> anyhow::Result<()> {
    let write_ahead_log = log_of(path);
    if !write_ahead_log.exists() {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "{} is there without its database; put that back, or remove the file",
        write_ahead_log.display()
    )))
}

/// DuckDB's write-ahead log beside a database.
fn log_of(path: &Path) -> PathBuf {
    with_suffix(path, LOG_SUFFIXES[0])
}

/// What `wowlogs` is in the catalogue, if it is there.
fn log_kind(connection: &Connection) -> anyhow::Result<Option<String>> {
    let mut statement = connection.prepare(
        "select table_type from system.information_schema.tables
         where table_catalog = current_database() and table_schema = 'main' and lower(table_name) = ?",
    )?;
    let mut kinds = statement.query_map([schema::TABLE], |row| row.get(0))?;
    Ok(kinds.next().transpose()?)
}

fn holds_more_than_the_log(connection: &Connection) -> anyhow::Result<bool> {
    let sql = "select count(*) from (
        select 1 from duckdb_tables() where database_name = current_database() and not internal
            and not (schema_name = 'main' and lower(table_name) = 'wowlogs')
        union all select 1 from duckdb_views() where database_name = current_database() and not internal
        union all select 1 from duckdb_sequences() where database_name = current_database()
        union all select 1 from duckdb_types() where database_name = current_database() and not internal
        union all select 1 from duckdb_functions() where database_name = current_database() and not internal
        union all select 1 from duckdb_indexes() where database_name = current_database()
        union all select 1 from duckdb_schemas() where database_name = current_database() and not internal
            and schema_name <> 'main')";
    let others: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(others > 0)
}

/// Puts a file in a place that must be free.
pub(super) fn put_new(file: &Path, path: &Path) -> anyhow::Result<()> {
    match link(file, path) {
        Ok(true) => Ok(()),
        Ok(false) if !path.exists() => Ok(fs::rename(file, path)?),
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error.into()),
        _ => Err(Failure::check(format!(
            "{} was made by another program meanwhile, and is left as that program made it; name another file with \
             --database FILE, or run the command again",
            path.display()
        ))),
    }
}

/// Has DuckDB put what does not fit in memory where it is removed with all else that is temporary.
///
/// # Errors
/// When DuckDB refuses.
pub(crate) fn spill_into(connection: &Connection, workspace: &Workspace) -> anyhow::Result<()> {
    let spill = workspace.temporary().join("spill");
    let spill = spill.to_str().context("the path of the database is not valid Unicode")?;
    Ok(connection.execute_batch(&format!("set temp_directory = {}", literal(spill)))?)
}

/// Fills the table in a transaction that the caller ends; an error leaves it open, and closing rolls it back.
fn fill_table<T>(
    connection: &Connection,
    fill: impl FnOnce(&Connection) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    connection.execute_batch("begin")?;
    connection.execute_batch(CREATE_TABLE)?;
    fill(connection)
}

/// What a failed change of a database means.
pub(super) fn explain(error: anyhow::Error, path: &Path) -> anyhow::Error {
    if error.downcast_ref::<Failure>().is_some() {
        return error;
    }
    let text = format!("{error:#}");
    let says = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    let way_out = if says(&["No space left", "not enough space", "max_temp_directory_size"]) {
        "the disk is full; free some space, or name a file on another disk with --database FILE"
    } else {
        "see the cause"
    };
    error.context(Failure::Check(format!(
        "{} could not be written and is as it was: {way_out}",
        path.display()
    )))
}
