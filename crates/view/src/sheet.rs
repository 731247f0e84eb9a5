//! Tables to take along: what is asked of whoever makes the file, which is a worker, for a large one takes a while.

use serde::{Deserialize, Serialize};
use wow_engine::Params;
use wow_engine::pipeline::{Report, Session};
use wow_engine::write::Note;

use super::choice::Choice;
use super::columns::{self, Column, Source};
use super::marks::{self, Marks};
use super::players::{self, Format, Rows};
use super::{bots, compare, csv, models, parquet, player};

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Sheet {
    /// The players that the table of all players shows, as it sorts them, with its columns.
    Players(Format),
    /// The flagged players, as their table sorts them.
    Flagged(Format),
    /// The players whose verdict differs from those before, when these were flagged.
    WhoChanges {
        /// In order.
        flagged_before: Vec<i64>,
    },
    /// The listed players that differ in two reports; the names of both.
    Differing([String; 2]),
    /// A player's sessions, as their table sorts them.
    Sessions {
        /// The player.
        player_id: i64,
        /// The sessions in time order.
        sessions: Vec<Session>,
    },
    /// A model with a row per player, in order of id.
    Model(PlayerModel, Format),
}

/// A model with a row per player.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlayerModel {
    /// `player_session_stats`: all players.
    SessionStats,
    /// `stg_players`: those that are not flagged.
    Players,
}

/// Makes the file of a table: as the choice has it, with all parameters in it, from one report, or from two where two are
/// compared. `notes` say where it comes from, in a format that can tell it.
///
/// # Errors
/// In a sentence, when there is more than the format can hold, or a report is missing.
pub fn write(
    sheet: &Sheet,
    choice: &Choice,
    reports: &[Report],
    marks: &Marks,
    notes: &[Note],
) -> Result<Vec<u8>, String> {
    let report = || reports.first().ok_or("the report is missing".to_owned());
    let params = &choice.params.over(&Params::default());
    match sheet {
        Sheet::Players(format) => {
            let report = report()?;
            let rows = players::rows(report, params, choice.bots, &choice.players);
            let rows = marks::only(rows, choice.players.marked, marks, &report.players);
            let columns = &choice.players.shown_columns();
            table(*format, Source { report, params }, columns, &rows.players, (marks, notes))
        }
        Sheet::Flagged(format) => {
            let report = report()?;
            let judged = report.judged();
            let flagged = bots::Line::new(judged, choice.flagged).shown(judged, params, choice.bots);
            let flagged = Rows { players: flagged, events: 0 };
            let flagged = marks::only(flagged, choice.players.marked, marks, judged).players;
            match format {
                Format::Csv => Ok(bots::flagged_csv(judged, params, &flagged, marks)),
                Format::Parquet => {
                    bots::flagged_parquet(judged, params, &flagged, notes).map_err(|error| error.to_string())
                }
            }
        }
        Sheet::WhoChanges { flagged_before } => {
            let judged = report()?.judged();
            let changes = bots::who_changes(judged, params, flagged_before);
            Ok(bots::who_changes_csv(judged, &changes))
        }
        Sheet::Differing([here, there]) => {
            let [a, b] = reports else { return Err("a report is missing".to_owned()) };
            let listed = choice.differing.players(&compare::changes(a, b, params), a, b, params);
            Ok(compare::changes_csv(&listed, a, b, params, [here, there]))
        }
        Sheet::Sessions { player_id, sessions } => {
            let places = choice.sessions.places(sessions);
            Ok(player::sessions_csv(*player_id, sessions, &places, params))
        }
        Sheet::Model(model, format) => {
            let report = report()?;
            let players = model.players(report, params);
            let source = Source { report, params };
            table(*format, source, &model.columns(), &players, (&Marks::default(), notes))
        }
    }
}

/// These columns of these players as a file, with the names and values of SQL, and in CSV what they are marked as where any is.
fn table(
    format: Format,
    source: Source<'_>,
    columns: &[&'static Column],
    players: &[u32],
    (marks, notes): (&Marks, &[Note]),
) -> Result<Vec<u8>, String> {
    match format {
        Format::Parquet => parquet::write(source, columns, players, notes).map_err(|error| error.to_string()),
        Format::Csv => {
            let head: Vec<&str> = columns.iter().map(|column| column.name).chain(marks.columns()).collect();
            let fields = |&player: &u32| {
                let fields = columns.iter().map(move |column| column.field(source, player as usize));
                let player_id = source.report.players.player_id.get(player as usize);
                fields.chain(player_id.into_iter().flat_map(|&id| marks.fields(id))).collect::<Vec<_>>()
            };
            Ok(csv::write(&head, players.iter().map(fields)))
        }
    }
}

impl PlayerModel {
    /// Both.
    pub const ALL: [Self; 2] = [Self::SessionStats, Self::Players];

    /// Its name in SQL.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SessionStats => "player_session_stats",
            Self::Players => "stg_players",
        }
    }

    /// Its columns, in the model's order.
    fn columns(self) -> Vec<&'static Column> {
        let model = models::MODELS.iter().find(|model| model.name == self.name());
        let names = model.map_or(&[][..], |model| model.columns).iter();
        names.filter_map(|column| columns::find(column.name)).collect()
    }

    /// Its players, as places in the report.
    fn players(self, report: &Report, params: &Params) -> Vec<u32> {
        let is_in = |player: &u32| match self {
            Self::SessionStats => true,
            Self::Players => !report.verdict(*player as usize, params).is_bot(),
        };
        (0..).take(report.players.len()).filter(is_in).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::Answer;
    use crate::sample::{PLAYERS, report};

    fn csv(sheet: &Sheet, query: &str, reports: &[Report]) -> Vec<String> {
        let bytes = write(sheet, &Choice::from_query(query), reports, &marks(), &[]).unwrap();
        String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
    }

    /// Nobody is marked.
    fn marks() -> Marks {
        Marks::default()
    }

    #[test]
    fn tables_have_the_marks_of_their_players_and_only_those_that_are_marked_so() {
        let reports = [report(&PLAYERS)];
        let mark = |answer, note| marks::tests::mark(answer, note, 0);
        let marks = Marks::from_iter([
            (3, mark(Answer::Bot, "=1+1")),
            (5, mark(Answer::NotBot, "a friend")),
            (8, mark(Answer::Unsure, "")),
        ]);
        let lines = |sheet: &Sheet, query: &str| -> Vec<String> {
            let bytes = write(sheet, &Choice::from_query(query), &reports, &marks, &[]).unwrap();
            String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
        };
        let players = Sheet::Players(Format::Csv);
        assert_eq!(
            lines(&players, "columns=player_id,class&marked=yes"),
            [
                "player_id,class,mark,note",
                "3,Shaman,bot,'=1+1",
                "5,Mage,not a bot,a friend",
                "8,Mage,unsure,"
            ]
        );
        assert_eq!(
            lines(&players, "columns=player_id,class&marked=no")[1..],
            ["-7,Shaman,,", "9223372036854775807,Mage,,"]
        );
        let flagged = lines(&Sheet::Flagged(Format::Csv), "flagged=player&marked=not-bot");
        assert!(
            flagged[0].ends_with(",mark,note") && flagged[1].ends_with(",not a bot,a friend"),
            "{flagged:?}"
        );
        assert_eq!(flagged.len(), 2);
        assert_eq!(lines(&Sheet::Flagged(Format::Csv), "").len(), 4);
    }

    #[test]
    fn models_have_the_columns_of_their_sql_in_its_order() {
        for model in PlayerModel::ALL {
            let described = models::MODELS.iter().find(|described| described.name == model.name()).unwrap();
            let names: Vec<&str> = described.columns.iter().map(|column| column.name).collect();
            assert_eq!(model.columns().iter().map(|column| column.name).collect::<Vec<_>>(), names);
        }
    }

    #[test]
    fn a_table_has_the_rows_that_were_chosen() {
        let reports = [report(&PLAYERS)];
        let ids = |sheet: &Sheet, query: &str| {
            let lines = csv(sheet, query, &reports);
            lines[1..].iter().map(|line| line.split(',').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let largest = i64::MAX.to_string();
        let players = Sheet::Players(Format::Csv);
        assert_eq!(ids(&players, "sort=-total_events&bots=only"), [&largest, "3", "5"]);
        assert_eq!(ids(&Sheet::Flagged(Format::Csv), "flagged=player"), ["3", "5", &largest]);
        assert!(ids(&Sheet::Flagged(Format::Csv), "bots=out").is_empty());
        assert_eq!(ids(&Sheet::Model(PlayerModel::SessionStats, Format::Csv), "bots=out").len(), 5);
        assert_eq!(ids(&Sheet::Model(PlayerModel::Players, Format::Csv), ""), ["-7", "8"]);
        assert_eq!(ids(&Sheet::Model(PlayerModel::Players, Format::Csv), "longest=400"), ["8"]);
        assert!(write(&players, &Choice::default(), &[], &marks(), &[]).is_err());
    }

    #[test]
    fn two_reports_are_compared_as_they_are_listed() {
        let reports = [report(&PLAYERS), report(&PLAYERS[..2])];
        let names = ["dev".to_owned(), "prod".to_owned()];
        let lines = csv(&Sheet::Differing(names.clone()), "differing=only-here", &reports);
        assert_eq!(lines.len(), 4);
        assert!(lines[0].contains("dev_rule") && lines[0].contains("prod_rule"));
        assert!(write(&Sheet::Differing(names), &Choice::default(), &reports[..1], &marks(), &[]).is_err());
    }
}
