//! Has the command find the DuckDB library that it was linked with, puts the files of the dbt project into it, and with the
//! feature `site` builds the site and puts that into it too.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::{env, fs};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The status of the script below where a tool that it needs is not there.
const TOOLS_MISSING: i32 = 3;
/// Builds the site into the folder `$1`, from the project's folder.
const BUILD_SITE: &str = ". scripts/env.sh
    { type -P trunk && type -P wasm-split-cli && { has_wasm_target || has_debian_wasm; }; } >/dev/null || exit 3
    wasm trunk build --release --locked --dist \"$1\" >&2";

fn main() -> Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    // Clones of the project may share a build folder: what was found out in one is nothing to go by in another.
    println!("cargo:rerun-if-env-changed=PWD");
    find_duckdb();
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let site = if env::var_os("CARGO_FEATURE_SITE").is_some() { site(&out)? } else { None };
    fs::write(out.join("site.rs"), listed(site.as_deref())?)?;
    fs::write(out.join("project.rs"), project()?)?;
    Ok(())
}

/// The files of the dbt project as a table in Rust. What dbt makes there is none of them, nor are the macros, which every
/// file is compiled with.
fn project() -> Result<String> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../wow_analytics").canonicalize()?;
    let mut paths = vec![root.join("dbt_project.yml")];
    let mut folders =
        ["analyses", "models", "seeds", "snapshots", "tests"].map(|name| root.join(name)).to_vec();
    while let Some(folder) = folders.pop() {
        println!("cargo:rerun-if-changed={}", folder.display());
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let is_read = path.extension().is_some_and(|end| end == "sql" || end == "yml" || end == "csv");
            if path.is_dir() {
                // What is there for Spark alone is dbt's to run.
                folders.extend((!path.ends_with("models/spark")).then_some(path));
            } else if is_read {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let mut code = String::from("static FILES: &[(&str, &str)] = &[\n");
    for path in paths {
        println!("cargo:rerun-if-changed={}", path.display());
        let name = path.strip_prefix(&root)?.to_str().ok_or("a file's name is no text")?;
        writeln!(code, "({name:?}, include_str!({path:?})),")?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// Where the library is looked for when the command starts: where it was linked from, or where `WOW_RPATH` says.
fn find_duckdb() {
    println!("cargo:rerun-if-env-changed=DUCKDB_LIB_DIR");
    println!("cargo:rerun-if-env-changed=WOW_RPATH");
    let is_bundled = env::var_os("CARGO_FEATURE_BUNDLED").is_some();
    if let Ok(folder) = env::var("WOW_RPATH").or_else(|_| env::var("DUCKDB_LIB_DIR"))
        && !is_bundled
    {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{folder}");
    }
}

/// Builds the site of the sources as they are, so that no other one can be in the command. Nothing where this machine
/// cannot build it.
fn site(out: &Path) -> Result<Option<PathBuf>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../..").canonicalize()?;
    watch(&root)?;
    let (built, site) = (out.join("built"), out.join("site"));
    let status = build(&root, &built)?;
    if status.code() == Some(TOOLS_MISSING) {
        println!(
            "cargo:warning=`wow serve` will have no site: trunk and Rust's wasm32 target, which build it, are not here"
        );
        println!("cargo:warning=`scripts/setup.sh demo` brings both; then build again");
        // What is not there counts as changed, so the next build looks again.
        println!("cargo:rerun-if-changed={}", out.join("no-site").display());
        return Ok(None);
    }
    if !status.success() {
        return Err("the site could not be built, see above; a command without it is built with \
                    `--no-default-features --features bundled`"
            .into());
    }
    publish(&built, &site)?;
    Ok(Some(site))
}

/// As for a static host, but for the exports: those of the folder that is served are not known yet.
#[cfg(feature = "site")]
fn publish(built: &Path, site: &Path) -> Result<()> {
    let settings = wow_site::Settings { data: built.join("no-exports"), ..Default::default() };
    wow_site::publish(built, site, &settings).map_err(|error| format!("{error:#}"))?;
    // Trunk copies the exports of the checkout along.
    Ok(fs::remove_dir_all(built)?)
}

#[cfg(not(feature = "site"))]
fn publish(_: &Path, _: &Path) -> Result<()> {
    Ok(())
}

/// Has cargo build again when what trunk watches has changed.
fn watch(root: &Path) -> Result<()> {
    let trunk = fs::read_to_string(root.join("Trunk.toml"))?;
    let list = trunk.split_once("\nwatch = [").and_then(|(_, rest)| rest.split_once(']'));
    let (list, _) = list.ok_or("Trunk.toml has no list of what it watches")?;
    let own = ["Trunk.toml"];
    for name in list.split('"').skip(1).step_by(2).filter(|name| *name != "public").chain(own) {
        println!("cargo:rerun-if-changed={}", root.join(name).display());
    }
    // Exports may lie among them, which are no part of the site.
    for entry in fs::read_dir(root.join("public"))? {
        let path = entry?.path();
        if !path.ends_with("data") {
            println!("cargo:rerun-if-changed={}", path.display());
        }
    }
    Ok(())
}

/// Runs trunk as in a shell of its own: what cargo tells this script is not about that build.
fn build(root: &Path, built: &Path) -> Result<ExitStatus> {
    let mut command = Command::new("bash");
    command.current_dir(root).args(["-euc", BUILD_SITE, "bash"]).arg(built);
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        let is_cargos = name.starts_with("CARGO_") && name != "CARGO_HOME";
        if is_cargos
            || matches!(&*name, "CARGO" | "RUSTC" | "RUSTDOC" | "TARGET" | "HOST" | "OUT_DIR" | "PROFILE")
        {
            command.env_remove(name);
        }
    }
    command.status().map_err(|error| format!("bash, which builds the site, cannot be run: {error}").into())
}

/// The files of a site as a table in Rust. A file that is there packed need not be there plain as well.
fn listed(site: Option<&Path>) -> Result<String> {
    let mut code = String::from("static FILES: &[(&str, &[u8])] = &[\n");
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in site.map(fs::read_dir).transpose()?.into_iter().flatten() {
        paths.push(entry?.path());
    }
    paths.sort();
    for path in paths.iter().filter(|path| path.is_file()) {
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("a file's name is no text")?;
        if !path.with_file_name(format!("{name}.gz")).exists() {
            writeln!(code, "({name:?}, include_bytes!({path:?})),")?;
        }
    }
    code.push_str("];\n");
    Ok(code)
}
