//! Marks as a CSV file: to keep, to hand to others, and to take over from them.

use ::csv::{ReaderBuilder, StringRecord};
use wow_engine::time::Micros;

use super::{Answer, MOST_NOTE_CHARACTERS, Mark, Marks};
use crate::csv::{self, Field};
use crate::time;

/// A larger file is none of marks.
pub const MOST_BYTES: u64 = 64 << 20;

const HEAD: [&str; 4] = ["player_id", "mark", "note", "marked_at"];

/// The marks as CSV, in order of id. Times are UTC.
#[must_use]
pub fn to_csv(marks: &Marks) -> Vec<u8> {
    let rows = marks.iter().map(|(player_id, mark)| {
        [
            Field::Plain(player_id.to_string()),
            Field::Plain(mark.answer.words().to_owned()),
            Field::Text(&mark.note),
            Field::Plain(time::iso(mark.marked_us)),
        ]
    });
    csv::write(&HEAD, rows)
}

/// The marks of a CSV file with the columns that [`to_csv`] writes, in any order; `note` and `marked_at` may be missing, and a
/// mark without a time was made at `now`. Of two marks of a player the one made later counts.
///
/// # Errors
/// A sentence on the first line that cannot be read; then nothing of the file is.
pub fn from_csv(file: &[u8], now: Micros) -> Result<Marks, String> {
    let text = std::str::from_utf8(file)
        .map_err(|_| "The file is not text in UTF-8: save it as “CSV UTF-8” and import that.".to_owned())?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let columns = reader.headers().map(Columns::of).map_err(|_| no_marks())?.ok_or_else(no_marks)?;
    let mut marks = Marks::default();
    for record in reader.records() {
        let record = record.map_err(|_| "The file is not a CSV file: its quotes do not match.".to_owned())?;
        let line = record.position().map_or(0, ::csv::Position::line);
        let (player_id, mark) =
            columns.read(&record, now).map_err(|why| format!("Line {line} of the file: {why}"))?;
        if marks.get(player_id).is_none_or(|before| before.marked_us <= mark.marked_us) {
            marks.set(player_id, mark);
        }
    }
    Ok(marks)
}

fn no_marks() -> String {
    format!("The file has no marks: its first line must name the columns {}.", HEAD.join(", "))
}

/// Where a file has what.
struct Columns {
    player_id: usize,
    mark: usize,
    note: Option<usize>,
    marked_at: Option<usize>,
}

impl Columns {
    fn of(head: &StringRecord) -> Option<Self> {
        let find = |name: &str| head.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
        let [player_id, mark, note, marked_at] = HEAD.map(find);
        Some(Self { player_id: player_id?, mark: mark?, note, marked_at })
    }

    fn read(&self, record: &StringRecord, now: Micros) -> Result<(i64, Mark), String> {
        let cell =
            |place: Option<usize>| place.and_then(|place| record.get(place)).unwrap_or_default().trim();
        let id = cell(Some(self.player_id));
        let player_id = id.parse().map_err(|_| {
            format!("“{}” is no player id; ids are whole numbers, written with all their digits.", short(id))
        })?;
        let answer = answer(cell(Some(self.mark)))?;
        let note = csv::as_typed(cell(self.note)).to_owned();
        if note.chars().count() > MOST_NOTE_CHARACTERS {
            return Err(format!("the note is longer than {MOST_NOTE_CHARACTERS} characters; shorten it."));
        }
        let marked_us = match cell(self.marked_at) {
            "" => now,
            text => marked_at(text).ok_or_else(|| {
                format!("“{}” is no time; write it as 2026-01-31 14:05:00, in UTC.", short(text))
            })?,
        };
        Ok((player_id, Mark { answer, note, marked_us }))
    }
}

fn answer(text: &str) -> Result<Answer, String> {
    let is_it = |answer: &Answer| {
        text.eq_ignore_ascii_case(answer.words()) || text.eq_ignore_ascii_case(answer.key())
    };
    Answer::ALL
        .into_iter()
        .find(is_it)
        .ok_or_else(|| format!("“{}” is no mark; a mark is bot, not a bot or unsure.", short(text)))
}

/// A time as [`time::iso`] writes it, or as RFC 3339 has it.
fn marked_at(text: &str) -> Option<Micros> {
    time::microseconds(text).or_else(|| time::microseconds(&format!("{}Z", text.replace(' ', "T"))))
}

/// The beginning of a text, for a sentence.
fn short(text: &str) -> String {
    const MOST: usize = 40;
    let start: String =
        text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).take(MOST).collect();
    if text.chars().count() > MOST { format!("{start}…") } else { start }
}

#[cfg(test)]
mod tests {
    use super::super::tests::mark;
    use super::*;

    fn read(text: &str) -> Result<Marks, String> {
        from_csv(text.as_bytes(), Micros::new(7_000_000).unwrap())
    }

    #[test]
    fn what_is_written_is_read_whatever_a_note_says() {
        let marks = Marks::from_iter([
            (i64::MIN, mark(Answer::Bot, "=HYPERLINK(\"http://x\",\"y\")", 1_231_509_900)),
            (-7, mark(Answer::NotBot, "a \"quoted\", note\nof two lines", 0)),
            (8, mark(Answer::Unsure, "<script>alert(1)</script> 競技場", 1)),
            (9, mark(Answer::Bot, "", 2)),
            (10, mark(Answer::Bot, "-1", 2)),
        ]);
        let csv = to_csv(&marks);
        assert_eq!(from_csv(&csv, Micros::default()).unwrap(), marks);
        let text = String::from_utf8(csv).unwrap();
        assert!(text.starts_with("player_id,mark,note,marked_at\r\n-9223372036854775808,bot,\"'=HYPERLINK("));
        assert!(text.contains(",2009-01-09 14:05:00\r\n") && text.contains(",'-1,"), "{text}");
    }

    #[test]
    fn a_file_of_others_may_lack_what_is_not_needed() {
        let marks = read("\u{feff}Mark;\n").unwrap_err();
        assert!(marks.contains("must name the columns"), "{marks}");
        let marks = read("MARK,Player_ID,extra\nNot a bot,3,x\nbot, 4 ,\nnot-bot,5\n").unwrap();
        assert_eq!(marks.get(3).unwrap(), &mark(Answer::NotBot, "", 7));
        assert_eq!(marks.get(4).unwrap().answer, Answer::Bot);
        assert_eq!((marks.get(5).unwrap().answer, marks.len()), (Answer::NotBot, 3));
        let twice = "player_id,mark,marked_at\n1,bot,2026-01-02T00:00:00Z\n1,unsure,2026-01-01 00:00:00\n";
        assert_eq!(read(twice).unwrap().get(1).unwrap().answer, Answer::Bot, "the later one counts");
        assert!(read("player_id,mark\n").unwrap().is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_told_in_one_sentence_with_its_line() {
        for (text, says) in [
            ("", "The file has no marks"),
            ("a,b\n1,2\n", "The file has no marks"),
            ("player_id,mark\n1,bot\n2,maybe\n", "Line 3 of the file: “maybe” is no mark"),
            ("player_id,mark\n1.5E+18,bot\n", "Line 2 of the file: “1.5E+18” is no player id"),
            ("player_id,mark\n,bot\n", "Line 2 of the file: “” is no player id"),
            ("player_id,mark,marked_at\n1,bot,yesterday\n", "Line 2 of the file: “yesterday” is no time"),
            ("player_id,mark\n1,\"a\nb\"\n", "Line 2 of the file: “a b” is no mark"),
        ] {
            let told = read(text).unwrap_err();
            assert!(told.starts_with(says) && !told.contains('\n'), "{text:?}: {told}");
        }
        let long = format!("player_id,mark,note\n1,bot,{}\n", "x".repeat(MOST_NOTE_CHARACTERS + 1));
        assert!(read(&long).unwrap_err().contains("longer than 1000 characters"));
        let wide = format!("player_id,mark\n{},bot\n", "9".repeat(10_000));
        assert!(read(&wide).unwrap_err().chars().count() < 200);
        assert!(from_csv(b"player_id,mark\n1,\xff\n", Micros::default()).unwrap_err().contains("UTF-8"));
    }
}
