//! Random logs and parameters: the engine gives what the reference SQL gives, on every column of every model.

use std::fmt::Write as _;

use jiff::ToSpan as _;
use jiff::civil::date;
use proptest::prelude::*;
use wow_engine::Params;
use wow_engine::time::{DAY_US, Day, Days, MINUTE_US, Minutes};

use crate::support::Scratch;

const TEXTS: [&str; 9] =
    ["Orc", "orc", "Undead", "", " ", "null", "Zul'Gurub", "Dalaran競技場", "\"a,b\"\nc\\N🐉"];
const PLAYERS: [i64; 6] = [i64::MIN, -3, 0, 1, 9_007_199_254_740_993, i64::MAX];
/// Pauses around the limit of 30 minutes, with seconds; ties; and long ones.
const PAUSES_US: [i64; 13] = [
    0,
    0,
    1,
    59_999_999,
    MINUTE_US,
    25 * MINUTE_US,
    29 * MINUTE_US + 2_000_000,
    30 * MINUTE_US,
    30 * MINUTE_US + 1_000_000,
    30 * MINUTE_US + 59_999_999,
    31 * MINUTE_US,
    6 * 60 * MINUTE_US,
    40 * DAY_US,
];

/// A log as SQL, the parameters to run the models with, and the arguments that choose events.
#[derive(Clone)]
struct Case {
    sql: String,
    params: Params,
    filter: Vec<String>,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:?} {:?} with\n{}", self.params, self.filter, self.sql)
    }
}

fn text() -> impl Strategy<Value = String> {
    let null = || Just("null".to_owned());
    let text = prop::sample::select(&TEXTS[..]).prop_map(|text| format!("'{}'", text.replace('\'', "''")));
    prop_oneof![4 => text, 1 => null()]
}

fn guild(is_double: bool) -> BoxedStrategy<String> {
    let null = Just("null".to_owned());
    if is_double {
        let odd = prop::sample::select(&["-1", "0.5", "-2.25", "'nan'", "'infinity'", "1e300"][..]);
        let whole = (0..4_i64).prop_map(|guild| guild.to_string());
        prop_oneof![2 => odd.prop_map(str::to_owned), 2 => whole, 1 => null].boxed()
    } else {
        let number = prop_oneof![8 => -1..4_i64, 1 => any::<i64>()];
        prop_oneof![4 => number.prop_map(|guild| guild.to_string()), 1 => null].boxed()
    }
}

fn level() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => (0..82_i64).prop_map(|level| level.to_string()),
        1 => any::<i64>().prop_map(|level| level.to_string()),
        2 => Just("null".to_owned()),
    ]
}

/// One player's rows as SQL values, some of them twice.
fn player(player_id: i64, is_double: bool) -> impl Strategy<Value = Vec<String>> {
    let row = (
        prop::sample::select(&PAUSES_US[..]),
        guild(is_double),
        level(),
        (text(), text(), text()),
        prop::bool::weighted(0.1),
    );
    // Around 1970, and within the years that DuckDB can hold.
    let start_us = prop_oneof![3 => -DAY_US..DAY_US, 1 => any::<i64>().prop_map(|time| time / 2)];
    (start_us, prop::collection::vec(row, 0..20)).prop_map(move |(mut time_us, rows)| {
        let mut values = Vec::new();
        for (pause_us, guild, level, (race, class, zone), is_twice) in rows {
            time_us += pause_us;
            let value = format!(
                "({player_id}, {guild}, {level}, {race}, {class}, {zone}, make_timestamp(cast({time_us} as bigint)))"
            );
            values.extend(std::iter::repeat_n(value, 1 + usize::from(is_twice)));
        }
        values
    })
}

/// Rows that no model can use.
fn rejected() -> impl Strategy<Value = Vec<String>> {
    let row = prop_oneof![
        Just("(null, 1, 99, 'Orc', 'Mage', 'Durotar', timestamp '2030-01-01')".to_owned()),
        Just("(7, 1, 99, 'Orc', 'Mage', 'Durotar', null)".to_owned()),
    ];
    prop::collection::vec(row, 0..3)
}

fn params() -> impl Strategy<Value = Params> {
    let limits = (0..70_u32, 0..800_u32, 0..400_u32, 0..60_u16, prop::option::of(-20_000..40_000_i64));
    let other = limits.prop_map(|(gap, max, avg, churn_days, as_of_day)| Params {
        session_gap_minutes: Minutes::of(gap),
        bot_max_session_minutes: Minutes::of(max),
        bot_avg_session_minutes: Minutes::of(avg),
        churn_days: Days::of(churn_days),
        as_of_day: as_of_day.and_then(Day::new),
    });
    prop_oneof![Just(Params::default()), other]
}

/// Days around those of most rows, and texts that some rows have, or none at all.
fn filters() -> impl Strategy<Value = Vec<String>> {
    let day = |name: &'static str| {
        let days =
            prop::sample::select(&["1969-12-30", "1969-12-31", "1970-01-01", "1970-02-11", "2100-01-01"][..]);
        prop::option::weighted(0.4, days.prop_map(move |day| vec![name.to_owned(), day.to_owned()]))
    };
    let texts = |name: &'static str| {
        let chosen = prop::sample::subsequence(&TEXTS[..], 1..TEXTS.len());
        let chosen = chosen.prop_map(move |texts| {
            texts.into_iter().flat_map(|text| [name.to_owned(), text.to_owned()]).collect::<Vec<_>>()
        });
        prop::option::weighted(0.4, chosen)
    };
    (day("--from"), day("--to"), texts("--class"), texts("--race")).prop_map(|(from, to, classes, races)| {
        let (from, to) = match (from, to) {
            // Days that are turned round are wrong use.
            (Some(from), Some(to)) if from[1] > to[1] => (None, Some(to)),
            days => days,
        };
        [from, to, classes, races].into_iter().flatten().flatten().collect()
    })
}

fn cases() -> impl Strategy<Value = Case> {
    let log = any::<bool>().prop_flat_map(|is_double| {
        let players = PLAYERS.map(|player_id| player(player_id, is_double));
        let rows = (players, rejected()).prop_map(|(players, rejected)| {
            players.into_iter().flatten().chain(rejected).collect::<Vec<_>>()
        });
        (Just(is_double), rows.prop_shuffle())
    });
    (log, params(), filters()).prop_map(|((is_double, rows), params, filter)| {
        let guild_type = if is_double { "double" } else { "bigint" };
        let mut sql = format!(
            "create table wowlogs (player_id bigint, guild {guild_type}, level bigint, race varchar, \
             class varchar, \"where\" varchar, datetime timestamp);"
        );
        if !rows.is_empty() {
            write!(sql, "\ninsert into wowlogs values\n{};", rows.join(",\n")).unwrap();
        }
        Case { sql, params, filter }
    })
}

/// Builds the models of the log, exports it, and lets `wow verify` compare all rows of all models under the parameters: those
/// in the database, and the engine's; these under the filter, too.
fn differences(case: &Case) -> Option<String> {
    let scratch = Scratch::with_database(&case.sql);
    let params = flags(&case.params);
    let words = |command: &[&'static str], more: &[String]| -> Vec<String> {
        command.iter().map(|word| (*word).to_owned()).chain(params.iter().chain(more).cloned()).collect()
    };
    let wow = |words: &[String]| scratch.wow(&words.iter().map(String::as_str).collect::<Vec<_>>());
    wow(&words(&["run"], &[])).success();
    scratch.wow(&["export"]).success();
    let of_all = wow(&words(&["verify", "--json"], &[]));
    let filtered = wow(&words(&["verify", "--json"], &case.filter));
    let failed = [of_all, filtered].into_iter().find(|run| run.status != Some(0))?;
    Some(format!("{}\n{}", failed.stdout, failed.stderr))
}

/// The parameters as options.
fn flags(params: &Params) -> Vec<String> {
    let as_of = params.as_of_day.map(|day| (date(1970, 1, 1) + day.get().days()).to_string());
    [
        ("--session-gap", Some(params.session_gap_minutes.get().to_string())),
        ("--bot-max-session", Some(params.bot_max_session_minutes.get().to_string())),
        ("--bot-avg-session", Some(params.bot_avg_session_minutes.get().to_string())),
        ("--churn-days", Some(params.churn_days.get().to_string())),
        ("--as-of", as_of),
    ]
    .into_iter()
    .filter_map(|(option, value)| Some([option.to_owned(), value?]))
    .flatten()
    .collect()
}

proptest! {
    // Every case starts the real command four times.
    #![proptest_config(ProptestConfig {
        cases: 48,
        max_shrink_iters: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_logs_give_the_rows_of_the_reference_sql(case in cases()) {
        if let Some(differences) = differences(&case) {
            prop_assert!(false, "{differences}");
        }
    }
}
