//! What must hold whatever bytes come in.
//!
//! Each target is a function that is given what a fuzzer made up, and panics where the engine or the page's plain code
//! breaks a promise: it panics itself, or it gives another answer than the reference. `fuzz/` runs the targets under
//! libFuzzer; `finds/` keeps the inputs that once broke a promise, and the tests run them again.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is how a broken promise is told")]

mod csv;
mod footer;
mod headers;
mod manifest;
mod messages;
mod pages;
mod parts;
mod reference;
pub mod seeds;
mod shown;
mod text_times;

#[path = "../../engine/tests/it/made.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "it belongs to the engine's tests, which use all of it"
)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "it writes what is known to be a log")]
mod made;

/// What the engine's files that are read here too call it.
use wow_engine::Error;

pub use csv::csv;
pub use footer::footer;
pub use manifest::manifest;
pub use messages::messages;
pub use pages::pages;
pub use parts::parts;
pub use text_times::text_times;

/// What is given a fuzzer's bytes.
pub type Target = fn(&[u8]);

/// The targets by their names, which are those of the programs in `fuzz/`.
pub const TARGETS: [(&str, Target); 7] = [
    ("footer", footer),
    ("pages", pages),
    ("parts", parts),
    ("csv", csv),
    ("text_times", text_times),
    ("manifest", manifest),
    ("messages", messages),
];
