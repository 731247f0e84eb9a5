//! Arrow arrays of a part as the pipeline's columns.

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, DictionaryArray, RecordBatch};
use arrow::buffer::ScalarBuffer;
use arrow::compute::filter_record_batch;
use arrow::datatypes::{
    DataType, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Schema, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, UInt8Type, UInt16Type,
    UInt32Type,
};

use crate::Error;
use crate::manifest::Rejected;
use crate::pipeline::events::Numbers;
use crate::pipeline::{Dictionary, NULL_CODE};
use crate::schema::{self, GuildKind, float_to_key};

/// Checks that every column is there with a type that can be read.
///
/// # Errors
/// [`Error::MissingColumn`] or [`Error::ColumnType`].
pub(super) fn check(schema: &Schema) -> Result<GuildKind, Error> {
    let mut guild_kind = GuildKind::Integer;
    for column in schema::COLUMNS {
        let Ok(field) = schema.field_with_name(column) else {
            let found: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            return Err(Error::MissingColumn { missing: column, found: found.join(", ") });
        };
        let data_type = field.data_type();
        let (fits, expected) = match column {
            schema::PLAYER_ID | schema::LEVEL => (is_integer(data_type), "a whole number of at most 64 bits"),
            schema::GUILD => {
                if *data_type == DataType::Float64 {
                    guild_kind = GuildKind::Float;
                }
                (is_integer(data_type) || guild_kind == GuildKind::Float, "a number")
            }
            schema::DATETIME => (
                matches!(data_type, DataType::Timestamp(unit, None) if *unit != TimeUnit::Second),
                "a timestamp without a time zone",
            ),
            _ => (*data_type == DataType::Utf8, "text"),
        };
        if !fits {
            return Err(Error::ColumnType { column, found: data_type.to_string(), expected });
        }
    }
    Ok(guild_kind)
}

fn is_integer(data_type: &DataType) -> bool {
    data_type.is_integer() && *data_type != DataType::UInt64
}

/// Takes out the rows without player or time, which no model can use, and counts them.
pub(super) fn without_rejected(batch: RecordBatch) -> Result<(RecordBatch, Rejected), Error> {
    let player_id = column(&batch, schema::PLAYER_ID)?;
    let datetime = column(&batch, schema::DATETIME)?;
    if player_id.null_count() == 0 && datetime.null_count() == 0 {
        return Ok((batch, Rejected::default()));
    }
    let mut rejected = Rejected { null_player_id: player_id.null_count() as u64, null_datetime: 0 };
    let keep: BooleanArray = (0..batch.num_rows())
        .map(|row| {
            let no_time = player_id.is_valid(row) && datetime.is_null(row);
            rejected.null_datetime += u64::from(no_time);
            Some(player_id.is_valid(row) && !no_time)
        })
        .collect();
    let kept = filter_record_batch(&batch, &keep).map_err(|error| Error::Parquet(error.to_string()))?;
    Ok((kept, rejected))
}

fn column<'a>(batch: &'a RecordBatch, name: &'static str) -> Result<&'a ArrayRef, Error> {
    batch
        .column_by_name(name)
        .ok_or_else(|| Error::MissingColumn { missing: name, found: "not in the decoded batch".into() })
}

macro_rules! widen {
    ($array:expr, $($variant:pat => $native:ty),*) => {
        match $array.data_type() {
            DataType::Int64 => Some($array.as_primitive::<Int64Type>().values().clone()),
            $($variant => Some(
                $array.as_primitive::<$native>().values().iter().map(|&value| i64::from(value)).collect(),
            ),)*
            _ => None,
        }
    };
}

/// A column of whole numbers.
pub(super) fn integers(batch: &RecordBatch, name: &'static str) -> Result<Numbers, Error> {
    let array = column(batch, name)?;
    let values = widen!(array,
        DataType::Int32 => Int32Type, DataType::Int16 => Int16Type, DataType::Int8 => Int8Type,
        DataType::UInt32 => UInt32Type, DataType::UInt16 => UInt16Type, DataType::UInt8 => UInt8Type)
    .ok_or_else(|| unexpected(name, array))?;
    Ok(Numbers { values, nulls: array.nulls().filter(|nulls| nulls.null_count() > 0).cloned() })
}

/// Guild numbers as keys.
pub(super) fn guilds(batch: &RecordBatch) -> Result<Numbers, Error> {
    let array = column(batch, schema::GUILD)?;
    let Some(doubles) = array.as_primitive_opt::<Float64Type>() else {
        return integers(batch, schema::GUILD);
    };
    Ok(Numbers {
        values: doubles.values().iter().map(|&value| float_to_key(value)).collect(),
        nulls: array.nulls().filter(|nulls| nulls.null_count() > 0).cloned(),
    })
}

/// Times in microseconds; finer ones are rounded to the nearest, halves away from 1970, as DuckDB's cast does.
pub(super) fn times_us(batch: &RecordBatch) -> Result<ScalarBuffer<i64>, Error> {
    let array = column(batch, schema::DATETIME)?;
    match array.data_type() {
        DataType::Timestamp(TimeUnit::Microsecond, None) => {
            Ok(array.as_primitive::<TimestampMicrosecondType>().values().clone())
        }
        DataType::Timestamp(TimeUnit::Millisecond, None) => {
            let values = array.as_primitive::<TimestampMillisecondType>().values();
            // A time that does not fit in microseconds lies outside what DuckDB can hold.
            if values.iter().any(|value| value.checked_mul(1_000).is_none()) {
                return Err(Error::Parquet("a datetime is beyond the year 290,000".into()));
            }
            Ok(values.iter().map(|value| value * 1_000).collect())
        }
        DataType::Timestamp(TimeUnit::Nanosecond, None) => {
            let values = array.as_primitive::<TimestampNanosecondType>().values();
            Ok(values.iter().map(|&value| nanoseconds_to_us(value)).collect())
        }
        _ => Err(unexpected(schema::DATETIME, array)),
    }
}

fn nanoseconds_to_us(time_ns: i64) -> i64 {
    let rest = time_ns % 1_000;
    time_ns / 1_000 + i64::from(rest >= 500) - i64::from(rest <= -500)
}

fn unexpected(column: &'static str, array: &ArrayRef) -> Error {
    Error::ColumnType { column, found: array.data_type().to_string(), expected: "another type" }
}

/// Translates the dictionaries of the batches into the codes of the whole scan.
#[derive(Default)]
pub(super) struct Codes {
    values: Option<ArrayRef>,
    codes: Vec<u32>,
}

impl Codes {
    /// The codes of a text column.
    pub(super) fn of(
        &mut self,
        batch: &RecordBatch,
        name: &'static str,
        dictionary: &mut Dictionary,
    ) -> Result<Vec<u32>, Error> {
        let array = column(batch, name)?;
        let array: &DictionaryArray<Int32Type> =
            array.as_dictionary_opt().ok_or_else(|| unexpected(name, array))?;
        let values = array.values();
        // The batches of a row group share their dictionary, so it is translated once.
        if !self.values.as_ref().is_some_and(|known| known.to_data().ptr_eq(&values.to_data())) {
            let texts = values.as_string_opt::<i32>().ok_or_else(|| unexpected(name, values))?;
            self.codes =
                texts.iter().map(|text| text.map_or(NULL_CODE, |text| dictionary.code(text))).collect();
            self.values = Some(values.clone());
        }
        let keys = array.keys();
        let code = |key: i32| usize::try_from(key).ok().and_then(|key| self.codes.get(key)).copied();
        Ok(match keys.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => keys.values().iter().map(|&key| code(key).unwrap_or(NULL_CODE)).collect(),
            Some(_) => keys.iter().map(|key| key.and_then(code).unwrap_or(NULL_CODE)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::nanoseconds_to_us;

    #[test]
    fn nanoseconds_round_as_the_database_casts_them() {
        // Each pair is what DuckDB's cast from TIMESTAMP_NS to TIMESTAMP gives.
        let known =
            [(1, 0), (499, 0), (500, 1), (999, 1), (1_500, 2), (-1, 0), (-500, -1), (-999, -1), (-1_500, -2)];
        for (time_ns, time_us) in known {
            assert_eq!(nanoseconds_to_us(time_ns), time_us, "{time_ns} ns");
        }
    }
}
