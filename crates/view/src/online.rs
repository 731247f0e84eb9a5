//! A player's time online by day and by hour of the day, for one whose sessions are too many to be told one by one.

use wow_charts::{Minutes, OnlineDays, Timeline, dates, format};

use super::share::percent;
use super::{Table, seeds};

/// Of sessions over more days than this, bars of single sessions would be thinner than a line.
const MOST_DAYS: i64 = 150;
/// A table by day has at most so many rows; beyond, it is by week.
const MOST_ROWS: u64 = 4_000;

/// Whether the time online is shown in place of single sessions.
#[must_use]
pub fn is_shown(timeline: &Timeline) -> bool {
    let day = |time_us: i64| time_us.div_euclid(wow_engine::time::DAY_US);
    let first = timeline.sessions.iter().map(|session| day(session.start_us)).min();
    let last = timeline.sessions.iter().map(|session| day(session.end_us)).max();
    first.zip(last).is_some_and(|(first, last)| last.saturating_sub(first) >= MOST_DAYS)
}

/// What the chart by day shows.
#[must_use]
pub fn days_say(timeline: &Timeline) -> String {
    let days = timeline.online_by_day(MOST_ROWS);
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return "No sessions.".to_owned() };
    let all: u64 = days.iter().map(|run| run.minutes.all).sum();
    let count: u64 = days.iter().map(|run| run.days).sum();
    let end = last.first.saturating_add_unsigned(last.days - 1);
    let mut say = format!(
        "{} online from {} to {}: {} a day.",
        minutes(all),
        dates::day(first.first),
        dates::day(end),
        minutes((all as f64 / count.max(1) as f64).round() as u64),
    );
    let most = days.iter().rev().max_by_key(|run| run.minutes.all);
    if let Some(most) = most.filter(|most| most.minutes.all > 0) {
        let which = if most.days == 1 { "Most on" } else { "Most in" };
        say += &format!(" {which} {}: {}.", days_of(most), minutes(most.minutes.all));
    }
    say + &seeds::marked_say(Some((first.first, end)))
}

/// The time online of each day that has any.
#[must_use]
pub fn days_table(timeline: &Timeline) -> Table {
    let row = |run: OnlineDays| vec![days_of(&run), minutes(run.minutes.all), minutes(run.minutes.long)];
    let days = timeline.online_by_day(MOST_ROWS).into_iter().filter(|run| run.minutes.all > 0);
    Table { head: head("day", timeline), rows: days.map(row).collect() }
}

/// What the chart by hour shows.
#[must_use]
pub fn hours_say(timeline: &Timeline) -> String {
    let hours = timeline.online_by_hour();
    let all: u64 = hours.iter().map(|hour| hour.all).sum();
    let busiest = (0..24_usize).rev().max_by_key(|&hour| hours[hour].all).filter(|_| all > 0);
    let Some(busiest) = busiest else { return "No session takes a minute.".to_owned() };
    // The longest run of hours without a minute, which may go over midnight.
    let run = |start: usize| (0..24).take_while(|step| hours[(start + step) % 24].all == 0).count();
    let (start, length) =
        (0..24).map(|start| (start, run(start))).rev().max_by_key(|&(_, length)| length).unwrap_or_default();
    let pause = match length {
        0 => "No hour of the day is without the player.".to_owned(),
        length => format!("Never from {} to {}.", clock(start), clock((start + length) % 24)),
    };
    let share = percent(hours[busiest].all, all);
    format!("Most from {} to {}, {share} of the time. {pause}", clock(busiest), clock((busiest + 1) % 24))
}

/// The time online in each hour of the day.
#[must_use]
pub fn hours_table(timeline: &Timeline) -> Table {
    let hours = timeline.online_by_hour();
    let row = |(hour, Minutes { all, long }): (usize, Minutes)| {
        vec![format!("{}–{}", clock(hour), clock((hour + 1) % 24)), minutes(all), minutes(long)]
    };
    Table { head: head("hour", timeline), rows: hours.into_iter().enumerate().map(row).collect() }
}

fn head(first: &str, timeline: &Timeline) -> Vec<String> {
    let long = format!("in sessions longer than {}", format::minutes(timeline.limit_minutes));
    vec![first.to_owned(), "online".to_owned(), long]
}

fn days_of(run: &OnlineDays) -> String {
    match run.days {
        1 => seeds::day_text(run.first),
        days => dates::days(run.first, run.first.saturating_add_unsigned(days - 1)),
    }
}

fn clock(hour: usize) -> String {
    format!("{hour:02}:00")
}

fn minutes(minutes: u64) -> String {
    format::minutes(i64::try_from(minutes).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use wow_charts::TimelineSession;
    use wow_engine::time::{DAY_US, MINUTE_US};

    use super::*;

    /// A session a day for so many days, from one minute of the day on.
    fn daily(days: i64, start: i64, length: i64) -> Timeline {
        let session = |day: i64| TimelineSession {
            start_us: day * DAY_US + start * MINUTE_US,
            end_us: day * DAY_US + (start + length) * MINUTE_US,
            events: 2,
        };
        Timeline { sessions: (0..days).map(session).collect(), limit_minutes: 720, ..Timeline::default() }
    }

    #[test]
    fn time_online_takes_the_place_of_sessions_that_would_be_too_thin() {
        assert!(!is_shown(&Timeline::default()) && !is_shown(&daily(150, 0, 5)));
        assert!(is_shown(&daily(151, 0, 5)));
    }

    #[test]
    fn the_sum_the_mean_and_the_greatest_day_are_told() {
        // 200 days of 90 minutes from 23:00 on, the last of which ends on day 201: 18,000 minutes over 201 days.
        let data = daily(200, 1_380, 90);
        assert_eq!(
            days_say(&data),
            "300 h online from 1 Jan 1970 to 20 Jul 1970: 1 h 30 min a day. Most on 2 Jan 1970: 1 h 30 min."
        );
        assert_eq!(
            hours_say(&data),
            "Most from 23:00 to 00:00, 66.7 % of the time. Never from 01:00 to 23:00."
        );
        let table = days_table(&data);
        assert_eq!(table.head, ["day", "online", "in sessions longer than 12 h"]);
        assert_eq!(
            (&table.rows[0][1], &table.rows[1][1], table.rows.len()),
            (&"1 h".into(), &"1 h 30 min".into(), 201)
        );
        let hours = hours_table(&data);
        assert_eq!(hours.rows[0], ["00:00–01:00", "100 h", "0 min"]);
        assert_eq!(hours.rows[23], ["23:00–00:00", "200 h", "0 min"]);
    }

    #[test]
    fn who_never_sleeps_and_who_was_never_there_is_told() {
        assert!(hours_say(&daily(2, 0, 1_439)).ends_with("No hour of the day is without the player."));
        assert_eq!(hours_say(&daily(3, 60, 0)), "No session takes a minute.");
        assert_eq!(days_say(&Timeline::default()), "No sessions.");
    }
}
