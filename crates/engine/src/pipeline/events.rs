//! A batch of events, column by column, as the pipeline takes it.

use arrow::buffer::{NullBuffer, ScalarBuffer};

/// Whole numbers, some of which may be null.
#[derive(Debug, Clone)]
pub struct Numbers {
    /// A value per event; anything where null.
    pub values: ScalarBuffer<i64>,
    /// Which events have a value; all when absent.
    pub nulls: Option<NullBuffer>,
}

impl Numbers {
    /// The value of an event.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<i64> {
        let valid = self.nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
        valid.then(|| self.values[row])
    }
}

/// Events with player and time; every column has the same length.
#[derive(Debug, Clone)]
pub struct Events {
    /// Who was seen.
    pub player_id: ScalarBuffer<i64>,
    /// When, in microseconds since 1970-01-01.
    pub time_us: ScalarBuffer<i64>,
    /// Guild numbers, as keys of the file's [`crate::schema::GuildKind`].
    pub guild: Numbers,
    /// Levels.
    pub level: Numbers,
    /// Codes of [`super::Strings::race`].
    pub race: Vec<u32>,
    /// Codes of [`super::Strings::class`].
    pub class: Vec<u32>,
    /// Codes of [`super::Strings::zone`].
    pub zone: Vec<u32>,
    /// Rows of the batch that had to be left out.
    pub rejected: crate::manifest::Rejected,
}

impl Events {
    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.player_id.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.player_id.is_empty()
    }
}
