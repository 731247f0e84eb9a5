//! What can be read off a chart.

use crate::rect::Rect;

/// Something that a chart draws, with its values in words. A page lays a cursor and a tooltip over it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Where it lies, in pixels of the drawing: one rectangle, or the pieces of one thing.
    pub areas: Vec<Rect>,
    /// What it is: a day, a class, a range of minutes.
    pub name: String,
    /// Its values with their units: `8,121 players · 604 likely bots`.
    pub reading: String,
}

impl Mark {
    /// A mark of one piece.
    pub(crate) fn new(area: Rect, name: String, reading: String) -> Self {
        Self { areas: vec![area], name, reading }
    }
}
