//! A [`Partial`] as bytes, to cross from a worker to the page: the players as an Arrow IPC stream, the small
//! rest as JSON before it.

use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use serde::{Deserialize, Serialize};

use super::activity::Activity;
use super::fragment::Fragment;
use super::partial::{OutOfRange, Partial};
use super::{Params, PlayerTable, Strings};
use crate::Error;
use crate::manifest::Rejected;
use crate::schema::GuildKind;

#[derive(Serialize, Deserialize)]
struct Rest {
    params: Params,
    guild_kind: GuildKind,
    strings: Strings,
    head: Option<Fragment>,
    tail: Option<Fragment>,
    activity: Activity,
    rows: u64,
    rejected: Rejected,
    level_out_of_range: OutOfRange,
}

impl Partial {
    /// The partial as bytes.
    ///
    /// # Errors
    /// [`Error::Decode`] when Arrow or JSON refuse to write it.
    pub fn into_bytes(self) -> Result<Vec<u8>, Error> {
        let batch = self.players.to_batch()?;
        let rest = Rest {
            params: self.params,
            guild_kind: self.guild_kind,
            strings: self.strings,
            head: self.head,
            tail: self.tail,
            activity: self.activity,
            rows: self.rows,
            rejected: self.rejected,
            level_out_of_range: self.level_out_of_range,
        };
        let json = serde_json::to_vec(&rest).map_err(decode)?;
        let mut bytes = (json.len() as u64).to_le_bytes().to_vec();
        bytes.extend_from_slice(&json);
        let mut writer = StreamWriter::try_new(&mut bytes, &batch.schema()).map_err(decode)?;
        writer.write(&batch).map_err(decode)?;
        writer.finish().map_err(decode)?;
        drop(writer);
        Ok(bytes)
    }

    /// The inverse of [`Self::into_bytes`].
    ///
    /// # Errors
    /// [`Error::Decode`] when the bytes are not such a message.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let short = || Error::Decode("the message is cut short".into());
        let (len, bytes) = bytes.split_first_chunk::<8>().ok_or_else(short)?;
        let len = usize::try_from(u64::from_le_bytes(*len)).map_err(decode)?;
        let (json, stream) = bytes.split_at_checked(len).ok_or_else(short)?;
        let rest: Rest = serde_json::from_slice(json).map_err(decode)?;
        let mut players = PlayerTable::default();
        for batch in StreamReader::try_new(stream, None).map_err(decode)? {
            players.append(PlayerTable::from_batch(&batch.map_err(decode)?)?);
        }
        Ok(Self {
            params: rest.params,
            guild_kind: rest.guild_kind,
            strings: rest.strings,
            head: rest.head,
            players,
            tail: rest.tail,
            activity: rest.activity,
            rows: rest.rows,
            rejected: rest.rejected,
            level_out_of_range: rest.level_out_of_range,
        })
    }
}

fn decode(error: impl std::fmt::Display) -> Error {
    Error::Decode(error.to_string())
}
