//! Numbers: where one ends, and what CPython says of a wrong one.

use crate::{ErrorEnd, Span, SyntaxError, TokenKind, Warning, WarningKind};

/// The end of a number and its kind, with a warning for `1if x else y`.
pub(crate) struct Number {
    pub kind: TokenKind,
    pub end: usize,
    pub warning: Option<Warning>,
}

struct Scanner<'s> {
    bytes: &'s [u8],
    start: usize,
    pos: usize,
}

type Scan<T> = Result<T, SyntaxError>;

/// Scans the number that begins at `start` (with a digit, or a point before a digit).
pub(crate) fn scan(bytes: &[u8], start: usize) -> Scan<Number> {
    let mut scanner = Scanner { bytes, start, pos: start };
    scanner.number()
}

impl Scanner<'_> {
    fn peek(&self) -> u8 {
        self.bytes.get(self.pos).copied().unwrap_or(0)
    }

    /// An error that points at the last character read.
    fn error(&self, msg: impl Into<String>) -> SyntaxError {
        let at = self.pos.saturating_sub(1).max(self.start) as u32;
        SyntaxError::new(msg, Span::at(at)).with_end(ErrorEnd::Start)
    }

    fn number(&mut self) -> Scan<Number> {
        match self.peek() {
            b'0' => match self.bytes.get(self.start + 1).map(u8::to_ascii_lowercase) {
                Some(b'x') => self.radix("hexadecimal", 16),
                Some(b'o') => self.radix("octal", 8),
                Some(b'b') => self.radix("binary", 2),
                _ => self.zeros(),
            },
            b'.' => self.fraction(),
            _ => {
                self.digits()?;
                self.after_integer()
            }
        }
    }

    fn radix(&mut self, name: &'static str, radix: u32) -> Scan<Number> {
        self.pos += 2;
        loop {
            if self.peek() == b'_' {
                self.pos += 1;
            }
            if !char::from(self.peek()).is_digit(radix) {
                return Err(self.bad_radix_digit(name));
            }
            while char::from(self.peek()).is_digit(radix) {
                self.pos += 1;
            }
            if self.peek() != b'_' {
                break;
            }
        }
        if self.peek().is_ascii_digit() {
            return Err(self.bad_radix_digit(name));
        }
        self.finish(TokenKind::Int, name)
    }

    fn bad_radix_digit(&mut self, name: &str) -> SyntaxError {
        let c = self.peek();
        if c.is_ascii_digit() {
            self.pos += 1;
            return self.error(format!("invalid digit '{}' in {name} literal", c as char));
        }
        self.error(format!("invalid {name} literal"))
    }

    /// `0`, `00`, `0_0`, `00.5`; not `007`.
    fn zeros(&mut self) -> Scan<Number> {
        loop {
            if self.peek() == b'_' {
                self.pos += 1;
                if !self.peek().is_ascii_digit() {
                    return Err(self.error("invalid decimal literal"));
                }
            }
            if self.peek() != b'0' {
                break;
            }
            self.pos += 1;
        }
        let zeros_end = self.pos;
        let nonzero = self.peek().is_ascii_digit();
        if nonzero {
            self.digits()?;
        }
        if nonzero && !matches!(self.peek(), b'.' | b'e' | b'E' | b'j' | b'J') {
            return Err(SyntaxError::new(
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
                Span::new(self.start as u32, zeros_end as u32),
            ));
        }
        self.after_integer()
    }

    /// Digits with single underscores between them.
    fn digits(&mut self) -> Scan<()> {
        loop {
            while self.peek().is_ascii_digit() {
                self.pos += 1;
            }
            if self.peek() != b'_' {
                return Ok(());
            }
            self.pos += 1;
            if !self.peek().is_ascii_digit() {
                return Err(self.error("invalid decimal literal"));
            }
        }
    }

    fn after_integer(&mut self) -> Scan<Number> {
        match self.peek() {
            b'.' => self.fraction(),
            b'e' | b'E' => self.exponent(TokenKind::Int),
            _ => self.suffix(TokenKind::Int),
        }
    }

    fn fraction(&mut self) -> Scan<Number> {
        self.pos += 1;
        if self.peek().is_ascii_digit() {
            self.digits()?;
        }
        match self.peek() {
            b'e' | b'E' => self.exponent(TokenKind::Float),
            _ => self.suffix(TokenKind::Float),
        }
    }

    fn exponent(&mut self, without: TokenKind) -> Scan<Number> {
        let mark = self.pos;
        self.pos += 1;
        if matches!(self.peek(), b'+' | b'-') {
            self.pos += 1;
            if !self.peek().is_ascii_digit() {
                return Err(self.error("invalid decimal literal"));
            }
        } else if !self.peek().is_ascii_digit() {
            self.pos = mark;
            return self.finish(without, "decimal");
        }
        self.digits()?;
        self.suffix(TokenKind::Float)
    }

    fn suffix(&mut self, kind: TokenKind) -> Scan<Number> {
        if matches!(self.peek(), b'j' | b'J') {
            self.pos += 1;
            return self.finish(TokenKind::Imag, "imaginary");
        }
        self.finish(kind, "decimal")
    }

    /// A number must not run into a name, save for keywords that may follow a number (`1if`), which are warned of.
    fn finish(&mut self, kind: TokenKind, name: &str) -> Scan<Number> {
        let rest = &self.bytes[self.pos..];
        let word = |word: &[u8]| {
            let next = rest.get(word.len()).copied().unwrap_or(0);
            rest.starts_with(word) && !(next.is_ascii_alphanumeric() || next == b'_' || next >= 0x80)
        };
        let words = [&b"and"[..], b"else", b"for", b"or", b"not"];
        // any name that begins so, as in CPython
        let beginnings = [&b"if"[..], b"in", b"is"];
        let tolerated = words.iter().any(|it| word(it)) || beginnings.iter().any(|it| rest.starts_with(it));
        let mut warning = None;
        if tolerated {
            warning = Some(Warning { kind: WarningKind::Syntax, msg: format!("invalid {name} literal"), span: Span::new(self.start as u32, self.pos as u32) });
        } else if rest.first().is_some_and(|&c| c.is_ascii_alphanumeric() || c == b'_') {
            return Err(self.error(format!("invalid {name} literal")));
        }
        Ok(Number { kind, end: self.pos, warning })
    }
}
