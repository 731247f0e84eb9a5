//! The order of events that nobody has sorted here: by player and time, which is checked, and then by the other columns,
//! which is made, so that one log has one export however its rows lay.

use std::cmp::Ordering;
use std::ops::Range;

use anyhow::Context as _;
use arrow::array::{Array, ArrayRef, AsArray, DynComparator, RecordBatch, UInt32Array, make_comparator};
use arrow::compute::{SortOptions, cast, concat_batches, take_record_batch};
use arrow::datatypes::DataType;
use wow_engine::manifest::Rejected;
use wow_engine::pipeline::events::Runs;
use wow_engine::read::Rows;
use wow_engine::sampling::OneOf;
use wow_engine::schema;
use wow_engine::time::Micros;

use super::groups::{Group, keys_of};
use crate::source::log_batch;

/// What follows player and time, as in [`crate::source::Source::query`].
const COMPARED: [&str; 5] = [schema::LEVEL, schema::GUILD, schema::RACE, schema::CLASS, schema::ZONE];

/// An event that comes after a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Disorder {
    /// Whether it is the first event of the rows that were given at once.
    pub(super) is_first: bool,
    /// The player and the time of the event.
    pub(super) found: (i64, Micros),
    /// Those of the one before.
    pub(super) before: (i64, Micros),
}

/// The rows of a log so far: whether its events are in order, and how many there are.
#[derive(Debug, Default)]
pub(super) struct Walk {
    last: Option<(i64, Micros)>,
    /// Events.
    pub(super) events: u64,
    /// Players with an event.
    pub(super) players: u64,
    /// The time of the newest event.
    pub(super) newest_us: Option<Micros>,
    /// Rows that are no events; of players of the sample, and of nobody.
    pub(super) rejected: Rejected,
}

impl Walk {
    /// Takes the next rows. `taken` becomes those that are events, of the players of the sample where there is one.
    ///
    /// # Errors
    /// The first [`Disorder`] among them.
    pub(super) fn go_on(
        &mut self,
        rows: Rows<'_>,
        sample: Option<OneOf>,
        taken: &mut Runs<bool>,
    ) -> Result<(), Disorder> {
        taken.clear();
        let mut is_first = true;
        for (player_id, rows_of_player) in rows.player_id.iter() {
            let Some(player_id) = player_id else {
                self.rejected.null_player_id += rows_of_player.len() as u64;
                taken.push(false, rows_of_player.len());
                continue;
            };
            let is_taken = sample.is_none_or(|one_of| one_of.has(player_id));
            for row in rows_of_player {
                let has_time = rows.has_time.get(row).copied().unwrap_or(true);
                let time_us = rows.events.time_us.get(row).filter(|_| has_time);
                taken.push(is_taken && time_us.is_some(), 1);
                let Some(&time_us) = time_us else {
                    self.rejected.null_datetime += u64::from(is_taken);
                    continue;
                };
                let found = (player_id, time_us);
                if let Some(before) = self.last.filter(|before| *before > found) {
                    return Err(Disorder { is_first, found, before });
                }
                self.players += u64::from(self.last.is_none_or(|before| before.0 != player_id));
                self.events += 1;
                self.last = Some(found);
                self.newest_us = self.newest_us.max(Some(time_us));
                is_first = false;
            }
        }
        Ok(())
    }
}

/// The group with each player's events of one instant in order.
///
/// # Errors
/// When the batches are not of the log.
pub(super) fn with_instants_in_order(mut group: Group) -> anyhow::Result<Group> {
    let Some(first) = group.batches.first() else { return Ok(group) };
    // Two dictionaries become one, but codes and texts in one column become texts, and so do codes of more texts than there
    // are codes for.
    let has_texts = |index: usize| {
        let columns = group.batches.iter().map(|batch| batch.column(index));
        let mut texts = 0;
        let mut before: Option<&ArrayRef> = None;
        for column in columns {
            let Some(codes) = column.as_any_dictionary_opt() else {
                return *column.data_type() == DataType::Utf8;
            };
            if before.is_none_or(|before| !before.to_data().ptr_eq(&codes.values().to_data())) {
                texts += codes.values().len();
                before = Some(codes.values());
            }
        }
        texts > usize::from(u16::MAX)
    };
    let with_texts: Vec<bool> = (0..first.num_columns()).map(has_texts).collect();
    let batches = group.batches.iter().map(|batch| alike(batch, &with_texts));
    let batches = batches.collect::<anyhow::Result<Vec<_>>>()?;
    let rows = concat_batches(&batches.first().context("a group lost its rows")?.schema(), &batches)?;
    group.batches = vec![match order_of(&rows)? {
        Some(order) => take_record_batch(&rows, &UInt32Array::from(order))?,
        None => rows,
    }];
    Ok(group)
}

fn alike(batch: &RecordBatch, with_texts: &[bool]) -> anyhow::Result<RecordBatch> {
    let columns = batch.columns().iter().zip(with_texts).map(|(column, &as_text)| match as_text {
        true => cast(column, &DataType::Utf8),
        false => Ok(ArrayRef::clone(column)),
    });
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    log_batch(columns)
}

/// The rows in their order; `None` where it is the one that they have.
fn order_of(rows: &RecordBatch) -> anyhow::Result<Option<Vec<u32>>> {
    let instants = instants(rows)?;
    if instants.is_empty() {
        return Ok(None);
    }
    let comparators = COMPARED.iter().map(|name| {
        let column = rows.column_by_name(name).with_context(|| format!("the rows have no `{name}`"))?;
        let options = SortOptions { descending: false, nulls_first: false };
        Ok(make_comparator(column, column, options)?)
    });
    let comparators = comparators.collect::<anyhow::Result<Vec<DynComparator>>>()?;
    let compare = |&a: &u32, &b: &u32| {
        let compared = comparators.iter().map(|compare| compare(a as usize, b as usize));
        compared.fold(Ordering::Equal, Ordering::then)
    };
    let mut order: Vec<u32> = (0..u32::try_from(rows.num_rows())?).collect();
    for rows in instants {
        order[rows].sort_by(compare);
    }
    Ok(Some(order))
}

/// The stretches of more than one row with one player and time.
fn instants(rows: &RecordBatch) -> anyhow::Result<Vec<Range<usize>>> {
    let (players, times) = keys_of(rows)?;
    let mut instants = Vec::new();
    let mut start = 0;
    for end in 1..=rows.num_rows() {
        let is_same = end < rows.num_rows()
            && players.value(end) == players.value(start)
            && times.value(end) == times.value(start);
        if !is_same {
            if end - start > 1 {
                instants.push(start..end);
            }
            start = end;
        }
    }
    Ok(instants)
}
