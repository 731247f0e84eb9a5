//! Servers of S3's kind that are none of ours, and buckets on them.

use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use wow_engine::manifest::{Manifest, hex};

use crate::support::{Scratch, skipped};

/// What the tests sign with, and look for wherever it must not be.
pub(super) const SECRET: &str = "wJalrXUtnFEMIK7MDENGbPxRfiCYSECRETKEY";
/// Who signs.
pub(super) const KEY_ID: &str = "AKIDTESTTESTTESTTEST";

/// A signature for a server that looks at none.
const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=AKIDOTHER/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
/// What a server takes to start on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server that ends with the test.
pub(super) struct Server {
    process: Child,
    pub(super) port: u16,
    _folder: TempDir,
}

impl Server {
    /// moto, which takes any signature; nothing, said on standard error, where it is not there.
    pub(super) fn moto(test: &str) -> Option<Self> {
        let port = free_port();
        let mut command = Command::new(std::env::var_os("DBT_PYTHON").unwrap_or_default());
        command.args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()]);
        let server = Self::start(command, port, tempfile::tempdir().unwrap());
        if server.is_none() {
            skipped(test, "no moto; name the Python of scripts/setup.sh in DBT_PYTHON");
        }
        server
    }

    /// SeaweedFS, which checks signatures; nothing, said on standard error, where it is not there.
    pub(super) fn seaweed(test: &str) -> Option<Self> {
        let beside = || Some(Path::new(&std::env::var_os("DBT_PYTHON")?).parent()?.join("weed"));
        let weed = std::env::var_os("WEED").map(PathBuf::from).or_else(beside).unwrap_or_default();
        if Command::new(&weed).arg("version").output().is_err() {
            skipped(test, "no SeaweedFS; name its `weed` in WEED");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let rights = ["Admin", "Read", "Write", "List"];
        let identities = serde_json::json!({ "identities": [
            { "name": "tester", "credentials": [{ "accessKey": KEY_ID, "secretKey": SECRET }], "actions": rights },
            { "name": "anonymous", "actions": rights },
        ] });
        std::fs::write(folder.path().join("s3.json"), identities.to_string()).unwrap();
        let port = free_port();
        let mut command = Command::new(weed);
        command.args([
            "server",
            "-s3",
            "-s3.config=s3.json",
            "-dir=.",
            "-ip=127.0.0.1",
            "-master.telemetry=false",
        ]);
        command.args([
            "-master.volumeSizeLimitMB=64",
            "-volume.max=20",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
        ]);
        command.arg(format!("-s3.port={port}"));
        for option in ["master.port", "volume.port", "filer.port"] {
            command.arg(format!("-{option}={}", free_port()));
            command.arg(format!("-{option}.grpc={}", free_port()));
        }
        command.arg(format!("-s3.port.grpc={}", free_port())).current_dir(folder.path());
        Some(Self::start(command, port, folder).expect("SeaweedFS has ended"))
    }

    /// The server once it listens; nothing if it ends before.
    fn start(mut command: Command, port: u16, folder: TempDir) -> Option<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut server = Self { process: command.spawn().ok()?, port, _folder: folder };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if server.process.try_wait().unwrap().is_some() {
                return None;
            }
            assert!(started.elapsed() < PATIENCE, "the server does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(server)
    }

    /// A new bucket.
    pub(super) fn bucket(&self, name: &str) -> Bucket {
        let bucket = Bucket { url: format!("http://127.0.0.1:{}/{name}", self.port), name: name.to_owned() };
        let started = Instant::now();
        // SeaweedFS listens before all of it is there.
        while bucket.send("PUT", "", &[]).is_none() {
            assert!(started.elapsed() < PATIENCE, "the bucket cannot be made");
            std::thread::sleep(Duration::from_millis(200));
        }
        bucket
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Names and values.
pub(super) type Headers = Vec<(String, String)>;

/// A bucket, as a client sees it that is none of ours.
pub(super) struct Bucket {
    url: String,
    pub(super) name: String,
}

impl Bucket {
    fn send(&self, method: &str, path: &str, body: &[u8]) -> Option<(Headers, Vec<u8>)> {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        // moto wants a signature and looks at none; to SeaweedFS whoever does not sign is everybody.
        let request = match self.is_of_moto() {
            true => request.header("Authorization", SIGNED),
            false => request,
        };
        let mut answer = agent.run(request.body(body.to_vec()).unwrap()).ok()?;
        let headers = answer.headers().iter();
        let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        let headers = headers.collect();
        let mut bytes = Vec::new();
        answer.body_mut().as_reader().read_to_end(&mut bytes).unwrap();
        answer.status().is_success().then_some((headers, bytes))
    }

    fn is_of_moto(&self) -> bool {
        !self.name.starts_with("weed")
    }

    /// Writes an object.
    pub(super) fn put(&self, key: &str, content: &[u8]) {
        self.send("PUT", &format!("/{key}"), content).unwrap();
    }

    /// An object with its headers, if it is there.
    pub(super) fn get_with_headers(&self, key: &str) -> Option<(Headers, Vec<u8>)> {
        self.send("GET", &format!("/{key}"), &[])
    }

    /// An object, if it is there.
    pub(super) fn get(&self, key: &str) -> Option<Vec<u8>> {
        Some(self.get_with_headers(key)?.1)
    }

    /// Removes an object.
    pub(super) fn remove(&self, key: &str) {
        self.send("DELETE", &format!("/{key}"), &[]).unwrap();
    }

    /// The names of its objects, up to a thousand.
    pub(super) fn keys(&self) -> Vec<String> {
        let listing = String::from_utf8(self.send("GET", "?list-type=2", &[]).unwrap().1).unwrap();
        let keys = listing.split("<Key>").skip(1).map(|rest| rest.split_once("</Key>").unwrap().0.to_owned());
        keys.collect()
    }

    /// The manifest in a folder, all of whose files are there and hold what it says.
    #[track_caller]
    pub(super) fn valid_manifest(&self, folder: &str) -> Manifest {
        let manifest = self.get(&format!("{folder}/manifest.json")).expect("there is no manifest");
        let manifest: Manifest = serde_json::from_slice(&manifest).unwrap();
        for part in &manifest.parts {
            let content = self.get(&format!("{folder}/{}", part.file)).expect("a part is missing");
            assert_eq!(
                (content.len() as u64, hex(&Sha256::digest(&content))),
                (part.bytes, part.sha256.clone())
            );
        }
        manifest
    }
}

/// `wow` as whoever uses a server on this port.
pub(super) fn command(scratch: &Scratch, port: u16, args: &[&str]) -> Command {
    let mut command = scratch.command(args);
    command.env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}"));
    command
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", SECRET);
    // Nothing of the tester's.
    command.env("HOME", scratch.path("home"));
    command
}
