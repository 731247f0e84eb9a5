//! What a reader of the charts would notice.
#![allow(clippy::unwrap_used, clippy::panic)]

mod charts;
mod drawn;
mod hostile;
mod marks;
pub(crate) mod samples;
mod scales;
