//! `wow share`: what a signature lets people read, on a server that looks at signatures.

use std::io::Read as _;

use sha2::{Digest as _, Sha256};
use wow_engine::manifest::{Manifest, hex};

use super::export::log;
use super::server::{SECRET, Server, command};
use crate::support::{CREATE_LOG, Run, Scratch, run_sql};

/// What is at an address, or the status with which it is refused.
fn get(address: &str) -> Result<Vec<u8>, u16> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut answer = agent.get(address).call().unwrap();
    if !answer.status().is_success() {
        return Err(answer.status().as_u16());
    }
    let mut bytes = Vec::new();
    answer.body_mut().as_reader().read_to_end(&mut bytes).unwrap();
    Ok(bytes)
}

#[test]
fn a_shared_export_is_read_by_signatures_and_nothing_else_of_it_changes() {
    let test = "a_shared_export_is_read_by_signatures_and_nothing_else_of_it_changes";
    let Some(server) = Server::seaweed(test) else { return };
    let bucket = server.bucket("weed-shared");
    let scratch = log();
    let run = |args: &[&str]| Run::from(command(&scratch, server.port, args).output().unwrap());
    let exports = "s3://weed-shared/data";
    let refused = run(&["share", exports]).failure(2);
    assert!(
        refused.contains("there is no export in s3://weed-shared/data/dev; make one with `wow export --out")
    );
    run(&["export", "--out", exports]).success();
    let before = bucket.valid_manifest("data/dev");

    let shared =
        run(&["share", exports, "--hours", "2", "--page", "https://example.org/wow/?theme=dark"]).success();
    assert!(shared.stderr.starts_with("✅ DEV export, in s3://weed-shared/data\n"), "{}", shared.stderr);
    let link = shared.stdout.trim_end();
    let data = link.strip_prefix("https://example.org/wow/?theme=dark&data=").expect(link);
    let address = percent_encoding::percent_decode_str(data).decode_utf8().unwrap().into_owned();
    assert!(
        address.contains("/weed-shared/data/dev/manifest.signed-") && address.contains("X-Amz-Expires=7200")
    );

    let signed: Manifest = serde_json::from_slice(&get(&address).unwrap()).unwrap();
    assert_eq!(signed.dataset_id, before.dataset_id);
    assert!(signed.parts.len() > 1);
    let folder = address.split_once("manifest.signed-").unwrap().0;
    for part in &signed.parts {
        let query = part.query.as_ref().unwrap().as_str();
        let content = get(&format!("{folder}{}?{query}", part.file)).unwrap();
        assert_eq!(hex(&Sha256::digest(&content)), part.sha256);
        // A signature is for one object.
        assert_eq!(get(&format!("{folder}manifest.json?{query}")), Err(403));
    }
    assert_eq!(get(&address.replace("X-Amz-Expires=7200", "X-Amz-Expires=7300")), Err(403));
    // The export itself is as it was, and nothing tells the secret.
    assert_eq!(bucket.valid_manifest("data/dev"), before);
    for text in [shared.stdout, shared.stderr, serde_json::to_string(&signed).unwrap()] {
        assert!(!text.contains(SECRET));
    }
    // Another export, shared for a shorter time, takes nothing away from those who have the address.
    run_sql(&scratch.database(), "delete from wowlogs where player_id = 3");
    run(&["export", "--out", exports]).success();
    let other = run(&["share", exports, "--hours", "1", "--json"]).success().json();
    let other: Manifest = serde_json::from_slice(&get(other["manifest"].as_str().unwrap()).unwrap()).unwrap();
    assert_eq!((other.players, signed.players), (11, 12));
    let again: Manifest = serde_json::from_slice(&get(&address).unwrap()).unwrap();
    assert_eq!(again, signed);
    for part in &signed.parts {
        assert!(get(&format!("{folder}{}?{}", part.file, part.query.as_ref().unwrap().as_str())).is_ok());
    }
    // Its parts go when they are of no export but an older one, and with them what names them; servers count time in seconds.
    let is_gone = (4..12).any(|player_id| {
        run_sql(&scratch.database(), &format!("delete from wowlogs where player_id = {player_id}"));
        run(&["export", "--out", exports]).success();
        get(&address) == Err(404)
    });
    assert!(is_gone);
}

#[test]
fn what_lies_in_a_folder_is_not_signed() {
    let scratch = Scratch::with_database(CREATE_LOG);
    let sentence = scratch.wow(&["share", "public/data"]).failure(2);
    assert_eq!(
        sentence,
        "public/data is no bucket; what lies in a folder is served by `wow serve` or any web server"
    );
}
