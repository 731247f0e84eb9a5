//! Events in any order, put in order in memory.
//!
//! Two passes over the files: the first counts each player's events, so that the second can put every event where it
//! belongs. Each player's times are then sorted on their own, which needs no second copy of the events.

use std::collections::HashMap;
use std::ops::Range;

use rustc_hash::FxBuildHasher;

use super::guilds::{GuildKinds, key_as};
use super::selection::Selection;
use super::{BATCH_ROWS, Log, OnRows};
use crate::Error;
use crate::manifest::Rejected;
use crate::pipeline::events::Events;
use crate::pipeline::sessions::Gap;
use crate::pipeline::{Filter, History, NULL_CODE, Partial, Query, Scanner, Strings};
use crate::schema::GuildKind;
use crate::time::Micros;

/// More events than this are not sorted in memory: at 16 bytes each they fill what a browser gives a worker.
pub const MOST_SORTED_EVENTS: u64 = 150_000_000;

/// Ids below this find their player in a list, others in a hash table.
const LISTED_IDS: usize = 1 << 24;

/// Which part of the players is taken: those of the `index`-th of `of` shares with about as many events each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// From 0.
    pub index: usize,
    /// How many there are.
    pub of: usize,
}

impl Share {
    /// All players.
    pub const ALL: Self = Self { index: 0, of: 1 };
}

/// Sorts the events of files: [`Self::count`] all of them, then [`Self::place`] all of them in the same order.
pub struct Sorter {
    share: Share,
    rows: u64,
    slots: Slots,
    /// Set once all files are counted.
    placed: Option<Placed>,
}

/// Finds a player's slot.
#[derive(Default)]
struct Slots {
    listed: Vec<u32>,
    hashed: HashMap<i64, u32, FxBuildHasher>,
    players: Vec<Player>,
}

#[derive(Clone, Copy)]
struct Player {
    id: i64,
    /// Events, all of them or those that are still to come.
    events: u32,
    /// Where the next event goes; none for players of other shares.
    next: Option<u32>,
    /// The state of the last event, which the next one often shares.
    state: u32,
}

const NO_SLOT: u32 = u32::MAX;

impl Slots {
    fn find(&self, id: i64) -> Option<u32> {
        match usize::try_from(id) {
            Ok(index) if index < LISTED_IDS => {
                self.listed.get(index).copied().filter(|slot| *slot != NO_SLOT)
            }
            _ => self.hashed.get(&id).copied(),
        }
    }

    fn find_or_add(&mut self, id: i64) -> u32 {
        if let Some(slot) = self.find(id) {
            return slot;
        }
        // There are no more players than events, which are far fewer than a u32 counts.
        let slot = self.players.len() as u32;
        self.players.push(Player { id, events: 0, next: None, state: 0 });
        match usize::try_from(id) {
            Ok(index) if index < LISTED_IDS => {
                if index >= self.listed.len() {
                    self.listed.resize(index + 1, NO_SLOT);
                }
                self.listed[index] = slot;
            }
            _ => {
                self.hashed.insert(id, slot);
            }
        }
        slot
    }
}

/// What an event says of its player besides the time and the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct State {
    guild: Option<i64>,
    guild_kind: GuildKind,
    level: Option<i64>,
    race: u32,
    class: u32,
}

/// The events of the share, each player's together.
struct Placed {
    guild_kinds: GuildKinds,
    strings: Strings,
    states: Vec<State>,
    codes: HashMap<State, u32, FxBuildHasher>,
    times_us: Vec<Micros>,
    state: Vec<u32>,
    zone: Vec<u32>,
    rejected: Rejected,
    /// Each player's events, in order of id.
    players: Vec<(i64, Range<usize>)>,
}

impl Sorter {
    /// A sorter that has seen no file.
    #[must_use]
    pub fn new(share: Share) -> Self {
        Self { share, rows: 0, slots: Slots::default(), placed: None }
    }

    /// Counts the events of the players in a file.
    ///
    /// # Errors
    /// [`Error::TooManyToSort`], [`Error::Cancelled`] when `on_rows` breaks, and what is wrong with the file.
    pub fn count(&mut self, file: &impl Log, on_rows: OnRows<'_>) -> Result<(), Error> {
        let before = self.rows;
        let fits = |rows: u64| match before.saturating_add(rows) {
            ..=MOST_SORTED_EVENTS => Ok(()),
            rows => Err(Error::TooManyToSort { rows }),
        };
        fits(file.rows())?;
        let mut rows = 0;
        file.each_players(&mut |players| {
            rows += players.rows() as u64;
            fits(rows)?;
            for (id, rows) in players.iter() {
                if let Some(id) = id {
                    let slot = self.slots.find_or_add(id);
                    // No more rows are counted than can be sorted.
                    self.slots.players[slot as usize].events += rows.len() as u32;
                }
            }
            go_on(on_rows, rows)
        })?;
        self.rows += rows;
        Ok(())
    }

    /// Puts the events of a file where they belong.
    ///
    /// # Errors
    /// As [`Self::count`].
    pub fn place(&mut self, file: &impl Log, on_rows: OnRows<'_>) -> Result<(), Error> {
        let share = self.share;
        let slots = &mut self.slots;
        let placed = match &mut self.placed {
            Some(placed) => placed,
            empty => empty.insert(Placed::make_room(slots, share)?),
        };
        let mut strings = std::mem::take(&mut placed.strings);
        let mut rows = 0;
        let read = file.each_events(&mut strings, &mut |events| {
            placed.guild_kinds.see(events, file.guild_kind());
            rows += events.rows_read();
            // Every share sees all rows, and one of them tells of those that were left out.
            if share.index == 0 {
                placed.rejected.null_player_id += events.rejected.null_player_id;
                placed.rejected.null_datetime += events.rejected.null_datetime;
            }
            placed.take(events, file.guild_kind(), slots)?;
            go_on(on_rows, rows)
        });
        placed.strings = strings;
        read
    }

    /// The events in order, once all files are placed.
    #[must_use]
    pub fn finish(self) -> SortedEvents {
        let Some(mut placed) = self.placed else { return SortedEvents { placed: Placed::empty() } };
        // Rows without a time were counted with their player, but have no place.
        let left: HashMap<i64, u32, FxBuildHasher> = self
            .slots
            .players
            .iter()
            .filter(|player| player.next.is_some() && player.events > 0)
            .map(|player| (player.id, player.events))
            .collect();
        for (id, range) in &mut placed.players {
            range.end -= left.get(id).map_or(0, |events| *events as usize);
        }
        placed.players.retain(|(_, range)| !range.is_empty());
        placed.codes = HashMap::default();
        let guild_kind = placed.guild_kinds.common();
        for state in &mut placed.states {
            state.guild = state.guild.map(|key| key_as(key, state.guild_kind, guild_kind));
        }
        placed.sort_times();
        SortedEvents { placed }
    }
}

fn go_on(on_rows: OnRows<'_>, rows: u64) -> Result<(), Error> {
    if on_rows(rows).is_break() { Err(Error::Cancelled) } else { Ok(()) }
}

impl Placed {
    fn empty() -> Self {
        Self {
            guild_kinds: GuildKinds::default(),
            strings: Strings::default(),
            states: Vec::new(),
            codes: HashMap::default(),
            times_us: Vec::new(),
            state: Vec::new(),
            zone: Vec::new(),
            rejected: Rejected::default(),
            players: Vec::new(),
        }
    }

    /// Gives the players of the share their places, in order of id.
    fn make_room(slots: &mut Slots, share: Share) -> Result<Self, Error> {
        let all: u64 = slots.players.iter().map(|player| u64::from(player.events)).sum();
        let mut order: Vec<u32> = (0..).take(slots.players.len()).collect();
        order.sort_unstable_by_key(|slot| slots.players[*slot as usize].id);
        let mut before = 0;
        let mut next = 0_u32;
        let mut players = Vec::new();
        for slot in order {
            let player = &mut slots.players[slot as usize];
            // The share in which the player's first event lies, counted over all events.
            let owner = u128::from(before) * share.of as u128 / u128::from(all.max(1));
            before += u64::from(player.events);
            if owner == share.index as u128 {
                player.next = Some(next);
                let start = next as usize;
                next += player.events;
                players.push((player.id, start..next as usize));
            }
        }
        let mut placed = Self { players, ..Self::empty() };
        let events = next as usize;
        let too_many = |_| Error::TooManyToSort { rows: all };
        placed.times_us.try_reserve_exact(events).map_err(too_many)?;
        placed.state.try_reserve_exact(events).map_err(too_many)?;
        placed.zone.try_reserve_exact(events).map_err(too_many)?;
        placed.times_us.resize(events, Micros::default());
        placed.state.resize(events, 0);
        placed.zone.resize(events, 0);
        Ok(placed)
    }

    fn take(&mut self, events: &Events, guild_kind: GuildKind, slots: &mut Slots) -> Result<(), Error> {
        let changed = || Error::Damaged("it changed while it was read".into());
        let (mut guilds, mut levels) = (events.guild.values(), events.level.values());
        let (mut races, mut classes) = (events.race.values(), events.class.values());
        let mut zones = events.zone.values();
        for (id, rows) in events.player_id.iter() {
            let slot = slots.find(id).ok_or_else(changed)?;
            let player = &mut slots.players[slot as usize];
            for &time_us in &events.time_us[rows] {
                // All columns have the same length.
                let (guild, level) = (guilds.next().flatten(), levels.next().flatten());
                let code = |next: Option<u32>| next.unwrap_or(NULL_CODE);
                let (race, class) = (code(races.next()), code(classes.next()));
                let state = State { guild, guild_kind, level, race, class };
                let zone = code(zones.next());
                let Some(next) = player.next else { continue };
                player.events = player.events.checked_sub(1).ok_or_else(changed)?;
                if self.states.get(player.state as usize) != Some(&state) {
                    player.state = *self.codes.entry(state).or_insert_with(|| {
                        self.states.push(state);
                        // There are no more states than events.
                        self.states.len() as u32 - 1
                    });
                }
                let place = next as usize;
                self.times_us[place] = time_us;
                self.state[place] = player.state;
                self.zone[place] = zone;
                player.next = Some(next + 1);
            }
        }
        Ok(())
    }

    fn sort_times(&mut self) {
        let mut order: Vec<(Micros, u32, u32)> = Vec::new();
        for (_, range) in &self.players {
            let times_us = &mut self.times_us[range.clone()];
            if times_us.is_sorted() {
                continue;
            }
            let states = &mut self.state[range.clone()];
            let zones = &mut self.zone[range.clone()];
            order.clear();
            let events = times_us.iter().zip(states.iter()).zip(zones.iter());
            order.extend(events.map(|((time_us, state), zone)| (*time_us, *state, *zone)));
            // Events at one instant are one instant: their order changes nothing.
            order.sort_unstable_by_key(|(time_us, ..)| *time_us);
            let places = times_us.iter_mut().zip(states).zip(zones);
            for (((time_us, state), zone), event) in places.zip(&order) {
                (*time_us, *state, *zone) = *event;
            }
        }
    }
}

/// Events in order of player and time, held in memory.
pub struct SortedEvents {
    placed: Placed,
}

/// How far the events of a share were read.
#[derive(Debug)]
pub struct Cursor {
    /// The player that comes next, by place.
    player: usize,
    /// The events of that player that were read.
    row: usize,
    is_begun: bool,
    selection: Selection,
    events: Events,
}

impl SortedEvents {
    /// How many there are.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.placed.players.iter().map(|(_, range)| range.len() as u64).sum()
    }

    /// Rows that had to be left out. Only the first share counts them.
    #[must_use]
    pub const fn rejected(&self) -> Rejected {
        self.placed.rejected
    }

    /// The statistics of the events, for what `query` asks.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when `on_rows` breaks.
    pub fn scan(&self, query: impl Into<Query>, on_rows: OnRows<'_>) -> Result<Partial, Error> {
        Ok(self.scan_with(Scanner::new(query, self.guild_kind()), on_rows)?.finish())
    }

    /// Has a scanner of the same kind of guild numbers go through the events.
    ///
    /// # Errors
    /// As [`Self::scan`].
    pub fn scan_with(&self, mut scanner: Scanner, on_rows: OnRows<'_>) -> Result<Scanner, Error> {
        let mut cursor = self.cursor(scanner.filter().clone());
        *scanner.strings_mut() = self.strings().clone();
        let mut rows = 0;
        while let Some(events) = self.next(&mut cursor) {
            rows += events.rows_read();
            scanner.push(events)?;
            if on_rows(rows).is_break() {
                return Err(Error::Cancelled);
            }
        }
        Ok(scanner)
    }

    /// How the guild numbers are stored.
    #[must_use]
    pub const fn guild_kind(&self) -> GuildKind {
        self.placed.guild_kinds.common()
    }

    /// What the text codes of the events refer to.
    #[must_use]
    pub const fn strings(&self) -> &Strings {
        &self.placed.strings
    }

    /// The place before the first event, to read those that match.
    #[must_use]
    pub fn cursor(&self, filter: Filter) -> Cursor {
        let selection = Selection::new(filter);
        Cursor { player: 0, row: 0, is_begun: false, selection, events: Events::default() }
    }

    /// The next events that match, which may be none of a batch; `None` at the end. The first batch counts the rows that had
    /// to be left out.
    pub fn next<'a>(&self, cursor: &'a mut Cursor) -> Option<&'a Events> {
        let placed = &self.placed;
        let events = &mut cursor.events;
        events.clear();
        while let Some((id, range)) = placed.players.get(cursor.player)
            && events.len() < BATCH_ROWS
        {
            let start = range.start + cursor.row;
            let end = range.end.min(start + BATCH_ROWS - events.len());
            placed.copy(*id, start..end, events);
            cursor.row += end - start;
            if end == range.end {
                (cursor.player, cursor.row) = (cursor.player + 1, 0);
            }
        }
        if !std::mem::replace(&mut cursor.is_begun, true) {
            events.rejected = placed.rejected;
        } else if events.is_empty() {
            return None;
        }
        cursor.selection.filter(events, &placed.strings);
        Some(events)
    }

    /// What one player did, by the events that match; nothing when the player is not in the share.
    ///
    /// # Errors
    /// None: the events are in order.
    pub fn player_history(&self, query: &Query, player_id: i64) -> Result<History, Error> {
        let placed = &self.placed;
        let gap = Gap::new(query.params.session_gap_minutes);
        let mut history = History::default();
        let mut selection = Selection::new(query.filter.clone());
        let mut events = Events::default();
        if let Ok(index) = placed.players.binary_search_by_key(&player_id, |(id, _)| *id) {
            let Range { start, end } = placed.players[index].1;
            for first in (start..end).step_by(BATCH_ROWS) {
                events.clear();
                placed.copy(player_id, first..end.min(first + BATCH_ROWS), &mut events);
                selection.filter(&mut events, &placed.strings);
                history.extend(&events, 0..events.len(), &placed.strings, gap)?;
            }
        }
        Ok(history)
    }
}

impl Placed {
    fn copy(&self, player_id: i64, range: Range<usize>, events: &mut Events) {
        events.player_id.push(player_id, range.len());
        events.time_us.extend_from_slice(&self.times_us[range.clone()]);
        for alike in self.zone[range.clone()].chunk_by(|a, b| a == b) {
            events.zone.push(alike[0], alike.len());
        }
        for alike in self.state[range].chunk_by(|a, b| a == b) {
            let (state, rows) = (self.states[alike[0] as usize], alike.len());
            events.race.push(state.race, rows);
            events.class.push(state.class, rows);
            events.guild.push(state.guild, rows);
            events.level.push(state.level, rows);
        }
    }
}
