//! The built site, in memory: the one that was built into this command, or one in a folder.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use bytes::Bytes;
use flate2::read::GzDecoder;
use walkdir::WalkDir;

use super::rules::Rules;
use crate::export::hashing::sha256_of;
use crate::failure::Failure;

/// The page itself.
pub(super) const INDEX: &str = "index.html";
/// What static hosts show in place of what is not there.
pub(super) const NOT_FOUND: &str = "404.html";
/// Which headers go with which file.
const HEADERS: &str = "_headers";
/// A built site has a few megabytes; a folder with much more is something else.
const SITE_BYTES_MAX: u64 = 64 << 20;

// The files as `build.rs` packed them: none where the command was built without the site.
include!(concat!(env!("OUT_DIR"), "/site.rs"));

/// A file of the site.
#[derive(Debug, Default)]
pub(super) struct Asset {
    pub(super) plain: Bytes,
    pub(super) brotli: Option<Bytes>,
    pub(super) gzip: Option<Bytes>,
    /// The hash of the plain bytes.
    pub(super) hash: String,
}

/// The site's files by their paths from its folder, and the headers that go with them.
#[derive(Debug)]
pub(crate) struct Site {
    files: BTreeMap<String, Asset>,
    pub(super) rules: Rules,
}

impl Site {
    /// The site in this command, or in a folder.
    ///
    /// # Errors
    /// [`Failure::Usage`] when this command has none, or the folder holds none.
    pub(crate) fn open(folder: Option<&Path>) -> anyhow::Result<Self> {
        let Some(folder) = folder else {
            if FILES.is_empty() {
                return Err(Failure::usage(
                    "this `wow` was built without the site; build one with `make site` and serve it with `wow serve \
                     --site dist`, or build the command with `--features site`",
                ));
            }
            let files = FILES.iter().map(|&(name, bytes)| (name.to_owned(), Bytes::from_static(bytes)));
            return Self::of(files.collect());
        };
        if !folder.join(INDEX).is_file() {
            return Err(Failure::usage(format!(
                "there is no built site in {}; make one with `make site`, or leave --site out to serve the one in this \
                 command",
                folder.display()
            )));
        }
        Self::of(read_folder(folder)?)
    }

    fn of(mut raw: BTreeMap<String, Bytes>) -> anyhow::Result<Self> {
        let headers = raw.remove(HEADERS).unwrap_or_default();
        let rules = Rules::parse(&String::from_utf8_lossy(&headers)).map_err(|line| {
            Failure::check(format!(
                "line {line} of the site's {HEADERS} is neither a path nor a header; build the site again"
            ))
        })?;
        let mut files: BTreeMap<String, Asset> = BTreeMap::new();
        for (name, bytes) in raw {
            if let Some(name) = name.strip_suffix(".br") {
                files.entry(name.to_owned()).or_default().brotli = Some(bytes);
            } else if let Some(name) = name.strip_suffix(".gz") {
                files.entry(name.to_owned()).or_default().gzip = Some(bytes);
            } else {
                files.entry(name).or_default().plain = bytes;
            }
        }
        for (name, asset) in &mut files {
            if let Some(gzip) = asset.gzip.as_ref().filter(|_| asset.plain.is_empty()) {
                let mut plain = Vec::new();
                let unpacked = GzDecoder::new(&gzip[..]).take(SITE_BYTES_MAX).read_to_end(&mut plain);
                unpacked.with_context(|| {
                    Failure::Check(format!("{name}.gz of the site is damaged; build the site again"))
                })?;
                asset.plain = plain.into();
            }
            asset.hash = sha256_of(&asset.plain);
        }
        Ok(Self { files, rules })
    }

    /// A file by its path from the site's folder.
    pub(super) fn file(&self, path: &str) -> Option<&Asset> {
        self.files.get(path)
    }
}

/// The files of a built site; neither hidden ones, nor what links lead to, nor exports, which are served by rules of
/// their own.
fn read_folder(folder: &Path) -> anyhow::Result<BTreeMap<String, Bytes>> {
    let cannot = || Failure::Check(format!("the site in {} cannot be read; see the cause", folder.display()));
    let mut files = BTreeMap::new();
    let mut left = SITE_BYTES_MAX;
    let is_hidden = |name: &str, depth: usize| name.starts_with('.') || (depth == 1 && name == "data");
    let entries = WalkDir::new(folder).into_iter().filter_entry(|entry| {
        entry.depth() == 0 || entry.file_name().to_str().is_some_and(|name| !is_hidden(name, entry.depth()))
    });
    for entry in entries {
        let entry = entry.with_context(cannot)?;
        if !entry.file_type().is_file() {
            continue;
        }
        let bytes = std::fs::metadata(entry.path()).with_context(cannot)?.len();
        left = left.checked_sub(bytes).ok_or_else(|| {
            Failure::usage(format!(
                "{} holds more than {} MB, which is no built site; name the folder that `make site` makes",
                folder.display(),
                SITE_BYTES_MAX >> 20
            ))
        })?;
        let path = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        if let Some(path) = path.to_str() {
            files.insert(path.to_owned(), std::fs::read(entry.path()).with_context(cannot)?.into());
        }
    }
    Ok(files)
}
