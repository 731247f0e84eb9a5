//! The parameters of the models: their names, what they can be, and who has set them.

use jiff::civil::Date;
use serde_json::{Map, json};
use toml::Value;
use wow_engine::Params;
use wow_engine::time::Day;
use wow_view::choice::LARGEST_PARAMETER;
use wow_view::time::iso_day;

use super::{Origin, Setting};
use crate::args::day_of;
use crate::output::Output;

/// A parameter.
pub(crate) struct Parameter {
    /// Its name, in `wow.toml` and among the variables of the dbt project.
    pub(super) name: &'static str,
    /// What it is.
    pub(super) kind: Kind,
    flag: &'static str,
    get: fn(&Params) -> Option<i64>,
    set: fn(&mut Params, i64),
}

/// What a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Whole minutes.
    Minutes,
    /// Whole days.
    Days,
    /// A day, as days since 1970.
    Date,
}

/// What one source says of the parameters, in the order of [`PARAMETERS`].
pub(crate) type Given = [Option<i64>; PARAMETERS.len()];

/// All of them.
pub(super) const PARAMETERS: [Parameter; 5] = [
    Parameter {
        name: "session_gap_minutes",
        kind: Kind::Minutes,
        flag: "--session-gap",
        get: |params| Some(params.session_gap_minutes.get()),
        set: |params, number| put(&mut params.session_gap_minutes, number),
    },
    Parameter {
        name: "bot_max_session_minutes",
        kind: Kind::Minutes,
        flag: "--bot-max-session",
        get: |params| Some(params.bot_max_session_minutes.get()),
        set: |params, number| put(&mut params.bot_max_session_minutes, number),
    },
    Parameter {
        name: "bot_avg_session_minutes",
        kind: Kind::Minutes,
        flag: "--bot-avg-session",
        get: |params| Some(params.bot_avg_session_minutes.get()),
        set: |params, number| put(&mut params.bot_avg_session_minutes, number),
    },
    Parameter {
        name: "churn_days",
        kind: Kind::Days,
        flag: "--churn-days",
        get: |params| Some(params.churn_days.get()),
        set: |params, number| put(&mut params.churn_days, number),
    },
    Parameter {
        name: "as_of",
        kind: Kind::Date,
        flag: "--as-of",
        get: |params| params.as_of_day.map(Day::get),
        set: |params, number| params.as_of_day = Day::new(number),
    },
];

/// Numbers were checked where they were read.
fn put<T: TryFrom<i64>>(parameter: &mut T, number: i64) {
    if let Ok(number) = number.try_into() {
        *parameter = number;
    }
}

impl Kind {
    /// A value of `wow.toml`; `None` for what it cannot be.
    pub(super) fn read(self, value: &Value) -> Option<i64> {
        let within = |most: i64| value.as_integer().filter(|number| (0..=most).contains(number));
        match self {
            Self::Minutes => within(LARGEST_PARAMETER),
            Self::Days => within(u16::MAX.into()),
            Self::Date => {
                let text = match value {
                    Value::String(text) => text.clone(),
                    Value::Datetime(date) if date.time.is_none() => date.to_string(),
                    _ => return None,
                };
                day_of(text.parse::<Date>().ok()?).map(Day::get)
            }
        }
    }

    /// What it may be, as a part of a sentence.
    pub(super) fn allowed(self) -> String {
        match self {
            Self::Minutes => format!("a whole number of minutes from 0 to {LARGEST_PARAMETER}"),
            Self::Days => format!("a whole number of days from 0 to {}", u16::MAX),
            Self::Date => "a date such as 2008-01-31".to_owned(),
        }
    }

    fn json(self, number: Option<i64>) -> serde_json::Value {
        match self {
            Self::Date => json!(number.and_then(Day::new).map(iso_day)),
            Self::Minutes | Self::Days => json!(number),
        }
    }
}

/// The parameters by name, as dbt takes them for its variables.
pub(crate) fn named(params: &Params) -> impl Iterator<Item = (&'static str, serde_json::Value)> {
    PARAMETERS.iter().map(|parameter| (parameter.name, parameter.kind.json((parameter.get)(params))))
}

/// The parameters in force.
#[derive(Debug, Clone)]
pub(crate) struct Parameters {
    /// What the models are made with.
    pub(crate) params: Params,
    origins: [Origin; PARAMETERS.len()],
}

impl Parameters {
    /// Those of an export, or the default ones.
    pub(super) fn over(base: Params) -> Self {
        let origins = PARAMETERS.map(|parameter| match (parameter.get)(&base) {
            number if number == (parameter.get)(&Params::default()) => Origin::Default,
            _ => Origin::Export,
        });
        Self { params: base, origins }
    }

    /// With what is given in place of what was there.
    pub(super) fn with(mut self, given: &Given, origin: impl Fn(&'static str) -> Origin) -> Self {
        for ((parameter, number), place) in PARAMETERS.iter().zip(given).zip(&mut self.origins) {
            if let Some(number) = *number {
                (parameter.set)(&mut self.params, number);
                *place = origin(parameter.flag);
            }
        }
        self
    }

    /// All of them with their names. The day churn is counted to is null where it is that of the newest event.
    pub(crate) fn settings(&self) -> impl Iterator<Item = (&'static str, Setting<serde_json::Value>)> {
        PARAMETERS.iter().zip(self.origins).map(|(parameter, origin)| {
            let value = parameter.kind.json((parameter.get)(&self.params));
            (parameter.name, Setting { value, origin })
        })
    }

    /// Those that differ from the default ones, as dbt takes them for its variables.
    pub(crate) fn differing(&self) -> Map<String, serde_json::Value> {
        let differs =
            |parameter: &&Parameter| (parameter.get)(&self.params) != (parameter.get)(&Params::default());
        let json = |parameter: &Parameter| parameter.kind.json((parameter.get)(&self.params));
        PARAMETERS
            .iter()
            .filter(differs)
            .map(|parameter| (parameter.name.to_owned(), json(parameter)))
            .collect()
    }

    /// Prints in one line those that differ from the default ones, if any do.
    pub(crate) fn say(&self, output: Output) {
        let differing = self.differing();
        let texts: Vec<String> = self
            .settings()
            .filter(|(name, _)| differing.contains_key(*name))
            .map(|(name, Setting { value, origin })| {
                format!("{name} {} ({origin})", value.to_string().trim_matches('"'))
            })
            .collect();
        if !texts.is_empty() {
            output.line(format!("Parameters: {}", texts.join(", ")));
        }
    }
}
