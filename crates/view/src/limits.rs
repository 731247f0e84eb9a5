//! The parameters in force, in one line.

use std::ops::RangeInclusive;

use wow_charts::format;
use wow_engine::Params;
use wow_engine::time::{Day, Minutes};

use super::time;

/// Gap, both limits, and the day churn is counted to.
#[must_use]
pub fn sentence(params: &Params, as_of_day: Option<Day>) -> String {
    let mut parts = vec![
        format!("gap {}", format::minutes(params.session_gap_minutes.get())),
        format!("longest {}", format::minutes(params.bot_max_session_minutes.get())),
        format!("average {}", format::minutes(params.bot_avg_session_minutes.get())),
        format!("churned after {} days", params.churn_days),
    ];
    if let Some(day) = as_of_day {
        parts.push(format!("as of {}", time::day(day)));
    }
    parts.join(" · ")
}

/// Reads whole minutes as they are typed in; `None` for anything that is not among those allowed.
#[must_use]
pub fn read_minutes(text: &str, allowed: &RangeInclusive<Minutes>) -> Option<Minutes> {
    text.trim().parse().ok().and_then(Minutes::new).filter(|minutes| allowed.contains(minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_minutes_within_their_ends_are_taken() {
        let allowed = Minutes::of(5)..=Minutes::of(180);
        let texts = ["5", " 180 ", "4", "181", "7.5", "-7", "", "9e1"];
        let read = texts.map(|text| read_minutes(text, &allowed).map(Minutes::get));
        assert_eq!(read, [Some(5), Some(180), None, None, None, None, None, None]);
    }

    #[test]
    fn the_defaults_read_as_the_rules_are_told() {
        assert_eq!(
            sentence(&Params::default(), Some(Day::of(14_253))),
            "gap 30 min · longest 12 h · average 6 h · churned after 30 days · as of 9 Jan 2009"
        );
    }
}
