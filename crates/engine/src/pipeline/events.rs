//! A batch of events, column by column, as the pipeline takes it.

/// Whole numbers, some of which may be null.
#[derive(Debug, Clone, Default)]
pub struct Numbers {
    /// A value per event; anything where null.
    pub values: Vec<i64>,
    /// Whether an event has a value; all have one when it is empty.
    pub validity: Vec<bool>,
}

impl Numbers {
    /// The value of an event.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<i64> {
        let is_valid = self.validity.get(row).copied().unwrap_or(true);
        is_valid.then(|| self.values[row])
    }

    /// Whether no value is null.
    #[must_use]
    pub fn are_all_valid(&self) -> bool {
        self.validity.is_empty()
    }

    /// How many values are null.
    #[must_use]
    pub fn nulls(&self) -> usize {
        self.validity.iter().filter(|is_valid| !**is_valid).count()
    }

    /// Takes the values out, for a new batch in the same memory.
    pub(crate) fn clear(&mut self) {
        self.values.clear();
        self.validity.clear();
    }
}

/// Events with player and time; every column has the same length.
#[derive(Debug, Clone, Default)]
pub struct Events {
    /// Who was seen.
    pub player_id: Vec<i64>,
    /// When, in microseconds since 1970-01-01.
    pub time_us: Vec<i64>,
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
    /// Rows of the batch that no model can use.
    pub rejected: crate::manifest::Rejected,
    /// Rows of the batch that the filter does not match.
    pub left_out: u64,
}

impl Events {
    /// How many events there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.player_id.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.player_id.is_empty()
    }

    /// How many rows were read for the batch, those that were taken out too.
    pub(crate) const fn rows_read(&self) -> u64 {
        self.len() as u64 + self.left_out + self.rejected.total()
    }

    /// Keeps the rows that `keep` says, which has an entry for each.
    pub(crate) fn retain(&mut self, keep: &[bool]) {
        retain(&mut self.player_id, keep);
        retain(&mut self.time_us, keep);
        retain(&mut self.race, keep);
        retain(&mut self.class, keep);
        retain(&mut self.zone, keep);
        for numbers in [&mut self.guild, &mut self.level] {
            retain(&mut numbers.values, keep);
            retain(&mut numbers.validity, keep);
        }
    }
}

fn retain<T>(column: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    column.retain(|_| keep.next().copied().unwrap_or(false));
}
