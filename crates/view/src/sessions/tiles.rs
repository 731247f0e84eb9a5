//! The headline figures of the sessions.

use wow_charts::format;
use wow_engine::pipeline::{Report, SessionCounts};

use super::spread::Spread;
use crate::filter::BotChoice;
use crate::overview::Tile;
use crate::share::percent;
use crate::time;

const HALF: &str = "half last no longer";
const MOST: &str = "95 % last no longer";

/// The headline figures of the sessions of the players shown.
#[must_use]
pub fn tiles(report: &Report, bots: BotChoice) -> [Tile; 5] {
    let spreads = |bots| {
        let SessionCounts { durations, events, .. } = &report.sessions;
        (Spread::new(durations, bots), Spread::new(events, bots))
    };
    let (durations, events) = spreads(bots);
    let sessions = durations.sessions();
    let lone = sessions - events.above(1);
    let (whose, median, p95) = match bots {
        BotChoice::In => {
            let (humans, _) = spreads(BotChoice::Out);
            let of_bots = percent(sessions - humans.sessions(), sessions);
            let without_bots = |minutes| format!("without bots {}", written(minutes));
            let notes = (without_bots(humans.median()), without_bots(whole(humans.p95())));
            (format!("{of_bots} of likely bots"), notes.0, notes.1)
        }
        BotChoice::Out => ("of players without bots".to_owned(), HALF.to_owned(), MOST.to_owned()),
        BotChoice::Only => ("of likely bots".to_owned(), HALF.to_owned(), MOST.to_owned()),
    };
    [
        Tile {
            exact: sessions,
            shown: format::compact(sessions as f64),
            full: format::counted(sessions, "session"),
            ..tile("sessions", "Sessions", whose)
        },
        of_minutes("median", "Median", durations.median(), median, HALF),
        of_minutes("p95", "95th percentile", whole(durations.p95()), p95, MOST),
        longest(report, &durations, bots),
        Tile {
            exact: lone,
            shown: format::compact(lone as f64),
            full: format!("{} of one event, 0 minutes long", format::counted(lone, "session")),
            ..tile("lone", "Sessions of one event", format!("{} of sessions", percent(lone, sessions)))
        },
    ]
}

fn longest(report: &Report, durations: &Spread, bots: BotChoice) -> Tile {
    let players = &report.players;
    let greatest = durations.greatest();
    let is_bot = |index: usize| report.verdict(index, &report.params).is_bot();
    // Of several players the first.
    let player = (0..players.len()).find(|&index| {
        Some(players.duration_max_minutes[index].get()) == greatest && bots.shows(is_bot(index))
    });
    let note = player.map(|index| {
        format!("player {}, from {}", players.player_id[index], time::minute(players.longest_start_us[index]))
    });
    Tile {
        is_bots: player.is_some_and(is_bot),
        ..of_minutes(
            "longest",
            "Longest",
            whole(greatest),
            note.unwrap_or_else(|| "no sessions".to_owned()),
            "from its first to its last event",
        )
    }
}

fn whole(minutes: Option<i64>) -> Option<f64> {
    minutes.map(|minutes| minutes as f64)
}

fn written(minutes: Option<f64>) -> String {
    minutes.map_or_else(|| "–".to_owned(), format::duration)
}

fn of_minutes(
    key: &'static str,
    label: &'static str,
    minutes: Option<f64>,
    note: String,
    full: &str,
) -> Tile {
    let exact = minutes.unwrap_or(0.0) as u64;
    Tile { exact, shown: written(minutes), full: full.to_owned(), ..tile(key, label, note) }
}

fn tile(key: &'static str, label: &'static str, note: String) -> Tile {
    Tile { key, label, note, ..Tile::default() }
}
