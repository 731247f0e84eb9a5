//! A temporary folder that one living process holds.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// The file in the folder that its holder has locked. The system unlocks it when the process ends, however it ends.
const LOCK: &str = "lock";
/// How long a command is waited for that may only be clearing away what it takes for a leftover.
pub(super) const PATIENCE: Duration = Duration::from_millis(300);
/// The time between two tries.
const STEP: Duration = Duration::from_millis(10);
/// What a lock file says of its holder is not longer.
const HOLDER_BYTES_MAX: u64 = 100;

/// The folder. Dropping it removes it with all that is in it.
pub(super) struct Scratch {
    path: PathBuf,
    /// Unlocked when it is closed, which is after the folder has been removed.
    _lock: File,
}

/// Why a folder is not ours.
pub(super) enum Refusal {
    /// A process holds it that says this of itself.
    Held(String),
    /// It cannot be made or locked.
    Unusable(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Unusable(error)
    }
}

impl Scratch {
    /// Makes the folder, or takes over one that a killed process has left, and empties it. `holder` is what others
    /// are told of this process; one that is held is waited for as long as `patience` lasts.
    ///
    /// # Errors
    /// When another process holds it, or the disk refuses.
    pub(super) fn acquire(path: PathBuf, holder: &str, patience: Duration) -> Result<Self, Refusal> {
        let (lock_path, started) = (path.join(LOCK), Instant::now());
        // Every further round means that another process ended between two of these steps and removed the folder.
        loop {
            fs::create_dir_all(&path)?;
            let opened = File::options().read(true).write(true).create(true).truncate(false).open(&lock_path);
            let Some(mut lock) = unless_gone(opened)? else { continue };
            match lock.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) if started.elapsed() < patience => {
                    thread::sleep(STEP);
                    continue;
                }
                Err(TryLockError::WouldBlock) => return Err(Refusal::Held(holder_of(&lock))),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
            lock.set_len(0)?;
            lock.write_all(holder.as_bytes())?;
            // The file that was locked may no longer be the one that has the name.
            if unless_gone(fs::read(&lock_path))?.is_some_and(|text| text == holder.as_bytes()) {
                let scratch = Self { path, _lock: lock };
                scratch.clear()?;
                return Ok(scratch);
            }
        }
    }

    /// Whether no process holds the folder; nothing in it is changed.
    pub(super) fn is_free(path: &Path) -> bool {
        match File::open(path.join(LOCK)) {
            Ok(lock) => lock.try_lock().is_ok(),
            Err(error) => error.kind() == ErrorKind::NotFound,
        }
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes all but the lock, as far as that is possible.
    fn clear(&self) -> io::Result<()> {
        let mut result = Ok(());
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            if entry.file_name() != LOCK {
                let path = entry.path();
                let is_folder = entry.file_type()?.is_dir();
                result = result.and(if is_folder { fs::remove_dir_all(path) } else { fs::remove_file(path) });
            }
        }
        result
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is left to the next command. The lock goes last: what lies here is somebody's.
        let _ = self.clear();
        let _ = fs::remove_file(self.path.join(LOCK));
        let _ = fs::remove_dir(&self.path);
    }
}

fn unless_gone<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        result => result.map(Some),
    }
}

fn holder_of(lock: &File) -> String {
    let mut text = String::new();
    // Empty while the holder has not written it yet.
    match lock.take(HOLDER_BYTES_MAX).read_to_string(&mut text) {
        Ok(_) if !text.is_empty() => text,
        _ => "another `wow`".to_owned(),
    }
}
