//! An export on disk, read back: its manifest and its parts, checked against their hashes.

use std::fmt::Display;
use std::fs::File;
use std::io::Read as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use bytes::Bytes;
use wow_engine::manifest::{FORMAT_VERSION, Manifest, Part};
use wow_engine::pipeline::{Partial, Report};
use wow_engine::read::{self, EventFile};
use wow_engine::schema::NumberKind;
use wow_engine::{Error, Query};

use crate::export::hashing::sha256_of;
use crate::failure::Failure;
use crate::publish::export::MANIFEST;
use crate::storage::Location;
use crate::target::Target;
use crate::{interrupt, parallel};

/// A manifest larger than this is none: it would list some hundred thousand parts.
const MANIFEST_BYTES_MAX: u64 = 64 << 20;

/// The export of one environment.
pub(crate) struct PartsFolder {
    /// What it says it holds.
    pub(crate) manifest: Manifest,
    folder: PathBuf,
    export_command: String,
}

impl PartsFolder {
    /// Reads the manifest in the environment's folder of `data`.
    ///
    /// # Errors
    /// A [`Failure`] that names the command to run when there is no export, or not one of this version and
    /// environment.
    pub(crate) fn open(data: &Path, target: &Target) -> anyhow::Result<Self> {
        Self::open_in(data.join(target.environment.name()), target)
    }

    /// Reads the manifest in a folder.
    ///
    /// # Errors
    /// As [`PartsFolder::open`].
    pub(crate) fn open_in(folder: PathBuf, target: &Target) -> anyhow::Result<Self> {
        let export_command = format!("wow export{}", target.option());
        let path = folder.join(MANIFEST);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                if let Some(failure) = Location::no_folder(&folder) {
                    return Err(failure.into());
                }
                return Err(Failure::usage(format!(
                    "there is no export in {}; make one with `{export_command}`, or name another folder with \
                     --data DIR",
                    folder.display()
                )));
            }
            Err(error) => {
                return Err(error)
                    .context(Failure::Check(format!("{} cannot be read; see the cause", path.display())));
            }
        };
        let no_manifest =
            || Failure::Check(format!("{} is no manifest; run `{export_command}` again", path.display()));
        let mut text = String::new();
        file.take(MANIFEST_BYTES_MAX).read_to_string(&mut text).with_context(no_manifest)?;
        let manifest = manifest_of(&text, &folder.display(), target)?;
        Ok(Self { manifest, folder, export_command })
    }

    /// Whether there is an export of the environment in `data`, as far as a manifest tells.
    pub(crate) fn is_in(data: &Path, target: &Target) -> bool {
        data.join(target.environment.name()).join(MANIFEST).exists()
    }

    /// The folder that it is in.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The command that makes this export anew.
    pub(crate) fn export_command(&self) -> &str {
        &self.export_command
    }

    /// Reads a part and checks its size and hash.
    ///
    /// # Errors
    /// A [`Failure`] that names the part when it is absent, damaged or not of the event table.
    pub(crate) fn read(&self, part: &Part) -> anyhow::Result<EventFile> {
        Ok(self.read_whole(part)?.1)
    }

    /// Reads a part and checks its size and hash; gives its bytes too.
    ///
    /// # Errors
    /// As [`PartsFolder::read`].
    pub(crate) fn read_whole(&self, part: &Part) -> anyhow::Result<(Bytes, EventFile)> {
        let path = self.folder.join(&part.file);
        let way_out = format!("run `{}` again", self.export_command);
        // Names come from a file that anyone may have written; parts lie beside it and nowhere else.
        if Path::new(&part.file).file_name() != Some(part.file.as_ref()) {
            return Err(Failure::check(format!("`{}` is no name of a part; {way_out}", part.file)));
        }
        let mut bytes = Vec::new();
        File::open(&path)
            .and_then(|file| file.take(part.bytes.saturating_add(1)).read_to_end(&mut bytes))
            .with_context(|| Failure::Check(format!("part {} cannot be read; {way_out}", path.display())))?;
        if bytes.len() as u64 != part.bytes || sha256_of(&bytes) != part.sha256 {
            return Err(Failure::check(format!(
                "part {} is damaged: its size or hash is not what the manifest says; {way_out}",
                path.display()
            )));
        }
        let bytes = Bytes::from(bytes);
        let file = EventFile::open(bytes.clone())
            .with_context(|| Failure::Check(format!("part {} cannot be read; {way_out}", path.display())))?;
        Ok((bytes, file))
    }

    /// Checks and scans all parts on some threads, and merges what is found, in order. `each` is given every part
    /// that is in, in order too, with how many events were read of it.
    ///
    /// # Errors
    /// A [`Failure`] that names the part that cannot be used, and after Ctrl-C.
    pub(crate) fn scan(
        &self,
        query: impl Into<Query>,
        threads: usize,
        mut each: impl FnMut(&Part, EventFile, u64) + Send,
    ) -> anyhow::Result<Report> {
        let query = query.into();
        let mut whole = Partial::empty(query.clone(), NumberKind::Integer);
        parallel::in_order(
            threads,
            |part: &Part| {
                let file = self.read(part)?;
                let mut go_on = |_| match interrupt::requested() {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                };
                let partial = read::scan(&file, None, query.clone(), &mut go_on);
                Ok((part, file, partial.map_err(|error| self.unusable(error, part))?))
            },
            |(part, file, partial)| {
                let before =
                    std::mem::replace(&mut whole, Partial::empty(query.clone(), NumberKind::Integer));
                let events = partial.events_read();
                whole = before.merge(partial).map_err(|error| self.unusable(error, part))?;
                each(part, file, events);
                Ok(())
            },
            |give| {
                self.manifest.parts.iter().try_for_each(|part| {
                    interrupt::check()?;
                    give(part)
                })
            },
        )?;
        Ok(whole.finish())
    }

    fn unusable(&self, error: Error, part: &Part) -> anyhow::Error {
        anyhow::Error::new(error).context(Failure::Check(format!(
            "part {} of the export cannot be used; run `{}` again",
            part.file, self.export_command
        )))
    }
}

/// The manifest that a text is, which must be of this version and the target's environment. `place` is where it is.
///
/// # Errors
/// A [`Failure`] that names the command to run.
pub(crate) fn manifest_of(text: &str, place: &dyn Display, target: &Target) -> anyhow::Result<Manifest> {
    let again = format!("run `wow export{}` again", target.option());
    let no_manifest = || Failure::Check(format!("{MANIFEST} in {place} is no manifest; {again}"));
    let version: Version = serde_json::from_str(text).with_context(no_manifest)?;
    if version.format_version != FORMAT_VERSION {
        return Err(Failure::check(format!(
            "the export in {place} has format {}, but this `wow` reads format {FORMAT_VERSION}; {again}",
            version.format_version
        )));
    }
    let manifest: Manifest = serde_json::from_str(text).with_context(no_manifest)?;
    if manifest.environment != target.environment {
        return Err(Failure::check(format!(
            "the export in {place} is of the {} database; {again}",
            manifest.environment.label()
        )));
    }
    Ok(manifest)
}

/// All that is known of a manifest of any version.
#[derive(serde::Deserialize)]
struct Version {
    format_version: u32,
}
