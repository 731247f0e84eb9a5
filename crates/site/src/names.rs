//! Names by content: what lies at such a name never changes, so that browsers may keep it for ever and files of two
//! builds never mix.

use anyhow::{Context as _, Result};
use sha2::{Digest, Sha256};

use crate::Files;

/// The digits of a hash in a name.
const DIGITS: usize = 16;

/// Where a file stands among those that name others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Names no other file.
    Leaf,
    /// Code and style sheets, which name leaves.
    Source,
    /// Keeps its name, since that is what it is looked for by.
    Fixed,
}

impl Kind {
    fn of(name: &str) -> Self {
        match name {
            "sw.js" => Self::Fixed,
            _ => match extension(name) {
                "js" | "css" => Self::Source,
                "html" | "webmanifest" => Self::Fixed,
                _ => Self::Leaf,
            },
        }
    }
}

/// The files, named by their content and naming each other so.
///
/// # Errors
/// When a file that names others is no text.
pub(crate) fn by_content(mut built: Files) -> Result<Files> {
    let (mut files, mut renamed) = (Files::new(), Vec::new());
    for kind in [Kind::Leaf, Kind::Source, Kind::Fixed] {
        let (of_kind, others) = built.into_iter().partition(|(name, _)| Kind::of(name) == kind);
        built = others;
        for (name, bytes) in of_kind as Files {
            let bytes = match kind {
                Kind::Leaf => bytes,
                Kind::Source | Kind::Fixed => with_names(&name, bytes, &renamed)?,
            };
            let new = if kind == Kind::Fixed { name.clone() } else { of(&name, &bytes) };
            files.insert(new.clone(), bytes);
            renamed.push((name, new));
        }
    }
    Ok(files)
}

/// A text with the new names of the files that it names.
fn with_names(name: &str, bytes: Vec<u8>, renamed: &[(String, String)]) -> Result<Vec<u8>> {
    let mut text = String::from_utf8(bytes).with_context(|| format!("{name} is no text"))?;
    for (old, new) in renamed {
        text = text.replace(old.as_str(), new);
    }
    Ok(text.into_bytes())
}

/// The name of a file by its content, in place of the hash that trunk gave it, which is that of an earlier stage.
fn of(name: &str, bytes: &[u8]) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    let plain = match stem.rsplit_once('-') {
        Some((plain, hash)) if is_of_trunk(hash) => plain,
        _ => stem,
    };
    format!("{plain}-{}.{extension}", &hex(bytes)[..DIGITS])
}

/// Whether it is one of trunk's hashes, which lack zeros at their start.
fn is_of_trunk(text: &str) -> bool {
    (DIGITS - 4..=DIGITS).contains(&text.len()) && is_hex(text)
}

fn is_hash(text: &str) -> bool {
    text.len() == DIGITS && is_hex(text)
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether a file is named by its content.
pub(crate) fn is_by_content(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    stem.rsplit_once('-').is_some_and(|(_, hash)| is_hash(hash))
}

/// The name that a file of such a plain name has by its content.
pub(crate) fn named<'a>(files: &'a Files, plain: &str) -> Option<&'a str> {
    let (stem, extension) = plain.rsplit_once('.')?;
    let is_meant = |name: &str| {
        let rest = name
            .strip_prefix(stem)
            .and_then(|rest| rest.strip_prefix('-')?.strip_suffix(extension)?.strip_suffix('.'));
        rest.is_some_and(is_hash)
    };
    files.keys().map(String::as_str).find(|name| is_meant(name))
}

/// What follows the last point of a name.
pub(crate) fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// The SHA-256 in hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
