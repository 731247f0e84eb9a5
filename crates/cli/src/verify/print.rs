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
    output.line(format!(
        "SQL in DuckDB {:.1} s, engine {:.1} s, in all {:.1} s",
        answer.sql_seconds, answer.engine_seconds, answer.total_seconds
    ));
    if answer.same {
        output
            .line("✔ The engine gives what the reference SQL gives, in every row and column of all models.");
        return;
    }
    output.line(format!(
        "✘ The engine's answer on the export of {} is not what the reference SQL says of {}. If the table was \
         changed since, run `{export_command}` and then `wow verify` again.",
        answer.exported_at, answer.database
    ));
}

fn print_model(output: Output, model: &ModelAnswer) {
    let mark = mark(model.same);
    let rows = if model.sql_rows == model.engine_rows {
        format!("{} rows", HumanCount(model.sql_rows))
    } else {
        format!("{} rows in SQL, {} in the engine", HumanCount(model.sql_rows), HumanCount(model.engine_rows))
    };
    output.line(format!("{mark} {:<26} {rows}, {} columns", model.model, model.columns));
    for column in &model.columns_differing {
        output.line(format!("    {column}"));
    }
    if model.rows_differing > 0 {
        output.line(format!("    {} rows differ; the first differences:", HumanCount(model.rows_differing)));
    }
    for difference in &model.first_differences {
        output.line(format!("    {}", sentence(difference)));
    }
}

fn sentence(difference: &Difference) -> String {
    let Difference { player_id, datetime, column, sql, engine } = difference;
    let at = datetime.as_ref().map(|time| format!(" at {time}")).unwrap_or_default();
    match column {
        Some(column) => {
            format!("player {player_id}{at}: {column} is {sql} in SQL, {engine} in the engine")
        }
        None => format!("player {player_id}{at}: the row is {sql} in SQL, {engine} in the engine"),
    }
}

fn print_source(output: Output, source: &Source) {
    let mark = mark(source.same);
    let (rejected, exported) = (source.rejected, source.exported_rejected);
    output.line(format!(
        "{mark} {:<26} {} rows = {} exported + {} rejected",
        "wowlogs",
        HumanCount(source.rows),
        HumanCount(source.exported_rows),
        HumanCount(exported.total())
    ));
    if !source.same {
        output.line(format!(
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
