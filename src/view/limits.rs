//! The parameters in force, in one line.

use std::ops::RangeInclusive;

use wow_charts::format;
use wow_engine::Params;

use super::time;

/// Gap, both limits, and the day churn is counted to.
#[must_use]
pub fn sentence(params: &Params, as_of_day: Option<i64>) -> String {
    let mut parts = vec![
        format!("gap {}", format::minutes(params.session_gap_minutes)),
        format!("longest {}", format::minutes(params.bot_max_session_minutes)),
        format!("average {}", format::minutes(params.bot_avg_session_minutes)),
        format!("churned after {} days", params.churn_days),
    ];
    if let Some(day) = as_of_day {
        parts.push(format!("as of {}", time::day(day)));
    }
    parts.join(" · ")
}

/// Reads whole minutes as they are typed in; `None` for anything that is not among those allowed.
#[must_use]
pub fn read_minutes(text: &str, allowed: &RangeInclusive<i64>) -> Option<i64> {
    text.trim().parse().ok().filter(|minutes| allowed.contains(minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_minutes_within_their_ends_are_taken() {
        let read =
            ["5", " 180 ", "4", "181", "7.5", "-7", "", "9e1"].map(|text| read_minutes(text, &(5..=180)));
        assert_eq!(read, [Some(5), Some(180), None, None, None, None, None, None]);
    }

    #[test]
    fn the_defaults_read_as_the_rules_are_told() {
        assert_eq!(
            sentence(&Params::default(), Some(14_253)),
            "gap 30 min · longest 12 h · average 6 h · churned after 30 days · as of 9 Jan 2009"
        );
    }
}
