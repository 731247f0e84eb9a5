use std::collections::HashSet;

use super::*;

fn model(name: &str) -> &'static Model {
    MODELS.iter().find(|model| model.name == name).unwrap()
}

#[test]
fn every_model_is_there_with_what_it_is_made_from() {
    let told: Vec<(&str, &str, &[&str])> =
        MODELS.iter().map(|model| (model.name, model.kind(), model.parents)).collect();
    let expected: [(&str, &str, &[&str]); 5] = [
        ("wowlogs", "source", &[]),
        ("stg_wowlogs_with_sessions", "view", &["wowlogs"]),
        ("player_session_stats", "table", &["stg_wowlogs_with_sessions"]),
        ("stg_wowlogs_no_bots", "table", &["stg_wowlogs_with_sessions", "player_session_stats"]),
        ("stg_players", "view", &["stg_wowlogs_no_bots", "wowlogs"]),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_model_is_made_from_models_before_it() {
    let mut known = HashSet::new();
    for model in MODELS {
        assert!(model.parents.iter().all(|parent| known.contains(parent)), "{}", model.name);
        known.insert(model.name);
    }
}

#[test]
fn edges_past_other_models_are_told_widest_first() {
    assert_eq!(long_edges(), [Edge { from: 0, to: 4 }, Edge { from: 1, to: 3 }]);
    assert_eq!(long_edges().into_iter().map(Edge::span).collect::<Vec<_>>(), [5, 3]);
}

#[test]
fn texts_and_tests_are_those_of_the_project() {
    let stats = model("player_session_stats");
    assert!(
        stats.description.starts_with("One row per player, with its sessions' durations"),
        "{}",
        stats.description
    );
    let column = |name: &str| stats.columns.iter().find(|column| column.name == name).unwrap();
    assert_eq!(column("player_id").tests, ["not null", "unique"]);
    assert_eq!(column("is_likely_bot").tests, ["not null", "one of 0, 1"]);
    assert_eq!(column("avg_events_per_session").data_type, Some("double"));
    assert_eq!(
        model("stg_players").columns.iter().find(|column| column.name == "guild").unwrap().data_type,
        None
    );
    for model in MODELS {
        assert!(!model.description.contains('\n') && !model.columns.is_empty(), "{}", model.name);
        assert!(model.columns.iter().all(|column| !column.description.is_empty()), "{}", model.name);
    }
    assert_eq!(
        stats.sql.unwrap(),
        include_str!("../../../../wow_analytics/models/staging/player_session_stats.sql")
    );
}

#[test]
fn tests_that_are_queries_stand_at_the_models_they_read() {
    let queries = |name: &str| model(name).queries.iter().map(|query| query.name).collect::<Vec<_>>();
    assert_eq!(queries("stg_players"), ["player_facts_agree_with_players", "players_are_kept_or_flagged"]);
    assert_eq!(queries("wowlogs"), ["player_facts_agree_with_players", "source_rows_are_kept_or_rejected"]);
    let mut of_events = model("stg_wowlogs_with_sessions").queries.iter();
    let levels = of_events.find(|query| query.name == "level_is_between_1_and_80").unwrap();
    assert_eq!(levels.says, "80 is the highest level of the period the log covers.");
}

#[test]
fn queries_that_are_shown_want_no_variable_and_are_compiled() {
    assert_eq!(
        ANALYSES.iter().map(|query| query.name).collect::<Vec<_>>(),
        ["players_over_a_limit", "share_of_likely_bots"]
    );
    assert!(ANALYSES.iter().all(|query| query.sql.starts_with("-- ") && !query.sql.contains("{{")));
}

#[test]
fn rows_are_those_that_the_engine_counted() {
    let totals = Totals { events: 100, players: 10, bots: 3, bot_events: 60, ..Totals::default() };
    let rejected = Rejected { null_player_id: 4, null_datetime: 1 };
    let rows: Vec<_> = MODELS.iter().map(|model| model.rows(&totals, rejected)).collect();
    assert_eq!(rows, [Some(105), Some(100), Some(10), Some(40), Some(7)]);
    assert_eq!([Some(1), Some(36_500_000), None].map(written_rows), ["1 row", "36,500,000 rows", "–"]);
}

#[test]
fn pieces_put_together_are_the_text() {
    for sql in MODELS.iter().filter_map(|model| model.sql) {
        assert_eq!(pieces(sql).iter().map(|piece| piece.text).collect::<String>(), sql);
    }
    let told: Vec<(PieceKind, &str)> =
        pieces("a -- b {{\nc {{ d }}{% e").into_iter().map(|piece| (piece.kind, piece.text)).collect();
    assert_eq!(
        told,
        [
            (PieceKind::Plain, "a "),
            (PieceKind::Comment, "-- b {{"),
            (PieceKind::Plain, "\nc "),
            (PieceKind::Template, "{{ d }}"),
            (PieceKind::Template, "{% e"),
        ]
    );
}

#[test]
fn every_model_can_be_taken_along_and_the_source_cannot() {
    for model in MODELS {
        assert_eq!(ModelRows::of(model.name).is_some(), model.made_as.is_some(), "{}", model.name);
    }
}
