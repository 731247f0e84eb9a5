//! The files that stand behind what was named: a folder stands for the data in it.

use std::cell::Cell;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use object_store::ObjectMeta;
use walkdir::{DirEntry, WalkDir};
use wow_engine::contract::is_left_out;

use super::{Bucket, Doing, Fault, Location, Reader, Store, web};
use crate::failure::Failure;

/// A file that was found and can be read.
#[derive(Clone)]
pub(crate) struct Object {
    location: Location,
    /// What is known of one in a bucket.
    listed: Option<(Store, ObjectMeta)>,
}

impl Object {
    /// Where it is.
    pub(crate) fn location(&self) -> &Location {
        &self.location
    }

    /// The names on its way, with `/` between them, the last of which is its own.
    pub(crate) fn path(&self) -> String {
        match &self.location {
            Location::Local(path) => {
                let names = path.components().map(|component| component.as_os_str().to_string_lossy());
                names.collect::<Vec<_>>().join("/")
            }
            Location::Bucket(bucket) => bucket.key.to_string(),
            Location::Web(url) => url.path().to_owned(),
        }
    }

    /// Opens it. What is at an address is asked for its beginning; where the server cannot give parts of it, all of it is
    /// copied into a temporary file.
    ///
    /// # Errors
    /// A [`Failure`] when it is not there or cannot be read.
    pub(crate) fn open(&self) -> anyhow::Result<Reader> {
        match (&self.location, &self.listed) {
            (Location::Local(path), _) => open_file(path),
            (Location::Web(url), _) => web::open(url).map_err(|fault| self.explain(&fault)),
            (Location::Bucket(_), Some((store, meta))) => Ok(store.reader(meta)),
            (Location::Bucket(_), None) => Err(self.explain(&Fault::NotThere)),
        }
    }

    fn explain(&self, fault: &Fault) -> anyhow::Error {
        fault.explain(&self.location, Doing::Read)
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.location.fmt(f)
    }
}

/// The files that were named, and those in the folders that were, at any depth and in the order of their names. In a bucket a
/// name that no object has is a folder.
///
/// # Errors
/// A [`Failure`] for a folder without data or one that cannot be read.
pub(crate) fn objects(named: &[Location]) -> anyhow::Result<Vec<Object>> {
    let mut objects = Vec::new();
    for location in named {
        match location {
            Location::Local(path) if path.is_dir() => objects.extend(in_folder(path)?.into_iter().map(local)),
            Location::Local(path) => objects.push(local(path.clone())),
            Location::Web(_) => objects.push(Object { location: location.clone(), listed: None }),
            Location::Bucket(bucket) => objects.extend(in_bucket(bucket)?),
        }
    }
    Ok(objects)
}

fn local(path: PathBuf) -> Object {
    Object { location: Location::Local(path), listed: None }
}

fn open_file(path: &Path) -> anyhow::Result<Reader> {
    if !path.exists() {
        return Err(Failure::usage(format!(
            "there is no file at {}; name a CSV or Parquet file",
            path.display()
        )));
    }
    if !path.is_file() {
        return Err(Failure::usage(format!(
            "{} is no file but a stream, which can only be read once; write it into a file and name that",
            path.display()
        )));
    }
    let cannot = || Failure::Check(format!("{} cannot be read; see the cause", path.display()));
    Reader::file(path).with_context(cannot)
}

fn in_bucket(bucket: &Bucket) -> anyhow::Result<Vec<Object>> {
    let store = Store::open(bucket, Doing::Read)?;
    let explain = |fault: Fault| fault.explain(&Location::Bucket(bucket.clone()), Doing::Read);
    if !bucket.is_folder
        && let Some(meta) = store.find(&bucket.key).map_err(explain)?
    {
        return Ok(vec![listed(bucket, &store, meta)]);
    }
    let below = |meta: &ObjectMeta| {
        let mut names = meta.location.prefix_match(&bucket.key)?.map(|part| part.as_ref().to_owned());
        let first = names.next()?;
        Some(names.fold(first, |path, name| path + "/" + &name))
    };
    let mut found = store.list(&bucket.key).map_err(explain)?;
    let mut job = Job::default();
    for path in found.iter().filter_map(below) {
        path.split('/').for_each(|name| job.meet(name));
    }
    if job.is_unfinished() {
        return Err(unfinished(bucket));
    }
    // An object without bytes stands for a folder, as some tools make them, or holds nothing.
    found.retain(|meta| meta.size > 0 && below(meta).is_some_and(|path| !is_left_out(&path)));
    if found.is_empty() {
        return Err(Failure::usage(format!(
            "there is no data in {bucket}; name a folder with CSV or Parquet files, or such a file"
        )));
    }
    found.sort_by(|one, other| one.location.cmp(&other.location));
    Ok(found.into_iter().map(|meta| listed(bucket, &store, meta)).collect())
}

/// What Spark and others of its kind write files into before they are in place.
const UNFINISHED: &str = "_temporary";
/// What they write last.
const FINISHED: &str = "_SUCCESS";

/// What the names in a folder tell of the job that wrote it.
#[derive(Debug, Clone, Copy, Default)]
struct Job {
    is_begun: bool,
    is_done: bool,
}

impl Job {
    fn meet(&mut self, name: &str) {
        self.is_begun |= name == UNFINISHED;
        self.is_done |= name == FINISHED;
    }

    const fn is_unfinished(self) -> bool {
        self.is_begun && !self.is_done
    }
}

/// What is there is a part of what was to be written.
fn unfinished(folder: &dyn fmt::Display) -> anyhow::Error {
    Failure::check(format!(
        "{folder} is not finished: there is {UNFINISHED} in it and no {FINISHED}, so that a job still writes it, or was ended; let \
         it end, or run it again"
    ))
}

fn listed(bucket: &Bucket, store: &Store, meta: ObjectMeta) -> Object {
    let location = Location::Bucket(bucket.with_key(meta.location.clone()));
    Object { location, listed: Some((store.clone(), meta)) }
}

fn in_folder(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = WalkDir::new(folder).min_depth(1).follow_links(true).sort_by_file_name().into_iter();
    let job = Cell::new(Job::default());
    let is_wanted = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        let mut met = job.get();
        met.meet(&name);
        job.set(met);
        !is_left_out(&name)
    };
    let mut files = Vec::new();
    for entry in entries.filter_entry(is_wanted) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => files.push(entry.into_path()),
            Ok(_) => {}
            // A link to a folder that it lies in leads to nothing new.
            Err(error) if error.loop_ancestor().is_some() => {}
            Err(error) if error.io_error().is_some_and(|error| error.kind() == ErrorKind::NotFound) => {
                return Err(Failure::check(format!(
                    "{} is a link to what is not there; mend it, or take it away",
                    error.path().unwrap_or(folder).display()
                )));
            }
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                let cannot = || Failure::Check(format!("{} cannot be read; see the cause", path.display()));
                return Err(error).with_context(cannot);
            }
        }
    }
    if job.get().is_unfinished() {
        return Err(unfinished(&folder.display()));
    }
    if files.is_empty() {
        return Err(Failure::usage(format!(
            "there is no data in the folder {}; name one with CSV or Parquet files",
            folder.display()
        )));
    }
    Ok(files)
}
