//! A file at an address. Any server will do: one that gives ranges is asked for those; of any other all is copied once.
//! It is asked by GET alone, for a presigned address may allow nothing else.

use std::io::Write as _;
use std::ops::Range;

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use reqwest::header::{CONTENT_RANGE, ETAG, HeaderMap, HeaderName, IF_MATCH, LAST_MODIFIED, RANGE};
use reqwest::{Client, Response, StatusCode, Url};
use tempfile::NamedTempFile;

use super::blocks::{Blocks, Ranges};
use super::{
    CONNECT_TIMEOUT, FIRST_WAIT, Fault, LONGEST_WAIT, REQUEST_TIMEOUT, RETRIES_MAX, Reader, runtime, wait,
};

/// How often the first request is made again: an address may be mistyped.
const FIRST_RETRIES_MAX: usize = 7;
/// How many times as long as the one before a wait is.
const MEAN_GROWTH: f64 = 1.6;

/// An address at a version of what is there.
#[derive(Clone)]
struct Page {
    client: Client,
    url: Url,
    version: Version,
}

/// What tells one content at an address from another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Version {
    bytes: u64,
    tag: Option<String>,
    modified: Option<String>,
}

/// What became of the first question.
enum First {
    /// The server gives ranges.
    Ranges(Version),
    /// It gave all, which is in this file.
    Whole(NamedTempFile),
}

/// What no file has more of, so that places in it can be counted.
const BYTES_MAX: u64 = i64::MAX.cast_unsigned();

/// Opens what is at an address.
///
/// # Errors
/// What keeps it from being read.
pub(super) fn open(url: &Url) -> Result<Reader, Fault> {
    runtime()?;
    let client = Client::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(REQUEST_TIMEOUT);
    // The address may be signed, and where it leads to need not know.
    let client = client.referer(false);
    let client = client.build().map_err(|error| Fault::of_request(&error))?;
    match wait(again_and_again(FIRST_RETRIES_MAX, || first(&client, url)))? {
        First::Ranges(version) => {
            let bytes = version.bytes;
            Ok(Reader::object(Blocks::new(bytes, Page { client, url: url.clone(), version })))
        }
        First::Whole(copy) => {
            Reader::copy(copy.into_temp_path()).map_err(|_| Fault::Other("its copy is gone".to_owned()))
        }
    }
}

async fn first(client: &Client, url: &Url) -> Result<First, Failed> {
    let asked = client.get(url.clone()).header(RANGE, "bytes=0-0").send().await;
    let mut answer = asked.map_err(|error| Failed::of(&error))?;
    match answer.status() {
        StatusCode::PARTIAL_CONTENT => {
            let version = Version::of(&answer, &(0..1)).ok_or_else(strange)?;
            Ok(First::Ranges(version))
        }
        // There is no first byte.
        StatusCode::RANGE_NOT_SATISFIABLE => Ok(First::Whole(copy()?)),
        StatusCode::OK => {
            let mut file = copy()?;
            while let Some(bytes) = answer.chunk().await.map_err(|error| Failed::of(&error))? {
                file.write_all(&bytes).map_err(|_| no_room())?;
            }
            file.flush().map_err(|_| no_room())?;
            Ok(First::Whole(file))
        }
        status => Err(Failed::with_status(status)),
    }
}

fn copy() -> Result<NamedTempFile, Failed> {
    NamedTempFile::new().map_err(|_| no_room())
}

fn no_room() -> Failed {
    Failed::for_good(Fault::Other(
        "its server gives it as a whole only, for which the folder of temporary files has no room; name another in TMPDIR"
            .to_owned(),
    ))
}

fn strange() -> Failed {
    Failed::for_good(Fault::Other("its server does not say which part of it comes".to_owned()))
}

impl Version {
    /// What an answer says that it is of; nothing where it is not the range that was asked for.
    fn of(answer: &Response, asked: &Range<u64>) -> Option<Self> {
        let text = |name: HeaderName| text(answer.headers(), &name);
        // As in `bytes 0-0/1234`.
        let range = text(CONTENT_RANGE)?;
        let (range, bytes) = range.strip_prefix("bytes ")?.split_once('/')?;
        let bytes = bytes.parse().ok().filter(|bytes| *bytes <= BYTES_MAX)?;
        let (first, last) = range.split_once('-')?;
        let is_asked = first.parse() == Ok(asked.start) && last.parse() == Ok(asked.end.saturating_sub(1));
        is_asked.then(|| Self { bytes, tag: text(ETAG), modified: text(LAST_MODIFIED) })
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

impl Ranges for Page {
    fn ask(&self, range: Range<u64>) -> BoxFuture<'static, Result<Bytes, Fault>> {
        let page = self.clone();
        async move { again_and_again(RETRIES_MAX, || page.part(range.clone())).await }.boxed()
    }
}

impl Page {
    async fn part(&self, range: Range<u64>) -> Result<Bytes, Failed> {
        let last = range.end.saturating_sub(1);
        let mut request =
            self.client.get(self.url.clone()).header(RANGE, format!("bytes={}-{last}", range.start));
        // A weak tag matches nothing here.
        if let Some(tag) = self.version.tag.as_ref().filter(|tag| !tag.starts_with("W/")) {
            request = request.header(IF_MATCH, tag);
        }
        let answer = request.send().await.map_err(|error| Failed::of(&error))?;
        match answer.status() {
            StatusCode::PARTIAL_CONTENT => {}
            StatusCode::OK | StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::NOT_FOUND => {
                return Err(Failed::for_good(Fault::Changed));
            }
            status => return Err(Failed::with_status(status)),
        }
        let version = Version::of(&answer, &range).ok_or_else(strange)?;
        if version != self.version {
            return Err(Failed::for_good(Fault::Changed));
        }
        // No more is read than was asked for, whatever comes.
        let length = range.end - range.start;
        let mut bytes = Vec::new();
        let mut answer = answer;
        while let Some(chunk) = answer.chunk().await.map_err(|error| Failed::of(&error))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() as u64 > length {
                return Err(strange());
            }
        }
        if bytes.len() as u64 == length { Ok(bytes.into()) } else { Err(strange()) }
    }
}

/// A request that failed.
struct Failed {
    fault: Fault,
    may_pass: bool,
}

impl Failed {
    fn for_good(fault: Fault) -> Self {
        Self { fault, may_pass: false }
    }

    fn of(error: &reqwest::Error) -> Self {
        let fault = Fault::of_request(error);
        Self { may_pass: fault == Fault::Unreachable, fault }
    }

    fn with_status(status: StatusCode) -> Self {
        let fault = match Fault::of_status(status.as_u16()) {
            Fault::Denied | Fault::WrongCredentials => Fault::Other(
                "its server does not let everybody read it, or what a signed address allows has expired"
                    .to_owned(),
            ),
            fault => fault,
        };
        Self { may_pass: matches!(fault, Fault::Busy(_)), fault }
    }
}

/// Makes a request until it is answered, or has failed too often or in a way that does not pass.
async fn again_and_again<T, F: Future<Output = Result<T, Failed>>>(
    retries_max: usize,
    mut request: impl FnMut() -> F,
) -> Result<T, Fault> {
    let mut pause = FIRST_WAIT;
    let mut pauses = 0;
    loop {
        match request().await {
            Ok(answer) => return Ok(answer),
            Err(failed) if failed.may_pass && pauses < retries_max => tokio::time::sleep(pause).await,
            Err(failed) => return Err(failed.fault),
        }
        pauses += 1;
        pause = pause.mul_f64(MEAN_GROWTH).min(LONGEST_WAIT);
    }
}
