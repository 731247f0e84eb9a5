//! Rows of a model as the workers make them, unit after unit in the order of the players.
//!
//! Nothing is made that was not asked for, so whoever takes the rows sets the pace: the next ones are made while the last
//! are being written, and no more.

use std::collections::VecDeque;
use std::rc::Rc;

use futures_channel::oneshot;
use web_sys::Blob;
use web_sys::js_sys::Uint8Array;
use wow_engine::Query;
use wow_engine::pipeline::Walk;
use wow_engine::schema::NumberKind;

use super::crew::{Answer, Crew, closed, unasked};
use crate::protocol::{EventModel, Failure, JobId, MadeRows, Reply, Request, UnitSource};

/// Some row groups of a file, made on their own.
pub(crate) struct Piece {
    /// How many rows they have.
    pub(crate) rows: u64,
    /// Their bytes.
    pub(crate) data: Uint8Array,
    /// What says of them.
    pub(crate) footer: Uint8Array,
}

/// A unit with players, and who is to be asked about it.
pub(super) struct UnitOfPlayers {
    pub(super) unit: usize,
    pub(super) worker: usize,
    /// The first and the last player.
    pub(super) players: (i64, i64),
    pub(super) source: UnitSource,
    pub(super) files: Vec<Blob>,
}

/// The rows of a model, piece by piece. The workers that make them stay as long as these; dropping them ends what is being made.
pub(crate) struct Rows {
    crew: Rc<Crew>,
    query: Query,
    guild_kind: NumberKind,
    flagged: Option<Vec<i64>>,
    /// The units that are still to come, in the order of their players.
    units: VecDeque<UnitOfPlayers>,
    /// How far the last player has got.
    walk: Option<Walk>,
    /// What is being made, and by which worker.
    making: Option<(JobId, usize, oneshot::Receiver<Answer>)>,
}

impl Rows {
    pub(super) fn new(
        crew: Rc<Crew>,
        mut units: Vec<UnitOfPlayers>,
        query: Query,
        guild_kind: NumberKind,
        flagged: Option<Vec<i64>>,
    ) -> Self {
        // Those with the same players stay in the order in which they were merged.
        units.sort_by_key(|unit| unit.players);
        Self { crew, query, guild_kind, flagged, units: units.into(), walk: None, making: None }
    }

    /// The next piece; `None` after the last.
    ///
    /// # Errors
    /// What a worker met, and when the data were closed.
    pub(crate) async fn next(&mut self) -> Result<Option<Piece>, Failure> {
        if self.making.is_none() && !self.begin_next_unit()? {
            return Ok(None);
        }
        let Some((job, worker, answer)) = &mut self.making else { return Ok(None) };
        let (job, worker) = (*job, *worker);
        let (made, piece) = answer.await.map_err(|_| closed()).and_then(made)?;
        self.walk = made.walk;
        self.making = None;
        if made.is_last {
            self.begin_next_unit()?;
        } else {
            self.ask(worker, job, &Request::MoreRows { job }, &[])?;
        }
        Ok(Some(piece))
    }

    /// Has the first rows of the next unit made; whether there is one.
    fn begin_next_unit(&mut self) -> Result<bool, Failure> {
        let Some(UnitOfPlayers { unit, worker, players: (first, last), source, files }) =
            self.units.pop_front()
        else {
            return Ok(false);
        };
        let job = self.crew.new_job();
        let of_unit = |flagged: &Vec<i64>| {
            let from = flagged.partition_point(|id| *id < first);
            let to = flagged.partition_point(|id| *id <= last);
            flagged[from..to.max(from)].to_vec()
        };
        let flagged = self.flagged.as_ref().map(of_unit);
        let model = EventModel { guild_kind: self.guild_kind, flagged, walk: self.walk.take() };
        let request = Request::Rows { job, unit, source, query: self.query.clone(), model };
        self.ask(worker, job, &request, &files)?;
        Ok(true)
    }

    fn ask(&mut self, worker: usize, job: JobId, request: &Request, files: &[Blob]) -> Result<(), Failure> {
        let answer = self.crew.wait(job);
        self.crew.post(worker, request, files)?;
        self.making = Some((job, worker, answer));
        Ok(())
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        if let Some((job, worker, _)) = &self.making {
            // A worker that has ended makes no more.
            let _ = self.crew.post(*worker, &Request::EndRows { job: *job }, &[]);
        }
    }
}

/// What an answer is: what was made, and the bytes.
fn made((reply, attached): Answer) -> Result<(MadeRows, Piece), Failure> {
    let Reply::Rows { made, .. } = reply else { return Err(unasked()) };
    let (made, mut attached) = (made?, attached.into_iter());
    match (attached.next(), attached.next()) {
        (Some(data), Some(footer)) => {
            let rows = made.rows;
            Ok((made, Piece { rows, data, footer }))
        }
        _ => Err(Failure::Worker { detail: "no rows came with its answer".into() }),
    }
}
