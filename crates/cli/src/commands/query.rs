//! `wow query`: a question to the database.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::Args;
use indicatif::HumanCount;

use super::{Context, Outcome};
use crate::args::ParamsArgs;
use crate::database;
use crate::output::counted;
use crate::project::{Project, VarArgs};
use crate::publish::file::{Form, NewFile};
use crate::query::{Format, Parquet, Printed, Question, ask};

/// As many rows as are shown on a terminal.
const SHOWN_ROWS_MAX: u64 = 50;
/// Only Parquet is replaced by Parquet.
const PARQUET: Form = Form { beginning: "PAR1", option: "--parquet FILE" };

/// Arguments of `wow query`.
#[derive(Debug, Args)]
pub(crate) struct QueryArgs {
    /// A statement, a file that ends in .sql, or the name of a query of the dbt project.
    #[arg(value_name = "SQL|FILE.sql|NAME")]
    question: String,
    /// Print CSV.
    #[arg(long, conflicts_with_all = ["json", "parquet"])]
    csv: bool,
    /// Write a Parquet file instead.
    #[arg(long, value_name = "FILE")]
    parquet: Option<PathBuf>,
    /// No more rows than this.
    #[arg(long, value_name = "NUMBER")]
    limit: Option<u64>,
    /// The values of variables of a file or of a query that has a name.
    #[command(flatten)]
    vars: VarArgs,
    /// The parameters for such a query; tables are as they were built.
    #[command(flatten)]
    params: ParamsArgs,
}

/// Asks, and prints the rows.
///
/// # Errors
/// A failure when there is no such question or it cannot be answered, and when the file cannot be written.
pub(crate) fn run(context: &Context, args: &QueryArgs) -> anyhow::Result<Outcome> {
    let project = Project::load()?;
    let variables = project.variables(&context.settings.params(&args.params).params).with(args.vars.values());
    let sql = Question::of(&args.question, &project)?.sql(&project, variables)?;
    let format = match (args.csv, context.output.is_json()) {
        (true, _) => Format::Csv,
        (_, true) => Format::Json,
        _ => Format::Plain,
    };
    let is_table = format == Format::Plain && args.parquet.is_none() && std::io::stdout().is_terminal();
    let file = args.parquet.as_deref().map(|path| NewFile::open(path, "query", PARQUET)).transpose()?;
    let connection = database::open_read_only(&context.target)?;
    let limit = args.limit.or_else(|| is_table.then_some(SHOWN_ROWS_MAX));
    let rows = match file {
        Some(file) => {
            let mut parquet = Parquet::default();
            let rows = ask(context, &connection, &sql, limit, &mut parquet)?;
            file.publish(&parquet.finish()?)?;
            let written = rows.min(limit.unwrap_or(u64::MAX));
            let path = args.parquet.as_deref().map(|path| path.display().to_string()).unwrap_or_default();
            context.output.line(format!("Written {path}: {}", counted(written, "row")));
            context.output.answer(&serde_json::json!({ "file": args.parquet, "rows": written }))?;
            rows
        }
        None => {
            let mut printed = Printed::new(format);
            let rows = ask(context, &connection, &sql, limit, &mut printed)?;
            printed.finish()?;
            rows
        }
    };
    if let Some(limit) = limit.filter(|limit| *limit < rows) {
        let rest = counted(rows - limit, "row");
        context.output.line(format!(
            "… {rest} more of {}; --limit shows more of them, --csv writes all",
            HumanCount(rows)
        ));
    } else if is_table {
        context.output.line(counted(rows, "row"));
    }
    Ok(Outcome::Done)
}
