//! Writes encoded groups as Parquet parts of a bounded size.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use parquet::file::writer::SerializedFileWriter;
use wow_engine::manifest::Part;
use wow_engine::time::Micros;

use super::encode::{EncodedGroup, Encoder};
use super::groups::union;
use super::hashing::HashingFile;
use crate::publish::export::part_name;

/// What a part is filled up to. Parts are what browsers fetch and deal out over their workers: with four thousand
/// thousand bytes a log of 36 million events is some thirty requests, its first numbers come with the first of
/// them, and eight workers end within a few hundredths of a second of each other.
const PART_BYTES: u64 = 4 << 20;
/// What no part should exceed: some static hosts refuse files over 25 MiB.
pub(super) const PART_BYTES_MAX: u64 = 16 << 20;
/// What the footer takes at most for each row group, and for itself.
const FOOTER_BYTES: u64 = 8 << 10;

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
    /// The oldest and the newest time.
    pub(super) times_us: Option<(Micros, Micros)>,
}

impl Written {
    /// Players in all parts.
    pub(super) fn players(&self) -> u64 {
        self.parts.iter().map(|part| part.part.players).sum()
    }

    /// Rows in all parts.
    pub(super) fn rows(&self) -> u64 {
        self.parts.iter().map(|part| part.part.rows).sum()
    }
}

/// Writes part after part into a folder.
pub(super) struct PartsWriter<'a> {
    folder: &'a Path,
    encoder: &'a Encoder,
    open: Option<OpenPart>,
    written: Written,
}

impl<'a> PartsWriter<'a> {
    /// Parts go into `folder`; the groups will come from this encoder.
    pub(super) fn new(folder: &'a Path, encoder: &'a Encoder) -> Self {
        Self { folder, encoder, open: None, written: Written::default() }
    }

    /// Writes a group as one row group.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write(&mut self, group: EncodedGroup) -> anyhow::Result<()> {
        let extent = group.extent;
        // A player who fills several groups starts a part, so that the part holds as little else as can be.
        let starts_part = extent.unfinished && !extent.continues;
        let fits = self.open.as_ref().is_none_or(|part| part.has_room_for(group.bytes));
        if starts_part || (!fits && !extent.continues) {
            self.close_part()?;
        }
        let mut part = match self.open.take() {
            Some(part) => part,
            None => {
                let path = self.folder.join(format!("part-{}.parquet", self.written.parts.len()));
                OpenPart::create(path, self.encoder)?
            }
        };
        part.append(group)?;
        self.open = Some(part);
        self.written.times_us = union(self.written.times_us, extent.times_us);
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
    writer: SerializedFileWriter<HashingFile>,
    bytes: u64,
    row_groups: u64,
    rows: u64,
    players: u64,
    player_ids: Option<(i64, i64)>,
}

impl OpenPart {
    fn create(path: PathBuf, encoder: &Encoder) -> anyhow::Result<Self> {
        let file = File::create(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        let writer = encoder.start_file(HashingFile::new(file))?;
        Ok(Self { path, writer, bytes: 0, row_groups: 0, rows: 0, players: 0, player_ids: None })
    }

    fn has_room_for(&self, bytes: u64) -> bool {
        let footer = FOOTER_BYTES * (self.row_groups + 2);
        self.bytes.saturating_add(bytes).saturating_add(footer) <= PART_BYTES
    }

    fn append(&mut self, group: EncodedGroup) -> anyhow::Result<()> {
        self.bytes += group.bytes;
        self.row_groups += 1;
        self.rows += group.extent.rows as u64;
        self.players += group.extent.players;
        self.player_ids = union(self.player_ids, group.extent.player_ids);
        group.append_to(self.writer.next_row_group()?)
    }

    fn close(self, number: usize) -> anyhow::Result<WrittenPart> {
        let (bytes, sha256) = self.writer.into_inner()?.finish()?;
        let (first_player_id, last_player_id) = self.player_ids.context("a part without rows was opened")?;
        let part = Part {
            file: part_name(number, &sha256),
            rows: self.rows,
            players: self.players,
            first_player_id,
            last_player_id,
            bytes,
            sha256,
            query: None,
        };
        Ok(WrittenPart { temporary: self.path, part })
    }
}
