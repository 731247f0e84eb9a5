//! What went wrong, in words that name the cause and the next step.

use wow_charts::format;
use wow_engine::manifest::Environment;
use wow_engine::read::MOST_SORTED_EVENTS;

use crate::protocol::Failure;

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
}

/// The message for a failure, for a user who looks at `environment`.
#[must_use]
pub fn message(failure: &Failure, environment: Environment) -> Message {
    let export = export_command(environment);
    match failure {
        Failure::NotFound { url } => Message {
            title: "There is no export here yet".into(),
            cause: format!("Nothing was found at {url}."),
            next_step: "Write the export beside this page, then try again:".into(),
            command: Some(export),
        },
        Failure::Unreachable { url, is_elsewhere: true } => Message {
            title: "The other site does not let this page read it".into(),
            cause: format!("The browser got no readable answer from {url}."),
            next_step:
                "Either the site is down, or it must send the header Access-Control-Allow-Origin (CORS) for \
                        this page. You can also download the files and drop them here."
                    .into(),
            command: None,
        },
        Failure::Unreachable { url, is_elsewhere: false } => Message {
            title: "The server does not answer".into(),
            cause: format!("The browser got no answer for {url}."),
            next_step: "Check that the server is running and that you are online, then try again.".into(),
            command: None,
        },
        Failure::Status { url, status } => Message {
            title: format!("The server answered with status {status}"),
            cause: format!("It refused {url}."),
            next_step: "Try again; if it stays so, ask whoever runs the server.".into(),
            command: None,
        },
        Failure::Manifest { url, detail } => Message {
            title: "The export cannot be understood".into(),
            cause: format!("The manifest at {url} is not one that this page reads: {detail}."),
            next_step: "Write the export again with the `wow` that belongs to this page:".into(),
            command: Some(export),
        },
        Failure::Damaged { name, detail } => Message {
            title: "A part is damaged".into(),
            cause: format!("{name}: {detail}."),
            next_step:
                "Try again, for the transfer may have gone wrong; if it stays so, write the export again:"
                    .into(),
            command: Some(export),
        },
        Failure::Schema { name, detail } => Message {
            title: "This is not an event log".into(),
            cause: format!("{name}: {detail}."),
            next_step:
                "Rename or convert the columns where the file was made, or export the table `wowlogs`:".into(),
            command: Some(export),
        },
        Failure::OutOfOrder { name, detail } => Message {
            title: "The rows are not in order".into(),
            cause: format!("{name}: {detail}."),
            next_step: "An export is in order, so this one was changed; write it again:".into(),
            command: Some(export),
        },
        Failure::TooManyToSort { rows } => Message {
            title: "The rows are not in order, and too many to sort here".into(),
            cause: format!(
                "The files hold {} rows that are not ordered by player and time; this page sorts up to {}.",
                format::count(*rows),
                format::count(MOST_SORTED_EVENTS)
            ),
            next_step: "Let the export put them in order:".into(),
            command: Some(export),
        },
        Failure::TooLarge { name, bytes } => Message {
            title: "The file is too large for this browser".into(),
            cause: format!("{name} needs {} of memory at once, more than the browser gives.", size(*bytes)),
            next_step: "An export is cut into parts that fit:".into(),
            command: Some(export),
        },
        Failure::Mismatch { detail } => Message {
            title: "These files do not belong together".into(),
            cause: format!("{detail}."),
            next_step: "Choose the files of one export.".into(),
            command: None,
        },
        Failure::Worker { detail } => Message {
            title: "The computation broke off".into(),
            cause: format!("A worker of this page stopped: {detail}."),
            next_step: "Try again; if it stays so, reload the page or close other tabs to free memory."
                .into(),
            command: None,
        },
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_export_names_the_command_for_the_environment() {
        let missing = Failure::NotFound { url: "data/prod/manifest.json".into() };
        let message = message(&missing, Environment::Prod);
        assert_eq!(message.command.as_deref(), Some("wow export --target prod"));
        assert!(message.cause.contains("data/prod/manifest.json"));
    }

    #[test]
    fn what_cannot_be_sorted_here_names_the_command_that_can() {
        let message = message(&Failure::TooManyToSort { rows: 365_000_000 }, Environment::Dev);
        assert_eq!(message.command.as_deref(), Some("wow export"));
        assert!(message.cause.contains("365,000,000 rows"), "{}", message.cause);
        assert!(message.cause.contains("up to 150,000,000"), "{}", message.cause);
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
