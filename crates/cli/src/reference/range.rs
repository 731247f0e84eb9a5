//! Ranges of players.

/// The players with `after < player_id <= up_to`; an absent bound is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PlayerRange {
    after: Option<i64>,
    up_to: Option<i64>,
}

impl PlayerRange {
    /// Splits all players that can be into ranges which end at the given ones, in order; the last range has no
    /// end, so every player is in exactly one.
    pub(crate) fn split_at(last_players: impl IntoIterator<Item = i64>) -> Vec<Self> {
        let mut after = None;
        let mut ranges = Vec::new();
        for last in last_players {
            if after.is_none_or(|after| after < last) {
                ranges.push(Self { after, up_to: Some(last) });
                after = Some(last);
            }
        }
        ranges.push(Self { after, up_to: None });
        ranges
    }

    /// The range as a condition on `player_id` in SQL.
    pub(crate) fn condition(&self) -> String {
        match (self.after, self.up_to) {
            (None, None) => "true".to_owned(),
            (Some(after), None) => format!("player_id > {after}"),
            (None, Some(up_to)) => format!("player_id <= {up_to}"),
            (Some(after), Some(up_to)) => format!("player_id > {after} and player_id <= {up_to}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_player_is_in_exactly_one_range() {
        let conditions = |lasts: &[i64]| {
            let ranges = PlayerRange::split_at(lasts.iter().copied());
            ranges.iter().map(PlayerRange::condition).collect::<Vec<_>>()
        };
        assert_eq!(conditions(&[]), ["true"]);
        assert_eq!(
            conditions(&[-3, 8]),
            ["player_id <= -3", "player_id > -3 and player_id <= 8", "player_id > 8"]
        );
        // A player that goes on in the next part ends one range only.
        assert_eq!(conditions(&[8, 8]), ["player_id <= 8", "player_id > 8"]);
    }
}
