//! Prints what the code of a site weighs, what is in it by crate, and what is over its budget. `scripts/size.sh` runs it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use wasmparser::{KnownCustom, Name, Payload, TypeRef};

#[derive(Parser)]
#[command(
    about = "Prints what the code of a site weighs, what is in it by crate, and what is over its budget"
)]
struct Arguments {
    /// What trunk built, which has the names of functions
    built: PathBuf,
    /// The site that was made of it
    site: PathBuf,
    /// A line for each file of code: its name without its hash, and the bytes that it may have by brotli
    budget: PathBuf,
}

/// What the first picture waits for.
const AT_FIRST: [&str; 5] = ["start.js", "app.js", "app.wasm", "worker.js", "worker.wasm"];
/// Crates that are told of each module.
const CRATES_SHOWN: usize = 12;
/// Crates whose code counts as that of the crate that it was made for.
const STANDARD: [&str; 4] = ["core", "alloc", "std", "hashbrown"];

fn main() -> Result<()> {
    let Arguments { built, site, budget } = Arguments::parse();
    for (name, paths) in code_in(&built)? {
        if name.ends_with(".wasm") {
            let mut crates = BTreeMap::new();
            paths.iter().try_for_each(|path| add_by_crate(&fs::read(path)?, &mut crates))?;
            println!("{name}, bytes of code by crate: {}", told(&crates));
        }
    }
    let text = fs::read_to_string(&budget).with_context(|| format!("{} cannot be read", budget.display()))?;
    let budget: BTreeMap<&str, u64> = text.lines().filter_map(budgeted).collect();
    let (mut first, mut all, mut over) = (0, 0, Vec::new());
    println!("\n{:<20} {:>9} {:>9} {:>9}", "file", "bytes", "brotli", "budget");
    for (name, paths) in code_in(&site)? {
        let (bytes, packed) = weight(&paths)?;
        let allowed = budget.get(name.as_str()).copied();
        let is_first = AT_FIRST.contains(&name.as_str());
        let when = if is_first { "  before the first picture" } else { "" };
        let said = allowed.map_or_else(|| "none".to_owned(), |allowed| allowed.to_string());
        println!("{name:<20} {bytes:>9} {packed:>9} {said:>9}{when}");
        all += packed;
        first += if is_first { packed } else { 0 };
        if allowed.is_none_or(|allowed| packed > allowed) {
            over.push(name);
        }
    }
    println!("by brotli {first} bytes before the first picture, {all} in all");
    if !over.is_empty() {
        bail!("over the budget, or without one: {}", over.join(", "));
    }
    Ok(())
}

/// The bytes of files, and those by brotli.
fn weight(paths: &[PathBuf]) -> Result<(u64, u64)> {
    let mut weight = (0, 0);
    for path in paths {
        let bytes = fs::metadata(path)?.len();
        weight.0 += bytes;
        // What is too small to be packed is sent as it is.
        weight.1 += fs::metadata(format!("{}.br", path.display())).map_or(bytes, |packed| packed.len());
    }
    Ok(weight)
}

fn budgeted(line: &str) -> Option<(&str, u64)> {
    let (name, bytes) = line.split_once(' ')?;
    Some((name, bytes.trim().parse().ok()?))
}

/// All code in a folder, by its name without its hash. Pieces that several others share have numbers for names, which are
/// others with every change: they count as one.
fn code_in(folder: &Path) -> Result<BTreeMap<String, Vec<PathBuf>>> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut files = BTreeMap::<String, Vec<PathBuf>>::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().replace("_bg.", ".");
        let Some((stem, end)) = name.rsplit_once('.').filter(|(_, end)| matches!(*end, "js" | "wasm")) else {
            continue;
        };
        let plain = stem.rsplit_once('-').map_or(stem, |(plain, _)| plain);
        let plain = plain.trim_end_matches(|sign: char| sign.is_ascii_digit());
        files
            .entry(format!("{plain}{}.{end}", if plain.ends_with('-') { "shared" } else { "" }))
            .or_default()
            .push(path);
    }
    Ok(files)
}

/// Adds the bytes of functions to those of the crate that they were made for.
fn add_by_crate(code: &[u8], crates: &mut BTreeMap<String, u64>) -> Result<()> {
    let (mut imported, mut bodies, mut names) = (0, Vec::new(), BTreeMap::new());
    for payload in wasmparser::Parser::new(0).parse_all(code) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.range().end - body.range().start),
            Payload::CustomSection(section) => {
                let KnownCustom::Name(section) = section.as_known() else { continue };
                for part in section {
                    let Name::Function(functions) = part? else { continue };
                    for function in functions {
                        let function = function?;
                        names.insert(function.index, function.name);
                    }
                }
            }
            _ => {}
        }
    }
    for (index, bytes) in (imported..).zip(bodies) {
        let name = names.get(&index).copied().unwrap_or("without a name");
        *crates.entry(crate_of(name)).or_default() += bytes;
    }
    Ok(())
}

/// The first crate in a function's name that is not of the standard library: for that one the code was made.
fn crate_of(name: &str) -> String {
    let name = format!("{:#}", rustc_demangle::demangle(name));
    let words = name.split(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '_' || sign == ':'));
    let heads: Vec<&str> = words.filter_map(|word| Some(word.split_once("::")?.0)).collect();
    let found = heads.iter().find(|head| !head.is_empty() && !STANDARD.contains(*head));
    found.or(heads.first()).map_or_else(|| "without a crate".to_owned(), |head| (*head).to_owned())
}

fn told(crates: &BTreeMap<String, u64>) -> String {
    let mut crates: Vec<_> = crates.iter().collect();
    crates.sort_by_key(|(_, bytes)| Reverse(**bytes));
    let shown = crates.iter().take(CRATES_SHOWN).map(|(name, bytes)| format!("{name} {bytes}"));
    shown.collect::<Vec<_>>().join(", ")
}
