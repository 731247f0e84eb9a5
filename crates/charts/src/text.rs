//! How wide text will be. Nobody knows the reader's font, so widths are those of a wide one
//! (DejaVu Sans): what fits here fits in the usual system fonts.

/// How much wider bold text is.
const BOLD_FACTOR: f64 = 1.12;

/// Estimated width in pixels of a text set at `size_px`.
pub(crate) fn width(text: &str, size_px: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size_px
}

/// Estimated width in pixels of a bold text set at `size_px`.
pub(crate) fn bold_width(text: &str, size_px: f64) -> f64 {
    width(text, size_px) * BOLD_FACTOR
}

/// [`ellipsize`] for bold text.
pub(crate) fn ellipsize_bold(text: &str, max_px: f64, size_px: f64) -> String {
    ellipsize(text, max_px / BOLD_FACTOR, size_px)
}

/// The text itself if it fits, else as much of it as fits followed by an ellipsis.
pub(crate) fn ellipsize(text: &str, max_px: f64, size_px: f64) -> String {
    if width(text, size_px) <= max_px {
        return text.to_owned();
    }
    let mut shown = String::new();
    let mut used = em('…');
    for letter in text.chars() {
        used += em(letter);
        if used * size_px > max_px {
            break;
        }
        shown.push(letter);
    }
    format!("{}…", shown.trim_end())
}

/// A text in lines of at most this width. A word that is wider has a line of its own and is cut.
pub(crate) fn lines(text: &str, max_px: f64, size_px: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word = ellipsize(word, max_px, size_px);
        let longer = lines.last().map(|line| format!("{line} {word}"));
        match (lines.last_mut(), longer.filter(|line| width(line, size_px) <= max_px)) {
            (Some(line), Some(longer)) => *line = longer,
            _ => lines.push(word),
        }
    }
    lines
}

/// Text from data made safe for an XML document: control characters, which XML forbids, and
/// marks that turn the writing direction become a replacement character.
pub fn printable(text: &str) -> String {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
    };
    text.chars().map(|c| if is_hidden(c) { '\u{fffd}' } else { c }).collect()
}

/// Advance width of one character in em.
fn em(letter: char) -> f64 {
    match letter {
        ' ' | '.' | ',' | '\'' | '’' | 'i' | 'j' | 'l' | '|' | ':' | ';' => 0.34,
        'f' | 't' | 'r' | 'I' | 'J' | '(' | ')' | '[' | ']' | '/' | '-' => 0.42,
        'm' | 'M' | 'W' | '%' | '@' => 1.0,
        'w' | '→' | '↑' | '…' | '–' | '−' | '&' | '<' | '>' => 0.84,
        'A'..='Z' => 0.74,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' => 0.0,
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{ffef}' | '\u{1f000}'..='\u{3ffff}' => 1.0,
        c if c.is_uppercase() => 0.78,
        _ => 0.64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_to_its_room_and_short_text_is_not() {
        assert_eq!(ellipsize("Orgrimmar", 200.0, 12.0), "Orgrimmar");
        let cut = ellipsize("The Temple of Atal'Hakkar", 80.0, 12.0);
        assert!(cut.ends_with('…') && cut.starts_with("The "), "{cut}");
        assert!(width(&cut, 12.0) <= 80.0);
        assert_eq!(ellipsize("anything", 1.0, 12.0), "…");
    }

    #[test]
    fn a_sentence_is_broken_between_words() {
        assert_eq!(lines("", 100.0, 12.0), [""; 0]);
        let say = "Half last 34 min or less, and averylongwordthatfitsnowhere is cut.";
        let broken = lines(say, 100.0, 12.0);
        assert!(broken.len() > 3 && broken.iter().all(|line| width(line, 12.0) <= 100.0), "{broken:?}");
        assert_eq!(lines(say, 1_000.0, 12.0), [say]);
    }

    #[test]
    fn wide_scripts_count_as_wide() {
        assert!(width("競技場", 12.0) >= 36.0);
        assert_eq!(width("", 12.0), 0.0);
    }

    #[test]
    fn what_xml_forbids_is_replaced() {
        assert_eq!(printable("a\u{0}b\u{202e}c\n"), "a\u{fffd}b\u{fffd}c\u{fffd}");
        assert_eq!(printable("Dalaran競技場 <&'\""), "Dalaran競技場 <&'\"");
    }
}
