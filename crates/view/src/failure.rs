//! What went wrong, in words that name the cause and the next step.

use wow_charts::format;
use wow_engine::manifest::Environment;
use wow_engine::read::MOST_SORTED_EVENTS;
use wow_loading::Failure;

use super::signed::{is_signed, masked};

/// Where the data come from that could not be read, on which the next step depends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// An export that lies beside the page.
    Export(Environment),
    /// An export at an address, which others may have put there.
    RemoteExport,
    /// A file at an address.
    Address,
    /// Files of this machine: to fetch them again or to export them anew is no way out.
    ThisMachine,
}

/// A failure as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The cause in a few words.
    pub title: String,
    /// The cause in one sentence.
    pub cause: String,
    /// What to do about it.
    pub next_step: String,
    /// A command to run, where one helps.
    pub command: Option<String>,
    /// Whether reading again may end otherwise. Files of this machine stay what they are.
    pub may_pass: bool,
}

/// The message for a failure.
#[must_use]
pub fn message(failure: &Failure, origin: Origin) -> Message {
    let (next_step, command) = way_out(failure, origin);
    Message {
        title: title(failure, origin),
        cause: cause(failure),
        next_step: next_step.into(),
        command,
        may_pass: match failure {
            Failure::Unreachable { .. }
            | Failure::Status { .. }
            | Failure::BrokenOff { .. }
            | Failure::Worker { .. } => true,
            Failure::Mismatch { .. } => false,
            _ => origin != Origin::ThisMachine,
        },
    }
}

fn title(failure: &Failure, origin: Origin) -> String {
    let is_export = matches!(origin, Origin::Export(_) | Origin::RemoteExport);
    let title = match failure {
        Failure::NotFound { .. } if matches!(origin, Origin::Export(_)) => "There is no export here yet",
        Failure::NotFound { .. } => "There is nothing at this address",
        Failure::Unreachable { is_elsewhere: true, .. } => "The other site does not let this page read it",
        Failure::Unreachable { is_elsewhere: false, .. } => "The server does not answer",
        Failure::Status { url, status } if is_refused(url, *status) => "This page may not read the address",
        Failure::Status { status, .. } => return format!("The server answered with status {status}"),
        Failure::Manifest { .. } => "The export cannot be understood",
        Failure::Damaged { .. } if is_export => "A part is damaged",
        Failure::Damaged { .. } => "The file is damaged",
        Failure::BrokenOff { .. } => "The transfer broke off",
        Failure::Schema { .. } => "This cannot be read as an event log",
        Failure::OutOfOrder { .. } => "The rows are not in order",
        Failure::TooManyToSort { .. } => "The rows are not in order, and too many to sort here",
        Failure::TooLarge { .. } => "The file is too large for this browser",
        Failure::Mismatch { .. } => "These files do not belong together",
        Failure::Worker { .. } => "The computation broke off",
    };
    title.into()
}

fn cause(failure: &Failure) -> String {
    match failure {
        Failure::NotFound { url } => format!("Nothing was found at {}.", masked(url)),
        Failure::Unreachable { url, is_elsewhere: true } => {
            format!("The browser got no readable answer from {}.", masked(url))
        }
        Failure::Unreachable { url, is_elsewhere: false } => {
            format!("The browser got no answer for {}.", masked(url))
        }
        Failure::Status { url, status } if is_refused(url, *status) => {
            format!("The server answered with status {status} for {}.", masked(url))
        }
        Failure::Status { url, .. } => format!("It refused {}.", masked(url)),
        Failure::Manifest { url, detail } => {
            format!("The manifest at {} is not one that this page reads: {detail}.", masked(url))
        }
        Failure::Damaged { name, detail }
        | Failure::Schema { name, detail }
        | Failure::OutOfOrder { name, detail } => format!("{name}: {detail}."),
        Failure::BrokenOff { name } => format!("Not all of {name} arrived."),
        Failure::TooManyToSort { rows } => format!(
            "The files hold {} rows that are not ordered by player and time; this page sorts up to {}.",
            format::count(*rows),
            format::count(MOST_SORTED_EVENTS)
        ),
        Failure::TooLarge { name, bytes } => {
            format!("{name} needs {} of memory at once, more than the browser gives.", size(*bytes))
        }
        Failure::Mismatch { detail } => format!("{detail}."),
        Failure::Worker { detail } => format!("A worker of this page stopped: {detail}."),
    }
}

/// The next step, and a command where one helps.
fn way_out(failure: &Failure, origin: Origin) -> (&'static str, Option<String>) {
    let step = match failure {
        Failure::Unreachable { url, is_elsewhere: true } if is_barred(url) => {
            "A hosted page reads other sites over https alone, and over http this machine alone. Ask for the https address, \
             or download the files and drop them here."
        }
        Failure::Unreachable { is_elsewhere: true, .. } => {
            "Either the site is down, or it must let this page's origin read it: the header Access-Control-Allow-Origin \
             (CORS), for which docs/hosting.md has the rules of each kind of bucket. You can also download the files and \
             drop them here."
        }
        Failure::Unreachable { is_elsewhere: false, .. } => {
            "Check that the server is running and that you are online, then try again."
        }
        Failure::Status { url, status } if is_refused(url, *status) && is_signed(url) => {
            "The signature in the address has run out, or is not for this address: ask for a new link. A bucket says the \
             same of what is not there."
        }
        Failure::Status { url, status } if is_refused(url, *status) => {
            "It is private or not there, of which a bucket says the same: ask whoever runs it for a signed link, or to let \
             everyone read it."
        }
        Failure::Status { .. } => "Try again; if it stays so, ask whoever runs the server.",
        Failure::BrokenOff { .. } => "Check that you are online, then try again.",
        Failure::Mismatch { .. } => "Choose the files of one log, each of them once.",
        Failure::Worker { .. } => {
            "Try again; if it stays so, reload the page or close other tabs to free memory."
        }
        Failure::TooManyToSort { .. } | Failure::TooLarge { .. }
            if !matches!(origin, Origin::Export(_) | Origin::RemoteExport) =>
        {
            let step = "The command puts files in order and cuts them into parts that fit:";
            return (step, Some("wow import FILE && wow export".into()));
        }
        _ => match origin {
            Origin::Export(environment) => {
                return (anew(failure), Some(export_command(environment)));
            }
            Origin::Address | Origin::RemoteExport => at_the_address(failure),
            Origin::ThisMachine => with_the_file(failure),
        },
    };
    (step, None)
}

/// Why an export is to be written, and what it mends.
const fn anew(failure: &Failure) -> &'static str {
    match failure {
        Failure::NotFound { .. } => "Write the export beside this page, then try again:",
        Failure::Damaged { .. } => {
            "Try again, for the transfer may have gone wrong; if it stays so, write the export again:"
        }
        Failure::Manifest { .. } => "Write the export again with the `wow` that belongs to this page:",
        Failure::TooLarge { .. } => "Write the export again, which cuts it into parts that fit:",
        _ => "An export is an event log in order, so this one was changed; write it again:",
    }
}

const fn at_the_address(failure: &Failure) -> &'static str {
    match failure {
        Failure::NotFound { .. } => "Check the address, then try again.",
        Failure::Damaged { .. } => {
            "Try again, for the transfer may have gone wrong; if it stays so, the file at the address is damaged."
        }
        _ => "Nothing of it was counted. Try again once the file at the address is mended.",
    }
}

const fn with_the_file(failure: &Failure) -> &'static str {
    match failure {
        Failure::Damaged { .. } => {
            "The file itself has this fault. Choose another copy of it, or another file."
        }
        _ => {
            "Nothing of it was counted, and it was not changed. Choose it again once it is mended, or another file."
        }
    }
}

fn export_command(environment: Environment) -> String {
    match environment {
        Environment::Dev => "wow export".to_owned(),
        Environment::Prod => "wow export --target prod".to_owned(),
    }
}

/// A size in units that people use: `16.0 MB`.
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..999_950 => format!("{} kB", format::fixed(bytes as f64 / 1e3, 1)),
        999_950..999_950_000 => format!("{} MB", format::fixed(bytes as f64 / 1e6, 1)),
        _ => format!("{} GB", format::fixed(bytes as f64 / 1e9, 1)),
    }
}

/// Whether the server says that one may not read, not that something is wrong. Some say of a signature that has run out
/// that the request is bad.
fn is_refused(url: &str, status: u16) -> bool {
    matches!(status, 401 | 403) || (status == 400 && is_signed(url))
}

/// Whether a hosted page's policy keeps it from an address elsewhere.
fn is_barred(url: &str) -> bool {
    let host = url.strip_prefix("http://").map(|rest| rest.split(['/', ':']).next().unwrap_or_default());
    host.is_some_and(|host| !matches!(host, "localhost" | "127.0.0.1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_policy_keeps_out_is_told_apart_from_a_site_without_cors() {
        let step = |url: &str| {
            let failure = Failure::Unreachable { url: url.into(), is_elsewhere: true };
            message(&failure, Origin::Address).next_step
        };
        assert!(step("http://example.org/log.parquet").contains("https address"));
        for url in ["https://example.org/log.parquet", "http://localhost:8000/log.csv", "http://127.0.0.1/a"]
        {
            assert!(step(url).contains("CORS"), "{url}");
        }
    }

    #[test]
    fn a_signature_that_has_run_out_is_told_and_not_shown() {
        let at = |url: &str, status| {
            let failure = Failure::Status { url: url.into(), status };
            message(&failure, Origin::RemoteExport)
        };
        for status in [400, 403] {
            let signed = at("https://b.example/m.json?X-Amz-Signature=secret", status);
            assert!(signed.next_step.contains("ask for a new link") && signed.may_pass, "{signed:?}");
            assert!(!format!("{signed:?}").contains("secret"), "{signed:?}");
        }
        assert!(at("https://b.example/m.json", 403).next_step.contains("private"));
        assert!(at("https://b.example/m.json", 400).title.contains("status 400"));
        for failure in [
            Failure::NotFound { url: "https://b.example/m.json?sig=secret".into() },
            Failure::Unreachable { url: "https://b.example/m.json?sig=secret".into(), is_elsewhere: true },
            Failure::Unreachable { url: "https://b.example/m.json?sig=secret".into(), is_elsewhere: false },
            Failure::Manifest { url: "https://b.example/m.json?sig=secret".into(), detail: String::new() },
            Failure::Status { url: "https://b.example/m.json?sig=secret".into(), status: 500 },
        ] {
            assert!(
                !format!("{:?}", message(&failure, Origin::RemoteExport)).contains("secret"),
                "{failure:?}"
            );
        }
    }

    #[test]
    fn a_missing_export_names_the_command_for_the_environment() {
        let missing = Failure::NotFound { url: "data/prod/manifest.json".into() };
        let message = message(&missing, Origin::Export(Environment::Prod));
        assert_eq!(message.command.as_deref(), Some("wow export --target prod"));
        assert!(message.cause.contains("data/prod/manifest.json"));
    }

    #[test]
    fn what_cannot_be_sorted_here_names_the_command_that_can() {
        let message = message(&Failure::TooManyToSort { rows: 365_000_000 }, Origin::ThisMachine);
        assert_eq!(message.command.as_deref(), Some("wow import FILE && wow export"));
        assert!(message.cause.contains("365,000,000 rows"), "{}", message.cause);
        assert!(message.cause.contains("up to 150,000,000"), "{}", message.cause);
    }

    #[test]
    fn a_file_of_this_machine_is_never_to_be_fetched_or_exported_again() {
        let name = || "log.csv".to_owned();
        let detail = || "it is empty; name another file".to_owned();
        for failure in [
            Failure::Damaged { name: name(), detail: detail() },
            Failure::Schema { name: name(), detail: detail() },
            Failure::OutOfOrder { name: name(), detail: detail() },
            Failure::Mismatch { detail: detail() },
        ] {
            let message = message(&failure, Origin::ThisMachine);
            assert!(!message.may_pass && message.command.is_none(), "{message:?}");
            assert!(
                !message.next_step.contains("again:") && !message.next_step.contains("Try"),
                "{message:?}"
            );
        }
    }

    #[test]
    fn sizes_are_in_units_of_a_thousand() {
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1_250), "1.3 kB");
        assert_eq!(size(999_950), "1.0 MB");
        assert_eq!(size(16_777_216), "16.8 MB");
        assert_eq!(size(4_300_000_000), "4.3 GB");
    }
}
