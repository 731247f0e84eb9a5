//! What a table shows: its columns, rows and cells.

use wow_view::csv::Field;

/// How a column is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sorted {
    /// It cannot be.
    Never,
    /// Another column decides the order.
    No,
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

impl Sorted {
    /// By the direction of the order, where it is this column's: whether the largest is first.
    pub(crate) const fn by(is_descending: Option<bool>) -> Self {
        match is_descending {
            None => Self::No,
            Some(false) => Self::Ascending,
            Some(true) => Self::Descending,
        }
    }

    pub(super) fn aria(self) -> Option<&'static str> {
        match self {
            Self::Never => None,
            Self::No => Some("none"),
            Self::Ascending => Some("ascending"),
            Self::Descending => Some("descending"),
        }
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// What `on_sort` is told.
    pub(crate) key: &'static str,
    /// The heading.
    pub(crate) label: &'static str,
    /// What the column means, shown when the pointer rests on the heading.
    pub(crate) title: &'static str,
    /// Numbers stand at the right.
    pub(crate) is_number: bool,
    /// The least width, pixels. Columns share what room is left, but for the first, which is as wide as this.
    pub(crate) width_px: u32,
    /// Whether its cells may have a bar.
    pub(crate) has_bars: bool,
    /// How it is sorted.
    pub(crate) sorted: Sorted,
}

impl Column {
    /// A cell as it is copied. An id is a whole number wherever it stands.
    pub(super) fn copied<'a>(&self, cell: &'a str) -> Field<'a> {
        match self.is_number || cell.parse::<i64>().is_ok() {
            true => Field::Plain(cell.to_owned()),
            false => Field::Text(cell),
        }
    }
}

/// A cell's text, and how it is marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CellText {
    /// The text.
    pub(crate) text: String,
    /// The style class, or "".
    pub(crate) class: &'static str,
    /// The length of the bar below the text, as percent of the cell's width; 0 for none. Only in a column that has bars.
    pub(crate) bar_percent: u8,
}

impl From<String> for CellText {
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

/// A row in sight.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// The player it is about, for `data-player-id`.
    pub(crate) player_id: Option<i64>,
    /// The style class, or "".
    pub(crate) class: &'static str,
    /// One cell a column.
    pub(crate) cells: Vec<CellText>,
}
