//! How far the loading is, as the page shows it.

use wow_charts::format;

use super::failure::size;

/// What is being done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stage {
    /// It is found out what there is to read.
    #[default]
    Looking,
    /// A file without a manifest is being fetched.
    Fetching,
    /// The events are being read and scanned.
    Scanning,
    /// The rows are being sorted: they were not in order, or it cannot be known whether they are.
    Sorting,
}

/// What was read and scanned so far.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Parts whose statistics are in.
    pub parts_done: usize,
    /// All parts.
    pub parts: usize,
    /// Bytes read; while sorting, in all passes.
    pub bytes_done: u64,
    /// All bytes, where they are known.
    pub bytes: Option<u64>,
    /// Events scanned.
    pub rows_done: u64,
    /// All events, where they are known.
    pub rows: Option<u64>,
    /// Seconds since the start.
    pub seconds: f64,
}

impl Progress {
    /// The share that is done, between 0 and 1: bytes and events count half each, for both take time. Sorting
    /// starts anew and counts bytes alone, for how many events there are may only turn out then.
    #[must_use]
    pub fn share(&self) -> f64 {
        let part = |done: u64, all: Option<u64>| {
            all.filter(|all| *all > 0).map(|all| (done as f64 / all as f64).min(1.0))
        };
        let parts = part(self.parts_done as u64, Some(self.parts as u64)).unwrap_or(0.0);
        let bytes = part(self.bytes_done, self.bytes).unwrap_or(parts);
        let rows = part(self.rows_done, self.rows).unwrap_or(parts);
        if self.stage == Stage::Sorting { bytes } else { f64::midpoint(bytes, rows) }
    }

    fn percent(&self) -> String {
        format::fixed(self.share() * 100.0, 0)
    }

    /// What is going on: parts, bytes, rate and events; nothing is counted before the parts are known.
    #[must_use]
    pub fn facts(&self) -> Vec<String> {
        match self.stage {
            Stage::Looking => vec!["Looking for the data …".to_owned()],
            Stage::Fetching => [vec!["Fetching the file".to_owned()], self.bytes_read()].concat(),
            Stage::Scanning => {
                let parts = vec![format!("{} of {} parts", self.parts_done, self.parts)];
                let events = match self.rows {
                    Some(rows) => {
                        format!("{} of {} events", format::count(self.rows_done), format::count(rows))
                    }
                    None => format!("{} events", format::count(self.rows_done)),
                };
                [parts, self.bytes_read(), vec![events]].concat()
            }
            Stage::Sorting => vec![
                "The rows are being sorted by player and time".to_owned(),
                format!("{} %", self.percent()),
            ],
        }
    }

    /// How far a scan for another choice is.
    #[must_use]
    pub fn again(&self) -> String {
        format!("Scanning the events again · {} %", self.percent())
    }

    fn bytes_read(&self) -> Vec<String> {
        let mut facts = vec![match self.bytes {
            Some(bytes) => format!("{} of {}", size(self.bytes_done), size(bytes)),
            None => size(self.bytes_done),
        }];
        if self.seconds > 0.2 {
            facts.push(format!("{}/s", size((self.bytes_done as f64 / self.seconds) as u64)));
        }
        facts
    }
}

/// What the numbers are after loading was cancelled: of all parts or of some, and of what is chosen or of what was.
#[must_use]
pub const fn cancelled_say(is_whole: bool, is_stale: bool) -> &'static str {
    match (is_whole, is_stale) {
        (_, true) => "Loading was cancelled, so the numbers do not follow what you chose since.",
        (true, false) => "Loading was cancelled: the numbers are those from before.",
        (false, false) => "Loading was cancelled: the numbers are those of the parts read so far.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF_WAY: Progress = Progress {
        stage: Stage::Scanning,
        parts_done: 1,
        parts: 4,
        bytes_done: 50,
        bytes: Some(100),
        rows_done: 1_000,
        rows: Some(4_000),
        seconds: 0.0,
    };

    #[test]
    fn progress_counts_bytes_and_events() {
        assert!((HALF_WAY.share() - 0.375).abs() < 1e-9);
        assert_eq!(HALF_WAY.facts(), ["1 of 4 parts", "50 B of 100 B", "1,000 of 4,000 events"]);
    }

    #[test]
    fn nothing_is_counted_before_the_parts_are_known() {
        assert_eq!(Progress::default().facts(), ["Looking for the data …"]);
    }

    #[test]
    fn a_file_that_is_fetched_counts_its_bytes() {
        let known = Progress { stage: Stage::Fetching, seconds: 1.0, rows: None, parts: 0, ..HALF_WAY };
        assert_eq!(known.facts(), ["Fetching the file", "50 B of 100 B", "50 B/s"]);
        assert!((known.share() - 0.25).abs() < 1e-9);
        let unknown = Progress { bytes: None, ..known };
        assert_eq!(unknown.facts(), ["Fetching the file", "50 B", "50 B/s"]);
    }

    #[test]
    fn sorting_is_told() {
        let facts = Progress { stage: Stage::Sorting, ..HALF_WAY }.facts();
        assert!(facts[0].contains("being sorted by player and time"), "{facts:?}");
        assert_eq!(facts[1], "50 %");
    }

    #[test]
    fn a_scan_for_another_choice_tells_its_share() {
        assert_eq!(HALF_WAY.again(), "Scanning the events again · 38 %");
    }

    #[test]
    fn after_cancel_nobody_takes_the_numbers_for_what_they_are_not() {
        assert!(cancelled_say(false, false).contains("parts read so far"));
        assert!(cancelled_say(true, false).contains("from before"));
        for is_whole in [false, true] {
            assert!(cancelled_say(is_whole, true).contains("do not follow"));
        }
    }

    #[test]
    fn lying_sizes_never_exceed_the_whole() {
        for stage in [Stage::Fetching, Stage::Scanning, Stage::Sorting] {
            let progress = Progress { bytes: Some(1), rows: Some(0), stage, ..HALF_WAY };
            assert!((0.0..=1.0).contains(&progress.share()));
        }
    }
}
