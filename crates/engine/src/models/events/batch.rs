//! The collected rows as record batches.

use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, BooleanBufferBuilder, Int32Array, Int64Array, RecordBatch, StringArray,
    StringBuilder, UInt32Array,
};
use arrow::buffer::NullBuffer;

use super::columns::{IS_SESSION_START, MINUTES_SINCE_LAST_EVENT, SESSION_ID, SESSION_NUMBER, session_id};
use super::{EventColumns, EventRows, SessionColumns};
use crate::Error;
use crate::models::batches::{batch, guilds, texts, times};
use crate::pipeline::events::Runs;
use crate::pipeline::{Dictionary, NULL_CODE, Report, Strings};
use crate::read::{ChunkReader, EventReader};
use crate::schema::{self, NumberKind};

/// Turns the events of ordered parts into rows of model 1 (`stg_wowlogs_with_sessions`), or of model 3
/// (`stg_wowlogs_no_bots`). Give it the readers of all parts one after the other: a player may go on in the next.
pub struct SessionEvents {
    rows: EventRows,
    strings: Strings,
    race: Texts,
    class: Texts,
    zone: Texts,
}

impl SessionEvents {
    /// Rows of model 1, with the session gap that the report was computed with.
    #[must_use]
    pub fn with_sessions(report: &Report) -> Self {
        Self::new(report, None)
    }

    /// Rows of model 3: those of the players that the report does not flag.
    #[must_use]
    pub fn without_bots(report: &Report) -> Self {
        Self::new(report, Some(report.flagged()))
    }

    fn new(report: &Report, flagged: Option<Vec<i64>>) -> Self {
        Self {
            rows: EventRows::new(report.params.session_gap_minutes, flagged, None),
            strings: Strings::default(),
            race: Texts::default(),
            class: Texts::default(),
            zone: Texts::default(),
        }
    }

    /// The rows of the reader's next batch, which may be none; `None` at the reader's end.
    ///
    /// # Errors
    /// [`Error::Damaged`] for damaged bytes, [`Error::OutOfOrder`] when the parts are not in order.
    pub fn next<R: ChunkReader + 'static>(
        &mut self,
        reader: &mut EventReader<R>,
    ) -> Result<Option<RecordBatch>, Error> {
        let kind = reader.guild_kind();
        let Some(events) = reader.next(&mut self.strings)? else { return Ok(None) };
        self.rows.extend(events)?;
        let rows = self.rows.take();
        let Strings { race, class, zone } = &self.strings;
        let [minutes, starts, numbers] = of_sessions(&rows.sessions);
        batch(vec![
            (schema::PLAYER_ID, whole(&rows.player_id)),
            (schema::GUILD, guilds(numbers_of(&rows.guild), kind)),
            (schema::LEVEL, Arc::new(numbers_of(&rows.level))),
            (schema::RACE, texts(self.race.of(race), rows.race.values())?),
            (schema::CLASS, texts(self.class.of(class), rows.class.values())?),
            (schema::ZONE, texts(self.zone.of(zone), rows.zone.values())?),
            (schema::DATETIME, times(&rows.time_us)),
            minutes,
            starts,
            numbers,
            (SESSION_ID, ids(&rows.sessions)),
        ])
        .map(Some)
    }
}

/// The rows with as little text as may be: race, class and zone are codes, null where there is none, unless their texts are
/// given; and `session_id` is left out, for player and number tell it.
///
/// # Errors
/// [`Error::Decode`] when Arrow refuses the columns.
pub fn coded_batch(
    rows: &EventColumns,
    kind: NumberKind,
    texts: [Option<&Dictionary>; 3],
) -> Result<RecordBatch, Error> {
    let coded = |codes: &Runs<u32>, texts: Option<&Dictionary>| -> ArrayRef {
        let known = codes.values();
        match texts {
            Some(texts) => Arc::new(known.map(|code| texts.get(code)).collect::<StringArray>()),
            None => Arc::new(known.map(|code| (code != NULL_CODE).then_some(code)).collect::<UInt32Array>()),
        }
    };
    let [minutes, starts, numbers] = of_sessions(&rows.sessions);
    batch(vec![
        (schema::PLAYER_ID, whole(&rows.player_id)),
        (schema::GUILD, guilds(numbers_of(&rows.guild), kind)),
        (schema::LEVEL, Arc::new(numbers_of(&rows.level))),
        (schema::RACE, coded(&rows.race, texts[0])),
        (schema::CLASS, coded(&rows.class, texts[1])),
        (schema::ZONE, coded(&rows.zone, texts[2])),
        (schema::DATETIME, times(&rows.time_us)),
        minutes,
        starts,
        numbers,
    ])
}

fn whole(column: &Runs<i64>) -> ArrayRef {
    Arc::new(Int64Array::from(column.to_vec(|value| value)))
}

fn numbers_of(column: &Runs<Option<i64>>) -> Int64Array {
    let values = column.to_vec(Option::unwrap_or_default);
    Int64Array::new(values.into(), known(column, Option::is_some))
}

/// Which rows have a value; nothing where all have.
fn known<T: Copy + PartialEq>(column: &Runs<T>, is_known: impl Fn(&T) -> bool) -> Option<NullBuffer> {
    let has_null = column.iter().any(|(value, _)| !is_known(&value));
    has_null.then(|| {
        let mut known = BooleanBufferBuilder::new(column.rows());
        column.iter().for_each(|(value, rows)| known.append_n(rows.len(), is_known(&value)));
        known.finish().into()
    })
}

fn of_sessions(columns: &SessionColumns) -> [(&'static str, ArrayRef); 3] {
    let minutes = columns.minutes.iter().map(|minutes| minutes.unwrap_or_default().get()).collect::<Vec<_>>();
    let known: NullBuffer = columns.minutes.iter().map(Option::is_some).collect();
    let starts = columns.starts.iter().map(|&starts| i32::from(starts));
    let numbers = columns.sessions.to_vec(|(_, number)| number.cast_signed());
    [
        (MINUTES_SINCE_LAST_EVENT, Arc::new(Int64Array::new(minutes.into(), Some(known)))),
        (IS_SESSION_START, Arc::new(Int32Array::from_iter_values(starts))),
        (SESSION_NUMBER, Arc::new(Int64Array::from(numbers))),
    ]
}

fn ids(columns: &SessionColumns) -> ArrayRef {
    let mut ids = StringBuilder::with_capacity(columns.rows(), columns.rows() * 12);
    for (session, rows) in columns.sessions.iter() {
        let id = session_id(session);
        rows.for_each(|_| ids.append_value(&id));
    }
    Arc::new(ids.finish())
}

/// A dictionary as Arrow has it, made anew only where it grew.
struct Texts(StringArray);

impl Default for Texts {
    fn default() -> Self {
        Self(StringArray::new_null(0))
    }
}

impl Texts {
    fn of(&mut self, dictionary: &Dictionary) -> &StringArray {
        if self.0.len() != dictionary.texts().len() {
            self.0 = StringArray::from_iter_values(dictionary.texts());
        }
        &self.0
    }
}
