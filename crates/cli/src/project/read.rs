//! From the files of a dbt project to its nodes.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use serde_json::{Map, Value, json};
use wow_template::Serde;

use super::compile::text_of;
use super::files::ProjectFile;
use super::generic::GenericTest;
use super::node::Body;
use super::yaml::{self, Described, DescriptionsYaml, ExposureYaml, ProjectYaml};
use super::{InDatabase, NAME, Node, Project, ResourceType, Variables};

/// The folders with files of nodes, what is in them, and its key in `dbt_project.yml`.
const FOLDERS: [(&str, ResourceType, &str); 5] = [
    ("models/", ResourceType::Model, "models"),
    ("seeds/", ResourceType::Seed, "seeds"),
    ("snapshots/", ResourceType::Snapshot, "snapshots"),
    ("analyses/", ResourceType::Analysis, "analyses"),
    ("tests/", ResourceType::Test, "data_tests"),
];

/// What is said of a node, and in which file.
type Descriptions = BTreeMap<(ResourceType, String), (String, Described)>;

/// Reads a project.
///
/// # Errors
/// When it is none that dbt would take, or has what is not known here.
pub(super) fn project(files: Vec<ProjectFile>) -> anyhow::Result<Project> {
    let read = |file: &ProjectFile| Reader::read_project(file);
    let settings = files.iter().find(|file| file.path == "dbt_project.yml").map(read).transpose()?;
    let mut reader =
        Reader { settings: settings.context("there is no dbt_project.yml")?, ..Reader::default() };
    for file in &files {
        reader.add(file).with_context(|| format!("{} of the dbt project cannot be read", file.path))?;
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    settings: Settings,
    descriptions: Descriptions,
    nodes: Vec<Node>,
    exposures: Vec<(String, ExposureYaml)>,
}

#[derive(Default)]
struct Settings {
    variables: Variables,
    folders: Map<String, Value>,
}

impl Reader {
    fn read_project(file: &ProjectFile) -> anyhow::Result<Settings> {
        let ProjectYaml { vars, folders } = yaml::read(&file.text)?;
        let variables = vars.into_iter().map(|(name, value)| (name, wow_template::Value::from(Serde(value))));
        Ok(Settings { variables: Variables::new(variables), folders })
    }

    fn add(&mut self, file: &ProjectFile) -> anyhow::Result<()> {
        let folder = FOLDERS.iter().find(|(folder, ..)| file.path.starts_with(folder));
        let Some(&(_, resource_type, key)) = folder else { return Ok(()) };
        if file.path.ends_with(".yml") {
            return self.describe(file);
        }
        let mut fqn = vec![NAME.to_owned()];
        fqn.extend((resource_type == ResourceType::Analysis).then(|| "analysis".to_owned()));
        fqn.extend(file.folders().into_iter().map(str::to_owned));
        let (name, body) = match resource_type {
            ResourceType::Seed => (file.stem().to_owned(), Body::Csv(file.text.clone().into_owned())),
            ResourceType::Snapshot => {
                fqn.push(file.stem().to_owned());
                let (name, query) = snapshot(&file.text)?;
                (name.to_owned(), Body::Sql(query.to_owned()))
            }
            _ => (file.stem().to_owned(), Body::Sql(file.text.clone().into_owned())),
        };
        fqn.push(name.clone());
        let mut config = usual_config(resource_type);
        config.extend(self.settings.of_folder(key, &fqn));
        self.nodes.push(Node {
            unique_id: format!("{}.{NAME}.{name}", resource_type.name()),
            alias: name.clone(),
            name,
            resource_type,
            path: file.path.clone(),
            described_in: None,
            fqn,
            tags: Vec::new(),
            config,
            description: String::new(),
            parents: Vec::new(),
            body,
        });
        Ok(())
    }

    fn describe(&mut self, file: &ProjectFile) -> anyhow::Result<()> {
        let yaml: DescriptionsYaml = yaml::read(&file.text)?;
        let lists = [
            (ResourceType::Model, yaml.models),
            (ResourceType::Seed, yaml.seeds),
            (ResourceType::Snapshot, yaml.snapshots),
            (ResourceType::Analysis, yaml.analyses),
            (ResourceType::Test, yaml.data_tests),
        ];
        for (resource_type, list) in lists {
            for described in list {
                self.add_tests(file, &format!("ref('{}')", described.name), &described.name, &described)?;
                self.descriptions
                    .insert((resource_type, described.name.clone()), (file.path.clone(), described));
            }
        }
        for source in yaml.sources {
            for table in source.tables {
                let (name, tested) = (&table.name, format!("source('{}', '{}')", source.name, table.name));
                self.add_tests(file, &tested, &format!("{}_{name}", source.name), &table)?;
                self.nodes.push(elsewhere(
                    ResourceType::Source,
                    file,
                    &[&source.name, name],
                    &table.description,
                ));
            }
        }
        self.exposures.extend(yaml.exposures.into_iter().map(|exposure| (file.path.clone(), exposure)));
        Ok(())
    }

    /// The tests of columns.
    fn add_tests(
        &mut self,
        file: &ProjectFile,
        tested: &str,
        name: &str,
        described: &Described,
    ) -> anyhow::Result<()> {
        for column in &described.columns {
            for test in &column.data_tests {
                let test = GenericTest::of(tested.to_owned(), name, column, test)?;
                let mut fqn = vec![NAME.to_owned()];
                fqn.extend(file.folders().into_iter().map(str::to_owned));
                fqn.push(test.name());
                let mut config = usual_config(ResourceType::Test);
                config.extend(self.settings.of_folder("data_tests", &fqn));
                config.extend(test.config.clone());
                self.nodes.push(Node {
                    unique_id: format!("test.{NAME}.{}.{}", test.name(), test.id_hash()),
                    name: test.name(),
                    alias: test.alias(),
                    resource_type: ResourceType::Test,
                    path: file.path.clone(),
                    described_in: None,
                    fqn,
                    tags: Vec::new(),
                    config,
                    description: String::new(),
                    parents: Vec::new(),
                    body: Body::Test(test),
                });
            }
        }
        Ok(())
    }

    fn finish(mut self) -> anyhow::Result<Project> {
        for (path, exposure) in std::mem::take(&mut self.exposures) {
            let file = ProjectFile { path, text: "".into() };
            let mut node = elsewhere(ResourceType::Exposure, &file, &[&exposure.name], &exposure.description);
            node.config.extend(exposure.config);
            let depends_on = exposure.depends_on.iter().map(|parent| format!("{{{{ {parent} }}}}"));
            node.body = Body::Sql(depends_on.collect());
            self.nodes.push(node);
        }
        let known: BTreeMap<String, String> = self.nodes.iter().filter_map(readable).collect();
        for node in &mut self.nodes {
            if let Some((path, described)) = self.descriptions.get(&(node.resource_type, node.name.clone())) {
                node.described_in = Some(path.clone());
                node.description = described.description.trim_end().to_owned();
                node.config.extend(described.config.clone());
            }
            read_text(node, &known, &self.settings.variables)
                .with_context(|| format!("{} of the dbt project cannot be read", node.path))?;
            node.tags = tags(node.config.get("tags"));
        }
        Project::in_order(self.nodes, self.settings.variables)
    }
}

impl Settings {
    /// What is said of the folders that lead to a node, the nearest last.
    fn of_folder(&self, key: &str, fqn: &[String]) -> Map<String, Value> {
        let mut found = Map::new();
        let mut level = self.folders.get(key);
        for name in fqn {
            level = level.and_then(|level| level.get(name));
            let entries = level.and_then(Value::as_object).into_iter().flatten();
            found.extend(
                entries.filter_map(|(name, value)| Some((name.strip_prefix('+')?.to_owned(), value.clone()))),
            );
        }
        found
    }
}

/// Takes from a node's text what it reads and how it is configured.
fn read_text(node: &mut Node, known: &BTreeMap<String, String>, variables: &Variables) -> anyhow::Result<()> {
    let text = match &node.body {
        Body::Sql(text) => text.clone(),
        Body::Test(test) => format!("{{{{ {} }}}}", test.tested),
        Body::Csv(_) | Body::Elsewhere => return Ok(()),
    };
    let compiled = text_of(&text, InDatabase, variables.clone())?;
    for name in compiled.sources.iter().chain(&compiled.references) {
        node.parents.push(known.get(name).with_context(|| format!("there is no `{name}`"))?.clone());
    }
    for (name, value) in compiled.config {
        node.config.insert(name, serde_json::to_value(value)?);
    }
    if node.resource_type == ResourceType::Exposure {
        node.body = Body::Elsewhere;
    }
    Ok(())
}

/// What `ref` and `source` can name, and its unique id.
fn readable(node: &Node) -> Option<(String, String)> {
    use ResourceType::{Model, Seed, Snapshot, Source};
    let is_readable = matches!(node.resource_type, Model | Seed | Snapshot | Source);
    is_readable.then(|| (node.name.clone(), node.unique_id.clone()))
}

/// The name of a snapshot and its query.
fn snapshot(text: &str) -> anyhow::Result<(&str, &str)> {
    let (before, rest) = text.split_once("{% snapshot ").context("there is no `{% snapshot NAME %}`")?;
    let (name, rest) = rest.split_once("%}").context("`{% snapshot` has no end")?;
    let (query, after) = rest.split_once("{% endsnapshot %}").context("there is no `{% endsnapshot %}`")?;
    ensure!((before.trim(), after.trim()) == ("", ""), "there is more than one snapshot");
    Ok((name.trim(), query))
}

/// A source's table, or an exposure.
fn elsewhere(resource_type: ResourceType, file: &ProjectFile, names: &[&str], description: &str) -> Node {
    let fqn: Vec<String> = [NAME].iter().chain(names).map(|name| (*name).to_owned()).collect();
    let name = fqn.last().cloned().unwrap_or_default();
    Node {
        unique_id: format!("{}.{}", resource_type.name(), fqn.join(".")),
        alias: name.clone(),
        name,
        resource_type,
        path: file.path.clone(),
        described_in: None,
        fqn,
        tags: Vec::new(),
        config: usual_config(resource_type),
        description: description.trim_end().to_owned(),
        parents: Vec::new(),
        body: Body::Elsewhere,
    }
}

/// How nodes are configured of which nothing is said, as far as it matters here.
fn usual_config(resource_type: ResourceType) -> Map<String, Value> {
    let config = match resource_type {
        ResourceType::Model | ResourceType::Analysis => json!({ "enabled": true, "materialized": "view" }),
        ResourceType::Seed => json!({ "enabled": true, "materialized": "seed", "delimiter": "," }),
        ResourceType::Snapshot => json!({ "enabled": true, "materialized": "snapshot" }),
        ResourceType::Test => {
            json!({ "enabled": true, "materialized": "test", "severity": "ERROR", "schema": "dbt_test__audit" })
        }
        ResourceType::Source | ResourceType::Exposure => json!({ "enabled": true }),
    };
    config.as_object().cloned().unwrap_or_default()
}

/// Tags are one text or a list.
fn tags(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(tag)) => vec![tag.clone()],
        Some(Value::Array(tags)) => tags.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
