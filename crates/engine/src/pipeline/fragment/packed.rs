//! A player's events so far as few bytes, for memory that holds very many players.

use serde::{Deserialize, Serialize};

use super::{Fragment, Latest, Levels};
use crate::pipeline::activity::HOURS;
use crate::pipeline::hour::HourWindow;
use crate::pipeline::sessions::Session;
use crate::time::{Day, Micros};

/// What times are told in where all of them are whole seconds.
const SECOND_US: u64 = 1_000_000;

/// A fragment without what is zero, each number told from the one before, so that most of them are a byte or two.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::pipeline) struct Packed {
    player_id: i64,
    first_us: Micros,
    /// Microseconds in which the stretches are told.
    unit_us: u64,
    /// The pause before each stretch, its length, and its events.
    stretches: Vec<(u64, u64, u64)>,
    /// The first day, and then the days from one to the next.
    days: Vec<i64>,
    hours: Vec<(u8, u64)>,
    zones: Vec<(u32, u64)>,
    no_zone: u64,
    pauses: Vec<(u8, u64)>,
    levels: Levels,
    class: u32,
    race: u32,
    guild: Option<i64>,
}

impl Packed {
    /// Takes the place of what was packed before, in its memory.
    pub(in crate::pipeline) fn pack(&mut self, fragment: &Fragment) {
        self.player_id = fragment.player_id;
        self.first_us = fragment.first_us();
        self.stretches.clear();
        let mut end_us = self.first_us;
        let mut unit_us = SECOND_US;
        for stretch in &fragment.stretches {
            let pause_us = end_us.get().abs_diff(stretch.start_us.get());
            let length_us = stretch.start_us.get().abs_diff(stretch.end_us.get());
            if pause_us % unit_us != 0 || length_us % unit_us != 0 {
                unit_us = 1;
            }
            self.stretches.push((pause_us, length_us, stretch.events));
            end_us = stretch.end_us;
        }
        self.unit_us = unit_us;
        for (pause, length, _) in &mut self.stretches {
            *pause /= unit_us;
            *length /= unit_us;
        }
        self.days.clear();
        let mut before = Day::default().get();
        self.days
            .extend(fragment.days.iter().map(|day| day.get() - std::mem::replace(&mut before, day.get())));
        self.hours.clear();
        let hours = (0..).zip(&fragment.hours).filter(|(_, events)| **events > 0);
        self.hours.extend(hours.map(|(hour, events)| (hour, *events)));
        self.zones.clear();
        let zones = fragment.zones.visited.iter();
        self.zones.extend(zones.map(|&code| (code, fragment.zones.counts[code as usize])));
        self.no_zone = fragment.zones.none;
        self.pauses.clear();
        self.pauses.extend(fragment.pauses.counted());
        self.levels = fragment.levels;
        self.class = fragment.latest.class;
        self.race = fragment.latest.race;
        self.guild = fragment.latest.guild;
    }

    /// Makes the fragment that of the packed player.
    pub(in crate::pipeline) fn unpack(&self, fragment: &mut Fragment) {
        fragment.reset(self.player_id);
        let mut end_us = self.first_us;
        fragment.stretches.extend(self.stretches.iter().map(|&(pause, length, events)| {
            let start_us = later(end_us, pause, self.unit_us);
            end_us = later(start_us, length, self.unit_us);
            Session { start_us, end_us, events }
        }));
        let mut day = Day::default();
        fragment.days.extend(self.days.iter().map(|days| {
            day = Day::new(day.get() + days).unwrap_or(day);
            day
        }));
        for &(hour, events) in &self.hours {
            if let Some(count) = fragment.hours.get_mut(usize::from(hour)) {
                *count = events;
            }
        }
        for &(code, events) in &self.zones {
            fragment.zones.add(code, events);
        }
        fragment.zones.none = self.no_zone;
        for &(minutes, pauses) in &self.pauses {
            fragment.pauses.set(minutes, pauses);
        }
        fragment.levels = self.levels;
        fragment.latest = Latest { time_us: end_us, class: self.class, race: self.race, guild: self.guild };
        fragment.hour = HourWindow::default();
    }
}

/// The time so many units later, which was one before it was packed.
fn later(time_us: Micros, units: u64, unit_us: u64) -> Micros {
    Micros::new(time_us.get().wrapping_add_unsigned(units.wrapping_mul(unit_us))).unwrap_or(time_us)
}

const _: () = assert!(HOURS <= 1 << u8::BITS, "an hour of the week fits into a byte");
