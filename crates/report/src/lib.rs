//! A log's statistics as one HTML file: no script, nothing from a network, for the screen in the reader's theme and for
//! paper. It knows neither browser nor files, so that the command and the page make the same file of the same data, but
//! for the time of writing. All numbers and sentences are those of [`wow_view`].

mod activity;
mod bots;
mod card;
mod document;
mod evidence;
mod head;
mod sessions;
mod style;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use wow_charts::Error;
use wow_engine::pipeline::Report;
use wow_engine::time::Micros;
use wow_view::dataset::Dataset;
use wow_view::filter::BotChoice;
use wow_view::marks::Marks;
use wow_view::part_facts::PartFacts;

/// How every report begins.
pub const BEGINNING: &str = "<!DOCTYPE html><html lang=\"en\"><head>";

/// What a report is made of.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Where the numbers come from.
    pub dataset: &'a Dataset,
    /// The statistics of all of it, with the parameters and the filter that they were made with.
    pub report: &'a Arc<Report>,
    /// What was found out about the parts, by their place.
    pub parts: &'a [(usize, PartFacts)],
    /// Which of the players are shown.
    pub bots: BotChoice,
    /// What the sender marked players as.
    pub marks: &'a Marks,
    /// The heading; one that fits every log where it is empty.
    pub title: &'a str,
    /// Some words of the sender's own. An empty line begins a new paragraph.
    pub note: &'a str,
    /// When it is written, in UTC.
    pub written_us: Micros,
}

/// The report as an HTML document.
///
/// # Errors
/// Those of drawing.
pub fn html(source: &Source<'_>) -> Result<String, Error> {
    document::document(source)
}
