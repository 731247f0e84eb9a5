//! Variables that the user gives.

use clap::Args;
use wow_template::Value;

/// The values of variables.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct VarArgs {
    /// The value of a variable, such as player_id=83; give it again for more of them.
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = pair)]
    vars: Vec<(String, String)>,
}

impl VarArgs {
    /// The variables by name. What reads like a number, true, false or null is one.
    pub(crate) fn values(&self) -> impl Iterator<Item = (String, Value)> {
        self.vars.iter().map(|(name, text)| (name.clone(), value(text)))
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("it is written NAME=VALUE, such as player_id=83".to_owned()),
    }
}

fn value(text: &str) -> Value {
    match text {
        "true" => true.into(),
        "false" => false.into(),
        "null" => ().into(),
        _ => match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(number), _) => number.into(),
            (_, Ok(number)) if number.is_finite() => number.into(),
            _ => text.into(),
        },
    }
}
