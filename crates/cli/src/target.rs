//! Which database: dev and prod are data here, and branches nowhere else.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Deserialize;
use wow_engine::manifest::Environment;

use crate::args::TargetArgs;
use crate::failure::Failure;

/// What DuckDB makes a database in memory of.
const IN_MEMORY: &str = ":memory:";
/// The settings file, looked for in the current folder.
const SETTINGS_FILE: &str = "wow.toml";
/// The variables that choose the environment; the first that is set counts.
const ENVIRONMENT_VARIABLES: [&str; 2] = ["WOW_ENV", "DBT_ENV"];

/// An environment and its database file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// dev or prod.
    pub(crate) environment: Environment,
    /// The database file, as the user wrote it.
    pub(crate) path: PathBuf,
}

impl Target {
    /// The target that the arguments, the environment variables and `wow.toml` name, in this order.
    ///
    /// # Errors
    /// [`Failure::Usage`] when a variable or `wow.toml` cannot be understood, or when `--database` names the
    /// production database without `--target prod`.
    pub(crate) fn resolve(args: &TargetArgs) -> anyhow::Result<Self> {
        resolve_in(args, &|name| std::env::var(name).ok(), Path::new(""))
    }

    /// The line that every command prints first.
    pub(crate) fn badge(&self) -> String {
        let mark = match self.environment {
            Environment::Dev => "✅",
            Environment::Prod => "🚨",
        };
        format!("{mark} {} database ({})", self.environment.label(), self.path.display())
    }

    /// The option that chooses this environment on the command line, with a leading space; empty for dev.
    pub(crate) fn option(&self) -> &'static str {
        match self.environment {
            Environment::Dev => "",
            Environment::Prod => " --target prod",
        }
    }
}

fn resolve_in(
    args: &TargetArgs,
    variable: &dyn Fn(&str) -> Option<String>,
    folder: &Path,
) -> anyhow::Result<Target> {
    let chosen = match args.target {
        Some(name) => Some(Environment::from(name)),
        None => environment_from_variables(variable)?,
    };
    let environment = chosen.unwrap_or(Environment::Dev);
    let settings = Settings::read(&folder.join(SETTINGS_FILE))?;
    let path = match &args.database {
        Some(path) => {
            if path.as_os_str() == IN_MEMORY {
                return Err(Failure::usage(format!(
                    "{IN_MEMORY} is DuckDB's name for a database that no other program sees; name a file with --database FILE"
                )));
            }
            if environment == Environment::Dev {
                refuse_prod_as_dev(path, &settings.path(Environment::Prod))?;
            }
            path.clone()
        }
        None => settings.path(environment),
    };
    Ok(Target { environment, path })
}

fn environment_from_variables(
    variable: &dyn Fn(&str) -> Option<String>,
) -> anyhow::Result<Option<Environment>> {
    for name in ENVIRONMENT_VARIABLES {
        let Some(value) = variable(name).filter(|value| !value.is_empty()) else { continue };
        return match value.to_lowercase().as_str() {
            "dev" => Ok(Some(Environment::Dev)),
            "prod" => Ok(Some(Environment::Prod)),
            _ => Err(Failure::usage(format!("{name} is `{value}`; set it to dev or prod, or unset it"))),
        };
    }
    Ok(None)
}

/// Keeps production data from being shown under the dev badge by naming its file.
fn refuse_prod_as_dev(path: &Path, prod: &Path) -> anyhow::Result<()> {
    let same = match (path.canonicalize(), prod.canonicalize()) {
        (Ok(path), Ok(prod)) => path == prod,
        _ => path == prod,
    };
    if same {
        return Err(Failure::usage(format!(
            "{} is the production database; add --target prod to use it",
            path.display()
        )));
    }
    Ok(())
}

/// The content of `wow.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    dev: EnvironmentSettings,
    #[serde(default)]
    prod: EnvironmentSettings,
}

/// A table of `wow.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct EnvironmentSettings {
    database: Option<PathBuf>,
}

impl Settings {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => {
                return Err(error).context(Failure::Usage(format!(
                    "{} cannot be read; mend or remove it",
                    path.display()
                )));
            }
        };
        toml::from_str(&text).with_context(|| {
            Failure::Usage(format!(
                "{} is not as expected; it holds `database = \"FILE\"` under [dev] or [prod] and nothing else",
                path.display()
            ))
        })
    }

    fn path(&self, environment: Environment) -> PathBuf {
        let (settings, default) = match environment {
            Environment::Dev => (&self.dev, "wow_test.duckdb"),
            Environment::Prod => (&self.prod, "wow.duckdb"),
        };
        settings.database.clone().unwrap_or_else(|| PathBuf::from(default))
    }
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
        resolve_in(args, &variable, folder.path())
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
        let named = TargetArgs { target: None, database: Some(PathBuf::from("wow.duckdb")) };
        for result in [
            resolve(&none, &[("WOW_ENV", "production")], ""),
            resolve(&none, &[], "[dve]\ndatabase = \"a\"\n"),
            resolve(&named, &[], ""),
        ] {
            assert_eq!(Failure::status_of(&result.unwrap_err()), 2);
        }
    }
}
