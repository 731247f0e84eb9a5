//! Events gathered from files, in the order in which they have them.

use std::collections::HashMap;
use std::ops::Range;

use bytes::Bytes;
use rustc_hash::FxBuildHasher;

use super::pack::{Head, Pack};
use super::{MOST_SORTED_EVENTS, PlayerCounts, Shares, SortedEvents, State, room};
use crate::Error;
use crate::manifest::Rejected;
use crate::pipeline::events::Events;
use crate::pipeline::{NULL_CODE, Strings};
use crate::read::guilds::GuildKinds;
use crate::read::work::{Step, Work, complete};
use crate::read::{Log, LogDecoder, OnRows};
use crate::schema::NumberKind;
use crate::time::Micros;

/// Ids below this find their player in a list, others in a hash table.
const LISTED_IDS: usize = 1 << 24;
/// Events that are kept together, so that no room is taken for those that do not come.
const BLOCK_EVENTS: usize = 1 << 18;

/// Gathers the events of files.
#[derive(Default)]
pub struct Gatherer {
    rows: u64,
    slots: Slots,
    guild_kinds: GuildKinds,
    strings: Strings,
    states: Vec<State>,
    codes: HashMap<State, u32, FxBuildHasher>,
    rejected: Rejected,
    blocks: Vec<Block>,
}

/// Events, each with the place of its player among all.
#[derive(Default)]
struct Block {
    slot: Vec<u32>,
    times_us: Vec<Micros>,
    state: Vec<u32>,
    zone: Vec<u32>,
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
    events: u32,
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
        self.players.push(Player { id, events: 0, state: NO_SLOT });
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

impl Gatherer {
    /// Gathers the events of a file whose bytes are at hand.
    ///
    /// # Errors
    /// [`Error::TooManyToSort`], [`Error::Cancelled`] when `on_rows` breaks, and what is wrong with the file.
    pub fn take(&mut self, file: &impl Log, on_rows: OnRows<'_>) -> Result<(), Error> {
        self.expect(file.rows())?;
        complete(file.source(), &mut Gather::new(self, file.log_decoder()), on_rows)
    }

    /// The events of each player.
    #[must_use]
    pub fn players(&self) -> PlayerCounts {
        let mut players: Vec<(i64, u32)> =
            self.slots.players.iter().map(|player| (player.id, player.events)).collect();
        players.sort_unstable_by_key(|(player_id, _)| *player_id);
        PlayerCounts(players)
    }

    /// All events in order.
    ///
    /// # Errors
    /// [`Error::TooManyToSort`] where there is no room for them.
    pub fn sorted(self) -> Result<SortedEvents, Error> {
        SortedEvents::of(self.share_out(&Shares::ONE)?)
    }

    /// The events of each share.
    ///
    /// # Errors
    /// As [`Self::sorted`].
    pub fn share_out(mut self, shares: &Shares) -> Result<Vec<Pack>, Error> {
        let PlayerCounts(players) = self.players();
        self.give_places()?;
        let events = self.rows as usize;
        let slots = |block: &mut Block| std::mem::take(&mut block.slot);
        let places: Vec<Vec<u32>> = self.blocks.iter_mut().map(slots).collect();
        let mut all = Pack {
            times_us: placed(&places, self.blocks.iter_mut().map(|block| &mut block.times_us), events)?,
            state: placed(&places, self.blocks.iter_mut().map(|block| &mut block.state), events)?,
            zone: placed(&places, self.blocks.iter_mut().map(|block| &mut block.zone), events)?,
            head: Head {
                guild_kinds: self.guild_kinds,
                strings: self.strings,
                states: self.states,
                rejected: Rejected::default(),
                players,
            },
        };
        drop(places);
        let mut packs = Vec::new();
        for share in (1..shares.len()).rev() {
            packs.push(all.split_off(share, shares));
        }
        // One of them tells of the rows that were left out.
        all.head.rejected = self.rejected;
        packs.push(all);
        packs.reverse();
        Ok(packs)
    }

    /// Whether so many rows more would fit.
    fn expect(&self, rows: u64) -> Result<(), Error> {
        match self.rows.saturating_add(rows) {
            ..=MOST_SORTED_EVENTS => Ok(()),
            rows => Err(Error::TooManyToSort { rows }),
        }
    }

    fn push(&mut self, events: &Events, guild_kind: NumberKind) -> Result<(), Error> {
        self.expect(events.len() as u64)?;
        self.guild_kinds.see(events, guild_kind);
        self.rejected.null_player_id += events.rejected.null_player_id;
        self.rejected.null_datetime += events.rejected.null_datetime;
        self.rows += events.len() as u64;
        let is_full = |block: &Block| block.slot.len() + events.len() > BLOCK_EVENTS;
        if self.blocks.last().is_none_or(is_full) {
            self.blocks.push(Block::with_room(BLOCK_EVENTS.max(events.len()))?);
        }
        let Some(block) = self.blocks.last_mut() else { return Ok(()) };
        block.times_us.extend_from_slice(&events.time_us);
        block.zone.extend(events.zone.values());
        let (mut guilds, mut levels) = (events.guild.values(), events.level.values());
        let (mut races, mut classes) = (events.race.values(), events.class.values());
        for (id, rows) in events.player_id.iter() {
            let slot = self.slots.find_or_add(id);
            let player = &mut self.slots.players[slot as usize];
            // No more events are gathered than a u32 counts.
            player.events += rows.len() as u32;
            for _ in rows {
                // All columns have the same length.
                let (guild, level) = (guilds.next().flatten(), levels.next().flatten());
                let (race, class) = (races.next().unwrap_or(NULL_CODE), classes.next().unwrap_or(NULL_CODE));
                let is_guild_double = guild_kind == NumberKind::Float;
                let state = State { guild, is_guild_double, level, race, class };
                if self.states.get(player.state as usize) != Some(&state) {
                    player.state = *self.codes.entry(state).or_insert_with(|| {
                        self.states.push(state);
                        // There are no more states than events.
                        self.states.len() as u32 - 1
                    });
                }
                block.slot.push(slot);
                block.state.push(player.state);
            }
        }
        Ok(())
    }

    /// Has every event its place among all, in the order of their players, where it has its player.
    fn give_places(&mut self) -> Result<(), Error> {
        let players = &self.slots.players;
        let mut order: Vec<u32> = (0..).take(players.len()).collect();
        order.sort_unstable_by_key(|slot| players[*slot as usize].id);
        let mut next = Vec::new();
        room(&mut next, players.len())?;
        next.resize(players.len(), 0);
        let mut before = 0;
        for slot in order {
            next[slot as usize] = before;
            before += players[slot as usize].events;
        }
        for slot in self.blocks.iter_mut().flat_map(|block| &mut block.slot) {
            let next = &mut next[*slot as usize];
            *slot = std::mem::replace(next, *next + 1);
        }
        Ok(())
    }
}

/// A column with every value at its place. The blocks give up theirs.
fn placed<'a, T: Copy + Default + 'a>(
    places: &[Vec<u32>],
    blocks: impl Iterator<Item = &'a mut Vec<T>>,
    events: usize,
) -> Result<Vec<T>, Error> {
    let mut column = Vec::new();
    room(&mut column, events)?;
    column.resize(events, T::default());
    for (places, block) in places.iter().zip(blocks) {
        for (place, value) in places.iter().zip(std::mem::take(block)) {
            column[*place as usize] = value;
        }
    }
    Ok(column)
}

impl Block {
    fn with_room(events: usize) -> Result<Self, Error> {
        let mut block = Self::default();
        room(&mut block.slot, events)?;
        room(&mut block.times_us, events)?;
        room(&mut block.state, events)?;
        room(&mut block.zone, events)?;
        Ok(block)
    }
}

impl Pack {
    /// Takes the events of a share and of those after it off the end.
    fn split_off(&mut self, share: usize, shares: &Shares) -> Self {
        let first = self.head.players.partition_point(|(player_id, _)| shares.of(*player_id) < share);
        let players = self.head.players.split_off(first);
        let events: usize = players.iter().map(|(_, events)| *events as usize).sum();
        let start = self.times_us.len() - events;
        Self {
            times_us: self.times_us.split_off(start),
            state: self.state.split_off(start),
            zone: self.zone.split_off(start),
            head: Head { players, ..Head { players: Vec::new(), ..self.head.clone() } },
        }
    }
}

/// Gathers the events of a file, as work without I/O.
pub struct Gather<'a> {
    gatherer: &'a mut Gatherer,
    decoder: LogDecoder,
}

impl<'a> Gather<'a> {
    /// Before the first event.
    pub const fn new(gatherer: &'a mut Gatherer, decoder: LogDecoder) -> Self {
        Self { gatherer, decoder }
    }
}

impl Work for Gather<'_> {
    fn asks(&mut self) -> Vec<Range<u64>> {
        self.decoder.asks()
    }

    fn give(&mut self, start: u64, bytes: &Bytes) -> Result<(), Error> {
        self.decoder.give(start, bytes)
    }

    fn step(&mut self) -> Result<Step, Error> {
        let step = self.decoder.step(&mut self.gatherer.strings)?;
        if let Step::Rows(_) = step {
            self.gatherer.push(self.decoder.rows().events, self.decoder.guild_kind())?;
        }
        Ok(step)
    }
}
