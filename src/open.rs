//! What there is to read: an export's manifest, a file at an address, or files of this machine.

use serde::Deserialize;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Response, Url};
use wow_engine::manifest::{Environment, FORMAT_VERSION, MANIFEST_BYTES_MAX, Manifest, UrlQuery};
use wow_engine::pipeline::Report;

use crate::client::Data;
use crate::http::{self, Freshness, Pieces};
use crate::kept;
use crate::local::{self, LocalFile};
use crate::protocol::{Failure, PartSource};
use wow_view::choice::Choice;
use wow_view::dataset::Dataset;
use wow_view::signed::is_for_folder;

/// How the names of logs end.
const LOG_ENDINGS: [&str; 5] = [".parquet", ".csv", ".tsv", ".txt", ".gz"];

/// What was opened.
pub(crate) struct Opened {
    /// Where the numbers come from.
    pub(crate) dataset: Dataset,
    /// What there is to read.
    pub(crate) data: Data,
    /// The file with what snapshots saw of players, where the export has one.
    pub(crate) player_facts: Option<PartSource>,
    /// What that has to do with offline use.
    pub(crate) keeping: Keeping,
    /// The statistics that were kept with it on an earlier visit.
    pub(crate) report: Option<Report>,
}

/// Where data come from, as far as offline use is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Keeping {
    /// From what is never kept.
    Never,
    /// From the export that is to be kept.
    Wanted {
        /// Where its manifest lies.
        manifest_url: String,
        /// The manifest as it arrived.
        manifest: String,
    },
    /// From what the browser kept, since the server does not answer.
    Copy,
}

/// The dataset that the link asks for, and what there is to read of it. `freshness` is that of the manifest, and of a file
/// without one; parts are named by their hash.
///
/// # Errors
/// A [`Failure`] when there is no manifest, or none that this build reads.
pub(crate) async fn chosen(choice: &Choice, freshness: Freshness) -> Result<Opened, Failure> {
    let default = format!("data/{}/manifest.json", choice.environment.name());
    let url = absolute(choice.data.as_deref().unwrap_or(&default))?;
    if url.pathname().ends_with('/') {
        url.set_pathname(&format!("{}manifest.json", url.pathname()));
    }
    if choice.data.is_some() && is_log(&url, freshness).await? {
        let name = url.pathname().rsplit('/').next().unwrap_or_default().to_owned();
        let dataset = Dataset::Files { names: vec![name.clone()], is_local: false };
        let data = Data::Address { name, url: url.href(), freshness };
        return Ok(Opened { dataset, data, player_facts: None, keeping: Keeping::Never, report: None });
    }
    let (manifest, keeping) = match choice.data {
        None => of_this_site(&url.href(), choice.environment, freshness).await?,
        Some(_) => (manifest(&url.href(), freshness).await?.0, Keeping::Never),
    };
    let may_be_kept = keeping != Keeping::Never;
    let report = match may_be_kept {
        true => kept::report(&url.href(), &manifest).await,
        false => None,
    };
    let parts = manifest
        .parts
        .iter()
        .map(|part| {
            let url = beside(&part.file, part.query.as_ref(), &url)?;
            let (name, sha256) = (part.file.clone(), part.sha256.clone());
            Ok((PartSource { name, url, bytes: part.bytes, rows: part.rows, sha256, may_be_kept }, part.rows))
        })
        .collect::<Result<_, Failure>>()?;
    let player_facts = manifest.player_facts.as_ref().map(|facts| {
        let url = beside(&facts.file, facts.query.as_ref(), &url)?;
        let (name, sha256) = (facts.file.clone(), facts.sha256.clone());
        Ok(PartSource { name, url, bytes: facts.bytes, rows: facts.rows, sha256, may_be_kept })
    });
    let player_facts = player_facts.transpose()?;
    let players = manifest.players;
    let data = Data::Export { parts, players };
    Ok(Opened { dataset: Dataset::Export(Box::new(manifest)), data, player_facts, keeping, report })
}

/// Files of this machine; they never leave it.
pub(crate) async fn files(files: Vec<LocalFile>) -> Opened {
    let twins = local::twins(&files).await;
    let names = files.iter().map(|local| local.path.clone()).collect();
    let dataset = Dataset::Files { names, is_local: true };
    Opened {
        dataset,
        data: Data::Files { files, twins },
        player_facts: None,
        keeping: Keeping::Never,
        report: None,
    }
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

/// The manifest of an export beside the page. Where the server does not answer, the one that the browser kept.
async fn of_this_site(
    url: &str,
    environment: Environment,
    freshness: Freshness,
) -> Result<(Manifest, Keeping), Failure> {
    let is_kept = kept::is_to_be_kept(environment);
    match http::get(url, freshness).await {
        Ok(response) => {
            let (manifest, text) = understood(url, &response).await?;
            // An export of production may lie where one of dev is looked for, and what is signed is not to outlive that.
            let is_signed = manifest.parts.iter().any(|part| part.query.is_some());
            let keeping = match is_kept && manifest.environment == environment && !is_signed {
                true => Keeping::Wanted { manifest_url: url.to_owned(), manifest: text },
                false => Keeping::Never,
            };
            Ok((manifest, keeping))
        }
        Err(failure) if is_kept && does_not_answer(&failure) => match kept::find(url).await {
            Some(kept) => Ok((understood(url, &kept).await?.0, Keeping::Copy)),
            None => Err(failure),
        },
        Err(failure) => Err(failure),
    }
}

const fn does_not_answer(failure: &Failure) -> bool {
    matches!(failure, Failure::Unreachable { .. } | Failure::Status { status: 500.., .. })
}

async fn manifest(url: &str, freshness: Freshness) -> Result<(Manifest, String), Failure> {
    understood(url, &http::get(url, freshness).await?).await
}

/// What of a manifest is looked at before all else.
#[derive(Deserialize)]
struct Version {
    format_version: Option<u64>,
}

/// The manifest that arrives, and its text.
async fn understood(url: &str, response: &Response) -> Result<(Manifest, String), Failure> {
    let broken = |detail: String| Failure::Manifest { url: url.to_owned(), detail };
    let text = match response.text() {
        Ok(text) => JsFuture::from(text).await.ok().and_then(|text| text.as_string()),
        Err(_) => None,
    };
    let text = text.ok_or_else(|| broken("the transfer broke off".into()))?;
    if text.len() > MANIFEST_BYTES_MAX {
        return Err(broken("it is too large to be one".into()));
    }
    // A host that answers every address with its start page has no export either.
    if text.trim_start().starts_with('<') {
        return Err(Failure::NotFound { url: url.to_owned() });
    }
    let version = match serde_json::from_str(&text) {
        Ok(Version { format_version }) => format_version,
        Err(error) if error.is_data() => None,
        Err(error) => return Err(broken(format!("it is no JSON ({error})"))),
    };
    match version {
        Some(version) if version == u64::from(FORMAT_VERSION) => {}
        Some(version) => {
            return Err(broken(format!(
                "its format version is {version}, but this page reads {FORMAT_VERSION}"
            )));
        }
        None => return Err(broken("it has no format_version".into())),
    }
    let manifest = serde_json::from_str(&text).map_err(|error| broken(error.to_string()))?;
    Ok((manifest, text))
}

fn absolute(url: &str) -> Result<Url, Failure> {
    let base = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    Url::new_with_base(url, &base).map_err(|_| Failure::NotFound { url: url.to_owned() })
}

/// The address of a part, which lies in the manifest's folder and nowhere else, with its own signature or that of the folder.
fn beside(file: &str, query: Option<&UrlQuery>, manifest: &Url) -> Result<String, Failure> {
    let is_plain = !file.is_empty() && file.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let of_manifest = manifest.search();
    let of_folder = of_manifest.strip_prefix('?').filter(|query| is_for_folder(query));
    let url = Url::new_with_base(file, &manifest.href()).ok().filter(|_| is_plain);
    let signed = url.map(|url| {
        url.set_search(query.map(UrlQuery::as_str).or(of_folder).unwrap_or_default());
        url.href()
    });
    signed.ok_or_else(|| Failure::Manifest {
        url: manifest.href(),
        detail: format!("the part name `{file}` is no plain file name"),
    })
}
