//! A synthetic log in the order of an export.

use wow_engine::synth::{Rows, Settings};

/// All rows of a log by player and time.
pub(crate) fn sorted(scale: f64, seed: u64) -> Rows {
    let mut all = Rows::default();
    for rows in Settings::new(scale, seed).unwrap().log() {
        all.player_id.extend(rows.player_id);
        all.guild.extend(rows.guild);
        all.level.extend(rows.level);
        all.race.extend(rows.race);
        all.class.extend(rows.class);
        all.zone.extend(rows.zone);
        all.time_us.extend(rows.time_us);
    }
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|&row| (all.player_id[row], all.time_us[row]));
    fn taken<T: Copy>(order: &[usize], values: &[T]) -> Vec<T> {
        order.iter().map(|&row| values[row]).collect()
    }
    Rows {
        player_id: taken(&order, &all.player_id),
        guild: taken(&order, &all.guild),
        level: taken(&order, &all.level),
        race: taken(&order, &all.race),
        class: taken(&order, &all.class),
        zone: taken(&order, &all.zone),
        time_us: taken(&order, &all.time_us),
    }
}
