//! The rows of the four models as record batches.
//!
//! Whole numbers are `Int64`, flags `Int32`, times `Timestamp(Microsecond)`, texts plain `Utf8`; a guild is
//! `Int64` or `Float64`, as its [`NumberKind`] says.

mod players;

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray, UInt32Array,
};
use arrow::datatypes::{Field, Float64Type, Schema};

pub use players::{player_session_stats, stg_players};

use crate::Error;
use crate::schema::{NumberKind, key_to_float};
use crate::time::Micros;

pub(super) fn batch(columns: Vec<(&str, ArrayRef)>) -> Result<RecordBatch, Error> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(arrow_error)
}

/// Guild keys as the numbers that are stored.
pub(super) fn guilds(keys: Int64Array, kind: NumberKind) -> ArrayRef {
    match kind {
        NumberKind::Integer => Arc::new(keys),
        NumberKind::Float => Arc::new(keys.unary::<_, Float64Type>(key_to_float)),
    }
}

pub(super) fn times(column: &[Micros]) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from_iter_values(column.iter().map(|time| time.get())))
}

/// The texts of codes; null where a code stands for none.
pub(super) fn texts(dictionary: &StringArray, codes: impl Iterator<Item = u32>) -> Result<ArrayRef, Error> {
    let is_known = |code: u32| (code as usize) < dictionary.len();
    let indices: UInt32Array = codes.map(|code| is_known(code).then_some(code)).collect();
    arrow::compute::take(dictionary, &indices, None).map_err(arrow_error)
}

fn arrow_error(error: arrow::error::ArrowError) -> Error {
    Error::Decode(error.to_string())
}
