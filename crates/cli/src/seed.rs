//! CSV files of the dbt project as tables, with the types that dbt gives them.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use duckdb::Connection;
use jiff::civil::{Date, DateTime};
use serde_json::{Map, Value};

use crate::artifacts;
use crate::database::{drop_relation, literal, quoted};
use crate::failure::Failure;
use crate::project::{Node, Project};

/// The seeds of the dbt project in this folder, or those in the command.
///
/// # Errors
/// When they cannot be read.
pub(crate) fn project() -> anyhow::Result<Project> {
    match artifacts::project_folder() {
        Some(folder) if folder.join("seeds").is_dir() => Project::seeds_in(&folder),
        _ => Project::load(),
    }
}

/// Makes a seed's table anew; gives its rows. The CSV lies in `temporary` on the way, for DuckDB reads it.
///
/// # Errors
/// A [`Failure`] where it is no CSV or a value is not of its column's type.
pub(crate) fn write(connection: &Connection, seed: &Node, temporary: &Path) -> anyhow::Result<u64> {
    let (name, csv) = (&seed.name, seed.csv().unwrap_or_default());
    let delimiter = seed.config.get("delimiter").and_then(Value::as_str).unwrap_or(",");
    let columns = columns(csv, delimiter, seed.config.get("column_types").and_then(Value::as_object))
        .with_context(|| Failure::Usage(format!("{} is no CSV with a line of names; mend it", seed.path)))?;
    let columns: Vec<String> =
        columns.iter().map(|(name, kind)| format!("{} {kind}", quoted(name))).collect();
    let file = temporary.join("seed.csv");
    fs::write(&file, csv)?;
    let path = file.to_str().context("the path of the database is not valid Unicode")?;
    drop_relation(connection, name)?;
    connection.execute_batch(&format!("create table {} ({})", seed.relation(), columns.join(", ")))?;
    // As dbt has it read.
    let copy = format!(
        "copy {} from {} (format csv, header true, delimiter {})",
        seed.relation(),
        literal(path),
        literal(delimiter)
    );
    let rows = connection.execute(&copy, []).with_context(|| {
        Failure::Usage(format!("{} cannot be read as its types say; see the cause and mend it", seed.path))
    })?;
    Ok(rows as u64)
}

/// The names of the columns with their types: those that are given, and for the others what all values are.
fn columns(
    csv: &str,
    delimiter: &str,
    given: Option<&Map<String, Value>>,
) -> anyhow::Result<Vec<(String, String)>> {
    let &[delimiter] = delimiter.as_bytes() else { anyhow::bail!("a delimiter is one sign") };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(csv.as_bytes());
    let names: Vec<String> =
        reader.headers()?.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect();
    anyhow::ensure!(names.iter().all(|name| !name.is_empty()), "a column without a name");
    let rows = reader.records().collect::<Result<Vec<_>, _>>()?;
    let kind = |(place, name): (usize, &String)| {
        let given = given.and_then(|given| given.get(name)).and_then(Value::as_str);
        let kind = given.unwrap_or_else(|| kind_of(|| rows.iter().filter_map(move |row| row.get(place))));
        (name.clone(), kind.to_owned())
    };
    Ok(names.iter().enumerate().map(kind).collect())
}

/// The type that dbt gives a column with these values.
fn kind_of<'a, I: Iterator<Item = &'a str>>(values: impl Fn() -> I) -> &'static str {
    let all =
        |is_so: &dyn Fn(&str) -> bool| values().map(str::trim).filter(|value| !is_null(value)).all(is_so);
    if all(&|value| value.parse::<i128>().is_ok()) {
        "integer"
    } else if all(&|value| value.parse::<f64>().is_ok_and(f64::is_finite)) {
        "float8"
    } else if all(&|value| value.parse::<Date>().is_ok() && value.len() == 10) {
        "date"
    } else if all(&|value| value.len() > 10 && value.parse::<DateTime>().is_ok()) {
        "timestamp"
    } else if all(&|value| matches!(value.to_lowercase().as_str(), "true" | "false")) {
        "boolean"
    } else {
        "text"
    }
}

fn is_null(value: &str) -> bool {
    value.is_empty() || value.eq_ignore_ascii_case("null")
}
