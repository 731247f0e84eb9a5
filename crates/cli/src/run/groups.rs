//! The export's row groups, each with what is needed to compute its rows on its own.

use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};
use parquet::file::statistics::Statistics;
use wow_engine::pipeline::{Strings, Walk};
use wow_engine::read::{EventFile, EventReader};
use wow_engine::time::Minutes;

use crate::interrupt;
use crate::parts_folder::PartsFolder;

/// A row group.
pub(super) struct SourceGroup {
    /// The part's bytes.
    pub(super) bytes: Bytes,
    file: EventFile,
    metadata: Arc<ParquetMetaData>,
    index: usize,
    /// How far its first player has got, if the player began in an earlier row group.
    pub(super) walk: Option<Walk>,
}

impl SourceGroup {
    /// What the footer says of it.
    pub(super) fn metadata(&self) -> &RowGroupMetaData {
        self.metadata.row_group(self.index)
    }

    /// Its events.
    pub(super) fn events(&self) -> EventReader {
        self.file.events(Some(vec![self.index]))
    }

    /// The first and the last player.
    fn players(&self) -> anyhow::Result<(i64, i64)> {
        match self.metadata().column(0).statistics() {
            Some(Statistics::Int64(range)) => range.min_opt().copied().zip(range.max_opt().copied()),
            _ => None,
        }
        .context("a row group of the export has no range of players")
    }

    /// Walks over the rows of the last player, to know how far the player has got at the group's end.
    fn walk_to_end(&self, session_gap_minutes: Minutes, player_id: i64) -> anyhow::Result<Walk> {
        let mut walk = self
            .walk
            .clone()
            .filter(|walk| walk.player_id == player_id)
            .unwrap_or_else(|| Walk::new(player_id, session_gap_minutes));
        let mut strings = Strings::default();
        let mut reader = self.events();
        while let Some(events) = reader.next(&mut strings)? {
            for (_, rows) in events.player_id.iter().filter(|(id, _)| *id == player_id) {
                walk.extend(&events.time_us[rows], |_| ())?;
            }
        }
        Ok(walk)
    }
}

/// Reads part after part and hands out their row groups, in order.
///
/// # Errors
/// When a part cannot be read, after Ctrl-C, and those of `give`.
pub(super) fn give_all(
    export: &PartsFolder,
    session_gap_minutes: Minutes,
    give: &mut dyn FnMut(Arc<SourceGroup>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut previous: Option<Arc<SourceGroup>> = None;
    for part in &export.manifest.parts {
        interrupt::check()?;
        let (bytes, file) = export.read_whole(part)?;
        let metadata = Arc::new(ParquetMetaDataReader::new().parse_and_finish(&bytes)?);
        for index in 0..metadata.num_row_groups() {
            let mut group = SourceGroup {
                bytes: bytes.clone(),
                file: file.clone(),
                metadata: Arc::clone(&metadata),
                index,
                walk: None,
            };
            let first = group.players()?.0;
            if let Some(previous) = previous.take()
                && previous.players()?.1 == first
            {
                group.walk = Some(previous.walk_to_end(session_gap_minutes, first)?);
            }
            let group = Arc::new(group);
            give(Arc::clone(&group))?;
            previous = Some(group);
        }
    }
    Ok(())
}
