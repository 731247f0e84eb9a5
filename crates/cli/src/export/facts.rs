//! What snapshots saw of players that changed, as a file of the export. What is so of a player now is in the log; what is new
//! in the table are the changes, so that players of whom it has one row are left out.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use duckdb::Connection;
use wow_engine::facts::{COLUMNS, TABLE};
use wow_engine::manifest::FactsFile;
use wow_engine::pipeline::Dictionary;
use wow_engine::schema::{NumberKind, float_to_key};
use wow_engine::write::{self, ColumnType, NumberRuns, TextRuns};

use super::hashing::sha256_of;
use crate::database::{literal, quoted};
use crate::interrupt;
use crate::publish::export::facts_name;
use crate::source::Source;

/// The file until it is published, and what the manifest says of it.
pub(super) struct WrittenFacts {
    /// Where it is until then.
    pub(super) temporary: PathBuf,
    /// What the manifest says.
    pub(super) file: FactsFile,
}

/// The columns while they are filled.
struct Rows {
    guild_kind: NumberKind,
    count: u64,
    players: u64,
    player_id: NumberRuns,
    last_player: Option<i64>,
    texts: Dictionary,
    class: TextRuns,
    race: TextRuns,
    guild: NumberRuns,
    max_level: NumberRuns,
    is_likely_bot: Vec<bool>,
    churned: Vec<bool>,
    valid_from: NumberRuns,
    valid_to: NumberRuns,
}

/// Writes the file into a folder, with guild numbers of the log's type and of the log's players alone; `None` where the database has no such table, or no
/// player changed.
///
/// # Errors
/// When the table cannot be read or the file not be written, and after Ctrl-C.
pub(super) fn write(
    connection: &Connection,
    folder: &Path,
    source: &Source,
) -> anyhow::Result<Option<WrittenFacts>> {
    if !has_table(connection)? {
        return Ok(None);
    }
    let rows = read(connection, source)?;
    if rows.count == 0 {
        return Ok(None);
    }
    let bytes = rows.file()?;
    let temporary = folder.join("facts.parquet");
    let mut file =
        File::create(&temporary).with_context(|| format!("{} cannot be made", temporary.display()))?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    let sha256 = sha256_of(&bytes);
    let file = FactsFile {
        file: facts_name(&sha256),
        rows: rows.count,
        players: rows.players,
        bytes: bytes.len() as u64,
        sha256,
        query: None,
    };
    Ok(Some(WrittenFacts { temporary, file }))
}

/// Whether the table is there with all that is read of it. Another one of that name is somebody else's.
fn has_table(connection: &Connection) -> anyhow::Result<bool> {
    let sql = format!(
        "select count(distinct column_name) from duckdb_columns()
         where database_name = current_database() and schema_name = 'main' and table_name = {}
         and table_oid in (select table_oid from duckdb_tables()) and column_name in ({})",
        literal(TABLE),
        COLUMNS.map(|(name, _)| literal(name)).join(", ")
    );
    let found: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
    Ok(usize::try_from(found) == Ok(COLUMNS.len()))
}

fn read(connection: &Connection, source: &Source) -> anyhow::Result<Rows> {
    let guild_kind = source.guild_kind();
    let expression = |(name, column_type): (&str, ColumnType)| {
        let column = quoted(name);
        match column_type {
            ColumnType::Text => format!("try_cast({column} as varchar)"),
            ColumnType::Time => {
                let time = format!("try_cast({column} as timestamp)");
                format!("case when isfinite({time}) then epoch_us({time}) end")
            }
            _ if name == "guild" => format!("try_cast({column} as double)"),
            _ => format!("try_cast({column} as bigint)"),
        }
    };
    // A double holds no whole number of more than 53 bits, so whole guild numbers are read as such.
    let guild = match guild_kind {
        NumberKind::Integer => "try_cast(guild as bigint)",
        NumberKind::Float => "null",
    };
    let sql = format!(
        "with facts as (select {}, {guild} from main.{table}
            where player_id in (select player_id from main.{table} group by all having count(*) > 1))
         from facts as known(p, c, r, g, l, b, h, f, t, w) where p is not null and f is not null {} order by p, f",
        COLUMNS.map(expression).join(", "),
        source.of_sample("p"),
        table = quoted(TABLE)
    );
    let mut statement = connection.prepare(&sql)?;
    let mut found = statement.query([])?;
    let mut rows = Rows::new(guild_kind);
    while let Some(row) = found.next()? {
        interrupt::check()?;
        let number = |place: usize| row.get::<_, Option<i64>>(place);
        let player_id: i64 = row.get(0)?;
        rows.count += 1;
        rows.players += u64::from(rows.last_player.replace(player_id) != Some(player_id));
        rows.player_id.push(Some(player_id), 1);
        for (runs, place) in [(&mut rows.class, 1), (&mut rows.race, 2)] {
            match row.get::<_, Option<String>>(place)? {
                Some(text) => runs.push(rows.texts.code(&text), 1, &rows.texts),
                None => runs.runs.push(None, 1),
            }
        }
        let guild = match guild_kind {
            NumberKind::Integer => number(9)?,
            NumberKind::Float => row.get::<_, Option<f64>>(3)?.map(float_to_key),
        };
        rows.guild.push(guild, 1);
        rows.max_level.push(number(4)?, 1);
        rows.is_likely_bot.push(number(5)? == Some(1));
        rows.churned.push(number(6)? == Some(1));
        rows.valid_from.push(number(7)?, 1);
        rows.valid_to.push(number(8)?, 1);
    }
    Ok(rows)
}

impl Rows {
    fn new(guild_kind: NumberKind) -> Self {
        let numbers = || NumberRuns::new(NumberKind::Integer);
        Self {
            guild_kind,
            count: 0,
            players: 0,
            player_id: numbers(),
            last_player: None,
            texts: Dictionary::default(),
            class: TextRuns::default(),
            race: TextRuns::default(),
            guild: NumberRuns::new(guild_kind),
            max_level: numbers(),
            is_likely_bot: Vec::new(),
            churned: Vec::new(),
            valid_from: numbers(),
            valid_to: numbers(),
        }
    }

    /// The bytes of the file.
    fn file(&self) -> anyhow::Result<Vec<u8>> {
        let column_type = |(name, column_type)| match (name, self.guild_kind) {
            ("guild", NumberKind::Float) => (name, ColumnType::Double),
            _ => (name, column_type),
        };
        let schema = write::columns(COLUMNS.into_iter().map(column_type))?;
        let column = |place: usize| schema.column(place);
        let chunks = [
            write::runs(&column(0), &self.player_id.runs),
            write::runs(&column(1), &self.class.runs),
            write::runs(&column(2), &self.race.runs),
            write::runs(&column(3), &self.guild.runs),
            write::runs(&column(4), &self.max_level.runs),
            write::flags(&column(5), &self.is_likely_bot),
            write::flags(&column(6), &self.churned),
            write::runs(&column(7), &self.valid_from.runs),
            write::runs(&column(8), &self.valid_to.runs),
        ];
        Ok(write::file(&schema, &[], chunks)?)
    }
}
