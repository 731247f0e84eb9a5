//! From the bytes of a Parquet part to events. Does no I/O: it is handed the bytes.

mod columns;
mod file;

use std::ops::ControlFlow;

pub use file::{EventReader, PartFile};

use crate::Error;
use crate::Params;
use crate::pipeline::{Partial, Scanner, Session};

/// Events per batch: small enough to stay in the processor's cache.
pub const BATCH_ROWS: usize = 16_384;

/// Scans a whole part. `on_rows` is told after each batch how many rows are done and may stop the scan.
///
/// # Errors
/// [`Error::Parquet`] for damaged bytes, [`Error::OutOfOrder`] for unsorted ones, [`Error::Cancelled`] when
/// `on_rows` breaks.
pub fn scan(
    part: &PartFile,
    params: Params,
    on_rows: &mut dyn FnMut(u64) -> ControlFlow<()>,
) -> Result<Partial, Error> {
    guarded(|| {
        let mut scanner = Scanner::new(params, part.guild_kind());
        let mut reader = part.events(None)?;
        let mut rows = 0;
        while let Some(events) = reader.next(scanner.strings_mut())? {
            scanner.push(&events)?;
            rows += events.len() as u64;
            if on_rows(rows).is_break() {
                return Err(Error::Cancelled);
            }
        }
        let partial = scanner.finish();
        // A damaged page can end early without the decoder's notice.
        let decoded = partial.rows().saturating_add(partial.rejected().total());
        if decoded != part.rows() {
            return Err(Error::Parquet(format!("it says it has {} rows, but holds {decoded}", part.rows())));
        }
        Ok(partial)
    })
}

/// The sessions of one player in a part, in time order; none when the player is not in it. Reads only the row
/// groups whose statistics allow for the player.
///
/// # Errors
/// As [`scan`].
pub fn player_sessions(
    part: &PartFile,
    session_gap_minutes: i64,
    player_id: i64,
) -> Result<Vec<Session>, Error> {
    guarded(|| {
        let mut clock = crate::pipeline::SessionClock::new(session_gap_minutes);
        let mut sessions: Vec<Session> = Vec::new();
        let mut strings = crate::pipeline::Strings::default();
        let mut reader = part.events(Some(part.row_groups_with(player_id)))?;
        while let Some(events) = reader.next(&mut strings)? {
            let start = events.player_id.partition_point(|&id| id < player_id);
            let end = events.player_id.partition_point(|&id| id <= player_id);
            for &time_us in events.time_us.get(start..end).unwrap_or_default() {
                if sessions.last().is_some_and(|session| time_us < session.end_us) {
                    return Err(Error::OutOfOrder { player_id });
                }
                match sessions.last_mut() {
                    Some(session) if !clock.step(time_us).is_session_start => {
                        session.end_us = time_us;
                        session.events += 1;
                    }
                    last => {
                        if last.is_none() {
                            clock.step(time_us);
                        }
                        sessions.push(Session { start_us: time_us, end_us: time_us, events: 1 });
                    }
                }
            }
        }
        Ok(sessions)
    })
}

/// Runs a decoder on bytes that anyone may have made: where a library panics on them, that is an error.
/// In the browser a panic ends the worker instead, which the page reports.
fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::Parquet("its contents contradict themselves".into())))
}
