//! The browser around the page: address, title, theme, downloads, clipboard.

use gloo::events::EventListener;
use gloo::storage::{LocalStorage, Storage};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{Array, Uint8Array};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use wow_view::address::{Address, Author};
use wow_view::choice::Choice;

const THEME_KEY: &str = "theme";
const COLUMNS_KEY: &str = "columns";

/// How long a file is held for a download. Nothing tells when the browser has taken it: some do so after the click, or
/// after the user has said where to put it.
const DOWNLOAD_MS: u32 = 60_000;

/// Light, dark, or what the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ThemeChoice {
    /// What the system says.
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl ThemeChoice {
    /// All of them, in the order of the switch.
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Its name, in the document and in the switch.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Whether the page is dark.
    pub(crate) const fn is_dark(self, system_is_dark: bool) -> bool {
        match self {
            Self::System => system_is_dark,
            Self::Light => false,
            Self::Dark => true,
        }
    }

    /// The choice of that name; what the system says where there is none.
    pub(crate) fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|choice| choice.name() == name).unwrap_or(Self::System)
    }
}

/// The theme that was chosen on an earlier visit.
pub(crate) fn stored_theme() -> ThemeChoice {
    LocalStorage::get::<String>(THEME_KEY).map_or(ThemeChoice::System, |name| ThemeChoice::named(&name))
}

/// Shows and keeps a theme.
pub(crate) fn apply_theme(theme: ThemeChoice) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", theme.name());
    }
    // Where nothing may be stored, the choice holds for this visit.
    let _ = LocalStorage::set(THEME_KEY, theme.name());
}

/// What the address asks for. Where it asks for no view at all, the columns are those that were chosen last; a link
/// that somebody made, which its mark tells, shows everyone the same ones. And who wrote the address.
pub(crate) fn choice() -> (Choice, Author) {
    let mut choice = Choice::from_query(&query());
    let author = Author::of(&choice, author_by_entry());
    let is_of_another = author == Author::Another && choice.of.is_some();
    if !is_of_another
        && choice.is_any_view()
        && let Ok(columns) = LocalStorage::get::<String>(COLUMNS_KEY)
    {
        choice.players.take("columns", &columns);
    }
    (choice, author)
}

/// Keeps the columns of the table of players for the next visit; none for the usual ones.
pub(crate) fn keep_columns(columns: &str) {
    // Where nothing may be stored, the choice holds for this visit.
    let _ = LocalStorage::set(COLUMNS_KEY, columns);
}

/// Whether the system asks for dark colours, now and whenever that changes.
pub(crate) fn system_is_dark() -> ReadSignal<bool> {
    media("(prefers-color-scheme: dark)")
}

/// Whether the window is as narrow as a phone held upright, now and whenever that changes.
pub(crate) fn is_narrow() -> ReadSignal<bool> {
    media("(max-width: 599px)")
}

/// Whether a media query holds, now and whenever that changes, as long as the component is there.
fn media(query: &str) -> ReadSignal<bool> {
    let query = window().match_media(query).ok().flatten();
    let (holds, set_holds) = signal(query.as_ref().is_some_and(web_sys::MediaQueryList::matches));
    if let Some(query) = query {
        let list = query.clone();
        let changed = EventListener::new(&query, "change", move |_| set_holds.set(list.matches()));
        let changed = StoredValue::new_local(Some(changed));
        on_cleanup(move || drop(changed.try_update_value(Option::take)));
    }
    holds
}

/// The address's query string.
pub(crate) fn query() -> String {
    window().location().search().unwrap_or_default()
}

/// Who wrote the address by its entry in the history, which says it also after a reload; nothing where the page was not there.
fn author_by_entry() -> Option<Author> {
    let state = window().history().and_then(|history| history.state()).ok()?;
    Author::from_key(&state.as_string()?)
}

/// Writes the address, as a new entry of the history or in place of the last.
pub(crate) fn write_address(address: &Address, is_new_entry: bool) {
    let Address { query, author } = address;
    if query == self::query().trim_start_matches('?') && Some(*author) == author_by_entry() {
        return;
    }
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let mut url = if query.is_empty() { path } else { format!("{path}?{query}") };
    if !is_new_entry {
        // The place on the page that was gone to.
        url += &location.hash().unwrap_or_default();
    }
    let state = JsValue::from_str(author.key());
    // The history may be out of bounds in a sandboxed frame; the page works without it.
    let _ = window().history().and_then(|history| match is_new_entry {
        true => history.push_state_with_url(&state, "", Some(&url)),
        false => history.replace_state_with_url(&state, "", Some(&url)),
    });
}

/// Hands a file to the user.
pub(crate) fn download(name: &str, media_type: &str, bytes: &[u8]) {
    // A browser without room for a copy has nothing to hand over.
    let _ = save(name, media_type, &Array::of1(&Uint8Array::from(bytes)));
}

/// Hands a file to the user that is put together of pieces: bytes, or blobs.
///
/// # Errors
/// When the browser has no room for it.
pub(crate) fn save(name: &str, media_type: &str, pieces: &Array) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let file = Blob::new_with_blob_sequence_and_options(pieces, &options)?;
    let url = Url::create_object_url_with_blob(&file)?;
    download_url(name, &url);
    // An address that the browser has dropped already needs no second time.
    let drop_file = move || drop(Url::revoke_object_url(&url));
    Timeout::new(DOWNLOAD_MS, drop_file).forget();
    Ok(())
}

/// Hands what lies at an address of this document to the user.
pub(crate) fn download_url(name: &str, url: &str) {
    let Some(link) =
        document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok())
    else {
        return;
    };
    link.set_href(url);
    link.set_download(name);
    link.click();
}

/// The page's address with another query string.
pub(crate) fn address(query: &str) -> String {
    let location = window().location();
    let page = [location.origin(), location.pathname()].map(Result::unwrap_or_default).concat();
    if query.is_empty() { page } else { format!("{page}?{query}") }
}

/// Copies a text; whether that was possible.
pub(crate) async fn copy(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    // Without a secure context there is no clipboard, and its methods are not there to call.
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}
