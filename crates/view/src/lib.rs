//! What page and report show, as plain data: labels, rows, formats. Statistics in, text out; no browser, no files.

pub mod address;
pub mod changes;
pub mod choice;
pub mod dataset;
pub mod failure;
pub mod filter;
pub mod limits;
pub mod loading;
pub mod time;
pub mod zones;

pub mod bots;
pub mod brush;
pub mod columns;
pub mod compare;
pub mod coverage;
pub mod csv;
pub mod findings;
pub mod history;
pub mod kept;
pub mod lines;
pub mod marks;
pub mod models;
pub mod online;
mod order;
pub mod overview;
pub mod params;
pub mod parquet;
pub mod part_facts;
pub mod player;
pub mod players;
pub mod provenance;
pub mod quality;
pub mod reading;
pub mod rows;
pub mod sampled;
pub mod saving;
pub mod seeds;
pub mod sessions;
pub mod share;
pub mod sheet;
pub mod signed;
pub mod stale;
pub mod tables;
pub mod turn;
pub mod views;

#[cfg(test)]
mod sample;

/// What a chart is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChartName {
    /// Its heading.
    pub title: &'static str,
    /// The name of its downloads, without ending.
    pub file: &'static str,
    /// What a screen reader speaks of its picture.
    pub label: &'static str,
    /// What is counted and how, for those who ask; the sentence beside the picture is what was found.
    pub method: &'static str,
}

/// A small table of texts: what a chart shows, for those who read rather than look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns' names.
    pub head: Vec<String>,
    /// The rows; each has an entry per column.
    pub rows: Vec<Vec<String>>,
}
