//! What is read, as far as it is known: the parts of an export, or files by their places.

use wow_engine::contract::{Reading, Refusal};
use wow_engine::read::RowGroup;

use super::plan::{Content, Plan, Unit};
use crate::protocol::{Failure, PartFacts, PartSource, UnitSource};

/// What there is to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// An export.
    Export {
        /// Its parts, with the rows that each is said to have.
        parts: Vec<(PartSource, u64)>,
        /// Its players, as announced.
        players: u64,
    },
    /// Files.
    Files {
        /// Their names and sizes.
        files: Vec<(String, u64)>,
        /// Those with the same bytes, by their places.
        twins: Vec<(usize, usize)>,
    },
    /// A file that is still to be fetched.
    Elsewhere,
}

/// What is read.
#[derive(Debug)]
pub(super) enum Sources {
    /// The parts of an export.
    Export { parts: Vec<(PartSource, u64)>, players: u64 },
    /// Files, and the places of those with the same bytes.
    Files { files: Vec<File>, twins: Vec<(usize, usize)> },
}

/// A file that is read by ranges.
#[derive(Debug)]
pub(super) struct File {
    name: String,
    bytes: u64,
    /// What it is, once that is known.
    opened: Option<Opened>,
}

/// A file that a worker has opened.
#[derive(Debug)]
pub(super) struct Opened {
    /// Its row groups; none where it can only be read from its beginning to its end.
    pub(super) row_groups: Option<Vec<RowGroup>>,
    /// How it is read, as far as it is.
    pub(super) reading: Reading,
}

impl Sources {
    pub(super) fn new(data: Data) -> Self {
        match data {
            Data::Export { parts, players } => Self::Export { parts, players },
            Data::Files { files, twins } => {
                let file = |(name, bytes)| File { name, bytes, opened: None };
                Self::Files { files: files.into_iter().map(file).collect(), twins }
            }
            Data::Elsewhere => Self::Files { files: Vec::new(), twins: Vec::new() },
        }
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

    /// A file's name.
    pub(super) fn file(&self, place: usize) -> Option<&str> {
        match self {
            Self::Export { .. } => None,
            Self::Files { files, .. } => files.get(place).map(|file| file.name.as_str()),
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
        let Some(File { name, opened: Some(opened), .. }) = files.get_mut(place) else { return Ok(()) };
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
        let rows = |file: &File| file.opened.as_ref().and_then(|opened| opened.reading.rows);
        files.iter().fold((0, 0), |(all_rows, bytes), file| {
            (all_rows.saturating_add(rows(file).unwrap_or(0)), bytes.saturating_add(file.bytes))
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
        let file = |file: &File| {
            let row_groups = file.opened.as_ref().and_then(|opened| opened.row_groups.clone());
            (row_groups, file.bytes)
        };
        Plan::to_gather(&files.iter().map(file).collect::<Vec<_>>())
    }

    /// What a worker must know to read a unit, and the places of the files that it needs.
    pub(super) fn of_unit(&self, content: &Content) -> Option<(UnitSource, Vec<usize>)> {
        match (content, self) {
            (Content::Part(place), Self::Export { parts, .. }) => {
                parts.get(*place).map(|(part, _)| (UnitSource::Part(part.clone()), Vec::new()))
            }
            (Content::RowGroups { file, row_groups }, Self::Files { files, .. }) => {
                let (name, row_groups) = (files.get(*file)?.name.clone(), row_groups.clone());
                Some((UnitSource::RowGroups { file: *file, name, row_groups }, vec![*file]))
            }
            (Content::File(file), Self::Files { files, .. }) => {
                let name = files.get(*file)?.name.clone();
                Some((UnitSource::File { file: *file, name }, vec![*file]))
            }
            (Content::Share, Self::Files { .. }) => Some((UnitSource::Share, Vec::new())),
            _ => None,
        }
    }

    /// A file's name, size and rows, and how it is read, as far as that is known; nothing of a part.
    pub(super) fn facts(&self, place: usize) -> PartFacts {
        let Self::Files { files, .. } = self else { return PartFacts::default() };
        let Some(File { name, bytes, opened }) = files.get(place) else { return PartFacts::default() };
        let reading = opened.as_ref().map(|opened| opened.reading.clone());
        let rows = reading.as_ref().and_then(|reading| reading.rows).unwrap_or(0);
        PartFacts { name: name.clone(), bytes: *bytes, rows, reading, ..PartFacts::default() }
    }

    /// The names of all files or parts.
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::Export { parts, .. } => parts.iter().map(|(part, _)| part.name.as_str()).collect(),
            Self::Files { files, .. } => files.iter().map(|file| file.name.as_str()).collect(),
        }
    }
}
