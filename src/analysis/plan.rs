//! Data cut into units: pieces that one worker scans in one go, in the order in which they are merged.

use std::ops::Range;

use wow_engine::read::RowGroup;

use crate::protocol::{Keep, KeepPlayers};

/// Rows after which a unit of a file is large enough: some 30 ms of work, so that many workers end together.
const UNIT_ROWS: u64 = 1_000_000;
/// Compressed bytes after which it is large enough, for files with few rows of much text.
const UNIT_BYTES: u64 = 16 << 20;

/// Bytes that all workers of a plan may hold together for the next scan: those of a full-size log of 36 million events,
/// with its times decoded, and some more.
const MOST_HELD_BYTES: u64 = 280 << 20;
/// Bytes that a decoded time takes.
const TIME_BYTES: u64 = 4;
/// Bytes that all workers of a plan may hold together of players, to answer other parameters: those of 100 million events.
const MOST_PLAYERS_BYTES: u64 = 200 << 20;
/// Bytes that an event takes there, its player's share in the counts by group included.
const KEPT_EVENT_BYTES: u64 = 2;
/// Bytes that a player takes, whose stretches and share are stored elsewhere.
const INDEX_BYTES: u64 = 72;

/// A piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Which events it has.
    pub content: Content,
    /// Its rows as announced.
    pub rows: u64,
    /// Its compressed bytes as announced.
    pub bytes: u64,
}

/// Which events a unit has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The part of an export at this place.
    Part(usize),
    /// Row groups of a file.
    RowGroups {
        /// The file's place among all files.
        file: usize,
        /// Which row groups.
        row_groups: Range<usize>,
    },
    /// All of a file, which can only be read from its beginning to its end.
    File(usize),
    /// A share of the players of all files.
    Share,
}

impl Content {
    /// The place of the part or the file that it is in; none when it is in several.
    #[must_use]
    pub const fn place(&self) -> Option<usize> {
        match self {
            Self::Part(place) | Self::File(place) | Self::RowGroups { file: place, .. } => Some(*place),
            Self::Share => None,
        }
    }
}

/// All units of some data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The units. Where the data are in order, the players of each follow those of the one before it.
    pub units: Vec<Unit>,
    /// Whether that order is known; else the players of the units tell it once all are scanned.
    pub are_ordered: bool,
    /// Whether their events are gathered to be sorted, and not scanned.
    pub is_to_gather: bool,
}

impl Plan {
    /// Cuts files, each given by its row groups, at the ends of row groups. Files are put in the order of their
    /// first players, as far as their footers tell them.
    #[must_use]
    pub fn of_files(files: &[Vec<RowGroup>]) -> Self {
        let first_group = |file: usize| files[file].iter().find(|group| group.rows > 0);
        let players = |file: usize| first_group(file).map(|group| group.players);
        let mut order: Vec<usize> = (0..files.len()).collect();
        let are_ordered = files.len() < 2 || order.iter().all(|&file| players(file) != Some(None));
        if are_ordered {
            order.sort_by_key(|&file| players(file));
        }
        let units = order.into_iter().flat_map(|file| cut(file, &files[file])).collect();
        Self { units, are_ordered, is_to_gather: false }
    }

    /// Cuts files whose events are gathered to be sorted: at the ends of row groups, where there are any, and else not at all,
    /// but for their sizes.
    #[must_use]
    pub fn to_gather(files: &[(Option<Vec<RowGroup>>, u64)]) -> Self {
        let units = |(file, (row_groups, bytes)): (usize, &(Option<Vec<RowGroup>>, u64))| match row_groups {
            Some(row_groups) => cut(file, row_groups),
            None => vec![Unit { content: Content::File(file), rows: 0, bytes: *bytes }],
        };
        Self {
            units: files.iter().enumerate().flat_map(units).collect(),
            are_ordered: false,
            is_to_gather: true,
        }
    }

    /// So many shares of the players of all files, whose events of so many bytes were gathered before.
    #[must_use]
    pub fn of_shares(bytes: u64, shares: usize) -> Self {
        let share = Unit { content: Content::Share, rows: 0, bytes: bytes / shares.max(1) as u64 };
        Self { units: vec![share; shares], are_ordered: true, is_to_gather: false }
    }

    /// Compressed bytes of all units, as announced.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.units.iter().fold(0, |bytes, unit| bytes.saturating_add(unit.bytes))
    }

    /// What workers are to keep of players, of whom so many are announced, to answer other parameters: all where there is room for
    /// it, for then no step waits for the browser's store; else as little as is asked about at every step.
    #[must_use]
    pub fn kept_of_players(&self, players: u64) -> KeepPlayers {
        let index = players.saturating_mul(INDEX_BYTES);
        match index.saturating_add(self.rows().saturating_mul(KEPT_EVENT_BYTES)) {
            ..=MOST_PLAYERS_BYTES => KeepPlayers::Here,
            _ if index <= MOST_PLAYERS_BYTES => KeepPlayers::Stored,
            _ => KeepPlayers::Nothing,
        }
    }

    /// Events of all units, as announced.
    fn rows(&self) -> u64 {
        self.units.iter().fold(0, |rows, unit| rows.saturating_add(unit.rows))
    }

    /// What workers are to hold of each part: as much as there is room for of all of them. To hold a tenth of a log would
    /// save little time and take the room of its players.
    #[must_use]
    pub fn held_of_parts(&self) -> Keep {
        let bytes = self.bytes();
        match bytes.saturating_add(self.rows().saturating_mul(TIME_BYTES)) {
            ..=MOST_HELD_BYTES => Keep::Decoded,
            _ if bytes <= MOST_HELD_BYTES => Keep::Bytes,
            _ => Keep::Stored,
        }
    }
}

/// The units of one file; one also of a file without row groups, so that it is in the numbers as an empty one.
fn cut(file: usize, row_groups: &[RowGroup]) -> Vec<Unit> {
    let mut units = Vec::new();
    let (mut start, mut rows, mut bytes) = (0, 0_u64, 0_u64);
    for (index, group) in row_groups.iter().enumerate() {
        rows = rows.saturating_add(group.rows);
        bytes = bytes.saturating_add(group.bytes);
        if rows >= UNIT_ROWS || bytes >= UNIT_BYTES || index + 1 == row_groups.len() {
            let content = Content::RowGroups { file, row_groups: start..index + 1 };
            units.push(Unit { content, rows, bytes });
            (start, rows, bytes) = (index + 1, 0, 0);
        }
    }
    if units.is_empty() {
        units.push(Unit { content: Content::RowGroups { file, row_groups: 0..0 }, rows: 0, bytes: 0 });
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(rows: u64, bytes: u64, players: Option<(i64, i64)>) -> RowGroup {
        RowGroup { rows, bytes, players }
    }

    /// File, row groups, rows and bytes of each unit.
    fn shape(plan: &Plan) -> Vec<(usize, Range<usize>, u64, u64)> {
        let shape = |unit: &Unit| match &unit.content {
            Content::RowGroups { file, row_groups } => (*file, row_groups.clone(), unit.rows, unit.bytes),
            other => panic!("{other:?} is not of a file"),
        };
        plan.units.iter().map(shape).collect()
    }

    #[test]
    fn a_file_is_cut_by_rows_and_by_bytes_and_nothing_is_lost() {
        let groups = [
            group(600_000, 10, None),
            group(600_000, 20, None),
            group(5_000_000, 30, None),
            group(1, 20 << 20, None),
            group(7, 1, None),
            group(8, 2, None),
        ];
        let plan = Plan::of_files(&[groups.to_vec()]);
        assert!(plan.are_ordered, "one file is in the order of its rows");
        assert_eq!(
            shape(&plan),
            [(0, 0..2, 1_200_000, 30), (0, 2..3, 5_000_000, 30), (0, 3..4, 1, 20 << 20), (0, 4..6, 15, 3)]
        );
    }

    #[test]
    fn files_are_ordered_by_their_first_players() {
        let (low, high) = (vec![group(5, 1, Some((-3, 4)))], vec![group(6, 1, Some((4, 9)))]);
        let plan = Plan::of_files(&[high.clone(), vec![], low.clone()]);
        assert!(plan.are_ordered);
        assert_eq!(shape(&plan), [(1, 0..0, 0, 0), (2, 0..1, 5, 1), (0, 0..1, 6, 1)]);

        let unknown = vec![group(5, 1, None)];
        let plan = Plan::of_files(&[high, unknown]);
        assert!(!plan.are_ordered, "a footer without statistics says nothing");
        assert_eq!(shape(&plan).iter().map(|unit| unit.0).collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn parts_are_held_as_far_as_all_of_them_fit() {
        let held = |parts: &[(u64, u64)]| {
            let unit = |&(bytes, rows)| Unit { content: Content::Part(0), rows, bytes };
            Plan { units: parts.iter().map(unit).collect(), are_ordered: true, is_to_gather: false }
                .held_of_parts()
        };
        let most = MOST_HELD_BYTES;
        for (parts, keep) in [
            (&[][..], Keep::Decoded),
            (&[(most - 40, 4), (8, 4)], Keep::Decoded),
            (&[(most - 40, 4), (8, 5)], Keep::Bytes),
            (&[(1, u64::MAX), (1, u64::MAX)], Keep::Bytes),
            (&[(most - 1, 9), (1, 9)], Keep::Bytes),
            (&[(most, 0), (1, 0)], Keep::Stored),
            (&[(u64::MAX, 0), (u64::MAX, 0)], Keep::Stored),
        ] {
            assert_eq!(held(parts), keep, "{parts:?}");
        }
    }

    #[test]
    fn players_are_kept_where_there_is_room_for_them() {
        let kept = |rows: &[u64], players| {
            let unit = |&rows| Unit { content: Content::Part(0), rows, bytes: 1 };
            Plan { units: rows.iter().map(unit).collect(), are_ordered: true, is_to_gather: false }
                .kept_of_players(players)
        };
        let most = MOST_PLAYERS_BYTES;
        for (rows, players, keep) in [
            (&[][..], 0, KeepPlayers::Here),
            (&[most / 4, most / 4], 0, KeepPlayers::Here),
            (&[most / 4, most / 4], 1, KeepPlayers::Stored),
            (&[most / 4, most / 4 + 1], 0, KeepPlayers::Stored),
            (&[u64::MAX, u64::MAX], most / INDEX_BYTES, KeepPlayers::Stored),
            (&[u64::MAX, u64::MAX], most / INDEX_BYTES + 1, KeepPlayers::Nothing),
            (&[1], u64::MAX, KeepPlayers::Nothing),
        ] {
            assert_eq!(kept(rows, players), keep, "{rows:?}, {players}");
        }
    }

    #[test]
    fn what_is_sorted_is_gathered_once_by_row_groups_where_there_are_any() {
        let groups = vec![group(1_000_000, 7, None), group(1, 8, None)];
        let plan = Plan::to_gather(&[(None, 50), (Some(groups), 60)]);
        let content = plan.units.iter().map(|unit| (unit.content.clone(), unit.bytes)).collect::<Vec<_>>();
        let of_groups = |row_groups| Content::RowGroups { file: 1, row_groups };
        assert_eq!(content, [(Content::File(0), 50), (of_groups(0..1), 7), (of_groups(1..2), 8)]);
    }
}
