//! From the text of a file of the dbt project to SQL: what dbt's `config`, `ref`, `source` and `var` stand for, and the
//! project's macros. The command compiles the models by it, and the page shows what it says of them.

mod adapter;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use minijinja::value::{Kwargs, Rest};
use minijinja::{Environment, ErrorKind, UndefinedBehavior, context};

pub use minijinja::value::Serde;
pub use minijinja::{Error, Value};

use self::adapter::Adapter;

/// The project's macros, which every file knows. Those that are there for dbt alone lie in folders of their own.
const MACROS: [(&str, &str); 8] = [
    ("as_of", include_str!("../../../wow_analytics/macros/as_of.sql")),
    ("days_between", include_str!("../../../wow_analytics/macros/days_between.sql")),
    ("minutes_between", include_str!("../../../wow_analytics/macros/minutes_between.sql")),
    ("player_facts", include_str!("../../../wow_analytics/macros/player_facts.sql")),
    ("round_to_2", include_str!("../../../wow_analytics/macros/round_to_2.sql")),
    ("sum_as_double", include_str!("../../../wow_analytics/macros/sum_as_double.sql")),
    ("type_time", include_str!("../../../wow_analytics/macros/type_time.sql")),
    ("utc_now", include_str!("../../../wow_analytics/macros/utc_now.sql")),
];

/// What the words of a file stand for.
pub trait Words: Send + Sync + 'static {
    /// A model, seed or snapshot in a query, for `ref`.
    fn reference(&self, name: &str) -> String;
    /// A table that is there before, for `source`.
    fn source(&self, schema: &str, table: &str) -> String;
    /// A variable of the project; `None` where it has none of that name.
    fn variable(&self, name: &str) -> Option<Value>;
}

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compiled {
    /// The query.
    pub sql: String,
    /// What it tells of itself by `config`.
    pub config: BTreeMap<String, Value>,
    /// The models, seeds and snapshots that it reads, in the order in which it names them.
    pub references: Vec<String>,
    /// The tables of sources that it reads, likewise.
    pub sources: Vec<String>,
}

/// Compiles a file's text.
///
/// # Errors
/// When it is no template, or calls for what is not here.
pub fn compile(text: &str, words: impl Words) -> Result<Compiled, Error> {
    let found = Arc::new(Mutex::new(Compiled::default()));
    let environment = environment(Arc::new(words), &found);
    let sql = environment.render_str(&format!("{}{text}", adapter::macros()), context! {})?;
    Ok(Compiled { sql, ..std::mem::take(&mut *held(&found)) })
}

fn environment(words: Arc<impl Words>, found: &Arc<Mutex<Compiled>>) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_global("adapter", Value::from_object(Adapter));
    environment.add_global("target", context! { type => adapter::NAME });
    let told = Arc::clone(found);
    environment.add_function("config", move |options: Kwargs| -> Result<&'static str, Error> {
        for name in options.args() {
            let value: Value = options.get(name)?;
            held(&told).config.insert(name.to_owned(), value);
        }
        Ok("")
    });
    let (of, told) = (Arc::clone(&words), Arc::clone(found));
    environment.add_function("ref", move |name: &str| {
        note(&mut held(&told).references, name);
        of.reference(name)
    });
    let (of, told) = (Arc::clone(&words), Arc::clone(found));
    environment.add_function("source", move |schema: &str, table: &str| {
        note(&mut held(&told).sources, table);
        of.source(schema, table)
    });
    environment.add_function("var", move |name: &str, default: Rest<Value>| {
        let value = words.variable(name).or_else(|| default.first().cloned());
        value.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("there is no variable `{name}`")))
    });
    environment
}

fn held(found: &Mutex<Compiled>) -> MutexGuard<'_, Compiled> {
    found.lock().unwrap_or_else(PoisonError::into_inner)
}

fn note(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}

#[cfg(test)]
mod tests;
