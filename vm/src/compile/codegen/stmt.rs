//! Statements, except those with files of their own.

use super::{Compiler, Datum, FBlock, FKind, MAX_BLOCKS, NO_POS, UnitKind, Use};
use crate::code::{Const, Pos};
use crate::compile::assemble::{Kind, Label};
use crate::compile::docstring;
use crate::compile::symtable::Res;
use crate::op::{INPLACE, Op};
use gilbert_parser::Span;
use gilbert_parser::ast::*;
use std::sync::Arc;

impl<'a> Compiler<'a> {
    pub(super) fn body(&mut self, body: &'a [Stmt]) -> Res {
        body.iter().try_for_each(|s| self.stmt(s))
    }

    /// A module's body: docstring, annotations, statements.
    pub(super) fn module_body(&mut self, body: &'a [Stmt]) -> Res {
        let loc = match body.first() {
            Some(first) => self.at(first.span),
            None => NO_POS,
        };
        self.annotations_head(body)?;
        self.setup_annotations(body, loc);
        let rest = self.namespace_docstring(body);
        self.body(rest)
    }

    /// Stores the docstring of a module or class; the statements after it.
    pub(super) fn namespace_docstring(&mut self, body: &'a [Stmt]) -> &'a [Stmt] {
        let Some((doc, span)) = docstring::of(body) else {
            return body;
        };
        if self.options.optimize < 2 {
            let loc = self.at(span);
            self.load_const(loc, doc);
            self.name(NO_POS, &Arc::from("__doc__"), Use::Store);
        }
        &body[1..]
    }

    pub(super) fn stmt(&mut self, stmt: &'a Stmt) -> Res {
        let loc = self.at(stmt.span);
        match &stmt.kind {
            StmtKind::FunctionDef(node) => self.function(node, stmt.span, false),
            StmtKind::AsyncFunctionDef(node) => self.function(node, stmt.span, true),
            StmtKind::ClassDef(node) => self.class(node, stmt.span),
            StmtKind::Return(value) => self.return_(value.as_deref(), stmt.span),
            StmtKind::Delete(targets) => self.exprs(targets),
            StmtKind::Assign(node) => self.assign(node, loc),
            StmtKind::TypeAlias(node) => self.type_alias(node, stmt.span),
            StmtKind::AugAssign(node) => self.aug_assign(node, loc),
            StmtKind::AnnAssign(node) => self.ann_assign(node, loc),
            StmtKind::For(node) => self.for_(node, loc),
            StmtKind::AsyncFor(node) => self.async_for(node, stmt.span),
            StmtKind::While(node) => self.while_(node, loc),
            StmtKind::If(node) => self.if_(node),
            StmtKind::With(node) => self.with(&node.items, &node.body, loc),
            StmtKind::AsyncWith(node) => {
                if !self.in_async_function() {
                    return self.err("'async with' outside async function", stmt.span);
                }
                self.async_with(&node.items, &node.body, loc)
            }
            StmtKind::Match(node) => self.match_(node),
            StmtKind::Raise(node) => self.raise(node, loc),
            StmtKind::Try(node) => self.try_(node, loc, false),
            StmtKind::TryStar(node) => self.try_(node, loc, true),
            StmtKind::Assert(node) => self.assert(node, loc),
            StmtKind::Import(names) => self.import(names, stmt.span),
            StmtKind::ImportFrom(node) => self.import_from(node, stmt.span),
            StmtKind::Global(_) | StmtKind::Nonlocal(_) => Ok(()),
            StmtKind::Expr(value) => self.expr_stmt(value, loc),
            StmtKind::Pass => {
                self.op(loc, Op::Nop, 0);
                Ok(())
            }
            StmtKind::Break => self.break_(stmt.span),
            StmtKind::Continue => self.continue_(stmt.span),
        }
    }

    pub(super) fn in_async_function(&self) -> bool {
        self.unit.kind == UnitKind::AsyncFunction
    }

    fn expr_stmt(&mut self, value: &'a Expr, loc: Pos) -> Res {
        if self.interactive && self.outer.is_empty() {
            self.expr(value)?;
            self.op(loc, Op::PrintExpr, 0);
            return Ok(());
        }
        if self.constant(value).is_some() {
            self.op(loc, Op::Nop, 0);
            return Ok(());
        }
        self.expr(value)?;
        self.op(NO_POS, Op::Pop, 0);
        Ok(())
    }

    // --- assignments

    fn assign(&mut self, node: &'a Assign, loc: Pos) -> Res {
        self.expr(&node.value)?;
        let n = node.targets.len();
        for (i, target) in node.targets.iter().enumerate() {
            if i + 1 < n {
                self.op(loc, Op::Copy, 1);
            }
            self.expr(target)?;
        }
        Ok(())
    }

    fn aug_assign(&mut self, node: &'a AugAssign, loc: Pos) -> Res {
        let place = self.at(node.target.span);
        match &node.target.kind {
            ExprKind::Attribute(target) => {
                self.check_bindable(&target.attr, ExprContext::Store, node.target.span)?;
                self.expr(&target.value)?;
                self.op(place, Op::Copy, 1);
                let at = self.attribute_place(place, &node.target, target);
                self.named(at, Op::LoadAttr, &target.attr);
            }
            ExprKind::Subscript(target) => {
                self.expr(&target.value)?;
                self.expr(&target.slice)?;
                self.op(place, Op::Copy, 2);
                self.op(place, Op::Copy, 2);
                self.op(place, Op::BinarySubscr, 0);
            }
            ExprKind::Name(name, _) => {
                self.check_bindable(name, ExprContext::Store, node.target.span)?;
                self.name(place, name, Use::Load);
            }
            _ => {
                return self.err("illegal expression for augmented assignment", node.target.span);
            }
        }
        self.expr(&node.value)?;
        let op = super::expr::binary(node.op) as u8 + INPLACE;
        self.op_c(loc, Op::BinaryOp, op, 0);
        match &node.target.kind {
            ExprKind::Attribute(target) => {
                let at = self.attribute_place(place, &node.target, target);
                self.op(at, Op::Swap, 2);
                self.named(at, Op::StoreAttr, &target.attr);
            }
            ExprKind::Subscript(_) => {
                self.op(place, Op::Swap, 3);
                self.op(place, Op::Swap, 2);
                self.op(place, Op::StoreSubscr, 0);
            }
            ExprKind::Name(name, _) => self.name(place, name, Use::Store),
            _ => {}
        }
        Ok(())
    }

    // --- conditions and loops

    /// An `elif` chain may be thousands long: a loop, no recursion.
    fn if_(&mut self, first: &'a If) -> Res {
        let end = self.label();
        let mut node = first;
        loop {
            let has_else = !node.orelse.is_empty();
            let next = if has_else { self.label() } else { end };
            self.jump_if(&node.test, next, false)?;
            self.body(&node.body)?;
            if !has_else {
                break;
            }
            self.jump(NO_POS, Op::Jump, end);
            self.place(next);
            match node.orelse.as_slice() {
                [Stmt { kind: StmtKind::If(inner), .. }] => node = inner,
                orelse => {
                    self.body(orelse)?;
                    break;
                }
            }
        }
        self.place(end);
        Ok(())
    }

    fn for_(&mut self, node: &'a For, loc: Pos) -> Res {
        let (start, cleanup, end) = (self.label(), self.label(), self.label());
        self.iterable(&node.iter)?;
        self.op(loc, Op::GetIter, 0);
        self.push_fblock(FKind::For, start, end, Datum::None, loc)?;
        self.place(start);
        self.jump(loc, Op::ForIter, cleanup);
        self.expr(&node.target)?;
        self.body(&node.body)?;
        self.jump(NO_POS, Op::Jump, start);
        self.place(cleanup);
        self.pop_fblock();
        self.body(&node.orelse)?;
        self.place(end);
        Ok(())
    }

    /// What is iterated over: a list or set of constants is a constant itself, another list a tuple.
    pub(super) fn iterable(&mut self, expr: &'a Expr) -> Res {
        let loc = self.at(expr.span);
        if let Some(value) = self.constant_iterable(expr) {
            self.load_const(loc, value);
            return Ok(());
        }
        self.list_as_tuple(expr)
    }

    fn async_for(&mut self, node: &'a For, span: Span) -> Res {
        if !self.in_async_function() {
            return self.err("'async for' outside async function", span);
        }
        let loc = self.at(span);
        let (start, except, end) = (self.label(), self.label(), self.label());
        let iter_loc = self.at(node.iter.span);
        self.expr(&node.iter)?;
        self.op(loc, Op::GetAIter, 0);
        self.place(start);
        self.push_fblock(FKind::For, start, end, Datum::None, loc)?;
        self.next_async(loc, except);
        self.expr(&node.target)?;
        self.body(&node.body)?;
        self.jump(NO_POS, Op::Jump, start);
        self.pop_fblock();
        self.place(except);
        self.op(iter_loc, Op::EndAsyncFor, 0);
        self.body(&node.orelse)?;
        self.place(end);
        Ok(())
    }

    /// `aiter -> aiter item`; the end of the iteration goes to `except`.
    pub(super) fn next_async(&mut self, loc: Pos, except: Label) {
        self.setup(loc, Kind::SetupFinally, except);
        self.op(loc, Op::GetANext, 0);
        self.load_const(loc, Const::None);
        self.delegate(loc);
        self.pop_block(loc);
    }

    fn while_(&mut self, node: &'a While, loc: Pos) -> Res {
        let (start, anchor, end) = (self.label(), self.label(), self.label());
        self.place(start);
        self.push_fblock(FKind::While, start, end, Datum::None, loc)?;
        self.jump_if(&node.test, anchor, false)?;
        self.body(&node.body)?;
        self.jump(NO_POS, Op::Jump, start);
        self.pop_fblock();
        self.place(anchor);
        self.body(&node.orelse)?;
        self.place(end);
        Ok(())
    }

    fn break_(&mut self, span: Span) -> Res {
        let mut loc = self.at(span);
        self.op(loc, Op::Nop, 0);
        let Some(depth) = self.unwind_to_loop(&mut loc, span)? else {
            return self.err("'break' outside loop", span);
        };
        let target = self.unit.fblocks[depth];
        self.unwind(&target, &mut loc, false)?;
        self.jump(loc, Op::Jump, target.exit);
        Ok(())
    }

    fn continue_(&mut self, span: Span) -> Res {
        let mut loc = self.at(span);
        self.op(loc, Op::Nop, 0);
        let Some(depth) = self.unwind_to_loop(&mut loc, span)? else {
            return self.err("'continue' not properly in loop", span);
        };
        let target = self.unit.fblocks[depth];
        self.jump(loc, Op::Jump, target.start);
        Ok(())
    }

    fn return_(&mut self, value: Option<&'a Expr>, span: Span) -> Res {
        if !matches!(self.unit.kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda) {
            return self.err("'return' outside function", span);
        }
        let scope = &self.table.scopes[self.unit.scope];
        if value.is_some() && scope.is_coroutine && scope.is_generator {
            return self.err("'return' with value in async generator", span);
        }
        let mut loc = self.at(span);
        let known = value.map(|v| self.constant(v));
        let constant = match (value, known) {
            (Some(value), Some(None)) => {
                self.expr(value)?;
                None
            }
            (Some(value), Some(Some(known))) => {
                loc = self.at(value.span);
                self.op(loc, Op::Nop, 0);
                Some(known)
            }
            _ => Some(Const::None),
        };
        let value_line = value.map(|v| self.at(v.span).line);
        if value_line != Some(self.at(span).line) {
            loc = self.at(span);
            self.op(loc, Op::Nop, 0);
        }
        self.unwind_all(&mut loc, constant.is_none(), span)?;
        if let Some(value) = constant {
            self.load_const(loc, value);
        }
        self.op(loc, Op::ReturnValue, 0);
        Ok(())
    }

    // --- raise, assert

    fn raise(&mut self, node: &'a Raise, loc: Pos) -> Res {
        let mut n = 0;
        for part in node.exc.iter().chain(&node.cause) {
            self.expr(part)?;
            n += 1;
        }
        self.op(loc, Op::RaiseVarargs, n);
        Ok(())
    }

    fn assert(&mut self, node: &'a Assert, loc: Pos) -> Res {
        self.check_assert(node, loc);
        if self.options.optimize > 0 {
            return Ok(());
        }
        let end = self.label();
        self.jump_if(&node.test, end, true)?;
        self.op(loc, Op::LoadAssertionError, 0);
        if let Some(msg) = &node.msg {
            self.expr(msg)?;
            self.op(loc, Op::Call, 0);
        }
        self.op(loc, Op::RaiseVarargs, 1);
        self.place(end);
        Ok(())
    }

    // --- open blocks

    pub(super) fn push_fblock(&mut self, kind: FKind, start: Label, exit: Label, datum: Datum<'a>, loc: Pos) -> Res {
        if self.unit.fblocks.len() >= MAX_BLOCKS {
            let start = self.index.line_start(loc.line) + u32::from(loc.col);
            let end = self.index.line_start(loc.end_line) + u32::from(loc.end_col);
            let span = Span::new(start, end.max(start));
            return self.err("too many statically nested blocks", span);
        }
        self.unit.fblocks.push(FBlock { kind, start, exit, datum });
        Ok(())
    }

    pub(super) fn pop_fblock(&mut self) {
        self.unit.fblocks.pop();
    }

    /// Gets out of all open blocks.
    fn unwind_all(&mut self, loc: &mut Pos, keep_top: bool, span: Span) -> Res {
        self.unwind_while(loc, keep_top, span, false).map(|_| ())
    }

    /// Gets out of the blocks inside the innermost loop; the loop's place among the open blocks.
    fn unwind_to_loop(&mut self, loc: &mut Pos, span: Span) -> Res<Option<usize>> {
        self.unwind_while(loc, false, span, true)
    }

    fn unwind_while(&mut self, loc: &mut Pos, keep_top: bool, span: Span, stop_at_loop: bool) -> Res<Option<usize>> {
        let Some(top) = self.unit.fblocks.last().copied() else {
            return Ok(None);
        };
        if top.kind == FKind::ExceptionGroupHandler {
            let msg = "'break', 'continue' and 'return' cannot appear in an except* block";
            return self.err(msg, span);
        }
        if stop_at_loop && matches!(top.kind, FKind::While | FKind::For) {
            return Ok(Some(self.unit.fblocks.len() - 1));
        }
        self.unit.fblocks.pop();
        self.unwind(&top, loc, keep_top)?;
        let found = self.unwind_while(loc, keep_top, span, stop_at_loop)?;
        self.unit.fblocks.push(top);
        Ok(found)
    }

    /// Code that gets out of one block, with the value to return on top of the stack when `keep_top`.
    fn unwind(&mut self, block: &FBlock<'a>, loc: &mut Pos, keep_top: bool) -> Res {
        let keep = |c: &mut Self, loc: Pos| {
            if keep_top {
                c.op(loc, Op::Swap, 2);
            }
        };
        match block.kind {
            FKind::While | FKind::ExceptionHandler | FKind::ExceptionGroupHandler => {}
            FKind::For => {
                keep(self, *loc);
                self.op(*loc, Op::Pop, 0);
            }
            FKind::TryExcept => self.pop_block(*loc),
            FKind::FinallyTry => {
                self.pop_block(*loc);
                if keep_top {
                    let none = self.label();
                    self.push_fblock(FKind::PopValue, none, none, Datum::None, *loc)?;
                }
                if let Datum::Finally(body) = block.datum {
                    self.body(body)?;
                }
                if keep_top {
                    self.pop_fblock();
                }
                *loc = NO_POS;
            }
            FKind::FinallyEnd => {
                keep(self, *loc);
                self.op(*loc, Op::Pop, 0);
                keep(self, *loc);
                self.pop_block(*loc);
                self.op(*loc, Op::PopExcept, 0);
            }
            FKind::With | FKind::AsyncWith => {
                if let Datum::Place(place) = block.datum {
                    *loc = place;
                }
                self.pop_block(*loc);
                keep(self, *loc);
                self.exit_with_nones(*loc);
                if block.kind == FKind::AsyncWith {
                    self.await_top(*loc, 2);
                }
                self.op(*loc, Op::Pop, 0);
                *loc = NO_POS;
            }
            FKind::HandlerCleanup => {
                if let Datum::Name(_) = block.datum {
                    self.pop_block(*loc);
                }
                keep(self, *loc);
                self.pop_block(*loc);
                self.op(*loc, Op::PopExcept, 0);
                if let Datum::Name(name) = block.datum {
                    self.unbind(*loc, name);
                }
            }
            FKind::PopValue => {
                keep(self, *loc);
                self.op(*loc, Op::Pop, 0);
            }
        }
        Ok(())
    }

    /// `name = None; del name`, as at the end of `except .. as name`.
    pub(super) fn unbind(&mut self, loc: Pos, name: &'a Ident) {
        self.load_const(loc, Const::None);
        self.name(loc, name, Use::Store);
        self.name(loc, name, Use::Del);
    }
}
