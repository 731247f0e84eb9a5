//! `target/run_results.json`: what became of each node, in the form that dbt writes and its tools read.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Node;
use crate::artifacts;
use crate::output::Output;
use crate::publish::file::{Form, NewFile};

/// What the file says it is.
const SCHEMA: &str = "https://schemas.getdbt.com/dbt/run-results/v6.json";
/// The file, in the folder of what is made.
const FILE: &str = "run_results.json";
/// What the file is to `NewFile`. Those that dbt wrote begin so too.
const FORM: Form = Form { beginning: "{\"metadata\"", option: "`cd DIR`" };
/// There is one thread as far as the file's readers are concerned.
const THREAD: &str = "Thread-1";

/// What became of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// It was made.
    Success,
    /// A test found nothing.
    Pass,
    /// A test found something that is no failure.
    Warn,
    /// A test found something.
    Fail,
    /// It could not be made, or asked.
    Error,
    /// It was not tried.
    Skipped,
}

/// What became of each node of a command.
pub(crate) struct RunResults {
    command: &'static str,
    arguments: Value,
    started: Timestamp,
    results: Vec<Value>,
}

/// What became of a node, and how long it took.
pub(crate) struct Became<'a> {
    /// The node.
    pub(crate) node: &'a Node,
    /// What became of it.
    pub(crate) status: Status,
    /// When its work began.
    pub(crate) started: Timestamp,
    /// How long that took.
    pub(crate) took: Duration,
    /// A sentence on it, where there is one.
    pub(crate) message: Option<String>,
    /// The rows that a test found.
    pub(crate) failures: Option<u64>,
    /// The rows that were written, where that is known.
    pub(crate) rows: Option<u64>,
    /// The SQL that was run, where some was.
    pub(crate) sql: Option<String>,
    /// The table or view that was made, as SQL writes it.
    pub(crate) relation: Option<String>,
}

impl RunResults {
    /// Begins; `arguments` is an object of what the command was given.
    pub(crate) fn begin(command: &'static str, arguments: Value) -> Self {
        Self { command, arguments, started: Timestamp::now(), results: Vec::new() }
    }

    /// Notes what became of a node.
    pub(crate) fn push(&mut self, became: Became<'_>) {
        let ended = became.started.saturating_add(became.took).unwrap_or(became.started);
        let times = |name: &str, from: Timestamp, to: Timestamp| json!({ "name": name, "started_at": from.to_string(), "completed_at": to.to_string() });
        let timing = match became.status {
            Status::Skipped => json!([]),
            _ => json!([
                times("compile", became.started, became.started),
                times("execute", became.started, ended)
            ]),
        };
        let adapter_response = became.rows.map_or_else(|| json!({}), |rows| json!({ "rows_affected": rows }));
        self.results.push(json!({
            "status": became.status,
            "timing": timing,
            "thread_id": THREAD,
            "execution_time": became.took.as_secs_f64(),
            "adapter_response": adapter_response,
            "message": became.message,
            "failures": became.failures,
            "unique_id": became.node.unique_id,
            "compiled": became.sql.is_some(),
            "compiled_code": became.sql,
            "relation_name": became.relation,
            "batch_results": null,
        }));
    }

    /// Writes the file. What was done is done whether it can be written or not, so that where it cannot, a line says so.
    pub(crate) fn write(self, output: Output) {
        if let Err(error) = self.publish() {
            output.line(format!("note: {FILE} was not written: {error}"));
        }
    }

    fn publish(self) -> anyhow::Result<()> {
        let now = Timestamp::now();
        let mut arguments = Map::from_iter([("which".to_owned(), self.command.into())]);
        arguments.extend(self.arguments.as_object().cloned().unwrap_or_default());
        let artifact = Artifact {
            metadata: json!({
                "dbt_schema_version": SCHEMA,
                "dbt_version": concat!("wow ", env!("CARGO_PKG_VERSION")),
                "generated_at": now.to_string(),
                "invocation_started_at": self.started.to_string(),
                "env": {},
            }),
            elapsed_time: now.duration_since(self.started).as_secs_f64(),
            results: self.results,
            args: arguments,
        };
        let file = NewFile::open(&artifacts::target_folder().join(FILE), self.command, FORM)?;
        file.publish(&serde_json::to_vec(&artifact)?)
    }
}

/// The file. Its metadata come first, by which it is known.
#[derive(Serialize)]
struct Artifact {
    metadata: Value,
    results: Vec<Value>,
    elapsed_time: f64,
    args: Map<String, Value>,
}
