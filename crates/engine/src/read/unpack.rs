//! Pages unpacked. The parquet crate would bring the compressors along, for Zstandard a C compiler, and sets as much memory
//! aside as a page says that it needs; here a page gets what its bytes can come to.

use std::io::Read;

use brotli_decompressor::Decompressor;
use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use lz4_flex::block::DecompressError;
use lz4_flex::frame::FrameDecoder as Lz4Decoder;
use parquet::basic::Compression;
use parquet::file::metadata::ColumnChunkMetaData;
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

use super::{guarded, unknown};
use crate::Error;

type Result<T> = std::result::Result<T, Error>;

/// A page may be this large whatever the footer says of its column.
const PAGE_BYTES_ALLOWED: u64 = 64 << 20;
/// What the Brotli decoder reads at a time.
const BROTLI_BUFFER_BYTES: usize = 4_096;
/// Three bytes of Snappy come to 64 at most, and two to 11.
const SNAPPY_RATIO_MAX: usize = 22;
/// A byte of LZ4 comes to at most as many as it can count.
const LZ4_RATIO_MAX: usize = 255;
/// What a block of LZ4 is tried with first; it does not say how long it is.
const LZ4_RATIO_USUAL: usize = 4;

/// Unpacks the pages of a column chunk.
pub(super) struct Unpacker {
    codec: Codec,
    bytes_max: u64,
}

enum Codec {
    Snappy(snap::raw::Decoder),
    Gzip,
    Brotli,
    Zstd(Box<FrameDecoder>),
    Lz4,
    /// LZ4 as Hadoop frames it, or as older writers have it under the same name.
    Lz4Hadoop,
}

impl Unpacker {
    /// `None` for a column that is not compressed.
    ///
    /// # Errors
    /// [`Error::Damaged`] where it is compressed by what nobody unpacks.
    pub(super) fn new(chunk: &ColumnChunkMetaData) -> Result<Option<Self>> {
        let codec = match chunk.compression() {
            Compression::UNCOMPRESSED => return Ok(None),
            Compression::SNAPPY => Codec::Snappy(snap::raw::Decoder::new()),
            Compression::GZIP(_) => Codec::Gzip,
            Compression::BROTLI(_) => Codec::Brotli,
            Compression::ZSTD(_) => Codec::Zstd(Box::new(FrameDecoder::new())),
            Compression::LZ4_RAW => Codec::Lz4,
            Compression::LZ4 => Codec::Lz4Hadoop,
            Compression::LZO => return Err(unknown()),
        };
        let bytes_max = u64::try_from(chunk.uncompressed_size()).unwrap_or(0).max(PAGE_BYTES_ALLOWED);
        Ok(Some(Self { codec, bytes_max }))
    }

    /// What is compressed.
    ///
    /// # Errors
    /// [`Error::Damaged`], also where it is larger than a page of the column may be.
    pub(super) fn unpack(&mut self, compressed: &[u8]) -> Result<Bytes> {
        guarded(|| self.unpack_all(compressed))
    }

    fn unpack_all(&mut self, compressed: &[u8]) -> Result<Bytes> {
        let mut bytes = Vec::new();
        // Writers leave nothing of nothing.
        if compressed.is_empty() {
            return Ok(bytes.into());
        }
        let room = self.bytes_max;
        match &mut self.codec {
            Codec::Snappy(decoder) => {
                let length = snap::raw::decompress_len(compressed).map_err(|_| damaged())?;
                let out = room_for(length, SNAPPY_RATIO_MAX, compressed, &mut bytes, room)?;
                decoder.decompress(compressed, out).map_err(|_| damaged())?;
            }
            Codec::Gzip => limited(MultiGzDecoder::new(compressed), &mut bytes, room)?,
            Codec::Brotli => limited(Decompressor::new(compressed, BROTLI_BUFFER_BYTES), &mut bytes, room)?,
            Codec::Zstd(decoder) => zstd(decoder, compressed, &mut bytes, room)?,
            Codec::Lz4 => lz4(compressed, &mut bytes, room)?,
            Codec::Lz4Hadoop => {
                if lz4_hadoop(compressed, &mut bytes, room).is_err() {
                    bytes.clear();
                    if limited(Lz4Decoder::new(compressed), &mut bytes, room).is_err() {
                        bytes.clear();
                        lz4(compressed, &mut bytes, room)?;
                    }
                }
            }
        }
        Ok(bytes.into())
    }
}

/// Reads all there is, if it is not more than there is room for.
fn limited(stream: impl Read, bytes: &mut Vec<u8>, room: u64) -> Result<()> {
    let read = stream.take(room.saturating_add(1)).read_to_end(bytes).map_err(|_| damaged())?;
    if read as u64 > room { Err(too_large()) } else { Ok(()) }
}

fn zstd(decoder: &mut FrameDecoder, mut compressed: &[u8], bytes: &mut Vec<u8>, room: u64) -> Result<()> {
    while !compressed.is_empty() {
        let frame =
            StreamingDecoder::new_with_decoder(&mut compressed, &mut *decoder).map_err(|_| damaged())?;
        let room = room.saturating_sub(bytes.len() as u64);
        limited(frame, bytes, room)?;
    }
    Ok(())
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

fn lz4(compressed: &[u8], bytes: &mut Vec<u8>, room: u64) -> Result<()> {
    let most =
        usize::try_from(room).unwrap_or(usize::MAX).min(compressed.len().saturating_mul(LZ4_RATIO_MAX));
    let mut length = most.min(compressed.len().saturating_mul(LZ4_RATIO_USUAL));
    loop {
        bytes.resize(length, 0);
        match lz4_flex::block::decompress_into(compressed, bytes) {
            Ok(length) => {
                bytes.truncate(length);
                return Ok(());
            }
            Err(DecompressError::OutputTooSmall { .. }) if length < most => {
                length = most.min(length.saturating_mul(LZ4_RATIO_USUAL));
            }
            Err(_) => return Err(damaged()),
        }
    }
}

/// Blocks, each behind its length unpacked and packed.
fn lz4_hadoop(mut compressed: &[u8], bytes: &mut Vec<u8>, room: u64) -> Result<()> {
    let take = |compressed: &mut &[u8]| -> Result<usize> {
        let (length, rest) = compressed.split_first_chunk().ok_or_else(damaged)?;
        *compressed = rest;
        usize::try_from(u32::from_be_bytes(*length)).map_err(|_| too_large())
    };
    while !compressed.is_empty() {
        let (length, packed) = (take(&mut compressed)?, take(&mut compressed)?);
        let block = compressed.split_off(..packed).ok_or_else(damaged)?;
        let room = room.saturating_sub(bytes.len() as u64);
        let out = room_for(length, LZ4_RATIO_MAX, block, bytes, room)?;
        if lz4_flex::block::decompress_into(block, out).ok() != Some(length) {
            return Err(damaged());
        }
    }
    Ok(())
}

fn damaged() -> Error {
    Error::Damaged("a page cannot be unpacked".into())
}

fn too_large() -> Error {
    Error::Damaged("a page is larger than its column".into())
}
