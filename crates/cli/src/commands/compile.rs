//! `wow compile`: the SQL of models, tests, analyses and the snapshot with the parameters filled in.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Context, Outcome};
use crate::args::ParamsArgs;
use crate::artifacts;
use crate::output::counted;
use crate::project::{InDatabase, NAME, Node, Project, ResourceType, SelectArgs, VarArgs};
use crate::publish::file::{Form, NewFile};

/// Arguments of `wow compile`.
#[derive(Debug, Args)]
pub(crate) struct CompileArgs {
    /// What to compile, as with --select; without it everything. The SQL of one is printed.
    #[arg(value_name = "SELECTOR")]
    names: Vec<String>,
    /// What to compile.
    #[command(flatten)]
    select: SelectArgs,
    /// The parameters to fill in.
    #[command(flatten)]
    params: ParamsArgs,
    /// The variables to fill in besides.
    #[command(flatten)]
    vars: VarArgs,
}

/// What has SQL.
const TYPES: [ResourceType; 4] =
    [ResourceType::Model, ResourceType::Snapshot, ResourceType::Test, ResourceType::Analysis];
/// Any file may be in the place of compiled SQL, for all in that folder can be made again.
const FORM: Form = Form { beginning: "", option: "`cd DIR`" };

/// Compiles what is selected, and prints it where it is one.
///
/// # Errors
/// As [`Project::select`], and when a file cannot be written.
pub(crate) fn run(context: &Context, args: &CompileArgs) -> anyhow::Result<Outcome> {
    let project = Project::load()?;
    let mut select = args.select.clone();
    select.select.extend(args.names.iter().cloned());
    let nodes = project.select(&select, &TYPES)?;
    let parameters = context.settings.params(&args.params);
    let variables = project.variables(&parameters.params).with(args.vars.values());
    let mut compiled = Vec::with_capacity(nodes.len());
    for node in nodes {
        let sql = project.compile(node, InDatabase, variables.clone())?;
        let path = compiled_path(node);
        NewFile::open(&path, "compile", FORM)?.publish(sql.as_bytes())?;
        compiled.push((node, path, sql));
    }
    // A model comes with its tests, which are not what was asked for by its name.
    let is_test = |node: &Node| node.resource_type == ResourceType::Test;
    let named: Vec<_> = match compiled.iter().filter(|(node, ..)| !is_test(node)).collect::<Vec<_>>() {
        others if others.is_empty() => compiled.iter().collect(),
        others => others,
    };
    if let ([(_, _, sql)], false) = (&*named, select.select.is_empty()) {
        context.output.text(sql.trim_end());
    }
    let folder = artifacts::target_folder().join("compiled").join(NAME);
    context.output.line(format!(
        "Compiled {} into {}",
        counted(compiled.len() as u64, "file"),
        folder.display()
    ));
    let described = |(node, path, sql): &(&Node, PathBuf, String)| json!({ "unique_id": node.unique_id, "name": node.name, "file": path, "sql": sql });
    context.output.answer(&compiled.iter().map(described).collect::<Vec<_>>())?;
    Ok(Outcome::Done)
}

/// Where dbt puts it too.
fn compiled_path(node: &Node) -> PathBuf {
    let path = artifacts::target_folder().join("compiled").join(NAME).join(&node.path);
    let is_in_file_of_its_own = path.file_stem().is_some_and(|stem| stem == &*node.alias);
    match node.resource_type {
        ResourceType::Snapshot => path.join(format!("{}.sql", node.alias)),
        _ if is_in_file_of_its_own => path,
        _ => path.join(format!("{}.sql", node.alias)),
    }
}
