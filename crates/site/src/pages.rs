//! What is written into the site's documents: the policy, what previews of links show, and the list of all files for the
//! service worker.

use anyhow::{Context as _, Result, ensure};

use crate::Files;
use crate::hosts::{media_type, policy};
use crate::names::{hex, named};
use crate::url::SiteUrl;

const NOT_FOUND: &str = include_str!("../assets/404.html");
const SERVICE_WORKER: &str = include_str!("../assets/sw.js");
/// What all documents begin their head with; what is put behind it holds for all that follows.
const HEAD: &str = "<meta charset=\"utf-8\">";

/// Completes the documents.
///
/// # Errors
/// When a file that they need is missing.
pub(crate) fn finish(files: &mut Files, url: Option<&SiteUrl>) -> Result<()> {
    let index = files.get("index.html").context("trunk built no index.html")?;
    let index = String::from_utf8(index.clone()).context("index.html is no text")?;
    let mut more = vec![policy_element(), "<meta name=\"service-worker\" content=\"./sw.js\">".to_owned()];
    if let Some(url) = url {
        let preview = named(files, "preview.png").context("there is no preview.png")?;
        let url = url.as_str();
        more.push(format!("<meta property=\"og:url\" content=\"{url}\">"));
        more.push(format!("<meta property=\"og:image\" content=\"{url}{preview}\">"));
    }
    let index = with_head(&without_integrity(&index), &more)?;
    let missing = not_found(files, url)?;
    files.insert("index.html".to_owned(), index.into_bytes());
    files.insert("404.html".to_owned(), missing.into_bytes());
    Ok(())
}

/// A document with more elements at the start of its head.
fn with_head(document: &str, more: &[String]) -> Result<String> {
    ensure!(document.contains(HEAD), "a document does not begin with {HEAD}, behind which the policy goes");
    let more: String = more.iter().map(|element| format!("\n    {element}")).collect();
    Ok(document.replacen(HEAD, &format!("{HEAD}{more}"), 1))
}

fn policy_element() -> String {
    format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">", policy())
}

/// A host shows this page at any address below the site, so nothing in it can be told relative to itself.
fn not_found(files: &Files, url: Option<&SiteUrl>) -> Result<String> {
    let home = url.map_or("/", SiteUrl::path);
    let mut page = with_head(NOT_FOUND, &[policy_element()])?;
    for plain in ["base.css", "favicon.svg"] {
        let name = named(files, plain).with_context(|| format!("there is no {plain}"))?;
        page = page.replace(plain, name);
    }
    Ok(page.replace("{home}", home))
}

/// Trunk's hashes are of files before they were named by their content, which says the same.
fn without_integrity(page: &str) -> String {
    let mut pieces = page.split(" integrity=\"");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        text.push_str(piece.split_once('"').map_or("", |(_, rest)| rest));
    }
    text
}

/// The service worker of these files, which tells them by name, hash and type.
pub(crate) fn service_worker(files: &Files) -> String {
    let entry = |(name, bytes): (&String, &Vec<u8>)| {
        format!("  [{name:?}, {:?}, {:?}],\n", hex(bytes), media_type(name))
    };
    // What the page itself never asks for.
    let is_kept = |name: &str| !matches!(name, "404.html" | "sw.js") && !name.starts_with("preview-");
    let list: String = files.iter().filter(|(name, _)| is_kept(name)).map(entry).collect();
    let build = &hex(list.as_bytes())[..16];
    SERVICE_WORKER
        .replace("const BUILD = \"\";", &format!("const BUILD = {build:?};"))
        .replace("const FILES = [];", &format!("const FILES = [\n{list}];"))
        .replace("const POLICY = \"\";", &format!("const POLICY = {:?};", policy()))
}

/// What an address would have added.
pub(crate) fn told(url: Option<&SiteUrl>) -> Option<String> {
    let said = "no address is known: links to the site show no picture, and missing pages lead to the start of the host; \
                WOW_SITE_URL=https://example.org/wow/ mends both";
    url.is_none().then(|| said.to_owned())
}
