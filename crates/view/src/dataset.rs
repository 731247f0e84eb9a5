//! Where the numbers come from, as the header shows it.

use wow_charts::format;
use wow_engine::Params;
use wow_engine::contract::Notice;
use wow_engine::manifest::{Environment, Manifest};
use wow_engine::pipeline::Report;
use wow_engine::sampling::Sample;

use super::address::Author;
use super::choice::Page;
use super::time;
use crate::part_facts::PartFacts;

/// As many digits of a dataset's id as a link carries.
const MARK_DIGITS: usize = 12;
/// What a link says of data that it cannot carry.
pub(super) const FILES_MARK: &str = "files";

/// What is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dataset {
    /// An export of `wow`.
    Export(Box<Manifest>),
    /// Files without a manifest.
    Files {
        /// Their names, with the folders on their way where they came with them.
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

    /// How the title of a browser's tab begins: which data first, for a narrow tab shows little more.
    #[must_use]
    pub fn mark(self) -> String {
        let mark = match self {
            Self::Dev => "✅ ",
            Self::Production => "🚨 ",
            Self::LocalFile | Self::RemoteFile => "",
        };
        format!("{mark}{} · ", self.label())
    }

    /// The title of the browser's tab.
    #[must_use]
    pub fn tab_title(self, page: Page) -> String {
        format!("{}{} · WoW Analytics", self.mark(), page.label())
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

    /// The manifest of an export; files have none.
    #[must_use]
    pub fn manifest(&self) -> Option<&Manifest> {
        match self {
            Self::Export(manifest) => Some(manifest),
            Self::Files { .. } => None,
        }
    }

    /// The models' parameters that the data come with: an export's own, and the usual ones for files.
    #[must_use]
    pub fn params(&self) -> Params {
        self.manifest().map(|manifest| manifest.parameters).unwrap_or_default()
    }

    /// The environment of an export; files have none.
    #[must_use]
    pub fn environment(&self) -> Option<Environment> {
        self.manifest().map(|manifest| manifest.environment)
    }

    /// The name of the database or of the files.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Export(manifest) => manifest.database.clone(),
            Self::Files { names, .. } => match names.as_slice() {
                [one] => one.clone(),
                many => match folder_of(many) {
                    Some(folder) => format!("{folder} · {} files", format::count(many.len() as u64)),
                    None => format!("{} files", format::count(many.len() as u64)),
                },
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

    /// That it is a sample, where an export holds some players alone.
    #[must_use]
    pub fn sample(&self) -> Option<&Sample> {
        self.manifest()?.sample.as_ref()
    }

    /// What is to be said of the data wherever they are shown, each thing once: of an export what its manifest says, of files
    /// what was found in those that are in.
    #[must_use]
    pub fn notices(&self, parts: &[(usize, PartFacts)]) -> Vec<Notice> {
        let of_export = self.manifest().into_iter().flat_map(|manifest| &manifest.notices);
        let readings = parts.iter().filter_map(|(_, facts)| facts.reading.as_ref());
        let mut said: Vec<Notice> = Vec::new();
        for notice in of_export.chain(readings.flat_map(|reading| &reading.notices)) {
            if !said.contains(notice) {
                said.push(notice.clone());
            }
        }
        said
    }

    /// The id of the data in full; `None` for files without a manifest.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.manifest().map(|manifest| manifest.dataset_id.as_str())
    }

    /// Whether it is files of this machine, which a link cannot carry.
    #[must_use]
    pub const fn is_local(&self) -> bool {
        matches!(self, Self::Files { is_local: true, .. })
    }

    /// What a link says of the data that it was made of: the start of their id, or that they are files. A file at an
    /// address has no id that tells its content.
    #[must_use]
    pub fn mark(&self) -> Option<String> {
        match self {
            Self::Export(manifest) => Some(manifest.dataset_id.chars().take(MARK_DIGITS).collect()),
            Self::Files { is_local, .. } => is_local.then(|| FILES_MARK.to_owned()),
        }
    }

    /// What to tell of an address that was written of data with this mark; `None` where it fits, or where nobody can tell.
    #[must_use]
    pub fn warning(&self, mark: &str, author: Author) -> Option<String> {
        if mark == FILES_MARK {
            let said = match author {
                Author::Another => {
                    "This link was made of files on another machine, which it cannot carry, so these are other data. \
                     Open the files to see the same."
                }
                Author::ThisPage => {
                    "The files that were open are not kept over a reload. Open them again to see the same."
                }
            };
            return (!self.is_local()).then(|| said.to_owned());
        }
        let mine = self.mark().filter(|mine| !self.is_local() && mine != mark)?;
        Some(match author {
            Author::Another => format!(
                "This link was made of other data, dataset {mark}; these are {mine}, so the numbers may differ."
            ),
            Author::ThisPage => {
                format!("The data have changed since: they were dataset {mark} and are {mine} now.")
            }
        })
    }
}

/// The folder that all files came with.
fn folder_of(names: &[String]) -> Option<&str> {
    let mut folders = names.iter().map(|name| Some(name.split_once('/')?.0));
    let first = folders.next()??;
    folders.all(|folder| folder == Some(first)).then_some(first)
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
        assert_eq!(
            Badge::from(Environment::Prod).tab_title(Page::Bots),
            "🚨 PRODUCTION · Bots · WoW Analytics"
        );
        assert_eq!(
            Badge::from(Environment::Dev).tab_title(Page::default()),
            "✅ DEV · Overview · WoW Analytics"
        );
        let files = Dataset::Files { names: vec!["a.parquet".into()], is_local: true };
        assert_eq!((files.badge().label(), files.name().as_str()), ("LOCAL FILE", "a.parquet"));
    }

    #[test]
    fn a_link_tells_when_it_was_made_of_other_data() {
        let export = Dataset::Export(Box::new(crate::sample::manifest()));
        let files = |is_local| Dataset::Files { names: vec!["a.parquet".into()], is_local };
        let mark = export.mark().unwrap();
        assert_eq!(mark, "0123456789ab");
        for author in [Author::Another, Author::ThisPage] {
            assert_eq!(export.warning(&mark, author), None);
            let warning = export.warning("fedcba987654", author).unwrap();
            assert!(warning.contains("fedcba987654") && warning.contains(&mark), "{warning}");
            assert_eq!(
                warning.contains("link"),
                author == Author::Another,
                "nobody made a link by reloading"
            );

            let of_files = files(true).mark().unwrap();
            assert!(export.warning(&of_files, author).unwrap().contains("pen"));
            assert_eq!(files(true).warning(&of_files, author), None);
            assert_eq!(
                files(true).warning(&mark, author),
                None,
                "whoever opens files knows that they are others"
            );
            assert_eq!((files(false).mark(), files(false).warning(&mark, author)), (None, None));
        }
    }

    #[test]
    fn a_hash_is_shortened_at_its_characters() {
        assert_eq!(short_hash("a81f00000000000030c2"), "a81f…30c2");
        assert_eq!(short_hash("ééééééééééé"), "éééé…éééé");
        assert_eq!(short_hash("abc"), "abc");
    }
}
