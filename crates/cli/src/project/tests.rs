//! The project that is in the command.

use wow_engine::Params;
use wow_engine::time::{Day, Minutes};

use super::*;

fn compiled(name: &str, params: &Params) -> String {
    let project = Project::load().unwrap();
    let model = project.named(ResourceType::Model, name).unwrap();
    project.compile(model, InDatabase, project.variables(params)).unwrap()
}

#[test]
fn the_defaults_are_those_of_the_dbt_project() {
    let project = include_str!("../../../../wow_analytics/dbt_project.yml");
    for (name, value) in crate::settings::named(&Params::default()) {
        let line = format!("  {name}: {value}");
        assert!(project.lines().any(|known| known == line), "{line}");
    }
}

#[test]
fn parameters_stand_in_the_sql() {
    let (limit, day) = (Minutes::of(77), Day::of(14_245));
    let params = Params { bot_max_session_minutes: limit, as_of_day: Some(day), ..Params::default() };
    let stats = compiled("player_session_stats", &params);
    assert!(stats.contains("max_duration_minutes > 77 then"), "{stats}");
    let players = compiled("stg_players", &params);
    assert!(players.contains("cast('2009-01-01' as date)"), "{players}");
    let players = compiled("stg_players", &Params::default());
    assert!(
        players.contains("from \"main\".\"wowlogs\"") && players.contains("\"main\".\"stg_wowlogs_no_bots\""),
        "{players}"
    );
}

#[test]
fn what_is_read_comes_before_what_reads_it() {
    let project = Project::load().unwrap();
    let place = |id: &str| project.nodes().iter().position(|node| node.unique_id == id).unwrap();
    for (at, node) in project.nodes().iter().enumerate() {
        assert!(node.parents.iter().all(|parent| place(parent) < at), "{}", node.unique_id);
    }
    let kinds = |name: &str| project.named(ResourceType::Model, name).unwrap().materialized().to_owned();
    assert_eq!((kinds("stg_players"), kinds("player_session_stats")), ("view".into(), "table".into()));
}
