//! The table of players: what models 2 and 4 say of each, column by column.

use super::Params;
use super::codec::total;
use super::counts::{BOT, HUMAN};
use super::shared::Shared;
use crate::time::{Micros, Minutes};

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

    /// The group that the player is counted in.
    pub(super) const fn group(self) -> usize {
        if self.is_bot() { BOT } else { HUMAN }
    }
}

/// A column's element as bytes, little-endian, between page and worker.
trait Cell: Sized {
    const BYTES: usize;
    fn write(column: &[Self], bytes: &mut Vec<u8>);
    fn read(bytes: &[u8]) -> Option<Vec<Self>>;
}

/// Appends as many bytes of each element. They are set aside at once: byte by byte a vector asks each time whether it has room.
fn write_each<T, const BYTES: usize>(column: &[T], bytes: &mut Vec<u8>, write: impl Fn(&T) -> [u8; BYTES]) {
    let start = bytes.len();
    bytes.resize(start + column.len() * BYTES, 0);
    for (cell, element) in bytes[start..].as_chunks_mut().0.iter_mut().zip(column) {
        *cell = write(element);
    }
}

macro_rules! cell {
    ($($number:ty),*) => {$(
        impl Cell for $number {
            const BYTES: usize = size_of::<Self>();

            // Many columns are of the same type: one loop serves them all.
            #[inline(never)]
            fn write(column: &[Self], bytes: &mut Vec<u8>) {
                write_each(column, bytes, |number| number.to_le_bytes());
            }

            #[inline(never)]
            fn read(bytes: &[u8]) -> Option<Vec<Self>> {
                let (numbers, rest) = bytes.as_chunks();
                rest.is_empty().then(|| numbers.iter().map(|&number| Self::from_le_bytes(number)).collect())
            }
        }
    )*};
}

cell!(i64, u64, u32, f64);

macro_rules! checked_cell {
    ($($name:ty),*) => {$(
        impl Cell for $name {
            const BYTES: usize = size_of::<Self>();

            #[inline(never)]
            fn write(column: &[Self], bytes: &mut Vec<u8>) {
                write_each(column, bytes, |value| value.get().to_le_bytes());
            }

            #[inline(never)]
            fn read(bytes: &[u8]) -> Option<Vec<Self>> {
                let (numbers, rest) = bytes.as_chunks();
                rest.is_empty().then(|| numbers.iter().map(|&number| Self::new(i64::from_le_bytes(number))).collect())?
            }
        }
    )*};
}

checked_cell!(Micros, Minutes);

impl Cell for bool {
    const BYTES: usize = 1;

    fn write(column: &[Self], bytes: &mut Vec<u8>) {
        bytes.extend(column.iter().map(|&flag| u8::from(flag)));
    }

    fn read(bytes: &[u8]) -> Option<Vec<Self>> {
        let flag = |&byte: &u8| (byte <= 1).then_some(byte == 1);
        bytes.iter().map(flag).collect()
    }
}

/// Columns of one length with an entry per player, and one player's entries.
macro_rules! table {
    ($(#[$about:meta])* $table:ident of $(#[$about_row:meta])* $row:ident {
        $($(#[$doc:meta])* $name:ident: $column:ident<$type:ty>,)*
    }) => {
        $(#[$about_row])*
        #[derive(Debug, Clone, Copy, Default, PartialEq)]
        pub struct $row {
            $($(#[$doc])* pub $name: $type,)*
        }

        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $table {
            $($(#[$doc])* pub $name: $column<$type>,)*
        }

        impl $table {
            /// Adds a player at the end.
            pub(super) fn push(&mut self, row: $row) {
                $(self.$name.push(row.$name);)*
            }

            /// Adds a player at the front.
            pub(super) fn push_front(&mut self, row: $row) {
                $(self.$name.insert(0, row.$name);)*
            }

            /// Adds all players of `other` at the end.
            pub(super) fn append(&mut self, mut other: Self) {
                $(self.$name.append(&mut other.$name);)*
            }

            /// Sets memory aside for so many players in all, where there is enough.
            pub(super) fn reserve(&mut self, players: usize) {
                // One column that could not be enlarged grows when it must, as if nothing had been asked for.
                $({
                    let more = players.saturating_sub(self.$name.len());
                    let _ = self.$name.try_reserve_exact(more);
                })*
            }

            /// One player's entries. `None` past the end.
            #[must_use]
            pub fn row(&self, index: usize) -> Option<$row> {
                Some($row { $($name: *self.$name.get(index)?,)* })
            }

            /// Each of them appends a column.
            pub(super) const WRITE_COLUMN: &[fn(&Self, &mut Vec<u8>)] =
                &[$(|table, bytes| <$type>::write(&table.$name, bytes),)*];

            /// Appends the columns, one after the other.
            pub(super) fn write_columns(&self, bytes: &mut Vec<u8>) {
                Self::WRITE_COLUMN.iter().for_each(|write| write(self, bytes));
            }

            /// The inverse of [`Self::write_columns`]; `None` when the bytes are not those of so many players.
            pub(super) fn read_columns(bytes: &[u8], players: usize) -> Option<Self> {
                if players.checked_mul(Self::BYTES_PER_PLAYER) != Some(bytes.len()) {
                    return None;
                }
                let mut rest = bytes;
                Some(Self {
                    $($name: $column::from(<$type>::read(rest.split_off(..players * <$type>::BYTES)?)?),)*
                })
            }

            /// What a player takes in [`Self::write_columns`].
            pub(super) const BYTES_PER_PLAYER: usize = 0 $(+ <$type>::BYTES)*;
        }
    };
}

macro_rules! player_tables {
    (
        events { $($(#[$doc:meta])* $name:ident: $type:ty,)* }
        sessions { $($(#[$session_doc:meta])* $session_name:ident: $session_type:ty,)* }
    ) => {
        table! {
            /// Players in order of id, column by column; every column has the same length. Of a copy with another session gap only
            /// the columns that follow from it are its own.
            PlayerTable of
            /// One player.
            PlayerRow {
                $($(#[$doc])* $name: Shared<$type>,)*
                $($(#[$session_doc])* $session_name: Vec<$session_type>,)*
            }
        }
        table! {
            /// What the sessions of players are like, which is all of them that follows from the session gap.
            SessionTable of
            /// What the sessions of one player are like.
            SessionRow { $($(#[$session_doc])* $session_name: Vec<$session_type>,)* }
        }

        impl SessionRow {
            /// A player's row with these sessions.
            pub(super) fn of(self, player: PlayerRow) -> PlayerRow {
                PlayerRow { $($session_name: self.$session_name,)* ..player }
            }
        }

        impl PlayerTable {
            /// The same players with other sessions, of which there are as many.
            pub(super) fn with_sessions(&self, sessions: SessionTable) -> Self {
                Self { $($name: self.$name.clone(),)* $($session_name: sessions.$session_name,)* }
            }

            /// Each of them appends a column of [`SessionTable::write_columns`].
            pub(super) const WRITE_SESSION_COLUMN: &[fn(&Self, &mut Vec<u8>)] =
                &[$(|table, bytes| <$session_type>::write(&table.$session_name, bytes),)*];

            /// What a player's sessions are like. `None` past the end.
            #[must_use]
            pub fn sessions_row(&self, index: usize) -> Option<SessionRow> {
                Some(SessionRow { $($session_name: *self.$session_name.get(index)?,)* })
            }

            /// Puts other sessions in the place of those of some players, whose ids are in order in long stretches. `None` where
            /// one of them is not here.
            pub(super) fn take_sessions(&mut self, player_id: &[i64], sessions: &SessionTable) -> Option<()> {
                let mut start = 0;
                while let Some(&first) = player_id.get(start) {
                    let place = self.find(first)?;
                    let same = self.player_id[place..].iter().zip(&player_id[start..]).take_while(|(a, b)| a == b);
                    let count = same.count();
                    $(self.$session_name.get_mut(place..place + count)?
                        .copy_from_slice(sessions.$session_name.get(start..start + count)?);)*
                    start += count;
                }
                Some(())
            }
        }
    };
}

player_tables! {
    events {
        /// The player's id.
        player_id: i64,
        /// Events.
        events: u64,
        /// First event.
        first_us: Micros,
        /// Last event.
        last_us: Micros,
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
    sessions {
        /// Sessions.
        sessions: u64,
        /// Minutes in all sessions together.
        duration_sum_minutes: Minutes,
        /// Twice the median of the sessions' minutes: whole also where the median is a half.
        duration_median_twice_minutes: i64,
        /// Minutes of the longest session.
        duration_max_minutes: Minutes,
        /// Minutes of the shortest session.
        duration_min_minutes: Minutes,
        /// Events of the session that has most.
        events_max: u64,
        /// Start of the longest session (the first of several).
        longest_start_us: Micros,
        /// End of the longest session.
        longest_end_us: Micros,
        /// Events of the longest session.
        longest_events: u64,
    }
}

impl SessionRow {
    /// What the bot rules say.
    #[must_use]
    pub fn verdict(&self, params: &Params) -> Verdict {
        verdict(self.duration_max_minutes, self.duration_sum_minutes, self.sessions, params)
    }

    /// Whether it can be what sessions are like.
    fn is_sound(&self) -> bool {
        let minutes = [self.duration_min_minutes, self.duration_max_minutes, self.duration_sum_minutes];
        self.sessions > 0
            && minutes[0].get() >= 0
            && minutes.is_sorted()
            && self.longest_start_us.minutes_to(self.longest_end_us) == self.duration_max_minutes
    }
}

impl SessionTable {
    /// How many players there are.
    pub(super) const fn len(&self) -> usize {
        self.sessions.len()
    }

    /// Whether all of it can be what sessions are like.
    pub(super) fn is_sound(&self) -> bool {
        (0..self.len()).all(|index| self.row(index).is_some_and(|row| row.is_sound()))
    }
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

    /// The events of all players, whose numbers can be those of a log; `None` where they cannot.
    pub(super) fn sound_events(&self) -> Option<u64> {
        let is_sound = |index: usize| {
            let (Some(row), Some(sessions)) = (self.row(index), self.sessions_row(index)) else {
                return false;
            };
            let counts = [row.events_max, row.longest_events, row.days_active, row.zones, row.level_count];
            sessions.is_sound()
                && row.sessions <= row.events
                && counts.iter().all(|count| *count <= row.events)
                && row.first_us <= row.last_us
                && row.level_min <= row.level_max
                && row.level_avg.is_finite()
        };
        total(&self.events).filter(|_| (0..self.len()).all(is_sound))
    }

    /// What the bot rules say of the sessions that the table has of a player: ask [`Report::judged`](super::Report::judged).
    #[must_use]
    #[inline]
    pub fn verdict(&self, index: usize, params: &Params) -> Verdict {
        let (max, sum) = (self.duration_max_minutes[index], self.duration_sum_minutes[index]);
        verdict(max, sum, self.sessions[index], params)
    }

    /// The unrounded average session, minutes.
    #[must_use]
    #[inline]
    pub fn avg_session_minutes(&self, index: usize) -> f64 {
        self.duration_sum_minutes[index].get() as f64 / self.sessions[index] as f64
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
#[inline]
pub(super) fn verdict(max_minutes: Minutes, sum_minutes: Minutes, sessions: u64, params: &Params) -> Verdict {
    let (sum, limit) = (sum_minutes.get(), params.bot_avg_session_minutes.get());
    // The wide product is slow where the processor has none, as in wasm, and is for hostile numbers alone.
    let avg_session = match (i32::try_from(limit), i32::try_from(sessions)) {
        (Ok(limit), Ok(sessions)) => sum > i64::from(limit) * i64::from(sessions),
        _ => i128::from(sum) > i128::from(limit) * i128::from(sessions),
    };
    Verdict { long_session: max_minutes > params.bot_max_session_minutes, avg_session }
}
