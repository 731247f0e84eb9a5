//! The site and the exports of a folder over HTTP, for the browsers of this machine.
//!
//! Nothing is looked up on disk by a name that a request chose: the site's files are in memory, and of an export its
//! manifest and its parts are served, whose names have one form.

mod answer;
mod exports;
mod hosts;
mod listen;
mod rules;
mod site;
mod types;

pub(crate) use exports::Exports;
pub(crate) use hosts::Hosts;
pub(crate) use listen::{Listening, run};
pub(crate) use site::Site;

/// What is served, and to whom.
pub(crate) struct Served {
    /// The page and all it is made of.
    pub(crate) site: Site,
    /// The data beside it.
    pub(crate) exports: Exports,
    /// The names by which this server may be asked.
    pub(crate) hosts: Hosts,
}
