//! A profile of AWS's tools: who asks, where, and which server.
//!
//! Keys that stand in the files are taken from there, and a `credential_process` is run. All else that a profile can have
//! (single sign-on, roles) is asked of the program `aws`, which whoever has such a profile signs in with.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use configparser::ini::{Ini, IniDefault};
use jiff::Timestamp;
use object_store::CredentialProvider;
use object_store::aws::AwsCredential;
use serde::Deserialize;
use tokio::sync::Mutex;

use super::Fault;

/// Credentials are asked for anew so long before they expire.
const RENEWAL: Duration = Duration::from_secs(300);
/// What stands in a profile whose credentials the program `aws` knows how to get.
const OF_AWS: [&str; 5] = ["sso_session", "sso_start_url", "role_arn", "source_profile", "login_session"];

/// A profile as the files have it.
#[derive(Debug, Clone)]
pub(super) struct Profile {
    name: String,
    config: Ini,
    credentials: Ini,
}

/// Where its credentials come from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    /// The files.
    Files { key_id: String, secret_key: String, token: Option<String> },
    /// The answer of a command.
    Command { line: String },
}

impl Profile {
    /// The profile that `AWS_PROFILE` names, or else the default one.
    ///
    /// # Errors
    /// When the profile that is named is in none of the files.
    pub(super) fn load() -> Result<Self, Fault> {
        let name = std::env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty());
        let profile = Self {
            name: name.clone().unwrap_or_else(|| "default".to_owned()),
            config: read("AWS_CONFIG_FILE", "config"),
            credentials: read("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        };
        let (in_config, in_credentials) = profile.sections();
        let is_there = profile.config.get_map_ref().contains_key(&in_config)
            || profile.credentials.get_map_ref().contains_key(in_credentials);
        if name.is_some() && !is_there {
            return Err(Fault::NoCredentials(format!(
                "there is no profile `{}` in AWS's files; AWS_PROFILE names it",
                wow_charts::printable(&profile.name)
            )));
        }
        Ok(profile)
    }

    fn sections(&self) -> (String, &str) {
        let in_config =
            if self.name == "default" { self.name.clone() } else { format!("profile {}", self.name) };
        (in_config, &self.name)
    }

    /// What the profile says of something.
    pub(super) fn get(&self, key: &str) -> Option<String> {
        let (in_config, in_credentials) = self.sections();
        let found = self.credentials.get(in_credentials, key).or_else(|| self.config.get(&in_config, key));
        found.filter(|value| !value.is_empty())
    }

    /// Who its credentials are asked of; nothing if the profile has none.
    ///
    /// # Errors
    /// When they cannot be had.
    pub(super) fn credentials(&self) -> Result<Option<Renewed>, Fault> {
        let Some(origin) = self.origin() else { return Ok(None) };
        let renewed = Renewed { origin, name: self.name.clone(), last: Mutex::new(None) };
        // Asked for now, so that what is wrong is said before anything else is done.
        super::wait(renewed.current())?;
        Ok(Some(renewed))
    }

    fn origin(&self) -> Option<Origin> {
        if let (Some(key_id), Some(secret_key)) =
            (self.get("aws_access_key_id"), self.get("aws_secret_access_key"))
        {
            return Some(Origin::Files { key_id, secret_key, token: self.get("aws_session_token") });
        }
        if let Some(line) = self.get("credential_process") {
            return Some(Origin::Command { line });
        }
        let is_of_aws = OF_AWS.iter().any(|key| self.get(key).is_some());
        let export = "aws configure export-credentials --format process";
        is_of_aws.then(|| Origin::Command { line: export.to_owned() })
    }
}

fn read(variable: &str, file: &str) -> Ini {
    let mut form = IniDefault::default();
    form.delimiters = vec!['='];
    form.comment_symbols = vec!['#', ';'];
    form.inline_comment_symbols = Some(Vec::new());
    form.case_sensitive = true;
    let mut ini = Ini::new_from_defaults(form);
    let named = std::env::var_os(variable).map(PathBuf::from);
    let path = named.or_else(|| Some(std::env::home_dir()?.join(".aws").join(file)));
    // A file that is not there, or that AWS's own tools could not read either, says nothing.
    let _ = path.map(|path| ini.load(path));
    ini
}

/// The credentials of a profile, asked for again before they expire.
#[derive(Debug)]
pub(super) struct Renewed {
    origin: Origin,
    name: String,
    last: Mutex<Option<Credentials>>,
}

#[derive(Debug, Clone)]
struct Credentials {
    credential: Arc<AwsCredential>,
    expires: Option<Timestamp>,
}

/// What a `credential_process` answers.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    expiration: Option<String>,
}

impl Renewed {
    async fn current(&self) -> Result<Arc<AwsCredential>, Fault> {
        let mut last = self.last.lock().await;
        if let Some(credentials) = last.as_ref().filter(|credentials| credentials.last()) {
            return Ok(Arc::clone(&credentials.credential));
        }
        let (origin, name) = (self.origin.clone(), self.name.clone());
        let asked = tokio::task::spawn_blocking(move || origin.ask(&name)).await;
        let credentials = asked.map_err(|_| Fault::Other("credentials cannot be asked for".to_owned()))??;
        Ok(Arc::clone(&last.insert(credentials).credential))
    }
}

impl Credentials {
    fn last(&self) -> bool {
        let soon = Timestamp::now().checked_add(RENEWAL);
        self.expires.is_none_or(|expires| soon.is_ok_and(|soon| soon < expires))
    }
}

impl Origin {
    fn ask(&self, profile: &str) -> Result<Credentials, Fault> {
        let line = match self {
            Self::Files { key_id, secret_key, token } => {
                let (key_id, secret_key, token) = (key_id.clone(), secret_key.clone(), token.clone());
                let credential = Arc::new(AwsCredential { key_id, secret_key, token });
                return Ok(Credentials { credential, expires: None });
            }
            Self::Command { line } => line,
        };
        // What it says on the way may hold secrets, so it is not shown.
        let mut command = Command::new("sh");
        command.args(["-c", line]).env("AWS_PROFILE", profile).stdin(Stdio::null()).stderr(Stdio::null());
        let answer = command.output().ok().filter(|output| output.status.success());
        let answer: Option<Answer> = answer.and_then(|output| serde_json::from_slice(&output.stdout).ok());
        let answer = answer.ok_or_else(|| {
            let way_out = match line.split_once(' ') {
                Some(("aws", _)) => {
                    "sign in by `aws sso login`, or look what `aws sts get-caller-identity` says"
                }
                _ => "its credential_process gives none; run it by hand to see why",
            };
            Fault::NoCredentials(format!(
                "the profile `{}` has none now: {way_out}",
                wow_charts::printable(profile)
            ))
        })?;
        let Answer { access_key_id: key_id, secret_access_key: secret_key, session_token: token, expiration } =
            answer;
        let credential = Arc::new(AwsCredential { key_id, secret_key, token });
        // One that cannot be read is taken to last, and the server says if it does not.
        Ok(Credentials { credential, expires: expiration.and_then(|expires| expires.parse().ok()) })
    }
}

#[async_trait::async_trait]
impl CredentialProvider for Renewed {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        let explain = |fault| object_store::Error::Generic { store: "S3", source: Box::new(fault) };
        self.current().await.map_err(explain)
    }
}
