//! Lets people read an export in a bucket that is closed to them: a second manifest beside the export's own, in which each part
//! has a signature for its address. It is read at a signed address itself.

use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use reqwest::Url;
use wow_engine::manifest::{MANIFEST_BYTES_MAX, Manifest, UrlQuery};

use super::bucket::{JSON, attributes};
use super::export::{MANIFEST, are_name_digits, files_of, name_digits, text_of};
use crate::export::hashing::sha256_of;
use crate::failure::Failure;
use crate::output::counted;
use crate::parts_folder::manifest_of;
use crate::storage::{Bucket, Condition, Doing, Fault, Location, Store};
use crate::target::Target;

/// How the names of manifests with signatures begin. Each time that an export is shared it is an object of its own, so that an
/// address gives what it was given out for, as long as it was meant to.
const PREFIX: &str = "manifest.signed-";
/// Whoever has a signature has it for a time, so nothing may be kept longer.
const NOT_KEPT: &str = "no-store";

/// An export that can be read at an address.
pub(crate) struct Shared {
    /// The address of the manifest.
    pub(crate) address: Url,
    /// What is shared.
    pub(crate) manifest: Manifest,
}

/// Signs the export in the environment's folder of a bucket's folder of exports.
///
/// # Errors
/// A [`Failure`] when there is no export, or the bucket cannot be read, written or signed for.
pub(crate) fn share(bucket: &Bucket, target: &Target, valid_for: Duration) -> anyhow::Result<Shared> {
    let folder = bucket.join(target.environment.name());
    let location = Location::Bucket(folder.clone());
    let explain_reading = |fault: Fault| fault.explain(&location, Doing::Read);
    let store = Store::open(bucket, Doing::Write)?;
    let key = |name: &str| folder.join(name).key;
    let kept = store.read(&key(MANIFEST)).map_err(explain_reading)?.with_context(|| {
        Failure::Usage(format!(
            "there is no export in {location}; make one with `wow export{} --out {bucket}`",
            target.option()
        ))
    })?;
    let text = String::from_utf8_lossy(&kept.content);
    let mut manifest = manifest_of(&text, &location, target)?;
    let keys: Vec<_> = files_of(&manifest).map(|(name, _)| key(name)).collect();
    let signed = store.sign(&keys, valid_for).map_err(explain_reading)?;
    let parts = manifest.parts.iter_mut().map(|part| &mut part.query);
    let queries = parts.chain(manifest.player_facts.iter_mut().map(|facts| &mut facts.query));
    for (query, address) in queries.zip(signed) {
        *query = Some(query_of(&address)?);
    }
    let content = Bytes::from(text_of(&manifest)?);
    if content.len() > MANIFEST_BYTES_MAX {
        return Err(Failure::check(format!(
            "the export in {location} has {}, whose signatures are more than a page takes; share a sample of it",
            counted(manifest.parts.len() as u64, "part")
        )));
    }
    let signed_manifest = key(&format!("{PREFIX}{}.json", name_digits(&sha256_of(&content))));
    let written = store.write(&signed_manifest, content, attributes(JSON, NOT_KEPT), &Condition::Any);
    written.map_err(|fault| fault.explain(&location, Doing::Write))?;
    let signed = store.sign(&[signed_manifest], valid_for).map_err(explain_reading)?;
    let address = signed.into_iter().next().context("no address was signed")?;
    Ok(Shared { address, manifest })
}

/// Whether an object is named as manifests with signatures are.
pub(super) fn is_signed_manifest(name: &str) -> bool {
    let hash = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(".json"));
    hash.is_some_and(are_name_digits)
}

/// What is signed of an address.
fn query_of(address: &Url) -> anyhow::Result<UrlQuery> {
    let query = address.query().context("a signed address has no signature")?;
    Ok(UrlQuery::new(query.to_owned())?)
}
