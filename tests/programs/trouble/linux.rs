//! A host that gets itself into trouble. The first argument names what it does to itself before its
//! first call (several, with commas), the second how it ends, the third how many calls it makes.
//! It writes to both outputs, so that a test can hold these against those of the same host without
//! usage logging.

use std::io::Write;
use std::process::{abort, exit};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;
use std::{env, fs};

use usage_runtime::{UsageLogger, log_usage};

pub(crate) static USAGE: UsageLogger =
    UsageLogger::new("nannyml", "0.13.1").write_key("WRITE_KEY").env_prefix("NML").without_budget();

/// Whoever nobody else is.
const NOBODY: u32 = 54_321;

/// The exit code of a host whose trouble did not come about.
const NO_TROUBLE: i32 = 99;

pub(crate) fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [trouble, end, calls] = &arguments[..] else { exit(98) };
    let calls: usize = calls.parse().expect("a number of calls");
    INHERITED.store(open_descriptors(), Ordering::Relaxed);
    println!("out, before");
    trouble.split(',').for_each(get_into);
    for number in 0..calls {
        call();
        if end.starts_with("report each") {
            println!("{number}");
        }
    }
    eprintln!("error, after");
    come_to(end);
    println!("out, after");
}

#[log_usage(event = "Call")]
fn call() {}

fn get_into(trouble: &str) {
    match trouble {
        "none" => {}
        "nobody" => become_nobody(),
        "no threads" => {
            become_nobody();
            limit(libc::RLIMIT_NPROC, 0);
            expect_trouble(thread::Builder::new().spawn(|| ()).is_err());
        }
        "no descriptors" => {
            limit(libc::RLIMIT_NOFILE, 3);
            expect_trouble(fs::File::open("/dev/null").is_err());
        }
        few if few.starts_with("descriptors: ") => {
            let most = few["descriptors: ".len()..].parse().expect("a number of descriptors");
            // What whoever runs the tests had open would be among them.
            close_all();
            INHERITED.store(0, Ordering::Relaxed);
            limit(libc::RLIMIT_NOFILE, most);
        }
        "no file size" => {
            // Without this the kernel ends the process instead.
            // SAFETY: no handler of ours, and no other thread yet.
            unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
            limit(libc::RLIMIT_FSIZE, 0);
        }
        "fork" | "raw fork" | "same id" | "exec" => in_a_child(trouble),
        // SAFETY: it only reads what the kernel gave to this process.
        "borrowed rights" => expect_trouble(unsafe { libc::getauxval(libc::AT_SECURE) } != 0),
        "full disk" => {
            let home = env::var("HOME").expect("a home");
            let is_full = fs::write(format!("{home}/test"), vec![0; 100_000]).is_err();
            let _ = fs::remove_file(format!("{home}/test"));
            expect_trouble(is_full);
        }
        unknown => unreachable!("no such trouble: {unknown}"),
    }
}

/// Root is above limits, so it becomes somebody else first.
fn become_nobody() {
    // SAFETY: plain system calls with plain numbers, before any other thread runs.
    unsafe {
        if libc::geteuid() == 0 {
            assert_eq!(libc::setgroups(0, std::ptr::null()), 0);
            assert_eq!((libc::setgid(NOBODY), libc::setuid(NOBODY)), (0, 0));
        }
    }
}

#[cfg(target_env = "gnu")]
type Resource = libc::__rlimit_resource_t;
#[cfg(not(target_env = "gnu"))]
type Resource = libc::c_int;

fn limit(resource: Resource, most: libc::rlim_t) {
    let limit = libc::rlimit { rlim_cur: most, rlim_max: most };
    // SAFETY: `limit` is a valid value for the length of the call.
    assert_eq!(unsafe { libc::setrlimit(resource, &raw const limit) }, 0);
}

fn expect_trouble(is_there: bool) {
    if !is_there {
        exit(NO_TROUBLE);
    }
}

fn come_to(end: &str) {
    match end {
        "return" | "report each" => {}
        "when all is sent" | "report each, then wait" => usage_tests::until_all_is_sent(&USAGE),
        "tell its memory" => println!("{}", most_memory()),
        "tell its memory when all is sent" => {
            usage_tests::until_all_is_sent(&USAGE);
            println!("{}", most_memory());
        }
        "exit" => exit(7),
        "flush" => {
            USAGE.flush(Duration::from_secs(10));
            // For what others left, which comes after that.
            thread::sleep(Duration::from_millis(100));
        }
        "fork" | "raw fork" | "same id" | "exec" => {
            in_a_child(end);
            exit(7);
        }
        "close all" => {
            USAGE.flush(Duration::from_secs(10));
            until_the_sender_rests();
            close_all();
            let mut own = fs::File::create_new("own").expect("a file");
            own.write_all(b"the host's").expect("it is written");
            (0..3).for_each(|_| call());
            println!("{}", fs::read_to_string("own").expect("text"));
            fs::remove_file("own").expect("it is the host's");
            exit(7);
        }
        "exit while threads call" => {
            for _ in 0..4 {
                thread::spawn(|| {
                    loop {
                        call();
                    }
                });
            }
            thread::sleep(Duration::from_millis(20));
            exit(7);
        }
        "exit from a thread" => {
            thread::spawn(|| exit(8));
            thread::sleep(Duration::from_secs(60));
        }
        "panic" => panic!("the host's own"),
        "abort" => abort(),
        "terminated" => raise(libc::SIGTERM),
        "killed" => raise(libc::SIGKILL),
        // A child that outlives this process and has inherited what is not closed for it.
        "killed, with a child" => {
            let mut child = std::process::Command::new("sleep");
            child.arg("60").stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
            println!("{}", child.spawn().expect("a child").id());
            raise(libc::SIGKILL);
        }
        // The same with a child that is this program, as a daemon is.
        "killed, with a forked child" => {
            // SAFETY: as in `in_a_child`; the child does nothing but sleep.
            let child = unsafe { libc::fork() };
            if child == 0 {
                // SAFETY: it closes what the test waits for to be closed.
                unsafe { (libc::close(1), libc::close(2)) };
                thread::sleep(Duration::from_secs(60));
                exit(0);
            }
            println!("{child}");
            raise(libc::SIGKILL);
        }
        unknown => unreachable!("no such end: {unknown}"),
    }
}

/// Waits until nothing but outputs and the spool's file has been open for a while: what a thread has in
/// its hand nobody can close without harm.
fn until_the_sender_rests() {
    let mut looks = 0;
    while looks < 200 {
        looks = if open_descriptors() > INHERITED.load(Ordering::Relaxed) { 0 } else { looks + 1 };
        thread::sleep(Duration::from_millis(1));
    }
}

/// What was open when this program began.
static INHERITED: AtomicUsize = AtomicUsize::new(0);

fn open_descriptors() -> usize {
    // SAFETY: a system call with numbers.
    (3..128).filter(|descriptor| unsafe { libc::fcntl(*descriptor, libc::F_GETFD) } >= 0).count()
}

/// Closes every descriptor that is not an output, as some hosts do that want to know what they have.
fn close_all() {
    for descriptor in 3..1024 {
        // SAFETY: a system call with a number; this program itself has no other open.
        unsafe { libc::close(descriptor) };
    }
}

/// Makes one call in a child that came about like this, and ends it as programs end.
fn in_a_child(way: &str) {
    if way == "exec" {
        let mut child = std::process::Command::new(env::current_exe().expect("its own file"));
        let status = child.args(["none", "return", "1"]).status().expect("it starts");
        return println!("the child ends with {status}");
    }
    let child = match way {
        // SAFETY: beside the sender, on which the child does not depend, this program has one thread.
        "fork" => unsafe { libc::fork() },
        #[cfg(target_os = "linux")]
        "raw fork" => {
            // SAFETY: as above; without flags it is what `fork` does, but that the C library knows nothing.
            let forked = unsafe { libc::syscall(libc::SYS_clone, libc::SIGCHLD, 0, 0, 0, 0) };
            libc::pid_t::try_from(forked).expect("a process id")
        }
        // Each of the two is the first process of a namespace of its own.
        #[cfg(target_os = "linux")]
        "same id" => {
            // SAFETY: as above, and a system call with a number.
            expect_trouble(std::process::id() == 1 && unsafe { libc::unshare(libc::CLONE_NEWPID) } == 0);
            // SAFETY: as above.
            unsafe { libc::fork() }
        }
        other => unreachable!("no such way here: {other}"),
    };
    if child == 0 {
        call();
        println!("in the child");
        exit(9);
    }
    let mut status = 0;
    // SAFETY: `status` is a place to write to.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    println!("the child ends with {status}");
}

/// Kilobytes.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).expect("its memory")
}

fn raise(signal: libc::c_int) {
    // SAFETY: a system call with plain numbers.
    unsafe { libc::kill(libc::getpid(), signal) };
    thread::sleep(Duration::from_secs(60));
}
