//! The commands as a user runs them.

mod bad_input;
mod databases;
mod export;
mod folders;
mod generate;
mod import;
mod inputs;
mod report;
mod run;
mod serve;
mod tools;
mod views;
