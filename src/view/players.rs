//! The table of all players: filters, order, rows.

/// Filters and order of the table, as the URL holds them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Selection {}

impl Selection {
    /// Takes a pair of the URL; what it does not know is left out.
    pub fn take(&mut self, _key: &str, _value: &str) {}

    /// The pairs that differ from the default.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}
