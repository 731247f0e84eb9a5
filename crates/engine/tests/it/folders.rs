//! Columns that the names of folders give: as if they were in the file, in whatever format.

use std::ops::ControlFlow;

use bytes::Bytes;
use wow_engine::contract::{Column, Partition};
use wow_engine::pipeline::{Dictionary, Strings};
use wow_engine::read::{EventFile, Log as _, LogFile, player_history, scan};
use wow_engine::schema::{NumberKind, key_to_float};
use wow_engine::{Error, Params, Query};

use crate::log::told;
use crate::made::{file, plain, rows};

const CSV: &str = "player_id,guild,level,race,class,where,datetime\n\
    8,3,10,Orc,Rogue,Durotar,2008-01-31 00:02:04\n\
    7,,11,,Mage,\"\",2008-01-31 00:02:05\n\
    ,4,12,Troll,,Durotar,\n";

fn open(bytes: &[u8], path: &str) -> Result<LogFile, Error> {
    LogFile::open_in(Bytes::copy_from_slice(bytes), &Partition::of_path(path))
}

/// All rows, the values of each as text.
fn read(file: &LogFile) -> Result<Vec<[String; 7]>, Error> {
    // A first pass of CSV finds out how its guild numbers are stored.
    file.each_rows(&mut Strings::default(), &mut |_, _| Ok(()))?;
    let is_float = file.guild_kind() == NumberKind::Float;
    let mut read = Vec::new();
    file.each_rows(&mut Strings::default(), &mut |rows, strings| {
        let number = |number: Option<i64>| number.map_or("-".to_owned(), |number| number.to_string());
        let guild = |key: Option<i64>| match key {
            Some(key) if is_float => key_to_float(key).to_string(),
            key => number(key),
        };
        let text = |dictionary: &Dictionary, code: Option<u32>| {
            dictionary.get(code.unwrap()).unwrap_or("-").to_owned()
        };
        let events = rows.events;
        for row in 0..events.len() {
            let has_time = rows.has_time.get(row).copied().unwrap_or(true);
            read.push([
                number(rows.player_id.get(row).unwrap()),
                guild(events.guild.get(row).unwrap()),
                number(events.level.get(row).unwrap()),
                text(&strings.race, events.race.get(row)),
                text(&strings.class, events.class.get(row)),
                text(&strings.zone, events.zone.get(row)),
                number(has_time.then(|| events.time_us[row].get() / 1_000_000)),
            ]);
        }
        Ok(())
    })?;
    Ok(read)
}

#[test]
fn a_column_of_a_folder_is_that_of_all_rows_and_no_other_changes() {
    let parquet = file(&rows(), &plain());
    for (format, bytes) in [("Parquet", parquet.as_slice()), ("CSV", CSV.as_bytes())] {
        let of_file = read(&open(bytes, "log").unwrap()).unwrap();
        for (folder, column, value) in [
            ("player_id=9223372036854775807", Column::PlayerId, "9223372036854775807"),
            ("CHAR=-5", Column::PlayerId, "-"),
            ("player_id=__HIVE_DEFAULT_PARTITION__", Column::PlayerId, "-"),
            ("guild=-1", Column::Guild, "-1"),
            ("guild=", Column::Guild, "-"),
            ("level=080.0", Column::Level, "80"),
            ("Race=Blood%20Elf", Column::Race, "Blood Elf"),
            ("class=__HIVE_DEFAULT_PARTITION__", Column::Class, "-"),
            ("class=", Column::Class, ""),
            ("where=Dalaran競技場", Column::Zone, "Dalaran競技場"),
            ("datetime=2008-01-31 00%3A00%3A01", Column::Datetime, "1201737601"),
            ("datetime=2008-01-31T02:00:01%2B02:00", Column::Datetime, "1201737601"),
            ("datetime=__HIVE_DEFAULT_PARTITION__", Column::Datetime, "-"),
        ] {
            let file = open(bytes, &format!("logs/{folder}/part-0")).unwrap();
            let mut expected = of_file.clone();
            // The own name of a column in the file wins over another name of it.
            if !folder.starts_with("CHAR") {
                expected.iter_mut().for_each(|row| value.clone_into(&mut row[column as usize]));
            }
            assert_eq!(read(&file).unwrap(), expected, "{format} {folder}");
            let says_utc = file.notices().contains(&wow_engine::contract::Notice::Utc);
            assert_eq!(says_utc, folder.contains("%2B"), "{folder}");
        }
    }
}

#[test]
fn guilds_of_a_folder_may_have_fractions() {
    for bytes in [file(&rows(), &plain()), CSV.as_bytes().to_vec()] {
        let file = open(&bytes, "guild=1.5/log").unwrap();
        assert!(read(&file).unwrap().iter().all(|row| row[1] == "1.5"));
        assert_eq!(file.guild_kind(), NumberKind::Float);
    }
}

#[test]
fn a_folder_has_what_the_file_lacks() {
    let lacks = CSV.replace(",race", ",folk").replace("player_id", "who");
    assert!(open(lacks.as_bytes(), "log.csv").is_err());
    let file = open(lacks.as_bytes(), "char=5/race=Orc/log.csv").unwrap();
    assert_eq!(
        (file.columns().found(Column::PlayerId), file.columns().found(Column::Race)),
        ("char=", "race=")
    );
    assert_eq!(file.columns().ignored().collect::<Vec<_>>(), ["who", "folk"]);
    let read = read(&file).unwrap();
    assert!(read.iter().all(|row| row[0] == "5" && row[3] == "Orc"), "{read:?}");
}

/// Players are asked for before all else, and the footer tells of them.
#[test]
fn ordered_parquet_of_a_player_is_scanned() {
    let bytes = file(&rows(), &plain());
    let partition = Partition::of_path("player_id=7/log.parquet");
    let opened = EventFile::open_in(Bytes::from(bytes), &partition).unwrap();
    for group in 0..opened.row_groups() {
        assert_eq!(opened.row_group(group).players, Some((7, 7)));
    }
    let go_on = &mut |_| ControlFlow::Continue(());
    let report = scan(&opened, None, Params::default(), go_on).unwrap().finish();
    assert_eq!((report.players.len(), report.rows), (1, 700), "{}", told(&report));
    let query = Query::from(Params::default());
    assert!(!player_history(&opened, None, &query, 7).unwrap().sessions.is_empty());
    assert!(player_history(&opened, None, &query, 8).unwrap().sessions.is_empty());
}

#[test]
fn values_that_a_column_cannot_hold_are_refused() {
    for bytes in [file(&rows(), &plain()), CSV.as_bytes().to_vec()] {
        let says = |folder: &str| open(&bytes, &format!("{folder}/log")).unwrap_err().to_string();
        assert!(
            says("player_id=Thrall")
                .contains("column `player_id=` holds what is no number, for example 'Thrall'")
        );
        assert!(says("level=1.5").contains("column `level=` holds numbers that are not whole"));
        assert!(says("guild=true").contains("column `guild=` holds what is no number"));
        assert!(
            says("datetime=31%2F01%2F2008")
                .contains("column `datetime=` holds times whose first number is no month")
        );
        assert!(says("race=Orc/RACE=Troll").contains("two columns may be `race`: `race=` and `RACE=`"));
        assert!(says("where=%e9").contains("column `where=` holds text that is not UTF-8"));
    }
}
