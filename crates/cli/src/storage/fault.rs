//! What goes wrong with what is not on this machine, in a sentence with a way out. What servers and libraries say is told
//! from, and never shown: it is XML, and may hold addresses with signatures.

use std::fmt;

use object_store::client::{HttpError, HttpErrorKind};

use super::Location;
use crate::failure::Failure;

/// What to do where nothing says who asks of S3.
pub(super) const AWS_WAY_OUT: &str = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile in AWS_PROFILE; for a \
    bucket that everybody may read, set AWS_SKIP_SIGNATURE=true";
/// The same of Google.
pub(super) const GOOGLE_WAY_OUT: &str = "name the file of a service account in GOOGLE_APPLICATION_CREDENTIALS, or sign in by \
    `gcloud auth application-default login`";
/// The same of Azure.
pub(super) const AZURE_WAY_OUT: &str = "name the account in AZURE_STORAGE_ACCOUNT_NAME, and its key in \
    AZURE_STORAGE_ACCOUNT_KEY or sign in by `az login`";
/// What errors tell of where credentials were looked for last, and what to do then.
const LAST_PLACES: [(&str, &str); 4] = [
    ("az account get-access-token", AZURE_WAY_OUT),
    ("azure cli", AZURE_WAY_OUT),
    ("169.254.169.254", AWS_WAY_OUT),
    ("metadata.google.internal", GOOGLE_WAY_OUT),
];

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There is no such object.
    NotThere,
    /// There is no such bucket.
    NoBucket,
    /// Nothing says who asks; the text says where that is looked for.
    NoCredentials(String),
    /// Whoever asks is not known, or the signature is not right.
    WrongCredentials,
    /// The credentials are of yesterday.
    Expired,
    /// Whoever asks may not do this.
    Denied,
    /// The times of the two machines are too far apart.
    Clock,
    /// The bucket lies in another region.
    Region,
    /// Nobody answers there.
    Unreachable,
    /// The server's certificate is signed by nobody who is trusted.
    Untrusted,
    /// The server said again and again that it cannot, with this status.
    Busy(u16),
    /// It is no longer what it was when it was opened.
    Changed,
    /// The condition of a conditional write did not hold.
    Conflict,
    /// The server knows no conditional writes.
    Unconditional,
    /// Ctrl-C was pressed.
    Cancelled,
    /// Anything else.
    Other(String),
}

/// What was to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doing {
    /// Reading.
    Read,
    /// Writing.
    Write,
}

impl Fault {
    /// What an error of the library means.
    pub(super) fn of(error: &object_store::Error) -> Self {
        use object_store::Error as E;
        if let Some(fault) = in_chain::<Self>(error) {
            return fault.clone();
        }
        let text = error.to_string();
        if let Some((_, way_out)) = LAST_PLACES.iter().find(|(place, _)| text.contains(place)) {
            return Self::NoCredentials((*way_out).to_owned());
        }
        if let Some(fault) = code_in(&text).and_then(Self::of_code) {
            return fault;
        }
        match error {
            E::NotFound { .. } => Self::NotThere,
            E::Precondition { .. } | E::AlreadyExists { .. } | E::NotModified { .. } => Self::Conflict,
            E::PermissionDenied { .. } => Self::Denied,
            E::Unauthenticated { .. } => Self::WrongCredentials,
            E::NotImplemented { .. } | E::NotSupported { .. } => Self::Unconditional,
            _ if text.contains("Received redirect without LOCATION") => Self::Region,
            _ => match status_in(&text) {
                Some(501) => Self::Unconditional,
                Some(301 | 307 | 308) => Self::Region,
                Some(status) => Self::of_status(status),
                None => Self::of_connection(error),
            },
        }
    }

    /// What an error that came through a stream means.
    pub(super) fn of_io(error: &std::io::Error) -> Self {
        match error.get_ref().and_then(|error| error.downcast_ref()) {
            Some(error) => Self::of(error),
            None => Self::Other("it broke off".to_owned()),
        }
    }

    /// What the code of an error document means. S3's names, with which those who are like it answer too, and Azure's.
    fn of_code(code: &str) -> Option<Self> {
        Some(match code {
            "NoSuchBucket" | "ContainerNotFound" => Self::NoBucket,
            "NoSuchKey" | "BlobNotFound" => Self::NotThere,
            "InvalidAccessKeyId"
            | "SignatureDoesNotMatch"
            | "InvalidToken"
            | "AuthenticationFailed"
            | "InvalidClientTokenId"
            | "InvalidSecurity" => Self::WrongCredentials,
            "ExpiredToken" | "TokenRefreshRequired" | "ExpiredTokenException" => Self::Expired,
            "RequestTimeTooSkewed" | "RequestExpired" => Self::Clock,
            "AuthorizationHeaderMalformed"
            | "PermanentRedirect"
            | "IllegalLocationConstraintException"
            | "TemporaryRedirect" => Self::Region,
            "AccessDenied"
            | "AllAccessDisabled"
            | "AccountProblem"
            | "AuthorizationPermissionMismatch"
            | "AuthorizationFailure"
            | "MethodNotAllowed" => Self::Denied,
            "PreconditionFailed" | "ConditionNotMet" | "ConditionalRequestConflict" => Self::Conflict,
            "NotImplemented" => Self::Unconditional,
            _ => return None,
        })
    }

    /// What the status of an answer means.
    pub(super) fn of_status(status: u16) -> Self {
        match status {
            401 => Self::WrongCredentials,
            403 => Self::Denied,
            // The last is said of a part of what has no bytes at all.
            404 | 410 | 416 => Self::NotThere,
            412 => Self::Changed,
            408 | 429 | 500..=599 => Self::Busy(status),
            _ => Self::Other(format!("the server answered with status {status}")),
        }
    }

    /// What an error without an answer means.
    fn of_connection(error: &(dyn std::error::Error + 'static)) -> Self {
        let mut cause = Some(error);
        while let Some(error) = cause {
            if error.is::<rustls::Error>() {
                return Self::Untrusted;
            }
            // What is within an error of input or output is not among its causes.
            let within = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
            cause = match within {
                Some(within) => Some(within),
                None => error.source(),
            };
        }
        match in_chain::<HttpError>(error).map(HttpError::kind) {
            Some(HttpErrorKind::Decode) | None => {
                Self::Other("the server's answer is none that can be understood".to_owned())
            }
            Some(_) => Self::Unreachable,
        }
    }

    /// What an error of the client for addresses means.
    pub(super) fn of_request(error: &reqwest::Error) -> Self {
        match Self::of_connection(error) {
            Self::Untrusted => Self::Untrusted,
            _ if error.is_redirect() => Self::Other("its address leads in a circle".to_owned()),
            _ => Self::Unreachable,
        }
    }

    /// The error that tells of it.
    pub(crate) fn explain(&self, location: &Location, doing: Doing) -> anyhow::Error {
        let sentence = self.sentence(location, doing);
        match self {
            Self::Cancelled => anyhow::anyhow!("cancelled"),
            Self::NotThere => Failure::usage(sentence),
            _ => Failure::check(sentence),
        }
    }

    fn sentence(&self, location: &Location, doing: Doing) -> String {
        let (read, reading) = match doing {
            Doing::Read => ("read", "reads"),
            Doing::Write => ("written", "writes"),
        };
        let cannot = format!("{location} cannot be {read}");
        match self {
            Self::NotThere => match doing {
                Doing::Read => {
                    format!("there is no file at {location}; name a CSV or Parquet file, or a folder of them")
                }
                Doing::Write => {
                    format!("{cannot}, for it is not there; check its name and the address of the server")
                }
            },
            Self::NoBucket => format!("{cannot}, for there is no such bucket; make it, or name another"),
            Self::NoCredentials(way_out) => format!("{cannot} without credentials; {way_out}"),
            Self::WrongCredentials => format!(
                "{cannot}, for these credentials are not taken there; check the keys in the environment or the profile"
            ),
            Self::Expired => format!("{cannot}, for the credentials have expired; sign in again"),
            Self::Denied => format!(
                "{cannot} by whoever asks; have that allowed, or use the credentials of somebody who {reading} it"
            ),
            Self::Clock => {
                format!("{cannot}, for the clock of this machine differs too much from the server's; set it")
            }
            Self::Region => {
                format!("{cannot}, for the bucket lies in another region; name that in AWS_REGION")
            }
            Self::Unreachable => format!(
                "{cannot}, for nobody answers there; check the network, and the address of the server where one is set"
            ),
            Self::Untrusted => format!(
                "{cannot}, for the certificate of the server is not trusted; name the one that signed it in SSL_CERT_FILE"
            ),
            Self::Busy(status) => {
                format!("{cannot}, for the server answered with status {status} again and again; try later")
            }
            Self::Changed => format!("{location} changed while it was read; try again when nobody writes it"),
            Self::Conflict => format!("{cannot}, for somebody else has written it meanwhile; try again"),
            Self::Unconditional => format!(
                "{cannot} safely, for its server knows no conditional writes, and two exports at once could mix; name a bucket \
                 of a server that does"
            ),
            Self::Cancelled => "cancelled".to_owned(),
            Self::Other(why) => format!("{cannot}, for {why}; try again, or take another copy"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Fault {}

impl From<object_store::Error> for Fault {
    fn from(error: object_store::Error) -> Self {
        Self::of(&error)
    }
}

/// The first error of a type among an error and its causes.
fn in_chain<'a, E: std::error::Error + 'static>(
    error: &'a (dyn std::error::Error + 'static),
) -> Option<&'a E> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

/// The code of the error document in a text.
fn code_in(text: &str) -> Option<&str> {
    let (code, _) = text.split_once("<Code>")?.1.split_once("</Code>")?;
    Some(code)
}

/// The status of the answer that a text tells of: the library gives it in no other way.
fn status_in(text: &str) -> Option<u16> {
    text.split_once("status code: ")?.1.get(..3)?.parse().ok()
}
