//! From CSV and Parquet files to the table `wowlogs`, read as the engine reads them wherever they come from.

mod counted;
mod events;
mod folder;
pub(crate) mod rows;
mod same;
mod source;

pub(crate) use folder::files;
pub(crate) use same::refuse_same;
pub(crate) use source::Source;
