//! What one player did: its sessions, its level from day to day, and the zones it was seen in.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Strings;
use super::events::Events;
use super::sessions::{Gap, Session, split};
use crate::Error;
use crate::time::Day;

/// What one player did, as far as events tell. Parts of it join in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// In time order.
    pub sessions: Vec<Session>,
    /// The highest level seen on a day; a day without a level is left out.
    pub levels: BTreeMap<Day, i64>,
    /// Events by zone.
    pub zones: BTreeMap<String, u64>,
    /// Events without a zone.
    pub no_zone: u64,
}

impl History {
    /// Takes the player's next events, which are rows of a batch.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] where one is earlier than the one before.
    pub fn extend(
        &mut self,
        events: &Events,
        rows: Range<usize>,
        strings: &Strings,
        gap: Gap,
    ) -> Result<(), Error> {
        for (zone, rows) in events.zone.within(rows.clone()) {
            self.add_zone(strings.zone.get(zone), rows as u64);
        }
        let mut first = rows.start;
        for (level, rows) in events.level.within(rows.clone()) {
            let times_us = events.time_us.get(first..first + rows).unwrap_or_default();
            first += rows;
            let Some(level) = level else { continue };
            for &time_us in times_us {
                self.add_level(time_us.day(), level);
            }
        }
        let player_id = events.player_id.get(rows.start).unwrap_or_default();
        let times_us = events.time_us.get(rows).unwrap_or_default();
        let open = (player_id, self.sessions.pop());
        let last = split(open, gap, times_us, |_| (), |session| self.sessions.push(session))?;
        self.sessions.extend(last);
        Ok(())
    }

    /// Takes in another part of the same player; a session that the cut between them went through is whole again.
    pub fn join(&mut self, other: Self, gap: Gap) {
        let mut parts = std::mem::take(&mut self.sessions);
        parts.extend(other.sessions);
        parts.sort_by_key(|session| session.start_us);
        for part in parts {
            match self.sessions.last_mut() {
                Some(last) if !gap.splits(last.end_us, part.start_us) => {
                    last.end_us = last.end_us.max(part.end_us);
                    last.events = last.events.saturating_add(part.events);
                }
                _ => self.sessions.push(part),
            }
        }
        for (day, level) in other.levels {
            self.add_level(day, level);
        }
        for (zone, events) in other.zones {
            self.add_zone(Some(&zone), events);
        }
        self.add_zone(None, other.no_zone);
    }

    fn add_level(&mut self, day: Day, level: i64) {
        self.levels.entry(day).and_modify(|most| *most = level.max(*most)).or_insert(level);
    }

    fn add_zone(&mut self, zone: Option<&str>, events: u64) {
        let Some(zone) = zone else {
            self.no_zone = self.no_zone.saturating_add(events);
            return;
        };
        match self.zones.get_mut(zone) {
            Some(count) => *count = count.saturating_add(events),
            None => drop(self.zones.insert(zone.to_owned(), events)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::NULL_CODE;
    use crate::time::{MINUTE_US, Micros, Minutes};

    const GAP: Gap = Gap::new(Minutes::of(30));

    /// A player's events: minute, level, zone.
    fn history(events: &[(i64, Option<i64>, Option<&str>)]) -> Result<History, Error> {
        let mut strings = Strings::default();
        let zone = |name: Option<&str>| name.map_or(NULL_CODE, |name| strings.zone.code(name));
        let zone = events.iter().map(|event| event.2).map(zone).collect();
        let batch = Events {
            player_id: events.iter().map(|_| 7).collect(),
            time_us: events
                .iter()
                .map(|event| Micros::default().saturating_add(event.0 * MINUTE_US))
                .collect(),
            level: events.iter().map(|event| event.1).collect(),
            zone,
            ..Events::default()
        };
        let mut history = History::default();
        let middle = events.len() / 2;
        history.extend(&batch, 0..middle, &strings, GAP)?;
        history.extend(&batch, middle..events.len(), &strings, GAP)?;
        Ok(history)
    }

    const EVENTS: [(i64, Option<i64>, Option<&str>); 6] = [
        (0, Some(5), Some("Orgrimmar")),
        (10, Some(6), Some("Orgrimmar")),
        (40, Some(6), None),
        (71, Some(4), Some("Nagrand")),
        (1_439, None, Some("Orgrimmar")),
        (1_440, Some(7), Some("Orgrimmar")),
    ];

    #[test]
    fn levels_are_the_highest_of_a_day_and_zones_are_counted() {
        let found = history(&EVENTS).unwrap();
        assert_eq!(found.levels, BTreeMap::from([(Day::of(0), 6), (Day::of(1), 7)]));
        assert_eq!(found.zones, BTreeMap::from([("Nagrand".to_owned(), 1), ("Orgrimmar".to_owned(), 4)]));
        assert_eq!(found.no_zone, 1);
        let minute = |time: Micros| time.get() / MINUTE_US;
        let spans = found.sessions.iter().map(|s| (minute(s.start_us), minute(s.end_us), s.events));
        assert_eq!(spans.collect::<Vec<_>>(), [(0, 40, 3), (71, 71, 1), (1_439, 1_440, 2)]);
    }

    #[test]
    fn parts_join_to_the_whole_in_any_order() {
        let whole = history(&EVENTS).unwrap();
        for cut in 0..=EVENTS.len() {
            let (early, late) = (history(&EVENTS[..cut]).unwrap(), history(&EVENTS[cut..]).unwrap());
            for (mut first, second) in [(early.clone(), late.clone()), (late, early)] {
                first.join(second, GAP);
                assert_eq!(first, whole, "cut at {cut}");
            }
        }
    }

    #[test]
    fn events_in_no_order_are_refused() {
        let events = [(5, None, None), (4, None, None)];
        assert!(matches!(history(&events), Err(Error::OutOfOrder { player_id: 7 })));
    }
}
