//! A shared library that uses one function of the library.

#[unsafe(no_mangle)]
pub extern "C" fn plug_in() -> usize {
    catalogued::other("words")
}
