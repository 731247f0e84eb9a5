//! What `wow verify` tells people.

use indicatif::HumanCount;

use super::compare::Difference;
use super::{Answer, ModelAnswer, Source};
use crate::output::Output;

/// Prints the answer; `export_command` makes the export anew.
pub(super) fn print(output: Output, answer: &Answer, export_command: &str) {
    for model in &answer.models {
        print_model(output, model);
    }
    print_source(output, &answer.source);
    output.result(format!(
        "SQL in DuckDB {:.1} s, engine {:.1} s, in all {:.1} s",
        answer.sql_seconds, answer.engine_seconds, answer.total_seconds
    ));
    if answer.source.same && answer.models.iter().all(|model| model.same) {
        output.result(
            "✔ The engine gives what the reference SQL gives, in every row and column of all models.",
        );
    } else {
        output.result(format!(
            "✘ The engine's answer on the export of {} is not what the reference SQL says of {}. If the table was \
             changed since, run `{export_command}` and then `wow verify` again.",
            answer.exported_at, answer.database
        ));
    }
    for (side, what, again) in [
        ("database", "The models in the database", "wow run"),
        ("parquet", "The Parquet files of models", "wow run --to parquet DIR"),
    ] {
        let mut shipped =
            answer.models.iter().flat_map(|model| &model.shipped).filter(|one| one.side == side).peekable();
        if shipped.peek().is_none() {
            continue;
        }
        output.result(match shipped.all(|one| one.same) {
            true => format!("✔ {what} are what the reference SQL gives."),
            false => format!(
                "✘ {what} are not what the reference SQL gives under these parameters; run `{again}` again."
            ),
        });
    }
}

fn print_model(output: Output, model: &ModelAnswer) {
    let mark = mark(model.same);
    let rows = if model.sql_rows == model.engine_rows {
        format!("{} rows", HumanCount(model.sql_rows))
    } else {
        format!("{} rows in SQL, {} in the engine", HumanCount(model.sql_rows), HumanCount(model.engine_rows))
    };
    output.result(format!("{mark} {:<26} {rows}, {} columns", model.model, model.columns));
    print_found(output, "the engine", &model.columns_differing, model.rows_differing, &model.first);
    for shipped in &model.shipped {
        let mark = self::mark(shipped.same);
        output.result(format!("  {mark} {} {} rows", shipped.words, HumanCount(shipped.rows)));
        print_found(
            output,
            shipped.words,
            &shipped.columns_differing,
            shipped.rows_differing,
            &shipped.first,
        );
    }
}

fn print_found(output: Output, side: &str, columns: &[String], rows_differing: u64, first: &[Difference]) {
    for column in columns {
        output.result(format!("    {column}"));
    }
    if rows_differing > 0 {
        output.result(format!("    {} rows differ; the first differences:", HumanCount(rows_differing)));
    }
    for Difference { player_id, datetime, column, sql, other } in first {
        let at = datetime.as_ref().map(|time| format!(" at {time}")).unwrap_or_default();
        let what = column.as_deref().unwrap_or("the row");
        output.result(format!("    player {player_id}{at}: {what} is {sql} in SQL, {other} in {side}"));
    }
}

fn print_source(output: Output, source: &Source) {
    let mark = mark(source.same);
    let (rejected, exported) = (source.rejected, source.exported_rejected);
    output.result(format!(
        "{mark} {:<26} {} rows = {} exported + {} rejected",
        "wowlogs",
        HumanCount(source.rows),
        HumanCount(source.exported_rows),
        HumanCount(exported.total())
    ));
    if !source.same {
        output.result(format!(
            "    the table has {} rows without player_id and {} without datetime, the export says {} and {}",
            HumanCount(rejected.null_player_id),
            HumanCount(rejected.null_datetime),
            HumanCount(exported.null_player_id),
            HumanCount(exported.null_datetime)
        ));
    }
}

const fn mark(same: bool) -> &'static str {
    if same { "✔" } else { "✘" }
}
