//! What the workers found, put together in the order of the players, whatever order it arrives in.

use std::collections::BTreeMap;

use wow_engine::Error;
use wow_engine::pipeline::{Partial, Report};

/// A picture of what is in so far is a copy of it, which beyond so many players, some 17 MB, costs more than it tells.
const MOST_PLAYERS_SO_FAR: usize = 100_000;
/// For so many announced players memory is set aside at once; a table that grows step by step needs, for a moment,
/// three times the memory. More is not believed on anybody's word.
const MOST_PLAYERS_TRUSTED: usize = 2_000_000;

/// The statistics of parts that arrive in any order.
#[derive(Debug)]
pub struct Merge {
    parts: usize,
    are_ordered: bool,
    players: usize,
    waiting: BTreeMap<usize, Partial>,
    merged: Option<Partial>,
    merged_parts: usize,
    has_news: bool,
}

impl Merge {
    /// Waits for so many parts. Where they `are_ordered`, a part's players follow those of the part before it;
    /// elsewhere all must be in before their first players tell the order. `players` are announced in all.
    #[must_use]
    pub fn new(parts: usize, are_ordered: bool, players: usize) -> Self {
        Self {
            parts,
            are_ordered,
            players: players.min(MOST_PLAYERS_TRUSTED),
            waiting: BTreeMap::new(),
            merged: None,
            merged_parts: 0,
            has_news: false,
        }
    }

    /// Takes a part's statistics.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when the parts' players overlap, [`Error::Mismatch`] when they do not belong
    /// together.
    pub fn insert(&mut self, part: usize, partial: Partial) -> Result<(), Error> {
        self.waiting.insert(part, partial);
        if !self.are_ordered && self.waiting.len() < self.parts {
            return Ok(());
        }
        let mut ready = Vec::new();
        while let Some(partial) = self.waiting.remove(&self.merged_parts) {
            self.merged_parts += 1;
            ready.push(partial);
        }
        if !self.are_ordered {
            ready.sort_by_key(Partial::first_player_id);
        }
        for partial in ready {
            let mut merged = match self.merged.take() {
                Some(merged) => merged.merge(partial)?,
                None => partial.keeping_seams(),
            };
            merged.reserve_players(self.players);
            self.merged = Some(merged);
            self.has_news = true;
        }
        Ok(())
    }

    /// How many parts are in.
    #[must_use]
    pub fn parts_in(&self) -> usize {
        self.merged_parts + self.waiting.len()
    }

    /// Whether all parts are merged.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.merged_parts == self.parts
    }

    /// Whether a report would show more than the last one.
    #[must_use]
    pub const fn has_news(&self) -> bool {
        self.has_news
    }

    /// The report of the parts before the first that is missing; none without news. While parts are missing there
    /// is none either once there are too many players to copy: then [`Self::take`] has them.
    pub fn report(&mut self) -> Option<Report> {
        if self.is_complete() {
            return self.take();
        }
        let merged = self.merged.as_ref().filter(|merged| merged.players() <= MOST_PLAYERS_SO_FAR)?;
        std::mem::take(&mut self.has_news).then(|| merged.clone().finish())
    }

    /// The report of what is merged, when nothing more will be added; none without news.
    pub fn take(&mut self) -> Option<Report> {
        self.merged.take().filter(|_| std::mem::take(&mut self.has_news)).map(Partial::finish)
    }
}

#[cfg(test)]
mod tests {
    use wow_engine::Params;
    use wow_engine::pipeline::events::{Events, Runs};
    use wow_engine::pipeline::{NULL_CODE, Scanner};
    use wow_engine::schema::NumberKind;
    use wow_engine::time::Micros;

    use super::*;

    /// A part with an event per given player.
    fn part(players: &[i64]) -> Partial {
        let count = players.len();
        fn same<T: Copy + PartialEq>(value: T, rows: usize) -> Runs<T> {
            std::iter::repeat_n(value, rows).collect()
        }
        let events = Events {
            player_id: players.iter().copied().collect(),
            time_us: vec![Micros::default(); count],
            guild: same(Some(1), count),
            level: same(Some(1), count),
            race: same(NULL_CODE, count),
            class: same(NULL_CODE, count),
            zone: same(NULL_CODE, count),
            ..Events::default()
        };
        let mut scanner = Scanner::new(Params::default(), NumberKind::Integer);
        scanner.push(&events).unwrap();
        scanner.finish()
    }

    fn players(report: Option<Report>) -> Option<Vec<i64>> {
        report.map(|report| report.players.player_id.to_vec())
    }

    #[test]
    fn ordered_parts_are_shown_up_to_the_first_that_is_missing() {
        let mut merge = Merge::new(3, true, 0);
        merge.insert(1, part(&[3, 4])).unwrap();
        assert_eq!((merge.parts_in(), players(merge.report())), (1, None));
        merge.insert(0, part(&[1, 2])).unwrap();
        assert_eq!(players(merge.report()), Some(vec![1, 2, 3, 4]));
        assert_eq!(players(merge.report()), None, "nothing new");
        merge.insert(2, part(&[5])).unwrap();
        assert!(merge.is_complete());
        assert_eq!(players(merge.report()), Some(vec![1, 2, 3, 4, 5]));
    }

    #[test]
    fn files_without_a_manifest_are_put_in_order_once_all_are_in() {
        let mut merge = Merge::new(2, false, 0);
        merge.insert(0, part(&[7, 8])).unwrap();
        assert!(!merge.has_news());
        merge.insert(1, part(&[-1, 7])).unwrap();
        assert_eq!(players(merge.report()), Some(vec![-1, 7, 8]));
    }

    #[test]
    fn files_that_overlap_are_refused() {
        let mut merge = Merge::new(2, false, 0);
        merge.insert(0, part(&[1, 9])).unwrap();
        assert!(matches!(merge.insert(1, part(&[2])), Err(Error::OutOfOrder { .. })));
    }

    #[test]
    fn what_is_in_so_far_is_shown_as_long_as_it_is_small() {
        let many: Vec<i64> = (0..=MOST_PLAYERS_SO_FAR as i64).collect();
        let mut merge = Merge::new(3, true, usize::MAX);
        merge.insert(0, part(&many[..9])).unwrap();
        assert_eq!(players(merge.report()).unwrap(), many[..9]);
        merge.insert(1, part(&many[9..])).unwrap();
        assert_eq!(players(merge.report()), None);
        assert_eq!(players(merge.take()).unwrap(), many, "who stops here gets all there is");
        assert_eq!(players(merge.take()), None);
    }
}
