//! The tokens of `tokenize.py` from those of the lexer: numbers of the kinds, comments, newlines that end no statement.

use gilbert_lexer::{Token, TokenKind as K, Tokens};

/// Numbers of `Lib/token.py` (3.14).
mod number {
    pub const ENDMARKER: u8 = 0;
    pub const NAME: u8 = 1;
    pub const NUMBER: u8 = 2;
    pub const STRING: u8 = 3;
    pub const NEWLINE: u8 = 4;
    pub const INDENT: u8 = 5;
    pub const DEDENT: u8 = 6;
    pub const OP: u8 = 55;
    pub const FSTRING_START: u8 = 59;
    pub const COMMENT: u8 = 65;
    pub const NL: u8 = 66;
}

/// One token of `tokenize`.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Its number in `token.py`.
    pub kind: u8,
    pub start: u32,
    pub end: u32,
    /// It stands behind the last line.
    pub behind_source: bool,
}

impl Piece {
    /// The token's text; the layout tokens have none of their own.
    pub fn text<'s>(&self, source: &'s str) -> &'s str {
        if self.kind == number::DEDENT || self.behind_source { "" } else { &source[self.start as usize..self.end as usize] }
    }
    /// A newline, also one that the source does not have.
    pub fn is_newline(&self) -> bool {
        matches!(self.kind, number::NEWLINE | number::NL) && !self.behind_source
    }
    /// An offset in the token's last line.
    pub fn last_offset(&self) -> u32 {
        if self.kind == number::NEWLINE || self.kind == number::NL { self.start } else { self.end.max(self.start) }
    }
}

/// The tokens of a source in the order of `tokenize`; without `extra` comments and empty lines are left out.
pub(super) fn pieces(source: &str, lexed: &Tokens, extra: bool) -> Vec<Piece> {
    let mut p = Pieces { source, extra, out: Vec::with_capacity(lexed.tokens.len()), at: 0 };
    for t in &lexed.tokens {
        p.token(t);
    }
    p.out
}

struct Pieces<'s> {
    source: &'s str,
    extra: bool,
    out: Vec<Piece>,
    /// Behind the last token.
    at: usize,
}

impl Pieces<'_> {
    fn push(&mut self, kind: u8, start: usize, end: usize) {
        self.out.push(Piece { kind, start: start as u32, end: end as u32, behind_source: false });
    }
    fn token(&mut self, t: &Token) {
        let (start, end) = (t.start as usize, t.end as usize);
        // what an f-string holds has no gaps of layout
        if !matches!(t.kind, K::FStringMiddle | K::FStringEnd | K::Error) && self.extra {
            self.gap(self.at, start);
        }
        match t.kind {
            K::Error => return,
            K::Newline => self.newline(start, end),
            K::Indent => self.push(number::INDENT, start, end),
            K::Dedent if start == self.source.len() => self.behind(number::DEDENT),
            K::Dedent => self.push(number::DEDENT, start, end),
            K::Eof => self.behind(number::ENDMARKER),
            K::FStringMiddle => self.middle(start, end),
            kind => self.push(self.number(kind), start, end),
        }
        self.at = self.at.max(end);
    }
    fn behind(&mut self, kind: u8) {
        let at = self.source.len() as u32;
        self.out.push(Piece { kind, start: at, end: at, behind_source: true });
    }
    fn number(&self, kind: K) -> u8 {
        match kind {
            K::Name => number::NAME,
            K::Int | K::Float | K::Imag => number::NUMBER,
            K::String => number::STRING,
            K::FStringStart => number::FSTRING_START,
            K::FStringEnd => self.end_of_string(),
            K::TStringStart => number::FSTRING_START + 3,
            kind if kind.is_keyword() => number::NAME,
            _ => number::OP,
        }
    }
    /// The innermost string that is open is the one that began last and has not ended.
    fn innermost(&self) -> u8 {
        let mut closed = 0;
        for p in self.out.iter().rev() {
            match p.kind {
                61 | 64 => closed += 1,
                59 | 62 if closed == 0 => return p.kind,
                59 | 62 => closed -= 1,
                _ => {}
            }
        }
        number::FSTRING_START
    }
    fn end_of_string(&self) -> u8 {
        self.innermost() + 2
    }
    /// A doubled brace stands for one: the text is cut behind the first of each pair.
    fn middle(&mut self, start: usize, end: usize) {
        let kind = self.innermost() + 1;
        let bytes = self.source.as_bytes();
        let (mut from, mut i) = (start, start);
        while i < end {
            if matches!(bytes[i], b'{' | b'}') && i + 1 < end && bytes[i + 1] == bytes[i] {
                self.push(kind, from, i + 1);
                from = i + 2;
                i += 2;
            } else {
                i += 1;
            }
        }
        if from < end {
            self.push(kind, from, end);
        }
    }
    /// A newline that ends a statement; a comment before it belongs to the lexer's token.
    fn newline(&mut self, start: usize, end: usize) {
        let text = &self.source[start..end];
        let comment = if text.starts_with('#') { text.trim_end_matches(['\n', '\r']).len() } else { 0 };
        if comment > 0 && self.extra {
            self.push(number::COMMENT, start, start + comment);
        }
        self.push(number::NEWLINE, start + comment, end);
    }
    /// Comments and newlines between two tokens.
    fn gap(&mut self, from: usize, to: usize) {
        let bytes = self.source.as_bytes();
        let mut i = from;
        while i < to {
            match bytes[i] {
                b'#' => {
                    let len = self.source[i..to].find(['\n', '\r']).unwrap_or(to - i);
                    self.push(number::COMMENT, i, i + len);
                    i += len;
                    if i == self.source.len() {
                        self.push(number::NL, i, i);
                    }
                }
                b'\\' => i += if self.source[i + 1..].starts_with("\r\n") { 3 } else { 2 },
                b'\n' | b'\r' => {
                    let len = if self.source[i..].starts_with("\r\n") { 2 } else { 1 };
                    self.push(number::NL, i, i + len);
                    i += len;
                }
                _ => i += 1,
            }
        }
    }
}
