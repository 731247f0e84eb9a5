//! Compares the rows of a model: quick where they are the same, instant by instant where they are not.
//!
//! A player's events at one instant have no order, and which of them carries the pause before it is arbitrary.
//! So the rows of an instant are a multiset without the pause's columns, and these columns are another.

use arrow::datatypes::SchemaRef;
use serde_json::{Value as Json, json};

use super::side::{Key, Side};
use super::value::Value;
use crate::interrupt;
use crate::output::show_time;

/// How many differences are kept to be shown.
const SHOWN_MAX: usize = 5;
/// The first rows that are compared at once after a difference; twice as many after each success.
const WINDOW_ROWS: usize = 64;

/// What the rows of a model are like.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// Names and types, the same on both sides.
    pub(super) schema: SchemaRef,
    /// What orders the rows.
    pub(super) key: Key,
    /// Columns that any row of an instant may carry.
    pub(super) pause: &'static [&'static str],
}

/// One difference.
#[derive(Debug, Clone)]
pub(super) struct Difference {
    /// The player.
    pub(super) player_id: i64,
    /// The time of the event, in models of events.
    pub(super) datetime: Option<String>,
    /// The column; `None` when the whole row is on one side only.
    pub(super) column: Option<String>,
    /// What SQL has; `absent` for no such row.
    pub(super) sql: String,
    /// What the other side has; `absent` for no such row.
    pub(super) other: String,
}

impl Difference {
    /// The difference for scripts; `side` is the other side's name.
    pub(super) fn told(&self, side: &str) -> Json {
        json!({
            "player_id": self.player_id,
            "datetime": self.datetime,
            "column": self.column,
            "sql": self.sql,
            side: self.other,
        })
    }
}

/// The result of a comparison.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Rows on either side that the other has not.
    pub(super) rows_differing: u64,
    /// The first differences.
    pub(super) first: Vec<Difference>,
}

/// Compares all rows. `on_rows` is told now and then how many more rows of SQL are done.
///
/// # Errors
/// What kept either side from being computed, and after Ctrl-C.
pub(super) fn compare(
    layout: &Layout,
    sql: &mut Side<'_>,
    other: &mut Side<'_>,
    on_rows: &mut dyn FnMut(u64),
) -> anyhow::Result<Found> {
    let mut found = Found::default();
    let mut window = WINDOW_ROWS;
    let mut told = 0;
    loop {
        if sql.rows_done() - told >= 65_536 {
            interrupt::check()?;
            on_rows(sql.rows_done() - told);
            told = sql.rows_done();
        }
        match (sql.fill()?, other.fill()?) {
            (false, false) => break,
            (true, true) => {
                let rows = sql.left().min(other.left()).min(window);
                let common = sql.common(other, rows);
                sql.advance(common);
                other.advance(common);
                if common == rows {
                    window = window.saturating_mul(2);
                    continue;
                }
                window = WINDOW_ROWS;
                // Rows already passed were the same on both sides, so that the rest of their instant is the
                // same if and only if the whole of it is.
                let (ours, theirs) = (sql.key(), other.key());
                let sql_rows = if ours <= theirs { sql.take_instant()? } else { Vec::new() };
                let other_rows = if theirs <= ours { other.take_instant()? } else { Vec::new() };
                found.compare_instant(layout, ours.min(theirs), sql_rows, other_rows);
            }
            (true, false) => {
                let key = sql.key();
                found.compare_instant(layout, key, sql.take_instant()?, Vec::new());
            }
            (false, true) => {
                let key = other.key();
                found.compare_instant(layout, key, Vec::new(), other.take_instant()?);
            }
        }
    }
    on_rows(sql.rows_done() - told);
    Ok(found)
}

impl Found {
    fn compare_instant(
        &mut self,
        layout: &Layout,
        (player_id, time_us): (i64, i64),
        mut sql: Vec<Vec<Value>>,
        mut other: Vec<Vec<Value>>,
    ) {
        let datetime = layout.key.time.map(|_| show_time(time_us));
        let difference = |column: Option<&str>, sql: String, other: String| Difference {
            player_id,
            datetime: datetime.clone(),
            column: column.map(str::to_owned),
            sql,
            other,
        };
        let sql_pauses = split_off_pauses(layout, &mut sql);
        let other_pauses = split_off_pauses(layout, &mut other);
        let same_number = sql.len() == other.len();
        let (sql, other) = unmatched(sql, other);
        let (sql_pauses, other_pauses) =
            if same_number { unmatched(sql_pauses, other_pauses) } else { (Vec::new(), Vec::new()) };
        self.rows_differing += sql.len().max(other.len()).max(sql_pauses.len()) as u64;
        if self.first.len() >= SHOWN_MAX {
            return;
        }
        for (sql, other) in sql.iter().zip(&other).chain(sql_pauses.iter().zip(&other_pauses)) {
            for ((sql, other), field) in sql.iter().zip(other).zip(layout.schema.fields()) {
                if sql != other {
                    let show = |value: &Value| value.show(field.data_type());
                    self.first.push(difference(Some(field.name()), show(sql), show(other)));
                }
            }
        }
        for _ in other.len()..sql.len() {
            self.first.push(difference(None, "present".into(), "absent".into()));
        }
        for _ in sql.len()..other.len() {
            self.first.push(difference(None, "absent".into(), "present".into()));
        }
        self.first.truncate(SHOWN_MAX);
    }
}

/// Moves the values of the columns that any row of the instant may carry into rows of their own.
fn split_off_pauses(layout: &Layout, rows: &mut [Vec<Value>]) -> Vec<Vec<Value>> {
    let columns: Vec<usize> =
        layout.pause.iter().filter_map(|name| layout.schema.index_of(name).ok()).collect();
    let split = |row: &mut Vec<Value>| {
        let mut pause = vec![Value::Null; row.len()];
        for &column in &columns {
            std::mem::swap(&mut pause[column], &mut row[column]);
        }
        pause
    };
    rows.iter_mut().map(split).collect()
}

/// The rows that have no equal on the other side, in order.
fn unmatched(mut ours: Vec<Vec<Value>>, mut theirs: Vec<Vec<Value>>) -> (Vec<Vec<Value>>, Vec<Vec<Value>>) {
    ours.sort_unstable();
    theirs.sort_unstable();
    let (mut only_ours, mut only_theirs) = (Vec::new(), Vec::new());
    let mut theirs = theirs.into_iter().peekable();
    for row in ours {
        while let Some(smaller) = theirs.next_if(|other| *other < row) {
            only_theirs.push(smaller);
        }
        if theirs.next_if(|other| *other == row).is_none() {
            only_ours.push(row);
        }
    }
    only_theirs.extend(theirs);
    (only_ours, only_theirs)
}
