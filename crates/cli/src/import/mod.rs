//! From CSV and Parquet files to the table `wowlogs`, cast by DuckDB as the reference SQL would cast them.

mod cast;
mod columns;
mod csv;
mod parquet;
mod source;

pub(crate) use source::Source;
