//! Which column of a file is which of the event table.

use std::fmt;

use super::{Column, Refusal};
use crate::Error;

/// Where the columns of the event table are among those of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    names: Vec<String>,
    /// The place of each column, in the order of [`Column::ALL`].
    places: [usize; Column::ALL.len()],
}

impl Columns {
    /// Finds every column under its own name or another that is known, whatever the case of its letters, the blanks around
    /// it and a byte order mark before it. The own name wins over another.
    ///
    /// # Errors
    /// [`Refusal::Missing`] with all columns that are not there, [`Refusal::Twice`] for a name that is there twice.
    pub fn find<S: AsRef<str>>(names: &[S]) -> Result<Self, Refusal> {
        let mut places = [0; Column::ALL.len()];
        let mut missing = Vec::new();
        for column in Column::ALL {
            let found = std::iter::once(column.name())
                .chain(column.aliases())
                .map(|name| places_of(name, names))
                .find(|places| !places.is_empty());
            match found.as_deref() {
                Some([place]) => places[column as usize] = *place,
                Some([first, second, ..]) => {
                    let shown = |place: usize| names[place].as_ref().to_owned();
                    return Err(Refusal::Twice { column, names: [shown(*first), shown(*second)] });
                }
                Some([]) | None => missing.push(column),
            }
        }
        if missing.is_empty() {
            Ok(Self { names: names.iter().map(|name| name.as_ref().to_owned()).collect(), places })
        } else {
            let found = names.iter().map(|name| bare(name.as_ref()).to_owned()).collect();
            Err(Refusal::Missing { missing, found })
        }
    }

    /// The place of a column among those of the file, from 0.
    #[must_use]
    pub const fn place(&self, column: Column) -> usize {
        self.places[column as usize]
    }

    /// The file's name for a column.
    #[must_use]
    pub fn found(&self, column: Column) -> &str {
        &self.names[self.place(column)]
    }

    /// The same refusal of values under the file's name for their column.
    pub(crate) fn named(&self, mut error: Error) -> Error {
        if let Error::Refused(Refusal::Values { column, name, .. }) = &mut error {
            bare(self.found(*column)).clone_into(name);
        }
        error
    }

    /// How many columns the file has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.names.len()
    }

    /// The names of the file's other columns, which are not read.
    pub fn ignored(&self) -> impl Iterator<Item = &str> {
        let is_read = |place: &usize| !self.places.contains(place);
        (0..self.names.len()).filter(is_read).map(|place| self.names[place].as_str())
    }

    /// A notice for each column that is not read though its name may stand for one that is.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        let meant = |name: &str| {
            let is_alias = |column: &Column| column.aliases().any(|alias| is_named(name, alias));
            Column::ALL.into_iter().find(is_alias)
        };
        let beside =
            |name: &str| Some(Notice::Beside { column: meant(name)?, ignored: bare(name).to_owned() });
        self.ignored().filter_map(beside).collect()
    }
}

fn places_of<S: AsRef<str>>(name: &str, names: &[S]) -> Vec<usize> {
    (0..names.len()).filter(|place| is_named(names[*place].as_ref(), name)).collect()
}

fn is_named(found: &str, name: &str) -> bool {
    bare(found).eq_ignore_ascii_case(name)
}

/// A name without blanks around it, and without the byte order mark that some writers put before the first.
fn bare(name: &str) -> &str {
    name.trim_matches(|sign: char| sign.is_whitespace() || sign == '\u{feff}')
}

/// Something about a log that was read all the same, to be said wherever it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A column is read under its own name, and another one that may stand for it is not.
    Beside {
        /// The column that is read.
        column: Column,
        /// The name of the other one.
        ignored: String,
    },
    /// Times have a zone and are read as UTC.
    Utc,
    /// Rows of separators alone were left out.
    EmptyRows {
        /// How many.
        rows: u64,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Beside { column, ignored } => {
                write!(out, "`{}` is read, and `{ignored}` beside it is not", column.name())
            }
            Self::Utc => write!(out, "its times have a zone and are read as UTC"),
            Self::EmptyRows { rows: 1 } => write!(out, "1 empty row is left out"),
            Self::EmptyRows { rows } => write!(out, "{rows} empty rows are left out"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: [&str; 7] = ["player_id", "guild", "level", "race", "class", "where", "datetime"];

    fn with(others: &[&'static str]) -> Vec<&'static str> {
        OURS.iter().chain(others).copied().collect()
    }

    #[test]
    fn names_are_known_in_any_order_case_and_dress() {
        let check = |names: &[&str], expected: [usize; 7]| {
            let columns = Columns::find(names).unwrap();
            assert_eq!(Column::ALL.map(|column| columns.place(column)), expected, "{names:?}");
            assert_eq!(columns.notices(), []);
        };
        check(
            &["char", " level", " race", " charclass", " zone", " guild", " timestamp"],
            [0, 5, 1, 2, 3, 4, 6],
        );
        check(
            &["id", "DATETIME", "where", "class", "race", "level\u{a0}", "guild", "\tPlayer_ID"],
            [7, 6, 5, 4, 3, 2, 1],
        );
        check(
            &["\u{feff}CHAR", "guild", "level", "race", "class", "where", "datetime"],
            [0, 1, 2, 3, 4, 5, 6],
        );
    }

    #[test]
    fn the_own_name_wins_and_the_other_is_told() {
        let columns = Columns::find(&with(&["  TimeStamp ", "note", "zone"])).unwrap();
        assert_eq!(columns.found(Column::Datetime), "datetime");
        assert_eq!(columns.ignored().collect::<Vec<_>>(), ["  TimeStamp ", "note", "zone"]);
        let notices: Vec<String> = columns.notices().iter().map(ToString::to_string).collect();
        assert_eq!(
            notices,
            [
                "`datetime` is read, and `TimeStamp` beside it is not",
                "`where` is read, and `zone` beside it is not"
            ]
        );
    }

    #[test]
    fn the_same_name_twice_is_refused() {
        for twice in ["datetime", " DateTime", "\u{feff}datetime "] {
            let refusal = Columns::find(&with(&[twice])).unwrap_err();
            assert!(matches!(refusal, Refusal::Twice { column: Column::Datetime, .. }), "{refusal:?}");
            assert!(refusal.to_string().contains(twice), "{refusal}");
        }
        let aliases = ["char", "guild", "level", "race", "class", "zone", "Zone ", "datetime"];
        assert!(matches!(Columns::find(&aliases), Err(Refusal::Twice { column: Column::Zone, .. })));
        // What is not read may be there as often as it likes.
        assert!(Columns::find(&with(&["zone", "zone", "x", "x"])).is_ok());
    }

    #[test]
    fn all_that_is_missing_is_said_once() {
        let says =
            Columns::find(&["character", "level", "race", "class", "zone", "guild"]).unwrap_err().to_string();
        assert_eq!(
            says,
            "columns `player_id` (or `char`) and `datetime` (or `timestamp`) are missing; the columns found are \
             `character`, `level`, `race`, `class`, `zone`, `guild`: name them so"
        );
    }
}
