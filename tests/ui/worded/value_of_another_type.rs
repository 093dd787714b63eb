use std::borrow::Cow;
use std::error::Error;
use std::ffi::OsString;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use usage_runtime::UsageValue;

fn log(_: &(impl UsageValue + ?Sized)) {}

fn each<const N: usize, T: ToString>(text: &str, error: &dyn Error, value: T) {
    log(text);
    log(&Box::<str>::from(text));
    log(&Rc::<str>::from(text));
    log(&Cow::Borrowed(text));
    log(&OsString::from(text));
    log(&PathBuf::from(text));
    log(text.as_bytes());
    log(&text.chars().next());
    log(error);
    log(&error.to_string());
    log(&value.to_string());
    log(&N);
    log(&0.5_f64);
    log(&Duration::ZERO);
    log(&(true, false));
    log(&Ok::<bool, bool>(true));
}

fn main() {
    each::<1, bool>("", &std::fmt::Error, true);
}
