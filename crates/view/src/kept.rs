//! What the browser keeps for offline use, in words.

use wow_charts::format;
use wow_engine::manifest::Manifest;

use super::failure::size;
use super::time;

/// What is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Whether the browser keeps anything here.
    pub is_possible: bool,
    /// The export, if one is.
    pub export: Option<KeptExport>,
    /// The room that everything takes, where the browser tells it.
    pub room: Option<Room>,
}

/// An export that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptExport {
    /// When it was exported: RFC 3339, UTC.
    pub exported_at: String,
    /// Its parts.
    pub parts: u64,
    /// The bytes of all of them.
    pub bytes: u64,
}

/// A line of what is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
    /// What is to be said besides.
    pub note: String,
}

/// Room in the browser's store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Bytes that the site takes, the page's own files among them.
    pub taken_bytes: u64,
    /// Bytes that it may take.
    pub allowed_bytes: u64,
}

impl From<&Manifest> for KeptExport {
    fn from(manifest: &Manifest) -> Self {
        Self {
            exported_at: manifest.exported_at.clone(),
            parts: manifest.parts.len() as u64,
            bytes: manifest.parts.iter().map(|part| part.bytes).sum(),
        }
    }
}

impl Kept {
    /// What the card says.
    #[must_use]
    pub fn say(&self) -> &'static str {
        match (self.is_possible, &self.export) {
            (false, _) => {
                "This browser keeps nothing of this page. It does so over HTTPS, and in no private window."
            }
            (true, None) => {
                "The page opens without a network. No export is kept; the dev export is, once all of it was read."
            }
            (true, Some(_)) => "The page and this export open without a network.",
        }
    }

    /// What is kept and how much room it takes.
    #[must_use]
    pub fn facts(&self) -> Vec<Fact> {
        let export = self.export.as_ref().map(|export| Fact {
            name: "Export",
            value: format!("dev, exported {}", time::rfc3339(&export.exported_at)),
            note: format!("{}, {}", format::counted(export.parts, "part"), size(export.bytes)),
        });
        let room = self.room.map(|room| Fact {
            name: "Room taken, with the page itself",
            value: size(room.taken_bytes),
            note: format!("of {} that the browser allows", size(room.allowed_bytes)),
        });
        export.into_iter().chain(room).collect()
    }
}

/// What is told above a page that shows a kept export, since its server cannot be asked for the present one.
#[must_use]
pub fn copy_say(exported_at: &str) -> String {
    format!(
        "The server does not answer. These are the data that this browser kept, exported {}.",
        time::rfc3339(exported_at)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_export_is_told_with_its_room() {
        let export = KeptExport { exported_at: "2026-11-23T02:24:11Z".into(), parts: 3, bytes: 33_600_000 };
        let room = Room { taken_bytes: 37_000_000, allowed_bytes: 12_000_000_000 };
        let kept = Kept { is_possible: true, export: Some(export), room: Some(room) };
        let facts = kept.facts();
        assert_eq!(facts[0].value, "dev, exported 23 Nov 2026 02:24 UTC");
        assert_eq!(facts[0].note, "3 parts, 33.6 MB");
        assert_eq!(
            (facts[1].value.as_str(), facts[1].note.as_str()),
            ("37.0 MB", "of 12.0 GB that the browser allows")
        );
        assert!(kept.say().contains("without a network"));
    }

    #[test]
    fn without_a_store_the_card_says_what_it_would_take() {
        assert!(Kept::default().say().contains("HTTPS"));
        assert_eq!(Kept::default().facts(), []);
    }
}
