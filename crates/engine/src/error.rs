//! The one error type of the engine.

use crate::contract::Refusal;

/// What can be wrong with an input, in words that name the cause.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The bytes of a file are not as they must be.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// An input that is not what the contract asks for.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A number that its type cannot hold.
    #[error("{number} is no number of {unit}: those are from {least} to {most}")]
    OutOfDomain {
        /// The number.
        number: i64,
        /// What it should be a number of.
        unit: &'static str,
        /// The least that it may be.
        least: i64,
        /// The greatest that it may be.
        most: i64,
    },
    /// More unordered rows than can be sorted in memory.
    #[error(
        "its {rows} rows are in no order, and no more than {most} can be sorted here; load the file into a \
         database with `wow import` and export it with `wow export`",
        most = crate::read::MOST_SORTED_EVENTS
    )]
    TooManyToSort {
        /// How many there are.
        rows: u64,
    },
    /// The rows are not ordered by player and time.
    #[error(
        "rows are not ordered by player_id and datetime (player {player_id} comes too late); \
         export the table again with `wow export`"
    )]
    OutOfOrder {
        /// The player whose event breaks the order.
        player_id: i64,
    },
    /// Two inputs that cannot be put together.
    #[error("the parts do not belong together: {0}")]
    Mismatch(&'static str),
    /// A message between page and worker could not be read.
    #[error("a result could not be decoded: {0}")]
    Decode(String),
    /// The work was cancelled by the user.
    #[error("cancelled")]
    Cancelled,
}
