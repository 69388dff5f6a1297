//! String, bytes, f-string and t-string literals, and their implicit concatenation.

use gilbert_lexer::{Span, SyntaxError, TokenKind as K};

use crate::ast::*;
use crate::cursor::{Parse, Parser, expr};
use crate::literal::{Decoder, Text};

/// What a literal's prefix and quotes say.
struct Opening {
    raw: bool,
    bytes: bool,
    /// Length of prefix and quotes.
    len: u32,
    quotes: u32,
}

fn opening(literal: &str) -> Opening {
    let bytes = literal.as_bytes();
    let prefix = bytes.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let quote = bytes[prefix];
    let triple = bytes.len() >= prefix + 3 && bytes[prefix + 1] == quote && bytes[prefix + 2] == quote;
    let quotes = match triple && bytes.len() != prefix + 2 {
        true => 3,
        false => 1,
    };
    Opening {
        raw: bytes[..prefix].iter().any(|b| matches!(b, b'r' | b'R')),
        bytes: bytes[..prefix].iter().any(|b| matches!(b, b'b' | b'B')),
        len: prefix as u32 + quotes,
        quotes,
    }
}

/// The parts of an f-string while they are collected: neighbouring text becomes one constant.
#[derive(Default)]
struct Parts {
    values: Vec<Expr>,
    text: Text,
    text_span: Option<Span>,
}

impl Parts {
    fn add_text(&mut self, text: &Text, span: Span) {
        if text.is_empty() {
            return;
        }
        self.text.append(text);
        self.text_span = Some(self.text_span.map_or(span, |old| old.to(span)));
    }

    fn add_value(&mut self, value: Expr) {
        self.flush();
        self.values.push(value);
    }

    fn flush(&mut self) {
        if let Some(span) = self.text_span.take() {
            let text = std::mem::take(&mut self.text).finish();
            self.values.push(expr(span, ExprKind::Constant(Constant::Str(text))));
        }
    }

    fn finish(mut self) -> Vec<Expr> {
        self.flush();
        self.values
    }
}

/// Whether replacement fields become `FormattedValue`s or `Interpolation`s.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flavour {
    Format,
    Template,
}

impl Flavour {
    fn noun(self) -> &'static str {
        match self {
            Flavour::Format => "f-string",
            Flavour::Template => "t-string",
        }
    }
}

impl<'s> Parser<'s> {
    /// One or more adjacent literals.
    pub fn strings(&mut self) -> Parse<Expr> {
        let single = self.tok == K::String && !matches!(self.peek(1), K::String | K::FStringStart | K::TStringStart);
        if single {
            let span = self.token().span();
            let value = self.plain_literal(self.pos)?;
            self.bump();
            return Ok(expr(span, ExprKind::Constant(value)));
        }
        self.concatenation()
    }

    fn concatenation(&mut self) -> Parse<Expr> {
        let start = self.start();
        let first = self.pos;
        let (mut formatted, mut templates, mut plain, mut bytes) = (0, 0, 0, 0);
        let mut parts = Parts::default();
        let mut data = Vec::new();
        let mut literals = Vec::new();
        loop {
            match self.tok {
                K::String => {
                    literals.push(self.pos);
                    match opening(self.token_text(self.pos)).bytes {
                        true => bytes += 1,
                        false => plain += 1,
                    }
                    self.add_literal(&mut parts, &mut data)?;
                }
                K::FStringStart => {
                    formatted += 1;
                    self.formatted(&mut parts, Flavour::Format)?;
                }
                K::TStringStart => {
                    templates += 1;
                    self.formatted(&mut parts, Flavour::Template)?;
                }
                _ => break,
            }
        }
        self.note_failure();
        if bytes > 0 && plain + formatted + templates > 0 {
            return self.raise_here("cannot mix bytes and nonbytes literals");
        }
        if templates > 0 && plain + formatted > 0 {
            let span = Span::new(self.tokens[first].start, self.prev_end);
            return self.raise_at(span, "cannot mix t-string literals with string or bytes literals");
        }
        let span = self.span_from(start);
        let kind = if bytes > 0 {
            ExprKind::Constant(Constant::Bytes(data.into()))
        } else if templates > 0 {
            ExprKind::TemplateStr(parts.finish())
        } else if formatted > 0 {
            ExprKind::JoinedStr(parts.finish())
        } else {
            ExprKind::Constant(Constant::Str(parts.text.finish()))
        };
        Ok(expr(span, kind))
    }

    /// Takes a plain literal, as text or as bytes.
    fn add_literal(&mut self, parts: &mut Parts, data: &mut Vec<u8>) -> Parse<()> {
        let span = self.token().span();
        if opening(span.text(self.src)).bytes {
            data.extend_from_slice(&self.bytes_literal(self.pos)?);
        } else {
            let text = self.text_literal(self.pos)?;
            parts.add_text(&text, span);
        }
        self.bump();
        Ok(())
    }

    fn plain_literal(&mut self, index: usize) -> Parse<Constant> {
        let span = self.tokens[index].span();
        let literal = span.text(self.src);
        let open = opening(literal);
        if open.bytes {
            return Ok(Constant::Bytes(self.bytes_literal(index)?.into()));
        }
        let body = &literal[open.len as usize..literal.len() - open.quotes as usize];
        if Decoder::is_plain(body, open.raw, false) {
            return Ok(Constant::Str(StrLit::Utf8(body.into())));
        }
        Ok(Constant::Str(self.text_literal(index)?.finish()))
    }

    fn text_literal(&mut self, index: usize) -> Parse<Text> {
        let span = self.tokens[index].span();
        let literal = span.text(self.src);
        let open = opening(literal);
        let body = Span::new(span.start + open.len, span.end - open.quotes);
        match self.decoder(body, open.raw, false).text() {
            Ok(text) => Ok(text),
            Err(error) => self.raise_at(span, error.msg),
        }
    }

    fn bytes_literal(&mut self, index: usize) -> Parse<Vec<u8>> {
        let span = self.tokens[index].span();
        let literal = span.text(self.src);
        let open = opening(literal);
        let body = Span::new(span.start + open.len, span.end - open.quotes);
        if !body.text(self.src).is_ascii() {
            return self.raise_at(span, "bytes can only contain ASCII literal characters");
        }
        match self.decoder(body, open.raw, false).bytes() {
            Ok(bytes) => Ok(bytes),
            Err(error) => self.raise_at(span, error.msg),
        }
    }

    fn decoder(&mut self, body: Span, raw: bool, braces: bool) -> Decoder<'_> {
        Decoder { body: body.text(self.src), at: body.start, raw, braces, warnings: &mut self.warnings, warned: false }
    }

    // ---- f-strings

    /// At the opening of an f-string or t-string: adds its parts.
    fn formatted(&mut self, parts: &mut Parts, flavour: Flavour) -> Parse<()> {
        let raw = opening(self.token_text(self.pos)).raw;
        self.bump();
        while self.tok != K::FStringEnd {
            match self.tok {
                K::FStringMiddle => self.middle(parts, raw, true)?,
                K::LBrace => self.replacement_field(parts, raw, flavour)?,
                _ => return self.fail(),
            }
        }
        self.bump();
        Ok(())
    }

    /// Literal text; in format specs braces are never doubled.
    fn middle(&mut self, parts: &mut Parts, raw: bool, braces: bool) -> Parse<()> {
        let span = self.token().span();
        self.bump();
        match self.decoder(span, raw, braces).text() {
            Ok(text) => parts.add_text(&text, span),
            Err(error) => {
                self.furthest = self.furthest.max(self.pos);
                return self.raise_here(error.msg);
            }
        }
        Ok(())
    }

    fn replacement_field(&mut self, parts: &mut Parts, raw: bool, flavour: Flavour) -> Parse<()> {
        let open = self.pos;
        if self.is_dead(false) {
            return self.fail();
        }
        let result = self.nested(|p| p.field_body(parts, raw, flavour));
        if result.is_err() && self.diagnose && self.error.is_none() {
            self.dead.insert((open, false));
            if !self.remembered.contains(&open) {
                self.check_replacement_field(open, flavour.noun())?;
            }
        }
        result
    }

    fn field_body(&mut self, parts: &mut Parts, raw: bool, flavour: Flavour) -> Parse<()> {
        let (start, open) = (self.start(), self.pos);
        self.bump();
        let value = self.yield_or_star_expressions()?;
        let expr_end = self.prev_end;
        let debug = self.eat(K::Equal);
        let (debug_end, debug_token) = (self.start(), self.pos);
        let conversion = self.conversion(flavour)?;
        let format_spec = match self.tok {
            K::SpecColon => Some(self.format_spec(raw)?),
            _ => None,
        };
        self.expect(K::RBrace)?;
        if debug {
            let span = Span::new(start + 1, debug_end);
            let mut text = Text::default();
            text.push_str(&self.text_without_comments(open, debug_token));
            parts.add_text(&text, span);
        }
        let conversion = match conversion {
            Conversion::None if debug && format_spec.is_none() => Conversion::Repr,
            other => other,
        };
        let span = self.span_from(start);
        let kind = match flavour {
            Flavour::Format => ExprKind::FormattedValue(Box::new(FormattedValue { value, conversion, format_spec })),
            Flavour::Template => {
                ExprKind::Interpolation(Box::new(Interpolation { value, text: Span::new(start + 1, expr_end).text(self.src).into(), conversion, format_spec }))
            }
        };
        parts.add_value(expr(span, kind));
        Ok(())
    }

    /// The source between two tokens (both excluded), without comments.
    fn text_without_comments(&self, open: usize, close: usize) -> String {
        let mut out = String::new();
        let mut at = self.tokens[open].end;
        for token in &self.tokens[open + 1..=close] {
            let gap = Span::new(at, token.start).text(self.src);
            for (i, part) in gap.split('#').enumerate() {
                match i {
                    0 => out.push_str(part),
                    _ => out.push_str(part.find(['\n', '\r']).map_or("", |newline| &part[newline..])),
                }
            }
            at = token.end;
            if token.start < self.tokens[close].start {
                out.push_str(token.span().text(self.src));
            }
        }
        normal_newlines(&out)
    }

    fn conversion(&mut self, flavour: Flavour) -> Parse<Conversion> {
        if self.tok != K::Exclamation {
            return Ok(Conversion::None);
        }
        let mark = self.token().span();
        self.bump();
        if self.tok != K::Name {
            return self.fail();
        }
        let span = self.token().span();
        let noun = flavour.noun();
        if span.start != mark.end {
            let msg = format!("{noun}: conversion type must come right after the exclamanation mark");
            return self.raise_at(mark.to(span), msg);
        }
        let conversion = match span.text(self.src) {
            "s" => Conversion::Str,
            "r" => Conversion::Repr,
            "a" => Conversion::Ascii,
            other => {
                let msg = format!("{noun}: invalid conversion character '{other}': expected 's', 'r', or 'a'");
                return self.raise(SyntaxError::new(msg, span));
            }
        };
        self.bump();
        Ok(conversion)
    }

    /// At the colon: a format spec, up to the closing brace.
    fn format_spec(&mut self, raw: bool) -> Parse<Expr> {
        let start = self.start();
        self.bump();
        let mut parts = Parts::default();
        loop {
            match self.tok {
                K::FStringMiddle => self.middle(&mut parts, raw, false)?,
                K::LBrace => self.replacement_field(&mut parts, raw, Flavour::Format)?,
                _ => break,
            }
        }
        Ok(expr(self.span_from(start), ExprKind::JoinedStr(parts.finish())))
    }
}

fn normal_newlines(text: &str) -> String {
    match text.contains('\r') {
        true => text.replace("\r\n", "\n").replace('\r', "\n"),
        false => text.to_owned(),
    }
}
