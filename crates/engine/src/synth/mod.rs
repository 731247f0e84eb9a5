//! A seeded generator of realistic logs: the same scale and seed give the same rows on every machine.
//!
//! What it must show is written in the design's models document: the published figures of the real log, one
//! realm's calendar of patches, scans that go missing. The shape of a day (evening and weekend peaks) and of
//! a player's life are assumptions, chosen to look plausible.
//!
//! The work has two steps. A plan fixes which scans exist and at which of them each player is online; all that
//! the bot rules look at is decided there, with bounds that hold whatever the seconds within a scan turn out to
//! be. The log then walks through the scans in time order and writes a row for everyone online.
//! Only integers are used, so that no platform's floating point can change a row.

use std::ops::RangeInclusive;

mod activity;
mod calendar;
mod diary;
mod dice;
mod log;
mod people;
mod plan;
mod scans;
#[cfg(test)]
mod tests;
mod zones;

pub use log::{Log, Rows};

/// The scale in units of a millionth, so that it is an integer.
const SCALE_ONE: u64 = 1_000_000;
/// The largest scale: ten times the published log.
const SCALE_MAX: u64 = 10 * SCALE_ONE;

/// How large a log, and which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    scale_millionths: u64,
    /// Other than those of the scale.
    players: Option<u64>,
    seed: u64,
}

impl Settings {
    /// Settings for a log of `scale` times the full size; `None` unless `0 < scale <= 10`, at a millionth's
    /// precision.
    #[must_use]
    pub fn new(scale: f64, seed: u64) -> Option<Self> {
        // A float becomes an integer by saturation, so a NaN becomes 0 and is refused below.
        let scale_millionths = (scale * 1e6).round() as u64;
        (1..=SCALE_MAX).contains(&scale_millionths).then_some(Self { scale_millionths, players: None, seed })
    }

    /// The same number of events, of so many players; `None` unless that is one of [`Self::possible_players`].
    #[must_use]
    pub fn with_players(self, players: u64) -> Option<Self> {
        self.possible_players().contains(&players).then_some(Self { players: Some(players), ..self })
    }

    /// How many players the events of the scale can be shared out to: those of the scale at least, for fewer have no
    /// time to be seen so often, and so many at most that each bot can still be seen to be one.
    #[must_use]
    pub fn possible_players(&self) -> RangeInclusive<u64> {
        let figures = Self { players: None, ..*self }.figures();
        // As many bots to a player as in the log that was published.
        let most_of_bots = figures.bot_events / activity::LEAST_BOT_EVENTS;
        let most = (most_of_bots * PUBLISHED.players / PUBLISHED.bots).min(figures.human_events);
        figures.players..=most.max(figures.players)
    }

    /// The figures that the log will show. Events may fall short by a handful.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let scaled = |full: u64| (full * self.scale_millionths + SCALE_ONE / 2) / SCALE_ONE;
        let (players, bots) = match self.players {
            Some(players) => (players, players * PUBLISHED.bots / PUBLISHED.players),
            None => (scaled(PUBLISHED.players).max(1), scaled(PUBLISHED.bots)),
        };
        Figures {
            players,
            bots,
            human_events: scaled(PUBLISHED.human_events).max(players - bots),
            bot_events: if bots == 0 { 0 } else { scaled(PUBLISHED.bot_events) },
        }
    }

    /// Plans the log; its rows are made as it is read.
    #[must_use]
    pub fn log(&self) -> Log {
        Log::new(plan::Plan::new(self.figures(), self.seed), self.seed)
    }
}

/// The figures that a log shows under the default rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Distinct players.
    pub players: u64,
    /// Players that the default rules flag.
    pub bots: u64,
    /// Events of players that are not flagged.
    pub human_events: u64,
    /// Events of flagged players.
    pub bot_events: u64,
}

/// The published figures of the real log.
pub const PUBLISHED: Figures =
    Figures { players: 91_064, bots: 4_119, human_events: 14_600_000, bot_events: 21_900_000 };
