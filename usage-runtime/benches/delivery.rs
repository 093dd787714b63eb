//! What it takes from the file to the wire: events per second of the sender's own CPU time, beside a
//! loop by hand that posts ready bodies with the same HTTP client to the same receiver on loopback.
//! Linux alone: it is the kernel that knows what one thread took.
//!
//! ```sh
//! cargo bench -p usage-runtime --bench delivery
//! ```

#[allow(dead_code, reason = "shared by all benchmarks")]
mod subjects;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{env, fs, mem, thread};

use subjects::RECORDED;

const ROUNDS: usize = 41;
/// Fewer than may wait in the files of one process.
const EVENTS: u16 = 4000;
const IN_A_BODY: usize = 100;
/// Objects in the message of an event, itself one of them.
const OBJECTS_AN_EVENT: usize = 7;

/// Bodies that the receiver has taken.
static BODIES: AtomicUsize = AtomicUsize::new(0);
/// The objects in them.
static OBJECTS: AtomicUsize = AtomicUsize::new(0);
/// The processor of those who send. Where the receiver runs is chance otherwise, and makes a great
/// difference: to wake another processor is most of what a small request costs.
const SENDERS: usize = 0;
/// That of the receiver.
static RECEIVERS: AtomicUsize = AtomicUsize::new(SENDERS);
/// While somebody holds it, nothing is answered.
static ANSWERS: Mutex<()> = Mutex::new(());

fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    let home = tempfile::tempdir().expect("a folder");
    // SAFETY: no other thread runs yet.
    unsafe {
        env::set_var("HOME", home.path());
        env::set_var("BENCH_RECORDED_USAGE_ENDPOINT", &url);
        env::remove_var("XDG_STATE_HOME");
    }
    thread::spawn(move || receive(&listener));
    stay_on(SENDERS);
    subjects::prepare(home.path());
    assert!(RECORDED.flush(Duration::from_secs(10)), "{}", RECORDED.explain());
    // Its event, which nobody takes, would be tried in between.
    subjects::SPENT.disable();
    println!("| bodies of {IN_A_BODY} events | receiver on | events per core-second |\n|---|---|---|");
    for (processor, place) in [(SENDERS, "the same processor"), (SENDERS + 1, "another one")] {
        RECEIVERS.store(processor, Ordering::SeqCst);
        let mut rounds: Vec<[f64; 2]> = (0..ROUNDS).map(|_| [by_hand(&url), by_sender()]).collect();
        let cases = ["ready ones, posted in a loop by hand", "from the spool, by the sender"];
        for (case, name) in cases.iter().enumerate() {
            rounds.sort_by(|a, b| a[case].total_cmp(&b[case]));
            println!("| {name} | {place} | {:.0} |", 1e9 / rounds[ROUNDS / 2][case]);
        }
    }
}

/// Has this thread, and those that it begins, run on one processor, where there is that.
fn stay_on(processor: usize) {
    // SAFETY: all zeros is an empty set, and it lives for the length of the calls.
    unsafe {
        let mut set: libc::cpu_set_t = mem::zeroed();
        libc::CPU_SET(processor, &mut set);
        libc::sched_setaffinity(0, size_of_val(&set), &raw const set);
    }
}

/// Nanoseconds an event on the sender's thread.
fn by_sender() -> f64 {
    let before = cpu_time("usage-logging");
    let received = [&BODIES, &OBJECTS].map(|count| count.load(Ordering::SeqCst));
    // The first body waits for its answer until all is recorded, so that the others are full.
    let held = ANSWERS.lock().expect("nobody panics");
    (0..EVENTS).for_each(|_| assert!(subjects::noop_recorded(1).is_ok()));
    drop(held);
    RECORDED.flush(Duration::from_secs(10));
    let [bodies, objects] = [&BODIES, &OBJECTS].map(|count| count.load(Ordering::SeqCst));
    let (bodies, objects) = (bodies - received[0], objects - received[1]);
    assert_eq!(objects, usize::from(EVENTS) * OBJECTS_AN_EVENT + bodies, "all arrive, each once");
    assert!(bodies < usize::from(EVENTS) / IN_A_BODY + 8, "{bodies} bodies: each file may end with a part");
    (cpu_time("usage-logging") - before) / f64::from(EVENTS)
}

/// The same on this thread, for bodies that are there already.
fn by_hand(url: &str) -> f64 {
    let event = format!("{{\"type\":\"track\",\"x\":\"{}\"}}", "x".repeat(505));
    let body = format!("{{\"batch\":[{}]}}", vec![event; IN_A_BODY].join(","));
    let agent = ureq::Agent::new_with_defaults();
    let before = cpu_time("hand");
    for _ in 0..usize::from(EVENTS) / IN_A_BODY {
        let answer = agent.post(url).header("content-type", "application/json").send(&body);
        // Read to its end, or the connection would serve this one request alone.
        let said = answer.and_then(|mut answer| answer.body_mut().read_to_string());
        assert_eq!(said.expect("an answer"), r#"{"success":true}"#);
    }
    (cpu_time("hand") - before) / f64::from(EVENTS)
}

/// Takes all that comes, one connection a thread; parses no more than where a request ends.
fn receive(listener: &TcpListener) {
    for stream in listener.incoming().flatten() {
        thread::spawn(move || {
            stay_on(RECEIVERS.load(Ordering::SeqCst));
            answer(stream)
        });
    }
}

#[expect(clippy::naive_bytecount, reason = "quick enough, and no crate more")]
fn answer(mut stream: TcpStream) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let (mut line, mut body) = (String::new(), Vec::new());
    loop {
        let mut length = 0;
        loop {
            line.clear();
            reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
            if line == "\r\n" {
                break;
            }
            if let Some((_, value)) =
                line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            {
                length = value.trim().parse().ok()?;
            }
        }
        body.resize(length, 0);
        reader.read_exact(&mut body).ok()?;
        drop(ANSWERS.lock().ok()?);
        OBJECTS.fetch_add(body.iter().filter(|byte| **byte == b'{').count(), Ordering::SeqCst);
        BODIES.fetch_add(1, Ordering::SeqCst);
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 16\r\n\r\n{\"success\":true}").ok()?;
    }
}

/// Nanoseconds that this process's thread of that name, or the main one, has had on a processor.
fn cpu_time(thread: &str) -> f64 {
    let threads = fs::read_dir("/proc/self/task").expect("the threads").flatten().map(|entry| entry.path());
    let named = |path: &std::path::PathBuf| {
        fs::read_to_string(path.join("comm")).is_ok_and(|name| name.trim() == thread)
    };
    let mut found = threads.filter(named);
    let path = found.next().unwrap_or_else(|| "/proc/thread-self".into());
    let times = fs::read_to_string(path.join("schedstat")).expect("its times");
    times.split_whitespace().next().and_then(|time| time.parse().ok()).expect("nanoseconds")
}
