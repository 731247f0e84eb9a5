use super::*;

struct Plain;

impl Words for Plain {
    fn reference(&self, name: &str) -> String {
        name.to_owned()
    }

    fn source(&self, schema: &str, table: &str) -> String {
        format!("{schema}.{table}")
    }

    fn variable(&self, name: &str) -> Option<Value> {
        (name == "churn_days").then(|| 30.into())
    }
}

#[test]
fn a_file_gives_its_query_and_what_it_says_of_itself() {
    let text = "{{ config(materialized='table', tags='daily') }}\nselect {{ var('churn_days') }}, \
                {{ var('player_id', 83) }} from {{ ref('b') }}, {{ ref('a') }}, {{ ref('b') }}, \
                {{ source('main', 'log') }}\n";
    let compiled = compile(text, Plain).unwrap();
    assert_eq!(compiled.sql, "\nselect 30, 83 from b, a, b, main.log");
    let config: Vec<_> = compiled.config.iter().map(|(name, value)| (&**name, value.to_string())).collect();
    assert_eq!(config, [("materialized", "table".to_owned()), ("tags", "daily".to_owned())]);
    assert_eq!((compiled.references, compiled.sources), (vec!["b".into(), "a".into()], vec!["log".into()]));
}

#[test]
fn macros_are_those_of_the_project_and_leave_no_blanks() {
    let text = "select {{ minutes_between('min(t)', 'max(t)') }} as minutes, {{ round_to_2('x') }} as x";
    let sql = compile(text, Plain).unwrap().sql;
    assert_eq!(sql, "select datediff('minute', min(t), max(t)) as minutes, round(x, 2) as x");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wow_analytics/macros");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert_eq!(names, MACROS.map(|(name, _)| name));
}

#[test]
fn the_database_is_duckdb() {
    let text = "select {{ adapter.quote('where') }} from t \
                {%- if target.type == 'duckdb' %} where t.day < cast({{ utc_now() }} as date){% endif %}";
    let sql = compile(text, Plain).unwrap().sql;
    assert_eq!(sql, r#"select "where" from t where t.day < cast(make_timestamp(epoch_us(now())) as date)"#);
}

#[test]
fn what_is_not_there_is_an_error() {
    for text in [
        "{{ var('missing') }}",
        "{{ missing }}",
        "{{ missing('x') }}",
        "{% if %}",
        "{{ adapter.dispatch('missing')() }}",
        "{{ adapter.drop('x') }}",
    ] {
        assert!(compile(text, Plain).is_err(), "{text}");
    }
}
