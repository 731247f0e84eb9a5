//! A small log's statistics, made by hand, for the tests of what the page shows.

use std::sync::Arc;

use wow_engine::Params;
use wow_engine::manifest::{Environment, FORMAT_VERSION, Manifest, Rejected};
use wow_engine::pipeline::{Partial, PlayerTable, Report};
use wow_engine::schema::NumberKind;
use wow_engine::time::{DAY_US, Day, MINUTE_US, Minutes};

/// 1 January 2008.
pub(crate) const NEW_YEAR: Day = Day::of(13_879);

/// A player of the sample.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Player {
    pub(crate) id: i64,
    pub(crate) sessions: u64,
    pub(crate) sum_minutes: Minutes,
    pub(crate) longest_minutes: Minutes,
    pub(crate) events: u64,
    /// The day of its last event.
    pub(crate) last_day: Day,
    pub(crate) class: &'static str,
    pub(crate) level: i64,
}

/// Two players that no default rule flags, three that one or both do.
pub(crate) const PLAYERS: [Player; 5] = [
    // Exactly at both limits: not flagged.
    player(-7, 2, 720, 720, 20, 40, "Shaman", 70),
    player(3, 1, 721, 721, 100, 40, "Shaman", 80),
    player(5, 3, 1_081, 400, 60, 40, "Mage", 80),
    player(8, 4, 100, 90, 30, 0, "Mage", 300),
    player(i64::MAX, 10, 2_000, 1_500, 790, 39, "Mage", 80),
];

#[allow(clippy::too_many_arguments)]
const fn player(
    id: i64,
    sessions: u64,
    sum_minutes: u32,
    longest_minutes: u32,
    events: u64,
    days: u16,
    class: &'static str,
    level: i64,
) -> Player {
    let last_day = Day::of(13_879 + days);
    let (sum_minutes, longest_minutes) = (Minutes::of(sum_minutes), Minutes::of(longest_minutes));
    Player { id, sessions, sum_minutes, longest_minutes, events, last_day, class, level }
}

/// The statistics of these players; whatever a [`Player`] does not say is null or nothing.
pub(crate) fn report(sample: &[Player]) -> Report {
    let mut report = Partial::empty(Params::default(), NumberKind::Integer).finish();
    let codes: Vec<u32> = sample.iter().map(|player| report.strings.class.code(player.class)).collect();
    let players = players(&mut report);
    for (player, class) in sample.iter().zip(codes) {
        let last_us = player.last_day.start();
        players.player_id.push(player.id);
        players.events.push(player.events);
        players.sessions.push(player.sessions);
        players.duration_sum_minutes.push(player.sum_minutes);
        players.duration_median_twice_minutes.push(0);
        players.duration_max_minutes.push(player.longest_minutes);
        players.duration_min_minutes.push(Minutes::default());
        players.events_max.push(1);
        players.longest_start_us.push(last_us.saturating_add(-player.longest_minutes.get() * MINUTE_US));
        players.longest_end_us.push(last_us);
        players.longest_events.push(1);
        players.first_us.push(last_us.saturating_add(-DAY_US));
        players.last_us.push(last_us);
        players.days_active.push(1);
        players.zones.push(0);
        players.class.push(class);
        players.race.push(wow_engine::pipeline::NULL_CODE);
        players.guild.push(0);
        players.has_guild.push(false);
        players.level_min.push(player.level);
        players.level_max.push(player.level);
        players.level_avg.push(player.level as f64);
        players.level_count.push(1);
    }
    report.rows = sample.iter().map(|player| player.events).sum();
    report.as_of_day = sample.iter().map(|player| player.last_day).max();
    report
}

/// The players of statistics that nobody else has, to be changed.
pub(crate) fn players(report: &mut Report) -> &mut PlayerTable {
    Arc::make_mut(&mut report.players)
}

/// The manifest of an export without parts.
pub(crate) fn manifest() -> Manifest {
    Manifest {
        format_version: FORMAT_VERSION,
        environment: Environment::Dev,
        database: "wow_test.duckdb".into(),
        exported_at: "2008-02-13T00:00:00Z".into(),
        tool_version: "0.1.0".into(),
        duckdb_version: Some("2.0.0".into()),
        dataset_id: "0123456789abcdef".repeat(4),
        rows: 0,
        players: 0,
        first_event_us: None,
        last_event_us: None,
        rejected: Rejected::default(),
        columns: Vec::new(),
        sample: None,
        parameters: Params::default(),
        notices: Vec::new(),
        parts: Vec::new(),
        source_fingerprint: None,
        player_facts: None,
    }
}
