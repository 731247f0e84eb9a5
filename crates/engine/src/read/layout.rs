//! Where the columns of the event table are in a file, and how they are stored.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};

use crate::Error;
use crate::contract::{self, Column, Columns, Partition, Place, SourceType, Taken};
use crate::schema::NumberKind;

/// How the values of a column are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Storage {
    Int32,
    UInt32,
    Int64,
    UInt64,
    /// Units of 10^-scale, in any of the four ways that the format has for them.
    Decimal {
        scale: u32,
    },
    Half,
    Float,
    Double,
    TimeMs,
    TimeUs,
    TimeNs,
    /// Nanoseconds of a Julian day, as older writers store times.
    Int96,
    /// Days since 1970-01-01.
    Date,
    Text,
    /// Nothing but nulls.
    Null,
}

impl Storage {
    /// Whether the footer's statistics of such a column order as its values do.
    pub(super) const fn is_signed(self) -> bool {
        matches!(self, Self::Int32 | Self::Int64)
    }

    /// Whether numbers stored so may have fractions.
    const fn may_have_fractions(self) -> bool {
        match self {
            Self::Half | Self::Float | Self::Double => true,
            Self::Decimal { scale } => scale > 0,
            _ => false,
        }
    }
}

/// The type of a column, and how it is stored where that is something that any column of the event table can be.
fn type_of(column: &ColumnDescriptor) -> (SourceType, Option<Storage>) {
    if column.max_rep_level() > 0 {
        return (SourceType::Other("a list".to_owned()), None);
    }
    if column.path().parts().len() > 1 {
        return (SourceType::Other("a structure".to_owned()), None);
    }
    let (logical, converted) = (column.logical_type_ref(), column.converted_type());
    match (logical, converted) {
        (Some(LogicalType::Unknown), _) => return (SourceType::Null, Some(Storage::Null)),
        (Some(LogicalType::Decimal(decimal)), _) => return decimal_of(column, decimal.scale),
        (None, ConvertedType::DECIMAL) => return decimal_of(column, column.type_scale()),
        (Some(LogicalType::Time(_)), _) | (None, ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS) => {
            return (SourceType::Other("TIME".to_owned()), None);
        }
        _ => {}
    }
    let (source, storage) = match column.physical_type() {
        Physical::BOOLEAN => return (SourceType::Boolean, None),
        Physical::INT32 if logical == Some(&LogicalType::Date) || converted == ConvertedType::DATE => {
            (SourceType::Date, Storage::Date)
        }
        Physical::INT32 if is_unsigned(column) => (SourceType::Integer, Storage::UInt32),
        Physical::INT32 => (SourceType::Integer, Storage::Int32),
        Physical::INT64 => of_int64(column),
        Physical::INT96 => (SourceType::Timestamp { has_zone: false }, Storage::Int96),
        Physical::FLOAT => (SourceType::Float, Storage::Float),
        Physical::DOUBLE => (SourceType::Float, Storage::Double),
        Physical::BYTE_ARRAY => match logical {
            None | Some(LogicalType::String | LogicalType::Enum | LogicalType::Json) => {
                (SourceType::Text, Storage::Text)
            }
            Some(_) => return (SourceType::Other("BLOB".to_owned()), None),
        },
        Physical::FIXED_LEN_BYTE_ARRAY => match (logical, converted) {
            (Some(LogicalType::Uuid), _) => return (SourceType::Uuid, None),
            (Some(LogicalType::Float16), _) => (SourceType::Float, Storage::Half),
            (_, ConvertedType::INTERVAL) => return (SourceType::Other("INTERVAL".to_owned()), None),
            _ => return (SourceType::Other("BLOB".to_owned()), None),
        },
    };
    (source, Some(storage))
}

/// How a column is stored; `None` where it is nothing that a column of the event table can be.
pub(super) fn storage_of(column: &ColumnDescriptor) -> Option<Storage> {
    type_of(column).1
}

fn is_unsigned(column: &ColumnDescriptor) -> bool {
    match column.logical_type_ref() {
        Some(LogicalType::Integer(integer)) => !integer.is_signed,
        _ => matches!(
            column.converted_type(),
            ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64
        ),
    }
}

fn of_int64(column: &ColumnDescriptor) -> (SourceType, Storage) {
    let naive = SourceType::Timestamp { has_zone: false };
    match (column.logical_type_ref(), column.converted_type()) {
        (Some(LogicalType::Timestamp(time)), _) => {
            let storage = match time.unit {
                TimeUnit::MILLIS => Storage::TimeMs,
                TimeUnit::MICROS => Storage::TimeUs,
                TimeUnit::NANOS => Storage::TimeNs,
            };
            (SourceType::Timestamp { has_zone: time.is_adjusted_to_u_t_c }, storage)
        }
        // What such a type says of zones was never agreed on, and so nothing is said of them.
        (None, ConvertedType::TIMESTAMP_MILLIS) => (naive, Storage::TimeMs),
        (None, ConvertedType::TIMESTAMP_MICROS) => (naive, Storage::TimeUs),
        _ if is_unsigned(column) => (SourceType::Integer, Storage::UInt64),
        _ => (SourceType::Integer, Storage::Int64),
    }
}

fn decimal_of(column: &ColumnDescriptor, scale: i32) -> (SourceType, Option<Storage>) {
    let storage = match (column.physical_type(), u32::try_from(scale)) {
        (_, Err(_)) => None,
        (Physical::INT32, Ok(0)) => Some(Storage::Int32),
        (Physical::INT64, Ok(0)) => Some(Storage::Int64),
        (_, Ok(scale)) => Some(Storage::Decimal { scale }),
    };
    (SourceType::Decimal { scale }, storage)
}

/// A column of the event table in a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stored {
    /// Its place among the file's columns.
    pub(super) index: usize,
    /// How its values are stored.
    pub(super) storage: Storage,
}

/// Where the columns of the event table are in a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Each of them that is there, in the order of [`Column::ALL`]; the folder has the others.
    stored: [Option<Stored>; Column::ALL.len()],
    /// How the guild numbers are held.
    pub(super) guild_kind: NumberKind,
    /// Whether the times are instants of a zone, which are read as UTC.
    pub(super) are_utc: bool,
}

impl Layout {
    /// Finds the columns, and which are which.
    ///
    /// # Errors
    /// [`Error::Refused`] where one is not there or is of a type that it cannot be read from.
    pub(super) fn find(schema: &SchemaDescriptor, partition: &Partition) -> Result<(Self, Columns), Error> {
        let fields = schema.root_schema().get_fields();
        let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
        let columns = Columns::find_in(&names, partition)?;
        let mut stored = [None; Column::ALL.len()];
        let mut are_utc = false;
        for column in Column::ALL {
            let Place::File(field) = columns.place(column) else { continue };
            let of_field = |index: &usize| schema.get_column_root_idx(*index) == field;
            let index = (0..schema.num_columns()).find(of_field);
            let (source, storage) = match index {
                Some(index) => type_of(&schema.column(index)),
                None => (SourceType::Other("a structure without columns".to_owned()), None),
            };
            let taken = contract::accept(column, columns.found(column), &source)?;
            let (Some(index), Some(storage)) = (index, storage) else {
                let detail = format!("column `{}` is {source} of an unknown kind", columns.found(column));
                return Err(Error::Damaged(detail));
            };
            are_utc |= taken == Taken::Utc;
            stored[column as usize] = Some(Stored { index, storage });
        }
        let guild_kind = match stored[Column::Guild as usize] {
            Some(Stored { storage, .. }) if storage.may_have_fractions() => NumberKind::Float,
            Some(_) => NumberKind::Integer,
            None => columns.folder_guild_kind(),
        };
        Ok((Self { stored, guild_kind, are_utc }, columns))
    }

    /// One of the columns; `None` where the folder has it.
    pub(super) const fn get(&self, column: Column) -> Option<Stored> {
        self.stored[column as usize]
    }

    /// The type in which a file of this schema has one of the columns; text where the folder has it.
    pub(super) fn source_type(&self, column: Column, schema: &SchemaDescriptor) -> SourceType {
        self.get(column).map_or(SourceType::Text, |stored| type_of(&schema.column(stored.index)).0)
    }

    /// The places of the event table's columns among the file's.
    pub(super) fn columns(&self) -> impl Iterator<Item = usize> {
        self.stored.iter().flatten().map(|stored| stored.index)
    }
}
