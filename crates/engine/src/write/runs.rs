//! Columns of values that repeat.

use std::collections::HashMap;

use crate::pipeline::Dictionary;
use crate::schema::{NumberKind, key_to_float};

/// Numbers from zero to this are small.
const SMALL_NUMBERS: usize = 4_096;

/// Values that repeat: each distinct one once, and runs of them in the order of the rows.
#[derive(Debug, Default)]
pub struct CodedRuns {
    /// The distinct values as Parquet's PLAIN has them.
    pub(super) plain: Vec<u8>,
    pub(super) count: u32,
    pub(super) range: Option<(i64, i64)>,
    pub(super) runs: Vec<(Option<u32>, usize)>,
    pub(super) rows: usize,
}

impl CodedRuns {
    /// Adds a distinct whole number and gives its code.
    pub fn add_number(&mut self, number: i64) -> u32 {
        let (min, max) = self.range.unwrap_or((number, number));
        self.range = Some((number.min(min), number.max(max)));
        self.add(&number.to_le_bytes())
    }

    /// Adds a distinct double and gives its code.
    pub fn add_double(&mut self, double: f64) -> u32 {
        self.add(&double.to_le_bytes())
    }

    /// Adds a distinct text and gives its code.
    pub fn add_text(&mut self, text: &str) -> u32 {
        // No text is as long as 4 GiB.
        self.plain.extend((text.len() as u32).to_le_bytes());
        self.add(text.as_bytes())
    }

    fn add(&mut self, bytes: &[u8]) -> u32 {
        self.plain.extend_from_slice(bytes);
        self.count += 1;
        self.count - 1
    }

    /// The next `rows` rows have the value of this code, or null.
    pub fn push(&mut self, code: Option<u32>, rows: usize) {
        self.rows += rows;
        match self.runs.last_mut() {
            Some((last, count)) if *last == code => *count += rows,
            _ => self.runs.push((code, rows)),
        }
    }

    /// Bytes that hold any code.
    pub(super) const fn code_bytes(&self) -> usize {
        match self.count {
            0..=0x100 => 1,
            0x101..=0x1_0000 => 2,
            0x1_0001..=0x100_0000 => 3,
            _ => 4,
        }
    }
}

/// Numbers that repeat: 64-bit ones, or doubles by their keys.
#[derive(Debug)]
pub struct NumberRuns {
    /// The runs so far.
    pub runs: CodedRuns,
    kind: NumberKind,
    /// The codes of small numbers, where they have one, without the hashing.
    small: Vec<Option<u32>>,
    others: HashMap<i64, u32>,
    last: (Option<i64>, Option<u32>),
}

impl NumberRuns {
    /// Of no rows.
    #[must_use]
    pub fn new(kind: NumberKind) -> Self {
        Self {
            runs: CodedRuns::default(),
            kind,
            small: vec![None; SMALL_NUMBERS],
            others: HashMap::new(),
            last: (None, None),
        }
    }

    /// The next `rows` rows have this number, given by its key if it is a double, or null.
    pub fn push(&mut self, key: Option<i64>, rows: usize) {
        if self.last.0 != key {
            self.last = (key, key.map(|key| self.code(key)));
        }
        self.runs.push(self.last.1, rows);
    }

    fn code(&mut self, key: i64) -> u32 {
        let (runs, kind) = (&mut self.runs, self.kind);
        let add = || match kind {
            NumberKind::Integer => runs.add_number(key),
            NumberKind::Float => runs.add_double(key_to_float(key)),
        };
        match usize::try_from(key).ok().and_then(|key| self.small.get_mut(key)) {
            Some(code) => *code.get_or_insert_with(add),
            None => *self.others.entry(key).or_insert_with(add),
        }
    }
}

/// Texts of a dictionary that repeat.
#[derive(Debug, Default)]
pub struct TextRuns {
    /// The runs so far.
    pub runs: CodedRuns,
    /// The code in the runs for each code of the dictionary, where it has one.
    codes: Vec<Option<u32>>,
}

impl TextRuns {
    /// The next `rows` rows have the text of this code, or null where it stands for none.
    pub fn push(&mut self, code: u32, rows: usize, texts: &Dictionary) {
        let index = code as usize;
        let known = self.codes.get(index).copied().flatten();
        let code = known.or_else(|| {
            let code = self.runs.add_text(texts.get(code)?);
            self.codes.resize(self.codes.len().max(index + 1), None);
            self.codes[index] = Some(code);
            Some(code)
        });
        self.runs.push(code, rows);
    }
}
