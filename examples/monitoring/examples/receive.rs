//! Runs driftwatch on the bundled data with a receiver on loopback in Segment's place, and shows
//! what arrives there.

use std::error::Error;
use std::io::{self, Write};
use std::process::Command;
use std::time::Duration;

use usage_receiver::Receiver;

fn main() -> Result<(), Box<dyn Error>> {
    let receiver = Receiver::start()?;
    // Through pipes: on a terminal its first run would show a notice, and send nothing.
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--", "run"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("DRIFTWATCH_USAGE_ENDPOINT", receiver.endpoint())
        .output()?;
    io::stderr().write_all(&output.stderr)?;
    io::stdout().write_all(&output.stdout)?;
    println!();
    let arrived = receiver.wait_for_messages(1, Duration::from_secs(1));
    for message in &arrived {
        let Some(properties) = message["properties"].as_object() else { continue };
        let told = ["metrics", "continuous_method_names", "kind", "normalize", "parent"];
        let told = told.into_iter().filter_map(|name| Some(format!("{name}={}", properties.get(name)?)));
        let event = message["event"].as_str().unwrap_or_default();
        println!("{event:52}  {:.4} s  {}", properties["run_time"], told.collect::<Vec<_>>().join(" "));
    }
    println!("{} events arrived.", arrived.len());
    if arrived.is_empty() {
        println!("`cargo run -- usage explain` says which switch is off.");
    }
    std::process::exit(output.status.code().unwrap_or(1));
}
