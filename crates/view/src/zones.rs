//! Events by zone, and zones put together by where they are or what they are.

use std::collections::BTreeMap;

use wow_charts::{Bar, format};

use super::Table;
use super::overview::{bar_label, cut, largest_first, sum, total};
use super::seeds;
use super::share::percent;

/// How many bars a chart of zones has.
pub const ZONES_SHOWN: usize = 10;
/// The name of events whose zone is null.
const NO_ZONE: &str = "no zone";
/// The heading of zones that the list of places does not have.
const OTHER: &str = "other";

/// What zones are put together by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Grouping {
    /// Nothing: each stands for itself.
    #[default]
    Zone,
    /// The continent that they are on.
    Continent,
    /// What they are: zones of the open world, cities, dungeons.
    Kind,
}

impl Grouping {
    /// All of them, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Zone, Self::Continent, Self::Kind];

    /// Its name, in the URL and in the switch.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Continent => "continent",
            Self::Kind => "kind",
        }
    }

    /// The grouping of that name; none where it cannot be understood.
    #[must_use]
    pub fn named(key: &str) -> Self {
        Self::ALL.into_iter().find(|grouping| grouping.key() == key).unwrap_or_default()
    }

    /// What a bar of a chart stands for.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Continent => "continent",
            Self::Kind => "kind of place",
        }
    }

    /// The heading that a zone comes under.
    fn heading(self, zone: Option<&str>) -> &'static str {
        match (zone, zone.and_then(seeds::place)) {
            (None, _) => NO_ZONE,
            (Some(_), None) => OTHER,
            (Some(_), Some(place)) if self == Self::Kind => place.kind,
            (Some(_), Some(place)) => place.continent,
        }
    }
}

/// The events of a zone, or of none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZoneEvents<'a> {
    /// Its name; `None` for events whose zone is null.
    pub zone: Option<&'a str>,
    /// Events of players that are not flagged.
    pub humans: u64,
    /// Events of likely bots.
    pub bots: u64,
}

impl ZoneEvents<'_> {
    fn bar(&self) -> Bar {
        let label = self.zone.map_or_else(|| NO_ZONE.to_owned(), bar_label);
        Bar { label, humans: self.humans, bots: self.bots, is_rest: false }
    }
}

/// Events by zone as a chart shows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Zones {
    /// What they are put together by.
    pub grouping: Grouping,
    /// Zones, or what they are put together by; most events first.
    pub bars: Vec<Bar>,
    /// The zones of each bar, most events first; none where zones stand for themselves.
    members: Vec<Vec<Bar>>,
}

impl Zones {
    /// Puts zones together. What has no events is left out; equal counts are in order of their names.
    #[must_use]
    pub fn new<'a>(zones: impl Iterator<Item = ZoneEvents<'a>>, grouping: Grouping) -> Self {
        if grouping == Grouping::Zone {
            let bars = largest_first(zones.map(|zone| zone.bar()).collect());
            return Self { grouping, bars, members: Vec::new() };
        }
        let mut members: BTreeMap<&'static str, Vec<Bar>> = BTreeMap::new();
        for zone in zones {
            members.entry(grouping.heading(zone.zone)).or_default().push(zone.bar());
        }
        let all = |(heading, members): (&&str, &Vec<Bar>)| Bar {
            label: (*heading).to_owned(),
            is_rest: *heading == OTHER,
            ..sum(members)
        };
        let bars = largest_first(members.iter().map(all).collect());
        let members =
            bars.iter().filter_map(|bar| members.remove(bar.label.as_str())).map(largest_first).collect();
        Self { grouping, bars, members }
    }

    /// What the first `shown` bars are of, as the beginning of a sentence; `whose` events they are, with a space before it.
    #[must_use]
    pub fn say(&self, shown: usize, whose: &str) -> String {
        let count = self.bars.len();
        match self.grouping {
            Grouping::Zone if count > shown => {
                format!("Events{whose} in the {shown} busiest of {} zones", format::count(count as u64))
            }
            grouping => format!("Events{whose} by {}", grouping.what()),
        }
    }

    /// How many zones have no place in the list of places, in a sentence with a space before it; nothing where all have one or
    /// stand for themselves.
    #[must_use]
    pub fn other_say(&self) -> String {
        let other = self.bars.iter().zip(&self.members).find(|(bar, _)| bar.label == OTHER);
        match other.map_or(0, |(_, members)| members.len()) {
            0 => String::new(),
            1 => " Other is a zone that the list of places does not have.".to_owned(),
            count => format!(
                " Other are {} zones that the list of places does not have.",
                format::count(count as u64)
            ),
        }
    }

    /// Events of players that are not flagged and of likely bots; where zones are put together, below each heading its zones.
    #[must_use]
    pub fn table(&self) -> Table {
        let head = ["events without bots", "events of likely bots", "all events"];
        self.table_of(&head, |bar| {
            [bar.humans, bar.bots, total(bar)].map(format::count).into_iter().collect()
        })
    }

    /// All events, with the shares of all; where zones are put together, below each heading its zones.
    #[must_use]
    pub fn table_of_shares(&self) -> Table {
        let all = total(&sum(&self.bars));
        self.table_of(&["events", "share"], |bar| vec![format::count(total(bar)), percent(total(bar), all)])
    }

    fn table_of(&self, head: &[&str], cells: impl Fn(&Bar) -> Vec<String>) -> Table {
        let row = |names: &[&str], name: String, bar: &Bar| {
            let names = names.iter().map(|name| (*name).to_owned());
            names.chain([name]).chain(cells(bar)).collect::<Vec<_>>()
        };
        let names: &[&str] = match self.grouping {
            Grouping::Zone => &["zone"],
            grouping => &[grouping.what(), "zone"],
        };
        let head = names.iter().chain(head).map(|name| (*name).to_owned()).collect();
        if self.grouping == Grouping::Zone {
            return Table { head, rows: cut(&self.bars, |name, bar| row(&[], name, bar)) };
        }
        let under = |(bar, members): (&Bar, &Vec<Bar>)| {
            let heading = row(&[&bar.label], "all".to_owned(), bar);
            let members = cut(members, |name, member| row(&[&bar.label], name, member));
            std::iter::once(heading).chain(members).collect::<Vec<_>>()
        };
        Table { head, rows: self.bars.iter().zip(&self.members).flat_map(under).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a log may have them: known, unknown, named as what is no zone, empty, and none.
    const EVENTS: [(Option<&str>, u64, u64); 9] = [
        (Some("Durotar"), 50, 4),
        (Some("Orgrimmar"), 900, 0),
        (Some("Nagrand"), 7, 7),
        (Some("Nagrand Arena"), 1, 0),
        (Some("durotar"), 3, 0),
        (Some(""), 2, 0),
        (Some("no zone"), 5, 1),
        (None, 11, 10),
        (Some("Icecrown"), 0, 0),
    ];

    fn zones(grouping: Grouping) -> Zones {
        Zones::new(EVENTS.into_iter().map(|(zone, humans, bots)| ZoneEvents { zone, humans, bots }), grouping)
    }

    fn bars(zones: &Zones) -> Vec<(&str, u64, u64)> {
        zones.bars.iter().map(|bar| (bar.label.as_str(), bar.humans, bar.bots)).collect()
    }

    #[test]
    fn zones_come_under_their_continent_or_kind_and_unknown_ones_under_their_own_heading() {
        assert_eq!(
            bars(&zones(Grouping::Continent)),
            [("Kalimdor", 950, 4), ("no zone", 11, 10), ("Outland", 8, 7), ("other", 10, 1)]
        );
        assert_eq!(
            bars(&zones(Grouping::Kind)),
            [("city", 900, 0), ("zone", 57, 11), ("no zone", 11, 10), ("other", 10, 1), ("arena", 1, 0)]
        );
        let rest = |grouping| zones(grouping).bars.into_iter().filter(|bar| bar.is_rest).map(|bar| bar.label);
        assert_eq!(rest(Grouping::Continent).collect::<Vec<_>>(), ["other"]);
        assert_eq!(rest(Grouping::Zone).count(), 0);
        assert_eq!(zones(Grouping::Zone).bars[0].label, "Orgrimmar");
        for grouping in Grouping::ALL {
            let Bar { humans, bots, .. } = sum(&zones(grouping).bars);
            assert_eq!((humans, bots), (979, 22), "{grouping:?}");
        }
    }

    #[test]
    fn a_table_has_below_each_heading_its_zones() {
        let table = zones(Grouping::Continent).table();
        assert_eq!(table.head[..2], ["continent", "zone"]);
        let rows: Vec<Vec<&str>> =
            table.rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        assert_eq!(rows[0], ["Kalimdor", "all", "950", "4", "954"]);
        assert_eq!(rows[2], ["Kalimdor", "Durotar", "50", "4", "54"]);
        assert_eq!(
            rows[3..5],
            [["no zone", "all", "11", "10", "21"], ["no zone", "no zone", "11", "10", "21"]]
        );
        assert_eq!(rows.last().unwrap(), &["other", "(empty)", "2", "0", "2"]);
        assert_eq!(zones(Grouping::Zone).table().head[0], "zone");
        let shares = zones(Grouping::Kind).table_of_shares();
        assert_eq!(shares.rows[0], ["city", "all", "900", "89.9 %"]);
    }

    #[test]
    fn a_sentence_says_what_the_bars_are_and_what_is_unknown() {
        assert_eq!(zones(Grouping::Zone).say(10, ""), "Events by zone");
        assert_eq!(
            zones(Grouping::Zone).say(3, " of likely bots"),
            "Events of likely bots in the 3 busiest of 8 zones"
        );
        assert_eq!(zones(Grouping::Zone).other_say(), "");
        let grouped = zones(Grouping::Kind);
        assert_eq!(
            grouped.say(3, "") + &grouped.other_say(),
            "Events by kind of place Other are 3 zones that the list of places does not have."
        );
        assert_eq!(Grouping::named("continent"), Grouping::Continent);
        assert_eq!(Grouping::named("x"), Grouping::Zone);
    }

    #[test]
    fn very_many_unknown_zones_end_with_the_sum_of_the_others() {
        let names: Vec<String> = (0..1_005).map(|index| format!("zone {index}")).collect();
        let events = || names.iter().map(|name| ZoneEvents { zone: Some(name), humans: 2, bots: 1 });
        let table = Zones::new(events(), Grouping::Zone).table();
        assert_eq!(
            (table.rows.len(), &table.rows[1_000][..]),
            (1_001, &["5 others", "10", "5", "15"].map(str::to_owned)[..])
        );
        let table = Zones::new(events(), Grouping::Continent).table();
        assert_eq!(table.rows.len(), 1_002);
        assert_eq!(table.rows[1_001], ["other", "5 others", "10", "5", "15"]);
    }
}
