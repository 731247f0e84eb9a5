//! The engine's side: the export's parts, scanned on all cores, and their rows as the models have them.

use arrow::array::RecordBatch;
use wow_engine::models::events::SessionEvents;
use wow_engine::pipeline::Report;
use wow_engine::read::{EventFile, EventReader};
use wow_engine::{Error, Query};

use crate::parallel;
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
    pub(super) fn run(export: &PartsFolder, query: Query) -> anyhow::Result<Self> {
        let mut parts = Vec::with_capacity(export.manifest.parts.len());
        let report = export.scan(query, parallel::cores(), |_, file, _| parts.push(file))?;
        Ok(Self { parts, report })
    }
}

/// The rows of model 1 or 3, part after part.
pub(super) struct EventRows<'a> {
    events: SessionEvents,
    engine: &'a Engine,
    parts: std::slice::Iter<'a, EventFile>,
    reader: Option<EventReader>,
}

impl<'a> EventRows<'a> {
    /// Rows before the first part.
    pub(super) fn new(engine: &'a Engine, events: SessionEvents) -> Self {
        Self { events, engine, parts: engine.parts.iter(), reader: None }
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
            self.reader = Some(part.events(None).only(self.engine.report.filter.clone()));
        }
    }
}

impl Iterator for EventRows<'_> {
    type Item = anyhow::Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().map_err(anyhow::Error::from).transpose()
    }
}
