//! Models 1 and 3: one row per event.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Int32Array, Int64Array, Int64Builder, RecordBatch, StringArray,
    StringBuilder,
};
use arrow::compute::filter_record_batch;

use super::{arrow_error, batch, guilds, texts, times};
use crate::Error;
use crate::pipeline::events::{Events, Runs};
use crate::pipeline::{Dictionary, Report, SessionClock, Strings};
use crate::read::{ChunkReader, EventReader};
use crate::schema::{self, GuildKind};
use crate::time::{Micros, Minutes};

/// Turns the events of ordered parts into rows of model 1 (`stg_wowlogs_with_sessions`), or of model 3
/// (`stg_wowlogs_no_bots`). Give it the readers of all parts one after the other: a player may go on in the next.
pub struct SessionEvents<'a> {
    report: &'a Report,
    without_bots: bool,
    strings: Strings,
    race: Texts,
    class: Texts,
    zone: Texts,
    walk: Option<Walk>,
}

/// The player that the rows have reached.
struct Walk {
    player_id: i64,
    clock: SessionClock,
    keep: bool,
    last_us: Micros,
    session_number: u64,
    session_id: String,
}

impl<'a> SessionEvents<'a> {
    /// Rows of model 1, with the session gap that the report was computed with.
    #[must_use]
    pub fn with_sessions(report: &'a Report) -> Self {
        Self {
            report,
            without_bots: false,
            strings: Strings::default(),
            race: Texts::default(),
            class: Texts::default(),
            zone: Texts::default(),
            walk: None,
        }
    }

    /// Rows of model 3: those of the players that the report does not flag.
    #[must_use]
    pub fn without_bots(report: &'a Report) -> Self {
        Self { without_bots: true, ..Self::with_sessions(report) }
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
        let steps = self.walk(events)?;
        let rows = self.rows(events, kind, &steps)?;
        let rows = match &steps.keep {
            Some(keep) => filter_record_batch(&rows, keep).map_err(arrow_error)?,
            None => rows,
        };
        Ok(Some(rows))
    }

    fn walk(&mut self, events: &Events) -> Result<Steps, Error> {
        let mut steps = StepsBuilder::with_capacity(events.len());
        for (player_id, rows) in events.player_id.iter() {
            match &self.walk {
                Some(walk) if walk.player_id == player_id => {}
                Some(walk) if walk.player_id > player_id => return Err(Error::OutOfOrder { player_id }),
                _ => self.walk = Some(self.enter(player_id)),
            }
            if let Some(walk) = &mut self.walk {
                steps.extend(walk, &events.time_us[rows])?;
            }
        }
        Ok(steps.finish(self.without_bots))
    }

    fn enter(&self, player_id: i64) -> Walk {
        let players = &self.report.players;
        let keep = players
            .find(player_id)
            .is_some_and(|index| !players.verdict(index, &self.report.params).is_bot());
        Walk {
            player_id,
            clock: SessionClock::new(self.report.params.session_gap_minutes),
            keep,
            last_us: Micros::MIN,
            session_number: 0,
            session_id: String::new(),
        }
    }

    fn rows(&mut self, events: &Events, kind: GuildKind, steps: &Steps) -> Result<RecordBatch, Error> {
        let numbers = |numbers: &Runs<Option<i64>>| numbers.values().collect::<Int64Array>();
        batch(vec![
            (schema::PLAYER_ID, Arc::new(Int64Array::from_iter_values(events.player_id.values()))),
            (schema::GUILD, guilds(numbers(&events.guild), kind)),
            (schema::LEVEL, Arc::new(numbers(&events.level))),
            (schema::RACE, texts(self.race.of(&self.strings.race), events.race.values())?),
            (schema::CLASS, texts(self.class.of(&self.strings.class), events.class.values())?),
            (schema::ZONE, texts(self.zone.of(&self.strings.zone), events.zone.values())?),
            (schema::DATETIME, times(&events.time_us)),
            ("minutes_since_last_event", Arc::clone(&steps.minutes)),
            ("is_session_start", Arc::clone(&steps.starts)),
            ("session_number", Arc::clone(&steps.numbers)),
            ("session_id", Arc::clone(&steps.ids)),
        ])
    }
}

/// What the session clock adds to a batch of events.
struct Steps {
    minutes: ArrayRef,
    starts: ArrayRef,
    numbers: ArrayRef,
    ids: ArrayRef,
    /// Which rows belong to players that are not flagged; all when absent.
    keep: Option<BooleanArray>,
}

struct StepsBuilder {
    minutes: Int64Builder,
    starts: Vec<i32>,
    numbers: Vec<i64>,
    ids: StringBuilder,
    keep: Vec<bool>,
}

impl StepsBuilder {
    fn with_capacity(rows: usize) -> Self {
        Self {
            minutes: Int64Builder::with_capacity(rows),
            starts: Vec::with_capacity(rows),
            numbers: Vec::with_capacity(rows),
            ids: StringBuilder::with_capacity(rows, rows * 12),
            keep: Vec::with_capacity(rows),
        }
    }

    fn extend(&mut self, walk: &mut Walk, times_us: &[Micros]) -> Result<(), Error> {
        for &time_us in times_us {
            if time_us < walk.last_us {
                return Err(Error::OutOfOrder { player_id: walk.player_id });
            }
            walk.last_us = time_us;
            let step = walk.clock.step(time_us);
            if step.session_number != walk.session_number {
                walk.session_number = step.session_number;
                walk.session_id = format!("{}-{}", walk.player_id, step.session_number);
            }
            self.minutes.append_option(step.minutes_since_last_event.map(Minutes::get));
            self.starts.push(i32::from(step.is_session_start));
            self.numbers.push(step.session_number.cast_signed());
            self.ids.append_value(&walk.session_id);
            self.keep.push(walk.keep);
        }
        Ok(())
    }

    fn finish(mut self, without_bots: bool) -> Steps {
        Steps {
            minutes: Arc::new(self.minutes.finish()),
            starts: Arc::new(Int32Array::from(self.starts)),
            numbers: Arc::new(Int64Array::from(self.numbers)),
            ids: Arc::new(self.ids.finish()),
            keep: without_bots.then(|| BooleanArray::from(self.keep)),
        }
    }
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
