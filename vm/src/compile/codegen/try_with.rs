//! `try` in all its forms, `with` and `async with`.

use super::{Compiler, Datum, FKind, NO_POS, Use};
use crate::code::{Const, Pos};
use crate::compile::assemble::{Kind, Label};
use crate::compile::symtable::Res;
use crate::op::Op;
use gilbert_parser::ast::*;

impl<'a> Compiler<'a> {
    pub(super) fn try_(&mut self, node: &'a Try, loc: Pos, star: bool) -> Res {
        if node.finalbody.is_empty() {
            return self.try_except(node, loc, star);
        }
        let (body, end, exit) = (self.label(), self.label(), self.label());
        self.setup(loc, Kind::SetupFinally, end);
        self.place(body);
        let datum = Datum::Finally(&node.finalbody);
        self.push_fblock(FKind::FinallyTry, body, end, datum, loc)?;
        if node.handlers.is_empty() {
            self.body(&node.body)?;
        } else {
            self.try_except(node, loc, star)?;
        }
        self.pop_block(NO_POS);
        self.pop_fblock();
        self.body(&node.finalbody)?;
        self.jump(NO_POS, Op::Jump, exit);

        self.place(end);
        let cleanup = self.label();
        self.push_fblock(FKind::FinallyEnd, end, end, Datum::None, loc)?;
        self.setup(NO_POS, Kind::SetupCleanup, cleanup);
        self.op(NO_POS, Op::PushExcInfo, 0);
        self.body(&node.finalbody)?;
        self.pop_fblock();
        self.op(NO_POS, Op::Reraise, 0);
        self.place(cleanup);
        self.pop_except_and_reraise();
        self.place(exit);
        Ok(())
    }

    fn try_except(&mut self, node: &'a Try, loc: Pos, star: bool) -> Res {
        if star { self.try_star(node, loc) } else { self.try_plain(node, loc) }
    }

    /// The end of a handler that failed: the exception before it is current again, and the new one goes on.
    fn pop_except_and_reraise(&mut self) {
        self.op(NO_POS, Op::Copy, 3);
        self.op(NO_POS, Op::PopExcept, 0);
        self.op(NO_POS, Op::Reraise, 1);
    }

    fn try_plain(&mut self, node: &'a Try, loc: Pos) -> Res {
        let (body, except, end, cleanup) = (self.label(), self.label(), self.label(), self.label());
        self.setup(loc, Kind::SetupFinally, except);
        self.place(body);
        self.push_fblock(FKind::TryExcept, body, body, Datum::None, loc)?;
        self.body(&node.body)?;
        self.pop_fblock();
        self.pop_block(NO_POS);
        self.body(&node.orelse)?;
        self.jump(NO_POS, Op::Jump, end);

        self.place(except);
        self.setup(NO_POS, Kind::SetupCleanup, cleanup);
        self.op(NO_POS, Op::PushExcInfo, 0);
        self.push_fblock(FKind::ExceptionHandler, body, body, Datum::None, loc)?;
        let last = node.handlers.len() - 1;
        for (i, handler) in node.handlers.iter().enumerate() {
            if handler.typ.is_none() && i < last {
                return self.err("default 'except:' must be last", handler.span);
            }
            let next = self.label();
            self.handler(handler, next, end)?;
            self.place(next);
        }
        self.op(NO_POS, Op::Reraise, 0);
        self.pop_fblock();
        self.place(cleanup);
        self.pop_except_and_reraise();
        self.place(end);
        Ok(())
    }

    /// One `except` clause: `previous exc` on the stack; where the type does not match, on to `next`.
    fn handler(&mut self, handler: &'a ExceptHandler, next: Label, end: Label) -> Res {
        let loc = self.at(handler.span);
        if let Some(typ) = &handler.typ {
            self.expr(typ)?;
            self.op(loc, Op::CheckExcMatch, 0);
            self.jump(loc, Op::PopJumpIfFalse, next);
        }
        let body = self.label();
        let Some(name) = &handler.name else {
            self.op(loc, Op::Pop, 0);
            self.place(body);
            self.push_fblock(FKind::HandlerCleanup, body, body, Datum::None, loc)?;
            self.body(&handler.body)?;
            self.pop_fblock();
            self.pop_block(NO_POS);
            self.op(NO_POS, Op::PopExcept, 0);
            self.jump(NO_POS, Op::Jump, end);
            return Ok(());
        };
        self.check_bindable(name, ExprContext::Store, handler.span)?;
        let cleanup = self.label();
        self.name(loc, name, Use::Store);
        self.setup(loc, Kind::SetupCleanup, cleanup);
        self.place(body);
        self.push_fblock(FKind::HandlerCleanup, body, body, Datum::Name(name), loc)?;
        self.body(&handler.body)?;
        self.pop_fblock();
        self.pop_block(NO_POS);
        self.pop_block(NO_POS);
        self.op(NO_POS, Op::PopExcept, 0);
        self.unbind(NO_POS, name);
        self.jump(NO_POS, Op::Jump, end);
        self.place(cleanup);
        self.unbind(NO_POS, name);
        self.op(NO_POS, Op::Reraise, 1);
        Ok(())
    }

    /// `try .. except*`: on the stack of the handlers lie `previous original results rest`.
    fn try_star(&mut self, node: &'a Try, loc: Pos) -> Res {
        let (body, except, orelse) = (self.label(), self.label(), self.label());
        let (end, cleanup, reraise) = (self.label(), self.label(), self.label());
        self.setup(loc, Kind::SetupFinally, except);
        self.place(body);
        self.push_fblock(FKind::TryExcept, body, body, Datum::None, loc)?;
        self.body(&node.body)?;
        self.pop_fblock();
        self.pop_block(NO_POS);
        self.jump(NO_POS, Op::Jump, orelse);

        self.place(except);
        self.setup(NO_POS, Kind::SetupCleanup, cleanup);
        self.op(NO_POS, Op::PushExcInfo, 0);
        self.push_fblock(FKind::ExceptionGroupHandler, body, body, Datum::None, loc)?;
        for (i, handler) in node.handlers.iter().enumerate() {
            if i == 0 {
                let loc = self.at(handler.span);
                self.op(loc, Op::BuildList, 0);
                self.op(loc, Op::Copy, 2);
            }
            self.star_handler(handler)?;
        }
        self.op(NO_POS, Op::ListAppend, 1);
        self.pop_fblock();
        self.op(NO_POS, Op::PrepReraiseStar, 0);
        self.op(NO_POS, Op::Copy, 1);
        self.jump(NO_POS, Op::PopJumpIfNotNone, reraise);
        self.op(NO_POS, Op::Pop, 0);
        self.pop_block(NO_POS);
        self.op(NO_POS, Op::PopExcept, 0);
        self.jump(NO_POS, Op::Jump, end);
        self.place(reraise);
        self.pop_block(NO_POS);
        self.op(NO_POS, Op::Swap, 2);
        self.op(NO_POS, Op::PopExcept, 0);
        self.op(NO_POS, Op::Reraise, 0);
        self.place(cleanup);
        self.pop_except_and_reraise();
        self.place(orelse);
        self.body(&node.orelse)?;
        self.place(end);
        Ok(())
    }

    /// One `except*` clause: splits `rest`, runs the body on the match, collects what the body raises.
    fn star_handler(&mut self, handler: &'a ExceptHandler) -> Res {
        let loc = self.at(handler.span);
        let (next, no_match, after) = (self.label(), self.label(), self.label());
        let (cleanup, body) = (self.label(), self.label());
        if let Some(typ) = &handler.typ {
            self.expr(typ)?;
            self.op(loc, Op::CheckEgMatch, 0);
            self.op(loc, Op::Copy, 1);
            self.jump(loc, Op::PopJumpIfNone, no_match);
        }
        match &handler.name {
            Some(name) => {
                self.check_bindable(name, ExprContext::Store, handler.span)?;
                self.name(loc, name, Use::Store);
            }
            None => self.op(loc, Op::Pop, 0),
        }
        self.setup(loc, Kind::SetupCleanup, cleanup);
        self.place(body);
        let datum = handler.name.as_ref().map_or(Datum::None, Datum::Name);
        self.push_fblock(FKind::HandlerCleanup, body, body, datum, loc)?;
        self.body(&handler.body)?;
        self.pop_fblock();
        self.pop_block(NO_POS);
        if let Some(name) = &handler.name {
            self.unbind(NO_POS, name);
        }
        self.jump(NO_POS, Op::Jump, next);
        self.place(cleanup);
        if let Some(name) = &handler.name {
            self.unbind(NO_POS, name);
        }
        self.op(NO_POS, Op::ListAppend, 3);
        self.op(NO_POS, Op::Pop, 0);
        self.jump(NO_POS, Op::Jump, after);
        self.place(next);
        self.op(NO_POS, Op::Nop, 0);
        self.jump(NO_POS, Op::Jump, after);
        self.place(no_match);
        self.op(loc, Op::Pop, 0);
        self.place(after);
        Ok(())
    }

    // --- with

    pub(super) fn with(&mut self, items: &'a [WithItem], body: &'a [Stmt], loc: Pos) -> Res {
        let Some((item, rest)) = items.split_first() else {
            return self.body(body);
        };
        let (block, failed, exit) = (self.label(), self.label(), self.label());
        self.expr(&item.context_expr)?;
        self.op(loc, Op::BeforeWith, 0);
        self.setup(loc, Kind::SetupWith, failed);
        self.place(block);
        self.push_fblock(FKind::With, block, failed, Datum::Place(loc), loc)?;
        match &item.optional_vars {
            Some(target) => self.expr(target)?,
            None => self.op(loc, Op::Pop, 0),
        }
        self.with(rest, body, loc)?;
        self.pop_block(NO_POS);
        self.pop_fblock();
        self.exit_with_nones(loc);
        self.op(loc, Op::Pop, 0);
        self.jump(loc, Op::Jump, exit);

        self.place(failed);
        let cleanup = self.label();
        self.setup(loc, Kind::SetupCleanup, cleanup);
        self.op(loc, Op::PushExcInfo, 0);
        self.op(loc, Op::WithExceptStart, 0);
        self.finish_with_failure(cleanup);
        self.place(exit);
        Ok(())
    }

    pub(super) fn async_with(&mut self, items: &'a [WithItem], body: &'a [Stmt], loc: Pos) -> Res {
        let Some((item, rest)) = items.split_first() else {
            return self.body(body);
        };
        let (block, failed, exit) = (self.label(), self.label(), self.label());
        self.expr(&item.context_expr)?;
        self.op(loc, Op::BeforeAsyncWith, 0);
        self.await_top(loc, 1);
        self.setup(loc, Kind::SetupWith, failed);
        self.place(block);
        self.push_fblock(FKind::AsyncWith, block, failed, Datum::Place(loc), loc)?;
        match &item.optional_vars {
            Some(target) => self.expr(target)?,
            None => self.op(loc, Op::Pop, 0),
        }
        self.async_with(rest, body, loc)?;
        self.pop_fblock();
        self.pop_block(loc);
        self.exit_with_nones(loc);
        self.await_top(loc, 2);
        self.op(loc, Op::Pop, 0);
        self.jump(loc, Op::Jump, exit);

        self.place(failed);
        let cleanup = self.label();
        self.setup(loc, Kind::SetupCleanup, cleanup);
        self.op(loc, Op::PushExcInfo, 0);
        self.op(loc, Op::WithExceptStart, 0);
        self.await_top(loc, 2);
        self.finish_with_failure(cleanup);
        self.place(exit);
        Ok(())
    }

    /// Calls `exit(None, None, None)`; the first None stands where a method's `self` would.
    pub(super) fn exit_with_nones(&mut self, loc: Pos) {
        for _ in 0..3 {
            self.load_const(loc, Const::None);
        }
        self.op(loc, Op::Call, 2);
    }

    /// `exit lasti previous exc result` on the stack: a true result swallows the exception.
    fn finish_with_failure(&mut self, cleanup: Label) {
        let (suppress, exit) = (self.label(), self.label());
        self.jump(NO_POS, Op::PopJumpIfTrue, suppress);
        self.op(NO_POS, Op::Reraise, 2);
        self.place(suppress);
        self.op(NO_POS, Op::Pop, 0);
        self.pop_block(NO_POS);
        self.op(NO_POS, Op::PopExcept, 0);
        self.op(NO_POS, Op::Pop, 0);
        self.op(NO_POS, Op::Pop, 0);
        self.jump(NO_POS, Op::Jump, exit);
        self.place(cleanup);
        self.pop_except_and_reraise();
        self.place(exit);
    }
}
