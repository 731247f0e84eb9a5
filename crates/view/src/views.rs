//! What the reader looks at, kept under a name: the address's query string, so that a view is opened as a link is.

use serde::{Deserialize, Serialize};

use super::choice::Choice;

/// A name has at most so many characters.
pub const MOST_NAME_CHARACTERS: usize = 80;

/// What a view is.
pub const WHAT_IS_KEPT: &str = "Page, data, filter, limits, order and columns under a name, on this machine. Share gives a link to \
                                others.";
/// What is said where the browser keeps no views.
pub const NOT_KEPT: &str = "This browser keeps no views here, as in a private window or without room on the disk. Share copies a \
                            link that shows the same.";

/// A view that was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// What it is called; no other is called so.
    pub name: String,
    /// The query string that shows it.
    pub query: String,
}

/// The query string of a choice to be kept: without the mark of its data, for a view that is opened tomorrow is to show what
/// is there then.
#[must_use]
pub fn query_of(choice: &Choice) -> String {
    Choice { of: None, ..choice.clone() }.to_query()
}

/// A name as it is kept.
///
/// # Errors
/// A sentence where it is none.
pub fn name(typed: &str) -> Result<String, String> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err("Give the view a name.".to_owned()),
        characters if characters > MOST_NAME_CHARACTERS => {
            Err(format!("The name is longer than {MOST_NAME_CHARACTERS} characters; shorten it."))
        }
        _ => Ok(name),
    }
}

/// A new name for the view `of`, as it is kept.
///
/// # Errors
/// A sentence where it is none, or another view's.
pub fn new_name(typed: &str, of: &str, views: &[View]) -> Result<String, String> {
    let name = name(typed)?;
    let is_taken = name != of && views.iter().any(|view| view.name == name);
    if is_taken { Err(format!("Another view is called “{name}”; take another name.")) } else { Ok(name) }
}

/// A view among the others, in order of name; one of the same name gives way.
pub fn put(views: &mut Vec<View>, view: View) {
    views.retain(|other| other.name != view.name);
    let place = views.partition_point(|other| other.name < view.name);
    views.insert(place, view);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(name: &str, query: &str) -> View {
        View { name: name.to_owned(), query: query.to_owned() }
    }

    #[test]
    fn a_view_is_what_is_chosen_without_the_mark_of_the_data() {
        let choice = Choice::from_query("?env=prod&page=bots&gap=10&marked=no&of=0123456789ab");
        assert_eq!(query_of(&choice), "env=prod&page=bots&gap=10&marked=no");
        assert_eq!(query_of(&Choice::default()), "");
    }

    #[test]
    fn names_are_short_and_belong_to_one_view() {
        assert_eq!(name("  Bots \n of May\t").unwrap(), "Bots of May");
        assert_eq!(name(" \n").unwrap_err(), "Give the view a name.");
        assert!(name(&"é".repeat(80)).is_ok() && name(&"é".repeat(81)).is_err());
        let views = [view("a", ""), view("b", "")];
        assert_eq!(new_name("c", "a", &views).unwrap(), "c");
        assert_eq!(new_name("a", "a", &views).unwrap(), "a");
        assert!(new_name("b", "a", &views).unwrap_err().contains("“b”"));
    }

    #[test]
    fn views_stand_in_order_and_one_of_the_same_name_gives_way() {
        let mut views = Vec::new();
        for (name, query) in [("b", "1"), ("a", "2"), ("c", "3"), ("b", "4")] {
            put(&mut views, view(name, query));
        }
        assert_eq!(views, [view("a", "2"), view("b", "4"), view("c", "3")]);
    }
}
