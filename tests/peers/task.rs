//! What each of these programs is told to do, and what it says: `PROGRAM URL EVENTS END`.

#![allow(dead_code, reason = "each program takes what it needs")]

use std::io::{self, Read};
use std::process;
use std::time::{SystemTime, UNIX_EPOCH};

/// How the program ends, after its last event.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It returns from `main`, and has its client flush before if that has a way to.
    Return,
    /// It calls `process::exit` at once.
    Exit,
    /// It waits to be killed.
    Killed,
    /// It flushes, and then lives until nobody holds its standard input any more.
    Live,
}

/// What the arguments say.
pub struct Task {
    /// Where to send the events.
    pub url: String,
    /// How many.
    pub events: usize,
    end: End,
}

impl Task {
    pub fn given() -> Self {
        let mut arguments = std::env::args().skip(1);
        let url = arguments.next().expect("a URL");
        let events = arguments.next().and_then(|count| count.parse().ok()).expect("a number of events");
        let end = match arguments.next().as_deref() {
            Some("return") => End::Return,
            Some("exit") => End::Exit,
            Some("killed") => End::Killed,
            Some("live") => End::Live,
            _ => panic!("no way to end"),
        };
        Self { url, events, end }
    }

    /// Whether the client is to flush before [`Task::end`].
    pub fn is_flushed_at_once(&self) -> bool {
        self.end == End::Live
    }

    /// After the last event: says when that was, and ends the program unless it is to end well.
    pub fn end(&self) {
        println!("{}", SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos());
        match self.end {
            End::Return => {}
            End::Exit => process::exit(0),
            End::Killed | End::Live => drop(io::stdin().read_to_end(&mut Vec::new())),
        }
    }
}
