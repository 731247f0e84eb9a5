//! The browser app of WoW Analytics: a page that shows an event log's statistics, and the workers that compute
//! them.
//!
//! [`analysis`] and [`protocol`] are plain Rust and are tested natively, as is what the page shows (`crates/view`); all that
//! touches the browser lies behind the gates below.

pub mod analysis;
pub mod protocol;

#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod client;
#[cfg(all(target_arch = "wasm32", any(feature = "page", feature = "worker")))]
#[cfg_attr(
    not(all(feature = "page", feature = "worker")),
    allow(dead_code, reason = "neither program uses all of it")
)]
mod http;
#[cfg(all(target_arch = "wasm32", any(feature = "page", feature = "worker")))]
#[cfg_attr(
    not(all(feature = "page", feature = "worker")),
    allow(dead_code, reason = "neither program uses all of it")
)]
mod kept;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod local;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod open;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod own;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod ui;
#[cfg(all(target_arch = "wasm32", feature = "worker"))]
mod worker;

#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub use ui::start as start_page;
#[cfg(all(target_arch = "wasm32", feature = "worker"))]
pub use worker::start as start_worker;
