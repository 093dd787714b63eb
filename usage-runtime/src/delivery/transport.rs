//! How a request travels: over HTTP, onto the terminal, or, in tests, into memory.

use super::retry::Answer;
use super::segment::Request;

/// Carries one request and brings back what came of it. Used on the sender's thread alone; may
/// take as long as its own time limit.
pub(super) trait Transport {
    fn send(&mut self, request: &Request) -> Answer;
}
