//! That data are a sample of whole players, in words. No number is ever made larger for it.

use wow_charts::format;
use wow_engine::manifest::Manifest;
use wow_engine::sampling::Sample;

/// The share, as it stands beside every badge: `1 of 100 players`.
#[must_use]
pub fn in_short(sample: &Sample) -> String {
    format!("1 of {} players", format::count(sample.one_of.get().into()))
}

/// What an export that is a sample holds of its source; nothing of an export that holds all players.
#[must_use]
pub fn sentence(manifest: &Manifest) -> Option<String> {
    let sample = manifest.sample.as_ref()?;
    let of = |held: u64, all: Option<u64>, noun: &str| match all {
        Some(all) => format!("{} of {}", format::count(held), format::counted(all, noun)),
        None => format::counted(held, noun),
    };
    Some(format!(
        "A sample, {}, chosen by a fixed rule on player_id, each with all its events: {} with {}. Numbers are those of \
         the sample; none is scaled up.",
        in_short(sample),
        of(manifest.players, sample.players_in_source, "player"),
        of(manifest.rows, sample.rows_in_source, "event"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wow_engine::sampling::OneOf;

    #[test]
    fn the_share_is_told_of_what_was_counted_alone() {
        let one_of = OneOf::new(1_000).unwrap();
        let said = |players_in_source, rows_in_source| {
            let sample = Some(Sample { one_of, players_in_source, rows_in_source });
            sentence(&Manifest { sample, rows: 5_200, players: 1, ..crate::sample::manifest() }).unwrap()
        };
        let counted = said(Some(1_234), Some(5_000_000));
        assert!(counted.contains("1 of 1,000 players, "), "{counted}");
        assert!(counted.contains("1 of 1,234 players with 5,200 of 5,000,000 events"), "{counted}");
        assert!(said(None, None).contains(": 1 player with 5,200 events. "));
        assert_eq!(sentence(&crate::sample::manifest()), None);
    }
}
