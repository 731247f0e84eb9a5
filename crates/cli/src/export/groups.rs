//! Cuts the ordered rows into row groups that end at player boundaries.

use std::ops::Range;

use anyhow::Context as _;
use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Int64Type, TimestampMicrosecondType};
use wow_engine::schema;
use wow_engine::time::Micros;

/// Rows in a row group, unless one player has more. Few enough that showing one player reads little, many enough
/// that a dictionary per group weighs nothing.
const GROUP_ROWS: usize = 128 << 10;
/// Bytes in a row group before encoding, unless one player has more. Less than a part may hold, so that a group
/// of several players always fits into one.
const GROUP_BYTES: usize = 12 << 20;
/// A player with more bytes than this is cut, so that memory stays bounded.
const PIECE_BYTES: usize = 48 << 20;

/// What a group holds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extent {
    /// How many rows.
    pub(super) rows: usize,
    /// Players whose first row is among them.
    pub(super) players: u64,
    /// The smallest and the largest player id; none in an empty group.
    pub(super) player_ids: Option<(i64, i64)>,
    /// The oldest and the newest time; none in an empty group.
    pub(super) times_us: Option<(Micros, Micros)>,
    /// Whether the first row continues the player of the group before.
    pub(super) continues: bool,
    /// Whether the last player goes on in the next group.
    pub(super) unfinished: bool,
}

/// Rows of whole players, or a piece of one large player.
#[derive(Default)]
pub(super) struct Group {
    /// The rows, in order.
    pub(super) batches: Vec<RecordBatch>,
    /// What they hold.
    pub(super) extent: Extent,
    bytes: usize,
}

impl Group {
    fn push(&mut self, rows: RecordBatch, player_id: i64, times_us: (Micros, Micros)) {
        self.extent.rows += rows.num_rows();
        self.extent.player_ids = union(self.extent.player_ids, Some((player_id, player_id)));
        self.extent.times_us = union(self.extent.times_us, Some(times_us));
        self.bytes += bytes_of(&rows);
        self.batches.push(rows);
    }

    fn append(&mut self, mut other: Self) {
        self.extent.rows += other.extent.rows;
        self.extent.players += other.extent.players;
        self.extent.player_ids = union(self.extent.player_ids, other.extent.player_ids);
        self.extent.times_us = union(self.extent.times_us, other.extent.times_us);
        self.bytes += other.bytes;
        self.batches.append(&mut other.batches);
    }

    fn has_room_for(&self, other: &Self) -> bool {
        self.extent.rows + other.extent.rows <= GROUP_ROWS && self.bytes + other.bytes <= GROUP_BYTES
    }
}

/// The smallest range that holds both.
pub(super) fn union<T: Ord>(a: Option<(T, T)>, b: Option<(T, T)>) -> Option<(T, T)> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (one, None) | (None, one) => one,
    }
}

/// Collects rows and hands out full groups.
#[derive(Default)]
pub(super) struct Grouper {
    /// Finished players.
    group: Group,
    /// The player whose rows are still coming.
    player: Group,
    player_id: Option<i64>,
}

impl Grouper {
    /// Takes the next rows, and gives each group that is full to `full`.
    ///
    /// # Errors
    /// When the batch is not of the event table or not ordered, and those of `full`.
    pub(super) fn push(
        &mut self,
        batch: &RecordBatch,
        full: &mut dyn FnMut(Group) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let (player_ids, times) = keys_of(batch)?;
        for run in runs(player_ids.values()) {
            let player_id = player_ids.value(run.start);
            if self.player_id != Some(player_id) {
                anyhow::ensure!(
                    self.player_id.is_none_or(|last| last < player_id),
                    "the rows are not in order"
                );
                self.finish_player(full)?;
                self.player_id = Some(player_id);
                self.player.extent.players = 1;
            } else if self.player.bytes >= PIECE_BYTES {
                self.cut_player(full)?;
            }
            let times_us = (times.value(run.start).try_into()?, times.value(run.end - 1).try_into()?);
            self.player.push(batch.slice(run.start, run.len()), player_id, times_us);
        }
        Ok(())
    }

    /// Gives the last rows to `full`.
    ///
    /// # Errors
    /// Those of `full`.
    pub(super) fn finish(mut self, full: &mut dyn FnMut(Group) -> anyhow::Result<()>) -> anyhow::Result<()> {
        self.finish_player(full)?;
        give(self.group, full)
    }

    fn finish_player(&mut self, full: &mut dyn FnMut(Group) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let player = std::mem::take(&mut self.player);
        if player.extent.continues {
            return give(player, full);
        }
        if !self.group.has_room_for(&player) {
            give(std::mem::take(&mut self.group), full)?;
        }
        self.group.append(player);
        Ok(())
    }

    fn cut_player(&mut self, full: &mut dyn FnMut(Group) -> anyhow::Result<()>) -> anyhow::Result<()> {
        give(std::mem::take(&mut self.group), full)?;
        let mut piece = std::mem::take(&mut self.player);
        piece.extent.unfinished = true;
        self.player.extent.continues = true;
        give(piece, full)
    }
}

fn give(group: Group, full: &mut dyn FnMut(Group) -> anyhow::Result<()>) -> anyhow::Result<()> {
    if group.extent.rows == 0 { Ok(()) } else { full(group) }
}

/// The players and the times of a batch.
///
/// # Errors
/// When it is not of the event table.
pub(super) fn keys_of(batch: &RecordBatch) -> anyhow::Result<(&Int64Array, &TimestampMicrosecondArray)> {
    let column = |name| batch.column_by_name(name).map(AsRef::as_ref);
    let player_ids =
        column(schema::PLAYER_ID).and_then(|array: &dyn Array| array.as_primitive_opt::<Int64Type>());
    let times = column(schema::DATETIME)
        .and_then(|array: &dyn Array| array.as_primitive_opt::<TimestampMicrosecondType>());
    player_ids.zip(times).context("the rows have no players or no times")
}

/// The ranges of equal neighbours.
fn runs(values: &[i64]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    values.chunk_by(|a, b| a == b).map(move |run| {
        let range = start..start + run.len();
        start = range.end;
        range
    })
}

/// What the rows take before encoding: text by its length, codes and numbers by their width.
fn bytes_of(rows: &RecordBatch) -> usize {
    rows.columns().iter().map(column_bytes).sum()
}

fn column_bytes(column: &ArrayRef) -> usize {
    match column.data_type() {
        DataType::Utf8 => {
            let offsets = column.as_string::<i32>().value_offsets();
            let text = offsets.last().zip(offsets.first()).map_or(0, |(last, first)| last - first);
            usize::try_from(text).unwrap_or(0) + 4 * column.len()
        }
        DataType::Dictionary(codes, _) => codes.primitive_width().unwrap_or(8) * column.len(),
        _ => 8 * column.len(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// The groups of players with these numbers of rows, each row with a text of this length.
    fn groups(players: &[usize], text_bytes: usize) -> Vec<(usize, u64, bool, bool)> {
        let mut groups = Vec::new();
        let mut full = |group: Group| {
            let Extent { rows, players, continues, unfinished, .. } = group.extent;
            groups.push((rows, players, continues, unfinished));
            Ok(())
        };
        let mut grouper = Grouper::default();
        for (id, &rows) in players.iter().enumerate() {
            for start in (0..rows).step_by(2_048) {
                let rows = (rows - start).min(2_048);
                let columns: [(&str, ArrayRef); 3] = [
                    (schema::PLAYER_ID, Arc::new(Int64Array::from(vec![i64::try_from(id).unwrap(); rows]))),
                    (schema::DATETIME, Arc::new(TimestampMicrosecondArray::from(vec![0; rows]))),
                    (
                        schema::ZONE,
                        Arc::new(arrow::array::StringArray::from(vec!["x".repeat(text_bytes); rows])),
                    ),
                ];
                grouper.push(&RecordBatch::try_from_iter(columns).unwrap(), &mut full).unwrap();
            }
        }
        grouper.finish(&mut full).unwrap();
        groups
    }

    #[test]
    fn groups_hold_whole_players() {
        let half = GROUP_ROWS / 2;
        assert_eq!(groups(&[], 1), []);
        assert_eq!(groups(&[half, half], 1), [(GROUP_ROWS, 2, false, false)]);
        assert_eq!(groups(&[half, half + 1, 1], 1), [(half, 1, false, false), (half + 2, 2, false, false)]);
        assert_eq!(
            groups(&[1, 2 * GROUP_ROWS, 1], 1),
            [(1, 1, false, false), (2 * GROUP_ROWS, 1, false, false), (1, 1, false, false)]
        );
    }

    #[test]
    fn long_texts_end_a_group_and_cut_a_player() {
        let rows_of_a_piece = PIECE_BYTES.div_ceil(1_024 * 2_048) * 2_048;
        let found = groups(&[1, 2 * rows_of_a_piece, 1], 1_004);
        assert_eq!(
            found,
            [
                (1, 1, false, false),
                (rows_of_a_piece, 1, false, true),
                (rows_of_a_piece, 0, true, false),
                (1, 1, false, false)
            ]
        );
    }

    #[test]
    fn unordered_rows_are_an_error() {
        let batch = RecordBatch::try_from_iter([
            (schema::PLAYER_ID, Arc::new(Int64Array::from(vec![2, 1])) as ArrayRef),
            (schema::DATETIME, Arc::new(TimestampMicrosecondArray::from(vec![0, 0]))),
        ]);
        assert!(Grouper::default().push(&batch.unwrap(), &mut |_| Ok(())).is_err());
    }
}
