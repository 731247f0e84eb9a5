//! What the folders tell in which a file lies: engines such as Spark and DuckDB write a log in parts, and what all rows
//! of a part have in common into the name of its folder, as in `race=Orc/part-00000.parquet`.

use percent_encoding::percent_decode_str;

use super::{Column, TimeTexts, Wrong, numbers};

/// What stands for null in the name of a folder.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// The columns that the folders on a file's way give to all of its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Partition {
    /// Names, and values, of which some may be null.
    values: Vec<(String, Option<Vec<u8>>)>,
}

impl Partition {
    /// That of a file whose path has `/` between its components, the last of which is the file's own name.
    #[must_use]
    pub fn of_path(path: &str) -> Self {
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        let decoded = |text: &str| percent_decode_str(text).collect::<Vec<u8>>();
        let of_folder = |folder: &str| {
            let (name, value) = folder.split_once('=').filter(|(name, _)| !name.is_empty())?;
            let name = String::from_utf8_lossy(&decoded(name)).into_owned();
            Some((name, (value != NULL).then(|| decoded(value))))
        };
        Self { values: folders.split('/').filter_map(of_folder).collect() }
    }

    /// The names of its columns.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(name, _)| name.as_str())
    }

    /// The value of the column at a place, null for one that is not there.
    pub(super) fn value(&self, place: usize) -> Option<&[u8]> {
        self.values.get(place)?.1.as_deref()
    }
}

/// Checks that a column can hold the value that a folder gives to it.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check(column: Column, value: &[u8]) -> Result<(), Wrong> {
    match column {
        Column::PlayerId | Column::Level => numbers::of_text(value).map(drop),
        Column::Guild => numbers::kind_of_text(value).map(drop),
        Column::Race | Column::Class | Column::Zone => {
            std::str::from_utf8(value).map(drop).map_err(|_| Wrong::NotUtf8)
        }
        Column::Datetime => TimeTexts::default().read(value).map(drop),
    }
}

/// Whether a file is none of the data of the folder that was named; `path` goes from there to it, with `/` between its
/// components. What engines write beside their data begins with `_` or `.`, but so may the name of a column.
#[must_use]
pub fn is_left_out(path: &str) -> bool {
    let is_left_out = |name: &str| name.starts_with('.') || name.starts_with('_') && !name.contains('=');
    path.split('/').any(is_left_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_tell_names_and_values() {
        let check = |path: &str, expected: &[(&str, Option<&str>)]| {
            let partition = Partition::of_path(path);
            let values =
                (0..).map(|place| partition.value(place).map(|value| std::str::from_utf8(value).unwrap()));
            assert_eq!(partition.names().zip(values).collect::<Vec<_>>(), expected, "{path}");
        };
        check("race=Orc/level=3/part.parquet", &[("race", Some("Orc")), ("level", Some("3"))]);
        check("/data/logs/race=Blood%20Elf/2008/x.csv", &[("race", Some("Blood Elf"))]);
        check("where=Zul%27Gurub%2Fa=b+c/x", &[("where", Some("Zul'Gurub/a=b+c"))]);
        check("race=__HIVE_DEFAULT_PARTITION__/x", &[("race", None)]);
        check("race=NULL/class=/x", &[("race", Some("NULL")), ("class", Some(""))]);
        check("race=%zz%/x", &[("race", Some("%zz%"))]);
        check("race=Orc", &[]);
        check("=Orc/logs/x", &[]);
        check("", &[]);
    }

    #[test]
    fn what_engines_write_beside_their_data_is_left_out() {
        for path in ["_SUCCESS", ".part-0.parquet.crc", "_delta_log/0.json", "a/.b/c.csv", "a/_temporary/0/c"]
        {
            assert!(is_left_out(path), "{path}");
        }
        for path in ["part-0.parquet", "race=_x/y", "_day=3/part-0.parquet", "a_b/c.d.csv", "", "x="] {
            assert!(!is_left_out(path), "{path}");
        }
    }
}
