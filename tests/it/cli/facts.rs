//! What snapshots saw of players: in the export where players changed, and gone with its export.

use std::fs;

use bytes::Bytes;
use wow_engine::manifest::Manifest;
use wow_engine::read::player_facts;

use crate::support::{CREATE_LOG, Scratch, contents, manifest, run_sql};

const LOG: &str =
    "insert into wowlogs select id, 5, 10, 'Orc', 'Mage', 'Durotar', timestamp '2008-01-01 10:00:00'
    from range(1, 4) as ids(id)";
/// As dbt makes it, with players 1 and 3 changed, a text that is more than text, and columns that nobody asks for.
const FACTS: &str = "create table player_facts as from (values
    (1, 'Mage', 'Orc', 5, 10, 0, 0, 'a', timestamp '2026-01-01', timestamp '2026-01-01', timestamp '2026-02-01'),
    (2, 'Mage', 'Orc', 5, 10, 0, 0, 'b', timestamp '2026-01-01', timestamp '2026-01-01', null),
    (3, 'Mage', null, null, null, 0, 0, 'c', timestamp '2026-01-01', timestamp '2026-01-01', timestamp '2026-02-01'),
    (1, 'O''Brien \"x\"', 'Orc', -1, 70, 1, 0, 'd', timestamp '2026-02-01', timestamp '2026-02-01', null),
    (3, 'Mage', null, null, null, 0, 1, 'e', timestamp '2026-02-01', timestamp '2026-02-01', null)
) as facts(player_id, class, race, guild, max_level, is_likely_bot, churned, dbt_scd_id, dbt_updated_at,
    dbt_valid_from, dbt_valid_to)";

fn exported(sql: &str) -> (Scratch, Manifest) {
    let scratch = Scratch::with_database(&format!("{CREATE_LOG} {LOG}; {sql}"));
    scratch.wow(&["export"]).success();
    let manifest = manifest(&scratch.export_folder());
    (scratch, manifest)
}

#[test]
fn the_changes_of_players_are_a_file_of_the_export() {
    let (scratch, first) = exported(FACTS);
    let facts = first.player_facts.clone().unwrap();
    assert_eq!((facts.rows, facts.players), (4, 2));
    let bytes = fs::read(scratch.export_folder().join(&facts.file)).unwrap();
    assert_eq!(bytes.len() as u64, facts.bytes);
    assert!(facts.file.contains(&facts.sha256[..16]), "{}", facts.file);
    let bytes = Bytes::from(bytes);
    let states = player_facts(&bytes, 1).unwrap();
    assert_eq!(states.len(), 2);
    assert_eq!(
        (states[0].class.as_deref(), states[1].class.as_deref()),
        (Some("Mage"), Some("O'Brien \"x\""))
    );
    assert_eq!((states[1].guild, states[1].max_level, states[1].is_likely_bot), (Some(-1), Some(70), true));
    // 20,485 days after 1970.
    assert_eq!(states[0].valid_to_us.unwrap().get(), 20_485 * 86_400_000_000);
    assert_eq!((states[1].valid_from_us, states[1].valid_to_us), (states[0].valid_to_us.unwrap(), None));
    assert_eq!(player_facts(&bytes, 2).unwrap(), [], "who did not change is in the log as it is");

    // The file goes with its export: kept for one round, then removed.
    run_sql(&scratch.database(), "update player_facts set class = 'Druid' where player_id = 3");
    scratch.wow(&["export"]).success();
    let second = manifest(&scratch.export_folder());
    assert_eq!(
        (second.dataset_id == first.dataset_id, second.player_facts == first.player_facts),
        (true, false)
    );
    assert!(contents(&scratch.export_folder()).contains_key(&facts.file));
    run_sql(&scratch.database(), "drop table player_facts");
    scratch.wow(&["export"]).success();
    assert_eq!(manifest(&scratch.export_folder()).player_facts, None);
    let files = contents(&scratch.export_folder());
    assert!(!files.contains_key(&facts.file), "{:?}", files.keys());
    assert!(files.contains_key(&second.player_facts.unwrap().file));
}

#[test]
fn tables_without_changes_and_others_of_that_name_give_no_file() {
    for sql in [
        "",
        "create table player_facts (player_id bigint, note varchar)",
        &format!("{FACTS}; delete from player_facts where dbt_valid_to is null and player_id <> 2"),
        &format!("{FACTS}; alter table player_facts rename to facts; create view player_facts as from facts"),
    ] {
        let (scratch, manifest) = exported(sql);
        assert_eq!(manifest.player_facts, None, "{sql}");
        assert_eq!(contents(&scratch.export_folder()).len(), 1 + manifest.parts.len(), "{sql}");
    }
    let (_, infinite) = exported(&format!(
        "{FACTS}; update player_facts set dbt_valid_to = 'infinity' where dbt_valid_to is null"
    ));
    assert_eq!(infinite.player_facts.unwrap().rows, 4);
}
