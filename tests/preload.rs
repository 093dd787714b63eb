//! Libraries that take the place of the C library's functions in one program: so a test can have a
//! system call fail, or kill a process before it. Needs the C compiler that building needs, too.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A library that goes with the value.
#[derive(Debug)]
pub struct Preload {
    _folder: TempDir,
    library: PathBuf,
}

impl Preload {
    /// Compiles this source.
    ///
    /// # Panics
    ///
    /// When there is no C compiler, or it does not like the source.
    #[must_use]
    pub fn compile(source: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let (text, library) = (folder.path().join("preload.c"), folder.path().join("preload.so"));
        std::fs::write(&text, source).expect("a file");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-D_GNU_SOURCE", "-o"]).arg(&library).arg(&text);
        assert!(compiler.status().expect("a C compiler, as for building").success());
        Self { _folder: folder, library }
    }

    /// What the variable `LD_PRELOAD` has to be set to.
    #[must_use]
    pub fn library(&self) -> &Path {
        &self.library
    }
}
