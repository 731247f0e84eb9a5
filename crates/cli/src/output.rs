//! What the user sees: lines, progress, and JSON for scripts.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};
use anyhow::Context as _;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use serde::Serialize;
use wow_charts::printable;
use wow_engine::manifest::Environment;

/// What is well. Colours are for terminals that want them: what prints takes them out elsewhere.
const GOOD: Style = AnsiColor::Green.on_default();
/// What is not, or is production.
const BAD: Style = AnsiColor::Red.on_default().bold();
/// Whether lines for people are left out. Progress has to know, wherever it is made.
static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// Work that is over sooner than this shows no progress lines.
const QUIET: Duration = Duration::from_secs(1);
/// The time between two progress lines where there is no terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(5);

/// Text of others is shown as far as this.
const SHOWN_SIGNS_MAX: usize = 120;

/// Where lines and answers go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    json: bool,
    is_answer_text: bool,
}

impl Output {
    /// With `json`, standard output is kept for the answer and lines go to standard error. With `quiet`, lines for people
    /// and progress are left out.
    pub(crate) fn new(json: bool, quiet: bool) -> Self {
        IS_QUIET.store(quiet, Ordering::Relaxed);
        Self { json, is_answer_text: false }
    }

    /// For a command whose answer is text: standard output is kept for that too.
    pub(crate) const fn for_text(self) -> Self {
        Self { is_answer_text: true, ..self }
    }

    /// Whether the answer is wanted as JSON.
    pub(crate) const fn is_json(self) -> bool {
        self.json
    }

    /// Prints a line of an answer that is text, unless JSON is wanted.
    pub(crate) fn text(self, line: &str) {
        if !self.json {
            let _ = writeln!(std::io::stdout(), "{line}");
        }
    }

    /// Prints a line for people.
    pub(crate) fn line(self, text: impl AsRef<str>) {
        if !IS_QUIET.load(Ordering::Relaxed) {
            self.print(text.as_ref());
        }
    }

    /// Prints a line of what was asked for, which is left out only where the answer is JSON.
    pub(crate) fn result(self, text: impl AsRef<str>) {
        if self.json { self.line(text) } else { self.print(text.as_ref()) }
    }

    /// Prints which database is used, or what else stands for the environment. That it is production is said whatever else is
    /// left out.
    pub(crate) fn badge(self, environment: Environment, badge: &str) {
        match environment {
            Environment::Dev => self.line(good(badge)),
            Environment::Prod if IS_QUIET.load(Ordering::Relaxed) => {
                let _ = writeln!(anstream::stderr(), "{}", bad(badge));
            }
            Environment::Prod => self.line(bad(badge)),
        }
    }

    fn print(self, text: &str) {
        // A reader that went away (`wow debug | head`) is no error.
        let _ = if self.json || self.is_answer_text {
            writeln!(anstream::stderr(), "{text}")
        } else {
            writeln!(anstream::stdout(), "{text}")
        };
    }

    /// Prints the answer for a script, when JSON is wanted.
    ///
    /// # Errors
    /// When the answer cannot be written as JSON.
    pub(crate) fn answer(self, value: &impl Serialize) -> anyhow::Result<()> {
        if self.json {
            let text = serde_json::to_string_pretty(value).context("the answer cannot be written as JSON")?;
            let _ = writeln!(std::io::stdout(), "{text}");
        }
        Ok(())
    }
}

/// Text in the colour of what is well.
pub(crate) fn good(text: &str) -> String {
    format!("{GOOD}{text}{GOOD:#}")
}

/// Text in the colour of what is not.
pub(crate) fn bad(text: &str) -> String {
    format!("{BAD}{text}{BAD:#}")
}

/// Text of others as a part of a sentence: in one line, without signs that steer a terminal, and not too long.
pub(crate) fn shown(text: &str) -> String {
    let mut signs = text.chars();
    let start: String = signs.by_ref().take(SHOWN_SIGNS_MAX).collect();
    let end = if signs.next().is_some() { "…" } else { "" };
    printable(&start) + end
}

/// A number of things in words: `1 part`, `2,000 parts`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", HumanCount(count))
}

/// Prints an error: one sentence, and what lies beneath it.
pub(crate) fn print_error(sentence: &str, causes: &[String]) {
    let mut stderr = anstream::stderr();
    let _ = writeln!(stderr, "{} {sentence}", bad("error:"));
    for cause in causes {
        let _ = writeln!(stderr, "  cause: {}", cause.replace('\n', "\n    "));
    }
}

/// How far a long piece of work is: a bar on a terminal, else a line now and then. Always on standard error.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    is_quiet: bool,
    what: String,
    total: u64,
    done: u64,
    started: Instant,
    last_line: Instant,
}

impl Progress {
    /// Starts with `total` units of work; `what` reads like `rows written`.
    pub(crate) fn new(what: &str, total: u64) -> Self {
        let now = Instant::now();
        let is_quiet = IS_QUIET.load(Ordering::Relaxed);
        Self {
            bar: (std::io::stderr().is_terminal() && !is_quiet).then(|| bar(what, total)),
            is_quiet,
            what: what.to_owned(),
            total,
            done: 0,
            started: now,
            last_line: now,
        }
    }

    /// Counts `units` more as done.
    pub(crate) fn advance(&mut self, units: u64) {
        self.reach(self.done.saturating_add(units));
    }

    /// Says that `done` units are done in all.
    pub(crate) fn reach(&mut self, done: u64) {
        self.done = done;
        match &self.bar {
            Some(bar) => bar.set_position(self.done),
            None if self.is_quiet => {}
            None if self.started.elapsed() > QUIET && self.last_line.elapsed() > LINE_INTERVAL => {
                self.last_line = Instant::now();
                let percent = self.done.saturating_mul(100) / self.total.max(1);
                let _ = writeln!(
                    std::io::stderr(),
                    "  {}: {} of {} ({percent} %)",
                    self.what,
                    HumanCount(self.done),
                    HumanCount(self.total)
                );
            }
            None => {}
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(what: &str, total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total).with_message(what.to_owned());
    let template = "  {msg} [{bar:30}] {human_pos} of {human_len} ({percent} %), {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}

/// A time given in microseconds since 1970-01-01.
pub(crate) fn show_time(time_us: i64) -> String {
    match jiff::Timestamp::from_microsecond(time_us) {
        Ok(time) => jiff::tz::Offset::UTC.to_datetime(time).to_string().replace('T', " "),
        Err(_) => format!("{time_us} µs from 1970-01-01"),
    }
}
