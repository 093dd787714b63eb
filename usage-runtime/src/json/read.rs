//! A JSON document that is checked as a whole and then looked into where it stands: nothing is
//! copied before a text is asked for.

/// How deep lists and objects may stand in each other; nothing that we read goes beyond four.
const DEEPEST: u32 = 100;

/// One JSON value, known to be valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    /// The value that `text` is, with blanks around it; `None` if it is not one by RFC 8259.
    pub(crate) fn parse(text: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let mut reader = Reader(text);
        reader.skip_blanks();
        let value = reader.value(0)?;
        reader.skip_blanks();
        reader.0.is_empty().then_some(value)
    }

    /// The member of this name, if this is an object that has one; the last, if it has several.
    pub(crate) fn get(self, name: &str) -> Option<Self> {
        let mut found = None;
        let mut members = Reader(self.0.strip_prefix('{')?);
        while let Some((key, value)) = members.next_member() {
            if key.as_str().as_deref() == Some(name) {
                found = Some(value);
            }
        }
        found
    }

    /// What the list holds; nothing, if this is no list.
    pub(crate) fn items(self) -> impl Iterator<Item = Self> {
        let mut rest = Reader(self.0.strip_prefix('[').unwrap_or_default());
        std::iter::from_fn(move || {
            rest.skip_blanks();
            let _ = rest.skip(",");
            rest.skip_blanks();
            rest.value(0)
        })
    }

    /// The text, if this is one.
    pub(crate) fn as_str(self) -> Option<String> {
        let inside = self.0.strip_prefix('"')?.strip_suffix('"')?;
        if !inside.contains('\\') {
            return Some(inside.to_owned());
        }
        let mut units = Vec::new();
        let mut letters = inside.chars();
        while let Some(letter) = letters.next() {
            let letter = if letter == '\\' { escaped(&mut letters)? } else { Unit::Letter(letter) };
            letter.append(&mut units);
        }
        String::from_utf16(&units).ok()
    }

    /// The number, if this is one that is whole and not negative.
    pub(crate) fn as_u64(self) -> Option<u64> {
        self.0.parse().ok().filter(|_| !self.0.starts_with('+'))
    }

    /// Whether this is `true`.
    pub(crate) fn is_true(self) -> bool {
        self.0 == "true"
    }
}

/// What an escape stands for.
enum Unit {
    Letter(char),
    /// One of UTF-16, perhaps half a letter.
    Code(u16),
}

impl Unit {
    fn append(self, units: &mut Vec<u16>) {
        match self {
            Self::Letter(letter) => units.extend_from_slice(letter.encode_utf16(&mut [0; 2])),
            Self::Code(code) => units.push(code),
        }
    }
}

/// What follows a backslash.
fn escaped(letters: &mut std::str::Chars<'_>) -> Option<Unit> {
    Some(Unit::Letter(match letters.next()? {
        letter @ ('"' | '\\' | '/') => letter,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let digits = letters.as_str().get(..4)?;
            letters.nth(3)?;
            let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            return u16::from_str_radix(digits, 16).ok().filter(|_| is_hex).map(Unit::Code);
        }
        _ => return None,
    }))
}

/// Walks through a text; what it holds was not walked through yet.
struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    fn value(&mut self, depth: u32) -> Option<Json<'a>> {
        let start = self.0;
        match start.bytes().next()? {
            b'{' if depth < DEEPEST => self.object(depth)?,
            b'[' if depth < DEEPEST => self.list(depth)?,
            b'"' => self.string()?,
            b't' => self.skip("true")?,
            b'f' => self.skip("false")?,
            b'n' => self.skip("null")?,
            _ => self.number()?,
        }
        start.get(..start.len().checked_sub(self.0.len())?).map(Json)
    }

    fn object(&mut self, depth: u32) -> Option<()> {
        self.skip("{")?;
        self.skip_blanks();
        if self.skip("}").is_some() {
            return Some(());
        }
        loop {
            self.skip_blanks();
            self.string()?;
            self.skip_blanks();
            self.skip(":")?;
            self.skip_blanks();
            self.value(depth.saturating_add(1))?;
            self.skip_blanks();
            if self.skip(",").is_none() {
                return self.skip("}");
            }
        }
    }

    fn list(&mut self, depth: u32) -> Option<()> {
        self.skip("[")?;
        self.skip_blanks();
        if self.skip("]").is_some() {
            return Some(());
        }
        loop {
            self.skip_blanks();
            self.value(depth.saturating_add(1))?;
            self.skip_blanks();
            if self.skip(",").is_none() {
                return self.skip("]");
            }
        }
    }

    /// The next member of an object that is known to be valid; begins inside of it.
    fn next_member(&mut self) -> Option<(Json<'a>, Json<'a>)> {
        self.skip_blanks();
        let _ = self.skip(",");
        self.skip_blanks();
        let key = self.value(0).filter(|key| key.0.starts_with('"'))?;
        self.skip_blanks();
        self.skip(":")?;
        self.skip_blanks();
        Some((key, self.value(0)?))
    }

    fn string(&mut self) -> Option<()> {
        let start = self.0;
        self.skip("\"")?;
        let mut is_escaped = false;
        loop {
            let end = self.0.bytes().position(|byte| byte == b'"' || byte == b'\\' || byte < b' ')?;
            self.0 = self.0.get(end..)?;
            if self.skip("\"").is_some() {
                // Halves of letters have to meet; reading them tells.
                let whole = start.get(..start.len().checked_sub(self.0.len())?).map(Json)?;
                return if is_escaped { whole.as_str().map(|_| ()) } else { Some(()) };
            }
            self.skip("\\")?;
            is_escaped = true;
            let mut letters = self.0.chars();
            escaped(&mut letters)?;
            self.0 = letters.as_str();
        }
    }

    fn number(&mut self) -> Option<()> {
        let _ = self.skip("-");
        if self.skip("0").is_none() {
            self.digits()?;
        }
        if self.skip(".").is_some() {
            self.digits()?;
        }
        if self.skip("e").or_else(|| self.skip("E")).is_some() {
            let _ = self.skip("+").or_else(|| self.skip("-"));
            self.digits()?;
        }
        Some(())
    }

    /// One digit or more.
    fn digits(&mut self) -> Option<()> {
        let rest = self.0.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let found = rest.len() < self.0.len();
        self.0 = rest;
        found.then_some(())
    }

    fn skip(&mut self, token: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(token)?;
        Some(())
    }

    fn skip_blanks(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\t', '\n', '\r']);
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
