//! The file with what snapshots saw of players.

use bytes::Bytes;
use wow_engine::facts::{COLUMNS, PlayerFacts};
use wow_engine::pipeline::Dictionary;
use wow_engine::read::player_facts;
use wow_engine::schema::{NumberKind, float_to_key};
use wow_engine::time::Micros;
use wow_engine::write::{self, ColumnType, NumberRuns, TextRuns};

/// Rows of players 1, 2 and 3, two each; the guild of player 2 is 0.5.
fn file(guild_kind: NumberKind) -> Vec<u8> {
    let numbers = |numbers: [Option<i64>; 6]| {
        let mut runs = NumberRuns::new(NumberKind::Integer);
        numbers.into_iter().for_each(|number| runs.push(number, 1));
        runs.runs
    };
    let (mut guild, mut texts, mut class) =
        (NumberRuns::new(guild_kind), Dictionary::default(), TextRuns::default());
    for number in [Some(7.0), None, Some(0.5), Some(-1.0), None, Some(3.0)] {
        let key = number.map(|number: f64| match guild_kind {
            NumberKind::Integer => number as i64,
            NumberKind::Float => float_to_key(number),
        });
        guild.push(key, 1);
    }
    for text in [Some("Mage"), None, Some("Dalaran競技場"), Some("Mage"), None, None] {
        match text {
            Some(text) => class.push(texts.code(text), 1, &texts),
            None => class.runs.push(None, 1),
        }
    }
    let column_type = |(name, column_type)| match (name, guild_kind) {
        ("guild", NumberKind::Float) => (name, ColumnType::Double),
        _ => (name, column_type),
    };
    let schema = write::columns(COLUMNS.into_iter().map(column_type)).unwrap();
    let column = |place: usize| schema.column(place);
    let flags = [false, true, false, false, true, false];
    let chunks = [
        write::runs(&column(0), &numbers([1, 1, 2, 2, 3, 3].map(Some))),
        write::runs(&column(1), &class.runs),
        write::runs(&column(2), &class.runs),
        write::runs(&column(3), &guild.runs),
        write::runs(&column(4), &numbers([Some(60), Some(70), None, Some(-3), Some(i64::MAX), Some(1)])),
        write::flags(&column(5), &flags),
        write::flags(&column(6), &flags.map(|flag| !flag)),
        write::runs(&column(7), &numbers([0, 5, 0, 5, 0, 5].map(Some))),
        write::runs(&column(8), &numbers([Some(5), None, Some(5), None, Some(5), None])),
    ];
    write::file(&schema, &[], chunks).unwrap()
}

#[test]
fn the_states_of_one_player_are_read_and_nobody_elses() {
    let bytes = Bytes::from(file(NumberKind::Float));
    let states = player_facts(&bytes, 2).unwrap();
    let expected = PlayerFacts {
        class: Some("Dalaran競技場".to_owned()),
        race: Some("Dalaran競技場".to_owned()),
        guild: Some(float_to_key(0.5)),
        guild_kind: NumberKind::Float,
        max_level: None,
        is_likely_bot: false,
        churned: true,
        valid_from_us: Micros::of(0),
        valid_to_us: Some(Micros::of(5)),
    };
    assert_eq!((states.len(), &states[0]), (2, &expected));
    assert_eq!(
        (states[1].guild, states[1].max_level, states[1].valid_to_us),
        (Some(float_to_key(-1.0)), Some(-3), None)
    );
    assert_eq!(player_facts(&bytes, 4).unwrap(), []);
    let whole = player_facts(&Bytes::from(file(NumberKind::Integer)), 1).unwrap();
    assert_eq!((whole[0].guild, whole[0].guild_kind, whole[1].guild), (Some(7), NumberKind::Integer, None));
    assert_eq!((whole[1].is_likely_bot, whole[1].churned), (true, false));
}

#[test]
fn bytes_that_are_no_such_file_are_an_error_and_no_panic() {
    let bytes = file(NumberKind::Integer);
    for cut in 0..bytes.len() {
        assert!(player_facts(&Bytes::copy_from_slice(&bytes[..cut]), 2).is_err(), "cut to {cut} bytes");
    }
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut other = bytes.clone();
            other[place] ^= 1 << bit;
            // Any answer will do, for the bytes are checked against their hash before.
            let _ = player_facts(&Bytes::from(other), 2);
        }
    }
}
