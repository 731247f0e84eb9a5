//! How far the loading is, as the page shows it.

use wow_charts::format;

use super::failure::size;

/// What was read and scanned so far.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Progress {
    /// Parts whose statistics are in.
    pub parts_done: usize,
    /// All parts.
    pub parts: usize,
    /// Bytes read.
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
    /// The share that is done, between 0 and 1: bytes and events count half each, for both take time.
    #[must_use]
    pub fn share(&self) -> f64 {
        let part = |done: u64, all: Option<u64>| {
            all.filter(|all| *all > 0).map(|all| (done as f64 / all as f64).min(1.0))
        };
        let parts = part(self.parts_done as u64, Some(self.parts as u64)).unwrap_or(0.0);
        let bytes = part(self.bytes_done, self.bytes).unwrap_or(parts);
        let rows = part(self.rows_done, self.rows).unwrap_or(parts);
        f64::midpoint(bytes, rows)
    }

    /// What is going on: parts, bytes, rate and events; nothing is counted before the parts are known.
    #[must_use]
    pub fn facts(&self) -> Vec<String> {
        if self.parts == 0 {
            return vec!["Looking for the data …".to_owned()];
        }
        let mut facts = vec![format!("{} of {} parts", self.parts_done, self.parts)];
        facts.push(match self.bytes {
            Some(bytes) => format!("{} of {}", size(self.bytes_done), size(bytes)),
            None => size(self.bytes_done),
        });
        if self.seconds > 0.2 {
            facts.push(format!("{}/s", size((self.bytes_done as f64 / self.seconds) as u64)));
        }
        facts.push(match self.rows {
            Some(rows) => {
                format!("{} of {} events", format::count(self.rows_done), format::count(rows))
            }
            None => format!("{} events", format::count(self.rows_done)),
        });
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_counts_bytes_and_events() {
        let progress = Progress {
            parts_done: 1,
            parts: 4,
            bytes_done: 50,
            bytes: Some(100),
            rows_done: 1_000,
            rows: Some(4_000),
            seconds: 0.0,
        };
        assert!((progress.share() - 0.375).abs() < 1e-9);
        assert_eq!(progress.facts(), ["1 of 4 parts", "50 B of 100 B", "1,000 of 4,000 events"]);
    }

    #[test]
    fn nothing_is_counted_before_the_parts_are_known() {
        assert_eq!(Progress::default().facts(), ["Looking for the data …"]);
    }

    #[test]
    fn lying_sizes_never_exceed_the_whole() {
        let progress =
            Progress { bytes_done: 9, bytes: Some(1), rows_done: 9, rows: Some(0), ..Progress::default() };
        assert!((0.0..=1.0).contains(&progress.share()));
    }
}
