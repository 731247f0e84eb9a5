//! Text stays a code through the pipeline; the texts themselves are kept once.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// The code of a null text.
pub const NULL_CODE: u32 = u32::MAX;

/// The distinct texts of one column, numbered from zero in order of appearance.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct Dictionary {
    texts: Vec<String>,
    codes: HashMap<String, u32>,
}

impl Dictionary {
    /// The code of `text`, new if it was not seen before.
    pub fn code(&mut self, text: &str) -> u32 {
        if let Some(&code) = self.codes.get(text) {
            return code;
        }
        // More than four thousand million distinct texts do not fit in memory, so the code cannot wrap.
        let code = self.texts.len() as u32;
        self.texts.push(text.to_owned());
        self.codes.insert(text.to_owned(), code);
        code
    }

    /// The code of `text`; `None` where it was never seen.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<u32> {
        self.codes.get(text).copied()
    }

    /// The text of a code; `None` for [`NULL_CODE`] and for codes never given out.
    #[must_use]
    pub fn get(&self, code: u32) -> Option<&str> {
        self.texts.get(code as usize).map(String::as_str)
    }

    /// All texts in order of code.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The code in `self` for every code of `other`.
    pub(super) fn absorb(&mut self, other: &Self) -> Vec<u32> {
        other.texts.iter().map(|text| self.code(text)).collect()
    }

    /// The code whose text is greater, byte by byte; any text is greater than null.
    pub(super) fn greater(&self, a: u32, b: u32) -> u32 {
        if a == b || self.get(a) >= self.get(b) { a } else { b }
    }
}

impl From<Vec<String>> for Dictionary {
    fn from(texts: Vec<String>) -> Self {
        let mut dictionary = Self::default();
        for text in &texts {
            dictionary.code(text);
        }
        dictionary
    }
}

impl From<Dictionary> for Vec<String> {
    fn from(dictionary: Dictionary) -> Self {
        dictionary.texts
    }
}

/// The dictionaries of the three text columns.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Strings {
    /// Races.
    pub race: Dictionary,
    /// Classes.
    pub class: Dictionary,
    /// Zones: the column `where`.
    pub zone: Dictionary,
}

/// For each text column, the new code of every old one.
pub(super) struct Recode {
    race: Vec<u32>,
    class: Vec<u32>,
    zone: Vec<u32>,
}

impl Strings {
    /// Takes in the texts of `other` and says how its codes change.
    pub(super) fn absorb(&mut self, other: &Self) -> Recode {
        Recode {
            race: self.race.absorb(&other.race),
            class: self.class.absorb(&other.class),
            zone: self.zone.absorb(&other.zone),
        }
    }
}

impl Recode {
    pub(super) fn race(&self, code: u32) -> u32 {
        new_code(&self.race, code)
    }

    pub(super) fn class(&self, code: u32) -> u32 {
        new_code(&self.class, code)
    }

    /// The new code of every old one of a zone.
    pub(super) fn zones(&self) -> &[u32] {
        &self.zone
    }

    pub(super) fn zone(&self, code: u32) -> u32 {
        new_code(&self.zone, code)
    }
}

fn new_code(map: &[u32], code: u32) -> u32 {
    map.get(code as usize).copied().unwrap_or(NULL_CODE)
}
