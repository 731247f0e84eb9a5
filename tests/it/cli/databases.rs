//! Databases whose columns are not as the reference SQL needs them: each is refused with a statement that works, or with a
//! sentence alone, and what is taken is what `wow verify` finds in SQL.

use std::fs;

use crate::support::{Event, Scratch, events, read_parts, run_sql};

/// `epoch_us(timestamp '2008-01-02 12:00:00')`.
const NOON: i64 = 1_199_275_200_000_000;

/// A query for one event at noon of 2008-01-02, in which a column is replaced.
fn row(replaced: &str) -> String {
    format!(
        r#"select * replace ({replaced}) from (select 7 as player_id, 1 as guild, 60 as level, 'Orc' as race,
           'Rogue' as class, 'Durotar' as "where", timestamp '2008-01-02 12:00:00' as datetime)"#
    )
}

fn table(replaced: &str) -> String {
    format!("create table wowlogs as {}", row(replaced))
}

/// What `wow debug` finds wrong with a database; an export refuses it for the same reasons.
#[track_caller]
fn problems(scratch: &Scratch) -> Vec<String> {
    let report = scratch.wow(&["debug", "--json"]).json();
    let problems: Vec<String> = serde_json::from_value(report["problems"].clone()).unwrap();
    let export = scratch.wow(&["export"]);
    if problems.is_empty() {
        export.success();
        scratch.wow(&["verify"]).success();
    } else {
        let sentence = export.failure(1);
        assert!(sentence.contains(&problems[0]), "{sentence}");
    }
    problems
}

/// The one thing that is wrong with a database.
#[track_caller]
fn problem(scratch: &Scratch) -> String {
    let problems = problems(scratch);
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].clone()
}

/// The statement that a sentence ends with.
fn statement(problem: &str) -> Option<&str> {
    let begins = ["ALTER TABLE ", "CREATE OR REPLACE ", "CREATE TABLE ", "CREATE VIEW "];
    let place = begins.iter().filter_map(|begin| problem.find(&format!(": {begin}"))).min()?;
    Some(&problem[place + 2..])
}

/// Runs every statement that is printed, in their order, until nothing is wrong: the events that are exported then.
#[track_caller]
fn mended(sql: &str) -> Vec<Event> {
    let scratch = Scratch::with_database(sql);
    let mut found = problems(&scratch);
    assert!(!found.is_empty(), "{sql}");
    while !found.is_empty() {
        for problem in &found {
            let statement = statement(problem).unwrap_or_else(|| panic!("no statement: {problem}"));
            run_sql(&scratch.database(), statement);
        }
        let next = problems(&scratch);
        assert_ne!(next, found);
        found = next;
    }
    events(&read_parts(&scratch.export_folder()))
}

#[track_caller]
fn check_noon(sql: &str) {
    let events = mended(sql);
    assert_eq!(events.iter().map(|event| event.time_us).collect::<Vec<_>>(), [NOON], "{sql}");
}

#[test]
fn a_collation_does_not_make_one_of_two_texts() {
    for collation in ["nocase", "noaccent", "nfc"] {
        let insert = |race| format!("; insert into wowlogs {}", row(&format!("'{race}' as race")));
        let events = mended(&format!(
            "{}; alter table wowlogs alter race type varchar collate {collation}{}",
            table("'Orc' as race"),
            ["OrC", "Örc", "O\u{308}rc"].map(insert).concat()
        ));
        let mut races: Vec<String> = events.into_iter().filter_map(|event| event.race).collect();
        races.sort();
        races.dedup();
        assert_eq!(races, ["OrC", "Orc", "O\u{308}rc", "Örc"], "{collation}");
    }
    let scratch = Scratch::with_database(&format!(
        "create table seen as {}; alter table seen alter class type varchar collate nocase;
         create view wowlogs as from seen",
        row("7 as player_id")
    ));
    assert_eq!(
        problem(&scratch),
        "column `class` has the collation nocase, by which the reference SQL would take different texts for the same; have \
         them told apart in the view: decode(encode(\"class\")) AS \"class\""
    );
}

#[test]
fn a_name_in_capital_letters_is_the_same_name() {
    for name in ["GUILD", "Level", "DateTime", "WHERE", "Player_ID"] {
        let rename = format!("alter table wowlogs rename \"{}\" to \"{name}\"", name.to_lowercase());
        let scratch = Scratch::with_database(&format!("{}; {rename}", table("1 as guild")));
        assert_eq!(problems(&scratch), [""; 0], "{name}");
    }
}

#[test]
fn texts_with_an_offset() {
    let written = [
        "2008-01-02 12:00:00 +00:00",
        "2008-01-02 14:00:00  +02:00",
        "2008-01-02 12:00:00 Z",
        "2008-01-02T12:00:00z",
        "2008-01-02 12:00:00 UTC",
        "2008-01-02 07:00:00 -0500",
        "2008-01-02 12:00+00",
        "01/02/2008 12:00:00+00:00",
        "01/02/08 13:00:00 +01:00",
        "1/2/2008 12:00Z",
    ];
    for text in written {
        check_noon(&table(&format!("'{text}' as datetime")));
    }
    for (text, says) in [
        ("2008-01-02 12:00:00 America/New_York", "holds times with the name of a zone in 1 of 1 rows"),
        ("2008-01-02 12:00:00 PM", "holds what is no time in 1 of 1 rows"),
        ("31/01/2008 12:00:00+00:00", "holds what is no time in 1 of 1 rows"),
    ] {
        let problem = problem(&Scratch::with_database(&table(&format!("'{text}' as datetime"))));
        assert!(problem.contains(says) && statement(&problem).is_none(), "{problem}");
    }
}

#[test]
fn times_that_do_not_begin_with_the_year() {
    for text in
        ["01/02/08 12:00:00", "01/02/2008 12:00:00", "1/2/08 12:00", "1/2/2008 12:00", "02.01.2008 12:00"]
    {
        check_noon(&table(&format!("'{text}' as datetime")));
    }
    for text in ["08-01-02 12:00:00", "31/01/2008 12:00:00"] {
        let problem = problem(&Scratch::with_database(&table(&format!("'{text}' as datetime"))));
        assert_eq!(
            problem,
            format!(
                "column `datetime` holds times that do not begin with the year in 1 of 1 rows, for example '{text}'; write \
                 times as 2008-01-31 00:02:04, or leave such fields empty"
            )
        );
    }
}

#[test]
fn empty_text_is_no_null() {
    check_noon(&format!(
        "{}; insert into wowlogs select * replace (' ' as datetime) from wowlogs",
        table("datetime::varchar as datetime")
    ));
    for column in ["player_id", "guild", "level"] {
        let scratch = Scratch::with_database(&format!(
            "{}; insert into wowlogs select * replace ('' as {column}) from wowlogs",
            table(&format!("'7' as {column}"))
        ));
        let problem = problem(&scratch);
        assert!(
            problem.starts_with(&format!(
                "column `{column}` holds empty text in 1 of 2 rows, for example ''; write null where there is no value, or"
            )),
            "{problem}"
        );
        run_sql(&scratch.database(), statement(&problem).unwrap());
        assert_eq!(problems(&scratch), [""; 0]);
    }
}

#[test]
fn instants_of_every_unit() {
    for type_name in ["timestamptz", "timestamptz_ns"] {
        check_noon(&table(&format!("datetime::{type_name} as datetime")));
    }
    let infinite = Scratch::with_database(&table("timestamptz 'infinity' as datetime"));
    let problem = problem(&infinite);
    assert!(problem.contains("outside of what can be held") && statement(&problem).is_none(), "{problem}");
}

#[test]
fn bytes_that_are_no_text() {
    let scratch = Scratch::with_database(&table(r"'\xFF'::blob as race"));
    assert_eq!(problem(&scratch), "column `race` is BLOB, but text is needed; write the names themselves");
}

#[test]
fn tables_with_indexes_constraints_and_computed_columns() {
    let columns =
        r#"player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar"#;
    let texts = row("datetime::varchar || 'Z' as datetime");
    let instants = row("datetime::timestamptz as datetime");
    check_noon(&format!("create table wowlogs as {instants}; create index seen_at on wowlogs (datetime)"));
    check_noon(&format!("create table wowlogs as {texts}; create index seen on wowlogs (player_id)"));
    check_noon(&format!(
        r#"create table wowlogs as select * rename (datetime as "timestamp", level as " level") from ({texts});
           create index seen on wowlogs (player_id)"#
    ));
    for datetime in [
        "datetime varchar check (length(datetime) > 3)",
        "datetime varchar, day date generated always as (datetime::date)",
        "datetime varchar unique",
        "datetime timestamptz not null default now()",
    ] {
        check_noon(&format!("create table wowlogs ({columns}, {datetime}); insert into wowlogs {texts}"));
    }
    check_noon(&format!(
        "create table wowlogs ({columns}, datetime varchar not null); insert into wowlogs {};
         insert into wowlogs select * replace ('' as datetime) from wowlogs",
        row("datetime::varchar as datetime")
    ));
    let held = Scratch::with_database(&format!(
        "create table wowlogs ({columns}, datetime varchar, id bigint primary key); insert into wowlogs from ({texts}), (select 1);
         create table notes (id bigint references wowlogs (id))"
    ));
    let problem = problem(&held);
    assert!(problem.contains("in a table that no foreign key leads to: make_timestamp("), "{problem}");
    assert_eq!(statement(&problem), None);
}

#[test]
fn views_are_given_no_statement_for_tables() {
    let scratch = Scratch::with_database(&format!(
        "create table seen as {}; create view wowlogs as from seen",
        row("datetime::varchar || '+00:00' as datetime")
    ));
    let problem = problem(&scratch);
    assert_eq!(statement(&problem), None);
    let (_, expression) = problem.split_once("have it read as UTC in the view: ").unwrap();
    run_sql(
        &scratch.database(),
        &format!("create or replace view wowlogs as select * replace ({expression}) from seen"),
    );
    assert_eq!(problems(&scratch), [""; 0]);
    let events = events(&read_parts(&scratch.export_folder()));
    assert_eq!(events[0].time_us, NOON);
}

#[test]
fn guilds_as_text_are_no_larger_than_in_files() {
    let scratch = Scratch::with_database(&table("'9223372036854775808' as guild"));
    let sentence = "column `guild` holds numbers larger than 9223372036854775807 in 1 of 1 rows, for example \
                    '9223372036854775808'; write numbers of 64 bits with sign, or leave such fields empty";
    assert_eq!(problem(&scratch), sentence);
    let header = "player_id,guild,level,race,class,where,datetime";
    let line = "7,9223372036854775808,60,Orc,Rogue,Durotar,2008-01-02 12:00:00";
    fs::write(scratch.path("log.csv"), format!("{header}\n{line}\n")).unwrap();
    let refused = scratch.wow(&["import", "--replace", "log.csv"]).failure(1);
    assert!(refused.contains("holds numbers larger than 9223372036854775807"), "{refused}");
    for (guild, says) in
        [("-9223372036854775809", "smaller than"), ("nan", "no number"), ("inf", "no number")]
    {
        let problem = problem(&Scratch::with_database(&table(&format!("'{guild}' as guild"))));
        assert!(problem.contains(says), "{problem}");
    }
    for guild in ["9223372036854775807", "1.5"] {
        assert_eq!(problems(&Scratch::with_database(&table(&format!("'{guild}' as guild")))), [""; 0]);
    }
}

#[test]
fn a_schema_of_the_name_of_the_database() {
    let scratch = Scratch::new();
    run_sql(
        &scratch.path("s.duckdb"),
        &format!("create schema s; create table s.s.wowlogs as {}", row("7 as player_id")),
    );
    let sentence = scratch.wow(&["export", "--database", "s.duckdb"]).failure(1);
    run_sql(&scratch.path("s.duckdb"), statement(&sentence).unwrap());
    scratch.wow(&["export", "--database", "s.duckdb"]).success();
    scratch.wow(&["verify", "--database", "s.duckdb"]).success();
}

#[test]
fn a_path_is_a_path_whatever_duckdb_calls_so() {
    let scratch = Scratch::with_database(&table("7 as player_id"));
    for name in ["sqlite:log.db", "md:log.duckdb", "information_schema.duckdb", "temp.duckdb", "main.duckdb"]
    {
        fs::copy(scratch.database(), scratch.path(name)).unwrap();
        for command in ["debug", "export", "verify"] {
            scratch.wow(&[command, "--database", name]).success();
        }
    }
    assert_eq!(
        scratch.wow(&["debug", "--database", ":memory:"]).failure(2),
        ":memory: is DuckDB's name for a database that no other program sees; name a file with --database FILE"
    );
}

#[test]
fn a_database_cut_short() {
    let scratch = Scratch::with_database(&format!(
        "{}; insert into wowlogs select wowlogs.* replace (i as player_id, hash(i) % 1000 as level, md5(i::varchar) as race)
         from wowlogs, range(50_000) t(i)",
        table("7::bigint as player_id, 60::bigint as level")
    ));
    let bytes = fs::read(scratch.database()).unwrap();
    fs::write(scratch.database(), &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(
        scratch.wow(&["export"]).failure(1),
        "wow_test.duckdb is a DuckDB file that was cut short; restore it from a copy, or write a new one"
    );
}
