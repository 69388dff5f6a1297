//! The parser's state: where it stands, how deep it is, what it has to say.
//!
//! Parsing happens in two passes, as in CPython. The first one only parses; when it fails without a message, the second pass
//! parses again with `diagnose` on, and then the functions in `diagnose` look for the common mistakes. So right programs pay nothing
//! for good messages.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use gilbert_lexer::{ErrorEnd, ErrorKind, LexError, LineIndex, Span, SyntaxError, Token, TokenKind, Tokens, Warning, normalize_identifier};

use crate::MAX_DEPTH;
use crate::ast::{Expr, ExprKind, Ident};

/// A rule did not match. When there is more to say, it is in [`Parser::error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fail;

pub(crate) type Parse<T> = Result<T, Fail>;

/// A quick hash for short names (multiply and rotate on eight bytes at a time).
#[derive(Default)]
pub(crate) struct NameHasher(u64);

const HASH_FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(HASH_FACTOR);
        }
    }

    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

type Names<'s> = HashMap<&'s str, Ident, BuildHasherDefault<NameHasher>>;

pub(crate) struct Parser<'s> {
    pub src: &'s str,
    pub tokens: &'s [Token],
    pub pos: usize,
    /// Kind of the token at `pos`.
    pub tok: TokenKind,
    /// Byte offset behind the last token that was taken.
    pub prev_end: u32,
    /// Byte offset behind the last line of simple statements; where compound statements end. A last semicolon counts.
    pub block_end: u32,
    /// The furthest token at which a rule failed.
    pub furthest: usize,
    /// The furthest token that the second pass looked at.
    pub seen: usize,
    /// Second pass: expressions that begin within these tokens were parsed without looking for mistakes, and CPython would find
    /// them in its memory.
    pub remembered: std::ops::Range<usize>,
    /// Tokens behind which [`Parser::check_legacy`] has found nothing.
    pub legacy_tried: std::collections::HashSet<usize>,
    /// Second pass: look for common mistakes.
    pub diagnose: bool,
    /// In the second pass at all; `diagnose` may be off for a while within it.
    pub second_pass: bool,
    /// A whole file: a newline is taken to end the last line. `eval` and the prompt have the source as it is.
    pub is_file: bool,
    pub error: Option<SyntaxError>,
    pub lex_error: Option<&'s LexError>,
    pub warnings: Vec<Warning>,
    /// Tokens that open brackets which do not parse, as atoms or (true) behind a primary.
    pub dead: std::collections::HashSet<(usize, bool)>,
    depth: u32,
    /// Height of what was parsed in the current call of `nested`.
    height: u32,
    names: Names<'s>,
}

impl<'s> Parser<'s> {
    pub fn new(src: &'s str, lexed: &'s Tokens) -> Self {
        Parser {
            src,
            tokens: &lexed.tokens,
            pos: 0,
            tok: lexed.tokens[0].kind,
            prev_end: 0,
            block_end: 0,
            furthest: 0,
            seen: 0,
            remembered: 0..0,
            legacy_tried: Default::default(),
            diagnose: false,
            second_pass: false,
            is_file: false,
            error: None,
            lex_error: lexed.error.as_ref(),
            warnings: Vec::new(),
            dead: Default::default(),
            depth: 0,
            height: 0,
            names: Names::default(),
        }
    }

    /// Back to the first token, to look for mistakes.
    pub fn restart(&mut self) {
        self.seek(0);
        self.prev_end = 0;
        self.diagnose = true;
        self.second_pass = true;
        self.depth = 0;
        self.height = 0;
        self.warnings.clear();
    }

    // ---- tokens

    /// The token at `pos`.
    pub fn token(&self) -> Token {
        self.tokens[self.pos]
    }

    pub fn start(&self) -> u32 {
        self.tokens[self.pos].start
    }

    /// The kind of the `n`th token from here; the last token goes on for ever.
    pub fn peek(&self, n: usize) -> TokenKind {
        self.kind_at(self.pos + n)
    }

    pub fn kind_at(&self, index: usize) -> TokenKind {
        self.tokens[index.min(self.tokens.len() - 1)].kind
    }

    pub fn token_text(&self, index: usize) -> &'s str {
        let token = self.tokens[index.min(self.tokens.len() - 1)];
        &self.src[token.start as usize..token.end as usize]
    }

    pub fn bump(&mut self) {
        self.prev_end = self.tokens[self.pos].end;
        if self.pos + 1 < self.tokens.len() {
            self.pos += 1;
        }
        self.tok = self.tokens[self.pos].kind;
    }

    pub fn seek(&mut self, pos: usize) {
        self.pos = pos;
        self.tok = self.tokens[pos].kind;
        self.prev_end = match pos {
            0 => 0,
            _ => self.tokens[pos - 1].end,
        };
    }

    pub fn eat(&mut self, kind: TokenKind) -> bool {
        let hit = self.tok == kind;
        if hit {
            self.bump();
        }
        hit
    }

    pub fn expect(&mut self, kind: TokenKind) -> Parse<()> {
        match self.eat(kind) {
            true => Ok(()),
            false => self.fail(),
        }
    }

    pub fn span_from(&self, start: u32) -> Span {
        Span::new(start, self.prev_end)
    }

    /// Whether the token here is the soft keyword `word`.
    pub fn at_word(&self, word: &str) -> bool {
        self.tok == TokenKind::Name && self.token_text(self.pos) == word
    }

    // ---- names

    pub fn intern(&mut self, text: &'s str) -> Ident {
        if let Some(name) = self.names.get(text) {
            return name.clone();
        }
        let name: Ident = match normalize_identifier(text) {
            Some(normal) => normal.into(),
            None => text.into(),
        };
        self.names.insert(text, name.clone());
        name
    }

    /// Takes a name.
    pub fn name(&mut self) -> Parse<Ident> {
        if self.tok != TokenKind::Name {
            return self.fail();
        }
        let text = self.token_text(self.pos);
        self.bump();
        Ok(self.intern(text))
    }

    // ---- failing

    /// The rule does not match here.
    #[cold]
    pub fn fail<T>(&mut self) -> Parse<T> {
        self.furthest = self.furthest.max(self.pos);
        if self.tok == TokenKind::Error && self.error.is_none() {
            self.error = self.lex_error.map(|lex| lex.error.clone());
        }
        Err(Fail)
    }

    /// Ends the parse with an error.
    #[cold]
    pub fn raise<T>(&mut self, error: SyntaxError) -> Parse<T> {
        self.seen = self.seen.max(self.pos);
        if self.error.is_none() {
            self.error = Some(error);
        }
        Err(Fail)
    }

    #[cold]
    pub fn raise_at<T>(&mut self, span: Span, msg: impl Into<String>) -> Parse<T> {
        self.raise(SyntaxError::new(msg, span))
    }

    /// Raises at the furthest token seen.
    #[cold]
    pub fn raise_here<T>(&mut self, msg: impl Into<String>) -> Parse<T> {
        let at = self.furthest.max(self.pos).max(self.seen);
        let error = self.error_at_token(ErrorKind::Syntax, at, msg.into());
        self.raise(error)
    }

    /// Raises an `IndentationError` at the token here.
    #[cold]
    pub fn raise_indentation<T>(&mut self, msg: impl Into<String>) -> Parse<T> {
        let error = self.error_at_token(ErrorKind::Indentation, self.pos, msg.into());
        self.raise(error)
    }

    /// An error at a token that perhaps has no text.
    pub fn error_at_token(&self, kind: ErrorKind, index: usize, msg: String) -> SyntaxError {
        let token = self.tokens[index];
        let at = |offset: u32| SyntaxError::of(kind, msg.clone(), Span::at(offset)).with_end(ErrorEnd::Layout);
        match token.kind {
            TokenKind::Indent => at(token.end),
            TokenKind::Newline if !self.is_file && token.start as usize == self.src.len() && msg == "invalid syntax" => {
                at(token.start).with_end(ErrorEnd::Nowhere)
            }
            TokenKind::Eof if msg == "invalid syntax" => at(token.start).with_end(ErrorEnd::Nowhere),
            TokenKind::Dedent | TokenKind::Eof => at(token.start),
            _ => SyntaxError::of(kind, msg, token.span()),
        }
    }

    pub fn line_of(&self, offset: u32) -> u32 {
        LineIndex::new(&self.src[..offset as usize]).line_count()
    }

    /// Tries `rule`; when it fails without a message, goes back to where it began.
    pub fn attempt<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<Option<T>> {
        let pos = self.pos;
        let result = rule(self);
        self.seen = self.seen.max(self.pos);
        match result {
            // a PEG parser has always looked at the next token
            Ok(_) if self.tok == TokenKind::Error => self.fail(),
            Ok(value) => Ok(Some(value)),
            Err(Fail) if self.error.is_some() => Err(Fail),
            Err(Fail) => {
                self.seek(pos);
                Ok(None)
            }
        }
    }

    /// Tries `rule` without looking for mistakes in it. Errors of the lexer and in literals still count.
    pub fn quietly<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<Option<T>> {
        let diagnose = std::mem::replace(&mut self.diagnose, false);
        let (begin, furthest) = (self.pos, std::mem::take(&mut self.furthest));
        let value = self.attempt(rule);
        self.remembered = begin + 1..self.furthest.max(self.pos);
        self.furthest = self.furthest.max(furthest);
        self.diagnose = diagnose;
        value
    }

    /// Runs `rule`; in the second pass failing without a message means `None` and going back, as in a PEG parser, where a prefix that
    /// matches is a match.
    pub fn optional<T>(&mut self, back_to: usize, rule: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<Option<T>> {
        match rule(self) {
            Ok(value) => Ok(Some(value)),
            Err(Fail) if self.second_pass && self.error.is_none() => {
                self.seek(back_to);
                Ok(None)
            }
            Err(Fail) => Err(Fail),
        }
    }

    /// Second pass: whether the bracket here (behind a primary: `trailer`) has been found not to parse. Without this memory, looking for mistakes in nested brackets
    /// would double the work at each level.
    pub fn is_dead(&self, trailer: bool) -> bool {
        self.second_pass && self.dead.contains(&(self.pos, trailer))
    }

    // ---- depth

    /// Runs `rule` one level deeper. Bounds the native stack on the way down, and the height of the tree on the way up.
    #[inline]
    pub fn nested<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= MAX_DEPTH {
            return self.too_deep();
        }
        let outer = self.height;
        self.depth += 1;
        self.height = 0;
        let result = rule(self);
        self.depth -= 1;
        self.height = outer.max(self.height + 1);
        if self.height > MAX_DEPTH {
            return self.too_high();
        }
        result
    }

    /// Whether looking for mistakes may go deeper still.
    pub fn has_room(&self) -> bool {
        self.depth < MAX_DEPTH / 2
    }

    /// Counts a node put on top of what was parsed.
    pub fn grow(&mut self) -> Parse<()> {
        self.height += 1;
        match self.height > MAX_DEPTH {
            true => self.too_high(),
            false => Ok(()),
        }
    }

    /// A chain (`a.b.b.b`) was parsed without recursion, but whoever walks its tree would recurse.
    #[cold]
    fn too_high<T>(&mut self) -> Parse<T> {
        let span = self.token().span();
        self.error = None;
        self.raise(SyntaxError::of(ErrorKind::TooHigh, "maximum recursion depth exceeded during compilation", span))
    }

    #[cold]
    pub fn too_deep<T>(&mut self) -> Parse<T> {
        let span = self.token().span();
        self.error = None;
        self.raise(SyntaxError::of(ErrorKind::TooDeep, "Parser stack overflowed - Python source too complex to parse", span))
    }
}

/// An expression node.
pub(crate) fn expr(span: Span, kind: ExprKind) -> Expr {
    Expr { span, kind }
}
