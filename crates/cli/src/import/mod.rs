//! From CSV and Parquet files to the table `wowlogs`, read as the engine reads them wherever they come from.

mod events;
pub(crate) mod rows;
mod same;
mod source;

use crate::output::Progress;
use crate::storage::{self, Location};
use crate::{interrupt, parallel};

pub(crate) use source::{Format, Source};

/// Files that are opened at a time.
const OPENED_AT_ONCE: usize = 16;
/// Files whose beginnings are asked for while one is read.
const FILES_AHEAD: usize = 8;

/// Opens the files that were named, and those in the folders that were, several at a time: where they are elsewhere, each
/// answer takes a while. No two of them hold the same bytes.
///
/// # Errors
/// A [`crate::failure::Failure`] that says what is wrong with one of them.
pub(crate) fn open(named: &[Location]) -> anyhow::Result<Vec<Source>> {
    let files = storage::objects(named)?;
    let mut sources = Vec::with_capacity(files.len());
    let mut progress = Progress::new("files opened", files.len() as u64);
    parallel::in_order(
        OPENED_AT_ONCE,
        Source::open,
        |source| {
            sources.push(source);
            progress.advance(1);
            Ok(())
        },
        |give| {
            files.iter().try_for_each(|file| {
                interrupt::check()?;
                give(file)
            })
        },
    )?;
    same::refuse_same(&sources)?;
    Ok(sources)
}

/// Goes through the files one after the other, while the beginnings of the next ones are on their way.
///
/// # Errors
/// Those of `act`.
pub(crate) fn each<T>(
    sources: &[Source],
    mut act: impl FnMut(&Source) -> anyhow::Result<T>,
) -> anyhow::Result<Vec<T>> {
    let next = |index: usize| sources.iter().skip(index + 1).take(FILES_AHEAD);
    let act = |(index, source)| {
        next(index).for_each(Source::expect);
        act(source)
    };
    sources.iter().enumerate().map(act).collect()
}
