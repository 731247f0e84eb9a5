//! How a file is read, to be told wherever it is shown.

use serde::{Deserialize, Serialize};

use super::columns::bare;
use super::{Column, Columns, Notice, Refusal, SourceType, TimeTexts};

/// What a file of events is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// Parquet.
    Parquet,
    /// CSV, perhaps in gzip.
    Csv,
}

/// A column of the event table in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The column.
    pub column: Column,
    /// The file's name for it.
    pub name: String,
    /// The type in which the file has it.
    pub stored_as: String,
}

/// What was found of a file, as far as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// What the file is.
    pub format: Format,
    /// Its rows; `None` of CSV that has some before it was read once.
    pub rows: Option<u64>,
    /// The columns of the event table.
    pub columns: Vec<Found>,
    /// The names of its other columns, which are not read.
    pub ignored: Vec<String>,
    /// The form of times that are texts.
    pub time_texts: TimeTexts,
    /// What is to be said of it.
    pub notices: Vec<Notice>,
}

impl Reading {
    /// What is known of a file as soon as its columns are found; `type_of` gives the type in which it has one.
    pub(crate) fn new(format: Format, columns: &Columns, type_of: impl Fn(Column) -> SourceType) -> Self {
        let found = |column| Found {
            column,
            name: columns.found(column).to_owned(),
            stored_as: type_of(column).to_string(),
        };
        Self {
            format,
            rows: None,
            columns: Column::ALL.map(found).into(),
            ignored: columns.ignored().map(str::to_owned).collect(),
            time_texts: TimeTexts::default(),
            notices: Vec::new(),
        }
    }

    /// Takes in what another reader found out of other rows of the same file.
    ///
    /// # Errors
    /// [`Refusal::Values`] where the times there are written in another form.
    pub fn learn(&mut self, other: Self) -> Result<(), Refusal> {
        self.time_texts.check(&other.time_texts).map_err(|refusal| self.named(refusal))?;
        if self.time_texts.form().is_none() {
            self.time_texts = other.time_texts;
        }
        self.rows = self.rows.or(other.rows);
        let news = other.notices.into_iter().filter(|notice| !self.notices.contains(notice));
        let news: Vec<Notice> = news.collect();
        self.notices.extend(news);
        Ok(())
    }

    fn named(&self, mut refusal: Refusal) -> Refusal {
        if let Refusal::Values { column, name, .. } = &mut refusal
            && let Some(found) = self.columns.iter().find(|found| found.column == *column)
        {
            bare(&found.name).clone_into(name);
        }
        refusal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(times: &[&str], notices: &[Notice]) -> Reading {
        let mut time_texts = TimeTexts::default();
        for text in times {
            time_texts.read(text.as_bytes()).unwrap();
        }
        let found = Found { column: Column::Datetime, name: " timestamp".into(), stored_as: "text".into() };
        Reading {
            format: Format::Parquet,
            rows: Some(3),
            columns: vec![found],
            ignored: Vec::new(),
            time_texts,
            notices: notices.to_vec(),
        }
    }

    #[test]
    fn what_readers_find_of_one_file_comes_together() {
        let mut known = reading(&[], &[]);
        known.learn(reading(&["2008-01-31 00:00:00Z"], &[Notice::Utc])).unwrap();
        known.learn(reading(&["2008-02-01T00:00:00+01:00"], &[Notice::Utc])).unwrap();
        known.learn(reading(&[], &[])).unwrap();
        assert_eq!(known, reading(&["2008-01-31 00:00:00Z"], &[Notice::Utc]));
    }

    #[test]
    fn two_forms_are_refused_though_no_reader_met_both() {
        let mut known = reading(&["2008-01-31 00:00:00"], &[]);
        let refusal = known.learn(reading(&["31.01.2008 0:00"], &[])).unwrap_err().to_string();
        assert!(refusal.starts_with("column `timestamp` holds times in two forms"), "{refusal}");
        assert!(
            refusal.contains("'2008-01-31 00:00:00'") && refusal.contains("'31.01.2008 0:00'"),
            "{refusal}"
        );
    }
}
