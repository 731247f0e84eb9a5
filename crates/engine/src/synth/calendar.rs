//! The realm's calendar. Days count from the first day of the log, slots are 10 minutes long.

use crate::time::{DAY_US, Day, Micros};

/// 2006-01-01.
const FIRST_DAY: Day = Day::of(13_149);
/// Days from 2006-01-01 to 2009-01-10, both included.
pub(super) const DAYS: u32 = 1_106;
/// Slots of 10 minutes in a day.
pub(super) const SLOTS_PER_DAY: u32 = 144;
/// All slots of the period.
pub(super) const SLOTS: u32 = DAYS * SLOTS_PER_DAY;
/// Minutes from one slot to the next.
pub(super) const SLOT_MINUTES: u32 = 10;

/// 2007-04-01: Blood Elves, Paladins among the Horde, level 70.
pub(super) const OUTLAND_DAY: u32 = 455;
/// 2008-11-18: Death Knights, level 80.
pub(super) const NORTHREND_DAY: u32 = 1_052;

/// The period that a day lies in, by what the game offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Era {
    Azeroth,
    Outland,
    Northrend,
}

impl Era {
    /// All eras in order.
    pub(super) const ALL: [Self; 3] = [Self::Azeroth, Self::Outland, Self::Northrend];

    /// The era of a day.
    pub(super) const fn of_day(day: u32) -> Self {
        if day < OUTLAND_DAY {
            Self::Azeroth
        } else if day < NORTHREND_DAY {
            Self::Outland
        } else {
            Self::Northrend
        }
    }

    /// Its first day.
    pub(super) const fn first_day(self) -> u32 {
        match self {
            Self::Azeroth => 0,
            Self::Outland => OUTLAND_DAY,
            Self::Northrend => NORTHREND_DAY,
        }
    }

    /// The highest level in it.
    pub(super) const fn level_cap(self) -> u8 {
        match self {
            Self::Azeroth => 60,
            Self::Outland => 70,
            Self::Northrend => 80,
        }
    }
}

/// The day of a slot.
pub(super) const fn day_of(slot: u32) -> u32 {
    slot / SLOTS_PER_DAY
}

/// The start of a slot.
pub(super) const fn slot_start(slot: u32) -> Micros {
    FIRST_DAY.start().saturating_add(slot as i64 * (DAY_US / SLOTS_PER_DAY as i64))
}

/// How likely, of a thousand, a person who thinks of playing in this slot does play. An assumption: people
/// play in the evening, and at weekends during the day too.
pub(super) const fn appetite(slot: u32) -> u32 {
    const WORKDAY: [u32; 24] = [
        420, 260, 140, 80, 50, 40, 50, 80, 120, 170, 210, 250, 310, 320, 330, 370, 430, 510, 620, 780, 920,
        980, 900, 680,
    ];
    const WEEKEND: [u32; 24] = [
        600, 430, 270, 160, 100, 70, 70, 100, 170, 290, 420, 520, 590, 660, 700, 720, 730, 750, 800, 900,
        980, 1000, 940, 760,
    ];
    let hour = (slot % SLOTS_PER_DAY / 6) as usize;
    // 2006-01-01 was a Sunday.
    match day_of(slot) % 7 {
        0 | 6 => WEEKEND[hour],
        _ => WORKDAY[hour],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_and_the_patches_are_where_they_were() {
        let day = |days: u32| slot_start(days * SLOTS_PER_DAY).day().get();
        // Days since 1970 of 2009-01-10, 2007-04-01 and 2008-11-18.
        assert_eq!((day(DAYS - 1), day(OUTLAND_DAY), day(NORTHREND_DAY)), (14_254, 13_604, 14_201));
        assert_eq!(slot_start(0).hour_of_week(), 6 * 24, "the first day is a Sunday");
        assert_eq!(slot_start(SLOTS - 1).saturating_add(600_000_000), Day::of(14_255).start());
    }
}
