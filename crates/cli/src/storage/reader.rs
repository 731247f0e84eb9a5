//! A source of bytes for the engine, which counts what is read of it.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use parquet::errors::{ParquetError, Result};
use tempfile::TempPath;
use wow_engine::Error;
use wow_engine::read::{ChunkReader, Length};

use super::Fault;
use super::blocks::Blocks;

/// An opened file, and how many of its bytes were read so far, some perhaps twice. It is the same file to the end: one that
/// changes meanwhile cannot be read any further.
#[derive(Clone)]
pub(crate) struct Reader {
    origin: Arc<Origin>,
    read: Arc<AtomicU64>,
}

/// Where the bytes come from.
enum Origin {
    /// A file of this machine. It is opened for each stretch that is read, since a folder may hold more files than a process
    /// may have open.
    File { path: Box<Path>, bytes: u64, modified: SystemTime, _copy: Option<TempPath> },
    /// An object, and what has kept it from being read: the engine passes on what is wrong with files, not with networks.
    Object { blocks: Blocks, fault: OnceLock<Fault> },
}

impl Reader {
    /// The file at a path.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(super) fn file(path: &Path) -> io::Result<Self> {
        Self::of_file(path.into(), None)
    }

    /// A copy of what lies elsewhere, which is removed in the end.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(super) fn copy(copy: TempPath) -> io::Result<Self> {
        Self::of_file(copy.to_path_buf().into(), Some(copy))
    }

    fn of_file(path: Box<Path>, copy: Option<TempPath>) -> io::Result<Self> {
        let metadata = File::open(&path)?.metadata()?;
        let (bytes, modified) = (metadata.len(), metadata.modified()?);
        Ok(Self::new(Origin::File { path, bytes, modified, _copy: copy }))
    }

    /// An object.
    pub(super) fn object(blocks: Blocks) -> Self {
        Self::new(Origin::Object { blocks, fault: OnceLock::new() })
    }

    fn new(origin: Origin) -> Self {
        Self { origin: Arc::new(origin), read: Arc::default() }
    }

    /// How many bytes were read so far.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// What has kept it from being read, where that is not in the file itself.
    pub(crate) fn fault(&self) -> Option<&Fault> {
        match &*self.origin {
            Origin::File { .. } => None,
            Origin::Object { fault, .. } => fault.get(),
        }
    }

    /// Has the beginning asked for, if it is elsewhere, so that it is there when it is wanted soon.
    pub(crate) fn expect(&self) {
        if let Origin::Object { blocks, .. } = &*self.origin {
            // What keeps it from being read is told when it is.
            let _ = blocks.expect();
        }
    }
}

impl Origin {
    /// The file, unless it has changed.
    fn open(path: &Path, bytes: u64, modified: SystemTime) -> Result<File> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.len() == bytes && metadata.modified()? == modified {
            return Ok(file);
        }
        let changed = Error::Damaged("it changed while it was read".to_owned());
        Err(ParquetError::External(Box::new(changed)))
    }
}

/// The bytes of a block from a place on; what keeps them away is noted.
fn from(blocks: &Blocks, fault: &OnceLock<Fault>, start: u64) -> io::Result<Bytes> {
    blocks.from(start).map_err(|error| io::Error::other(fault.get_or_init(|| error).clone()))
}

impl Length for Reader {
    fn len(&self) -> u64 {
        match &*self.origin {
            Origin::File { bytes, .. } => *bytes,
            Origin::Object { blocks, .. } => blocks.bytes(),
        }
    }
}

impl ChunkReader for Reader {
    type T = Stream;

    fn get_read(&self, start: u64) -> Result<Stream> {
        let bytes = match &*self.origin {
            Origin::File { path, bytes, modified, .. } => {
                Bytewise::File(Origin::open(path, *bytes, *modified)?.get_read(start)?)
            }
            Origin::Object { .. } => {
                Bytewise::Object { origin: Arc::clone(&self.origin), next: start, block: Bytes::new() }
            }
        };
        Ok(Stream { bytes, read: Arc::clone(&self.read) })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        self.read.fetch_add(length as u64, Ordering::Relaxed);
        match &*self.origin {
            Origin::File { path, bytes, modified, .. } => {
                Origin::open(path, *bytes, *modified)?.get_bytes(start, length)
            }
            Origin::Object { blocks, fault } => {
                let mut block = from(blocks, fault, start)?;
                if block.len() >= length {
                    return Ok(block.split_to(length));
                }
                let mut bytes = BytesMut::new();
                while bytes.len() < length {
                    block.truncate(length - bytes.len());
                    bytes.extend_from_slice(&block);
                    block = from(blocks, fault, start.saturating_add(bytes.len() as u64))?;
                    if block.is_empty() && bytes.len() < length {
                        return Err(ParquetError::EOF("the file ends here".to_owned()));
                    }
                }
                Ok(bytes.freeze())
            }
        }
    }
}

/// The bytes of a file one after the other.
pub(crate) struct Stream {
    bytes: Bytewise,
    read: Arc<AtomicU64>,
}

enum Bytewise {
    File(BufReader<File>),
    Object { origin: Arc<Origin>, next: u64, block: Bytes },
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = match &mut self.bytes {
            Bytewise::File(file) => file.read(buffer)?,
            Bytewise::Object { origin, next, block } => {
                if block.is_empty()
                    && let Origin::Object { blocks, fault } = &**origin
                {
                    *block = from(blocks, fault, *next)?;
                    *next += block.len() as u64;
                }
                let bytes = block.len().min(buffer.len());
                let taken = block.split_to(bytes);
                buffer.iter_mut().zip(taken).for_each(|(to, from)| *to = from);
                bytes
            }
        };
        self.read.fetch_add(bytes as u64, Ordering::Relaxed);
        Ok(bytes)
    }
}
