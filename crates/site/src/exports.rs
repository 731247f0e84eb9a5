//! The exports that go into a site.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// The names of the folders in which exports lie.
pub(crate) const ENVIRONMENTS: [&str; 2] = ["dev", "prod"];
/// The manifest of an export, and that of the export before, whose parts are kept for pages that still read it.
const MANIFESTS: [&str; 2] = ["manifest.json", "manifest.previous.json"];

/// What there is, and what of it goes in.
#[derive(Debug, Default)]
pub struct Exports {
    chosen: Vec<Export>,
    is_prod_left_out: bool,
}

#[derive(Debug)]
struct Export {
    environment: &'static str,
    folder: PathBuf,
    files: Vec<String>,
    bytes: u64,
}

impl Exports {
    /// The exports in a folder; that of production only when it is asked for.
    ///
    /// # Errors
    /// When production is asked for and is not there, and when a manifest cannot be read.
    pub fn chosen(data: &Path, with_prod: bool) -> Result<Self> {
        let mut exports = Self::default();
        for environment in ENVIRONMENTS {
            let folder = data.join(environment);
            let is_there = folder.join(MANIFESTS[0]).exists();
            let is_prod = environment == "prod";
            ensure!(
                is_there || !(is_prod && with_prod),
                "there is no production export in {}: write one with wow export --target prod",
                data.display()
            );
            if is_there && is_prod && !with_prod {
                exports.is_prod_left_out = true;
            } else if is_there {
                exports.chosen.push(Export::read(environment, folder)?);
            }
        }
        Ok(exports)
    }

    /// Copies them into a site's folder of data.
    ///
    /// # Errors
    /// What cannot be copied.
    pub fn copy_into(&self, data: &Path) -> Result<()> {
        for export in &self.chosen {
            let to = data.join(export.environment);
            fs::create_dir_all(&to).with_context(|| format!("{} cannot be made", to.display()))?;
            for file in &export.files {
                fs::copy(export.folder.join(file), to.join(file)).with_context(|| {
                    format!("{file} of the {} export cannot be copied", export.environment)
                })?;
            }
        }
        Ok(())
    }

    /// What went in, and what did not.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
        let mut told: Vec<String> = self
            .chosen
            .iter()
            .map(|export| match export.environment {
                "prod" => format!(
                    "🚨 PRODUCTION data went in: {} files, {} MB, for everyone who can reach the site",
                    export.files.len(),
                    megabytes(export.bytes)
                ),
                name => format!(
                    "the {name} export went in: {} files, {} MB",
                    export.files.len(),
                    megabytes(export.bytes)
                ),
            })
            .collect();
        if self.chosen.is_empty() {
            told.push("no export went in".to_owned());
        }
        if self.is_prod_left_out {
            told.push("the production export was left out; --with-prod puts it in".to_owned());
        }
        told
    }
}

impl Export {
    fn read(environment: &'static str, folder: PathBuf) -> Result<Self> {
        let mut files = Vec::new();
        for manifest in MANIFESTS {
            let path = folder.join(manifest);
            if !path.exists() {
                continue;
            }
            let text = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            let value: Value = serde_json::from_slice(&text)
                .with_context(|| format!("{} is no manifest", path.display()))?;
            let parts =
                value["parts"].as_array().with_context(|| format!("{} names no parts", path.display()))?;
            // What snapshots saw of players, where there is such a file.
            let facts = Some(&value["player_facts"]).filter(|facts| facts.is_object());
            for part in parts.iter().chain(facts) {
                let name = part["file"]
                    .as_str()
                    .with_context(|| format!("{} names a part without a file", path.display()))?;
                ensure!(
                    !name.contains(['/', '\\']),
                    "{} names {name}, which is no plain file name",
                    path.display()
                );
                if !files.iter().any(|known| known == name) {
                    files.push(name.to_owned());
                }
            }
            files.push(manifest.to_owned());
        }
        // A page that reads the export before may have lost a part to an earlier round, which nobody can bring back.
        files.retain(|file| folder.join(file).exists());
        let bytes =
            files.iter().map(|file| Ok(fs::metadata(folder.join(file))?.len())).sum::<Result<u64>>()?;
        Ok(Self { environment, folder, files, bytes })
    }
}
