//! The plan: which scans exist, and at which of them each player is online.
//!
//! The bot rules are decided here. A person's diary keeps to bounds under which no rule can flag it, a bot's to
//! bounds under which at least one must, whatever the seconds within the scans.

use super::Figures;
use super::activity::{BOTS, PEOPLE, events_of_players};
use super::calendar::{DAYS, Era, SLOTS_PER_DAY, appetite, day_of};
use super::diary::{Bounds, DOUBTFUL_SLOTS, Diary, Visit, slots_beyond, slots_within};
use super::dice::{Dice, Purpose};
use super::people::{Kind, Person};
use super::scans::Scans;

/// The default limits of the bot rules, in minutes.
const LONGEST_MINUTES: u32 = 720;
const AVERAGE_MINUTES: u32 = 360;
/// How far from a limit an average is kept.
const MARGIN_MINUTES: u32 = 20;
/// How often a place for a visit is sought before a player's diary counts as full.
const ATTEMPTS: u32 = 400;

/// A visit and whose it is: the player's index in [`Plan::people`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Booking {
    /// When.
    pub(super) visit: Visit,
    /// Who.
    pub(super) person: u32,
}

/// Everything that is decided before the first row is written.
#[derive(Debug)]
pub(super) struct Plan {
    /// The scans that exist.
    pub(super) scans: Scans,
    /// All players in order of their first visit.
    pub(super) people: Vec<Person>,
    /// All visits in order of their first scan.
    pub(super) bookings: Vec<Booking>,
    /// All rows.
    pub(super) events: u64,
}

/// One player's share of the plan.
struct Life {
    person: Person,
    visits: Vec<Visit>,
}

impl Plan {
    /// Plans a log that shows the figures.
    pub(super) fn new(figures: Figures, seed: u64) -> Self {
        let scans = Scans::new(&mut Dice::new(seed, Purpose::Scans, 0));
        let people = events_of_players(PEOPLE, figures.players - figures.bots, figures.human_events);
        let bots = events_of_players(BOTS, figures.bots, figures.bot_events);
        let mut lives = Vec::with_capacity(people.len() + bots.len());
        for (role, purpose, shares) in
            [(Role::Human, Purpose::Human, people), (Role::Bot, Purpose::Bot, bots)]
        {
            // What one player's diary had no room for is asked of the next.
            let mut owed = 0;
            for (index, events) in shares.into_iter().enumerate() {
                let mut dice = Dice::new(seed, purpose, index as u64);
                let wanted = events as u32 + owed;
                let (life, events) = role.live(&mut dice, &scans, wanted);
                owed = wanted - events;
                lives.push(life);
            }
        }
        // Ids are given in order of appearance, so that they say nothing about who is a bot.
        lives.sort_by_key(|life| life.visits.first().map(|visit| visit.first));
        Self::assemble(scans, lives)
    }

    fn assemble(scans: Scans, lives: Vec<Life>) -> Self {
        let mut people = Vec::with_capacity(lives.len());
        let mut bookings = Vec::new();
        for (index, life) in lives.into_iter().enumerate() {
            people.push(life.person);
            bookings.extend(life.visits.iter().map(|&visit| Booking { visit, person: index as u32 }));
        }
        bookings.sort_by_key(|booking| (booking.visit.first, booking.person));
        let events = bookings.iter().map(|booking| u64::from(booking.visit.events())).sum();
        Self { scans, people, bookings, events }
    }
}

/// What the default rules must make of a player.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Human,
    Bot,
}

impl Role {
    /// Draws a player that is seen `wanted` times, or a few times less; says how often.
    fn live(self, dice: &mut Dice, scans: &Scans, wanted: u32) -> (Life, u32) {
        let era = Era::ALL.iter().rev().find(|&&era| (DAYS - era.first_day()) * SLOTS_PER_DAY >= wanted * 5);
        let kind = Kind::draw(dice, era.map_or(0, |era| era.first_day()));
        let habit = match self {
            Self::Human => Habit::human(dice),
            Self::Bot => Habit::bot(dice, wanted),
        };
        let days = lifetime(dice, kind.first_day(), wanted, habit.usual_events);
        let diary = habit.fill(dice, scans, days, wanted);
        let events = diary.events();
        let visits = diary.into_visits();
        let first_day = visits.first().map_or(0, |visit| day_of(scans.slot(visit.first)));
        (Life { person: Person::draw(dice, kind, first_day), visits }, events)
    }
}

/// The days between which a player plays, the last not included: long enough for its visits, often much longer.
fn lifetime(dice: &mut Dice, earliest: u32, events: u32, usual_events: u32) -> (u32, u32) {
    let visits = events / usual_events + 1;
    let needed = events * 5 / SLOTS_PER_DAY + 1;
    let spread = dice.between(1, 4) * dice.between(1, 4);
    let days = (visits * spread / 2).max(needed).clamp(1, DAYS - earliest);
    // A life may have begun before the log, or go on after it.
    let hidden = (days - needed.min(days)) / 2;
    let start = dice.between(0, DAYS - earliest - days + 2 * hidden) + earliest;
    let first = start.saturating_sub(hidden).max(earliest);
    let last = (start + days - hidden).min(DAYS);
    (first.min(last - 1), last)
}

/// How long a player's visits are, and what its diary as a whole must keep to.
#[derive(Debug, Clone, Copy)]
struct Habit {
    rule: Rule,
    usual_events: u32,
}

/// Which of the two rules flags a player.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Neither,
    Longest,
    Average,
    Both,
}

impl Habit {
    fn human(dice: &mut Dice) -> Self {
        let eagerness = dice.between(1, 5) * dice.between(1, 5);
        Self { rule: Rule::Neither, usual_events: 2 + eagerness * 4 / 5 }
    }

    /// A bot with few events can only have few sessions, so these must be long on average.
    fn bot(dice: &mut Dice, events: u32) -> Self {
        match dice.below(if events < 600 { 55 } else { 100 }) {
            0..20 => Self { rule: Rule::Average, usual_events: 46 },
            20..55 => Self { rule: Rule::Both, usual_events: 62 },
            _ => Self { rule: Rule::Longest, usual_events: dice.between(6, 22) },
        }
    }

    /// Finds visits until the player is seen `wanted` times or there is no more room.
    fn fill(self, dice: &mut Dice, scans: &Scans, days: (u32, u32), wanted: u32) -> Diary {
        let mut diary = Diary::default();
        let first = scans.at_or_after(days.0 * SLOTS_PER_DAY);
        let last = scans.at_or_after((days.1 * SLOTS_PER_DAY).min(scans.slot(scans.len() - 1)));
        let mut failures = 0;
        while diary.events() < wanted && failures < ATTEMPTS {
            let scan = dice.between(first, last);
            let visit = self.draw_visit(dice, scans, &diary, scan, wanted - diary.events());
            match visit.map(|visit| (visit, Bounds::of(visit, scans))) {
                Some((visit, bounds)) if self.allows(&diary, visit, bounds, scans) => {
                    diary.add(visit, bounds);
                    failures = 0;
                }
                _ => failures += 1,
            }
        }
        diary
    }

    fn draw_visit(
        self,
        dice: &mut Dice,
        scans: &Scans,
        diary: &Diary,
        scan: u32,
        events_left: u32,
    ) -> Option<Visit> {
        let (events, slots) = match self.rule {
            Rule::Neither | Rule::Longest if !self.marathon_due(dice, diary) => {
                // Whoever wants to play does so when people play.
                if !dice.chance(appetite(scans.slot(scan))) {
                    return None;
                }
                (1 + dice.below(2 * self.usual_events), slots_within(LONGEST_MINUTES))
            }
            Rule::Average => (dice.between(36, 62), slots_within(LONGEST_MINUTES)),
            _ => (dice.between(40, 124), u32::MAX / 2),
        };
        let marathon = self.needs_marathon(diary);
        let events = if marathon { dice.between(80, 130) } else { events };
        let step = if marathon { DOUBTFUL_SLOTS - 1 } else { DOUBTFUL_SLOTS };
        diary.free_visit(scans, scan, events.min(events_left), slots, step)
    }

    /// Whether the session that makes a bot one is still missing.
    fn needs_marathon(self, diary: &Diary) -> bool {
        diary.events() == 0 && matches!(self.rule, Rule::Longest | Rule::Both)
    }

    fn marathon_due(self, dice: &mut Dice, diary: &Diary) -> bool {
        self.rule == Rule::Longest && (diary.events() == 0 || dice.chance(40))
    }

    /// Whether the diary may take a visit and still be what it must be.
    fn allows(self, diary: &Diary, visit: Visit, bounds: Bounds, scans: &Scans) -> bool {
        let after = diary.bounds().plus(bounds);
        let short_on_average = after.average_at_most(AVERAGE_MINUTES - MARGIN_MINUTES);
        let long_on_average = after.average_at_least(AVERAGE_MINUTES + MARGIN_MINUTES);
        let marathon = || scans.slots_between(visit.first, visit.last) >= slots_beyond(LONGEST_MINUTES);
        match self.rule {
            Rule::Neither => short_on_average,
            Rule::Average => long_on_average,
            Rule::Both => long_on_average && (diary.events() > 0 || marathon()),
            Rule::Longest if diary.events() == 0 => marathon(),
            Rule::Longest => short_on_average || visit.events() <= self.usual_events * 2,
        }
    }
}
