//! Where the numbers come from, as the header shows it.

use wow_charts::format;
use wow_engine::manifest::{Environment, Manifest};
use wow_engine::pipeline::Report;

use super::time;

/// What is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dataset {
    /// An export of `wow`.
    Export(Box<Manifest>),
    /// Parquet files without a manifest.
    Files {
        /// Their names.
        names: Vec<String>,
        /// Whether they lie on this machine; else they came from an address.
        is_local: bool,
    },
}

/// The badge that nobody can miss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Badge {
    /// Test data.
    Dev,
    /// Production data.
    Production,
    /// A file from this machine.
    LocalFile,
    /// A file from an address.
    RemoteFile,
}

impl Badge {
    /// The words on it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Dev => "DEV",
            Self::Production => "PRODUCTION",
            Self::LocalFile => "LOCAL FILE",
            Self::RemoteFile => "REMOTE FILE",
        }
    }

    /// The style class that colours it.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Production => "prod",
            Self::LocalFile | Self::RemoteFile => "file",
        }
    }

    /// The title of the browser's tab.
    #[must_use]
    pub fn tab_title(self) -> String {
        let mark = match self {
            Self::Dev => "✅ ",
            Self::Production => "🚨 ",
            Self::LocalFile | Self::RemoteFile => "",
        };
        format!("{mark}{} · WoW Analytics", self.label())
    }
}

impl From<Environment> for Badge {
    fn from(environment: Environment) -> Self {
        match environment {
            Environment::Dev => Self::Dev,
            Environment::Prod => Self::Production,
        }
    }
}

impl Dataset {
    /// Its badge. An export's own manifest decides, not the address it was asked for by.
    #[must_use]
    pub fn badge(&self) -> Badge {
        match self {
            Self::Export(manifest) => manifest.environment.into(),
            Self::Files { is_local: true, .. } => Badge::LocalFile,
            Self::Files { is_local: false, .. } => Badge::RemoteFile,
        }
    }

    /// The environment of an export; files have none.
    #[must_use]
    pub fn environment(&self) -> Option<Environment> {
        match self {
            Self::Export(manifest) => Some(manifest.environment),
            Self::Files { .. } => None,
        }
    }

    /// The name of the database or of the files.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Export(manifest) => manifest.database.clone(),
            Self::Files { names, .. } => match names.as_slice() {
                [one] => one.clone(),
                many => format!("{} files", many.len()),
            },
        }
    }

    /// Rows, players and age of the whole: what the header says beside the name. Files know theirs only from what is
    /// read of them, and how many players they have only without a filter.
    #[must_use]
    pub fn facts(&self, report: Option<&Report>) -> Vec<String> {
        let events = |count| format!("{} events", format::count(count));
        let players = |count| format!("{} players", format::count(count));
        match (self, report) {
            (Self::Export(manifest), _) => vec![
                events(manifest.rows),
                players(manifest.players),
                format!("exported {}", time::rfc3339(&manifest.exported_at)),
            ],
            (Self::Files { .. }, None) => Vec::new(),
            (Self::Files { .. }, Some(report)) if report.filter.is_empty() => {
                vec![events(report.rows), players(report.players.len() as u64)]
            }
            (Self::Files { .. }, Some(report)) => vec![events(report.rows + report.left_out)],
        }
    }

    /// The id of the data in full; `None` for files without a manifest.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Export(manifest) => Some(&manifest.dataset_id),
            Self::Files { .. } => None,
        }
    }
}

/// The first and last digits of a hash, which people can compare at a glance.
#[must_use]
pub fn short_hash(hash: &str) -> String {
    let digits: Vec<char> = hash.chars().collect();
    if digits.len() <= 10 {
        return hash.to_owned();
    }
    let (start, end): (String, String) =
        (digits[..4].iter().collect(), digits[digits.len() - 4..].iter().collect());
    format!("{start}…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_is_told_in_the_tab_and_on_the_badge() {
        assert_eq!(Badge::from(Environment::Prod).tab_title(), "🚨 PRODUCTION · WoW Analytics");
        assert_eq!(Badge::from(Environment::Dev).tab_title(), "✅ DEV · WoW Analytics");
        let files = Dataset::Files { names: vec!["a.parquet".into()], is_local: true };
        assert_eq!((files.badge().label(), files.name().as_str()), ("LOCAL FILE", "a.parquet"));
    }

    #[test]
    fn a_hash_is_shortened_at_its_characters() {
        assert_eq!(short_hash("a81f00000000000030c2"), "a81f…30c2");
        assert_eq!(short_hash("ééééééééééé"), "éééé…éééé");
        assert_eq!(short_hash("abc"), "abc");
    }
}
