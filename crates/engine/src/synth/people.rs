//! Who a player is: race, class, level and guild, and how level and guild change.

use super::calendar::{Era, NORTHREND_DAY, OUTLAND_DAY};
use super::dice::Dice;

/// The highest guild number; the lowest is 0.
const LAST_GUILD: u32 = 512;
/// The stored guild of a player who has none.
pub(super) const NO_GUILD: i64 = -1;

/// A race and class that exist among the Horde.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    /// The race's name.
    pub(super) race: &'static str,
    /// The class's name.
    pub(super) class: &'static str,
    /// How common it is.
    weight: u32,
}

impl Kind {
    /// The first day that such a player can exist.
    pub(super) fn first_day(self) -> u32 {
        match (self.race, self.class) {
            (_, DEATH_KNIGHT) => NORTHREND_DAY,
            (BLOOD_ELF, _) => OUTLAND_DAY,
            _ => 0,
        }
    }

    /// Draws a kind among those that exist on `last_first_day` or before.
    pub(super) fn draw(dice: &mut Dice, last_first_day: u32) -> Self {
        let weight = |kind: &Self| if kind.first_day() <= last_first_day { kind.weight } else { 0 };
        dice.weighted(&KINDS, weight).copied().unwrap_or(KINDS[0])
    }
}

const DEATH_KNIGHT: &str = "Death Knight";
const BLOOD_ELF: &str = "Blood Elf";

const fn kind(race: &'static str, class: &'static str, weight: u32) -> Kind {
    Kind { race, class, weight }
}

const KINDS: [Kind; 31] = [
    kind("Orc", "Warrior", 60),
    kind("Orc", "Hunter", 50),
    kind("Orc", "Shaman", 40),
    kind("Orc", "Rogue", 30),
    kind("Orc", "Warlock", 30),
    kind("Orc", DEATH_KNIGHT, 12),
    kind("Tauren", "Druid", 100),
    kind("Tauren", "Warrior", 60),
    kind("Tauren", "Shaman", 50),
    kind("Tauren", "Hunter", 30),
    kind("Tauren", DEATH_KNIGHT, 8),
    kind("Troll", "Priest", 35),
    kind("Troll", "Mage", 40),
    kind("Troll", "Hunter", 50),
    kind("Troll", "Shaman", 40),
    kind("Troll", "Rogue", 30),
    kind("Troll", "Warrior", 20),
    kind("Troll", DEATH_KNIGHT, 6),
    kind("Undead", "Mage", 80),
    kind("Undead", "Priest", 80),
    kind("Undead", "Rogue", 80),
    kind("Undead", "Warlock", 80),
    kind("Undead", "Warrior", 50),
    kind("Undead", DEATH_KNIGHT, 10),
    kind(BLOOD_ELF, "Paladin", 160),
    kind(BLOOD_ELF, "Mage", 80),
    kind(BLOOD_ELF, "Hunter", 80),
    kind(BLOOD_ELF, "Priest", 60),
    kind(BLOOD_ELF, "Warlock", 60),
    kind(BLOOD_ELF, "Rogue", 50),
    kind(BLOOD_ELF, DEATH_KNIGHT, 24),
];

/// A player as the scans see it.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// Race and class, for good.
    pub(super) kind: Kind,
    /// The level now.
    pub(super) level: u8,
    /// Sightings since the last level.
    seen_at_level: u32,
    /// Percent of the usual time that this player needs for a level.
    pace_percent: u32,
    /// Whether this player looks for guilds at all.
    social: bool,
    /// The guild as stored; `None` where the scan could not read it.
    pub(super) guild: Option<i64>,
}

impl Person {
    /// A player first seen on `day`.
    pub(super) fn draw(dice: &mut Dice, kind: Kind, day: u32) -> Self {
        let cap = u32::from(Era::of_day(day).level_cap());
        let level = if kind.class == DEATH_KNIGHT {
            55
        } else {
            match dice.below(100) {
                0..55 => dice.between(1, 5),
                55..70 => dice.between(6, 30),
                70..82 => dice.between(31, cap),
                _ => cap,
            }
        };
        let social = dice.chance(650);
        let guild = if social && dice.chance(300 + level * 8) {
            Some(draw_guild(dice))
        } else if dice.chance(80) {
            None
        } else {
            Some(NO_GUILD)
        };
        Self {
            kind,
            level: level as u8,
            seen_at_level: 0,
            pace_percent: dice.between(40, 160),
            social,
            guild,
        }
    }

    /// A visit begins: now and then a player has changed guild since.
    pub(super) fn arrive(&mut self, dice: &mut Dice) {
        if self.social && dice.chance(12) {
            self.guild = Some(if dice.chance(250) { NO_GUILD } else { draw_guild(dice) });
        }
    }

    /// The player is seen once more in an era; levels rise with time, up to the era's cap.
    pub(super) fn seen(&mut self, era: Era) {
        if self.level >= era.level_cap() {
            return;
        }
        self.seen_at_level += 1;
        let usual = 4 + u32::from(self.level) / 2;
        if self.seen_at_level * 100 >= usual * self.pace_percent {
            self.level += 1;
            self.seen_at_level = 0;
        }
    }
}

/// A few guilds are large, most are small.
fn draw_guild(dice: &mut Dice) -> i64 {
    let most = dice.between(1, LAST_GUILD + 1);
    i64::from(dice.below(most))
}
