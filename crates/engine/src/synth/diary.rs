//! One player's visits: when it is online, and what the bot rules will make of that.

use super::calendar::SLOT_MINUTES;
use super::scans::Scans;

/// Minutes by which a time between two scans may differ from the slots between them, either way: events lie
/// up to 100 seconds into the scan's own start, and counting minute boundaries rounds that up.
pub(super) const SLACK_MINUTES: u32 = 2;
/// Slots from the end of a visit to the start of the next: 50 minutes, which no slack brings down to a gap of
/// 30, so that two visits are never one session.
const APART_SLOTS: u32 = 5;
/// A step of this many slots is about 30 minutes: seconds decide whether it ends a session.
pub(super) const DOUBTFUL_SLOTS: u32 = 3;

/// Being online from one scan to another, both included, and seen at each between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Visit {
    /// The first scan.
    pub(super) first: u32,
    /// The last scan.
    pub(super) last: u32,
}

impl Visit {
    /// How often the player is seen.
    pub(super) const fn events(self) -> u32 {
        self.last - self.first + 1
    }
}

/// What is known of a set of visits' sessions before the seconds are: bounds that hold for every outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bounds {
    /// At least so many sessions.
    pub(super) sessions_least: u32,
    /// At most so many sessions.
    pub(super) sessions_most: u32,
    /// All sessions together are at least so long.
    pub(super) minutes_least: u32,
    /// All sessions together are at most so long.
    pub(super) minutes_most: u32,
}

impl Bounds {
    /// The bounds of one visit.
    pub(super) fn of(visit: Visit, scans: &Scans) -> Self {
        let mut bounds = Self {
            sessions_least: 1,
            minutes_most: scans.minutes_between(visit.first, visit.last) + SLACK_MINUTES,
            ..Self::default()
        };
        let mut start = visit.first;
        loop {
            // What lies between two doubtful steps is surely one session, or a part of one.
            let end = scans.run(start, visit.last + 1 - start, DOUBTFUL_SLOTS - 1);
            bounds.sessions_most += 1;
            bounds.minutes_least += scans.minutes_between(start, end).saturating_sub(SLACK_MINUTES);
            if end == visit.last {
                return bounds;
            }
            start = end + 1;
        }
    }

    /// The bounds of both.
    pub(super) const fn plus(self, other: Self) -> Self {
        Self {
            sessions_least: self.sessions_least + other.sessions_least,
            sessions_most: self.sessions_most + other.sessions_most,
            minutes_least: self.minutes_least + other.minutes_least,
            minutes_most: self.minutes_most + other.minutes_most,
        }
    }

    /// Whether the average session is surely at most `minutes` long.
    pub(super) const fn average_at_most(self, minutes: u32) -> bool {
        self.minutes_most <= minutes * self.sessions_least
    }

    /// Whether the average session is surely at least `minutes` long.
    pub(super) const fn average_at_least(self, minutes: u32) -> bool {
        self.minutes_least >= minutes * self.sessions_most
    }
}

/// A player's visits so far, in time order and well apart.
#[derive(Debug, Default)]
pub(super) struct Diary {
    visits: Vec<Visit>,
    events: u32,
    bounds: Bounds,
}

impl Diary {
    /// Events so far.
    pub(super) const fn events(&self) -> u32 {
        self.events
    }

    /// What is known of the sessions so far.
    pub(super) const fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// The visits in time order.
    pub(super) fn into_visits(self) -> Vec<Visit> {
        self.visits
    }

    /// A visit from `first` on of at most `events` events and `slots` slots, shortened where the next visit or a
    /// step of more than `step` slots is in the way; `None` when `first` is taken.
    pub(super) fn free_visit(
        &self,
        scans: &Scans,
        first: u32,
        events: u32,
        slots: u32,
        step: u32,
    ) -> Option<Visit> {
        let next = self.visits.partition_point(|visit| visit.first <= first);
        let before = next.checked_sub(1).map(|index| self.visits[index].last);
        if before.is_some_and(|last| last >= first || scans.slots_between(last, first) < APART_SLOTS) {
            return None;
        }
        let mut last = scans.run(first, events, step);
        if let Some(next) = self.visits.get(next) {
            let latest = scans.slot(next.first).checked_sub(APART_SLOTS)?;
            last = last.min(scans.at_or_after(latest + 1).checked_sub(1)?);
        }
        last = last.min(scans.at_or_after(scans.slot(first) + slots + 1) - 1);
        (last >= first).then_some(Visit { first, last })
    }

    /// Adds a visit that [`Self::free_visit`] found.
    pub(super) fn add(&mut self, visit: Visit, bounds: Bounds) {
        let at = self.visits.partition_point(|other| other.first <= visit.first);
        self.visits.insert(at, visit);
        self.events += visit.events();
        self.bounds = self.bounds.plus(bounds);
    }
}

/// The most slots that a visit may take so that no session of it lasts more than `minutes`.
pub(super) const fn slots_within(minutes: u32) -> u32 {
    (minutes - SLACK_MINUTES) / SLOT_MINUTES
}

/// The fewest slots that a run of scans must span so that it lasts more than `minutes`.
pub(super) const fn slots_beyond(minutes: u32) -> u32 {
    (minutes + SLACK_MINUTES) / SLOT_MINUTES + 1
}
