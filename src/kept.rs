//! The export that the browser keeps for offline use. It is kept once all of it was read, and takes the place of the one
//! before. What is read of it is checked like anything else that arrives.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{Array, Reflect, Uint8Array, global};
use web_sys::{Cache, CacheStorage, Request, RequestCache, RequestInit, Response, StorageManager, Url};
use wow_engine::manifest::{Environment, Manifest};
use wow_engine::pipeline::Report;

use crate::protocol::BUILD;
use wow_view::kept::{Kept, Room};

/// The markup by which a hosted site is told from what a server for development sends: its page is kept too.
const HOSTED: &str = r#"meta[name="service-worker"]"#;

/// Whether this page is one of a hosted site, which opens without a network.
pub(crate) fn is_hosted() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| document.query_selector(HOSTED).ok().flatten().is_some())
}

/// Whether an export is one to be kept. That of production is none: it is not to stay on a machine after the visit.
pub(crate) fn is_to_be_kept(environment: Environment) -> bool {
    environment == Environment::Dev && is_hosted() && caches().is_some()
}

/// The browser's store, which it has on pages over HTTPS and of this machine alone.
fn caches() -> Option<CacheStorage> {
    Reflect::get(&global(), &JsValue::from("caches")).ok()?.dyn_into().ok()
}

/// What is kept for this site; others may lie on the same host.
async fn cache() -> Option<Cache> {
    let base =
        Reflect::get(&Reflect::get(&global(), &JsValue::from("location")).ok()?, &JsValue::from("href"))
            .ok()?;
    let folder = Url::new_with_base("./", &base.as_string()?).ok()?;
    folder.set_search("");
    let name = format!("exports of {}", folder.href());
    JsFuture::from(caches()?.open(&name)).await.ok()?.dyn_into().ok()
}

/// What is kept of an address.
pub(crate) async fn find(url: &str) -> Option<Response> {
    found_in(&cache().await?, url).await
}

async fn found_in(cache: &Cache, url: &str) -> Option<Response> {
    JsFuture::from(cache.match_with_str(url)).await.ok()?.dyn_into().ok()
}

/// Where the statistics of an export are kept: of these data, as this build counts them.
fn report_address(manifest_url: &str, manifest: &Manifest) -> Option<String> {
    let name = format!("report-{BUILD}-{}", manifest.dataset_id);
    Url::new_with_base(&name, manifest_url).ok().map(|url| url.href())
}

/// The statistics of an export that were kept with it.
pub(crate) async fn report(manifest_url: &str, manifest: &Manifest) -> Option<Report> {
    let kept = find(&report_address(manifest_url, manifest)?).await?;
    let buffer = JsFuture::from(kept.array_buffer().ok()?).await.ok()?;
    Report::from_bytes(&Uint8Array::new(&buffer).to_vec()).ok()
}

/// Keeps an export in place of the one before, its manifest as it arrived, and its statistics. Where there is no room, the one before stays.
pub(crate) async fn keep(manifest_url: &str, manifest: &Manifest, text: &str, report: &Report) {
    let Some(cache) = cache().await else { return };
    let address = |file: &str| Url::new_with_base(file, manifest_url).ok().map(|url| url.href());
    let files = manifest.parts.iter().map(|part| &part.file);
    let files = files.chain(manifest.player_facts.iter().map(|facts| &facts.file));
    let parts: Vec<String> = files.filter_map(|file| address(file)).collect();
    let mut added = Vec::new();
    for part in &parts {
        if found_in(&cache, part).await.is_some() {
            continue;
        }
        added.push(part);
        if add(&cache, part).await.is_none() {
            for part in added {
                delete(&cache, &JsValue::from(part)).await;
            }
            return;
        }
    }
    if put(&cache, manifest_url, &mut text.as_bytes().to_vec()).await.is_none() {
        return;
    }
    let statistics = report_address(manifest_url, manifest);
    if let (Some(url), Ok(mut bytes)) = (&statistics, report.to_bytes()) {
        // Without room for them they are counted on the next visit.
        put(&cache, url, &mut bytes).await;
    }
    for other in requests(&cache).await {
        let url = other.url();
        if url != manifest_url && !parts.contains(&url) && Some(url) != statistics {
            delete(&cache, &other).await;
        }
    }
}

/// Takes what the browser has just read, and asks the server where it has not kept that.
async fn add(cache: &Cache, url: &str) -> Option<()> {
    let init = RequestInit::new();
    init.set_cache(RequestCache::ForceCache);
    let request = Request::new_with_str_and_init(url, &init).ok()?;
    JsFuture::from(cache.add_with_request(&request)).await.ok().map(drop)
}

async fn put(cache: &Cache, url: &str, body: &mut [u8]) -> Option<()> {
    let response = Response::new_with_opt_u8_array(Some(body)).ok()?;
    JsFuture::from(cache.put_with_str(url, &response)).await.ok().map(drop)
}

async fn requests(cache: &Cache) -> Vec<Request> {
    let keys = JsFuture::from(cache.keys()).await.map(|keys| Array::from(&keys)).unwrap_or_default();
    keys.iter().filter_map(|key| key.dyn_into().ok()).collect()
}

async fn delete(cache: &Cache, request: &JsValue) {
    // What cannot be deleted is not there.
    let _ = JsFuture::from(cache.delete_with_request(request.unchecked_ref())).await;
}

/// Lets go of the export. The page's own files stay.
pub(crate) async fn clear() {
    let Some(cache) = cache().await else { return };
    for request in requests(&cache).await {
        delete(&cache, &request).await;
    }
}

/// What is kept, and the room that it takes.
pub(crate) async fn look() -> Kept {
    let Some(cache) = cache().await else { return Kept::default() };
    let mut manifest = None;
    for request in
        requests(&cache).await.into_iter().filter(|request| request.url().ends_with("/manifest.json"))
    {
        manifest = manifest_in(&cache, &request.url()).await;
    }
    Kept { is_possible: true, export: manifest.as_ref().map(Into::into), room: room().await }
}

async fn manifest_in(cache: &Cache, url: &str) -> Option<Manifest> {
    let text = JsFuture::from(found_in(cache, url).await?.text().ok()?).await.ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}

async fn room() -> Option<Room> {
    let storage: StorageManager = web_sys::window()?.navigator().storage().dyn_into().ok()?;
    let estimate = JsFuture::from(storage.estimate().ok()?).await.ok()?;
    let bytes = |name: &str| Some(Reflect::get(&estimate, &JsValue::from(name)).ok()?.as_f64()? as u64);
    Some(Room { taken_bytes: bytes("usage")?, allowed_bytes: bytes("quota")? })
}
