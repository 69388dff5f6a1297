//! `match`. While a pattern is tried, what it captured lies on the stack below the values still to be looked at; names are
//! stored only when the whole pattern has matched.

use super::{Compiler, NO_POS, Use};
use crate::code::{Const, Pos};
use crate::compile::assemble::Label;
use crate::compile::symtable::Res;
use crate::op::{BinOp as OpBin, Op};
use gilbert_parser::Span;
use gilbert_parser::ast::*;

/// The state of one alternative.
#[derive(Default)]
struct Ctx {
    /// Names captured so far, deepest on the stack first.
    stores: Vec<Ident>,
    /// Whether a pattern that always matches may stand here.
    allow_irrefutable: bool,
    /// Where to jump on failure with n values to pop.
    fail_pop: Vec<Label>,
    /// Values on top that must stay while captures are put below them.
    on_top: usize,
}

impl<'a> Compiler<'a> {
    pub(super) fn match_(&mut self, node: &'a Match) -> Res {
        self.expr(&node.subject)?;
        let end = self.label();
        let cases = node.cases.len();
        let has_default = cases > 1 && node.cases.last().is_some_and(|c| is_wildcard(&c.pattern));
        let tried = cases - usize::from(has_default);
        for (i, case) in node.cases[..tried].iter().enumerate() {
            let loc = self.at(case.pattern.span);
            let last = i + 1 == tried;
            if !last {
                self.op(loc, Op::Copy, 1);
            }
            let mut ctx = Ctx { allow_irrefutable: case.guard.is_some() || i + 1 == cases, ..Ctx::default() };
            self.pattern(&case.pattern, &mut ctx)?;
            for name in std::mem::take(&mut ctx.stores) {
                self.name(loc, &name, Use::Store);
            }
            if let Some(guard) = &case.guard {
                self.ensure_fail_pop(&mut ctx, 0);
                self.jump_if(guard, ctx.fail_pop[0], false)?;
            }
            if !last {
                self.op(loc, Op::Pop, 0);
            }
            self.body(&case.body)?;
            self.jump(NO_POS, Op::Jump, end);
            self.place_fail_pop(loc, &mut ctx);
        }
        if has_default && let Some(case) = node.cases.last() {
            let loc = self.at(case.pattern.span);
            self.op(loc, Op::Nop, 0);
            if let Some(guard) = &case.guard {
                self.jump_if(guard, end, false)?;
            }
            self.body(&case.body)?;
        }
        self.place(end);
        Ok(())
    }

    fn ensure_fail_pop(&mut self, ctx: &mut Ctx, pops: usize) {
        while ctx.fail_pop.len() <= pops {
            let label = self.label();
            ctx.fail_pop.push(label);
        }
    }

    /// Jumps to where everything that this alternative put on the stack is popped.
    fn fail(&mut self, loc: Pos, ctx: &mut Ctx, op: Op) {
        let pops = ctx.on_top + ctx.stores.len();
        self.ensure_fail_pop(ctx, pops);
        self.jump(loc, op, ctx.fail_pop[pops]);
    }

    fn place_fail_pop(&mut self, loc: Pos, ctx: &mut Ctx) {
        for (pops, label) in std::mem::take(&mut ctx.fail_pop).into_iter().enumerate().rev() {
            self.place(label);
            if pops > 0 {
                self.op(loc, Op::Pop, 0);
            }
        }
    }

    /// Moves the top below `count - 1` others.
    fn rotate(&mut self, loc: Pos, count: usize) {
        for n in (2..=count).rev() {
            self.op(loc, Op::Swap, n as u32);
        }
    }

    /// Keeps the top as the value of `name`, or drops it.
    fn capture(&mut self, loc: Pos, name: Option<&Ident>, span: Span, ctx: &mut Ctx) -> Res {
        let Some(name) = name else {
            self.op(loc, Op::Pop, 0);
            return Ok(());
        };
        self.check_bindable(name, ExprContext::Store, span)?;
        if ctx.stores.contains(name) {
            return self.duplicate(name, span);
        }
        self.rotate(loc, ctx.on_top + ctx.stores.len() + 1);
        ctx.stores.push(name.clone());
        Ok(())
    }

    fn duplicate(&self, name: &Ident, span: Span) -> Res {
        let msg = format!("multiple assignments to name '{name}' in pattern");
        self.err(msg, span)
    }

    /// Consumes the top if it matches, else goes to the failure label.
    fn pattern(&mut self, pattern: &'a Pattern, ctx: &mut Ctx) -> Res {
        let loc = self.at(pattern.span);
        match &pattern.kind {
            PatternKind::MatchValue(value) => {
                if !is_value(value) {
                    let msg = "patterns may only match literals and attribute lookups";
                    return self.err(msg, value.span);
                }
                self.expr(value)?;
                self.compare_op(loc, CmpOp::Eq);
                self.fail(loc, ctx, Op::PopJumpIfFalse);
                Ok(())
            }
            PatternKind::MatchSingleton(value) => {
                let value = self.folder().literal(value);
                self.load_const(loc, value);
                self.compare_op(loc, CmpOp::Is);
                self.fail(loc, ctx, Op::PopJumpIfFalse);
                Ok(())
            }
            PatternKind::MatchSequence(items) => self.match_sequence(items, pattern.span, ctx),
            PatternKind::MatchMapping(node) => self.match_mapping(node, pattern.span, ctx),
            PatternKind::MatchClass(node) => self.match_class(node, pattern.span, ctx),
            PatternKind::MatchStar(name) => self.capture(loc, name.as_ref(), pattern.span, ctx),
            PatternKind::MatchAs(node) => self.match_as(node, pattern.span, ctx),
            PatternKind::MatchOr(alternatives) => self.match_or(alternatives, pattern.span, ctx),
        }
    }

    fn subpattern(&mut self, pattern: &'a Pattern, ctx: &mut Ctx) -> Res {
        let before = std::mem::replace(&mut ctx.allow_irrefutable, true);
        self.pattern(pattern, ctx)?;
        ctx.allow_irrefutable = before;
        Ok(())
    }

    fn match_as(&mut self, node: &'a MatchAs, span: Span, ctx: &mut Ctx) -> Res {
        let loc = self.at(span);
        let Some(inner) = &node.pattern else {
            if !ctx.allow_irrefutable {
                let msg = match &node.name {
                    Some(name) => {
                        format!("name capture '{name}' makes remaining patterns unreachable")
                    }
                    None => "wildcard makes remaining patterns unreachable".to_owned(),
                };
                return self.err(msg, span);
            }
            return self.capture(loc, node.name.as_ref(), span, ctx);
        };
        ctx.on_top += 1;
        self.op(loc, Op::Copy, 1);
        self.pattern(inner, ctx)?;
        ctx.on_top -= 1;
        self.capture(loc, node.name.as_ref(), span, ctx)
    }

    // --- sequences

    fn match_sequence(&mut self, items: &'a [Pattern], span: Span, ctx: &mut Ctx) -> Res {
        let loc = self.at(span);
        let mut star = None;
        let mut star_wildcard = false;
        let mut only_wildcards = true;
        for (i, item) in items.iter().enumerate() {
            if let PatternKind::MatchStar(name) = &item.kind {
                if star.is_some() {
                    let msg = "multiple starred names in sequence pattern";
                    return self.err(msg, span);
                }
                star = Some(i);
                star_wildcard = name.is_none();
                only_wildcards &= star_wildcard;
            } else {
                only_wildcards &= is_wildcard(item);
            }
        }
        ctx.on_top += 1;
        self.op(loc, Op::MatchSequence, 0);
        self.fail(loc, ctx, Op::PopJumpIfFalse);
        let check = match star {
            None => Some((items.len(), CmpOp::Eq)),
            Some(_) if items.len() > 1 => Some((items.len() - 1, CmpOp::GtE)),
            Some(_) => None,
        };
        if let Some((len, op)) = check {
            self.op(loc, Op::GetLen, 0);
            self.load_const(loc, Const::Int(len as i64));
            self.compare_op(loc, op);
            self.fail(loc, ctx, Op::PopJumpIfFalse);
        }
        ctx.on_top -= 1;
        if only_wildcards {
            self.op(loc, Op::Pop, 0);
            Ok(())
        } else if let (Some(star), true) = (star, star_wildcard) {
            self.sequence_by_index(items, star, loc, ctx)
        } else {
            self.sequence_unpacked(items, star, span, ctx)
        }
    }

    fn sequence_unpacked(&mut self, items: &'a [Pattern], star: Option<usize>, span: Span, ctx: &mut Ctx) -> Res {
        let loc = self.at(span);
        let n = items.len();
        match star {
            Some(before) => {
                let after = n - before - 1;
                if before >= 1 << 8 || after >= 1 << 16 {
                    let msg = "too many expressions in star-unpacking sequence pattern";
                    return self.err(msg, span);
                }
                self.op(loc, Op::UnpackEx, before as u32 | (after as u32) << 16);
            }
            None => self.op(loc, Op::UnpackSequence, n as u32),
        }
        ctx.on_top += n;
        for item in items {
            ctx.on_top -= 1;
            self.subpattern(item, ctx)?;
        }
        Ok(())
    }

    /// `[a, *_, b]` takes the items by index, so that the middle is never collected.
    fn sequence_by_index(&mut self, items: &'a [Pattern], star: usize, loc: Pos, ctx: &mut Ctx) -> Res {
        ctx.on_top += 1;
        for (i, item) in items.iter().enumerate() {
            if i == star || is_wildcard(item) {
                continue;
            }
            self.op(loc, Op::Copy, 1);
            if i < star {
                self.load_const(loc, Const::Int(i as i64));
            } else {
                self.op(loc, Op::GetLen, 0);
                self.load_const(loc, Const::Int((items.len() - i) as i64));
                self.op_c(loc, Op::BinaryOp, OpBin::Sub as u8, 0);
            }
            self.op(loc, Op::BinarySubscr, 0);
            self.subpattern(item, ctx)?;
        }
        ctx.on_top -= 1;
        self.op(loc, Op::Pop, 0);
        Ok(())
    }

    // --- classes and mappings

    /// Goes on only where the top is not None; `on_top` counts it already.
    fn fail_if_none(&mut self, loc: Pos, ctx: &mut Ctx) {
        self.op(loc, Op::Copy, 1);
        self.load_const(loc, Const::None);
        self.op(loc, Op::IsOp, 1);
        self.fail(loc, ctx, Op::PopJumpIfFalse);
    }

    fn match_class(&mut self, node: &'a MatchClass, span: Span, ctx: &mut Ctx) -> Res {
        let loc = self.at(span);
        for (i, (name, pattern)) in node.kwd_attrs.iter().zip(&node.kwd_patterns).enumerate() {
            self.check_bindable(name, ExprContext::Store, pattern.span)?;
            if node.kwd_attrs[..i].contains(name) {
                let msg = format!("attribute name repeated in class pattern: {name}");
                let again = node.kwd_patterns[i].span;
                return self.err(msg, again);
            }
        }
        self.expr(&node.cls)?;
        let names: Vec<Const> = node.kwd_attrs.iter().cloned().map(Const::Str).collect();
        self.load_const(loc, Const::Tuple(names.into()));
        self.op(loc, Op::MatchClass, node.patterns.len() as u32);
        ctx.on_top += 1;
        self.fail_if_none(loc, ctx);
        let n = node.patterns.len() + node.kwd_attrs.len();
        self.op(loc, Op::UnpackSequence, n as u32);
        ctx.on_top += n;
        ctx.on_top -= 1;
        for pattern in node.patterns.iter().chain(&node.kwd_patterns) {
            ctx.on_top -= 1;
            if is_wildcard(pattern) {
                self.op(loc, Op::Pop, 0);
            } else {
                self.subpattern(pattern, ctx)?;
            }
        }
        Ok(())
    }

    fn match_mapping(&mut self, node: &'a MatchMapping, span: Span, ctx: &mut Ctx) -> Res {
        let loc = self.at(span);
        let size = node.keys.len();
        ctx.on_top += 1;
        self.op(loc, Op::MatchMapping, 0);
        self.fail(loc, ctx, Op::PopJumpIfFalse);
        if size == 0 && node.rest.is_none() {
            ctx.on_top -= 1;
            self.op(loc, Op::Pop, 0);
            return Ok(());
        }
        if size > 0 {
            self.op(loc, Op::GetLen, 0);
            self.load_const(loc, Const::Int(size as i64));
            self.compare_op(loc, CmpOp::GtE);
            self.fail(loc, ctx, Op::PopJumpIfFalse);
        }
        self.mapping_keys(node, span)?;
        self.op(loc, Op::MatchKeys, 0);
        ctx.on_top += 2;
        self.fail_if_none(loc, ctx);
        self.op(loc, Op::UnpackSequence, size as u32);
        ctx.on_top += size;
        ctx.on_top -= 1;
        for pattern in &node.patterns {
            ctx.on_top -= 1;
            self.subpattern(pattern, ctx)?;
        }
        ctx.on_top -= 2;
        if let Some(rest) = &node.rest {
            self.op(loc, Op::BuildMap, 0);
            self.op(loc, Op::Swap, 3);
            self.op(loc, Op::DictUpdate, 2);
            self.op(loc, Op::UnpackSequence, size as u32);
            for left in (1..=size).rev() {
                self.op(loc, Op::Copy, 1 + left as u32);
                self.op(loc, Op::Swap, 2);
                self.op(loc, Op::DeleteSubscr, 0);
            }
            self.capture(loc, Some(rest), span, ctx)?;
        } else {
            self.op(loc, Op::Pop, 0);
            self.op(loc, Op::Pop, 0);
        }
        Ok(())
    }

    /// Pushes the tuple of keys.
    fn mapping_keys(&mut self, node: &'a MatchMapping, span: Span) -> Res {
        let mut seen: Vec<Const> = Vec::new();
        for key in &node.keys {
            if let Some(value) = self.constant(key) {
                if seen.iter().any(|s| same_key(s, &value)) {
                    let text = crate::compile::dis::constant_text(&value);
                    let msg = format!("mapping pattern checks duplicate key ({text})");
                    return self.err(msg, span);
                }
                seen.push(value);
            } else if !matches!(key.kind, ExprKind::Attribute(_) | ExprKind::JoinedStr(_)) {
                let msg = "mapping pattern keys may only match literals and attribute lookups";
                return self.err(msg, span);
            }
        }
        let loc = self.at(span);
        if seen.len() == node.keys.len() {
            self.load_const(loc, Const::Tuple(seen.into()));
            return Ok(());
        }
        self.exprs(&node.keys)?;
        self.op(loc, Op::BuildTuple, node.keys.len() as u32);
        Ok(())
    }

    // --- alternatives

    fn match_or(&mut self, alternatives: &'a [Pattern], span: Span, ctx: &mut Ctx) -> Res {
        let loc = self.at(span);
        let end = self.label();
        let mut control: Option<Vec<Ident>> = None;
        let n = alternatives.len();
        for (i, alternative) in alternatives.iter().enumerate() {
            let alt_loc = self.at(alternative.span);
            let mut inner = Ctx { allow_irrefutable: i + 1 == n && ctx.allow_irrefutable, ..Ctx::default() };
            self.op(alt_loc, Op::Copy, 1);
            self.pattern(alternative, &mut inner)?;
            match &control {
                None => control = Some(inner.stores.clone()),
                Some(control) => self.reorder(control, &mut inner, alt_loc, span)?,
            }
            self.jump(alt_loc, Op::Jump, end);
            self.place_fail_pop(alt_loc, &mut inner);
        }
        self.op(loc, Op::Pop, 0);
        self.fail(loc, ctx, Op::Jump);
        self.place(end);
        let names = control.unwrap_or_default();
        let rotations = names.len() + 1 + ctx.on_top + ctx.stores.len();
        for name in names {
            self.rotate(loc, rotations);
            if ctx.stores.contains(&name) {
                return self.duplicate(&name, span);
            }
            ctx.stores.push(name);
        }
        self.op(loc, Op::Pop, 0);
        Ok(())
    }

    /// Brings the captures of an alternative into the order of the first one's.
    fn reorder(&mut self, control: &[Ident], inner: &mut Ctx, loc: Pos, span: Span) -> Res {
        let differ = "alternative patterns bind different names";
        if control.len() != inner.stores.len() {
            return self.err(differ, span);
        }
        for wanted in (0..control.len()).rev() {
            let Some(found) = inner.stores.iter().position(|n| *n == control[wanted]) else {
                return self.err(differ, span);
            };
            if found == wanted {
                continue;
            }
            let rotated: Vec<Ident> = inner.stores.drain(..=found).collect();
            let at = wanted - found;
            inner.stores.splice(at..at, rotated);
            for _ in 0..=found {
                self.rotate(loc, wanted + 1);
            }
        }
        Ok(())
    }
}

fn is_wildcard(pattern: &Pattern) -> bool {
    matches!(&pattern.kind, PatternKind::MatchAs(node) if node.name.is_none() && node.pattern.is_none())
}

/// What a value pattern may be.
fn is_value(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Constant(_) | ExprKind::Attribute(_) | ExprKind::UnaryOp(_) | ExprKind::BinOp(_) | ExprKind::JoinedStr(_))
}

/// Equality as a dict key sees it.
fn same_key(a: &Const, b: &Const) -> bool {
    let number = |c: &Const| match c {
        Const::Int(n) => Some(*n),
        Const::True => Some(1),
        Const::False => Some(0),
        Const::Float(x) if x.fract() == 0.0 && x.abs() < 1e15 => Some(*x as i64),
        _ => None,
    };
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}
