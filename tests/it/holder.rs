//! Another program that has a database open.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::support::{Scratch, skipped};

/// Python's DuckDB with a database open, until this is dropped.
pub(crate) struct Holder {
    process: Child,
    /// It ends when this is closed.
    _input: ChildStdin,
}

impl Holder {
    /// In a script of this name; nothing, said on standard error, where there is no such Python.
    pub(crate) fn start(
        scratch: &Scratch,
        script: &str,
        database: &str,
        read_only: bool,
        test: &str,
    ) -> Option<Self> {
        let read_only = if read_only { "True" } else { "False" };
        let text = format!(
            "import duckdb, sys\nheld = duckdb.connect('{database}', read_only={read_only})\nprint('open', flush=True)\n\
             sys.stdin.read()\n"
        );
        std::fs::write(scratch.path(script), text).unwrap();
        let python = std::env::var("DBT_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let mut command = Command::new(python);
        scratch.prepare(&mut command);
        command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut line = String::new();
        let process = command.spawn().ok().map(|mut process| {
            BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
            process
        });
        match process {
            Some(mut process) if !line.is_empty() => {
                let input = process.stdin.take().unwrap();
                Some(Self { process, _input: input })
            }
            _ => {
                skipped(test, "no DuckDB for Python; name one in DBT_PYTHON");
                None
            }
        }
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}
