//! How the tests ended, as short as a chip.

use super::checks::{Check, Status};

/// How many tests passed, and the worst that came of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tested {
    /// How many passed.
    pub passed: usize,
    /// How many there are.
    pub all: usize,
    /// The worst.
    pub worst: Status,
}

impl Tested {
    /// None before the tests are run.
    #[must_use]
    pub fn of(checks: &[Check]) -> Option<Self> {
        let count = |status| checks.iter().filter(|check| check.status == status).count();
        let worst = [Status::NotFinished, Status::Fail, Status::Warn, Status::NotRun, Status::Pass]
            .into_iter()
            .find(|&status| count(status) > 0)?;
        let tested = Self { passed: count(Status::Pass), all: checks.len(), worst };
        (worst != Status::NotFinished).then_some(tested)
    }

    /// `22 of 24 tests`.
    #[must_use]
    pub fn words(self) -> String {
        format!("{} of {} tests", self.passed, self.all)
    }

    /// What of the others.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self.worst {
            Status::Fail => "passed: some numbers are wrong.",
            Status::Warn => "passed: the numbers are right, some data are odd.",
            Status::NotRun => "passed: the others could not be run.",
            Status::Pass | Status::NotFinished => "passed.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::Severity;

    fn check(status: Status) -> Check {
        let severity = Severity::Error;
        Check {
            key: String::new(),
            model: "",
            name: "",
            compares: "",
            severity,
            status,
            failing: 0,
            found: Vec::new(),
        }
    }

    #[test]
    fn the_worst_of_the_tests_is_told_with_how_many_passed() {
        let of = |statuses: &[Status]| Tested::of(&statuses.iter().copied().map(check).collect::<Vec<_>>());
        let words =
            |statuses: &[Status]| of(statuses).map(|tested| format!("{} {}", tested.words(), tested.says()));
        assert_eq!(words(&[Status::Pass, Status::Pass]).unwrap(), "2 of 2 tests passed.");
        assert_eq!(
            words(&[Status::Pass, Status::NotRun, Status::Warn]).unwrap(),
            "1 of 3 tests passed: the numbers are right, some data are odd."
        );
        assert_eq!(of(&[Status::Warn, Status::Fail]).unwrap().worst, Status::Fail);
        assert_eq!(of(&[Status::NotFinished]), None);
        assert_eq!(of(&[]), None);
    }
}
