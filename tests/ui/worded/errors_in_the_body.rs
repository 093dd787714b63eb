//! What is wrong in a function is said in the words and in the places of the function without the
//! attribute.

use usage_runtime::{UsageLogger, log_usage};

pub static USAGE: UsageLogger = UsageLogger::new("ui", "0.0.0");

type Aliased = Result<u8, ()>;

#[log_usage(event = "e")]
fn without_a_value(x: u8) -> Result<u8, ()> {
    let y = x;
    y + 1;
}

#[log_usage(event = "e")]
fn empty() -> Aliased {}

#[log_usage(event = "e")]
async fn empty_later() -> Result<u8, ()> {}

#[log_usage(event = "e")]
async fn of_another_type(x: u8) -> Result<String, ()> {
    if x == 1 {
        return x;
    }
    Ok(x)
}

struct Fields {
    list: Vec<String>,
}

impl Fields {
    #[log_usage(event = "e")]
    fn of_a_shared_receiver(&self) -> Result<(), ()> {
        self.list.clear();
        Err(())
    }
}

#[log_usage(event = "e")]
fn of_a_shared_argument(list: &Vec<String>) -> Aliased {
    list.clear();
    Err(())
}

#[log_usage(event = "e")]
async fn of_a_constant_argument(text: String) -> Aliased {
    text.clear();
    Err(())
}

#[log_usage(event = "e")]
fn of_an_argument_that_is_no_variable(number: u8) -> Aliased {
    number = 2;
    Some(number).ok_or(())
}

fn main() {}
