//! What goes wrong, in one sentence with a way out, and the exit status it means.

use std::fmt;

/// The exit status after Ctrl-C, as shells count it: 128 + SIGINT.
pub(crate) const CANCELLED_STATUS: u8 = 130;

/// An error that a user can act on. It is the outermost context of an [`anyhow::Error`]; what DuckDB or the
/// system said is kept beneath it as the cause.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command was used wrongly, or on something that is not there: exit status 2.
    Usage(String),
    /// What was examined is not as it must be: exit status 1.
    Check(String),
    /// One step is done and will stay, and the next is not, for which Ctrl-C may be the reason: exit status 1.
    Partly(String),
}

impl Failure {
    /// The exit status that an error means; 1 for errors that carry no [`Failure`].
    pub(crate) fn status_of(error: &anyhow::Error) -> u8 {
        match error.downcast_ref::<Self>() {
            Some(Self::Usage(_)) => 2,
            Some(Self::Check(_) | Self::Partly(_)) | None => 1,
        }
    }

    /// An error of wrong use.
    pub(crate) fn usage(sentence: impl Into<String>) -> anyhow::Error {
        Self::Usage(sentence.into()).into()
    }

    /// An error in what was examined.
    pub(crate) fn check(sentence: impl Into<String>) -> anyhow::Error {
        Self::Check(sentence.into()).into()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(sentence) | Self::Check(sentence) | Self::Partly(sentence) => f.write_str(sentence),
        }
    }
}

impl std::error::Error for Failure {}

/// What DuckDB says of the user's own SQL: all of it is wanted.
#[derive(Debug)]
pub(crate) struct InOwnSql(pub(crate) String);

impl fmt::Display for InOwnSql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InOwnSql {}

/// What is told of a cause: DuckDB's messages may hold several lines, of which the first names the cause. Of the user's own
/// SQL they show the place too.
pub(crate) fn told(cause: &(dyn std::error::Error + 'static)) -> String {
    let text = cause.to_string();
    if cause.is::<InOwnSql>() { text } else { text.lines().next().unwrap_or_default().to_owned() }
}
