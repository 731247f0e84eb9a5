//! A file that was opened, of this machine or fetched whole. Its bytes stay where they are and are read by ranges.

use std::ops::Range;
use std::rc::Rc;

use web_sys::Blob;
use wow_engine::contract::{Partition, Reading};
use wow_engine::pipeline::{History, Scanner};
use wow_engine::read::{self, EventFile, Gather, Gatherer, LogDecoder, LogFile, Opening, Scan, Search, Work};
use wow_engine::{Filter, Query};

use super::NewScanner;
use super::blob::{BlobSource, OnItsWay};
use super::rows::Rest;
use super::store::{OnProgress, PROGRESS_ROWS, failure, now_and_then};
use crate::protocol::{Failure, PartFacts};

/// A file and where its bytes are.
pub(super) struct LocalFile {
    name: String,
    blob: BlobSource,
    log: LogFile<()>,
}

impl LocalFile {
    /// Opens a file.
    ///
    /// # Errors
    /// [`Failure::Schema`] when it is no event log, [`Failure::Damaged`].
    pub(super) async fn open(name: &str, blob: Blob) -> Result<Self, Failure> {
        let blob = BlobSource::new(blob);
        let mut opening = Opening::new(blob.len(), &Partition::of_path(name));
        let opened = blob.complete(&mut opening, &mut |_| {}).await;
        let log = opened.and_then(|()| opening.finish()).map_err(|error| failure(name, &error))?;
        Ok(Self { name: name.to_owned(), blob, log })
    }

    /// Its bytes.
    pub(super) const fn blob(&self) -> &BlobSource {
        &self.blob
    }

    /// What its footer says of its row groups; `None` where it has none, as CSV.
    pub(super) fn row_groups(&self) -> Option<Vec<read::RowGroup>> {
        let LogFile::Parquet(events) = &self.log else { return None };
        Some((0..events.row_groups()).map(|index| events.row_group(index)).collect())
    }

    /// How it is read, as far as it is.
    pub(super) fn reading(&self) -> Reading {
        self.log.reading()
    }

    /// Its row groups, which only Parquet has.
    fn events(&self) -> Result<&EventFile<()>, Failure> {
        match &self.log {
            LogFile::Parquet(events) => Ok(events),
            LogFile::Csv(_) => {
                Err(Failure::Worker { detail: "a file without row groups was asked for some".into() })
            }
        }
    }

    async fn complete(&self, work: &mut impl Work, on_progress: OnProgress<'_>) -> Result<(), Failure> {
        let before = self.blob.bytes_read();
        let tell = |rows| on_progress(self.blob.bytes_read() - before, rows);
        let done = self.blob.complete(work, &mut now_and_then(PROGRESS_ROWS, tell)).await;
        done.map_err(|error| failure(&self.name, &error))
    }

    /// Has a scanner go through some row groups, and says what is known of them.
    ///
    /// # Errors
    /// What the engine says of them.
    pub(super) async fn scan(
        &self,
        row_groups: Range<usize>,
        scanner: NewScanner,
        on_progress: OnProgress<'_>,
    ) -> Result<(PartFacts, Scanner), Failure> {
        let events = self.events()?;
        let mut scan = Scan::new(events, Some(row_groups.collect()), scanner.of(events.guild_kind()));
        self.complete(&mut scan, on_progress).await?;
        let scanner = scan.finish();
        let facts =
            PartFacts { name: self.name.clone(), rows: scanner.events_read(), ..PartFacts::default() };
        Ok((facts, scanner))
    }

    /// Gathers the events of some row groups, or of the whole file.
    ///
    /// # Errors
    /// What the engine says of them.
    pub(super) async fn gather(
        &self,
        row_groups: Option<Range<usize>>,
        gatherer: &mut Gatherer,
        on_progress: OnProgress<'_>,
    ) -> Result<(), Failure> {
        let decoder = match row_groups {
            Some(row_groups) => {
                LogDecoder::Parquet(Box::new(self.events()?.decoder(Some(row_groups.collect()))))
            }
            None => self.log.decoder(),
        };
        self.complete(&mut Gather::new(gatherer, decoder), on_progress).await
    }

    /// The events of some row groups that match, one after the other.
    ///
    /// # Errors
    /// Where it has no row groups.
    pub(super) fn rest(self: Rc<Self>, row_groups: Range<usize>, filter: Filter) -> Result<Rest, Failure> {
        let decoder = self.events()?.decoder(Some(row_groups.collect())).only(filter);
        Ok(Rest::File(Box::new(decoder), OnItsWay::default(), self))
    }

    /// What a player did in some row groups.
    ///
    /// # Errors
    /// What the engine says of them.
    pub(super) async fn history(
        &self,
        row_groups: Range<usize>,
        query: &Query,
        player_id: i64,
    ) -> Result<History, Failure> {
        let mut search = Search::new(self.events()?, Some(row_groups.collect()), query, player_id);
        self.complete(&mut search, &|_, _| {}).await?;
        Ok(search.finish())
    }
}
