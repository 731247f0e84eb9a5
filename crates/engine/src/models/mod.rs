//! The rows of the four models, with the names, the order and the types of the reference SQL's columns: of all of them as
//! record batches, and of the two with a row per event packed as Parquet.

#[cfg(feature = "models")]
mod batches;
pub mod packed;

#[cfg(feature = "models")]
pub use batches::{SessionEvents, player_session_stats, stg_players};
