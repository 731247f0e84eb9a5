//! Which rows of a batch go on to the pipeline.

use crate::manifest::Rejected;
use crate::pipeline::events::Events;
use crate::pipeline::{Dictionary, Filter, Strings};

/// Takes rows out of batches: those that no model can use, and those that a filter does not match.
#[derive(Debug, Default)]
pub(super) struct Selection {
    filter: Filter,
    keep: Vec<bool>,
}

impl Selection {
    /// Lets only what matches go on.
    pub(super) const fn new(filter: Filter) -> Self {
        Self { filter, keep: Vec::new() }
    }

    /// Takes out the rows without player or time and counts them in the batch. It comes before the filter, which
    /// cannot be asked of them.
    pub(super) fn reject(&mut self, events: &mut Events, has_player: &[bool], has_time: &[bool]) {
        let mut rejected = Rejected::default();
        if !has_player.is_empty() || !has_time.is_empty() {
            let has = |validity: &[bool], row: usize| validity.get(row).copied().unwrap_or(true);
            self.keep.clear();
            self.keep.extend((0..events.len()).map(|row| {
                let (player, time) = (has(has_player, row), has(has_time, row));
                rejected.null_player_id += u64::from(!player);
                rejected.null_datetime += u64::from(player && !time);
                player && time
            }));
            events.retain(&self.keep);
        }
        events.rejected = rejected;
    }

    /// Takes out the rows that do not match and counts them in the batch.
    pub(super) fn filter(&mut self, events: &mut Events, strings: &Strings) {
        events.left_out = 0;
        if self.filter.is_empty() {
            return;
        }
        let rows = events.len();
        self.keep.clear();
        self.keep.extend(matches(&self.filter, events, strings));
        events.retain(&self.keep);
        events.left_out = (rows - events.len()) as u64;
    }
}

/// Says of each row whether it matches.
fn matches(filter: &Filter, events: &Events, strings: &Strings) -> impl Iterator<Item = bool> {
    let classes = codes(&filter.classes, &strings.class);
    let races = codes(&filter.races, &strings.race);
    let is_in =
        |codes: &Option<Vec<u32>>, code: u32| codes.as_ref().is_none_or(|codes| codes.contains(&code));
    (0..events.len()).map(move |row| {
        filter.includes_time(events.time_us[row])
            && is_in(&classes, events.class[row])
            && is_in(&races, events.race[row])
    })
}

/// The codes of those texts that the log has; `None` where any text will do, and none at all.
fn codes(texts: &[String], dictionary: &Dictionary) -> Option<Vec<u32>> {
    (!texts.is_empty()).then(|| texts.iter().filter_map(|text| dictionary.find(text)).collect())
}
