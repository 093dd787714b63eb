//! Hosts whose endpoint, over real TLS, cannot prove who it is. That a trusted one gets its requests is
//! shown in the runtime's own tests: a host trusts no certificate that a test could have.

use std::time::{Duration, Instant};

use usage_tests::World;
use usage_tests::tls::Untrusted;

use crate::ends::{looks_the_same, world};

const EVENTS: usize = 3;

/// A world whose machine trusts the endpoint, as far as anybody can have it do so.
fn world_that_vouches_for(endpoint: &Untrusted, world: World) -> World {
    let world = world.with_file("certificate.pem", Untrusted::certificate());
    let certificate = world.path("certificate.pem").to_string_lossy().into_owned();
    world
        .with("NML_USAGE_ENDPOINT", &endpoint.url())
        .with("SSL_CERT_FILE", &certificate)
        .with("CURL_CA_BUNDLE", &certificate)
        .with("SSL_CERT_DIR", "/")
}

#[test]
fn an_endpoint_that_nobody_vouches_for_is_told_nothing_and_the_events_wait() {
    let endpoint = Untrusted::start().expect("a port");
    let world = world_that_vouches_for(&endpoint, world());
    let begin = Instant::now();
    looks_the_same(|| world.command(&["none", "exit", &EVENTS.to_string()]));
    assert!(begin.elapsed() < Duration::from_secs(5), "it waited for the endpoint");
    assert_eq!(world.waiting_in_files(), EVENTS);

    // With time enough to hear the endpoint out.
    let world = world_that_vouches_for(&endpoint, crate::host());
    let told = world.run_well(&["inner", "explain"]);
    assert!(told.contains("1 waiting") && told.contains("last request: not secure"), "{told}");
    assert_eq!(world.waiting_in_files(), 1);
    let (connections, bytes) = endpoint.seen();
    assert!(connections >= 2 && bytes == 0, "{connections} connections, {bytes} bytes");
}
