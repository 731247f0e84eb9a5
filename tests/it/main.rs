//! The native tests of the whole product, through the real binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cli;
mod dbt;
mod golden;
mod holder;
mod layout;
mod project;
mod property;
mod publish;
mod readers;
mod storage;
mod support;
mod types;
mod verify;
