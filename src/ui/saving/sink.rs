//! Where a large file goes: to the disk as it comes, where the browser lets a page write there; else into pieces that the
//! browser stores, which it then hands to the user as one file.

use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use web_sys::{Blob, DomException, File, FileSystemFileHandle, FileSystemWritableFileStream};

use crate::ui::browser;
use wow_view::players::Format;
use wow_view::saving::Trouble;

/// The browser's way to ask where a file is to be, where it has one.
const PICKER: &str = "showSaveFilePicker";
/// What it ends with when the user changes their mind.
const CHANGED_MIND: &str = "AbortError";

/// A file that is being written. What was written can be undone until it is finished.
#[derive(Clone)]
pub(super) enum Sink {
    /// On the disk: not under its name before it is whole.
    Disk { file: FileSystemFileHandle, stream: FileSystemWritableFileStream },
    /// In the browser's store, outside the memory of any module.
    Pieces { name: String, pieces: Array },
}

impl Sink {
    /// Asks where the file is to be, which a browser allows only right after a click; `None` when the user changes their mind.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub(super) async fn open(name: &str) -> Result<Option<Self>, Trouble> {
        let picker = Reflect::get(&window(), &PICKER.into()).ok();
        let Some(picker) = picker.and_then(|picker| picker.dyn_into::<Function>().ok()) else {
            return Ok(Some(Self::Pieces { name: name.to_owned(), pieces: Array::new() }));
        };
        let options = Object::new();
        // A new object takes any property.
        let _ = Reflect::set(&options, &"suggestedName".into(), &name.into());
        let picked = match picker.call1(&window(), &options) {
            Ok(picked) => JsFuture::from(Promise::resolve(&picked)).await,
            Err(error) => Err(error),
        };
        match picked {
            Ok(file) => {
                let file: FileSystemFileHandle = file.unchecked_into();
                let stream = JsFuture::from(file.create_writable()).await.map_err(trouble)?;
                Ok(Some(Self::Disk { file, stream: stream.unchecked_into() }))
            }
            Err(error) if name_of(&error).as_deref() == Some(CHANGED_MIND) => Ok(None),
            Err(error) => Err(trouble(error)),
        }
    }

    /// Writes the next bytes; once that is done they need no memory here.
    ///
    /// # Errors
    /// When the disk or the browser does not take them.
    pub(super) async fn write(&self, bytes: &Uint8Array) -> Result<(), Trouble> {
        match self {
            Self::Disk { stream, .. } => {
                let written = stream.write_with_buffer_source(bytes).map_err(trouble)?;
                JsFuture::from(written).await.map_err(trouble)?;
            }
            Self::Pieces { pieces, .. } => {
                let piece = Blob::new_with_buffer_source_sequence(&Array::of1(bytes)).map_err(trouble)?;
                pieces.push(&piece);
            }
        }
        Ok(())
    }

    /// Ends the file, which is the user's from then on.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub(super) async fn finish(self) -> Result<(), Trouble> {
        match self {
            Self::Disk { stream, .. } => JsFuture::from(stream.close()).await.map_err(trouble).map(drop),
            Self::Pieces { name, pieces } => {
                browser::save(&name, Format::Parquet.media_type(), &pieces).map_err(trouble)
            }
        }
    }

    /// Undoes what was written. A file that was made for it goes too.
    pub(super) async fn undo(self) {
        let Self::Disk { file, stream } = self else { return };
        // Where that fails, as after a failed write, it is undone already.
        let _ = JsFuture::from(stream.abort()).await;
        let left: Result<File, _> = JsFuture::from(file.get_file()).await.map(JsCast::unchecked_into);
        if left.is_ok_and(|left| left.size() == 0.0) {
            // Not every browser can take a file away; an empty one says enough.
            let remove =
                Reflect::get(&file, &"remove".into()).ok().and_then(|it| it.dyn_into::<Function>().ok());
            if let Some(Ok(removed)) = remove.map(|remove| remove.call0(&file)) {
                let _ = JsFuture::from(Promise::resolve(&removed)).await;
            }
        }
    }
}

fn name_of(error: &JsValue) -> Option<String> {
    error.dyn_ref::<DomException>().map(DomException::name)
}

fn trouble(error: JsValue) -> Trouble {
    let name = name_of(&error).unwrap_or_default();
    let said = Reflect::get(&error, &"message".into()).ok().and_then(|message| message.as_string());
    Trouble::Disk { name, detail: said.unwrap_or_else(|| "the browser does not say why".to_owned()) }
}
