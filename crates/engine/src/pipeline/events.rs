//! A batch of events, column by column, as the pipeline takes it.

pub use super::runs::Runs;
use crate::manifest::Rejected;
use crate::time::Micros;

/// Events with player and time; every column has the same length.
#[derive(Debug, Clone, Default)]
pub struct Events {
    /// Who was seen.
    pub player_id: Runs<i64>,
    /// When.
    pub time_us: Vec<Micros>,
    /// Guild numbers, as keys of the file's [`crate::schema::NumberKind`].
    pub guild: Runs<Option<i64>>,
    /// Levels.
    pub level: Runs<Option<i64>>,
    /// Codes of [`super::Strings::race`].
    pub race: Runs<u32>,
    /// Codes of [`super::Strings::class`].
    pub class: Runs<u32>,
    /// Codes of [`super::Strings::zone`].
    pub zone: Runs<u32>,
    /// Rows of the batch that no model can use.
    pub rejected: Rejected,
    /// Rows of the batch that the filter does not match.
    pub left_out: u64,
    /// All rows of the batch with player and time; empty where there is no filter, for then the events are all.
    pub whole: Sightings,
}

/// Who was seen when, whatever a filter says.
#[derive(Debug, Clone, Default)]
pub struct Sightings {
    /// Who.
    pub player_id: Runs<i64>,
    /// When.
    pub time_us: Vec<Micros>,
}

impl Events {
    /// How many events there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.time_us.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.time_us.is_empty()
    }

    /// Keeps the rows that `keep` says, which has as many.
    pub(crate) fn retain(&mut self, keep: &Runs<bool>) {
        let mut kept = 0;
        for (_, rows) in keep.iter().filter(|(is_kept, _)| *is_kept) {
            let count = rows.len();
            self.time_us.copy_within(rows, kept);
            kept += count;
        }
        self.time_us.truncate(kept);
        self.retain_other_columns(keep);
    }

    /// Keeps the same rows, and all of them as sightings.
    pub(crate) fn retain_counted(&mut self, keep: &Runs<bool>) {
        self.whole.player_id.clone_from(&self.player_id);
        std::mem::swap(&mut self.whole.time_us, &mut self.time_us);
        self.time_us.clear();
        for (_, rows) in keep.iter().filter(|(is_kept, _)| *is_kept) {
            self.time_us.extend_from_slice(&self.whole.time_us[rows]);
        }
        self.retain_other_columns(keep);
    }

    fn retain_other_columns(&mut self, keep: &Runs<bool>) {
        self.player_id.retain(keep);
        self.guild.retain(keep);
        self.level.retain(keep);
        self.race.retain(keep);
        self.class.retain(keep);
        self.zone.retain(keep);
    }

    /// Takes all events out and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.time_us.clear();
        self.player_id.clear();
        self.guild.clear();
        self.level.clear();
        self.race.clear();
        self.class.clear();
        self.zone.clear();
        self.rejected = Rejected::default();
        self.left_out = 0;
        self.whole.player_id.clear();
        self.whole.time_us.clear();
    }

    /// How many rows were read for the batch, those that were taken out too.
    pub(crate) const fn rows_read(&self) -> u64 {
        self.len() as u64 + self.left_out + self.rejected.total()
    }
}
