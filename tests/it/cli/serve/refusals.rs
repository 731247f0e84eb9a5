//! What `wow serve` does not serve, and to whom it does not.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::os::unix::fs::symlink;
use std::process::Command;

use super::{Server, with_export, write_site};

#[test]
fn nothing_but_the_site_and_exports_is_served() {
    let scratch = with_export();
    let export = scratch.export_folder();
    symlink("/etc/passwd", export.join("part-7-0123456789abcdef.parquet")).unwrap();
    fs::create_dir(export.join("part-8-0123456789abcdef.parquet")).unwrap();
    fs::write(export.join("notes.txt"), "secret").unwrap();
    let pipe = export.join("part-9-0123456789abcdef.parquet");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let server = Server::of(&scratch);
    for path in [
        "/wow_test.duckdb",
        "/../wow_test.duckdb",
        "/data/dev/../../../wow_test.duckdb",
        "/data/dev/..%2f..%2f..%2fwow_test.duckdb",
        "/%2e%2e/wow_test.duckdb",
        "/data/dev/%2e%2e%2fdev%2fmanifest.json",
        "//etc/passwd",
        "/etc/passwd",
        "/data/dev/notes.txt",
        "/data/dev/secret.txt",
        "/data/dev/",
        "/data/prod/manifest.json",
        "/data/dev/part-7-0123456789abcdef.parquet",
        "/data/dev/part-8-0123456789abcdef.parquet",
        "/data/dev/part-9-0123456789abcdef.parquet",
        "/link.txt",
        "/.hidden",
        "/_headers",
        "/app-1.js.br",
        "/%00",
        "/%ff%fe",
        "/index.html%00.js",
    ] {
        let answer = server.raw_get(path);
        assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{path}: {answer}");
        assert!(answer.ends_with("There is no such file here.\n"), "{path}: {answer}");
        assert!(answer.contains("x-content-type-options: nosniff\r\n"), "{path}: {answer}");
    }
    // A person gets the site's own page, and a program never gets markup for data.
    let shown = server.get("nowhere", &[("Accept", "text/html,*/*")]);
    assert_eq!((shown.status, shown.header("content-security-policy")), (404, "default-src 'none'"));
    assert!(shown.text().contains("Not here"));
}

#[test]
fn a_name_that_is_not_this_machine_s_is_refused() {
    let scratch = with_export();
    let server = Server::start(&scratch, &["--site", "site", "--port", "0", "--allow-host", "stats.lan"]);
    let ask = |start: &str, rest: &str| server.raw(&format!("{start}\r\n{rest}Connection: close\r\n\r\n"));
    let get = "GET / HTTP/1.1";
    for host in ["localhost", "127.0.0.1", "[::1]", "stats.lan", &format!("localhost:{}", server.port())] {
        let answer = ask(get, &format!("Host: {host}\r\n"));
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{host}: {answer}");
    }
    for (start, rest) in [
        (get, "Host: rebound.example\r\n"),
        (get, "Host: 127.0.0.1.rebound.example\r\n"),
        (get, "Host: localhost\r\nHost: rebound.example\r\n"),
        (get, "Host: localhost@rebound.example\r\n"),
        (get, "Host: 192.0.2.1\r\n"),
        (get, "Host: \r\n"),
        (get, ""),
        ("GET http://rebound.example/ HTTP/1.1", "Host: localhost\r\n"),
        ("GET / HTTP/1.0", ""),
    ] {
        let answer = ask(start, rest);
        assert!(answer.contains(" 403 Forbidden\r\n"), "{start} {rest}: {answer}");
        assert!(answer.contains("`wow serve --allow-host NAME`"), "{answer}");
    }
}

#[test]
fn what_is_no_request_for_a_file_is_refused_and_the_server_goes_on() {
    let scratch = with_export();
    let server = Server::of(&scratch);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "FOO"] {
        let answer = server
            .raw(&format!("{method} /index.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        let refused = answer.starts_with("HTTP/1.1 405") || answer.starts_with("HTTP/1.1 400");
        assert!(refused, "{method}: {answer}");
    }
    for bytes in ["\r\n\r\n", "GET\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.write_all(bytes.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{bytes:?}: {answer}");
    }
    let long = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(1 << 20));
    let mut stream = TcpStream::connect(server.address()).unwrap();
    // It may end the connection before all of this is sent.
    let _ = stream.write_all(long.as_bytes());
    // Connections on which nobody says anything keep nobody else waiting.
    let _silent: Vec<_> = (0..50).map(|_| TcpStream::connect(server.address()).unwrap()).collect();
    assert_eq!(server.get("", &[]).status, 200);
}

#[test]
fn a_port_in_use_is_told_and_another_is_taken_where_none_was_named() {
    let scratch = with_export();
    let server = Server::of(&scratch);
    let said = scratch.wow(&["serve", "--site", "site", "--port", server.port()]).failure(2);
    assert!(
        said.starts_with(&format!("port {} is in use; name another with --port", server.port())),
        "{said}"
    );
    let (one, two) =
        (Server::start(&scratch, &["--site", "site"]), Server::start(&scratch, &["--site", "site"]));
    assert_ne!(one.port(), two.port());
    assert_eq!((one.get("", &[]).status, two.get("", &[]).status), (200, 200));
}

#[test]
fn what_cannot_be_served_is_wrong_use_with_a_way_out() {
    let scratch = with_export();
    fs::write(scratch.path("site/_headers"), "/*\n  nonsense\n").unwrap();
    for (args, sentence) in [
        (&["gone"][..], "gone is no folder; name the one in which `wow export` was run"),
        (&["--site", "public"], "there is no built site in public; make one with `make site`"),
        (&["--site", "site"], "line 2 of the site's _headers is neither a path nor a header"),
        (&["--host", "192.0.2.1"], "192.0.2.1 is no address of this machine"),
        (&["--database", "wow_test.duckdb"], "`wow serve` shows exports, not databases"),
    ] {
        let said = scratch.wow(&[&["serve"], args].concat());
        let status = if sentence.starts_with("line") { 1 } else { 2 };
        let said = said.failure(status);
        assert!(said.starts_with(sentence), "{said}");
    }
    fs::write(scratch.export_folder().join("manifest.json"), "{}").unwrap();
    write_site(&scratch.path("site"));
    let server = Server::of(&scratch);
    assert!(
        server.said.contains("warning: manifest.json in public/data/dev is no manifest"),
        "{}",
        server.said
    );
}
