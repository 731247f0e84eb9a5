//! `wow import https://…`: any server will do, with ranges or without.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

use super::proxy::{Act, Proxy};
use super::server::Server;
use crate::cli::import::{KAGGLE, KAGGLE_ROWS, check_rows};
use crate::support::Scratch;

/// A server that gives the same to whoever asks, whatever part is asked for.
fn without_ranges(head: &'static str, body: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let mut reader = BufReader::new(client.try_clone().unwrap());
            let mut line = String::new();
            while line != "\r\n" {
                line.clear();
                reader.read_line(&mut line).unwrap();
            }
            write!(client, "HTTP/1.1 {head}\r\nConnection: close\r\n\r\n").unwrap();
            client.write_all(body).unwrap();
        }
    });
    port
}

#[test]
fn a_presigned_address_is_read_by_ranges_and_never_by_its_head() {
    let test = "a_presigned_address_is_read_by_ranges_and_never_by_its_head";
    let Some(server) = Server::moto(test) else { return };
    let (bucket, scratch) = (server.bucket("logs-bucket"), Scratch::new());
    bucket.put("a%20b/log.csv", KAGGLE.as_bytes());
    let proxy = Proxy::start(server.port, |request| match request.line.starts_with("GET") {
        true => Act::Pass,
        false => Act::Answer("403 Forbidden", "<Error><Code>SignatureDoesNotMatch</Code></Error>".to_owned()),
    });
    let address = format!("http://127.0.0.1:{}/logs-bucket/a%20b/log.csv", proxy.port);
    let signed = format!("{address}?AWSAccessKeyId=x&Signature=hunter2&Expires=4000000000");
    let run = scratch.wow(&["import", &signed, "--json"]).success();
    assert_eq!(run.json()["files"][0]["file"], format!("{address}?…"));
    assert!(!(run.stdout + &run.stderr).contains("hunter2"));
    check_rows(&scratch.database(), KAGGLE_ROWS);

    let refused = Proxy::start(server.port, |_| Act::Answer("403 Forbidden", String::new()));
    let signed = format!("http://127.0.0.1:{}/logs-bucket/log.csv?Signature=hunter2", refused.port);
    let sentence = scratch.wow(&["import", &signed, "--replace"]).failure(1);
    assert!(sentence.contains("what a signed address allows has expired"), "{sentence}");
    assert!(!sentence.contains("hunter2"), "{sentence}");
}

#[test]
fn a_server_without_ranges_is_copied_once() {
    let scratch = Scratch::new();
    let port = without_ranges("200 OK", KAGGLE.as_bytes());
    let proxy = Proxy::start(port, |_| Act::Pass);
    let address = format!("http://127.0.0.1:{}/log.csv", proxy.port);
    scratch.wow(&["import", &address]).success();
    check_rows(&scratch.database(), KAGGLE_ROWS);
    assert_eq!(proxy.requests().len(), 1);
}

#[test]
fn an_address_that_leads_on_is_followed() {
    let Some(server) = Server::moto("an_address_that_leads_on_is_followed") else { return };
    let (bucket, scratch) = (server.bucket("logs-bucket"), Scratch::new());
    bucket.put("log.csv", KAGGLE.as_bytes());
    let signed = format!(
        "http://127.0.0.1:{}/logs-bucket/log.csv?AWSAccessKeyId=x&Signature=y&Expires=4000000000",
        server.port
    );
    let head: &'static str =
        Box::leak(format!("302 Found\r\nLocation: {signed}\r\nContent-Length: 0").into());
    let port = without_ranges(head, b"");
    scratch.wow(&["import", &format!("http://127.0.0.1:{port}/latest")]).success();
    check_rows(&scratch.database(), KAGGLE_ROWS);
}

#[test]
fn what_is_not_there_or_no_log_is_said() {
    let scratch = Scratch::new();
    let import = |head: &'static str, body: &'static [u8]| {
        let port = without_ranges(head, body);
        (scratch.wow(&["import", &format!("http://127.0.0.1:{port}/log.csv?Signature=hunter2")]), port)
    };
    let (run, port) = import("404 Not Found\r\nContent-Length: 0", b"");
    let sentence = run.failure(2);
    assert!(
        sentence.starts_with(&format!("there is no file at http://127.0.0.1:{port}/log.csv?…; ")),
        "{sentence}"
    );
    let (run, _) = import("200 OK", b"<!doctype html><title>Sign in</title>");
    let sentence = run.failure(1);
    assert!(sentence.contains("cannot be used"), "{sentence}");
}
