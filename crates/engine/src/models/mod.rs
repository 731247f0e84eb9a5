//! The rows of the four models, with the names, the order and the types of the reference SQL's columns.

#[cfg(feature = "models")]
mod batches;
pub mod events;

#[cfg(feature = "models")]
pub use batches::{player_session_stats, stg_players};
