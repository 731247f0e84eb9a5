//! The YAML files of a dbt project, as far as they are read here.

use anyhow::Context as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};
use yaml_rust2::{Yaml, YamlLoader};

/// `dbt_project.yml`.
#[derive(Debug, Deserialize)]
pub(super) struct ProjectYaml {
    #[serde(default)]
    pub(super) vars: Map<String, Value>,
    /// How models, seeds and the rest are configured by folder.
    #[serde(flatten)]
    pub(super) folders: Map<String, Value>,
}

/// A file that describes what is there.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DescriptionsYaml {
    pub(super) models: Vec<Described>,
    pub(super) seeds: Vec<Described>,
    pub(super) snapshots: Vec<Described>,
    pub(super) analyses: Vec<Described>,
    pub(super) data_tests: Vec<Described>,
    pub(super) sources: Vec<SourceYaml>,
    pub(super) exposures: Vec<ExposureYaml>,
}

/// What is said of a model, seed, snapshot, analysis, test or table of a source.
#[derive(Debug, Deserialize)]
pub(super) struct Described {
    pub(super) name: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) config: Map<String, Value>,
    #[serde(default)]
    pub(super) columns: Vec<ColumnYaml>,
}

/// A column.
#[derive(Debug, Deserialize)]
pub(super) struct ColumnYaml {
    pub(super) name: String,
    /// Whether its name needs quotes.
    #[serde(default)]
    pub(super) quote: bool,
    #[serde(default)]
    pub(super) data_tests: Vec<Value>,
}

/// A source.
#[derive(Debug, Deserialize)]
pub(super) struct SourceYaml {
    pub(super) name: String,
    pub(super) tables: Vec<Described>,
}

/// An exposure.
#[derive(Debug, Deserialize)]
pub(super) struct ExposureYaml {
    pub(super) name: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) config: Map<String, Value>,
    #[serde(default)]
    pub(super) depends_on: Vec<String>,
}

/// Reads a file.
///
/// # Errors
/// When it is no YAML, or not of this form.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> anyhow::Result<T> {
    let document = YamlLoader::load_from_str(text)?.into_iter().next();
    Ok(serde_json::from_value(document.map_or(Ok(Value::Object(Map::new())), json)?)?)
}

fn json(yaml: Yaml) -> anyhow::Result<Value> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Boolean(is_so) => Value::Bool(is_so),
        Yaml::Integer(number) => number.into(),
        Yaml::Real(digits) => Value::Number(Number::from_f64(digits.parse()?).context("no number")?),
        Yaml::String(text) => Value::String(text),
        Yaml::Array(list) => Value::Array(list.into_iter().map(json).collect::<anyhow::Result<_>>()?),
        Yaml::Hash(map) => {
            let entries = map.into_iter().map(|(name, value)| {
                Ok((name.into_string().context("a name that is no text")?, json(value)?))
            });
            Value::Object(entries.collect::<anyhow::Result<_>>()?)
        }
        Yaml::Alias(_) | Yaml::BadValue => anyhow::bail!("a value that cannot be read"),
    })
}
