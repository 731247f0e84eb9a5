//! How far the loading is, as the page shows it.

use wow_charts::format;
use wow_loading::{Progress, Stage};

use super::failure::size;

/// What is going on: parts, bytes, rate and events; nothing is counted before the parts are known.
#[must_use]
pub fn facts(progress: &Progress) -> Vec<String> {
    match progress.stage {
        Stage::Looking => vec!["Looking for the data …".to_owned()],
        Stage::Fetching => [vec!["Fetching the file".to_owned()], bytes_read(progress)].concat(),
        Stage::Scanning => {
            let parts = vec![format!("{} of {} parts", progress.parts_done, progress.parts)];
            let done = format::count(progress.rows_done);
            let events = match progress.rows {
                Some(rows) => format!("{done} of {} events", format::count(rows)),
                None => format!("{done} events"),
            };
            [parts, bytes_read(progress), vec![events]].concat()
        }
        Stage::Sorting => vec![
            "The rows are being sorted by player and time".to_owned(),
            format!("{} %", percent(progress)),
        ],
    }
}

/// How far a scan for another choice is.
#[must_use]
pub fn again(progress: &Progress) -> String {
    format!("Scanning the events again · {} %", percent(progress))
}

fn percent(progress: &Progress) -> String {
    format::fixed(progress.share() * 100.0, 0)
}

fn bytes_read(progress: &Progress) -> Vec<String> {
    let mut facts = vec![match progress.bytes {
        Some(bytes) => format!("{} of {}", size(progress.bytes_done), size(bytes)),
        None => size(progress.bytes_done),
    }];
    if progress.seconds > 0.2 {
        facts.push(format!("{}/s", size((progress.bytes_done as f64 / progress.seconds) as u64)));
    }
    facts
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
        assert_eq!(facts(&HALF_WAY), ["1 of 4 parts", "50 B of 100 B", "1,000 of 4,000 events"]);
    }

    #[test]
    fn nothing_is_counted_before_the_parts_are_known() {
        assert_eq!(facts(&Progress::default()), ["Looking for the data …"]);
    }

    #[test]
    fn a_file_that_is_fetched_counts_its_bytes() {
        let known = Progress { stage: Stage::Fetching, seconds: 1.0, rows: None, parts: 0, ..HALF_WAY };
        assert_eq!(facts(&known), ["Fetching the file", "50 B of 100 B", "50 B/s"]);
        assert!((known.share() - 0.25).abs() < 1e-9);
        let unknown = Progress { bytes: None, ..known };
        assert_eq!(facts(&unknown), ["Fetching the file", "50 B", "50 B/s"]);
    }

    #[test]
    fn sorting_is_told() {
        let facts = facts(&Progress { stage: Stage::Sorting, ..HALF_WAY });
        assert!(facts[0].contains("being sorted by player and time"), "{facts:?}");
        assert_eq!(facts[1], "50 %");
    }

    #[test]
    fn a_scan_for_another_choice_tells_its_share() {
        assert_eq!(again(&HALF_WAY), "Scanning the events again · 38 %");
    }

    #[test]
    fn after_cancel_nobody_takes_the_numbers_for_what_they_are_not() {
        assert!(cancelled_say(false, false).contains("parts read so far"));
        assert!(cancelled_say(true, false).contains("from before"));
        for is_whole in [false, true] {
            assert!(cancelled_say(is_whole, true).contains("do not follow"));
        }
    }
}
