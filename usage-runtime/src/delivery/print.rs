//! Print mode: the request that would be sent goes to stderr, word for word but for white space in
//! its body, and no socket is opened.

use std::io::Write;

use super::retry::Answer;
use super::segment::Request;
use super::transport::Transport;

/// Prints each request and says that it was taken.
pub(super) struct Print<Out: Write> {
    out: Out,
}

impl Print<std::io::Stderr> {
    pub(super) fn to_stderr() -> Self {
        Self { out: std::io::stderr() }
    }
}

impl<Out: Write> Transport for Print<Out> {
    fn send(&mut self, request: &Request) -> Answer {
        // In one piece, so that nothing of the host's comes between; if nobody can read it, so be it.
        let _ = self.out.write_all(text(request).as_bytes());
        Answer::Status {
            status: 200,
            content_type: Some("application/json".to_owned()),
            retry_after: None,
            body: Vec::new(),
        }
    }
}

fn text(request: &Request) -> String {
    let mut text = format!("POST {}\n", request.url);
    for (name, value) in &request.headers {
        text.push_str(name);
        text.push_str(": ");
        text.push_str(value);
        text.push('\n');
    }
    format!("{text}\n{}\n\n", indented(&String::from_utf8_lossy(&request.body)))
}

/// JSON with line breaks and two spaces a level, its tokens and their order untouched.
fn indented(json: &str) -> String {
    let mut text = String::with_capacity(json.len().saturating_mul(2));
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let mut letters = json.chars().peekable();
    while let Some(letter) = letters.next() {
        if in_string {
            text.push(letter);
            in_string = escaped || letter != '"';
            escaped = letter == '\\' && !escaped;
            continue;
        }
        match letter {
            '{' | '[' if matches!(letters.peek(), Some('}' | ']')) => {
                text.push(letter);
                text.extend(letters.next());
            }
            '{' | '[' => {
                depth = depth.saturating_add(1);
                text.push(letter);
                break_line(&mut text, depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut text, depth);
                text.push(letter);
            }
            ',' => {
                text.push(letter);
                break_line(&mut text, depth);
            }
            ':' => text.push_str(": "),
            _ => {
                in_string = letter == '"';
                text.push(letter);
            }
        }
    }
    text
}

fn break_line(text: &mut String, depth: usize) {
    text.push('\n');
    (0..depth).for_each(|_| text.push_str("  "));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_request_is_printed_readably() {
        let mut print = Print { out: Vec::new() };
        let request = Request {
            url: "https://usage.example/v1/batch".to_owned(),
            headers: vec![("Content-Type", "application/json".to_owned())],
            body: r#"{"z":"a:b,{\"}\\","n":0.000012345,"batch":[{},{"x":[]}]}"#.into(),
        };
        assert!(matches!(print.send(&request), Answer::Status { status: 200, .. }));
        let expected = r#"POST https://usage.example/v1/batch
Content-Type: application/json

{
  "z": "a:b,{\"}\\",
  "n": 0.000012345,
  "batch": [
    {},
    {
      "x": []
    }
  ]
}

"#;
        assert_eq!(String::from_utf8(print.out).unwrap(), expected);
    }
}
