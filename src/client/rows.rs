//! Rows of a model as the workers make them, unit after unit in the order of the players.
//!
//! Nothing is made that was not asked for, so whoever takes the rows sets the pace: the next ones are made while the last
//! are being written, and no more.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use futures_channel::oneshot;
use web_sys::js_sys::Uint8Array;
use wow_engine::Query;
use wow_engine::pipeline::Walk;
use wow_engine::schema::GuildKind;

use super::run::Run;
use crate::protocol::{EventModel, Failure, JobId, MadeRows, Request};

/// Some row groups of a file, made on their own.
pub(crate) struct Piece {
    /// How many rows they have.
    pub(crate) rows: u64,
    /// Their bytes.
    pub(crate) data: Uint8Array,
    /// What says of them.
    pub(crate) footer: Uint8Array,
}

/// What an answer is: what was made, and the bytes.
type Made = Result<(MadeRows, Piece), Failure>;

/// Who waits for rows.
#[derive(Default)]
pub(super) struct Waiting(HashMap<JobId, oneshot::Sender<Made>>);

impl Waiting {
    fn wait(&mut self, job: JobId) -> oneshot::Receiver<Made> {
        let (made, answer) = oneshot::channel();
        self.0.insert(job, made);
        answer
    }

    /// Takes an answer.
    pub(super) fn answered(
        &mut self,
        job: JobId,
        made: Result<MadeRows, Failure>,
        attached: Vec<Uint8Array>,
    ) {
        let Some(waiting) = self.0.remove(&job) else { return };
        let mut attached = attached.into_iter();
        let made = made.and_then(|made| match (attached.next(), attached.next()) {
            (Some(data), Some(footer)) => {
                let rows = made.rows;
                Ok((made, Piece { rows, data, footer }))
            }
            _ => Err(Failure::Worker { detail: "no rows came with its answer".into() }),
        });
        // Whoever asked may have given up.
        let _ = waiting.send(made);
    }
}

/// The rows of a model, piece by piece. The workers that make them stay as long as these; dropping them ends what is being made.
pub(crate) struct Rows {
    run: Rc<RefCell<Run>>,
    query: Query,
    guild_kind: GuildKind,
    flagged: Option<Vec<i64>>,
    /// The units that are still to come, in the order of their players.
    units: VecDeque<usize>,
    /// How far the last player has got.
    walk: Option<Walk>,
    /// What is being made, and by which worker.
    making: Option<(JobId, usize, oneshot::Receiver<Made>)>,
}

impl Rows {
    pub(super) fn new(
        run: Rc<RefCell<Run>>,
        query: Query,
        guild_kind: GuildKind,
        flagged: Option<Vec<i64>>,
    ) -> Self {
        let units = run.borrow().units_with_players();
        Self { run, query, guild_kind, flagged, units, walk: None, making: None }
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
        let (made, piece) = answer.await.unwrap_or_else(|_| Err(closed()))?;
        self.walk = made.walk;
        self.making = None;
        if made.is_last {
            self.begin_next_unit()?;
        } else {
            self.ask(worker, job, &Request::MoreRows { job })?;
        }
        Ok(Some(piece))
    }

    /// Has the first rows of the next unit made; whether there is one.
    fn begin_next_unit(&mut self) -> Result<bool, Failure> {
        let Some(unit) = self.units.pop_front() else { return Ok(false) };
        let mut run = self.run.borrow_mut();
        let (worker, (first, last)) = run.found_at(unit).ok_or_else(closed)?;
        let (source, files) = run.source_of(unit).ok_or_else(closed)?;
        let job = run.new_job();
        let of_unit = |flagged: &Vec<i64>| {
            let from = flagged.partition_point(|id| *id < first);
            let to = flagged.partition_point(|id| *id <= last);
            flagged[from..to.max(from)].to_vec()
        };
        let flagged = self.flagged.as_ref().map(of_unit);
        let model = EventModel { guild_kind: self.guild_kind, flagged, walk: self.walk.take() };
        let request = Request::Rows { job, unit, source, query: self.query.clone(), model };
        let answer = run.rows.wait(job);
        run.workers.get(worker).ok_or_else(closed)?.post(&request, &files);
        self.making = Some((job, worker, answer));
        Ok(true)
    }

    fn ask(&mut self, worker: usize, job: JobId, request: &Request) -> Result<(), Failure> {
        let mut run = self.run.borrow_mut();
        let answer = run.rows.wait(job);
        run.workers.get(worker).ok_or_else(closed)?.post(request, &[]);
        self.making = Some((job, worker, answer));
        Ok(())
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        let Some((job, worker, _)) = &self.making else { return };
        if let Some(worker) = self.run.borrow().workers.get(*worker) {
            worker.post(&Request::EndRows { job: *job }, &[]);
        }
    }
}

impl Run {
    /// The units in which any player was found, in the order of their players.
    fn units_with_players(&self) -> VecDeque<usize> {
        let mut found: Vec<((i64, i64), usize)> = (0..self.plan.units.len())
            .filter_map(|unit| self.found_at(unit).map(|(_, players)| (players, unit)))
            .collect();
        // Those with the same players stay in the order in which they were merged.
        found.sort_by_key(|(players, _)| *players);
        found.into_iter().map(|(_, unit)| unit).collect()
    }
}

fn closed() -> Failure {
    Failure::Worker { detail: "the data were closed meanwhile".into() }
}
