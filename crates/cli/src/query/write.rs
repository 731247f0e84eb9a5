//! Rows in the forms that people and programs read.

use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};

use arrow::array::RecordBatch;
use arrow::csv::WriterBuilder;
use arrow::json::writer::{JsonArray, WriterBuilder as JsonBuilder};
use parquet::arrow::ArrowWriter;

use super::Answer;
use super::table::{formatters, options, table};

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// A table on a terminal, elsewhere lines with tabs between the columns.
    Plain,
    /// CSV with a line of names.
    Csv,
    /// A list of objects.
    Json,
}

/// Writes the rows to standard output. A reader that went away is no error.
///
/// # Errors
/// When a value cannot be written.
pub(crate) fn write(answer: &Answer, format: Format) -> anyhow::Result<()> {
    let stdout = io::stdout();
    let is_terminal = stdout.is_terminal();
    let mut out = BufWriter::new(stdout.lock());
    let written = match format {
        Format::Plain if is_terminal => {
            let table = table(&answer.schema, &answer.batches)?;
            writeln!(out, "{table}").map_err(anyhow::Error::from)
        }
        Format::Plain => tabbed(&mut out, answer),
        Format::Csv => csv(&mut out, answer),
        Format::Json => json(&mut out, answer),
    };
    match written.and_then(|()| Ok(out.flush()?)) {
        Err(error) if is_gone(&error) => Ok(()),
        result => result,
    }
}

/// The rows as a Parquet file.
///
/// # Errors
/// When a column has a type that Parquet has not.
pub(crate) fn parquet(answer: &Answer) -> anyhow::Result<Vec<u8>> {
    let mut writer = ArrowWriter::try_new(Vec::new(), answer.schema.clone(), None)?;
    for batch in &answer.batches {
        writer.write(batch)?;
    }
    Ok(writer.into_inner()?)
}

fn is_gone(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let is_gone =
            cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe);
        is_gone || cause.to_string().contains("Broken pipe")
    })
}

/// Names, then rows, with tabs between. Tabs and line ends in values are written as `\t` and `\n`.
fn tabbed(out: &mut impl Write, answer: &Answer) -> anyhow::Result<()> {
    let line = |values: Vec<String>| values.iter().map(|value| escaped(value)).collect::<Vec<_>>().join("\t");
    let names = answer.schema.fields().iter().map(|field| field.name().clone());
    writeln!(out, "{}", line(names.collect()))?;
    let options = options();
    for batch in &answer.batches {
        let formatters = formatters(batch, &options)?;
        for row in 0..batch.num_rows() {
            let values = formatters.iter().map(|formatter| formatter.value(row).try_to_string());
            writeln!(out, "{}", line(values.collect::<Result<_, _>>()?))?;
        }
    }
    Ok(())
}

fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for sign in value.chars() {
        match sign {
            '\t' => escaped.push_str("\\t"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\\' => escaped.push_str("\\\\"),
            sign => escaped.push(sign),
        }
    }
    escaped
}

fn csv(out: &mut impl Write, answer: &Answer) -> anyhow::Result<()> {
    let mut writer = WriterBuilder::new()
        .with_header(true)
        .with_timestamp_format("%Y-%m-%d %H:%M:%S%.f".to_owned())
        .build(out);
    for batch in batches(answer) {
        writer.write(&batch)?;
    }
    Ok(())
}

fn json(out: &mut impl Write, answer: &Answer) -> anyhow::Result<()> {
    let mut writer = JsonBuilder::new().with_explicit_nulls(true).build::<_, JsonArray>(&mut *out);
    for batch in &answer.batches {
        writer.write(batch)?;
    }
    writer.finish()?;
    writeln!(out)?;
    Ok(())
}

/// The batches, or one without rows, which has the names.
fn batches(answer: &Answer) -> Vec<RecordBatch> {
    match &*answer.batches {
        [] => vec![RecordBatch::new_empty(answer.schema.clone())],
        batches => batches.to_vec(),
    }
}
