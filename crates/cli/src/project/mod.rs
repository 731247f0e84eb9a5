//! The dbt project as it is in the command: its models, tests, seeds and the rest, what reads what, and its SQL.

mod compile;
mod files;
mod generic;
mod node;
mod read;
pub(crate) mod run_results;
mod select;
mod vars;
mod yaml;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;

pub(crate) use self::compile::{InDatabase, Names, Variables, compile_text};
pub(crate) use self::node::{Node, ResourceType};
pub(crate) use self::select::SelectArgs;
pub(crate) use self::vars::VarArgs;
use crate::failure::Failure;

/// The project's name, as dbt knows it.
pub(crate) const NAME: &str = "wow_analytics";

/// The project.
pub(crate) struct Project {
    /// All that it has; what is read comes before what reads it.
    nodes: Vec<Node>,
    /// Its variables.
    variables: Variables,
}

impl Project {
    /// The project whose files are in the command.
    ///
    /// # Errors
    /// When it is none that dbt would take.
    pub(crate) fn load() -> anyhow::Result<Self> {
        read::project(files::built_in())
    }

    /// The project that a folder holds, as far as its seeds go.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(crate) fn seeds_in(folder: &Path) -> anyhow::Result<Self> {
        let read = || read::project(files::seeds_in(folder)?);
        read().with_context(|| {
            Failure::Usage(format!("the seeds of {} cannot be read; see the cause", folder.display()))
        })
    }

    /// All that the project has; what is read comes before what reads it.
    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The model, seed, snapshot, test or analysis of this name.
    ///
    /// # Errors
    /// [`Failure::Usage`] where there is none.
    pub(crate) fn named(&self, resource_type: ResourceType, name: &str) -> anyhow::Result<&Node> {
        let found = self.nodes.iter().find(|node| node.resource_type == resource_type && node.name == name);
        found.ok_or_else(|| {
            Failure::usage(format!("the dbt project has no {} `{name}`", resource_type.name()))
        })
    }

    /// Parents first. A project whose nodes read each other in a circle is none.
    fn in_order(nodes: Vec<Node>, variables: Variables) -> anyhow::Result<Self> {
        let mut waiting: BTreeMap<String, Node> =
            nodes.into_iter().map(|node| (node.unique_id.clone(), node)).collect();
        let mut nodes = Vec::with_capacity(waiting.len());
        while !waiting.is_empty() {
            let is_ready = |node: &Node| !node.parents.iter().any(|parent| waiting.contains_key(parent));
            let ready: Vec<String> =
                waiting.values().filter(|node| is_ready(node)).map(|node| node.unique_id.clone()).collect();
            anyhow::ensure!(!ready.is_empty(), "models read each other in a circle");
            nodes.extend(ready.iter().filter_map(|id| waiting.remove(id)));
        }
        Ok(Self { nodes, variables })
    }
}

#[cfg(test)]
mod tests;
