//! Tests of columns that YAML names: what dbt calls them, and their SQL.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use md5::{Digest as _, Md5};
use serde_json::{Map, Value};

use super::yaml::ColumnYaml;
use crate::database::{literal, quoted};

/// dbt shortens names from this length on.
const LONG: usize = 64;
/// How much of a long name dbt keeps before its hash.
const KEPT: usize = 30;
/// How many signs of a hash are in a unique id.
const ID_HASH: usize = 10;

/// A test of a column.
#[derive(Debug, Clone)]
pub(crate) struct GenericTest {
    /// What it asks: `not_null`, `unique` or `accepted_values`.
    pub(super) kind: String,
    /// The model, seed, snapshot or source that has the column, as dbt's `ref` or `source` names it.
    pub(super) tested: String,
    /// How the test is configured.
    pub(super) config: Map<String, Value>,
    tested_name: String,
    column: String,
    is_quoted: bool,
    /// In order of their names.
    arguments: BTreeMap<String, Value>,
}

impl GenericTest {
    /// The test that is given with a column.
    ///
    /// # Errors
    /// When it is none of those that are known here.
    pub(super) fn of(
        tested: String,
        tested_name: &str,
        column: &ColumnYaml,
        test: &Value,
    ) -> anyhow::Result<Self> {
        let none = Map::new();
        let (kind, details) = match test {
            Value::String(kind) => (kind, &none),
            Value::Object(test) => {
                let (kind, details) = test.iter().next().context("a test without a name")?;
                (kind, details.as_object().unwrap_or(&none))
            }
            _ => bail!("a test that is no name"),
        };
        let map = |name: &str| details.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
        if let Some(unknown) = details.keys().find(|name| !matches!(&***name, "arguments" | "config")) {
            bail!("`{unknown}` of the test `{kind}` is not known here");
        }
        Ok(Self {
            kind: kind.clone(),
            tested,
            config: map("config"),
            tested_name: tested_name.to_owned(),
            column: column.name.clone(),
            is_quoted: column.quote,
            arguments: map("arguments").into_iter().collect(),
        })
    }

    /// The name that dbt gives it.
    pub(super) fn name(&self) -> String {
        let mut arguments = self.arguments.clone();
        arguments.insert("column_name".to_owned(), self.column.clone().into());
        let parts = arguments.values().flat_map(|value| match value {
            Value::Array(values) => values.iter().map(python_text).collect(),
            value => vec![python_text(value)],
        });
        let parts: Vec<String> = parts.map(|part| plain(&part)).collect();
        format!("{}_{}_{}", self.kind, self.tested_name, parts.join("__"))
    }

    /// The name of its file and table, which dbt keeps short.
    pub(super) fn alias(&self) -> String {
        let name = self.name();
        if name.len() < LONG {
            return name;
        }
        let start: String = format!("{}_{}", self.kind, self.tested_name).chars().take(KEPT).collect();
        format!("{start}_{}", md5(&name))
    }

    /// What tells two tests of one name apart in dbt's unique ids.
    pub(super) fn id_hash(&self) -> String {
        let mut arguments = self.arguments.clone();
        arguments.insert("column_name".to_owned(), self.column.clone().into());
        arguments.insert("model".to_owned(), format!("{{{{ get_where_subquery({}) }}}}", self.tested).into());
        let texts: Vec<String> = arguments
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    Value::Array(values) => {
                        let values: Vec<String> =
                            values.iter().map(|value| python_literal(&python_text(value))).collect();
                        format!("[{}]", values.join(", "))
                    }
                    value => python_literal(&python_text(value)),
                };
                format!("'{name}': {value}")
            })
            .collect();
        let metadata =
            format!("{{'kwargs': {{{}}}, 'name': '{}', 'namespace': 'None'}}", texts.join(", "), self.kind);
        let hash = md5(&(self.name() + &metadata));
        hash[hash.len() - ID_HASH..].to_owned()
    }

    /// Its query over the relation that is tested.
    ///
    /// # Errors
    /// When it is none of those that are known here.
    pub(super) fn sql(&self, relation: &str) -> anyhow::Result<String> {
        let column = if self.is_quoted { quoted(&self.column) } else { self.column.clone() };
        Ok(match &*self.kind {
            "not_null" => format!("select {column}\nfrom {relation}\nwhere {column} is null\n"),
            "unique" => format!(
                "select\n    {column} as unique_field,\n    count(*) as n_records\n\nfrom {relation}\n\
                 where {column} is not null\ngroup by {column}\nhaving count(*) > 1\n"
            ),
            "accepted_values" => format!(
                "with all_values as (\n\n    select\n        {column} as value_field,\n        count(*) as n_records\n\n    \
                 from {relation}\n    group by {column}\n\n)\n\nselect *\nfrom all_values\nwhere value_field not in (\n    \
                 {}\n)\n",
                self.accepted()?.join(", ")
            ),
            kind => bail!("the test `{kind}` is not known here"),
        })
    }

    fn accepted(&self) -> anyhow::Result<Vec<String>> {
        let values = self.arguments.get("values").and_then(Value::as_array);
        let values = values.context("a test of accepted values without values")?;
        let is_text = self.arguments.get("quote").and_then(Value::as_bool).unwrap_or(true);
        let text = |value| if is_text { literal(&python_text(value)) } else { python_text(value) };
        Ok(values.iter().map(text).collect())
    }
}

/// A value as Python's `str` writes it.
fn python_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Null => "None".to_owned(),
        value => value.to_string(),
    }
}

/// A text as Python's `repr` writes it, as far as texts of tests go.
fn python_literal(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\");
    match (text.contains('\''), text.contains('"')) {
        (true, false) => format!("\"{escaped}\""),
        _ => format!("'{}'", escaped.replace('\'', "\\'")),
    }
}

/// A text with every run of other signs than letters, digits and `_` as one `_`.
fn plain(text: &str) -> String {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    let mut plain = String::with_capacity(text.len());
    let mut is_in_run = false;
    for sign in text.chars() {
        if is_plain(sign) {
            plain.push(sign);
        } else if !is_in_run {
            plain.push('_');
        }
        is_in_run = !is_plain(sign);
    }
    plain
}

fn md5(text: &str) -> String {
    Md5::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
