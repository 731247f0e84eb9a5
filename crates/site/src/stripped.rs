//! Compiled code without what only tools read of it: the names of functions, and which compiler made it.

use anyhow::{Context as _, Result};
use wasm_encoder::{Module, RawSection, SectionId};
use wasmparser::Parser;

use crate::Files;
use crate::names::extension;

/// Takes out of all compiled code what does nothing.
///
/// # Errors
/// When a file is no compiled code, though its name says so.
pub(crate) fn strip(files: &mut Files) -> Result<()> {
    for (name, bytes) in files.iter_mut().filter(|(name, _)| extension(name) == "wasm") {
        *bytes = stripped(bytes).with_context(|| format!("{name} is no compiled code"))?;
    }
    Ok(())
}

fn stripped(code: &[u8]) -> Result<Vec<u8>> {
    let mut kept = Module::new();
    for payload in Parser::new(0).parse_all(code) {
        if let Some((id, range)) = payload?.as_section()
            && id != SectionId::Custom as u8
        {
            let data = code.get(usize::try_from(range.start)?..usize::try_from(range.end)?);
            kept.section(&RawSection { id, data: data.context("it ends too soon")? });
        }
    }
    Ok(kept.finish())
}
