//! Inputs that once broke a promise, and those that a fuzzer starts from, keep all of them.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use wow_fuzzing::TARGETS;
use wow_fuzzing::seeds::seeds;

/// Runs the inputs of a target by its name. A panic tells which one it was, also one that the engine catches: in the
/// browser nothing does.
fn run(target: &str, inputs: impl IntoIterator<Item = (String, Vec<u8>)>) {
    static HAS_PANICKED: AtomicBool = AtomicBool::new(false);
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        HAS_PANICKED.store(true, Ordering::Relaxed);
        print(panic);
    }));
    let (_, check) = TARGETS.into_iter().find(|(name, _)| *name == target).unwrap();
    for (name, input) in inputs {
        let checked = std::panic::catch_unwind(|| check(&input));
        if checked.is_err() || HAS_PANICKED.load(Ordering::Relaxed) {
            panic!("{target} is broken by {name}");
        }
    }
}

/// The finds of a target, in folders of its name.
fn finds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("finds").join(target);
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect()
}

/// One test, for what listens for panics listens to the whole process.
#[test]
fn what_was_found_stays_mended_and_a_fuzzer_starts_from_what_holds() {
    for (target, _) in TARGETS {
        run(target, finds(target));
    }
    for (target, seeds) in seeds() {
        assert!(!seeds.is_empty());
        run(target, seeds.into_iter().enumerate().map(|(place, seed)| (format!("seed {place}"), seed)));
    }
}

#[test]
fn every_find_is_of_a_target() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("finds");
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name();
        assert!(TARGETS.iter().any(|(target, _)| name == *target), "{name:?}");
    }
}
