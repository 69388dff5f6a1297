//! Compound statements.

use gilbert_lexer::TokenKind as K;

use crate::ast::*;
use crate::cursor::{Parse, Parser};
use crate::stmt::{Owner, stmt};
use crate::target::{TargetKind, set_context};

impl<'s> Parser<'s> {
    /// A compound statement, when one begins here.
    pub fn compound_statement(&mut self) -> Parse<Option<Stmt>> {
        let stmt = match self.tok {
            K::If => self.if_statement()?,
            K::Def => self.function(Vec::new(), None)?,
            K::Class => self.class(Vec::new())?,
            K::For => self.for_statement(None)?,
            K::While => self.while_statement()?,
            K::Try => self.try_statement()?,
            K::With => self.with_statement(None)?,
            K::At => self.decorated()?,
            K::Async => self.async_statement(Vec::new())?,
            K::Name if self.at_match_statement() => self.match_statement()?,
            _ => return Ok(None),
        };
        Ok(Some(stmt))
    }

    /// The colon in front of a block.
    pub fn block_colon(&mut self) -> Parse<()> {
        if self.tok == K::Newline && self.diagnose {
            return self.raise_here("expected ':'");
        }
        self.expect(K::Colon)
    }

    /// The colon behind `else`, `try` and `finally`, where nothing else can be meant.
    fn forced_colon(&mut self) -> Parse<()> {
        if self.tok != K::Colon && self.tok != K::Error {
            let span = self.token().span();
            return self.raise_at(span, "expected ':'");
        }
        self.expect(K::Colon)
    }

    // ---- if, while, for

    /// `if` with all its `elif`s, in a loop: chains may be thousands long.
    fn if_statement(&mut self) -> Parse<Stmt> {
        let mut branches = vec![self.if_branch("'if' statement")?];
        while self.tok == K::Elif {
            branches.push(self.if_branch("'elif' statement")?);
        }
        let mut orelse = self.else_block()?;
        let end = self.block_end;
        while let Some((start, test, body)) = branches.pop() {
            let kind = StmtKind::If(Box::new(If { test, body, orelse }));
            orelse = vec![stmt(Span::new(start, end), kind)];
        }
        match orelse.pop() {
            Some(whole) => Ok(whole),
            None => self.fail(),
        }
    }

    fn if_branch(&mut self, name: &'static str) -> Parse<(u32, Expr, Vec<Stmt>)> {
        let at = self.start();
        self.bump();
        let test = self.named_expression()?;
        self.block_colon()?;
        let body = self.block(Owner { name, at })?;
        Ok((at, test, body))
    }

    fn else_block(&mut self) -> Parse<Vec<Stmt>> {
        let at = self.start();
        if !self.eat(K::Else) {
            return Ok(Vec::new());
        }
        self.forced_colon()?;
        self.block(Owner { name: "'else' statement", at })
    }

    fn while_statement(&mut self) -> Parse<Stmt> {
        let (at, test, body) = self.if_branch("'while' statement")?;
        let orelse = self.else_block()?;
        let span = Span::new(at, self.block_end);
        Ok(stmt(span, StmtKind::While(Box::new(While { test, body, orelse }))))
    }

    /// At `for`; `start` is where an `async` in front stands.
    fn for_statement(&mut self, start: Option<u32>) -> Parse<Stmt> {
        let at = self.start();
        self.bump();
        let target = self.for_targets()?;
        self.bump();
        let iter = self.star_expressions()?;
        self.block_colon()?;
        let body = self.block(Owner { name: "'for' statement", at })?;
        let orelse = self.else_block()?;
        let span = Span::new(start.unwrap_or(at), self.block_end);
        let node = Box::new(For { target, iter, body, orelse });
        Ok(stmt(
            span,
            match start {
                Some(_) => StmtKind::AsyncFor(node),
                None => StmtKind::For(node),
            },
        ))
    }

    fn async_statement(&mut self, decorators: Vec<Expr>) -> Parse<Stmt> {
        let start = self.start();
        self.bump();
        match self.tok {
            K::Def => self.function(decorators, Some(start)),
            K::For if decorators.is_empty() => self.for_statement(Some(start)),
            K::With if decorators.is_empty() => self.with_statement(Some(start)),
            _ => self.fail(),
        }
    }

    // ---- functions and classes

    fn decorated(&mut self) -> Parse<Stmt> {
        let mut decorators = Vec::new();
        while self.eat(K::At) {
            decorators.push(self.named_expression()?);
            self.expect(K::Newline)?;
        }
        match self.tok {
            K::Def => self.function(decorators, None),
            K::Class => self.class(decorators),
            K::Async => self.async_statement(decorators),
            _ => self.fail(),
        }
    }

    /// At `def`; `start` is where an `async` in front stands.
    fn function(&mut self, decorator_list: Vec<Expr>, start: Option<u32>) -> Parse<Stmt> {
        let at = self.start();
        self.bump();
        let name = self.name()?;
        let bracket = self.token().span();
        let type_params = match self.type_params() {
            Err(_) if self.error.is_none() => return self.raise_at(bracket, "expected '('"),
            other => other?,
        };
        if self.tok != K::LPar && self.tok != K::Error {
            let span = self.token().span();
            return self.raise_at(span, "expected '('");
        }
        self.expect(K::LPar)?;
        let args = self.parameters()?;
        self.expect(K::RPar)?;
        let returns = match self.tok {
            K::Arrow => Some(self.return_annotation()?),
            _ => None,
        };
        self.forced_colon()?;
        let body = self.block(Owner { name: "function definition", at })?;
        let span = Span::new(start.unwrap_or(at), self.block_end);
        let node = Box::new(FunctionDef { name, args, body, decorator_list, returns, type_params });
        Ok(stmt(
            span,
            match start {
                Some(_) => StmtKind::AsyncFunctionDef(node),
                None => StmtKind::FunctionDef(node),
            },
        ))
    }

    /// At `->`. Where the expression ends too early, or does not begin, the colon should have been.
    fn return_annotation(&mut self) -> Parse<Expr> {
        let arrow = self.pos;
        self.bump();
        match self.expression() {
            Err(_) if self.error.is_none() => self.no_return_annotation(arrow),
            other => other,
        }
    }

    #[cold]
    fn no_return_annotation(&mut self, arrow: usize) -> Parse<Expr> {
        self.seek(arrow + 1);
        let second_pass = std::mem::replace(&mut self.second_pass, true);
        let prefix = self.expression();
        self.second_pass = second_pass;
        if prefix.is_err() {
            self.seek(arrow);
        }
        let span = self.token().span();
        self.raise_at(span, "expected ':'")
    }

    fn class(&mut self, decorator_list: Vec<Expr>) -> Parse<Stmt> {
        let at = self.start();
        self.bump();
        let name = self.name()?;
        let type_params = self.type_params()?;
        let (bases, keywords) = match self.tok {
            K::LPar => self.arguments(false)?,
            _ => (Vec::new(), Vec::new()),
        };
        self.block_colon()?;
        let body = self.block(Owner { name: "class definition", at })?;
        let span = Span::new(at, self.block_end);
        let node = ClassDef { name, bases, keywords, body, decorator_list, type_params };
        Ok(stmt(span, StmtKind::ClassDef(Box::new(node))))
    }

    // ---- try

    fn try_statement(&mut self) -> Parse<Stmt> {
        let at = self.start();
        self.bump();
        self.forced_colon()?;
        let body = self.block(Owner { name: "'try' statement", at })?;
        let mut handlers = Vec::new();
        let mut star = false;
        while self.tok == K::Except {
            let is_star = self.peek(1) == K::Star;
            if !handlers.is_empty() && is_star != star {
                return self.mixed_handlers(is_star);
            }
            star = is_star;
            handlers.push(self.except_handler(is_star)?);
        }
        let orelse = match handlers.is_empty() {
            true => Vec::new(),
            false => self.else_block()?,
        };
        let final_at = self.start();
        let finalbody = match self.eat(K::Finally) {
            true => {
                self.forced_colon()?;
                self.block(Owner { name: "'finally' statement", at: final_at })?
            }
            false => Vec::new(),
        };
        if handlers.is_empty() && finalbody.is_empty() {
            return self.no_handlers();
        }
        let node = Box::new(Try { body, handlers, orelse, finalbody });
        Ok(stmt(
            Span::new(at, self.block_end),
            match star {
                true => StmtKind::TryStar(node),
                false => StmtKind::Try(node),
            },
        ))
    }

    #[cold]
    fn no_handlers(&mut self) -> Parse<Stmt> {
        if !self.diagnose {
            return self.fail();
        }
        self.raise_here("expected 'except' or 'finally' block")
    }

    #[cold]
    fn mixed_handlers(&mut self, is_star: bool) -> Parse<Stmt> {
        let mut span = self.token().span();
        if is_star {
            span = span.to(self.tokens[self.pos + 1].span());
        }
        self.raise_if_diagnosing(span, "cannot have both 'except' and 'except*' on the same 'try'")
    }

    fn except_handler(&mut self, star: bool) -> Parse<ExceptHandler> {
        let at = self.start();
        self.bump();
        if star {
            self.bump();
            if self.diagnose && matches!(self.tok, K::Newline | K::Colon) {
                return self.raise_here("expected one or more exception types");
            }
        }
        let (mut typ, mut name) = (None, None);
        if star || !matches!(self.tok, K::Colon | K::Newline) {
            typ = Some(self.exception_types()?);
            name = self.as_name()?;
        }
        self.block_colon()?;
        let owner = if star { "'except*' statement" } else { "'except' statement" };
        let body = self.block(Owner { name: owner, at })?;
        let span = Span::new(at, self.block_end);
        Ok(ExceptHandler { span, typ, name, body })
    }

    /// One type, or several without parentheses where no name is bound (PEP 758).
    fn exception_types(&mut self) -> Parse<Expr> {
        let start = self.start();
        let first = self.expression()?;
        if self.tok != K::Comma {
            return Ok(first);
        }
        let types = self.tuple_after(start, first, Self::expression)?;
        if self.tok == K::As {
            let msg = "multiple exception types must be parenthesized when using 'as'";
            return self.raise_if_diagnosing(types.span, msg);
        }
        Ok(types)
    }

    // ---- with

    /// At `with`; `start` is where an `async` in front stands.
    fn with_statement(&mut self, start: Option<u32>) -> Parse<Stmt> {
        let at = self.start();
        self.bump();
        let open = self.pos;
        let items = match self.at_parenthesised_items() {
            true => self.optional(open, Self::parenthesised_items)?,
            false => None,
        };
        let items = match items {
            Some(items) => items,
            None => self.with_items(K::Colon)?,
        };
        self.block_colon()?;
        let body = self.block(Owner { name: "'with' statement", at })?;
        let span = Span::new(start.unwrap_or(at), self.block_end);
        let node = Box::new(With { items, body });
        Ok(stmt(
            span,
            match start {
                Some(_) => StmtKind::AsyncWith(node),
                None => StmtKind::With(node),
            },
        ))
    }

    /// Whether the parenthesis here holds the items, rather than being an expression of its own: it is followed by the colon and
    /// holds expressions that commas separate, some perhaps with `as`, but nothing that only an expression's parentheses may hold.
    fn at_parenthesised_items(&self) -> bool {
        if self.tok != K::LPar {
            return false;
        }
        let (mut depth, mut index) = (0, self.pos);
        let mut lambdas = 0;
        let (mut has_as, mut has_comma, mut only_expression) = (false, false, false);
        loop {
            let kind = self.kind_at(index);
            match kind {
                K::LPar | K::LSqb | K::LBrace => depth += 1,
                K::RPar | K::RSqb | K::RBrace => depth -= 1,
                K::Eof | K::Error | K::Newline => return has_as,
                _ if depth != 1 => {}
                K::As => has_as = true,
                K::Comma if lambdas == 0 => has_comma = true,
                K::Lambda => lambdas += 1,
                K::Colon if lambdas > 0 => lambdas -= 1,
                K::ColonEqual | K::Yield | K::For => only_expression = true,
                K::Star if matches!(self.kind_at(index - 1), K::LPar | K::Comma) => only_expression = true,
                _ => {}
            }
            if depth == 0 {
                let followed = matches!(self.kind_at(index + 1), K::Colon | K::Newline);
                return has_as || (followed && has_comma && !only_expression);
            }
            index += 1;
        }
    }

    fn parenthesised_items(&mut self) -> Parse<Vec<WithItem>> {
        self.bump();
        let items = self.with_items(K::RPar)?;
        self.expect(K::RPar)?;
        Ok(items)
    }

    /// Items up to `close`; before a parenthesis a trailing comma is fine.
    fn with_items(&mut self, close: K) -> Parse<Vec<WithItem>> {
        let mut items = vec![self.with_item()?];
        while self.eat(K::Comma) {
            if close == K::RPar && self.tok == K::RPar {
                break;
            }
            items.push(self.with_item()?);
        }
        Ok(items)
    }

    fn with_item(&mut self) -> Parse<WithItem> {
        let context_expr = self.expression()?;
        if !self.eat(K::As) {
            return Ok(WithItem { context_expr, optional_vars: None });
        }
        let first = self.pos;
        let target = self.with_target();
        match target {
            Ok(target) if matches!(self.tok, K::Comma | K::RPar | K::Colon | K::Newline) => Ok(WithItem { context_expr, optional_vars: Some(target) }),
            Err(fail) if self.error.is_some() => Err(fail),
            _ => {
                self.note_failure();
                self.check_with_target(first)?;
                self.fail()
            }
        }
    }

    fn with_target(&mut self) -> Parse<Expr> {
        let mut target = self.target_element()?;
        match set_context(&mut target, ExprContext::Store) {
            true => Ok(target),
            false => self.fail(),
        }
    }

    fn check_with_target(&mut self, first: usize) -> Parse<()> {
        if !self.diagnose {
            return Ok(());
        }
        self.seek(first);
        if let Some(target) = self.attempt(Self::expression)?
            && matches!(self.tok, K::Comma | K::RPar | K::Colon)
        {
            self.raise_invalid_target(&target, TargetKind::Assign)?;
        }
        Ok(())
    }
}
