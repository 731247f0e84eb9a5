//! The records of CSV as rows of the event table.

use std::io::Read;

use super::records::Records;
use super::{Survey, damaged, line};
use crate::Error;
use crate::contract::{Column, Columns, EXAMPLES, Refusal, TimeTexts, Wrong, numbers};
use crate::pipeline::events::{Events, Runs};
use crate::pipeline::{Dictionary, NULL_CODE, Strings};
use crate::read::BATCH_ROWS;
use crate::schema::{GuildKind, float_to_key};

/// Reads rows batch by batch, and counts what cannot be read of each column: one sentence then tells of all of it.
pub(super) struct Table {
    places: [usize; Column::ALL.len()],
    width: usize,
    /// `None` while it is being found out.
    guild_kind: Option<GuildKind>,
    has_fractions: bool,
    times: TimeTexts,
    texts: [LastText; 3],
    rows: u64,
    empty_rows: u64,
    failing: [Option<Failing>; Column::ALL.len()],
    /// The rows of the batch; players and times are anything where there is none.
    pub(super) events: Events,
    /// The players of the batch.
    pub(super) player_id: Runs<Option<i64>>,
    /// Whether a row of the batch has a time; all have one when it is empty.
    pub(super) has_time: Vec<bool>,
}

/// Values of a column that cannot be read.
struct Failing {
    wrong: Wrong,
    rows: u64,
    examples: Vec<String>,
}

/// The text that was met last in a column, which the next row often has too.
#[derive(Default)]
struct LastText {
    text: Vec<u8>,
    code: Option<u32>,
}

impl Table {
    pub(super) fn new(columns: &Columns, guild_kind: Option<GuildKind>) -> Self {
        Self {
            places: Column::ALL.map(|column| columns.place(column)),
            width: columns.width(),
            guild_kind,
            has_fractions: false,
            times: TimeTexts::default(),
            texts: Default::default(),
            rows: 0,
            empty_rows: 0,
            failing: Default::default(),
            events: Events::default(),
            player_id: Runs::default(),
            has_time: Vec::new(),
        }
    }

    /// Reads the next rows over those of the batch; `false` when there are none.
    ///
    /// # Errors
    /// [`Error::Damaged`], or [`Error::Refused`] for a line that cannot be taken apart.
    pub(super) fn fill<T: Read>(
        &mut self,
        records: &mut Records<T>,
        strings: &mut Strings,
    ) -> Result<bool, Error> {
        self.events.clear();
        self.player_id.clear();
        self.has_time.clear();
        self.texts.iter_mut().for_each(|last| last.code = None);
        let mut rows = 0;
        while rows < BATCH_ROWS && records.next()? {
            if (0..records.len()).all(|place| records.field(place).0.trim_ascii().is_empty()) {
                self.empty_rows += 1;
                continue;
            }
            self.check_width(records)?;
            self.push(records, strings)?;
            rows += 1;
        }
        self.rows += rows as u64;
        if !self.has_time.contains(&false) {
            self.has_time.clear();
        }
        Ok(rows > 0)
    }

    /// What was found, at the end of the file.
    ///
    /// # Errors
    /// [`Error::Refused`] for the first column with values that cannot be read.
    pub(super) fn finish(self) -> Result<Survey, Error> {
        let failing = Column::ALL.into_iter().zip(self.failing);
        for (column, failing) in failing {
            if let Some(Failing { wrong, rows, examples }) = failing {
                let (name, rows) = (column.name().to_owned(), Some((rows, self.rows)));
                return Err(Refusal::Values { column, name, wrong, examples, rows }.into());
            }
        }
        let kind = if self.has_fractions { GuildKind::Float } else { GuildKind::Integer };
        Ok(Survey {
            rows: self.rows,
            empty_rows: self.empty_rows,
            guild_kind: self.guild_kind.unwrap_or(kind),
            time_form: self.times.form(),
        })
    }

    /// Fields beyond those that have a name must be empty.
    fn check_width<T: Read>(&self, records: &mut Records<T>) -> Result<(), Error> {
        let found = records.len();
        let has_more = (self.width..found).any(|place| !records.field(place).0.is_empty());
        if found >= self.width && !has_more {
            return Ok(());
        }
        if found < self.width && records.is_cut_short()? {
            return Err(damaged("it ends in the middle of a row"));
        }
        let wrong = format!("has {found} fields where the first has {}; mend the file", self.width);
        Err(line(records.line(), wrong))
    }

    fn push<T: Read>(&mut self, records: &Records<T>, strings: &mut Strings) -> Result<(), Error> {
        let field = |column: Column| records.field(self.places[column as usize]);
        let player_id = numbers::of_text(field(Column::PlayerId).0);
        let player_id = self.failing[Column::PlayerId as usize].or_null(player_id, field(Column::PlayerId).0);
        let time = self.times.read(field(Column::Datetime).0);
        let time = self.failing[Column::Datetime as usize].or_null(time, field(Column::Datetime).0);
        let level = numbers::of_text(field(Column::Level).0);
        let level = self.failing[Column::Level as usize].or_null(level, field(Column::Level).0);
        let guild = guild(field(Column::Guild).0, self.guild_kind, &mut self.has_fractions);
        let guild = self.failing[Column::Guild as usize].or_null(guild, field(Column::Guild).0);
        let dictionaries = [&mut strings.race, &mut strings.class, &mut strings.zone];
        let mut codes = [NULL_CODE; 3];
        let columns = [Column::Race, Column::Class, Column::Zone];
        for (((code, column), last), dictionary) in
            codes.iter_mut().zip(columns).zip(&mut self.texts).zip(dictionaries)
        {
            let (text, is_quoted) = field(column);
            if is_quoted || !text.is_empty() {
                *code = last.code(text, dictionary).ok_or_else(|| not_utf8(records.line(), text))?;
            }
        }
        self.player_id.push(player_id, 1);
        self.has_time.push(time.is_some());
        let events = &mut self.events;
        events.player_id.push(player_id.unwrap_or(0), 1);
        events.time_us.push(time.unwrap_or_default());
        events.guild.push(guild, 1);
        events.level.push(level, 1);
        events.race.push(codes[0], 1);
        events.class.push(codes[1], 1);
        events.zone.push(codes[2], 1);
        Ok(())
    }
}

/// A guild's number, as a key of its kind.
fn guild(text: &[u8], kind: Option<GuildKind>, has_fractions: &mut bool) -> Result<Option<i64>, Wrong> {
    match kind {
        Some(GuildKind::Integer) => numbers::of_text(text),
        Some(GuildKind::Float) => Ok(numbers::double_of_text(text)?.map(float_to_key)),
        None => numbers::of_text(text).or_else(|wrong| match wrong {
            Wrong::NotWhole => {
                *has_fractions = true;
                Ok(None)
            }
            wrong => Err(wrong),
        }),
    }
}

trait OrNull {
    /// The value; null for one that cannot be read, which is counted.
    fn or_null<T>(&mut self, value: Result<Option<T>, Wrong>, text: &[u8]) -> Option<T>;
}

impl OrNull for Option<Failing> {
    fn or_null<T>(&mut self, value: Result<Option<T>, Wrong>, text: &[u8]) -> Option<T> {
        match value {
            Ok(value) => value,
            Err(wrong) => {
                let failing = self.get_or_insert_with(|| Failing {
                    wrong: wrong.clone(),
                    rows: 0,
                    examples: Vec::new(),
                });
                if failing.wrong == wrong {
                    failing.rows += 1;
                    if failing.examples.len() < EXAMPLES {
                        let example = format!("'{}'", String::from_utf8_lossy(text));
                        if !failing.examples.contains(&example) {
                            failing.examples.push(example);
                        }
                    }
                }
                None
            }
        }
    }
}

impl LastText {
    /// The code of a text; `None` where it is no UTF-8.
    fn code(&mut self, text: &[u8], dictionary: &mut Dictionary) -> Option<u32> {
        if let Some(code) = self.code.filter(|_| self.text == text) {
            return Some(code);
        }
        let code = dictionary.code(std::str::from_utf8(text).ok()?);
        self.text.clear();
        self.text.extend_from_slice(text);
        self.code = Some(code);
        Some(code)
    }
}

fn not_utf8(in_line: u64, text: &[u8]) -> Error {
    let shown = String::from_utf8_lossy(text);
    line(in_line, format!("has text that is not in UTF-8: '{shown}'; save the file in UTF-8"))
}
