//! The contract of input: how a column of the event table is found in what people have, which types it may have, how a
//! value becomes an id, a number, a text or a time, and the sentence for what does not.
//!
//! Every way in asks here and nothing else decides: `wow import`, `wow debug`, files on the page, files from an address,
//! and the reader of parts. That is why there is no I/O here, and no Parquet.

mod columns;
mod content;
mod folder;
pub mod numbers;
mod reading;
mod refusal;
mod time_text;
pub mod times;
mod types;

pub use columns::{Columns, Notice, Place};
pub use content::{Content, HEAD_BYTES, Other};
pub use folder::{Partition, is_left_out};
pub use reading::{Format, Found, Reading};
pub(crate) use refusal::EXAMPLES;
pub use refusal::{Refusal, Wrong};
pub use time_text::{TimeForm, TimeTexts};
pub use types::{SourceType, Taken, accept};

use crate::schema;

/// A column of the event table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// Who was seen.
    PlayerId,
    /// The guild's number.
    Guild,
    /// The character's level.
    Level,
    /// The character's race.
    Race,
    /// The character's class.
    Class,
    /// The zone.
    #[serde(rename = "where")]
    Zone,
    /// When the character was seen.
    Datetime,
}

impl Column {
    /// All columns in the order of the source table, which is that of the variants.
    pub const ALL: [Self; 7] =
        [Self::PlayerId, Self::Guild, Self::Level, Self::Race, Self::Class, Self::Zone, Self::Datetime];

    /// The contract's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        schema::COLUMNS[self as usize]
    }

    /// The column of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }

    /// Names that other publications of the log use for it.
    pub fn aliases(self) -> impl Iterator<Item = &'static str> {
        schema::ALIASES.iter().filter(move |(_, meant)| *meant == self.name()).map(|(alias, _)| *alias)
    }
}
