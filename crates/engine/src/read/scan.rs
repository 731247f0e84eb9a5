//! The statistics of a file's events, and what one player did, as work without I/O.

use std::ops::Range;

use bytes::Bytes;

use super::EventFile;
use super::events::EventDecoder;
use super::groups::{Groups, Next, PlayerColumn};
use super::work::{Step, Work};
use crate::Error;
use crate::pipeline::events::Runs;
use crate::pipeline::sessions::Gap;
use crate::pipeline::{Filter, History, Query, Scanner, Strings};

/// Has a scanner go through the given row groups of a file, or all of them, which must be ordered by player and time.
pub struct Scan {
    decoder: EventDecoder,
    scanner: Scanner,
}

impl Scan {
    /// Before the first event. The scanner is to be of the file's kind of guild numbers.
    #[must_use]
    pub fn new<R>(file: &EventFile<R>, row_groups: Option<Vec<usize>>, scanner: Scanner) -> Self {
        Self { decoder: file.decoder(row_groups).only(scanner.filter().clone()), scanner }
    }

    /// The scanner, which has seen all events once the work is done.
    #[must_use]
    pub fn finish(self) -> Scanner {
        self.scanner
    }
}

impl Work for Scan {
    fn asks(&mut self) -> Vec<Range<u64>> {
        self.decoder.asks()
    }

    fn give(&mut self, start: u64, bytes: &Bytes) -> Result<(), Error> {
        self.decoder.give(start, bytes)
    }

    fn step(&mut self) -> Result<Step, Error> {
        let step = self.decoder.step(self.scanner.strings_mut())?;
        if let Step::Rows(_) = step {
            self.scanner.push(self.decoder.events())?;
        }
        Ok(step)
    }
}

/// Finds what one player did. Of row groups without the player only the column of players is read, which takes little, for
/// it comes in runs. What the footer says of them is not asked: nothing would tell that events are missing.
pub struct Search {
    player_id: i64,
    filter: Filter,
    gap: Gap,
    strings: Strings,
    history: History,
    state: Searched,
}

enum Searched {
    /// For the row groups in which the player is.
    Groups { groups: Box<Groups<PlayerColumn>>, found: Vec<usize>, players: Runs<Option<i64>> },
    /// For the player's events in these.
    Events(Box<EventDecoder>),
}

impl Search {
    /// A player in the given row groups of a file, or in all, by the events that match.
    #[must_use]
    pub fn new<R>(
        file: &EventFile<R>,
        row_groups: Option<Vec<usize>>,
        query: &Query,
        player_id: i64,
    ) -> Self {
        let row_groups = row_groups.unwrap_or_else(|| (0..file.row_groups()).collect());
        Self {
            player_id,
            filter: query.filter.clone(),
            gap: Gap::new(query.params.session_gap_minutes),
            strings: Strings::default(),
            history: History::default(),
            state: Searched::Groups {
                groups: Box::new(Groups::new(file.without_source(), row_groups)),
                found: Vec::new(),
                players: Runs::default(),
            },
        }
    }

    /// What was found, once the work is done.
    #[must_use]
    pub fn finish(self) -> History {
        self.history
    }
}

impl Work for Search {
    fn asks(&mut self) -> Vec<Range<u64>> {
        match &mut self.state {
            Searched::Groups { groups, .. } => groups.asks(),
            Searched::Events(decoder) => decoder.asks(),
        }
    }

    fn give(&mut self, start: u64, bytes: &Bytes) -> Result<(), Error> {
        match &mut self.state {
            Searched::Groups { groups, .. } => groups.give(start, bytes),
            Searched::Events(decoder) => decoder.give(start, bytes),
        }
    }

    fn step(&mut self) -> Result<Step, Error> {
        match &mut self.state {
            Searched::Groups { groups, found, players } => match groups.next()? {
                Next::Waits => Ok(Step::Waits),
                Next::Rows(rows, column) => {
                    column.read(rows, players)?;
                    if players.iter().any(|(id, _)| id == Some(self.player_id)) {
                        found.extend(groups.index().filter(|index| found.last() != Some(index)));
                    }
                    Ok(Step::Rows(0))
                }
                Next::End => {
                    let decoder = groups.file.decoder(Some(std::mem::take(found)));
                    self.state = Searched::Events(Box::new(decoder.only(self.filter.clone())));
                    Ok(Step::Rows(0))
                }
            },
            Searched::Events(decoder) => {
                let step = decoder.step(&mut self.strings)?;
                if let Step::Rows(_) = step {
                    let events = decoder.events();
                    for (_, rows) in events.player_id.iter().filter(|(id, _)| *id == self.player_id) {
                        self.history.extend(events, rows, &self.strings, self.gap)?;
                    }
                }
                Ok(step)
            }
        }
    }
}
