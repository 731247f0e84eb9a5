//! The one error type of the engine.

/// What can be wrong with an input, in words that name the cause.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The bytes are not a readable Parquet file.
    #[error("not a readable Parquet file: {0}")]
    Parquet(String),
    /// A column of the event table is missing.
    #[error("column `{missing}` is missing; the columns found are {found}")]
    MissingColumn {
        /// The column that the event table must have.
        missing: &'static str,
        /// The columns that are there, separated by commas.
        found: String,
    },
    /// A column has a type that this reader does not take.
    #[error("column `{column}` has type {found}, but {expected} is needed")]
    ColumnType {
        /// The column's name.
        column: &'static str,
        /// The type found.
        found: String,
        /// The types that are taken.
        expected: &'static str,
    },
    /// Values of a column that are not what the column must hold.
    #[error("column `{column}` holds values that are no {expected}, for example {examples}")]
    Uncastable {
        /// The column's name.
        column: &'static str,
        /// What the values should be.
        expected: &'static str,
        /// Up to three of the values.
        examples: String,
    },
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
