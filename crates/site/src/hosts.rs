//! What hosts are told of each file, in the form of `_headers`, which Netlify, Cloudflare Pages and others read.

use crate::Files;
use crate::exports::ENVIRONMENTS;
use crate::names::{extension, is_by_content};

/// One directive a line.
const POLICY: &str = include_str!("../assets/policy.txt");

/// The Content-Security-Policy, for the page and, in the header, for its workers.
pub(crate) fn policy() -> String {
    POLICY.lines().collect::<Vec<_>>().join("; ")
}

/// The type of a file by its name.
pub(crate) fn media_type(name: &str) -> &'static str {
    match extension(name) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// The text of `_headers`.
pub(crate) fn headers(files: &Files) -> String {
    let mut text =
        format!("/*\n  Content-Security-Policy: {}\n  X-Content-Type-Options: nosniff\n", policy());
    let mut tell = |path: &str, is_kept: bool| {
        let cache = if is_kept { "public, max-age=31536000, immutable" } else { "no-cache" };
        text.push_str(&format!("/{path}\n  Cache-Control: {cache}\n"));
        // Not every host knows these types, and a browser compiles wasm under its own type alone.
        if matches!(extension(path), "wasm" | "webmanifest" | "woff2") {
            text.push_str(&format!("  Content-Type: {}\n", media_type(path)));
        }
    };
    tell("", false);
    for name in files.keys() {
        tell(name, is_by_content(name));
    }
    for environment in ENVIRONMENTS {
        tell(&format!("data/{environment}/manifest.json"), false);
        tell(&format!("data/{environment}/part-*"), true);
    }
    text
}
