//! The log in order of player and time, as DuckDB sorts it, for the engine.

use anyhow::Context as _;
use arrow::array::{Array, ArrayRef, AsArray as _, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimestampMicrosecondType, UInt16Type};
use duckdb::Connection;
use wow_engine::pipeline::events::{Events, Runs};
use wow_engine::pipeline::{Dictionary, NULL_CODE, Strings};
use wow_engine::schema::{self, NumberKind, float_to_key};

use crate::interrupt;
use crate::source::Source;

/// What takes events in order.
pub(super) trait Sink {
    /// The dictionaries that their codes refer to, and that new texts are added to.
    fn strings_mut(&mut self) -> &mut Strings;

    /// Takes the next events.
    ///
    /// # Errors
    /// What keeps it from taking them.
    fn push(&mut self, events: &Events) -> anyhow::Result<()>;
}

/// The log's events, batch after batch.
pub(super) struct Sorted {
    /// How the guild's numbers are stored.
    pub(super) guild_kind: NumberKind,
    connection: Connection,
    sql: String,
    /// The texts of race, class and zone, where DuckDB gives their ranks instead.
    texts: [Option<StringArray>; 3],
}

impl Sorted {
    /// Before the first event. The connection is one of its own, for the rows are read while others are written.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub(super) fn new(connection: Connection, source: &Source) -> anyhow::Result<Self> {
        let query = source.query(&connection)?;
        let guild = source.columns.iter().find(|column| column.name == schema::GUILD);
        let guild_kind = match guild.map(|guild| guild.read_as) {
            Some("DOUBLE") => NumberKind::Float,
            _ => NumberKind::Integer,
        };
        let texts = [schema::RACE, schema::CLASS, schema::ZONE].map(|name| {
            let place = source.columns.iter().position(|column| column.name == name)?;
            query.texts.get(place).cloned().flatten()
        });
        Ok(Self { guild_kind, connection, sql: query.sql, texts })
    }

    /// The texts among race, class and zone that are few and known beforehand, in the order of their codes.
    pub(super) const fn texts(&self) -> &[Option<StringArray>; 3] {
        &self.texts
    }

    /// Gives all events to a sink.
    ///
    /// # Errors
    /// What DuckDB says, after Ctrl-C, and those of the sink.
    pub(super) fn give_all(&self, sink: &mut impl Sink) -> anyhow::Result<()> {
        for (texts, dictionary) in self.texts.iter().zip(dictionaries(sink.strings_mut())) {
            for text in texts.iter().flat_map(StringArray::iter).flatten() {
                dictionary.code(text);
            }
        }
        let mut statement = self.connection.prepare(&self.sql)?;
        for batch in statement.stream_arrow([])? {
            interrupt::check()?;
            let events = events_of(&batch?, self.guild_kind, sink.strings_mut())?;
            sink.push(&events)?;
        }
        Ok(())
    }
}

fn dictionaries(strings: &mut Strings) -> [&mut Dictionary; 3] {
    [&mut strings.race, &mut strings.class, &mut strings.zone]
}

/// A batch with the contract's columns in their order.
fn events_of(batch: &RecordBatch, kind: NumberKind, strings: &mut Strings) -> anyhow::Result<Events> {
    let [player_id, guild, level, race, class, zone, datetime] = batch.columns() else {
        anyhow::bail!("DuckDB gave {} columns", batch.num_columns());
    };
    let unexpected = "DuckDB gave rows of other types than were asked for";
    let player_id = player_id.as_primitive_opt::<Int64Type>().context(unexpected)?;
    let datetime = datetime.as_primitive_opt::<TimestampMicrosecondType>().context(unexpected)?;
    let level = level.as_primitive_opt::<Int64Type>().context(unexpected)?;
    let guild: Runs<Option<i64>> = match kind {
        NumberKind::Integer => guild.as_primitive_opt::<Int64Type>().context(unexpected)?.iter().collect(),
        NumberKind::Float => {
            let guild = guild.as_primitive_opt::<Float64Type>().context(unexpected)?;
            guild.iter().map(|number| number.map(float_to_key)).collect()
        }
    };
    let [races, classes, zones] = dictionaries(strings);
    Ok(Events {
        player_id: player_id.values().iter().copied().collect(),
        time_us: datetime.values().iter().map(|&time_us| time_us.try_into()).collect::<Result<_, _>>()?,
        guild,
        level: level.iter().collect(),
        race: codes_of(race, races).context(unexpected)?,
        class: codes_of(class, classes).context(unexpected)?,
        zone: codes_of(zone, zones).context(unexpected)?,
        ..Events::default()
    })
}

/// The codes of a column of texts, or of ranks that are codes already.
fn codes_of(column: &ArrayRef, dictionary: &mut Dictionary) -> Option<Runs<u32>> {
    if *column.data_type() == DataType::UInt16 {
        let ranks = column.as_primitive_opt::<UInt16Type>()?;
        return Some(ranks.iter().map(|rank| rank.map_or(NULL_CODE, u32::from)).collect());
    }
    let texts = column.as_string_opt::<i32>()?;
    let mut last = (None, NULL_CODE);
    let code = |text: Option<&str>| {
        if last.0.as_deref() != text {
            last = (text.map(str::to_owned), text.map_or(NULL_CODE, |text| dictionary.code(text)));
        }
        last.1
    };
    Some(texts.iter().map(code).collect())
}
