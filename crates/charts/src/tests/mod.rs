//! What a reader of the charts would notice.
#![allow(clippy::unwrap_used, clippy::panic)]

mod charts;
mod drawn;
mod hostile;
mod marks;
mod samples;
