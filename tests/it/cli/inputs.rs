//! `wow import` of every input in `tests/inputs`: read right, or refused with its true reason. The browser tests and the
//! engine's read the same list.

use std::fs;
use std::path::Path;

use arrow::array::AsArray as _;
use arrow::datatypes::Int64Type;
use serde::Deserialize;

use crate::support::{Scratch, query};

/// An input and what becomes of it.
#[derive(Deserialize)]
struct Case {
    files: Vec<String>,
    log: Option<String>,
    #[serde(default)]
    notices: Vec<String>,
    refused: Option<String>,
}

/// Events, players, sessions, likely bots and churned players without bots, as the rules say.
const FIGURES: &str = "
    with steps as (
        select player_id, datetime,
            datediff('minute', lag(datetime) over (partition by player_id order by datetime), datetime) as pause
        from wowlogs
    ),
    numbered as (
        select player_id, datetime,
            sum(case when pause <= 30 then 0 else 1 end) over (partition by player_id order by datetime) as number
        from steps
    ),
    sessions as (
        select player_id, max(datetime) as ends,
            datediff('minute', min(datetime), max(datetime)) as minutes
        from numbered group by player_id, number
    ),
    players as (
        select count(*) as sessions, max(ends) as last, max(minutes) > 720 or avg(minutes) > 360 as is_bot
        from sessions group by player_id
    )
    select unnest([
        (select count(*) from wowlogs),
        count(*),
        coalesce(sum(sessions), 0)::bigint,
        count(*) filter (where is_bot),
        count(*) filter (where not is_bot and datediff('day', last, (select max(datetime) from wowlogs)) > 30)
    ]) from players";

fn figures(database: &Path) -> String {
    let batches = query(database, FIGURES);
    let numbers =
        batches.iter().flat_map(|batch| batch.column(0).as_primitive::<Int64Type>().values().iter());
    numbers.zip("EPSBC".chars()).map(|(number, unit)| format!("{number}{unit}")).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_input_is_read_right_or_refused_with_its_true_reason() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/inputs");
    let cases = fs::read_to_string(folder.join("expected.json")).unwrap();
    let cases: Vec<Case> = serde_json::from_str(&cases).unwrap();
    assert!(cases.len() > 20, "{} cases", cases.len());
    for case in cases {
        let scratch = Scratch::new();
        let paths: Vec<String> =
            case.files.iter().map(|file| folder.join(file).display().to_string()).collect();
        let words: Vec<&str> = std::iter::once("import").chain(paths.iter().map(String::as_str)).collect();
        if let Some(refused) = &case.refused {
            let says = scratch.wow(&words).failure(1);
            assert!(says.contains(refused), "{:?}: {says}", case.files);
            assert!(!scratch.database().exists(), "{:?}", case.files);
            continue;
        }
        let run = scratch.wow(&words).success();
        assert_eq!(Some(figures(&scratch.database())), case.log, "{:?}", case.files);
        for notice in &case.notices {
            assert!(run.stdout.contains(notice), "{:?}: {}", case.files, run.stdout);
        }
    }
}
