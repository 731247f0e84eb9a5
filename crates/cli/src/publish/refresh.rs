//! Puts a copy of one database in place of another.
//!
//! The one that is copied is opened for reading alone, which keeps every writer out until the copy is made; the one that is
//! replaced is locked from the first look to the rename. What a killed process has left in a write-ahead log belongs to its
//! database: that of the source is copied with it and read into the copy, that of the replaced one goes into its backup.

use std::fs::{self, File, Permissions};
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use duckdb::Connection;
use indicatif::HumanBytes;
use rustix::fs::statvfs;

use super::backup::Backups;
use super::database::{Held, LOG_SUFFIXES, Stamp, explain, place, put_new, refuse_lone_log};
use super::{Workspace, flush_folder, link, with_suffix};
use crate::database::{self, quoted};
use crate::failure::Failure;
use crate::interrupt;
use crate::output::Progress;
use crate::target::{Target, is_same_file};

/// Bytes that are copied before somebody looks whether Ctrl-C was pressed.
const STEP_BYTES: u64 = 16 << 20;
/// Its owner may write the copy, also where nobody may write the source.
const OWNER_WRITES: u32 = 0o200;

/// What the copy became.
pub(crate) struct Refreshed {
    /// Bytes of the new database.
    pub(crate) bytes: u64,
    /// Rows of its log.
    pub(crate) rows: u64,
    /// The database as it was before, if it was there and was to be kept.
    pub(crate) backup: Option<PathBuf>,
    /// Older backups that were removed.
    pub(crate) removed: Vec<PathBuf>,
}

/// What becomes of the database that is replaced.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keeping {
    /// It is kept as a backup.
    pub(crate) backs_up: bool,
    /// No more backups than so many are left.
    pub(crate) at_most: Option<usize>,
}

/// Replaces the database of `to` with a copy of that of `from`, all of it or nothing; `command` is the one at work.
///
/// # Errors
/// A [`Failure`] when one of them is not there or locked, when the copy is not what the source is, and when it cannot be
/// written. The database that was to be replaced is as it was then, unless the [`Failure`] says otherwise.
pub(crate) fn refresh(
    from: &Target,
    to: &Target,
    command: &'static str,
    keeping: Keeping,
) -> anyhow::Result<Refreshed> {
    if !from.path.exists() {
        return Err(Failure::usage(format!(
            "there is no database at {} to copy; name the right file in wow.toml, or make one with `wow generate{}`",
            from.path.display(),
            from.option()
        )));
    }
    let source = Source::open(from)?;
    let workspace = Workspace::open(place(&to.path, command)?)?;
    let replaced = Replaced::open(&workspace)?;
    let result = replace(&source, replaced.as_ref(), &workspace, keeping);
    result.map_err(|error| explain(error, &workspace.place.path))
}

fn replace(
    source: &Source<'_>,
    replaced: Option<&Replaced>,
    workspace: &Workspace,
    keeping: Keeping,
) -> anyhow::Result<Refreshed> {
    let path = &workspace.place.path;
    require_room(source, workspace)?;
    let copy = workspace.temporary().join("new.duckdb");
    source.copy_to(&copy)?;
    let rows = source.check(&copy)?;
    let permissions = match replaced {
        // Whoever may not read the file before may not read this one.
        Some(_) => fs::metadata(path)?.permissions(),
        None => source.permissions()?,
    };
    fs::set_permissions(&copy, permissions)?;
    let backups = Backups::of(path)?;
    let to_keep = replaced.filter(|_| keeping.backs_up).map(|replaced| replaced.second_name(workspace));
    let to_keep = to_keep.transpose()?;
    let mut backup = None;
    let published = workspace.publish(
        || {
            if let Some(replaced) = replaced {
                replaced.held.check(path)?;
                backups.remove_unfinished()?;
            }
            backup = to_keep.map(|file| backups.put(&file)).transpose()?;
            Ok(())
        },
        || match replaced {
            Some(_) => Ok(fs::rename(&copy, path)?),
            None => put_new(&copy, path),
        },
    );
    if let (Err(_), Some(backup)) = (&published, &backup)
        && is_same_file(backup, path)
    {
        // It would change with the database that is still there.
        let _ = fs::remove_file(backup);
    }
    published?;
    let removed = keeping.at_most.map_or_else(Vec::new, |at_most| backups.keep(at_most));
    Ok(Refreshed { bytes: fs::metadata(path)?.len(), rows, backup, removed })
}

/// Fails where the disk has no room for the copy.
fn require_room(source: &Source<'_>, workspace: &Workspace) -> anyhow::Result<()> {
    let Ok(disk) = statvfs(workspace.temporary()) else { return Ok(()) };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let needed = source.files.iter().map(|(_, file)| Ok(file.metadata()?.len())).sum::<io::Result<u64>>()?;
    if free >= needed {
        return Ok(());
    }
    Err(Failure::check(format!(
        "{} needs {}, but its disk has {} left; free some space, or name a file on another disk with --database FILE",
        workspace.place.path.display(),
        HumanBytes(needed),
        HumanBytes(free)
    )))
}

/// The database that is copied. Its files are closed after the connection: closing one of them earlier would give up the
/// lock that keeps writers out.
struct Source<'a> {
    connection: Connection,
    target: &'a Target,
    /// The database and its write-ahead logs, with what their names end in.
    files: Vec<(&'static str, File)>,
    seen: Vec<Option<Stamp>>,
}

impl<'a> Source<'a> {
    fn open(target: &'a Target) -> anyhow::Result<Self> {
        let connection = database::open_read_only(target)?;
        database::require_log_table(&connection, target)?;
        let mut source = Self { connection, target, files: Vec::new(), seen: stamps(&target.path) };
        for suffix in [&[""], LOG_SUFFIXES.as_slice()].concat() {
            match File::open(with_suffix(&target.path, suffix)) {
                Ok(file) => source.files.push((suffix, file)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(source)
    }

    /// Copies its files, and reads the write-ahead logs into the copy.
    fn copy_to(&self, copy: &Path) -> anyhow::Result<()> {
        let total = self.files.iter().map(|(_, file)| Ok(file.metadata()?.len())).sum::<io::Result<u64>>()?;
        let mut progress = Progress::new("bytes copied", total);
        for (suffix, file) in &self.files {
            let mut written = File::create_new(with_suffix(copy, suffix))?;
            written.set_permissions(self.permissions()?)?;
            loop {
                interrupt::check()?;
                let bytes = io::copy(&mut file.take(STEP_BYTES), &mut written)?;
                if bytes == 0 {
                    break;
                }
                progress.advance(bytes);
            }
            written.sync_all()?;
        }
        if self.files.len() > 1 {
            let connection = database::open_writable(copy)?;
            connection.execute_batch("checkpoint")?;
            connection.close().map_err(|(_, error)| error)?;
            File::open(copy)?.sync_all()?;
        }
        Ok(())
    }

    /// Sees that the copy is a database whose log can be read, and that it has as many rows in each table as the source;
    /// gives those of the log.
    fn check(&self, copy: &Path) -> anyhow::Result<u64> {
        let copied = Target { environment: self.target.environment, path: copy.to_owned() };
        let connection = database::open_read_only(&copied)?;
        let is_whole = row_counts(&self.connection)? == row_counts(&connection)?;
        if !is_whole || stamps(&self.target.path) != self.seen {
            return Err(Failure::check(format!(
                "{} was changed by another program while it was copied; run the command again",
                self.target.path.display()
            )));
        }
        // A hash of all values, so that each of them is read.
        let sql = "select count(*), bit_xor(hash(l)) from main.wowlogs l";
        Ok(connection.query_row(sql, [], |row| row.get(0))?)
    }

    fn permissions(&self) -> io::Result<Permissions> {
        let permissions = fs::metadata(&self.target.path)?.permissions();
        Ok(Permissions::from_mode(permissions.mode() | OWNER_WRITES))
    }
}

/// What tells whether the files of a database were changed by a program that heeds no lock.
fn stamps(path: &Path) -> Vec<Option<Stamp>> {
    let names = std::iter::once("").chain(LOG_SUFFIXES);
    names.map(|suffix| Stamp::of(&with_suffix(path, suffix)).ok()).collect()
}

/// The tables of all schemas and how many rows each has.
fn row_counts(connection: &Connection) -> anyhow::Result<Vec<(String, u64)>> {
    let mut statement = connection.prepare(
        "select schema_name, table_name from duckdb_tables()
         where database_name = current_database() and not internal order by all",
    )?;
    let names = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let names = names.collect::<Result<Vec<_>, _>>()?;
    let counts = names.into_iter().map(|(schema, table)| {
        let name = format!("{}.{}", quoted(&schema), quoted(&table));
        let rows = connection.query_row(&format!("select count(*) from {name}"), [], |row| row.get(0))?;
        Ok((name, rows))
    });
    counts.collect()
}

/// The database that is replaced, if there is one.
struct Replaced {
    held: Held,
    /// Closed after the connection, which its closing would unlock.
    file: File,
}

impl Replaced {
    fn open(workspace: &Workspace) -> anyhow::Result<Option<Self>> {
        let path = &workspace.place.path;
        if !path.exists() {
            refuse_lone_log(path)?;
            return Ok(None);
        }
        let connection = database::open_writable(path)?;
        Ok(Some(Self { held: Held::new(connection, path)?, file: File::open(path)? }))
    }

    /// A second name in the temporary folder, or a copy where the file system knows no such thing.
    fn second_name(&self, workspace: &Workspace) -> anyhow::Result<PathBuf> {
        let path = &workspace.place.path;
        let name = workspace.temporary().join("backup");
        if !link(path, &name)? {
            let mut copy = File::create_new(&name)?;
            copy.set_permissions(self.file.metadata()?.permissions())?;
            io::copy(&mut &self.file, &mut copy)?;
            copy.sync_all()?;
            flush_folder(workspace.temporary()).context("the backup could not be flushed")?;
        }
        Ok(name)
    }
}
