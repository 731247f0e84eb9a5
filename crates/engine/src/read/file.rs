//! One Parquet file: its footer, its row groups, its events.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::file::statistics::Statistics;

use super::columns::{self, Codes};
use super::{BATCH_ROWS, guarded};
use crate::pipeline::Strings;
use crate::pipeline::events::Events;
use crate::schema::{self, GuildKind};
use crate::{Error, manifest::Rejected};

/// A Parquet file whose footer was read and whose columns are those of the event table.
#[derive(Debug, Clone)]
pub struct PartFile {
    bytes: bytes::Bytes,
    metadata: ArrowReaderMetadata,
    guild_kind: GuildKind,
}

impl PartFile {
    /// Reads the footer and checks the columns.
    ///
    /// # Errors
    /// [`Error::Parquet`], [`Error::MissingColumn`] or [`Error::ColumnType`].
    pub fn open(bytes: bytes::Bytes) -> Result<Self, Error> {
        guarded(|| {
            // The Arrow schema that a writer may have left in the file is not trusted.
            let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
            let plain = ArrowReaderMetadata::load(&bytes, options.clone()).map_err(parquet_error)?;
            let guild_kind = columns::check(plain.schema())?;
            let hinted = options.with_schema(Arc::new(with_dictionaries(plain.schema())));
            let metadata =
                ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), hinted).map_err(parquet_error)?;
            Ok(Self { bytes, metadata, guild_kind })
        })
    }

    /// How the guild numbers are stored.
    #[must_use]
    pub const fn guild_kind(&self) -> GuildKind {
        self.guild_kind
    }

    /// Rows, as the footer says.
    #[must_use]
    pub fn rows(&self) -> u64 {
        u64::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    /// How many row groups there are.
    #[must_use]
    pub fn row_groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    /// The events of the given row groups, or of all.
    ///
    /// # Errors
    /// [`Error::Parquet`].
    pub fn events(&self, row_groups: Option<Vec<usize>>) -> Result<EventReader, Error> {
        let names = schema::COLUMNS;
        let descriptor = self.metadata.metadata().file_metadata().schema_descr_ptr();
        let roots = self
            .metadata
            .schema()
            .fields()
            .iter()
            .enumerate()
            .filter(|(_, field)| names.contains(&field.name().as_str()))
            .map(|(index, _)| index);
        // A batch never spans row groups, so that one dictionary holds for the whole of it.
        Ok(EventReader {
            part: self.clone(),
            mask: ProjectionMask::roots(&descriptor, roots),
            pending: row_groups.unwrap_or_else(|| (0..self.row_groups()).collect()).into(),
            reader: None,
            race: Codes::default(),
            class: Codes::default(),
            zone: Codes::default(),
        })
    }

    /// The row groups that may hold a player.
    #[must_use]
    pub fn row_groups_with(&self, player_id: i64) -> Vec<usize> {
        let groups = self.metadata.metadata().row_groups().iter().enumerate();
        groups
            .filter(|(_, group)| {
                let column =
                    group.columns().iter().find(|column| column.column_path().parts() == [schema::PLAYER_ID]);
                match column.and_then(|column| column.statistics()) {
                    Some(Statistics::Int64(range)) => {
                        range.min_opt().is_none_or(|min| *min <= player_id)
                            && range.max_opt().is_none_or(|max| *max >= player_id)
                    }
                    _ => true,
                }
            })
            .map(|(index, _)| index)
            .collect()
    }
}

/// The same schema with the text columns as dictionaries: their codes are all the pipeline needs.
fn with_dictionaries(schema: &Schema) -> Schema {
    let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let fields: Vec<Field> = schema
        .fields()
        .iter()
        .map(|field| match field.name().as_str() {
            schema::RACE | schema::CLASS | schema::ZONE => {
                Field::new(field.name(), dictionary.clone(), field.is_nullable())
            }
            _ => field.as_ref().clone(),
        })
        .collect();
    Schema::new(fields)
}

/// Yields the events of a part, batch by batch.
pub struct EventReader {
    part: PartFile,
    mask: ProjectionMask,
    pending: VecDeque<usize>,
    reader: Option<ParquetRecordBatchReader>,
    race: Codes,
    class: Codes,
    zone: Codes,
}

impl EventReader {
    /// How the guild numbers are stored.
    #[must_use]
    pub const fn guild_kind(&self) -> GuildKind {
        self.part.guild_kind
    }

    /// The next events, with text codes that refer to `strings`; `None` at the end. Give the same `strings`
    /// on every call.
    ///
    /// # Errors
    /// [`Error::Parquet`] for damaged bytes.
    pub fn next(&mut self, strings: &mut Strings) -> Result<Option<Events>, Error> {
        loop {
            if let Some(reader) = &mut self.reader {
                if let Some(batch) = reader.next() {
                    let batch = batch.map_err(|error| Error::Parquet(error.to_string()))?;
                    let (batch, rejected) = columns::without_rejected(batch)?;
                    return self.events(&batch, rejected, strings).map(Some);
                }
                self.reader = None;
            }
            let Some(row_group) = self.pending.pop_front() else { return Ok(None) };
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
                self.part.bytes.clone(),
                self.part.metadata.clone(),
            );
            let reader = builder
                .with_projection(self.mask.clone())
                .with_row_groups(vec![row_group])
                .with_batch_size(BATCH_ROWS)
                .build()
                .map_err(parquet_error)?;
            self.reader = Some(reader);
        }
    }

    fn events(
        &mut self,
        batch: &arrow::array::RecordBatch,
        rejected: Rejected,
        strings: &mut Strings,
    ) -> Result<Events, Error> {
        Ok(Events {
            player_id: columns::integers(batch, schema::PLAYER_ID)?.values,
            time_us: columns::times_us(batch)?,
            guild: columns::guilds(batch)?,
            level: columns::integers(batch, schema::LEVEL)?,
            race: self.race.of(batch, schema::RACE, &mut strings.race)?,
            class: self.class.of(batch, schema::CLASS, &mut strings.class)?,
            zone: self.zone.of(batch, schema::ZONE, &mut strings.zone)?,
            rejected,
        })
    }
}

fn parquet_error(error: parquet::errors::ParquetError) -> Error {
    Error::Parquet(error.to_string())
}
