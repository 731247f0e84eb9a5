//! Files of this machine: picked, or dropped, alone or with the folders that they lie in. They never leave it.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{Array, Function, Promise, Uint8Array};
use web_sys::{
    Blob, DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry,
};
use wow_engine::contract::{Partition, is_left_out};

use crate::protocol::Failure;

/// Bytes of two files that are compared at a time.
const PIECE_BYTES: u64 = 1 << 20;

/// A file, and its way from the folder that was chosen: that folder's name, those below it and the file's own name,
/// with slashes between them; the file's name alone where it was chosen by itself.
#[derive(Clone)]
pub(crate) struct LocalFile {
    pub(crate) path: String,
    pub(crate) file: File,
}

/// What was dropped. The browser tells it only while it handles the event, before anyone waits for anything.
pub(crate) enum Dropped {
    /// Files alone.
    Files(Option<FileList>),
    /// Files and folders that are still to be looked into.
    Entries(Vec<FileSystemEntry>),
}

/// The files that were picked, by themselves or as a folder; none where nothing was.
///
/// # Errors
/// [`Failure::Schema`] for a folder without data.
pub(crate) fn picked(list: Option<FileList>) -> Result<Vec<LocalFile>, Failure> {
    let list = list.map(|list| (0..list.length()).filter_map(|index| list.get(index)).collect());
    let files: Vec<File> = list.unwrap_or_default();
    let local = |file: File| {
        // The platform's bindings lack it. It is empty where no folder was picked.
        let path = web_sys::js_sys::Reflect::get(&file, &JsValue::from("webkitRelativePath"));
        let path = path.ok().and_then(|path| path.as_string()).filter(|path| !path.is_empty());
        LocalFile { path: path.unwrap_or_else(|| file.name()), file }
    };
    in_order(files.into_iter().map(local).collect())
}

impl Dropped {
    /// What lies in a transfer.
    pub(crate) fn of(transfer: &DataTransfer) -> Self {
        let items = transfer.items();
        let items = (0..items.length()).filter_map(|index| items.get(index));
        let entries: Vec<FileSystemEntry> =
            items.filter_map(|item| item.webkit_get_as_entry().ok().flatten()).collect();
        if entries.iter().any(FileSystemEntry::is_directory) {
            Self::Entries(entries)
        } else {
            Self::Files(transfer.files())
        }
    }

    /// All files, also those in folders.
    ///
    /// # Errors
    /// [`Failure::Damaged`] for a folder that the browser cannot read, [`Failure::Schema`] for one without data.
    pub(crate) async fn files(self) -> Result<Vec<LocalFile>, Failure> {
        let mut pending = match self {
            Self::Files(files) => return picked(files),
            Self::Entries(entries) => entries,
        };
        let mut files = Vec::new();
        while let Some(entry) = pending.pop() {
            // An entry's path begins with a slash.
            let path = entry.full_path().trim_start_matches('/').to_owned();
            let unreadable =
                |_| Failure::Damaged { name: path.clone(), detail: "the browser cannot read it".into() };
            if entry.is_directory() {
                pending.extend(entries_of(entry.unchecked_ref()).await.map_err(unreadable)?);
            } else {
                let file = file_of(entry.unchecked_ref()).await.map_err(unreadable)?;
                files.push(LocalFile { path, file });
            }
        }
        match files.is_empty() {
            true => Err(no_data("the folder")),
            false => in_order(files),
        }
    }
}

fn no_data(folder: &str) -> Failure {
    let detail = "there is no data in it; choose one with CSV or Parquet files".into();
    Failure::Schema { name: folder.to_owned(), detail }
}

/// The files that hold data, in the order of their paths.
fn in_order(files: Vec<LocalFile>) -> Result<Vec<LocalFile>, Failure> {
    let folder = files.first().and_then(|file| Some(file.path.split_once('/')?.0.to_owned()));
    let below = |file: &LocalFile| file.path.split_once('/').is_some_and(|(_, below)| is_left_out(below));
    let mut files: Vec<LocalFile> = files.into_iter().filter(|file| !below(file)).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    match folder {
        Some(folder) if files.is_empty() => Err(no_data(&folder)),
        _ => Ok(files),
    }
}

async fn entries_of(folder: &FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, JsValue> {
    let reader = folder.create_reader();
    let mut entries = Vec::new();
    loop {
        // Some at a time, until there are none left.
        let read = |resolve: Function, reject: Function| {
            reader.read_entries_with_callback_and_callback(&resolve, &reject)
        };
        let some: Array = promised(read).await?.dyn_into()?;
        if some.length() == 0 {
            return Ok(entries);
        }
        entries.extend(some.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}

async fn file_of(entry: &FileSystemFileEntry) -> Result<File, JsValue> {
    let read = |resolve: Function, reject: Function| {
        entry.file_with_callback_and_callback(&resolve, &reject);
        Ok(())
    };
    promised(read).await?.dyn_into()
}

/// The answer of a function of the browser that takes two callbacks.
async fn promised(
    mut ask: impl FnMut(Function, Function) -> Result<(), JsValue>,
) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        if let Err(error) = ask(resolve, reject.clone()) {
            // A function that rejects a promise cannot fail.
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    });
    JsFuture::from(promise).await
}

/// Files with the same bytes as one before them, by their places: the events in them would count twice. What they are called
/// says nothing of that, but other values that their folders give make other events of the same bytes.
pub(crate) async fn twins(files: &[LocalFile]) -> Vec<(usize, usize)> {
    let mut twins = Vec::new();
    let mut distinct: Vec<(usize, Partition)> = Vec::new();
    for (place, local) in files.iter().enumerate() {
        let (blob, partition): (&Blob, _) = (&local.file, Partition::of_path(&local.path));
        let mut twin = None;
        for (other, of_other) in &distinct {
            let other_blob: &Blob = &files[*other].file;
            let are_alike = blob.size() == other_blob.size() && partition == *of_other;
            if are_alike && have_same_bytes(blob, other_blob).await {
                twin = Some(*other);
                break;
            }
        }
        match twin {
            Some(other) => twins.push((other, place)),
            None => distinct.push((place, partition)),
        }
    }
    twins
}

/// Whether two files of one size have the same bytes. One that cannot be read is told later, by whoever needs it.
async fn have_same_bytes(a: &Blob, b: &Blob) -> bool {
    let bytes = a.size() as u64;
    for start in (0..bytes).step_by(PIECE_BYTES as usize) {
        let end = bytes.min(start + PIECE_BYTES);
        match (piece(a, start, end).await, piece(b, start, end).await) {
            (Ok(a), Ok(b)) if a == b => {}
            _ => return false,
        }
    }
    true
}

async fn piece(blob: &Blob, start: u64, end: u64) -> Result<Vec<u8>, JsValue> {
    let piece = blob.slice_with_f64_and_f64(start as f64, end as f64)?;
    Ok(Uint8Array::new(&JsFuture::from(piece.array_buffer()).await?).to_vec())
}
