//! `wow serve`, asked by a client that is none of ours, and by bytes that no client would send.

mod refusals;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::{CREATE_LOG, Scratch, manifest, skipped};

const LOG: &str =
    "insert into wowlogs values (1, null, 1, 'Orc', 'Mage', 'Durotar', timestamp '2008-01-01 00:00:00');";
const HEADERS: &str = "/*\n  Content-Security-Policy: default-src 'none'\n/index.html\n  Cache-Control: no-cache\n\
                       /app-1.js\n  Cache-Control: public, max-age=31536000, immutable\n\
                       /data/dev/part-*\n  Cache-Control: public, max-age=31536000, immutable\n";
const SCRIPT: &[u8] = b"console.log('plain')";

/// A folder with an export of the dev database, and a small built site in `site`.
fn with_export() -> Scratch {
    let scratch = Scratch::with_database(&format!("{CREATE_LOG}{LOG}"));
    scratch.wow(&["export"]).success();
    write_site(&scratch.path("site"));
    scratch
}

fn write_site(site: &Path) {
    fs::create_dir_all(site.join("data/dev")).unwrap();
    for (name, bytes) in [
        ("index.html", &b"<!doctype html><title>The page</title>"[..]),
        ("404.html", b"<!doctype html><title>Not here</title>"),
        ("_headers", HEADERS.as_bytes()),
        ("app-1.js", SCRIPT),
        ("app-1.js.br", b"packed by brotli"),
        ("app-1.js.gz", b"packed by gzip"),
        (".hidden", b"secret"),
        ("data/dev/secret.txt", b"secret"),
    ] {
        fs::write(site.join(name), bytes).unwrap();
    }
    let _ = fs::remove_file(site.join("link.txt"));
    symlink("/etc/passwd", site.join("link.txt")).unwrap();
}

/// A `wow serve` that ends with the test.
struct Server {
    process: Child,
    /// What it said until it served.
    said: String,
    url: String,
}

impl Server {
    fn start(scratch: &Scratch, args: &[&str]) -> Self {
        let mut command = scratch.command(&["serve"]);
        command.args(args).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.as_mut().unwrap()).lines();
        let mut said = String::new();
        let url = loop {
            let line = lines.next().unwrap_or_else(|| panic!("it ended: {said}")).unwrap();
            if let Some(rest) = line.strip_prefix("Serving at ") {
                break rest.split(' ').next().unwrap().to_owned();
            }
            said = said + &line + "\n";
        };
        Self { process, said, url }
    }

    /// With the small site, on a port that is free.
    fn of(scratch: &Scratch) -> Self {
        Self::start(scratch, &["--site", "site", "--port", "0"])
    }

    fn address(&self) -> &str {
        self.url.trim_start_matches("http://").trim_end_matches('/')
    }

    fn port(&self) -> &str {
        self.address().rsplit(':').next().unwrap()
    }

    fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut request = agent.get(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.call().unwrap();
        let body = response.body_mut().read_to_vec().unwrap();
        let text = |value: &ureq::http::HeaderValue| value.to_str().unwrap().to_owned();
        let headers =
            response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        Answer { status: response.status().as_u16(), headers, body }
    }

    /// Sends bytes as they are, and gives all that comes back.
    fn raw(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Asks for a path in a request that ends the connection, as these bytes.
    fn raw_get(&self, path: &str) -> String {
        self.raw(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
    }

    /// Presses Ctrl-C; gives the exit status.
    fn interrupt(&mut self) -> Option<i32> {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        self.process.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn part_of(scratch: &Scratch) -> String {
    manifest(&scratch.export_folder()).parts[0].file.clone()
}

#[test]
fn the_folder_of_an_export_is_served_at_once() {
    let scratch = with_export();
    let mut server = Server::of(&scratch);
    assert!(
        server.said.starts_with("✅ DEV database (wow_test.duckdb): 1 event of 1 player, "),
        "{}",
        server.said
    );
    assert!(server.said.contains("from public/data/dev"), "{}", server.said);

    let page = server.get("", &[]);
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert_eq!(page.header("content-security-policy"), "default-src 'none'");
    assert_eq!(
        (page.header("cache-control"), page.header("x-content-type-options")),
        ("no-cache", "nosniff")
    );

    let told = server.get("data/dev/manifest.json", &[]);
    assert_eq!((told.status, told.header("content-type")), (200, "application/json"));
    assert_eq!(told.header("cache-control"), "no-cache");
    assert_eq!(told.body, fs::read(scratch.export_folder().join("manifest.json")).unwrap());

    let name = part_of(&scratch);
    let part = server.get(&format!("data/dev/{name}"), &[]);
    assert_eq!((part.status, part.header("content-type")), (200, "application/vnd.apache.parquet"));
    assert_eq!(part.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(part.body, fs::read(scratch.export_folder().join(name)).unwrap());
    assert_eq!(server.interrupt(), Some(0));
}

#[test]
fn exports_are_found_where_people_have_them() {
    let scratch = with_export();
    let cases = [
        (".", "public/data/dev"),
        ("public", "public/data/dev"),
        ("public/data", "public/data/dev"),
        ("public/data/dev", "public/data/dev"),
    ];
    for (folder, from) in cases {
        let server = Server::start(&scratch, &["--site", "site", "--port", "0", folder]);
        assert!(server.said.contains(&format!("from {from}: http")), "{folder}: {}", server.said);
        assert_eq!(server.get("data/dev/manifest.json", &[]).status, 200, "{folder}");
    }
    let server = Server::start(&scratch, &["--site", "site", "--port", "0", "site"]);
    assert!(server.said.contains("There is no export in site yet"), "{}", server.said);
    assert_eq!(server.get("data/dev/manifest.json", &[]).status, 404);
}

#[test]
fn an_export_that_is_made_meanwhile_is_there() {
    let scratch = with_export();
    fs::rename(scratch.path("public"), scratch.path("away")).unwrap();
    let server = Server::of(&scratch);
    assert_eq!(server.get("data/dev/manifest.json", &[]).status, 404);
    scratch.wow(&["export"]).success();
    let first = server.get("data/dev/manifest.json", &[]);
    assert_eq!(first.status, 200);
    scratch.wow(&["generate", "--scale", "0.0002", "--replace"]).success();
    scratch.wow(&["export"]).success();
    let second = server.get("data/dev/manifest.json", &[("If-None-Match", first.header("etag"))]);
    assert_eq!(second.status, 200, "an export that changed has another name");
}

#[test]
fn production_is_shown_as_such_and_kept_from_other_machines_unless_it_is_named() {
    let scratch = with_export();
    scratch.wow(&["generate", "--target", "prod", "--yes", "--scale", "0.0002"]).success();
    scratch.wow(&["export", "--target", "prod"]).success();
    let here = Server::of(&scratch);
    assert!(here.said.contains("🚨 PRODUCTION database (wow.duckdb)"), "{}", here.said);
    assert!(here.said.contains("/?env=prod"), "{}", here.said);
    assert_eq!(here.get("data/prod/manifest.json", &[]).status, 200);

    let open = ["--site", "site", "--port", "0", "--host", "0.0.0.0"];
    let dev = Server::start(&scratch, &open);
    assert!(!dev.said.contains("🚨") && dev.said.contains("add --target prod"), "{}", dev.said);
    assert_eq!(dev.get("data/prod/manifest.json", &[]).status, 404);
    let named = Server::start(&scratch, &["--site", "site", "--port", "0", "--allow-host", "stats.lan"]);
    assert_eq!(named.get("data/prod/manifest.json", &[]).status, 404);
    let prod = Server::start(&scratch, &[&open[..], &["--target", "prod"]].concat());
    assert!(prod.said.contains("🚨 PRODUCTION database (wow.duckdb)"), "{}", prod.said);
    assert_eq!(prod.get("data/prod/manifest.json", &[]).status, 200);
}

#[test]
fn files_are_sent_packed_to_those_who_take_them() {
    let scratch = with_export();
    let server = Server::of(&scratch);
    for (accepted, encoding, body) in [
        ("gzip, deflate, br", "br", &b"packed by brotli"[..]),
        ("gzip", "gzip", b"packed by gzip"),
        ("br;q=0, gzip;q=0.5", "gzip", b"packed by gzip"),
        ("identity", "", SCRIPT),
    ] {
        let answer = server.get("app-1.js", &[("Accept-Encoding", accepted)]);
        assert_eq!((answer.header("content-encoding"), &answer.body[..]), (encoding, body), "{accepted}");
        assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        let etag = answer.header("etag");
        let again = server.get("app-1.js", &[("Accept-Encoding", accepted), ("If-None-Match", etag)]);
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, etag));
    }
}

#[test]
fn stretches_of_a_file_are_sent() {
    let scratch = with_export();
    let server = Server::of(&scratch);
    let name = part_of(&scratch);
    let whole = fs::read(scratch.export_folder().join(&name)).unwrap();
    let (path, length) = (format!("data/dev/{name}"), whole.len());
    let get =
        |range: &str, headers: &[(&str, &str)]| server.get(&path, &[&[("Range", range)], headers].concat());
    for (range, from, to) in [("bytes=4-9", 4, 10), ("bytes=-8", length - 8, length), ("bytes=7-", 7, length)]
    {
        let answer = get(range, &[]);
        assert_eq!((answer.status, &answer.body[..]), (206, &whole[from..to]), "{range}");
        assert_eq!(answer.header("content-range"), format!("bytes {from}-{}/{length}", to - 1));
    }
    let outside = get("bytes=999999999-", &[]);
    assert_eq!((outside.status, outside.header("content-range")), (416, &*format!("bytes */{length}")));
    for range in ["bytes=0-1,4-5", "lines=1-2", "bytes=x"] {
        assert_eq!(get(range, &[]).body, whole, "{range}");
    }
    let etag = get("bytes=0-0", &[]).header("etag").to_owned();
    assert_eq!(get("bytes=0-0", &[("If-Range", &etag)]).status, 206);
    assert_eq!(get("bytes=0-0", &[("If-Range", "\"other\"")]).body, whole);
    let script = server.get("app-1.js", &[("Range", "bytes=0-6"), ("Accept-Encoding", "br")]);
    assert_eq!((script.status, &script.body[..]), (206, &SCRIPT[..7]));
}

#[test]
fn a_head_is_all_but_the_body() {
    let scratch = with_export();
    let server = Server::of(&scratch);
    let answer = server.raw("HEAD /app-1.js HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\n"), "{answer}");
    assert!(answer.contains(&format!("content-length: {}\r\n", SCRIPT.len())), "{answer}");
}

#[test]
fn ctrl_c_ends_it_though_connections_are_open() {
    let scratch = with_export();
    let mut server = Server::of(&scratch);
    let mut open = TcpStream::connect(server.address()).unwrap();
    open.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    assert_eq!(open.read(&mut [0; 8]).unwrap(), 8);
    assert_eq!(server.interrupt(), Some(0));
}

#[test]
fn scripts_are_told_the_address() {
    let scratch = with_export();
    let mut command = scratch.command(&["serve", "--json", "--site", "site", "--port", "0"]);
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let answers = serde_json::Deserializer::from_reader(process.stdout.take().unwrap());
    let answer: serde_json::Value = answers.into_iter().next().unwrap().unwrap();
    assert!(answer["url"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    assert_eq!(answer["exports"][0]["environment"], "dev");
    assert_eq!(answer["exports"][0]["dataset_id"], manifest(&scratch.export_folder()).dataset_id);
    process.kill().unwrap();
    process.wait().unwrap();
}

/// As users have it: `make test` builds the command with the site.
#[test]
fn the_command_has_the_site_in_it() {
    let scratch = with_export();
    let test = "the_command_has_the_site_in_it";
    if std::env::var_os("WOW").is_none() {
        return skipped(test, "this command was built beside the tests, without the site");
    }
    let server = Server::start(&scratch, &["--port", "0"]);
    let page = server.get("", &[("Accept-Encoding", "br")]);
    assert_eq!(
        (page.status, page.header("content-encoding"), page.header("cache-control")),
        (200, "br", "no-cache")
    );
    let page = server.get("", &[]).text();
    let wasm = page.split("data-wasm=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let plain = server.get(wasm.trim_start_matches("./"), &[]);
    assert_eq!((plain.status, plain.header("content-type")), (200, "application/wasm"));
    assert!(plain.body.starts_with(b"\0asm"));
    assert!(plain.header("content-security-policy").contains("script-src 'self'"), "{plain:?}");
    assert!(plain.header("cache-control").contains("immutable"));
    let packed = server.get(wasm.trim_start_matches("./"), &[("Accept-Encoding", "gzip")]);
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.len() * 2 < plain.body.len());
}
