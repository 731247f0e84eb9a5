//! A log that lies in Parquet files, in order of player and time, as a cluster sorts it.

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
use wow_engine::schema::GuildKind;
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

/// The texts that the codes of a column stand for.
type Texts = Arc<StringArray>;

/// Files of a log, of which each has later players than the one before, or goes on with its last one.
pub(super) struct Files {
    /// What was named, without the folders that it is in.
    name: String,
    files: Vec<Source>,
    guild_kind: GuildKind,
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
        files.sort_by_key(Source::first_player_id);
        let has_floats = files.iter().any(|file| file.guild_kind() == GuildKind::Float);
        let guild_kind = if has_floats { GuildKind::Float } else { GuildKind::Integer };
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
                let batch = batch(rows.events, strings, guilds, &mut texts)?;
                if taken.iter().all(|(is_taken, _)| is_taken) {
                    return grouper.push(&batch, full);
                }
                let taken = BooleanArray::from(taken.to_vec(|is_taken| is_taken));
                grouper.push(&filter_record_batch(&batch, &taken)?, full)
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

/// Events as a batch of the log, in which texts are codes as long as there are few of them.
fn batch(
    events: &Events,
    strings: &Strings,
    guilds: Guilds,
    texts: &mut [Option<Texts>; 3],
) -> anyhow::Result<RecordBatch> {
    let [race, class, zone] = texts;
    let columns: [ArrayRef; 7] = [
        Arc::new(Int64Array::from(events.player_id.to_vec(|player_id| player_id))),
        rows::guild(&events.guild, guilds),
        Arc::new(Int64Array::from(events.level.to_vec(|level| level))),
        text(&events.race, &strings.race, race)?,
        text(&events.class, &strings.class, class)?,
        text(&events.zone, &strings.zone, zone)?,
        Arc::new(TimestampMicrosecondArray::from_iter_values(
            events.time_us.iter().map(|time_us| time_us.get()),
        )),
    ];
    log_batch(columns)
}

fn text(codes: &Runs<u32>, dictionary: &Dictionary, known: &mut Option<Texts>) -> anyhow::Result<ArrayRef> {
    let texts = dictionary.texts();
    if !are_few(texts) {
        return Ok(rows::texts(codes, dictionary));
    }
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
