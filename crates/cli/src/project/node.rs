//! What a dbt project is made of.

use clap::ValueEnum;
use serde_json::{Map, Value};

use super::generic::GenericTest;
use crate::database::quoted;

/// What a node is, with the names that dbt has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum ResourceType {
    /// A query that becomes a view or table.
    Model,
    /// A table that keeps the history of a query's rows.
    Snapshot,
    /// A CSV file that becomes a table.
    Seed,
    /// A query whose rows are failures.
    Test,
    /// A table that is there before.
    Source,
    /// What is made of the models elsewhere.
    Exposure,
    /// A query to be asked.
    Analysis,
}

impl ResourceType {
    /// As dbt writes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Snapshot => "snapshot",
            Self::Seed => "seed",
            Self::Test => "test",
            Self::Source => "source",
            Self::Exposure => "exposure",
            Self::Analysis => "analysis",
        }
    }
}

/// A model, test, seed or what else the project has.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// The name that dbt's artifacts have for it.
    pub(crate) unique_id: String,
    /// Its name.
    pub(crate) name: String,
    /// The name of its table; that of a test with a long name is a shorter one.
    pub(crate) alias: String,
    /// What it is.
    pub(crate) resource_type: ResourceType,
    /// The file that it is in, in the project.
    pub(crate) path: String,
    /// The file that describes it.
    pub(crate) described_in: Option<String>,
    /// Its name after those of the folders that it is in.
    pub(crate) fqn: Vec<String>,
    /// Its tags.
    pub(crate) tags: Vec<String>,
    /// How it is configured.
    pub(crate) config: Map<String, Value>,
    /// What it is, in words.
    pub(crate) description: String,
    /// What it reads: their unique ids.
    pub(crate) parents: Vec<String>,
    /// What it is made of.
    pub(crate) body: Body,
}

/// What a node is made of.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// A query, to be compiled.
    Sql(String),
    /// A test of a column.
    Test(GenericTest),
    /// The rows of a seed, as CSV.
    Csv(String),
    /// Nothing that is here.
    Elsewhere,
}

impl Node {
    /// What it is made as; `view` or `table` for models.
    pub(crate) fn materialized(&self) -> &str {
        self.config.get("materialized").and_then(Value::as_str).unwrap_or_default()
    }

    /// The rows of a seed, as CSV.
    pub(crate) fn csv(&self) -> Option<&str> {
        match &self.body {
            Body::Csv(text) => Some(text),
            _ => None,
        }
    }

    /// Its table or view in the database, as SQL writes it.
    pub(crate) fn relation(&self) -> String {
        relation(&self.alias)
    }
}

/// A table or view of the database, as SQL writes it.
pub(super) fn relation(name: &str) -> String {
    format!("\"main\".{}", quoted(name))
}
