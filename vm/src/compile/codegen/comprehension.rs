//! Comprehensions (in place, PEP 709, where the symbol table says so) and generator expressions.

use super::{Compiler, NO_POS, UnitKind};
use crate::code::Pos;
use crate::compile::assemble::{Kind, Label};
use crate::compile::symtable::{CompKind, Place, Res, ScopeId, Tag, def, key};
use crate::op::Op;
use gilbert_parser::Span;
use gilbert_parser::ast::*;
use std::sync::Arc;

/// A comprehension's parts.
struct Parts<'a> {
    kind: CompKind,
    generators: &'a [Comprehension],
    elt: &'a Expr,
    value: Option<&'a Expr>,
    loc: Pos,
}

/// What a comprehension in place must give back at its end.
struct Saved {
    slots: Vec<Ident>,
    cleanup: Label,
}

impl<'a> Compiler<'a> {
    pub(super) fn comprehension(&mut self, expr: &'a Expr) -> Res {
        let loc = self.at(expr.span);
        let (kind, key, generators, elt, value) = match &expr.kind {
            ExprKind::ListComp(c) => (CompKind::List, key(&**c, Tag::Body), &c.generators, &c.elt, None),
            ExprKind::SetComp(c) => (CompKind::Set, key(&**c, Tag::Body), &c.generators, &c.elt, None),
            ExprKind::GeneratorExp(c) => (CompKind::Generator, key(&**c, Tag::Body), &c.generators, &c.elt, None),
            ExprKind::DictComp(c) => {
                let key = key(&**c, Tag::Body);
                (CompKind::Dict, key, &c.generators, &c.key, Some(&c.value))
            }
            _ => return Ok(()),
        };
        let parts = Parts { kind, generators, elt, value, loc };
        let scope = self.table.scope_of(key).unwrap_or(0);
        let is_async = self.table.scopes[scope].is_coroutine;
        if is_async && kind != CompKind::Generator && !matches!(self.unit.kind, UnitKind::AsyncFunction | UnitKind::Comprehension) {
            let msg = "asynchronous comprehension outside of an asynchronous function";
            return self.err(msg, expr.span);
        }
        if self.table.scopes[scope].inlined { self.comprehension_in_place(&parts, scope) } else { self.comprehension_function(&parts, scope, is_async) }
    }

    /// Pushes the first iterator, evaluated in the enclosing scope.
    fn first_iterator(&mut self, first: &'a Comprehension, loc: Pos) -> Res {
        self.iterable(&first.iter)?;
        let op = if first.is_async { Op::GetAIter } else { Op::GetIter };
        self.op(loc, op, 0);
        Ok(())
    }

    fn comprehension_in_place(&mut self, parts: &Parts<'a>, scope: ScopeId) -> Res {
        self.first_iterator(&parts.generators[0], parts.loc)?;
        let saved = self.save_slots(scope, parts.loc);
        self.unit.inlined.push(scope);
        self.begin_result(parts);
        self.op(parts.loc, Op::Swap, 2);
        self.generator(parts, 0, 0, true)?;
        self.unit.inlined.pop();
        self.restore_slots(saved, parts.loc);
        Ok(())
    }

    fn begin_result(&mut self, parts: &Parts<'a>) {
        let op = match parts.kind {
            CompKind::List => Op::BuildList,
            CompKind::Set => Op::BuildSet,
            CompKind::Dict => Op::BuildMap,
            CompKind::Generator => return,
        };
        self.op(parts.loc, op, 0);
    }

    /// Saves what the slots of the comprehension's variables hold now, below the iterator on top of the stack.
    fn save_slots(&mut self, scope: ScopeId, loc: Pos) -> Option<Saved> {
        let bound: Vec<(Ident, bool)> = self.table.scopes[scope]
            .symbols
            .iter()
            .filter(|(_, s)| s.flags & def::LOCAL != 0 && s.flags & def::NONLOCAL == 0)
            .filter(|(_, s)| matches!(s.place, Some(Place::Local | Place::Cell)))
            .map(|(n, s)| (n.clone(), s.place == Some(Place::Cell)))
            .collect();
        if bound.is_empty() {
            return None;
        }
        for (name, is_cell) in &bound {
            self.slotted(loc, Op::LoadFastAndClear, name);
            if *is_cell {
                self.slotted(loc, Op::MakeCell, name);
            }
        }
        self.op(loc, Op::Swap, bound.len() as u32 + 1);
        let cleanup = self.label();
        self.setup(loc, Kind::SetupFinally, cleanup);
        Some(Saved { slots: bound.into_iter().map(|(n, _)| n).collect(), cleanup })
    }

    fn restore_slots(&mut self, saved: Option<Saved>, loc: Pos) {
        let Some(saved) = saved else { return };
        let end = self.label();
        self.pop_block(NO_POS);
        self.jump(NO_POS, Op::Jump, end);
        self.place(saved.cleanup);
        self.op(NO_POS, Op::Swap, 2);
        self.op(NO_POS, Op::Pop, 0);
        self.put_back(&saved.slots, loc);
        self.op(NO_POS, Op::Reraise, 0);
        self.place(end);
        self.put_back(&saved.slots, loc);
    }

    fn put_back(&mut self, slots: &[Ident], loc: Pos) {
        self.op(loc, Op::Swap, slots.len() as u32 + 1);
        for name in slots.iter().rev() {
            self.slotted(loc, Op::StoreFast, name);
        }
    }

    fn comprehension_function(&mut self, parts: &Parts<'a>, scope: ScopeId, is_async: bool) -> Res {
        let loc = parts.loc;
        self.enter_unit(UnitKind::Comprehension, scope, loc.line)?;
        self.unit.arg_count = 1;
        self.begin_result(parts);
        self.generator(parts, 0, 0, false)?;
        if parts.kind == CompKind::Generator {
            self.return_none();
        } else {
            let elt = self.at(parts.elt.span);
            self.op(elt, Op::ReturnValue, 0);
        }
        let code = self.leave_unit()?;
        self.make_function(loc, code, 0);
        self.first_iterator(&parts.generators[0], loc)?;
        self.op(loc, Op::Call, 0);
        if is_async && parts.kind != CompKind::Generator {
            self.await_top(loc, 0);
        }
        Ok(())
    }

    /// The loop of generator `at`; `depth` iterators lie above the result.
    fn generator(&mut self, parts: &Parts<'a>, at: usize, depth: u32, on_stack: bool) -> Res {
        if parts.generators[at].is_async { self.async_generator(parts, at, depth, on_stack) } else { self.sync_generator(parts, at, depth, on_stack) }
    }

    fn outer_iterator(&mut self, loc: Pos, on_stack: bool) {
        if !on_stack {
            self.slotted(loc, Op::LoadFast, &Arc::from(".0"));
        }
    }

    fn sync_generator(&mut self, parts: &Parts<'a>, at: usize, depth: u32, on_stack: bool) -> Res {
        let generator = &parts.generators[at];
        let (start, skip, anchor) = (self.label(), self.label(), self.label());
        let mut depth = depth;
        let mut loops = true;
        if at == 0 {
            self.outer_iterator(parts.loc, on_stack);
        } else if let Some(only) = single_item(&generator.iter) {
            self.expr(only)?;
            loops = false;
        } else {
            self.iterable(&generator.iter)?;
            self.op(parts.loc, Op::GetIter, 0);
        }
        if loops {
            depth += 1;
            self.place(start);
            self.jump(parts.loc, Op::ForIter, anchor);
        }
        self.expr(&generator.target)?;
        for condition in &generator.ifs {
            self.jump_if(condition, skip, false)?;
        }
        let elt = self.inner(parts, at, depth)?;
        self.place(skip);
        if loops {
            self.jump(elt, Op::Jump, start);
            self.place(anchor);
        }
        Ok(())
    }

    fn async_generator(&mut self, parts: &Parts<'a>, at: usize, depth: u32, on_stack: bool) -> Res {
        let generator = &parts.generators[at];
        let (start, skip, except) = (self.label(), self.label(), self.label());
        if at == 0 {
            self.outer_iterator(parts.loc, on_stack);
        } else {
            self.expr(&generator.iter)?;
            self.op(parts.loc, Op::GetAIter, 0);
        }
        self.place(start);
        self.next_async(parts.loc, except);
        self.expr(&generator.target)?;
        for condition in &generator.ifs {
            self.jump_if(condition, skip, false)?;
        }
        let elt = self.inner(parts, at, depth + 1)?;
        self.place(skip);
        self.jump(elt, Op::Jump, start);
        self.place(except);
        self.op(parts.loc, Op::EndAsyncFor, 0);
        Ok(())
    }

    /// The next generator, or the element; the place of the element.
    fn inner(&mut self, parts: &Parts<'a>, at: usize, depth: u32) -> Res<Pos> {
        let mut loc = self.at(parts.elt.span);
        if at + 1 < parts.generators.len() {
            self.generator(parts, at + 1, depth, false)?;
            return Ok(loc);
        }
        self.expr(parts.elt)?;
        match parts.kind {
            CompKind::Generator => {
                self.yield_value(loc);
                self.op(loc, Op::Pop, 0);
            }
            CompKind::List => self.op(loc, Op::ListAppend, depth + 1),
            CompKind::Set => self.op(loc, Op::SetAdd, depth + 1),
            CompKind::Dict => {
                if let Some(value) = parts.value {
                    self.expr(value)?;
                    loc = self.at(Span::new(parts.elt.span.start, value.span.end));
                }
                self.op(loc, Op::MapAdd, depth + 1);
            }
        }
        Ok(loc)
    }
}

/// The item of `for y in [item]`: an assignment, no loop.
fn single_item(iter: &Expr) -> Option<&Expr> {
    match &iter.kind {
        ExprKind::List(items, _) | ExprKind::Tuple(items, _) => match items.as_slice() {
            [one] if !matches!(one.kind, ExprKind::Starred(..)) => Some(one),
            _ => None,
        },
        _ => None,
    }
}
