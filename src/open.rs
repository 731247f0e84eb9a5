//! What there is to read: an export's manifest, a file at an address, or files of this machine.

use wasm_bindgen_futures::JsFuture;
use web_sys::Url;
use wow_engine::manifest::{FORMAT_VERSION, Manifest};

use crate::client::Data;
use crate::http::{self, Freshness, Pieces};
use crate::local::{self, LocalFile};
use crate::protocol::{Failure, PartSource};
use wow_view::choice::Choice;
use wow_view::dataset::Dataset;

/// How the names of logs end.
const LOG_ENDINGS: [&str; 5] = [".parquet", ".csv", ".tsv", ".txt", ".gz"];
/// A manifest larger than this is none.
const MOST_MANIFEST_BYTES: usize = 16 << 20;

/// The dataset that the link asks for, and what there is to read of it. `freshness` is that of the manifest, and of a file
/// without one; parts are named by their hash.
///
/// # Errors
/// A [`Failure`] when there is no manifest, or none that this build reads.
pub(crate) async fn chosen(choice: &Choice, freshness: Freshness) -> Result<(Dataset, Data), Failure> {
    let default = format!("data/{}/manifest.json", choice.environment.name());
    let url = absolute(choice.data.as_deref().unwrap_or(&default))?;
    if choice.data.is_some() && is_log(&url, freshness).await? {
        let name = url.pathname().rsplit('/').next().unwrap_or_default().to_owned();
        let dataset = Dataset::Files { names: vec![name.clone()], is_local: false };
        return Ok((dataset, Data::Address { name, url: url.href(), freshness }));
    }
    let manifest = manifest(&url.href(), freshness).await?;
    let parts = manifest
        .parts
        .iter()
        .map(|part| {
            let source = PartSource {
                name: part.file.clone(),
                url: beside(&part.file, &url)?,
                bytes: part.bytes,
                rows: part.rows,
                sha256: part.sha256.clone(),
            };
            Ok((source, part.rows))
        })
        .collect::<Result<_, Failure>>()?;
    let players = manifest.players;
    Ok((Dataset::Export(Box::new(manifest)), Data::Export { parts, players }))
}

/// Files of this machine; they never leave it.
pub(crate) async fn files(files: Vec<LocalFile>) -> (Dataset, Data) {
    let twins = local::twins(&files).await;
    let names = files.iter().map(|local| local.path.clone()).collect();
    (Dataset::Files { names, is_local: true }, Data::Files { files, twins })
}

/// Whether a log itself lies at an address, not the manifest of an export. Names tell it mostly; where they do not, the
/// first bytes do, for a manifest is JSON.
async fn is_log(url: &Url, freshness: Freshness) -> Result<bool, Failure> {
    let path = url.pathname().to_lowercase();
    if path.ends_with(".json") {
        return Ok(false);
    }
    if LOG_ENDINGS.iter().any(|ending| path.ends_with(ending)) {
        return Ok(true);
    }
    let pieces = Pieces::of(http::get(&url.href(), freshness).await?.body());
    let first = pieces.next().await.ok().flatten().map(|piece| piece.to_vec()).unwrap_or_default();
    Ok(!first.trim_ascii_start().starts_with(b"{"))
}

async fn manifest(url: &str, freshness: Freshness) -> Result<Manifest, Failure> {
    let response = http::get(url, freshness).await?;
    let broken = |detail: String| Failure::Manifest { url: url.to_owned(), detail };
    let text = match response.text() {
        Ok(text) => JsFuture::from(text).await.ok().and_then(|text| text.as_string()),
        Err(_) => None,
    };
    let text = text.ok_or_else(|| broken("the transfer broke off".into()))?;
    if text.len() > MOST_MANIFEST_BYTES {
        return Err(broken("it is too large to be one".into()));
    }
    // A host that answers every address with its start page has no export either.
    if text.trim_start().starts_with('<') {
        return Err(Failure::NotFound { url: url.to_owned() });
    }
    let value: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| broken(format!("it is no JSON ({error})")))?;
    match value.get("format_version").and_then(serde_json::Value::as_u64) {
        Some(version) if version == u64::from(FORMAT_VERSION) => {}
        Some(version) => {
            return Err(broken(format!(
                "its format version is {version}, but this page reads {FORMAT_VERSION}"
            )));
        }
        None => return Err(broken("it has no format_version".into())),
    }
    serde_json::from_value(value).map_err(|error| broken(error.to_string()))
}

fn absolute(url: &str) -> Result<Url, Failure> {
    let base = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    Url::new_with_base(url, &base).map_err(|_| Failure::NotFound { url: url.to_owned() })
}

/// The address of a part, which lies in the manifest's folder and nowhere else.
fn beside(file: &str, manifest: &Url) -> Result<String, Failure> {
    let is_plain = !file.is_empty() && file.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let url = Url::new_with_base(file, &manifest.href());
    url.ok().filter(|_| is_plain).map(|url| url.href()).ok_or_else(|| Failure::Manifest {
        url: manifest.href(),
        detail: format!("the part name `{file}` is no plain file name"),
    })
}
