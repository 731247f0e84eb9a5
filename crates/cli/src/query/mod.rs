//! Answers of the database to questions of users: what is asked, and how the rows are written.

mod ask;
mod question;
mod table;
mod write;

pub(crate) use self::ask::{Rows, ask};
pub(crate) use self::question::Question;
pub(crate) use self::write::{Format, Parquet, Printed};
