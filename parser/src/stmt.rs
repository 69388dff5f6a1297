//! Simple statements, and the lines and blocks that statements stand in.

use gilbert_lexer::TokenKind as K;

use crate::ast::*;
use crate::cursor::{Parse, Parser};
use crate::expr::augmented_operator;
use crate::target::{TargetKind, set_context};

/// A statement node.
pub(crate) fn stmt(span: Span, kind: StmtKind) -> Stmt {
    Stmt { span, kind }
}

impl<'s> Parser<'s> {
    /// A whole file.
    pub fn file(&mut self) -> Parse<Vec<Stmt>> {
        self.is_file = true;
        let mut body = Vec::new();
        while self.tok != K::Eof {
            self.statement(&mut body)?;
        }
        Ok(body)
    }

    /// One expression and nothing else.
    pub fn eval(&mut self) -> Parse<Expr> {
        let value = self.expressions()?;
        while self.eat(K::Newline) {}
        match self.tok {
            K::Eof => Ok(value),
            _ => self.fail(),
        }
    }

    /// A compound statement, or a line of simple ones.
    pub fn statement(&mut self, body: &mut Vec<Stmt>) -> Parse<()> {
        match self.compound_statement()? {
            Some(stmt) => {
                body.push(stmt);
                Ok(())
            }
            None => self.simple_statements(body),
        }
    }

    /// `a; b; c` and the newline.
    fn simple_statements(&mut self, body: &mut Vec<Stmt>) -> Parse<()> {
        loop {
            let first = self.pos;
            match self.simple_statement() {
                Ok(stmt) if matches!(self.tok, K::Semi | K::Newline) => body.push(stmt),
                Ok(stmt) => {
                    self.note_failure();
                    if self.diagnose && matches!(stmt.kind, StmtKind::Expr(_)) {
                        self.check_simple_statement(first)?;
                    }
                    return self.fail();
                }
                Err(fail) => {
                    if self.diagnose && self.error.is_none() {
                        self.check_simple_statement(first)?;
                    }
                    return Err(fail);
                }
            }
            if self.eat(K::Semi) && self.tok != K::Newline {
                continue;
            }
            self.block_end = self.prev_end;
            return self.expect(K::Newline);
        }
    }

    fn simple_statement(&mut self) -> Parse<Stmt> {
        let start = self.start();
        let kind = match self.tok {
            K::Pass => self.word(StmtKind::Pass),
            K::Break => self.word(StmtKind::Break),
            K::Continue => self.word(StmtKind::Continue),
            K::Return => self.return_statement()?,
            K::Import => self.import()?,
            K::From => self.import_from()?,
            K::Raise => self.raise_statement()?,
            K::Del => self.delete()?,
            K::Assert => self.assert()?,
            K::Global => StmtKind::Global(self.name_list()?),
            K::Nonlocal => StmtKind::Nonlocal(self.name_list()?),
            K::Name if self.at_type_alias() => self.type_alias()?,
            _ => self.assignment_or_expression()?,
        };
        Ok(stmt(self.span_from(start), kind))
    }

    fn word(&mut self, kind: StmtKind) -> StmtKind {
        self.bump();
        kind
    }

    fn return_statement(&mut self) -> Parse<StmtKind> {
        self.bump();
        if matches!(self.tok, K::Newline | K::Semi) {
            return Ok(StmtKind::Return(None));
        }
        Ok(StmtKind::Return(Some(Box::new(self.star_expressions()?))))
    }

    fn raise_statement(&mut self) -> Parse<StmtKind> {
        self.bump();
        let (mut exc, mut cause) = (None, None);
        if !matches!(self.tok, K::Newline | K::Semi) {
            exc = Some(self.expression()?);
            if self.eat(K::From) {
                cause = Some(self.expression()?);
            }
        }
        Ok(StmtKind::Raise(Box::new(Raise { exc, cause })))
    }

    fn assert(&mut self) -> Parse<StmtKind> {
        self.bump();
        let test = self.expression()?;
        let msg = match self.eat(K::Comma) {
            true => Some(self.expression()?),
            false => None,
        };
        Ok(StmtKind::Assert(Box::new(Assert { test, msg })))
    }

    fn name_list(&mut self) -> Parse<Vec<Ident>> {
        self.bump();
        let mut names = vec![self.name()?];
        while self.eat(K::Comma) {
            names.push(self.name()?);
        }
        Ok(names)
    }

    fn delete(&mut self) -> Parse<StmtKind> {
        self.bump();
        let first = self.pos;
        let targets = self.delete_targets();
        match targets {
            Ok(targets) if matches!(self.tok, K::Semi | K::Newline) => Ok(StmtKind::Delete(targets)),
            Err(fail) if self.error.is_some() => Err(fail),
            _ => {
                self.note_failure();
                if self.diagnose {
                    self.seek(first);
                    if let Some(target) = self.attempt(Self::star_expressions)? {
                        self.raise_invalid_target(&target, TargetKind::Del)?;
                    }
                }
                self.fail()
            }
        }
    }

    fn delete_targets(&mut self) -> Parse<Vec<Expr>> {
        let mut targets = Vec::new();
        loop {
            let mut target = self.target_element()?;
            if !set_context(&mut target, ExprContext::Del) {
                return self.fail();
            }
            targets.push(target);
            if !self.eat(K::Comma) || matches!(self.tok, K::Semi | K::Newline) {
                return Ok(targets);
            }
        }
    }

    // ---- imports

    fn import(&mut self) -> Parse<StmtKind> {
        if self.diagnose {
            self.check_import_from_order()?;
        }
        self.bump();
        let mut names = Vec::new();
        loop {
            let start = self.start();
            let name = self.dotted_name()?;
            let asname = self.as_name()?;
            names.push(Alias { span: self.span_from(start), name, asname });
            if !self.eat(K::Comma) {
                return Ok(StmtKind::Import(names));
            }
        }
    }

    /// `a.b.c`, also with spaces around the points.
    fn dotted_name(&mut self) -> Parse<Ident> {
        let first = self.name()?;
        if self.tok != K::Dot {
            return Ok(first);
        }
        let mut whole = first.to_string();
        while self.eat(K::Dot) {
            whole.push('.');
            whole.push_str(&self.name()?);
        }
        Ok(whole.into())
    }

    /// `as name`, when it is there.
    pub fn as_name(&mut self) -> Parse<Option<Ident>> {
        match self.eat(K::As) {
            true => self.name().map(Some),
            false => Ok(None),
        }
    }

    fn import_from(&mut self) -> Parse<StmtKind> {
        self.bump();
        let mut level = 0;
        loop {
            match self.tok {
                K::Dot => level += 1,
                K::Ellipsis => level += 3,
                _ => break,
            }
            self.bump();
        }
        let module = match level > 0 && self.tok == K::Import {
            true => None,
            false => Some(self.dotted_name()?),
        };
        self.expect(K::Import)?;
        let names = self.import_targets()?;
        Ok(StmtKind::ImportFrom(Box::new(ImportFrom { module, names, level })))
    }

    fn import_targets(&mut self) -> Parse<Vec<Alias>> {
        let span = self.token().span();
        if self.eat(K::Star) {
            return Ok(vec![Alias { span, name: "*".into(), asname: None }]);
        }
        let parenthesised = self.eat(K::LPar);
        let mut names = Vec::new();
        loop {
            let start = self.start();
            let name = self.name()?;
            let asname = self.as_name()?;
            names.push(Alias { span: self.span_from(start), name, asname });
            if !self.eat(K::Comma) || (parenthesised && self.tok == K::RPar) {
                break;
            }
            if self.diagnose && self.tok == K::Newline {
                return self.raise_here("trailing comma not allowed without surrounding parentheses");
            }
        }
        if parenthesised {
            self.expect(K::RPar)?;
        }
        Ok(names)
    }

    // ---- type aliases

    fn at_type_alias(&self) -> bool {
        self.peek(1) == K::Name && self.at_word("type")
    }

    fn type_alias(&mut self) -> Parse<StmtKind> {
        self.bump();
        let name = self.store_name()?;
        let type_params = self.type_params()?;
        self.expect(K::Equal)?;
        let value = self.expression()?;
        Ok(StmtKind::TypeAlias(Box::new(TypeAlias { name, type_params, value })))
    }

    // ---- assignments

    fn assignment_or_expression(&mut self) -> Parse<StmtKind> {
        let first = self.pos;
        let value = self.yield_or_star_expressions()?;
        match self.tok {
            K::Equal => self.assign(value),
            K::Colon => self.annotated(first, value),
            _ => match augmented_operator(self.tok) {
                Some(op) => self.augmented(op, value),
                None => Ok(StmtKind::Expr(Box::new(value))),
            },
        }
    }

    fn assign(&mut self, first: Expr) -> Parse<StmtKind> {
        let mut targets = Vec::with_capacity(1);
        let mut value = first;
        while self.tok == K::Equal {
            if !set_context(&mut value, ExprContext::Store) {
                return self.fail();
            }
            targets.push(value);
            self.bump();
            value = self.yield_or_star_expressions()?;
        }
        Ok(StmtKind::Assign(Box::new(Assign { targets, value })))
    }

    /// Whether the expression from token `first` up to here is one that stands in parentheses.
    fn was_group(&self, first: usize, value: &Expr) -> bool {
        self.tokens[first].start < value.span.start
    }

    fn augmented(&mut self, op: Operator, mut target: Expr) -> Parse<StmtKind> {
        let single = matches!(target.kind, ExprKind::Name(..) | ExprKind::Attribute(_) | ExprKind::Subscript(_));
        if !single {
            return self.fail();
        }
        set_context(&mut target, ExprContext::Store);
        self.bump();
        let value = self.yield_or_star_expressions()?;
        Ok(StmtKind::AugAssign(Box::new(AugAssign { target, op, value })))
    }

    fn annotated(&mut self, first: usize, mut target: Expr) -> Parse<StmtKind> {
        let single = matches!(target.kind, ExprKind::Name(..) | ExprKind::Attribute(_) | ExprKind::Subscript(_));
        if !single {
            return self.fail();
        }
        let simple = matches!(target.kind, ExprKind::Name(..)) && !self.was_group(first, &target);
        set_context(&mut target, ExprContext::Store);
        self.bump();
        let annotation = self.expression()?;
        let here = self.pos;
        let value = match self.eat(K::Equal) {
            true => self.optional(here, Self::yield_or_star_expressions)?,
            false => None,
        };
        Ok(StmtKind::AnnAssign(Box::new(AnnAssign { target, annotation, value, simple })))
    }

    // ---- blocks

    /// The body of a compound statement, behind the colon.
    pub fn block(&mut self, owner: Owner) -> Parse<Vec<Stmt>> {
        let mut body = Vec::new();
        if !self.eat(K::Newline) {
            self.nested(|p| p.simple_statements(&mut body))?;
            return Ok(body);
        }
        if self.tok != K::Indent {
            return self.missing_block(owner);
        }
        self.bump();
        self.nested(|p| p.block_statements(&mut body))?;
        Ok(body)
    }

    fn block_statements(&mut self, body: &mut Vec<Stmt>) -> Parse<()> {
        loop {
            self.statement(body)?;
            match self.tok {
                K::Dedent => {
                    self.bump();
                    return Ok(());
                }
                K::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    #[cold]
    fn missing_block(&mut self, owner: Owner) -> Parse<Vec<Stmt>> {
        if !self.diagnose {
            return self.fail();
        }
        let line = self.line_of(owner.at);
        self.raise_indentation(format!("expected an indented block after {} on line {line}", owner.name))
    }
}

/// Whose block it is, for the error when there is none.
#[derive(Clone, Copy)]
pub(crate) struct Owner {
    /// As the message calls it.
    pub name: &'static str,
    /// Byte offset of its keyword.
    pub at: u32,
}
