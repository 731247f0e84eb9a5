//! How many events each player has: most are seen a few times, a few are seen thousands of times.

/// Points of a distribution: players up to this many of a thousand have at most this many events.
type Quantiles = [(u64, u64)];

/// The events of the bot that is seen least.
pub(super) const LEAST_BOT_EVENTS: u64 = 90;

/// People: an eighth are seen once, half fewer than 15 times.
pub(super) const PEOPLE: &Quantiles = &[
    (0, 1),
    (120, 1),
    (200, 2),
    (350, 5),
    (500, 14),
    (650, 45),
    (800, 150),
    (900, 400),
    (950, 800),
    (990, 2_600),
    (999, 7_000),
    (1000, 12_000),
];

/// Bots: none is seen so little that no session of it could be long.
pub(super) const BOTS: &Quantiles = &[
    (0, LEAST_BOT_EVENTS),
    (100, 300),
    (300, 1_200),
    (500, 3_000),
    (700, 6_000),
    (850, 10_000),
    (950, 18_000),
    (1000, 34_000),
];

/// The events of `players` players, ascending, `total` in all. No player has fewer than the distribution's
/// smallest value; the shape is stretched to meet the total.
pub(super) fn events_of_players(shape: &Quantiles, players: u64, total: u64) -> Vec<u64> {
    let least = shape.first().map_or(1, |&(_, events)| events);
    let raw: Vec<u64> = (0..players).map(|index| at(shape, index, players)).collect();
    let raw_total: u64 = raw.iter().sum();
    let mut events: Vec<u64> =
        raw.iter().map(|value| (value * total / raw_total.max(1)).max(least)).collect();
    settle(&mut events, total, least);
    events
}

/// The distribution's value, in thousandths of an event, in the middle of one player's share.
fn at(shape: &Quantiles, index: u64, players: u64) -> u64 {
    let position = (2 * index + 1) * 500_000 / players;
    let upper = shape.partition_point(|&(point, _)| point * 1000 <= position).clamp(1, shape.len() - 1);
    let ((low, from), (high, to)) = (shape[upper - 1], shape[upper]);
    from * 1000 + (to - from) * (position - low * 1000) / (high - low)
}

/// Adds what rounding left over to, or takes it from, those who have most.
fn settle(events: &mut [u64], total: u64, least: u64) {
    let mut sum: u64 = events.iter().sum();
    while sum != total {
        let before = sum;
        for value in events.iter_mut().rev() {
            let part = (*value / 100).max(1);
            if sum < total {
                let more = part.min(total - sum);
                (*value, sum) = (*value + more, sum + more);
            } else {
                let less = part.min(sum - total).min(*value - least);
                (*value, sum) = (*value - less, sum - less);
            }
        }
        if sum == before {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_met_and_the_tail_is_heavy() {
        let people = events_of_players(PEOPLE, 86_945, 14_600_000);
        assert_eq!(people.iter().sum::<u64>(), 14_600_000);
        assert!(people.is_sorted());
        assert_eq!((people[0], people[10_000]), (1, 1));
        assert!(people[43_472] < 20, "the median is {}", people[43_472]);
        let bots = events_of_players(BOTS, 4_119, 21_900_000);
        assert_eq!(bots.iter().sum::<u64>(), 21_900_000);
        assert_eq!(events_of_players(PEOPLE, 3, 3), [1, 1, 1]);
        assert!(events_of_players(BOTS, 0, 0).is_empty());
    }
}
