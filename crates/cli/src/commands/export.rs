//! `wow export`.

use super::{Context, Outcome};
use crate::args::ExportArgs;
use crate::failure::Failure;

pub(crate) fn run(_context: &Context, _args: &ExportArgs) -> anyhow::Result<Outcome> {
    Err(Failure::usage("this command is not written yet"))
}
