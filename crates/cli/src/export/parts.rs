//! Writes groups of rows as Parquet parts of a bounded size.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use wow_engine::manifest::Part;
use wow_engine::schema;

use super::groups::{Group, union};
use super::hashing::HashingFile;

/// The most that a part may hold: static hosts refuse files over 25 MiB.
pub(super) const PART_BYTES_MAX: u64 = 16 << 20;
/// What the footer takes at most for each row group, and for itself.
const FOOTER_BYTES: u64 = 8 << 10;
/// Digits of the hash in a part's name: enough that two parts never share it.
pub(super) const NAME_DIGITS: usize = 16;

/// A finished part in a temporary file.
#[derive(Debug)]
pub(super) struct WrittenPart {
    /// The file it is in until it is published.
    pub(super) temporary: PathBuf,
    /// What the manifest says of it.
    pub(super) part: Part,
}

/// All parts and what they hold together.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// In order of player.
    pub(super) parts: Vec<WrittenPart>,
    /// The oldest and the newest time in microseconds.
    pub(super) times_us: Option<(i64, i64)>,
}

/// Writes part after part into a folder.
pub(super) struct PartsWriter<'a> {
    folder: &'a Path,
    schema: SchemaRef,
    properties: WriterPropertiesPtr,
    open: Option<OpenPart>,
    written: Written,
}

impl<'a> PartsWriter<'a> {
    /// Parts go into `folder`; the batches will have this schema.
    pub(super) fn new(folder: &'a Path, schema: &Schema) -> Self {
        Self {
            folder,
            schema: Arc::new(Schema::new(schema.fields().clone())),
            properties: Arc::new(properties()),
            open: None,
            written: Written::default(),
        }
    }

    /// Writes a group as one row group.
    ///
    /// # Errors
    /// When it cannot be encoded or written.
    pub(super) fn write(&mut self, group: &Group) -> anyhow::Result<()> {
        // A player who fills several groups starts a part, so that the part holds as little else as can be.
        if group.unfinished && !group.continues {
            self.close_part()?;
        }
        let chunks = match &self.open {
            Some(part) => part.encode(group)?,
            None => self.open_part()?.encode(group)?,
        };
        let bytes = bytes_of(&chunks);
        let fits = self.open.as_ref().is_none_or(|part| part.rows == 0 || part.has_room_for(bytes));
        if !fits && !group.continues {
            self.close_part()?;
        }
        self.open_part()?.append(chunks, group)?;
        self.written.times_us = union(self.written.times_us, group.times_us);
        Ok(())
    }

    /// Ends the last part.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn finish(mut self) -> anyhow::Result<Written> {
        self.close_part()?;
        Ok(self.written)
    }

    fn open_part(&mut self) -> anyhow::Result<&mut OpenPart> {
        let part = match self.open.take() {
            Some(part) => part,
            None => {
                let path = self.folder.join(format!("part-{}.parquet", self.written.parts.len()));
                OpenPart::create(path, &self.schema, &self.properties)?
            }
        };
        Ok(self.open.insert(part))
    }

    fn close_part(&mut self) -> anyhow::Result<()> {
        if let Some(part) = self.open.take() {
            let number = self.written.parts.len();
            self.written.parts.push(part.close(number)?);
        }
        Ok(())
    }
}

/// A part that is being written.
struct OpenPart {
    path: PathBuf,
    schema: SchemaRef,
    writer: SerializedFileWriter<HashingFile>,
    factory: ArrowRowGroupWriterFactory,
    bytes: u64,
    row_groups: u64,
    rows: u64,
    players: u64,
    player_ids: Option<(i64, i64)>,
}

impl OpenPart {
    fn create(path: PathBuf, schema: &SchemaRef, properties: &WriterPropertiesPtr) -> anyhow::Result<Self> {
        let file = File::create(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        let parquet_schema = ArrowSchemaConverter::new().convert(schema)?;
        let writer = SerializedFileWriter::new(
            HashingFile::new(file),
            parquet_schema.root_schema_ptr(),
            Arc::clone(properties),
        )?;
        Ok(Self {
            path,
            schema: Arc::clone(schema),
            factory: ArrowRowGroupWriterFactory::new(&writer, Arc::clone(schema)),
            writer,
            bytes: 0,
            row_groups: 0,
            rows: 0,
            players: 0,
            player_ids: None,
        })
    }

    /// Encodes before anything is written, so that the size is known and not guessed.
    fn encode(&self, group: &Group) -> anyhow::Result<Vec<ArrowColumnChunk>> {
        let mut writers = self.factory.create_column_writers(usize::try_from(self.row_groups)?)?;
        for batch in &group.batches {
            encode_batch(&self.schema, batch, &mut writers)?;
        }
        Ok(writers.into_iter().map(|writer| writer.close()).collect::<Result<_, _>>()?)
    }

    fn has_room_for(&self, bytes: u64) -> bool {
        let footer = FOOTER_BYTES * (self.row_groups + 2);
        self.bytes.saturating_add(bytes).saturating_add(footer) <= PART_BYTES_MAX
    }

    fn append(&mut self, chunks: Vec<ArrowColumnChunk>, group: &Group) -> anyhow::Result<()> {
        self.bytes += bytes_of(&chunks);
        let mut row_group = self.writer.next_row_group()?;
        for chunk in chunks {
            chunk.append_to_row_group(&mut row_group)?;
        }
        row_group.close()?;
        self.row_groups += 1;
        self.rows += group.rows as u64;
        self.players += group.players;
        self.player_ids = union(self.player_ids, group.player_ids);
        Ok(())
    }

    fn close(self, number: usize) -> anyhow::Result<WrittenPart> {
        let (bytes, sha256) = self.writer.into_inner()?.finish()?;
        let (first_player_id, last_player_id) = self.player_ids.context("a part without rows was opened")?;
        let part = Part {
            file: format!("part-{number}-{}.parquet", sha256.get(..NAME_DIGITS).unwrap_or(&sha256)),
            rows: self.rows,
            players: self.players,
            first_player_id,
            last_player_id,
            bytes,
            sha256,
        };
        Ok(WrittenPart { temporary: self.path, part })
    }
}

fn encode_batch(
    schema: &Schema,
    batch: &RecordBatch,
    writers: &mut [parquet::arrow::arrow_writer::ArrowColumnWriter],
) -> anyhow::Result<()> {
    // Every column of the log is one leaf, so the writers are as many as the columns.
    for ((field, column), writer) in schema.fields().iter().zip(batch.columns()).zip(writers) {
        for leaf in compute_leaves(field, column)? {
            writer.write(&leaf)?;
        }
    }
    Ok(())
}

fn bytes_of(chunks: &[ArrowColumnChunk]) -> u64 {
    chunks.iter().map(|chunk| chunk.close().bytes_written).sum()
}

/// Each column as it packs best: repeated values by a dictionary, ever-growing times by their differences.
fn properties() -> WriterProperties {
    let datetime = ColumnPath::from(schema::DATETIME);
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_dictionary_enabled(true)
        .set_column_dictionary_enabled(datetime.clone(), false)
        .set_column_encoding(datetime, Encoding::DELTA_BINARY_PACKED)
        // A reader chooses row groups; indexes of their pages would only make the footer larger.
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .build()
}
