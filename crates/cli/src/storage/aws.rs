//! A bucket of S3 or of a server like it, found as AWS's own tools find it.

use std::sync::Arc;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey as Key};

use super::Fault;
use super::fault::AWS_WAY_OUT;
use super::profile::Profile;
use super::store::{answers, client, is_http, retry};

/// Where a machine of AWS asks who it is.
const INSTANCE_METADATA: &str = "169.254.169.254:80";

/// The bucket, with the environment's server, region and credentials, or else the profile's.
///
/// # Errors
/// [`Fault::NoCredentials`].
pub(super) fn open(bucket: &str) -> Result<AmazonS3, Fault> {
    let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
    let is_set = |builder: &AmazonS3Builder, key: &Key| {
        builder.get_config_value(key).is_some_and(|value| !value.is_empty() && value != "false")
    };
    let profile = Profile::load()?;
    if !is_set(&builder, &Key::Region)
        && let Some(region) = std::env::var("AWS_DEFAULT_REGION").ok().or_else(|| profile.get("region"))
    {
        builder = builder.with_region(region);
    }
    let has_endpoint = is_set(&builder, &Key::Endpoint) || is_set(&builder, &Key::S3Endpoint);
    if !has_endpoint && let Some(endpoint) = profile.get("endpoint_url") {
        builder = builder.with_endpoint(endpoint);
    }
    if !is_set(&builder, &Key::AccessKeyId) && !is_set(&builder, &Key::SkipSignature) {
        let others = [
            Key::WebIdentityTokenFile,
            Key::ContainerCredentialsRelativeUri,
            Key::ContainerCredentialsFullUri,
        ];
        let disabled = std::env::var("AWS_EC2_METADATA_DISABLED");
        let is_metadata_disabled = disabled.is_ok_and(|is| is.eq_ignore_ascii_case("true"));
        match profile.credentials()? {
            Some(renewed) => builder = builder.with_credentials(Arc::new(renewed)),
            None if others.iter().any(|key| is_set(&builder, key)) => {}
            None if !is_metadata_disabled && answers(INSTANCE_METADATA) => {}
            None => return Err(Fault::NoCredentials(AWS_WAY_OUT.to_owned())),
        }
    }
    // A server of S3's own takes encrypted connections alone; others are the user's choice.
    let address = builder.get_config_value(&Key::S3Endpoint).or(builder.get_config_value(&Key::Endpoint));
    let builder = builder.with_retry(retry()).with_client_options(client(is_http(address)));
    let unfit = "what is set for it in the environment or the profile does not fit together";
    builder.build().map_err(|_| Fault::Other(unfit.to_owned()))
}
