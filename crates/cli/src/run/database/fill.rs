//! Fills the two tables with what the engine computes.

use std::sync::mpsc::{Receiver, SyncSender};
use std::thread;

use anyhow::Context as _;
use arrow::array::RecordBatch;
use duckdb::Connection;
use wow_engine::Params;
use wow_engine::models::events::{EventColumns, EventRows, OnePass, coded_batch};
use wow_engine::models::player_session_stats;
use wow_engine::pipeline::events::Events as Batch;
use wow_engine::pipeline::{Dictionary, Report, Scanner, Strings};
use wow_engine::schema::NumberKind;

use super::rows::{self, Offer};
use super::sorted::{Sink, Sorted};
use super::{Events, Plan};
use crate::database::{literal, quoted};
use crate::output::Progress;
use crate::parts_folder::PartsFolder;
use crate::reference;
use crate::run::groups::{self, SourceGroup};
use crate::source;
use crate::{database, interrupt, parallel};

/// Rows that go to DuckDB at a time: as many as one of its row groups holds.
const BATCH_ROWS: usize = 122_880;
/// A column with more texts than this is handed over as text.
const TEXTS_MAX: usize = 4_096;

/// What is needed to fill the tables, which are there.
pub(super) struct Filler<'a> {
    /// The connection that has the transaction.
    pub(super) connection: &'a Connection,
    /// What is filled, and of what.
    pub(super) plan: &'a Plan<'a, 'a>,
}

impl Filler<'_> {
    /// What the engine finds, for model 2 alone.
    ///
    /// # Errors
    /// What keeps the log from being read, and after Ctrl-C.
    pub(super) fn scan(&self) -> anyhow::Result<Report> {
        match self.plan.events {
            Events::Export(export) => self.scan_export(export),
            Events::Log(source) => {
                let sorted = Sorted::new(self.reader()?, source)?;
                let mut scan = Scan {
                    scanner: Scanner::new(self.plan.params, sorted.guild_kind),
                    progress: self.progress(),
                };
                sorted.give_all(&mut scan)?;
                Ok(scan.scanner.finish().finish())
            }
        }
    }

    /// Fills model 2.
    ///
    /// # Errors
    /// When DuckDB does not take the rows.
    pub(super) fn player_stats(&self, report: &Report) -> anyhow::Result<()> {
        let rows = player_session_stats(report)?;
        let (_, none) = rows::channel();
        self.insert(reference::PLAYER_STATS, "*", Offer::new(rows, none))
    }

    /// Fills model 3; gives what the engine found on the way.
    ///
    /// # Errors
    /// What keeps the log from being read, when DuckDB does not take the rows, and after Ctrl-C.
    pub(super) fn events_without_bots(&self) -> anyhow::Result<Report> {
        match self.plan.events {
            Events::Export(export) => {
                let report = self.scan_export(export)?;
                let texts = Handed::of_report(&report);
                let threads = self.plan.threads;
                self.pipe(&texts, |send| send_kept(export, &report, &texts, threads, send))?;
                Ok(report)
            }
            Events::Log(source) => {
                let sorted = Sorted::new(self.reader()?, source)?;
                let texts = Handed::of_sorted(&sorted);
                let (params, progress) = (self.plan.params, self.progress());
                let handed = &texts;
                self.pipe(handed, move |send| one_pass(&sorted, params, handed, send, progress))
            }
        }
    }

    fn scan_export(&self, export: &PartsFolder) -> anyhow::Result<Report> {
        let mut progress = self.progress();
        export.scan(self.plan.params, self.plan.threads, |part, _, _| progress.advance(part.rows))
    }

    fn progress(&self) -> Progress {
        Progress::new("events read", self.plan.events.count())
    }

    /// A connection that reads the log while the other writes.
    fn reader(&self) -> anyhow::Result<Connection> {
        let connection = self.connection.try_clone()?;
        database::prepare(&connection)?;
        source::bound_stream(&connection)?;
        Ok(connection)
    }

    /// Has `make` send rows of model 3 and DuckDB put them into the table meanwhile.
    fn pipe<T: Send>(
        &self,
        texts: &Handed,
        make: impl FnOnce(&SyncSender<RecordBatch>) -> anyhow::Result<T> + Send,
    ) -> anyhow::Result<T> {
        let (sender, receiver) = rows::channel();
        thread::scope(|scope| {
            let making = scope.spawn(move || make(&sender));
            let inserted = self.insert_events(texts, receiver);
            let made = making.join().map_err(|_| anyhow::anyhow!("a thread ended unexpectedly"))?;
            // Whoever makes rows is told that nobody takes them when DuckDB has failed, so that is the cause.
            inserted.and(made)
        })
    }

    fn insert_events(&self, texts: &Handed, batches: Receiver<RecordBatch>) -> anyhow::Result<()> {
        // DuckDB's threads would wait for rows that its other threads are still sorting.
        let Ok(first) = batches.recv() else { return Ok(()) };
        let columns = format!(
            "player_id, guild, level, {}, {}, {}, datetime, minutes_since_last_event, is_session_start, session_number,
             cast(player_id as varchar) || '-' || cast(session_number as varchar)",
            texts.sql[0], texts.sql[1], texts.sql[2]
        );
        self.insert(reference::EVENTS_WITHOUT_BOTS, &columns, Offer::new(first, batches))
    }

    fn insert(&self, model: &str, columns: &str, offer: Offer) -> anyhow::Result<()> {
        let sql = format!("insert into main.{} select {columns} from {}", quoted(model), offer.sql());
        self.connection
            .execute_batch(&sql)
            .with_context(|| format!("DuckDB did not take the rows of model `{model}`"))
    }
}

/// Sends the rows of model 3 while the statistics are computed.
fn one_pass(
    sorted: &Sorted,
    params: Params,
    texts: &Handed,
    send: &SyncSender<RecordBatch>,
    progress: Progress,
) -> anyhow::Result<Report> {
    let kind = sorted.guild_kind;
    let mut kept = Kept { pass: OnePass::new(params, kind), kind, texts, send, progress };
    sorted.give_all(&mut kept)?;
    let (rest, partial) = kept.pass.finish();
    let report = partial.finish();
    texts.send(&rest, kind, &report.strings, send)?;
    Ok(report)
}

/// Statistics alone.
struct Scan {
    scanner: Scanner,
    progress: Progress,
}

impl Sink for Scan {
    fn strings_mut(&mut self) -> &mut Strings {
        self.scanner.strings_mut()
    }

    fn push(&mut self, events: &Batch) -> anyhow::Result<()> {
        self.progress.advance(events.len() as u64);
        Ok(self.scanner.push(events)?)
    }
}

/// Statistics, and the rows of model 3 on the way.
struct Kept<'a> {
    pass: OnePass,
    kind: NumberKind,
    texts: &'a Handed,
    send: &'a SyncSender<RecordBatch>,
    progress: Progress,
}

impl Sink for Kept<'_> {
    fn strings_mut(&mut self) -> &mut Strings {
        self.pass.strings_mut()
    }

    fn push(&mut self, events: &Batch) -> anyhow::Result<()> {
        self.pass.push(events)?;
        self.progress.advance(events.len() as u64);
        if self.pass.settled_rows() < BATCH_ROWS {
            return Ok(());
        }
        let rows = self.pass.take_settled();
        self.texts.send(&rows, self.kind, self.pass.strings_mut(), self.send)
    }
}

/// Sends the rows of model 3 that an export gives.
fn send_kept(
    export: &PartsFolder,
    report: &Report,
    texts: &Handed,
    threads: usize,
    send: &SyncSender<RecordBatch>,
) -> anyhow::Result<()> {
    let gap_minutes = report.params.session_gap_minutes;
    let flagged = report.flagged();
    parallel::in_order(
        threads,
        |group: std::sync::Arc<SourceGroup>| {
            interrupt::check()?;
            let mut rows = EventRows::new(gap_minutes, Some(flagged.clone()), group.walk.clone());
            let mut strings = report.strings.clone();
            let mut reader = group.events();
            while let Some(events) = reader.next(&mut strings)? {
                rows.extend(events)?;
            }
            Ok(coded_batch(&rows.take(), report.guild_kind, texts.spelled(&strings))?)
        },
        |batch| send.send(batch).map_err(|_| not_wanted()),
        |give| groups::give_all(export, gap_minutes, give),
    )
}

/// How race, class and zone are handed over: as codes that DuckDB looks up, unless they are too many.
struct Handed {
    /// What makes the texts of the handed columns in SQL.
    sql: [String; 3],
    is_code: [bool; 3],
}

impl Handed {
    fn of_report(report: &Report) -> Self {
        let Strings { race, class, zone } = &report.strings;
        Self::new([race, class, zone].map(|dictionary| {
            let texts = dictionary.texts();
            (texts.len() <= TEXTS_MAX).then(|| texts.iter().map(|text| literal(text)).collect())
        }))
    }

    fn of_sorted(sorted: &Sorted) -> Self {
        Self::new([0, 1, 2].map(|place| {
            let texts = sorted.texts().get(place)?.as_ref()?;
            Some(texts.iter().flatten().map(literal).collect())
        }))
    }

    fn new(texts: [Option<Vec<String>>; 3]) -> Self {
        let is_code = [0, 1, 2].map(|place| texts[place].is_some());
        let columns = ["race", "class", "\"where\""];
        let sql = [0, 1, 2].map(|place| match &texts[place] {
            Some(texts) => {
                format!("cast([{}] as varchar[])[{} + 1]", texts.join(", "), columns[place])
            }
            None => columns[place].to_owned(),
        });
        Self { sql, is_code }
    }

    /// The dictionaries of the columns that are handed over as text.
    fn spelled<'a>(&self, strings: &'a Strings) -> [Option<&'a Dictionary>; 3] {
        let dictionaries = [&strings.race, &strings.class, &strings.zone];
        [0, 1, 2].map(|place| (!self.is_code[place]).then_some(dictionaries[place]))
    }

    fn send(
        &self,
        rows: &EventColumns,
        kind: NumberKind,
        strings: &Strings,
        send: &SyncSender<RecordBatch>,
    ) -> anyhow::Result<()> {
        send.send(coded_batch(rows, kind, self.spelled(strings))?).map_err(|_| not_wanted())
    }
}

fn not_wanted() -> anyhow::Error {
    anyhow::anyhow!("the rows are no longer wanted")
}
