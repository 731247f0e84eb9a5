//! A log that lies in Parquet files, in order of player and time, as a cluster sorts it.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, DictionaryArray, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    UInt16Array,
};
use arrow::compute::filter_record_batch;
use wow_engine::contract::{Column as ColumnOf, Notice};
use wow_engine::manifest::Column;
use wow_engine::pipeline::events::{Events, Runs};
use wow_engine::pipeline::{Dictionary, NULL_CODE, Strings};
use wow_engine::sampling::OneOf;
use wow_engine::schema::NumberKind;
use wow_engine::time::Micros;

use super::encode::{Encoder, type_of};
use super::groups::{Group, Grouper};
use super::order::{Disorder, Walk, with_instants_in_order};
use super::{Log, column, write_parts};
use crate::failure::Failure;
use crate::import::rows::{self, Guilds};
use crate::import::{self, Format, Source};
use crate::output::{Output, Progress, counted, show_time};
use crate::publish::Workspace;
use crate::source::codes::are_few;
use crate::source::{log_batch, sampled};
use crate::storage::Location;

/// A longer text is not carried as a code: codes may have to become texts, one for each row.
const CODED_TEXT_BYTES_MAX: usize = 1 << 10;
/// What texts may have of bytes together in a batch, unless one row has more.
const PIECE_BYTES_MAX: usize = 16 << 20;

/// The texts that the codes of a column stand for.
type Texts = Arc<StringArray>;

/// Files of a log, of which each has later players than the one before, or goes on with its last one.
pub(super) struct Files {
    /// What was named, without the folders that it is in.
    name: String,
    files: Vec<Source>,
    guild_kind: NumberKind,
    sample: Option<OneOf>,
}

impl Files {
    /// Opens the files that were named, and those in the folders that were; of one player of so many where there is a sample.
    ///
    /// # Errors
    /// A [`Failure`] that says what is wrong with one of them.
    pub(super) fn open(from: &[Location], sample: Option<OneOf>) -> anyhow::Result<Self> {
        let mut files = import::open(from)?;
        if let Some(csv) = files.iter().find(|file| file.format == Format::Csv) {
            return Err(Failure::check(format!(
                "{} is CSV; a log in order is Parquet, and `wow import` takes CSV in any order",
                csv.location()
            )));
        }
        // Those of which nothing is known stay where their names put them, before the others.
        files.sort_by_key(Source::player_ids);
        let has_floats = files.iter().any(|file| file.guild_kind() == NumberKind::Float);
        let guild_kind = if has_floats { NumberKind::Float } else { NumberKind::Integer };
        Ok(Self { name: name_of(from), files, guild_kind, sample })
    }

    /// Writes the log into the workspace's temporary folder.
    ///
    /// # Errors
    /// A [`Failure`] that says what is wrong with a file or where they are not in order, and after Ctrl-C.
    pub(super) fn write(&self, output: Output, workspace: &Workspace) -> anyhow::Result<Log> {
        let rows = self.files.iter().map(Source::rows).sum();
        output.line(format!(
            "Reading {} of {} …",
            counted(rows, "row"),
            counted(self.files.len() as u64, "file")
        ));
        let encoder = Encoder::new(self.guild_kind)?;
        let mut walk = Walk::default();
        let written = write_parts(
            &encoder,
            workspace.temporary(),
            |group| encoder.encode(&with_instants_in_order(group)?),
            |full| self.give_groups(&mut walk, &mut Progress::new("rows read", rows), full),
        )?;
        let players = written.players();
        let rows_written = written.rows();
        anyhow::ensure!(
            self.sample.is_some() || rows_written == walk.events,
            "{} rows were to be written, but {rows_written} were",
            walk.events
        );
        let sample = self.sample.map(|one_of| sampled::sample(one_of, players, walk.players, walk.events));
        Ok(Log {
            name: self.name.clone(),
            written,
            rejected: walk.rejected,
            columns: ColumnOf::ALL.map(|column| self.column(column)).into(),
            notices: self.notices(),
            facts: None,
            duckdb_version: None,
            fingerprint: None,
            newest_day: walk.newest_us.filter(|_| sample.is_some()).map(Micros::day),
            sample: sample.transpose()?,
        })
    }

    /// Hands out all events.
    fn give_groups(
        &self,
        walk: &mut Walk,
        progress: &mut Progress,
        full: &mut dyn FnMut(Group) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut grouper = Grouper::default();
        let mut taken = Runs::default();
        let mut texts = <[Option<Texts>; 3]>::default();
        let mut index = 0;
        import::each(&self.files, |file| {
            let guilds = Guilds { from: file.guild_kind(), to: self.guild_kind };
            let mut is_begun = false;
            file.each_rows(&mut |rows, strings| {
                let walked = walk.go_on(rows, self.sample, &mut taken);
                walked.map_err(|disorder| self.not_in_order(index, is_begun, disorder))?;
                is_begun |= taken.iter().any(|(is_taken, _)| is_taken);
                progress.advance(taken.rows() as u64);
                for piece in pieces(rows.events, strings) {
                    let batch = batch(rows.events, piece.clone(), strings, guilds, &mut texts)?;
                    if taken.within(piece.clone()).all(|(is_taken, _)| is_taken) {
                        grouper.push(&batch, full)?;
                        continue;
                    }
                    let taken = BooleanArray::from(values(&taken, piece, |is_taken| is_taken));
                    grouper.push(&filter_record_batch(&batch, &taken)?, full)?;
                }
                Ok(())
            })?;
            index += 1;
            Ok(())
        })?;
        grouper.finish(full)
    }

    fn not_in_order(&self, index: usize, is_begun: bool, disorder: Disorder) -> anyhow::Error {
        let Disorder { is_first, found, before } = disorder;
        let event = |(player_id, time_us): (i64, Micros)| {
            format!("player {player_id} at {}", show_time(time_us.get()))
        };
        let file = self.files[index].location();
        let before_it = self.files[..index].iter().rev().find(|file| file.rows() > 0);
        let place = match before_it.filter(|_| is_first && !is_begun) {
            Some(last) => format!(
                "{} ends with {}, and {file} begins with {}",
                last.location(),
                event(before),
                event(found)
            ),
            None => format!("{file} has {} behind {}", event(found), event(before)),
        };
        Failure::check(format!(
            "the files are not in order of player and time: {place}; sort them (docs/scale.md says how), or make a \
             database of them with `wow import`"
        ))
    }

    fn column(&self, column_of: ColumnOf) -> Column {
        let mut types: Vec<String> = Vec::new();
        for file in &self.files {
            let found = file.type_of(column_of);
            types.extend(found.filter(|found| !types.contains(found)));
        }
        column(column_of.name(), types.join(" or "), &type_of(column_of.name(), self.guild_kind))
    }

    fn notices(&self) -> Vec<Notice> {
        let mut notices: Vec<Notice> = Vec::new();
        for notice in self.files.iter().flat_map(Source::notices) {
            if !notices.contains(&notice) {
                notices.push(notice);
            }
        }
        notices
    }
}

/// The last name of what was named first; a page shows it as the name of the database.
fn name_of(from: &[Location]) -> String {
    let name = from.first().and_then(Location::name);
    name.unwrap_or_else(|| "files".to_owned())
}

/// Whether a column's texts are carried as codes: few and short ones.
fn are_codes(dictionary: &Dictionary) -> bool {
    let texts = dictionary.texts();
    are_few(texts) && texts.iter().all(|text| text.len() <= CODED_TEXT_BYTES_MAX)
}

/// The rows in pieces whose texts are not too long together, where texts are carried as they are.
fn pieces(events: &Events, strings: &Strings) -> Vec<Range<usize>> {
    let columns =
        [(&events.race, &strings.race), (&events.class, &strings.class), (&events.zone, &strings.zone)];
    let mut bytes = vec![0; events.len()];
    for (codes, dictionary) in columns.into_iter().filter(|(_, dictionary)| !are_codes(dictionary)) {
        for (code, rows) in codes.iter() {
            let text = dictionary.get(code).map_or(0, str::len);
            bytes[rows].iter_mut().for_each(|bytes| *bytes += text);
        }
    }
    let (mut pieces, mut start, mut together) = (Vec::new(), 0, 0);
    for (row, &bytes) in bytes.iter().enumerate() {
        if together > 0 && together + bytes > PIECE_BYTES_MAX {
            pieces.push(std::mem::replace(&mut start, row)..row);
            together = 0;
        }
        together += bytes;
    }
    pieces.push(start..events.len());
    pieces
}

/// Some rows of events as a batch of the log.
fn batch(
    events: &Events,
    rows: Range<usize>,
    strings: &Strings,
    guilds: Guilds,
    texts: &mut [Option<Texts>; 3],
) -> anyhow::Result<RecordBatch> {
    let [race, class, zone] = texts;
    let times = events.time_us.get(rows.clone()).unwrap_or_default();
    let columns: [ArrayRef; 7] = [
        Arc::new(Int64Array::from(values(&events.player_id, rows.clone(), |player_id| player_id))),
        rows::guild(&part(&events.guild, rows.clone()), guilds),
        Arc::new(Int64Array::from(values(&events.level, rows.clone(), |level| level))),
        text(&part(&events.race, rows.clone()), &strings.race, race)?,
        text(&part(&events.class, rows.clone()), &strings.class, class)?,
        text(&part(&events.zone, rows), &strings.zone, zone)?,
        Arc::new(TimestampMicrosecondArray::from_iter_values(times.iter().map(|time_us| time_us.get()))),
    ];
    log_batch(columns)
}

/// The values of some rows.
fn values<T: Copy + PartialEq, U: Clone>(runs: &Runs<T>, rows: Range<usize>, of: impl Fn(T) -> U) -> Vec<U> {
    part(runs, rows).to_vec(of)
}

/// Some rows of a column.
fn part<T: Copy + PartialEq>(runs: &Runs<T>, rows: Range<usize>) -> Runs<T> {
    let mut part = Runs::default();
    runs.within(rows).for_each(|(value, rows)| part.push(value, rows));
    part
}

fn text(codes: &Runs<u32>, dictionary: &Dictionary, known: &mut Option<Texts>) -> anyhow::Result<ArrayRef> {
    if !are_codes(dictionary) {
        return Ok(rows::texts(codes, dictionary));
    }
    let texts = dictionary.texts();
    // Mostly those of the batch before, which is compared in no time.
    let texts = match known.take() {
        Some(known) if known.iter().flatten().eq(texts) => known,
        _ => Arc::new(StringArray::from_iter_values(texts)),
    };
    *known = Some(Arc::clone(&texts));
    // Few are fewer than 16 bits tell apart.
    let codes = codes.to_vec(|code| (code != NULL_CODE).then_some(code as u16));
    Ok(Arc::new(DictionaryArray::try_new(UInt16Array::from(codes), texts)?))
}
