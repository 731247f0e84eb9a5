//! The engine's own laws: any split merges to the same answer, and no bytes bring it down.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod any_layout;
mod any_runs;
mod bad_data;
mod csv;
mod digests;
mod ends_of_time;
mod facts;
mod filtered;
mod folders;
mod held_times;
mod hostile_bytes;
mod hostile_footer;
mod hostile_pages;
mod inputs;
mod large_groups;
mod log;
mod made;
mod merge_laws;
mod packed_rows;
mod sorting;
mod tools;
