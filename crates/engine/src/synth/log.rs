//! The log: the plan's scans in time order, a row for everyone online.

use super::calendar::{Era, day_of, slot_start};
use super::dice::{Dice, Purpose};
use super::plan::Plan;
use super::zones::Map;
use crate::time::Micros;

/// A scan starts so many seconds into its slot, at least.
const START_SECONDS: u32 = 60;
/// It starts up to so many seconds later than that.
const LATE_SECONDS: u32 = 20;
/// It takes up to so many seconds to see everyone.
const SCAN_SECONDS: u32 = 80;
/// Of a thousand sightings, so many find the player in a zone that it has just come to.
const WANDER: u32 = 110;

/// Some rows of the log, column by column, in time order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// The player.
    pub player_id: Vec<i64>,
    /// The guild's number; -1 for none, `None` where it is not known.
    pub guild: Vec<Option<i64>>,
    /// The level.
    pub level: Vec<i64>,
    /// The race.
    pub race: Vec<&'static str>,
    /// The class.
    pub class: Vec<&'static str>,
    /// The zone.
    pub zone: Vec<&'static str>,
    /// When.
    pub time_us: Vec<Micros>,
}

impl Rows {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.player_id.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.player_id.is_empty()
    }
}

/// A planned log: an iterator of its rows, a few thousand at a time.
#[derive(Debug)]
pub struct Log {
    plan: Plan,
    dice: Dice,
    map: Map,
    online: Vec<Online>,
    next_scan: u32,
    next_booking: usize,
}

/// A player who is online.
#[derive(Debug)]
struct Online {
    person: u32,
    last_scan: u32,
    zone: &'static str,
}

impl Log {
    /// Rows in a batch, at least, except in the last.
    const BATCH_ROWS: usize = 32_768;

    pub(super) fn new(plan: Plan, seed: u64) -> Self {
        Self {
            plan,
            dice: Dice::new(seed, Purpose::Log, 0),
            map: Map::new(),
            online: Vec::new(),
            next_scan: 0,
            next_booking: 0,
        }
    }

    /// All rows of the log.
    #[must_use]
    pub const fn total_rows(&self) -> u64 {
        self.plan.events
    }

    fn scan(&mut self, rows: &mut Rows) {
        let scan = self.next_scan;
        self.next_scan += 1;
        let slot = self.plan.scans.slot(scan);
        let era = Era::of_day(day_of(slot));
        let late = self.dice.below(LATE_SECONDS + 1);
        self.arrivals(scan, era);
        let crowd = (self.online.len() as u32).max(SCAN_SECONDS);
        for (index, online) in self.online.iter_mut().enumerate() {
            let person = &mut self.plan.people[online.person as usize];
            person.seen(era);
            if self.dice.chance(WANDER) {
                online.zone = self.map.draw(&mut self.dice, era, person.level);
            }
            let second = START_SECONDS + late + index as u32 * SCAN_SECONDS / crowd;
            rows.player_id.push(i64::from(online.person) + 1);
            rows.guild.push(person.guild);
            rows.level.push(i64::from(person.level));
            rows.race.push(person.kind.race);
            rows.class.push(person.kind.class);
            rows.zone.push(online.zone);
            rows.time_us.push(slot_start(slot).saturating_add(i64::from(second) * 1_000_000));
        }
        self.online.retain(|online| online.last_scan > scan);
    }

    fn arrivals(&mut self, scan: u32, era: Era) {
        while let Some(booking) = self.plan.bookings.get(self.next_booking) {
            if booking.visit.first != scan {
                return;
            }
            let person = &mut self.plan.people[booking.person as usize];
            person.arrive(&mut self.dice);
            let zone = self.map.draw(&mut self.dice, era, person.level);
            self.online.push(Online { person: booking.person, last_scan: booking.visit.last, zone });
            self.next_booking += 1;
        }
    }
}

impl Iterator for Log {
    type Item = Rows;

    fn next(&mut self) -> Option<Rows> {
        let mut rows = Rows::default();
        while rows.len() < Self::BATCH_ROWS && self.next_scan < self.plan.scans.len() {
            self.scan(&mut rows);
        }
        (!rows.is_empty()).then_some(rows)
    }
}
