//! The rows of models 1 and 3 that a row group of the export gives, column by column.

use std::ops::Range;

use wow_engine::pipeline::events::Events;
use wow_engine::pipeline::{Report, SessionClock, Step, Strings};
use wow_engine::schema::GuildKind;
use wow_engine::time::Minutes;
use wow_engine::write::{NumberRuns, Runs, TextRuns};

/// A player whose rows are being walked over.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    pub(super) player_id: i64,
    pub(super) clock: SessionClock,
}

/// What the session clock says of each row.
pub(super) struct SessionColumns {
    pub(super) minutes: NumberRuns,
    pub(super) starts: Vec<bool>,
    pub(super) numbers: NumberRuns,
    pub(super) ids: Runs,
    /// The player and the session that the last id is of.
    last: Option<(i64, u64)>,
    last_id: u32,
}

impl SessionColumns {
    fn new() -> Self {
        Self {
            minutes: NumberRuns::new(GuildKind::Integer),
            starts: Vec::new(),
            numbers: NumberRuns::new(GuildKind::Integer),
            ids: Runs::default(),
            last: None,
            last_id: 0,
        }
    }

    fn push(&mut self, player_id: i64, step: Step) {
        self.minutes.push(step.minutes_since_last_event.map(Minutes::get), 1);
        self.starts.push(step.is_session_start);
        self.numbers.push(Some(step.session_number.cast_signed()), 1);
        let session = (player_id, step.session_number);
        if self.last != Some(session) {
            self.last = Some(session);
            self.last_id = self.ids.add_text(&format!("{player_id}-{}", step.session_number));
        }
        self.ids.push(Some(self.last_id), 1);
    }
}

/// The rows of players that are not flagged.
pub(super) struct KeptColumns {
    pub(super) player_id: NumberRuns,
    pub(super) guild: NumberRuns,
    pub(super) level: NumberRuns,
    pub(super) race: TextRuns,
    pub(super) class: TextRuns,
    pub(super) zone: TextRuns,
    pub(super) times_us: Vec<i64>,
    pub(super) sessions: SessionColumns,
}

/// Collects the rows of one row group.
pub(super) struct GroupRows<'a> {
    report: &'a Report,
    walk: Option<Walk>,
    /// What is added to model 1; its other columns are those of the export.
    pub(super) all: SessionColumns,
    /// Model 3.
    pub(super) kept: KeptColumns,
}

impl<'a> GroupRows<'a> {
    /// Before the first row; `walk` is how far its player has got in earlier row groups.
    pub(super) fn new(report: &'a Report, walk: Option<Walk>) -> Self {
        let numbers = || NumberRuns::new(GuildKind::Integer);
        Self {
            report,
            walk,
            all: SessionColumns::new(),
            kept: KeptColumns {
                player_id: numbers(),
                guild: NumberRuns::new(report.guild_kind),
                level: numbers(),
                race: TextRuns::default(),
                class: TextRuns::default(),
                zone: TextRuns::default(),
                times_us: Vec::new(),
                sessions: SessionColumns::new(),
            },
        }
    }

    /// Takes the next rows, whose text codes refer to `strings`.
    pub(super) fn extend(&mut self, events: &Events, strings: &Strings) {
        for (player_id, rows) in events.player_id.iter() {
            let gap_minutes = self.report.params.session_gap_minutes;
            let walk = match &mut self.walk {
                Some(walk) if walk.player_id == player_id => walk,
                other => other.insert(Walk { player_id, clock: SessionClock::new(gap_minutes) }),
            };
            let is_kept = is_kept(self.report, player_id);
            for &time_us in &events.time_us[rows.clone()] {
                let step = walk.clock.step(time_us);
                self.all.push(player_id, step);
                if is_kept {
                    self.kept.sessions.push(player_id, step);
                }
            }
            if is_kept {
                self.kept.extend(events, rows, strings);
            }
        }
    }
}

fn is_kept(report: &Report, player_id: i64) -> bool {
    let players = &report.players;
    players.find(player_id).is_some_and(|index| !players.verdict(index, &report.params).is_bot())
}

impl KeptColumns {
    fn extend(&mut self, events: &Events, rows: Range<usize>, strings: &Strings) {
        for (player_id, rows) in events.player_id.within(rows.clone()) {
            self.player_id.push(Some(player_id), rows);
        }
        for (guild, rows) in events.guild.within(rows.clone()) {
            self.guild.push(guild, rows);
        }
        for (level, rows) in events.level.within(rows.clone()) {
            self.level.push(level, rows);
        }
        for (race, rows) in events.race.within(rows.clone()) {
            self.race.push(race, rows, &strings.race);
        }
        for (class, rows) in events.class.within(rows.clone()) {
            self.class.push(class, rows, &strings.class);
        }
        for (zone, rows) in events.zone.within(rows.clone()) {
            self.zone.push(zone, rows, &strings.zone);
        }
        self.times_us.extend(events.time_us[rows].iter().map(|time_us| time_us.get()));
    }
}
