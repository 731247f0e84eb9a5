//! `wow history`: how the facts of a player were over time.

use clap::Args;

use super::{Context, Outcome};
use crate::database;
use crate::failure::Failure;
use crate::project::{Project, ResourceType};
use crate::query::{Format, Printed, ask};
use crate::snapshot::FACTS;

/// Arguments of `wow history`.
#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    /// The player's id.
    #[arg(value_name = "PLAYER", allow_hyphen_values = true)]
    player_id: i128,
}

/// Prints the player's rows of the snapshot, the oldest first.
///
/// # Errors
/// [`Failure::Usage`] where there is no snapshot, or the player is not in it.
pub(crate) fn run(context: &Context, args: &HistoryArgs) -> anyhow::Result<Outcome> {
    let project = Project::load()?;
    let facts = project.named(ResourceType::Snapshot, FACTS)?;
    let connection = database::open_read_only(&context.target)?;
    let (path, option) = (context.target.path.display(), context.target.option());
    if !database::table_names(&connection)?.contains(&facts.alias) {
        return Err(Failure::usage(format!(
            "{path} has no history of players; `wow snapshot{option}` begins one"
        )));
    }
    let player_id = args.player_id;
    let known = format!("select count(*) from {} where player_id = {player_id}", facts.relation());
    if connection.query_row(&known, [], |row| row.get::<_, u64>(0))? == 0 {
        return Err(Failure::usage(format!(
            "{path} has no history of a player {player_id}; `wow snapshot{option}` notes those that are in the log"
        )));
    }
    let sql = format!(
        "select dbt_valid_from as valid_from, dbt_valid_to as valid_to, * exclude (player_id, dbt_scd_id, dbt_updated_at, \
         dbt_valid_from, dbt_valid_to) from {} where player_id = {player_id} order by dbt_valid_from",
        facts.relation()
    );
    let mut printed = Printed::new(if context.output.is_json() { Format::Json } else { Format::Plain });
    ask(context, &connection, &sql, None, &mut printed)?;
    printed.finish()?;
    Ok(Outcome::Done)
}
