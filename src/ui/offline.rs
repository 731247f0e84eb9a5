//! What the page has to do with offline use: whether it shows a kept export, and what the browser keeps.

use std::sync::Arc;

use leptos::prelude::*;

use crate::kept;
use crate::open::Keeping;
use wow_view::dataset::Dataset;
use wow_view::kept::Kept;

/// A part of the page's state.
#[derive(Clone, Copy)]
pub(crate) struct Offline {
    /// Whether what is shown is a kept export, since its server does not answer.
    pub(crate) is_copy: RwSignal<bool>,
    /// What the browser keeps; nothing is known before somebody looks.
    pub(crate) kept: RwSignal<Option<Kept>>,
    /// Where the manifest lies of what is shown, and its text, if that is to be kept.
    manifest: StoredValue<Option<(String, String)>>,
}

impl Offline {
    pub(crate) fn new() -> Self {
        Self { is_copy: RwSignal::new(false), kept: RwSignal::new(None), manifest: StoredValue::new(None) }
    }

    /// Takes note of where the data come from that are opened.
    pub(crate) fn opened(self, keeping: Keeping) {
        self.is_copy.set(keeping == Keeping::Copy);
        self.manifest.set_value(match keeping {
            Keeping::Wanted { manifest_url, manifest } => Some((manifest_url, manifest)),
            Keeping::Never | Keeping::Copy => None,
        });
    }

    /// Keeps what was read to its end.
    pub(crate) fn keep(self, dataset: Option<Arc<Dataset>>) {
        let Some((url, text)) = self.manifest.get_value() else { return };
        leptos::task::spawn_local(async move {
            if let Some(manifest) = dataset.as_deref().and_then(Dataset::manifest) {
                kept::keep(&url, manifest, &text).await;
                self.kept.set(Some(kept::look().await));
            }
        });
    }

    /// Finds out what is kept.
    pub(crate) fn look(self) {
        leptos::task::spawn_local(async move { self.kept.set(Some(kept::look().await)) });
    }

    /// Lets go of the kept export.
    pub(crate) fn clear(self) {
        leptos::task::spawn_local(async move {
            kept::clear().await;
            self.kept.set(Some(kept::look().await));
        });
    }
}
