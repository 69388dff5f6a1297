//! The lexer: logos finds the regular tokens, the rest is done here.

use logos::Logos;

use crate::chars::{invalid_character, is_identifier_continue, is_identifier_start};
use crate::fstring::{Field, Middle};
use crate::{ErrorEnd, ErrorKind, Span, Stage, SyntaxError, Token, TokenKind, Warning, number};

/// Open brackets at one time, as in CPython.
const MAX_BRACKETS: usize = 200;
/// Indentation levels at one time, as in CPython.
const MAX_INDENTS: usize = 100;
/// f-strings within each other's replacement fields, as in CPython.
const MAX_FSTRINGS: usize = 150;
const TAB: u32 = 8;

/// All tokens of a source.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    /// The tokens; the last one is [`TokenKind::Eof`], or [`TokenKind::Error`] where the lexer gave up.
    pub tokens: Vec<Token>,
    /// Why it gave up.
    pub error: Option<LexError>,
    /// Doubtful spots.
    pub warnings: Vec<Warning>,
}

/// Why the lexer gave up.
#[derive(Debug, Clone, PartialEq)]
pub struct LexError {
    /// The error as users see it.
    pub error: SyntaxError,
    /// Whether the error also explains mistakes that the parser found earlier in the source, as CPython has it.
    pub explains_all: bool,
    /// Byte offset of the innermost bracket that was open.
    pub open_bracket: Option<u32>,
}

impl LexError {
    /// "'(' was never closed", for the innermost open bracket.
    pub fn unclosed(&self, src: &str) -> Option<SyntaxError> {
        let at = self.open_bracket?;
        let span = Span::new(at, at + 1);
        let error = SyntaxError::new(format!("'{}' was never closed", span.text(src)), span);
        // the tokenizer stands in the last line: an earlier one is shown as it keeps it
        let later = src[at as usize..].trim_end_matches('\n').contains('\n');
        let error = if later { error.of_stage(Stage::Tokens) } else { error };
        Some(error.with_end(ErrorEnd::Open(0)).incomplete())
    }
}

/// An open bracket.
#[derive(Clone, Copy)]
struct Bracket {
    open: u8,
    at: u32,
}

/// A column with tabs counted to multiples of eight, and with tabs counted as one; both must agree in order.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Column {
    wide: u32,
    narrow: u32,
}

struct Lexer<'s> {
    src: &'s str,
    bytes: &'s [u8],
    inner: logos::Lexer<'s, TokenKind>,
    out: Tokens,
    indents: Vec<Column>,
    brackets: Vec<Bracket>,
    fields: Vec<Field>,
    at_line_start: bool,
}

type Scan<T> = Result<T, SyntaxError>;

/// Turns a source into tokens. Errors end the list and are told in [`Tokens::error`].
///
/// Sources of 4 GiB and more are refused.
pub fn tokenize(src: &str) -> Tokens {
    if u32::try_from(src.len()).is_err() {
        let error = SyntaxError::of(ErrorKind::TooDeep, "source is too large", Span::at(0));
        return Tokens {
            tokens: vec![token(TokenKind::Error, 0, 0)],
            error: Some(LexError { error, explains_all: false, open_bracket: None }),
            warnings: Vec::new(),
        };
    }
    Lexer::new(src).run()
}

/// As [`tokenize`], but blanks in front of the first line are no indentation (`eval(" 1")`).
pub fn tokenize_expression(src: &str) -> Tokens {
    if u32::try_from(src.len()).is_err() {
        return tokenize(src);
    }
    let mut lexer = Lexer::new(src);
    let blanks = src.bytes().take_while(|b| matches!(b, b' ' | b'\t')).count();
    lexer.seek(blanks);
    lexer.run()
}

fn token(kind: TokenKind, start: usize, end: usize) -> Token {
    Token { kind, start: start as u32, end: end as u32 }
}

impl<'s> Lexer<'s> {
    fn new(src: &'s str) -> Self {
        let out = Tokens { tokens: Vec::with_capacity(src.len() / 4 + 8), ..Tokens::default() };
        Lexer {
            src,
            bytes: src.as_bytes(),
            inner: TokenKind::lexer(src),
            out,
            indents: vec![Column { wide: 0, narrow: 0 }],
            brackets: Vec::new(),
            fields: Vec::new(),
            at_line_start: true,
        }
    }

    fn run(mut self) -> Tokens {
        if let Err(error) = self.tokens() {
            let at = self.bytes.len().min(self.pos());
            self.push(TokenKind::Error, at, at);
            let layout = matches!(error.end, ErrorEnd::Open(_)) || error.kind != ErrorKind::Syntax;
            // CPython keeps errors within f-strings to itself when it looks for a better explanation
            let inside = !self.fields.is_empty();
            self.out.error = Some(LexError {
                error: if layout { error } else { error.of_stage(Stage::Tokens) },
                explains_all: !layout && !inside,
                open_bracket: self.brackets.last().filter(|_| !inside).map(|bracket| bracket.at),
            });
        }
        self.out
    }

    fn tokens(&mut self) -> Scan<()> {
        loop {
            if self.fields.last().is_some_and(|field| field.in_text) {
                self.fstring_text()?;
                continue;
            }
            if self.at_line_start {
                self.at_line_start = false;
                self.line_start()?;
            }
            match self.inner.next() {
                Some(Ok(kind)) => self.token(kind)?,
                Some(Err(())) => return Err(self.invalid_at(self.inner.span().start)),
                None => return self.end_of_source(),
            }
        }
    }

    /// Where the next token begins to be looked for.
    fn pos(&self) -> usize {
        self.inner.span().end
    }

    /// Moves to `pos`, forwards or backwards.
    fn seek(&mut self, pos: usize) {
        let now = self.pos();
        if pos < now {
            self.inner = TokenKind::lexer(self.src);
            self.inner.bump(pos);
        } else {
            self.inner.bump(pos - now);
        }
    }

    fn push(&mut self, kind: TokenKind, start: usize, end: usize) {
        self.out.tokens.push(token(kind, start, end));
    }

    fn byte(&self, pos: usize) -> u8 {
        self.bytes.get(pos).copied().unwrap_or(0)
    }

    fn invalid_at(&self, pos: usize) -> SyntaxError {
        let c = self.src[pos..].chars().next().unwrap_or('\0');
        SyntaxError::new(invalid_character(c), Span::at(pos as u32)).with_end(ErrorEnd::Start)
    }

    fn token(&mut self, kind: TokenKind) -> Scan<()> {
        use TokenKind as K;
        let span = self.inner.span();
        match kind {
            K::Name => self.name(span.start, span.end),
            K::Newline => {
                if self.brackets.is_empty() {
                    let start = self.comment_before(span.start);
                    self.push(kind, start, span.end);
                    self.at_line_start = true;
                }
                Ok(())
            }
            K::Int | K::Float => self.number(span.start, span.end),
            K::String => self.string(span.start, span.end),
            K::FStringStart | K::TStringStart => self.fstring_start(kind, span.start, span.end),
            K::Backslash => self.continuation(span.end).map(drop),
            K::LPar | K::LSqb | K::LBrace => self.open_bracket(kind, span.start),
            K::RPar | K::RSqb | K::RBrace => self.close_bracket(kind, span.start),
            K::Colon | K::ColonEqual if self.in_field_top() => {
                self.seek(span.start + 1);
                self.push(K::SpecColon, span.start, span.start + 1);
                self.enter_spec();
                Ok(())
            }
            _ if kind.is_keyword() => self.name_or_keyword(kind, span.start, span.end),
            _ => {
                self.push(kind, span.start, span.end);
                Ok(())
            }
        }
    }

    /// Where the comment at the end of a line begins; `newline` when there is none. It belongs to the newline's token, as in CPython.
    fn comment_before(&self, newline: usize) -> usize {
        let from = self.out.tokens.last().map_or(0, |token| token.end as usize);
        let gap = &self.bytes[from..newline];
        gap.iter().position(|&b| b == b'#').map_or(newline, |at| from + at)
    }

    fn name_or_keyword(&mut self, kind: TokenKind, start: usize, end: usize) -> Scan<()> {
        if self.byte(end) >= 0x80 {
            return self.unicode_name(start);
        }
        self.push(kind, start, end);
        Ok(())
    }

    fn name(&mut self, start: usize, end: usize) -> Scan<()> {
        if self.byte(start) >= 0x80 || self.byte(end) >= 0x80 {
            return self.unicode_name(start);
        }
        self.push(TokenKind::Name, start, end);
        Ok(())
    }

    /// A name with characters beyond ASCII. Every such character belongs to the name, or is an error.
    fn unicode_name(&mut self, start: usize) -> Scan<()> {
        let mut end = start;
        for c in self.src[start..].chars() {
            let fits = match end == start {
                true => is_identifier_start(c),
                false => is_identifier_continue(c),
            };
            if !fits {
                if !c.is_ascii() {
                    return Err(self.invalid_at(end));
                }
                break;
            }
            end += c.len_utf8();
        }
        self.seek(end);
        self.push(TokenKind::Name, start, end);
        Ok(())
    }

    fn number(&mut self, start: usize, end: usize) -> Scan<()> {
        let next = self.byte(end);
        let plain = !(next.is_ascii_alphanumeric() || next == b'_' || next == b'.');
        if plain && self.byte(start) != b'0' && self.byte(start) != b'.' {
            self.push(TokenKind::Int, start, end);
            return Ok(());
        }
        let number = number::scan(self.bytes, start)?;
        self.out.warnings.extend(number.warning);
        self.seek(number.end);
        self.push(number.kind, start, number.end);
        Ok(())
    }

    /// Behind a backslash at `pos`: the rest of a line continuation. Returns where the next line begins.
    fn continuation(&mut self, pos: usize) -> Scan<usize> {
        let next = match self.byte(pos) {
            b'\r' if self.byte(pos + 1) == b'\n' => pos + 2,
            b'\r' | b'\n' => pos + 1,
            _ if pos == self.bytes.len() => pos,
            _ => {
                let msg = "unexpected character after line continuation character";
                return Err(SyntaxError::new(msg, Span::at(pos as u32)).with_end(ErrorEnd::Open(0)));
            }
        };
        if next == self.bytes.len() {
            self.no_open_bracket()?;
            let error = SyntaxError::new("unexpected EOF while parsing", Span::at(pos as u32));
            return Err(error.with_end(ErrorEnd::Open(-1)).incomplete());
        }
        self.seek(next);
        Ok(next)
    }

    // ---- layout

    /// Skips blank lines and turns the indentation of the first other line into tokens.
    fn line_start(&mut self) -> Scan<()> {
        let mut pos = self.pos();
        let mut column = Column { wide: 0, narrow: 0 };
        let mut continued: Option<Column> = None;
        loop {
            match self.byte(pos) {
                b' ' => {
                    column.wide += 1;
                    column.narrow += 1;
                    pos += 1;
                }
                b'\t' => {
                    column.wide = (column.wide / TAB + 1) * TAB;
                    column.narrow += 1;
                    pos += 1;
                }
                0x0C => {
                    column = Column { wide: 0, narrow: 0 };
                    pos += 1;
                }
                b'\\' => {
                    continued = continued.or(Some(column));
                    pos = self.continuation(pos + 1)?;
                }
                b'#' => {
                    while !matches!(self.byte(pos), b'\n' | b'\r') && pos < self.bytes.len() {
                        pos += 1;
                    }
                    if pos == self.bytes.len() {
                        break;
                    }
                }
                b'\n' | b'\r' => {
                    pos += 1;
                    column = Column { wide: 0, narrow: 0 };
                    continued = None;
                }
                _ => break,
            }
        }
        self.seek(pos);
        if pos == self.bytes.len() {
            return Ok(());
        }
        self.indent_to(continued.unwrap_or(column), pos)
    }

    fn indent_to(&mut self, column: Column, pos: usize) -> Scan<()> {
        let top = self.indents[self.indents.len() - 1];
        if column == top {
            return Ok(());
        }
        if column.wide == top.wide {
            return Err(self.tab_error(pos));
        }
        if column.wide > top.wide {
            if self.indents.len() >= MAX_INDENTS {
                let error = SyntaxError::of(ErrorKind::Indentation, "too many levels of indentation", Span::at(pos as u32));
                return Err(error.with_end(ErrorEnd::Open(-1)));
            }
            if column.narrow <= top.narrow {
                return Err(self.tab_error(pos));
            }
            self.indents.push(column);
            self.push(TokenKind::Indent, self.line_of(pos), pos);
            return Ok(());
        }
        self.dedent_to(column, pos)
    }

    fn dedent_to(&mut self, column: Column, pos: usize) -> Scan<()> {
        let mut dedents = 0;
        while self.indents[self.indents.len() - 1].wide > column.wide {
            self.indents.pop();
            dedents += 1;
        }
        let top = self.indents[self.indents.len() - 1];
        if top.wide != column.wide {
            return Err(self.dedent_error(pos));
        }
        if top.narrow != column.narrow {
            return Err(self.tab_error(pos));
        }
        for _ in 0..dedents {
            self.push(TokenKind::Dedent, pos, pos);
        }
        Ok(())
    }

    /// Byte offset of the first byte of the line that holds `pos`.
    fn line_of(&self, pos: usize) -> usize {
        let newline = self.bytes[..pos].iter().rposition(|&b| b == b'\n' || b == b'\r');
        newline.map_or(0, |at| at + 1)
    }

    fn tab_error(&self, pos: usize) -> SyntaxError {
        let at = self.line_of(pos) as u32;
        let msg = "inconsistent use of tabs and spaces in indentation";
        SyntaxError::of(ErrorKind::Tab, msg, Span::at(at)).with_end(ErrorEnd::Open(0))
    }

    fn dedent_error(&self, pos: usize) -> SyntaxError {
        let len = self.bytes[pos..].iter().position(|&b| b == b'\n' || b == b'\r');
        let at = len.map_or(self.bytes.len(), |len| pos + len);
        let msg = "unindent does not match any outer indentation level";
        SyntaxError::of(ErrorKind::Indentation, msg, Span::at(at as u32)).with_end(ErrorEnd::Open(-1))
    }

    /// At the end of the source: brackets must be closed.
    fn no_open_bracket(&self) -> Scan<()> {
        let Some(bracket) = self.brackets.last() else {
            return Ok(());
        };
        let msg = format!("'{}' was never closed", bracket.open as char);
        let error = SyntaxError::new(msg, Span::new(bracket.at, bracket.at + 1));
        Err(error.with_end(ErrorEnd::Open(0)).incomplete())
    }

    fn end_of_source(&mut self) -> Scan<()> {
        let end = self.bytes.len();
        self.no_open_bracket()?;
        let needs_newline = self.out.tokens.last().is_some_and(|last| !matches!(last.kind, TokenKind::Newline | TokenKind::Dedent));
        if needs_newline {
            let start = self.comment_before(end);
            self.push(TokenKind::Newline, start, end);
        }
        for _ in 1..self.indents.len() {
            self.push(TokenKind::Dedent, end, end);
        }
        self.push(TokenKind::Eof, end, end);
        Ok(())
    }

    // ---- brackets

    fn open_bracket(&mut self, kind: TokenKind, at: usize) -> Scan<()> {
        if self.brackets.len() >= MAX_BRACKETS {
            let error = SyntaxError::new("too many nested parentheses", Span::at(at as u32));
            return Err(error.with_end(ErrorEnd::Start));
        }
        self.brackets.push(Bracket { open: self.bytes[at], at: at as u32 });
        if let Some(field) = self.fields.last_mut() {
            field.depth += 1;
        }
        self.push(kind, at, at + 1);
        Ok(())
    }

    fn close_bracket(&mut self, kind: TokenKind, at: usize) -> Scan<()> {
        let close = self.bytes[at];
        let wrong = |msg: String| SyntaxError::new(msg, Span::at(at as u32)).with_end(ErrorEnd::Start);
        if close == b'}' && self.fields.last().is_some_and(|field| field.depth == 0) {
            return Err(wrong("f-string: single '}' is not allowed".replace("f-string", self.field_noun())));
        }
        let Some(open) = self.brackets.pop() else {
            return Err(wrong(format!("unmatched '{}'", close as char)));
        };
        if !matches!((open.open, close), (b'(', b')') | (b'[', b']') | (b'{', b'}')) {
            return Err(wrong(self.mismatch(open, close, at)));
        }
        if let Some(field) = self.fields.last_mut() {
            field.depth -= 1;
            if close == b'}' && field.depth == field.expr_depth {
                field.expr_depth -= 1;
                field.in_text = true;
            }
        }
        self.push(kind, at, at + 1);
        Ok(())
    }

    fn mismatch(&self, open: Bracket, close: u8, at: usize) -> String {
        let close = close as char;
        if open.open == b'{' && self.fields.last().is_some_and(|f| f.depth - 1 == f.expr_depth) {
            return format!("{}: unmatched '{close}'", self.field_noun());
        }
        let opened = open.open as char;
        let mut msg = format!("closing parenthesis '{close}' does not match opening parenthesis '{opened}'");
        let between = &self.bytes[open.at as usize..at];
        if between.iter().any(|&b| b == b'\n' || b == b'\r') {
            let line = self.line_number(open.at as usize);
            msg.push_str(&format!(" on line {line}"));
        }
        msg
    }

    /// The 1-based line of `pos`; slow, for messages.
    fn line_number(&self, pos: usize) -> usize {
        let pos = pos.min(self.bytes.len());
        let newline = |(i, &b): (usize, &u8)| b == b'\n' || (b == b'\r' && self.byte(i + 1) != b'\n');
        1 + self.bytes[..pos].iter().enumerate().filter(|&it| newline(it)).count()
    }

    // ---- strings

    /// Finishes a string whose prefix and opening quotes are `start..body`.
    fn string(&mut self, start: usize, body: usize) -> Scan<()> {
        let quote = self.bytes[body - 1];
        let triple = body - start >= 3 && self.bytes[body - 3..body].iter().all(|&b| b == quote);
        match self.string_end(body, quote, triple) {
            Ok(end) => {
                self.seek(end);
                self.push(TokenKind::String, start, end);
                Ok(())
            }
            Err(stop) => Err(self.unterminated_string(start, stop, quote, triple)),
        }
    }

    /// Behind the closing quotes, or where the search stopped.
    fn string_end(&self, body: usize, quote: u8, triple: bool) -> Result<usize, usize> {
        let bytes = self.bytes;
        let mut pos = body;
        while let Some(&b) = bytes.get(pos) {
            if b == quote {
                if !triple {
                    return Ok(pos + 1);
                }
                if self.byte(pos + 1) == quote && self.byte(pos + 2) == quote {
                    return Ok(pos + 3);
                }
            } else if b == b'\\' {
                pos += 1;
                if self.byte(pos) == b'\r' && self.byte(pos + 1) == b'\n' {
                    pos += 1;
                }
            } else if !triple && (b == b'\n' || b == b'\r') {
                return Err(pos);
            }
            pos += 1;
        }
        Err(bytes.len())
    }

    fn unterminated_string(&mut self, start: usize, stop: usize, quote: u8, triple: bool) -> SyntaxError {
        if let Some(field) = self.fields.last()
            && field.quote == quote
            && field.triple == triple
        {
            let msg = format!("{}: expecting '}}'", self.field_noun());
            return SyntaxError::new(msg, Span::at(start as u32)).with_end(ErrorEnd::Start);
        }
        self.unterminated("string", start, stop, triple)
    }

    /// The error for a string (`noun`) begun at `start` and not ended at `stop`.
    pub(crate) fn unterminated(&self, noun: &str, start: usize, stop: usize, triple: bool) -> SyntaxError {
        let at_end = stop >= self.bytes.len();
        let trailing_newline = at_end && matches!(self.bytes.last(), Some(b'\n' | b'\r'));
        let line = self.line_number(stop) - usize::from(trailing_newline);
        let triple_text = if triple { "triple-quoted " } else { "" };
        let msg = format!("unterminated {triple_text}{noun} literal (detected at line {line})");
        let error = SyntaxError::new(msg, Span::at(start as u32)).with_end(ErrorEnd::Start);
        let continued = at_end && (self.bytes.ends_with(b"\\\n") || self.bytes.ends_with(b"\\\r\n"));
        if at_end && (triple || continued) {
            return error.incomplete();
        }
        error
    }

    // ---- f-strings

    fn field_noun(&self) -> &'static str {
        match self.fields.last() {
            Some(field) if field.template => "t-string",
            _ => "f-string",
        }
    }

    /// Whether a colon now would end the expression of a replacement field.
    fn in_field_top(&self) -> bool {
        self.fields.last().is_some_and(|field| field.depth - 1 == field.expr_depth)
    }

    fn enter_spec(&mut self) {
        if let Some(field) = self.fields.last_mut() {
            field.in_text = true;
        }
    }

    fn fstring_start(&mut self, kind: TokenKind, start: usize, body: usize) -> Scan<()> {
        if self.fields.len() + 1 >= MAX_FSTRINGS {
            let error = SyntaxError::new("too many nested f-strings", Span::at(start as u32));
            return Err(error.with_end(ErrorEnd::Start));
        }
        self.fields.push(Field::new(self.bytes, kind, start, body));
        self.push(kind, start, body);
        Ok(())
    }

    /// Literal text of an f-string up to what ends it, and the closing quotes or the opening brace.
    fn fstring_text(&mut self) -> Scan<()> {
        let Some(field) = self.fields.last() else {
            return Ok(());
        };
        let (start, in_spec) = (self.pos(), field.expr_depth >= 0);
        let (middle, end) = field.scan_text(self.bytes, start);
        let (field_start, triple) = (field.start as usize, field.triple);
        if middle == Middle::Unterminated {
            return Err(self.unterminated(self.field_noun(), field_start, end, triple));
        }
        if end > start {
            self.push(TokenKind::FStringMiddle, start, end);
        }
        self.seek(end);
        match middle {
            Middle::Quote => {
                let close = end + if triple { 3 } else { 1 };
                self.seek(close);
                self.push(TokenKind::FStringEnd, end, close);
                self.fields.pop();
            }
            Middle::Open => return self.open_field(end),
            Middle::Close | Middle::SpecNewline => {
                debug_assert!(in_spec || middle == Middle::Close);
                self.leave_text();
            }
            Middle::Unterminated => {}
        }
        Ok(())
    }

    fn leave_text(&mut self) {
        if let Some(field) = self.fields.last_mut() {
            field.in_text = false;
        }
    }

    fn open_field(&mut self, at: usize) -> Scan<()> {
        let noun = self.field_noun();
        let Some(field) = self.fields.last_mut() else {
            return Ok(());
        };
        field.expr_depth += 1;
        if field.expr_depth >= crate::fstring::MAX_NESTED_SPECS {
            let msg = format!("{noun}: expressions nested too deeply");
            return Err(SyntaxError::new(msg, Span::at(at as u32 - 1)).with_end(ErrorEnd::Start));
        }
        field.in_text = false;
        self.seek(at + 1);
        self.open_bracket(TokenKind::LBrace, at)
    }
}
