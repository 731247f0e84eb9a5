//! Single values, where two rows differ.

use arrow::datatypes::DataType;

use crate::output::show_time;

/// A value of a row; doubles are held by an integer that orders as they do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    /// No value.
    Null,
    /// A whole number, a flag or a time.
    Whole(i64),
    /// A double, by its key.
    Double(i64),
    /// A text.
    Text(String),
}

impl Value {
    /// A double; any NaN is the same.
    pub(super) fn double(value: f64) -> Self {
        Self::Double(wow_engine::schema::float_to_key(value))
    }

    /// The value as it is shown. Texts are quoted and their control characters escaped.
    pub(super) fn show(&self, data_type: &DataType) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Whole(time_us) if matches!(data_type, DataType::Timestamp(..)) => show_time(*time_us),
            Self::Whole(value) => value.to_string(),
            Self::Double(key) => format!("{:?}", wow_engine::schema::key_to_float(*key)),
            Self::Text(text) => format!("{text:?}"),
        }
    }
}
