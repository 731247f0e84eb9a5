//! Data that are made up: a unit has an event of one player.

use serde::{Deserialize, Serialize};
use wow_engine::contract::{Format, Reading, TimeTexts};
use wow_engine::pipeline::events::{Events, Runs};
use wow_engine::pipeline::{NULL_CODE, Partial, Report, Scanner};
use wow_engine::schema::NumberKind;
use wow_engine::time::{Day, Micros, Minutes};
use wow_engine::{Error, Filter, Params, Query};

use crate::analysis::{Data, Recounts};
use crate::protocol::PartSource;

/// The gap from which on workers can answer without reading events.
const LIVE_MINUTES: u32 = 12;

/// The query for a session gap, of the events from a day on.
pub(super) fn query(gap_minutes: u32, from_day: Option<i64>) -> Query {
    let params = Params { session_gap_minutes: Minutes::of(gap_minutes), ..Params::default() };
    let from_day = from_day.and_then(Day::new);
    Query { params, filter: Filter { from_day, ..Filter::default() } }
}

/// What a worker says of its units: what it was asked, and how many they are.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Said {
    pub(super) query: Query,
    pub(super) known_gap: Minutes,
    pub(super) units: usize,
}

impl Recounts for Said {
    fn answers_live(kept: &Query, wanted: &Query) -> bool {
        kept.filter == wanted.filter && wanted.params.session_gap_minutes >= Minutes::of(LIVE_MINUTES)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(bytes).map_err(|error| Error::Decode(error.to_string()))
    }

    fn recounted(report: &Report, query: &Query, recounts: Vec<Self>) -> Result<Report, Error> {
        let units: usize = recounts.iter().map(|said| said.units).sum();
        assert_eq!(units, report.players.len(), "each unit has one player and is counted once");
        assert_eq!(query.filter, report.filter);
        for said in &recounts {
            assert_eq!((&said.query, said.known_gap), (query, report.params.session_gap_minutes));
        }
        let mut recounted = report.clone();
        recounted.params = query.params;
        Ok(recounted)
    }
}

/// What lies at a place: an export of so many parts, or so many files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dataset {
    pub(super) number: i64,
    pub(super) units: usize,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Export,
    /// Files in order.
    Files,
    /// Files whose rows turn out to be in no order.
    Unsorted,
    /// Files that only sorting can read.
    Csv,
    /// A file that is fetched first.
    Elsewhere,
}

impl Dataset {
    pub(super) fn data(self) -> Data {
        match self.kind {
            Kind::Export => {
                let part = |place: usize| {
                    let source = PartSource {
                        name: format!("part-{place}"),
                        url: String::new(),
                        bytes: 10,
                        rows: 1,
                        sha256: String::new(),
                        may_be_kept: false,
                    };
                    (source, 1)
                };
                Data::Export { parts: (0..self.units).map(part).collect(), players: self.units as u64 }
            }
            Kind::Elsewhere => Data::Elsewhere,
            _ => {
                let files = (0..self.units).map(|place| (format!("file-{place}"), 10)).collect();
                Data::Files { files, twins: Vec::new() }
            }
        }
    }

    /// The statistics of all of it.
    pub(super) fn report(self, query: &Query) -> Report {
        let of_unit = |unit| Partial::from_bytes(&partial(self.player(unit), query.clone())).unwrap();
        let all = (0..self.units).map(of_unit).reduce(|all, next| all.merge(next).unwrap());
        all.unwrap().finish()
    }

    /// The player of a unit.
    pub(super) fn player(self, unit: usize) -> i64 {
        self.number * 1_000 + unit as i64
    }
}

/// What a file says of itself.
pub(super) fn reading() -> Reading {
    Reading {
        format: Format::Parquet,
        rows: Some(1),
        columns: Vec::new(),
        ignored: Vec::new(),
        time_texts: TimeTexts::default(),
        notices: Vec::new(),
    }
}

/// The statistics of one event of a player.
pub(super) fn partial(player_id: i64, query: Query) -> Vec<u8> {
    fn one<T: Copy + PartialEq>(value: T) -> Runs<T> {
        std::iter::once(value).collect()
    }
    let events = Events {
        player_id: one(player_id),
        time_us: vec![Micros::default()],
        guild: one(Some(1)),
        level: one(Some(1)),
        race: one(NULL_CODE),
        class: one(NULL_CODE),
        zone: one(NULL_CODE),
        ..Events::default()
    };
    let mut scanner = Scanner::new(query, NumberKind::Integer);
    scanner.push(&events).unwrap();
    scanner.finish().into_bytes().unwrap()
}
