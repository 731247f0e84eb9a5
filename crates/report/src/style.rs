//! The style sheet, and the hash by which the report's policy allows it and no other.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use wow_view::dataset::Badge;

const SHEET: &str = include_str!("report.css");

/// A style sheet.
pub(crate) struct Style {
    /// Its text.
    pub(crate) css: String,
    /// The SHA-256 of its text in Base64.
    pub(crate) hash: String,
}

/// The style sheet of a report whose printed pages say at their foot which data these are.
pub(crate) fn style(foot: &str, badge: Badge) -> Style {
    let foot = quoted(&format!("WoW Analytics · {foot}"));
    let mut css = format!("{SHEET}@page{{@bottom-left{{content:{foot}}}}}\n");
    if badge == Badge::Production {
        css += &format!("@page{{@top-left{{content:{}}}}}\n", quoted("PRODUCTION DATA"));
    }
    Style { hash: STANDARD.encode(Sha256::digest(&css)), css }
}

/// A text as a string of CSS. All but letters, digits and spaces is written by number, so that no text ends the string or
/// the element around it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for sign in text.chars() {
        if sign.is_alphanumeric() || sign == ' ' {
            quoted.push(sign);
        } else {
            quoted += &format!("\\{:06x}", u32::from(sign));
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_string_or_the_style() {
        let css = style("a\"}</style><script>\\ \n.duckdb", Badge::Dev).css;
        let tail = css.strip_prefix(SHEET).unwrap();
        assert!(!tail.contains('<') && !tail.contains("\\ ") && tail.lines().count() == 1, "{tail}");
        assert_eq!(tail.matches('"').count(), 2, "{tail}");
    }
}
