//! One file a page.

pub(crate) mod bots;
mod changes;
pub(crate) mod compare;
pub(crate) mod models;
pub(crate) mod overview;
pub(crate) mod player;
pub(crate) mod player_panel;
mod player_sessions;
pub(crate) mod players;
pub(crate) mod quality;
pub(crate) mod sessions;
