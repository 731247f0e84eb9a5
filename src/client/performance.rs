//! The browser's clock, and its timeline, in which passes over all units are found by whoever measures.

use web_sys::Performance;

use crate::analysis::Pass;

/// The name of a pass in the timeline.
const fn name(pass: Pass) -> &'static str {
    match pass {
        Pass::Scan => "scan",
        Pass::Recount => "recount",
    }
}

/// Marks the start of a pass.
pub(super) fn begin(pass: Pass) {
    if let Some(performance) = performance() {
        // The marks are for whoever measures; the page works without them.
        let _ = performance.mark(name(pass));
    }
}

/// Measures the pass that ends now.
pub(super) fn end(pass: Pass) {
    if let Some(performance) = performance() {
        let _ = performance.measure_with_start_mark(name(pass), name(pass));
    }
}

fn performance() -> Option<Performance> {
    web_sys::window()?.performance()
}

/// Milliseconds on a clock that only goes forward.
pub(super) fn now_ms() -> f64 {
    performance().map_or(0.0, |clock| clock.now())
}
