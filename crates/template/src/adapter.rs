//! What dbt calls the adapter: how SQL is written for one database, here DuckDB.

use std::sync::Arc;

use minijinja::value::{Object, from_args};
use minijinja::{Error, ErrorKind, State, Value, context};

use crate::MACROS;

/// The database's name, as dbt knows it.
pub(crate) const NAME: &str = "duckdb";

/// The adapter as files of the project see it.
#[derive(Debug)]
pub(crate) struct Adapter;

impl Object for Adapter {
    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        let (name,): (&str,) = from_args(arguments)?;
        match method {
            "dispatch" => Ok(Value::from_object(Dispatched(format!("default__{name}")))),
            "quote" => Ok(Value::from(format!("\"{name}\""))),
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }
}

/// The macro of the project that a name stands for here. Which it is only its caller knows, so it is looked up when it is
/// called: macros see what they name and nothing else of the text that they stand in.
#[derive(Debug)]
struct Dispatched(String);

impl Object for Dispatched {
    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, arguments: &[Value]) -> Result<Value, Error> {
        let macros = macros();
        let mut captured = state.env().template_from_str(&macros)?.render_captured(context! {})?;
        captured.with_state_mut(|state| state.call_macro(&self.0, arguments)).map(Value::from)
    }
}

/// The project's macros as one text, without a blank between or around them.
pub(crate) fn macros() -> String {
    MACROS.iter().map(|(_, text)| text.trim_end()).collect()
}
