//! Any bytes as what passes between the page and its workers.

use arbitrary::{Arbitrary, Unstructured};
use wow_analytics::analysis::merge::Merge;
use wow_analytics::analysis::plan::Plan;
use wow_analytics::protocol::{self, Failure, PartFacts, Reply, Request};
use wow_engine::Params;
use wow_engine::manifest::Environment;
use wow_engine::pipeline::sessions::Gap;
use wow_engine::pipeline::{History, Partial, Report};
use wow_engine::read::{Pack, SortedEvents, player_history, scan};
use wow_engine::schema::NumberKind;
use wow_view::choice::Choice;
use wow_view::failure::{self, Origin};
use wow_view::marks::Marks;
use wow_view::players::Format;
use wow_view::sheet::{self, PlayerModel, Sheet};
use wow_view::zones::Grouping;
use wow_view::{changes, history, player};

use crate::seeds::{go_on, sample};
use crate::shown::show;

/// What comes in, and from where.
#[derive(Debug, Arbitrary)]
enum Message<'a> {
    /// What a worker is asked, in postcard.
    Request(&'a [u8]),
    /// What a worker answers, in postcard.
    Reply(&'a [u8]),
    /// What is attached to an answer.
    Partial(&'a [u8]),
    /// What a worker hands on to others.
    Pack(&'a [u8]),
}

/// A message is refused, or all that is done with it on the other side goes well, whatever it says.
pub fn messages(bytes: &[u8]) {
    match Message::arbitrary_take_rest(Unstructured::new(bytes)) {
        Ok(Message::Request(text)) => request(text),
        Ok(Message::Reply(text)) => reply(text),
        Ok(Message::Partial(bytes)) => partial(bytes),
        Ok(Message::Pack(bytes)) => pack(bytes),
        Err(_) => {}
    }
}

/// A worker scans what it has for what is asked.
fn request(text: &[u8]) {
    let Some(request) = protocol::from_bytes::<Request>(text) else { return };
    let again = protocol::to_bytes(&request).and_then(|text| protocol::from_bytes(&text));
    assert_eq!(Some(&request), again.as_ref(), "it is not read as it was written");
    let (Request::Scan { query, .. } | Request::History { query, .. }) = request else { return };
    let file = sample();
    let scanned = scan(&file, None, query.clone(), &mut |_| go_on()).expect("a log in order is refused");
    show(&scanned.finish(), None, &[]);
    let history = player_history(&file, None, &query, 3).expect("a log in order is refused");
    tell(&history, &query.params);
}

fn reply(text: &[u8]) {
    let Some(reply) = protocol::from_bytes::<Reply>(text) else { return };
    let again = protocol::to_bytes(&reply).and_then(|text| protocol::from_bytes(&text));
    assert_eq!(Some(&reply), again.as_ref(), "it is not read as it was written");
    match reply {
        Reply::Opened { row_groups, reading, .. } => {
            let row_groups = row_groups.unwrap_or_default();
            let plan = Plan::of_files(&[row_groups.clone(), row_groups]);
            let _ = (plan.bytes(), plan.held_of_parts(), Plan::of_shares(plan.bytes(), 2));
            let _ = reading.clone().learn(reading);
        }
        Reply::History { found: Ok(found), .. } => {
            let mut joined = found.clone();
            joined.join(found, Gap::new(Params::default().session_gap_minutes));
            tell(&joined, &Params::default());
        }
        Reply::Facts { found: Ok(states), .. } => {
            let _ = (changes::changes(&states), changes::say(&states));
        }
        Reply::History { found: Err(failure), .. }
        | Reply::Facts { found: Err(failure), .. }
        | Reply::Failed { failure, .. } => say(&failure),
        Reply::Scanned { facts, readings, .. } => {
            let report = Partial::empty(Params::default(), NumberKind::Integer).finish();
            let of_file = |(place, reading)| (place, PartFacts { reading: Some(reading), ..facts.clone() });
            let parts: Vec<_> = readings.into_iter().map(of_file).collect();
            show(&report, None, &parts);
            show(&report, None, &[(0, facts)]);
        }
        Reply::Rows { made: Err(failure), .. } | Reply::Written { written: Err(failure), .. } => {
            say(&failure)
        }
        Reply::Gathered { reading: (_, reading), .. } => {
            let _ = reading.clone().learn(reading);
        }
        Reply::Ready { .. }
        | Reply::Players { .. }
        | Reply::SharedOut { .. }
        | Reply::Progress { .. }
        | Reply::Recounted { .. }
        | Reply::Rows { .. }
        | Reply::Written { .. } => {}
    }
}

/// Events that were handed on are put in order.
fn pack(bytes: &[u8]) {
    let Ok(pack) = Pack::from_bytes(bytes) else { return };
    let sorted = SortedEvents::of(vec![pack]).expect("there is no room for a few events");
    let scanned = sorted.scan(Params::default(), &mut |_| go_on());
    assert!(scanned.is_ok_and(|partial| partial.rows() == sorted.rows()), "sorted events are not scanned");
}

fn say(failure: &Failure) {
    for origin in
        [Origin::Export(Environment::Dev), Origin::RemoteExport, Origin::Address, Origin::ThisMachine]
    {
        let _ = failure::message(failure, origin);
    }
}

fn tell(history: &History, params: &Params) {
    let sessions = player::sessions(&history.sessions, params);
    let places: Vec<usize> = (0..history.sessions.len()).collect();
    let _ = (sessions, player::sessions_csv(7, &history.sessions, &places, params));
    let progress = history::progress(history);
    let _ = (history::progress_say(&progress), history::progress_table(&progress));
    for grouping in Grouping::ALL {
        let zones = history::zones(history, grouping);
        let _ = (history::zones_say(&zones, 3), zones.table_of_shares());
    }
}

/// A worker makes the tables of a report that it was handed.
fn write(report: &Report) {
    let written = report.to_bytes().expect("what was read cannot be written");
    assert_eq!(
        written,
        Report::from_bytes(&written).and_then(|again| again.to_bytes()).expect("it is not read again")
    );
    for format in Format::ALL {
        for sheet in
            [Sheet::Players(format), Sheet::Model(PlayerModel::Players, format), Sheet::Flagged(format)]
        {
            let _ = sheet::write(
                &sheet,
                &Choice::default(),
                std::slice::from_ref(report),
                &Marks::default(),
                &[],
            );
        }
    }
}

/// The page merges what it is given with what other workers found, and shows it.
fn partial(bytes: &[u8]) {
    if let Ok(report) = Report::from_bytes(bytes) {
        write(&report);
    }
    let Ok(partial) = Partial::from_bytes(bytes) else { return };
    let rows = partial.rows();
    let written = partial.clone().into_bytes().expect("what was read cannot be written");
    let again = Partial::from_bytes(&written).expect("what was written cannot be read");
    assert_eq!(again.rows(), rows);
    show(&partial.clone().finish(), None, &[(0, PartFacts::default())]);
    let ours = scan(&sample(), None, Params::default(), &mut |_| go_on()).expect("a log in order is refused");
    for order in [[&partial, &ours], [&ours, &partial], [&partial, &again]] {
        let mut merge = Merge::new(order.len(), true, 0);
        let merged =
            order.into_iter().cloned().enumerate().try_for_each(|(part, next)| merge.insert(part, next));
        if let Some(report) = merge.take().filter(|_| merged.is_ok()) {
            show(&report, None, &[]);
        }
    }
}
