//! `match` statements and their patterns (PEP 634).

use gilbert_lexer::TokenKind as K;

use crate::ast::*;
use crate::cursor::{Parse, Parser, expr};
use crate::stmt::{Owner, stmt};

impl<'s> Parser<'s> {
    /// Whether `match` here begins a statement, and is no name. Most times the next token tells; otherwise the line must end in a
    /// colon and an indented block follow.
    pub fn at_match_statement(&self) -> bool {
        if !self.at_word("match") {
            return false;
        }
        match self.peek(1) {
            K::Name
            | K::Int
            | K::Float
            | K::Imag
            | K::String
            | K::FStringStart
            | K::TStringStart
            | K::None
            | K::True
            | K::False
            | K::Ellipsis
            | K::LBrace
            | K::Tilde
            | K::Lambda
            | K::Await => true,
            K::LPar | K::LSqb | K::Minus | K::Plus | K::Star => self.line_opens_block(),
            K::Not => self.peek(2) != K::In && self.line_opens_block(),
            _ => false,
        }
    }

    fn line_opens_block(&self) -> bool {
        let (mut index, mut depth) = (self.pos, 0);
        loop {
            match self.kind_at(index) {
                K::Newline => return self.kind_at(index - 1) == K::Colon,
                K::Eof | K::Error => return false,
                K::Semi if depth == 0 => return false,
                K::LPar | K::LSqb | K::LBrace => depth += 1,
                K::RPar | K::RSqb | K::RBrace => depth -= 1,
                _ => {}
            }
            index += 1;
        }
    }

    pub fn match_statement(&mut self) -> Parse<Stmt> {
        let at = self.start();
        self.bump();
        let subject = self.match_subject()?;
        self.block_colon()?;
        self.expect(K::Newline)?;
        if self.tok != K::Indent {
            if !self.diagnose {
                return self.fail();
            }
            let line = self.line_of(at);
            return self.raise_indentation(format!("expected an indented block after 'match' statement on line {line}"));
        }
        self.bump();
        let mut cases = Vec::new();
        while self.at_word("case") {
            let case = self.nested(Self::match_case)?;
            cases.push(case);
        }
        if cases.is_empty() {
            return self.fail();
        }
        if self.tok != K::Eof {
            self.expect(K::Dedent)?;
        }
        let kind = StmtKind::Match(Box::new(Match { subject, cases }));
        Ok(stmt(Span::new(at, self.block_end), kind))
    }

    fn match_subject(&mut self) -> Parse<Expr> {
        let start = self.start();
        let first = self.star_named_expression()?;
        if self.tok == K::Comma {
            return self.tuple_after(start, first, Self::star_named_expression);
        }
        match first.kind {
            ExprKind::Starred(..) => self.fail(),
            _ => Ok(first),
        }
    }

    fn match_case(&mut self) -> Parse<MatchCase> {
        let at = self.start();
        self.bump();
        let pattern = self.patterns()?;
        let guard = match self.eat(K::If) {
            true => Some(self.named_expression()?),
            false => None,
        };
        self.block_colon()?;
        let body = self.block(Owner { name: "'case' statement", at })?;
        Ok(MatchCase { pattern, guard, body })
    }

    fn pattern_node(&self, start: u32, kind: PatternKind) -> Pattern {
        Pattern { span: self.span_from(start), kind }
    }

    /// What stands behind `case`: a pattern, or a sequence without brackets.
    fn patterns(&mut self) -> Parse<Pattern> {
        let start = self.start();
        let first = self.star_or_pattern()?;
        if self.tok != K::Comma {
            return match first.kind {
                PatternKind::MatchStar(_) => self.fail(),
                _ => Ok(first),
            };
        }
        let patterns = self.pattern_sequence(first, |k| matches!(k, K::Colon | K::If))?;
        Ok(self.pattern_node(start, PatternKind::MatchSequence(patterns)))
    }

    /// At the comma behind the first element.
    fn pattern_sequence(&mut self, first: Pattern, closes: fn(K) -> bool) -> Parse<Vec<Pattern>> {
        let mut patterns = vec![first];
        while self.eat(K::Comma) {
            if closes(self.tok) {
                break;
            }
            patterns.push(self.star_or_pattern()?);
        }
        Ok(patterns)
    }

    fn star_or_pattern(&mut self) -> Parse<Pattern> {
        if self.tok != K::Star {
            return self.pattern();
        }
        let start = self.start();
        self.bump();
        let name = self.capture_name()?;
        Ok(self.pattern_node(start, PatternKind::MatchStar(name)))
    }

    /// A name to bind; `None` for `_`.
    fn capture_name(&mut self) -> Parse<Option<Ident>> {
        let wildcard = self.at_word("_");
        let name = self.name()?;
        if matches!(self.tok, K::Dot | K::LPar | K::Equal) {
            return self.fail();
        }
        Ok((!wildcard).then_some(name))
    }

    fn pattern(&mut self) -> Parse<Pattern> {
        self.nested(Self::as_pattern)
    }

    fn as_pattern(&mut self) -> Parse<Pattern> {
        let start = self.start();
        let pattern = self.or_pattern()?;
        if !self.eat(K::As) {
            return Ok(pattern);
        }
        let target = self.pos;
        match self.capture_name() {
            Ok(Some(name)) => {
                let node = MatchAs { pattern: Some(pattern), name: Some(name) };
                Ok(self.pattern_node(start, PatternKind::MatchAs(Box::new(node))))
            }
            Ok(None) => {
                let span = self.tokens[target].span();
                self.raise_if_diagnosing(span, "cannot use '_' as a target")
            }
            Err(fail) if self.error.is_some() => Err(fail),
            Err(_) => self.bad_as_target(target),
        }
    }

    #[cold]
    fn bad_as_target(&mut self, target: usize) -> Parse<Pattern> {
        self.seek(target);
        if self.diagnose
            && self.tok != K::Name
            && let Some(value) = self.attempt(Self::expression)?
        {
            return self.raise_at(value.span, "invalid pattern target");
        }
        self.fail()
    }

    fn or_pattern(&mut self) -> Parse<Pattern> {
        let start = self.start();
        let first = self.closed_pattern()?;
        if self.tok != K::VBar {
            return Ok(first);
        }
        let mut patterns = vec![first];
        while self.eat(K::VBar) {
            patterns.push(self.closed_pattern()?);
        }
        Ok(self.pattern_node(start, PatternKind::MatchOr(patterns)))
    }

    fn closed_pattern(&mut self) -> Parse<Pattern> {
        let start = self.start();
        let kind = match self.tok {
            K::Name => return self.name_pattern(),
            K::LPar => return self.group_or_sequence(),
            K::LSqb => return self.bracketed_sequence(),
            K::LBrace => return self.mapping_pattern(),
            K::None => self.singleton(Constant::None),
            K::True => self.singleton(Constant::True),
            K::False => self.singleton(Constant::False),
            _ => PatternKind::MatchValue(Box::new(self.literal_expression()?)),
        };
        Ok(self.pattern_node(start, kind))
    }

    fn singleton(&mut self, value: Constant) -> PatternKind {
        self.bump();
        PatternKind::MatchSingleton(value)
    }

    /// A number (also `-1`, `1+2j`), or a string.
    fn literal_expression(&mut self) -> Parse<Expr> {
        if matches!(self.tok, K::String | K::FStringStart | K::TStringStart) {
            let value = self.strings()?;
            return match value.kind {
                ExprKind::Constant(_) => Ok(value),
                _ => self.raise_at(value.span, "patterns may only match literals and attribute lookups"),
            };
        }
        let start = self.start();
        let real = self.signed_number()?;
        let op = match self.tok {
            K::Plus => Operator::Add,
            K::Minus => Operator::Sub,
            _ => return Ok(real),
        };
        if is_imaginary(&real) {
            return self.raise_at(real.span, "real number required in complex literal");
        }
        self.bump();
        if !matches!(self.tok, K::Int | K::Float | K::Imag) {
            return self.fail();
        }
        let imaginary = self.atom()?;
        if !is_imaginary(&imaginary) {
            return self.raise_at(imaginary.span, "imaginary number required in complex literal");
        }
        let node = BinOp { left: real, op, right: imaginary };
        Ok(expr(self.span_from(start), ExprKind::BinOp(Box::new(node))))
    }

    fn signed_number(&mut self) -> Parse<Expr> {
        let start = self.start();
        let negative = self.eat(K::Minus);
        if !matches!(self.tok, K::Int | K::Float | K::Imag) {
            return self.fail();
        }
        let operand = self.atom()?;
        if !negative {
            return Ok(operand);
        }
        let node = UnaryOp { op: UnaryOperator::USub, operand };
        Ok(expr(self.span_from(start), ExprKind::UnaryOp(Box::new(node))))
    }

    /// A capture, `_`, a dotted name, or a class pattern.
    fn name_pattern(&mut self) -> Parse<Pattern> {
        let start = self.start();
        if !matches!(self.peek(1), K::Dot | K::LPar | K::Equal) {
            let name = self.capture_name()?;
            let node = MatchAs { pattern: None, name };
            return Ok(self.pattern_node(start, PatternKind::MatchAs(Box::new(node))));
        }
        let value = self.dotted_expression()?;
        match self.tok {
            K::LPar => self.class_pattern(start, value),
            K::Equal => self.fail(),
            _ => Ok(self.pattern_node(start, PatternKind::MatchValue(Box::new(value)))),
        }
    }

    fn dotted_expression(&mut self) -> Parse<Expr> {
        let start = self.start();
        let id = self.name()?;
        let mut value = expr(self.span_from(start), ExprKind::Name(id, ExprContext::Load));
        while self.eat(K::Dot) {
            let attr = self.name()?;
            self.grow()?;
            let node = Attribute { value, attr, ctx: ExprContext::Load };
            value = expr(self.span_from(start), ExprKind::Attribute(Box::new(node)));
        }
        Ok(value)
    }

    fn class_pattern(&mut self, start: u32, cls: Expr) -> Parse<Pattern> {
        self.bump();
        let mut node = MatchClass { cls, patterns: Vec::new(), kwd_attrs: Vec::new(), kwd_patterns: Vec::new() };
        while self.tok != K::RPar {
            if self.tok == K::Name && self.peek(1) == K::Equal {
                let attr = self.name()?;
                self.bump();
                node.kwd_attrs.push(attr);
                node.kwd_patterns.push(self.pattern()?);
            } else if node.kwd_attrs.is_empty() {
                node.patterns.push(self.pattern()?);
            } else {
                return self.positional_after_keyword();
            }
            if !self.eat(K::Comma) {
                break;
            }
        }
        self.expect(K::RPar)?;
        Ok(self.pattern_node(start, PatternKind::MatchClass(Box::new(node))))
    }

    #[cold]
    fn positional_after_keyword(&mut self) -> Parse<Pattern> {
        if !self.diagnose {
            return self.fail();
        }
        let first = self.pattern()?;
        let mut span = first.span;
        while self.tok == K::Comma && !(self.peek(1) == K::Name && self.peek(2) == K::Equal) && self.peek(1) != K::RPar {
            self.bump();
            span = span.to(self.pattern()?.span);
        }
        self.raise_at(span, "positional patterns follow keyword patterns")
    }

    fn group_or_sequence(&mut self) -> Parse<Pattern> {
        let start = self.start();
        self.bump();
        if self.eat(K::RPar) {
            return Ok(self.pattern_node(start, PatternKind::MatchSequence(Vec::new())));
        }
        let first = self.star_or_pattern()?;
        if self.tok != K::Comma {
            let star = matches!(first.kind, PatternKind::MatchStar(_));
            return match star || !self.eat(K::RPar) {
                true => self.fail(),
                false => Ok(first),
            };
        }
        let patterns = self.pattern_sequence(first, |k| k == K::RPar)?;
        self.expect(K::RPar)?;
        Ok(self.pattern_node(start, PatternKind::MatchSequence(patterns)))
    }

    fn bracketed_sequence(&mut self) -> Parse<Pattern> {
        let start = self.start();
        self.bump();
        let patterns = match self.tok {
            K::RSqb => Vec::new(),
            _ => {
                let first = self.star_or_pattern()?;
                self.pattern_sequence(first, |k| k == K::RSqb)?
            }
        };
        self.expect(K::RSqb)?;
        Ok(self.pattern_node(start, PatternKind::MatchSequence(patterns)))
    }

    fn mapping_pattern(&mut self) -> Parse<Pattern> {
        let start = self.start();
        self.bump();
        let mut node = MatchMapping { keys: Vec::new(), patterns: Vec::new(), rest: None };
        while self.tok != K::RBrace {
            if self.eat(K::DoubleStar) {
                if self.at_word("_") {
                    return self.fail();
                }
                node.rest = self.capture_name()?;
                self.eat(K::Comma);
                break;
            }
            node.keys.push(self.mapping_key()?);
            self.expect(K::Colon)?;
            node.patterns.push(self.pattern()?);
            if !self.eat(K::Comma) {
                break;
            }
        }
        self.expect(K::RBrace)?;
        Ok(self.pattern_node(start, PatternKind::MatchMapping(Box::new(node))))
    }

    fn mapping_key(&mut self) -> Parse<Expr> {
        match self.tok {
            K::None | K::True | K::False => self.atom(),
            K::Name => {
                let key = self.dotted_expression()?;
                match key.kind {
                    ExprKind::Attribute(_) => Ok(key),
                    _ => self.fail(),
                }
            }
            _ => self.literal_expression(),
        }
    }
}

fn is_imaginary(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Constant(Constant::Imag(_)) => true,
        ExprKind::UnaryOp(node) => is_imaginary(&node.operand),
        _ => false,
    }
}
