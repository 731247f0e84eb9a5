//! The history of a query's rows, kept in a table as dbt keeps it, so that either can go on with the other's.

use anyhow::Context as _;
use duckdb::Connection;
use jiff::ZonedDateTime;
use serde_json::Value;

use crate::database::{self, literal, quoted};
use crate::failure::Failure;
use crate::project::Node;

/// The snapshot of players.
pub(crate) const FACTS: &str = "player_facts";
/// The rows of the query now, as a temporary table.
const NOW: &str = "temp.main.snapshot_now";
/// Those of them that are not as they were, with the name of the row that they end.
const CHANGED: &str = "temp.main.snapshot_changed";

/// What was noted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noted {
    /// Keys that were not known.
    pub(crate) new: u64,
    /// Keys whose row ended and was replaced.
    pub(crate) changed: u64,
    /// Rows of the table.
    pub(crate) rows: u64,
}

/// Notes the rows of the query as they are now, in a transaction that the caller ends. Rows that are no longer there keep
/// their last state.
///
/// # Errors
/// When the query fails, or the table that is there is none that dbt made.
pub(crate) fn note(connection: &Connection, snapshot: &Node, sql: &str) -> anyhow::Result<Noted> {
    let text = |name: &str| snapshot.config.get(name).and_then(Value::as_str);
    let is_known =
        text("strategy") == Some("check") && text("hard_deletes").is_none_or(|what| what == "ignore");
    anyhow::ensure!(
        is_known,
        "`{}` is no snapshot by the check strategy that keeps what is gone",
        snapshot.name
    );
    let key = quoted(text("unique_key").context("a snapshot without a key")?);
    let checked =
        snapshot.config.get("check_cols").and_then(Value::as_array).context("a snapshot without columns")?;
    let checked: Vec<String> = checked.iter().filter_map(Value::as_str).map(quoted).collect();
    let is_there = database::table_names(connection)?.contains(&snapshot.alias);
    let table = snapshot.relation();
    connection.execute_batch(&format!("create or replace temp table snapshot_now as (\n{sql}\n)"))?;
    // dbt takes the clock of the machine, without a zone.
    let now = format!("cast({} as timestamp)", literal(&format!("{:.6}", ZonedDateTime::now().datetime())));
    let id = format!(
        "md5(coalesce(cast(now.{key} as varchar), '') || '|' || coalesce(cast({now} as varchar), ''))"
    );
    let columns = format!(
        "now.*, {id} as dbt_scd_id, {now} as dbt_updated_at, {now} as dbt_valid_from, cast(null as timestamp) as dbt_valid_to"
    );
    if !is_there {
        connection.execute_batch(&format!("create table {table} as select {columns} from {NOW} as now"))?;
        let rows = count(connection, &table)?;
        return Ok(Noted { new: rows, changed: 0, rows });
    }
    let differs: Vec<String> =
        checked.iter().map(|column| format!("before.{column} is distinct from now.{column}")).collect();
    let found = connection.execute_batch(&format!(
        "create or replace temp table snapshot_changed as
         select now.*, before.dbt_scd_id as ended from {NOW} as now
         left join (from {table} where dbt_valid_to is null) as before on before.{key} = now.{key}
         where before.{key} is null or {}",
        differs.join(" or ")
    ));
    found.with_context(|| {
        Failure::Check(format!(
            "`{}` that is there is no table that `wow snapshot` or `dbt snapshot` made; rename it",
            snapshot.name
        ))
    })?;
    let changed = connection.execute(
        &format!(
            "update {table} as target set dbt_valid_to = {now} from {CHANGED} as changed
             where changed.ended = target.dbt_scd_id and target.dbt_valid_to is null"
        ),
        [],
    )? as u64;
    let inserted = connection.execute(
        &format!("insert into {table} by name select {columns} from (select * exclude (ended) from {CHANGED}) as now"),
        [],
    )? as u64;
    Ok(Noted { new: inserted - changed, changed, rows: count(connection, &table)? })
}

fn count(connection: &Connection, table: &str) -> anyhow::Result<u64> {
    Ok(connection.query_row(&format!("select count(*) from {table}"), [], |row| row.get(0))?)
}
