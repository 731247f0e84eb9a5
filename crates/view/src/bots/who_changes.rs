//! Whose verdict the rules in force change, against the usual ones.

use wow_charts::format;
use wow_engine::pipeline::{PlayerTable, Report, round2};
use wow_engine::schema::float_to_key;
use wow_engine::{Filter, Params};

use super::limit::{Limit, written_rules};
use crate::csv::{self, Field};
use crate::order::by_key;

/// As many players of each list as a page shows.
pub const MOST_LISTED: usize = 50;

/// Whom the usual rules flag. Another gap needs another scan, so they outlive the report that they were found in.
#[derive(Debug, Clone, PartialEq)]
pub struct FlaggedAsUsual {
    filter: Filter,
    usual: Params,
    player_id: Vec<i64>,
}

impl FlaggedAsUsual {
    /// Those of a report with the usual gap; `None` for another one.
    #[must_use]
    pub fn of(report: &Report, usual: &Params) -> Option<Self> {
        let has_usual_gap = report.params.session_gap_minutes == usual.session_gap_minutes;
        has_usual_gap.then(|| Self {
            filter: report.filter.clone(),
            usual: *usual,
            player_id: report.flagged_under(usual),
        })
    }

    /// Whether a report is of the same players: those of the same filter.
    #[must_use]
    pub fn belongs_to(&self, report: &Report) -> bool {
        self.filter == report.filter
    }

    /// The players, in order.
    #[must_use]
    pub fn players(&self) -> &[i64] {
        &self.player_id
    }
}

/// The players whose verdict changes, as places in the table, those nearest to a limit first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WhoChanges {
    /// Whom the rules in force flag, and the usual ones do not.
    pub newly_flagged: Vec<u32>,
    /// Whom the usual rules flag, and those in force do not.
    pub released: Vec<u32>,
}

/// Compares whom the rules in force flag with `before`, whose ids are in order. The table has the sessions that the rules look at.
#[must_use]
pub fn who_changes(table: &PlayerTable, params: &Params, before: &[i64]) -> WhoChanges {
    let (mut newly_flagged, mut released) = (Vec::new(), Vec::new());
    let mut before = before.iter().copied().peekable();
    for (place, &id) in (0..).zip(&table.player_id) {
        while before.next_if(|known| *known < id).is_some() {}
        let was_flagged = before.next_if_eq(&id).is_some();
        let index = place as usize;
        match (was_flagged, table.verdict(index, params).is_bot()) {
            (false, true) => newly_flagged.push((float_to_key(nearness(table, params, index)), place)),
            (true, false) => released.push((float_to_key(-nearness(table, params, index)), place)),
            _ => {}
        }
    }
    WhoChanges { newly_flagged: by_key(newly_flagged, false), released: by_key(released, false) }
}

/// How far a player has come to the limit that it is nearest to, or over: 1 is at it.
fn nearness(table: &PlayerTable, params: &Params, index: usize) -> f64 {
    let share = |minutes: f64, limit: Limit| minutes / limit.of(params).get().max(1) as f64;
    share(table.duration_max_minutes[index].get() as f64, Limit::Longest)
        .max(share(table.avg_session_minutes(index), Limit::Average))
}

/// A player whose verdict changes, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedRow {
    /// The player.
    pub player_id: i64,
    /// The longest session.
    pub longest: String,
    /// The average session.
    pub average: String,
    /// Events that count.
    pub events: String,
}

/// A player's row. `None` past the end of the table.
#[must_use]
pub fn changed_row(table: &PlayerTable, index: usize) -> Option<ChangedRow> {
    Some(ChangedRow {
        player_id: *table.player_id.get(index)?,
        longest: format::minutes(table.duration_max_minutes[index].get()),
        average: format::minutes(table.avg_session_minutes(index).round() as i64),
        events: format::count(table.events[index]),
    })
}

/// What the lists come to, in a sentence; the usual rules are named as `usual`.
#[must_use]
pub fn who_changes_say(changes: &WhoChanges, usual: &str) -> String {
    let [newly, released] =
        [&changes.newly_flagged, &changes.released].map(|list| format::count(list.len() as u64));
    match (changes.newly_flagged.len(), changes.released.len()) {
        (0, 0) => format!("No verdict differs from that of the usual rules, {usual}."),
        _ => format!(
            "Against the usual rules, {usual}: {newly} newly flagged, {released} released. Those nearest to a limit come first."
        ),
    }
}

/// How many verdicts differ, beside what changes them.
#[must_use]
pub fn who_changes_in_short(changes: &WhoChanges, usual: &Params) -> String {
    let counts = [&changes.newly_flagged, &changes.released].map(|list| list.len() as u64);
    let usual = written_rules(usual);
    match counts {
        [0, 0] => format!("No verdict differs from that with {usual}."),
        [newly, released] => format!(
            "{} from those with {usual}: {} newly flagged, {} released. Bots lists them.",
            match newly + released {
                1 => "1 verdict differs".to_owned(),
                all => format!("{} verdicts differ", format::count(all)),
            },
            format::count(newly),
            format::count(released)
        ),
    }
}

/// Both lists as CSV, durations in minutes.
#[must_use]
pub fn who_changes_csv(table: &PlayerTable, changes: &WhoChanges) -> Vec<u8> {
    const HEAD: [&str; 5] = [
        "player_id",
        "change",
        "max_session_duration_minutes",
        "avg_session_duration_minutes",
        "total_events",
    ];
    let of = |list: &[u32], change: &'static str| {
        list.iter().map(move |&place| (place, change)).collect::<Vec<_>>()
    };
    let listed = [of(&changes.newly_flagged, "newly flagged"), of(&changes.released, "released")].concat();
    let rows = listed.into_iter().filter_map(|(place, change)| {
        let index = place as usize;
        Some([
            Field::Plain(table.player_id.get(index)?.to_string()),
            Field::Text(change),
            Field::Plain(table.duration_max_minutes[index].to_string()),
            Field::Plain(round2(table.avg_session_minutes(index)).to_string()),
            Field::Plain(table.events[index].to_string()),
        ])
    });
    csv::write(&HEAD, rows)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use wow_engine::time::Minutes;

    use super::*;
    use crate::sample::{self, PLAYERS};

    fn params(longest: u32, average: u32) -> Params {
        Params {
            bot_max_session_minutes: Minutes::of(longest),
            bot_avg_session_minutes: Minutes::of(average),
            ..Params::default()
        }
    }

    fn ids(table: &PlayerTable, places: &[u32]) -> Vec<i64> {
        places.iter().map(|&place| table.player_id[place as usize]).collect()
    }

    #[test]
    fn those_nearest_to_a_limit_come_first() {
        let report = sample::report(&PLAYERS);
        let before = FlaggedAsUsual::of(&report, &Params::default()).unwrap();
        assert_eq!(before.players(), [3, 5, i64::MAX]);
        // At 80 minutes all are flagged: 8 is 10 over, -7 is 640 over.
        let stricter = who_changes(report.judged(), &params(80, 360), before.players());
        assert_eq!(ids(&report.players, &stricter.newly_flagged), [8, -7]);
        assert!(stricter.released.is_empty());
        // At 1,500 minutes nobody is; of those released 3 averages 721 and 5 averages 360.33.
        let lenient = who_changes(report.judged(), &params(1_500, 1_500), before.players());
        assert_eq!(ids(&report.players, &lenient.released), [i64::MAX, 3, 5]);
        assert_eq!(
            who_changes_say(&lenient, "12 h / 6 h"),
            "Against the usual rules, 12 h / 6 h: 0 newly flagged, 3 released. Those nearest to a limit come first."
        );
        let csv = String::from_utf8(who_changes_csv(report.judged(), &lenient)).unwrap();
        assert!(csv.contains("3,released,721,721,100"), "{csv}");
    }

    #[test]
    fn another_gap_or_filter_is_not_compared_with_itself() {
        let mut report = sample::report(&PLAYERS);
        let before = FlaggedAsUsual::of(&report, &Params::default()).unwrap();
        report.params.session_gap_minutes = Minutes::of(40);
        assert_eq!(FlaggedAsUsual::of(&report, &Params::default()), None);
        assert!(before.belongs_to(&report));
        report.filter.classes = vec!["Mage".into()];
        assert!(!before.belongs_to(&report));
    }

    proptest! {
        #[test]
        fn the_lists_are_the_difference_of_two_verdicts(limits in prop::array::uniform2((0..3_000_u32, 0..3_000_u32))) {
            let report = sample::report(&PLAYERS);
            let [before, now] = limits.map(|(longest, average)| params(longest, average));
            let usual = FlaggedAsUsual::of(&report, &before).unwrap();
            let changes = who_changes(report.judged(), &now, usual.players());
            for index in 0..report.players.len() {
                let place = index as u32;
                let is_bot = [before, now].map(|params| report.verdict(index, &params).is_bot());
                prop_assert_eq!(changes.newly_flagged.contains(&place), is_bot == [false, true]);
                prop_assert_eq!(changes.released.contains(&place), is_bot == [true, false]);
            }
        }
    }
}
