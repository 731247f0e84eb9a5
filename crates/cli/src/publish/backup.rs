//! Backups of a database: files beside it that are named by the time at which they were made.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::DateTime;

use super::{folder_of, names_in, with_suffix};
use crate::failure::Failure;
use crate::target::is_same_file;

/// What comes between the name of the database and the time.
const SUFFIX: &str = ".backup-";
/// The time: UTC, with signs that every file system takes.
const TIME: &str = "%Y-%m-%dT%H-%M-%S";
/// So long is a time.
const TIME_BYTES: usize = "2026-11-30T12-00-00".len();

/// The backups of one database.
pub(super) struct Backups<'a> {
    database: &'a Path,
    /// Those there were, the oldest first.
    found: Vec<PathBuf>,
}

impl<'a> Backups<'a> {
    /// Looks for them. Only files of exactly such names are backups.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(super) fn of(database: &'a Path) -> io::Result<Self> {
        Ok(Self { database, found: found(database)? })
    }

    /// Removes what is no backup but the database itself under a second name: a command was killed before it replaced it.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub(super) fn remove_unfinished(&self) -> io::Result<()> {
        let unfinished = self.found.iter().filter(|backup| is_same_file(backup, self.database));
        unfinished.map(PathBuf::as_path).try_for_each(fs::remove_file)
    }

    /// Makes a file a backup of now.
    ///
    /// # Errors
    /// When it cannot be renamed.
    pub(super) fn put(&self, file: &Path) -> anyhow::Result<PathBuf> {
        let time = jiff::Timestamp::now().strftime(TIME).to_string();
        // Two within one second are told apart by a number.
        for number in 1..=u32::MAX {
            let number = if number == 1 { String::new() } else { format!("-{number}") };
            let name = with_suffix(self.database, &format!("{SUFFIX}{time}{number}"));
            if !name.exists() {
                fs::rename(file, &name)?;
                return Ok(name);
            }
        }
        Err(Failure::check("there are too many backups of this second; run the command again"))
    }

    /// Removes the oldest ones until so many are left, as far as that is possible; gives those that are gone.
    pub(super) fn keep(&self, at_most: usize) -> Vec<PathBuf> {
        let mut found = found(self.database).unwrap_or_default();
        found.truncate(found.len().saturating_sub(at_most));
        found.retain(|backup| fs::remove_file(backup).is_ok());
        found
    }
}

/// The backups of a database, the oldest first.
fn found(database: &Path) -> io::Result<Vec<PathBuf>> {
    let name = database.file_name().unwrap_or_default().to_string_lossy();
    let mut found: Vec<_> = names_in(folder_of(database))?
        .iter()
        .filter_map(|entry| {
            let age = age(entry.strip_prefix(&*name)?.strip_prefix(SUFFIX)?)?;
            let path = database.with_file_name(entry);
            let is_file = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file());
            is_file.then_some((age, path))
        })
        .collect();
    found.sort();
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

/// When a backup was made, and the how many-th of that second it is; `None` where the end of a name is not as a backup's.
fn age(end: &str) -> Option<(DateTime, u32)> {
    let (time, number) = end.split_at_checked(TIME_BYTES)?;
    let made = DateTime::strptime(TIME, time).ok()?;
    let number = match number {
        "" => 1,
        number => number.strip_prefix('-')?.parse().ok()?,
    };
    (made.strftime(TIME).to_string() == time).then_some((made, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_backups_are_given_are_backups() {
        let ages: Vec<_> =
            ["2026-11-30T12-00-00", "2026-11-30T12-00-00-2", "2026-11-30T12-00-00-10", "2026-11-30T12-00-01"]
                .map(|end| age(end).unwrap())
                .to_vec();
        assert!(ages.is_sorted(), "{ages:?}");
        for end in [
            "",
            "mine",
            "2026-11-30",
            "2026-11-30T12-00-00.gz",
            "2026-13-30T12-00-00",
            "2026-11-30T12-00-00-",
        ] {
            assert_eq!(age(end), None, "{end}");
        }
    }
}
