//! What a generated log must show, recomputed here from its rows alone.

use std::collections::BTreeMap;

use super::{Figures, PUBLISHED, Rows, Settings};
use crate::time::{Day, Micros, Minutes};

const OUTLAND: Day = Day::of(13_604);
const NORTHREND: Day = Day::of(14_201);

fn settings(scale: f64, seed: u64) -> Settings {
    Settings::new(scale, seed).unwrap_or_else(|| panic!("{scale} is a scale"))
}

fn rows(scale: f64, seed: u64) -> Vec<Rows> {
    settings(scale, seed).log().collect()
}

/// Each player's times, from rows that must be in time order.
fn times(batches: &[Rows]) -> BTreeMap<i64, Vec<Micros>> {
    let mut times: BTreeMap<i64, Vec<Micros>> = BTreeMap::new();
    let mut latest = Micros::MIN;
    for batch in batches {
        for (&player, &time) in batch.player_id.iter().zip(&batch.time_us) {
            assert!(time >= latest, "rows are in time order");
            latest = time;
            times.entry(player).or_default().push(time);
        }
    }
    times
}

/// Whether each rule flags a player: (longest, average).
fn rules(times: &[Micros]) -> (bool, bool) {
    let sessions: Vec<i64> = times
        .chunk_by(|a, b| a.minutes_to(*b) <= Minutes::of(30))
        .map(|session| session[0].minutes_to(session[session.len() - 1]).get())
        .collect();
    let sum: i64 = sessions.iter().sum();
    (sessions.iter().any(|&minutes| minutes > 720), sum > 360 * sessions.len() as i64)
}

#[test]
fn the_full_size_is_the_published_one() {
    let full = Settings::new(1.0, 42).map(|settings| settings.figures());
    assert_eq!(full, Some(PUBLISHED));
    for scale in [0.0, -1.0, 10.1, f64::NAN, f64::INFINITY] {
        assert_eq!(Settings::new(scale, 42), None, "{scale}");
    }
}

#[test]
fn players_bots_and_events_are_the_scaled_figures() {
    for (scale, seed) in [(0.02, 42), (0.01, 7), (0.003, 1)] {
        shows_its_figures(settings(scale, seed));
    }
}

#[test]
fn the_events_of_a_scale_are_shared_out_to_more_players() {
    let usual = settings(0.01, 42);
    for players in [911, 10_000, *usual.possible_players().end()] {
        let Some(settings) = usual.with_players(players) else { panic!("{players} players are possible") };
        let (ours, theirs) = (settings.figures(), usual.figures());
        assert_eq!(ours.players, players);
        assert_eq!((ours.human_events, ours.bot_events), (theirs.human_events, theirs.bot_events));
        shows_its_figures(settings);
    }
    for players in [0, 910, usual.possible_players().end() + 1, u64::MAX] {
        assert_eq!(usual.with_players(players), None, "{players}");
    }
}

/// Recounts what the settings announce.
fn shows_its_figures(settings: Settings) {
    let Figures { players, bots, human_events, bot_events } = settings.figures();
    let times = times(&settings.log().collect::<Vec<_>>());
    let (flagged, kept): (Vec<_>, Vec<_>) = times.values().partition(|times| {
        let (longest, average) = rules(times);
        longest || average
    });
    assert_eq!((times.len() as u64, flagged.len() as u64), (players, bots), "{settings:?}");
    let events = |players: &[&Vec<Micros>]| players.iter().map(|times| times.len() as u64).sum::<u64>();
    assert_eq!(events(&kept), human_events);
    let missing = bot_events - events(&flagged);
    assert!(missing < 100, "{missing} of {bot_events} events are missing");
}

#[test]
fn bots_are_flagged_by_either_rule_and_by_both() {
    let mut counts = BTreeMap::new();
    for times in times(&rows(0.02, 42)).values() {
        *counts.entry(rules(times)).or_insert(0) += 1;
    }
    for verdict in [(true, false), (false, true), (true, true)] {
        assert!(counts.get(&verdict).is_some_and(|&count| count >= 8), "{counts:?}");
    }
}

#[test]
fn races_classes_and_levels_keep_to_the_calendar() {
    let mut seen = BTreeMap::new();
    for batch in rows(0.02, 42) {
        for row in 0..batch.len() {
            let day = batch.time_us[row].day();
            let (race, class, level) = (batch.race[row], batch.class[row], batch.level[row]);
            assert!((Day::of(13_149)..=Day::of(14_254)).contains(&day));
            assert!(race != "Blood Elf" || day >= OUTLAND);
            assert!(class != "Paladin" || (day >= OUTLAND && race == "Blood Elf"));
            assert!(class != "Death Knight" || (day >= NORTHREND && level >= 55));
            let cap = if day >= NORTHREND {
                80
            } else if day >= OUTLAND {
                70
            } else {
                60
            };
            assert!((1..=cap).contains(&level));
            assert!(batch.guild[row].is_none_or(|guild| (-1..=512).contains(&guild)));
            let last = seen.insert(batch.player_id[row], (race, class, level));
            assert!(last.is_none_or(|last| (last.0, last.1) == (race, class) && last.2 <= level));
        }
    }
    let classes: std::collections::BTreeSet<_> = seen.values().map(|player| player.1).collect();
    assert_eq!(classes.len(), 10, "{classes:?}");
}

#[test]
fn a_seed_gives_the_same_rows_and_another_seed_others() {
    let first = rows(0.001, 42);
    assert_eq!(first, rows(0.001, 42));
    assert_ne!(first, rows(0.001, 43));
}
