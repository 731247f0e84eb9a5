//! Lets the calls of `wow` to the system go wrong, one after the other, by a library that is preloaded into it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use crate::support::{Run, Scratch, skipped};

/// How a call goes wrong, or what happens at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The disk is broken.
    Io,
    /// The disk is full.
    Full,
    /// The file system knows no such thing.
    Unknown,
    /// The process is killed before the call.
    Kill,
    /// Ctrl-C is pressed before the call, and has been noticed when it begins.
    Interrupt,
}

impl Fault {
    fn name(self) -> &'static str {
        // Numbers of errors as Linux counts them.
        match self {
            Self::Io => "5",
            Self::Full => "28",
            Self::Unknown => "22",
            Self::Kill => "kill",
            Self::Interrupt => "interrupt",
        }
    }
}

/// The library, built for this test.
pub(super) struct Faults {
    folder: TempDir,
}

impl Faults {
    /// Nothing, said on standard error, where no such library can be built or preloaded.
    pub(super) fn build(test: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/it/publish/faults.c");
        let mut compiler = Command::new("cc");
        compiler
            .args(["-O1", "-shared", "-fPIC", "-o"])
            .arg(folder.path().join("faults.so"))
            .arg(source)
            .arg("-ldl");
        let why = match cfg!(target_os = "linux").then(|| compiler.output()) {
            Some(Ok(output)) if output.status.success() => return Some(Self { folder }),
            Some(Ok(output)) => panic!("{}", String::from_utf8_lossy(&output.stderr)),
            Some(Err(error)) => format!("no C compiler: {error}"),
            None => "calls are counted on Linux alone".to_owned(),
        };
        skipped(test, &why);
        None
    }

    /// `wow` in this folder, with a fault at the call of this number, or at every one with 0. `only` narrows it to the
    /// calls of one name.
    pub(super) fn command(
        &self,
        scratch: &Scratch,
        args: &[&str],
        fault: Option<(Fault, usize)>,
        only: Option<&str>,
    ) -> Command {
        let mut command = scratch.command(args);
        command.env("LD_PRELOAD", self.folder.path().join("faults.so"));
        command.env("FAULTS_FOLDER", fs::canonicalize(scratch.path("")).unwrap());
        command.env("FAULTS_TRACE", self.trace_of(scratch));
        if let Some((fault, at)) = fault {
            command.env("FAULTS_HOW", fault.name()).env("FAULTS_AT", at.to_string());
        }
        if let Some(only) = only {
            command.env("FAULTS_CALL", only);
        }
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs `wow` so.
    pub(super) fn run(
        &self,
        scratch: &Scratch,
        args: &[&str],
        fault: Option<(Fault, usize)>,
        only: Option<&str>,
    ) -> Run {
        self.command(scratch, args, fault, only).output().unwrap().into()
    }

    /// The calls that `wow` made in this folder.
    pub(super) fn calls(&self, scratch: &Scratch) -> Vec<String> {
        let trace = fs::read_to_string(self.trace_of(scratch)).unwrap_or_default();
        trace.lines().map(str::to_owned).collect()
    }

    fn trace_of(&self, scratch: &Scratch) -> PathBuf {
        let folder = scratch.path("");
        self.folder.path().join(folder.components().next_back().unwrap())
    }
}

/// Checks all cases on all cores.
pub(super) fn on_all_cores<T: Sync>(cases: &[T], check: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    check(case);
                }
            });
        }
    });
}
