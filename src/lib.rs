//! The browser app of WoW Analytics: a page that shows an event log's statistics, and the workers that compute
//! them.
//!
//! [`analysis`] and [`protocol`] are plain Rust and are tested natively, as is what the page shows (`crates/view`); all that
//! touches the browser lies behind the gates below.

pub mod analysis;
pub mod protocol;

#[cfg(target_arch = "wasm32")]
mod client;
#[cfg(target_arch = "wasm32")]
mod http;
#[cfg(target_arch = "wasm32")]
mod kept;
#[cfg(target_arch = "wasm32")]
mod local;
#[cfg(target_arch = "wasm32")]
mod open;
#[cfg(target_arch = "wasm32")]
mod ui;
#[cfg(target_arch = "wasm32")]
mod worker;

#[cfg(target_arch = "wasm32")]
pub use ui::start as start_page;
#[cfg(target_arch = "wasm32")]
pub use worker::start as start_worker;
