//! What the address and the browser's history are told of a choice.

use wow_engine::Filter;
use wow_engine::manifest::Environment;

use super::choice::{Choice, Page};
use super::filter::BotChoice;

/// Why what is chosen is what it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Cause {
    /// The page was opened at an address.
    Opened,
    /// The user chose it on the page.
    #[default]
    Chosen,
    /// The user went back or forward to another entry of the history.
    Travelled,
}

/// What Back leads to: whoever goes elsewhere, or has other events counted, expects to find it again.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    page: Page,
    player: Option<i64>,
    environment: Environment,
    data: Option<String>,
    filter: Filter,
    bots: BotChoice,
}

/// What becomes of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// It tells the choice at once, in place of what it told.
    Replaced,
    /// It tells the choice once that rests, for browsers refuse an address that changes with every step of a slider.
    ReplacedAtRest,
    /// Another entry tells the choice at once.
    Added,
    /// Another entry tells the choice once that rests.
    AddedAtRest,
}

impl Place {
    /// The place of a choice.
    #[must_use]
    pub fn new(choice: &Choice) -> Self {
        Self {
            page: choice.page,
            player: choice.player,
            environment: choice.environment,
            data: choice.data.clone(),
            filter: choice.filter.clone(),
            bots: choice.bots,
        }
    }
}

impl Entry {
    /// What becomes of the address, which tells of `told`, when a choice at the place `now` has that cause. An entry that
    /// was gone to is never added again, which would take away what lies before it; but it may be told in other words, such
    /// as the columns that were chosen meanwhile.
    #[must_use]
    pub fn new(cause: Cause, told: &Place, now: &Place) -> Self {
        match cause {
            Cause::Opened | Cause::Travelled => Self::Replaced,
            Cause::Chosen if told == now => Self::ReplacedAtRest,
            Cause::Chosen => {
                let is_elsewhere =
                    *told != Place { filter: told.filter.clone(), bots: told.bots, ..now.clone() };
                if is_elsewhere { Self::Added } else { Self::AddedAtRest }
            }
        }
    }

    /// Whether the history has one more afterwards.
    #[must_use]
    pub const fn is_added(self) -> bool {
        matches!(self, Self::Added | Self::AddedAtRest)
    }

    /// Whether the choice must rest first.
    #[must_use]
    pub const fn is_at_rest(self) -> bool {
        matches!(self, Self::ReplacedAtRest | Self::AddedAtRest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choosing_opening_and_travelling_leave_the_history_each_in_its_way() {
        let place = |query: &str| Place::new(&Choice::from_query(query));
        for (told, now, chosen) in [
            ("", "", Entry::ReplacedAtRest),
            ("page=players", "page=players&columns=class&sort=-total_events", Entry::ReplacedAtRest),
            ("", "gap=10", Entry::ReplacedAtRest),
            ("", "page=players", Entry::Added),
            ("page=players", "page=players&player=3", Entry::Added),
            ("", "env=prod", Entry::Added),
            ("data=x.parquet", "", Entry::Added),
            ("", "class=Mage", Entry::AddedAtRest),
            ("bots=only", "", Entry::AddedAtRest),
            ("from=2008-01-01", "from=2008-01-01&to=2008-02-01", Entry::AddedAtRest),
            ("class=Mage", "page=players&class=Rogue", Entry::Added),
        ] {
            let entry = |cause| Entry::new(cause, &place(told), &place(now));
            assert_eq!(entry(Cause::Chosen), chosen, "{told} to {now}");
            for cause in [Cause::Opened, Cause::Travelled] {
                assert_eq!(entry(cause), Entry::Replaced, "{told} to {now}, {cause:?}");
            }
        }
    }
}
