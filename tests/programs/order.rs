//! A control for the tests of the spool, with two orders in which a file can come into being: named
//! and then locked, as one would do it at first, or locked and then named, as the spool does. It shows
//! that processes lose events by the one and none by the other. Uses nothing of usage logging.
//!
//! `named-first FOLDER` and `locked-first FOLDER` record, with a pause between the two steps until
//! standard input has a line; `adopt FOLDER` prints what was left behind, and removes it.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

const EVENTS: usize = 25;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [order, folder] = arguments.as_slice() else { panic!("an order and a folder") };
    let folder = Path::new(folder);
    let (unborn, complete) = (folder.join("file.new"), folder.join("file.jsonl"));
    match order.as_str() {
        "named-first" => {
            let file = create(&complete)?;
            pause()?;
            file.lock()?;
            record(&file)
        }
        "locked-first" => {
            let file = create(&unborn)?;
            file.lock()?;
            pause()?;
            fs::rename(&unborn, &complete)?;
            record(&file)
        }
        _ => adopt(&complete),
    }
}

fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create_new(true).open(path)
}

fn pause() -> io::Result<()> {
    println!("between the steps");
    io::stdin().read_line(&mut String::new()).map(drop)
}

fn record(mut file: &File) -> io::Result<()> {
    (0..EVENTS).try_for_each(|event| writeln!(file, "{event}"))
}

fn adopt(path: &Path) -> io::Result<()> {
    let Ok(mut file) = File::open(path) else { return Ok(()) };
    if file.try_lock().is_ok() {
        let mut events = String::new();
        file.read_to_string(&mut events)?;
        print!("{events}");
        fs::remove_file(path)?;
    }
    Ok(())
}
