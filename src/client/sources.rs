//! Where the bytes are.

use web_sys::Blob;
use wow_engine::contract::{Reading, Refusal};

use crate::plan::{Content, Plan, Unit};
use crate::protocol::{Failure, PartFacts, PartSource, RowGroup, UnitSource};

/// What is read.
pub(super) enum Sources {
    /// The parts of an export.
    Export { parts: Vec<(PartSource, u64)>, players: u64 },
    /// Files, and the places of those with the same bytes.
    Files { files: Vec<LocalFile>, twins: Vec<(usize, usize)> },
}

/// A file that is read by ranges.
pub(super) struct LocalFile {
    name: String,
    blob: Blob,
    /// What it is, once that is known.
    opened: Option<Opened>,
}

/// A file that a worker has opened.
pub(super) struct Opened {
    /// Its row groups; none where it can only be read from its beginning to its end.
    pub(super) row_groups: Option<Vec<RowGroup>>,
    /// How it is read, as far as it is.
    pub(super) reading: Reading,
}

impl Sources {
    pub(super) const fn of_export(parts: Vec<(PartSource, u64)>, players: u64) -> Self {
        Self::Export { parts, players }
    }

    pub(super) fn of_files(
        files: impl IntoIterator<Item = (String, Blob)>,
        twins: Vec<(usize, usize)>,
    ) -> Self {
        let file = |(name, blob)| LocalFile { name, blob, opened: None };
        Self::Files { files: files.into_iter().map(file).collect(), twins }
    }

    /// How many files there are that must be opened to know what is in them; none of an export.
    pub(super) const fn files(&self) -> usize {
        match self {
            Self::Export { .. } => 0,
            Self::Files { files, .. } => files.len(),
        }
    }

    /// Whether the rows may be in any order. Those of an export are in order, or it is damaged.
    pub(super) const fn may_be_sorted(&self) -> bool {
        matches!(self, Self::Files { .. })
    }

    /// The players that are announced; 0 where none are.
    pub(super) fn players(&self) -> usize {
        match self {
            Self::Export { players, .. } => usize::try_from(*players).unwrap_or(usize::MAX),
            Self::Files { .. } => 0,
        }
    }

    /// A file and its name.
    pub(super) fn file(&self, place: usize) -> Option<(&str, &Blob)> {
        match self {
            Self::Export { .. } => None,
            Self::Files { files, .. } => files.get(place).map(|file| (file.name.as_str(), &file.blob)),
        }
    }

    /// Takes note of what a file is.
    pub(super) fn opened(&mut self, place: usize, opened: Opened) {
        if let Self::Files { files, .. } = self
            && let Some(file) = files.get_mut(place)
        {
            file.opened = Some(opened);
        }
    }

    /// Takes note of how a file was read.
    ///
    /// # Errors
    /// [`Failure::Schema`] where its rows contradict those that were read by other workers.
    pub(super) fn learn(&mut self, place: usize, reading: Reading) -> Result<(), Failure> {
        let Self::Files { files, .. } = self else { return Ok(()) };
        let Some(LocalFile { name, opened: Some(opened), .. }) = files.get_mut(place) else { return Ok(()) };
        let schema = |refusal: Refusal| Failure::Schema { name: name.clone(), detail: refusal.to_string() };
        opened.reading.learn(reading).map_err(schema)
    }

    /// The files, once there are any and it is known what all of them are.
    fn all_opened(&self) -> Option<Vec<&Opened>> {
        match self {
            Self::Files { files, .. } if !files.is_empty() => {
                files.iter().map(|file| file.opened.as_ref()).collect()
            }
            _ => None,
        }
    }

    /// Two files whose events would count twice, once it is known what all of them are. Those without rows have none.
    pub(super) fn twins(&self) -> Option<[&str; 2]> {
        let Self::Files { files, twins } = self else { return None };
        let opened = self.all_opened()?;
        let with_rows = |(_, second): &&(usize, usize)| opened[*second].reading.rows != Some(0);
        let (first, second) = twins.iter().find(with_rows)?;
        Some([&files[*first].name, &files[*second].name])
    }

    /// Whether it is known that only sorting can tell the order of the rows.
    pub(super) fn must_be_sorted(&self) -> bool {
        self.all_opened().is_some_and(|files| files.iter().any(|file| file.row_groups.is_none()))
    }

    /// The rows of all files as far as they are known, and their bytes.
    pub(super) fn size(&self) -> (u64, u64) {
        let Self::Files { files, .. } = self else { return (0, 0) };
        let rows = |file: &LocalFile| file.opened.as_ref().and_then(|opened| opened.reading.rows);
        files.iter().fold((0, 0), |(all_rows, bytes), file| {
            (all_rows.saturating_add(rows(file).unwrap_or(0)), bytes.saturating_add(file.blob.size() as u64))
        })
    }

    /// The units of data that may be in order, once it is known what there is.
    pub(super) fn plan(&self) -> Option<Plan> {
        match self {
            Self::Export { parts, .. } => {
                let unit = |(place, (part, rows)): (usize, &(PartSource, u64))| Unit {
                    content: Content::Part(place),
                    rows: *rows,
                    bytes: part.bytes,
                };
                let units = parts.iter().enumerate().map(unit).collect();
                Some(Plan { units, are_ordered: true, is_to_gather: false })
            }
            Self::Files { .. } => {
                let files = self.all_opened()?.into_iter().map(|file| file.row_groups.clone());
                Some(Plan::of_files(&files.collect::<Option<Vec<_>>>()?))
            }
        }
    }

    /// The units in which the events of all files are gathered.
    pub(super) fn to_gather(&self) -> Plan {
        let Self::Files { files, .. } = self else { return Plan::default() };
        let file = |file: &LocalFile| {
            let row_groups = file.opened.as_ref().and_then(|opened| opened.row_groups.clone());
            (row_groups, file.blob.size() as u64)
        };
        Plan::to_gather(&files.iter().map(file).collect::<Vec<_>>())
    }

    /// What a worker must know to read a unit, and the files that it needs.
    pub(super) fn of_unit(&self, content: &Content) -> Option<(UnitSource, Vec<Blob>)> {
        match (content, self) {
            (Content::Part(place), Self::Export { parts, .. }) => {
                parts.get(*place).map(|(part, _)| (UnitSource::Part(part.clone()), Vec::new()))
            }
            (Content::RowGroups { file, row_groups }, Self::Files { files, .. }) => {
                let LocalFile { name, blob, .. } = files.get(*file)?;
                let (name, row_groups) = (name.clone(), row_groups.clone());
                Some((UnitSource::RowGroups { file: *file, name, row_groups }, vec![blob.clone()]))
            }
            (Content::File(file), Self::Files { files, .. }) => {
                let LocalFile { name, blob, .. } = files.get(*file)?;
                Some((UnitSource::File { file: *file, name: name.clone() }, vec![blob.clone()]))
            }
            (Content::Share, Self::Files { .. }) => Some((UnitSource::Share, Vec::new())),
            _ => None,
        }
    }

    /// A file's name, size and rows, and how it is read, as far as that is known; nothing of a part.
    pub(super) fn facts(&self, place: usize) -> PartFacts {
        let Self::Files { files, .. } = self else { return PartFacts::default() };
        let Some(LocalFile { name, blob, opened }) = files.get(place) else {
            return PartFacts::default();
        };
        let reading = opened.as_ref().map(|opened| opened.reading.clone());
        let rows = reading.as_ref().and_then(|reading| reading.rows).unwrap_or(0);
        PartFacts { name: name.clone(), bytes: blob.size() as u64, rows, reading, ..PartFacts::default() }
    }

    /// The names of all files.
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::Export { parts, .. } => parts.iter().map(|(part, _)| part.name.as_str()).collect(),
            Self::Files { files, .. } => files.iter().map(|file| file.name.as_str()).collect(),
        }
    }
}
