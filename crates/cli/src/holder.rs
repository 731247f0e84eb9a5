//! Who holds the lock of a database.

use std::fs::File;
use std::io::Read as _;

use crate::output::shown;

/// No more of a command line is read; less of it is shown.
const COMMAND_BYTES_MAX: u64 = 4096;

/// The process that DuckDB's message names, as a part of a sentence: its program, its number, and where the system tells,
/// what it was started as.
pub(crate) fn of_message(message: &str) -> Option<String> {
    if message.contains("held in current process") {
        return Some("this very process".to_owned());
    }
    let (_, rest) = message.split_once("Conflicting lock is held in ")?;
    // DuckDB writes `PROGRAM (PID 12)`, or where it may not know the program, `PID 12`.
    let (program, rest) = rest.split_once("PID ")?;
    let end = rest.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(rest.len());
    let process: u32 = rest[..end].parse().ok()?;
    let program = match program.trim_end_matches('(').trim_end() {
        "" => "another program".to_owned(),
        program => shown(program),
    };
    Some(match command_line(process) {
        Some(command) => format!("{program} (process {process}, `{command}`)"),
        None => format!("{program} (process {process})"),
    })
}

/// What a process was started as, where the system tells.
fn command_line(process: u32) -> Option<String> {
    let mut bytes = Vec::new();
    let file = File::open(format!("/proc/{process}/cmdline")).ok()?;
    file.take(COMMAND_BYTES_MAX).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let mut words = text.split('\0').filter(|word| !word.is_empty());
    // DuckDB has named the whole path of the program; what it runs says more.
    let program = words.next()?.rsplit('/').next().unwrap_or_default();
    let words: Vec<&str> = std::iter::once(program).chain(words).collect();
    Some(shown(&words.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_is_named() {
        let message = |holder: &str| {
            format!(
                "IO Error: Could not set lock on file \"/a.duckdb\": Conflicting lock is held in {holder}. See also \
                 https://duckdb.org/docs"
            )
        };
        // No process has this number.
        let named = of_message(&message("/usr/bin/python3.11 (PID 4294967295)")).unwrap();
        assert_eq!(named, "/usr/bin/python3.11 (process 4294967295)");
        let unknown = of_message(&message("PID 4294967295")).unwrap();
        assert_eq!(unknown, "another program (process 4294967295)");
    }
}
