//! What a log covers, worked out by hand.

use super::*;
use crate::sample::{self, PLAYERS};

/// A report whose log has events in these hours of days: a day, from which hour to which.
fn report(days: &[(u16, u32, u32)]) -> Report {
    let bits = |from: u32, to: u32| (from..=to).fold(0, |bits, hour| bits | 1 << hour);
    let mut report = sample::report(&PLAYERS);
    let days: Vec<(Day, u32)> = days.iter().map(|&(day, from, to)| (Day::of(day), bits(from, to))).collect();
    report.coverage = days.into();
    report
}

// 1 January 2007 was a Monday.
const MONDAY: u16 = 13_514;

#[test]
fn days_and_hours_without_events_are_found() {
    let report = report(&[(MONDAY, 5, 23), (MONDAY + 1, 0, 20), (MONDAY + 4, 3, 23), (MONDAY + 5, 0, 12)]);
    let covered = covered(&report).unwrap();
    assert_eq!((covered.days, covered.missing_days), (6, 2));
    assert_eq!(covered.longest_days, [(Day::of(MONDAY + 2), Day::of(MONDAY + 3))]);
    // From 21:00 on the second day to 3:00 on the fifth; what lies before the first event and after the last is not missing.
    assert_eq!((covered.missing_hours, covered.hours), (54, 19 + 21 + 54 + 21 + 13));
    let names: Vec<String> = covered.longest_hours.iter().map(|missing| missing.name()).collect();
    assert_eq!(names, ["2 Jan 2007 21:00 – 5 Jan 2007 03:00"]);
    assert_eq!(covered.partial_weeks, [false, true]);
    let strip = strip(&report);
    assert_eq!(strip.first_day, i64::from(MONDAY));
    assert_eq!(strip.missing, [0, 0b111 << 21, ALL_HOURS, ALL_HOURS, 0b111, 0]);
    assert_eq!(
        strip_say(&covered),
        "2 of the 6 days of 1–6 Jan 2007 have no event at all; with these, 54 hours have none. No regular step of \
         sampling is to be seen. The last week is incomplete."
    );
    assert_eq!(table(&covered).rows, [["2 Jan 2007 21:00 – 5 Jan 2007 03:00", "54"]]);
}

#[test]
fn the_longest_are_told_first_and_a_log_without_gaps_is_whole() {
    let report_with_gaps = report(&[(MONDAY, 0, 1), (MONDAY, 3, 9), (MONDAY, 15, 23), (MONDAY + 1, 1, 23)]);
    let names: Vec<String> =
        covered(&report_with_gaps).unwrap().longest_hours.iter().map(|missing| missing.name()).collect();
    assert_eq!(names, ["1 Jan 2007 10:00 – 15:00", "1 Jan 2007 02:00 – 03:00", "2 Jan 2007 00:00 – 01:00"]);
    let whole: Vec<(u16, u32, u32)> = (MONDAY - 3..MONDAY + 11).map(|day| (day, 0, 23)).collect();
    let covered_whole = covered(&report(&whole)).unwrap();
    assert_eq!((covered_whole.missing_days, covered_whole.missing_hours), (0, 0));
    assert_eq!(covered_whole.partial_weeks, [true, true]);
    assert_eq!(
        strip_say(&covered_whole),
        "Every hour of the 14 days of 29 Dec 2006 – 11 Jan 2007 has events. No regular step of sampling is to be seen. \
         The first and the last week are incomplete."
    );
    assert_eq!(covered(&report(&[])), None);
}

#[test]
fn a_log_from_one_end_of_time_to_the_other_is_told_but_not_drawn() {
    let mut report = report(&[]);
    report.coverage = vec![(Day::MIN, 1), (Day::MAX, 1)].into();
    let covered = covered(&report).unwrap();
    assert_eq!(covered.missing_days, covered.days - 2);
    assert_eq!(strip(&report), Coverage::default());
}
