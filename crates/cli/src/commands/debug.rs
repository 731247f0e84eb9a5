//! `wow debug`: what the database holds, what is wrong with it and how to mend it.

use std::path::Path;

use duckdb::Connection;
use indicatif::{HumanBytes, HumanCount};
use serde::Serialize;
use wow_engine::manifest::Environment;
use wow_engine::schema;

use super::{Context, Outcome};
use crate::failure::Failure;
use crate::inspect::{ColumnReport, Extent};
use crate::output::{Output, bad, good};
use crate::{database, inspect, interrupt, notices};

/// What was found, as far as the looking got.
#[derive(Debug, Serialize)]
struct Report {
    environment: Environment,
    database: String,
    bytes: Option<u64>,
    /// Whether another process may not be kept out: a reader could open it.
    readable: bool,
    duckdb_version: Option<String>,
    storage_version: Option<String>,
    tables: Vec<String>,
    columns: Vec<ColumnReport>,
    unused_columns: Vec<String>,
    #[serde(flatten)]
    extent: Option<Extent>,
    /// What does no harm, but may surprise.
    notes: Vec<String>,
    /// What is wrong, each with a way out.
    problems: Vec<String>,
}

/// Looks at the database and reports; the outcome says whether all is well.
///
/// # Errors
/// When something other than the database itself is wrong, and after Ctrl-C.
pub(crate) fn run(context: &Context) -> anyhow::Result<Outcome> {
    let mut report = Report {
        environment: context.target.environment,
        database: context.target.path.display().to_string(),
        bytes: std::fs::metadata(&context.target.path).ok().map(|metadata| metadata.len()),
        readable: false,
        duckdb_version: None,
        storage_version: None,
        tables: Vec::new(),
        columns: Vec::new(),
        unused_columns: Vec::new(),
        extent: None,
        notes: Vec::new(),
        problems: Vec::new(),
    };
    if let Err(error) = look(context, &mut report) {
        interrupt::check()?;
        report.problems.push(sentence(&database::explain_reading(&context.target, error)));
    }
    print(context.output, &report);
    context.output.answer(&report)?;
    Ok(if report.problems.is_empty() { Outcome::Done } else { Outcome::CheckFailed })
}

/// An error in one sentence: ours where there is one, else all that DuckDB says in its first line.
fn sentence(error: &anyhow::Error) -> String {
    if error.downcast_ref::<Failure>().is_some() {
        return error.to_string();
    }
    let text = format!("{error:#}");
    format!("the table cannot be read: {}", text.lines().next().unwrap_or_default())
}

fn look(context: &Context, report: &mut Report) -> anyhow::Result<()> {
    let connection = database::open_read_only(&context.target)?;
    report.readable = true;
    report.duckdb_version = Some(connection.version()?);
    report.storage_version = storage_version(&connection)?;
    report.tables = database::table_names(&connection)?;
    database::require_log_table(&connection, &context.target)?;

    let found = database::log_columns(&connection)?;
    report.unused_columns = found
        .iter()
        .map(|column| column.name.clone())
        .filter(|name| !schema::COLUMNS.iter().any(|column| column.eq_ignore_ascii_case(name)))
        .collect();
    report.problems = inspect::name_problems(&found, inspect::Form::of(&connection)?);
    report.columns = inspect::columns(&connection, &found)?;
    report.notes.extend(notices::kept(&connection)?.iter().map(ToString::to_string));
    for column in &report.columns {
        judge_column(column, &mut report.problems, &mut report.notes);
    }
    let has = |name| report.columns.iter().any(|column| column.name == name);
    if has(schema::PLAYER_ID) && has(schema::DATETIME) {
        let extent = inspect::extent(&connection)?;
        if extent.rows == 0 {
            report.notes.push(format!("`{}` is empty: an export of it shows no players", schema::TABLE));
        }
        report.extent = Some(extent);
    }
    Ok(())
}

fn storage_version(connection: &Connection) -> anyhow::Result<Option<String>> {
    let sql =
        "select tags['storage_version'] from duckdb_databases() where database_name = current_database()";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

fn judge_column(column: &ColumnReport, problems: &mut Vec<String>, notes: &mut Vec<String>) {
    problems.extend(column.problem.clone());
    let name = column.name;
    if column.nulls > 0 && [schema::PLAYER_ID, schema::DATETIME].contains(&name) {
        notes.push(format!(
            "{} rows have no `{name}`; they are rejected and counted",
            HumanCount(column.nulls)
        ));
    }
}

fn print(output: Output, report: &Report) {
    let size = report.bytes.map_or_else(|| "absent".to_owned(), |bytes| HumanBytes(bytes).to_string());
    let folder = std::env::current_dir().unwrap_or_default();
    output.result(format!("file      {} ({size})", folder.join(Path::new(&report.database)).display()));
    if report.readable {
        output.result("lock      free: no process is writing");
        output.result(format!(
            "versions  DuckDB {}, file {}",
            report.duckdb_version.as_deref().unwrap_or("unknown"),
            report.storage_version.as_deref().unwrap_or("unknown")
        ));
        output.result(format!("tables    {}", report.tables.join(", ")));
    }
    if let Some(extent) = &report.extent {
        output.result(format!("rows      {}", HumanCount(extent.rows)));
        output.result(format!("players   {}", HumanCount(extent.players)));
        if let (Some(first), Some(last)) = (&extent.first, &extent.last) {
            output.result(format!("times     {first} to {last}"));
        }
    }
    for column in &report.columns {
        output.result(format!(
            "column    {:<10} {:<12} read as {:<10} nulls {}",
            column.name,
            shortened(&column.type_name),
            column.read_as,
            HumanCount(column.nulls)
        ));
    }
    if !report.unused_columns.is_empty() {
        output.result(format!("unused    {}", report.unused_columns.join(", ")));
    }
    for note in &report.notes {
        output.result(format!("note      {note}"));
    }
    for problem in &report.problems {
        output.result(format!("{} {problem}", bad("problem  ")));
    }
    if report.problems.is_empty() {
        output.result(good("All is well."));
    }
}

/// An ENUM's type lists all its values, which is more than a line can hold.
fn shortened(type_name: &str) -> &str {
    if type_name.starts_with("ENUM") { "ENUM" } else { type_name }
}
