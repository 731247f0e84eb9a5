use std::collections::BTreeSet;
use std::io::Read as _;

use tempfile::TempDir;
use wasm_encoder::{CustomSection, DataSection, Module};

use super::*;
use crate::names::{extension, hex, is_by_content};

/// Compiled code that holds a text, and a section that only tools read.
fn code(text: &str) -> Vec<u8> {
    let mut data = DataSection::new();
    data.passive(text.bytes());
    let mut module = Module::new();
    module.section(&data).section(&CustomSection { name: "name".into(), data: b"for tools".into() });
    module.finish()
}

/// What trunk would build: files that name each other, exports, and a hash that no longer fits.
fn built() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put_bytes = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let put = |name: &str, text: &str| put_bytes(name, text.as_bytes());
    let stamp = "0123456789abcdef";
    let long = "lorem ipsum ".repeat(200);
    put(&format!("app-{stamp}.js"), &format!("load('app-{stamp}_bg.wasm'); // {long}"));
    put_bytes(&format!("app-{stamp}_bg.wasm"), &code(&long));
    put(&format!("worker-{stamp}.js"), &format!("start('./worker-{stamp}_bg.wasm')"));
    put_bytes(&format!("worker-{stamp}_bg.wasm"), &code("worker"));
    // Trunk writes no zeros at a hash's start.
    put("base-123456789abcdef.css", "@font-face { src: url(\"letters.woff2\") } p { color: red }");
    put_bytes("letters.woff2", &[0; 2_000]);
    for name in ["favicon.svg", "icon-32.png", "preview.png"] {
        put(name, name);
    }
    put("app.webmanifest", r#"{ "icons": [{ "src": "icon-32.png" }, { "src": "favicon.svg" }] }"#);
    put("sw.js", "// leaves");
    put("data/dev/manifest.json", "{}");
    let index = format!(
        "<!doctype html><head>\n    <meta charset=\"utf-8\">\n    <link rel=\"icon\" href=\"favicon.svg\">\
         <link rel=\"icon\" href=\"icon-32.png\"><link rel=\"manifest\" href=\"app.webmanifest\">\
         <link rel=\"stylesheet\" href=\"./base-123456789abcdef.css\" integrity=\"sha384-old\"/>\
         <meta name=\"worker\" content=\"./worker-{stamp}.js\">\
         <meta name=\"app\" content=\"./app-{stamp}.js\" data-wasm=\"./app-{stamp}_bg.wasm\"></head><p>…"
    );
    put("index.html", &index);
    folder
}

fn export(data: &Path, environment: &str) {
    let folder = data.join(environment);
    fs::create_dir_all(&folder).unwrap();
    for (manifest, part) in
        [("manifest.json", "part-0-a.parquet"), ("manifest.previous.json", "part-0-b.parquet")]
    {
        let facts = "player-facts-c.parquet";
        for file in [part, facts] {
            fs::write(folder.join(file), environment).unwrap();
        }
        let text = format!(r#"{{"parts":[{{"file":"{part}"}}],"player_facts":{{"file":"{facts}"}}}}"#);
        fs::write(folder.join(manifest), text).unwrap();
    }
    fs::write(folder.join("notes.txt"), "not of the export").unwrap();
}

/// What goes in of an export.
const EXPORT: [&str; 5] = [
    "manifest.json",
    "manifest.previous.json",
    "part-0-a.parquet",
    "part-0-b.parquet",
    "player-facts-c.parquet",
];

struct Made {
    site: PathBuf,
    told: Vec<String>,
    _folders: [TempDir; 2],
}

fn make(with_prod: bool, url: Option<&str>) -> Made {
    let (built, place) = (built(), tempfile::tempdir().unwrap());
    let (site, data) = (place.path().join("dist"), place.path().join("data"));
    for environment in ["dev", "prod"] {
        export(&data, environment);
    }
    let settings = Settings { data, with_prod, url: url.map(|url| url.parse().unwrap()) };
    let told = publish(built.path(), &site, &settings).unwrap();
    Made { site, told, _folders: [built, place] }
}

impl Made {
    fn names(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(&self.site).unwrap().map(|entry| entry.unwrap());
        let files = entries.filter(|entry| entry.path().is_file());
        files.map(|entry| entry.file_name().into_string().unwrap()).collect()
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.site.join(name)).unwrap()
    }

    fn data(&self, environment: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.site.join("data").join(environment)) else { return Vec::new() };
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// Everything in quotes that looks like a file's name.
fn named_in(text: &str) -> impl Iterator<Item = &str> {
    let names = text.split(['"', '\'']).map(|name| name.trim_start_matches("./"));
    names.filter(|name| {
        let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        is_plain && ["js", "css", "wasm", "svg", "png", "woff2", "webmanifest"].contains(&extension(name))
    })
}

#[test]
fn files_are_named_by_their_content_and_name_each_other_so() {
    let made = make(false, Some("https://example.org/wow"));
    let fixed = ["404.html", "_headers", "app.webmanifest", "index.html", "sw.js"];
    for name in made.names().iter().filter(|name| !matches!(extension(name), "br" | "gz")) {
        if !fixed.contains(&name.as_str()) {
            let hash = &hex(&fs::read(made.site.join(name)).unwrap())[..16];
            assert!(name.contains(hash) && is_by_content(name), "{name}");
        }
    }
    let mut found = 0;
    for name in
        made.names().iter().filter(|name| matches!(extension(name), "html" | "js" | "css" | "webmanifest"))
    {
        for named in named_in(&made.text(name)) {
            found += 1;
            assert!(made.names().contains(named), "{name} names {named}, which is not there");
        }
    }
    assert!(found > 20, "{found}");
    assert!(made.names().iter().any(|name| name.starts_with("base-") && name.matches('-').count() == 1));
    assert!(!made.text("index.html").contains("integrity"));
}

#[test]
fn other_content_gives_other_names_to_all_that_name_it() {
    let before = names::by_content(read(built().path()).unwrap()).unwrap();
    let other = built();
    fs::write(other.path().join("worker-0123456789abcdef_bg.wasm"), code("another worker")).unwrap();
    let after = names::by_content(read(other.path()).unwrap()).unwrap();
    let new: Vec<&String> = after.keys().filter(|name| !before.contains_key(*name)).collect();
    assert!(new.len() == 2 && new.iter().all(|name| name.starts_with("worker-")), "{new:?}");
}

#[test]
fn another_font_gives_the_style_sheet_that_names_it_another_name() {
    let names = |font: u8| {
        let built = built();
        fs::write(built.path().join("letters.woff2"), [font]).unwrap();
        let files = names::by_content(read(built.path()).unwrap()).unwrap();
        ["woff2", "css"].map(|kind| files.keys().find(|name| extension(name) == kind).unwrap().clone())
    };
    assert!(names(1).iter().zip(&names(2)).all(|(one, other)| one != other));
}

#[test]
fn compiled_code_is_without_what_only_tools_read() {
    let made = make(false, None);
    let name = made.names().into_iter().find(|name| extension(name) == "wasm").unwrap();
    let bytes = fs::read(made.site.join(name)).unwrap();
    let has = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    assert!(has(b"lorem ipsum") && !has(b"for tools"));
}

#[test]
fn packed_copies_are_the_files() {
    let made = make(false, None);
    let packed: Vec<String> =
        made.names().into_iter().filter(|name| matches!(extension(name), "br" | "gz")).collect();
    assert!(packed.len() >= 6, "{packed:?}");
    // A font is packed in itself.
    assert!(!packed.iter().any(|name| name.contains("woff2")));
    for name in packed {
        let (plain, how) = name.rsplit_once('.').unwrap();
        let (bytes, mut unpacked) = (fs::read(made.site.join(&name)).unwrap(), Vec::new());
        match how {
            "br" => brotli::Decompressor::new(&bytes[..], 4096).read_to_end(&mut unpacked).unwrap(),
            _ => flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut unpacked).unwrap(),
        };
        assert!(unpacked == fs::read(made.site.join(plain)).unwrap(), "{name}");
    }
}

#[test]
fn production_data_go_in_only_when_asked_for() {
    let without = make(false, None);
    assert_eq!(without.data("dev"), EXPORT);
    assert!(!without.site.join("data/prod").exists());
    let told = without.told.join("\n");
    assert!(
        told.contains("the production export was left out")
            && told.contains("the dev export went in: 5 files")
    );

    let with = make(true, None);
    assert_eq!(with.data("prod"), EXPORT);
    assert!(with.told.iter().any(|line| line.contains("PRODUCTION data went in")), "{:?}", with.told);
}

#[test]
fn a_production_export_that_is_not_there_is_an_error_where_it_is_asked_for() {
    let place = tempfile::tempdir().unwrap();
    let error = Exports::chosen(place.path(), true).unwrap_err().to_string();
    assert!(error.contains("wow export --target prod"), "{error}");
    assert_eq!(Exports::chosen(place.path(), false).unwrap().told(), ["no export went in"]);
}

#[test]
fn only_a_site_is_replaced() {
    let (built, place) = (built(), tempfile::tempdir().unwrap());
    fs::write(place.path().join("thesis.txt"), "years of work").unwrap();
    assert!(publish(built.path(), place.path(), &Settings::default()).is_err());
    assert!(place.path().join("thesis.txt").exists());
}

#[test]
fn the_policy_is_the_same_in_the_page_and_in_the_header_and_lets_nothing_inline_in() {
    let made = make(false, None);
    let policy = hosts::policy();
    assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe-inline"), "{policy}");
    for name in ["index.html", "404.html", "_headers", "sw.js"] {
        assert_eq!(made.text(name).matches(policy.as_str()).count(), 1, "{name}");
    }
    // Only what stands before a script or a style holds for it.
    let index = made.text("index.html");
    assert!(index.find("Content-Security-Policy") < index.find("<link"));
    assert!(!made.text("404.html").contains("<style") && !index.contains("<style"));
}

#[test]
fn hosts_keep_for_ever_what_is_named_by_content_and_nothing_else() {
    let made = make(false, None);
    let headers = made.text("_headers");
    let mut blocks = BTreeMap::new();
    for block in headers.split("\n/").map(|block| block.trim_start_matches('/')) {
        let (path, rest) = block.split_once('\n').unwrap();
        assert!(blocks.insert(path, rest).is_none(), "{path} is told twice");
    }
    for (path, told) in &blocks {
        let is_kept = is_by_content(path) || path.ends_with("/part-*");
        assert_eq!(told.contains("immutable"), is_kept, "{path}");
    }
    for path in [
        "",
        "index.html",
        "404.html",
        "sw.js",
        "app.webmanifest",
        "data/dev/manifest.json",
        "data/prod/manifest.json",
    ] {
        assert!(blocks[path].contains("no-cache"), "{path}");
    }
    assert!(
        headers.contains("X-Content-Type-Options: nosniff")
            && headers.contains("Content-Type: application/wasm")
    );
}

#[test]
fn the_service_worker_keeps_all_files_of_the_build() {
    let made = make(false, None);
    let worker = made.text("sw.js");
    for name in made.names().iter().filter(|name| !matches!(extension(name), "br" | "gz")) {
        let is_kept =
            !matches!(name.as_str(), "404.html" | "_headers" | "sw.js") && !name.starts_with("preview");
        let hash = hex(&fs::read(made.site.join(name)).unwrap());
        assert_eq!(worker.contains(&format!("[{name:?}, {hash:?}, ")), is_kept, "{name}");
    }
    assert!(!worker.contains("const BUILD = \"\"") && !worker.contains("const FILES = []"));
}

#[test]
fn a_site_with_an_address_shows_a_picture_and_leads_home_from_any_depth() {
    let made = make(false, Some("https://example.org/some/wow"));
    assert!(
        made.text("index.html")
            .contains("property=\"og:image\" content=\"https://example.org/some/wow/preview-")
    );
    let missing = made.text("404.html");
    assert!(
        missing.contains("href=\"/some/wow/\"") && missing.contains("href=\"/some/wow/base-"),
        "{missing}"
    );

    let unknown = make(false, None);
    assert!(!unknown.text("index.html").contains("og:image"));
    assert!(unknown.text("404.html").contains("href=\"/\""));
    assert!(unknown.told.iter().any(|line| line.contains("WOW_SITE_URL")));
}

#[test]
fn an_address_is_one_of_a_folder() {
    for (text, path) in [("https://a.org", "/"), ("https://a.org/", "/"), ("http://a.org:8080/b/c", "/b/c/")]
    {
        assert_eq!(text.parse::<SiteUrl>().unwrap().path(), path, "{text}");
    }
    for text in ["", "a.org", "https://", "https:///b", "https://a.org/\"><script>", "ftp://a.org"] {
        assert!(text.parse::<SiteUrl>().is_err(), "{text}");
    }
}
