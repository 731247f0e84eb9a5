//! The rule held against what people decided: how many of the marked bots it finds, and how many of those that it flags are bots.

use wow_charts::format;
use wow_engine::Params;
use wow_engine::pipeline::PlayerTable;

use super::{Answer, Marks};
use crate::share::percent;

/// How the rule and the marks agree, in players. Those that are unsure are in none of the first four.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Marked as bots, and flagged.
    pub bots_flagged: u64,
    /// Marked as bots, and not flagged.
    pub bots_missed: u64,
    /// Marked as no bots, and flagged.
    pub others_flagged: u64,
    /// Marked as no bots, and not flagged.
    pub others_spared: u64,
    /// Marked as unsure.
    pub unsure: u64,
    /// Marked, but not among the players at hand.
    pub absent: u64,
}

impl Agreement {
    /// Holds the rule with these limits against the marks.
    #[must_use]
    pub fn new(marks: &Marks, players: &PlayerTable, params: &Params) -> Self {
        let mut agreement = Self::default();
        for (player_id, mark) in marks.iter() {
            let is_flagged = players.find(player_id).map(|index| players.verdict(index, params).is_bot());
            let count = match (mark.answer, is_flagged) {
                (_, None) => &mut agreement.absent,
                (Answer::Unsure, _) => &mut agreement.unsure,
                (Answer::Bot, Some(true)) => &mut agreement.bots_flagged,
                (Answer::Bot, Some(false)) => &mut agreement.bots_missed,
                (Answer::NotBot, Some(true)) => &mut agreement.others_flagged,
                (Answer::NotBot, Some(false)) => &mut agreement.others_spared,
            };
            *count += 1;
        }
        agreement
    }

    /// Marked as bots.
    #[must_use]
    pub const fn bots(&self) -> u64 {
        self.bots_flagged + self.bots_missed
    }

    /// Marked as no bots.
    #[must_use]
    pub const fn others(&self) -> u64 {
        self.others_flagged + self.others_spared
    }

    /// Flagged, of those that are marked as one or the other.
    #[must_use]
    pub const fn flagged(&self) -> u64 {
        self.bots_flagged + self.others_flagged
    }

    /// The share of marked bots among the marked players that the rule flags; a dash where it flags none.
    #[must_use]
    pub fn precision(&self) -> String {
        percent(self.bots_flagged, self.flagged())
    }

    /// The share of the marked bots that the rule flags; a dash where none is marked.
    #[must_use]
    pub fn recall(&self) -> String {
        percent(self.bots_flagged, self.bots())
    }

    /// What precision is, with what it is of.
    #[must_use]
    pub fn precision_say(&self) -> String {
        match self.flagged() {
            0 => "The rule flags none of the marked players.".to_owned(),
            flagged => format!(
                "{} of {} that the rule flags {} marked as {}",
                format::count(self.bots_flagged),
                format::counted(flagged, "marked player"),
                if self.bots_flagged == 1 { "is" } else { "are" },
                if self.bots_flagged == 1 { "a bot." } else { "bots." },
            ),
        }
    }

    /// What recall is, with what it is of.
    #[must_use]
    pub fn recall_say(&self) -> String {
        match self.bots() {
            0 => "No player is marked as a bot.".to_owned(),
            bots => format!(
                "The rule flags {} of {}.",
                format::count(self.bots_flagged),
                format::counted(bots, "marked bot")
            ),
        }
    }

    /// All of it, where nothing but sentences is wanted.
    #[must_use]
    pub fn say(&self) -> String {
        let (precision, recall) = (self.precision(), self.recall());
        format!(
            "Precision of the rule {precision}: {} Recall {recall}: {} {}",
            self.precision_say(),
            self.recall_say(),
            self.scope_say()
        )
    }

    /// What is counted, and what is left out.
    #[must_use]
    pub fn scope_say(&self) -> String {
        let decided = self.bots() + self.others();
        let all = decided + self.unsure;
        let marked = format::counted(all, "marked player");
        let mut say = match (all, self.unsure) {
            (0, _) => "None of the players here is marked.".to_owned(),
            (_, 0) => format!("Of {marked}."),
            (_, unsure) => format!(
                "Of {marked}, {} left out as unsure.",
                if unsure == 1 {
                    "one of them".to_owned()
                } else {
                    format!("{} of them", format::count(unsure))
                },
            ),
        };
        if decided > 0 && self.bots_missed + self.others_spared == 0 {
            // Whom the rule misses cannot be among them.
            say += " All of them are flagged, so recall tells nothing yet: mark some that are not.";
        }
        if self.absent > 0 {
            say += &match self.absent {
                1 => " One more mark is of a player that is not in what is shown.".to_owned(),
                more => {
                    format!(
                        " {} more marks are of players that are not in what is shown.",
                        format::count(more)
                    )
                }
            };
        }
        say
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::mark;
    use super::*;
    use crate::sample::{PLAYERS, report};

    #[test]
    fn precision_and_recall_are_those_of_a_count_by_hand() {
        let report = report(&PLAYERS);
        // The rule flags 3, 5 and the last; it spares -7 and 8.
        let marks = Marks::from_iter([
            (3, mark(Answer::Bot, "", 0)),
            (5, mark(Answer::NotBot, "", 0)),
            (8, mark(Answer::Bot, "", 0)),
            (-7, mark(Answer::Unsure, "", 0)),
            (i64::MAX, mark(Answer::Bot, "", 0)),
            (99, mark(Answer::Bot, "", 0)),
        ]);
        let agreement = Agreement::new(&marks, &report.players, &Params::default());
        let expected = Agreement {
            bots_flagged: 2,
            bots_missed: 1,
            others_flagged: 1,
            others_spared: 0,
            unsure: 1,
            absent: 1,
        };
        assert_eq!(agreement, expected);
        assert_eq!((agreement.precision(), agreement.recall()), ("66.7 %".to_owned(), "66.7 %".to_owned()));
        assert_eq!(
            agreement.precision_say(),
            "2 of 3 marked players that the rule flags are marked as bots."
        );
        assert_eq!(agreement.recall_say(), "The rule flags 2 of 3 marked bots.");
        assert_eq!(
            agreement.scope_say(),
            "Of 5 marked players, one of them left out as unsure. One more mark is of a player that is not in what \
             is shown."
        );
        // Nobody is above the limit of a year.
        let lax = Params {
            bot_max_session_minutes: wow_engine::time::Minutes::of(525_600),
            bot_avg_session_minutes: wow_engine::time::Minutes::of(525_600),
            ..Params::default()
        };
        let agreement = Agreement::new(&marks, &report.players, &lax);
        assert_eq!((agreement.precision(), agreement.recall()), ("–".to_owned(), "0 %".to_owned()));
        assert_eq!(agreement.precision_say(), "The rule flags none of the marked players.");
    }

    #[test]
    fn a_recall_of_flagged_players_alone_is_told_as_such() {
        let report = report(&PLAYERS);
        let mut marks = Marks::from_iter([(3, mark(Answer::Bot, "", 0)), (5, mark(Answer::NotBot, "", 0))]);
        let say = |marks: &Marks| Agreement::new(marks, &report.players, &Params::default()).scope_say();
        assert_eq!(
            say(&marks),
            "Of 2 marked players. All of them are flagged, so recall tells nothing yet: mark some that are not."
        );
        marks.set(8, mark(Answer::NotBot, "", 0));
        assert_eq!(say(&marks), "Of 3 marked players.");
    }

    #[test]
    fn without_marks_there_is_nothing_to_hold_the_rule_against() {
        let report = report(&PLAYERS);
        let agreement = Agreement::new(&Marks::default(), &report.players, &Params::default());
        assert_eq!(agreement, Agreement::default());
        assert_eq!((agreement.precision(), agreement.recall()), ("–".to_owned(), "–".to_owned()));
        assert_eq!(agreement.scope_say(), "None of the players here is marked.");
    }
}
