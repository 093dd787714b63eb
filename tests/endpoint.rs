//! An endpoint that misbehaves until it is healed: what a client meets on real networks, over real
//! sockets on loopback.

use std::collections::{BTreeSet, VecDeque};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle, sleep};
use std::time::Duration;

use socket2::{Domain, SockAddr, Socket, Type};
use usage_receiver::{Receiver, Request};

use crate::clients::ids;

/// How an endpoint treats a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not at all badly: it takes the events and says so.
    None,
    /// Nobody listens.
    Refused,
    /// It accepts, reads nothing and says nothing.
    BlackHole,
    /// Its queue of connections is full: not even a connection comes about.
    FullBacklog,
    /// It answers with this status and these headers.
    Status(u16, &'static str),
    /// It takes the events, and sends the body of its answer a byte each 100 ms.
    SlowBody,
    /// It sends the head of its answer a byte each 100 ms.
    SlowHead,
    /// It takes the events, and resets the connection instead of an answer.
    Reset,
    /// What it answers is not HTTP.
    Garbage,
    /// It takes the events, and the body of its answer has no end.
    EndlessBody,
    /// A captive portal: it redirects to a page.
    Redirect,
    /// A captive portal: it answers 200 with a page.
    Page,
}

/// A running endpoint.
#[derive(Debug)]
pub struct Endpoint {
    address: SocketAddr,
    shared: Arc<Shared>,
    behind: Behind,
}

/// What holds the port.
#[derive(Debug)]
enum Behind {
    Thread(JoinHandle<TcpListener>),
    /// A socket that nobody accepts from, with the connections that fill its queue.
    Socket(Socket, #[expect(dead_code, reason = "they stay open")] Vec<Socket>),
}

#[derive(Debug, Default)]
struct Shared {
    script: Mutex<VecDeque<Fault>>,
    taken: Mutex<BTreeSet<String>>,
    requests: AtomicUsize,
    is_over: AtomicBool,
}

impl Endpoint {
    /// Starts an endpoint with this fault.
    ///
    /// # Errors
    ///
    /// When loopback gives no port.
    pub fn start(fault: Fault) -> io::Result<Self> {
        Self::following(&[], fault)
    }

    /// Starts an endpoint that treats its first clients as the script says, and all others as `then`.
    ///
    /// # Errors
    ///
    /// When loopback gives no port.
    pub fn following(script: &[Fault], then: Fault) -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.bind(&SockAddr::from(SocketAddr::from(([127, 0, 0, 1], 0))))?;
        let address = socket.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
        let shared = Arc::new(Shared::default());
        *lock(&shared.script) = script.iter().copied().collect();
        let behind = match then {
            Fault::Refused => Behind::Socket(socket, Vec::new()),
            Fault::FullBacklog => {
                socket.listen(0)?;
                Behind::Socket(socket, fill(address)?)
            }
            _ => {
                socket.listen(128)?;
                let shared = shared.clone();
                Behind::Thread(thread::spawn(move || accept(socket.into(), &shared, then)))
            }
        };
        Ok(Self { address, shared, behind })
    }

    /// What a product's endpoint has to be set to.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The same by name, so that there is a name to look up.
    #[must_use]
    pub fn url_by_name(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// How many requests arrived whole.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::SeqCst)
    }

    /// The ids of the events that it took, whether or not it said so.
    #[must_use]
    pub fn taken(&self) -> BTreeSet<String> {
        lock(&self.shared.taken).clone()
    }

    /// Has a receiver without fault at the same address from now on.
    ///
    /// # Errors
    ///
    /// When the socket cannot be listened on.
    pub fn heal(self) -> io::Result<Receiver> {
        self.shared.is_over.store(true, Ordering::SeqCst);
        let listener = match self.behind {
            Behind::Thread(thread) => {
                drop(TcpStream::connect(self.address));
                thread.join().map_err(|_| io::ErrorKind::Other)?
            }
            Behind::Socket(socket, _) => {
                socket.listen(128)?;
                socket.into()
            }
        };
        Receiver::start_on(listener)
    }
}

/// Connections until there is no room for another.
fn fill(address: SocketAddr) -> io::Result<Vec<Socket>> {
    let mut connections = Vec::new();
    loop {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        let is_full = socket.connect_timeout(&SockAddr::from(address), Duration::from_millis(200)).is_err();
        connections.push(socket);
        if is_full {
            return Ok(connections);
        }
    }
}

fn accept(listener: TcpListener, shared: &Arc<Shared>, then: Fault) -> TcpListener {
    while let Ok((connection, _)) = listener.accept() {
        if shared.is_over.load(Ordering::SeqCst) {
            break;
        }
        let fault = lock(&shared.script).pop_front().unwrap_or(then);
        let shared = shared.clone();
        // That the client goes away in the middle is what this is for.
        thread::spawn(move || drop(treat(connection, &shared, fault)));
    }
    listener
}

fn treat(mut connection: TcpStream, shared: &Shared, fault: Fault) -> io::Result<()> {
    while fault == Fault::BlackHole && !shared.is_over.load(Ordering::SeqCst) {
        sleep(Duration::from_millis(10));
    }
    let Some(request) = usage_receiver::read_request(&connection)? else { return Ok(()) };
    shared.requests.fetch_add(1, Ordering::SeqCst);
    if matches!(fault, Fault::None | Fault::SlowBody | Fault::Reset | Fault::EndlessBody) {
        take(shared, &request);
    }
    let close = "Connection: close\r\n";
    let json = format!("HTTP/1.1 200 OK\r\n{close}Content-Type: application/json\r\n");
    let html = "Content-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>";
    match fault {
        Fault::Reset => {
            socket2::SockRef::from(&connection).set_linger(Some(Duration::ZERO))?;
            return Ok(());
        }
        Fault::SlowBody => {
            connection.write_all(format!("{json}Content-Length: 1000\r\n\r\n").as_bytes())?;
            return slowly(&mut connection, shared, &[b' '; 1000]);
        }
        Fault::SlowHead => {
            return slowly(&mut connection, shared, format!("{json}X-Long: {}\r\n", "x".repeat(1000)).as_bytes());
        }
        Fault::EndlessBody => {
            connection.write_all(format!("{json}\r\n").as_bytes())?;
            while !shared.is_over.load(Ordering::SeqCst) {
                connection.write_all(&[b' '; 4096])?;
            }
        }
        Fault::Garbage => connection.write_all(b"\x15\x03\x01\0\x02\x02\x46 what is this?\r\n\r\n")?,
        Fault::Redirect => connection.write_all(
            format!("HTTP/1.1 302 Found\r\n{close}Location: http://{}/login\r\n{html}", connection.local_addr()?)
                .as_bytes(),
        )?,
        Fault::Page => connection.write_all(format!("HTTP/1.1 200 OK\r\n{close}{html}").as_bytes())?,
        Fault::Status(status, headers) => connection.write_all(
            format!("HTTP/1.1 {status} x\r\n{close}{headers}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}")
                .as_bytes(),
        )?,
        Fault::None => connection.write_all(format!("{json}Content-Length: 16\r\n\r\n{{\"success\":true}}").as_bytes())?,
        Fault::Refused | Fault::BlackHole | Fault::FullBacklog => {}
    }
    // Until the client has read it: a reset would overtake the answer.
    connection.shutdown(std::net::Shutdown::Write)?;
    connection.read_to_end(&mut Vec::new()).map(drop)
}

fn take(shared: &Shared, request: &Request) {
    lock(&shared.taken).extend(ids(request));
}

fn slowly(connection: &mut TcpStream, shared: &Shared, bytes: &[u8]) -> io::Result<()> {
    for byte in bytes {
        if shared.is_over.load(Ordering::SeqCst) {
            break;
        }
        connection.write_all(&[*byte])?;
        sleep(Duration::from_millis(100));
    }
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
