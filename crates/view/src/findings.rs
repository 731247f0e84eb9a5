//! The statistics in a few sentences, for those who read no further.

use chrono::{DateTime, Datelike};
use wow_charts::{ActivityDay, dates, format};
use wow_engine::pipeline::{BOT, HUMAN, Report, Totals};
use wow_engine::time::{Day, Minutes};

use crate::bots::{Limit, Standing, Tally};
use crate::filter::BotChoice;
use crate::overview::{self, WEEKDAYS};
use crate::sessions::Spread;
use crate::share::percent;
use crate::time;

/// A year with fewer days in the log than this is no year to compare with.
const FEWEST_DAYS: i64 = 90;
/// As many earlier years as a sentence names.
const MOST_YEARS: usize = 2;
/// How far a limit is moved to see what it does.
const STEP_MINUTES: i64 = 60;

/// A figure, and the sentence that it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The figure, short.
    pub figure: String,
    /// Whether it is about bots, which have their colour.
    pub is_bots: bool,
    /// The sentence that goes on from the figure, in pieces of which some matter more.
    pub sentence: Vec<Words>,
}

/// Some words of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The words.
    pub text: String,
    /// Whether they matter more than those beside them.
    pub is_strong: bool,
}

fn plain(text: impl Into<String>) -> Words {
    Words { text: text.into(), is_strong: false }
}

fn strong(text: impl Into<String>) -> Words {
    Words { text: text.into(), is_strong: true }
}

/// What a report shows, under its own parameters, the most important first. Those on one group of players are on players
/// without bots, or where only bots are shown, on those. Without events there is nothing to find.
#[must_use]
pub fn findings(report: &Report, bots: BotChoice) -> Vec<Finding> {
    if report.rows == 0 {
        return Vec::new();
    }
    let totals = report.totals(&report.params);
    let whose = if bots.is_only() { BotChoice::Only } else { BotChoice::Out };
    let found = [
        Some(share_of_bots(report, &totals)),
        limit(report, &totals),
        daily(report, whose),
        busiest(report, whose),
        session(report, whose),
        churned(report, whose, &totals),
    ];
    found.into_iter().flatten().collect()
}

fn share_of_bots(report: &Report, totals: &Totals) -> Finding {
    let hours = |limit: Limit| format::minutes(limit.of(&report.params).get());
    if totals.bots == 0 {
        return Finding {
            figure: "0".to_owned(),
            is_bots: true,
            sentence: vec![
                strong("players are flagged"),
                plain(format!(
                    ": nobody has a session over {} or sessions over {} on average.",
                    hours(Limit::Longest),
                    hours(Limit::Average)
                )),
            ],
        };
    }
    let [longest, average, both] = Tally::from(totals).by_rule();
    Finding {
        figure: percent(totals.bot_events, totals.events),
        is_bots: true,
        sentence: vec![
            plain("of all events come from "),
            strong(format::counted(totals.bots, "likely bot")),
            plain(format!(
                ", {} of the players. By the longest session only: {}; by the average only: {}; by both: {}.",
                percent(totals.bots, totals.players),
                format::count(longest),
                format::count(average),
                format::count(both)
            )),
        ],
    }
}

/// How much hangs on where the limit on the longest session lies.
fn limit(report: &Report, totals: &Totals) -> Option<Finding> {
    if totals.bots == 0 {
        return None;
    }
    let params = &report.params;
    let limit_minutes = Limit::Longest.of(params);
    let average = format::minutes(Limit::Average.of(params).get());
    let curve = Standing::new(report.judged()).curve(report.judged(), Limit::Longest, params);
    if let Some((from, to)) = curve.same_around(limit_minutes, totals.bots).filter(|(from, to)| from < to) {
        let rule = format::minutes(limit_minutes.get());
        let (from, to) = whole_hours(from.min(limit_minutes), to.max(limit_minutes), limit_minutes);
        // The curve ends there, and not what is the same.
        let is_open = to >= Limit::Longest.end_minutes();
        let figure = match (from == Minutes::default(), is_open) {
            (true, true) => "any".to_owned(),
            (true, false) => format!("≤ {}", format::minutes(to.get())),
            (false, true) => format!("≥ {}", format::minutes(from.get())),
            (false, false) => range(from, to),
        };
        return Some(Finding {
            figure,
            is_bots: false,
            sentence: vec![
                plain("as the limit on the longest session flags "),
                strong(format!("the same {}", format::counted(totals.bots, "player"))),
                plain(format!(", while that on the average stays at {average}; the rule is {rule}.")),
            ],
        });
    }
    let flagged_at = |minutes: i64| {
        let mut params = *params;
        Limit::Longest.set(&mut params, Minutes::new(minutes.max(0))?);
        Some(report.totals(&params).bots)
    };
    let (lower, higher) =
        (limit_minutes.get() - STEP_MINUTES, limit_minutes.get().saturating_add(STEP_MINUTES));
    let (more, fewer) = (flagged_at(lower)? - totals.bots, totals.bots - flagged_at(higher)?);
    Some(Finding {
        figure: format!("±{}", format::minutes(STEP_MINUTES)),
        is_bots: false,
        sentence: vec![
            plain(format!("on the limit of {} would flag ", format::minutes(limit_minutes.get()))),
            strong(format!("{} more or {} fewer", format::count(more), format::count(fewer))),
            plain(format!(" than the {} of now.", format::count(totals.bots))),
        ],
    })
}

/// The whole hours in a range, where the limit lies between them; else the range as it is.
fn whole_hours(from: Minutes, to: Minutes, limit: Minutes) -> (Minutes, Minutes) {
    const HOUR: i64 = 60;
    let hours = |hours: i64| Minutes::new(hours * HOUR);
    match (hours(from.div_ceil(HOUR as u64).get()), hours(to.get() / HOUR)) {
        (Some(first), Some(last)) if first < last && first <= limit && limit <= last => (first, last),
        _ => (from, to),
    }
}

/// Such as `9–14 h`.
fn range(from: Minutes, to: Minutes) -> String {
    let (first, last) = (format::minutes(from.get()), format::minutes(to.get()));
    match (first.strip_suffix(" h"), last.strip_suffix(" h")) {
        (Some(first), Some(_)) => format!("{first}–{last}"),
        _ => format!("{first} – {last}"),
    }
}

/// The mean of the players seen on a day, over the days that have events: on the others the realm was down.
fn daily(report: &Report, whose: BotChoice) -> Option<Finding> {
    let data = overview::daily(report, whose);
    let (busiest, most) = overview::busiest_day(&data).filter(|(_, seen)| *seen > 0)?;
    let most = format!("Most on one day: {}, on {}.", format::count(most), dates::day(busiest.day));
    let days = data.days;
    let mean = |days: &[ActivityDay]| {
        let seen = days.iter().map(overview::seen_on).fold(0_u64, u64::saturating_add);
        let mean = seen as f64 / days.len() as f64;
        if mean < 10.0 { format::fixed(mean, 1) } else { format::count(mean.round() as u64) }
    };
    let ends = (days.first()?.day, days.last()?.day);
    let has_gaps = ends.1 - ends.0 >= days.len() as i64;
    let days_told = if has_gaps { ", on days with events" } else { "" };
    let years = days.chunk_by(|a, b| year_of(a.day) == year_of(b.day)).rev();
    let mut years = years.filter(|days| days_in_log(year_of(days[0].day), ends) >= FEWEST_DAYS);
    let who = if whose.is_only() { "likely bots a day" } else { "players a day without bots" };
    let (figure, sentence) = match years.next() {
        Some(last) => {
            let in_year = |days: &[ActivityDay]| format!("in {}", dates::year(year_of(days[0].day)));
            let before = years.take(MOST_YEARS).map(|days| format!("{} {}", mean(days), in_year(days)));
            let before = before.collect::<Vec<_>>().join(" and ");
            let after = if before.is_empty() { String::new() } else { format!(", after {before}") };
            (
                mean(last),
                vec![
                    strong(format!("{who} {}", in_year(last))),
                    plain(format!("{after}{days_told}. {most}")),
                ],
            )
        }
        None => (mean(&days), vec![strong(who), plain(format!("{days_told}. {most}"))]),
    };
    Some(Finding { figure, is_bots: whose.is_only(), sentence })
}

fn year_of(day: i64) -> i32 {
    let time = day.checked_mul(86_400).and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    time.unwrap_or_default().year()
}

/// How many days of a year lie between the first and the last of a log.
fn days_in_log(year: i32, (first, last): (i64, i64)) -> i64 {
    let new_year = |year: i32| time::day_number(&format!("{year:04}-01-01")).map(Day::get);
    let start = new_year(year).map_or(first, |start| start.max(first));
    let end = new_year(year.saturating_add(1)).map_or(last, |next| (next - 1).min(last));
    end - start + 1
}

fn busiest(report: &Report, whose: BotChoice) -> Option<Finding> {
    let group = if whose.is_only() { BOT } else { HUMAN };
    let hours = &report.activity.hours[group];
    let (most, &events) = hours.iter().enumerate().max_by_key(|(_, events)| **events)?;
    let (least, &fewest) = hours.iter().enumerate().min_by_key(|(_, events)| **events)?;
    if events == 0 || overview::weekly(report, whose).even_within().is_some() {
        return None;
    }
    let hour =
        |place: usize| format!("{} {:02}–{:02} h", WEEKDAYS[place / 24 % 7], place % 24, place % 24 + 1);
    let against = if fewest == 0 {
        format!("none on {}", hour(least))
    } else {
        format!(
            "{} times those of {}",
            format::count((events as f64 / fewest as f64).round() as u64),
            hour(least)
        )
    };
    Some(Finding {
        figure: format!("{} {:02} h", &WEEKDAYS[most / 24 % 7][..3], most % 24),
        is_bots: whose.is_only(),
        sentence: vec![
            plain("begins the busiest hour of the week"),
            plain(format!("{}: ", whose.whose())),
            strong(format::counted(events, "event")),
            plain(format!(", {against}.")),
        ],
    })
}

fn session(report: &Report, whose: BotChoice) -> Option<Finding> {
    let spread = Spread::new(&report.sessions.durations, whose);
    let (median, p95) = (spread.median()?, spread.p95()?);
    Some(Finding {
        figure: format::duration(median),
        is_bots: whose.is_only(),
        sentence: vec![
            plain(format!("is what half of the sessions{} last at most; ", whose.whose())),
            strong(format!("95 % last no longer than {}", format::minutes(p95))),
            plain(format!(". {} in all.", format::counted(spread.sessions(), "session"))),
        ],
    })
}

fn churned(report: &Report, whose: BotChoice, totals: &Totals) -> Option<Finding> {
    let (churned, of, whom) = whose.churned(totals);
    let day = report.as_of_day.filter(|_| of > 0)?;
    Some(Finding {
        figure: percent(churned, of),
        is_bots: whose.is_only(),
        sentence: vec![
            plain(if overview::is_of_years(report) {
                format!("of all {whom} that were ever seen ")
            } else {
                format!("of the {whom} ")
            }),
            strong("have churned"),
            plain(format!(
                ": no event for more than {} days before {}. {} of {} have not.",
                report.params.churn_days,
                time::day(day),
                format::count(of - churned),
                format::count(of)
            )),
        ],
    })
}

#[cfg(test)]
mod tests {
    use wow_engine::Params;

    use super::*;
    use crate::sample::{PLAYERS, report};

    fn said(finding: &Finding) -> String {
        let sentence: String = finding.sentence.iter().map(|words| words.text.as_str()).collect();
        format!("{} {sentence}", finding.figure)
    }

    #[test]
    fn likely_bots_and_their_limit_come_first() {
        let found = findings(&report(&PLAYERS), BotChoice::In);
        let said: Vec<String> = found.iter().map(said).collect();
        assert_eq!(
            said[0],
            "95.0 % of all events come from 3 likely bots, 60.0 % of the players. By the longest session only: 1; \
             by the average only: 1; by both: 1."
        );
        // 720 minutes flag one more below, and 1,500 minutes nobody at 25 h.
        assert_eq!(
            said[1],
            "12–24 h as the limit on the longest session flags the same 3 players, while that on the average stays at \
             6 h; the rule is 12 h."
        );
        assert!(said.last().unwrap().contains("of the players without bots have churned"), "{said:?}");
    }

    #[test]
    fn churn_over_years_is_of_all_that_were_ever_seen() {
        let mut of_years = report(&PLAYERS);
        of_years.activity.days = vec![(Day::of(13_000), [1, 1])].into();
        let found = findings(&of_years, BotChoice::In);
        let last = said(found.last().unwrap());
        assert!(last.contains("of all players without bots that were ever seen have churned"), "{last}");
    }

    #[test]
    fn no_hour_is_the_busiest_where_all_are_alike() {
        let busiest = |first: u64| {
            let mut even = report(&PLAYERS);
            even.activity.hours[HUMAN] = vec![1_000; 168];
            even.activity.hours[HUMAN][0] = first;
            findings(&even, BotChoice::In).iter().any(|finding| said(finding).contains("busiest hour"))
        };
        assert_eq!([1_030, 1_300].map(busiest), [false, true]);
    }

    #[test]
    fn without_events_or_bots_nothing_is_made_up() {
        assert_eq!(findings(&report(&[]), BotChoice::In), []);
        let none = Params {
            bot_max_session_minutes: Minutes::of(100_000),
            bot_avg_session_minutes: Minutes::of(100_000),
            ..Params::default()
        };
        let mut harmless = report(&PLAYERS);
        harmless.params = none;
        let found = findings(&harmless, BotChoice::In);
        assert!(said(&found[0]).starts_with("0 players are flagged: nobody"), "{found:?}");
        assert!(!found.iter().any(|finding| said(finding).contains("limit on the longest")));
    }

    #[test]
    fn a_range_is_written_short() {
        assert_eq!(range(Minutes::of(540), Minutes::of(840)), "9–14 h");
        assert_eq!(range(Minutes::of(45), Minutes::of(105)), "45 min – 1 h 45 min");
        let hours = |from, to, limit| whole_hours(Minutes::of(from), Minutes::of(to), Minutes::of(limit));
        assert_eq!(hours(510, 855, 720), (Minutes::of(540), Minutes::of(840)));
        assert_eq!(
            hours(480, 779, 779),
            (Minutes::of(480), Minutes::of(779)),
            "the rule lies in what is told"
        );
    }
}
