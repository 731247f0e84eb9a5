//! `wow dbt`: real dbt in the dbt project, on the same databases and behind the same question as every other command.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use clap::Args;
use wow_engine::manifest::Environment;

use super::{Context, Outcome};
use crate::args::{ParamsArgs, TargetName};
use crate::artifacts;
use crate::consent::ConsentArgs;
use crate::failure::Failure;

/// The variable that names a dbt.
const DBT_VARIABLE: &str = "WOW_DBT";
/// The commands of dbt that write nothing into the database, unless they are told to. All others are asked about, those
/// that do not exist yet among them.
const READERS: [&str; 11] =
    ["clean", "compile", "debug", "deps", "docs", "init", "list", "ls", "parse", "show", "source"];
/// What is set here; another value would lead around the question.
const OURS: [&str; 3] = ["--profile", "--profiles-dir", "--project-dir"];

/// Arguments of `wow dbt`.
#[derive(Debug, Args)]
pub(crate) struct DbtArgs {
    /// Whether production may be written.
    #[command(flatten)]
    consent: ConsentArgs,
    /// The command of dbt and its arguments, which are passed on as they are.
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    args: Vec<String>,
}

impl DbtArgs {
    /// Takes what `wow` decides out of dbt's arguments: `--yes`, which dbt does not know, and `--target`, which is what
    /// `named` is then.
    ///
    /// # Errors
    /// [`Failure::Usage`] where targets differ or are none of ours.
    pub(crate) fn take_ours(&mut self, named: &mut Option<TargetName>) -> anyhow::Result<()> {
        let mut passed = Vec::new();
        let mut args = std::mem::take(&mut self.args).into_iter();
        while let Some(arg) = args.next() {
            let value = match arg.as_str() {
                "--yes" => {
                    self.consent.yes = true;
                    continue;
                }
                "--target" | "-t" => args.next(),
                _ => arg.strip_prefix("--target=").or_else(|| short_value(&arg)).map(str::to_owned),
            };
            match value {
                None => passed.push(arg),
                Some(value) => *named = Some(agreed(*named, &value)?),
            }
        }
        self.args = passed;
        Ok(())
    }
}

/// The value in `-tprod`.
fn short_value(arg: &str) -> Option<&str> {
    arg.strip_prefix("-t").filter(|value| !value.is_empty())
}

/// The target that both name.
fn agreed(named: Option<TargetName>, value: &str) -> anyhow::Result<TargetName> {
    let target = match value {
        "dev" => TargetName::Dev,
        "prod" => TargetName::Prod,
        _ => {
            return Err(Failure::usage(format!(
                "`{value}` is no target of `wow`; there are dev and prod, and others are for dbt run by itself"
            )));
        }
    };
    match named {
        Some(named) if named != target => {
            Err(Failure::usage("two targets are named, dev and prod; name the one that is meant"))
        }
        _ => Ok(target),
    }
}

/// Becomes dbt, so that signals and the exit status are dbt's own.
///
/// # Errors
/// A [`Failure`] when there is no project or no dbt, or when production is meant and not confirmed.
pub(crate) fn run(context: &Context, args: &DbtArgs) -> anyhow::Result<Outcome> {
    let project = artifacts::project_folder().context(Failure::Usage(
        "there is no dbt project here; run this in the folder that has `wow_analytics`, or in that"
            .to_owned(),
    ))?;
    let names_ours = |arg: &&String| OURS.iter().any(|ours| arg.split('=').next() == Some(ours));
    if let Some(arg) = args.args.iter().find(names_ours) {
        let arg = arg.split('=').next().unwrap_or_default();
        return Err(Failure::usage(format!(
            "`wow dbt` sets {arg} itself; leave it out, or run dbt by itself with it"
        )));
    }
    if writes(&args.args) {
        let what = format!("what `dbt {}` makes", args.args.join(" "));
        args.consent.confirm(context, &what)?;
    }
    let program = program()?;
    let error = command(context, args, &project, &program)?.exec();
    Err(anyhow::Error::new(error).context(Failure::Usage(format!(
        "{} cannot be run; get dbt by `pip install dbt-duckdb` or `scripts/setup.sh`, or name one in {DBT_VARIABLE}",
        program.to_string_lossy()
    ))))
}

/// Whether a command of dbt may write into the database. Options may stand before the command, and their values look like
/// one, so that what begins with an option is taken for a command that writes.
fn writes(args: &[String]) -> bool {
    let Some(first) = args.first() else { return false };
    if first == "test" {
        let is_set = ["DBT_STORE_FAILURES", "DBT_ENGINE_STORE_FAILURES"].map(std::env::var_os);
        return args.iter().any(|arg| arg == "--store-failures") || is_set.iter().any(Option::is_some);
    }
    !is_about_dbt(args) && !READERS.contains(&first.as_str())
}

/// Whether only dbt itself is asked about: its help or its version.
fn is_about_dbt(args: &[String]) -> bool {
    args.iter().all(|arg| ["--help", "-h", "--version", "-v", "-V"].contains(&arg.as_str()))
}

fn command(context: &Context, args: &DbtArgs, project: &Path, program: &OsString) -> anyhow::Result<Command> {
    let settings = &context.settings;
    let mut command = Command::new(program);
    command.args(&args.args).current_dir(project);
    for name in ["WOW_ENV", "DBT_ENV"] {
        command.env_remove(name);
    }
    for (name, environment) in
        [("WOW_DEV_DATABASE", Environment::Dev), ("WOW_PROD_DATABASE", Environment::Prod)]
    {
        command.env(name, std::path::absolute(&settings.database(environment).value)?);
    }
    if is_about_dbt(&args.args) {
        return Ok(command);
    }
    let project = project.canonicalize()?;
    command.args(["--target", context.target.environment.name()]);
    command.arg("--project-dir").arg(&project).arg("--profiles-dir").arg(&project);
    let parameters = settings.params(&ParamsArgs::default());
    let names_variables = args.args.iter().any(|arg| arg == "--vars" || arg.starts_with("--vars="));
    if !names_variables && !parameters.differing().is_empty() {
        parameters.say(context.output);
        command.arg("--vars").arg(serde_json::to_string(&parameters.differing())?);
    }
    Ok(command)
}

/// The dbt that a variable names, or that `scripts/setup.sh` made, or that is on the PATH.
fn program() -> anyhow::Result<OsString> {
    if let Some(named) = std::env::var_os(DBT_VARIABLE).filter(|value| !value.is_empty()) {
        // A relative name would be looked for in the project.
        let is_path = Path::new(&named).components().count() > 1;
        return Ok(if is_path { std::path::absolute(named)?.into() } else { named });
    }
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = variable("XDG_CACHE_HOME").or_else(|| Some(variable("HOME")?.join(".cache")));
    let made = cache.map(|cache| cache.join("wow-analytics/dbt/bin/dbt")).filter(|path| path.exists());
    Ok(made.map_or_else(|| "dbt".into(), Into::into))
}
