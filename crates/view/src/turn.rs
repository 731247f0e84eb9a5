//! From one player to the next, in the order of the table that they were opened from.

use wow_charts::format;

/// Where a player stands among those that a table lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turn {
    /// How many are listed.
    pub count: usize,
    /// Its place; none where the list does not have it.
    pub place: Option<usize>,
    /// The one before.
    pub previous: Option<i64>,
    /// The one after.
    pub next: Option<i64>,
    /// Where it is, or was before it left the list: whoever marks a player in a list of unmarked ones goes on with the next.
    near: Option<usize>,
}

impl Turn {
    /// Where a player stands in a list, after the turn `before`.
    #[must_use]
    pub fn new(listed: &[i64], player_id: i64, before: Option<&Self>) -> Self {
        let place = listed.iter().position(|&listed| listed == player_id);
        let near = place.or_else(|| before?.near).map(|near| near.min(listed.len()));
        let at = |place: Option<usize>| place.and_then(|place| listed.get(place).copied());
        let before = near.and_then(|near| near.checked_sub(1));
        let after = near.map_or(0, |near| if place.is_some() { near + 1 } else { near });
        Self { count: listed.len(), place, previous: at(before), next: at(Some(after)), near }
    }

    /// `12 of 4,119`, or that the list does not have it.
    #[must_use]
    pub fn say(&self) -> String {
        let count = format::count(self.count as u64);
        match self.place {
            Some(place) => format!("{} of {count}", format::count(place as u64 + 1)),
            None => format!("not among the {count} listed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_through_a_list_from_end_to_end() {
        let listed = [7, i64::MIN, 9];
        let at = |player_id| Turn::new(&listed, player_id, None);
        let sides = |player_id| (at(player_id).previous, at(player_id).next, at(player_id).say());
        assert_eq!(sides(7), (None, Some(i64::MIN), "1 of 3".to_owned()));
        assert_eq!(sides(i64::MIN), (Some(7), Some(9), "2 of 3".to_owned()));
        assert_eq!(sides(9), (Some(i64::MIN), None, "3 of 3".to_owned()));
        assert_eq!(sides(1), (None, Some(7), "not among the 3 listed".to_owned()));
        assert_eq!(Turn::new(&[], 1, None).say(), "not among the 0 listed");
        let many: Vec<i64> = (1..=4_119).collect();
        assert_eq!(Turn::new(&many, 12, None).say(), "12 of 4,119");
    }

    #[test]
    fn who_leaves_the_list_is_followed_by_the_next() {
        let first = Turn::new(&[7, 8, 9], 8, None);
        let marked = Turn::new(&[7, 9], 8, Some(&first));
        assert_eq!((marked.place, marked.previous, marked.next), (None, Some(7), Some(9)));
        let again = Turn::new(&[7, 9], 8, Some(&marked));
        assert_eq!(again, marked);
        let last = Turn::new(&[7, 8], 9, Some(&Turn::new(&[7, 8, 9], 9, None)));
        assert_eq!((last.previous, last.next), (Some(8), None));
        let alone = Turn::new(&[], 8, Some(&Turn::new(&[8], 8, None)));
        assert_eq!((alone.previous, alone.next), (None, None));
    }
}
