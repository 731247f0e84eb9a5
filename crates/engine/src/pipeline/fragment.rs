//! One player's events so far: all that is needed to go on with the next event, or to join the rest of
//! the player's events from another part.

use serde::{Deserialize, Serialize};

use super::activity::{Activity, HOURS};
use super::codec::total;
use super::digest::Share;
use super::events::Events;
use super::hour::HourWindow;
use super::players::{PlayerRow, SessionRow, Verdict};
use super::scratch::Scratch;
use super::session_counts::{Pauses, SessionCounts};
use super::sessions::{Gap, Passed, Session, Stretch, join, split};
use super::strings::{NULL_CODE, Recode, Strings};
use super::{Params, Query};
use crate::Error;
use crate::time::{DAY_US, Day, HOUR_US, MINUTE_US, Micros, Minutes};

/// A stretch of one player's events in time order.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Fragment {
    pub(super) player_id: i64,
    /// The player's events as sessions by a gap that is not above the one asked for, so that its sessions are made of whole
    /// ones of these.
    pub(super) stretches: Vec<Session>,
    /// The same of all of the player's events, whatever the filter; empty where there is none, for the others are all then.
    whole: Vec<Session>,
    pauses: Pauses,
    days: Vec<Day>,
    /// Events per hour of the week; empty until the first event.
    hours: Vec<u64>,
    zones: ZoneCounts,
    levels: Levels,
    latest: Latest,
    #[serde(skip)]
    hour: HourWindow,
}

/// Events per zone code, with the list of the zones that have any, so that clearing costs what was used.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct ZoneCounts {
    counts: Vec<u64>,
    visited: Vec<u32>,
    none: u64,
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Levels {
    min: i64,
    max: i64,
    sum: i128,
    count: u64,
}

/// What the player is at the latest instant: among several values the greatest, null only if all are.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Latest {
    time_us: Micros,
    class: u32,
    race: u32,
    guild: Option<i64>,
}

impl Default for Latest {
    fn default() -> Self {
        Self { time_us: Micros::MIN, class: NULL_CODE, race: NULL_CODE, guild: None }
    }
}

impl Fragment {
    /// Makes the fragment that of another player, keeping its memory.
    pub(super) fn reset(&mut self, player_id: i64) {
        self.player_id = player_id;
        self.stretches.clear();
        self.whole.clear();
        self.pauses.clear();
        self.days.clear();
        self.hours.clear();
        self.hours.resize(HOURS, 0);
        self.zones.clear();
        self.levels = Levels::default();
        self.latest = Latest::default();
        self.hour = HourWindow::default();
    }

    /// Whether any event of the player counts.
    pub(super) const fn is_counted(&self) -> bool {
        !self.stretches.is_empty()
    }

    /// All of its events as stretches, whatever the filter.
    pub(super) fn of_all_events(&self) -> &[Session] {
        if self.whole.is_empty() { &self.stretches } else { &self.whole }
    }

    /// Takes the times of the player's next events, those that do not match the filter too. `gap` is that of the stretches.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when a time goes back.
    pub(super) fn see(&mut self, times_us: &[Micros], gap: Gap) -> Result<(), Error> {
        let open = (self.player_id, self.whole.pop());
        let last = split(open, gap, times_us, |_| (), |stretch| self.whole.push(stretch))?;
        self.whole.extend(last);
        Ok(())
    }

    /// Whether the player has a guild.
    pub(super) const fn has_guild(&self) -> bool {
        self.latest.guild.is_some()
    }

    /// Takes the player's next events, which are rows of a batch. `gap` is that of the stretches.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when a time goes back.
    pub(super) fn extend(
        &mut self,
        events: &Events,
        rows: std::ops::Range<usize>,
        gap: Gap,
        strings: &Strings,
    ) -> Result<(), Error> {
        self.extend_times(&events.time_us[rows.clone()], gap)?;
        for (zone, events) in events.zone.within(rows.clone()) {
            self.zones.add(zone, events as u64);
        }
        for (level, events) in events.level.within(rows.clone()) {
            self.levels.add(level, events as u64);
        }
        self.latest.extend(events, rows, strings);
        Ok(())
    }

    fn extend_times(&mut self, times_us: &[Micros], gap: Gap) -> Result<(), Error> {
        let open = self.stretches.pop();
        let previous_us = open.map(|session| session.end_us).or(times_us.first().copied());
        let mut previous_minute = previous_us.unwrap_or_default().get().div_euclid(MINUTE_US);
        let (pauses, days, hours) = (&mut self.pauses, &mut self.days, &mut self.hours);
        let mut hour = self.hour;
        // The hour's first row here: events are counted where it ends.
        let mut first_row = 0;
        let each = |Passed { row, time_us, .. }: Passed| {
            if time_us.get() >= hour.end_us {
                hours[hour.index] += (row - first_row) as u64;
                first_row = row;
                hour = hour.enter(time_us);
                if days.last() != Some(&hour.day) {
                    days.push(hour.day);
                }
            }
            let minute = hour.minute(time_us);
            pauses.count(minute - previous_minute, row);
            previous_minute = minute;
        };
        let ended = |stretch| self.stretches.push(stretch);
        let open = split((self.player_id, open), gap, times_us, each, ended)?;
        self.stretches.extend(open);
        self.hours[hour.index] += (times_us.len() - first_row) as u64;
        self.hour = hour;
        Ok(())
    }

    /// What the bot rules say of the player by the events so far.
    pub(super) fn verdict(&self, query: &Query) -> Verdict {
        let judged = if query.filter.judges_apart() { self.of_all_events() } else { &self.stretches };
        session_row(judged, &query.params, &mut Scratch::default()).verdict(&query.params)
    }

    /// The events of a player whose numbers can be those of a log with so many zones; `None` where they cannot.
    pub(super) fn sound_events(&self, zones: usize) -> Option<u64> {
        let events = sound_events(&self.stretches)?;
        let is_sound = sound_events(self.of_all_events()).is_some_and(|all| all >= events.max(1))
            && self.days.is_sorted_by(|a, b| a < b)
            && self.hours.len() == HOURS
            && total(&self.hours) == Some(events)
            && self.pauses.is_sound()
            && self.levels.are_sound(events)
            && self.zones.total(zones) == Some(events);
        is_sound.then_some(events)
    }

    /// First event.
    pub(super) fn first_us(&self) -> Micros {
        self.stretches.first().map_or(Micros::MAX, |stretch| stretch.start_us)
    }

    /// Last event.
    pub(super) fn last_us(&self) -> Micros {
        self.stretches.last().map_or(Micros::MIN, |stretch| stretch.end_us)
    }

    /// The first event and the last, whatever the filter.
    fn seen(&self) -> [Micros; 2] {
        let seen = self.of_all_events();
        [
            seen.first().map_or(Micros::MAX, |first| first.start_us),
            seen.last().map_or(Micros::MIN, |last| last.end_us),
        ]
    }

    /// Joins the same player's later events.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when they are not later.
    pub(super) fn join(&mut self, next: Self, gap: Gap, strings: &Strings) -> Result<(), Error> {
        if next.seen()[0] < self.seen()[1] {
            return Err(Error::OutOfOrder { player_id: self.player_id });
        }
        if let (Some(ours), Some(first)) = (self.stretches.last(), next.stretches.first()) {
            self.pauses.count(ours.end_us.minutes_to(first.start_us).get(), 0);
        }
        put_behind(&mut self.stretches, next.stretches, gap);
        put_behind(&mut self.whole, next.whole, gap);
        self.pauses.merge(&next.pauses);
        let shared = self.days.last().is_some_and(|day| Some(day) == next.days.first());
        self.days.extend(next.days.into_iter().skip(usize::from(shared)));
        for (ours, theirs) in self.hours.iter_mut().zip(&next.hours) {
            *ours += theirs;
        }
        self.zones.merge(&next.zones);
        self.levels.merge(next.levels);
        self.latest.merge(next.latest, strings);
        self.hour = HourWindow::default();
        Ok(())
    }

    /// Changes the text codes to those of another dictionary.
    pub(super) fn recode(&mut self, recode: &Recode) {
        self.latest.class = recode.class(self.latest.class);
        self.latest.race = recode.race(self.latest.race);
        self.zones.recode(recode);
    }

    /// Counts its share of activity and sessions, now that all events are here, and says what its sessions are like.
    pub(super) fn count(
        &self,
        query: &Query,
        activity: &mut Activity,
        sessions: &mut SessionCounts,
        scratch: &mut Scratch,
    ) -> OfSessions {
        let params = &query.params;
        let apart = query.filter.judges_apart().then(|| session_row(self.of_all_events(), params, scratch));
        let counted = session_row(&self.stretches, params, scratch);
        let of_sessions = OfSessions { counted, judged: apart.unwrap_or(counted) };
        let group = of_sessions.judged.verdict(params).group();
        sessions.add_sessions(scratch, group);
        sessions.add_player(&self.pauses, group);
        activity.days.add_ascending(&self.days, group);
        for (total, events) in activity.hours[group].iter_mut().zip(&self.hours) {
            *total += events;
        }
        for &code in &self.zones.visited {
            activity.add_zone(code, self.zones.counts[code as usize], group);
        }
        activity.no_zone[group] += self.zones.none;
        of_sessions
    }

    /// Tells each of its sessions by a gap that is not below that of its stretches.
    pub(super) fn sessions(&self, gap_minutes: Minutes, mut each: impl FnMut(Session)) {
        join(self.stretches.iter().map(Stretch::from), gap_minutes, |session| {
            let [first, last] = session.stretches.map(|place| place as usize);
            each(Session {
                start_us: self.stretches[first].start_us,
                end_us: self.stretches[last].end_us,
                events: session.events,
            });
        });
    }

    /// What it has in the counts by group.
    pub(super) fn share(&self) -> Share {
        let hours = (0..).zip(&self.hours).filter(|(_, events)| **events > 0);
        let zones = self.zones.visited.iter();
        Share {
            hours: hours.map(|(hour, events)| (hour, *events)).collect(),
            zones: zones.map(|&code| (code, self.zones.counts[code as usize])).collect(),
            no_zone: self.zones.none,
            pauses: self.pauses.counted().collect(),
        }
    }

    /// The player's row, with what its sessions are like.
    pub(super) fn row(&self, of_sessions: SessionRow) -> PlayerRow {
        let levels = self.levels;
        of_sessions.of(PlayerRow {
            player_id: self.player_id,
            events: self.stretches.iter().map(|stretch| stretch.events).sum(),
            first_us: self.first_us(),
            last_us: self.last_us(),
            days_active: self.days.len() as u64,
            zones: self.zones.visited.len() as u64,
            class: self.latest.class,
            race: self.latest.race,
            guild: self.latest.guild.unwrap_or(0),
            has_guild: self.latest.guild.is_some(),
            level_min: levels.min,
            level_max: levels.max,
            level_avg: if levels.count == 0 { 0.0 } else { wide_to_f64(levels.sum) / levels.count as f64 },
            level_count: levels.count,
            ..PlayerRow::default()
        })
    }
}

/// What a player's sessions are like.
#[derive(Debug, Clone, Copy)]
pub(super) struct OfSessions {
    /// Those of the events that count.
    pub(super) counted: SessionRow,
    /// Those that the bot rules look at.
    pub(super) judged: SessionRow,
}

/// What the sessions are like that stretches make up, which `scratch` is left with.
fn session_row(stretches: &[Session], params: &Params, scratch: &mut Scratch) -> SessionRow {
    scratch.take(stretches.iter().map(Stretch::from), params.session_gap_minutes);
    scratch.row(|[first, last]| (stretches[first].start_us, stretches[last].end_us))
}

/// Puts later stretches behind others. The pause between them may be none that splits.
fn put_behind(ours: &mut Vec<Session>, theirs: Vec<Session>, gap: Gap) {
    let mut theirs = theirs.into_iter();
    if let Some(last) = ours.last_mut()
        && let Some(first) = theirs.next()
    {
        if gap.splits(last.end_us, first.start_us) {
            ours.push(first);
        } else {
            last.end_us = first.end_us;
            last.events += first.events;
        }
    }
    ours.extend(theirs);
}

/// The events of stretches that are in order and have some each; `None` where they are not.
fn sound_events(stretches: &[Session]) -> Option<u64> {
    let are_in_order = |(a, b): (&Session, &Session)| a.end_us <= b.start_us;
    let are_sound = stretches.iter().all(|stretch| stretch.events > 0 && stretch.start_us <= stretch.end_us)
        && stretches.iter().zip(stretches.iter().skip(1)).all(are_in_order);
    total(stretches.iter().map(|stretch| &stretch.events)).filter(|_| are_sound)
}

/// A wide whole number as a double, rounded in the two steps that DuckDB's cast from HUGEINT takes. They differ
/// from one rounding only beyond 2^53, which no real sum of levels reaches.
fn wide_to_f64(value: i128) -> f64 {
    let upper = value >> 64;
    let lower = value as u64;
    match upper {
        -1 => -((u64::MAX - lower) as f64) - 1.0,
        _ => lower as f64 + upper as f64 * u64::MAX as f64,
    }
}

impl ZoneCounts {
    fn clear(&mut self) {
        for code in self.visited.drain(..) {
            self.counts[code as usize] = 0;
        }
        self.none = 0;
    }

    #[inline]
    fn add(&mut self, code: u32, events: u64) {
        if code == NULL_CODE {
            self.none += events;
            return;
        }
        let index = code as usize;
        if index >= self.counts.len() {
            self.counts.resize(index + 1, 0);
        }
        if self.counts[index] == 0 {
            self.visited.push(code);
        }
        self.counts[index] += events;
    }

    fn merge(&mut self, other: &Self) {
        for &code in &other.visited {
            self.add(code, other.counts[code as usize]);
        }
        self.none += other.none;
    }

    /// The events of all zones and of none, where there are no more than so many zones.
    fn total(&self, zones: usize) -> Option<u64> {
        let counts =
            self.visited.iter().map(|&code| self.counts.get(code as usize)).collect::<Option<Vec<_>>>()?;
        // Every count but zero is of one zone that is visited.
        let is_sound = self.counts.len() <= zones
            && counts.iter().all(|count| **count > 0)
            && total(counts.iter().copied()) == total(&self.counts);
        total(self.counts.iter().chain([&self.none])).filter(|_| is_sound)
    }

    fn recode(&mut self, recode: &Recode) {
        let mut recoded = Self { none: self.none, ..Self::default() };
        for &code in &self.visited {
            recoded.add(recode.zone(code), self.counts[code as usize]);
        }
        *self = recoded;
    }
}

impl Levels {
    fn add(&mut self, level: Option<i64>, events: u64) {
        let Some(level) = level else { return };
        let sum = i128::from(level) * i128::from(events);
        self.merge(Self { min: level, max: level, sum, count: events });
    }

    /// Whether they can be the levels of so many events.
    fn are_sound(&self, events: u64) -> bool {
        let bounds = [self.min, self.max].map(|level| i128::from(level) * i128::from(self.count));
        self.count <= events && (bounds[0]..=bounds[1]).contains(&self.sum)
    }

    fn merge(&mut self, other: Self) {
        if self.count == 0 {
            *self = other;
        } else if other.count > 0 {
            self.min = self.min.min(other.min);
            self.max = self.max.max(other.max);
            self.sum += other.sum;
            self.count += other.count;
        }
    }
}

impl Latest {
    fn extend(&mut self, events: &Events, rows: std::ops::Range<usize>, strings: &Strings) {
        let Some(last) = rows.clone().next_back() else { return };
        let time_us = events.time_us[last];
        let ties = events.time_us[rows].iter().rev().take_while(|time| **time == time_us).count();
        let rows = last + 1 - ties..last + 1;
        let mut latest = Self { time_us, ..Self::default() };
        for (class, _) in events.class.within(rows.clone()) {
            latest.class = strings.class.greater(latest.class, class);
        }
        for (race, _) in events.race.within(rows.clone()) {
            latest.race = strings.race.greater(latest.race, race);
        }
        latest.guild = events.guild.within(rows).map(|(guild, _)| guild).max().flatten();
        self.merge(latest, strings);
    }

    fn merge(&mut self, other: Self, strings: &Strings) {
        if other.time_us > self.time_us {
            *self = other;
        } else if other.time_us == self.time_us {
            self.class = strings.class.greater(self.class, other.class);
            self.race = strings.race.greater(self.race, other.race);
            self.guild = self.guild.max(other.guild);
        }
    }
}

const _: () = assert!(DAY_US % HOUR_US == 0, "a new day is noticed only where a new hour is");
