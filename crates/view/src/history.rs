//! The level of a player from day to day, and the zones it was seen in.

use wow_charts::{Progress, dates};
use wow_engine::pipeline::History;

use super::share::percent;
use super::zones::{Grouping, ZoneEvents, Zones};
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
        true if first == last => format!("Level {from}, on {first} only."),
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

/// Events by zone.
#[must_use]
pub fn zones(history: &History, grouping: Grouping) -> Zones {
    let named = history.zones.iter().map(|(zone, &events)| (Some(zone.as_str()), events));
    let events = named.chain([(None, history.no_zone)]);
    Zones::new(events.map(|(zone, humans)| ZoneEvents { zone, humans, bots: 0 }), grouping)
}

/// What the chart of zones shows when `shown` of its bars are drawn.
#[must_use]
pub fn zones_say(zones: &Zones, shown: usize) -> String {
    let Some(first) = zones.bars.first() else { return "No events were found.".to_owned() };
    let all = zones.bars.iter().fold(0_u64, |sum, zone| sum.saturating_add(zone.humans));
    let which = zones.say(shown, "");
    format!("{which}. Most: {}, {}.{}", first.label, percent(first.humans, all), zones.other_say())
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
        assert_eq!(say(&[(0, 7)]), "Level 7, on 1 Jan 1970 only.");
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
        let zones = |grouping| super::zones(&history, grouping);
        let continents = zones(Grouping::Continent);
        assert_eq!(zones_say(&continents, 10), "Events by continent. Most: Kalimdor, 56.7 %.");
        let zones = zones(Grouping::Zone);
        let labels: Vec<&str> = zones.bars.iter().map(|zone| zone.label.as_str()).collect();
        assert_eq!(labels, ["Orgrimmar", "no zone", "Durotar", "Nagrand"]);
        assert_eq!(zones_say(&zones, 10), "Events by zone. Most: Orgrimmar, 40.0 %.");
        assert!(zones_say(&zones, 2).starts_with("Events in the 2 busiest of 4 zones."));
        assert_eq!(zones_say(&Zones::default(), 10), "No events were found.");
    }
}
