//! What a request is answered with.

use std::io::{self, SeekFrom};

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Empty, Full, StreamBody};
use hyper::body::Frame;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use super::Served;
use super::exports::version_of;
use super::site::{Asset, INDEX, NOT_FOUND};
use super::types::content_type;

/// How much of a file is read at once.
const CHUNK_BYTES: usize = 256 << 10;

/// The body of an answer.
pub(super) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// The bytes of something that was found, in the form in which they are sent.
enum Content {
    Memory(Bytes),
    File(std::fs::File, u64),
}

impl Content {
    fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File(_, length) => *length,
        }
    }

    /// A stretch of it that lies within.
    async fn body(self, start: u64, length: u64) -> io::Result<Body> {
        match self {
            Self::Memory(bytes) => {
                let stretch = bytes.slice(start as usize..(start + length) as usize);
                Ok(Full::new(stretch).map_err(|never| match never {}).boxed_unsync())
            }
            Self::File(file, _) => {
                let mut file = tokio::fs::File::from_std(file);
                file.seek(SeekFrom::Start(start)).await?;
                let chunks = ReaderStream::with_capacity(file.take(length), CHUNK_BYTES).map_ok(Frame::data);
                Ok(StreamBody::new(chunks).boxed_unsync())
            }
        }
    }
}

/// Something that was found.
struct Found {
    content: Content,
    /// What a name of this content in this form is, quoted.
    etag: String,
    encoding: Option<&'static str>,
    /// Whether other clients may be sent it in another form.
    varies: bool,
}

impl Served {
    /// Answers a request.
    pub(super) async fn answer<B>(&self, request: &Request<B>) -> Response<Body> {
        let mut answer = match self.refusal(request) {
            Some(refusal) => refusal,
            None => self.found(request).await.unwrap_or_else(|_| {
                sentence(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "The file is there, but this server may not read it.",
                )
            }),
        };
        let headers = answer.headers_mut();
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        // No page of another origin gets anything from here, not even as a picture or a script.
        let own = HeaderValue::from_static("same-origin");
        headers.insert(HeaderName::from_static("cross-origin-resource-policy"), own);
        answer
    }

    /// Why a request is not even looked at.
    fn refusal<B>(&self, request: &Request<B>) -> Option<Response<Body>> {
        let named = request.headers().get_all(header::HOST).iter().map(HeaderValue::as_bytes);
        let mut named =
            named.chain(request.uri().authority().map(|authority| authority.as_str().as_bytes())).peekable();
        if named.peek().is_none() || !named.all(|host| self.hosts.allow(host)) {
            return Some(sentence(
                StatusCode::FORBIDDEN,
                "This server answers to localhost and the address that it listens on; to reach it by another name, start \
                 it with `wow serve --allow-host NAME`.",
            ));
        }
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            let mut answer =
                sentence(StatusCode::METHOD_NOT_ALLOWED, "Files can be read here, and nothing else.");
            answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            return Some(answer);
        }
        None
    }

    async fn found<B>(&self, request: &Request<B>) -> io::Result<Response<Body>> {
        let decoded = percent_decode_str(request.uri().path()).decode_utf8();
        let path = match decoded.ok().as_deref().and_then(|path| path.strip_prefix('/')) {
            Some("") => INDEX.to_owned(),
            Some(path) => path.to_owned(),
            None => return Ok(self.not_found(request)),
        };
        let found = match self.site.file(&path) {
            Some(asset) => Some(in_best_form(asset, request.headers())),
            None => self.exports.file(&path)?.map(|(file, metadata)| Found {
                etag: format!("\"{}\"", version_of(&metadata)),
                content: Content::File(file, metadata.len()),
                encoding: None,
                varies: false,
            }),
        };
        let Some(found) = found else { return Ok(self.not_found(request)) };
        let mut answer = send(found, request).await?;
        let is_whole = answer.status().is_success();
        let headers = answer.headers_mut();
        if is_whole {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(&path)));
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        for (name, value) in self.site.rules.of(&format!("/{path}")) {
            headers.insert(name, value.clone());
        }
        Ok(answer)
    }

    /// The site's own page for what is not there goes to people alone: a program that gets markup for data is misled.
    fn not_found<B>(&self, request: &Request<B>) -> Response<Body> {
        let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
        let page =
            self.site.file(NOT_FOUND).filter(|_| accepts.is_some_and(|types| types.contains("text/html")));
        let Some(page) = page else {
            return sentence(StatusCode::NOT_FOUND, "There is no such file here.");
        };
        let mut answer = with_text(StatusCode::NOT_FOUND, page.plain.clone(), content_type(NOT_FOUND));
        for (name, value) in self.site.rules.of(&format!("/{NOT_FOUND}")) {
            answer.headers_mut().insert(name, value.clone());
        }
        answer
    }
}

/// The form of a file that is the smallest of those the client takes. A stretch is one of the plain bytes.
fn in_best_form(asset: &Asset, headers: &HeaderMap) -> Found {
    let forms = [("br", &asset.brotli), ("gzip", &asset.gzip)];
    let best = forms.into_iter().find_map(|(name, form)| {
        let bytes =
            form.as_ref().filter(|_| accepts(headers, name) && !headers.contains_key(header::RANGE))?;
        Some((name, bytes))
    });
    let (content, etag) = match best {
        Some((name, bytes)) => (bytes, format!("\"{}-{name}\"", asset.hash)),
        None => (&asset.plain, format!("\"{}\"", asset.hash)),
    };
    let varies = asset.brotli.is_some() || asset.gzip.is_some();
    Found { content: Content::Memory(content.clone()), etag, encoding: best.map(|(name, _)| name), varies }
}

/// Whether `Accept-Encoding` has an encoding, and not with the weight 0, which refuses it.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|item| {
        let (name, weight) = item.split_once(';').unwrap_or((item, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
        name.trim().eq_ignore_ascii_case(encoding) && weight.is_ok_and(|weight| weight > 0.0)
    })
}

/// All of what was found, the stretch that was asked for, or that the client has it already.
async fn send<B>(found: Found, request: &Request<B>) -> io::Result<Response<Body>> {
    let whole = found.content.len();
    let has_it = names_etag(request.headers().get(header::IF_NONE_MATCH), &found.etag);
    let (status, start, length) = match stretch(request.headers(), &found.etag, whole) {
        _ if has_it => (StatusCode::NOT_MODIFIED, 0, 0),
        Stretch::Whole => (StatusCode::OK, 0, whole),
        Stretch::Part(start, length) => (StatusCode::PARTIAL_CONTENT, start, length),
        Stretch::Outside => (StatusCode::RANGE_NOT_SATISFIABLE, 0, 0),
    };
    let mut answer = Response::new(nothing());
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    let mut set = |name, value: String| {
        // All that is written here is letters, digits and quotes.
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    };
    set(header::ETAG, found.etag);
    set(header::ACCEPT_RANGES, "bytes".to_owned());
    if found.varies {
        set(header::VARY, header::ACCEPT_ENCODING.to_string());
    }
    match status {
        StatusCode::NOT_MODIFIED => return Ok(answer),
        StatusCode::PARTIAL_CONTENT => {
            set(header::CONTENT_RANGE, format!("bytes {start}-{}/{whole}", start + length - 1));
        }
        StatusCode::RANGE_NOT_SATISFIABLE => set(header::CONTENT_RANGE, format!("bytes */{whole}")),
        _ => {}
    }
    if let Some(encoding) = found.encoding {
        set(header::CONTENT_ENCODING, encoding.to_owned());
    }
    set(header::CONTENT_LENGTH, length.to_string());
    if request.method() != Method::HEAD {
        *answer.body_mut() = found.content.body(start, length).await?;
    }
    Ok(answer)
}

fn names_etag(header: Option<&HeaderValue>, etag: &str) -> bool {
    let listed = header.and_then(|value| value.to_str().ok()).unwrap_or_default().split(',').map(str::trim);
    listed.map(|tag| tag.strip_prefix("W/").unwrap_or(tag)).any(|tag| tag == etag || tag == "*")
}

/// What of a file is asked for.
enum Stretch {
    Whole,
    /// Where it starts, and its length, which is not 0.
    Part(u64, u64),
    Outside,
}

/// The stretch that `Range` asks for. Several at once, and what is no range, are answered with the whole file, as is one of
/// a file that has changed since.
fn stretch(headers: &HeaderMap, etag: &str, whole: u64) -> Stretch {
    let Some(range) = headers.get(header::RANGE).and_then(|value| value.to_str().ok()) else {
        return Stretch::Whole;
    };
    if headers.get(header::IF_RANGE).is_some_and(|known| known.as_bytes() != etag.as_bytes()) {
        return Stretch::Whole;
    }
    let Ok(ranges) = http_range_header::parse_range_header(range) else { return Stretch::Whole };
    match ranges.validate(whole).as_deref() {
        Ok([one]) => Stretch::Part(*one.start(), one.end() - one.start() + 1),
        Ok(_) => Stretch::Whole,
        Err(_) => Stretch::Outside,
    }
}

fn nothing() -> Body {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

/// A sentence for whoever reads the answer.
fn sentence(status: StatusCode, text: &str) -> Response<Body> {
    with_text(status, Bytes::from(format!("{text}\n")), content_type(".txt"))
}

fn with_text(status: StatusCode, text: Bytes, content_type: &'static str) -> Response<Body> {
    let mut answer = Response::new(Full::new(text).map_err(|never| match never {}).boxed_unsync());
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    answer
}
