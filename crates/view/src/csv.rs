//! Tables as CSV (RFC 4180, UTF-8), safe to open in a spreadsheet.

use std::borrow::Cow;

/// Characters of a file name, without its extension. Systems take 255 bytes, and a character may have more than one.
const LONGEST_NAME: usize = 120;

/// A cell of a CSV file.
#[derive(Debug, Clone, PartialEq)]
pub enum Field<'a> {
    /// No value: an empty cell.
    Empty,
    /// A number or a time, as it is.
    Plain(String),
    /// Text from the data.
    Text(&'a str),
}

/// Writes a row of headings and the rows under it.
#[must_use]
pub fn write<'a, R>(head: &[&str], rows: impl Iterator<Item = R>) -> Vec<u8>
where
    R: IntoIterator<Item = Field<'a>>,
{
    let terminator = csv::Terminator::CRLF;
    let mut writer = csv::WriterBuilder::new().terminator(terminator).flexible(true).from_writer(Vec::new());
    // Writing to memory cannot fail, and `flexible` takes rows of any length.
    let _ = writer.write_record(head);
    for row in rows {
        for field in row {
            let _ = match field {
                Field::Empty => writer.write_field(""),
                Field::Plain(text) => writer.write_field(text),
                Field::Text(text) => writer.write_field(defused(text).as_ref()),
            };
        }
        let _ = writer.write_record(None::<&[u8]>);
    }
    writer.into_inner().unwrap_or_default()
}

/// A row as lines of the clipboard hold it: cells between tabs, none of which ends the cell. Text does not start a
/// formula either; numbers are as they are shown.
pub fn push_copied<'a>(copied: &mut String, cells: impl Iterator<Item = Field<'a>>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            copied.push('\t');
        }
        let cell = match &cell {
            Field::Empty => Cow::Borrowed(""),
            Field::Plain(text) => Cow::Borrowed(text.as_str()),
            Field::Text(text) => defused(text),
        };
        copied.push_str(&cell.replace(['\t', '\r', '\n'], " "));
    }
    copied.push('\n');
}

/// What a spreadsheet takes for the start of a formula, or for nothing before one.
const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// Text that a spreadsheet takes for text: one that would start a formula gets an apostrophe before it.
fn defused(text: &str) -> Cow<'_, str> {
    if text.starts_with(FORMULA) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// A text as it was before [`write`] kept it from being a formula.
#[must_use]
pub fn as_typed(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| text.starts_with(FORMULA)).unwrap_or(cell)
}

/// A file name made of words, with only letters, digits, `-` and `_`, and not too long for any system: what is cut off
/// leaves the whole name's hash, so that other words have another name.
#[must_use]
pub fn file_name(words: impl IntoIterator<Item = String>, extension: &str) -> String {
    let is_harmless = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words = words.into_iter().map(|word| {
        let pieces: Vec<&str> =
            word.split(|letter| !is_harmless(letter)).filter(|piece| !piece.is_empty()).collect();
        pieces.join("-")
    });
    let name = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    if name.chars().count() <= LONGEST_NAME {
        return format!("{name}.{extension}");
    }
    let start: String = name.chars().take(LONGEST_NAME - 9).collect();
    // FNV-1a, for names need no more, and SHA-256 would be the largest function of the page.
    let hash =
        name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{}-{hash:08x}.{extension}", start.trim_end_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_quotes_is_quoted() {
        let row = [Field::Text("a \"b\", c"), Field::Plain("-1.5".into()), Field::Empty, Field::Text("x\ny")];
        let text = String::from_utf8(write(&["class", "avg", "guild", "race"], [row].into_iter())).unwrap();
        assert_eq!(text, "class,avg,guild,race\r\n\"a \"\"b\"\", c\",-1.5,,\"x\ny\"\r\n");
    }

    #[test]
    fn text_never_starts_a_formula() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-x", "'-x"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("Dalaran競技場", "Dalaran競技場"),
            ("a=b", "a=b"),
        ] {
            assert_eq!(defused(text), written);
        }
        let text = String::from_utf8(write(&["race"], [[Field::Text("\r=1")]].into_iter())).unwrap();
        assert_eq!(text, "race\r\n\"'\r=1\"\r\n");
    }

    #[test]
    fn copied_cells_stay_in_their_cells() {
        let mut copied = String::new();
        push_copied(&mut copied, ["7", "=1+1", "a\tb\nc", "-5"].map(Field::Text).into_iter());
        push_copied(&mut copied, [Field::Plain("-5".into()), Field::Text("Orc"), Field::Empty].into_iter());
        assert_eq!(copied, "7\t'=1+1\ta b c\t'-5\n-5\tOrc\t\n");
    }

    #[test]
    fn an_empty_table_has_its_headings() {
        let none: [[Field; 1]; 0] = [];
        assert_eq!(write(&["player_id"], none.into_iter()), b"player_id\r\n");
    }

    #[test]
    fn file_names_are_harmless() {
        let name = |words: &[&str]| file_name(words.iter().map(|&word| word.to_owned()), "csv");
        assert_eq!(name(&["players", "dev"]), "players-dev.csv");
        assert_eq!(
            name(&["players", "prod", "class=Death Knight", "../x"]),
            "players-prod-class-Death-Knight-x.csv"
        );
        let long = |last| name(&["players", &"é".repeat(300), last]);
        assert_eq!(long("a").chars().count(), LONGEST_NAME + ".csv".len());
        assert!(long("a").len() <= 255);
        assert_ne!(long("a"), long("b"));
    }
}
