//! Takes what is said of the models from the dbt project, so that it exists once: names, descriptions, columns and tests
//! from its YAML, lineage and materialisation from its SQL. Writes `models.rs`, which `src/models` includes, and of the seeds
//! `seeds.rs`, which `src/seeds.rs` does.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use wow_template::{Compiled, Value, Words};
use yaml_rust2::{Yaml, YamlLoader};

/// A test or an analysis: a query of its own.
struct Query {
    name: String,
    says: String,
    refers_to: Vec<String>,
    sql: String,
}

/// What the words of a file stand for where its query runs in the database: the names as they are there, and the
/// project's variables.
#[derive(Clone)]
struct Plain {
    variables: Vec<(String, Value)>,
}

impl Words for Plain {
    fn reference(&self, name: &str) -> String {
        name.to_owned()
    }

    fn source(&self, _schema: &str, table: &str) -> String {
        table.to_owned()
    }

    fn variable(&self, name: &str) -> Option<Value> {
        self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    // Clones of the project may share a build folder: what was found out in one is nothing to go by in another.
    println!("cargo:rerun-if-env-changed=PWD");
    let project = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("../../wow_analytics");
    let (models, tests, analyses) = (project.join("models"), project.join("tests"), project.join("analyses"));
    let (seeds, configuration) = (project.join("seeds"), project.join("dbt_project.yml"));
    for path in [&models, &tests, &analyses, &seeds, &configuration] {
        println!("cargo:rerun-if-changed={}", path.display());
    }
    let plain = Plain { variables: variables(&yaml(&configuration)?)? };
    let staging = models.join("staging");
    let (sources, schema) = (yaml(&models.join("sources.yml"))?, yaml(&staging.join("schema.yml"))?);
    let queries = queries(&tests, &plain)?;

    let mut code = String::from("/// The source and the models, in the order in which they are made.\n");
    code.push_str("pub static MODELS: &[Model] = &[\n");
    for source in list(&sources["sources"])? {
        for table in list(&source["tables"])? {
            write_model(&mut code, table, &queries, None, &plain)?;
        }
    }
    for model in list(&schema["models"])? {
        let file = staging.join(format!("{}.sql", text(&model["name"])?));
        write_model(&mut code, model, &queries, Some(&file), &plain)?;
    }
    code.push_str("];\n/// What people ask about likely bots.\npub static ANALYSES: &[Analysis] = &[\n");
    let shown = shown(&yaml(&analyses.join("analyses.yml"))?)?;
    let analyses = self::queries(&analyses, &plain)?;
    for Query { name, says, sql, .. } in analyses.into_iter().filter(|query| shown.contains(&query.name)) {
        writeln!(code, "Analysis {{ name: {name:?}, says: {says:?}, sql: {sql:?} }},")?;
    }
    code.push_str("];\n");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    fs::write(out.join("models.rs"), code)?;
    fs::write(out.join("seeds.rs"), expansions(&seeds)? + &places(&seeds)?)?;
    Ok(())
}

/// The expansions, in order of their days.
fn expansions(seeds: &Path) -> Result<String, Box<dyn Error>> {
    let mut rows = rows(&seeds.join("expansions.csv"), ["release_date", "name", "level_cap"])?;
    rows.sort();
    let mut code = String::from("/// The game and its expansions, in order of their days.\n");
    code.push_str("pub static EXPANSIONS: &[Expansion] = &[\n");
    for [released, name, level_cap] in rows {
        let day =
            released.parse::<NaiveDate>().map_err(|error| format!("{released}: {error}"))?.to_epoch_days();
        let level_cap: u32 = level_cap.parse()?;
        writeln!(code, "Expansion {{ name: {name:?}, day: {day}, level_cap: {level_cap} }},")?;
    }
    Ok(code + "];\n")
}

/// The places, in order of their names.
fn places(seeds: &Path) -> Result<String, Box<dyn Error>> {
    let mut rows = rows(&seeds.join("zones.csv"), ["zone", "continent", "kind"])?;
    rows.sort();
    let mut code = String::from("/// The places that the game has, in order of their names.\n");
    code.push_str("static PLACES: &[Place] = &[\n");
    for [zone, continent, kind] in rows {
        writeln!(code, "Place {{ zone: {zone:?}, continent: {continent:?}, kind: {kind:?} }},")?;
    }
    Ok(code + "];\n")
}

/// The values of some columns in every row of a CSV file.
fn rows<const N: usize>(file: &Path, columns: [&str; N]) -> Result<Vec<[String; N]>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(file)?;
    let head = reader.headers()?.clone();
    let place = |column: &str| {
        let place = head.iter().position(|name| name == column);
        place.ok_or_else(|| format!("{} has no column {column}", file.display()))
    };
    let places = columns.into_iter().map(place).collect::<Result<Vec<usize>, _>>()?;
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row?;
        rows.push(std::array::from_fn(|at| row.get(places[at]).unwrap_or_default().to_owned()));
    }
    Ok(rows)
}

fn yaml(file: &Path) -> Result<Yaml, Box<dyn Error>> {
    let documents = YamlLoader::load_from_str(&fs::read_to_string(file)?)?;
    documents.into_iter().next().ok_or_else(|| format!("{} is empty", file.display()).into())
}

fn list(yaml: &Yaml) -> Result<&[Yaml], String> {
    yaml.as_vec().map(Vec::as_slice).ok_or_else(|| format!("{yaml:?} is no list"))
}

fn text(yaml: &Yaml) -> Result<&str, String> {
    yaml.as_str().map(str::trim_end).ok_or_else(|| format!("{yaml:?} is no text"))
}

fn write_model(
    code: &mut String,
    table: &Yaml,
    queries: &[Query],
    file: Option<&PathBuf>,
    plain: &Plain,
) -> Result<(), Box<dyn Error>> {
    let (name, description) = (text(&table["name"])?, text(&table["description"])?);
    let sql = file.map(fs::read_to_string).transpose()?;
    let compiled = sql.as_deref().map(|sql| wow_template::compile(sql, plain.clone())).transpose()?;
    let made_as = compiled.as_ref().map(|compiled| materialized(name, compiled)).transpose()?;
    let parents = compiled.map(parents).unwrap_or_default();
    writeln!(code, "Model {{ name: {name:?}, description: {description:?},")?;
    writeln!(code, "made_as: {made_as:?}, parents: &{parents:?}, sql: {sql:?}, columns: &[")?;
    for column in list(&table["columns"])? {
        let (name, data_type, description) =
            (text(&column["name"])?, column["data_type"].as_str(), text(&column["description"])?);
        let tests = column["data_tests"].as_vec().into_iter().flatten().map(told);
        let tests = tests.collect::<Result<Vec<_>, _>>()?;
        writeln!(code, "Column {{ name: {name:?}, data_type: {data_type:?}, description: {description:?},")?;
        writeln!(code, "tests: &{tests:?} }},")?;
    }
    code.push_str("], queries: &[\n");
    for query in queries.iter().filter(|query| query.refers_to.iter().any(|table| table == name)) {
        writeln!(code, "Query {{ name: {:?}, says: {:?} }},", query.name, query.says)?;
    }
    code.push_str("] },\n");
    Ok(())
}

/// A column's test as a reader sees it.
fn told(test: &Yaml) -> Result<String, Box<dyn Error>> {
    if let Some(name) = test.as_str() {
        return Ok(name.replace('_', " "));
    }
    let values = list(&test["accepted_values"]["arguments"]["values"])?.iter();
    let values: Vec<String> = values.filter_map(Yaml::as_i64).map(|value| value.to_string()).collect();
    Ok(format!("one of {}", values.join(", ")))
}

/// The queries in a folder, each with the comment it begins with.
fn queries(folder: &Path, plain: &Plain) -> Result<Vec<Query>, Box<dyn Error>> {
    let mut queries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "sql") {
            continue;
        }
        let name =
            path.file_stem().and_then(|name| name.to_str()).ok_or("a query without a name")?.to_owned();
        let text = fs::read_to_string(&path)?;
        let comment = text.lines().skip_while(|line| !line.starts_with("-- "));
        let comment: Vec<&str> = comment.map_while(|line| line.strip_prefix("-- ")).collect();
        let compiled = wow_template::compile(&text, plain.clone())?;
        let sql = compiled.sql.trim().to_owned();
        queries.push(Query { name, says: comment.join(" "), refers_to: parents(compiled), sql });
    }
    queries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(queries)
}

/// The names of the analyses that page and report show: those with the tag `page`.
fn shown(analyses: &Yaml) -> Result<Vec<String>, String> {
    let is_shown = |analysis: &&Yaml| {
        let tags = analysis["config"]["tags"].as_vec();
        tags.is_some_and(|tags| tags.iter().any(|tag| tag.as_str() == Some("page")))
    };
    let shown = list(&analyses["analyses"])?.iter().filter(is_shown);
    shown.map(|analysis| Ok(text(&analysis["name"])?.to_owned())).collect()
}

/// What a query is made from.
fn parents(compiled: Compiled) -> Vec<String> {
    compiled.references.into_iter().chain(compiled.sources).collect()
}

/// What a model says it is made as.
fn materialized(name: &str, compiled: &Compiled) -> Result<String, String> {
    let made_as = compiled.config.get("materialized").map(Value::to_string);
    made_as.ok_or_else(|| format!("{name}.sql does not say what it is materialized as"))
}

/// The project's variables. Those without a value are there too, as none.
fn variables(project: &Yaml) -> Result<Vec<(String, Value)>, String> {
    let variables = project["vars"].as_hash().ok_or("the project has no variables")?;
    let value = |value: &Yaml| match value {
        Yaml::Integer(number) => Value::from(*number),
        Yaml::String(text) => Value::from(text),
        _ => Value::from(()),
    };
    variables.iter().map(|(name, given)| Ok((text(name)?.to_owned(), value(given)))).collect()
}
