//! What goes wrong with buckets and addresses: one sentence with a way out, and no word of the server's.

use std::fs;
use std::process::Command;

use super::proxy::{Act, Proxy};
use super::server::{KEY_ID, SECRET, Server, command};
use crate::support::{CREATE_LOG, Run, Scratch};

const EVENT: &str =
    "insert into wowlogs values (1, null, 1, 'Orc', 'Mage', 'Durotar', timestamp '2008-01-01 00:00:00');";

#[track_caller]
fn sentence(command: &mut Command, status: i32) -> String {
    let run: Run = command.output().unwrap().into();
    for word in [SECRET, KEY_ID, "<Code>", "<?xml", "RetryError", "reqwest", "Generic"] {
        assert!(!run.stderr.contains(word), "{}", run.stderr);
    }
    assert!(!run.stderr.contains("cause:"), "{}", run.stderr);
    run.failure(status)
}

fn log() -> Scratch {
    Scratch::with_database(&format!("{CREATE_LOG}{EVENT}"))
}

#[test]
fn what_a_server_refuses_is_said_in_one_sentence() {
    let scratch = log();
    let check = |status: &'static str, code: &str, way_out: &str| {
        let body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>x</Message></Error>");
        let proxy = Proxy::start(1, move |_| Act::Answer(status, body.clone()));
        for args in
            [&["export", "--out", "s3://bucket/data"][..], &["import", "--replace", "s3://bucket/log/"]]
        {
            let sentence = sentence(&mut command(&scratch, proxy.port, args), 1);
            assert!(sentence.starts_with("s3://bucket/"), "{sentence}");
            assert!(sentence.contains(way_out), "{status} {code}: {sentence}");
        }
    };
    check("404 Not Found", "NoSuchBucket", "there is no such bucket; make it, or name another");
    check("403 Forbidden", "InvalidAccessKeyId", "check the keys in the environment or the profile");
    check("403 Forbidden", "SignatureDoesNotMatch", "check the keys in the environment or the profile");
    check("403 Forbidden", "AccessDenied", "by whoever asks; have that allowed");
    check("400 Bad Request", "ExpiredToken", "the credentials have expired; sign in again");
    check("403 Forbidden", "RequestTimeTooSkewed", "the clock of this machine differs too much");
    check(
        "400 Bad Request",
        "AuthorizationHeaderMalformed",
        "lies in another region; name that in AWS_REGION",
    );
    check("418 I'm a teapot", "Teapot", "the server answered with status 418");
}

#[test]
fn a_server_that_is_not_there_or_out_of_order_is_told_from_one_that_refuses() {
    let scratch = log();
    let export = ["export", "--out", "s3://bucket/data"];
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let sentence_of_gone = sentence(&mut command(&scratch, gone, &export), 1);
    assert!(sentence_of_gone.contains("nobody answers there; check the network"), "{sentence_of_gone}");
    let busy =
        Proxy::start(1, |_| Act::Answer("503 Slow Down", "<Error><Code>SlowDown</Code></Error>".to_owned()));
    let sentence_of_busy = sentence(&mut command(&scratch, busy.port, &export), 1);
    assert!(sentence_of_busy.contains("status 503 again and again; try later"), "{sentence_of_busy}");
    assert!(busy.requests().len() > 5, "{:?}", busy.requests());
}

#[test]
fn who_asks_is_found_where_other_tools_find_it() {
    let Some(server) = Server::seaweed("who_asks_is_found_where_other_tools_find_it") else { return };
    let bucket = server.bucket("weed-profiles");
    let scratch = log();
    let url = format!("http://127.0.0.1:{}", server.port);
    let aws = scratch.path("home/.aws");
    fs::create_dir_all(&aws).unwrap();
    let key = format!("aws_access_key_id = {KEY_ID}\naws_secret_access_key");
    fs::write(aws.join("credentials"), format!("[default]\n{key} = wrong\n[keys]\n{key} = {SECRET}\n"))
        .unwrap();
    let answer = serde_json::json!({
        "Version": 1, "AccessKeyId": KEY_ID, "SecretAccessKey": SECRET, "Expiration": "2999-01-01T00:00:00Z",
    });
    fs::write(aws.join("answer.json"), answer.to_string()).unwrap();
    let process = format!("cat '{}'", aws.join("answer.json").display());
    let profiles = format!(
        "[profile keys]\nregion = us-east-1\nendpoint_url = {url}\n[profile process]\nendpoint_url = {url}\n\
         credential_process = {process}\n[profile broken]\nendpoint_url = {url}\ncredential_process = echo {SECRET} >&2; false\n\
         [default]\nendpoint_url = {url}\n"
    );
    fs::write(aws.join("config"), profiles).unwrap();
    let export = |profile: Option<&str>| {
        let mut export = scratch.command(&["export", "--out", "s3://weed-profiles/data"]);
        export.env("HOME", scratch.path("home")).envs(profile.map(|name| ("AWS_PROFILE", name)));
        export
    };
    for profile in ["keys", "process"] {
        Run::from(export(Some(profile)).output().unwrap()).success();
        assert_eq!(bucket.valid_manifest("data/dev").rows, 1);
        for key in bucket.keys() {
            bucket.remove(&key);
        }
    }
    // By the default profile's keys, which are wrong.
    let wrong = sentence(&mut export(None), 1);
    assert!(wrong.contains("check the keys in the environment or the profile"), "{wrong}");
    let broken = sentence(&mut export(Some("broken")), 1);
    assert!(
        broken.contains("the profile `broken` has none now: its credential_process gives none"),
        "{broken}"
    );
    let absent = sentence(&mut export(Some("absent")), 1);
    assert!(absent.contains("there is no profile `absent` in AWS's files"), "{absent}");
    let unknown = sentence(
        export(None).env("AWS_ACCESS_KEY_ID", "AKIDUNKNOWN").env("AWS_SECRET_ACCESS_KEY", SECRET),
        1,
    );
    assert!(unknown.contains("check the keys in the environment or the profile"), "{unknown}");
    assert_eq!(bucket.keys(), [""; 0]);

    let mut nobody = scratch.command(&["export", "--out", "s3://weed-profiles/data"]);
    nobody.env("HOME", scratch.path("nowhere")).env("AWS_ENDPOINT_URL", &url);
    // A machine of Amazon's would be known by where it is.
    nobody.env("AWS_EC2_METADATA_DISABLED", "true");
    let nobody = sentence(&mut nobody, 1);
    assert!(nobody.contains("without credentials; set AWS_ACCESS_KEY_ID"), "{nobody}");
    let mut absent = command(&scratch, server.port, &["import", "--replace", "s3://weed-absent/log.csv"]);
    let absent = sentence(&mut absent, 1);
    assert!(absent.contains("there is no such bucket"), "{absent}");
}

#[test]
fn what_is_typed_wrongly_is_said_without_what_may_be_secret() {
    let scratch = log();
    let wrong = |args: &[&str]| {
        let run = scratch.wow(args);
        assert_eq!(run.status, Some(2), "{}", run.stderr);
        assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
        run.stderr
    };
    assert!(
        wrong(&["import", "s3://me:hunter2@bucket/a"]).contains("credentials have no place in an address")
    );
    assert!(
        wrong(&["export", "--out", "ftp://me:hunter2@host/a"])
            .contains("`ftp://` is nothing that `wow` knows")
    );
    assert!(
        wrong(&["export", "--out", "https://me:hunter2@host/a?b=hunter2"])
            .contains("https://host/a/dev?… is an address that can only be read; name a folder with --out")
    );
    assert!(wrong(&["import", "s3://bucket//hunter2/../a"]).contains("has no empty step"));
    let sentence = scratch.wow(&["report", "--data", "s3://bucket/data"]).failure(2);
    assert_eq!(
        sentence,
        "exports are read from a folder of this machine, not from s3://bucket/data/dev; copy it here, and name the folder"
    );
    assert!(wrong(&["serve", "s3://me:hunter2@bucket"]).contains("credentials have no place in an address"));
    // A path is one, whatever it looks like.
    assert!(
        scratch.wow(&["import", "c:/logs/a.csv"]).failure(2).contains("there is no file at c:/logs/a.csv")
    );
}

#[test]
fn a_place_of_this_machine_can_be_written_as_an_address() {
    let scratch = log();
    let out = format!("file://{}", scratch.path("with blank").display()).replace(' ', "%20");
    scratch.wow(&["export", "--out", &out]).success();
    assert!(scratch.path("with blank/dev/manifest.json").exists());
}
