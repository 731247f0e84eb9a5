//! `wow verify`.

pub(crate) use crate::verify::run;
