//! Puts an export into a bucket: parts first, and last the manifest, by a write that is conditional on the manifest that
//! was there when the export began. So of two exporters one wins, and the other changes nothing that a reader sees.
//!
//! A bucket has no lock that others would heed, and knows no rename; what keeps readers safe is the order. Whenever this
//! ends, the manifest that is there names files that are there:
//!
//! 1. The manifest is read, with the tag that stands for its content.
//! 2. All files are written, also those of whose name there is one already: another exporter may be about to remove it.
//! 3. A listing tells whether all are there, and a write that must fail whether the server heeds conditions.
//! 4. The manifest is written, if the one that is there is still that of the first step.
//! 5. The one before is written as the previous one. Files that neither names are removed, if they are older than the
//!    manifest before by the server's clock. An exporter whose files are as old read an even older manifest, so its
//!    condition no longer holds; one that can still win has written its files later. Only one that writes the very bytes of such
//!    an old file between the listing and the removal would lose it, so each looks once more whether all its files are there.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use bytes::Bytes;
use object_store::path::Path as Key;
use object_store::{Attribute, Attributes, ObjectMeta};
use wow_engine::manifest::Manifest;

use super::export::{MANIFEST, PREVIOUS_MANIFEST, files_of, is_file_name, name_digits, named_by, text_of};
use super::share::is_signed_manifest;
use super::{Place, Workspace};
use crate::export::hashing::sha256_of;
use crate::failure::Failure;
use crate::interrupt;
use crate::output::{Progress, counted};
use crate::storage::{Bucket, Condition, Doing, Fault, Kept, Location, Store, Upload};

/// Parts are named by what they hold, so what anybody keeps of one is right for ever.
const KEEP: &str = "public, max-age=31536000, immutable";
/// A manifest is asked for each time; with its tag that costs little.
const ASK: &str = "no-cache";
const PARQUET: &str = "application/vnd.apache.parquet";
/// The type of a manifest.
pub(super) const JSON: &str = "application/json";

/// A place in a bucket while an export is made for it.
pub(crate) struct BucketPlace {
    /// Where parts are until they are written.
    pub(super) workspace: Workspace,
    bucket: Bucket,
    store: Store,
    before: Option<Kept>,
}

impl BucketPlace {
    /// Looks what is there. The temporary folder is in the current one, and its lock keeps others of this machine out.
    ///
    /// # Errors
    /// A [`Failure`] when another process of this machine exports to it, or it cannot be read.
    pub(super) fn open(bucket: &Bucket, place: Place) -> anyhow::Result<Self> {
        let hash = sha256_of(bucket.to_string().as_bytes());
        let name = format!("bucket-{}", name_digits(&hash));
        let workspace = Workspace::open_as(place, OsStr::new(&name))?;
        let store = Store::open(bucket, Doing::Write)?;
        let before = store.read(&bucket.key.clone().join(MANIFEST));
        let before =
            before.map_err(|fault| fault.explain(&Location::Bucket(bucket.clone()), Doing::Write))?;
        Ok(Self { workspace, bucket: bucket.clone(), store, before })
    }

    /// Publishes the files and the manifest.
    ///
    /// # Errors
    /// A [`Failure`] when it cannot be written or somebody else has exported meanwhile, and after Ctrl-C.
    pub(super) fn publish(&self, files: &[(&Path, &str)], manifest: &Manifest) -> anyhow::Result<()> {
        let bytes = files_of(manifest).map(|(_, bytes)| bytes).sum();
        let mut progress = Progress::new("bytes uploaded", bytes);
        let uploads = files.iter().map(|(file, name)| Upload { file, key: self.key(name) });
        let uploaded =
            self.store.upload(uploads, &attributes(PARQUET, KEEP), |bytes| progress.advance(bytes));
        drop(progress);
        uploaded.map_err(|fault| self.explain(&fault))?;
        self.check_conditions(files)?;
        self.check_files(manifest)?;
        // From here on nothing takes long, so that the rest is done whole.
        interrupt::last_check()?;
        self.write_manifest(Bytes::from(text_of(manifest)?))?;
        // Published it is; what cannot be looked at is as it was a moment ago.
        let _ = self.write_missing(files, manifest);
        if let Some(before) = &self.before {
            // The export is published; what cannot be done now is done after the next one.
            let _ = self.leave_behind(before, manifest);
        }
        Ok(())
    }

    fn condition(&self) -> Condition {
        match &self.before {
            Some(before) => Condition::Unchanged(Box::new(before.meta.clone())),
            None => Condition::Absent,
        }
    }

    /// Tries on the smallest file whether conditions are heeded. Without a file there is nothing that could mix.
    fn check_conditions(&self, files: &[(&Path, &str)]) -> anyhow::Result<()> {
        let smallest =
            files.iter().min_by_key(|(file, _)| fs::metadata(file).map_or(u64::MAX, |file| file.len()));
        let Some((file, name)) = smallest else { return Ok(()) };
        let content = fs::read(file).context("a part that was just written cannot be read")?;
        let kept = attributes(PARQUET, KEEP);
        match self.store.heeds(&self.condition(), &self.key(name), content.into(), kept) {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.explain(&Fault::Unconditional)),
            Err(fault) => Err(self.explain(&fault)),
        }
    }

    fn check_files(&self, manifest: &Manifest) -> anyhow::Result<()> {
        let found = self.list().map_err(|fault| self.explain(&fault))?;
        let missing = files_of(manifest)
            .filter(|(name, bytes)| found.get(*name).is_none_or(|found| found.size != *bytes))
            .count();
        if missing == 0 {
            return Ok(());
        }
        Err(Failure::check(format!(
            "of {} just written into {} {missing} cannot be found there, and the export that was there is unchanged; see who \
             else removes files there, and export again",
            counted(files_of(manifest).count() as u64, "file"),
            self.bucket
        )))
    }

    /// Writes the files again that somebody has removed meanwhile.
    fn write_missing(&self, files: &[(&Path, &str)], manifest: &Manifest) -> Result<(), Fault> {
        let found = self.list()?;
        let missing: BTreeSet<&str> =
            files_of(manifest).map(|(name, _)| name).filter(|name| !found.contains_key(*name)).collect();
        let missing = files.iter().filter(|(_, name)| missing.contains(name));
        let uploads = missing.map(|(file, name)| Upload { file, key: self.key(name) });
        self.store.upload(uploads, &attributes(PARQUET, KEEP), |_| ())
    }

    fn write_manifest(&self, text: Bytes) -> anyhow::Result<()> {
        let key = self.key(MANIFEST);
        let written = self.store.write(&key, text.clone(), attributes(JSON, ASK), &self.condition());
        let Err(fault) = written else { return Ok(()) };
        // An answer that was lost on the way: the write was made again, and found what it had written itself.
        if self.store.read(&key).is_ok_and(|found| found.is_some_and(|found| found.content == text)) {
            return Ok(());
        }
        Err(match fault {
            Fault::Conflict | Fault::Changed | Fault::NotThere => Failure::check(format!(
                "another export was published in {} meanwhile, which stays as it is; export again to replace it",
                self.bucket
            )),
            Fault::Unreachable | Fault::Busy(_) => Failure::check(format!(
                "the server did not confirm that the export is published in {}; what is there is the new export or the one \
                 before, whole: export again to be sure",
                self.bucket
            )),
            fault => self.explain(&fault),
        })
    }

    fn leave_behind(&self, before: &Kept, manifest: &Manifest) -> Result<(), Fault> {
        let previous = self.key(PREVIOUS_MANIFEST);
        self.store.write(&previous, before.content.clone(), attributes(JSON, ASK), &Condition::Any)?;
        let kept: BTreeSet<String> = files_of(manifest).map(|(name, _)| name.to_owned()).collect();
        let kept = &kept | &named_by(&before.content);
        let is_old = |name: &str, object: &ObjectMeta| {
            let is_ours = is_file_name(name) || is_signed_manifest(name);
            is_ours && !kept.contains(name) && object.last_modified < before.meta.last_modified
        };
        let found = self.list()?;
        let old = found.iter().filter(|(name, object)| is_old(name, object));
        self.store.remove(old.map(|(_, object)| object.location.clone()).collect())
    }

    /// What lies right in the folder, by its name.
    fn list(&self) -> Result<BTreeMap<String, ObjectMeta>, Fault> {
        let found = self.store.list(&self.bucket.key)?.into_iter().filter_map(|object| {
            let mut names = object.location.prefix_match(&self.bucket.key)?;
            let name = names.next()?.as_ref().to_owned();
            let is_right_in_it = names.next().is_none();
            drop(names);
            is_right_in_it.then_some((name, object))
        });
        Ok(found.collect())
    }

    fn key(&self, name: &str) -> Key {
        self.bucket.key.clone().join(name)
    }

    fn explain(&self, fault: &Fault) -> anyhow::Error {
        fault.explain(&Location::Bucket(self.bucket.clone()), Doing::Write)
    }
}

/// What is said of an object to whoever asks for it.
pub(super) fn attributes(kind: &'static str, keep: &'static str) -> Attributes {
    [(Attribute::ContentType, kind), (Attribute::CacheControl, keep)].into_iter().collect()
}
