//! Parts that pages share.

pub(crate) mod chart;
pub(crate) mod copy;
pub(crate) mod filter;
pub(crate) mod gap;
pub(crate) mod header;
pub(crate) mod icon;
pub(crate) mod kept;
pub(crate) mod limits;
pub(crate) mod minutes_field;
pub(crate) mod open_files;
pub(crate) mod page_link;
mod picture;
pub(crate) mod player_filter;
pub(crate) mod reader;
pub(crate) mod report;
pub(crate) mod save;
mod sheets;
pub(crate) mod status;
pub(crate) mod table;
pub(crate) mod tile;
mod tooltip;
pub(crate) mod zones_switch;
