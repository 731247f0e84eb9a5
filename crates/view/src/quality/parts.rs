//! The table of parts.

use wow_charts::format;

use super::Evidence;
use crate::dataset::short_hash;
use crate::failure::size;
use crate::part_facts::PartFacts;

/// How far the check of a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartState {
    /// It has not been read.
    Waiting,
    /// It was read; there is no announced hash to compare with.
    Read,
    /// Its bytes have the announced hash, and it has the announced rows.
    Checked,
    /// It is not what the manifest says.
    Differs,
}

impl PartState {
    /// The state in a word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Read => "read, no hash announced",
            Self::Checked => "checked",
            Self::Differs => "differs",
        }
    }
}

/// A part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRow {
    /// Its file.
    pub file: String,
    /// Its events.
    pub rows: String,
    /// Its players.
    pub players: String,
    /// Its size.
    pub size: String,
    /// The first and last digits of its hash.
    pub hash: String,
    /// Its hash in full.
    pub full_hash: String,
    /// How far the check is.
    pub state: PartState,
}

/// All parts: those of the manifest, or those that were read.
#[must_use]
pub fn parts(evidence: &Evidence<'_>) -> Vec<PartRow> {
    let unknown = || "–".to_owned();
    match evidence.manifest() {
        Some(manifest) => (0..)
            .zip(&manifest.parts)
            .map(|(place, part)| PartRow {
                file: part.file.clone(),
                rows: format::count(part.rows),
                players: format::count(part.players),
                size: size(part.bytes),
                hash: short_hash(&part.sha256),
                full_hash: part.sha256.clone(),
                state: match facts_of(evidence, place) {
                    None => PartState::Waiting,
                    Some(facts) if differs(part, facts) => PartState::Differs,
                    Some(facts) if facts.was_announced => PartState::Checked,
                    Some(_) => PartState::Read,
                },
            })
            .collect(),
        None => evidence
            .parts
            .iter()
            .map(|(_, facts)| PartRow {
                file: facts.name.clone(),
                rows: format::count(facts.rows),
                players: unknown(),
                size: size(facts.bytes),
                hash: facts.sha256.as_deref().map_or_else(unknown, short_hash),
                full_hash: facts.sha256.clone().unwrap_or_default(),
                state: PartState::Read,
            })
            .collect(),
    }
}

/// What was found out about the part at a place.
pub(super) fn facts_of<'a>(evidence: &Evidence<'a>, place: usize) -> Option<&'a PartFacts> {
    evidence.parts.iter().find(|(other, _)| *other == place).map(|(_, facts)| facts)
}

/// Whether a part is not what the manifest says.
pub(super) fn differs(part: &wow_engine::manifest::Part, facts: &PartFacts) -> bool {
    let has_hash = facts.sha256.as_ref().is_some_and(|hash| part.sha256.eq_ignore_ascii_case(hash));
    (part.rows, part.bytes) != (facts.rows, facts.bytes) || !has_hash
}
