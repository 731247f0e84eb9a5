//! What a person decided about players: a bot, not a bot, or unsure, with a note. A mark is of a player of a log, not of
//! an export: it stays when the log is exported anew, and when limits or filters are others.

mod agreement;
mod exchange;
mod log;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wow_charts::format;
use wow_engine::pipeline::PlayerTable;
use wow_engine::time::Micros;

pub use self::agreement::Agreement;
pub use self::exchange::{MOST_BYTES, from_csv, to_csv};
pub use self::log::log_of;
use crate::csv::Field;
use crate::players::Rows;
use crate::time;

/// A note has at most so many characters.
pub const MOST_NOTE_CHARACTERS: usize = 1_000;
/// The names of the columns that a file has of marks.
const COLUMNS: [&str; 2] = ["mark", "note"];

/// What is said where nobody is marked.
pub const NONE_YET: &str = "No player is marked yet. Open a player and mark it as a bot, not a bot or unsure: then this says how \
                            many of the marked bots the rule finds. Marks stay on this machine; an export takes them elsewhere.";
/// What is said where the browser keeps no marks.
pub const NOT_KEPT: &str = "This browser keeps no marks here, as in a private window or without room on the disk: they last \
                            until the page is closed. Export them on the page Bots to keep them.";
/// What is said of a file that has more than marks.
pub const TOO_LARGE: &str =
    "The file is larger than 64 MB, so it is not one of marks; choose the one that was exported here.";
/// What is said of a file that the browser cannot read.
pub const UNREADABLE: &str =
    "The browser cannot read the file; look whether it is still there, and choose it again.";

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// It is a bot.
    Bot,
    /// It is none.
    NotBot,
    /// It was looked at, and nobody can tell.
    Unsure,
}

impl Answer {
    /// All, in the order of the buttons.
    pub const ALL: [Self; 3] = [Self::Bot, Self::NotBot, Self::Unsure];

    /// Its words, on the page and in a file.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::NotBot => "not a bot",
            Self::Unsure => "unsure",
        }
    }

    /// Its name in the address and in the page's markup.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::NotBot => "not-bot",
            Self::Unsure => "unsure",
        }
    }
}

/// A decision about a player.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// What was decided.
    pub answer: Answer,
    /// Why, in the words of whoever did; may be empty.
    pub note: String,
    /// When, in UTC.
    pub marked_us: Micros,
}

/// The marks of a log's players.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    by_player: BTreeMap<i64, Mark>,
}

impl Marks {
    /// A player's mark.
    #[must_use]
    pub fn get(&self, player_id: i64) -> Option<&Mark> {
        self.by_player.get(&player_id)
    }

    /// Marks a player, in place of the mark before.
    pub fn set(&mut self, player_id: i64, mark: Mark) {
        self.by_player.insert(player_id, mark);
    }

    /// Takes a player's mark away.
    pub fn remove(&mut self, player_id: i64) {
        self.by_player.remove(&player_id);
    }

    /// The marks by player, in order of id.
    pub fn iter(&self) -> impl Iterator<Item = (i64, &Mark)> {
        self.by_player.iter().map(|(&player_id, mark)| (player_id, mark))
    }

    /// How many players are marked.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_player.len()
    }

    /// Whether no player is marked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_player.is_empty()
    }

    /// How many players have this mark.
    #[must_use]
    pub fn count(&self, answer: Answer) -> u64 {
        self.by_player.values().filter(|mark| mark.answer == answer).count() as u64
    }

    /// Those of `others` that this lacks, or that were made later than the one here: what an import takes over, so that an
    /// old file takes nothing away.
    #[must_use]
    pub fn newer(&self, others: &Self) -> Self {
        let is_newer = |(player_id, mark): &(i64, &Mark)| {
            self.get(*player_id).is_none_or(|here| here.marked_us < mark.marked_us)
        };
        let newer = others.iter().filter(is_newer).map(|(player_id, mark)| (player_id, mark.clone()));
        newer.collect()
    }

    /// A player's mark and note in words; empty where it has none.
    #[must_use]
    pub fn words(&self, player_id: i64) -> String {
        match self.cells(player_id) {
            [mark, ""] => mark.to_owned(),
            [mark, note] => format!("{mark} · {note}"),
        }
    }

    fn cells(&self, player_id: i64) -> [&str; 2] {
        self.get(player_id).map_or(["", ""], |mark| [mark.answer.words(), mark.note.trim()])
    }

    /// The names of the columns that a file has of marks: none where nobody is marked.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static str> {
        COLUMNS.into_iter().take(if self.is_empty() { 0 } else { COLUMNS.len() })
    }

    /// A player's fields in these columns.
    pub(crate) fn fields(&self, player_id: i64) -> impl Iterator<Item = Field<'_>> {
        self.columns().zip(self.cells(player_id)).map(|(_, cell)| Field::Text(cell))
    }
}

impl FromIterator<(i64, Mark)> for Marks {
    fn from_iter<T: IntoIterator<Item = (i64, Mark)>>(marks: T) -> Self {
        Self { by_player: marks.into_iter().collect() }
    }
}

impl Extend<(i64, Mark)> for Marks {
    fn extend<T: IntoIterator<Item = (i64, Mark)>>(&mut self, marks: T) {
        self.by_player.extend(marks);
    }
}

impl IntoIterator for Marks {
    type Item = (i64, Mark);
    type IntoIter = std::collections::btree_map::IntoIter<i64, Mark>;

    fn into_iter(self) -> Self::IntoIter {
        self.by_player.into_iter()
    }
}

/// Which players a table shows by their marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marked {
    /// Those that have any mark.
    Yes,
    /// Those that have none.
    No,
    /// Those that have this one.
    As(Answer),
}

impl Marked {
    /// All, in the order of the list.
    pub const ALL: [Self; 5] =
        [Self::Yes, Self::As(Answer::Bot), Self::As(Answer::NotBot), Self::As(Answer::Unsure), Self::No];

    /// Its name in the address.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::As(answer) => answer.key(),
        }
    }

    /// Its words in the list.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Yes => "any mark",
            Self::No => "unmarked",
            Self::As(answer) => answer.words(),
        }
    }

    /// The inverse of [`Self::key`].
    #[must_use]
    pub fn named(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|marked| marked.key() == key)
    }

    /// Whether a player with this mark is shown.
    #[must_use]
    pub fn shows(self, mark: Option<&Mark>) -> bool {
        match self {
            Self::Yes => mark.is_some(),
            Self::No => mark.is_none(),
            Self::As(answer) => mark.is_some_and(|mark| mark.answer == answer),
        }
    }
}

/// Those of these players, as places in the table, that are marked so; all without a wish.
#[must_use]
pub fn only(mut rows: Rows, marked: Option<Marked>, marks: &Marks, players: &PlayerTable) -> Rows {
    let Some(marked) = marked else { return rows };
    rows.players.retain(|&player| {
        let player_id = players.player_id.get(player as usize);
        player_id.is_some_and(|&player_id| marked.shows(marks.get(player_id)))
    });
    rows.events = rows.players.iter().filter_map(|&player| players.events.get(player as usize)).sum();
    rows
}

/// How many players are marked as what, in words; nothing where none is.
#[must_use]
pub fn counts_say(marks: &Marks) -> Option<String> {
    let words = |answer: Answer| (marks.count(answer) > 0).then(|| counted(marks.count(answer), answer));
    let counts: Vec<String> = Answer::ALL.into_iter().filter_map(words).collect();
    let players = format::counted(marks.len() as u64, "player");
    (!marks.is_empty()).then(|| format!("{players} marked: {}.", counts.join(", ")))
}

/// What a player is marked as and when; an invitation where it is not.
#[must_use]
pub fn marked_say(mark: Option<&Mark>) -> String {
    match mark {
        None => "Not marked. Marks are yours: no number here follows from them.".to_owned(),
        Some(mark) => {
            format!("Marked as {}, {} UTC.", counted_one(mark.answer), time::minute(mark.marked_us))
        }
    }
}

const fn counted_one(answer: Answer) -> &'static str {
    match answer {
        Answer::Bot => "a bot",
        Answer::NotBot => "not a bot",
        Answer::Unsure => "unsure",
    }
}

/// What came of an import of `all` marks of which `taken` were taken over.
#[must_use]
pub fn imported_say(taken: usize, all: usize) -> String {
    let (taken, kept) = (taken as u64, all.saturating_sub(taken) as u64);
    let rest = match kept {
        0 => String::new(),
        kept => format!(
            " {} the same or newer here and stayed.",
            match kept {
                1 => "One was".to_owned(),
                kept => format!("{} were", format::count(kept)),
            }
        ),
    };
    match all {
        0 => "The file has no marks.".to_owned(),
        _ => format!("{} imported.{rest}", format::counted(taken, "mark")),
    }
}

fn counted(count: u64, answer: Answer) -> String {
    let words = match (answer, count) {
        (Answer::Bot, 2..) => "bots",
        (Answer::NotBot, 2..) => "not bots",
        (answer, _) => counted_one(answer),
    };
    format!("{} {words}", format::count(count))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::filter::BotChoice;
    use crate::players::{self, Selection};
    use crate::sample::{PLAYERS, report};
    use wow_engine::Params;

    /// A mark made so many seconds after 1970.
    pub(crate) fn mark(answer: Answer, note: &str, seconds: i64) -> Mark {
        Mark { answer, note: note.to_owned(), marked_us: Micros::new(seconds * 1_000_000).unwrap() }
    }

    #[test]
    fn an_import_takes_over_what_is_new_or_newer_and_nothing_else() {
        let here = Marks::from_iter([(1, mark(Answer::Bot, "", 10)), (2, mark(Answer::Unsure, "", 10))]);
        let file = Marks::from_iter([
            (1, mark(Answer::NotBot, "older", 9)),
            (2, mark(Answer::NotBot, "newer", 11)),
            (3, mark(Answer::Bot, "", 1)),
        ]);
        let taken = here.newer(&file);
        assert_eq!(taken.iter().map(|(id, _)| id).collect::<Vec<_>>(), [2, 3]);
        assert!(file.newer(&file).is_empty(), "the same file a second time changes nothing");
    }

    #[test]
    fn players_are_chosen_by_their_marks_in_the_order_of_the_table() {
        let report = report(&PLAYERS);
        let marks = Marks::from_iter([
            (3, mark(Answer::Bot, "", 0)),
            (8, mark(Answer::NotBot, "", 0)),
            (-7, mark(Answer::Unsure, "", 0)),
            (99, mark(Answer::Bot, "not in these data", 0)),
        ]);
        let shown = |query: &str| {
            let mut selection = Selection::default();
            for (key, value) in form_urlencoded::parse(query.as_bytes()) {
                selection.take(&key, &value);
            }
            let rows = players::rows(&report, &Params::default(), BotChoice::In, &selection);
            let rows = only(rows, selection.marked, &marks, &report.players);
            let ids = rows.players.iter().map(|&player| report.players.player_id[player as usize]);
            (ids.collect::<Vec<_>>(), rows.events)
        };
        assert_eq!(shown("marked=yes"), (vec![-7, 3, 8], 150));
        assert_eq!(shown("marked=yes&sort=-total_events").0, [3, 8, -7]);
        assert_eq!(shown("marked=bot"), (vec![3], 100));
        assert_eq!(shown("marked=not-bot").0, [8]);
        assert_eq!(shown("marked=unsure").0, [-7]);
        assert_eq!(shown("marked=no").0, [5, i64::MAX]);
        assert_eq!(shown("marked=perhaps").0.len(), 5, "what is not understood is left out");
    }

    #[test]
    fn counts_are_in_words() {
        assert_eq!(counts_say(&Marks::default()), None);
        let mut marks = Marks::from_iter([(1, mark(Answer::Bot, "", 0))]);
        assert_eq!(counts_say(&marks).unwrap(), "1 player marked: 1 a bot.");
        marks.extend([(2, mark(Answer::NotBot, "", 0)), (3, mark(Answer::NotBot, "", 0))]);
        marks.extend([(4, mark(Answer::Unsure, "", 0)), (5, mark(Answer::Bot, "", 0))]);
        assert_eq!(counts_say(&marks).unwrap(), "5 players marked: 2 bots, 2 not bots, 1 unsure.");
        assert_eq!(imported_say(0, 0), "The file has no marks.");
        assert_eq!(imported_say(1, 1), "1 mark imported.");
        assert_eq!(imported_say(12, 13), "12 marks imported. One was the same or newer here and stayed.");
        assert_eq!(marked_say(marks.get(4)), "Marked as unsure, 1 Jan 1970 00:00 UTC.");
        marks.remove(4);
        assert_eq!(marks.cells(4), ["", ""]);
        assert_eq!(marks.words(2), "not a bot");
        assert_eq!(Marks::from_iter([(7, mark(Answer::Bot, "20 h a day", 0))]).words(7), "bot · 20 h a day");
    }
}
