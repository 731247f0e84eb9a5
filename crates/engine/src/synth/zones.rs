//! Where players are: zones by level and by era.

use super::calendar::Era;
use super::dice::Dice;

/// A zone and who goes there.
#[derive(Debug, Clone, Copy)]
struct Zone {
    name: &'static str,
    /// The first era in which it exists.
    era: Era,
    /// The lowest and highest level of those who are there.
    levels: (u8, u8),
    /// How popular it is.
    weight: u8,
}

const fn old(name: &'static str, low: u8, high: u8, weight: u8) -> Zone {
    Zone { name, era: Era::Azeroth, levels: (low, high), weight }
}

const fn outland(name: &'static str, low: u8, high: u8, weight: u8) -> Zone {
    Zone { name, era: Era::Outland, levels: (low, high), weight }
}

const fn northrend(name: &'static str, low: u8, high: u8, weight: u8) -> Zone {
    Zone { name, era: Era::Northrend, levels: (low, high), weight }
}

const ZONES: [Zone; 82] = [
    old("Orgrimmar", 1, 80, 40),
    old("Undercity", 1, 80, 14),
    old("Thunder Bluff", 1, 80, 6),
    old("Durotar", 1, 12, 60),
    old("Tirisfal Glades", 1, 12, 50),
    old("Mulgore", 1, 12, 45),
    old("The Barrens", 10, 27, 70),
    old("Silverpine Forest", 10, 20, 30),
    old("Ragefire Chasm", 13, 18, 8),
    old("Stonetalon Mountains", 15, 28, 18),
    old("Wailing Caverns", 16, 24, 12),
    old("Warsong Gulch", 10, 70, 12),
    old("Shadowfang Keep", 18, 28, 10),
    old("Ashenvale", 18, 32, 24),
    old("Hillsbrad Foothills", 20, 33, 30),
    old("Arathi Basin", 20, 70, 14),
    old("Thousand Needles", 24, 37, 25),
    old("Razorfen Kraul", 24, 33, 8),
    old("Scarlet Monastery", 28, 44, 24),
    old("Desolace", 29, 41, 20),
    old("Alterac Mountains", 30, 40, 10),
    old("Arathi Highlands", 30, 42, 18),
    old("Stranglethorn Vale", 30, 47, 50),
    old("Swamp of Sorrows", 34, 46, 12),
    old("Dustwallow Marsh", 34, 47, 16),
    old("Badlands", 35, 46, 14),
    old("Uldaman", 37, 46, 8),
    old("Tanaris", 40, 52, 34),
    old("Feralas", 40, 52, 24),
    old("The Hinterlands", 40, 51, 18),
    old("Zul'Farrak", 43, 52, 16),
    old("Searing Gorge", 43, 52, 10),
    old("Maraudon", 44, 55, 10),
    old("Azshara", 45, 56, 10),
    old("Felwood", 47, 57, 18),
    old("Un'Goro Crater", 48, 57, 26),
    old("The Temple of Atal'Hakkar", 48, 56, 8),
    old("Burning Steppes", 50, 60, 10),
    old("Western Plaguelands", 50, 60, 22),
    old("Blackrock Depths", 52, 60, 18),
    old("Alterac Valley", 51, 80, 26),
    old("Winterspring", 53, 62, 20),
    old("Eastern Plaguelands", 53, 62, 26),
    old("Silithus", 54, 61, 20),
    old("Stratholme", 56, 62, 16),
    old("Scholomance", 56, 62, 14),
    old("Blackrock Spire", 55, 62, 18),
    old("Dire Maul", 55, 62, 14),
    old("Zul'Gurub", 59, 62, 26),
    old("Onyxia's Lair", 60, 62, 8),
    old("Molten Core", 60, 62, 24),
    old("Blackwing Lair", 60, 62, 22),
    old("Ruins of Ahn'Qiraj", 60, 62, 14),
    old("Ahn'Qiraj", 60, 62, 12),
    outland("Silvermoon City", 1, 80, 10),
    outland("Eversong Woods", 1, 12, 60),
    outland("Ghostlands", 9, 21, 40),
    outland("Hellfire Peninsula", 58, 63, 90),
    outland("Zangarmarsh", 60, 65, 50),
    outland("Terokkar Forest", 62, 70, 40),
    outland("Nagrand", 64, 70, 44),
    outland("Shattrath City", 60, 76, 70),
    outland("Blade's Edge Mountains", 65, 70, 30),
    outland("Netherstorm", 67, 70, 32),
    outland("Shadowmoon Valley", 67, 70, 26),
    outland("Karazhan", 69, 71, 40),
    outland("Gruul's Lair", 70, 71, 8),
    outland("Zul'Aman", 70, 71, 20),
    outland("Isle of Quel'Danas", 69, 71, 30),
    outland("Magisters' Terrace", 69, 71, 12),
    outland("Eye of the Storm", 61, 80, 20),
    northrend("Acherus: The Ebon Hold", 55, 58, 120),
    northrend("Borean Tundra", 68, 73, 60),
    northrend("Howling Fjord", 68, 73, 50),
    northrend("Dragonblight", 71, 75, 44),
    northrend("Grizzly Hills", 73, 76, 30),
    northrend("Zul'Drak", 74, 77, 30),
    northrend("Dalaran", 74, 80, 60),
    northrend("The Storm Peaks", 77, 80, 30),
    northrend("Icecrown", 77, 80, 40),
    northrend("Naxxramas", 80, 80, 50),
    northrend("Dalaran競技場", 78, 80, 6),
];

/// The highest level of all.
const LAST_LEVEL: u8 = 80;

/// For each era and level, the zones to choose from, each as often as it is popular.
#[derive(Debug)]
pub(super) struct Map {
    choices: Vec<Vec<&'static str>>,
}

impl Map {
    /// Draws up the map.
    pub(super) fn new() -> Self {
        let choices =
            Era::ALL.iter().flat_map(|&era| (0..=LAST_LEVEL).map(move |level| choices(era, level))).collect();
        Self { choices }
    }

    /// A zone for a player of a level.
    pub(super) fn draw(&self, dice: &mut Dice, era: Era, level: u8) -> &'static str {
        let index = era as usize * (usize::from(LAST_LEVEL) + 1) + usize::from(level.min(LAST_LEVEL));
        let choices = &self.choices[index];
        choices[dice.below(choices.len() as u32) as usize]
    }
}

fn choices(era: Era, level: u8) -> Vec<&'static str> {
    let open = |zone: &&Zone| zone.era <= era && (zone.levels.0..=zone.levels.1).contains(&level.max(1));
    ZONES
        .iter()
        .filter(open)
        .flat_map(|zone| std::iter::repeat_n(zone.name, usize::from(zone.weight)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_of_every_era_has_somewhere_to_be() {
        let map = Map::new();
        assert!(map.choices.iter().all(|choices| !choices.is_empty()));
        assert!(choices(Era::Northrend, 80).contains(&"Dalaran競技場"));
        assert!(choices(Era::Outland, 70).iter().any(|name| name.contains('\'')));
        assert!(!choices(Era::Azeroth, 60).contains(&"Hellfire Peninsula"));
    }

    #[test]
    fn the_seed_of_the_dbt_project_knows_every_zone() {
        let seed = include_str!("../../../../wow_analytics/seeds/zones.csv");
        let known: Vec<&str> = seed.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        for zone in ZONES {
            assert!(known.contains(&zone.name), "{} is missing", zone.name);
        }
    }
}
