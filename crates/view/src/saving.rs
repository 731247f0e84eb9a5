//! Files that are being made, in words.

use wow_charts::format;
use wow_loading::Failure;

use super::failure::{Origin, message, size};

/// How far the writing of a large file is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// The file's name.
    pub name: String,
    /// Rows that are written.
    pub rows_done: u64,
    /// Rows that there are.
    pub rows: u64,
    /// Bytes that are written.
    pub bytes: u64,
}

impl Progress {
    /// The share that is done, from 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.rows_done as f64 / self.rows.max(1) as f64
    }

    /// What is being written, and how much of it is.
    #[must_use]
    pub fn facts(&self) -> String {
        let rows = format!("{} of {}", format::count(self.rows_done), format::counted(self.rows, "row"));
        format!("Writing {} · {rows} · {}", self.name, size(self.bytes))
    }

    /// That it is done.
    #[must_use]
    pub fn done(&self) -> String {
        let rows = format::counted(self.rows_done, "row");
        format!("{} is written: {rows}, {}.", self.name, size(self.bytes))
    }
}

/// Why there is no file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// What it is made of could not be had.
    Made(Failure),
    /// The disk, or the browser, did not take it; the browser's name for that, and its words.
    Disk {
        /// Such as `QuotaExceededError`.
        name: String,
        /// For whoever wants to know more.
        detail: String,
    },
}

/// Why a file is not there, and the way out.
#[must_use]
pub fn say(file: &str, trouble: &Trouble, origin: Origin) -> String {
    let why = match trouble {
        Trouble::Made(failure) => {
            let message = message(failure, origin);
            format!("{} {}", message.cause, message.next_step)
        }
        Trouble::Disk { name, .. } if name == "QuotaExceededError" => {
            "There is not enough room for it. Free some, or choose another disk, and download it again."
                .to_owned()
        }
        Trouble::Disk { name, .. } if matches!(name.as_str(), "NotAllowedError" | "SecurityError") => {
            "The browser did not allow it. Choose another folder, and allow this page to write there."
                .to_owned()
        }
        Trouble::Disk { detail, .. } => {
            let detail = detail.trim_end_matches('.');
            format!(
                "It could not be written to the end ({detail}). Choose another place, and download it again."
            )
        }
    };
    format!("{file} was not written, and nothing of it is left. {why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_tells_rows_and_bytes() {
        let progress = Progress { name: "a.parquet".into(), rows_done: 1_500, rows: 6_000, bytes: 1_234_567 };
        assert_eq!(progress.facts(), "Writing a.parquet · 1,500 of 6,000 rows · 1.2 MB");
        assert!((progress.share() - 0.25).abs() < 1e-9);
        assert_eq!(progress.done(), "a.parquet is written: 1,500 rows, 1.2 MB.");
        assert!(Progress::default().share().abs() < 1e-9);
    }

    #[test]
    fn what_went_wrong_has_a_way_out() {
        let disk = |name: &str| Trouble::Disk { name: name.into(), detail: "the disk is gone.".into() };
        let said = |trouble: &Trouble| say("a.parquet", trouble, Origin::ThisMachine);
        assert!(said(&disk("QuotaExceededError")).contains("not enough room"));
        assert!(said(&disk("NotAllowedError")).contains("did not allow"));
        assert!(said(&disk("NotReadableError")).contains("(the disk is gone). Choose"));
        let failure = Failure::Worker { detail: "the data were closed meanwhile".into() };
        let text = said(&Trouble::Made(failure));
        assert!(text.starts_with("a.parquet was not written") && text.contains("closed meanwhile"), "{text}");
    }
}
