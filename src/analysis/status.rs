//! Where the reading stands, and what that means for what is in sight.

use crate::protocol::Failure;
use wow_loading::Progress;

/// Where the reading stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Status {
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
    #[must_use]
    pub const fn progress(&self) -> Option<Progress> {
        match self {
            Self::Loading(progress) => Some(*progress),
            _ => None,
        }
    }

    /// How far a scan for another choice is, while it goes on.
    #[must_use]
    pub const fn again(&self) -> Option<Progress> {
        match self {
            Self::Again(progress) => Some(*progress),
            _ => None,
        }
    }

    /// What it ended with, where not with all that was asked for.
    #[must_use]
    pub fn ended_early(&self) -> Option<Self> {
        matches!(self, Self::Cancelled | Self::Failed(_)).then(|| self.clone())
    }

    /// What it ended with, where it failed.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        match self {
            Self::Failed(failure) => Some(failure.clone()),
            _ => None,
        }
    }
}

/// What the statistics in sight lack of being those that are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pending {
    /// Nothing, or there are none in sight.
    #[default]
    Nothing,
    /// They are counted anew, which takes no longer than a glance.
    Recount,
    /// The events have to be read again, or nothing will follow until the data are.
    Scan,
}
