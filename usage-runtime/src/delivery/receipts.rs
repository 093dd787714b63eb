//! Receipts: what was sent, kept on the end user's own disk, so that nobody has to take our word
//! for it. The file `receipts` in the product's folder, the newest [`MOST_BYTES`] of it. Written on
//! the sender's thread after each request; never sent.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::SystemTime;

use super::report::LastAnswer;
use super::retry::{self, Answer, Verdict};
use super::segment::Request;
use super::transport::Transport;
use crate::execution::clock::{Timestamp, wall_clock};
use crate::json::{Json, quoted};
use crate::kept_file;
use crate::logger::UsageLogger;
use crate::small_file;
use crate::state_folder;

/// The file's name.
pub(super) const FILE: &str = "receipts";
/// What the file may hold; beyond it, the older half goes.
const MOST_BYTES: u64 = 64 * 1024;
/// What is kept of one body, so that the newest receipt always fits.
const LONGEST_BODY: usize = 12 * 1024;

/// One request as it was sent, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// When the answer came, or the lack of one was clear; ISO 8601, UTC.
    pub at: String,
    /// Where the request went.
    pub url: String,
    /// Whether the server took it.
    pub accepted: bool,
    /// What the server answered, in words: `delivered`, `status 400`, or why there is no answer.
    pub answer: String,
    /// The JSON body, its first 12 KiB.
    pub body: String,
    /// How long the whole body was, in bytes.
    pub body_bytes: u64,
}

/// `2026-11-23T19:48:41.000Z  accepted: delivered`, then the address and the body on lines of their own.
impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let accepted = if self.accepted { "accepted" } else { "not accepted" };
        write!(f, "{}  {accepted}: {}\nto {}\n{}", self.at, self.answer, self.url, self.body)?;
        let left_out = self.body_bytes.saturating_sub(self.body.len() as u64);
        if left_out > 0 { write!(f, "\n… and {left_out} bytes more") } else { Ok(()) }
    }
}

/// A transport that keeps a receipt of each request.
pub(super) struct Receipted<T> {
    pub(super) transport: T,
    pub(super) logger: &'static UsageLogger,
}

impl<T: Transport> Transport for Receipted<T> {
    fn send(&mut self, request: &Request) -> Answer {
        let answer = self.transport.send(request);
        // Who has opted out meanwhile has deleted the receipts, too.
        if self.logger.decide().is_on()
            && let Some(folder) = state_folder::path(&self.logger.product)
        {
            // Without a receipt the request was sent all the same; there is nobody to tell.
            let _ = keep(&folder, request, &answer, wall_clock());
        }
        answer
    }
}

/// The receipts in a product's folder, oldest first; none where none can be read.
pub(super) fn read(folder: &Path) -> Vec<Receipt> {
    content(&folder.join(FILE)).split(|byte| *byte == b'\n').filter_map(parse).collect()
}

fn keep(folder: &Path, request: &Request, answer: &Answer, now: SystemTime) -> io::Result<()> {
    state_folder::make(folder)?;
    let path = folder.join(FILE);
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600).custom_flags(crate::sys::NO_WAIT | crate::sys::NO_FOLLOW);
    }
    let mut file = options.open(&path)?;
    // In one write, so that the lines of two processes do not mix.
    let written = file.write_all(line(request, answer, now).as_bytes());
    let length = file.metadata()?.len();
    if length == 0 {
        // Where nothing can be written, nothing shall be left.
        fs::remove_file(&path)?;
    }
    written?;
    if length > MOST_BYTES { trim(folder, &path) } else { Ok(()) }
}

/// Leaves the newest half. What another process appends meanwhile may go with the rest.
fn trim(folder: &Path, path: &Path) -> io::Result<()> {
    let content = content(path);
    let newest = content.split_inclusive(|byte| *byte == b'\n').rev();
    let mut room = usize::try_from(MOST_BYTES / 2).unwrap_or_default();
    let fits = |line: &&[u8]| {
        let left = room.checked_sub(line.len());
        room = left.unwrap_or(room);
        left.is_some()
    };
    let kept: usize = newest.take_while(fits).map(<[u8]>::len).sum();
    kept_file::write(folder, FILE, content.get(content.len().saturating_sub(kept)..).unwrap_or_default())
}

fn content(path: &Path) -> Vec<u8> {
    // It can be a little longer than the bound when several processes append at once.
    small_file::read(path, MOST_BYTES.saturating_mul(4)).ok().flatten().unwrap_or_default()
}

fn line(request: &Request, answer: &Answer, now: SystemTime) -> String {
    let accepted = retry::judge(answer, now) == Verdict::Delivered;
    let said = match answer {
        _ if accepted => LastAnswer::Delivered,
        Answer::Status { status, .. } => LastAnswer::Status(*status),
        Answer::Nothing(failure) => LastAnswer::Failed(*failure),
    };
    let [at, url, answer, body] =
        [&Timestamp(now).to_string(), &request.url, &said.to_string(), beginning(&request.body)].map(quoted);
    let length = request.body.len();
    format!(
        "{{\"at\":{at},\"url\":{url},\"accepted\":{accepted},\"answer\":{answer},\
        \"body_bytes\":{length},\"body\":{body}}}\n"
    )
}

/// The first [`LONGEST_BODY`] bytes, or a little less where a letter would be cut.
fn beginning(body: &str) -> &str {
    if body.len() <= LONGEST_BODY {
        return body;
    }
    (0..=LONGEST_BODY).rev().find_map(|end| body.get(..end)).unwrap_or_default()
}

fn parse(line: &[u8]) -> Option<Receipt> {
    let value = Json::parse(line)?;
    let text = |name: &str| value.get(name)?.as_str();
    Some(Receipt {
        at: text("at")?,
        url: text("url")?,
        accepted: value.get("accepted")?.is_true(),
        answer: text("answer")?,
        body: text("body")?,
        body_bytes: value.get("body_bytes")?.as_u64()?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::retry::Failure;
    use super::super::testing::{Folder, status};
    use super::*;

    fn request(body: &str) -> Request {
        Request {
            url: "https://usage.example/v1/batch".to_owned(),
            headers: Vec::new(),
            body: body.to_owned(),
        }
    }

    fn kept(folder: &Folder) -> Vec<Receipt> {
        read(&folder.path().join("usage"))
    }

    fn keep_one(folder: &Folder, body: &str, answer: &Answer) {
        keep(&folder.path().join("usage"), &request(body), answer, SystemTime::now()).unwrap();
    }

    #[test]
    fn a_receipt_says_what_was_sent_and_what_came_of_it() {
        let folder = Folder::new();
        assert_eq!(kept(&folder), []);
        keep_one(&folder, "{\"a\":\n1}", &status(200));
        keep_one(&folder, "{}", &status(400));
        keep_one(&folder, "{}", &Answer::Nothing(Failure::UnknownHost));
        let kept = kept(&folder);
        assert_eq!(kept.iter().map(|receipt| receipt.accepted).collect::<Vec<_>>(), [true, false, false]);
        assert_eq!((kept[0].body.as_str(), kept[0].answer.as_str()), ("{\"a\":\n1}", "delivered"));
        assert_eq!(kept[1].answer, "status 400");
        assert!(
            kept[0].to_string().contains("accepted: delivered\nto https://usage.example/v1/batch\n{\"a\":")
        );
    }

    #[test]
    fn the_file_stays_within_its_bound_and_the_newest_are_kept() {
        let folder = Folder::new();
        let long = "\"é".repeat(200_000);
        for number in 0..40 {
            keep_one(&folder, &format!("{number} {long}"), &status(200));
            let length = fs::metadata(folder.path().join("usage").join(FILE)).unwrap().len();
            assert!(length <= MOST_BYTES, "{length}");
        }
        let last = kept(&folder).pop().unwrap();
        assert!(last.body.starts_with("39 ") && last.body.len() <= LONGEST_BODY);
        assert_eq!(last.body_bytes, 600_003);
        assert!(last.to_string().ends_with("bytes more"));
    }

    #[test]
    fn a_line_that_is_torn_is_passed_over() {
        let folder = Folder::new();
        keep_one(&folder, "one", &status(200));
        let path = folder.path().join("usage").join(FILE);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{}\n\n\u{0}{{\n{text}", &text[..9])).unwrap();
        assert_eq!(kept(&folder).len(), 1);
    }
}
