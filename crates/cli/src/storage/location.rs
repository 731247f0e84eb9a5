//! Where something lies, as people write it.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};

use clap::builder::{TypedValueParser, ValueParserFactory};
use clap::error::ErrorKind;
use object_store::path::Path as Key;
use percent_encoding::percent_decode_str;
use reqwest::Url;
use serde::{Serialize, Serializer};
use wow_charts::printable;

use crate::failure::Failure;

/// A place on this machine, in a bucket or at an address. What is shown of it holds no credentials.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Location {
    /// A file or folder of this machine.
    Local(PathBuf),
    /// An object in a bucket, or all whose names begin alike.
    Bucket(Bucket),
    /// A file at an address.
    Web(Url),
}

/// A place in a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bucket {
    /// Whose bucket it is.
    pub(super) provider: Provider,
    /// The bucket's name.
    pub(super) name: String,
    /// The object's name, or what stands before the names of those that are meant.
    pub(crate) key: Key,
    /// Whether it was written with a `/` at its end, and so is no object.
    pub(super) is_folder: bool,
}

/// Whose protocol a bucket is reached by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Provider {
    /// Amazon S3 and all that are like it.
    S3,
    /// Google Cloud Storage.
    Google,
    /// Azure Blob Storage.
    Azure,
}

impl Provider {
    fn scheme(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::Google => "gs",
            Self::Azure => "az",
        }
    }
}

impl Location {
    /// The place that a text names. Without a scheme (`s3://`) it is a path.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it; of the text it holds nothing but the scheme, for there may be credentials in it.
    pub(crate) fn parse(text: &OsStr) -> Result<Self, String> {
        let local = || Ok(Self::Local(text.into()));
        let Some((scheme, rest)) = text.to_str().and_then(|text| text.split_once("://")) else {
            return local();
        };
        if scheme.is_empty() || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return local();
        }
        let url = |text: &OsStr| text.to_str().and_then(|text| Url::parse(text).ok());
        match scheme {
            "file" => url(text).and_then(|url| url.to_file_path().ok()).map(Self::Local).ok_or_else(|| {
                "an address with file:// is file:///path, with a path from the root".to_owned()
            }),
            "s3" | "s3a" => Bucket::parse(Provider::S3, rest).map(Self::Bucket),
            "gs" => Bucket::parse(Provider::Google, rest).map(Self::Bucket),
            "az" => Bucket::parse(Provider::Azure, rest).map(Self::Bucket),
            "http" | "https" => url(text).map(Self::Web).ok_or_else(|| {
                format!("this is no address with {scheme}://; write {scheme}://host/path/file.parquet")
            }),
            _ => Err(format!(
                "`{scheme}://` is nothing that `wow` knows; name a path, or an address with s3://, gs://, az://, https:// or \
                 file://"
            )),
        }
    }

    /// The last name in it; `None` where there is none, as of a whole bucket's host.
    pub(crate) fn name(&self) -> Option<String> {
        match self {
            Self::Local(path) => path.file_name().map(|name| name.to_string_lossy().into_owned()),
            Self::Bucket(bucket) => {
                Some(bucket.key.filename().map_or_else(|| bucket.name.clone(), str::to_owned))
            }
            Self::Web(url) => {
                let name = url.path_segments()?.rfind(|name| !name.is_empty())?;
                Some(percent_decode_str(name).decode_utf8_lossy().into_owned())
            }
        }
    }

    /// What to say where a path of this machine is wanted and an address was written; nothing for a path.
    pub(crate) fn no_folder(path: &Path) -> Option<Failure> {
        let location = match Self::parse(path.as_os_str()) {
            Ok(Self::Local(_)) => return None,
            Ok(location) => location.to_string(),
            Err(sentence) => return Some(Failure::Usage(sentence)),
        };
        Some(Failure::Usage(format!(
            "exports are read from a folder of this machine, not from {location}; copy it here, and name the folder"
        )))
    }

    /// The place of that name in this one.
    pub(crate) fn join(&self, name: &str) -> Self {
        match self {
            Self::Local(path) => Self::Local(path.join(name)),
            Self::Bucket(bucket) => Self::Bucket(bucket.join(name)),
            Self::Web(url) => {
                let mut url = url.clone();
                // An address with a host always has segments.
                if let Ok(mut segments) = url.path_segments_mut() {
                    segments.pop_if_empty().push(name);
                }
                Self::Web(url)
            }
        }
    }
}

impl Bucket {
    fn parse(provider: Provider, rest: &str) -> Result<Self, String> {
        let (name, key) = rest.split_once('/').unwrap_or((rest, ""));
        let scheme = provider.scheme();
        if name.contains('@') || name.contains(':') {
            return Err(format!(
                "credentials have no place in an address; leave them out of {scheme}://bucket/folder and set them in the \
                 environment or a profile"
            ));
        }
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
        {
            return Err(format!(
                "this is no name of a bucket; write {scheme}://bucket/folder, with letters, digits, dots and dashes alone in \
                 the bucket's name"
            ));
        }
        let is_folder = key.is_empty() || key.ends_with('/');
        let key = Key::parse(key).map_err(|_| {
            format!(
                "a name in a bucket has no empty step, no `.`, no `..` and no control signs; write {scheme}://bucket/folder/file"
            )
        })?;
        Ok(Self { provider, name: name.to_owned(), key, is_folder })
    }

    /// The place of that name in this one.
    pub(crate) fn join(&self, name: &str) -> Self {
        Self { key: self.key.clone().join(name), ..self.clone() }
    }

    /// The object of that name.
    pub(super) fn with_key(&self, key: Key) -> Self {
        Self { key, is_folder: false, ..self.clone() }
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.provider.scheme(), self.name)?;
        let key = printable(self.key.as_ref());
        if key.is_empty() { Ok(()) } else { write!(f, "/{key}") }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(path) => path.display().fmt(f),
            Self::Bucket(bucket) => bucket.fmt(f),
            Self::Web(url) => {
                let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
                write!(f, "{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())?;
                if url.query().is_some() { f.write_str("?…") } else { Ok(()) }
            }
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Location {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl ValueParserFactory for Location {
    type Parser = Parser;

    fn value_parser() -> Parser {
        Parser
    }
}

/// Reads a location from the command line. What is typed is not repeated, as clap would do, for it may hold credentials.
#[derive(Debug, Clone)]
pub(crate) struct Parser;

impl TypedValueParser for Parser {
    type Value = Location;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Location, clap::Error> {
        self.parse(command, None, value.to_owned())
    }

    fn parse(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: OsString,
    ) -> Result<Location, clap::Error> {
        Location::parse(&value).map_err(|sentence| {
            clap::Error::raw(ErrorKind::ValueValidation, sentence + "\n").with_cmd(command)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_what_was_written_without_credentials() {
        let check = |text: &str, shown: &str| {
            let location = Location::parse(text.as_ref()).unwrap();
            assert_eq!((location.to_string(), format!("{location:?}")), (shown.to_owned(), shown.to_owned()));
        };
        check("logs/a.csv", "logs/a.csv");
        check("C:/logs/a.csv", "C:/logs/a.csv");
        check("file:///logs/a%20b.csv", "/logs/a b.csv");
        check("s3://bucket", "s3://bucket");
        check("s3a://bucket/race=Blood%20Elf/ä b?.csv", "s3://bucket/race=Blood%20Elf/ä b?.csv");
        check("gs://bucket/a/", "gs://bucket/a");
        check("az://container/a", "az://container/a");
        check("https://me:secret@host:81/a%20b.csv?X-Amz-Signature=secret#x", "https://host:81/a%20b.csv?…");
    }

    #[test]
    fn what_is_wrong_is_said_without_repeating_it() {
        for text in [
            "s3://key:secret@bucket/a",
            "s3://:secret/a",
            "s3://secret secret/",
            "s3:///secret",
            "s3://bucket/secret//a",
            "gs://bucket/../secret",
            "ftp://secret",
            "https://:secret@",
            "file://secret/a",
        ] {
            let sentence = Location::parse(text.as_ref()).unwrap_err();
            assert!(!sentence.contains("secret"), "{sentence}");
        }
    }

    #[test]
    fn places_in_places() {
        let joined = |text: &str| Location::parse(text.as_ref()).unwrap().join("dev").to_string();
        assert_eq!(joined("public/data"), "public/data/dev");
        assert_eq!(joined("s3://bucket"), "s3://bucket/dev");
        assert_eq!(joined("s3://bucket/data/"), "s3://bucket/data/dev");
        assert_eq!(joined("https://host/data/"), "https://host/data/dev");
    }
}
