//! What the address and the browser's history are told of a choice.

use wow_engine::Filter;
use wow_engine::manifest::Environment;

use super::choice::{Choice, Page};
use super::dataset::{Dataset, FILES_MARK};
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

/// Who wrote the address that the page was opened at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Author {
    /// Somebody: it is a link, or was kept.
    #[default]
    Another,
    /// The page, on this visit or before it was loaded anew.
    ThisPage,
}

impl Author {
    /// Who wrote the address that asks for this, which its entry in the history tells once the page was there. An address that
    /// asks for no view, kept as a bookmark, is like one's own: it is opened to see what is there now. What was made of
    /// files never is, for it cannot show them.
    #[must_use]
    pub fn of(choice: &Choice, told_by_entry: Option<Self>) -> Self {
        let is_kept = choice.is_any_view() && choice.of.as_deref().is_some_and(|of| of != FILES_MARK);
        told_by_entry.unwrap_or(if is_kept { Self::ThisPage } else { Self::Another })
    }

    /// As an entry of the history keeps it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Another => "link",
            Self::ThisPage => "own",
        }
    }

    /// The inverse of [`Self::key`].
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Another, Self::ThisPage].into_iter().find(|author| author.key() == key)
    }
}

/// What the address tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Its query string.
    pub query: String,
    /// Who then has written it.
    pub author: Author,
}

impl Address {
    /// What the address tells of a choice, whose mark, if it has one, was found in an address of that author. Once the data
    /// are known it has their mark, so that it is a link to share as it stands. Only a link that was made of other data
    /// keeps its own mark until the reader has taken note of that, or it would say so no more after a reload.
    #[must_use]
    pub fn new(choice: &Choice, dataset: Option<&Dataset>, author: Author) -> Self {
        let is_of_others =
            |dataset: &Dataset| choice.of.as_ref().is_some_and(|of| dataset.warning(of, author).is_some());
        match dataset {
            Some(dataset) if author == Author::ThisPage || !is_of_others(dataset) => {
                Self { query: choice.to_shared_query(Some(dataset)), author: Author::ThisPage }
            }
            _ => Self { query: choice.to_query(), author },
        }
    }
}

/// What Back leads to: whoever goes elsewhere, or has other events counted, expects to find it again.
#[derive(Debug, Clone, PartialEq)]
pub struct Destination {
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

impl Destination {
    /// What Back leads to after a choice.
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

    /// Whether the other is the same but for the player, and both have one.
    fn is_of_another_player(&self, other: &Self) -> bool {
        self.player.is_some()
            && other.player.is_some()
            && *self == Self { player: self.player, ..other.clone() }
    }
}

impl Entry {
    /// What becomes of the address, which tells of `addressed`, when a choice whose destination is `now` has that cause. An entry that
    /// was gone to is never added again, which would take away what lies before it; but it may be told in other words, such
    /// as the columns that were chosen meanwhile.
    #[must_use]
    pub fn new(cause: Cause, addressed: &Destination, now: &Destination) -> Self {
        match cause {
            Cause::Opened | Cause::Travelled => Self::Replaced,
            Cause::Chosen if addressed == now => Self::ReplacedAtRest,
            // Whoever went through a hundred players goes back to where they began.
            Cause::Chosen if addressed.is_of_another_player(now) => Self::ReplacedAtRest,
            Cause::Chosen => {
                let is_elsewhere = *addressed
                    != Destination { filter: addressed.filter.clone(), bots: addressed.bots, ..now.clone() };
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
    fn the_address_has_the_mark_of_the_data_and_a_link_of_others_keeps_its_own() {
        let export = Dataset::Export(Box::new(crate::sample::manifest()));
        for (query, author, told, is_own) in [
            ("", Author::Another, "of=0123456789ab", true),
            ("page=bots", Author::Another, "page=bots&of=0123456789ab", true),
            ("page=bots&of=0123456789ab", Author::Another, "page=bots&of=0123456789ab", true),
            ("page=bots&of=fedcba987654", Author::Another, "page=bots&of=fedcba987654", false),
            ("page=bots&of=fedcba987654", Author::ThisPage, "page=bots&of=0123456789ab", true),
            ("of=files", Author::Another, "of=files", false),
            ("of=files", Author::ThisPage, "of=0123456789ab", true),
        ] {
            let choice = Choice::from_query(query);
            let author_now = if is_own { Author::ThisPage } else { Author::Another };
            let expected = Address { query: told.to_owned(), author: author_now };
            assert_eq!(Address::new(&choice, Some(&export), author), expected, "{query}, {author:?}");
            let before = Address { query: query.to_owned(), author };
            assert_eq!(Address::new(&choice, None, author), before, "nothing is known of the data yet");
        }
    }

    #[test]
    fn a_bookmark_of_no_view_is_like_ones_own_and_a_link_is_not() {
        for (query, author) in [
            ("", Author::Another),
            ("of=fedcba987654", Author::ThisPage),
            ("env=prod&of=fedcba987654", Author::ThisPage),
            ("of=files", Author::Another),
            ("page=bots&of=fedcba987654", Author::Another),
        ] {
            let choice = Choice::from_query(query);
            assert_eq!(Author::of(&choice, None), author, "{query}");
            for told in [Author::Another, Author::ThisPage] {
                assert_eq!(Author::of(&choice, Author::from_key(told.key())), told, "{query}");
            }
        }
        assert_eq!(Author::from_key("x"), None);
    }

    #[test]
    fn choosing_opening_and_travelling_leave_the_history_each_in_its_way() {
        let place = |query: &str| Destination::new(&Choice::from_query(query));
        for (told, now, chosen) in [
            ("", "", Entry::ReplacedAtRest),
            ("page=players", "page=players&columns=class&sort=-total_events", Entry::ReplacedAtRest),
            ("", "gap=10", Entry::ReplacedAtRest),
            ("", "page=players", Entry::Added),
            ("page=players", "page=players&player=3", Entry::Added),
            ("page=players&player=3", "page=players&player=4", Entry::ReplacedAtRest),
            ("page=players&player=3", "page=players", Entry::Added),
            ("page=players&player=3", "page=bots&player=4", Entry::Added),
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
