//! Any bytes as a manifest.

use wow_analytics::analysis::merge::Merge;
use wow_analytics::analysis::plan::{Content, Plan, Unit};
use wow_analytics::protocol::PartFacts;
use wow_engine::manifest::Manifest;
use wow_engine::pipeline::Partial;
use wow_engine::schema::NumberKind;
use wow_view::address::Author;
use wow_view::dataset::Dataset;
use wow_view::{filter, time};

use crate::shown::show;

/// Any bytes are a manifest or are refused; one can be written, planned with and shown, whatever it says.
pub fn manifest(bytes: &[u8]) {
    let Ok(manifest) = serde_json::from_slice::<Manifest>(bytes) else { return };
    let again = serde_json::to_vec(&manifest).ok().and_then(|text| serde_json::from_slice(&text).ok());
    assert_eq!(Some(&manifest), again.as_ref(), "it is not read as it was written");

    let unit = |(place, part): (usize, &wow_engine::manifest::Part)| Unit {
        content: Content::Part(place),
        rows: part.rows,
        bytes: part.bytes,
    };
    let units = manifest.parts.iter().enumerate().map(unit).collect();
    let plan = Plan { units, are_ordered: true, is_to_gather: false };
    let _ = (plan.bytes(), plan.held_of_parts());
    // Memory for the announced players is set aside when the first part is in.
    let mut merge =
        Merge::new(manifest.parts.len(), true, usize::try_from(manifest.players).unwrap_or(usize::MAX));
    let empty = Partial::empty(manifest.parameters, NumberKind::Integer);
    for part in 0..manifest.parts.len() {
        assert_eq!(merge.insert(part, empty.clone()), Ok(()));
    }
    assert!(merge.is_complete());

    let facts = |part: &wow_engine::manifest::Part| PartFacts {
        name: part.file.clone(),
        bytes: part.bytes,
        rows: part.rows,
        sha256: Some(part.sha256.clone()),
        was_announced: true,
        reading: None,
    };
    let parts: Vec<_> = manifest.parts.iter().map(facts).enumerate().collect();
    let exported_at = manifest.exported_at.clone();
    let dataset = Dataset::Export(Box::new(manifest));
    show(&merge.take().unwrap_or_else(|| empty.finish()), Some(&dataset), &parts);
    tell(&dataset, &exported_at);
}

/// What the header and the links say of it.
fn tell(dataset: &Dataset, exported_at: &str) {
    let _ = (dataset.facts(None), dataset.name(), dataset.id(), dataset.badge().label());
    for mark in [dataset.mark().unwrap_or_default(), "files".to_owned(), String::new()] {
        let _ = [Author::Another, Author::ThisPage].map(|author| dataset.warning(&mark, author));
    }
    let days = filter::days_of_log(dataset, None);
    let _ = days.map(|(first, last)| [time::day(first), time::iso_day(last)]);
    let _ = time::rfc3339(exported_at);
}
