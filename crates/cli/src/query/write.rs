//! Rows in the forms that people and programs read.

use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, StdoutLock, Write};

use anyhow::Context as _;
use arrow::array::RecordBatch;
use arrow::csv::WriterBuilder as CsvBuilder;
use arrow::datatypes::SchemaRef;
use arrow::json::Writer as JsonWriter;
use arrow::json::writer::{JsonArray, WriterBuilder as JsonBuilder};
use parquet::arrow::ArrowWriter;

use super::Rows;
use super::table::{formatters, options, table};

/// How times are written, as DuckDB writes them.
const TIME: &str = "%Y-%m-%d %H:%M:%S%.f";

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

/// Rows on standard output. A reader that went away is no error.
pub(crate) struct Printed {
    way: Way,
}

enum Way {
    Table(Option<SchemaRef>, Vec<RecordBatch>),
    Tabbed(BufWriter<StdoutLock<'static>>),
    Csv(BufWriter<StdoutLock<'static>>),
    Json(Box<JsonWriter<BufWriter<StdoutLock<'static>>, JsonArray>>),
    /// The reader went away.
    Gone,
}

impl Printed {
    /// Prints in this form.
    pub(crate) fn new(format: Format) -> Self {
        let stdout = io::stdout();
        let is_terminal = stdout.is_terminal();
        let out = || BufWriter::new(stdout.lock());
        let way = match format {
            Format::Plain if is_terminal => Way::Table(None, Vec::new()),
            Format::Plain => Way::Tabbed(out()),
            Format::Csv => Way::Csv(out()),
            Format::Json => Way::Json(Box::new(JsonBuilder::new().with_explicit_nulls(true).build(out()))),
        };
        Self { way }
    }

    /// Prints what is left to be printed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn finish(mut self) -> anyhow::Result<()> {
        self.write(|way| {
            match way {
                Way::Table(schema, batches) => {
                    let schema = schema.as_ref().context("no columns came")?;
                    writeln!(io::stdout(), "{}", table(schema, batches)?)?;
                }
                Way::Tabbed(out) | Way::Csv(out) => out.flush()?,
                Way::Json(writer) => {
                    writer.finish()?;
                    let out = writer.get_mut();
                    writeln!(out)?;
                    out.flush()?;
                }
                Way::Gone => {}
            }
            Ok(())
        })
    }

    fn write(&mut self, write: impl FnOnce(&mut Way) -> anyhow::Result<()>) -> anyhow::Result<()> {
        match write(&mut self.way) {
            Err(error) if is_gone(&error) => self.way = Way::Gone,
            result => return result,
        }
        Ok(())
    }
}

impl Rows for Printed {
    fn begin(&mut self, schema: &SchemaRef) -> anyhow::Result<()> {
        self.write(|way| {
            match way {
                Way::Table(columns, _) => *columns = Some(schema.clone()),
                Way::Tabbed(out) => {
                    let names = schema.fields().iter().map(|field| escaped(field.name()));
                    writeln!(out, "{}", names.collect::<Vec<_>>().join("\t"))?;
                }
                Way::Csv(out) => {
                    let mut writer = CsvBuilder::new().with_header(true).build(out);
                    writer.write(&RecordBatch::new_empty(schema.clone()))?;
                }
                Way::Json(_) | Way::Gone => {}
            }
            Ok(())
        })
    }

    fn take(&mut self, batch: &RecordBatch) -> anyhow::Result<()> {
        self.write(|way| {
            match way {
                Way::Table(_, batches) => batches.push(batch.clone()),
                Way::Tabbed(out) => tabbed(out, batch)?,
                Way::Csv(out) => {
                    let builder = CsvBuilder::new().with_header(false).with_timestamp_format(TIME.to_owned());
                    builder.build(out).write(batch)?;
                }
                Way::Json(writer) => writer.write(batch)?,
                Way::Gone => {}
            }
            Ok(())
        })
    }
}

/// Rows as a Parquet file.
#[derive(Default)]
pub(crate) struct Parquet {
    writer: Option<ArrowWriter<Vec<u8>>>,
}

impl Parquet {
    /// The file.
    ///
    /// # Errors
    /// When it cannot be ended.
    pub(crate) fn finish(self) -> anyhow::Result<Vec<u8>> {
        Ok(self.writer.context("no columns came")?.into_inner()?)
    }
}

impl Rows for Parquet {
    fn begin(&mut self, schema: &SchemaRef) -> anyhow::Result<()> {
        self.writer = Some(ArrowWriter::try_new(Vec::new(), schema.clone(), None)?);
        Ok(())
    }

    fn take(&mut self, batch: &RecordBatch) -> anyhow::Result<()> {
        Ok(self.writer.as_mut().context("no columns came")?.write(batch)?)
    }
}

fn is_gone(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let error = cause.downcast_ref::<io::Error>();
        error.is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
            || cause.to_string().contains("Broken pipe")
    })
}

/// Rows with tabs between the values. Tabs and line ends in values are written as `\t` and `\n`.
fn tabbed(out: &mut impl Write, batch: &RecordBatch) -> anyhow::Result<()> {
    let options = options();
    let formatters = formatters(batch, &options)?;
    for row in 0..batch.num_rows() {
        let values = formatters.iter().map(|formatter| Ok(escaped(&formatter.value(row).try_to_string()?)));
        writeln!(out, "{}", values.collect::<anyhow::Result<Vec<_>>>()?.join("\t"))?;
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
