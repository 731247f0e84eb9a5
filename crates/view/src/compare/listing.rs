//! Which of the players that differ are listed, and in which order: what the URL holds of the comparison.

use wow_engine::Params;
use wow_engine::pipeline::Report;

use super::players::{Change, Changes, Column};
use crate::order::{self, by_key};

/// Which of the players are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which {
    /// Flagged in one and not in the other.
    #[default]
    Changed,
    /// Only in the data that the page shows.
    OnlyHere,
    /// Only in the other data.
    OnlyThere,
}

impl Which {
    /// All of them, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Changed, Self::OnlyHere, Self::OnlyThere];

    /// Those players.
    #[must_use]
    pub const fn of(self, changes: &Changes) -> &Vec<Change> {
        match self {
            Self::Changed => &changes.changed,
            Self::OnlyHere => &changes.only_here,
            Self::OnlyThere => &changes.only_there,
        }
    }

    /// Its name in the URL, in file names and in the page's markup.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::OnlyHere => "only-here",
            Self::OnlyThere => "only-there",
        }
    }

    /// Its name in the switch, with the names of both.
    #[must_use]
    pub fn label(self, [here, there]: &[String; 2]) -> String {
        match self {
            Self::Changed => "Changed sides".to_owned(),
            Self::OnlyHere => format!("Only in {here}"),
            Self::OnlyThere => format!("Only in {there}"),
        }
    }
}

/// The name of the column of ids; those of the others are a [`Column`]'s keys.
pub const PLAYER: &str = "player";

/// How the list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The column's name.
    pub column: &'static str,
    /// Greatest first.
    pub is_descending: bool,
}

impl Default for Order {
    fn default() -> Self {
        Self { column: PLAYER, is_descending: false }
    }
}

impl Order {
    /// As the URL writes it: a column, after a minus where the greatest is first.
    fn key(self) -> String {
        order::written(self.column, self.is_descending)
    }

    fn from_key(key: &str) -> Option<Self> {
        let (name, is_descending) = order::read(key);
        let names = std::iter::once(PLAYER).chain(Column::ALL.into_iter().flat_map(|column| column.keys));
        let column = names.into_iter().find(|column| *column == name)?;
        Some(Self { column, is_descending })
    }

    /// The order after a press on a column's heading: turned round, or by that column with the greatest first; by id
    /// the least is first.
    #[must_use]
    pub fn pressed(self, column: &'static str) -> Self {
        let is_descending = if self.column == column { !self.is_descending } else { column != PLAYER };
        Self { column, is_descending }
    }
}

/// Which players are listed, and in which order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Listing {
    /// Which.
    pub which: Which,
    /// In which order.
    pub order: Order,
}

impl Listing {
    /// Takes a pair of the URL; whether it is one of the comparison's. What it does not know is left out.
    pub fn take(&mut self, key: &str, value: &str) -> bool {
        match key {
            "differing" => {
                let which = Which::ALL.into_iter().find(|which| which.key() == value);
                self.which = which.unwrap_or(self.which);
            }
            "differing_sort" => self.order = Order::from_key(value).unwrap_or(self.order),
            _ => return false,
        }
        true
    }

    /// The pairs that differ from the default.
    pub fn pairs(&self) -> impl Iterator<Item = (&'static str, String)> + use<> {
        let default = Self::default();
        let which = (self.which != default.which).then(|| ("differing", self.which.key().to_owned()));
        let order = (self.order != default.order).then(|| ("differing_sort", self.order.key()));
        which.into_iter().chain(order)
    }

    /// The players of the list.
    #[must_use]
    pub fn players(self, changes: &Changes, here: &Report, there: &Report, params: &Params) -> Vec<Change> {
        let listed = self.which.of(changes);
        let side = |column: &Column| column.keys.iter().position(|key| *key == self.order.column);
        let sorted = Column::ALL.into_iter().find_map(|column| Some((column, side(&column)?)));
        let Some((column, side)) = sorted else {
            let by_id = listed.iter().copied();
            return if self.order.is_descending { by_id.rev().collect() } else { by_id.collect() };
        };
        let rank = |change: &Change| {
            let (report, index) = change.on([here, there], side);
            Some(column.rank(report, params, index?))
        };
        // Who is not there is less than all others.
        let keyed = (0..).zip(listed).map(|(place, change)| (rank(change).unwrap_or(i64::MIN), place));
        let places = by_key(keyed.collect(), self.order.is_descending);
        places.into_iter().map(|place| listed[place as usize]).collect()
    }
}
