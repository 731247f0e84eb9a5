//! Packed copies beside the files, for hosts that send them instead of packing on each request.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::Files;
use crate::names::extension;

/// Files below this size fit in one packet either way.
const SMALLEST_BYTES: usize = 1_000;

/// A `.br` and a `.gz` of each file that is worth it; pictures and fonts are packed in themselves.
pub(crate) fn copies(files: &Files) -> Files {
    let is_worth_it = |name: &str, bytes: &[u8]| {
        bytes.len() >= SMALLEST_BYTES && !matches!(extension(name), "png" | "woff2")
    };
    files
        .iter()
        .filter(|(name, bytes)| is_worth_it(name, bytes))
        .flat_map(|(name, bytes)| {
            [(format!("{name}.br"), brotli(bytes)), (format!("{name}.gz"), gzip(bytes))]
        })
        .collect()
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    // The best quality and the largest window that every browser takes.
    let mut packed = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 11, 24);
    // Nothing can fail that is written into memory.
    let _ = packed.write_all(bytes);
    packed.into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let _ = packed.write_all(bytes);
    packed.finish().unwrap_or_default()
}

/// How much a browser fetches of the page; pictures are for systems and previews.
pub(crate) fn told(files: &Files) -> String {
    let kilobytes = |of: &dyn Fn(&str, &[u8]) -> usize| {
        let plain = files.iter().filter(|(name, _)| !matches!(extension(name), "br" | "gz" | "png"));
        plain.map(|(name, bytes)| of(name, bytes)).sum::<usize>().div_ceil(1_000)
    };
    let packed = |ending: &str| {
        kilobytes(&|name, bytes| files.get(&format!("{name}.{ending}")).map_or(bytes.len(), Vec::len))
    };
    let raw = kilobytes(&|_, bytes| bytes.len());
    format!("the page: {raw} KB, {} KB by gzip, {} KB by brotli", packed("gz"), packed("br"))
}
