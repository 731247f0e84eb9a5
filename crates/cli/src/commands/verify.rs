//! `wow verify`.

use super::{Context, Outcome};
use crate::args::VerifyArgs;
use crate::failure::Failure;

pub(crate) fn run(_context: &Context, _args: &VerifyArgs) -> anyhow::Result<Outcome> {
    Err(Failure::usage("this command is not written yet"))
}
