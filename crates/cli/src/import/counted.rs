//! A file that counts what is read of it.

use std::fs::File;
use std::io::{BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use parquet::errors::Result;
use wow_engine::read::{ChunkReader, Length};

/// A file, and how many of its bytes were read so far, some perhaps twice.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    file: Arc<File>,
    bytes: u64,
    read: Arc<AtomicU64>,
}

impl Counted {
    /// A file of so many bytes.
    pub(super) fn new(file: File, bytes: u64) -> Self {
        Self { file: Arc::new(file), bytes, read: Arc::default() }
    }

    /// How many bytes were read so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
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
        Ok(Stream { file: self.file.get_read(start)?, read: Arc::clone(&self.read) })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        self.read.fetch_add(length as u64, Ordering::Relaxed);
        self.file.get_bytes(start, length)
    }
}

/// The bytes of a file one after the other.
pub(super) struct Stream {
    file: BufReader<File>,
    read: Arc<AtomicU64>,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let bytes = self.file.read(buffer)?;
        self.read.fetch_add(bytes as u64, Ordering::Relaxed);
        Ok(bytes)
    }
}
