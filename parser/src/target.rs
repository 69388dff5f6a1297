//! What may be assigned to, and what may be deleted.

use gilbert_lexer::{Span, TokenKind as K};

use crate::ast::*;
use crate::cursor::{Parse, Parser, expr};

/// Where a target stands; `for` and `del` differ in what is wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TargetKind {
    Assign,
    For,
    Del,
}

/// Marks `target` and what it holds as `ctx`; false when it cannot be a target.
pub(crate) fn set_context(target: &mut Expr, ctx: ExprContext) -> bool {
    match &mut target.kind {
        ExprKind::Name(_, c) => *c = ctx,
        ExprKind::Attribute(node) => node.ctx = ctx,
        ExprKind::Subscript(node) => node.ctx = ctx,
        ExprKind::Starred(value, c) => {
            *c = ctx;
            return ctx == ExprContext::Store && set_context(value, ctx);
        }
        ExprKind::List(elts, c) | ExprKind::Tuple(elts, c) => {
            *c = ctx;
            return elts.iter_mut().all(|elt| set_context(elt, ctx));
        }
        _ => return false,
    }
    true
}

/// The first part of `target` that cannot be a target (CPython's `_PyPegen_get_invalid_target`).
pub(crate) fn invalid_target(target: &Expr, kind: TargetKind) -> Option<&Expr> {
    match &target.kind {
        ExprKind::List(elts, _) | ExprKind::Tuple(elts, _) => elts.iter().find_map(|elt| invalid_target(elt, kind)),
        ExprKind::Starred(_, _) if kind == TargetKind::Del => Some(target),
        ExprKind::Starred(value, _) => invalid_target(value, kind),
        ExprKind::Compare(node) if kind == TargetKind::For => match node.ops[0] {
            CmpOp::In => invalid_target(&node.left, kind),
            _ => None,
        },
        ExprKind::Name(..) | ExprKind::Subscript(_) | ExprKind::Attribute(_) => None,
        _ => Some(target),
    }
}

/// What error messages call an expression.
pub(crate) fn describe(value: &Expr) -> &'static str {
    match &value.kind {
        ExprKind::Attribute(_) => "attribute",
        ExprKind::Subscript(_) => "subscript",
        ExprKind::Starred(..) => "starred",
        ExprKind::Name(..) => "name",
        ExprKind::List(..) => "list",
        ExprKind::Tuple(..) => "tuple",
        ExprKind::Lambda(_) => "lambda",
        ExprKind::Call(_) => "function call",
        ExprKind::BoolOp(_) | ExprKind::BinOp(_) | ExprKind::UnaryOp(_) => "expression",
        ExprKind::GeneratorExp(_) => "generator expression",
        ExprKind::Yield(_) | ExprKind::YieldFrom(_) => "yield expression",
        ExprKind::Await(_) => "await expression",
        ExprKind::ListComp(_) => "list comprehension",
        ExprKind::SetComp(_) => "set comprehension",
        ExprKind::DictComp(_) => "dict comprehension",
        ExprKind::Dict(_) => "dict literal",
        ExprKind::Set(_) => "set display",
        ExprKind::JoinedStr(_) | ExprKind::FormattedValue(_) => "f-string expression",
        ExprKind::TemplateStr(_) | ExprKind::Interpolation(_) => "t-string expression",
        ExprKind::Compare(_) => "comparison",
        ExprKind::IfExp(_) => "conditional expression",
        ExprKind::NamedExpr(_) => "named expression",
        ExprKind::Slice(_) => "slice",
        ExprKind::Constant(Constant::None) => "None",
        ExprKind::Constant(Constant::True) => "True",
        ExprKind::Constant(Constant::False) => "False",
        ExprKind::Constant(Constant::Ellipsis) => "ellipsis",
        ExprKind::Constant(_) => "literal",
    }
}

impl<'s> Parser<'s> {
    /// The targets of a `for`, up to the `in` (which is not taken).
    pub fn for_targets(&mut self) -> Parse<Expr> {
        let first = self.pos;
        let result = self.for_target_list();
        match result {
            Ok(target) if self.tok == K::In => Ok(target),
            Ok(_) => {
                self.note_failure();
                self.check_for_target(first)?;
                self.fail()
            }
            Err(fail) if self.error.is_none() => {
                self.check_for_target(first)?;
                Err(fail)
            }
            other => other,
        }
    }

    fn for_target_list(&mut self) -> Parse<Expr> {
        let start = self.start();
        let element = Self::target_element;
        let first = element(self)?;
        let mut target = match self.tok {
            K::Comma => self.tuple_after(start, first, element)?,
            _ => first,
        };
        match set_context(&mut target, ExprContext::Store) {
            true => Ok(target),
            false => self.fail(),
        }
    }

    /// One target: no operators, so that `in` is left alone.
    pub fn target_element(&mut self) -> Parse<Expr> {
        let start = self.start();
        if !self.eat(K::Star) {
            return self.primary();
        }
        let value = self.primary()?;
        let kind = ExprKind::Starred(Box::new(value), ExprContext::Load);
        Ok(expr(self.span_from(start), kind))
    }

    fn check_for_target(&mut self, first: usize) -> Parse<()> {
        if !self.diagnose {
            return Ok(());
        }
        self.seek(first);
        if let Some(target) = self.attempt(Self::star_expressions)? {
            self.raise_invalid_target(&target, TargetKind::For)?;
        }
        Ok(())
    }

    /// Raises "cannot assign to .." when some part of `target` is none.
    pub fn raise_invalid_target(&mut self, target: &Expr, kind: TargetKind) -> Parse<()> {
        let Some(bad) = invalid_target(target, kind) else {
            return Ok(());
        };
        let verb = match kind {
            TargetKind::Del => "delete",
            _ => "assign to",
        };
        self.raise_at(bad.span, format!("cannot {verb} {}", describe(bad)))
    }

    /// A tuple of nothing but what was parsed; keeps `Span` rules in one place.
    pub fn store_name(&mut self) -> Parse<Expr> {
        let span: Span = self.token().span();
        let id = self.name()?;
        Ok(expr(span, ExprKind::Name(id, ExprContext::Store)))
    }
}
