//! A file that counts what is read of it.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use wow_engine::Error;
use wow_engine::read::{ChunkReader, Length};

/// A file, and how many of its bytes were read so far, some perhaps twice. It is opened for each stretch that is read,
/// since a folder may hold more files than a process may have open.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    path: Arc<Path>,
    bytes: u64,
    modified: SystemTime,
    read: Arc<AtomicU64>,
}

impl Counted {
    /// The file at a path.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        let metadata = File::open(path)?.metadata()?;
        let (bytes, modified) = (metadata.len(), metadata.modified()?);
        Ok(Self { path: path.into(), bytes, modified, read: Arc::default() })
    }

    /// How many bytes were read so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    fn open(&self) -> Result<File> {
        let file = File::open(&self.path)?;
        let metadata = file.metadata()?;
        if metadata.len() == self.bytes && metadata.modified()? == self.modified {
            return Ok(file);
        }
        let changed = Error::Damaged("it changed while it was read".to_owned());
        Err(ParquetError::External(Box::new(changed)))
    }
}

impl Length for Counted {
    fn len(&self) -> u64 {
        self.bytes
    }
}

impl ChunkReader for Counted {
    type T = Stream;

    fn get_read(&self, start: u64) -> Result<Stream> {
        Ok(Stream { file: self.open()?.get_read(start)?, read: Arc::clone(&self.read) })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        self.read.fetch_add(length as u64, Ordering::Relaxed);
        self.open()?.get_bytes(start, length)
    }
}

/// The bytes of a file one after the other.
pub(super) struct Stream {
    file: BufReader<File>,
    read: Arc<AtomicU64>,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.file.read(buffer)?;
        self.read.fetch_add(bytes as u64, Ordering::Relaxed);
        Ok(bytes)
    }
}
