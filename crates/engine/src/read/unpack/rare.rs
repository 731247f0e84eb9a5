//! The codecs that exports do not use.

use std::io::Read;

use brotli_decompressor::Decompressor;
use flate2::read::MultiGzDecoder;
use lz4_flex::block::DecompressError;
use lz4_flex::frame::FrameDecoder as Lz4Decoder;
use parquet::basic::Compression;
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

use super::{Codec, Result, damaged, none, room_for, too_large};

/// What the Brotli decoder reads at a time.
const BROTLI_BUFFER_BYTES: usize = 4_096;
/// A byte of LZ4 comes to at most as many as it can count.
const LZ4_RATIO_MAX: usize = 255;
/// What a block of LZ4 is tried with first; it does not say how long it is.
const LZ4_RATIO_USUAL: usize = 4;

/// Every codec but Snappy that is unpacked here.
///
/// # Errors
/// [`crate::Error::Damaged`] for one that nobody unpacks.
pub(in crate::read) fn rare(compression: Compression) -> Result<Box<dyn Codec>> {
    Ok(match compression {
        Compression::GZIP(_) => Box::new(Gzip),
        Compression::BROTLI(_) => Box::new(Brotli),
        Compression::ZSTD(_) => Box::new(FrameDecoder::new()),
        Compression::LZ4_RAW => Box::new(Lz4),
        Compression::LZ4 => Box::new(Lz4Hadoop),
        _ => return none(compression),
    })
}

struct Gzip;
struct Brotli;
struct Lz4;
/// LZ4 as Hadoop frames it, or as older writers have it under the same name.
struct Lz4Hadoop;

impl Codec for Gzip {
    fn unpack(&mut self, packed: &[u8], bytes: &mut Vec<u8>, room: u64) -> Result<()> {
        limited(MultiGzDecoder::new(packed), bytes, room)
    }
}

impl Codec for Brotli {
    fn unpack(&mut self, packed: &[u8], bytes: &mut Vec<u8>, room: u64) -> Result<()> {
        limited(Decompressor::new(packed, BROTLI_BUFFER_BYTES), bytes, room)
    }
}

impl Codec for FrameDecoder {
    fn unpack(&mut self, mut packed: &[u8], bytes: &mut Vec<u8>, room: u64) -> Result<()> {
        while !packed.is_empty() {
            let frame = StreamingDecoder::new_with_decoder(&mut packed, &mut *self).map_err(|_| damaged())?;
            let room = room.saturating_sub(bytes.len() as u64);
            limited(frame, bytes, room)?;
        }
        Ok(())
    }
}

impl Codec for Lz4 {
    fn unpack(&mut self, packed: &[u8], bytes: &mut Vec<u8>, room: u64) -> Result<()> {
        lz4(packed, bytes, room)
    }
}

impl Codec for Lz4Hadoop {
    fn unpack(&mut self, packed: &[u8], bytes: &mut Vec<u8>, room: u64) -> Result<()> {
        if lz4_hadoop(packed, bytes, room).is_ok() {
            return Ok(());
        }
        bytes.clear();
        if limited(Lz4Decoder::new(packed), bytes, room).is_ok() {
            return Ok(());
        }
        bytes.clear();
        lz4(packed, bytes, room)
    }
}

/// Reads all there is, if it is not more than there is room for.
fn limited(stream: impl Read, bytes: &mut Vec<u8>, room: u64) -> Result<()> {
    let read = stream.take(room.saturating_add(1)).read_to_end(bytes).map_err(|_| damaged())?;
    if read as u64 > room { Err(too_large()) } else { Ok(()) }
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
