//! The columns of both models, filled row by row.

use std::ops::Range;

use parquet::schema::types::{ColumnDescPtr, SchemaDescriptor};

use crate::pipeline::events::Events;
use crate::pipeline::{Step, Strings};
use crate::schema::{self, GuildKind};
use crate::time::Minutes;
use crate::write::{self, Chunk, ColumnType, NumberRuns, Result, Runs, TextRuns};

/// The columns of both models.
///
/// # Errors
/// When Parquet has no such columns.
pub fn columns(guild_kind: GuildKind) -> Result<SchemaDescriptor> {
    let guild = match guild_kind {
        GuildKind::Integer => ColumnType::Whole,
        GuildKind::Float => ColumnType::Double,
    };
    let types = [
        (schema::PLAYER_ID, ColumnType::Whole),
        (schema::GUILD, guild),
        (schema::LEVEL, ColumnType::Whole),
        (schema::RACE, ColumnType::Text),
        (schema::CLASS, ColumnType::Text),
        (schema::ZONE, ColumnType::Text),
        (schema::DATETIME, ColumnType::Time),
        ("minutes_since_last_event", ColumnType::Whole),
        ("is_session_start", ColumnType::Flag),
        ("session_number", ColumnType::Whole),
        ("session_id", ColumnType::Text),
    ];
    write::columns(types.into_iter())
}

/// What the session clock says of each row: the last four columns.
#[derive(Debug)]
pub struct SessionColumns {
    minutes: NumberRuns,
    starts: Vec<bool>,
    numbers: NumberRuns,
    ids: Runs,
    /// The player and the session that the last id is of.
    last: Option<(i64, u64)>,
    last_id: u32,
}

impl Default for SessionColumns {
    fn default() -> Self {
        Self {
            minutes: NumberRuns::new(GuildKind::Integer),
            starts: Vec::new(),
            numbers: NumberRuns::new(GuildKind::Integer),
            ids: Runs::default(),
            last: None,
            last_id: 0,
        }
    }
}

impl SessionColumns {
    /// How many rows there are.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.starts.len()
    }

    /// Takes what is said of a player's next event.
    pub fn push(&mut self, player_id: i64, step: Step) {
        self.minutes.push(step.minutes_since_last_event.map(Minutes::get), 1);
        self.starts.push(step.is_session_start);
        self.numbers.push(Some(step.session_number.cast_signed()), 1);
        let session = (player_id, step.session_number);
        if self.last != Some(session) {
            self.last = Some(session);
            self.last_id = self.ids.add_text(&format!("{player_id}-{}", step.session_number));
        }
        self.ids.push(Some(self.last_id), 1);
    }

    /// The columns, packed.
    ///
    /// # Errors
    /// When one is larger than the format allows.
    pub fn pack(&self, columns: &SchemaDescriptor) -> Result<[Chunk; 4]> {
        let column = |index: usize| -> ColumnDescPtr { columns.column(schema::COLUMNS.len() + index) };
        Ok([
            write::runs(&column(0), &self.minutes.runs)?,
            write::flags(&column(1), &self.starts)?,
            write::runs(&column(2), &self.numbers.runs)?,
            write::runs(&column(3), &self.ids)?,
        ])
    }
}

/// All columns.
#[derive(Debug)]
pub struct EventColumns {
    player_id: NumberRuns,
    guild: NumberRuns,
    level: NumberRuns,
    race: TextRuns,
    class: TextRuns,
    zone: TextRuns,
    times_us: Vec<i64>,
    /// The last four, which are given row by row.
    pub sessions: SessionColumns,
}

impl EventColumns {
    /// Of no rows.
    #[must_use]
    pub fn new(guild_kind: GuildKind) -> Self {
        let numbers = || NumberRuns::new(GuildKind::Integer);
        Self {
            player_id: numbers(),
            guild: NumberRuns::new(guild_kind),
            level: numbers(),
            race: TextRuns::default(),
            class: TextRuns::default(),
            zone: TextRuns::default(),
            times_us: Vec::new(),
            sessions: SessionColumns::default(),
        }
    }

    /// How many rows there are.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.times_us.len()
    }

    /// Takes some rows of a batch, whose text codes refer to `strings`; the session clock's columns are filled apart.
    pub fn extend(&mut self, events: &Events, rows: Range<usize>, strings: &Strings) {
        for (player_id, rows) in events.player_id.within(rows.clone()) {
            self.player_id.push(Some(player_id), rows);
        }
        for (guild, rows) in events.guild.within(rows.clone()) {
            self.guild.push(guild, rows);
        }
        for (level, rows) in events.level.within(rows.clone()) {
            self.level.push(level, rows);
        }
        for (race, rows) in events.race.within(rows.clone()) {
            self.race.push(race, rows, &strings.race);
        }
        for (class, rows) in events.class.within(rows.clone()) {
            self.class.push(class, rows, &strings.class);
        }
        for (zone, rows) in events.zone.within(rows.clone()) {
            self.zone.push(zone, rows, &strings.zone);
        }
        self.times_us.extend(events.time_us[rows].iter().map(|time_us| time_us.get()));
    }

    /// The columns, packed.
    ///
    /// # Errors
    /// When one is larger than the format allows.
    pub fn pack(&self, columns: &SchemaDescriptor) -> Result<Vec<Chunk>> {
        let column = |index| columns.column(index);
        let runs = [&self.player_id.runs, &self.guild.runs, &self.level.runs];
        let texts = [&self.race.runs, &self.class.runs, &self.zone.runs];
        let runs = runs.into_iter().chain(texts).enumerate();
        let mut chunks =
            runs.map(|(index, runs)| write::runs(&column(index), runs)).collect::<Result<Vec<_>>>()?;
        chunks.push(write::times(&column(chunks.len()), &self.times_us)?);
        chunks.extend(self.sessions.pack(columns)?);
        Ok(chunks)
    }
}
