//! Ctrl-C: the running query is stopped, temporary files are removed on the way out.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use duckdb::{Connection, InterruptHandle};

static REQUESTED: AtomicBool = AtomicBool::new(false);
static HANDLES: Mutex<Vec<Arc<InterruptHandle>>> = Mutex::new(Vec::new());

/// Makes Ctrl-C and SIGTERM ask for an orderly end. A second one ends the process at once.
///
/// # Errors
/// When the system refuses the handler.
pub(crate) fn install() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        if REQUESTED.swap(true, Ordering::SeqCst) {
            std::process::exit(i32::from(crate::failure::CANCELLED_STATUS));
        }
        for handle in HANDLES.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            handle.interrupt();
        }
    })
    .context("Ctrl-C cannot be handled on this system")
}

/// Lets Ctrl-C stop the queries of a connection.
pub(crate) fn watch(connection: &Connection) {
    HANDLES.lock().unwrap_or_else(PoisonError::into_inner).push(connection.interrupt_handle());
}

/// The last point at which Ctrl-C ends the work: what comes after it is done whole. DuckDB, for one, would call a commit
/// interrupted that it has made.
///
/// # Errors
/// When it was pressed.
pub(crate) fn last_check() -> anyhow::Result<()> {
    HANDLES.lock().unwrap_or_else(PoisonError::into_inner).clear();
    check()
}

/// Whether Ctrl-C was pressed.
pub(crate) fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}

/// Ends the work between two steps when Ctrl-C was pressed.
///
/// # Errors
/// When it was pressed.
pub(crate) fn check() -> anyhow::Result<()> {
    if requested() { Err(anyhow::anyhow!("cancelled")) } else { Ok(()) }
}
