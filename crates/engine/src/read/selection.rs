//! Which rows of a batch go on to the pipeline.

use std::ops::Range;

use crate::manifest::Rejected;
use crate::pipeline::events::{Events, Runs};
use crate::pipeline::{Dictionary, Filter, NO_GUILD, Strings};
use crate::schema::{NumberKind, float_to_key};
use crate::time::Micros;

/// Takes rows out of batches: those that no model can use, and those that a filter does not match.
#[derive(Debug, Default)]
pub(super) struct Selection {
    filter: Filter,
    /// The keys of the guilds that match; `None` where any will do.
    guilds: Option<Vec<Option<i64>>>,
    keep: Runs<bool>,
}

impl Selection {
    /// Lets only what matches go on, of a log whose guild numbers are of this kind.
    pub(super) fn new(filter: Filter, guild_kind: NumberKind) -> Self {
        let guilds = (!filter.guilds.is_empty()).then(|| guild_keys(&filter.guilds, guild_kind));
        Self { filter, guilds, keep: Runs::default() }
    }

    /// Takes out the rows without player or time and counts them in the batch; `has_time` is empty where all have
    /// one. It comes before the filter, which cannot be asked of them.
    pub(super) fn reject(&mut self, events: &mut Events, players: &Runs<Option<i64>>, has_time: &[bool]) {
        events.rejected = Rejected::default();
        if has_time.is_empty() && players.iter().all(|(player_id, _)| player_id.is_some()) {
            return;
        }
        self.keep.clear();
        for (player_id, rows) in players.iter() {
            for row in rows {
                let (player, time) = (player_id.is_some(), has_time.get(row).copied().unwrap_or(true));
                events.rejected.null_player_id += u64::from(!player);
                events.rejected.null_datetime += u64::from(player && !time);
                self.keep.push(player && time, 1);
            }
        }
        events.retain(&self.keep);
    }

    /// Takes out the rows that do not match and counts them in the batch, which keeps who was seen in them and when.
    pub(super) fn filter(&mut self, events: &mut Events, strings: &Strings) {
        events.left_out = 0;
        let Self { filter, guilds, keep, .. } = self;
        if filter.is_empty() {
            return;
        }
        let rows = events.len();
        let mut matching: Vec<Range<usize>> = std::iter::once(0..rows).collect();
        only(&mut matching, &events.class, codes(&filter.classes, &strings.class).as_deref());
        only(&mut matching, &events.race, codes(&filter.races, &strings.race).as_deref());
        only(&mut matching, &events.guild, guilds.as_deref());
        only(&mut matching, &events.zone, codes(&filter.zones, &strings.zone).as_deref());
        if let Some(times) = filter.times() {
            matching = matching.into_iter().flat_map(|rows| in_time(&events.time_us, rows, times)).collect();
        }
        keep.clear();
        for of_match in matching {
            keep.push(false, of_match.start - keep.rows());
            keep.push(true, of_match.len());
        }
        keep.push(false, rows - keep.rows());
        events.retain_counted(keep);
        events.left_out = (rows - events.len()) as u64;
    }
}

/// Narrows ranges of rows to those with one of these values; `None` where any will do.
fn only<T: Copy + PartialEq>(ranges: &mut Vec<Range<usize>>, column: &Runs<T>, values: Option<&[T]>) {
    let Some(values) = values else { return };
    let mut narrowed: Vec<Range<usize>> = Vec::new();
    for range in ranges.iter() {
        let mut start = range.start;
        for (value, rows) in column.within(range.clone()) {
            let end = start + rows;
            if values.contains(&value) {
                match narrowed.last_mut() {
                    Some(last) if last.end == start => last.end = end,
                    _ => narrowed.push(start..end),
                }
            }
            start = end;
        }
    }
    *ranges = narrowed;
}

/// The rows of such times, of which most have neighbours that are alike.
fn in_time(
    times_us: &[Micros],
    rows: Range<usize>,
    (start, end): (Micros, Option<Micros>),
) -> impl Iterator<Item = Range<usize>> {
    let is_in = move |time_us: &Micros| *time_us >= start && end.is_none_or(|end| *time_us < end);
    let mut first = rows.start;
    std::iter::from_fn(move || {
        let rest = &times_us[first..rows.end];
        let begin = first + rest.iter().position(is_in)?;
        let alike = times_us[begin..rows.end].iter().position(|time_us| !is_in(time_us));
        first = alike.map_or(rows.end, |alike| begin + alike);
        Some(begin..first)
    })
}

/// The codes of those texts that the log has; `None` where any text will do, and none at all.
fn codes(texts: &[String], dictionary: &Dictionary) -> Option<Vec<u32>> {
    (!texts.is_empty()).then(|| texts.iter().filter_map(|text| dictionary.find(text)).collect())
}

/// The keys of guilds as they are shown. What is no number of the kind is no guild of the log.
fn guild_keys(guilds: &[String], kind: NumberKind) -> Vec<Option<i64>> {
    let key = |number: &str| match kind {
        NumberKind::Integer => number.parse().ok(),
        NumberKind::Float => number.parse().ok().map(float_to_key),
    };
    let of_none = guilds.iter().any(|guild| guild == NO_GUILD).then(|| [None, key("-1")]);
    guilds.iter().filter_map(|guild| key(guild)).map(Some).chain(of_none.into_iter().flatten()).collect()
}
