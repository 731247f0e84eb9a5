//! Files wherever they lie: on this machine, in a bucket or at an address.
//!
//! A [`Location`] is what somebody wrote. It stands for some [`Object`]s, each of which is opened as a [`Reader`], the source of
//! bytes that the engine reads a log from. What is not on this machine is read by ranges, a few of them ahead and with as
//! much memory for any size, and only while it is the object that it was at first. A [`Store`] is a bucket, which can be
//! written too. Requests that fail in a way that may pass are made again for some seconds, and an answer that breaks off is
//! gone on with from where it broke off. A [`Fault`] is what went wrong in the end.

mod aws;
mod blocks;
mod fault;
mod location;
mod object;
mod profile;
mod reader;
mod store;
mod web;

use std::future::Future;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

pub(crate) use self::fault::{Doing, Fault};
pub(crate) use self::location::{Bucket, Location};
pub(crate) use self::object::{Object, objects};
pub(crate) use self::reader::Reader;
pub(crate) use self::store::{Condition, Kept, Store, Upload};
use crate::interrupt;

/// Threads that requests are made on; they wait more than they work.
const THREADS: usize = 2;
/// How often a request is made again that failed in a way that may pass.
const RETRIES_MAX: usize = 10;
/// The wait before the second try.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// How many times as long as the one before a wait is at most; it is chosen by chance, so that many clients do not come at once.
const GROWTH: f64 = 3.0;
/// No wait is longer.
const LONGEST_WAIT: Duration = Duration::from_secs(8);
/// What a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// What a request may take: the largest that are made at once, over a slow line.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(300);
/// The time between two looks at whether Ctrl-C was pressed.
const INTERRUPT_INTERVAL: Duration = Duration::from_millis(100);

/// The runtime that all requests are made on.
fn runtime() -> Result<&'static Runtime, Fault> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let start = || {
        // Only the first call decides; one before this would have chosen the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Builder::new_multi_thread().worker_threads(THREADS).enable_all().build().ok()
    };
    RUNTIME.get_or_init(start).as_ref().ok_or_else(|| Fault::Other("no thread can be started".to_owned()))
}

/// Waits for an answer, or for Ctrl-C.
fn wait<T>(answer: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    let interrupted = async {
        while !interrupt::requested() {
            tokio::time::sleep(INTERRUPT_INTERVAL).await;
        }
        Err(Fault::Cancelled)
    };
    runtime()?.block_on(async {
        tokio::select! {
            answer = answer => answer,
            cancelled = interrupted => cancelled,
        }
    })
}
