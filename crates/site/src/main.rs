//! Makes the site that is hosted of what trunk built. `scripts/site.sh` runs it.

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;
use wow_site::{Settings, SiteUrl, publish};

#[derive(Parser)]
#[command(about = "Makes the site that is hosted of what trunk built", after_help = EXAMPLE)]
struct Arguments {
    /// What trunk built
    built: PathBuf,
    /// Where the site goes; what is there is replaced
    site: PathBuf,
    /// The folder of exports
    #[arg(long, default_value = "public/data")]
    data: PathBuf,
    /// Puts the production export in, for everyone who can reach the site to read
    #[arg(long)]
    with_prod: bool,
    /// The address that the site will have, for the picture in previews of links and the way home from missing pages
    #[arg(long, env = "WOW_SITE_URL")]
    url: Option<SiteUrl>,
}

const EXAMPLE: &str = "Example: wow-site built dist --url https://example.org/wow/";

fn main() -> Result<()> {
    let Arguments { built, site, data, with_prod, url } = Arguments::parse();
    for line in publish(&built, &site, &Settings { data, with_prod, url })? {
        println!("{line}");
    }
    Ok(())
}
