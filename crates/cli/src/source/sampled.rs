//! The log of some players alone: all events of each.

use duckdb::Connection;
use wow_engine::manifest::Rejected;
use wow_engine::sampling::{OneOf, Sample};
use wow_engine::time::{Day, Micros};

use super::Source;
use crate::failure::Failure;

/// Which players are taken of a log, and what the rest of it tells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sampled {
    /// What a manifest says of it.
    pub(crate) sample: Sample,
    /// The day of the newest event of all players, to which churn is counted for each.
    pub(crate) newest_day: Option<Day>,
}

impl Source {
    /// What is added to a condition that chooses rows, where only some players are taken; `player_id` is SQL.
    pub(crate) fn of_sample(&self, player_id: &str) -> String {
        self.sampled
            .map(|sampled| format!("and {}", sampled.sample.one_of.condition(player_id)))
            .unwrap_or_default()
    }

    /// The same log of one player of so many. Rows without a player are counted as before, for nobody can tell whose they are.
    ///
    /// # Errors
    /// A [`Failure`] when no player is in the sample.
    pub(crate) fn sampled(self, connection: &Connection, one_of: OneOf) -> anyhow::Result<Self> {
        let taken = one_of.condition("player_id");
        let sql = format!(
            "select count(*) filter (where player_id is null or {taken}),
                    count(*) filter (where datetime is null and {taken}),
                    count(distinct cast(player_id as bigint)) filter (where datetime is not null),
                    count(distinct cast(player_id as bigint)) filter (where datetime is not null and {taken}),
                    epoch_us(max(cast(datetime as timestamp)) filter (where player_id is not null))
             from main.wowlogs"
        );
        let (rows, null_datetime, players_in_source, players, newest_us): (u64, u64, u64, u64, Option<i64>) =
            connection.query_row(&sql, [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })?;
        let sample = sample(one_of, players, players_in_source, self.kept_rows())?;
        let newest_day = newest_us.and_then(Micros::new).map(Micros::day);
        Ok(Self {
            columns: self.columns,
            rows,
            rejected: Rejected { null_datetime, ..self.rejected },
            sampled: Some(Sampled { sample, newest_day }),
        })
    }
}

/// What a manifest says of a sample with so many players.
///
/// # Errors
/// A [`Failure`] when there are none.
pub(crate) fn sample(
    one_of: OneOf,
    players: u64,
    players_in_source: u64,
    rows_in_source: u64,
) -> anyhow::Result<Sample> {
    if players == 0 {
        return Err(Failure::check(format!(
            "none of the {players_in_source} players is in a sample of one of {one_of}; take more of them with a smaller \
             --sample, or leave it out"
        )));
    }
    Ok(Sample::new(one_of, players, (players_in_source, rows_in_source)))
}
