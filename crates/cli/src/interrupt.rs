//! Ctrl-C: the running query is stopped, temporary files are removed on the way out.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use duckdb::Connection;

static REQUESTED: AtomicBool = AtomicBool::new(false);
static HANDLERS: Mutex<Vec<Box<dyn Fn() + Send>>> = Mutex::new(Vec::new());

/// Makes Ctrl-C and SIGTERM ask for an orderly end. A second one ends the process at once.
///
/// # Errors
/// When the system refuses the handler.
pub(crate) fn install() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        if REQUESTED.swap(true, Ordering::SeqCst) {
            std::process::exit(i32::from(crate::failure::CANCELLED_STATUS));
        }
        for handler in HANDLERS.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            handler();
        }
    })
    .context("Ctrl-C cannot be handled on this system")
}

/// Lets Ctrl-C stop the queries of a connection.
pub(crate) fn watch(connection: &Connection) {
    let handle = connection.interrupt_handle();
    on_request(move || handle.interrupt());
}

/// Has something done when Ctrl-C is pressed.
pub(crate) fn on_request(handler: impl Fn() + Send + 'static) {
    HANDLERS.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(handler));
}

/// The last point at which Ctrl-C ends the work: what comes after it is done whole. DuckDB, for one, would call a commit
/// interrupted that it has made.
///
/// # Errors
/// When it was pressed.
pub(crate) fn last_check() -> anyhow::Result<()> {
    HANDLERS.lock().unwrap_or_else(PoisonError::into_inner).clear();
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
