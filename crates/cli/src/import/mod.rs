//! From CSV and Parquet files to the table `wowlogs`, read as the engine reads them wherever they come from.

mod counted;
mod rows;
mod source;

pub(crate) use source::Source;
