//! What course a body takes, told by its words, without being parsed: the words are read once, for to read them
//! takes longer than all else that is asked of a body.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::tokens::is_written_like_a_type;

/// Macros of std that leave no function with a value.
const MACROS_OF_STD: [&str; 22] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "concat",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "eprint",
    "eprintln",
    "format",
    "format_args",
    "matches",
    "panic",
    "print",
    "println",
    "stringify",
    "todo",
    "unimplemented",
    "unreachable",
    "vec",
    "write",
    "writeln",
];

/// What course a body takes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Course {
    /// Whether it may be left before its end, with a value. For all that is known, by a macro that is not one
    /// of std's, too; if an author has one by the same name that does that, its value is not looked at.
    pub(crate) may_end_early: bool,
    has_loop: bool,
    has_call: bool,
}

/// What stands before a token, as far as it matters.
enum Before {
    /// A word, perhaps the name of a function that is called.
    Word(String),
    /// A word and `!`.
    Macro(String),
    /// `>`, perhaps behind the types of a function that is called.
    Angle,
    Else,
}

impl Course {
    pub(crate) fn of(body: TokenStream) -> Self {
        let mut course = Self::default();
        course.follow(body);
        course
    }

    /// Whether it loops or calls nothing. Such a body may be small and called often.
    pub(crate) fn works_by_itself(self) -> bool {
        self.has_loop || !self.has_call
    }

    fn follow(&mut self, tokens: TokenStream) {
        let mut before = Before::Else;
        for token in tokens {
            before = match token {
                TokenTree::Ident(word) => {
                    let word = word.to_string();
                    self.may_end_early |= word == "return";
                    self.has_loop |= matches!(&*word, "for" | "while" | "loop");
                    Before::Word(word)
                }
                TokenTree::Punct(mark) => match (mark.as_char(), before) {
                    ('!', Before::Word(name)) if !is_keyword(&name) => Before::Macro(name),
                    ('>', _) => Before::Angle,
                    (mark, _) => {
                        self.may_end_early |= mark == '?';
                        Before::Else
                    }
                },
                TokenTree::Group(group) => {
                    self.follow_into(&group, &before);
                    Before::Else
                }
                TokenTree::Literal(_) => Before::Else,
            };
            if self.may_end_early {
                return;
            }
        }
    }

    fn follow_into(&mut self, group: &Group, before: &Before) {
        let is_list = group.delimiter() == Delimiter::Parenthesis;
        match before {
            Before::Macro(name) => {
                self.may_end_early |= !MACROS_OF_STD.contains(&name.as_str());
                self.has_call = true;
            }
            Before::Word(name) => {
                self.has_call |= is_list && may_be_called(name);
            }
            Before::Angle => self.has_call |= is_list,
            Before::Else => {}
        }
        self.follow(group.stream());
    }
}

/// Whether a word before parentheses may be the name of a function that is more than an instruction.
fn may_be_called(word: &str) -> bool {
    const ARITHMETIC: [&str; 5] = ["checked_", "overflowing_", "rotate_", "saturating_", "wrapping_"];
    let is_arithmetic = ARITHMETIC.iter().any(|beginning| word.starts_with(beginning));
    !(is_arithmetic || is_written_like_a_type(word) || is_keyword(word))
}

/// Whether a word may stand before an expression, and names nothing.
fn is_keyword(word: &str) -> bool {
    matches!(word, "break" | "else" | "if" | "in" | "let" | "match" | "move" | "while")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(body: &str) -> Course {
        Course::of(body.parse().unwrap())
    }

    #[test]
    fn a_body_may_end_early_with_a_value() {
        for body in [
            "a?",
            "if a { return b } c",
            "ensure!(a); b",
            "path::make! { a }",
            "f(|a| a?)",
            "format!(\"{}\", a?)",
        ] {
            assert!(course(body).may_end_early, "{body}");
        }
        for body in ["", "a; b", "if !(a) { b } else { c }", "a != b", "assert!(a); std::format!(\"{b}\")"] {
            assert!(!course(body).may_end_early, "{body}");
        }
    }

    #[test]
    fn a_body_works_by_itself_if_it_loops_or_calls_nothing() {
        for body in [
            "",
            "if a == u64::MAX { Err(Failure::Asked) } else { Ok(a) }",
            "for a in 0..9 { b(a) }",
            "if a { while b() {} }",
            "match (a, b) { _ => Some((c)) }",
            "Ok(a.wrapping_add(b).rotate_left(c))",
            "if (a) && !(b) { c } else { d }",
            "if a > [b][c] { unsafe { d[e] } } else { f as Vec<u8> }",
        ] {
            assert!(course(body).works_by_itself(), "{body}");
        }
        for body in
            ["a()", "Ok(a.b(c))", "Name::make(a)", "a.collect::<Vec<_>>()", "format!(\"{a}\")", "{ { a() } }"]
        {
            assert!(!course(body).works_by_itself(), "{body}");
        }
    }
}
