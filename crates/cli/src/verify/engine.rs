//! The engine's side: the export's parts, scanned on all cores, and their rows as the models have them.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::RecordBatch;
use wow_engine::models::SessionEvents;
use wow_engine::pipeline::{Partial, Report};
use wow_engine::read::{EventFile, EventReader};
use wow_engine::schema::GuildKind;
use wow_engine::{Error, Params, read};

use crate::failure::Failure;
use crate::interrupt;
use crate::parts_folder::PartsFolder;

/// The parts in memory, and what the engine makes of them.
pub(super) struct Engine {
    /// The parts in order.
    pub(super) parts: Vec<EventFile>,
    /// The finished statistics.
    pub(super) report: Report,
}

impl Engine {
    /// Checks and scans all parts, and merges them in order.
    ///
    /// # Errors
    /// A [`Failure`] that names the part, and after Ctrl-C.
    pub(super) fn run(export: &PartsFolder, params: Params) -> anyhow::Result<Self> {
        let next = AtomicUsize::new(0);
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let work = || -> anyhow::Result<Vec<(usize, EventFile, Partial)>> {
            let mut scanned = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(part) = export.manifest.parts.get(index) else { return Ok(scanned) };
                interrupt::check()?;
                let file = export.read(part)?;
                let partial = scan(&file, params).map_err(|error| unreadable(error, &part.file, export))?;
                scanned.push((index, file, partial));
            }
        };
        let mut scanned = std::thread::scope(|scope| -> anyhow::Result<Vec<_>> {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let mut scanned = Vec::new();
            for worker in workers {
                let part = worker.join().map_err(|_| anyhow::anyhow!("the engine ended unexpectedly"))?;
                scanned.extend(part?);
            }
            Ok(scanned)
        })?;
        scanned.sort_unstable_by_key(|(index, ..)| *index);
        let mut whole = Partial::empty(params, GuildKind::Integer);
        let mut parts = Vec::with_capacity(scanned.len());
        for (index, file, partial) in scanned {
            let name = &export.manifest.parts[index].file;
            whole = whole.merge(partial).map_err(|error| unreadable(error, name, export))?;
            parts.push(file);
        }
        Ok(Self { parts, report: whole.finish() })
    }
}

fn scan(part: &EventFile, params: Params) -> Result<Partial, Error> {
    let mut go_on =
        |_| if interrupt::requested() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    read::scan(part, None, params, &mut go_on)
}

fn unreadable(error: Error, part: &str, export: &PartsFolder) -> anyhow::Error {
    anyhow::Error::new(error).context(Failure::Check(format!(
        "part {part} of the export cannot be used; run `{}` again",
        export.export_command()
    )))
}

/// The rows of model 1 or 3, part after part.
pub(super) struct EventRows<'a> {
    events: SessionEvents<'a>,
    parts: std::slice::Iter<'a, EventFile>,
    reader: Option<EventReader>,
}

impl<'a> EventRows<'a> {
    /// Rows before the first part.
    pub(super) fn new(parts: &'a [EventFile], events: SessionEvents<'a>) -> Self {
        Self { events, parts: parts.iter(), reader: None }
    }

    fn advance(&mut self) -> Result<Option<RecordBatch>, Error> {
        loop {
            if let Some(reader) = &mut self.reader {
                if let Some(batch) = self.events.next(reader)? {
                    return Ok(Some(batch));
                }
                self.reader = None;
            }
            let Some(part) = self.parts.next() else { return Ok(None) };
            self.reader = Some(part.events(None));
        }
    }
}

impl Iterator for EventRows<'_> {
    type Item = anyhow::Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().map_err(anyhow::Error::from).transpose()
    }
}
