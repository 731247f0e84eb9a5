//! What snapshots saw of players, from the file that an export has of it.

use bytes::Bytes;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};

use super::column::{Column, Feed as _};
use super::file::{check_rows, open_footer};
use super::layout::{Storage, storage_of};
use super::pages::Chunk;
use super::values::{Meaning, OfText, Values};
use super::{BATCH_ROWS, contradiction, ends_too_soon, unpack};
use crate::Error;
use crate::contract::{self, Wrong, numbers};
use crate::facts::{COLUMNS, PlayerFacts};
use crate::pipeline::Dictionary;
use crate::schema::NumberKind;
use crate::time::Micros;

/// All that snapshots saw of a player, in the order of the file; nothing where it is not in the file.
///
/// # Errors
/// [`Error::Damaged`] for bytes that are no such file, [`Error::Refused`] for values that it cannot hold.
pub fn player_facts(file: &Bytes, player_id: i64) -> Result<Vec<PlayerFacts>, Error> {
    let metadata = open_footer(file)?;
    let places = places(&metadata)?;
    let mut found = Vec::new();
    for group in metadata.row_groups() {
        check_rows(group, file.len() as u64)?;
        let mut reader = Reader::open(file, group, places)?;
        let mut left = usize::try_from(group.num_rows()).map_err(|_| contradiction())?;
        while left > 0 {
            let rows = left.min(BATCH_ROWS);
            reader.read(rows, player_id, &mut found)?;
            left -= rows;
        }
    }
    Ok(found)
}

/// How many columns there are.
const N: usize = COLUMNS.len();

/// Where the columns are among those of a file, and how they are stored.
fn places(metadata: &ParquetMetaData) -> Result<[(usize, Storage); N], Error> {
    let schema = metadata.file_metadata().schema_descr();
    let mut places = [(0, Storage::Null); N];
    for (place, (name, _)) in places.iter_mut().zip(COLUMNS) {
        let index = schema.columns().iter().position(|column| column.name() == name);
        let stored = index.and_then(|index| Some((index, storage_of(&schema.column(index))?)));
        *place = stored.ok_or_else(|| Error::Damaged(format!("it has no column {name} that can be read")))?;
    }
    Ok(places)
}

/// The columns of a row group.
struct Reader {
    columns: [Column<Values>; N],
    values: [Values; N],
    texts: Dictionary,
    guild_kind: NumberKind,
}

impl Reader {
    fn open(file: &Bytes, group: &RowGroupMetaData, places: [(usize, Storage); N]) -> Result<Self, Error> {
        let is_double = places[GUILD].1 == Storage::Double;
        let open = |at: usize| {
            let (index, storage) = places[at];
            let chunk = group.column(index);
            let meaning = if at == GUILD && is_double { Meaning::Double } else { Meaning::Whole };
            let mut pages = Chunk::new(chunk, file.len() as u64, u64::MAX, unpack::none)?;
            if pages.bytes().ask().is_some() {
                pages.bytes().give(0, file)?;
            }
            Ok(Column::new(SPEAKS_AS[at], meaning, storage, chunk.column_descr_ptr(), pages))
        };
        let columns: Vec<Column<Values>> = (0..N).map(open).collect::<Result<_, Error>>()?;
        Ok(Self {
            columns: columns.try_into().map_err(|_| contradiction())?,
            values: Default::default(),
            texts: Dictionary::default(),
            guild_kind: if is_double { NumberKind::Float } else { NumberKind::Integer },
        })
    }

    /// Reads the next rows, and takes those of the player.
    fn read(&mut self, rows: usize, player_id: i64, found: &mut Vec<PlayerFacts>) -> Result<(), Error> {
        let texts = &mut self.texts;
        let mut code = |text: &[u8]| {
            let text = std::str::from_utf8(text).map_err(|_| Wrong::NotUtf8)?;
            Ok(Some(i64::from(texts.code(text))))
        };
        for (at, (column, values)) in self.columns.iter_mut().zip(&mut self.values).enumerate() {
            let of_text: OfText<'_> = match at {
                CLASS | RACE => &mut code,
                _ => &mut numbers::of_text,
            };
            if !column.has_rows(rows)? {
                return Err(ends_too_soon());
            }
            column.read(rows, of_text, values)?;
        }
        for row in (0..rows).filter(|&row| self.values[PLAYER_ID].get(row) == Some(player_id)) {
            found.push(self.facts(row)?);
        }
        Ok(())
    }

    fn facts(&self, row: usize) -> Result<PlayerFacts, Error> {
        let value = |at: usize| self.values[at].get(row);
        let text = |at: usize| self.texts.get(u32::try_from(value(at)?).ok()?).map(str::to_owned);
        let time = |at: usize| value(at).map(Micros::try_from).transpose();
        Ok(PlayerFacts {
            class: text(CLASS),
            race: text(RACE),
            guild: value(GUILD),
            guild_kind: self.guild_kind,
            max_level: value(MAX_LEVEL),
            is_likely_bot: value(IS_LIKELY_BOT) == Some(1),
            churned: value(CHURNED) == Some(1),
            valid_from_us: time(VALID_FROM)?.ok_or_else(contradiction)?,
            valid_to_us: time(VALID_TO)?,
        })
    }
}

const PLAYER_ID: usize = 0;
const CLASS: usize = 1;
const RACE: usize = 2;
const GUILD: usize = 3;
const MAX_LEVEL: usize = 4;
const IS_LIKELY_BOT: usize = 5;
const CHURNED: usize = 6;
const VALID_FROM: usize = 7;
const VALID_TO: usize = 8;

/// The columns of the event table as which the values are read and, where they cannot be, refused.
const SPEAKS_AS: [contract::Column; N] = [
    contract::Column::PlayerId,
    contract::Column::Class,
    contract::Column::Race,
    contract::Column::Guild,
    contract::Column::Level,
    contract::Column::Level,
    contract::Column::Level,
    contract::Column::Datetime,
    contract::Column::Datetime,
];
