//! CSV however it is written: the same rows, or a sentence that says what is wrong and where.

use std::io::Write as _;
use std::ops::ControlFlow;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use wow_engine::Error;
use wow_engine::contract::Notice;
use wow_engine::manifest::Rejected;
use wow_engine::pipeline::{Dictionary, Strings};
use wow_engine::read::{CsvFile, Gatherer, Log as _, LogFile};
use wow_engine::schema::{NumberKind, key_to_float};

const NAMES: &str = "player_id,guild,level,race,class,where,datetime\n";

/// The events as they are shown here: a line each, `-` for null.
fn events(bytes: &[u8]) -> Result<(Vec<String>, Rejected, CsvFile), Error> {
    let file = CsvFile::open(Bytes::copy_from_slice(bytes))?;
    let survey = file.check(&mut |_| Ok(()))?;
    let mut strings = Strings::default();
    let mut batches = Vec::new();
    file.each_events(&mut strings, &mut |events| {
        batches.push(events.clone());
        Ok(())
    })?;
    let number = |number: Option<i64>| number.map_or("-".to_owned(), |number| number.to_string());
    let guild = |key: Option<i64>| match survey.guild_kind {
        NumberKind::Integer => number(key),
        NumberKind::Float => key.map_or("-".to_owned(), |key| key_to_float(key).to_string()),
    };
    let text = |dictionary: &Dictionary, code| dictionary.get(code).unwrap_or("-").to_owned();
    let mut rejected = Rejected::default();
    let mut lines = Vec::new();
    for events in &batches {
        rejected.null_player_id += events.rejected.null_player_id;
        rejected.null_datetime += events.rejected.null_datetime;
        for row in 0..events.len() {
            lines.push(format!(
                "{} {} {} {} {} {} {}",
                events.player_id.get(row).unwrap(),
                guild(events.guild.get(row).unwrap()),
                number(events.level.get(row).unwrap()),
                text(&strings.race, events.race.get(row).unwrap()),
                text(&strings.class, events.class.get(row).unwrap()),
                text(&strings.zone, events.zone.get(row).unwrap()),
                events.time_us[row].get() / 1_000_000,
            ));
        }
    }
    Ok((lines, rejected, file))
}

#[track_caller]
fn check(csv: &str, expected: &[&str]) -> CsvFile {
    let (lines, _, file) = events(csv.as_bytes()).unwrap();
    assert_eq!(lines, expected, "{csv:?}");
    file
}

#[track_caller]
fn refuses(csv: impl AsRef<[u8]>, says: &str) {
    let error = events(csv.as_ref()).map(|(lines, ..)| lines).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

#[test]
fn however_it_is_written() {
    let row = ["5 7 70 Orc Rogue Durotar 1201737724"];
    check(&format!("{NAMES}5,7,70,Orc,Rogue,Durotar,2008-01-31 00:02:04\n"), &row);
    check(&format!("\u{feff}{NAMES}5,7,70,Orc,Rogue,Durotar,2008-01-31 00:02:04"), &row);
    let crlf = format!("{NAMES}5,7,70,Orc,Rogue,Durotar,2008-01-31 00:02:04\n").replace('\n', "\r\n");
    check(&crlf, &row);
    check(&crlf.replace('\n', ""), &row);
    check(&format!("sep=,\r\n{crlf}"), &row);
    check(&crlf.replace(',', ";"), &row);
    check(&crlf.replace(',', "\t"), &row);
    check(&format!("sep=|\n{crlf}").replace(',', "|"), &row);
    check(&format!("\u{feff}SEP=;\n{}", crlf.replace(',', ";")), &row);
    check(
        &format!(
            "\"{}\"\n\"5\",\"7\",70,\"Orc\",Rogue,\"Durotar\",\"2008-01-31 00:02:04\"",
            NAMES.trim().replace(',', "\",\"")
        ),
        &row,
    );
    check(
        "char, level, race, charclass, zone, guild, timestamp\n5, 70,Orc,Rogue,Durotar,7,01/31/08 00:02:04\n",
        &row,
    );
    check(&format!("note,{NAMES}\"a, \"\"b\"\"\nc\",5,7,70,Orc,Rogue,Durotar,2008-01-31 00:02:04\n"), &row);
    // Excel writes separators for columns that once had something in them.
    check(&format!("{}5,7,70,Orc,Rogue,Durotar,2008-01-31 00:02:04,,\n", NAMES), &row);
    check(NAMES, &[]);
    check(NAMES.trim(), &[]);
}

#[test]
fn what_is_empty_is_null_but_for_texts_in_quotes() {
    let (lines, rejected, file) = events(
        format!(
            "{NAMES}5,,,,,,2008-01-31 00:02:04\n5,\"\",\" \",\"\",\" \",\"a\nb\",2008-01-31 00:02:04\n,7,,,,,2008-01-31\n\
             6,7,,,,,\n,,,,,,\n\n , ,,,,,\n"
        )
        .as_bytes(),
    )
    .unwrap();
    assert_eq!(lines, ["5 - - - - - 1201737724", "5 - -    a\nb 1201737724"]);
    assert_eq!((rejected.null_player_id, rejected.null_datetime), (1, 1));
    assert_eq!(file.notices(), [Notice::EmptyRows { rows: 2 }]);
    assert_eq!(file.survey().unwrap().rows, 4);
}

#[test]
fn guilds_with_fractions_are_doubles_as_a_whole() {
    let csv = format!("{NAMES}5,7,,,,,2008-01-31\n5,7.5,,,,,2008-01-31\n5,,,,,,2008-01-31\n");
    let file = check(&csv, &["5 7 - - - - 1201737600", "5 7.5 - - - - 1201737600", "5 - - - - - 1201737600"]);
    assert_eq!(file.guild_kind(), NumberKind::Float);
}

#[test]
fn what_cannot_be_read_is_counted_and_shown() {
    let rows = |times: &[&str]| {
        let rows: String = times.iter().map(|time| format!("5,7,70,Orc,Rogue,Durotar,{time}\n")).collect();
        format!("{NAMES}{rows}")
    };
    refuses(
        rows(&["2008-01-31", "soon", "soon", "later", "2008-01-31"]),
        "column `datetime` holds what is no time in 3 of 5 rows, for example 'soon', 'later'; write times as",
    );
    refuses(
        rows(&["1/31/2008 0:00", "31/1/2008 0:00"]),
        "times whose first number is no month in 1 of 2 rows, for example '31/1/2008 0:00'; the day seems to come first",
    );
    refuses(
        rows(&["2008-01-31", "1/31/2008 0:00"]),
        "times in two forms, one as '2008-01-31' is written in 1 of 2 rows, for example '1/31/2008 0:00'",
    );
    refuses(
        rows(&["2008-01-31 00:00", "2008-01-31 00:00Z"]),
        "times with an offset and times without one, as '2008-01-31 00:00' is written in 1 of 2 rows",
    );
    refuses(rows(&["2008-01-31 00:00 CET"]), "times with the name of a zone");
    refuses(
        format!("{NAMES}5.5,,,,,,2008-01-31\n"),
        "column `player_id` holds numbers that are not whole in 1 of 1",
    );
    refuses(format!("{NAMES}5,true,,,,,2008-01-31\n"), "column `guild` holds what is no number");
}

#[test]
fn lines_that_cannot_be_taken_apart_are_named() {
    let good = "5,7,70,Orc,Rogue,Durotar,2008-01-31\n";
    refuses(format!("{NAMES}{good}5,7,70\n{good}"), "line 3 has 3 fields where the first has 7");
    refuses(
        format!("{NAMES}{good}{good}").replace('\n', "\r\n") + "5,7\r\n\r\n" + good,
        "line 4 has 2 fields",
    );
    refuses(format!("{NAMES}5,7,70,Orc,Rogue,Durotar,2008-01-31,8\n"), "line 2 has 8 fields");
    refuses(format!("{NAMES}{good}5,7,70"), "it ends in the middle of a row");
    refuses(format!("{NAMES}{good}5,7,70\n"), "line 3 has 3 fields");
    refuses(format!("{NAMES}{good}\"5,7,70,Orc\n{good}"), "line 3 has a quote that is never closed");
    refuses(
        [NAMES.as_bytes(), b"5,7,70,Orc,Rogue,D\xfcsterwald,2008-01-31\n"].concat(),
        "line 2 has text that is not in UTF-8: 'D\u{fffd}sterwald'",
    );
    refuses(b"spieler,stufe,l\xe4nge\n", "line 1 is not in UTF-8");
    refuses("char;level\n5;7\n", "the columns found are `char`, `level`");
    refuses("", "it is empty");
    refuses("player_id,PLAYER_ID,guild,level,race,class,where,datetime\n", "two columns may be `player_id`");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn gzip_in_one_or_several_members_is_verified() {
    let csv = format!("{NAMES}5,7,70,Orc,Rogue,Durotar,2008-01-31\n6,7,70,Orc,Rogue,Durotar,2008-01-31\n");
    let expected = ["5 7 70 Orc Rogue Durotar 1201737600", "6 7 70 Orc Rogue Durotar 1201737600"];
    let read = |bytes: &[u8]| events(bytes).map(|(lines, ..)| lines);
    let one = gzip(csv.as_bytes());
    assert_eq!(read(&one).unwrap(), expected);
    let (before, after) = csv.as_bytes().split_at(70);
    assert_eq!(read(&[gzip(before), gzip(after)].concat()).unwrap(), expected);
    for cut in [one.len() / 2, one.len() - 4, one.len() - 1] {
        refuses(&one[..cut], "it ends too soon");
    }
    let mut flipped = one.clone();
    let place = flipped.len() - 6;
    flipped[place] ^= 1;
    refuses(&flipped, "it does not match its checksum");
    refuses(gzip(&one), "it is compressed twice by gzip");
    refuses(gzip(b"PAR1"), "it is Parquet within gzip");
    refuses(gzip(b"<!doctype html>"), "it is a web page");
}

#[test]
fn counting_can_be_cancelled_and_has_an_end() {
    let file = CsvFile::open(Bytes::from(format!("{NAMES}5,7,70,Orc,Rogue,Durotar,2008-01-31\n"))).unwrap();
    let cancelled = Gatherer::default().take(&file, &mut |_| ControlFlow::Break(()));
    assert_eq!(cancelled, Err(Error::Cancelled));
}

proptest! {
    #[test]
    fn any_texts_come_back(texts in prop::collection::vec("[a-c\",;\r\n \u{e9}]{0,6}", 3 * 40), pieces in 1..3_usize) {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let mut csv = NAMES.to_owned();
        let mut expected = Vec::new();
        for (row, texts) in texts.chunks(3).enumerate() {
            let fields: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
            csv += &format!("{row},,,{},2008-01-31\n", fields.join(","));
            expected.push(format!("{row} - - {} 1201737600", texts.join(" ")));
        }
        prop_assert_eq!(&events(csv.as_bytes()).unwrap().0, &expected);
        let packed: Vec<u8> = csv.as_bytes().chunks(csv.len() / pieces + 1).flat_map(gzip).collect();
        prop_assert_eq!(&events(&packed).unwrap().0, &expected);
    }

    #[test]
    fn any_bytes_are_read_or_are_refused(bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(&b"\",\n\r1;"[..])], 0..200)) {
        let _ = events(&bytes);
        let _ = events(&[NAMES.as_bytes(), &bytes].concat());
        let _ = events(&[&gzip(NAMES.as_bytes())[..], &bytes].concat());
    }
}

/// What becomes of rows behind the usual first line.
fn of_rows(rows: &str) -> Result<Vec<String>, String> {
    let text = format!("player_id,guild,level,race,class,where,datetime\n{rows}");
    let file = LogFile::open(Bytes::from(text)).map_err(|error| error.to_string())?;
    let mut times = Vec::new();
    let read = file.each_events(&mut Strings::default(), &mut |events| {
        times.extend(events.time_us.iter().map(|time| time.get().to_string()));
        Ok(())
    });
    read.map(|()| times).map_err(|error| error.to_string())
}

#[test]
fn a_file_that_ends_within_a_time_is_cut_short() {
    let whole = "1,,1,,,,2008-01-15 01:37:05\n2,,1,,,,2008-01-16 02:38:06";
    assert_eq!(of_rows(whole).unwrap().len(), 2);
    assert_eq!(of_rows(&format!("{whole}\n")).unwrap().len(), 2);
    for cut in 1.."2008-01-16 02:38:06".len() {
        let says = of_rows(&whole[..whole.len() - cut]).unwrap_err();
        assert!(says.contains("it ends in the middle of a row"), "{cut}: {says}");
    }
    // Times of several lengths, as Excel writes them, and one that is shorter before the end of its line.
    assert_eq!(
        of_rows("1,,1,,,,1/14/2008 18:03\n2,,1,,,,1/4/2008 9:03\n3,,1,,,,1/4/2008 9:0").unwrap().len(),
        3
    );
    assert_eq!(of_rows("1,,1,,,,2008-01-15T01:37:05\n2,,1,,,,2008-01-15T01:37\n").unwrap().len(), 2);
}

#[test]
fn a_row_that_never_ends_is_told_as_what_it_is() {
    let long = "x".repeat(2 << 20);
    for field in [long.clone(), format!("\"{long}\"")] {
        let says = of_rows(&format!("1,,1,{field},,,2008-01-15\n")).unwrap_err();
        assert_eq!(says, "line 2 has more than 1 MB, as where a quote is not closed; mend the file");
    }
}

#[test]
fn separators_that_are_none_are_told() {
    let file =
        Bytes::from_static(b"player_id|guild|level|race|class|where|datetime\n1|2|3|a|b|c|2008-01-01\n");
    let says = LogFile::open(file).unwrap_err().to_string();
    assert_eq!(
        says,
        "line 1 has no comma, semicolon or tab, one of which must stand between the names of columns"
    );
}

#[test]
fn a_file_without_rows_is_known_as_such_before_it_is_read() {
    let rows =
        |text: &'static str| LogFile::open(Bytes::from_static(text.as_bytes())).unwrap().reading().rows;
    assert_eq!(rows("char,guild,level,race,class,where,datetime"), Some(0));
    assert_eq!(rows("char,guild,level,race,class,where,datetime\r\n\r\n"), Some(0));
    assert_eq!(rows("char,guild,level,race,class,where,datetime\n1,2,3,a,b,c,2008-01-01"), None);
}
