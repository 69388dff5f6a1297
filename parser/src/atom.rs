//! Atoms: names, literals, groups, displays, comprehensions; and call arguments.

use gilbert_lexer::{Span, SyntaxError, TokenKind as K};

use crate::ast::*;
use crate::cursor::{Parse, Parser, expr};

/// Digits of a decimal literal beyond which CPython refuses it.
const MAX_DECIMAL_DIGITS: usize = 4300;

impl<'s> Parser<'s> {
    pub fn atom(&mut self) -> Parse<Expr> {
        let span = self.token().span();
        let kind = match self.tok {
            K::Name => {
                let text = self.token_text(self.pos);
                ExprKind::Name(self.intern(text), ExprContext::Load)
            }
            K::Int => ExprKind::Constant(self.integer(span)?),
            K::Float => ExprKind::Constant(Constant::Float(float_value(span.text(self.src)))),
            K::Imag => {
                let text = span.text(self.src);
                ExprKind::Constant(Constant::Imag(float_value(&text[..text.len() - 1])))
            }
            K::True => ExprKind::Constant(Constant::True),
            K::False => ExprKind::Constant(Constant::False),
            K::None => ExprKind::Constant(Constant::None),
            K::Ellipsis => ExprKind::Constant(Constant::Ellipsis),
            K::String | K::FStringStart | K::TStringStart => return self.strings(),
            K::LPar => return self.group_tuple_or_genexp(),
            K::LSqb => return self.list_display(),
            K::LBrace => return self.brace_display(),
            _ => return self.fail(),
        };
        self.bump();
        Ok(expr(span, kind))
    }

    fn integer(&mut self, span: Span) -> Parse<Constant> {
        let text = span.text(self.src);
        if text.len() < 19 && text.bytes().all(|b| b.is_ascii_digit()) {
            let value = text.bytes().fold(0i64, |n, b| n * 10 + i64::from(b - b'0'));
            return Ok(Constant::Int(value));
        }
        let (radix, body) = match text.as_bytes().get(1) {
            Some(b'x' | b'X') => (16, &text[2..]),
            Some(b'o' | b'O') => (8, &text[2..]),
            Some(b'b' | b'B') => (2, &text[2..]),
            _ => (10, text),
        };
        let digits: String = body.chars().filter(|&c| c != '_').collect();
        if let Ok(value) = i64::from_str_radix(&digits, radix) {
            return Ok(Constant::Int(value));
        }
        if radix == 10 && digits.len() > MAX_DECIMAL_DIGITS {
            return self.raise(too_many_digits(span, digits.len()));
        }
        let digits = digits.into();
        Ok(Constant::BigInt(Box::new(BigIntLit { digits, radix })))
    }

    // ---- parentheses

    fn group_tuple_or_genexp(&mut self) -> Parse<Expr> {
        let (start, open) = (self.start(), self.pos);
        if self.is_dead(false) {
            return self.fail();
        }
        let result = self.parenthesised(start);
        if result.is_err() && self.diagnose && self.error.is_none() {
            self.dead.insert((open, false));
            if !self.remembered.contains(&open) {
                self.check_parenthesised(open)?;
            }
        }
        result
    }

    fn parenthesised(&mut self, start: u32) -> Parse<Expr> {
        self.bump();
        match self.tok {
            K::RPar => {
                self.bump();
                return Ok(expr(self.span_from(start), ExprKind::Tuple(Vec::new(), ExprContext::Load)));
            }
            K::Yield => {
                let value = self.yield_expression()?;
                self.expect(K::RPar)?;
                return Ok(value);
            }
            _ => {}
        }
        let first = self.star_named_expression()?;
        let starred = matches!(first.kind, ExprKind::Starred(..));
        match self.tok {
            K::For | K::Async if !starred => self.generator_after(start, first),
            K::Comma => {
                let elts = self.rest_of_elements(first, K::RPar)?;
                self.expect(K::RPar)?;
                Ok(expr(self.span_from(start), ExprKind::Tuple(elts, ExprContext::Load)))
            }
            _ if starred => self.fail(),
            _ => {
                self.expect(K::RPar)?;
                Ok(first)
            }
        }
    }

    fn generator_after(&mut self, start: u32, elt: Expr) -> Parse<Expr> {
        let generators = self.for_if_clauses()?;
        self.expect(K::RPar)?;
        let node = Comp { elt, generators };
        Ok(expr(self.span_from(start), ExprKind::GeneratorExp(Box::new(node))))
    }

    /// At the comma behind the first element: all elements up to `close`.
    fn rest_of_elements(&mut self, first: Expr, close: K) -> Parse<Vec<Expr>> {
        let mut elts = vec![first];
        while self.eat(K::Comma) {
            if self.tok == close {
                break;
            }
            elts.push(self.star_named_expression()?);
        }
        Ok(elts)
    }

    // ---- lists, sets, dicts

    fn list_display(&mut self) -> Parse<Expr> {
        let (start, open) = (self.start(), self.pos);
        if self.is_dead(false) {
            return self.fail();
        }
        let result = self.list_body(start);
        if result.is_err() && self.diagnose && self.error.is_none() {
            self.dead.insert((open, false));
            if !self.remembered.contains(&open) {
                self.check_comprehension(open)?;
            }
        }
        result
    }

    fn list_body(&mut self, start: u32) -> Parse<Expr> {
        self.bump();
        if self.eat(K::RSqb) {
            return Ok(expr(self.span_from(start), ExprKind::List(Vec::new(), ExprContext::Load)));
        }
        let first = self.star_named_expression()?;
        let starred = matches!(first.kind, ExprKind::Starred(..));
        if matches!(self.tok, K::For | K::Async) && !starred {
            let generators = self.for_if_clauses()?;
            self.expect(K::RSqb)?;
            let node = Comp { elt: first, generators };
            return Ok(expr(self.span_from(start), ExprKind::ListComp(Box::new(node))));
        }
        let elts = self.rest_of_elements(first, K::RSqb)?;
        self.expect(K::RSqb)?;
        Ok(expr(self.span_from(start), ExprKind::List(elts, ExprContext::Load)))
    }

    fn brace_display(&mut self) -> Parse<Expr> {
        let (start, open) = (self.start(), self.pos);
        if self.is_dead(false) {
            return self.fail();
        }
        let result = self.brace_body(start);
        if result.is_err() && self.diagnose && self.error.is_none() {
            self.dead.insert((open, false));
            if !self.remembered.contains(&open) {
                self.check_braces(open)?;
            }
        }
        result
    }

    fn brace_body(&mut self, start: u32) -> Parse<Expr> {
        self.bump();
        if self.tok == K::RBrace || self.tok == K::DoubleStar {
            return self.dict_items(start, Dict { keys: Vec::new(), values: Vec::new() });
        }
        let first = self.star_named_expression()?;
        let starred = matches!(first.kind, ExprKind::Starred(..));
        match self.tok {
            K::Colon if !starred && !matches!(first.kind, ExprKind::NamedExpr(_)) => self.dict_or_comp(start, first),
            K::Colon if !starred && self.is_group(&first) => self.dict_or_comp(start, first),
            K::For | K::Async if !starred => {
                let generators = self.for_if_clauses()?;
                self.expect(K::RBrace)?;
                let node = Comp { elt: first, generators };
                Ok(expr(self.span_from(start), ExprKind::SetComp(Box::new(node))))
            }
            _ => {
                let elts = self.rest_of_elements(first, K::RBrace)?;
                self.expect(K::RBrace)?;
                Ok(expr(self.span_from(start), ExprKind::Set(elts)))
            }
        }
    }

    /// Whether the expression that was just parsed stood in parentheses of its own.
    fn is_group(&self, value: &Expr) -> bool {
        value.span.end < self.prev_end
    }

    /// At the colon behind the first key.
    fn dict_or_comp(&mut self, start: u32, key: Expr) -> Parse<Expr> {
        self.bump();
        let value = self.expression()?;
        if matches!(self.tok, K::For | K::Async) {
            let generators = self.for_if_clauses()?;
            self.expect(K::RBrace)?;
            let node = DictComp { key, value, generators };
            return Ok(expr(self.span_from(start), ExprKind::DictComp(Box::new(node))));
        }
        let dict = Dict { keys: vec![Some(key)], values: vec![value] };
        match self.tok {
            K::Comma => self.bump(),
            K::RBrace => {}
            _ => return self.fail(),
        }
        self.dict_items(start, dict)
    }

    /// The remaining items of a dict, behind a comma or the opening brace.
    fn dict_items(&mut self, start: u32, mut dict: Dict) -> Parse<Expr> {
        while self.tok != K::RBrace {
            if self.eat(K::DoubleStar) {
                dict.keys.push(None);
                dict.values.push(self.bitwise_or()?);
            } else {
                if self.diagnose && !dict.keys.is_empty() {
                    self.check_next_key()?;
                }
                dict.keys.push(Some(self.expression()?));
                self.expect(K::Colon)?;
                dict.values.push(self.expression()?);
            }
            if !self.eat(K::Comma) {
                break;
            }
        }
        self.expect(K::RBrace)?;
        Ok(expr(self.span_from(start), ExprKind::Dict(Box::new(dict))))
    }

    // ---- comprehensions

    /// One or more `for .. in .. if ..`.
    pub fn for_if_clauses(&mut self) -> Parse<Vec<Comprehension>> {
        let mut clauses = vec![self.for_if_clause()?];
        while matches!(self.tok, K::For | K::Async) {
            clauses.push(self.for_if_clause()?);
        }
        Ok(clauses)
    }

    fn for_if_clause(&mut self) -> Parse<Comprehension> {
        let is_async = self.eat(K::Async);
        self.expect(K::For)?;
        let target = self.for_targets()?;
        self.bump();
        let iter = self.disjunction()?;
        let mut ifs = Vec::new();
        while self.eat(K::If) {
            ifs.push(self.disjunction()?);
        }
        Ok(Comprehension { target, iter, ifs, is_async })
    }

    // ---- call arguments

    /// At `(`: everything up to and with `)`. A lone generator expression may do without parentheses of its own in calls.
    pub fn arguments(&mut self, generator: bool) -> Parse<(Vec<Expr>, Vec<Keyword>)> {
        let open = self.pos;
        if self.is_dead(true) {
            return self.fail();
        }
        let result = self.argument_list(generator);
        if result.is_err() && self.diagnose && self.error.is_none() {
            self.dead.insert((open, true));
            if !self.remembered.contains(&open) {
                self.check_arguments(open)?;
            }
        }
        result
    }

    fn argument_list(&mut self, generator: bool) -> Parse<(Vec<Expr>, Vec<Keyword>)> {
        let open = self.start();
        self.bump();
        let (mut args, mut keywords) = (Vec::new(), Vec::<Keyword>::new());
        let mut unpacked = false;
        while self.tok != K::RPar {
            match self.tok {
                K::Star if !unpacked => args.push(self.starred_argument()?),
                K::DoubleStar => {
                    unpacked = true;
                    keywords.push(self.double_starred_argument()?);
                }
                K::Name if self.peek(1) == K::Equal => keywords.push(self.keyword_argument()?),
                _ if !keywords.is_empty() => {
                    if self.tok == K::Name {
                        self.furthest = self.furthest.max(self.pos + 1);
                    }
                    if self.diagnose {
                        self.check_keyword_argument()?;
                    }
                    return self.fail();
                }
                _ => {
                    let value = self.argument()?;
                    if generator && args.is_empty() && matches!(self.tok, K::For | K::Async) {
                        args.push(self.generator_after(open, value)?);
                        return Ok((args, keywords));
                    }
                    args.push(value);
                }
            }
            if !self.eat(K::Comma) {
                break;
            }
        }
        self.expect(K::RPar)?;
        Ok((args, keywords))
    }

    /// One positional argument: `name := value` or an expression that no `=` follows.
    pub fn argument(&mut self) -> Parse<Expr> {
        if self.tok == K::Name && self.peek(1) == K::ColonEqual {
            return self.assignment_expression();
        }
        let first = self.pos;
        let value = self.expression()?;
        if self.tok == K::ColonEqual {
            return self.fail();
        }
        if self.tok == K::Equal {
            if self.diagnose {
                self.seek(first);
                self.check_keyword_argument()?;
            }
            return self.fail();
        }
        Ok(value)
    }

    fn keyword_argument(&mut self) -> Parse<Keyword> {
        let (start, first) = (self.start(), self.pos);
        let arg = Some(self.name()?);
        self.bump();
        if self.diagnose && matches!(self.tok, K::Comma | K::RPar) {
            return self.raise_at(self.span_from(start), "expected argument value expression");
        }
        let value = self.expression()?;
        if self.diagnose && matches!(self.tok, K::For | K::Async) {
            self.check_keyword_generator(first)?;
        }
        Ok(Keyword { span: self.span_from(start), arg, value })
    }

    fn double_starred_argument(&mut self) -> Parse<Keyword> {
        let start = self.start();
        self.bump();
        let value = self.expression()?;
        if self.diagnose && self.tok == K::Equal {
            self.check_assigned_unpacking(start, "keyword argument")?;
        }
        Ok(Keyword { span: self.span_from(start), arg: None, value })
    }
}

/// The value of a float literal. `f64` reads every form of Python's floats once the underscores are gone.
fn float_value(text: &str) -> f64 {
    let value = match text.contains('_') {
        true => text.replace('_', "").parse(),
        false => text.parse(),
    };
    value.unwrap_or(f64::INFINITY)
}

fn too_many_digits(span: Span, digits: usize) -> SyntaxError {
    let msg = format!(
        "Exceeds the limit ({MAX_DECIMAL_DIGITS} digits) for integer string conversion: value has {digits} digits; use \
         sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to avoid decimal \
         conversion limits."
    );
    SyntaxError::new(msg, span)
}
