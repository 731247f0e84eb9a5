//! The records of CSV as rows of the event table.

use super::records::{Ready, Records};
use super::{Survey, damaged, line};
use crate::Error;
use crate::contract::{Column, Columns, EXAMPLES, Place, Refusal, TimeTexts, Wrong, numbers};
use crate::pipeline::events::{Events, Runs};
use crate::pipeline::{Dictionary, NULL_CODE, Strings};
use crate::read::BATCH_ROWS;
use crate::read::guilds::key_as;
use crate::schema::{NumberKind, float_to_key};

/// Reads rows batch by batch, and counts what cannot be read of each column: one sentence then tells of all of it.
pub(super) struct Table {
    /// That of the batch's guild numbers: whole numbers until the first with a fraction, unless it is known.
    pub(super) guild_kind: NumberKind,
    is_kind_known: bool,
    times: TimeTexts,
    /// How long the texts of times are.
    time_length: TimeLength,
    texts: [LastText; 3],
    rows: u64,
    empty_rows: u64,
    failing: [Option<Failing>; Column::ALL.len()],
    /// How many rows of a batch that is not whole were read.
    batch_rows: Option<usize>,
    /// The rows of the batch; players and times are anything where there is none.
    pub(super) events: Events,
    /// The players of the batch.
    pub(super) player_id: Runs<Option<i64>>,
    /// Whether a row of the batch has a time; all have one when it is empty.
    pub(super) has_time: Vec<bool>,
}

/// How long the texts of times are: of those of one length a shorter one has lost its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TimeLength {
    Unknown,
    One(usize),
    Several,
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
    /// Before the first row. The kind of the guild numbers is found out where it is not known.
    pub(super) fn new(guild_kind: Option<NumberKind>) -> Self {
        Self {
            guild_kind: guild_kind.unwrap_or(NumberKind::Integer),
            is_kind_known: guild_kind.is_some(),
            times: TimeTexts::default(),
            time_length: TimeLength::Unknown,
            texts: Default::default(),
            rows: 0,
            empty_rows: 0,
            failing: Default::default(),
            batch_rows: None,
            events: Events::default(),
            player_id: Runs::default(),
            has_time: Vec::new(),
        }
    }

    /// Reads the next rows over those of the batch, as soon as there are enough bytes for it.
    ///
    /// # Errors
    /// [`Error::Damaged`], or [`Error::Refused`] for a line that cannot be taken apart.
    pub(super) fn fill(
        &mut self,
        columns: &Columns,
        records: &mut Records,
        strings: &mut Strings,
    ) -> Result<Ready, Error> {
        let mut rows = self.batch_rows.take().unwrap_or_else(|| self.begin_batch());
        while rows < BATCH_ROWS {
            match records.next()? {
                Ready::End => break,
                Ready::Waits => {
                    self.batch_rows = Some(rows);
                    return Ok(Ready::Waits);
                }
                Ready::Yes => {}
            }
            if (0..records.len()).all(|place| records.field(place).0.trim_ascii().is_empty()) {
                self.empty_rows += 1;
                continue;
            }
            check_width(columns, records)?;
            self.check_end(columns, records)?;
            self.push(columns, records, strings)?;
            rows += 1;
        }
        self.push_folders(columns, rows, strings)?;
        self.rows += rows as u64;
        if !self.has_time.contains(&false) {
            self.has_time.clear();
        }
        Ok(if rows > 0 { Ready::Yes } else { Ready::End })
    }

    fn begin_batch(&mut self) -> usize {
        self.events.clear();
        self.player_id.clear();
        self.has_time.clear();
        self.texts.iter_mut().for_each(|last| last.code = None);
        0
    }

    /// What was found, at the end of the file.
    ///
    /// # Errors
    /// [`Error::Refused`] for the first column with values that cannot be read.
    pub(super) fn finish(&mut self) -> Result<Survey, Error> {
        let failing = Column::ALL.into_iter().zip(std::mem::take(&mut self.failing));
        for (column, failing) in failing {
            if let Some(Failing { wrong, rows, examples }) = failing {
                let (name, rows) = (column.name().to_owned(), Some((rows, self.rows)));
                return Err(Refusal::Values { column, name, wrong, examples, rows }.into());
            }
        }
        Ok(Survey {
            rows: self.rows,
            empty_rows: self.empty_rows,
            guild_kind: self.guild_kind,
            time_texts: self.times.clone(),
        })
    }

    /// Where the file ends in a time, without the end of a line, that time must be as long as the others, if those are of one
    /// length: what is left of it may be a time as well, and another one.
    fn check_end(&mut self, columns: &Columns, records: &Records) -> Result<(), Error> {
        let Place::File(place) = columns.place(Column::Datetime) else { return Ok(()) };
        let length = records.field(place).0.trim_ascii().len();
        match self.time_length {
            TimeLength::One(usual) if length == usual => {}
            TimeLength::One(usual) if (1..usual).contains(&length) && place + 1 == records.len() => {
                if records.is_cut_short() {
                    return Err(damaged("it ends in the middle of a row"));
                }
                self.time_length = TimeLength::Several;
            }
            TimeLength::Unknown if length > 0 => self.time_length = TimeLength::One(length),
            TimeLength::One(_) if length > 0 => self.time_length = TimeLength::Several,
            _ => {}
        }
        Ok(())
    }

    /// Adds a row of what the file has.
    fn push(&mut self, columns: &Columns, records: &Records, strings: &mut Strings) -> Result<(), Error> {
        let field = |column| match columns.place(column) {
            Place::File(place) => Some(records.field(place)),
            Place::Folder(_) => None,
        };
        self.push_values(field, 1, strings).map_err(|NotUtf8(text)| not_utf8(records.line(), text))
    }

    /// Adds what folders give to the rows of the batch.
    fn push_folders(&mut self, columns: &Columns, rows: usize, strings: &mut Strings) -> Result<(), Error> {
        let value = |column| match columns.place(column) {
            Place::File(_) => None,
            Place::Folder(value) => Some((value.unwrap_or_default(), value.is_some())),
        };
        let pushed = self.push_values(value, rows, strings);
        pushed.map_err(|NotUtf8(_)| damaged("the name of its folder is not in UTF-8"))
    }

    /// Adds values, each of which may be in quotes, to so many rows of the columns that have one.
    fn push_values<'t>(
        &mut self,
        value: impl Fn(Column) -> Option<(&'t [u8], bool)>,
        rows: usize,
        strings: &mut Strings,
    ) -> Result<(), NotUtf8<'t>> {
        let events = &mut self.events;
        let failing = &mut self.failing;
        if let Some((text, _)) = value(Column::PlayerId) {
            let player_id = failing[Column::PlayerId as usize].or_null(numbers::of_text(text), text);
            self.player_id.push(player_id, rows);
            events.player_id.push(player_id.unwrap_or(0), rows);
        }
        if let Some((text, _)) = value(Column::Datetime) {
            let time = failing[Column::Datetime as usize].or_null(self.times.read(text), text);
            let rows = events.time_us.len() + rows;
            self.has_time.resize(rows, time.is_some());
            events.time_us.resize(rows, time.unwrap_or_default());
        }
        if let Some((text, _)) = value(Column::Level) {
            let level = failing[Column::Level as usize].or_null(numbers::of_text(text), text);
            events.level.push(level, rows);
        }
        if let Some((text, _)) = value(Column::Guild) {
            let guild = match self.is_kind_known {
                true => guild(text, self.guild_kind),
                false => guild_so_far(text, &mut self.guild_kind, &mut events.guild),
            };
            events.guild.push(failing[Column::Guild as usize].or_null(guild, text), rows);
        }
        let [last_race, last_class, last_zone] = &mut self.texts;
        for (column, codes, last, dictionary) in [
            (Column::Race, &mut events.race, last_race, &mut strings.race),
            (Column::Class, &mut events.class, last_class, &mut strings.class),
            (Column::Zone, &mut events.zone, last_zone, &mut strings.zone),
        ] {
            let Some((text, is_quoted)) = value(column) else { continue };
            let is_null = text.is_empty() && !is_quoted;
            let code = if is_null { Some(NULL_CODE) } else { last.code(text, dictionary) };
            codes.push(code.ok_or(NotUtf8(text))?, rows);
        }
        Ok(())
    }
}

/// Fields beyond those that have a name must be empty.
fn check_width(columns: &Columns, records: &Records) -> Result<(), Error> {
    let found = records.len();
    let width = columns.width();
    let has_more = (width..found).any(|place| !records.field(place).0.is_empty());
    if found >= width && !has_more {
        return Ok(());
    }
    if found < width && records.is_cut_short() {
        return Err(damaged("it ends in the middle of a row"));
    }
    let fields = if found == 1 { "field" } else { "fields" };
    let wrong = format!("has {found} {fields} where the first has {width}; mend the file");
    Err(line(records.line(), wrong))
}

/// A text that is not in UTF-8.
struct NotUtf8<'t>(&'t [u8]);

/// A guild's number, as a key of the kind of all so far. The first with a fraction makes doubles of those before it, too.
fn guild_so_far(
    text: &[u8],
    kind: &mut NumberKind,
    before: &mut Runs<Option<i64>>,
) -> Result<Option<i64>, Wrong> {
    match numbers::of_text(text) {
        Err(Wrong::NotWhole) if *kind == NumberKind::Integer => {
            let as_double = |key: Option<i64>| key.map(|key| key_as(key, *kind, NumberKind::Float));
            *before = before.values().map(as_double).collect();
            *kind = NumberKind::Float;
        }
        Ok(number) if *kind == NumberKind::Integer => return Ok(number),
        Ok(_) | Err(Wrong::NotWhole) => {}
        Err(wrong) => return Err(wrong),
    }
    guild(text, *kind)
}

/// A guild's number, as a key of its kind.
fn guild(text: &[u8], kind: NumberKind) -> Result<Option<i64>, Wrong> {
    match kind {
        NumberKind::Integer => numbers::of_text(text),
        NumberKind::Float => Ok(numbers::double_of_text(text)?.map(float_to_key)),
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
