//! Where the bytes are.

use web_sys::Blob;

use crate::plan::{Content, Plan, Unit};
use crate::protocol::{PartFacts, PartSource, RowGroup, UnitSource};

/// What is read.
pub(super) enum Sources {
    /// The parts of an export.
    Export { parts: Vec<(PartSource, u64)>, players: u64 },
    /// Files.
    Files(Vec<LocalFile>),
}

/// A file that is read by ranges.
pub(super) struct LocalFile {
    name: String,
    blob: Blob,
    /// What its footer says, once it is read.
    row_groups: Option<Vec<RowGroup>>,
}

impl Sources {
    pub(super) const fn of_export(parts: Vec<(PartSource, u64)>, players: u64) -> Self {
        Self::Export { parts, players }
    }

    pub(super) fn of_files(files: impl IntoIterator<Item = (String, Blob)>) -> Self {
        let file = |(name, blob)| LocalFile { name, blob, row_groups: None };
        Self::Files(files.into_iter().map(file).collect())
    }

    /// How many files there are whose footers tell what is in them; none of an export.
    pub(super) const fn files(&self) -> usize {
        match self {
            Self::Export { .. } => 0,
            Self::Files(files) => files.len(),
        }
    }

    /// Whether the rows may be in any order. Those of an export are in order, or it is damaged.
    pub(super) const fn may_be_sorted(&self) -> bool {
        matches!(self, Self::Files(_))
    }

    /// The players that are announced; 0 where none are.
    pub(super) fn players(&self) -> usize {
        match self {
            Self::Export { players, .. } => usize::try_from(*players).unwrap_or(usize::MAX),
            Self::Files(_) => 0,
        }
    }

    /// A file and its name.
    pub(super) fn file(&self, place: usize) -> Option<(&str, &Blob)> {
        match self {
            Self::Export { .. } => None,
            Self::Files(files) => files.get(place).map(|file| (file.name.as_str(), &file.blob)),
        }
    }

    /// Takes note of a footer.
    pub(super) fn set_row_groups(&mut self, place: usize, row_groups: Vec<RowGroup>) {
        if let Self::Files(files) = self
            && let Some(file) = files.get_mut(place)
        {
            file.row_groups = Some(row_groups);
        }
    }

    /// The row groups of all files, once there are files and all footers are read.
    pub(super) fn row_groups(&self) -> Option<Vec<Vec<RowGroup>>> {
        match self {
            Self::Files(files) if !files.is_empty() => {
                files.iter().map(|file| file.row_groups.clone()).collect()
            }
            _ => None,
        }
    }

    /// The units, once it is known what there is.
    pub(super) fn plan(&self) -> Option<Plan> {
        match self {
            Self::Export { parts, .. } => {
                let unit = |(place, (part, rows)): (usize, &(PartSource, u64))| Unit {
                    content: Content::Part(place),
                    rows: *rows,
                    bytes: part.bytes,
                };
                Some(Plan { units: parts.iter().enumerate().map(unit).collect(), are_ordered: true })
            }
            Self::Files(_) => self.row_groups().map(|files| Plan::of_files(&files)),
        }
    }

    /// What a worker must know to read a unit, and the files that it needs.
    pub(super) fn of_unit(&self, content: &Content, of: usize) -> Option<(UnitSource, Vec<Blob>)> {
        match (content, self) {
            (Content::Part(place), Self::Export { parts, .. }) => {
                parts.get(*place).map(|(part, _)| (UnitSource::Part(part.clone()), Vec::new()))
            }
            (Content::RowGroups { file, row_groups }, Self::Files(files)) => {
                let LocalFile { name, blob, .. } = files.get(*file)?;
                let (name, row_groups) = (name.clone(), row_groups.clone());
                Some((UnitSource::RowGroups { file: *file, name, row_groups }, vec![blob.clone()]))
            }
            (Content::Share, Self::Files(files)) => {
                let names = files.iter().map(|file| file.name.clone()).collect();
                let blobs = files.iter().map(|file| file.blob.clone()).collect();
                Some((UnitSource::Share { of, names }, blobs))
            }
            _ => None,
        }
    }

    /// A file's name, size and rows, as its footer says; nothing of a part.
    pub(super) fn footer(&self, place: usize) -> PartFacts {
        let Self::Files(files) = self else { return PartFacts::default() };
        let Some(LocalFile { name, blob, row_groups }) = files.get(place) else {
            return PartFacts::default();
        };
        let rows = row_groups.iter().flatten().map(|group| group.rows).fold(0, u64::saturating_add);
        PartFacts { name: name.clone(), bytes: blob.size() as u64, rows, ..PartFacts::default() }
    }

    /// The names of all files.
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::Export { parts, .. } => parts.iter().map(|(part, _)| part.name.as_str()).collect(),
            Self::Files(files) => files.iter().map(|file| file.name.as_str()).collect(),
        }
    }
}
