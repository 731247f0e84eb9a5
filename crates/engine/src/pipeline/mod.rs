//! Events in, statistics out: the four models and the aggregates that the pages show.
//!
//! [`Scanner`] takes ordered events and yields a [`Partial`]; partials merge in order, whatever the split;
//! [`Partial::finish`] makes the [`Report`].

mod activity;
mod codec;
mod counts;
mod coverage;
mod digest;
pub mod events;
mod filter;
mod fragment;
mod history;
mod hour;
mod params;
mod partial;
mod players;
mod recount;
mod report;
mod runs;
mod scanner;
mod scratch;
mod seams;
mod session_counts;
pub mod sessions;
mod shared;
mod strings;

pub use activity::Activity;
pub use counts::{BOT, GroupCounts, HUMAN, Number};
pub use coverage::{Coverage, CoveredDay};
pub use digest::{Digest, Kept, Moving, Recounting};
pub use filter::{Filter, Judge, NO_GUILD, Query};
pub use history::History;
pub use params::Params;
pub use partial::{LEVELS, Partial};
pub use players::{PlayerRow, PlayerTable, SessionRow, SessionTable, Verdict, round2};
pub use recount::Recount;
pub use report::{Report, Totals};

pub use scanner::Scanner;
pub use seams::Seams;
pub use session_counts::{COUNTED_GAPS_MINUTES, SessionCounts};
pub use sessions::{STRETCH_GAP, Session, Step, Walk};
pub use shared::Shared;
pub use strings::{Dictionary, NULL_CODE, Strings};
