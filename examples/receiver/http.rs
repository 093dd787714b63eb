//! One HTTP/1.1 request off a connection and one answer onto it. Knows nothing of Segment.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::TcpStream;

use serde_json::Value;

/// More than any body that Segment takes; what is longer is cut off by closing the connection.
const LONGEST: usize = 1 << 20;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Request {
    /// `POST`, in capitals.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// Names, in their own spelling, and values.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

impl Request {
    /// The value of the header `name`, whatever its case; `None` where there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The messages of the batch; empty where the body holds none.
    #[must_use]
    pub fn messages(&self) -> Vec<Value> {
        self.json()["batch"].as_array().cloned().unwrap_or_default()
    }
}

/// Shows the request as one reads it: request line, headers, indented body.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.method, self.path)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value}")?;
        }
        write!(f, "\n{:#}", self.json())
    }
}

/// The next request of a connection; `None` when the peer has closed it.
///
/// # Errors
///
/// When the connection breaks, or when what comes over it is not HTTP or too long.
pub fn read(mut connection: &TcpStream) -> io::Result<Option<Request>> {
    let mut bytes = Vec::new();
    let (mut request, head) = loop {
        if let Some(parsed) = parse_head(&bytes)? {
            break parsed;
        }
        if !read_more(&mut connection, &mut bytes)? {
            return Ok(None);
        }
    };
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while bytes.len() < head + length {
        if !read_more(&mut connection, &mut bytes)? {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    request.body = bytes[head..head + length].to_vec();
    Ok(Some(request))
}

/// Answers with a status line's text and a JSON body.
pub(crate) fn answer(mut connection: &TcpStream, status: &str, body: &Value) -> io::Result<()> {
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    connection.write_all((head + &body).as_bytes())
}

/// The request line and the headers with the length of both, once they are all there.
fn parse_head(bytes: &[u8]) -> io::Result<Option<(Request, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut parsed = httparse::Request::new(&mut headers);
    let status = parsed.parse(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    let httparse::Status::Complete(head) = status else {
        return Ok(None);
    };
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let request = Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        path: parsed.path.unwrap_or_default().to_owned(),
        headers: parsed.headers.iter().map(|header| (header.name.to_owned(), text(header.value))).collect(),
        body: Vec::new(),
    };
    Ok(Some((request, head)))
}

fn read_more(connection: &mut &TcpStream, bytes: &mut Vec<u8>) -> io::Result<bool> {
    let mut chunk = [0; 8192];
    let read = connection.read(&mut chunk)?;
    bytes.extend_from_slice(&chunk[..read]);
    if bytes.len() > LONGEST { Err(io::ErrorKind::InvalidData.into()) } else { Ok(read > 0) }
}
