//! What the reader made and this browser keeps: marks of players, and views under a name. They are kept one by one, so that two
//! tabs do not take each other's away, and of this site alone, for others may lie on the same host.

use idb::{Database, DatabaseEvent, Factory, KeyRange, ObjectStoreParams, Query, TransactionMode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use web_sys::Url;
use web_sys::js_sys::Array;
use wow_view::marks::{Mark, Marks};
use wow_view::views::View;

/// A database with other stores would be another version.
const VERSION: u32 = 1;
/// A mark by log and player.
const MARKS: &str = "marks";
/// A view by name.
const VIEWS: &str = "views";

/// The browser has no such store, lets the page keep nothing, or has no room.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NotKept;

impl From<idb::Error> for NotKept {
    fn from(_: idb::Error) -> Self {
        Self
    }
}

/// A mark as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    player_id: i64,
    mark: Mark,
}

/// The marks of a log's players.
///
/// # Errors
/// When the browser keeps nothing here.
pub(crate) async fn marks(log: &str) -> Result<Marks, NotKept> {
    // Texts come before lists, so this is all that begins with the log.
    let (from, to) = (Array::of1(&log.into()), Array::of2(&log.into(), &Array::new()));
    let range = KeyRange::bound(&from, &to, None, None)?;
    let kept = all::<Kept>(MARKS, Some(range.into())).await?;
    Ok(kept.into_iter().map(|kept| (kept.player_id, kept.mark)).collect())
}

/// Keeps marks in place of those that the same players had.
///
/// # Errors
/// When the browser keeps nothing here, or has no room; then none is kept.
pub(crate) async fn keep_marks(log: &str, marks: &Marks) -> Result<(), NotKept> {
    let entries = marks
        .iter()
        .map(|(player_id, mark)| (key(log, player_id), text(&Kept { player_id, mark: mark.clone() })));
    change(MARKS, entries.collect(), None).await
}

/// Lets go of a player's mark.
///
/// # Errors
/// When the browser keeps nothing here.
pub(crate) async fn remove_mark(log: &str, player_id: i64) -> Result<(), NotKept> {
    change(MARKS, Vec::new(), Some(key(log, player_id))).await
}

/// The views, in order of name.
///
/// # Errors
/// When the browser keeps nothing here.
pub(crate) async fn views() -> Result<Vec<View>, NotKept> {
    let mut views = all::<View>(VIEWS, None).await?;
    views.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(views)
}

/// Keeps a view in place of the one of its name, and lets go of the one that is called `instead_of`.
///
/// # Errors
/// When the browser keeps nothing here, or has no room; then nothing changes.
pub(crate) async fn keep_view(view: &View, instead_of: Option<&str>) -> Result<(), NotKept> {
    let removed = instead_of.filter(|name| *name != view.name).map(JsValue::from);
    change(VIEWS, vec![(view.name.as_str().into(), text(view))], removed).await
}

/// Lets go of a view.
///
/// # Errors
/// When the browser keeps nothing here.
pub(crate) async fn remove_view(name: &str) -> Result<(), NotKept> {
    change(VIEWS, Vec::new(), Some(name.into())).await
}

/// Ids have more digits than a number of the browser.
fn key(log: &str, player_id: i64) -> JsValue {
    Array::of2(&log.into(), &player_id.to_string().into()).into()
}

fn text(entry: &impl Serialize) -> JsValue {
    // Plain data, which can always be written.
    serde_json::to_string(entry).unwrap_or_default().into()
}

/// The entries of a store. What cannot be read, as another version may have left it, is left out.
async fn all<T: DeserializeOwned>(store: &str, query: Option<Query>) -> Result<Vec<T>, NotKept> {
    let database = open().await?;
    let transaction = database.transaction(&[store], TransactionMode::ReadOnly)?;
    let entries = transaction.object_store(store)?.get_all(query, None)?.await?;
    database.close();
    let entry = |entry: JsValue| serde_json::from_str(&entry.as_string()?).ok();
    Ok(entries.into_iter().filter_map(entry).collect())
}

/// Puts entries into a store and takes one away, all or nothing.
async fn change(store: &str, put: Vec<(JsValue, JsValue)>, removed: Option<JsValue>) -> Result<(), NotKept> {
    let database = open().await?;
    let transaction = database.transaction(&[store], TransactionMode::ReadWrite)?;
    let entries = transaction.object_store(store)?;
    for (key, entry) in &put {
        // Not waited for one by one: the end of the transaction tells of all.
        drop(entries.put(entry, Some(key))?);
    }
    if let Some(key) = removed {
        drop(entries.delete(key)?);
    }
    let ended = transaction.commit()?.await;
    database.close();
    match ended?.is_committed() {
        true => Ok(()),
        false => Err(NotKept),
    }
}

async fn open() -> Result<Database, NotKept> {
    let mut request = Factory::new()?.open(&name(), Some(VERSION))?;
    request.on_upgrade_needed(|event| {
        // Where a store cannot be made, opening fails.
        if let Ok(database) = event.database() {
            for store in [MARKS, VIEWS] {
                let _ = database.create_object_store(store, ObjectStoreParams::new());
            }
        }
    });
    Ok(request.await?)
}

/// What the database of this site is called.
fn name() -> String {
    let page = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let folder = Url::new_with_base("./", &page).map(|url| {
        url.set_search("");
        url.href()
    });
    format!("own of {}", folder.unwrap_or_default())
}
