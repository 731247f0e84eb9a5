//! Tells `WOW_BUILD`, by which page and worker know that they are made of the same sources.

use std::error::Error;
use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    // Clones of the project may share a build folder: what was found out in one is nothing to go by in another.
    println!("cargo:rerun-if-env-changed=PWD");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        // What wasm-split goes by, which takes out what is fetched later.
        println!("cargo:rustc-link-arg-bins=--emit-relocs");
    }
    println!("cargo:rustc-env=WOW_BUILD={}", build_of(Path::new(&std::env::var("CARGO_MANIFEST_DIR")?))?);
    Ok(())
}

/// What page and worker are made of.
const SOURCES: [&str; 14] = [
    "Cargo.lock",
    "build.rs",
    "src",
    "crates/engine/src",
    "crates/charts/src",
    "crates/view/build.rs",
    "crates/view/src",
    "crates/report/src",
    "crates/template/src",
    "wow_analytics/dbt_project.yml",
    "wow_analytics/macros",
    "wow_analytics/models",
    "wow_analytics/tests",
    "wow_analytics/analyses",
];

/// A name for the sources in a folder, which is another one for others.
fn build_of(root: &Path) -> Result<String, Box<dyn Error>> {
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        let path = root.join(source);
        println!("cargo:rerun-if-changed={}", path.display());
        hash(&path, &mut hasher)?;
    }
    Ok(format!("{}+{:016x}", std::env::var("CARGO_PKG_VERSION")?, hasher.finish()))
}

fn hash(path: &Path, hasher: &mut DefaultHasher) -> Result<(), Box<dyn Error>> {
    hasher.write(path.file_name().unwrap_or_default().as_encoded_bytes());
    if path.is_dir() {
        let mut entries =
            fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
        entries.sort();
        entries.iter().try_for_each(|entry| hash(entry, hasher))
    } else {
        hasher.write(&fs::read(path)?);
        Ok(())
    }
}
