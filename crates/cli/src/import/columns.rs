//! Which column of a file is which of the contract.

use std::path::Path;

use wow_engine::schema;

use crate::failure::Failure;

/// A column of the contract as a file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// The contract's name.
    pub(super) name: &'static str,
    /// The file's name for it.
    pub(super) found: String,
    /// Its place in the file, from 0.
    pub(super) place: usize,
}

/// Finds every column of the contract, under its own name or another that is known, in the contract's order.
///
/// # Errors
/// A [`Failure`] that says which are missing or ambiguous and what the file has instead.
pub(super) fn find(path: &Path, names: &[String]) -> anyhow::Result<Vec<Column>> {
    let mut columns = Vec::with_capacity(schema::COLUMNS.len());
    let mut problems = Vec::new();
    for name in schema::COLUMNS {
        let known: Vec<&str> = std::iter::once(name).chain(aliases(name)).collect();
        let places: Vec<usize> = (0..names.len())
            .filter(|&place| known.iter().any(|known| known.eq_ignore_ascii_case(&names[place])))
            .collect();
        match places[..] {
            [place] => columns.push(Column { name, found: names[place].clone(), place }),
            [] => problems.push(format!("no column `{}`", known.join("` or `"))),
            [first, second, ..] => {
                problems
                    .push(format!("two columns for `{name}`: `{}` and `{}`", names[first], names[second]));
            }
        }
    }
    if problems.is_empty() {
        return Ok(columns);
    }
    Err(Failure::check(format!(
        "{} has {} (found: `{}`); name the columns so and try again",
        path.display(),
        problems.join(", "),
        names.join("`, `")
    )))
}

fn aliases(column: &str) -> impl Iterator<Item = &'static str> {
    schema::ALIASES.iter().filter(move |(_, meant)| *meant == column).map(|(alias, _)| *alias)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(names: &[&str]) -> Result<Vec<usize>, String> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        find(Path::new("log.csv"), &names)
            .map(|columns| columns.iter().map(|column| column.place).collect())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn both_layouts_are_known_in_any_order_and_case() {
        let kaggle = ["char", "level", "race", "charclass", "zone", "guild", "timestamp"];
        assert_eq!(places(&kaggle).unwrap(), [0, 5, 1, 2, 3, 4, 6]);
        let ours = ["id", "DATETIME", "where", "class", "race", "level", "guild", "Player_ID"];
        assert_eq!(places(&ours).unwrap(), [7, 6, 5, 4, 3, 2, 1]);
    }

    #[test]
    fn what_is_missing_or_doubtful_is_said_with_what_was_found() {
        let found = ["character", "level", "race", "class", "charclass", "zone", "guild", "timestamp"];
        assert_eq!(
            places(&found).unwrap_err(),
            "log.csv has no column `player_id` or `char`, two columns for `class`: `class` and `charclass` (found: \
             `character`, `level`, `race`, `class`, `charclass`, `zone`, `guild`, `timestamp`); name the columns so \
             and try again"
        );
    }
}
