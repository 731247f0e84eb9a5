//! A log that lies in Parquet files, in order of player and time, as a cluster sorts it.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray, UInt16Array,
};
use wow_engine::contract::{Column as ColumnOf, Notice};
use wow_engine::manifest::{Column, Rejected};
use wow_engine::pipeline::events::{Events, Runs};
use wow_engine::pipeline::{Dictionary, NULL_CODE, Strings};
use wow_engine::schema::GuildKind;
use wow_engine::time::Micros;

use super::encode::{Encoder, type_of};
use super::groups::{Group, Grouper};
use super::order::{Disorder, Order, with_instants_in_order};
use super::{Log, column, write_parts};
use crate::failure::Failure;
use crate::import::rows::{self, Guilds};
use crate::import::{self, Format, Source};
use crate::output::{Output, Progress, counted, show_time};
use crate::publish::Workspace;
use crate::source::codes::are_few;
use crate::source::log_batch;
use crate::storage::Location;

/// The texts that the codes of a column stand for.
type Texts = Arc<StringArray>;

/// Files of a log, of which each has later players than the one before, or goes on with its last one.
pub(super) struct Files {
    /// What was named, without the folders that it is in.
    name: String,
    files: Vec<Source>,
    guild_kind: GuildKind,
}

impl Files {
    /// Opens the files that were named, and those in the folders that were.
    ///
    /// # Errors
    /// A [`Failure`] that says what is wrong with one of them.
    pub(super) fn open(from: &[Location]) -> anyhow::Result<Self> {
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
        Ok(Self { name: name_of(from), files, guild_kind })
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
        let mut rejected = Rejected::default();
        let written = write_parts(
            &encoder,
            workspace.temporary(),
            |group| encoder.encode(&with_instants_in_order(group)?),
            |full| {
                rejected = self.give_groups(&mut Progress::new("rows read", rows), full)?;
                Ok(())
            },
        )?;
        let found = written.rows() + rejected.total();
        anyhow::ensure!(found == rows, "the files should have {rows} rows, but {found} were read");
        Ok(Log {
            name: self.name.clone(),
            written,
            rejected,
            columns: ColumnOf::ALL.map(|column| self.column(column)).into(),
            notices: self.notices(),
            facts: None,
            duckdb_version: None,
            fingerprint: None,
        })
    }

    /// Hands out all events, and says how many rows are none.
    fn give_groups(
        &self,
        progress: &mut Progress,
        full: &mut dyn FnMut(Group) -> anyhow::Result<()>,
    ) -> anyhow::Result<Rejected> {
        let mut rejected = Rejected::default();
        let mut grouper = Grouper::default();
        let mut order = Order::default();
        let mut texts = <[Option<Texts>; 3]>::default();
        let mut index = 0;
        import::each(&self.files, |file| {
            let mut is_first = true;
            file.each_events(&mut |events, strings| {
                order.go_on(events).map_err(|disorder| self.not_in_order(index, is_first, disorder))?;
                is_first &= events.is_empty();
                rejected.null_player_id += events.rejected.null_player_id;
                rejected.null_datetime += events.rejected.null_datetime;
                progress.advance(events.len() as u64 + events.rejected.total());
                if events.is_empty() {
                    return Ok(());
                }
                let guilds = Guilds { from: file.guild_kind(), to: self.guild_kind };
                grouper.push(&batch(events, strings, guilds, &mut texts)?, full)
            })?;
            index += 1;
            Ok(())
        })?;
        grouper.finish(full)?;
        Ok(rejected)
    }

    fn not_in_order(&self, index: usize, is_first: bool, disorder: Disorder) -> anyhow::Error {
        let Disorder { row, found, before } = disorder;
        let event = |(player_id, time_us): (i64, Micros)| {
            format!("player {player_id} at {}", show_time(time_us.get()))
        };
        let file = self.files[index].location();
        let before_it = self.files[..index].iter().rev().find(|file| file.rows() > 0);
        let place = match before_it.filter(|_| is_first && row == 0) {
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
