//! The engine of WoW Analytics: sessions, bot rules and player statistics over an event log.
//!
//! It does no I/O and knows no clock, no browser and no DuckDB. Bytes of Parquet go in through
//! [`read`], a mergeable [`pipeline::Partial`] comes out, and [`pipeline::Report`] is what a reader sees; [`write`]
//! packs columns of Parquet.
//! The meaning of every column is set by the reference SQL in `wow_analytics/`.

pub mod contract;
pub mod error;
pub mod facts;
pub mod manifest;
pub mod models;
pub mod pipeline;
pub mod read;
pub mod sampling;
pub mod schema;
pub mod synth;
pub mod time;
pub mod write;

pub use error::Error;
pub use pipeline::{Filter, Judge, Params, Query};
