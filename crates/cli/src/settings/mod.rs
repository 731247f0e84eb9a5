//! What is in force, and where each value came from: the one place that asks flags, environment variables and `wow.toml`.

mod file;
mod parameters;

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;
use wow_engine::Params;
use wow_engine::manifest::Environment;

use self::file::SettingsFile;
pub(crate) use self::parameters::{Given, Parameters, named};
use crate::args::{ParamsArgs, TargetArgs};
use crate::artifacts;
use crate::failure::Failure;
use crate::target::{Target, is_same_file};

/// What DuckDB makes a database in memory of.
const IN_MEMORY: &str = ":memory:";
/// The settings file.
const SETTINGS_FILE: &str = "wow.toml";
/// The variables that choose the environment; the first that is set counts.
const ENVIRONMENT_VARIABLES: [&str; 2] = ["WOW_ENV", "DBT_ENV"];

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A flag, as it is typed.
    Flag(&'static str),
    /// An environment variable.
    Variable(&'static str),
    /// The settings file.
    File,
    /// The export that is read.
    Export,
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Flag(name) | Self::Variable(name) => name,
            Self::File => SETTINGS_FILE,
            Self::Export => "the export",
            Self::Default => "default",
        })
    }
}

impl Serialize for Origin {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Setting<T> {
    /// The value.
    pub(crate) value: T,
    /// Where it came from.
    #[serde(rename = "from")]
    pub(crate) origin: Origin,
}

/// All settings.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// dev or prod.
    pub(crate) environment: Setting<Environment>,
    /// The settings file, where there is one.
    pub(crate) file: Option<PathBuf>,
    dev: Setting<PathBuf>,
    prod: Setting<PathBuf>,
    parameters: Given,
}

impl Settings {
    /// What the arguments, the environment variables and `wow.toml` say, in this order. `wow.toml` and the databases are
    /// looked for in the current folder, or beside it where that is the dbt project, as dbt does.
    ///
    /// # Errors
    /// [`Failure::Usage`] when a variable or `wow.toml` cannot be understood, or when dev would be the production database.
    pub(crate) fn resolve(args: &TargetArgs) -> anyhow::Result<Self> {
        let home = if artifacts::is_project(Path::new("")) { ".." } else { "" };
        resolve_in(args, &|name| std::env::var(name).ok(), Path::new(home))
    }

    /// The environment to work on, with its database.
    pub(crate) fn target(&self) -> Target {
        self.target_of(self.environment.value)
    }

    /// An environment with its database.
    pub(crate) fn target_of(&self, environment: Environment) -> Target {
        Target { environment, path: self.database(environment).value.clone() }
    }

    /// The database of an environment.
    pub(crate) fn database(&self, environment: Environment) -> &Setting<PathBuf> {
        match environment {
            Environment::Dev => &self.dev,
            Environment::Prod => &self.prod,
        }
    }

    /// The parameters in force: flags over `wow.toml` over the default ones.
    pub(crate) fn params(&self, args: &ParamsArgs) -> Parameters {
        self.params_over(args, Params::default())
    }

    /// As [`Settings::params`], over those of an export.
    pub(crate) fn params_over(&self, args: &ParamsArgs, base: Params) -> Parameters {
        Parameters::over(base).with(&self.parameters, |_| Origin::File).with(&args.given(), Origin::Flag)
    }
}

fn resolve_in(
    args: &TargetArgs,
    variable: &dyn Fn(&str) -> Option<String>,
    home: &Path,
) -> anyhow::Result<Settings> {
    let environment = match args.target {
        Some(name) => Setting { value: name.into(), origin: Origin::Flag("--target") },
        None => environment_from_variables(variable)?
            .unwrap_or(Setting { value: Environment::Dev, origin: Origin::Default }),
    };
    let path = home.join(SETTINGS_FILE);
    let file = SettingsFile::read(&path)?;
    let is_there = file.is_some();
    let SettingsFile { dev, prod, parameters } = file.unwrap_or_default();
    let database = |named: Option<PathBuf>, default: &str| match named {
        Some(path) => Setting { value: home.join(path), origin: Origin::File },
        None => Setting { value: home.join(default), origin: Origin::Default },
    };
    let mut settings = Settings {
        environment,
        file: is_there.then_some(path),
        dev: database(dev, "wow_test.duckdb"),
        prod: database(prod, "wow.duckdb"),
        parameters,
    };
    if let Some(path) = &args.database {
        let named = Setting { value: path.clone(), origin: Origin::Flag("--database") };
        if settings.environment.value == Environment::Dev {
            settings.dev = named;
        } else {
            settings.prod = named;
        }
    }
    settings.check()?;
    Ok(settings)
}

impl Settings {
    fn check(&self) -> anyhow::Result<()> {
        let Target { environment, path } = self.target();
        if path.ends_with(IN_MEMORY) {
            return Err(Failure::usage(format!(
                "{IN_MEMORY} is DuckDB's name for a database that no other program sees; name a file with --database FILE"
            )));
        }
        // Keeps production from being shown under the dev badge, and from being written without a question.
        if environment == Environment::Prod || !is_same_file(&path, &self.prod.value) {
            return Ok(());
        }
        let way_out = match self.dev.origin {
            Origin::Flag(_) => "add --target prod to use it",
            _ => "name another file for dev in wow.toml, or add --target prod to use this one",
        };
        Err(Failure::usage(format!("{} is the production database; {way_out}", path.display())))
    }
}

fn environment_from_variables(
    variable: &dyn Fn(&str) -> Option<String>,
) -> anyhow::Result<Option<Setting<Environment>>> {
    for name in ENVIRONMENT_VARIABLES {
        let Some(value) = variable(name).filter(|value| !value.is_empty()) else { continue };
        let value = match value.to_lowercase().as_str() {
            "dev" => Environment::Dev,
            "prod" => Environment::Prod,
            _ => {
                return Err(Failure::usage(format!(
                    "{name} is `{value}`; set it to dev or prod, or unset it"
                )));
            }
        };
        return Ok(Some(Setting { value, origin: Origin::Variable(name) }));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::TargetName;

    fn resolve(args: &TargetArgs, variables: &[(&str, &str)], toml: &str) -> anyhow::Result<Target> {
        let folder = tempfile::tempdir().unwrap();
        if !toml.is_empty() {
            std::fs::write(folder.path().join(SETTINGS_FILE), toml).unwrap();
        }
        let variable =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        let Target { environment, path } = resolve_in(args, &variable, folder.path())?.target();
        let path = path.strip_prefix(folder.path()).map(Path::to_owned).unwrap_or(path);
        Ok(Target { environment, path })
    }

    fn target(name: TargetName) -> TargetArgs {
        TargetArgs { target: Some(name), database: None }
    }

    #[test]
    fn dev_is_the_default_and_prod_must_be_named() {
        let none = TargetArgs::default();
        assert_eq!(resolve(&none, &[], "").unwrap().badge(), "✅ DEV database (wow_test.duckdb)");
        let prod = "🚨 PRODUCTION database (wow.duckdb)";
        assert_eq!(resolve(&target(TargetName::Prod), &[], "").unwrap().badge(), prod);
        assert_eq!(resolve(&none, &[("DBT_ENV", "prod")], "").unwrap().badge(), prod);
        assert_eq!(resolve(&none, &[("WOW_ENV", "PROD"), ("DBT_ENV", "dev")], "").unwrap().badge(), prod);
        let dev = resolve(&target(TargetName::Dev), &[("WOW_ENV", "prod")], "").unwrap();
        assert_eq!(dev.environment, Environment::Dev);
    }

    #[test]
    fn the_settings_file_names_databases() {
        let toml = "[dev]\ndatabase = \"a.duckdb\"\n[prod]\ndatabase = \"b.duckdb\"\n";
        assert_eq!(resolve(&TargetArgs::default(), &[], toml).unwrap().path, Path::new("a.duckdb"));
        assert_eq!(resolve(&target(TargetName::Prod), &[], toml).unwrap().path, Path::new("b.duckdb"));
    }

    #[test]
    fn what_cannot_be_understood_is_wrong_use() {
        let none = TargetArgs::default();
        for result in [
            resolve(&none, &[("WOW_ENV", "production")], ""),
            resolve(&none, &[], "[dve]\ndatabase = \"a\"\n"),
            resolve(&none, &[], "[dev]\ndatabase = \"wow.duckdb\"\n"),
        ] {
            assert_eq!(Failure::status_of(&result.unwrap_err()), 2);
        }
    }
}
