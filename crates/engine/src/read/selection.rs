//! Which rows of a batch go on to the pipeline.

use crate::manifest::Rejected;
use crate::pipeline::events::{Events, Runs};
use crate::pipeline::{Dictionary, Filter, Strings};
use crate::time::Micros;

/// Takes rows out of batches: those that no model can use, and those that a filter does not match.
#[derive(Debug, Default)]
pub(super) struct Selection {
    filter: Filter,
    keep: Runs<bool>,
}

impl Selection {
    /// Lets only what matches go on.
    pub(super) fn new(filter: Filter) -> Self {
        Self { filter, keep: Runs::default() }
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

    /// Takes out the rows that do not match and counts them in the batch.
    pub(super) fn filter(&mut self, events: &mut Events, strings: &Strings) {
        events.left_out = 0;
        if self.filter.is_empty() {
            return;
        }
        let rows = events.len();
        self.keep.clear();
        let classes = codes(&self.filter.classes, &strings.class);
        let races = codes(&self.filter.races, &strings.race);
        let are_in =
            |codes: &Option<Vec<u32>>, code: u32| codes.as_ref().is_none_or(|codes| codes.contains(&code));
        let times = self.filter.times();
        for (class, of_class) in events.class.iter() {
            let mut row = of_class.start;
            for (race, rows) in events.race.within(of_class) {
                let matches = are_in(&classes, class) && are_in(&races, race);
                match times {
                    Some(times) if matches => {
                        push_in_time(&events.time_us[row..row + rows], times, &mut self.keep)
                    }
                    _ => self.keep.push(matches, rows),
                }
                row += rows;
            }
        }
        events.retain(&self.keep);
        events.left_out = (rows - events.len()) as u64;
    }
}

/// Keeps the rows of such times, of which most have neighbours that are alike.
fn push_in_time(mut times_us: &[Micros], (start, end): (Micros, Option<Micros>), keep: &mut Runs<bool>) {
    let is_in = |time_us: &Micros| *time_us >= start && end.is_none_or(|end| *time_us < end);
    while let Some(first) = times_us.first() {
        let is_first_in = is_in(first);
        let alike = times_us.iter().position(|time_us| is_in(time_us) != is_first_in);
        let (alike, rest) = times_us.split_at(alike.unwrap_or(times_us.len()));
        keep.push(is_first_in, alike.len());
        times_us = rest;
    }
}

/// The codes of those texts that the log has; `None` where any text will do, and none at all.
fn codes(texts: &[String], dictionary: &Dictionary) -> Option<Vec<u32>> {
    (!texts.is_empty()).then(|| texts.iter().filter_map(|text| dictionary.find(text)).collect())
}
