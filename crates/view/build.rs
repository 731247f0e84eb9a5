//! Takes what is said of the models from the dbt project, so that it exists once: names, descriptions, columns and tests
//! from its YAML, lineage and materialisation from its SQL. Writes `models.rs`, which `src/models` includes.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use yaml_rust2::{Yaml, YamlLoader};

/// A test that is a query of its own.
struct Query {
    name: String,
    says: String,
    refers_to: Vec<String>,
    sql: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    // Clones of the project may share a build folder: what was found out in one is nothing to go by in another.
    println!("cargo:rerun-if-env-changed=PWD");
    let project = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("../../wow_analytics");
    let (models, tests, analyses) = (project.join("models"), project.join("tests"), project.join("analyses"));
    for folder in [&models, &tests, &analyses] {
        println!("cargo:rerun-if-changed={}", folder.display());
    }
    let (sources, schema) = (yaml(&models.join("sources.yml"))?, yaml(&models.join("schema.yml"))?);
    let queries = queries(&tests)?;

    let mut code = String::from("/// The source and the models, in the order in which they are made.\n");
    code.push_str("pub static MODELS: &[Model] = &[\n");
    for source in list(&sources["sources"])? {
        for table in list(&source["tables"])? {
            write_model(&mut code, table, &queries, None)?;
        }
    }
    for model in list(&schema["models"])? {
        let file = models.join(format!("{}.sql", text(&model["name"])?));
        write_model(&mut code, model, &queries, Some(&file))?;
    }
    code.push_str("];\n/// What people ask of the models.\npub static ANALYSES: &[Analysis] = &[\n");
    for Query { name, says, sql, .. } in self::queries(&analyses)? {
        writeln!(code, "Analysis {{ name: {name:?}, says: {says:?}, sql: {:?} }},", compiled(&sql))?;
    }
    code.push_str("];\n");
    fs::write(Path::new(&std::env::var("OUT_DIR")?).join("models.rs"), code)?;
    Ok(())
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
) -> Result<(), Box<dyn Error>> {
    let (name, description) = (text(&table["name"])?, text(&table["description"])?);
    let sql = file.map(fs::read_to_string).transpose()?;
    let made_as = sql.as_deref().map(|sql| materialized(name, sql)).transpose()?;
    let parents = sql.as_deref().map(parents).unwrap_or_default();
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
fn queries(folder: &Path) -> Result<Vec<Query>, Box<dyn Error>> {
    let mut queries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).ok_or("a test without a name")?.to_owned();
        let sql = fs::read_to_string(&path)?;
        let comment = sql.lines().skip_while(|line| !line.starts_with("-- "));
        let comment: Vec<&str> = comment.map_while(|line| line.strip_prefix("-- ")).collect();
        queries.push(Query { name, says: comment.join(" "), refers_to: parents(&sql), sql });
    }
    queries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(queries)
}

/// A query with the models' own names, as it runs where they are.
fn compiled(sql: &str) -> String {
    parents(sql)
        .iter()
        .fold(sql.trim_end().to_owned(), |sql, name| sql.replace(&format!("{{{{ ref('{name}') }}}}"), name))
}

/// What a query is made from, in the order in which it names them.
fn parents(sql: &str) -> Vec<String> {
    let mut found = Vec::new();
    for call in sql.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()) {
        let texts: Vec<&str> = call.split('\'').skip(1).step_by(2).collect();
        let name = match call.trim_start() {
            call if call.starts_with("ref(") => texts.first(),
            call if call.starts_with("source(") => texts.get(1),
            _ => None,
        };
        if let Some(&name) = name.filter(|name| !found.iter().any(|known| known == *name)) {
            found.push(name.to_owned());
        }
    }
    found
}

/// What a model says it is made as.
fn materialized(name: &str, sql: &str) -> Result<String, String> {
    let made_as = sql.split("materialized='").nth(1).and_then(|rest| rest.split('\'').next());
    made_as.map(str::to_owned).ok_or_else(|| format!("{name}.sql does not say what it is materialized as"))
}
