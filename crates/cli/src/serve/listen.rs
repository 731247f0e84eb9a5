//! The port, and the connections on it.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::sync::Notify;

use super::Served;
use crate::failure::Failure;
use crate::interrupt;

/// The port where none is given, if it is free.
const DEFAULT_PORT: u16 = 8080;
/// How many ports are tried where none is given.
const PORTS_TRIED: u16 = 100;
/// A client that has not sent the head of its request by then is let go; so is a connection that nobody uses.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long Ctrl-C waits for what is being sent.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long nothing is accepted after the system refused a connection, as it does when too many files are open.
const BREATHER: Duration = Duration::from_millis(100);

/// A port that is ours.
pub(crate) struct Listening {
    listener: TcpListener,
    /// Its address.
    pub(crate) address: SocketAddr,
}

impl Listening {
    /// Takes a port; the next one that is free where none is given.
    ///
    /// # Errors
    /// [`Failure::Usage`] when the host is none of this machine, or the port cannot be had.
    pub(crate) fn open(host: &str, port: Option<u16>) -> anyhow::Result<Self> {
        let (first, last) = port.map_or((DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED - 1), |port| (port, port));
        for port in first..=last {
            match TcpListener::bind((host, port)) {
                Ok(listener) => {
                    let address =
                        listener.local_addr().context("the system does not say which port it gave")?;
                    return Ok(Self { listener, address });
                }
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                Err(error) => {
                    let said = refused(host, port, error.kind());
                    return Err(error).context(Failure::Usage(said));
                }
            }
        }
        Err(Failure::usage(match port {
            Some(port) => format!(
                "port {port} is in use; name another with --port PORT, or leave it out to take one that is free"
            ),
            None => format!("the ports {first} to {last} are all in use; name another with --port PORT"),
        }))
    }
}

/// Why a port cannot be had, and the way out.
fn refused(host: &str, port: u16, why: io::ErrorKind) -> String {
    match why {
        io::ErrorKind::PermissionDenied => {
            format!("port {port} is kept for the system; name one above 1023 with --port PORT")
        }
        _ => format!(
            "{host} is no address of this machine; name one with --host ADDRESS, or leave it out for 127.0.0.1"
        ),
    }
}

/// Answers requests until Ctrl-C.
///
/// # Errors
/// When the system gives no thread or socket.
pub(crate) fn run(listening: Listening, served: Served) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("the server cannot be started; see the cause")?;
    let stop = Arc::new(Notify::new());
    let asked = Arc::clone(&stop);
    interrupt::on_request(move || asked.notify_one());
    runtime.block_on(accept(listening.listener, Arc::new(served), &stop))
}

async fn accept(listener: TcpListener, served: Arc<Served>, stop: &Notify) -> anyhow::Result<()> {
    listener.set_nonblocking(true).context("the port cannot be used; see the cause")?;
    let listener =
        tokio::net::TcpListener::from_std(listener).context("the port cannot be used; see the cause")?;
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    let connections = GracefulShutdown::new();
    loop {
        let stream = tokio::select! {
            () = stop.notified() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => {
                    tokio::time::sleep(BREATHER).await;
                    continue;
                }
            },
        };
        let served = Arc::clone(&served);
        let service = service_fn(move |request| {
            let served = Arc::clone(&served);
            async move { Ok::<_, std::convert::Infallible>(served.answer(&request).await) }
        });
        let connection = connections.watch(http.serve_connection(TokioIo::new(stream), service));
        // A connection that breaks off is the client's affair.
        tokio::spawn(async move { drop(connection.await) });
    }
    // What takes longer is broken off.
    let _ = tokio::time::timeout(FAREWELL, connections.shutdown()).await;
    Ok(())
}
