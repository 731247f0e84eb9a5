//! The data tests: queries over what is in the database, whose rows are failures.

use std::time::{Duration, Instant};

use duckdb::Connection;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::commands::Context;
use crate::database::{self, quoted};
use crate::failure::Failure;
use crate::interrupt;
use crate::project::run_results::{Became, Status};
use crate::project::{InDatabase, Node, Project, ResourceType, Variables};

/// The schema that dbt puts failing rows into.
const AUDIT: &str = "main_dbt_test__audit";

/// Tests that are to be run.
pub(crate) struct Run<'a> {
    /// The command.
    pub(crate) context: &'a Context,
    /// The dbt project.
    pub(crate) project: &'a Project,
    /// The tests.
    pub(crate) tests: &'a [&'a Node],
    /// The values of variables in them.
    pub(crate) variables: &'a Variables,
}

/// What a test found.
pub(crate) struct Tested<'a> {
    /// The test.
    pub(crate) node: &'a Node,
    /// How it ended.
    pub(crate) status: Status,
    /// The failing rows.
    pub(crate) failures: Option<u64>,
    /// The first of them, as DuckDB writes a row.
    pub(crate) first: Option<String>,
    /// Why it could not be asked.
    pub(crate) message: Option<String>,
    /// The table that has the failing rows, as SQL writes it.
    pub(crate) stored_in: Option<String>,
    /// How long it took.
    pub(crate) took: Duration,
    started: Timestamp,
    sql: String,
}

impl Tested<'_> {
    /// What is noted of it for dbt's tools.
    pub(crate) fn became(&self) -> Became<'_> {
        let found = self.failures.filter(|failures| *failures > 0);
        let verb = if self.status == Status::Warn { "warn" } else { "fail" };
        let message = found.map(|failures| {
            let results = if failures == 1 { "result" } else { "results" };
            format!("Got {failures} {results}, configured to {verb} if != 0")
        });
        Became {
            node: self.node,
            status: self.status,
            started: self.started,
            took: self.took,
            message: self.message.clone().or(message),
            failures: self.failures,
            rows: None,
            sql: (self.status != Status::Skipped).then(|| self.sql.clone()),
            relation: self.stored_in.clone(),
        }
    }

    /// The answer for a script.
    pub(crate) fn json(&self) -> Value {
        json!({
            "name": self.node.name,
            "unique_id": self.node.unique_id,
            "status": self.status,
            "failures": self.failures,
            "first": self.first,
            "message": self.message,
            "stored_in": self.stored_in,
            "seconds": self.took.as_secs_f64(),
        })
    }
}

impl<'a> Run<'a> {
    /// Runs the tests without writing anything. `each` is told of every one.
    ///
    /// # Errors
    /// [`Failure::Usage`] where a model that is tested is not in the database, and after Ctrl-C.
    pub(crate) fn read(
        &self,
        connection: &Connection,
        each: &mut dyn FnMut(&Tested<'_>),
    ) -> anyhow::Result<Vec<Tested<'a>>> {
        self.all(connection, false, each)
    }

    /// Runs the tests, each of which puts its failing rows into a table, also where there are none.
    ///
    /// # Errors
    /// As [`Run::read`], and when a table cannot be written.
    pub(crate) fn store(
        &self,
        connection: &Connection,
        each: &mut dyn FnMut(&Tested<'_>),
    ) -> anyhow::Result<Vec<Tested<'a>>> {
        connection.execute_batch(&format!("create schema if not exists {AUDIT}"))?;
        self.all(connection, true, each)
    }

    fn all(
        &self,
        connection: &Connection,
        is_stored: bool,
        each: &mut dyn FnMut(&Tested<'_>),
    ) -> anyhow::Result<Vec<Tested<'a>>> {
        let there = database::table_names(connection)?;
        let is_there = |node: &&Node| there.iter().any(|name| name.eq_ignore_ascii_case(&node.alias));
        let missing = self.project.nodes().iter().find(|node| {
            matches!(node.resource_type, ResourceType::Model | ResourceType::Source)
                && !is_there(node)
                && self.tests.iter().any(|test| test.parents.contains(&node.unique_id))
        });
        if let Some(node) = missing {
            return Err(self.not_there(node));
        }
        let mut tested = Vec::with_capacity(self.tests.len());
        for test in self.tests {
            interrupt::check()?;
            let sql = self.project.compile(test, InDatabase, self.variables.clone())?;
            let one = One { node: test, started: Timestamp::now(), timer: Instant::now(), sql };
            let done = match self.parents(test).find(|node| !is_there(node)) {
                Some(parent) => one.skip(parent, self.context.target.option()),
                None => one.ask(connection, is_stored)?,
            };
            each(&done);
            tested.push(done);
        }
        Ok(tested)
    }

    fn parents(&self, test: &'a Node) -> impl Iterator<Item = &'a Node> {
        self.project.nodes().iter().filter(|node| test.parents.contains(&node.unique_id))
    }

    fn not_there(&self, node: &Node) -> anyhow::Error {
        let (path, option) = (self.context.target.path.display(), self.context.target.option());
        Failure::usage(match node.resource_type {
            ResourceType::Source => format!(
                "`{}` is not in {path}; write a log with `wow generate{option}` or `wow import{option}`, then `wow run{option}`",
                node.name
            ),
            _ => format!("`{}` is not in {path}; build the models with `wow run{option}`", node.name),
        })
    }
}

/// A test at work.
struct One<'a> {
    node: &'a Node,
    started: Timestamp,
    timer: Instant,
    sql: String,
}

impl<'a> One<'a> {
    /// Counts the failing rows and takes the first.
    fn ask(self, connection: &Connection, is_stored: bool) -> anyhow::Result<Tested<'a>> {
        let table = is_stored.then(|| format!("{AUDIT}.{}", quoted(&self.node.alias)));
        let asked = match &table {
            None => found(connection, &format!("(\n{}\n)", self.sql)),
            // In a transaction an error ends the whole.
            Some(table) => {
                connection
                    .execute_batch(&format!("create or replace table {table} as (\n{}\n)", self.sql))?;
                found(connection, table)
            }
        };
        let (failures, first, message) = match asked {
            Ok((failures, first)) => (Some(failures), first, None),
            Err(error) => {
                interrupt::check()?;
                (None, None, Some(error.to_string()))
            }
        };
        let is_warning = self.node.config.get("severity").and_then(Value::as_str);
        let status = match failures {
            None => Status::Error,
            Some(0) => Status::Pass,
            Some(_) if is_warning.is_some_and(|severity| severity.eq_ignore_ascii_case("warn")) => {
                Status::Warn
            }
            Some(_) => Status::Fail,
        };
        let stored_in = table.filter(|_| failures.is_some_and(|failures| failures > 0));
        Ok(Tested { status, failures, first, message, stored_in, ..self.done() })
    }

    /// Where a seed or snapshot has not been made, there is nothing to test.
    fn skip(self, parent: &Node, option: &str) -> Tested<'a> {
        let command = parent.resource_type.name();
        let message = format!("`{}` has not been made; `wow {command}{option}` makes it", parent.name);
        Tested { message: Some(message), ..self.done() }
    }

    fn done(self) -> Tested<'a> {
        Tested {
            node: self.node,
            status: Status::Skipped,
            failures: None,
            first: None,
            message: None,
            stored_in: None,
            took: self.timer.elapsed(),
            started: self.started,
            sql: self.sql,
        }
    }
}

/// How many rows there are, and the first.
fn found(connection: &Connection, rows: &str) -> duckdb::Result<(u64, Option<String>)> {
    connection.query_row(
        &format!("select count(*), cast(first(failing) as varchar) from {rows} as failing"),
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
