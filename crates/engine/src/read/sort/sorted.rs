//! Events in order of player and time.

use std::ops::Range;

use super::{Pack, State, room};
use crate::Error;
use crate::manifest::Rejected;
use crate::pipeline::events::Events;
use crate::pipeline::sessions::Gap;
use crate::pipeline::{Dictionary, Filter, History, NULL_CODE, Partial, Query, Scanner, Strings};
use crate::read::guilds::{GuildKinds, key_as};
use crate::read::selection::Selection;
use crate::read::{BATCH_ROWS, OnRows};
use crate::schema::NumberKind;
use crate::time::Micros;

/// Events in order of player and time, held in memory. Where two of a player are of one instant, what else they say decides, so
/// that all is the same whoever gathered them.
pub struct SortedEvents {
    guild_kind: NumberKind,
    strings: Strings,
    states: Vec<State>,
    times_us: Vec<Micros>,
    state: Vec<u32>,
    zone: Vec<u32>,
    rejected: Rejected,
    /// Each player's events, in order of id.
    players: Vec<(i64, Range<usize>)>,
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
    /// The events of a share, as they were gathered here and there.
    ///
    /// # Errors
    /// [`Error::TooManyToSort`] where there is no room for them.
    pub fn of(mut packs: Vec<Pack>) -> Result<Self, Error> {
        let kinds = packs.iter().map(|pack| pack.head.guild_kinds);
        let guild_kind = kinds.fold(GuildKinds::default(), GuildKinds::and).common();
        let strings = common_strings(&packs);
        let mut states: Vec<State> = Vec::new();
        for pack in &mut packs {
            pack.speak(&strings, guild_kind);
            states.extend(&pack.head.states);
        }
        states.sort_unstable();
        states.dedup();
        for pack in &mut packs {
            let code = |state: &State| states.partition_point(|other| other < state) as u32;
            let codes: Vec<u32> = pack.head.states.iter().map(code).collect();
            recode(&mut pack.state, &codes);
        }
        let mut rejected = Rejected::default();
        for pack in &packs {
            rejected.null_player_id += pack.head.rejected.null_player_id;
            rejected.null_datetime += pack.head.rejected.null_datetime;
        }
        let (players, joined) = joined(packs)?;
        let Pack { times_us, state, zone, .. } = joined;
        let mut sorted = Self { guild_kind, strings, states, times_us, state, zone, rejected, players };
        sorted.sort();
        Ok(sorted)
    }

    /// Puts each player's events in order.
    fn sort(&mut self) {
        let mut order: Vec<(Micros, u32, u32)> = Vec::new();
        for (_, range) in &self.players {
            let times_us = &mut self.times_us[range.clone()];
            if times_us.is_sorted_by(|a, b| a < b) {
                continue;
            }
            let states = &mut self.state[range.clone()];
            let zones = &mut self.zone[range.clone()];
            order.clear();
            let events = times_us.iter().zip(states.iter()).zip(zones.iter());
            order.extend(events.map(|((time_us, state), zone)| (*time_us, *state, *zone)));
            order.sort_unstable();
            let places = times_us.iter_mut().zip(states).zip(zones);
            for (((time_us, state), zone), event) in places.zip(&order) {
                (*time_us, *state, *zone) = *event;
            }
        }
    }

    /// How many there are.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.players.iter().map(|(_, range)| range.len() as u64).sum()
    }

    /// Rows that had to be left out. Only the first share counts them.
    #[must_use]
    pub const fn rejected(&self) -> Rejected {
        self.rejected
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
    pub const fn guild_kind(&self) -> NumberKind {
        self.guild_kind
    }

    /// What the text codes of the events refer to.
    #[must_use]
    pub const fn strings(&self) -> &Strings {
        &self.strings
    }

    /// The place before the first event, to read those that match.
    #[must_use]
    pub fn cursor(&self, filter: Filter) -> Cursor {
        let selection = Selection::new(filter, self.guild_kind);
        Cursor { player: 0, row: 0, is_begun: false, selection, events: Events::default() }
    }

    /// The next events that match, which may be none of a batch; `None` at the end. The first batch counts the rows that had
    /// to be left out.
    pub fn next<'a>(&self, cursor: &'a mut Cursor) -> Option<&'a Events> {
        let events = &mut cursor.events;
        events.clear();
        while let Some((id, range)) = self.players.get(cursor.player)
            && events.len() < BATCH_ROWS
        {
            let start = range.start + cursor.row;
            let end = range.end.min(start + BATCH_ROWS - events.len());
            self.copy(*id, start..end, events);
            cursor.row += end - start;
            if end == range.end {
                (cursor.player, cursor.row) = (cursor.player + 1, 0);
            }
        }
        if !std::mem::replace(&mut cursor.is_begun, true) {
            events.rejected = self.rejected;
        } else if events.is_empty() {
            return None;
        }
        cursor.selection.filter(events, &self.strings);
        Some(events)
    }

    /// What one player did, by the events that match; nothing when the player is not in the share.
    ///
    /// # Errors
    /// None: the events are in order.
    pub fn player_history(&self, query: &Query, player_id: i64) -> Result<History, Error> {
        let gap = Gap::new(query.params.session_gap_minutes);
        let mut history = History::default();
        let mut selection = Selection::new(query.filter.clone(), self.guild_kind);
        let mut events = Events::default();
        if let Ok(index) = self.players.binary_search_by_key(&player_id, |(id, _)| *id) {
            let Range { start, end } = self.players[index].1;
            for first in (start..end).step_by(BATCH_ROWS) {
                events.clear();
                self.copy(player_id, first..end.min(first + BATCH_ROWS), &mut events);
                selection.filter(&mut events, &self.strings);
                history.extend(&events, 0..events.len(), &self.strings, gap)?;
            }
        }
        Ok(history)
    }

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

/// All texts of the packs, in order.
fn common_strings(packs: &[Pack]) -> Strings {
    let common = |of: &dyn Fn(&Strings) -> &Dictionary| {
        let mut texts: Vec<String> =
            packs.iter().flat_map(|pack| of(&pack.head.strings).texts()).cloned().collect();
        texts.sort_unstable();
        Dictionary::from(texts)
    };
    Strings {
        race: common(&|strings| &strings.race),
        class: common(&|strings| &strings.class),
        zone: common(&|strings| &strings.zone),
    }
}

/// The code in the common dictionary for every code of another.
fn codes_in(common: &Dictionary, own: &Dictionary) -> Vec<u32> {
    own.texts().iter().map(|text| common.find(text).unwrap_or(NULL_CODE)).collect()
}

/// Another code for each; null stays null.
fn recode(column: &mut [u32], codes: &[u32]) {
    column.iter_mut().for_each(|code| *code = codes.get(*code as usize).copied().unwrap_or(NULL_CODE));
}

impl Pack {
    /// Has its zones and states in the words of all.
    fn speak(&mut self, strings: &Strings, guild_kind: NumberKind) {
        let own = std::mem::take(&mut self.head.strings);
        recode(&mut self.zone, &codes_in(&strings.zone, &own.zone));
        let (races, classes) = (codes_in(&strings.race, &own.race), codes_in(&strings.class, &own.class));
        for state in &mut self.head.states {
            let from = state.guild_kind();
            state.guild = state.guild.map(|key| key_as(key, from, guild_kind));
            state.is_guild_double = guild_kind == NumberKind::Float;
            state.race = races.get(state.race as usize).copied().unwrap_or(NULL_CODE);
            state.class = classes.get(state.class as usize).copied().unwrap_or(NULL_CODE);
        }
    }
}

/// Each player's events.
type Players = Vec<(i64, Range<usize>)>;

/// All packs as one, and where each player's events are in it.
fn joined(mut packs: Vec<Pack>) -> Result<(Players, Pack), Error> {
    let mut places: Vec<(i64, usize, Range<usize>)> = Vec::new();
    for (place, pack) in packs.iter_mut().enumerate() {
        let mut start = 0;
        for (player_id, events) in std::mem::take(&mut pack.head.players) {
            let end = start + events as usize;
            places.push((player_id, place, start..end));
            start = end;
        }
    }
    if packs.len() == 1
        && let Some(pack) = packs.pop()
    {
        let players = places.into_iter().map(|(player_id, _, range)| (player_id, range)).collect();
        return Ok((players, pack));
    }
    places.sort_unstable_by_key(|(player_id, place, _)| (*player_id, *place));
    let mut players = Players::new();
    let mut start = 0;
    for of_player in places.chunk_by(|a, b| a.0 == b.0) {
        let end = start + of_player.iter().map(|(.., range)| range.len()).sum::<usize>();
        players.push((of_player[0].0, start..end));
        start = end;
    }
    let mut all = Pack::default();
    room(&mut all.times_us, start)?;
    places.iter().for_each(|(_, place, range)| all.times_us.extend(&packs[*place].times_us[range.clone()]));
    packs.iter_mut().for_each(|pack| pack.times_us = Vec::new());
    room(&mut all.state, start)?;
    room(&mut all.zone, start)?;
    for (_, place, range) in places {
        all.state.extend(&packs[place].state[range.clone()]);
        all.zone.extend(&packs[place].zone[range]);
    }
    Ok((players, all))
}
