//! What snapshots saw of a player, and what changed from one to the next.

use wow_charts::format;
use wow_engine::facts::PlayerFacts;
use wow_engine::schema::{NumberKind, key_to_float};

use super::{columns, time};

/// What held from one snapshot until another saw something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The snapshot that first saw it.
    pub from: String,
    /// The snapshot that first saw something else.
    pub to: String,
    /// What was another thing before; at first, all there is.
    pub what: String,
}

/// The states of a player, in order of time.
#[must_use]
pub fn changes(states: &[PlayerFacts]) -> Vec<Change> {
    let before = std::iter::once(None).chain(states.iter().map(Some));
    let change = |(state, before): (&PlayerFacts, Option<&PlayerFacts>)| Change {
        from: time::minute(state.valid_from_us),
        to: state.valid_to_us.map_or_else(|| "now".to_owned(), time::minute),
        what: match before {
            None => facts(state).map(|(name, value)| format!("{name} {value}")).join(", "),
            Some(before) => differences(before, state),
        },
    };
    states.iter().zip(before).map(change).collect()
}

/// What the table shows, in a sentence.
#[must_use]
pub fn say(states: &[PlayerFacts]) -> String {
    match states.len() {
        0 => "Every snapshot of the database saw the same of this player.".to_owned(),
        count => format!(
            "Snapshots of the database saw {} of this player. Times are those of the snapshots, in UTC.",
            format::counted(count as u64, "state")
        ),
    }
}

fn differences(before: &PlayerFacts, now: &PlayerFacts) -> String {
    let both = facts(before).into_iter().zip(facts(now));
    let changed = both.filter(|((_, before), (_, now))| before != now);
    let said: Vec<String> =
        changed.map(|((name, before), (_, now))| format!("{name} {before} → {now}")).collect();
    if said.is_empty() { "nothing".to_owned() } else { said.join(", ") }
}

/// What is known, each with its name.
fn facts(state: &PlayerFacts) -> [(&'static str, String); 6] {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    let number = |number: Option<i64>| number.map_or_else(|| "none".to_owned(), columns::whole);
    let flag = |is_so: bool| if is_so { "yes" } else { "no" }.to_owned();
    let guild = match (state.guild, state.guild_kind) {
        // As a reader of the log takes it.
        (None | Some(-1), NumberKind::Integer) | (None, NumberKind::Float) => "none".to_owned(),
        (Some(guild), NumberKind::Integer) => guild.to_string(),
        (Some(key), NumberKind::Float) => match key_to_float(key) {
            -1.0 => "none".to_owned(),
            guild => guild.to_string(),
        },
    };
    [
        ("class", text(&state.class)),
        ("race", text(&state.race)),
        ("guild", guild),
        ("highest level", number(state.max_level)),
        ("likely bot", flag(state.is_likely_bot)),
        ("churned", flag(state.churned)),
    ]
}

#[cfg(test)]
mod tests {
    use wow_engine::time::{DAY_US, Micros};

    use super::*;

    fn state(day: i64, to: Option<i64>, guild: Option<i64>, level: i64) -> PlayerFacts {
        let time = |day: i64| Micros::new(day * DAY_US).unwrap();
        PlayerFacts {
            class: Some("Mage".to_owned()),
            race: None,
            guild,
            guild_kind: NumberKind::Integer,
            max_level: Some(level),
            is_likely_bot: false,
            churned: level == 70,
            valid_from_us: time(day),
            valid_to_us: to.map(time),
        }
    }

    #[test]
    fn a_state_says_what_it_has_that_the_one_before_had_not() {
        let states =
            [state(0, Some(1), Some(-1), 60), state(1, Some(2), Some(7), 60), state(2, None, None, 70)];
        let told: Vec<[String; 3]> =
            changes(&states).into_iter().map(|change| [change.from, change.to, change.what]).collect();
        assert_eq!(
            told,
            [
                [
                    "1 Jan 1970 00:00",
                    "2 Jan 1970 00:00",
                    "class Mage, race none, guild none, highest level 60, likely bot no, churned no"
                ],
                ["2 Jan 1970 00:00", "3 Jan 1970 00:00", "guild none → 7"],
                ["3 Jan 1970 00:00", "now", "guild 7 → none, highest level 60 → 70, churned no → yes"],
            ]
        );
        assert!(say(&states).starts_with("Snapshots of the database saw 3 states of this player."));
        assert!(say(&[]).starts_with("Every snapshot") && changes(&[]).is_empty());
        assert_eq!(changes(&[states[0].clone(), states[0].clone()])[1].what, "nothing");
    }
}
