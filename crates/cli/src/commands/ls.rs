//! `wow ls`: what the dbt project has.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{Context, Outcome};
use crate::project::{NAME, Node, Project, ResourceType, SelectArgs};

/// Arguments of `wow ls`.
#[derive(Debug, Args)]
pub(crate) struct LsArgs {
    /// Which to list.
    #[command(flatten)]
    select: SelectArgs,
    /// Only what is of this type; give it again for more of them. Analyses are listed only so.
    #[arg(long = "resource-type", value_name = "TYPE")]
    types: Vec<ResourceType>,
    /// What to print of each, as `dbt ls` does.
    #[arg(long, value_name = "WHAT", default_value = "name")]
    output: LsOutput,
}

/// What is printed of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LsOutput {
    /// Its name.
    Name,
    /// The file that it is in.
    Path,
    /// An object in a line.
    Json,
}

/// What is listed where no type is asked for, as by dbt.
const USUAL_TYPES: [ResourceType; 6] = [
    ResourceType::Model,
    ResourceType::Snapshot,
    ResourceType::Seed,
    ResourceType::Test,
    ResourceType::Source,
    ResourceType::Exposure,
];

/// Lists what is selected, in the order of the names that dbt's artifacts have for it.
///
/// # Errors
/// As [`Project::select`].
pub(crate) fn run(context: &Context, args: &LsArgs) -> anyhow::Result<Outcome> {
    let project = Project::load()?;
    let types = if args.types.is_empty() { &USUAL_TYPES[..] } else { &args.types };
    let mut nodes = project.select(&args.select, types)?;
    nodes.sort_by(|one, other| one.unique_id.cmp(&other.unique_id));
    for node in &nodes {
        context.output.text(&match args.output {
            LsOutput::Name => search_name(node),
            LsOutput::Path => node.path.clone(),
            LsOutput::Json => described(node).to_string(),
        });
    }
    context.output.answer(&nodes.into_iter().map(described).collect::<Vec<_>>())?;
    Ok(Outcome::Done)
}

/// A source's table is known with the source's name.
fn search_name(node: &Node) -> String {
    match node.resource_type {
        ResourceType::Source => node.fqn[1..].join("."),
        _ => node.name.clone(),
    }
}

/// The keys are those of `dbt ls --output json`.
fn described(node: &Node) -> Value {
    json!({
        "name": node.name,
        "resource_type": node.resource_type.name(),
        "package_name": NAME,
        "original_file_path": node.path,
        "unique_id": node.unique_id,
        "alias": node.alias,
        "description": node.description,
        "config": node.config,
        "tags": node.tags,
        "depends_on": { "nodes": node.parents },
    })
}
