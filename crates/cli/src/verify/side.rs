//! One side of a comparison: rows in order, batch after batch.

use std::time::{Duration, Instant};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::buffer::{NullBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Float64Type, Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType};

use super::value::Value;

/// A column of a batch.
enum Column {
    Whole(ScalarBuffer<i64>, Option<NullBuffer>),
    Flag(ScalarBuffer<i32>, Option<NullBuffer>),
    Double(ScalarBuffer<f64>, Option<NullBuffer>),
    Text(StringArray),
}

impl Column {
    fn of(array: &ArrayRef) -> anyhow::Result<Self> {
        let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0).cloned();
        Ok(match array.data_type() {
            DataType::Int64 => Self::Whole(array.as_primitive::<Int64Type>().values().clone(), nulls),
            DataType::Timestamp(TimeUnit::Microsecond, None) => {
                Self::Whole(array.as_primitive::<TimestampMicrosecondType>().values().clone(), nulls)
            }
            DataType::Int32 => Self::Flag(array.as_primitive::<Int32Type>().values().clone(), nulls),
            DataType::Float64 => Self::Double(array.as_primitive::<Float64Type>().values().clone(), nulls),
            DataType::Utf8 => Self::Text(array.as_string::<i32>().clone()),
            other => anyhow::bail!("no model has a column of type {other}"),
        })
    }

    /// How many of the first `rows` rows, from the given ones on, are the same.
    fn common(&self, start: usize, other: &Self, other_start: usize, rows: usize) -> usize {
        match (self, other) {
            (Self::Whole(a, a_nulls), Self::Whole(b, b_nulls)) => {
                let (a, b) = (&a[start..start + rows], &b[other_start..other_start + rows]);
                common(a, a_nulls.as_ref(), start, b, b_nulls.as_ref(), other_start, |a, b| a == b)
            }
            (Self::Flag(a, a_nulls), Self::Flag(b, b_nulls)) => {
                let (a, b) = (&a[start..start + rows], &b[other_start..other_start + rows]);
                common(a, a_nulls.as_ref(), start, b, b_nulls.as_ref(), other_start, |a, b| a == b)
            }
            (Self::Double(a, a_nulls), Self::Double(b, b_nulls)) => {
                let (a, b) = (&a[start..start + rows], &b[other_start..other_start + rows]);
                // To the bit, but any NaN is as good as another.
                let same = |a: f64, b: f64| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
                common(a, a_nulls.as_ref(), start, b, b_nulls.as_ref(), other_start, same)
            }
            (Self::Text(a), Self::Text(b)) => {
                let same = |row: usize| {
                    let (a_row, b_row) = (start + row, other_start + row);
                    match (a.is_null(a_row), b.is_null(b_row)) {
                        (false, false) => a.value(a_row) == b.value(b_row),
                        (a_null, b_null) => a_null == b_null,
                    }
                };
                (0..rows).position(|row| !same(row)).unwrap_or(rows)
            }
            // Types are compared before rows are.
            _ => 0,
        }
    }

    fn value(&self, row: usize) -> Value {
        let valid = |nulls: &Option<NullBuffer>| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
        match self {
            Self::Whole(values, nulls) if valid(nulls) => Value::Whole(values[row]),
            Self::Flag(values, nulls) if valid(nulls) => Value::Whole(i64::from(values[row])),
            Self::Double(values, nulls) if valid(nulls) => Value::double(values[row]),
            Self::Text(texts) if texts.is_valid(row) => Value::Text(texts.value(row).to_owned()),
            _ => Value::Null,
        }
    }
}

fn common<T: Copy>(
    a: &[T],
    a_nulls: Option<&NullBuffer>,
    a_start: usize,
    b: &[T],
    b_nulls: Option<&NullBuffer>,
    b_start: usize,
    same: impl Fn(T, T) -> bool,
) -> usize {
    let mut pairs = a.iter().zip(b);
    if a_nulls.is_none() && b_nulls.is_none() {
        return pairs.position(|(&a, &b)| !same(a, b)).unwrap_or(a.len());
    }
    let valid = |nulls: Option<&NullBuffer>, row: usize| nulls.is_none_or(|nulls| nulls.is_valid(row));
    pairs
        .enumerate()
        .position(|(row, (&a, &b))| match (valid(a_nulls, a_start + row), valid(b_nulls, b_start + row)) {
            (true, true) => !same(a, b),
            (a_valid, b_valid) => a_valid != b_valid,
        })
        .unwrap_or(a.len())
}

/// Where the columns that order the rows are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    /// The player's column.
    pub(super) player: usize,
    /// The time's column, where there are several rows a player.
    pub(super) time: Option<usize>,
}

/// The rows of one side, with a place in them.
pub(super) struct Side<'a> {
    batches: &'a mut dyn Iterator<Item = anyhow::Result<RecordBatch>>,
    key: Key,
    columns: Vec<Column>,
    rows_in_batch: usize,
    row: usize,
    rows_done: u64,
    waited: Duration,
}

impl<'a> Side<'a> {
    /// A side before its first row.
    pub(super) fn new(batches: &'a mut dyn Iterator<Item = anyhow::Result<RecordBatch>>, key: Key) -> Self {
        let waited = Duration::ZERO;
        Self { batches, key, columns: Vec::new(), rows_in_batch: 0, row: 0, rows_done: 0, waited }
    }

    /// Makes sure that there is a row to look at; false at the end.
    ///
    /// # Errors
    /// What kept the rows from being made.
    pub(super) fn fill(&mut self) -> anyhow::Result<bool> {
        while self.row >= self.rows_in_batch {
            let started = Instant::now();
            let batch = self.batches.next().transpose()?;
            self.waited += started.elapsed();
            let Some(batch) = batch else { return Ok(false) };
            self.columns = batch.columns().iter().map(Column::of).collect::<Result<_, _>>()?;
            self.rows_in_batch = batch.num_rows();
            self.row = 0;
        }
        Ok(true)
    }

    /// Rows passed so far.
    pub(super) const fn rows_done(&self) -> u64 {
        self.rows_done
    }

    /// Time spent in waiting for batches.
    pub(super) const fn waited(&self) -> Duration {
        self.waited
    }

    /// Rows left in the batch.
    pub(super) const fn left(&self) -> usize {
        self.rows_in_batch - self.row
    }

    /// How many of the next `rows` rows are the same on both sides, column for column.
    pub(super) fn common(&self, other: &Side<'_>, rows: usize) -> usize {
        let columns = self.columns.iter().zip(&other.columns);
        columns.fold(rows, |rows, (ours, theirs)| ours.common(self.row, theirs, other.row, rows))
    }

    /// Passes rows of the batch.
    pub(super) const fn advance(&mut self, rows: usize) {
        self.row += rows;
        self.rows_done += rows as u64;
    }

    /// The player and time of the next row, which must be there; the time is 0 where rows have none.
    pub(super) fn key(&self) -> (i64, i64) {
        let whole = |column: usize| match self.columns.get(column).map(|column| column.value(self.row)) {
            Some(Value::Whole(value)) => value,
            _ => 0,
        };
        (whole(self.key.player), self.key.time.map_or(0, whole))
    }

    /// Passes all rows of the next row's player and time, and returns them.
    ///
    /// # Errors
    /// What kept the rows from being made.
    pub(super) fn take_instant(&mut self) -> anyhow::Result<Vec<Vec<Value>>> {
        let mut rows = Vec::new();
        let mut key = None;
        while self.fill()? && *key.get_or_insert_with(|| self.key()) == self.key() {
            rows.push(self.columns.iter().map(|column| column.value(self.row)).collect());
            self.advance(1);
        }
        Ok(rows)
    }
}
