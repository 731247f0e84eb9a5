//! Parts that pages share.

pub(crate) mod chart;
pub(crate) mod header;
pub(crate) mod icon;
mod picture;
pub(crate) mod status;
pub(crate) mod table;
