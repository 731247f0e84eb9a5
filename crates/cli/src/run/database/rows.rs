//! Rows that DuckDB takes from this process, as it takes them from a table: by a table function, which several of its threads
//! may call. An appender takes them from one thread, and texts one by one: three times as slow for the rows of a log.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use duckdb::Connection;
use duckdb::core::{DataChunkHandle, LogicalTypeHandle, LogicalTypeId};
use duckdb::vtab::{
    BindInfo, InitInfo, TableFunctionInfo, VTab, record_batch_to_duckdb_data_chunk,
    to_duckdb_logical_type_for_field,
};

use crate::source;

/// The function's name in SQL.
const FUNCTION: &str = "wow_rows";
/// Batches that may wait to be taken.
const BATCHES_AHEAD: usize = 8;

/// What DuckDB is given, by number: a function in SQL has arguments of SQL alone.
static OFFERED: Mutex<BTreeMap<u64, Arc<Offered>>> = Mutex::new(BTreeMap::new());

struct Offered {
    schema: SchemaRef,
    left: Mutex<Left>,
}

struct Left {
    /// A batch of which some rows were taken.
    begun: Option<RecordBatch>,
    batches: Receiver<RecordBatch>,
}

/// Rows on offer to DuckDB, until this is dropped.
pub(super) struct Offer {
    number: u64,
}

/// Makes the function known to DuckDB.
///
/// # Errors
/// When DuckDB refuses.
pub(super) fn register(connection: &Connection) -> anyhow::Result<()> {
    Ok(connection.register_table_function::<Rows>(FUNCTION)?)
}

/// A way for batches. Whoever sends waits while enough are on the way, and is told when nobody takes them any longer.
pub(super) fn channel() -> (SyncSender<RecordBatch>, Receiver<RecordBatch>) {
    sync_channel(BATCHES_AHEAD)
}

impl Offer {
    /// Offers `first` and the batches after it.
    pub(super) fn new(first: RecordBatch, batches: Receiver<RecordBatch>) -> Self {
        let mut offered = held(&OFFERED);
        let number = offered.last_key_value().map_or(0, |(last, _)| last + 1);
        let schema = first.schema();
        let left = Mutex::new(Left { begun: Some(first), batches });
        offered.insert(number, Arc::new(Offered { schema, left }));
        Self { number }
    }

    /// The rows as a table in SQL.
    pub(super) fn sql(&self) -> String {
        format!("{FUNCTION}({}::ubigint)", self.number)
    }
}

impl Drop for Offer {
    fn drop(&mut self) {
        held(&OFFERED).remove(&self.number);
    }
}

/// The function.
struct Rows;

impl VTab for Rows {
    type InitData = ();
    type BindData = Arc<Offered>;

    fn parameters() -> Option<Vec<LogicalTypeHandle>> {
        Some(vec![LogicalTypeId::UBigint.into()])
    }

    fn bind(bind: &BindInfo) -> Result<Self::BindData, Box<dyn Error>> {
        let number = bind.get_parameter(0).to_uint64();
        let offered = held(&OFFERED).get(&number).cloned().ok_or("these rows are no longer on offer")?;
        for field in offered.schema.fields() {
            bind.add_result_column(field.name(), to_duckdb_logical_type_for_field(field)?);
        }
        Ok(offered)
    }

    fn init(init: &InitInfo) -> Result<Self::InitData, Box<dyn Error>> {
        init.set_max_threads(source::threads() as u64);
        Ok(())
    }

    fn func(call: &TableFunctionInfo<Self>, output: &mut DataChunkHandle) -> Result<(), Box<dyn Error>> {
        let rows_max = output.flat_vector(0).capacity();
        match held(&call.get_bind_data().left).take(rows_max) {
            Some(rows) => record_batch_to_duckdb_data_chunk(&rows, output),
            None => {
                output.set_len(0);
                Ok(())
            }
        }
    }
}

impl Left {
    /// The next rows, no more than so many; `None` after the last.
    fn take(&mut self, rows_max: usize) -> Option<RecordBatch> {
        // No rows at all would be the end to DuckDB.
        let next = || self.batches.iter().find(|batch| batch.num_rows() > 0);
        let batch = self.begun.take().filter(|batch| batch.num_rows() > 0).or_else(next)?;
        let rows = batch.num_rows().min(rows_max);
        if rows < batch.num_rows() {
            self.begun = Some(batch.slice(rows, batch.num_rows() - rows));
        }
        Some(batch.slice(0, rows))
    }
}

/// Whoever panicked while it held this left nothing half done.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
