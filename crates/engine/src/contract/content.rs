//! What a file is by its first bytes, whatever its name says.

use std::fmt;

/// So many bytes tell what a file is.
pub const HEAD_BYTES: usize = 1_024;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Parquet.
    Parquet,
    /// Text in some encoding that has ASCII in it, which may be CSV.
    Text,
    /// Compressed by gzip; what is in it is another question.
    Gzip,
    /// Nothing at all.
    Empty,
    /// Parquet whose footer is encrypted.
    EncryptedParquet,
    /// Another kind of file, which is not read.
    Other(Other),
}

/// Kinds of files that people take for logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Other {
    /// A web page.
    Html,
    /// XML.
    Xml,
    /// JSON.
    Json,
    /// What Git has in the place of a large file.
    LfsPointer,
    /// A ZIP archive.
    Zip,
    /// A workbook of Excel.
    Excel,
    /// A TAR archive.
    Tar,
    /// Compressed by Zstandard.
    Zstandard,
    /// Compressed by bzip2.
    Bzip2,
    /// Compressed by xz.
    Xz,
    /// Compressed by LZ4.
    Lz4,
    /// A 7z archive.
    SevenZip,
    /// Compressed twice by gzip.
    GzipTwice,
    /// Parquet within gzip.
    ParquetInGzip,
    /// Text in UTF-16.
    Utf16,
    /// Text in UTF-32.
    Utf32,
    /// A database of SQLite.
    Sqlite,
    /// A database of DuckDB.
    DuckDb,
    /// ORC.
    Orc,
    /// Arrow's own format.
    Arrow,
    /// Avro.
    Avro,
    /// PDF.
    Pdf,
    /// Bytes that are no text.
    Binary,
}

const SIGNATURES: [(&[u8], Content); 24] = [
    (b"PAR1", Content::Parquet),
    (b"PARE", Content::EncryptedParquet),
    (b"\x1f\x8b", Content::Gzip),
    (b"PK\x03\x04", Content::Other(Other::Zip)),
    (b"PK\x05\x06", Content::Other(Other::Zip)),
    (b"\x28\xb5\x2f\xfd", Content::Other(Other::Zstandard)),
    (b"BZh", Content::Other(Other::Bzip2)),
    (b"\xfd7zXZ\0", Content::Other(Other::Xz)),
    (b"\x04\x22\x4d\x18", Content::Other(Other::Lz4)),
    (b"7z\xbc\xaf\x27\x1c", Content::Other(Other::SevenZip)),
    (b"SQLite format 3\0", Content::Other(Other::Sqlite)),
    (b"ARROW1", Content::Other(Other::Arrow)),
    (b"FEA1", Content::Other(Other::Arrow)),
    (b"Obj\x01", Content::Other(Other::Avro)),
    (b"ORC\x08", Content::Other(Other::Orc)),
    (b"ORC\x0a", Content::Other(Other::Orc)),
    (b"%PDF-", Content::Other(Other::Pdf)),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Content::Other(Other::Excel)),
    (b"\xff\xfe\0\0", Content::Other(Other::Utf32)),
    (b"\0\0\xfe\xff", Content::Other(Other::Utf32)),
    (b"\xff\xfe", Content::Other(Other::Utf16)),
    (b"\xfe\xff", Content::Other(Other::Utf16)),
    (b"version https://git-lfs", Content::Other(Other::LfsPointer)),
    (b"version https://hawser", Content::Other(Other::LfsPointer)),
];

impl Content {
    /// What a file is that begins with these bytes, [`HEAD_BYTES`] of them or all there are.
    #[must_use]
    pub fn of(head: &[u8]) -> Self {
        if head.is_empty() {
            return Self::Empty;
        }
        // Where DuckDB has its name; what is before is a checksum, which may be anything.
        if head.get(8..12) == Some(b"DUCK") {
            return Self::Other(Other::DuckDb);
        }
        let signed = SIGNATURES.iter().find(|(signature, _)| head.starts_with(signature));
        match signed {
            Some((_, Self::Other(Other::Zip)))
                if holds(head, b"xl/") || holds(head, b"[Content_Types].xml") =>
            {
                Self::Other(Other::Excel)
            }
            Some((_, content)) => *content,
            None if head.get(257..262) == Some(b"ustar") => Self::Other(Other::Tar),
            None => of_text(head),
        }
    }

    /// What a file is that was unpacked by gzip and begins with these bytes.
    #[must_use]
    pub fn in_gzip(head: &[u8]) -> Self {
        match Self::of(head) {
            Self::Gzip => Self::Other(Other::GzipTwice),
            Self::Parquet => Self::Other(Other::ParquetInGzip),
            content => content,
        }
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn of_text(head: &[u8]) -> Content {
    if head.contains(&0) {
        // Text of mostly ASCII has a zero in every second byte there.
        let zeros = head.iter().filter(|byte| **byte == 0).count();
        let is_wide = head.len() >= 8 && zeros * 5 > head.len() * 2 && zeros * 5 < head.len() * 3;
        return Content::Other(if is_wide { Other::Utf16 } else { Other::Binary });
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let begins = |with: &[u8]| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    if begins(b"<!doctype html") || begins(b"<html") || begins(b"<head") || begins(b"<body") {
        Content::Other(Other::Html)
    } else if begins(b"<?xml") || begins(b"<!--") {
        Content::Other(if holds(text, b"<html") { Other::Html } else { Other::Xml })
    } else if begins(b"{\"") || begins(b"[{") || begins(b"{\n") || begins(b"{\r\n") {
        Content::Other(Other::Json)
    } else {
        Content::Text
    }
}

impl fmt::Display for Content {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, way_out) = match self {
            Self::Parquet => ("Parquet", "name it where Parquet is read"),
            Self::Text => ("text", "name it where CSV is read"),
            Self::Gzip => ("compressed by gzip", "unpack it"),
            Self::Empty => ("empty", "name another file"),
            Self::EncryptedParquet => ("encrypted Parquet", "write it without encryption"),
            Self::Other(other) => other.sentence(),
        };
        write!(out, "it is {what}; {way_out}")
    }
}

impl Other {
    /// What it is, and the way out.
    const fn sentence(self) -> (&'static str, &'static str) {
        match self {
            Self::Html => ("a web page, not a log", "get the file itself, not the page about it"),
            Self::Xml => ("XML, not a log", "name a CSV or Parquet file"),
            Self::Json => ("JSON, not a log", "write it as CSV or Parquet"),
            Self::LfsPointer => ("a Git LFS pointer, not the file that it stands for", "run `git lfs pull`"),
            Self::Zip => ("a ZIP archive", "unpack it"),
            Self::Excel => ("an Excel workbook", "save it as CSV in UTF-8"),
            Self::Tar => ("a TAR archive", "unpack it"),
            Self::Zstandard => ("compressed by Zstandard", "unpack it with `zstd -d`"),
            Self::Bzip2 => ("compressed by bzip2", "unpack it with `bunzip2`"),
            Self::Xz => ("compressed by xz", "unpack it with `unxz`"),
            Self::Lz4 => ("compressed by LZ4", "unpack it with `unlz4`"),
            Self::SevenZip => ("a 7z archive", "unpack it"),
            Self::GzipTwice => ("compressed twice by gzip", "unpack it once with `gunzip`"),
            Self::ParquetInGzip => ("Parquet within gzip", "unpack it with `gunzip`"),
            Self::Utf16 => ("text in UTF-16", "save it in UTF-8"),
            Self::Utf32 => ("text in UTF-32", "save it in UTF-8"),
            Self::Sqlite => ("a SQLite database", "write its table as CSV"),
            Self::DuckDb => ("a DuckDB database", "export it with `wow export --database`"),
            Self::Orc => ("ORC", "write it as Parquet"),
            Self::Arrow => ("an Arrow file", "write it as Parquet"),
            Self::Avro => ("Avro", "write it as Parquet"),
            Self::Pdf => ("a PDF", "name a CSV or Parquet file"),
            Self::Binary => ("neither Parquet nor text", "name a CSV or Parquet file"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_first_bytes() {
        let mut duckdb = vec![7; 8];
        duckdb.extend(b"DUCK");
        let mut tar = b"log.csv".to_vec();
        tar.resize(257, 0);
        tar.extend(b"ustar");
        let utf16: Vec<u8> = "char,level".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let known: [(&[u8], &str); 18] = [
            (b"", "it is empty"),
            (b"PAR1\x15", "it is Parquet"),
            (b"PARE\x15", "it is encrypted Parquet; write it without"),
            (b"\x1f\x8b\x08", "it is compressed by gzip"),
            (b"PK\x03\x04\x14", "it is a ZIP archive; unpack it"),
            (b"PK\x03\x04\x14\0[Content_Types].xml", "it is an Excel workbook"),
            (&tar, "it is a TAR archive"),
            (b"\x28\xb5\x2f\xfd\x04", "it is compressed by Zstandard"),
            (b"\xef\xbb\xbf \n<!DOCTYPE HTML>", "it is a web page"),
            (b"<html lang=en>", "it is a web page"),
            (b"version https://git-lfs.github.com/spec/v1\n", "it is a Git LFS pointer"),
            (b"\xff\xfec\0h\0", "it is text in UTF-16"),
            (&utf16, "it is text in UTF-16"),
            (b"SQLite format 3\0", "it is a SQLite database"),
            (&duckdb, "it is a DuckDB database"),
            (b"{\"player_id\": 5}", "it is JSON"),
            (b"\x00\x01\x02\x03\x04\x05", "it is neither Parquet nor text"),
            (b"char, level, race", "it is text"),
        ];
        for (head, says) in known {
            let content = Content::of(head).to_string();
            assert!(content.starts_with(says), "{content}");
        }
        assert_eq!(Content::in_gzip(b"\x1f\x8b\x08"), Content::Other(Other::GzipTwice));
        assert_eq!(Content::in_gzip(b"PAR1"), Content::Other(Other::ParquetInGzip));
        assert_eq!(Content::in_gzip(b"char,level"), Content::Text);
    }
}
