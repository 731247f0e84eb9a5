//! Columns that a table lacks, or has under names that the reference SQL does not know.

use wow_engine::contract::{Column, Columns};

use super::mend::Form;
use crate::database::SourceColumn;

/// A sentence for each column of the contract that the table has under another name, with the statement that renames it;
/// one for all that it does not have.
pub(crate) fn name_problems(found: &[SourceColumn], form: Form) -> Vec<String> {
    let names: Vec<&str> = found.iter().map(|column| column.name.as_str()).collect();
    let columns = match Columns::find(&names) {
        Ok(columns) => columns,
        Err(refusal) => return vec![refusal.to_string()],
    };
    let other_name = |column: Column| {
        let (found, name) = (columns.found(column), column.name());
        (!found.eq_ignore_ascii_case(name))
            .then(|| format!("column `{name}` is there as `{found}`; {}", form.rename(found, name)))
    };
    Column::ALL.into_iter().filter_map(other_name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(names: [&str; 7], form: Form) -> Vec<String> {
        let column = |name: &str| SourceColumn { name: name.to_owned(), type_name: "BIGINT".to_owned() };
        name_problems(&names.map(column), form)
    }

    #[test]
    fn every_other_name_has_its_statement() {
        let published = ["char", " level", "race", "charclass", " zone", "Guild", "timestamp\""];
        let missing = problems(published, Form::Plain);
        assert_eq!(missing.len(), 1, "{missing:?}");
        assert!(missing[0].starts_with("column `datetime` (or `timestamp`) is missing"), "{missing:?}");

        let published = ["char", " level", "race", "charclass", " zone", "Guild", "timestamp"];
        let statements = problems(published, Form::Plain);
        assert_eq!(statements.len(), 5);
        assert_eq!(
            statements[1],
            "column `level` is there as ` level`; rename it: ALTER TABLE wowlogs RENAME COLUMN \" level\" TO \"level\""
        );
        assert!(problems(published, Form::View)[1].ends_with("in the view: \" level\" AS \"level\""));
    }
}
