//! Expressions.

use super::{Compiler, NO_POS, STACK_GUIDELINE, UnitKind, Use};
use crate::code::{Const, Pos};
use crate::compile::assemble::{Kind, Label};
use crate::compile::symtable::Res;
use crate::op::{BinOp as OpBin, CmpOp as OpCmp, Op};
use gilbert_parser::Span;
use gilbert_parser::ast::*;
use std::sync::Arc;

impl<'a> Compiler<'a> {
    pub(super) fn exprs(&mut self, exprs: &'a [Expr]) -> Res {
        exprs.iter().try_for_each(|e| self.expr(e))
    }

    /// Code that leaves the value of `expr` on the stack (or stores to it, or deletes it, by its context).
    pub(super) fn expr(&mut self, expr: &'a Expr) -> Res {
        if let Some(value) = self.constant(expr) {
            let loc = self.at(expr.span);
            self.load_const(loc, value);
            return Ok(());
        }
        self.expr_not_constant(expr)
    }

    fn expr_not_constant(&mut self, expr: &'a Expr) -> Res {
        let loc = self.at(expr.span);
        match &expr.kind {
            ExprKind::NamedExpr(node) => {
                self.expr(&node.value)?;
                self.op(loc, Op::Copy, 1);
                self.expr(&node.target)?;
            }
            ExprKind::BoolOp(node) => self.bool_op(node, loc)?,
            ExprKind::BinOp(_) => self.bin_op(expr)?,
            ExprKind::UnaryOp(node) => self.unary_op(node, loc)?,
            ExprKind::Lambda(node) => self.lambda(node, expr.span)?,
            ExprKind::IfExp(node) => self.if_exp(node)?,
            ExprKind::Dict(node) => self.dict(node, loc)?,
            ExprKind::Set(items) => self.sequence(loc, items, 0, Sequence::Set)?,
            ExprKind::ListComp(_) | ExprKind::SetComp(_) | ExprKind::DictComp(_) | ExprKind::GeneratorExp(_) => self.comprehension(expr)?,
            ExprKind::Yield(value) => self.yield_(value.as_deref(), expr.span)?,
            ExprKind::YieldFrom(value) => self.yield_from(value, expr.span)?,
            ExprKind::Await(value) => self.await_expr(value, expr.span)?,
            ExprKind::Compare(node) => self.compare(node, loc, expr.span)?,
            ExprKind::Call(node) => self.call(node, expr)?,
            ExprKind::JoinedStr(values) => self.joined_str(values, loc)?,
            ExprKind::TemplateStr(values) => self.template_str(values, loc)?,
            ExprKind::FormattedValue(node) => self.formatted_value(node, loc)?,
            ExprKind::Interpolation(node) => self.interpolation(node, loc)?,
            ExprKind::Constant(value) => {
                let value = self.folder().literal(value);
                self.load_const(loc, value);
            }
            ExprKind::Attribute(node) => self.attribute(node, expr)?,
            ExprKind::Subscript(node) => self.subscript(node, loc)?,
            ExprKind::Starred(_, ctx) => {
                let msg = match ctx {
                    ExprContext::Store => "starred assignment target must be in a list or tuple",
                    _ => "can't use starred expression here",
                };
                return self.err(msg, expr.span);
            }
            ExprKind::Slice(node) => {
                let parts = self.slice_parts(node, loc)?;
                self.op(loc, Op::BuildSlice, parts);
            }
            ExprKind::Name(name, ctx) => {
                self.check_bindable(name, *ctx, expr.span)?;
                self.name(loc, name, usage(*ctx));
            }
            ExprKind::List(items, ctx) => match ctx {
                ExprContext::Load => self.sequence(loc, items, 0, Sequence::List)?,
                ExprContext::Store => self.unpack(loc, items, expr.span)?,
                ExprContext::Del => self.exprs(items)?,
            },
            ExprKind::Tuple(items, ctx) => match ctx {
                ExprContext::Load => self.sequence(loc, items, 0, Sequence::Tuple)?,
                ExprContext::Store => self.unpack(loc, items, expr.span)?,
                ExprContext::Del => self.exprs(items)?,
            },
        }
        Ok(())
    }

    /// Refuses to bind or delete `__debug__`.
    pub(super) fn check_bindable(&self, name: &str, ctx: ExprContext, span: Span) -> Res {
        if name != "__debug__" {
            return Ok(());
        }
        match ctx {
            ExprContext::Load => Ok(()),
            ExprContext::Store => self.err("cannot assign to __debug__", span),
            ExprContext::Del => self.err("cannot delete __debug__", span),
        }
    }

    fn bool_op(&mut self, node: &'a BoolOp, loc: Pos) -> Res {
        let op = match node.op {
            BoolOperator::And => Op::JumpIfFalseOrPop,
            BoolOperator::Or => Op::JumpIfTrueOrPop,
        };
        let end = self.label();
        let Some((last, first)) = node.values.split_last() else {
            return Ok(());
        };
        for value in first {
            self.expr(value)?;
            self.jump(loc, op, end);
        }
        self.expr(last)?;
        self.place(end);
        Ok(())
    }

    /// A left spine (`a + b + c + ..`) may be thousands long: a loop, no recursion.
    fn bin_op(&mut self, expr: &'a Expr) -> Res {
        let mut spine = Vec::new();
        let mut leftmost = expr;
        while let ExprKind::BinOp(node) = &leftmost.kind {
            spine.push((leftmost.span, &**node));
            leftmost = &node.left;
        }
        spine.reverse();
        let mut start = 0;
        let mut known = self.constant(leftmost);
        let mut known_span = leftmost.span;
        while let (Some(value), Some((span, node))) = (&known, spine.get(start)) {
            let Some(right) = self.constant(&node.right) else {
                break;
            };
            let Some(folded) = self.folder().binary(value, node.op, &right) else {
                break;
            };
            known = Some(folded);
            known_span = *span;
            start += 1;
        }
        if let (Some(Const::Str(format)), Some((span, node))) = (&known, spine.get(start))
            && self.percent_format(format, node, *span)?
        {
            return self.rest_of_spine(&spine[start + 1..]);
        }
        match known {
            Some(value) => {
                let loc = self.at(known_span);
                self.load_const(loc, value);
            }
            None => self.expr(leftmost)?,
        }
        self.rest_of_spine(&spine[start..])
    }

    /// The operations of a left spine, the first operand being on the stack.
    fn rest_of_spine(&mut self, spine: &[(Span, &'a BinOp)]) -> Res {
        for (span, node) in spine {
            let loc = self.at(*span);
            self.expr(&node.right)?;
            self.op_c(loc, Op::BinaryOp, binary(node.op) as u8, 0);
        }
        Ok(())
    }

    fn unary_op(&mut self, node: &'a UnaryOp, loc: Pos) -> Res {
        if node.op == UnaryOperator::Not
            && let ExprKind::Compare(inner) = &node.operand.kind
            && let [op] = inner.ops.as_slice()
            && let Some(opposite) = negated(*op)
        {
            self.check_compare(inner, node.operand.span);
            self.expr(&inner.left)?;
            self.comparator(&inner.comparators[0], opposite)?;
            let loc = self.at(node.operand.span);
            self.compare_op(loc, opposite);
            return Ok(());
        }
        self.expr(&node.operand)?;
        let op = match node.op {
            UnaryOperator::Invert => Op::UnaryInvert,
            UnaryOperator::Not => Op::UnaryNot,
            UnaryOperator::UAdd => Op::UnaryPositive,
            UnaryOperator::USub => Op::UnaryNegative,
        };
        self.op(loc, op, 0);
        Ok(())
    }

    fn if_exp(&mut self, node: &'a IfExp) -> Res {
        let (next, end) = (self.label(), self.label());
        self.jump_if(&node.test, next, false)?;
        self.expr(&node.body)?;
        self.jump(NO_POS, Op::Jump, end);
        self.place(next);
        self.expr(&node.orelse)?;
        self.place(end);
        Ok(())
    }

    // --- displays

    fn dict(&mut self, node: &'a Dict, loc: Pos) -> Res {
        let n = node.keys.len();
        let mut have_dict = false;
        let mut pending = 0;
        for at in 0..n {
            if node.keys[at].is_some() {
                pending += 1;
                if (pending - 1) * 2 > STACK_GUIDELINE {
                    self.sub_dict(node, at + 1 - pending, at + 1, loc)?;
                    if have_dict {
                        self.op(loc, Op::DictUpdate, 1);
                    }
                    have_dict = true;
                    pending = 0;
                }
                continue;
            }
            if pending > 0 {
                self.sub_dict(node, at - pending, at, loc)?;
                if have_dict {
                    self.op(loc, Op::DictUpdate, 1);
                }
                have_dict = true;
                pending = 0;
            }
            if !have_dict {
                self.op(loc, Op::BuildMap, 0);
                have_dict = true;
            }
            self.expr(&node.values[at])?;
            self.op(loc, Op::DictUpdate, 1);
        }
        if pending > 0 {
            self.sub_dict(node, n - pending, n, loc)?;
            if have_dict {
                self.op(loc, Op::DictUpdate, 1);
            }
            have_dict = true;
        }
        if !have_dict {
            self.op(loc, Op::BuildMap, 0);
        }
        Ok(())
    }

    fn sub_dict(&mut self, node: &'a Dict, from: usize, to: usize, loc: Pos) -> Res {
        let big = (to - from) * 2 > STACK_GUIDELINE;
        if big {
            self.op(loc, Op::BuildMap, 0);
        }
        for at in from..to {
            if let Some(key) = &node.keys[at] {
                self.expr(key)?;
            }
            self.expr(&node.values[at])?;
            if big {
                self.op(loc, Op::MapAdd, 1);
            }
        }
        if !big {
            self.op(loc, Op::BuildMap, (to - from) as u32);
        }
        Ok(())
    }

    /// A list, set or tuple of `items` and of `pushed` values that already lie on the stack.
    pub(super) fn sequence(&mut self, loc: Pos, items: &'a [Expr], pushed: u32, kind: Sequence) -> Res {
        let n = items.len();
        if (n > 2 || (kind == Sequence::Tuple && pushed == 0))
            && let Some(values) = self.constants(items)
        {
            self.constant_sequence(loc, values, pushed, kind);
            return Ok(());
        }
        let big = n + pushed as usize > STACK_GUIDELINE;
        let starred = items.iter().any(|e| matches!(e.kind, ExprKind::Starred(..)));
        if !starred && !big {
            self.exprs(items)?;
            self.op(loc, kind.build_all(), n as u32 + pushed);
            return Ok(());
        }
        let mut built = big;
        if big {
            self.op(loc, kind.build(), pushed);
        }
        for (i, item) in items.iter().enumerate() {
            if let ExprKind::Starred(inner, _) = &item.kind {
                if !built {
                    self.op(loc, kind.build(), i as u32 + pushed);
                    built = true;
                }
                self.expr(inner)?;
                self.op(loc, kind.extend(), 1);
            } else {
                self.expr(item)?;
                if built {
                    self.op(loc, kind.add(), 1);
                }
            }
        }
        if kind == Sequence::Tuple {
            self.op(loc, Op::ListToTuple, 0);
        }
        Ok(())
    }

    fn constants(&self, items: &[Expr]) -> Option<Vec<Const>> {
        let folder = self.folder();
        items.iter().map(|e| folder.constant(e)).collect()
    }

    fn constant_sequence(&mut self, loc: Pos, values: Vec<Const>, pushed: u32, kind: Sequence) {
        let values: Arc<[Const]> = values.into();
        if kind == Sequence::Tuple && pushed == 0 {
            self.load_const(loc, Const::Tuple(values));
            return;
        }
        self.op(loc, kind.build(), pushed);
        self.load_const(
            loc,
            match kind {
                Sequence::Set => Const::FrozenSet(values),
                _ => Const::Tuple(values),
            },
        );
        self.op(loc, kind.extend(), 1);
        if kind == Sequence::Tuple {
            self.op(loc, Op::ListToTuple, 0);
        }
    }

    /// Stores the items of the sequence on the stack into `targets`.
    fn unpack(&mut self, loc: Pos, targets: &'a [Expr], span: Span) -> Res {
        let n = targets.len();
        let mut star = None;
        for (i, target) in targets.iter().enumerate() {
            if matches!(target.kind, ExprKind::Starred(..)) {
                if star.is_some() {
                    return self.err("multiple starred expressions in assignment", span);
                }
                star = Some(i);
            }
        }
        match star {
            Some(before) => {
                let after = n - before - 1;
                if before >= 1 << 8 || after >= 1 << 16 {
                    return self.err("too many expressions in star-unpacking assignment", span);
                }
                self.op(loc, Op::UnpackEx, before as u32 | (after as u32) << 16);
            }
            None => self.op(loc, Op::UnpackSequence, n as u32),
        }
        for target in targets {
            match &target.kind {
                ExprKind::Starred(inner, _) => self.expr(inner)?,
                _ => self.expr(target)?,
            }
        }
        Ok(())
    }

    // --- comparisons and conditions

    pub(super) fn compare_op(&mut self, loc: Pos, op: CmpOp) {
        let (instr, c, b) = match op {
            CmpOp::Eq => (Op::CompareOp, OpCmp::Eq as u8, 0),
            CmpOp::NotEq => (Op::CompareOp, OpCmp::Ne as u8, 0),
            CmpOp::Lt => (Op::CompareOp, OpCmp::Lt as u8, 0),
            CmpOp::LtE => (Op::CompareOp, OpCmp::Le as u8, 0),
            CmpOp::Gt => (Op::CompareOp, OpCmp::Gt as u8, 0),
            CmpOp::GtE => (Op::CompareOp, OpCmp::Ge as u8, 0),
            CmpOp::Is => (Op::IsOp, 0, 0),
            CmpOp::IsNot => (Op::IsOp, 0, 1),
            CmpOp::In => (Op::ContainsOp, 0, 0),
            CmpOp::NotIn => (Op::ContainsOp, 0, 1),
        };
        self.op_c(loc, instr, c, b);
    }

    /// The right side of a comparison: `in [1, 2]` looks into a constant.
    fn comparator(&mut self, expr: &'a Expr, op: CmpOp) -> Res {
        if matches!(op, CmpOp::In | CmpOp::NotIn)
            && let Some(value) = self.constant_iterable(expr)
        {
            let loc = self.at(expr.span);
            self.load_const(loc, value);
            return Ok(());
        }
        if matches!(op, CmpOp::In | CmpOp::NotIn) {
            return self.list_as_tuple(expr);
        }
        self.expr(expr)
    }

    /// A list display that only its items matter of is a tuple.
    pub(super) fn list_as_tuple(&mut self, expr: &'a Expr) -> Res {
        let starred = |e: &Expr| matches!(e.kind, ExprKind::Starred(..));
        match &expr.kind {
            ExprKind::List(items, ExprContext::Load) if !items.iter().any(starred) => {
                let loc = self.at(expr.span);
                self.sequence(loc, items, 0, Sequence::Tuple)
            }
            _ => self.expr(expr),
        }
    }

    /// A list or set display of constants where only its items matter.
    pub(super) fn constant_iterable(&self, expr: &Expr) -> Option<Const> {
        match &expr.kind {
            ExprKind::List(items, ExprContext::Load) => Some(Const::Tuple(self.constants(items)?.into())),
            ExprKind::Set(items) => Some(Const::FrozenSet(self.constants(items)?.into())),
            _ => None,
        }
    }

    fn compare(&mut self, node: &'a Compare, loc: Pos, span: Span) -> Res {
        self.check_compare(node, span);
        self.expr(&node.left)?;
        let n = node.ops.len() - 1;
        if n == 0 {
            self.comparator(&node.comparators[0], node.ops[0])?;
            self.compare_op(loc, node.ops[0]);
            return Ok(());
        }
        let (cleanup, end) = (self.label(), self.label());
        for i in 0..n {
            // a list in the middle is compared once more: it must stay a list
            self.expr(&node.comparators[i])?;
            self.op(loc, Op::Swap, 2);
            self.op(loc, Op::Copy, 2);
            self.compare_op(loc, node.ops[i]);
            self.jump(loc, Op::JumpIfFalseOrPop, cleanup);
        }
        self.comparator(&node.comparators[n], node.ops[n])?;
        self.compare_op(loc, node.ops[n]);
        self.jump(NO_POS, Op::Jump, end);
        self.place(cleanup);
        self.op(loc, Op::Swap, 2);
        self.op(loc, Op::Pop, 0);
        self.place(end);
        Ok(())
    }

    /// Jumps to `next` when the truth of `expr` is `sense`, else falls through. Nothing stays on the stack.
    pub(super) fn jump_if(&mut self, expr: &'a Expr, next: Label, sense: bool) -> Res {
        match &expr.kind {
            ExprKind::UnaryOp(node) if node.op == UnaryOperator::Not => self.jump_if(&node.operand, next, !sense),
            ExprKind::BoolOp(node) => self.jump_if_bool(node, next, sense),
            ExprKind::IfExp(node) => {
                let (end, orelse) = (self.label(), self.label());
                self.jump_if(&node.test, orelse, false)?;
                self.jump_if(&node.body, next, sense)?;
                self.jump(NO_POS, Op::Jump, end);
                self.place(orelse);
                self.jump_if(&node.orelse, next, sense)?;
                self.place(end);
                Ok(())
            }
            ExprKind::Compare(node) if node.ops.len() > 1 => self.jump_if_chain(node, next, sense, expr.span),
            _ => {
                self.expr(expr)?;
                let loc = self.at(expr.span);
                self.jump(loc, pop_jump(sense), next);
                Ok(())
            }
        }
    }

    fn jump_if_bool(&mut self, node: &'a BoolOp, next: Label, sense: bool) -> Res {
        let short = node.op == BoolOperator::Or;
        let Some((last, first)) = node.values.split_last() else {
            return Ok(());
        };
        if short == sense {
            for value in first {
                self.jump_if(value, next, short)?;
            }
            return self.jump_if(last, next, sense);
        }
        let end = self.label();
        for value in first {
            self.jump_if(value, end, short)?;
        }
        self.jump_if(last, next, sense)?;
        self.place(end);
        Ok(())
    }

    fn jump_if_chain(&mut self, node: &'a Compare, next: Label, sense: bool, span: Span) -> Res {
        self.check_compare(node, span);
        let loc = self.at(span);
        let n = node.ops.len() - 1;
        let (cleanup, end) = (self.label(), self.label());
        self.expr(&node.left)?;
        for i in 0..n {
            // a list in the middle is compared once more: it must stay a list
            self.expr(&node.comparators[i])?;
            self.op(loc, Op::Swap, 2);
            self.op(loc, Op::Copy, 2);
            self.compare_op(loc, node.ops[i]);
            self.jump(loc, Op::PopJumpIfFalse, cleanup);
        }
        self.comparator(&node.comparators[n], node.ops[n])?;
        self.compare_op(loc, node.ops[n]);
        self.jump(loc, pop_jump(sense), next);
        self.jump(NO_POS, Op::Jump, end);
        self.place(cleanup);
        self.op(loc, Op::Pop, 0);
        if !sense {
            self.jump(NO_POS, Op::Jump, next);
        }
        self.place(end);
        Ok(())
    }

    // --- attributes and items

    fn attribute(&mut self, node: &'a Attribute, expr: &'a Expr) -> Res {
        let loc = self.at(expr.span);
        if node.ctx == ExprContext::Load && self.is_super_attribute(node) {
            let explicit = self.super_arguments(&node.value)?;
            let name = crate::compile::symtable::mangle(self.unit.class.as_ref(), &node.attr);
            let index = self.unit.name_index(&name);
            self.op_c(loc, Op::LoadSuperAttr, explicit, index);
            let at = self.attribute_place(loc, expr, node);
            self.op(at, Op::Nop, 0);
            return Ok(());
        }
        self.check_bindable(&node.attr, node.ctx, expr.span)?;
        self.note_static_attribute(node);
        self.expr(&node.value)?;
        let at = self.attribute_place(loc, expr, node);
        let op = match node.ctx {
            ExprContext::Load => Op::LoadAttr,
            ExprContext::Store => Op::StoreAttr,
            ExprContext::Del => Op::DeleteAttr,
        };
        self.named(at, op, &node.attr);
        Ok(())
    }

    /// In a chain over several lines the place of an attribute is its own line.
    pub(super) fn attribute_place(&self, loc: Pos, expr: &Expr, node: &Attribute) -> Pos {
        let end = self.at(expr.span);
        if loc.line == end.end_line {
            return loc;
        }
        let len = node.attr.chars().count().min(usize::from(u16::MAX)) as u16;
        Pos { line: end.end_line, end_line: loc.end_line, col: end.end_col.saturating_sub(len), end_col: loc.end_col }
    }

    /// `self.x = ..` in a method: the class lists the names in `__static_attributes__`.
    fn note_static_attribute(&mut self, node: &Attribute) {
        let is_self = matches!(&node.value.kind, ExprKind::Name(n, _) if &**n == "self");
        if node.ctx != ExprContext::Store || !is_self {
            return;
        }
        let class = self.outer.iter_mut().rev().find(|u| u.kind == UnitKind::Class);
        if let Some(class) = class {
            class.static_attributes.insert(node.attr.clone());
        }
    }

    fn subscript(&mut self, node: &'a Subscript, loc: Pos) -> Res {
        if node.ctx == ExprContext::Load {
            self.check_subscripter(&node.value);
            self.check_index(&node.value, &node.slice);
        }
        self.expr(&node.value)?;
        self.expr(&node.slice)?;
        let op = match node.ctx {
            ExprContext::Load => Op::BinarySubscr,
            ExprContext::Store => Op::StoreSubscr,
            ExprContext::Del => Op::DeleteSubscr,
        };
        self.op(loc, op, 0);
        Ok(())
    }

    /// Pushes the parts of a slice; how many there are.
    fn slice_parts(&mut self, node: &'a Slice, loc: Pos) -> Res<u32> {
        for part in [&node.lower, &node.upper] {
            match part {
                Some(part) => self.expr(part)?,
                None => self.load_const(loc, Const::None),
            }
        }
        match &node.step {
            Some(step) => {
                self.expr(step)?;
                Ok(3)
            }
            None => Ok(2),
        }
    }

    // --- yield and await

    fn yield_(&mut self, value: Option<&'a Expr>, span: Span) -> Res {
        if !self.is_function() {
            return self.err("'yield' outside function", span);
        }
        let loc = self.at(span);
        match value {
            Some(value) => self.expr(value)?,
            None => self.load_const(loc, Const::None),
        }
        self.yield_value(loc);
        Ok(())
    }

    /// Yields the top of the stack; in an async generator it is wrapped first.
    pub(super) fn yield_value(&mut self, loc: Pos) {
        let scope = &self.table.scopes[self.unit.scope];
        if scope.is_generator && scope.is_coroutine {
            self.op(loc, Op::AsyncGenWrap, 0);
        }
        self.op(loc, Op::YieldValue, 0);
    }

    fn yield_from(&mut self, value: &'a Expr, span: Span) -> Res {
        if !self.is_function() {
            return self.err("'yield' outside function", span);
        }
        if self.unit.kind == UnitKind::AsyncFunction {
            return self.err("'yield from' inside async function", span);
        }
        let loc = self.at(span);
        self.expr(value)?;
        self.op(loc, Op::GetYieldFromIter, 0);
        self.load_const(loc, Const::None);
        self.delegate(loc);
        Ok(())
    }

    fn await_expr(&mut self, value: &'a Expr, span: Span) -> Res {
        if !self.is_function() {
            return self.err("'await' outside function", span);
        }
        if !matches!(self.unit.kind, UnitKind::AsyncFunction | UnitKind::Comprehension) {
            return self.err("'await' outside async function", span);
        }
        let loc = self.at(span);
        self.expr(value)?;
        self.await_top(loc, 0);
        Ok(())
    }

    /// Awaits the top of the stack; `after` as `GetAwaitable`'s operand.
    pub(super) fn await_top(&mut self, loc: Pos, after: u32) {
        self.op(loc, Op::GetAwaitable, after);
        self.load_const(loc, Const::None);
        self.delegate(loc);
    }

    /// The loop of `yield from` and `await`: `iter value -> result`.
    pub(super) fn delegate(&mut self, loc: Pos) {
        let (send, fail, exit) = (self.label(), self.label(), self.label());
        self.place(send);
        self.jump(loc, Op::Send, exit);
        self.setup(loc, Kind::SetupFinally, fail);
        self.op_c(loc, Op::YieldValue, 1, 0);
        self.pop_block(NO_POS);
        self.jump(loc, Op::Jump, send);
        self.place(fail);
        self.op(loc, Op::CleanupThrow, 0);
        self.place(exit);
        self.op(loc, Op::EndSend, 0);
    }
}

/// Which display is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sequence {
    List,
    Set,
    Tuple,
}

impl Sequence {
    fn build_all(self) -> Op {
        match self {
            Sequence::List => Op::BuildList,
            Sequence::Set => Op::BuildSet,
            Sequence::Tuple => Op::BuildTuple,
        }
    }

    /// A tuple that is built piece by piece is a list first.
    fn build(self) -> Op {
        match self {
            Sequence::Set => Op::BuildSet,
            _ => Op::BuildList,
        }
    }

    fn add(self) -> Op {
        match self {
            Sequence::Set => Op::SetAdd,
            _ => Op::ListAppend,
        }
    }

    fn extend(self) -> Op {
        match self {
            Sequence::Set => Op::SetUpdate,
            _ => Op::ListExtend,
        }
    }
}

fn usage(ctx: ExprContext) -> Use {
    match ctx {
        ExprContext::Load => Use::Load,
        ExprContext::Store => Use::Store,
        ExprContext::Del => Use::Del,
    }
}

/// The comparison with the opposite result, where it is certain to be that.
fn negated(op: CmpOp) -> Option<CmpOp> {
    match op {
        CmpOp::Is => Some(CmpOp::IsNot),
        CmpOp::IsNot => Some(CmpOp::Is),
        CmpOp::In => Some(CmpOp::NotIn),
        CmpOp::NotIn => Some(CmpOp::In),
        _ => None,
    }
}

fn pop_jump(sense: bool) -> Op {
    if sense { Op::PopJumpIfTrue } else { Op::PopJumpIfFalse }
}

/// The machine's number of a binary operator.
pub(super) fn binary(op: Operator) -> OpBin {
    match op {
        Operator::Add => OpBin::Add,
        Operator::Sub => OpBin::Sub,
        Operator::Mult => OpBin::Mul,
        Operator::MatMult => OpBin::MatMul,
        Operator::Div => OpBin::TrueDiv,
        Operator::Mod => OpBin::Mod,
        Operator::Pow => OpBin::Pow,
        Operator::LShift => OpBin::LShift,
        Operator::RShift => OpBin::RShift,
        Operator::BitOr => OpBin::Or,
        Operator::BitXor => OpBin::Xor,
        Operator::BitAnd => OpBin::And,
        Operator::FloorDiv => OpBin::FloorDiv,
    }
}
