//! The models' parameters as the address has them: those that somebody chose, over those that the data come with.

use std::ops::RangeInclusive;

use form_urlencoded::{Serializer, Target};
use wow_charts::format;
use wow_engine::Params;
use wow_engine::pipeline::COUNTED_GAPS_MINUTES;
use wow_engine::time::Day;

use super::bots::MOST_MINUTES;
use super::choice::LARGEST_PARAMETER;
use super::time;

/// No churn limit that is typed in is longer: a hundred years.
const MOST_CHURN_DAYS: i64 = 36_500;

/// A parameter in the URL.
struct Parameter {
    name: &'static str,
    kind: Kind,
    get: fn(&Params) -> Option<i64>,
    set: fn(&mut Params, i64),
}

/// A parameter that is a whole number, for a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// [`Params::session_gap_minutes`].
    Gap,
    /// [`Params::bot_max_session_minutes`].
    Longest,
    /// [`Params::bot_avg_session_minutes`].
    Average,
    /// [`Params::churn_days`].
    ChurnDays,
}

impl Whole {
    /// All of them, in the order of [`limits::sentence`](super::limits::sentence).
    pub const ALL: [Self; 4] = [Self::Gap, Self::Longest, Self::Average, Self::ChurnDays];

    const fn parameter(self) -> &'static Parameter {
        &PARAMETERS[self as usize]
    }

    /// Its name in the URL and in the page's markup.
    #[must_use]
    pub const fn key(self) -> &'static str {
        self.parameter().name
    }

    /// What the field is for.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Gap => "Session gap",
            Self::Longest => "Longest session",
            Self::Average => "Average session",
            Self::ChurnDays => "Churned after",
        }
    }

    /// What the number is of.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Gap | Self::Longest | Self::Average => "min",
            Self::ChurnDays => "days",
        }
    }

    /// The numbers that it can be.
    #[must_use]
    pub const fn range(self) -> RangeInclusive<i64> {
        match self {
            Self::Gap => COUNTED_GAPS_MINUTES.start().get()..=COUNTED_GAPS_MINUTES.end().get(),
            Self::Longest | Self::Average => 0..=MOST_MINUTES.get(),
            Self::ChurnDays => 0..=MOST_CHURN_DAYS,
        }
    }

    /// What it is.
    #[must_use]
    pub fn of(self, params: &Params) -> i64 {
        (self.parameter().get)(params).unwrap_or_default()
    }

    /// Sets it.
    pub fn set(self, params: &mut Params, number: i64) {
        (self.parameter().set)(params, number);
    }

    /// Reads it as it is typed in; `None` for anything that it cannot be.
    #[must_use]
    pub fn read(self, text: &str) -> Option<i64> {
        text.trim().parse().ok().filter(|number| self.range().contains(number))
    }

    /// What is said where something cannot be read.
    #[must_use]
    pub fn refusal(self) -> String {
        let [least, most] =
            [self.range().start(), self.range().end()].map(|end| format::count(end.unsigned_abs()));
        format!("Whole numbers from {least} to {most}.")
    }
}

/// How a parameter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Whole,
    Day,
}

const PARAMETERS: [Parameter; 5] = [
    Parameter {
        name: "gap",
        kind: Kind::Whole,
        get: |params| Some(params.session_gap_minutes.get()),
        set: |params, number| set(&mut params.session_gap_minutes, number),
    },
    Parameter {
        name: "longest",
        kind: Kind::Whole,
        get: |params| Some(params.bot_max_session_minutes.get()),
        set: |params, number| set(&mut params.bot_max_session_minutes, number),
    },
    Parameter {
        name: "average",
        kind: Kind::Whole,
        get: |params| Some(params.bot_avg_session_minutes.get()),
        set: |params, number| set(&mut params.bot_avg_session_minutes, number),
    },
    Parameter {
        name: "churn_days",
        kind: Kind::Whole,
        get: |params| Some(params.churn_days.get()),
        set: |params, number| set(&mut params.churn_days, number),
    },
    Parameter {
        name: "as_of",
        kind: Kind::Day,
        get: |params| params.as_of_day.map(Day::get),
        set: |params, number| params.as_of_day = Day::new(number),
    },
];

/// Sets a parameter to a number that is one of its kind.
fn set<T: TryFrom<i64>>(parameter: &mut T, number: i64) {
    if let Ok(number) = number.try_into() {
        *parameter = number;
    }
}

impl Parameter {
    /// The number that a text of the URL stands for; `None` where it cannot be understood.
    fn read(&self, text: &str) -> Option<i64> {
        match self.kind {
            Kind::Whole => text.parse().ok().filter(|number| (0..=LARGEST_PARAMETER).contains(number)),
            Kind::Day => time::day_number(text).map(Day::get),
        }
    }

    fn written(&self, number: i64) -> String {
        match self.kind {
            Kind::Whole => number.to_string(),
            Kind::Day => Day::new(number).map(time::iso_day).unwrap_or_default(),
        }
    }
}

/// The parameters that somebody chose. All others are those that the data come with, which are known only once the data are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChosenParams([Option<i64>; PARAMETERS.len()]);

impl ChosenParams {
    /// Those of `params` that differ from the usual ones. The day that churn is counted to cannot be taken back to that of
    /// the newest event, for which the URL has no word.
    #[must_use]
    pub fn differing(params: &Params, usual: &Params) -> Self {
        Self(PARAMETERS.map(|Parameter { get, .. }| get(params).filter(|_| get(params) != get(usual))))
    }

    /// All of `params`, for readers who do not know which are the usual ones.
    #[must_use]
    pub fn all(params: &Params) -> Self {
        Self(PARAMETERS.map(|parameter| (parameter.get)(params)))
    }

    /// The parameters in force: what was chosen over the usual ones.
    #[must_use]
    pub fn over(&self, usual: &Params) -> Params {
        let mut params = *usual;
        for (parameter, number) in PARAMETERS.iter().zip(self.0) {
            if let Some(number) = number {
                (parameter.set)(&mut params, number);
            }
        }
        params
    }

    /// Without those that are as usual.
    #[must_use]
    pub fn without(&self, usual: &Params) -> Self {
        Self::differing(&self.over(usual), usual)
    }

    /// Takes a pair of the URL; whether its key is one of a parameter. A value that cannot be understood is left out.
    pub(super) fn take(&mut self, key: &str, value: &str) -> bool {
        let place = PARAMETERS.iter().position(|parameter| parameter.name == key);
        if let Some(place) = place
            && let Some(number) = PARAMETERS[place].read(value)
        {
            self.0[place] = Some(number);
        }
        place.is_some()
    }

    /// The pairs of the URL.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let chosen = PARAMETERS.iter().zip(self.0);
        chosen.filter_map(|(parameter, number)| Some((parameter.name, parameter.written(number?)))).collect()
    }

    /// Writes the pairs of the URL.
    pub(super) fn write<T: Target>(&self, query: &mut Serializer<'_, T>) {
        query.extend_pairs(self.pairs());
    }
}

#[cfg(test)]
mod tests {
    use wow_engine::time::{Days, Minutes};

    use super::*;

    fn chosen(pairs: &[(&str, &str)]) -> ChosenParams {
        let mut chosen = ChosenParams::default();
        for (key, value) in pairs {
            assert!(chosen.take(key, value), "{key}");
        }
        chosen
    }

    fn written(chosen: &ChosenParams) -> String {
        let mut query = Serializer::new(String::new());
        chosen.write(&mut query);
        query.finish()
    }

    #[test]
    fn what_was_chosen_holds_whatever_the_data_come_with() {
        let usual = Params {
            session_gap_minutes: Minutes::of(10),
            churn_days: Days::of(60),
            as_of_day: Some(Day::of(13_900)),
            ..Params::default()
        };
        let none = ChosenParams::default();
        assert_eq!((none.over(&usual), written(&none)), (usual, String::new()));

        let some = chosen(&[("gap", "30"), ("average", "60"), ("as_of", "2008-01-31")]);
        let params = some.over(&usual);
        assert_eq!(params.session_gap_minutes.get(), 30, "the page's own default, but not that of the data");
        assert_eq!((params.churn_days, params.as_of_day), (Days::of(60), Some(Day::of(13_909))));
        assert_eq!(written(&some), "gap=30&average=60&as_of=2008-01-31");
        assert_eq!(some.without(&usual), some);
        assert_eq!(written(&some.without(&Params::default())), "average=60&as_of=2008-01-31");
        assert_eq!(ChosenParams::all(&params).over(&Params::default()), params);
    }

    #[test]
    fn what_no_parameter_can_be_is_left_out() {
        let odd = [
            ("gap", "-1"),
            ("longest", "99999999999"),
            ("average", "x"),
            ("churn_days", "1.5"),
            ("as_of", "today"),
        ];
        assert_eq!(chosen(&odd), ChosenParams::default());
        assert!(!ChosenParams::default().take("player", "3"));
    }
}
