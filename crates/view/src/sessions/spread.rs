//! Sessions by duration and by number of events.

use wow_charts::{Histogram, HistogramAxis, HistogramCount, HistogramMark, format};
use wow_engine::Params;
use wow_engine::pipeline::{BOT, GroupCounts, HUMAN, Number};

use crate::Table;
use crate::filter::BotChoice;
use crate::share::percent;

/// The last minutes of the bands in the table of durations; what is longer has a band of its own. Limits lie on ends,
/// for a session of exactly a limit is not over it.
const DURATION_BANDS: [i64; 10] = [0, 10, 30, 60, 120, 180, 360, 720, 1_440, 2_880];
/// The last numbers of the bands in the table of events.
pub const EVENT_BANDS: [i64; 10] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/// Counts of sessions by a whole number, and where their quantiles lie.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spread {
    /// Ascending by number, with the sessions by group.
    counts: Vec<(i64, [u64; 2])>,
}

impl Spread {
    /// The counts of the sessions of those players that are shown.
    #[must_use]
    pub fn new<N: Number>(counts: &GroupCounts<N>, bots: BotChoice) -> Self {
        let shown = |counts: [u64; 2]| <[u64; 2]>::from(bots.split(counts[HUMAN], counts[BOT]));
        Self { counts: counts.iter().map(|(number, counts)| (number.into(), shown(counts))).collect() }
    }

    /// How many sessions there are.
    #[must_use]
    pub fn sessions(&self) -> u64 {
        self.counts.iter().map(|(_, counts)| all(*counts)).sum()
    }

    /// Sessions whose number is above this.
    #[must_use]
    pub fn above(&self, number: i64) -> u64 {
        self.counts.iter().filter(|&&(other, _)| other > number).map(|(_, counts)| all(*counts)).sum()
    }

    /// The number in the middle, or half way between the two there; `None` without sessions.
    #[must_use]
    pub fn median(&self) -> Option<f64> {
        let last = self.sessions().checked_sub(1)?;
        let (lower, upper) = (self.at_place(last / 2)?, self.at_place(last.div_ceil(2))?);
        Some((lower as f64 + upper as f64) / 2.0)
    }

    /// The least number that 95 % of the sessions do not exceed; `None` without sessions.
    #[must_use]
    pub fn p95(&self) -> Option<i64> {
        let sessions = u128::from(self.sessions());
        let rank = u64::try_from((sessions * 95).div_ceil(100)).unwrap_or(u64::MAX);
        self.at_place(rank.checked_sub(1)?)
    }

    /// The greatest number; `None` without sessions.
    #[must_use]
    pub fn greatest(&self) -> Option<i64> {
        self.counts.iter().rev().find(|(_, counts)| all(*counts) > 0).map(|(number, _)| *number)
    }

    /// The number of the session at this place among all in ascending order, from 0.
    fn at_place(&self, place: u64) -> Option<i64> {
        let mut before = 0;
        let at = self.counts.iter().find(|(_, counts)| {
            before += all(*counts);
            before > place
        });
        at.map(|(number, _)| *number)
    }

    /// Sessions by group in bands that end with these numbers, and behind the last.
    #[must_use]
    pub fn in_bands(&self, ends: &[i64]) -> Vec<[u64; 2]> {
        let mut bands = vec![[0; 2]; ends.len() + 1];
        for &(number, counts) in &self.counts {
            let band = &mut bands[ends.partition_point(|&end| end < number)];
            for group in [HUMAN, BOT] {
                band[group] += counts[group];
            }
        }
        bands
    }

    fn histogram(&self, axis: HistogramAxis, marks: Vec<HistogramMark>) -> Histogram {
        let count = |&(value, counts): &(i64, [u64; 2])| HistogramCount {
            value,
            humans: counts[HUMAN],
            bots: counts[BOT],
        };
        Histogram { axis, counts: self.counts.iter().map(count).collect(), marks }
    }
}

const fn all(counts: [u64; 2]) -> u64 {
    counts[HUMAN].saturating_add(counts[BOT])
}

fn mark(label: String, value: f64, is_limit: bool) -> HistogramMark {
    HistogramMark { label, value, is_limit }
}

/// The chart of durations, with median, 95th percentile and the bot limit on the longest session drawn in. The other limit
/// is on an average, which no single session has.
#[must_use]
pub fn durations(spread: &Spread, params: &Params) -> Histogram {
    let mut marks = Vec::new();
    if let (Some(median), Some(p95)) = (spread.median(), spread.p95()) {
        marks.push(mark(format!("median {}", format::duration(median)), median, false));
        marks.push(mark(format!("p95 {}", format::minutes(p95)), p95 as f64, false));
        let limit = params.bot_max_session_minutes.get();
        marks.push(mark(format!("longest limit {}", format::minutes(limit)), limit as f64, true));
    }
    spread.histogram(HistogramAxis::Minutes, marks)
}

/// What the chart of durations shows.
#[must_use]
pub fn durations_say(spread: &Spread, params: &Params) -> String {
    let limit_minutes = params.bot_max_session_minutes.get();
    let over = spread.above(limit_minutes);
    match (spread.median(), spread.p95()) {
        (Some(median), Some(p95)) => format!(
            "Half last {} or less, 95 % at most {}; {} last longer than the limit of {}.",
            format::duration(median),
            format::minutes(p95),
            percent(over, spread.sessions()),
            format::minutes(limit_minutes)
        ),
        _ => "Sessions by their duration.".to_owned(),
    }
}

/// Sessions in bands of durations.
#[must_use]
pub fn durations_table(spread: &Spread) -> Table {
    bands_table("duration", spread, &DURATION_BANDS, |from, to| match (from, to) {
        (_, Some(0)) => "0 min, or a single event".to_owned(),
        (Some(from), Some(to)) => format!("over {} to {}", format::minutes(from), format::minutes(to)),
        (Some(from), None) => format!("over {}", format::minutes(from)),
        (None, to) => to.map(format::minutes).unwrap_or_default(),
    })
}

/// The chart of events per session, with median and 95th percentile.
#[must_use]
pub fn events(spread: &Spread) -> Histogram {
    let mut marks = Vec::new();
    if let (Some(median), Some(p95)) = (spread.median(), spread.p95()) {
        marks.push(mark(format!("median {median}"), median, false));
        marks.push(mark(format!("p95 {p95}"), p95 as f64, false));
    }
    spread.histogram(HistogramAxis::Events, marks)
}

/// What the chart of events per session shows.
#[must_use]
pub fn events_say(spread: &Spread) -> String {
    match (spread.median(), spread.p95()) {
        (Some(median), Some(p95)) => format!("Half have {median} or fewer, 95 % at most {p95}."),
        _ => "Sessions by how many events they have.".to_owned(),
    }
}

/// Sessions in bands of events.
#[must_use]
pub fn events_table(spread: &Spread) -> Table {
    bands_table("events", spread, &EVENT_BANDS, events_label)
}

/// A band of events behind the end of the one before it, up to its own.
#[must_use]
pub fn events_label(from: Option<i64>, to: Option<i64>) -> String {
    let first = from.map_or(1, |from| from.saturating_add(1)).unsigned_abs();
    match to.map(i64::unsigned_abs) {
        Some(last) if last == first => format::count(first),
        Some(last) => format!("{} – {}", format::count(first), format::count(last)),
        None => format!("{} and more", format::count(first)),
    }
}

/// `label` names a band by the end of the one before it and its own.
fn bands_table(
    what: &str,
    spread: &Spread,
    ends: &[i64],
    label: fn(Option<i64>, Option<i64>) -> String,
) -> Table {
    let before = std::iter::once(None).chain(ends.iter().copied().map(Some));
    let own = ends.iter().copied().map(Some).chain([None]);
    let sessions = spread.sessions();
    let row = |((from, to), counts): ((Option<i64>, Option<i64>), [u64; 2])| {
        vec![
            label(from, to),
            format::count(counts[HUMAN]),
            format::count(counts[BOT]),
            format::count(all(counts)),
            percent(all(counts), sessions),
        ]
    };
    Table {
        head: [what, "without bots", "likely bots", "all sessions", "share"].map(str::to_owned).into(),
        rows: before.zip(own).zip(spread.in_bands(ends)).map(row).collect(),
    }
}
