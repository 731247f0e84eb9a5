//! The architecture's rules that a program can check, so that they stay true. ARCHITECTURE.md says why they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use toml::Table;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn toml(path: &str) -> Table {
    fs::read_to_string(root().join(path)).unwrap().parse().unwrap()
}

/// The files below a folder with one of the extensions, as paths from the root; not what is built or fetched.
fn files(folder: &str, extensions: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                let built = matches!(name, ".git" | "target" | "dist" | "node_modules" | "test-results");
                if !built && !path.ends_with("public/data") {
                    folders.push(path);
                }
            } else if extensions.contains(&path.extension().unwrap_or_default().to_str().unwrap()) {
                found.push(path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    assert!(!found.is_empty(), "no file in {folder}");
    found.sort();
    found
}

/// The lines of a text that hold an item under `#[cfg(test)]`, counted from 1, the attribute's among them.
fn test_lines(text: &str) -> BTreeSet<usize> {
    fn collect(tokens: TokenStream, lines: &mut BTreeSet<usize>) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            let TokenTree::Group(group) = &token else {
                let start = token.span().start().line;
                let is_marked = token.to_string() == "#"
                    && tokens.peek().is_some_and(|next| next.to_string().replace(' ', "") == "[cfg(test)]");
                if is_marked {
                    let ends = |token: &TokenTree| match token {
                        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                        token => token.to_string() == ";",
                    };
                    let end = tokens.by_ref().find(ends).map_or(start, |last| last.span().end().line);
                    lines.extend(start..=end);
                }
                continue;
            };
            collect(group.stream(), lines);
        }
    }
    let mut lines = BTreeSet::new();
    collect(text.parse().unwrap(), &mut lines);
    lines
}

/// The lines of code in a folder's Rust files for which `is_meant`, as `file:line: code`. Comments and tests (a `tests`
/// folder or file, and items under `#[cfg(test)]`) do not count.
fn code_where(folder: &str, is_meant: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in files(folder, &["rs"]) {
        if file.split('/').any(|name| name == "tests" || name == "tests.rs") {
            continue;
        }
        let text = fs::read_to_string(root().join(&file)).unwrap();
        let tests = test_lines(&text);
        for (number, line) in (1..).zip(text.lines()) {
            let code = line.trim();
            if !code.starts_with("//") && !tests.contains(&number) && is_meant(code) {
                found.push(format!("{file}:{number}: {code}"));
            }
        }
    }
    found
}

fn code_with(folder: &str, words: &[&str]) -> Vec<String> {
    code_where(folder, |code| words.iter().any(|word| code.contains(word)))
}

#[track_caller]
fn assert_absent(folder: &str, words: &[&str]) {
    let found = code_with(folder, words);
    assert!(found.is_empty(), "not allowed here:\n{}", found.join("\n"));
}

/// The packages that a package of the lock file needs, directly or not, itself among them.
fn needed_by(package: &str) -> BTreeSet<String> {
    let lock = toml("Cargo.lock");
    let mut needs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in lock["package"].as_array().unwrap() {
        let names = entry.get("dependencies").and_then(|names| names.as_array());
        let names = names.into_iter().flatten().map(|name| name.as_str().unwrap().split(' ').next().unwrap());
        // Versions of one package count as one, which can only make the answer larger.
        needs.entry(entry["name"].as_str().unwrap()).or_default().extend(names);
    }
    let mut found = BTreeSet::new();
    let mut open = vec![package];
    while let Some(name) = open.pop() {
        if found.insert(name.to_owned()) {
            open.extend(&needs[name]);
        }
    }
    found
}

/// The names in all dependency tables of a manifest, those of its targets too.
fn direct_dependencies(manifest: &str) -> BTreeSet<String> {
    let manifest = toml(manifest);
    let targets = manifest.get("target").and_then(|targets| targets.as_table());
    let tables = targets.into_iter().flat_map(Table::values).filter_map(|target| target.as_table());
    std::iter::once(&manifest)
        .chain(tables)
        .flat_map(|table| ["dependencies", "build-dependencies"].map(|key| table.get(key)))
        .flatten()
        .flat_map(|dependencies| dependencies.as_table().unwrap().keys().cloned())
        .collect()
}

const BROWSER: [&str; 5] = ["web-sys", "js-sys", "wasm-bindgen", "gloo", "leptos"];

#[test]
fn only_the_command_links_duckdb() {
    for package in ["wow-engine", "wow-charts", "wow-view", "wow-report", "wow-analytics"] {
        let needed = needed_by(package);
        assert!(!needed.contains("libduckdb-sys") && !needed.contains("duckdb"), "{package} links DuckDB");
    }
    assert!(needed_by("wow-cli").contains("libduckdb-sys"));
}

#[test]
fn only_the_command_speaks_to_buckets() {
    let clients = ["object_store", "reqwest", "rustls", "ring"];
    for package in ["wow-engine", "wow-charts", "wow-view", "wow-report", "wow-analytics"] {
        let needed = needed_by(package);
        let found: Vec<_> = clients.iter().filter(|client| needed.contains(**client)).collect();
        assert!(found.is_empty(), "{package} needs {found:?}");
    }
    let needed = needed_by("wow-cli");
    assert!(clients.iter().all(|client| needed.contains(*client)));
    // What is encrypted is so by one library, which compiles without anything of the system's.
    assert!(!needed.contains("openssl-sys") && !needed.contains("aws-lc-sys"));
}

#[test]
fn what_serves_command_and_page_knows_no_browser() {
    for package in ["engine", "charts", "loading", "view", "report"] {
        let direct = direct_dependencies(&format!("crates/{package}/Cargo.toml"));
        for name in BROWSER {
            assert!(!direct.contains(name), "{package} depends on {name}");
        }
    }
}

#[test]
fn the_engine_does_no_io_and_reads_no_clock() {
    assert_absent(
        "crates/engine/src",
        &[
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "std::thread",
            "std::time",
            "Instant::",
            "SystemTime",
        ],
    );
    for folder in ["crates/charts/src", "crates/view/src", "crates/report/src"] {
        assert_absent(folder, &["std::fs", "std::net", "std::env", "std::time"]);
    }
}

#[test]
fn the_pipeline_knows_no_parquet_and_no_async() {
    assert_absent("crates/engine/src/pipeline", &["parquet::", "async ", ".await", "crate::read"]);
}

#[test]
fn the_page_neither_decodes_nor_aggregates() {
    assert_absent("src/ui", &["parquet::", "wow_engine::read", "Scanner"]);
}

#[test]
fn what_decides_about_data_knows_no_browser_and_no_words() {
    assert_absent("src/analysis", &["web_sys", "gloo", "wasm_bindgen", "leptos", "wow_view"]);
    assert_absent("src/client", &["leptos", "wow_view"]);
}

/// Whether code formats a number with so many decimals.
fn sets_decimals(code: &str) -> bool {
    let pieces = code.split('{').skip(1).filter_map(|piece| piece.split_once('}'));
    pieces.filter_map(|(piece, _)| piece.rsplit_once(':')?.1.split_once('.')).any(|(width, decimals)| {
        width.chars().all(|sign| "<>^+#0123456789".contains(sign))
            && decimals.chars().all(|sign| sign.is_ascii_alphanumeric() || "_*$".contains(sign))
    })
}

/// Formatting with decimals rounds the binary fraction and exact halves to even, which is not how the models round.
#[test]
fn what_a_reader_sees_is_rounded_in_one_place() {
    assert!(sets_decimals("format!(\"{:.2} and {width:>8.decimals$}\", number)"));
    assert!(!sets_decimals("view! { {models::pieces(sql).len} } write!(\"{hour:02}:00\")"));
    // Coordinates and opacities are read by nobody.
    let is_drawn = |code: &str| ["\"M{", "px\"", "opacity"].iter().any(|word| code.contains(word));
    let found: Vec<_> = ["src", "crates/charts/src", "crates/view/src", "crates/report/src"]
        .iter()
        .flat_map(|folder| code_where(folder, |code| sets_decimals(code) && !is_drawn(code)))
        .filter(|line| !line.starts_with("crates/charts/src/format.rs:"))
        .collect();
    assert!(found.is_empty(), "these belong to `format::fixed`:\n{}", found.join("\n"));
}

#[test]
fn the_rules_skip_tests_and_nothing_else() {
    let text = "#[cfg(test)]\nmod tests;\nuse a::b;\n#[cfg(test)]\n#[path = \"x.rs\"]\nmod more;\n\
                fn f() {}\n#[cfg(test)]\nmod last {\n    fn g() {}\n}\nfn h() {\n    #[cfg(test)]\n    i();\n}\n";
    assert_eq!(test_lines(text).into_iter().collect::<Vec<_>>(), [1, 2, 4, 5, 6, 8, 9, 10, 11, 13, 14]);
}

#[test]
fn targets_are_told_apart_in_the_module_gates_alone() {
    let elsewhere: Vec<_> = ["src", "crates"]
        .iter()
        .flat_map(|folder| code_with(folder, &["cfg(target", "cfg(not(target", "cfg!(target"]))
        .filter(|line| !line.starts_with("src/lib.rs:") && !line.starts_with("src/bin/"))
        // Where databases lie and who holds them differs between operating systems, not between targets.
        .filter(|line| !line.contains("target_os"))
        .collect();
    assert!(elsewhere.is_empty(), "{}", elsewhere.join("\n"));
}

#[test]
fn nothing_is_put_in_place_but_by_publishing() {
    let words = ["fs::rename", "hard_link", "renameat", ".persist"];
    let elsewhere: Vec<_> = code_with("crates/cli/src", &words)
        .into_iter()
        .filter(|line| !line.starts_with("crates/cli/src/publish/"))
        .collect();
    assert!(elsewhere.is_empty(), "not allowed here:\n{}", elsewhere.join("\n"));
}

#[test]
fn text_never_becomes_markup() {
    // The charts escape what they write, and the style sheet is the report's own.
    let is_markup = |code: &str| {
        code.contains("PreEscaped(")
            && !["svg", "css"].iter().any(|own| code.contains(&format!("(PreEscaped({own}))")))
    };
    assert_eq!(code_where("crates/report/src", is_markup), [""; 0]);
    assert_absent("src", &["inner_html", "outer_html", "insert_adjacent_html", "document.write", "eval("]);
}

#[test]
fn a_lint_is_waived_outside_tests_only_with_its_reason() {
    let words = ["allow(clippy::unwrap_used", "allow(clippy::expect_used", "allow(clippy::panic"];
    for folder in ["src", "crates"] {
        let bare: Vec<_> =
            code_with(folder, &words).into_iter().filter(|line| !line.contains("reason = ")).collect();
        assert!(bare.is_empty(), "without a reason:\n{}", bare.join("\n"));
    }
}

#[test]
fn the_browser_bindings_are_the_locked_version() {
    let manifest = toml("Cargo.toml");
    let pinned = manifest["target"]["cfg(target_arch = \"wasm32\")"]["dependencies"]["wasm-bindgen"].as_str();
    let lock = toml("Cargo.lock");
    let locked: Vec<_> = lock["package"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["name"].as_str() == Some("wasm-bindgen"))
        .map(|entry| format!("={}", entry["version"].as_str().unwrap()))
        .collect();
    assert_eq!(locked, [pinned.unwrap()]);
}

#[test]
fn the_version_is_said_in_one_place() {
    for manifest in
        files("", &["toml"]).iter().filter(|file| file.ends_with("Cargo.toml") && *file != "fuzz/Cargo.toml")
    {
        let package = toml(manifest)["package"].as_table().unwrap().clone();
        assert_eq!(package["version"].get("workspace").and_then(|is| is.as_bool()), Some(true), "{manifest}");
    }
    let package = fs::read_to_string(root().join("tests/e2e/package.json")).unwrap();
    assert!(!package.contains("\"version\":"), "{package}");
    let version = toml("Cargo.toml")["workspace"]["package"]["version"].as_str().unwrap().to_owned();
    let changes = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    let heads: Vec<_> = changes.lines().filter_map(|line| line.strip_prefix("## [")).collect();
    assert!(
        heads.iter().any(|head| head.starts_with(&format!("{version}]"))),
        "{version} is not in CHANGELOG.md"
    );
}

#[test]
fn no_file_names_a_place_on_one_machine() {
    // Put together here, so that this file does not name them either.
    let places = ["home", "root", "work", "Users"].map(|name| format!("/{name}/"));
    let extensions = ["rs", "toml", "md", "sh", "html", "css", "sql", "yml", "py", "ts", "json"];
    let mut found = Vec::new();
    for file in files("", &extensions) {
        let text = fs::read_to_string(root().join(&file)).unwrap();
        for (number, line) in text.lines().enumerate() {
            if places.iter().any(|place| line.contains(place.as_str())) {
                found.push(format!("{file}:{}: {line}", number + 1));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
