//! Clocks that jump by a day: nothing is held back, lost or doubled for it, and nobody sees a difference.

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use usage_tests::preload::Preload;

use crate::ends::{arrive_later, looks_the_same, world};

const EVENTS: usize = 3;

/// In place of the C library's: tells the wall clock's time as it is a few times, and then another.
const JUMPING_CLOCK: &str = r#"
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t clock, struct timespec *time) {
    static atomic_int readings;
    int result = syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && clock == CLOCK_REALTIME && atomic_fetch_add(&readings, 1) >= atoi(getenv("READINGS")))
        time->tv_sec += atoi(getenv("JUMP"));
    return result;
}
"#;

/// While it runs: before its first event, between its events, or when its sender has begun.
#[test]
fn a_host_whose_clock_jumps_by_a_day_looks_as_ever_and_loses_nothing() {
    const A_DAY: i64 = 24 * 3600;
    let clock = Preload::compile(JUMPING_CLOCK);
    for (jump, readings) in [(A_DAY, 0), (A_DAY, 2), (A_DAY, 6), (-A_DAY, 0), (-A_DAY, 2), (-A_DAY, 6)] {
        let world = world();
        looks_the_same(|| {
            let mut command = world.command(&["none", "exit", &EVENTS.to_string()]);
            command.env("LD_PRELOAD", clock.library());
            command.env("JUMP", jump.to_string()).env("READINGS", readings.to_string());
            command
        });
        arrive_later(&world, "none", EVENTS);
        let day =
            |message: &serde_json::Value| message["timestamp"].as_str().map(|time| time[..10].to_owned());
        let days: BTreeSet<_> = world.receiver.messages().iter().map(day).collect();
        assert!(readings > 0 || days.len() > 1, "the clock did not jump: {days:?}");
    }
}

/// A clock that jumps by a day leaves a gate that closes tomorrow, and files of tomorrow or yesterday.
#[test]
fn a_clock_that_jumps_by_a_day_holds_nothing_back() {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    let now = SystemTime::now();
    for moment in [now + DAY, now - DAY] {
        let world = world();
        assert!(!world.run(&["none", "killed", &EVENTS.to_string()]).status.success());
        let until =
            (moment + Duration::from_secs(60)).duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        let endpoint = world.receiver.endpoint();
        let gate = format!(r#"{{"until":{until},"reason":"timeout","failures":1,"endpoint":"{endpoint}"}}"#);
        fs::write(world.spool().join("gate"), gate).expect("the gate");
        for file in world.files_at_home() {
            fs::File::options()
                .append(true)
                .open(file)
                .and_then(|file| file.set_modified(moment))
                .expect("its time");
        }
        arrive_later(&world, "none", EVENTS);
    }
}
