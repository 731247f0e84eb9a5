//! `wow config`: what is in force, and where each value came from.

use clap::Args;
use indicatif::HumanBytes;
use serde_json::{Map, Value, json};
use wow_engine::manifest::Environment;

use super::{Context, Outcome};
use crate::args::ParamsArgs;
use crate::artifacts;
use crate::settings::{Origin, Setting};

/// Arguments of `wow config`.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// What makes a session, a likely bot and a churned player.
    #[command(flatten)]
    pub(crate) params: ParamsArgs,
}

/// Prints all settings. No database is opened.
///
/// # Errors
/// When the answer cannot be written as JSON.
pub(crate) fn run(context: &Context, args: &ConfigArgs) -> anyhow::Result<Outcome> {
    let settings = &context.settings;
    let row = |name: &str, value: &str, origin: Origin, note: &str| {
        context.output.result(format!("{name:<24} {value:<31} {origin:<19} {note}").trim_end());
    };
    let Setting { value: environment, origin } = settings.environment;
    row("target", environment.name(), origin, "");
    let mut databases = Map::new();
    for environment in [Environment::Dev, Environment::Prod] {
        let Setting { value: path, origin } = settings.database(environment);
        let bytes = std::fs::metadata(path).ok().filter(|file| file.is_file()).map(|file| file.len());
        let note = bytes.map_or_else(|| "not there".to_owned(), |bytes| HumanBytes(bytes).to_string());
        let name = environment.name();
        row(&format!("database of {name}"), &path.display().to_string(), *origin, &note);
        databases.insert(name.to_owned(), json!({ "value": path, "from": origin, "bytes": bytes }));
    }
    let parameters: Vec<_> = settings.params(&args.params).settings().collect();
    for (name, Setting { value, origin }) in &parameters {
        let text = match value {
            Value::Null => "day of the newest event".to_owned(),
            Value::String(text) => text.clone(),
            number => number.to_string(),
        };
        row(name, &text, *origin, "");
    }
    let file = settings.file.as_ref();
    let project = artifacts::project_folder();
    let shown = |path: Option<&std::path::PathBuf>| {
        path.map_or_else(|| "not there".to_owned(), |path| path.display().to_string())
    };
    context.output.result(format!("{:<25}{}", "settings file", shown(file)));
    context.output.result(format!("{:<25}{}", "dbt project", shown(project.as_ref())));
    context.output.result(format!(
        "{:<25}{}",
        "compiled SQL and results",
        artifacts::target_folder().display()
    ));
    context.output.answer(&json!({
        "target": settings.environment,
        "databases": databases,
        "parameters": parameters.into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        "settings_file": file,
        "dbt_project": project,
        "target_folder": artifacts::target_folder(),
    }))?;
    Ok(Outcome::Done)
}
