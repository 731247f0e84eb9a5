//! Parts that pages share.

pub(crate) mod table;
