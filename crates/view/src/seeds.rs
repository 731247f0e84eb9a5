//! What the seeds of the dbt project say of the game: when its expansions came, and where its places are.

use wow_charts::{Milestone, dates};

include!(concat!(env!("OUT_DIR"), "/seeds.rs"));

/// The game, or an expansion of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expansion {
    /// Its name.
    pub name: &'static str,
    /// The day it was released, in days since 1 January 1970.
    pub day: i64,
    /// The highest level that a character can reach from then on.
    pub level_cap: u32,
}

/// A place of the game.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its name, as the log spells it.
    pub(crate) zone: &'static str,
    /// The continent that it is on.
    pub(crate) continent: &'static str,
    /// What it is: a zone, a city, a dungeon.
    pub(crate) kind: &'static str,
}

/// What is known of a zone of exactly this name.
pub(crate) fn place(zone: &str) -> Option<&'static Place> {
    PLACES.binary_search_by(|place| place.zone.cmp(zone)).ok().map(|index| &PLACES[index])
}

/// The expansions, for charts whose axis is days: they mark those that lie among the days shown.
#[must_use]
pub fn milestones() -> Vec<Milestone> {
    EXPANSIONS.iter().map(|&Expansion { name, day, .. }| Milestone { day, name: name.to_owned() }).collect()
}

/// What a chart of these days marks, in a sentence with a space before it; nothing where it marks nothing.
#[must_use]
pub fn marked_say(days: Option<(i64, i64)>) -> String {
    said(days, |Expansion { name, day, .. }| format!("{name} ({})", dates::day(*day)))
}

/// As [`marked_say`], with the highest level from then on.
#[must_use]
pub fn marked_say_with_levels(days: Option<(i64, i64)>) -> String {
    said(days, |Expansion { name, day, level_cap }| {
        format!("{name} ({}, levels up to {level_cap})", dates::day(*day))
    })
}

fn said(days: Option<(i64, i64)>, words: impl Fn(&Expansion) -> String) -> String {
    let is_marked =
        |expansion: &&Expansion| days.is_some_and(|(first, last)| (first..=last).contains(&expansion.day));
    let marked: Vec<String> = EXPANSIONS.iter().filter(is_marked).map(words).collect();
    if marked.is_empty() { String::new() } else { format!(" Marked: {}.", marked.join(", ")) }
}

/// A day in a table, with what was released on it.
#[must_use]
pub fn day_text(day: i64) -> String {
    match EXPANSIONS.iter().find(|expansion| expansion.day == day) {
        None => dates::day(day),
        Some(expansion) => format!("{} · {}", dates::day(day), expansion.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expansions_are_those_of_the_seed() {
        // 23 November 2004, 3 April 2007 and 18 November 2008.
        let days: Vec<(i64, u32)> = EXPANSIONS.iter().map(|of| (of.day, of.level_cap)).collect();
        assert_eq!(days, [(12_745, 60), (13_606, 70), (14_201, 80)]);
        assert_eq!(milestones()[1].name, "The Burning Crusade");
    }

    #[test]
    fn what_a_chart_marks_is_said_and_nothing_else() {
        assert_eq!(marked_say(None), "");
        assert_eq!(marked_say(Some((13_607, 14_200))), "");
        assert_eq!(
            marked_say(Some((13_606, 14_201))),
            " Marked: The Burning Crusade (3 Apr 2007), Wrath of the Lich King (18 Nov 2008)."
        );
        assert_eq!(
            marked_say_with_levels(Some((14_201, 14_201))),
            " Marked: Wrath of the Lich King (18 Nov 2008, levels up to 80)."
        );
        assert_eq!(
            (day_text(13_605), day_text(13_606)),
            ("2 Apr 2007".into(), "3 Apr 2007 · The Burning Crusade".into())
        );
    }

    #[test]
    fn a_place_is_found_by_its_exact_name() {
        let kind = |zone| place(zone).map(|place| (place.continent, place.kind));
        assert_eq!(kind("Ahn'kahet: The Old Kingdom"), Some(("Northrend", "dungeon")));
        assert_eq!(kind("Dalaran競技場"), Some(("Northrend", "arena")));
        for unknown in ["", "durotar", "Durotar ", "Dalaran競技"] {
            assert_eq!(kind(unknown), None, "{unknown:?}");
        }
        assert!(PLACES.iter().all(|known| place(known.zone) == Some(known)));
    }
}
