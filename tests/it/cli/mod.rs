//! The commands as a user runs them.

mod bad_input;
mod clean;
mod daily;
mod databases;
mod dbt;
mod export;
pub(crate) mod export_files;
mod facts;
mod folders;
mod generate;
pub(crate) mod import;
mod inputs;
mod locked;
mod output;
mod production;
mod refresh;
mod report;
mod run;
mod run_database;
mod sample;
mod serve;
mod settings;
mod tools;
mod views;
