//! Which column of a file is which of the event table.

use std::fmt;

use super::{Column, Partition, Refusal, folder, numbers};
use crate::Error;
use crate::schema::NumberKind;

/// Where the columns of the event table are among those of a file and of the folders in which it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// The file's names, then those of the folders, each as it is found there.
    names: Vec<String>,
    /// How many of them are the file's.
    width: usize,
    partition: Partition,
    /// The place of each column among the names, in the order of [`Column::ALL`].
    places: [usize; Column::ALL.len()],
}

/// Where a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// Among the columns of the file, from 0.
    File(usize),
    /// In the name of a folder, with the value of all rows.
    Folder(Option<&'a [u8]>),
}

impl Columns {
    /// Finds every column under its own name or another that is known, whatever the case of its letters, the blanks around
    /// it and a byte order mark before it. The own name wins over another.
    ///
    /// # Errors
    /// [`Refusal::Missing`] with all columns that are not there, [`Refusal::Twice`] for a name that is there twice.
    pub fn find<S: AsRef<str>>(names: &[S]) -> Result<Self, Refusal> {
        Self::find_in(names, &Partition::default())
    }

    /// The same for a file that lies in such folders, whose columns win over those of the same name in the file, as they do
    /// in DuckDB and Spark.
    ///
    /// # Errors
    /// As [`Self::find`], and [`Refusal::Values`] where a folder gives a value that its column cannot hold.
    pub fn find_in<S: AsRef<str>>(names: &[S], partition: &Partition) -> Result<Self, Refusal> {
        let of_file: Vec<&str> = names.iter().map(|name| bare(name.as_ref())).collect();
        let of_folders: Vec<&str> = partition.names().map(bare).collect();
        let width = of_file.len();
        let mut all: Vec<String> = names.iter().map(|name| name.as_ref().to_owned()).collect();
        all.extend(partition.names().map(|name| format!("{name}=")));
        let places_of = |name: &str| {
            let places: Vec<usize> =
                places_of(name, &of_folders).into_iter().map(|place| width + place).collect();
            if places.is_empty() { places_of(name, &of_file) } else { places }
        };
        let mut places = [0; Column::ALL.len()];
        let mut missing = Vec::new();
        for column in Column::ALL {
            let found = std::iter::once(column.name())
                .chain(column.aliases())
                .map(places_of)
                .find(|places| !places.is_empty());
            match found.as_deref() {
                Some([place]) => places[column as usize] = *place,
                Some([first, second, ..]) => {
                    let names = [*first, *second].map(|place| all[place].clone());
                    return Err(Refusal::Twice { column, names });
                }
                Some([]) | None => missing.push(column),
            }
        }
        if !missing.is_empty() {
            let found = all.iter().map(|name| bare(name).to_owned()).collect();
            return Err(Refusal::Missing { missing, found });
        }
        let columns = Self { names: all, width, partition: partition.clone(), places };
        columns.check_partition()?;
        Ok(columns)
    }

    /// Checks the values that folders give once, so that none of them is a surprise to who reads rows.
    fn check_partition(&self) -> Result<(), Refusal> {
        for column in Column::ALL {
            let Place::Folder(Some(value)) = self.place(column) else { continue };
            folder::check(column, value).map_err(|wrong| Refusal::Values {
                column,
                name: self.found(column).to_owned(),
                wrong,
                examples: vec![format!("'{}'", String::from_utf8_lossy(value))],
                rows: None,
            })?;
        }
        Ok(())
    }

    /// Where a column is.
    #[must_use]
    pub fn place(&self, column: Column) -> Place<'_> {
        let place = self.places[column as usize];
        match place.checked_sub(self.width) {
            Some(place) => Place::Folder(self.partition.value(place)),
            None => Place::File(place),
        }
    }

    /// The value that a folder gives to a column; null where none does.
    pub(crate) fn folder_value(&self, column: Column) -> Option<&[u8]> {
        match self.place(column) {
            Place::Folder(value) => value,
            Place::File(_) => None,
        }
    }

    /// How the guild number of a folder is held; as a whole one where there is none.
    pub(crate) fn folder_guild_kind(&self) -> NumberKind {
        let value = self.folder_value(Column::Guild).unwrap_or_default();
        numbers::kind_of_text(value).unwrap_or(NumberKind::Integer)
    }

    /// The name under which a column is found: the file's, or that of a folder with `=` behind it.
    #[must_use]
    pub fn found(&self, column: Column) -> &str {
        &self.names[self.places[column as usize]]
    }

    /// The same refusal of values under the name that is found for their column.
    pub(crate) fn named(&self, mut error: Error) -> Error {
        if let Error::Refused(Refusal::Values { column, name, .. }) = &mut error {
            bare(self.found(*column)).clone_into(name);
        }
        error
    }

    /// How many columns the file has.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// The names of the other columns, which are not read.
    pub fn ignored(&self) -> impl Iterator<Item = &str> {
        self.ignored_places().map(|place| self.names[place].as_str())
    }

    fn ignored_places(&self) -> impl Iterator<Item = usize> {
        (0..self.names.len()).filter(|place| !self.places.contains(place))
    }

    /// A notice for each column that is not read though its name may stand for one that is.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        let beside = |place: usize| {
            let shown = bare(&self.names[place]);
            let name = if place < self.width { shown } else { shown.trim_end_matches('=') };
            let is_meant = |column: &Column| column.aliases().any(|alias| is_named(name, alias));
            let column = Column::ALL.into_iter().find(is_meant)?;
            Some(Notice::Beside { column, ignored: shown.to_owned() })
        };
        self.ignored_places().filter_map(beside).collect()
    }
}

fn places_of(name: &str, names: &[&str]) -> Vec<usize> {
    (0..names.len()).filter(|place| is_named(names[*place], name)).collect()
}

fn is_named(found: &str, name: &str) -> bool {
    bare(found).eq_ignore_ascii_case(name)
}

/// A name without blanks around it, and without the byte order mark that some writers put before the first.
pub(super) fn bare(name: &str) -> &str {
    name.trim_matches(|sign: char| sign.is_whitespace() || sign == '\u{feff}')
}

/// Something about a log that was read all the same, to be said wherever it is shown.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
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

/// The sentence of [`Notice::Utc`].
const UTC: &str = "its times have a zone and are read as UTC";

impl Notice {
    /// The notice that the comment of a table is, where that is all that it says.
    #[must_use]
    pub fn told_by(comment: &str) -> Option<Self> {
        (comment == UTC).then_some(Self::Utc)
    }

    /// The same in a few words, where there is no room for a sentence.
    #[must_use]
    pub fn in_short(&self) -> String {
        match self {
            Self::Beside { ignored, .. } => format!("`{ignored}` not read"),
            Self::Utc => "times read as UTC".to_owned(),
            Self::EmptyRows { rows: 1 } => "1 empty row left out".to_owned(),
            Self::EmptyRows { rows } => format!("{rows} empty rows left out"),
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Beside { column, ignored } => {
                write!(out, "`{}` is read, and `{ignored}` beside it is not", column.name())
            }
            Self::Utc => out.write_str(UTC),
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
            let places = Column::ALL.map(|column| columns.place(column));
            assert_eq!(places, expected.map(Place::File), "{names:?}");
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
    fn folders_win_over_the_file_and_tell_what_they_give() {
        let found = |names: &[&str], path: &str| Columns::find_in(names, &Partition::of_path(path));
        let columns = found(&OURS, "bucket=3/RACE=Blood%20Elf/zone=Durotar/x.parquet").unwrap();
        assert_eq!(columns.place(Column::Race), Place::Folder(Some(b"Blood Elf")));
        assert_eq!((columns.found(Column::Race), columns.found(Column::Zone)), ("RACE=", "where"));
        assert_eq!(columns.ignored().collect::<Vec<_>>(), ["race", "bucket=", "zone="]);
        let notices: Vec<String> = columns.notices().iter().map(ToString::to_string).collect();
        assert_eq!(notices, ["`where` is read, and `zone=` beside it is not"]);
        assert_eq!(columns.width(), 7);

        let columns = found(&OURS[1..], "char=__HIVE_DEFAULT_PARTITION__/x").unwrap();
        assert_eq!(columns.place(Column::PlayerId), Place::Folder(None));
        assert_eq!(columns.place(Column::Guild), Place::File(0));

        let says = |path: &str| found(&OURS[1..], path).unwrap_err().to_string();
        assert_eq!(
            says("player_id=Thrall/x"),
            "column `player_id=` holds what is no number, for example 'Thrall'; give every player a whole number of 64 \
             bits with sign"
        );
        assert!(says("char=1/datetime=today/x").starts_with("column `datetime=` holds what is no time"));
        assert!(says("char=1/race=%ff/x").contains("text that is not UTF-8"));
        assert!(says("char=1/char=2/x").starts_with("two columns may be `player_id`: `char=` and `char=`"));
        assert!(says("race=Orc/x").contains("`datetime`, `race=`: name them so"));
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
