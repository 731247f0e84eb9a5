//! `manifest.json`: what an export holds, so that a reader can plan, check and name it.

use serde::{Deserialize, Serialize};

use crate::contract::Notice;
use crate::sampling::Sample;
use crate::time::Micros;

/// The version of the manifest's layout that this build writes and reads.
pub const FORMAT_VERSION: u32 = 1;

/// What a manifest may have of bytes, for it is read whole: it lists some 60,000 parts then, or 20,000 with signatures.
pub const MANIFEST_BYTES_MAX: usize = 16 << 20;

/// Bytes as lower-case hex digits, as hashes are written.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Which of the two databases an export comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// The test database.
    Dev,
    /// The production database.
    Prod,
}

impl Environment {
    /// The name used in paths and in the URL: `dev` or `prod`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Prod => "prod",
        }
    }

    /// The name on the badge: `DEV` or `PRODUCTION`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Dev => "DEV",
            Self::Prod => "PRODUCTION",
        }
    }
}

/// The content of `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT_VERSION`] of the writer.
    pub format_version: u32,
    /// Which database the data come from.
    pub environment: Environment,
    /// The file name of the database, or the name of the folder of files, without the folders that it is in.
    pub database: String,
    /// When the export was made: RFC 3339, UTC.
    pub exported_at: String,
    /// The version of `wow`.
    pub tool_version: String,
    /// The version of DuckDB that read the database; none where the log came from files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duckdb_version: Option<String>,
    /// A hash of all else in the manifest that describes the data and what a page first shows of them; 64 hex digits.
    pub dataset_id: String,
    /// Events in all parts.
    pub rows: u64,
    /// Distinct players in all parts.
    pub players: u64,
    /// The oldest event; null for an empty log.
    pub first_event_us: Option<Micros>,
    /// The newest event; null for an empty log.
    pub last_event_us: Option<Micros>,
    /// Source rows that are in no part, by reason.
    pub rejected: Rejected,
    /// The source's columns.
    pub columns: Vec<Column>,
    /// What tells the source's rows from any others, in whatever order they lie; `wow` knows by it whether the database has
    /// changed since. Exports before there was one have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_fingerprint: Option<String>,
    /// That only some players of the source are in, and which; none where all are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sample>,
    /// The parameters that were in force at export, which a page opens with.
    pub parameters: crate::Params,
    /// What is to be said of the source wherever the data are shown. Exports before there were any, and most since, have
    /// none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// The Parquet files, in order of player.
    pub parts: Vec<Part>,
    /// What snapshots saw of players that changed; none where the database has no such thing, or nobody changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub player_facts: Option<FactsFile>,
}

impl Manifest {
    /// Whether the log came from files as they are, not from a database.
    #[must_use]
    pub const fn is_of_files(&self) -> bool {
        self.duckdb_version.is_none()
    }
}

/// Source rows that no model can use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// Rows without a player.
    pub null_player_id: u64,
    /// Rows with a player but without a time.
    pub null_datetime: u64,
}

impl Rejected {
    /// All rejected rows.
    #[must_use]
    pub const fn total(self) -> u64 {
        self.null_player_id.saturating_add(self.null_datetime)
    }
}

/// A column of the source table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type in DuckDB or in the files.
    pub source_type: String,
    /// Its type in the parts, as Arrow names it.
    pub export_type: String,
}

/// What stands after the question mark of an address, such as the signature that lets a file of a bucket be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UrlQuery(String);

/// A text that no address has after its question mark. It does not say which, for it may be secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a query of an address has 1 to {QUERY_BYTES_MAX} letters, digits and signs of RFC 3986, without the question mark"
)]
pub struct NoQuery;

/// The longest query: a signature with a session's token takes some two thousand bytes.
const QUERY_BYTES_MAX: usize = 8_192;

impl UrlQuery {
    /// A text as a query, without the question mark before it.
    ///
    /// # Errors
    /// [`NoQuery`] for a text that is empty, too long, or has a sign that a query does not have.
    pub fn new(text: String) -> Result<Self, NoQuery> {
        let is_of_query = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:@/?".contains(&byte);
        match (1..=QUERY_BYTES_MAX).contains(&text.len()) && text.bytes().all(is_of_query) {
            true => Ok(Self(text)),
            false => Err(NoQuery),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for UrlQuery {
    type Error = NoQuery;

    fn try_from(text: String) -> Result<Self, NoQuery> {
        Self::new(text)
    }
}

impl From<UrlQuery> for String {
    fn from(query: UrlQuery) -> Self {
        query.0
    }
}

/// The Parquet file with what snapshots saw of players, whose columns are [`crate::facts::COLUMNS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactsFile {
    /// File name, beside the manifest; holds the first digits of its hash.
    pub file: String,
    /// Rows in it: of each player as many as snapshots saw states of it, two at least.
    pub rows: u64,
    /// Its players.
    pub players: u64,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes; 64 hex digits.
    pub sha256: String,
    /// What is added to its own address, where it is read by a signature; the file lies beside the manifest all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<UrlQuery>,
}

/// One Parquet file of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// File name, beside the manifest; holds the first digits of its hash.
    pub file: String,
    /// Events in it.
    pub rows: u64,
    /// Players whose first event of the export is in it.
    pub players: u64,
    /// The smallest player id in it.
    pub first_player_id: i64,
    /// The largest player id in it.
    pub last_player_id: i64,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes; 64 hex digits.
    pub sha256: String,
    /// What is added to its own address, where it is read by a signature; the file lies beside the manifest all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<UrlQuery>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_what_an_address_may_have() {
        let signed = "X-Amz-Credential=a%2Fb&X-Amz-Signature=0f&sig=a+b/c==";
        assert_eq!(UrlQuery::new(signed.into()).unwrap().as_str(), signed);
        for text in ["", "a b", "a#b", "a\nb", "a\"b", "<a>", "ä", &"a".repeat(QUERY_BYTES_MAX + 1)] {
            assert_eq!(UrlQuery::new(text.into()), Err(NoQuery), "{text}");
        }
        let refused = serde_json::from_str::<UrlQuery>("\"secret value\"").unwrap_err();
        assert!(!refused.to_string().contains("secret"), "{refused}");
    }
}
