//! Which log marks belong to.

use crate::dataset::Dataset;

/// What the marks of a log's players are kept under.
///
/// It is not the `dataset_id`, which changes with every row: marks are of players, and a player that was marked yesterday is
/// the same one in today's export. So it is what stays when a log is exported anew: the environment and the database's file
/// name. A sample has players of the same log, and so its marks. Files without a manifest have no more than their names: the
/// folder that they came with, or the names themselves. Two logs of one name under one environment are taken for the same; who
/// has such a pair exports the marks of the one before importing those of the other.
#[must_use]
pub fn log_of(dataset: &Dataset) -> String {
    match dataset {
        Dataset::Export(manifest) => format!("{} {}", manifest.environment.name(), manifest.database),
        Dataset::Files { names, .. } => {
            let folder = names.iter().map(|name| name.split_once('/').map(|(folder, _)| folder));
            let mut folders: Vec<Option<&str>> = folder.collect();
            folders.dedup();
            match folders.as_slice() {
                [Some(folder)] => format!("folder {folder}"),
                _ => {
                    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
                    names.sort_unstable();
                    format!("files {}", names.join("\n"))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use wow_engine::manifest::Environment;

    use super::*;
    use crate::sample;

    #[test]
    fn a_new_export_has_the_marks_of_the_one_before_and_another_log_has_its_own() {
        let export = |change: fn(&mut wow_engine::manifest::Manifest)| {
            let mut manifest = sample::manifest();
            change(&mut manifest);
            log_of(&Dataset::Export(Box::new(manifest)))
        };
        let log = export(|_| {});
        assert_eq!(log, "dev wow_test.duckdb");
        assert_eq!(export(|manifest| manifest.dataset_id = "f".repeat(64)), log);
        assert_ne!(export(|manifest| manifest.environment = Environment::Prod), log);
        assert_ne!(export(|manifest| manifest.database = "wow.duckdb".to_owned()), log);
        let files = |names: &[&str]| {
            let names = names.iter().map(|&name| name.to_owned()).collect();
            log_of(&Dataset::Files { names, is_local: true })
        };
        assert_eq!(files(&["log/a.parquet", "log/b.parquet"]), files(&["log/b.parquet", "log/c.parquet"]));
        assert_eq!(files(&["b.csv", "a.csv"]), files(&["a.csv", "b.csv"]));
        assert_ne!(files(&["a.csv"]), files(&["b.csv"]));
        assert_ne!(files(&["log/a.csv", "a.csv"]), files(&["log/a.csv"]));
    }
}
