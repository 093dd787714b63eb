//! Receipts: what was sent, kept on the end user's own disk, so that nobody has to take our word
//! for it. The file `receipts` in the product's folder, the newest of them. Written on the sender's
//! thread after each request, once; never sent.
//!
//! A receipt is one line of JSON about the request, and behind it the body as it was sent.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::circle::{self, Circle};
use super::report::LastAnswer;
use super::retry::{self, Answer, Verdict};
use super::segment::Request;
use super::transport::Transport;
use crate::execution::clock::{Timestamp, wall_clock};
use crate::json::{Json, quoted};
use crate::state_folder;

/// The file's name.
pub(super) const FILE: &str = "receipts";
/// What is kept of one body, so that several receipts always fit.
const LONGEST_BODY: usize = 12 * 1024;
/// The line before it is rarely longer.
const LONGEST_LINE: usize = 1024;

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
    pub(super) keeper: Keeper,
}

impl<T: Transport> Transport for Receipted<T> {
    fn send(&mut self, request: &Request) -> Answer {
        let answer = self.transport.send(request);
        // Without a receipt the request was sent all the same; there is nobody to tell.
        let _ = self.keeper.keep(&record(request, &answer, wall_clock()));
        answer
    }
}

/// Where the receipts of one product go.
pub(super) struct Keeper {
    /// The product's folder, where there is one.
    folder: Option<PathBuf>,
    /// Whether the end user still agrees.
    agrees: Box<dyn Fn() -> bool>,
    /// Open while one request follows the other.
    open: Option<Circle>,
}

impl Keeper {
    pub(super) fn new(folder: Option<PathBuf>, agrees: impl Fn() -> bool + 'static) -> Self {
        Self { folder, agrees: Box::new(agrees), open: None }
    }

    /// Who opts out removes the file; so there must be none again that nobody removes. What goes into
    /// the file that was removed is gone. A new one is made only while the end user agrees, and is
    /// removed if they no longer do when it is there.
    fn keep(&mut self, record: &[u8]) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        if let Some(file) = self.open.take().or_else(|| open_safely(folder)) {
            file.add(record)?;
            if !file.is_removed() {
                self.open = Some(file);
                return Ok(());
            }
        }
        if !(self.agrees)() {
            return Ok(());
        }
        state_folder::make(folder)?;
        let made = Circle::make(&folder.join(FILE))?;
        let added = made.add(record);
        // Where nothing can be written, nothing shall be left.
        if added.is_err() || !(self.agrees)() {
            made.remove()?;
            return added;
        }
        self.open = Some(made);
        Ok(())
    }
}

/// The receipts in a product's folder, oldest first; none where none can be read.
pub(super) fn read(folder: &Path) -> Vec<Receipt> {
    let content = circle::read(&folder.join(FILE));
    let (mut rest, mut receipts) = (content.as_slice(), Vec::new());
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let (line, behind) = (rest.get(..end), rest.get(end.saturating_add(1)..));
        rest = behind.unwrap_or_default();
        // What is not the beginning of a receipt is the end of one that was overwritten.
        if let Some((receipt, behind)) = line.and_then(|line| parse(line, rest)) {
            receipts.push(receipt);
            rest = behind;
        }
    }
    receipts
}

/// The file as it is there, if nobody else can have put it there.
fn open_safely(folder: &Path) -> Option<Circle> {
    state_folder::is_safe(folder)
        .is_ok_and(|is_safe| is_safe)
        .then(|| Circle::open(&folder.join(FILE)).ok())?
}

fn record(request: &Request, answer: &Answer, now: SystemTime) -> Vec<u8> {
    let accepted = retry::judge(answer, now) == Verdict::Delivered;
    let said = LastAnswer::to_a_request(answer, accepted);
    let [at, url, answer] = [&*Timestamp(now).to_string(), &request.url, &said.to_string()].map(quoted);
    let (length, body) = (request.body.len(), beginning(&request.body));
    let kept = body.len();
    let mut record = Vec::with_capacity(kept.saturating_add(LONGEST_LINE));
    let _ = writeln!(
        record,
        "{{\"at\":{at},\"url\":{url},\"accepted\":{accepted},\"answer\":{answer},\
        \"body_bytes\":{length},\"kept_bytes\":{kept}}}"
    );
    record.extend_from_slice(body);
    record.push(b'\n');
    record
}

/// The first [`LONGEST_BODY`] bytes, or a little less where a letter would be cut.
fn beginning(body: &[u8]) -> &[u8] {
    let Some((first, [next, ..])) = body.split_at_checked(LONGEST_BODY) else { return body };
    let is_within_letter = |byte: &u8| byte & 0b1100_0000 == 0b1000_0000;
    if !is_within_letter(next) {
        return first;
    }
    let whole = first.iter().rposition(|byte| !is_within_letter(byte)).unwrap_or_default();
    first.get(..whole).unwrap_or_default()
}

/// The receipt that begins with this line and goes on in `rest`, and what stands behind it.
fn parse<'a>(line: &[u8], rest: &'a [u8]) -> Option<(Receipt, &'a [u8])> {
    let value = Json::parse(line)?;
    let text = |name: &str| value.get(name)?.as_str();
    let kept = usize::try_from(value.get("kept_bytes")?.as_u64()?).ok()?;
    let (body, behind) = rest.split_at_checked(kept)?;
    let receipt = Receipt {
        at: text("at")?,
        url: text("url")?,
        accepted: value.get("accepted")?.is_true(),
        answer: text("answer")?,
        body: str::from_utf8(body).ok()?.to_owned(),
        body_bytes: value.get("body_bytes")?.as_u64()?,
    };
    Some((receipt, behind.strip_prefix(b"\n")?))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::fs;
    use std::rc::Rc;

    use super::super::retry::Failure;
    use super::super::testing::{Folder, status};
    use super::*;

    fn request(body: &str) -> Request {
        Request { url: "https://usage.example/v1/batch".to_owned(), headers: Vec::new(), body: body.into() }
    }

    fn kept(folder: &Folder) -> Vec<Receipt> {
        read(&folder.path().join("usage"))
    }

    fn keeper(folder: &Folder, agrees: impl Fn() -> bool + 'static) -> Keeper {
        Keeper::new(Some(folder.path().join("usage")), agrees)
    }

    fn keep(keeper: &mut Keeper, body: &str, answer: &Answer) {
        keeper.keep(&record(&request(body), answer, SystemTime::now())).unwrap();
    }

    fn keep_one(folder: &Folder, body: &str, answer: &Answer) {
        keep(&mut keeper(folder, || true), body, answer);
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
    fn the_newest_are_kept_and_of_each_its_beginning() {
        let folder = Folder::new();
        let long = "\"é".repeat(200_000);
        let mut keeper = keeper(&folder, || true);
        for number in 0..40 {
            // So that a letter is cut at each of its bytes.
            let body = format!("{number} {}{long}", "x".repeat(number % 3));
            keep(&mut keeper, &body, &status(200));
            let length = fs::metadata(folder.path().join("usage").join(FILE)).unwrap().len();
            assert!(length <= circle::MOST_BYTES, "{length}");
        }
        let kept = kept(&folder);
        let numbers: Vec<_> = kept.iter().filter_map(|receipt| receipt.body.split(' ').next()).collect();
        assert_eq!(numbers, ["35", "36", "37", "38", "39"]);
        let last = kept.last().unwrap();
        assert!(last.body.len() <= LONGEST_BODY && last.body_bytes == 600_003);
        assert!(last.to_string().ends_with("bytes more"));
    }

    #[test]
    fn what_is_torn_is_passed_over() {
        let folder = Folder::new();
        for body in ["one", "two", "three"] {
            keep_one(&folder, body, &status(200));
        }
        let path = folder.path().join("usage").join(FILE);
        let text = fs::read_to_string(&path).unwrap();
        let bodies = || kept(&folder).into_iter().map(|receipt| receipt.body).collect::<Vec<_>>();
        fs::write(&path, text.replace("two", "tw")).unwrap();
        assert_eq!(bodies(), ["one", "three"]);
        fs::write(&path, text.replace("\"url\"", "\"")).unwrap();
        assert_eq!(bodies(), [""; 0]);
    }

    #[test]
    fn who_opts_out_during_a_request_is_left_no_receipt() {
        let folder = Folder::new();
        let usage = folder.path().join("usage");
        let has_opted_out = Rc::new(Cell::new(false));
        let told = has_opted_out.clone();
        let mut keeper = keeper(&folder, move || !told.get());
        keep(&mut keeper, "before", &status(200));
        // As `opt_out_stored` does it: first the choice, then the files.
        has_opted_out.set(true);
        crate::delivery::clear(&usage).unwrap();
        keep(&mut keeper, "during", &status(200));
        assert_eq!((kept(&folder), usage.join(FILE).exists()), (vec![], false));
    }

    #[test]
    fn who_opts_out_while_the_file_is_made_is_left_none() {
        let folder = Folder::new();
        // Asked before it is made, and once it is there.
        let asked = Cell::new(0);
        let mut keeper = keeper(&folder, move || asked.replace(asked.get() + 1) == 0);
        keep(&mut keeper, "during", &status(200));
        assert!(!folder.path().join("usage").join(FILE).exists());
    }

    #[test]
    fn a_file_that_somebody_removed_is_made_again() {
        let folder = Folder::new();
        let mut keeper = keeper(&folder, || true);
        keep(&mut keeper, "one", &status(200));
        fs::remove_file(folder.path().join("usage").join(FILE)).unwrap();
        keep(&mut keeper, "two", &status(200));
        assert_eq!(kept(&folder).into_iter().map(|receipt| receipt.body).collect::<Vec<_>>(), ["two"]);
    }
}
