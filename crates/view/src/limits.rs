//! The parameters in force, in one line.

use std::ops::RangeInclusive;

use wow_charts::format;
use wow_engine::Params;
use wow_engine::time::{Day, Minutes};

use super::time;

/// Gap, both limits, and the day churn is counted to.
#[must_use]
pub fn sentence(params: &Params, as_of_day: Option<Day>) -> String {
    parts(params, as_of_day).into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Those of `usual` that are neither in force nor usual here, as in [`sentence`]; `None` where there are none.
#[must_use]
pub fn not_followed(usual: &Params, in_force: &Params, usual_here: &Params) -> Option<String> {
    let parts_of = |params: &Params| parts(params, params.as_of_day);
    let [in_force, here] = [in_force, usual_here].map(parts_of);
    let of_usual = parts_of(usual).into_iter().zip(in_force).zip(here);
    let differing = of_usual.filter(|((usual, in_force), here)| usual != in_force && usual != here);
    let newest = || "as of the newest event".to_owned();
    let differing: Vec<String> = differing.map(|((usual, _), _)| usual.unwrap_or_else(newest)).collect();
    (!differing.is_empty()).then(|| differing.join(" · "))
}

/// Those parameters that differ from the usual ones, as in [`sentence`].
#[must_use]
pub fn differing(params: &Params, usual: &Params) -> Vec<String> {
    let [parts, usual] = [params, usual].map(|params| parts(params, params.as_of_day));
    parts.into_iter().zip(usual).filter(|(part, usual)| part != usual).filter_map(|(part, _)| part).collect()
}

fn parts(params: &Params, as_of_day: Option<Day>) -> [Option<String>; 5] {
    [
        Some(format!("gap {}", format::minutes(params.session_gap_minutes.get()))),
        Some(format!("longest {}", format::minutes(params.bot_max_session_minutes.get()))),
        Some(format!("average {}", format::minutes(params.bot_avg_session_minutes.get()))),
        Some(format!("churned after {} days", params.churn_days)),
        as_of_day.map(|day| format!("as of {}", time::day(day))),
    ]
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
    fn parameters_are_named_that_other_data_come_with_and_that_are_not_in_force() {
        let usual = Params::default();
        let others = Params { session_gap_minutes: Minutes::of(20), as_of_day: Some(Day::of(0)), ..usual };
        let named = |others, in_force, here| not_followed(others, in_force, here);
        assert_eq!(named(&usual, &usual, &usual), None);
        assert_eq!(named(&others, &usual, &usual).unwrap(), "gap 20 min · as of 1 Jan 1970");
        assert_eq!(named(&usual, &others, &others).unwrap(), "gap 30 min · as of the newest event");
        // Whoever moves a slider leaves what both come with.
        let moved = Params { session_gap_minutes: Minutes::of(10), ..usual };
        assert_eq!(named(&usual, &moved, &usual), None);
        let chosen = Params { session_gap_minutes: Minutes::of(20), ..usual };
        assert_eq!(named(&others, &chosen, &usual).unwrap(), "as of 1 Jan 1970");
    }

    #[test]
    fn the_defaults_read_as_the_rules_are_told() {
        assert_eq!(
            sentence(&Params::default(), Some(Day::of(14_253))),
            "gap 30 min · longest 12 h · average 6 h · churned after 30 days · as of 9 Jan 2009"
        );
    }
}
