//! The headline figures of the sessions.

use wow_charts::format;
use wow_engine::pipeline::{BOT, HUMAN, Report};

use super::spread::Spread;
use crate::view::overview::Tile;
use crate::view::player::duration;
use crate::view::share::percent;
use crate::view::time;

/// The headline figures of sessions of these `durations` and `events`; `report` is what they are of.
#[must_use]
pub fn tiles(report: &Report, durations: &Spread, events: &Spread) -> [Tile; 5] {
    let sessions = durations.sessions();
    let humans = durations.of_group(HUMAN);
    let of_bots = percent(durations.of_group(BOT).sessions(), sessions);
    let lone = sessions - events.above(1);
    let without_bots = |minutes: Option<f64>| format!("without bots {}", written(minutes));
    [
        Tile {
            exact: sessions,
            shown: format::compact(sessions as f64),
            full: format!("{} sessions", format::count(sessions)),
            ..tile("sessions", "Sessions", format!("{of_bots} of likely bots"))
        },
        Tile {
            full: "half of the sessions last this long or less".to_owned(),
            ..of_minutes("median", "Median", durations.median(), without_bots(humans.median()))
        },
        Tile {
            full: "95 % of the sessions last this long or less".to_owned(),
            ..of_minutes("p95", "95th percentile", whole(durations.p95()), without_bots(whole(humans.p95())))
        },
        longest(report, durations),
        Tile {
            exact: lone,
            shown: format::compact(lone as f64),
            full: format!("{} sessions of one event, which last 0 minutes", format::count(lone)),
            ..tile("lone", "Lone events", format!("{} of sessions", percent(lone, sessions)))
        },
    ]
}

fn longest(report: &Report, durations: &Spread) -> Tile {
    let players = &report.players;
    let greatest = durations.greatest();
    // Of several players the first.
    let player = (0..players.len()).find(|&index| Some(players.duration_max_minutes[index]) == greatest);
    let note = player.map(|index| {
        format!("player {}, from {}", players.player_id[index], time::minute(players.longest_start_us[index]))
    });
    Tile {
        full: "from its first to its last event".to_owned(),
        is_bots: player.is_some_and(|index| players.verdict(index, &report.params).is_bot()),
        ..of_minutes("longest", "Longest", whole(greatest), note.unwrap_or_else(|| "no sessions".to_owned()))
    }
}

fn whole(minutes: Option<i64>) -> Option<f64> {
    minutes.map(|minutes| minutes as f64)
}

fn written(minutes: Option<f64>) -> String {
    minutes.map_or_else(|| "–".to_owned(), duration)
}

fn of_minutes(key: &'static str, label: &'static str, minutes: Option<f64>, note: String) -> Tile {
    Tile { exact: minutes.unwrap_or(0.0) as u64, shown: written(minutes), ..tile(key, label, note) }
}

fn tile(key: &'static str, label: &'static str, note: String) -> Tile {
    Tile { key, label, shown: String::new(), exact: 0, full: String::new(), note, is_bots: false }
}
