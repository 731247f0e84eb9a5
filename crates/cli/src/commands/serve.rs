//! `wow serve`: the site and the exports of a folder, in the browser.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use wow_engine::manifest::{Environment, Manifest};

use super::{Context, Outcome};
use crate::failure::Failure;
use crate::output::{Output, counted};
use crate::serve::{Exports, Hosts, Listening, Served, Site, run as run_server};
use crate::storage::Location;
use crate::target::Target;

/// Arguments of `wow serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// The folder with the exports: the one in which `wow export` was run, a built site, or an export itself.
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// The port; 8080, or the next one that is free, unless given.
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// The address to listen on; 0.0.0.0 lets other machines in.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) host: String,
    /// A name by which this server may be asked, besides localhost and its address; give it again for more of them.
    #[arg(long = "allow-host", value_name = "NAME")]
    pub(crate) allowed_hosts: Vec<String>,
    /// The folder of a built site, instead of the one in this command.
    #[arg(long, value_name = "DIR")]
    pub(crate) site: Option<PathBuf>,
}

/// Serves until Ctrl-C, and says first what is served and where.
///
/// # Errors
/// [`Failure::Usage`] when there is no site or folder to serve, or the port cannot be had.
pub(crate) fn run(context: &Context, args: &ServeArgs) -> anyhow::Result<Outcome> {
    let output = context.output;
    if let Some(failure) = Location::no_folder(&args.folder) {
        return Err(failure.into());
    }
    if !args.folder.is_dir() {
        return Err(Failure::usage(format!(
            "{} is no folder; name the one in which `wow export` was run",
            args.folder.display()
        )));
    }
    let site = Site::open(args.site.as_deref())?;
    let listening = Listening::open(&args.host, args.port)?;
    let bound = listening.address.ip();
    // Production has to be named before anyone else can read it.
    let is_open = !bound.is_loopback() || !args.allowed_hosts.is_empty();
    let hides_prod = is_open && context.target.environment == Environment::Dev;
    let environments: &[_] =
        if hides_prod { &[Environment::Dev] } else { &[Environment::Dev, Environment::Prod] };
    let exports = Exports::find(&args.folder, environments);
    let url = format!("http://{}:{}/", shown_host(&args.host, bound), listening.address.port());

    let told: Vec<_> = exports
        .there()
        .map(|(environment, folder, manifest)| tell(output, &url, environment, folder, manifest))
        .collect();
    if told.is_empty() {
        output.line(format!(
            "There is no export in {} yet; make one with `wow export`, or open files on the page",
            args.folder.display()
        ));
    }
    if hides_prod && Exports::find(&args.folder, &[Environment::Prod]).there().next().is_some() {
        output.line(
            "The production export is kept back where other machines may ask; add --target prod to serve it",
        );
    }
    if is_open {
        output.line("Whoever reaches this address can read what is served");
    }
    output.line(format!("Serving at {url} until Ctrl-C"));
    output.answer(&json!({ "url": url, "exports": told }))?;
    let hosts = Hosts::new(&args.host, bound, &args.allowed_hosts);
    run_server(listening, Served { site, exports, hosts })?;
    Ok(Outcome::Done)
}

/// What a browser of this machine is to be sent to.
fn shown_host(given: &str, bound: IpAddr) -> String {
    match given.parse::<IpAddr>() {
        Ok(_) if bound.is_unspecified() => "127.0.0.1".to_owned(),
        Ok(IpAddr::V6(address)) => format!("[{address}]"),
        _ => given.to_owned(),
    }
}

/// Says what an export holds and where the page shows it.
fn tell(
    output: Output,
    url: &str,
    environment: Environment,
    folder: &Path,
    manifest: anyhow::Result<Manifest>,
) -> serde_json::Value {
    let address = match environment {
        Environment::Dev => url.to_owned(),
        Environment::Prod => format!("{url}?env={}", environment.name()),
    };
    match &manifest {
        Ok(manifest) => {
            let badge = Target { environment, path: (&manifest.database).into() }.badge();
            output.line(format!(
                "{badge}: {} of {}, exported {}, from {}: {address}",
                counted(manifest.rows, "event"),
                counted(manifest.players, "player"),
                manifest.exported_at,
                folder.display()
            ));
        }
        Err(error) => output.line(format!("warning: {error}")),
    }
    let dataset_id = manifest.ok().map(|manifest| manifest.dataset_id);
    json!({ "environment": environment, "folder": folder, "dataset_id": dataset_id, "url": address })
}
