//! Writes what a fuzzer starts from into a folder for each target: `seeds FOLDER`.

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or_else(|| io::Error::other("name the folder to write to"))?;
    for (target, seeds) in wow_fuzzing::seeds::seeds() {
        let folder = folder.join(target);
        fs::create_dir_all(&folder)?;
        for (place, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{place}")), seed)?;
        }
    }
    Ok(())
}
