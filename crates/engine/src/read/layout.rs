//! Which columns of a file are those of the event table, and how they are stored.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};

use crate::Error;
use crate::schema::{self, GuildKind};

/// How the values of a column are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Storage {
    Int32,
    UInt32,
    Int64,
    UInt64,
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
}

impl Storage {
    const fn is_integer(self) -> bool {
        matches!(self, Self::Int32 | Self::UInt32 | Self::Int64 | Self::UInt64)
    }

    /// Whether the footer's statistics of such a column order as its values do.
    pub(super) const fn is_signed(self) -> bool {
        matches!(self, Self::Int32 | Self::Int64)
    }

    const fn is_number(self) -> bool {
        self.is_integer() || matches!(self, Self::Float | Self::Double)
    }

    const fn is_time(self) -> bool {
        matches!(self, Self::TimeMs | Self::TimeUs | Self::TimeNs | Self::Int96 | Self::Date | Self::Text)
    }

    /// `None` for what no column of the event table can be. Times in a zone are among that, for the log's have none.
    fn of(column: &ColumnDescriptor) -> Option<Self> {
        match column.physical_type() {
            Physical::INT32 => Self::of_int32(column),
            Physical::INT64 => Self::of_int64(column),
            Physical::INT96 => Some(Self::Int96),
            Physical::FLOAT => Some(Self::Float),
            Physical::DOUBLE => Some(Self::Double),
            Physical::BYTE_ARRAY if !matches!(column.logical_type_ref(), Some(LogicalType::Decimal(_))) => {
                Some(Self::Text)
            }
            _ => None,
        }
    }

    fn of_int32(column: &ColumnDescriptor) -> Option<Self> {
        match (column.logical_type_ref(), column.converted_type()) {
            (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => Some(Self::Date),
            (Some(LogicalType::Integer(integer)), _) if !integer.is_signed => Some(Self::UInt32),
            (None, ConvertedType::UINT_32) => Some(Self::UInt32),
            (Some(LogicalType::Decimal(decimal)), _) if decimal.scale != 0 => None,
            (Some(LogicalType::Time(_)), _) | (None, ConvertedType::TIME_MILLIS) => None,
            (None, ConvertedType::DECIMAL) if column.type_scale() != 0 => None,
            _ => Some(Self::Int32),
        }
    }

    fn of_int64(column: &ColumnDescriptor) -> Option<Self> {
        match (column.logical_type_ref(), column.converted_type()) {
            (Some(LogicalType::Timestamp(time)), _) => match time.unit {
                _ if time.is_adjusted_to_u_t_c => None,
                TimeUnit::MILLIS => Some(Self::TimeMs),
                TimeUnit::MICROS => Some(Self::TimeUs),
                TimeUnit::NANOS => Some(Self::TimeNs),
            },
            (None, ConvertedType::TIMESTAMP_MILLIS) => Some(Self::TimeMs),
            (None, ConvertedType::TIMESTAMP_MICROS) => Some(Self::TimeUs),
            (Some(LogicalType::Integer(integer)), _) if !integer.is_signed => Some(Self::UInt64),
            (None, ConvertedType::UINT_64) => Some(Self::UInt64),
            (Some(LogicalType::Decimal(decimal)), _) if decimal.scale != 0 => None,
            (Some(LogicalType::Time(_)), _) | (None, ConvertedType::TIME_MICROS) => None,
            (None, ConvertedType::DECIMAL) if column.type_scale() != 0 => None,
            _ => Some(Self::Int64),
        }
    }
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
    pub(super) player_id: Stored,
    pub(super) guild: Stored,
    pub(super) level: Stored,
    pub(super) race: Stored,
    pub(super) class: Stored,
    pub(super) zone: Stored,
    pub(super) datetime: Stored,
}

impl Layout {
    /// Finds the columns by their names or by the names that other publications of the log use, whatever their
    /// case and the blanks around them.
    ///
    /// # Errors
    /// [`Error::MissingColumn`] or [`Error::ColumnType`].
    pub(super) fn find(schema: &SchemaDescriptor) -> Result<Self, Error> {
        let integer = |name| find(schema, name, Storage::is_number, "a number");
        let text = |name| find(schema, name, |storage| storage == Storage::Text, "text");
        Ok(Self {
            player_id: integer(schema::PLAYER_ID)?,
            guild: integer(schema::GUILD)?,
            level: integer(schema::LEVEL)?,
            race: text(schema::RACE)?,
            class: text(schema::CLASS)?,
            zone: text(schema::ZONE)?,
            datetime: find(
                schema,
                schema::DATETIME,
                Storage::is_time,
                "a timestamp without a time zone, or text",
            )?,
        })
    }

    /// The places of the event table's columns among the file's.
    pub(super) const fn columns(&self) -> [usize; 7] {
        [
            self.player_id.index,
            self.guild.index,
            self.level.index,
            self.race.index,
            self.class.index,
            self.zone.index,
            self.datetime.index,
        ]
    }

    /// How the guild numbers are stored.
    pub(super) const fn guild_kind(&self) -> GuildKind {
        if self.guild.storage.is_integer() { GuildKind::Integer } else { GuildKind::Float }
    }
}

fn find(
    schema: &SchemaDescriptor,
    name: &'static str,
    fits: impl Fn(Storage) -> bool,
    expected: &'static str,
) -> Result<Stored, Error> {
    let aliases = schema::ALIASES.iter().filter(|(_, column)| *column == name).map(|(alias, _)| *alias);
    let index = std::iter::once(name).chain(aliases).find_map(|name| {
        schema.columns().iter().position(|column| {
            column.path().parts().len() == 1 && column.name().trim().eq_ignore_ascii_case(name)
        })
    });
    let Some(index) = index else {
        let found: Vec<&str> = schema.root_schema().get_fields().iter().map(|field| field.name()).collect();
        return Err(Error::MissingColumn { missing: name, found: found.join(", ") });
    };
    let column = schema.column(index);
    let is_flat = column.max_rep_level() == 0 && column.max_def_level() <= 1;
    match Storage::of(&column).filter(|storage| is_flat && fits(*storage)) {
        Some(storage) => Ok(Stored { index, storage }),
        None => Err(Error::ColumnType { column: name, found: type_name(&column), expected }),
    }
}

fn type_name(column: &ColumnDescriptor) -> String {
    if column.max_rep_level() > 0 {
        return "a list".to_owned();
    }
    match column.logical_type_ref() {
        Some(logical) => format!("{logical:?}"),
        None => column.physical_type().to_string(),
    }
}
