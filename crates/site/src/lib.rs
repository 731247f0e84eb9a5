//! From what trunk built to the site that is hosted: files named by their content, the policy, what hosts are told of each
//! file, packed copies, and the list by which a browser keeps all of one build.

mod exports;
mod hosts;
mod names;
mod packed;
mod pages;
mod stripped;
mod url;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

pub use exports::Exports;
pub use url::SiteUrl;

/// The files of a site, by their names; all lie in one folder.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// What can be chosen of a site.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The folder of exports.
    pub data: PathBuf,
    /// Whether the production export goes in.
    pub with_prod: bool,
    /// The address that the site will have.
    pub url: Option<SiteUrl>,
}

/// Writes the site into a folder, in place of what is there. Gives lines that tell what went in.
///
/// # Errors
/// What could not be read or written, and what is missing of the built files.
pub fn publish(built: &Path, site: &Path, settings: &Settings) -> Result<Vec<String>> {
    let files = made_of(read(built)?, settings.url.as_ref())?;
    let exports = Exports::chosen(&settings.data, settings.with_prod)?;
    let is_site = !site.exists() || site.join("index.html").exists() || is_empty(site)?;
    ensure!(is_site, "{} is no site: remove it first", site.display());
    // Beside, so that what is there stays whole until all of the next one is.
    let new = site.with_extension("new");
    remove(&new)?;
    fs::create_dir_all(&new).with_context(|| format!("{} cannot be made", new.display()))?;
    for (name, bytes) in &files {
        fs::write(new.join(name), bytes).with_context(|| format!("{name} cannot be written"))?;
    }
    exports.copy_into(&new.join("data"))?;
    remove(site)?;
    fs::rename(&new, site).with_context(|| format!("{} cannot be put in place", site.display()))?;
    let mut told = vec![packed::told(&files)];
    told.extend(exports.told());
    told.extend(pages::told(settings.url.as_ref()));
    Ok(told)
}

/// All files but the exports.
fn made_of(mut built: Files, url: Option<&SiteUrl>) -> Result<Files> {
    stripped::strip(&mut built)?;
    let mut files = names::by_content(built)?;
    pages::finish(&mut files, url)?;
    let worker = pages::service_worker(&files);
    files.insert("sw.js".to_owned(), worker.into_bytes());
    let headers = hosts::headers(&files);
    files.extend(packed::copies(&files));
    files.insert("_headers".to_owned(), headers.into_bytes());
    Ok(files)
}

/// What trunk built, but for the exports, which it copies along.
fn read(built: &Path) -> Result<Files> {
    let entries = fs::read_dir(built).with_context(|| format!("{} cannot be read", built.display()))?;
    let mut files = Files::new();
    for entry in entries {
        let path = entry?.path();
        let name =
            path.file_name().and_then(|name| name.to_str()).context("a file's name is no text")?.to_owned();
        if path.is_dir() {
            ensure!(name == "data", "the site's files lie in one folder, but trunk made the folder {name}");
            continue;
        }
        files.insert(name, fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?);
    }
    Ok(files)
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", folder.display()))
        }
        _ => Ok(()),
    }
}

fn is_empty(folder: &Path) -> Result<bool> {
    Ok(fs::read_dir(folder)?.next().is_none())
}
