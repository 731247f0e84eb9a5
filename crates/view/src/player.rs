//! One player: facts, verdict, sessions.

use wow_charts::{Timeline, TimelineSession, format};
use wow_engine::pipeline::{Report, Session, round2};
use wow_engine::time::Days;
use wow_engine::{Params, Query};

use super::columns::{self, Source};
use super::csv::{self, Field};
use super::order::{self, by_key, count_key};
use super::{Table, seeds, time};

/// What the history of a player depends on: the gap between sessions, and which events count.
#[must_use]
pub fn query_of_history(report: &Report) -> Query {
    let params = Params { session_gap_minutes: report.params.session_gap_minutes, ..Params::default() };
    Query { params, filter: report.filter.clone() }
}

/// What the downloads of a player are named after.
#[must_use]
pub fn name(player_id: i64) -> String {
    // File names know no minus.
    let sign = if player_id < 0 { "minus " } else { "" };
    format!("player {sign}{}", player_id.unsigned_abs())
}

/// Something that is known of a player.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The column or figure it is about, as SQL names it.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What is known.
    pub value: String,
}

/// What one bot rule says of a player.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The rule's flag, as SQL names it.
    pub key: &'static str,
    /// What it looks at.
    pub name: &'static str,
    /// The limit.
    pub limit: String,
    /// The player's value.
    pub value: String,
    /// How far the value is above the limit or below it.
    pub margin: String,
    /// Whether the value is above the limit.
    pub is_broken: bool,
}

/// A player as the panel shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Player {
    /// Its id.
    pub id: i64,
    /// Whether either rule flags it.
    pub is_bot: bool,
    /// The verdict in a sentence.
    pub verdict: String,
    /// The session that decides, or would first.
    pub session: String,
    /// Both rules.
    pub rules: [Rule; 2],
    /// All else.
    pub facts: Vec<Fact>,
}

/// What is known of a player under these limits; `None` when no such player is in the statistics.
#[must_use]
pub fn player(report: &Report, params: &Params, id: i64) -> Option<Player> {
    let index = report.players.find(id)?;
    let rules = [longest_rule(report, params, index), average_rule(report, params, index)];
    let verdict = match (rules[0].is_broken, rules[1].is_broken) {
        (true, true) => "Likely bot: the longest session and the average are both over their limits.",
        (true, false) => "Likely bot: the longest session is over its limit.",
        (false, true) => "Likely bot: the average session is over its limit.",
        (false, false) => {
            "Not flagged: no session is longer than the limit, and the average is not over its own."
        }
    };
    Some(Player {
        id,
        is_bot: rules.iter().any(|rule| rule.is_broken),
        verdict: verdict.to_owned(),
        session: longest_session(report, index),
        rules,
        facts: facts(report, params, index),
    })
}

fn longest_rule(report: &Report, params: &Params, index: usize) -> Rule {
    let (value, limit) = (report.judged().duration_max_minutes[index], params.bot_max_session_minutes);
    Rule {
        key: "likely_bot_long_session",
        name: "Longest session",
        limit: format::minutes(limit.get()),
        value: format::minutes(value.get()),
        margin: margin((value.get() - limit.get()) as f64),
        is_broken: report.verdict(index, params).long_session,
    }
}

fn average_rule(report: &Report, params: &Params, index: usize) -> Rule {
    let average = report.judged().avg_session_minutes(index);
    let limit = params.bot_avg_session_minutes.get();
    Rule {
        key: "likely_bot_avg_session",
        name: "Average session",
        limit: format::minutes(limit),
        value: format::duration(average),
        margin: margin(average - limit as f64),
        is_broken: report.verdict(index, params).avg_session,
    }
}

/// A difference in minutes with its sign; one too small for two decimals is named as such, for it may decide.
fn margin(minutes: f64) -> String {
    let sign = if minutes < 0.0 { "−" } else { "+" };
    if minutes == 0.0 {
        "exactly at the limit".to_owned()
    } else if round2(minutes) == 0.0 {
        format!("{sign}less than 0.01 min")
    } else {
        format!("{sign}{}", format::duration(minutes.abs()))
    }
}

fn longest_session(report: &Report, index: usize) -> String {
    let players = report.judged();
    format!(
        "The longest session ran from {} to {}: {} with {}.",
        time::minute(players.longest_start_us[index]),
        time::minute(players.longest_end_us[index]),
        format::minutes(players.duration_max_minutes[index].get()),
        format::counted(players.longest_events[index], "event"),
    )
}

fn facts(report: &Report, params: &Params, index: usize) -> Vec<Fact> {
    let source = Source { report, params };
    let column = |key| columns::find(key).map(|column| column.text(source, index)).unwrap_or_default();
    let levels = match (column("min_level"), column("max_level")) {
        (from, to) if from == to => to,
        (from, to) => format!("{from} – {to}"),
    };
    let away = report.days_since_last_activity(index);
    let as_of = report.as_of_day.map(time::day).unwrap_or_default();
    let churned = format!(
        "{}: {} {} without an event up to {as_of}, limit {}",
        column("churned"),
        columns::whole(away.get()),
        if away == Days::of(1) { "day" } else { "days" },
        columns::whole(params.churn_days.get()),
    );
    let fact = |key, name, value| Fact { key, name, value };
    vec![
        fact("class", "Class", column("class")),
        fact("race", "Race", column("race")),
        fact("guild", "Guild", column("guild")),
        fact("level", "Level", levels),
        fact("total_events", "Events", column("total_events")),
        fact("total_sessions", "Sessions", column("total_sessions")),
        fact("days_active", "Days active", column("days_active")),
        fact("num_locations_visited", "Zones", column("num_locations_visited")),
        fact("first_activity_date", "First seen", column("first_activity_date")),
        fact("last_activity_date", "Last seen", column("last_activity_date")),
        fact("churned", "Churned", churned),
    ]
}

/// A player's sessions as chart and table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sessions {
    /// The chart.
    pub timeline: Timeline,
    /// What the chart shows, in a sentence.
    pub say: String,
    /// What the chart marks, in a sentence with a space before it.
    pub marked: String,
    /// The table.
    pub table: Table,
    /// The longest session's place, the first of several.
    pub longest: Option<usize>,
}

/// The sessions of a player, in time order, under these limits.
#[must_use]
pub fn sessions(sessions: &[Session], params: &Params) -> Sessions {
    let limit_minutes = params.bot_max_session_minutes;
    let minutes = |session: &Session| session.duration_minutes();
    let longest = (0..sessions.len()).rev().max_by_key(|&place| minutes(&sessions[place]));
    let over = sessions.iter().filter(|session| minutes(session) > limit_minutes).count() as u64;
    let ends = sessions.first().zip(sessions.last());
    let days = ends.map(|(first, last)| (first.start_us.day().get(), last.end_us.day().get()));
    let day_count = days.map_or(0, |(first, last)| last.abs_diff(first).saturating_add(1));
    let say = match longest {
        None => "No sessions.".to_owned(),
        Some(place) => format!(
            "{} in {}; the longest takes {}, and {} longer than {}.",
            format::counted(sessions.len() as u64, "session"),
            format::counted(day_count, "day"),
            format::minutes(minutes(&sessions[place]).get()),
            match over {
                0 => "none is".to_owned(),
                1 => "one is".to_owned(),
                over => format!("{} are", format::count(over)),
            },
            format::minutes(limit_minutes.get()),
        ),
    };
    let row = |(number, session): (u64, &Session)| {
        vec![
            format::count(number),
            time::minute(session.start_us),
            time::minute(session.end_us),
            format::count(session.events),
            format::minutes(minutes(session).get()),
            note(longest == usize::try_from(number - 1).ok(), minutes(session) > limit_minutes).to_owned(),
        ]
    };
    let head = ["session", "start", "end", "events", "duration", "note"].map(str::to_owned).to_vec();
    let bars = sessions.iter().map(|&Session { start_us, end_us, events }| TimelineSession {
        start_us: start_us.get(),
        end_us: end_us.get(),
        events,
    });
    Sessions {
        timeline: Timeline {
            sessions: bars.collect(),
            limit_minutes: limit_minutes.get(),
            longest,
            milestones: seeds::milestones(),
        },
        say,
        marked: seeds::marked_say(days),
        table: Table { head, rows: (1..).zip(sessions).map(row).collect() },
        longest,
    }
}

/// How the table of a player's sessions is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionOrder {
    /// The column's name.
    pub column: &'static str,
    /// Greatest first.
    pub is_descending: bool,
}

impl Default for SessionOrder {
    fn default() -> Self {
        Self { column: "session", is_descending: false }
    }
}

impl SessionOrder {
    const COLUMNS: [&str; 5] = ["session", "start", "end", "events", "minutes"];

    /// The order that the URL asks for; the default where it cannot be understood.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        let (name, is_descending) = order::read(key);
        let column = Self::COLUMNS.into_iter().find(|column| *column == name);
        column.map_or_else(Self::default, |column| Self { column, is_descending })
    }

    /// As the URL writes it.
    #[must_use]
    pub fn key(self) -> String {
        order::written(self.column, self.is_descending)
    }

    /// The order after a press on a column's heading: turned round, or by that column; the greatest of counts is first.
    #[must_use]
    pub fn pressed(self, column: &'static str) -> Self {
        let is_count = matches!(column, "events" | "minutes");
        let is_descending = if self.column == column { !self.is_descending } else { is_count };
        Self { column, is_descending }
    }

    /// The places of the sessions, which are in time order, in this order.
    #[must_use]
    pub fn places(self, sessions: &[Session]) -> Vec<usize> {
        let key = |session: &Session| match self.column {
            "events" => count_key(session.events),
            "minutes" => session.duration_minutes().get(),
            "end" => session.end_us.get(),
            _ => session.start_us.get(),
        };
        let keyed = (0..).zip(sessions).map(|(place, session)| (key(session), place));
        let places = by_key(keyed.collect(), self.is_descending);
        places.into_iter().map(|place| place as usize).collect()
    }
}

/// A player's sessions at these places as CSV, with the ids that the models give them.
#[must_use]
pub fn sessions_csv(player_id: i64, sessions: &[Session], places: &[usize], params: &Params) -> Vec<u8> {
    let head = [
        "session_id",
        "session_number",
        "first_event",
        "last_event",
        "total_events",
        "session_duration_minutes",
        "is_over_limit",
    ];
    let row = |&place: &usize| {
        let session = sessions.get(place)?;
        let minutes = session.duration_minutes();
        let is_over = u8::from(minutes > params.bot_max_session_minutes);
        let fields = [
            format!("{player_id}-{}", place + 1),
            (place + 1).to_string(),
            time::iso(session.start_us),
            time::iso(session.end_us),
            session.events.to_string(),
            minutes.to_string(),
            is_over.to_string(),
        ];
        Some(fields.map(Field::Plain))
    };
    csv::write(&head, places.iter().filter_map(row))
}

fn note(is_longest: bool, is_over: bool) -> &'static str {
    match (is_longest, is_over) {
        (true, true) => "longest, over the limit",
        (true, false) => "longest",
        (false, true) => "over the limit",
        (false, false) => "",
    }
}

#[cfg(test)]
mod tests {
    use wow_engine::time::{MINUTE_US, Micros};

    use super::*;
    use crate::sample;

    #[test]
    fn a_verdict_names_limit_value_and_margin() {
        let report = sample::report(&sample::PLAYERS);
        let at_both_limits = player(&report, &Params::default(), -7).unwrap();
        assert!(!at_both_limits.is_bot && at_both_limits.verdict.starts_with("Not flagged"));
        assert_eq!(at_both_limits.rules.map(|rule| rule.margin), ["exactly at the limit"; 2]);
        let both = player(&report, &Params::default(), 3).unwrap();
        assert_eq!((both.rules[0].value.as_str(), both.rules[0].margin.as_str()), ("12 h 1 min", "+1 min"));
        assert_eq!(both.rules[0].limit, "12 h");
        // 1,081 minutes in 3 sessions.
        let average = player(&report, &Params::default(), 5).unwrap();
        assert_eq!(average.rules[1].value, "6 h");
        assert_eq!(
            average.rules.map(|rule| (rule.is_broken, rule.margin)),
            [(false, "−5 h 20 min".to_owned()), (true, "+0.33 min".to_owned())]
        );
        assert!(average.session.contains("6 h 40 min with 1 event.") && average.is_bot);
        assert!(player(&report, &Params::default(), 4).is_none());
    }

    #[test]
    fn a_margin_that_rounds_to_nothing_still_shows_its_side() {
        assert_eq!(margin(0.000_1), "+less than 0.01 min");
        assert_eq!(margin(-0.000_1), "−less than 0.01 min");
    }

    #[test]
    fn facts_read_as_words() {
        let report = sample::report(&sample::PLAYERS);
        let facts = player(&report, &Params::default(), 8).unwrap().facts;
        let value = |key| &facts.iter().find(|fact| fact.key == key).unwrap().value;
        assert_eq!(value("churned"), "yes: 40 days without an event up to 10 Feb 2008, limit 30");
        assert_eq!(value("guild"), "none");
        assert_eq!(value("level"), "300");
    }

    #[test]
    fn the_longest_session_is_the_first_of_several() {
        let at = |minute: i64| Micros::default().saturating_add(minute * MINUTE_US);
        let session = |start: i64, minutes: i64| Session {
            start_us: at(start),
            end_us: at(start + minutes),
            events: 2,
        };
        let list = [session(0, 5), session(100, 800), session(2_000, 800), session(3_000, 0)];
        let shown = sessions(&list, &Params::default());
        assert_eq!(shown.longest, Some(1));
        assert_eq!(
            shown.say,
            "4 sessions in 3 days; the longest takes 13 h 20 min, and 2 are longer than 12 h."
        );
        assert_eq!(
            shown.table.rows[1],
            ["2", "1 Jan 1970 01:40", "1 Jan 1970 15:00", "2", "13 h 20 min", "longest, over the limit"]
        );
        assert_eq!(shown.table.rows[2][5], "over the limit");
        let by = |column| SessionOrder::default().pressed(column);
        assert_eq!(SessionOrder::default().places(&list), [0, 1, 2, 3]);
        assert_eq!(by("minutes").places(&list), [1, 2, 0, 3]);
        assert_eq!(by("minutes").pressed("minutes").places(&list), [3, 0, 1, 2]);
        assert_eq!(by("session").places(&list), [3, 2, 1, 0]);
        let csv = String::from_utf8(sessions_csv(-7, &list, &[2, 0], &Params::default())).unwrap();
        let lines: Vec<&str> = csv.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "-7-3,3,1970-01-02 09:20:00,1970-01-02 22:40:00,2,800,1",
                "-7-1,1,1970-01-01 00:00:00,1970-01-01 00:05:00,2,5,0"
            ]
        );
        assert_eq!(
            (name(7), name(i64::MIN)),
            ("player 7".to_owned(), "player minus 9223372036854775808".to_owned())
        );
        assert_eq!(sessions(&[], &Params::default()).say, "No sessions.");
    }
}
