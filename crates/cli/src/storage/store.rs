//! A bucket: its objects are listed, read and written.

use std::net::{TcpStream, ToSocketAddrs as _};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::buffered::BufWriter;
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::path::Path as Key;
use object_store::signer::Signer;
use object_store::{
    Attributes, BackoffConfig, ClientOptions, GetOptions, GetRange, ObjectMeta, ObjectStore,
    ObjectStoreExt as _, PutMode, PutOptions, RetryConfig, UpdateVersion,
};
use reqwest::{Method, Url};
use tokio::io::AsyncWriteExt as _;

use super::blocks::{Blocks, Ranges};
use super::fault::{AZURE_WAY_OUT, GOOGLE_WAY_OUT};
use super::location::Provider;
use super::{
    Bucket, CONNECT_TIMEOUT, Doing, FIRST_WAIT, Fault, GROWTH, LONGEST_WAIT, Location, REQUEST_TIMEOUT,
    RETRIES_MAX, Reader, aws, runtime, wait,
};

/// Files that are written at a time.
const UPLOADS: usize = 8;
/// A larger file is written in pieces of this size.
const PIECE_BYTES: usize = 16 << 20;
/// A file up to this size is written by one request.
const WHOLE_BYTES_MAX: u64 = 64 << 20;
/// An object that is read whole is not larger: a manifest would list some hundred thousand parts.
const WHOLE_READ_BYTES_MAX: u64 = 64 << 20;
/// A tag that no object has.
const NO_TAG: &str = "\"00000000000000000000000000000000\"";
/// What a provider's server for its own machines may take to be found.
const METADATA_TIMEOUT: Duration = Duration::from_secs(1);

/// A bucket that can be asked.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    store: Arc<dyn ObjectStore>,
    signer: Arc<dyn Signer>,
    is_like_s3: bool,
}

/// An object that was read whole.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// What it holds.
    pub(crate) content: Bytes,
    /// What is known of it.
    pub(crate) meta: ObjectMeta,
}

/// A file that is to become an object.
#[derive(Debug, Clone)]
pub(crate) struct Upload<'a> {
    /// Where it is.
    pub(crate) file: &'a Path,
    /// What it becomes.
    pub(crate) key: Key,
}

/// What must hold for an object to be written.
#[derive(Debug, Clone)]
pub(crate) enum Condition {
    /// It is what it was when it was read.
    Unchanged(Box<ObjectMeta>),
    /// There is none.
    Absent,
    /// Nothing.
    Any,
}

impl Store {
    /// The bucket, with the credentials of the environment.
    ///
    /// # Errors
    /// A [`crate::failure::Failure`] when there are none.
    pub(crate) fn open(bucket: &Bucket, doing: Doing) -> anyhow::Result<Self> {
        let explain = |fault: Fault| fault.explain(&Location::Bucket(bucket.clone()), doing);
        runtime().map_err(explain)?;
        let (store, signer) = match bucket.provider {
            Provider::S3 => both(aws::open(&bucket.name).map_err(explain)?),
            Provider::Google => {
                let builder = GoogleCloudStorageBuilder::from_env().with_bucket_name(&bucket.name);
                if !has_google_credentials(&builder) {
                    return Err(explain(Fault::NoCredentials(GOOGLE_WAY_OUT.to_owned())));
                }
                let is_http = is_http(builder.get_config_value(&GoogleConfigKey::BaseUrl));
                let builder = builder.with_retry(retry()).with_client_options(client(is_http));
                both(builder.build().map_err(|_| explain(Fault::NoCredentials(GOOGLE_WAY_OUT.to_owned())))?)
            }
            Provider::Azure => {
                let builder = MicrosoftAzureBuilder::from_env().with_container_name(&bucket.name);
                // The last place that is looked at before that of machines in Azure.
                let names_identity = builder.get_config_value(&AzureConfigKey::MsiEndpoint).is_some();
                let is_http = is_http(builder.get_config_value(&AzureConfigKey::Endpoint));
                let builder = builder.with_use_azure_cli(!names_identity);
                let builder = builder.with_retry(retry()).with_client_options(client(is_http));
                both(builder.build().map_err(|_| explain(Fault::NoCredentials(AZURE_WAY_OUT.to_owned())))?)
            }
        };
        Ok(Self { store, signer, is_like_s3: bucket.provider == Provider::S3 })
    }

    /// What is known of an object; nothing if it is not there. Its first byte is asked for rather than its head, for which
    /// no server says why it refuses.
    pub(super) fn find(&self, key: &Key) -> Result<Option<ObjectMeta>, Fault> {
        let options = GetOptions { range: Some(GetRange::Bounded(0..1)), ..GetOptions::default() };
        absent(wait(async { Ok(self.store.get_opts(key, options).await?.meta) }))
    }

    /// All objects in a folder, at any depth.
    pub(crate) fn list(&self, folder: &Key) -> Result<Vec<ObjectMeta>, Fault> {
        wait(async { Ok(self.store.list(Some(folder)).try_collect().await?) })
    }

    /// An object with all that it holds; nothing if it is not there.
    pub(crate) fn read(&self, key: &Key) -> Result<Option<Kept>, Fault> {
        absent(wait(async {
            let found = self.store.get(key).await?;
            let meta = found.meta.clone();
            if meta.size > WHOLE_READ_BYTES_MAX {
                return Err(Fault::Other("it is too large to be what its name says".to_owned()));
            }
            Ok(Kept { content: found.bytes().await?, meta })
        }))
    }

    /// An object as a source of bytes. It is asked for as the version that `meta` is of.
    pub(super) fn reader(&self, meta: &ObjectMeta) -> Reader {
        let object = StoredObject { store: Arc::clone(&self.store), meta: Arc::new(meta.clone()) };
        Reader::object(Blocks::new(meta.size, object))
    }

    /// Writes an object whole, if the condition holds. Nothing ends it once it has begun: it may be that the server has it.
    ///
    /// # Errors
    /// [`Fault::Conflict`] when the condition does not hold.
    pub(crate) fn write(
        &self,
        key: &Key,
        content: Bytes,
        attributes: Attributes,
        condition: &Condition,
    ) -> Result<(), Fault> {
        let mode = match condition {
            Condition::Any => PutMode::Overwrite,
            Condition::Absent => PutMode::Create,
            Condition::Unchanged(meta) if meta.e_tag.is_none() && meta.version.is_none() => {
                return Err(Fault::Unconditional);
            }
            Condition::Unchanged(meta) => {
                PutMode::Update(UpdateVersion { e_tag: meta.e_tag.clone(), version: meta.version.clone() })
            }
        };
        let options = PutOptions { mode, attributes, ..PutOptions::default() };
        runtime()?.block_on(self.store.put_opts(key, content.into(), options))?;
        Ok(())
    }

    /// Whether the server heeds conditions, which not all that are like S3 do. It is tried on an object that is there and is
    /// written as it is, with a condition of that kind which does not hold.
    pub(crate) fn heeds(
        &self,
        condition: &Condition,
        key: &Key,
        content: Bytes,
        attributes: Attributes,
    ) -> Result<bool, Fault> {
        if !self.is_like_s3 {
            return Ok(true);
        }
        let never = match condition {
            Condition::Unchanged(meta) => {
                Condition::Unchanged(Box::new(ObjectMeta { e_tag: Some(NO_TAG.to_owned()), ..*meta.clone() }))
            }
            Condition::Absent | Condition::Any => Condition::Absent,
        };
        match self.write(key, content, attributes, &never) {
            Ok(()) => Ok(false),
            Err(Fault::Conflict) => Ok(true),
            Err(fault) => Err(fault),
        }
    }

    /// Writes files as objects, several at a time; `each` is told of each that is there, with its size.
    pub(crate) fn upload<'a>(
        &self,
        uploads: impl Iterator<Item = Upload<'a>>,
        attributes: &Attributes,
        mut each: impl FnMut(u64),
    ) -> Result<(), Fault> {
        wait(async {
            let uploads = stream::iter(uploads.map(|upload| self.upload_one(upload, attributes.clone())));
            let mut done = uploads.buffer_unordered(UPLOADS);
            while let Some(bytes) = done.try_next().await? {
                each(bytes);
            }
            Ok(())
        })
    }

    async fn upload_one(&self, upload: Upload<'_>, attributes: Attributes) -> Result<u64, Fault> {
        let lost = |_| Fault::Other("a file that was just written cannot be read".to_owned());
        let mut file = tokio::fs::File::open(upload.file).await.map_err(lost)?;
        let bytes = file.metadata().await.map_err(lost)?.len();
        if bytes <= WHOLE_BYTES_MAX {
            let content = Bytes::from(tokio::fs::read(upload.file).await.map_err(lost)?);
            let options = PutOptions { attributes, ..PutOptions::default() };
            self.store.put_opts(&upload.key, content.into(), options).await?;
            return Ok(bytes);
        }
        let writer = BufWriter::with_capacity(Arc::clone(&self.store), upload.key, PIECE_BYTES);
        let mut writer = writer.with_attributes(attributes).with_max_concurrency(UPLOADS);
        let copied = async {
            tokio::io::copy(&mut file, &mut writer).await?;
            writer.shutdown().await
        };
        copied.await.map_err(|error| Fault::of_io(&error))?;
        Ok(bytes)
    }

    /// Addresses at which anybody can read the objects for some time, in their order.
    ///
    /// # Errors
    /// When the credentials cannot sign.
    pub(crate) fn sign(&self, keys: &[Key], valid_for: Duration) -> Result<Vec<Url>, Fault> {
        // Whoever came with a signature, or signs in elsewhere, has no key to sign with.
        let cannot = "these credentials cannot sign addresses, for which it takes the keys of an account";
        wait(async {
            let signed = self.signer.signed_urls(Method::GET, keys, valid_for).await;
            signed.map_err(|error| match Fault::from(error) {
                Fault::Other(_) => Fault::Other(cannot.to_owned()),
                fault => fault,
            })
        })
    }

    /// Removes objects; those that are gone already are none to remove.
    pub(crate) fn remove(&self, keys: Vec<Key>) -> Result<(), Fault> {
        let keys = stream::iter(keys.into_iter().map(Ok)).boxed();
        wait(async { Ok(self.store.delete_stream(keys).try_for_each(|_| async { Ok(()) }).await?) })
    }
}

/// One store as what reads and writes, and as what signs.
fn both<S: ObjectStore + Signer>(store: S) -> (Arc<dyn ObjectStore>, Arc<dyn Signer>) {
    let store = Arc::new(store);
    (Arc::<S>::clone(&store), store)
}

/// An object at a version.
struct StoredObject {
    store: Arc<dyn ObjectStore>,
    meta: Arc<ObjectMeta>,
}

impl Ranges for StoredObject {
    fn ask(&self, range: Range<u64>) -> BoxFuture<'static, Result<Bytes, Fault>> {
        let (store, meta) = (Arc::clone(&self.store), Arc::clone(&self.meta));
        async move {
            let options = GetOptions {
                range: Some(GetRange::Bounded(range.clone())),
                if_match: meta.e_tag.clone(),
                ..GetOptions::default()
            };
            let changed = |fault| match fault {
                Fault::Conflict | Fault::NotThere => Fault::Changed,
                fault => fault,
            };
            let found =
                store.get_opts(&meta.location, options).await.map_err(|error| changed(error.into()))?;
            // Not every server heeds the condition.
            let is_same = found.meta.size == meta.size && same_tag(&found.meta, &meta);
            if !is_same || found.range != range {
                return Err(Fault::Changed);
            }
            let bytes = found.bytes().await.map_err(|error| changed(error.into()))?;
            // Fewer would be taken for the end.
            if bytes.len() as u64 == range.end - range.start { Ok(bytes) } else { Err(Fault::Changed) }
        }
        .boxed()
    }
}

/// Whether two answers tell of the same content. Listings of some servers leave the quotation marks out.
fn same_tag(one: &ObjectMeta, other: &ObjectMeta) -> bool {
    match (&one.e_tag, &other.e_tag) {
        (Some(one), Some(other)) => one.trim_matches('"') == other.trim_matches('"'),
        _ => one.last_modified.timestamp() == other.last_modified.timestamp(),
    }
}

/// Nothing in place of what is not there.
fn absent<T>(found: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Fault::NotThere) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// How often requests are made again.
pub(super) fn retry() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig { init_backoff: FIRST_WAIT, max_backoff: LONGEST_WAIT, base: GROWTH },
        max_retries: RETRIES_MAX,
        retry_timeout: Duration::from_secs(180),
    }
}

/// How connections are made; without encryption only where the user has named such an address.
pub(super) fn client(allows_http: bool) -> ClientOptions {
    ClientOptions::new()
        .with_allow_http(allows_http)
        .with_connect_timeout(CONNECT_TIMEOUT)
        .with_timeout(REQUEST_TIMEOUT)
}

/// Whether an address that somebody set is one without encryption.
pub(super) fn is_http(address: Option<String>) -> bool {
    address.is_some_and(|address| address.starts_with("http://"))
}

/// Whether anything says who asks. Off Google's own machines, where their metadata do, the library would ask for long.
fn has_google_credentials(builder: &GoogleCloudStorageBuilder) -> bool {
    use GoogleConfigKey as K;
    let named = [
        K::ServiceAccount,
        K::ServiceAccountKey,
        K::ApplicationCredentials,
        K::BearerToken,
        K::SkipSignature,
    ];
    let signed_in = std::env::home_dir()
        .is_some_and(|home| home.join(".config/gcloud/application_default_credentials.json").exists());
    signed_in
        || named.iter().any(|key| builder.get_config_value(key).is_some_and(|value| value != "false"))
        || answers("metadata.google.internal:80")
}

/// Whether somebody listens at an address of the machine's own provider.
pub(super) fn answers(address: &str) -> bool {
    let addresses = address.to_socket_addrs().into_iter().flatten();
    addresses.into_iter().any(|address| TcpStream::connect_timeout(&address, METADATA_TIMEOUT).is_ok())
}
