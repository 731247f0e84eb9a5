//! The table of players: what models 2 and 4 say of each, column by column.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, UInt32Array, UInt64Array,
};
use arrow::datatypes::{Field, Schema};

use super::Params;
use crate::Error;

/// Rounds to two decimals, halves away from zero, as DuckDB's `round(x, 2)` does on a DOUBLE.
#[must_use]
pub fn round2(value: f64) -> f64 {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded.is_finite() { rounded } else { value }
}

/// Which bot rules a player breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// The longest session is over the limit.
    pub long_session: bool,
    /// The unrounded average session is over the limit.
    pub avg_session: bool,
}

impl Verdict {
    /// Whether either rule is broken.
    #[must_use]
    pub const fn is_bot(self) -> bool {
        self.long_session || self.avg_session
    }
}

/// A column's element, and the Arrow array that holds it between page and worker.
trait Cell: Sized {
    fn to_array(column: &[Self]) -> ArrayRef;
    fn from_array(array: &dyn Array) -> Option<Vec<Self>>;
}

macro_rules! cell {
    ($($native:ty => $array:ty),*) => {$(
        impl Cell for $native {
            fn to_array(column: &[Self]) -> ArrayRef {
                Arc::new(<$array>::from(column.to_vec()))
            }

            fn from_array(array: &dyn Array) -> Option<Vec<Self>> {
                let array = array.as_any().downcast_ref::<$array>()?;
                array.iter().collect()
            }
        }
    )*};
}

cell!(i64 => Int64Array, u64 => UInt64Array, u32 => UInt32Array, f64 => Float64Array, bool => BooleanArray);

macro_rules! player_table {
    ($($(#[$doc:meta])* $name:ident: $type:ty,)*) => {
        /// One player.
        #[derive(Debug, Clone, PartialEq)]
        pub struct PlayerRow {
            $($(#[$doc])* pub $name: $type,)*
        }

        /// Players in order of id, column by column; every column has the same length.
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct PlayerTable {
            $($(#[$doc])* pub $name: Vec<$type>,)*
        }

        impl PlayerTable {
            /// Adds a player at the end.
            pub(super) fn push(&mut self, row: PlayerRow) {
                $(self.$name.push(row.$name);)*
            }

            /// Adds a player at the front.
            pub(super) fn push_front(&mut self, row: PlayerRow) {
                $(self.$name.insert(0, row.$name);)*
            }

            /// Sets memory aside for so many players in all, where there is enough.
            pub(super) fn reserve(&mut self, players: usize) {
                let more = players.saturating_sub(self.player_id.len());
                // One column that could not be enlarged grows when it must, as if nothing had been asked for.
                $(let _ = self.$name.try_reserve_exact(more);)*
            }

            /// Adds all players of `other` at the end.
            pub(super) fn append(&mut self, mut other: Self) {
                $(self.$name.append(&mut other.$name);)*
            }

            /// One player's entries. `None` past the end.
            #[must_use]
            pub fn row(&self, index: usize) -> Option<PlayerRow> {
                Some(PlayerRow { $($name: *self.$name.get(index)?,)* })
            }

            /// The table as an Arrow record batch with the same column names.
            ///
            /// # Errors
            /// [`Error::Decode`] when Arrow refuses the columns.
            pub fn to_batch(&self) -> Result<RecordBatch, Error> {
                let columns: Vec<(&str, ArrayRef)> =
                    vec![$((stringify!($name), <$type>::to_array(&self.$name)),)*];
                let fields: Vec<Field> = columns
                    .iter()
                    .map(|(name, array)| Field::new(*name, array.data_type().clone(), false))
                    .collect();
                let arrays = columns.into_iter().map(|(_, array)| array).collect();
                RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
                    .map_err(|error| Error::Decode(error.to_string()))
            }

            /// The inverse of [`Self::to_batch`].
            ///
            /// # Errors
            /// [`Error::Decode`] when a column is missing or of another type.
            pub fn from_batch(batch: &RecordBatch) -> Result<Self, Error> {
                Ok(Self {
                    $($name: batch
                        .column_by_name(stringify!($name))
                        .and_then(|array| <$type>::from_array(array.as_ref()))
                        .ok_or_else(|| Error::Decode(format!("column {}", stringify!($name))))?,)*
                })
            }
        }
    };
}

player_table! {
    /// The player's id.
    player_id: i64,
    /// Events.
    events: u64,
    /// Sessions.
    sessions: u64,
    /// Minutes in all sessions together.
    duration_sum_minutes: i64,
    /// Twice the median of the sessions' minutes: whole also where the median is a half.
    duration_median_twice_minutes: i64,
    /// Minutes of the longest session.
    duration_max_minutes: i64,
    /// Minutes of the shortest session.
    duration_min_minutes: i64,
    /// Events of the session that has most.
    events_max: u64,
    /// Start of the longest session (the first of several), microseconds since 1970-01-01.
    longest_start_us: i64,
    /// End of the longest session, microseconds since 1970-01-01.
    longest_end_us: i64,
    /// Events of the longest session.
    longest_events: u64,
    /// First event, microseconds since 1970-01-01.
    first_us: i64,
    /// Last event, microseconds since 1970-01-01.
    last_us: i64,
    /// Distinct calendar days with an event.
    days_active: u64,
    /// Distinct zones.
    zones: u64,
    /// The most recent class: code of [`super::Strings::class`].
    class: u32,
    /// The most recent race: code of [`super::Strings::race`].
    race: u32,
    /// The most recent guild, as a key of the report's guild kind; 0 when there is none.
    guild: i64,
    /// Whether the most recent guild is not null.
    has_guild: bool,
    /// Lowest level; 0 when no level is known.
    level_min: i64,
    /// Highest level; 0 when no level is known.
    level_max: i64,
    /// Mean level over the events that have one; 0 when none has.
    level_avg: f64,
    /// Events with a level.
    level_count: u64,
}

impl PlayerTable {
    /// How many players there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.player_id.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.player_id.is_empty()
    }

    /// The place of a player.
    #[must_use]
    pub fn find(&self, player_id: i64) -> Option<usize> {
        self.player_id.binary_search(&player_id).ok()
    }

    /// What the bot rules say of a player.
    #[must_use]
    pub fn verdict(&self, index: usize, params: &Params) -> Verdict {
        verdict(
            self.duration_max_minutes[index],
            self.duration_sum_minutes[index],
            self.sessions[index],
            params,
        )
    }

    /// The unrounded average session, minutes.
    #[must_use]
    pub fn avg_session_minutes(&self, index: usize) -> f64 {
        self.duration_sum_minutes[index] as f64 / self.sessions[index] as f64
    }

    /// The unrounded median session, minutes.
    #[must_use]
    pub fn median_session_minutes(&self, index: usize) -> f64 {
        self.duration_median_twice_minutes[index] as f64 / 2.0
    }

    /// The unrounded average of events per session.
    #[must_use]
    pub fn avg_events_per_session(&self, index: usize) -> f64 {
        self.events[index] as f64 / self.sessions[index] as f64
    }
}

/// The bot rules, in whole numbers so that no rounding decides.
pub(super) fn verdict(max_minutes: i64, sum_minutes: i64, sessions: u64, params: &Params) -> Verdict {
    Verdict {
        long_session: max_minutes > params.bot_max_session_minutes,
        avg_session: i128::from(sum_minutes)
            > i128::from(params.bot_avg_session_minutes) * i128::from(sessions),
    }
}
