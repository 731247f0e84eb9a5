//! Where what leaves the page comes from, as a file tells it: in its name, in its foot, or in its own notes.

use wow_engine::write::Note;
use wow_engine::{Filter, Params};

use super::dataset::{Badge, Dataset};
use super::filter::{self, BotChoice};
use super::params::ChosenParams;
use super::{csv, limits, sampled, time};

/// What a file is made of, and what was chosen of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    badge: Badge,
    /// The environment's name, or `files`.
    place: &'static str,
    database: Option<String>,
    /// The start of the data's id; files without a manifest have none.
    dataset_id: Option<String>,
    exported_at: Option<String>,
    /// The share of the players that the data hold, where it is not all.
    sample: Option<String>,
    filter: Vec<(&'static str, String)>,
    params: Params,
    usual: Params,
}

impl Provenance {
    /// What is known of the data, the filter that was passed, and the parameters in force; `badge` is that of what was asked
    /// for, which counts as long as there are no data.
    #[must_use]
    pub fn new(
        dataset: Option<&Dataset>,
        badge: Badge,
        filter: &Filter,
        bots: BotChoice,
        params: &Params,
    ) -> Self {
        let manifest = dataset.and_then(Dataset::manifest);
        Self {
            badge: dataset.map_or(badge, Dataset::badge),
            place: dataset.and_then(Dataset::environment).map_or("files", |environment| environment.name()),
            database: dataset.map(Dataset::name),
            dataset_id: manifest.and(dataset).and_then(Dataset::mark),
            exported_at: manifest.map(|manifest| manifest.exported_at.clone()),
            sample: dataset.and_then(Dataset::sample).map(sampled::in_short),
            filter: filter::pairs(filter, bots),
            params: *params,
            usual: dataset.map(Dataset::params).unwrap_or_default(),
        }
    }

    /// A file's name: what it holds, then which data, the filter, its `own` filters, and the parameters that differ from those
    /// that the data come with.
    #[must_use]
    pub fn file_name(&self, stem: &str, own: &[(&str, String)], extension: &str) -> String {
        let own = own.iter().map(|(key, value)| format!("{key}-{value}"));
        let words = std::iter::once(stem.to_owned()).chain(self.words());
        csv::file_name(words.chain(self.choice()).chain(own), extension)
    }

    /// Which other data it is put beside, for the name of a file.
    #[must_use]
    pub fn against(&self, other: Option<&Dataset>) -> Vec<(&'static str, String)> {
        let words = |other| {
            Self::new(Some(other), self.badge, &Filter::default(), BotChoice::default(), &self.params).words()
        };
        other.map(|other| ("against", words(other).join("-"))).into_iter().collect()
    }

    /// The words of a name that tell the data from others.
    fn words(&self) -> Vec<String> {
        let database = self.database.as_ref().map(|name| without_extension(name).to_owned());
        let data = [Some(self.place.to_owned()), database, self.dataset_id.clone(), self.sample.clone()];
        data.into_iter().flatten().collect()
    }

    fn choice(&self) -> impl Iterator<Item = String> {
        let params = ChosenParams::differing(&self.params, &self.usual).pairs();
        self.filter.iter().cloned().chain(params).map(|(key, value)| format!("{key}-{value}"))
    }

    /// The foot of a picture: environment, database, data, when they were exported, and what differs from the default.
    #[must_use]
    pub fn line(&self) -> String {
        let id = self.dataset_id.as_ref().map(|id| format!("data set {id}"));
        let exported = self.exported_at.as_ref().map(|at| format!("exported {}", time::rfc3339(at)));
        let data = [Some(self.badge.label().to_owned()), self.database.clone(), id, exported];
        let filter = self.filter.chunk_by(|(one, _), (next, _)| one == next).map(|pairs| {
            let values: Vec<&str> = pairs.iter().map(|(_, value)| value.as_str()).collect();
            format!("{}: {}", pairs[0].0, values.join(", "))
        });
        let params = limits::differing(&self.params, &self.usual);
        let parts = data.into_iter().flatten().chain(self.sample.clone()).chain(filter).chain(params);
        parts.collect::<Vec<_>>().join(" · ")
    }

    /// What nobody may overlook: that the data are production's.
    #[must_use]
    pub fn alarm(&self) -> Option<&'static str> {
        (self.badge == Badge::Production).then_some("PRODUCTION data")
    }

    /// The notes of a Parquet file: filter and all parameters as the address has them.
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        let written = |pairs: &[(&'static str, String)]| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(pairs).finish()
        };
        let filter = Some(written(&self.filter)).filter(|filter| !filter.is_empty());
        let notes = [
            ("environment", Some(self.place.to_owned())),
            ("database", self.database.clone()),
            ("dataset_id", self.dataset_id.clone()),
            ("exported_at", self.exported_at.clone()),
            ("sample", self.sample.clone()),
            ("filter", filter),
            ("parameters", Some(written(&ChosenParams::all(&self.params).pairs()))),
        ];
        notes.into_iter().filter_map(|(key, note)| Some((format!("wow.{key}"), note?))).collect()
    }
}

/// A file's name without what says its kind.
fn without_extension(name: &str) -> &str {
    [".duckdb", ".parquet", ".csv"].iter().find_map(|extension| name.strip_suffix(extension)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use wow_engine::manifest::Environment;
    use wow_engine::time::Minutes;

    use super::*;
    use crate::choice::Choice;

    fn of(dataset: &Dataset, query: &str) -> Provenance {
        let choice = Choice::from_query(query);
        let params = choice.params.over(&dataset.params());
        Provenance::new(Some(dataset), Badge::Dev, &choice.filter, choice.bots, &params)
    }

    fn export() -> Dataset {
        Dataset::Export(Box::new(crate::sample::manifest()))
    }

    #[test]
    fn a_name_tells_the_data_the_filter_and_what_differs_from_the_default() {
        let own = [("guild", "7".to_owned())];
        assert_eq!(
            of(&export(), "").file_name("players", &[], "csv"),
            "players-dev-wow_test-0123456789ab.csv"
        );
        assert_eq!(
            of(&export(), "class=Mage&bots=out&gap=10&longest=720").file_name("players", &own, "csv"),
            "players-dev-wow_test-0123456789ab-class-Mage-bots-out-gap-10-guild-7.csv"
        );
        // What the data come with is told by their id.
        let mut manifest = crate::sample::manifest();
        manifest.parameters.session_gap_minutes = Minutes::of(10);
        let with_that_gap = Dataset::Export(Box::new(manifest));
        assert!(!of(&with_that_gap, "gap=10").file_name("players", &[], "csv").contains("gap"));
        assert!(of(&with_that_gap, "gap=30").file_name("players", &[], "csv").contains("gap-30"));
        assert_eq!(of(&export(), "").against(Some(&with_that_gap))[0].1, "dev-wow_test-0123456789ab");
        let files = Dataset::Files { names: vec!["log.parquet".into()], is_local: true };
        assert_eq!(of(&files, "").file_name("players", &[], "csv"), "players-files-log.csv");
    }

    #[test]
    fn a_picture_says_what_it_is_of_and_production_cannot_be_overlooked() {
        let line = of(&export(), "class=Mage&class=Rogue&average=90").line();
        assert_eq!(
            line,
            "DEV · wow_test.duckdb · data set 0123456789ab · exported 13 Feb 2008 00:00 UTC · class: Mage, Rogue · \
             average 1 h 30 min"
        );
        assert_eq!(of(&export(), "").alarm(), None);
        let mut manifest = crate::sample::manifest();
        manifest.environment = Environment::Prod;
        let production = of(&Dataset::Export(Box::new(manifest)), "");
        assert_eq!(production.alarm(), Some("PRODUCTION data"));
        assert!(production.line().starts_with("PRODUCTION · "));
    }

    #[test]
    fn notes_hold_filter_and_parameters_as_the_address_has_them() {
        let notes = of(&export(), "class=Death+Knight&gap=10").notes();
        let note = |key: &str| notes.iter().find(|(name, _)| name == key).map(|(_, note)| note.as_str());
        assert_eq!(note("wow.environment"), Some("dev"));
        assert_eq!(note("wow.dataset_id"), Some("0123456789ab"));
        assert_eq!(note("wow.exported_at"), Some("2008-02-13T00:00:00Z"));
        assert_eq!(note("wow.filter"), Some("class=Death+Knight"));
        assert_eq!(note("wow.parameters"), Some("gap=10&longest=720&average=360&churn_days=30"));
        assert_eq!(note("wow.sample"), None);
    }
}
