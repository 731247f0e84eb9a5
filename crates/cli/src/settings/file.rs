//! `wow.toml`.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use toml::{Table, Value};

use super::parameters::{Given, PARAMETERS};
use crate::failure::Failure;
use crate::output::shown;

/// What the file says.
#[derive(Debug, Default)]
pub(super) struct SettingsFile {
    /// The database of dev.
    pub(super) dev: Option<PathBuf>,
    /// The database of prod.
    pub(super) prod: Option<PathBuf>,
    /// The parameters of the models.
    pub(super) parameters: Given,
}

impl SettingsFile {
    /// Reads the file; `None` where there is none.
    ///
    /// # Errors
    /// [`Failure::Usage`] that names what is not as it may be.
    pub(super) fn read(path: &Path) -> anyhow::Result<Option<Self>> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(error).context(Failure::Usage(format!(
                    "{} cannot be read; mend or remove it",
                    path.display()
                )));
            }
        };
        let table: Table = toml::from_str(&text).map_err(|error: toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            anyhow::anyhow!("{}", error.message())
                .context(Failure::Usage(format!("{} is no TOML in line {line}; mend it", path.display())))
        })?;
        let mut settings = Self::default();
        for (key, value) in &table {
            settings
                .take(key, value)
                .map_err(|wrong| Failure::usage(format!("{}: {wrong}", path.display())))?;
        }
        Ok(Some(settings))
    }

    /// Takes a table of the file, or says what is wrong with it.
    fn take(&mut self, key: &str, value: &Value) -> Result<(), String> {
        let of = |table| match value {
            Value::Table(entries) => Ok(entries),
            _ => Err(format!("`{key}` is a value; write [{key}] above {table}")),
        };
        match key {
            "dev" => self.dev = database(key, of("its `database`")?)?,
            "prod" => self.prod = database(key, of("its `database`")?)?,
            "parameters" => {
                for (name, value) in of("the parameters")? {
                    let known = PARAMETERS.iter().position(|parameter| parameter.name == name);
                    let place = known.ok_or_else(|| {
                        let names = PARAMETERS.map(|parameter| parameter.name).join(", ");
                        format!("`{}` is no parameter; there are {names}", shown(name))
                    })?;
                    let parameter = &PARAMETERS[place];
                    let number = parameter.kind.read(value).ok_or_else(|| {
                        let found = shown(&value.to_string());
                        format!("`{name}` is {found}; it may be {}", parameter.kind.allowed())
                    })?;
                    self.parameters[place] = Some(number);
                }
            }
            _ => {
                let key = shown(key);
                return Err(format!("`{key}` is no setting; there are [dev], [prod] and [parameters]"));
            }
        }
        Ok(())
    }
}

/// The database that a table names.
fn database(environment: &str, entries: &Table) -> Result<Option<PathBuf>, String> {
    let mut path = None;
    for (key, value) in entries {
        match (key.as_str(), value) {
            ("database", Value::String(file)) if !file.is_empty() => path = Some(PathBuf::from(file)),
            ("database", _) => {
                let found = shown(&value.to_string());
                return Err(format!(
                    "`database` of [{environment}] is {found}; it may be the name of a file, in quotes"
                ));
            }
            _ => {
                return Err(format!(
                    "`{}` is no setting of [{environment}]; there is `database` alone",
                    shown(key)
                ));
            }
        }
    }
    Ok(path)
}
