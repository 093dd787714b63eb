//! An endpoint that speaks TLS with a certificate that is its own, for which nobody vouches.

use std::fmt::Debug;
use std::io::{self, Read};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

/// Of 127.0.0.1 and of `usage.invalid`, see the runtime's `https_tests.rs`.
const CERTIFICATE_AND_KEY: &[u8] = include_bytes!("../usage-runtime/src/delivery/https_tests.pem");

/// A running endpoint.
#[derive(Debug)]
pub struct Untrusted {
    address: SocketAddr,
    seen: Arc<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    connections: AtomicUsize,
    bytes: AtomicUsize,
}

impl Untrusted {
    /// Starts it.
    ///
    /// # Errors
    ///
    /// When loopback gives no port, or the certificate is no good.
    pub fn start() -> io::Result<Self> {
        let certificate = CertificateDer::from_pem_slice(CERTIFICATE_AND_KEY).map_err(other)?;
        let key = PrivateKeyDer::from_pem_slice(CERTIFICATE_AND_KEY).map_err(other)?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(other)?
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .map_err(other)?;
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let untrusted = Self { address: listener.local_addr()?, seen: Arc::default() };
        let (config, seen) = (Arc::new(config), untrusted.seen.clone());
        thread::spawn(move || {
            for mut connection in listener.incoming().flatten() {
                seen.connections.fetch_add(1, Ordering::SeqCst);
                let Ok(mut session) = ServerConnection::new(config.clone()) else { continue };
                let mut told = Vec::new();
                // That the client breaks it off is what this is for.
                let _ = Stream::new(&mut session, &mut connection).read_to_end(&mut told);
                seen.bytes.fetch_add(told.len(), Ordering::SeqCst);
            }
        });
        Ok(untrusted)
    }

    /// What a product's endpoint has to be set to.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// How often somebody connected, and how many bytes they then told it.
    #[must_use]
    pub fn seen(&self) -> (usize, usize) {
        (self.seen.connections.load(Ordering::SeqCst), self.seen.bytes.load(Ordering::SeqCst))
    }

    /// The certificate, for whoever would trust it.
    #[must_use]
    pub const fn certificate() -> &'static [u8] {
        CERTIFICATE_AND_KEY
    }
}

fn other(error: impl Debug) -> io::Error {
    io::Error::other(format!("{error:?}"))
}
