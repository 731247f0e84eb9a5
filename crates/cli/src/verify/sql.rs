//! The SQL side: the models in DuckDB, and their rows in order.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use duckdb::Connection;
use wow_engine::schema::{self, NumberKind};

use crate::failure::Failure;
use crate::reference::PlayerRange;

/// DuckDB's share of memory. More than that it writes to a temporary folder.
const MEMORY_LIMIT: &str = "2GB";
/// Batches that DuckDB may be ahead of the comparison.
const BATCHES_AHEAD: usize = 64;

/// Bounds what DuckDB takes of memory.
///
/// # Errors
/// When DuckDB refuses.
pub(super) fn bound_memory(connection: &Connection, scratch: &std::path::Path) -> anyhow::Result<()> {
    let folder = scratch.display().to_string().replace('\'', "''");
    // Insertion order stays preserved: without that DuckDB streams even ordered rows in any order.
    connection.execute_batch(&format!(
        "set temp_directory = '{folder}'; set memory_limit = '{MEMORY_LIMIT}'; set preserve_insertion_order = true"
    ))?;
    Ok(())
}

/// The query for the rows of some players of a table or view, given as SQL writes it, in order; guilds as the export has
/// them.
fn query(relation: &str, columns: &[String], kind: NumberKind, range: &PlayerRange) -> String {
    // A model hands names on as the table has them, whose letters may be capital.
    let has = |name: &str| columns.iter().any(|column| column.eq_ignore_ascii_case(name));
    let guild_type = match kind {
        NumberKind::Integer => "bigint",
        NumberKind::Float => "double",
    };
    let cast = if has(schema::GUILD) {
        format!("replace (cast(guild as {guild_type}) as guild)")
    } else {
        String::new()
    };
    let order = if has(schema::DATETIME) { "player_id, datetime" } else { "player_id" };
    format!("select * {cast} from {relation} where {} order by {order}", range.condition())
}

/// The columns of a table or view, with guilds as the export has them.
///
/// # Errors
/// When it cannot be read.
pub(super) fn describe(
    connection: &Connection,
    relation: &str,
    kind: NumberKind,
) -> anyhow::Result<SchemaRef> {
    let mut statement = connection.prepare(&format!("select * from {relation} limit 0"))?;
    let names: Vec<String> = {
        let batches = statement.query_arrow([])?;
        batches.get_schema().fields().iter().map(|field| field.name().clone()).collect()
    };
    let range = PlayerRange::split_at([])[0];
    let mut statement =
        connection.prepare(&format!("from ({}) limit 0", query(relation, &names, kind, &range)))?;
    Ok(statement.query_arrow([])?.get_schema())
}

/// The rows of a table or view, computed on a thread of their own.
pub(super) struct SqlRows<'scope> {
    batches: Receiver<RecordBatch>,
    worker: Option<ScopedJoinHandle<'scope, anyhow::Result<Duration>>>,
    busy: Duration,
}

impl<'scope> SqlRows<'scope> {
    /// Starts to compute the rows, range after range, and gives so many copies of them besides, all of which are to be taken
    /// at the same time. They end early when they are no longer wanted.
    pub(super) fn start<'env>(
        scope: &'scope Scope<'scope, 'env>,
        // Temporary tables belong to their connection, so it has to be this one and no other.
        connection: &'env mut Connection,
        relation: &'env str,
        (columns, kind): (&SchemaRef, NumberKind),
        ranges: &'env [PlayerRange],
        copies: usize,
    ) -> (Self, Vec<Receiver<RecordBatch>>) {
        let columns: Vec<String> = columns.fields().iter().map(|field| field.name().clone()).collect();
        let queries: Vec<String> =
            ranges.iter().map(|range| query(relation, &columns, kind, range)).collect();
        let (senders, mut receivers): (Vec<_>, Vec<_>) =
            (0..=copies).map(|_| sync_channel(BATCHES_AHEAD)).unzip();
        let batches = receivers.remove(0);
        let worker = scope.spawn(move || {
            send_all(connection, &queries, senders).with_context(|| {
                Failure::Check(format!("the rows of {relation} cannot be read from DuckDB; see the cause"))
            })
        });
        (Self { batches, worker: Some(worker), busy: Duration::ZERO }, receivers)
    }

    /// Time that DuckDB needed for the rows; complete when all rows were taken.
    pub(super) const fn busy(&self) -> Duration {
        self.busy
    }
}

impl Iterator for SqlRows<'_> {
    type Item = anyhow::Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Ok(batch) = self.batches.recv() {
            return Some(Ok(batch));
        }
        // The sender is gone: the rows are at their end, or an error ended them.
        match self.worker.take()?.join() {
            Ok(Ok(busy)) => {
                self.busy = busy;
                None
            }
            Ok(Err(error)) => Some(Err(error)),
            Err(_) => Some(Err(anyhow::anyhow!("DuckDB ended unexpectedly"))),
        }
    }
}

fn send_all(
    connection: &Connection,
    queries: &[String],
    mut senders: Vec<SyncSender<RecordBatch>>,
) -> anyhow::Result<Duration> {
    let mut busy = Duration::ZERO;
    for query in queries {
        let mut started = Instant::now();
        let mut statement = connection.prepare(query)?;
        for batch in statement.stream_arrow([])? {
            let batch = batch?;
            busy += started.elapsed();
            senders.retain(|sender| sender.send(batch.clone()).is_ok());
            if senders.is_empty() {
                return Ok(busy);
            }
            started = Instant::now();
        }
        busy += started.elapsed();
    }
    Ok(busy)
}
