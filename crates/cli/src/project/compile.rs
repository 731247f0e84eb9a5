//! From the files of the dbt project to SQL: what `ref`, `source` and `var` stand for.

use anyhow::Context as _;
use wow_engine::Params;
use wow_template::{Compiled, Serde, Value, Words};

use super::node::{Body, relation};
use super::{Node, Project};
use crate::settings;

/// What the names of tables stand for.
pub(crate) trait Names: Send + Sync + 'static {
    /// A model, seed or snapshot, as SQL writes it.
    fn reference(&self, name: &str) -> String;
    /// A table of a source, as SQL writes it.
    fn source(&self, schema: &str, table: &str) -> String;
}

/// What is in the database, under the names that people query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InDatabase;

impl Names for InDatabase {
    fn reference(&self, name: &str) -> String {
        relation(name)
    }

    fn source(&self, schema: &str, table: &str) -> String {
        format!("\"{schema}\".\"{table}\"")
    }
}

/// The project's variables.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables(Vec<(String, Value)>);

impl Variables {
    /// Variables with their values.
    pub(super) fn new(values: impl IntoIterator<Item = (String, Value)>) -> Self {
        Self(values.into_iter().collect())
    }

    /// With these values in place of those that are there, or beside them.
    pub(crate) fn with(mut self, values: impl IntoIterator<Item = (String, Value)>) -> Self {
        for (name, value) in values {
            match self.0.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known = value,
                None => self.0.push((name, value)),
            }
        }
        self
    }
}

struct Dictionary<N> {
    names: N,
    variables: Variables,
}

impl<N: Names> Words for Dictionary<N> {
    fn reference(&self, name: &str) -> String {
        self.names.reference(name)
    }

    fn source(&self, schema: &str, table: &str) -> String {
        self.names.source(schema, table)
    }

    fn variable(&self, name: &str) -> Option<Value> {
        self.variables.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }
}

impl Project {
    /// The project's variables with the parameters among them.
    pub(crate) fn variables(&self, params: &Params) -> Variables {
        let parameters = settings::named(params);
        self.variables
            .clone()
            .with(parameters.map(|(name, value)| (name.to_owned(), Value::from(Serde(value)))))
    }

    /// The SQL of a model, snapshot, test or analysis.
    ///
    /// # Errors
    /// When it has none, or its text calls for what is not here.
    pub(crate) fn compile(
        &self,
        node: &Node,
        names: impl Names,
        variables: Variables,
    ) -> anyhow::Result<String> {
        let compiled = match &node.body {
            Body::Sql(text) => text_of(text, names, variables),
            Body::Test(test) => text_of(&format!("{{{{ {} }}}}", test.tested), names, variables)
                .and_then(|tested| Ok(Compiled { sql: test.sql(&tested.sql)?, ..tested })),
            Body::Csv(_) | Body::Elsewhere => Err(anyhow::anyhow!("it has no SQL")),
        };
        let compiled = compiled
            .with_context(|| format!("{} `{}` cannot be compiled", node.resource_type.name(), node.name))?;
        Ok(compiled.sql.trim().to_owned() + "\n")
    }
}

/// The SQL of a text that is no file of the project.
///
/// # Errors
/// When it calls for what is not here.
pub(crate) fn compile_text(text: &str, names: impl Names, variables: Variables) -> anyhow::Result<String> {
    Ok(text_of(text, names, variables)?.sql)
}

/// What a text of the project says.
///
/// # Errors
/// When it calls for what is not here.
pub(super) fn text_of(text: &str, names: impl Names, variables: Variables) -> anyhow::Result<Compiled> {
    Ok(wow_template::compile(text, Dictionary { names, variables })?)
}
