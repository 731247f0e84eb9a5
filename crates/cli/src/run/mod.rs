//! The four models: into the database by [`database`], as Parquet by [`parquet`]. Both let the engine compute what has a row
//! per event or per player.

pub(crate) mod database;
mod groups;
pub(crate) mod parquet;
