//! Stands between `wow` and a server, and does to each request what a test wants.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What becomes of a request.
pub(super) enum Act {
    /// It is passed on, and so is its answer.
    Pass,
    /// It is passed on after a while.
    Delay(Duration),
    /// It is passed on without a header.
    Without(&'static str),
    /// It is answered with this instead: status, type and body.
    Answer(&'static str, String),
    /// It is passed on, and answered with this all the same.
    PassAndAnswer(&'static str, String),
    /// It is passed on, and its answer ends after half of it.
    BreakOff,
    /// It comes to nothing, and whoever waits for it is told.
    HoldBefore,
    /// It is passed on, its answer comes to nothing, and whoever waits for it is told.
    HoldAfter,
}

/// A request as far as tests look at it.
#[derive(Debug, Clone)]
pub(super) struct Request {
    /// Its number, from 0.
    pub(super) number: usize,
    /// As in `GET /bucket/key`.
    pub(super) line: String,
}

/// The proxy. It ends with the process of the test.
pub(super) struct Proxy {
    pub(super) port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
    held: Receiver<()>,
}

impl Proxy {
    /// Passes requests on to a port of this machine.
    pub(super) fn start(server: u16, act: impl Fn(&Request) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests: Arc<Mutex<Vec<Request>>> = Arc::default();
        let (act, number) = (Arc::new(act), Arc::new(AtomicUsize::new(0)));
        let (tell, held) = channel();
        let kept = Arc::clone(&requests);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (act, number, kept, tell) = (act.clone(), number.clone(), kept.clone(), tell.clone());
                // A client that goes away is no concern of the proxy's.
                std::thread::spawn(move || handle(client, server, &*act, &number, &kept, &tell));
            }
        });
        Self { port, requests, held }
    }

    /// All requests so far.
    pub(super) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// Waits until a request is held; false where none comes in that time.
    pub(super) fn wait_for_held(&self, patience: Duration) -> bool {
        self.held.recv_timeout(patience).is_ok()
    }
}

fn handle(
    mut client: TcpStream,
    server: u16,
    act: &(dyn Fn(&Request) -> Act + Send + Sync),
    number: &AtomicUsize,
    kept: &Mutex<Vec<Request>>,
    tell: &Sender<()>,
) -> io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        if line == "\r\n" {
            break;
        }
        head.push(line);
    }
    let header = |name: &str| {
        let mut lines = head.iter().filter_map(|line| line.split_once(':'));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    };
    let mut body = vec![0; header("content-length").map_or(0, |length| length.parse().unwrap())];
    reader.read_exact(&mut body)?;
    let line = head[0].rsplit_once(' ').unwrap().0.to_owned();
    let request = Request { number: number.fetch_add(1, Ordering::SeqCst), line };
    kept.lock().unwrap().push(request.clone());
    let act = act(&request);
    let dropped = if let Act::Without(name) = act { name } else { "connection" };
    match &act {
        Act::HoldBefore => {
            tell.send(()).unwrap();
            return hold(&client);
        }
        Act::Answer(status, body) => return answer_with(&client, status, body),
        Act::Delay(delay) => std::thread::sleep(*delay),
        _ => {}
    }
    let is_kept = |line: &&String| {
        let name = line.split(':').next().unwrap();
        !name.eq_ignore_ascii_case("connection") && !name.eq_ignore_ascii_case(dropped)
    };
    let lines: String = head.iter().filter(is_kept).map(String::as_str).collect();
    let mut server = TcpStream::connect(("127.0.0.1", server))?;
    server.write_all(format!("{lines}Connection: close\r\n\r\n").as_bytes())?;
    server.write_all(&body)?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    match act {
        Act::PassAndAnswer(status, body) => return answer_with(&client, status, &body),
        Act::HoldAfter => {
            tell.send(()).unwrap();
            return hold(&client);
        }
        Act::BreakOff => {
            let head = answer.windows(4).position(|signs| signs == b"\r\n\r\n").unwrap() + 4;
            answer.truncate(head + (answer.len() - head) / 2);
        }
        _ => {}
    }
    client.write_all(&answer)?;
    client.shutdown(Shutdown::Write)
}

fn answer_with(mut client: &TcpStream, status: &str, body: &str) -> io::Result<()> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {length}\r\n");
    client.write_all(format!("{head}Connection: close\r\n\r\n{body}").as_bytes())?;
    client.shutdown(Shutdown::Write)
}

/// Keeps the connection until the client gives it up.
fn hold(mut client: &TcpStream) -> io::Result<()> {
    io::copy(&mut client, &mut io::sink()).map(drop)
}
