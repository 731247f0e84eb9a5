//! Models 1 and 3, a row per event, packed as columns of Parquet while the events are read.

mod columns;
mod rows;

pub use columns::{EventColumns, SessionColumns, columns};
pub use rows::{EventRows, Walk};
