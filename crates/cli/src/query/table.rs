//! Rows as a table on a terminal.

use arrow::array::{Array, RecordBatch};
use arrow::datatypes::Schema;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, Table};
use wow_charts::printable;

/// The table.
///
/// # Errors
/// When a value cannot be written.
pub(super) fn table(schema: &Schema, batches: &[RecordBatch]) -> anyhow::Result<String> {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_header(schema.fields().iter().map(|field| printable(field.name())));
    let options = options().with_null("NULL");
    for batch in batches {
        let formatters = formatters(batch, &options)?;
        for row in 0..batch.num_rows() {
            let cell = |(formatter, column): (&ArrayFormatter<'_>, &std::sync::Arc<dyn Array>)| {
                let is_number = column.data_type().is_numeric();
                let text = formatter.value(row).try_to_string()?;
                let side = if is_number { CellAlignment::Right } else { CellAlignment::Left };
                Ok(Cell::new(printable(&text)).set_alignment(side))
            };
            table.add_row(
                formatters.iter().zip(batch.columns()).map(cell).collect::<anyhow::Result<Vec<_>>>()?,
            );
        }
    }
    Ok(table.to_string())
}

/// How values are written for people.
pub(super) fn options() -> FormatOptions<'static> {
    FormatOptions::new().with_timestamp_format(Some("%Y-%m-%d %H:%M:%S%.f"))
}

/// What writes the values of each column.
///
/// # Errors
/// When a type cannot be written.
pub(super) fn formatters<'a>(
    batch: &'a RecordBatch,
    options: &FormatOptions<'a>,
) -> anyhow::Result<Vec<ArrayFormatter<'a>>> {
    let formatter =
        |column: &'a std::sync::Arc<dyn Array>| Ok(ArrayFormatter::try_new(column.as_ref(), options)?);
    batch.columns().iter().map(formatter).collect()
}
