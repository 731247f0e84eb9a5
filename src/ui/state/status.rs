//! Where the loading stands.

use crate::protocol::Failure;
use wow_view::loading::Progress;

/// Where the loading stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Status {
    /// Parts are being read.
    Loading(Progress),
    /// The user stopped it.
    Cancelled,
    /// It ended with a failure.
    Failed(Failure),
    /// All is there.
    Ready,
    /// All is there, and is scanned again for another choice.
    Again(Progress),
}

impl Status {
    /// How far the loading is, while it goes on.
    pub(crate) const fn progress(&self) -> Option<Progress> {
        match self {
            Self::Loading(progress) => Some(*progress),
            _ => None,
        }
    }

    /// How far a scan for another choice is, while it goes on.
    pub(crate) const fn again(&self) -> Option<Progress> {
        match self {
            Self::Again(progress) => Some(*progress),
            _ => None,
        }
    }

    /// What it ended with, where not with all that was asked for.
    pub(crate) fn ended_early(&self) -> Option<Self> {
        matches!(self, Self::Cancelled | Self::Failed(_)).then(|| self.clone())
    }

    /// What it ended with, where it failed.
    pub(crate) fn failure(&self) -> Option<Failure> {
        match self {
            Self::Failed(failure) => Some(failure.clone()),
            _ => None,
        }
    }
}
