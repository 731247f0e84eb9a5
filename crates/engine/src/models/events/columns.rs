//! The columns of both models, filled row by row.

use std::ops::Range;

use parquet::schema::types::{ColumnDescPtr, SchemaDescriptor};

use crate::pipeline::events::{Events, Runs};
use crate::pipeline::{Dictionary, Step, Strings};
use crate::schema::{self, NumberKind};
use crate::time::{Micros, Minutes};
use crate::write::{self, Chunk, ColumnType, NumberRuns, Result, TextRuns};

/// The columns of both models.
///
/// # Errors
/// When Parquet has no such columns.
pub fn columns(guild_kind: NumberKind) -> Result<SchemaDescriptor> {
    let guild = match guild_kind {
        NumberKind::Integer => ColumnType::Whole,
        NumberKind::Float => ColumnType::Double,
    };
    let types = [
        (schema::PLAYER_ID, ColumnType::Whole),
        (schema::GUILD, guild),
        (schema::LEVEL, ColumnType::Whole),
        (schema::RACE, ColumnType::Text),
        (schema::CLASS, ColumnType::Text),
        (schema::ZONE, ColumnType::Text),
        (schema::DATETIME, ColumnType::Time),
        (MINUTES_SINCE_LAST_EVENT, ColumnType::Whole),
        (IS_SESSION_START, ColumnType::Flag),
        (SESSION_NUMBER, ColumnType::Whole),
        (SESSION_ID, ColumnType::Text),
    ];
    write::columns(types.into_iter())
}

pub(super) const MINUTES_SINCE_LAST_EVENT: &str = "minutes_since_last_event";
pub(super) const IS_SESSION_START: &str = "is_session_start";
pub(super) const SESSION_NUMBER: &str = "session_number";
pub(super) const SESSION_ID: &str = "session_id";

/// A session's name in the whole log.
pub(super) fn session_id((player_id, session_number): (i64, u64)) -> String {
    format!("{player_id}-{session_number}")
}

/// What is said of each event's session: the last four columns.
#[derive(Debug, Default)]
pub struct SessionColumns {
    pub(super) minutes: Vec<Option<Minutes>>,
    pub(super) starts: Vec<bool>,
    /// The player and the number of the session.
    pub(super) sessions: Runs<(i64, u64)>,
}

impl SessionColumns {
    /// How many rows there are.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.starts.len()
    }

    /// Takes what is said of a player's next event.
    #[inline]
    pub fn push(&mut self, player_id: i64, step: Step) {
        self.minutes.push(step.minutes_since_last_event);
        self.starts.push(step.is_session_start);
        self.sessions.push((player_id, step.session_number), 1);
    }

    fn truncate(&mut self, rows: usize) {
        self.minutes.truncate(rows);
        self.starts.truncate(rows);
        self.sessions.truncate(rows);
    }

    /// The columns, packed.
    ///
    /// # Errors
    /// When one is larger than the format allows.
    pub fn pack(&self, columns: &SchemaDescriptor) -> Result<[Chunk; 4]> {
        let column = |index: usize| -> ColumnDescPtr { columns.column(schema::COLUMNS.len() + index) };
        let whole = || NumberRuns::new(NumberKind::Integer);
        let (mut minutes, mut numbers, mut ids) = (whole(), whole(), write::CodedRuns::default());
        for minutes_since_last in &self.minutes {
            minutes.push(minutes_since_last.map(Minutes::get), 1);
        }
        for (session, rows) in self.sessions.iter() {
            numbers.push(Some(session.1.cast_signed()), rows.len());
            let id = ids.add_text(&session_id(session));
            ids.push(Some(id), rows.len());
        }
        Ok([
            write::runs(&column(0), &minutes.runs)?,
            write::flags(&column(1), &self.starts)?,
            write::runs(&column(2), &numbers.runs)?,
            write::runs(&column(3), &ids)?,
        ])
    }
}

/// All columns; texts are codes of the [`Strings`] that the events' codes refer to.
#[derive(Debug, Default)]
pub struct EventColumns {
    pub(super) player_id: Runs<i64>,
    /// Numbers, or doubles by their keys.
    pub(super) guild: Runs<Option<i64>>,
    pub(super) level: Runs<Option<i64>>,
    pub(super) race: Runs<u32>,
    pub(super) class: Runs<u32>,
    pub(super) zone: Runs<u32>,
    pub(super) time_us: Vec<Micros>,
    /// The last four, which are given row by row.
    pub sessions: SessionColumns,
}

impl EventColumns {
    /// How many rows there are.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.time_us.len()
    }

    /// Takes some rows of a batch; the columns of sessions are filled apart.
    pub fn extend(&mut self, events: &Events, rows: Range<usize>) {
        extend(&mut self.player_id, &events.player_id, &rows);
        extend(&mut self.guild, &events.guild, &rows);
        extend(&mut self.level, &events.level, &rows);
        extend(&mut self.race, &events.race, &rows);
        extend(&mut self.class, &events.class, &rows);
        extend(&mut self.zone, &events.zone, &rows);
        self.time_us.extend_from_slice(&events.time_us[rows]);
    }

    /// Keeps the first rows alone.
    pub(super) fn truncate(&mut self, rows: usize) {
        self.player_id.truncate(rows);
        self.guild.truncate(rows);
        self.level.truncate(rows);
        self.race.truncate(rows);
        self.class.truncate(rows);
        self.zone.truncate(rows);
        self.time_us.truncate(rows);
        self.sessions.truncate(rows);
    }

    /// Keeps the first rows and gives the others.
    pub(super) fn split_off(&mut self, rows: usize) -> Self {
        let others = self.tail(rows);
        self.truncate(rows);
        others
    }

    fn tail(&self, rows: usize) -> Self {
        let sessions = &self.sessions;
        Self {
            player_id: self.player_id.tail(rows),
            guild: self.guild.tail(rows),
            level: self.level.tail(rows),
            race: self.race.tail(rows),
            class: self.class.tail(rows),
            zone: self.zone.tail(rows),
            time_us: self.time_us.get(rows..).unwrap_or_default().to_vec(),
            sessions: SessionColumns {
                minutes: sessions.minutes.get(rows..).unwrap_or_default().to_vec(),
                starts: sessions.starts.get(rows..).unwrap_or_default().to_vec(),
                sessions: sessions.sessions.tail(rows),
            },
        }
    }

    /// The columns, packed.
    ///
    /// # Errors
    /// When one is larger than the format allows.
    pub fn pack(
        &self,
        columns: &SchemaDescriptor,
        guild_kind: NumberKind,
        strings: &Strings,
    ) -> Result<Vec<Chunk>> {
        let numbers = |values: &Runs<Option<i64>>, kind| {
            let mut numbers = NumberRuns::new(kind);
            values.iter().for_each(|(value, rows)| numbers.push(value, rows.len()));
            numbers.runs
        };
        let texts = |codes: &Runs<u32>, dictionary: &Dictionary| {
            let mut texts = TextRuns::default();
            codes.iter().for_each(|(code, rows)| texts.push(code, rows.len(), dictionary));
            texts.runs
        };
        let mut player_id = NumberRuns::new(NumberKind::Integer);
        self.player_id.iter().for_each(|(id, rows)| player_id.push(Some(id), rows.len()));
        let values = [
            player_id.runs,
            numbers(&self.guild, guild_kind),
            numbers(&self.level, NumberKind::Integer),
            texts(&self.race, &strings.race),
            texts(&self.class, &strings.class),
            texts(&self.zone, &strings.zone),
        ];
        let chunks = values.iter().enumerate().map(|(index, runs)| write::runs(&columns.column(index), runs));
        let mut chunks = chunks.collect::<Result<Vec<_>>>()?;
        let times_us: Vec<i64> = self.time_us.iter().map(|time_us| time_us.get()).collect();
        chunks.push(write::times(&columns.column(chunks.len()), &times_us)?);
        chunks.extend(self.sessions.pack(columns)?);
        Ok(chunks)
    }
}

fn extend<T: Copy + PartialEq>(ours: &mut Runs<T>, theirs: &Runs<T>, rows: &Range<usize>) {
    theirs.within(rows.clone()).for_each(|(value, rows)| ours.push(value, rows));
}
