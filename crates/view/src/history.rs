//! The level of a player from day to day, and the zones it was seen in.

use std::cmp::Reverse;

use wow_charts::{Bar, Progress, dates, format};
use wow_engine::pipeline::History;

use super::share::percent;
use super::{Table, seeds};

/// The highest level of each day.
#[must_use]
pub fn progress(history: &History) -> Progress {
    let levels = history.levels.iter().map(|(&day, &level)| (day.get(), level));
    Progress { levels: levels.collect(), milestones: seeds::milestones() }
}

/// What the chart of levels shows.
#[must_use]
pub fn progress_say(progress: &Progress) -> String {
    let (Some(&(first, from)), Some(&(last, to))) = (progress.levels.first(), progress.levels.last()) else {
        return "No event has a level.".to_owned();
    };
    let marked = seeds::marked_say_with_levels(Some((first, last)));
    let most = progress.levels.iter().map(|&(_, level)| level).max().unwrap_or(to);
    let (first, last) = (dates::day(first), dates::day(last));
    let say = match progress.levels.iter().all(|&(_, level)| level == from) {
        true if first == last => format!("Level {from}, on {first} alone."),
        true => format!("Level {from} on every day from {first} to {last}."),
        false if most == to => {
            format!("The highest level seen by day: {from} on {first}, {to} on {last}.")
        }
        false => {
            format!("The highest level seen by day: {from} on {first}, {to} on {last}, in between {most}.")
        }
    };
    say + &marked
}

/// The level of each day.
#[must_use]
pub fn progress_table(progress: &Progress) -> Table {
    let row = |&(day, level): &(i64, i64)| vec![seeds::day_text(day), level.to_string()];
    Table {
        head: ["day", "highest level"].map(str::to_owned).into(),
        rows: progress.levels.iter().map(row).collect(),
    }
}

/// Events by zone, most first; equal counts are in order of their names.
#[must_use]
pub fn zones(history: &History) -> Vec<Bar> {
    let named = history.zones.iter().map(|(zone, &events)| (zone.as_str(), events));
    let counts = named.chain([("no zone", history.no_zone)]).filter(|&(_, events)| events > 0);
    let bars = counts.map(|(label, humans)| Bar { label: label.to_owned(), humans, bots: 0 });
    let mut zones: Vec<Bar> = bars.collect();
    zones.sort_by(|a, b| (Reverse(a.humans), &a.label).cmp(&(Reverse(b.humans), &b.label)));
    zones
}

/// What the chart of zones shows when `shown` of them have a bar.
#[must_use]
pub fn zones_say(zones: &[Bar], shown: usize) -> String {
    let Some(first) = zones.first() else { return "No events were found.".to_owned() };
    let all = zones.iter().fold(0_u64, |sum, zone| sum.saturating_add(zone.humans));
    let which = match zones.len() {
        1 => "Events by zone".to_owned(),
        count if count > shown => {
            format!("Events in the {shown} busiest of {} zones", format::count(count as u64))
        }
        count => format!("Events in {count} zones"),
    };
    format!("{which}. Most: {}, {}.", first.label, percent(first.humans, all))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use wow_engine::time::Day;

    use super::*;

    fn history(levels: &[(i64, i64)], zones: &[(&str, u64)]) -> History {
        History {
            levels: levels.iter().map(|&(day, level)| (Day::new(day).unwrap(), level)).collect(),
            zones: zones.iter().map(|&(zone, events)| (zone.to_owned(), events)).collect::<BTreeMap<_, _>>(),
            ..History::default()
        }
    }

    #[test]
    fn levels_are_told_from_the_first_day_to_the_last() {
        let say = |levels: &[(i64, i64)]| progress_say(&progress(&history(levels, &[])));
        assert_eq!(say(&[]), "No event has a level.");
        assert_eq!(say(&[(0, 7)]), "Level 7, on 1 Jan 1970 alone.");
        assert_eq!(say(&[(0, 7), (4, 7)]), "Level 7 on every day from 1 Jan 1970 to 5 Jan 1970.");
        assert_eq!(
            say(&[(0, 7), (4, 9)]),
            "The highest level seen by day: 7 on 1 Jan 1970, 9 on 5 Jan 1970."
        );
        assert!(say(&[(0, 7), (4, 9), (5, 8)]).ends_with("8 on 6 Jan 1970, in between 9."));
        // 17 and 19 November 2008, about the release of an expansion.
        assert_eq!(
            say(&[(14_200, 70), (14_202, 72)]),
            "The highest level seen by day: 70 on 17 Nov 2008, 72 on 19 Nov 2008. Marked: Wrath of the Lich King \
             (18 Nov 2008, levels up to 80)."
        );
        let table = progress_table(&progress(&history(&[(0, 7), (4, 9)], &[])));
        assert_eq!(table.rows, [["1 Jan 1970", "7"], ["5 Jan 1970", "9"]]);
    }

    #[test]
    fn zones_are_ranked_and_events_without_one_are_among_them() {
        let mut history = history(&[], &[("Nagrand", 5), ("Orgrimmar", 12), ("Durotar", 5)]);
        history.no_zone = 8;
        let zones = zones(&history);
        let labels: Vec<&str> = zones.iter().map(|zone| zone.label.as_str()).collect();
        assert_eq!(labels, ["Orgrimmar", "no zone", "Durotar", "Nagrand"]);
        assert_eq!(zones_say(&zones, 10), "Events in 4 zones. Most: Orgrimmar, 40.0 %.");
        assert!(zones_say(&zones, 2).starts_with("Events in the 2 busiest of 4 zones."));
        assert_eq!(zones_say(&[], 10), "No events were found.");
    }
}
