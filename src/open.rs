//! What there is to read: an export's manifest, a file at an address, or files of this machine.

use wasm_bindgen_futures::JsFuture;
use web_sys::{File, Url};
use wow_engine::manifest::{FORMAT_VERSION, Manifest};

use crate::client::Part;
use crate::http::{self, Freshness};
use crate::protocol::{Failure, PartSource};
use crate::view::choice::Choice;
use crate::view::dataset::Dataset;

/// A manifest larger than this is none.
const MOST_MANIFEST_BYTES: usize = 16 << 20;

/// The dataset that the link asks for, and its parts.
///
/// # Errors
/// A [`Failure`] when there is no manifest, or none that this build reads.
pub(crate) async fn chosen(choice: &Choice) -> Result<(Dataset, Vec<Part>), Failure> {
    let default = format!("data/{}/manifest.json", choice.environment.name());
    let url = absolute(choice.data.as_deref().unwrap_or(&default))?;
    let path = url.pathname().to_lowercase();
    if path.ends_with(".parquet") {
        let name = url.pathname().rsplit('/').next().unwrap_or_default().to_owned();
        let source = PartSource { name: name.clone(), url: Some(url.href()), bytes: None, sha256: None };
        let part = Part { source, file: None, rows: None, players: None };
        return Ok((Dataset::Files { names: vec![name], is_local: false }, vec![part]));
    }
    let manifest = manifest(&url.href()).await?;
    let parts = manifest
        .parts
        .iter()
        .map(|part| {
            let source = PartSource {
                name: part.file.clone(),
                url: Some(beside(&part.file, &url)?),
                bytes: Some(part.bytes),
                sha256: Some(part.sha256.clone()),
            };
            let players = Some((part.first_player_id, part.last_player_id));
            Ok(Part { source, file: None, rows: Some(part.rows), players })
        })
        .collect::<Result<_, Failure>>()?;
    Ok((Dataset::Export(Box::new(manifest)), parts))
}

/// Files of this machine as parts; they never leave it.
pub(crate) fn files(files: Vec<File>) -> (Dataset, Vec<Part>) {
    let names = files.iter().map(File::name).collect();
    let parts = files
        .into_iter()
        .map(|file| {
            let source =
                PartSource { name: file.name(), url: None, bytes: Some(file.size() as u64), sha256: None };
            Part { source, file: Some(file), rows: None, players: None }
        })
        .collect();
    (Dataset::Files { names, is_local: true }, parts)
}

async fn manifest(url: &str) -> Result<Manifest, Failure> {
    let response = http::get(url, Freshness::Checked).await?;
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
