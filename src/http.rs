//! Requests to the page's own host or to an address the user gave.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{Function, Promise, Reflect, Uint8Array};
use web_sys::{
    ReadableStream, ReadableStreamDefaultReader, RequestCache, RequestInit, Response, Window,
    WorkerGlobalScope,
};

use crate::protocol::Failure;
use wow_view::signed::is_signed;

/// Whether an answer that the browser keeps may be used unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// It may: what lies at the address never changes.
    Kept,
    /// The server is asked whether it still holds.
    Checked,
    /// It may not, and gives way to the server's: what was kept may be damaged.
    Fetched,
}

impl Freshness {
    /// That of what an address names now, or is fetched anew since what was there failed.
    pub(crate) const fn of_attempt(is_fetched_anew: bool) -> Self {
        if is_fetched_anew { Self::Fetched } else { Self::Checked }
    }

    const fn cache(self) -> RequestCache {
        match self {
            Self::Kept => RequestCache::Default,
            Self::Checked => RequestCache::NoCache,
            Self::Fetched => RequestCache::Reload,
        }
    }
}

/// Gets an address, from the page or from a worker. The browser keeps nothing of one that may be signed.
///
/// # Errors
/// A [`Failure`] that says why there is no body to read.
pub(crate) async fn get(url: &str, freshness: Freshness) -> Result<Response, Failure> {
    let init = RequestInit::new();
    init.set_cache(match is_signed(url) {
        // What lies there is signed anew under another address, and whoever finds this one in the cache could read it.
        true => RequestCache::NoStore,
        false => freshness.cache(),
    });
    let global = web_sys::js_sys::global();
    let promise = match global.dyn_into::<Window>() {
        Ok(window) => answer(url, freshness).unwrap_or_else(|| window.fetch_with_str_and_init(url, &init)),
        Err(global) => global.unchecked_into::<WorkerGlobalScope>().fetch_with_str_and_init(url, &init),
    };
    let response: Response = JsFuture::from(promise)
        .await
        .and_then(JsCast::dyn_into)
        .map_err(|_| Failure::Unreachable { url: url.to_owned(), is_elsewhere: is_elsewhere(url) })?;
    match response.status() {
        200..300 => Ok(response),
        404 | 410 => Err(Failure::NotFound { url: url.to_owned() }),
        status => Err(Failure::Status { url: url.to_owned(), status }),
    }
}

/// Something that start.js began before this code was there.
pub(crate) fn begun(name: &str) -> Option<JsValue> {
    let begun = Reflect::get(&web_sys::js_sys::global(), &"begun".into()).ok()?;
    Reflect::get(&begun, &name.into()).ok()
}

/// The answer that start.js asked for already, if it did.
fn answer(url: &str, freshness: Freshness) -> Option<Promise> {
    let answer: Function = begun("answer")?.dyn_into().ok()?;
    let promise = answer.call1(&JsValue::UNDEFINED, &url.into()).ok()?.dyn_into().ok();
    promise.filter(|_| freshness == Freshness::Checked)
}

/// The size of a body as announced; none where the transfer compresses it, for then another size is announced.
pub(crate) fn body_bytes(response: &Response) -> Option<u64> {
    let header = |name: &str| response.headers().get(name).ok().flatten();
    match header("content-encoding") {
        Some(_) => None,
        None => header("content-length")?.parse().ok(),
    }
}

/// A body, piece by piece as it arrives. Dropping it gives the transfer up.
pub(crate) struct Pieces(Option<ReadableStreamDefaultReader>);

impl Pieces {
    /// The pieces of a body; there are none of an answer without one.
    pub(crate) fn of(body: Option<ReadableStream>) -> Self {
        Self(body.map(|body| body.get_reader().unchecked_into()))
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// What the browser says when the transfer breaks off, in its own words.
    pub(crate) async fn next(&self) -> Result<Option<Uint8Array>, JsValue> {
        let Some(reader) = &self.0 else { return Ok(None) };
        let step = JsFuture::from(reader.read()).await?;
        let field = |name: &str| Reflect::get(&step, &JsValue::from(name)).unwrap_or(JsValue::UNDEFINED);
        if field("done").is_truthy() {
            return Ok(None);
        }
        field("value").dyn_into().map(Some)
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        if let Some(reader) = &self.0 {
            // After the end there is nothing to give up, and after an error that is the answer, which nobody waits for.
            let cancelled = JsFuture::from(reader.cancel());
            wasm_bindgen_futures::spawn_local(async move { drop(cancelled.await) });
        }
    }
}

/// Whether an address lies on another site than the code that asks.
fn is_elsewhere(url: &str) -> bool {
    let location = Reflect::get(&web_sys::js_sys::global(), &JsValue::from("location"));
    let own = location
        .and_then(|location| Reflect::get(&location, &JsValue::from("origin")))
        .ok()
        .and_then(|origin| origin.as_string());
    web_sys::Url::new(url).is_ok_and(|url| Some(url.origin()) != own)
}
