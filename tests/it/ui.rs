//! What the macros accept and refuse, with the compiler's words; `TRYBUILD=overwrite` renews them.

#[test]
fn the_macros_accept_and_refuse_what_they_should() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
    cases.compile_fail("ui/fail/*.rs");
}
