//! `wow share`: an address at which an export in a closed bucket can be opened for some time.

use std::time::Duration;

use clap::Args;
use reqwest::Url;
use serde_json::json;

use super::{Context, Outcome};
use crate::failure::Failure;
use crate::output::counted;
use crate::publish::share::{Shared, share};
use crate::storage::Location;

/// Arguments of `wow share`.
#[derive(Debug, Args)]
pub(crate) struct ShareArgs {
    /// The folder of exports in a bucket, as `wow export --out` was given it.
    #[arg(value_name = "BUCKET")]
    pub(crate) exports: Location,
    /// How long the address is good; S3 and Google sign for a week at most.
    #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=168))]
    pub(crate) hours: u32,
    /// The address of a hosted page, to be told the link that opens the export there.
    #[arg(long, value_name = "URL")]
    pub(crate) page: Option<Url>,
}

/// Signs the export, and says where it can be opened.
///
/// # Errors
/// A [`Failure`] where it is in no bucket, and as [`share`].
pub(crate) fn run(context: &Context, args: &ShareArgs) -> anyhow::Result<Outcome> {
    let Location::Bucket(bucket) = &args.exports else {
        return Err(Failure::usage(format!(
            "{} is no bucket; what lies in a folder is served by `wow serve` or any web server",
            args.exports
        )));
    };
    let target = &context.target;
    context.output.badge(target.environment, &target.badge_of(&format!("export, in {bucket}")));
    let valid_for = Duration::from_secs(u64::from(args.hours) * 60 * 60);
    let Shared { address, manifest } = share(bucket, target, valid_for)?;
    let link = args.page.clone().map(|mut page| {
        page.query_pairs_mut().append_pair("data", address.as_str());
        page
    });
    let hours = counted(args.hours.into(), "hour");
    context.output.line(format!(
        "Whoever has this address can read {} of {} for {hours}; {}:",
        counted(manifest.rows, "event"),
        counted(manifest.players, "player"),
        match link {
            Some(_) => "it opens the page",
            None => "a page opens it by ?data=",
        }
    ));
    context.output.text(link.as_ref().unwrap_or(&address).as_str());
    context.output.answer(&json!({
        "environment": manifest.environment,
        "dataset_id": manifest.dataset_id,
        "manifest": address.as_str(),
        "link": link.as_ref().map(Url::as_str),
        "hours": args.hours,
    }))?;
    Ok(Outcome::Done)
}
