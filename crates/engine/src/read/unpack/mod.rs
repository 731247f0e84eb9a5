//! Pages unpacked. The parquet crate would bring the compressors along, for Zstandard a C compiler, and sets as much memory
//! aside as a page says that it needs; here a page gets what its bytes can come to.
//!
//! Exports are packed by Snappy. The other codecs are reached by a pointer alone, so that the page's workers can do without
//! them until a file is opened that may need one.

mod rare;

use bytes::Bytes;
use parquet::basic::Compression;
use parquet::file::metadata::ColumnChunkMetaData;

pub(super) use rare::rare;

use super::{guarded, unknown};
use crate::Error;

type Result<T> = std::result::Result<T, Error>;

/// A page may be this large whatever the footer says of its column.
const PAGE_BYTES_ALLOWED: u64 = 64 << 20;
/// Three bytes of Snappy come to 64 at most, and two to 11.
const SNAPPY_RATIO_MAX: usize = 22;

/// Unpacks what was packed by one codec.
pub(super) trait Codec: Send {
    /// Puts what is unpacked behind `bytes`, if it is not more than there is room for.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    fn unpack(&mut self, packed: &[u8], bytes: &mut Vec<u8>, room: u64) -> Result<()>;
}

/// Gives what unpacks a codec that is not Snappy, or refuses it.
pub(super) type OtherCodec = fn(Compression) -> Result<Box<dyn Codec>>;

/// Refuses every codec.
///
/// # Errors
/// [`Error::Damaged`], always.
pub(super) fn none(_: Compression) -> Result<Box<dyn Codec>> {
    Err(unknown())
}

/// Unpacks the pages of a column chunk.
pub(super) struct Unpacker {
    codec: Box<dyn Codec>,
    bytes_max: u64,
}

impl Unpacker {
    /// `None` for a column that is not compressed.
    ///
    /// # Errors
    /// [`Error::Damaged`] where it is compressed by what nobody unpacks.
    pub(super) fn new(chunk: &ColumnChunkMetaData, other: OtherCodec) -> Result<Option<Self>> {
        let codec = match chunk.compression() {
            Compression::UNCOMPRESSED => return Ok(None),
            Compression::SNAPPY => Box::new(snap::raw::Decoder::new()),
            compression => other(compression)?,
        };
        let bytes_max = u64::try_from(chunk.uncompressed_size()).unwrap_or(0).max(PAGE_BYTES_ALLOWED);
        Ok(Some(Self { codec, bytes_max }))
    }

    /// What is compressed.
    ///
    /// # Errors
    /// [`Error::Damaged`], also where it is larger than a page of the column may be.
    pub(super) fn unpack(&mut self, compressed: &[u8]) -> Result<Bytes> {
        let mut bytes = Vec::new();
        // Writers leave nothing of nothing.
        if !compressed.is_empty() {
            guarded(|| self.codec.unpack(compressed, &mut bytes, self.bytes_max))?;
        }
        Ok(bytes.into())
    }
}

impl Codec for snap::raw::Decoder {
    fn unpack(&mut self, packed: &[u8], bytes: &mut Vec<u8>, room: u64) -> Result<()> {
        let length = snap::raw::decompress_len(packed).map_err(|_| damaged())?;
        let out = room_for(length, SNAPPY_RATIO_MAX, packed, bytes, room)?;
        self.decompress(packed, out).map(drop).map_err(|_| damaged())
    }
}

/// Memory for so many bytes behind the others, if that is what packed ones can come to.
fn room_for<'a>(
    length: usize,
    ratio_max: usize,
    packed: &[u8],
    bytes: &'a mut Vec<u8>,
    room: u64,
) -> Result<&'a mut [u8]> {
    if length as u64 > room || length > packed.len().saturating_mul(ratio_max) {
        return Err(too_large());
    }
    let start = bytes.len();
    bytes.resize(start + length, 0);
    Ok(&mut bytes[start..])
}

fn damaged() -> Error {
    Error::Damaged("a page cannot be unpacked".into())
}

fn too_large() -> Error {
    Error::Damaged("a page is larger than its column".into())
}
