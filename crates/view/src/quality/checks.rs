//! The data tests: what each compares, and how it ended.

use wow_charts::format;

use super::Evidence;
use super::definitions::DEFINITIONS;
use super::facts::Facts;

/// As many failing rows as are shown.
const MOST_ROWS: usize = 5;

/// What a failing test means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The numbers are wrong.
    Error,
    /// The numbers are right, the data are odd.
    Warning,
}

impl Severity {
    /// Its name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nothing fails.
    Pass,
    /// Something fails that only warns.
    Warn,
    /// Something fails.
    Fail,
    /// There is nothing to compare with.
    NotRun,
    /// The data are not all there yet.
    NotFinished,
}

impl Status {
    /// The status in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::NotRun => "not run",
            Self::NotFinished => "not finished",
        }
    }
}

/// A data test and its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Names it for tests of the page: `model.name`.
    pub key: String,
    /// The model it is about.
    pub model: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What exactly is compared.
    pub compares: &'static str,
    /// What a failure means.
    pub severity: Severity,
    /// How it ended.
    pub status: Status,
    /// How many rows fail.
    pub failing: u64,
    /// The first failing rows, or why the test was not run; else the figures that were compared.
    pub found: Vec<String>,
}

/// What came out of a test.
pub(super) enum Outcome {
    /// It was run.
    Run {
        /// How many rows fail.
        failing: u64,
        /// The first of them.
        first: Vec<String>,
        /// The figures that were compared.
        found: String,
    },
    /// It could not be run.
    NotRun(&'static str),
}

impl Outcome {
    /// Two counts that must be the same.
    pub(super) fn equal(left: u64, right: u64) -> Self {
        let found = format!("{} and {}", format::count(left), format::count(right));
        let failing = left.abs_diff(right);
        Self::Run {
            failing,
            first: Vec::from_iter((failing > 0).then(|| format!("{found} are not the same"))),
            found,
        }
    }

    /// Nothing to look at, so that nothing fails.
    pub(super) fn none(what: &str) -> Self {
        Self::Run { failing: 0, first: Vec::new(), found: format!("{} looked at", format::counted(0, what)) }
    }

    /// Rows of which each is said to fail or not.
    pub(super) fn rows<T: ToString>(looked_at: usize, mut failing: impl Iterator<Item = T>) -> Self {
        let first = first_of(failing.by_ref());
        let failing = first.len().saturating_add(failing.count()) as u64;
        Self::Run { failing, first, found: format!("{} looked at", format::counted(looked_at as u64, "row")) }
    }
}

/// The first of the failing rows.
pub(super) fn first_of<T: ToString>(failing: impl Iterator<Item = T>) -> Vec<String> {
    failing.take(MOST_ROWS).map(|row| row.to_string()).collect()
}

/// How a test is defined.
pub(super) struct Definition {
    pub(super) model: &'static str,
    pub(super) name: &'static str,
    pub(super) severity: Severity,
    pub(super) compares: &'static str,
    pub(super) run: fn(&Facts<'_>) -> Outcome,
}

impl Definition {
    fn check(&self, status: Status, failing: u64, found: Vec<String>) -> Check {
        Check {
            key: format!("{}.{}", self.model, self.name),
            model: self.model,
            name: self.name,
            compares: self.compares,
            severity: self.severity,
            status,
            failing,
            found,
        }
    }

    fn run(&self, facts: &Facts<'_>) -> Check {
        match (self.run)(facts) {
            Outcome::NotRun(why) => self.check(Status::NotRun, 0, vec![why.to_owned()]),
            Outcome::Run { failing: 0, found, .. } => self.check(Status::Pass, 0, vec![found]),
            Outcome::Run { failing, first, found } => {
                let status = match self.severity {
                    Severity::Error => Status::Fail,
                    Severity::Warning => Status::Warn,
                };
                self.check(status, failing, if first.is_empty() { vec![found] } else { first })
            }
        }
    }
}

/// All data tests, in order of model. They are run once all parts are in.
#[must_use]
pub fn checks(evidence: &Evidence<'_>) -> Vec<Check> {
    let report = evidence.report.filter(|_| evidence.is_complete);
    match report.map(|report| Facts::new(*evidence, report)) {
        None => DEFINITIONS.iter().map(|test| test.check(Status::NotFinished, 0, Vec::new())).collect(),
        Some(facts) => DEFINITIONS.iter().map(|test| test.run(&facts)).collect(),
    }
}

/// How the tests ended, in a sentence.
#[must_use]
pub fn summary(checks: &[Check]) -> String {
    let count = |status| checks.iter().filter(|check| check.status == status).count();
    if count(Status::NotFinished) > 0 {
        return format!("{} tests, run once all parts are in.", checks.len());
    }
    let mut parts = vec![format!("{} of {} tests pass", count(Status::Pass), checks.len())];
    for (status, word) in
        [(Status::Fail, "fail"), (Status::Warn, "warn"), (Status::NotRun, "could not be run")]
    {
        if count(status) > 0 {
            parts.push(format!("{} {word}", count(status)));
        }
    }
    format!("{}.", parts.join(", "))
}
