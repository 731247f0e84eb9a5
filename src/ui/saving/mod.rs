//! Files made for the user: tables in one go, by a worker of their own, and rows of a model as they come.

mod sink;

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::Blob;
use web_sys::js_sys::{Array, Uint8Array};
use wow_engine::pipeline::Report;
use wow_engine::schema::NumberKind;
use wow_engine::write::{MAGIC, Note};

use self::sink::Sink;
use super::{browser, frame};
use crate::client::{self, Rows};
use crate::protocol::{Failure, Sheet, WholeFile};
use wow_view::failure::Origin;
use wow_view::marks::Marks;
use wow_view::saving::{self, Progress, Trouble};

/// A blob of so many bytes is made in a few milliseconds.
const PIECE_BYTES: u32 = 8 << 20;

/// What is to be said of the last file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// It is being written.
    Progress(Progress),
    /// It is there.
    Done(String),
    /// It is not.
    Failed(String),
}

/// The files that are being made; part of the page's state.
#[derive(Clone, Copy)]
pub(crate) struct Saving {
    /// What is to be said; nothing where nobody need know.
    pub(crate) said: RwSignal<Option<Said>>,
    /// What the large file is written to.
    sink: StoredValue<Option<Sink>, LocalStorage>,
    /// Counts the large files, so that one that was cancelled says no more.
    number: StoredValue<u32>,
}

/// A table to take along.
pub(crate) struct Table {
    /// Its file's name.
    pub(crate) name: String,
    /// What the browser calls its kind.
    pub(crate) media_type: &'static str,
    /// The table.
    pub(crate) sheet: Sheet,
    /// What was chosen, as the address has it.
    pub(crate) query: String,
    /// Where it comes from, for a format that can tell it.
    pub(crate) notes: Vec<Note>,
    /// What it is made of.
    pub(crate) reports: Vec<Arc<Report>>,
    /// The marks of the players in it.
    pub(crate) marks: Arc<Marks>,
}

/// A model with a row per event, to be written as it is made.
pub(crate) struct EventFile {
    /// How many rows it has.
    pub(crate) row_count: u64,
    /// How guild numbers are stored.
    pub(crate) guild_kind: NumberKind,
    /// Where it comes from.
    pub(crate) notes: Vec<Note>,
    /// The rows.
    pub(crate) rows: Rows,
}

impl Saving {
    pub(crate) fn new() -> Self {
        Self { said: RwSignal::new(None), sink: StoredValue::new_local(None), number: StoredValue::new(0) }
    }

    /// Whether a large file is being written.
    pub(crate) fn is_writing(self) -> bool {
        self.said.with(|said| matches!(said, Some(Said::Progress(_))))
    }

    /// Makes a table's file in a worker and hands it to the user.
    pub(crate) async fn table(self, table: Table, origin: Origin) {
        match save(&table).await {
            Err(trouble) => self.said.set(Some(Said::Failed(saving::say(&table.name, &trouble, origin)))),
            Ok(()) if !self.is_writing() => self.said.set(None),
            Ok(()) => {}
        }
    }

    /// Asks where a large file is to be and writes it there, row group by row group. `file` is asked for what it is made of
    /// once that is known.
    pub(crate) async fn events(self, name: String, origin: Origin, file: impl FnOnce() -> Option<EventFile>) {
        let sink = match Sink::open(&name).await {
            Ok(Some(sink)) => sink,
            Ok(None) => return,
            Err(trouble) => {
                return self.said.set(Some(Said::Failed(saving::say(&name, &trouble, origin))));
            }
        };
        let Some(mut file) = file() else { return sink.undo().await };
        self.number.update_value(|number| *number = number.wrapping_add(1));
        let number = self.number.get_value();
        self.sink.set_value(Some(sink.clone()));
        let mut progress = Progress { name, rows: file.row_count, ..Progress::default() };
        self.said.set(Some(Said::Progress(progress.clone())));
        let written = self.write(&sink, &mut file, &mut progress, number).await;
        if self.number.get_value() != number {
            // It was cancelled, and what was written is undone.
            return;
        }
        self.sink.set_value(None);
        self.said.set(Some(match written {
            Ok(()) => Said::Done(progress.done()),
            Err(trouble) => {
                sink.undo().await;
                Said::Failed(saving::say(&progress.name, &trouble, origin))
            }
        }));
    }

    async fn write(
        self,
        sink: &Sink,
        file: &mut EventFile,
        progress: &mut Progress,
        number: u32,
    ) -> Result<(), Trouble> {
        let is_wanted = || self.number.get_value() == number;
        let mut footers = Vec::new();
        append(sink, &Uint8Array::from(MAGIC.as_slice()), progress).await?;
        while let Some(piece) = file.rows.next().await.map_err(Trouble::Made)? {
            // Once it is cancelled, what is written is undone, and may not grow any more.
            if !is_wanted() {
                return Ok(());
            }
            append(sink, &piece.data, progress).await?;
            footers.push(piece.footer);
            progress.rows_done += piece.rows;
            if !is_wanted() {
                return Ok(());
            }
            self.said.set(Some(Said::Progress(progress.clone())));
        }
        if progress.rows_done != progress.rows {
            let detail = format!("{} rows were made of {}", progress.rows_done, progress.rows);
            return Err(Trouble::Made(Failure::Worker { detail }));
        }
        let footer = WholeFile::Footer { guild_kind: file.guild_kind, notes: file.notes.clone() };
        let footer = client::write(footer, &footers).await.map_err(Trouble::Made)?;
        if !is_wanted() {
            return Ok(());
        }
        append(sink, &footer, progress).await?;
        sink.clone().finish().await
    }

    /// Stops to write a large file, and undoes what was written of it.
    pub(crate) fn cancel(self) {
        self.number.update_value(|number| *number = number.wrapping_add(1));
        self.said.set(None);
        let sink = self.sink.try_update_value(Option::take).flatten();
        if let Some(sink) = sink {
            leptos::task::spawn_local(sink.undo());
        }
    }
}

async fn append(sink: &Sink, bytes: &Uint8Array, progress: &mut Progress) -> Result<(), Trouble> {
    // What is transferred, as a stream may do, has no length any more.
    let length = u64::from(bytes.length());
    sink.write(bytes).await?;
    progress.bytes += length;
    Ok(())
}

async fn save(table: &Table) -> Result<(), Trouble> {
    let refused = |_| Trouble::Disk { name: String::new(), detail: "the browser has no room".into() };
    let file = make(table).await.map_err(Trouble::Made)?;
    let pieces = blobs(&file).await.map_err(refused)?;
    browser::save(&table.name, table.media_type, &pieces).map_err(refused)
}

/// A file as blobs. The browser copies what it makes a blob of: a large file in more tasks than one.
async fn blobs(file: &Uint8Array) -> Result<Array, JsValue> {
    let (pieces, mut start) = (Array::new(), 0);
    while start < file.length() {
        let end = start.saturating_add(PIECE_BYTES).min(file.length());
        let piece = Blob::new_with_buffer_source_sequence(&Array::of1(&file.subarray(start, end)))?;
        pieces.push(&piece);
        start = end;
        frame::pause().await;
    }
    Ok(pieces)
}

async fn make(table: &Table) -> Result<Uint8Array, Failure> {
    let unsendable = |error: wow_engine::Error| Failure::Worker { detail: error.to_string() };
    let mut reports = Vec::new();
    for report in &table.reports {
        reports.push(packed(report).await.map_err(unsendable)?);
    }
    let (sheet, query) = (table.sheet.clone(), table.query.clone());
    let (marks, notes) = (Marks::clone(&table.marks), table.notes.clone());
    let sheet = WholeFile::Sheet { sheet, query, marks, notes };
    client::write(sheet, &reports).await
}

/// A report as a worker is handed it. It is large where players are many: then it is copied piece by piece, out of the memory of
/// the compiled code, which never gives any back, and not in one task.
async fn packed(report: &Report) -> Result<Uint8Array, wow_engine::Error> {
    let (length, pieces) = report.pieces()?;
    let packed = Uint8Array::new_with_length(length as u32);
    let mut start = 0;
    for piece in pieces {
        let end = start + piece.len() as u32;
        packed.subarray(start, end).copy_from(&piece);
        start = end;
        frame::pause().await;
    }
    Ok(packed)
}
