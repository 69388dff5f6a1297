//! The state of one f-string (or t-string) that is being read, after PEP 701.

use crate::TokenKind;

/// Replacement fields within format specs within each other; the third is refused, as in CPython.
pub(crate) const MAX_NESTED_SPECS: i32 = 3;

/// One f-string on the lexer's stack.
pub(crate) struct Field {
    /// Byte offset of the prefix.
    pub start: u32,
    pub quote: u8,
    pub triple: bool,
    pub raw: bool,
    /// A t-string.
    pub template: bool,
    /// Brackets open since the string began.
    pub depth: i32,
    /// The `depth` around the current replacement field; -1 outside of fields.
    pub expr_depth: i32,
    /// Whether literal text (or a format spec) comes next, not tokens.
    pub in_text: bool,
}

/// What ended a stretch of literal text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Middle {
    /// The closing quotes.
    Quote,
    /// The brace that opens a replacement field.
    Open,
    /// A closing brace.
    Close,
    /// A newline in the format spec of a single-quoted string, which ends the spec.
    SpecNewline,
    /// The end of the line or of the source.
    Unterminated,
}

impl Field {
    /// The f-string whose prefix and quotes are `start..body`.
    pub fn new(bytes: &[u8], kind: TokenKind, start: usize, body: usize) -> Self {
        let quote = bytes[body - 1];
        let opening = &bytes[start..body];
        let quotes = opening.iter().filter(|&&b| b == quote).count();
        Field {
            start: start as u32,
            quote,
            triple: quotes == 3,
            raw: opening.iter().any(|b| matches!(b, b'r' | b'R')),
            template: kind == TokenKind::TStringStart,
            depth: 0,
            expr_depth: -1,
            in_text: true,
        }
    }

    fn closes_at(&self, bytes: &[u8], pos: usize) -> bool {
        let is_quote = |at: usize| bytes.get(at) == Some(&self.quote);
        is_quote(pos) && (!self.triple || (is_quote(pos + 1) && is_quote(pos + 2)))
    }

    /// Reads literal text from `start`; says what ended it and where.
    pub fn scan_text(&self, bytes: &[u8], start: usize) -> (Middle, usize) {
        let in_spec = self.expr_depth >= 0;
        let mut pos = start;
        let mut in_name = false;
        while let Some(&b) = bytes.get(pos) {
            let next = bytes.get(pos + 1).copied().unwrap_or(0);
            match b {
                _ if b == self.quote && self.closes_at(bytes, pos) => return (Middle::Quote, pos),
                b'\n' | b'\r' if !self.triple => {
                    let end = if in_spec { Middle::SpecNewline } else { Middle::Unterminated };
                    return (end, pos);
                }
                b'{' if next == b'{' && !in_spec => pos += 1,
                b'{' => return (Middle::Open, pos),
                b'}' if in_name => in_name = false,
                b'}' if next == b'}' && !in_spec && self.depth == 0 => pos += 1,
                b'}' => return (Middle::Close, pos),
                b'\\' => {
                    let (after, opens_name) = self.skip_escape(bytes, pos);
                    pos = after;
                    in_name = opens_name;
                    continue;
                }
                _ => {}
            }
            pos += 1;
        }
        match in_spec && !self.triple {
            true => (Middle::SpecNewline, bytes.len()),
            false => (Middle::Unterminated, bytes.len()),
        }
    }

    /// Behind the escape at `pos`, and whether it is the opening of `\N{..}`.
    fn skip_escape(&self, bytes: &[u8], pos: usize) -> (usize, bool) {
        match bytes.get(pos + 1) {
            Some(b'{' | b'}') => (pos + 1, false),
            Some(b'\r') if bytes.get(pos + 2) == Some(&b'\n') => (pos + 3, false),
            Some(b'N') if !self.raw && bytes.get(pos + 2) == Some(&b'{') => (pos + 3, true),
            Some(_) => ((pos + 2).min(bytes.len()), false),
            None => (pos + 1, false),
        }
    }
}
