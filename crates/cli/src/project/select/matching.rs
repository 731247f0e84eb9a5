//! The methods of selectors: what a node is asked for.

use glob::{MatchOptions, Pattern};
use serde_json::Value;

use super::criterion::Criterion;
use crate::failure::Failure;
use crate::output::shown;
use crate::project::node::Body;
use crate::project::{NAME, Node, ResourceType};

/// What a node is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method<'a> {
    /// Its name, or its name after those of folders.
    Fqn,
    /// One of its tags.
    Tag,
    /// A source's name, and its table's.
    Source,
    /// An exposure's name.
    Exposure,
    /// Where its file is.
    Path,
    /// Its file's name.
    File,
    /// The project that it is of.
    Package,
    /// A value of its configuration.
    Config(&'a str),
    /// What a test of a column asks.
    TestName,
    /// Whether a test is of a column or a query of its own.
    TestType,
    /// What it is.
    ResourceType,
}

/// The methods by name, but for `config`, which has a name behind it.
const METHODS: [(&str, Method<'static>); 10] = [
    ("fqn", Method::Fqn),
    ("tag", Method::Tag),
    ("source", Method::Source),
    ("exposure", Method::Exposure),
    ("path", Method::Path),
    ("file", Method::File),
    ("package", Method::Package),
    ("test_name", Method::TestName),
    ("test_type", Method::TestType),
    ("resource_type", Method::ResourceType),
];

impl<'a> Method<'a> {
    /// The method before the colon.
    ///
    /// # Errors
    /// [`Failure::Usage`] where there is none of that name.
    pub(super) fn named(name: &'a str) -> anyhow::Result<Self> {
        if let Some(key) = name.strip_prefix("config.") {
            return Ok(Self::Config(key));
        }
        let known = METHODS.iter().find(|(known, _)| *known == name);
        known.map(|(_, method)| *method).ok_or_else(|| {
            let names: Vec<&str> = METHODS.iter().map(|(name, _)| *name).collect();
            Failure::usage(format!(
                "`{}:` is no method of selectors here; there are {} and config.KEY",
                shown(name),
                names.join(", ")
            ))
        })
    }

    /// The method of a value without one.
    pub(super) fn usual(value: &str) -> Self {
        let name = value.to_lowercase();
        if value.contains('/') {
            Self::Path
        } else if [".sql", ".py", ".csv"].iter().any(|end| name.ends_with(end)) {
            Self::File
        } else {
            Self::Fqn
        }
    }
}

impl Criterion<'_> {
    /// Whether a node is meant itself.
    ///
    /// # Errors
    /// [`Failure::Usage`] for a value that the method cannot have.
    pub(super) fn matches(&self, node: &Node) -> anyhow::Result<bool> {
        let value = self.value;
        let is_of = |resource_type| node.resource_type == resource_type;
        Ok(match self.method {
            Method::Fqn => {
                !is_of(ResourceType::Source)
                    && (is_named(&node.fqn, value)? || is_named(&node.fqn[1..], value)?)
            }
            Method::Tag => any(&node.tags, value)?,
            Method::Source => is_of(ResourceType::Source) && is_qualified(&node.fqn, value, 2)?,
            Method::Exposure => is_of(ResourceType::Exposure) && is_qualified(&node.fqn, value, 1)?,
            Method::Path => is_in(node, value)?,
            Method::File => {
                let name = node.path.rsplit('/').next().unwrap_or_default();
                let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
                any(&[name, stem], value)?
            }
            Method::Package => any(&[NAME], if value == "this" { NAME } else { value })?,
            Method::Config(key) => !is_of(ResourceType::Exposure) && is_configured(node, key, value),
            Method::TestName => match &node.body {
                Body::Test(test) => any(&[&test.kind], value)?,
                _ => false,
            },
            Method::TestType => {
                let is_generic = matches!(node.body, Body::Test(_));
                is_of(ResourceType::Test)
                    && match value {
                        "data" => true,
                        "generic" | "schema" => is_generic,
                        "singular" => !is_generic,
                        _ => return Err(unknown("test_type", value, "generic, singular and data")),
                    }
            }
            Method::ResourceType => node.resource_type == resource_type(value)?,
        })
    }
}

fn resource_type(name: &str) -> anyhow::Result<ResourceType> {
    clap::ValueEnum::from_str(name, false).map_err(|_| {
        unknown("resource_type", name, "model, snapshot, seed, test, source, exposure and analysis")
    })
}

fn unknown(method: &str, value: &str, known: &str) -> anyhow::Error {
    Failure::usage(format!("`{method}:{}` is not known; there are {known}", shown(value)))
}

/// Whether a name after those of folders, or their beginning, is what a selector names; its dots part names.
fn is_named(fqn: &[String], selector: &str) -> anyhow::Result<bool> {
    if fqn.last().is_some_and(|name| name == selector) {
        return Ok(true);
    }
    let names: Vec<&str> = fqn.iter().flat_map(|name| name.split('.')).collect();
    let parts: Vec<&str> = selector.split('.').collect();
    if names.len() < parts.len() {
        return Ok(false);
    }
    for (place, part) in parts.iter().enumerate() {
        if part.contains(['*', '?', '[', ']']) {
            return any(&[names[place..].join(".")], &parts[place..].join("."));
        }
        if names[place] != *part {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether the last names are those that a selector gives. Fewer may be given, of a source its own name at least, and the
/// project's before them.
fn is_qualified(fqn: &[String], selector: &str, own_names: usize) -> anyhow::Result<bool> {
    let parts: Vec<&str> = selector.split('.').collect();
    if parts.len() > own_names + 1 {
        return Err(Failure::usage(format!("`{}` has more names than there can be", shown(selector))));
    }
    let names = if parts.len() > own_names { fqn } else { &fqn[1..] };
    for (name, part) in names.iter().zip(parts) {
        if !any(&[name], part)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a node's file, the one that describes it, or a folder of its file is where a selector says.
fn is_in(node: &Node, selector: &str) -> anyhow::Result<bool> {
    let pattern = pattern(selector.trim_start_matches("./").trim_end_matches('/'))?;
    let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
    let folders = node.path.match_indices('/').map(|(end, _)| &node.path[..end]);
    let places = folders.chain([&*node.path]).chain(node.described_in.as_deref());
    Ok(places.into_iter().any(|place| pattern.matches_with(place, options)))
}

/// Whether the configuration has the value at the names that dots part.
fn is_configured(node: &Node, key: &str, value: &str) -> bool {
    let mut names = key.split('.');
    let first = names.next().and_then(|name| node.config.get(name));
    let found = names.fold(first, |level, name| level.and_then(|level| level.get(name)));
    let is_value = |found: &Value| match found {
        Value::String(text) if key == "severity" => text.eq_ignore_ascii_case(value),
        Value::String(text) => text == value,
        Value::Bool(is_so) => value.eq_ignore_ascii_case(if *is_so { "true" } else { "false" }),
        _ => false,
    };
    match found {
        Some(Value::Array(values)) => values.iter().any(is_value),
        Some(found) => is_value(found),
        None => false,
    }
}

/// Whether one of the texts is what a pattern says.
fn any(texts: &[impl AsRef<str>], selector: &str) -> anyhow::Result<bool> {
    let pattern = pattern(selector)?;
    Ok(texts.iter().any(|text| pattern.matches(text.as_ref())))
}

fn pattern(text: &str) -> anyhow::Result<Pattern> {
    Pattern::new(text).map_err(|error| {
        Failure::usage(format!("`{}` is no pattern; mend it near sign {}", shown(text), error.pos + 1))
    })
}
