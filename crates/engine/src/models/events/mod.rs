//! Models 1 and 3, a row per event: collected column by column while the events are read, then packed as Parquet or given
//! as record batches.

#[cfg(feature = "models")]
mod batch;
mod columns;
mod one_pass;
mod rows;

#[cfg(feature = "models")]
pub use batch::{SessionEvents, coded_batch};
pub use columns::{EventColumns, SessionColumns, columns};
pub use one_pass::OnePass;
pub use rows::EventRows;
