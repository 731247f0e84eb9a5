//! The site's `_headers`: which headers go with which path, in the form that static hosts read too. What holds on a host
//! so holds here, and is written once.

use hyper::header::{HeaderName, HeaderValue};

/// Headers by path.
#[derive(Debug, Default)]
pub(super) struct Rules(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    /// A path in which `*` stands for anything.
    pattern: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Rules {
    /// Reads the text: a line that begins a rule is a path, and the indented ones below it are its headers.
    ///
    /// # Errors
    /// The number of the first line that is neither.
    pub(super) fn parse(text: &str) -> Result<Self, usize> {
        let mut rules: Vec<Rule> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let content = line.trim();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            if line.starts_with(char::is_whitespace) {
                let header = content.split_once(':').and_then(|(name, value)| {
                    Some((name.trim().parse().ok()?, HeaderValue::from_str(value.trim()).ok()?))
                });
                rules.last_mut().ok_or(number)?.headers.push(header.ok_or(number)?);
            } else if content.starts_with('/') {
                rules.push(Rule { pattern: content.to_owned(), headers: Vec::new() });
            } else {
                return Err(number);
            }
        }
        Ok(Self(rules))
    }

    /// The headers of a path; where two rules give the same one, the later counts.
    pub(super) fn of(&self, path: &str) -> impl Iterator<Item = &(HeaderName, HeaderValue)> {
        self.0.iter().filter(move |rule| matches(&rule.pattern, path)).flat_map(|rule| &rule.headers)
    }
}

/// Whether a pattern stands for the path.
fn matches(pattern: &str, path: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == path };
    let Some(mut left) = path.strip_prefix(start) else { return false };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let end = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match left.find(piece) {
            Some(at) => left = &left[at + piece.len()..],
            None => return false,
        }
    }
    left.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, path) in [
            ("/*", "/a/b.js"),
            ("/index.html", "/index.html"),
            ("/app-*.js", "/app-01.js"),
            ("/data/*/part-*", "/data/dev/part-0.parquet"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [("/a", "/a/b"), ("/app-*.js", "/app-01.css"), ("/a*a", "/a")] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn the_later_rule_is_given_last_and_a_line_that_is_none_is_named() {
        let rules = Rules::parse(
            "# all\n/*\n  Cache-Control: no-cache\n  X-A: b: c\n\n/x-*\n  Cache-Control: max-age=1\n",
        );
        let rules = rules.unwrap();
        let of: Vec<_> =
            rules.of("/x-1").map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        assert_eq!(of, [("cache-control", "no-cache"), ("x-a", "b: c"), ("cache-control", "max-age=1")]);
        for (text, line) in [("  A: b", 1), ("/*\n  no header", 2), ("/*\nx", 2), ("/*\n  A: \u{7}", 2)] {
            assert_eq!(Rules::parse(text).unwrap_err(), line);
        }
    }
}
