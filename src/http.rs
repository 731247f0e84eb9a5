//! Requests to the page's own host or to an address the user gave.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestCache, RequestInit, Response, Window, WorkerGlobalScope};

use crate::protocol::Failure;

/// Whether an answer that the browser keeps may be used unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// It may: what lies at the address never changes.
    Kept,
    /// The server is asked whether it still holds.
    Checked,
}

/// Gets an address, from the page or from a worker.
///
/// # Errors
/// A [`Failure`] that says why there is no body to read.
pub(crate) async fn get(url: &str, freshness: Freshness) -> Result<Response, Failure> {
    let init = RequestInit::new();
    if freshness == Freshness::Checked {
        init.set_cache(RequestCache::NoCache);
    }
    let global = web_sys::js_sys::global();
    let promise = match global.dyn_into::<Window>() {
        Ok(window) => window.fetch_with_str_and_init(url, &init),
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

/// Whether an address lies on another site than the code that asks.
fn is_elsewhere(url: &str) -> bool {
    let location = web_sys::js_sys::Reflect::get(&web_sys::js_sys::global(), &JsValue::from("location"));
    let own = location
        .and_then(|location| web_sys::js_sys::Reflect::get(&location, &JsValue::from("origin")))
        .ok()
        .and_then(|origin| origin.as_string());
    web_sys::Url::new(url).is_ok_and(|url| Some(url.origin()) != own)
}
