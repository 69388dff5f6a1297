//! Annotations (PEP 649: functions that are called when somebody asks), type parameters and `type` statements (PEP 695, 696).

use super::{Compiler, NO_POS, UnitKind, Use};
use crate::code::{Const, Pos};
use crate::compile::symtable::{Res, ScopeKind, Tag, key, mangle};
use crate::compile::unparse::unparse;
use crate::op::{Intrinsic, Op};
use gilbert_parser::Span;
use gilbert_parser::ast::*;
use std::sync::Arc;

/// The set of numbers of those conditional annotations that were executed.
const CONDITIONAL: &str = "__conditional_annotations__";

impl<'a> Compiler<'a> {
    /// Pushes the dict of a function's annotations as source text (`from __future__ import annotations`).
    pub(super) fn annotation_strings(&mut self, annotated: &[(&'a Ident, &'a Expr)], returns: Option<&'a Expr>, loc: Pos) {
        let name: Ident = Arc::from("return");
        let all = annotated.iter().copied().chain(returns.map(|r| (&name, r)));
        let pairs: Vec<(Ident, &Expr)> = all.map(|(n, e)| (n.clone(), e)).collect();
        for (name, value) in &pairs {
            let name = mangle(self.unit.class.as_ref(), name);
            self.load_const(loc, Const::Str(name));
            let place = self.at(value.span);
            self.load_str(place, &unparse(value));
        }
        self.op(loc, Op::BuildMap, pairs.len() as u32);
    }

    /// Pushes a function's `__annotate__`.
    pub(super) fn annotate_function(&mut self, node: &'a FunctionDef, annotated: &[(&'a Ident, &'a Expr)], loc: Pos) -> Res {
        self.enter_lazy(key(node, Tag::Annotations), loc)?;
        let mut count = 0;
        for (name, value) in annotated {
            let name = mangle(self.unit.class.as_ref(), name);
            self.load_const(loc, Const::Str(name));
            self.annotation_value(value)?;
            count += 1;
        }
        if let Some(value) = &node.returns {
            self.load_str(loc, "return");
            self.expr(value)?;
            count += 1;
        }
        self.op(loc, Op::BuildMap, count);
        self.op(loc, Op::ReturnValue, 0);
        let code = self.leave_unit()?;
        self.make_function(loc, code, 0);
        Ok(())
    }

    // --- variables of modules and classes

    /// A module's `__annotate__`, stored before anything runs (a module may be looked at half-way).
    pub(super) fn annotations_head(&mut self, body: &'a [Stmt]) -> Res {
        let loc = body.first().map_or(NO_POS, |s| self.at(s.span));
        self.conditional_annotations(body, loc);
        let found = self.deferred(body);
        if found.is_empty() {
            return Ok(());
        }
        self.annotate_variables(&found, loc)?;
        self.name(loc, &Arc::from("__annotate__"), Use::Store);
        Ok(())
    }

    /// A class's `__annotate_func__`.
    pub(super) fn class_annotations(&mut self, body: &'a [Stmt]) -> Res {
        let found = self.deferred(body);
        if found.is_empty() {
            return Ok(());
        }
        let loc = self.at(found[0].target.span);
        self.annotate_variables(&found, loc)?;
        self.name(NO_POS, &Arc::from("__annotate_func__"), Use::Store);
        Ok(())
    }

    fn deferred(&self, body: &'a [Stmt]) -> Vec<&'a AnnAssign> {
        let mut found = Vec::new();
        if !self.future_annotations {
            collect(body, false, &mut |node, _| found.push(node));
        }
        found
    }

    /// Numbers the annotations that are executed only under a condition, and makes the set that they go into.
    pub(super) fn conditional_annotations(&mut self, body: &'a [Stmt], loc: Pos) {
        if self.future_annotations {
            return;
        }
        let scope = &self.table.scopes[self.unit.scope];
        let all = scope.kind == ScopeKind::Module;
        if !scope.has_conditional_annotations {
            return;
        }
        let mut next = 0;
        let mut numbers = Vec::new();
        collect(body, false, &mut |node, conditional| {
            let number = (all || conditional).then_some(next);
            next += u32::from(number.is_some());
            numbers.push((std::ptr::from_ref(node) as usize, number));
        });
        self.unit.conditions.extend(numbers);
        self.op(loc, Op::BuildSet, 0);
        self.name(loc, &Arc::from(CONDITIONAL), Use::Store);
    }

    /// Pushes the function that makes the dict of `found`'s annotations.
    fn annotate_variables(&mut self, found: &[&'a AnnAssign], loc: Pos) -> Res {
        let scope = self.table.scopes[self.unit.scope].annotation_block;
        let numbers: Vec<Option<u32>> = found.iter().map(|n| self.condition_of(n)).collect();
        self.enter_lazy_scope(scope.unwrap_or(0), loc)?;
        self.op(loc, Op::BuildMap, 0);
        for (node, number) in found.iter().zip(numbers) {
            let ExprKind::Name(name, _) = &node.target.kind else {
                continue;
            };
            let place = self.at(node.annotation.span);
            let skip = self.label();
            if let Some(number) = number {
                self.load_const(place, Const::Int(i64::from(number)));
                self.name(place, &Arc::from(CONDITIONAL), Use::Load);
                self.op(place, Op::ContainsOp, 0);
                self.jump(place, Op::PopJumpIfFalse, skip);
            }
            self.annotation_value(&node.annotation)?;
            self.op(place, Op::Copy, 2);
            let name = mangle(self.unit.class.as_ref(), name);
            self.load_const(place, Const::Str(name));
            self.op(place, Op::StoreSubscr, 0);
            self.place(skip);
        }
        self.op(loc, Op::ReturnValue, 0);
        let code = self.leave_unit()?;
        self.make_function(loc, code, 0);
        Ok(())
    }

    fn condition_of(&self, node: &AnnAssign) -> Option<u32> {
        let at = std::ptr::from_ref(node) as usize;
        self.unit.conditions.get(&at).copied().flatten()
    }

    /// With the future import `__annotations__` is a dict of strings, filled as the body runs.
    pub(super) fn setup_annotations(&mut self, body: &'a [Stmt], loc: Pos) {
        let mut any = false;
        collect(body, false, &mut |_, _| any = true);
        if any && self.future_annotations {
            self.op(loc, Op::SetupAnnotations, 0);
        }
    }

    pub(super) fn ann_assign(&mut self, node: &'a AnnAssign, loc: Pos) -> Res {
        if let Some(value) = &node.value {
            self.expr(value)?;
            self.expr(&node.target)?;
        }
        let in_namespace = matches!(self.unit.kind, UnitKind::Module | UnitKind::Class);
        match &node.target.kind {
            ExprKind::Name(name, _) => {
                self.check_bindable(name, ExprContext::Store, node.target.span)?;
                if !node.simple || !in_namespace {
                    return Ok(());
                }
                if self.future_annotations {
                    self.store_annotation_string(name, &node.annotation, loc);
                } else if let Some(number) = self.condition_of(node) {
                    self.name(loc, &Arc::from(CONDITIONAL), Use::Load);
                    self.load_const(loc, Const::Int(i64::from(number)));
                    self.op(loc, Op::SetAdd, 1);
                    self.op(loc, Op::Pop, 0);
                }
            }
            ExprKind::Attribute(target) => {
                self.check_bindable(&target.attr, ExprContext::Store, node.target.span)?;
                if node.value.is_none() {
                    self.evaluate(&target.value)?;
                }
            }
            ExprKind::Subscript(target) => {
                if node.value.is_none() {
                    self.evaluate(&target.value)?;
                    self.evaluate_index(&target.slice)?;
                }
            }
            _ => return self.err("illegal target for annotation", node.target.span),
        }
        Ok(())
    }

    fn store_annotation_string(&mut self, name: &'a Ident, annotation: &'a Expr, loc: Pos) {
        let place = self.at(annotation.span);
        self.load_str(place, &unparse(annotation));
        self.name(loc, &Arc::from("__annotations__"), Use::Load);
        let name = mangle(self.unit.class.as_ref(), name);
        self.load_const(loc, Const::Str(name));
        self.op(loc, Op::StoreSubscr, 0);
    }

    fn evaluate(&mut self, expr: &'a Expr) -> Res {
        self.expr(expr)?;
        let loc = self.at(expr.span);
        self.op(loc, Op::Pop, 0);
        Ok(())
    }

    /// The parts of a subscript that is annotated but not assigned to.
    fn evaluate_index(&mut self, index: &'a Expr) -> Res {
        match &index.kind {
            ExprKind::Slice(node) => [&node.lower, &node.upper, &node.step].into_iter().flatten().try_for_each(|part| self.evaluate(part)),
            ExprKind::Tuple(items, _) => items.iter().try_for_each(|i| self.evaluate_index(i)),
            _ => self.evaluate(index),
        }
    }

    // --- type parameters

    /// Makes the type parameters, binds their names and pushes the tuple of them.
    pub(super) fn type_params(&mut self, params: &'a [TypeParam], loc: Pos) -> Res {
        let mut seen_default = false;
        for param in params {
            let place = self.at(param.span);
            let (name, default) = match &param.kind {
                TypeParamKind::TypeVar { name, bound, default_value } => {
                    self.load_const(place, Const::Str(name.clone()));
                    self.type_var(param, bound.as_deref(), place)?;
                    (name, default_value)
                }
                TypeParamKind::ParamSpec { name, default_value } => {
                    self.load_const(place, Const::Str(name.clone()));
                    self.op_c(place, Op::Intrinsic, Intrinsic::ParamSpec as u8, 0);
                    (name, default_value)
                }
                TypeParamKind::TypeVarTuple { name, default_value } => {
                    self.load_const(place, Const::Str(name.clone()));
                    self.op_c(place, Op::Intrinsic, Intrinsic::TypeVarTuple as u8, 0);
                    (name, default_value)
                }
            };
            match default {
                Some(default) => {
                    seen_default = true;
                    let at = self.at(default.span);
                    self.lazy_value(default, key(param, Tag::Default), at)?;
                    let set = Intrinsic::SetTypeParamDefault as u8;
                    self.op_c(place, Op::Intrinsic, set, 0);
                }
                None if seen_default => {
                    let msg = format!("non-default type parameter '{name}' follows default type parameter");
                    return self.err(msg, param.span);
                }
                None => {}
            }
            self.check_bindable(name, ExprContext::Store, param.span)?;
            self.op(place, Op::Copy, 1);
            self.name(place, name, Use::Store);
        }
        self.op(loc, Op::BuildTuple, params.len() as u32);
        Ok(())
    }

    fn type_var(&mut self, param: &'a TypeParam, bound: Option<&'a Expr>, place: Pos) -> Res {
        let Some(bound) = bound else {
            self.op_c(place, Op::Intrinsic, Intrinsic::TypeVar as u8, 0);
            return Ok(());
        };
        let at = self.at(bound.span);
        self.lazy_value(bound, key(param, Tag::Bound), at)?;
        let kind = match bound.kind {
            ExprKind::Tuple(..) => Intrinsic::TypeVarWithConstraints,
            _ => Intrinsic::TypeVarWithBound,
        };
        self.op_c(place, Op::Intrinsic, kind as u8, 0);
        Ok(())
    }

    /// `type name[params] = value`
    pub(super) fn type_alias(&mut self, node: &'a TypeAlias, span: Span) -> Res {
        let loc = self.at(span);
        let ExprKind::Name(name, _) = &node.name.kind else {
            return self.err("illegal target for type alias", node.name.span);
        };
        self.check_bindable(name, ExprContext::Store, node.name.span)?;
        if node.type_params.is_empty() {
            self.load_const(loc, Const::Str(name.clone()));
            self.load_const(loc, Const::None);
            self.alias_object(node, loc)?;
        } else {
            let scope = self.table.scope_of(key(node, Tag::TypeParams)).unwrap_or(0);
            self.enter_unit(UnitKind::TypeParams, scope, loc.line)?;
            self.load_const(loc, Const::Str(name.clone()));
            self.type_params(&node.type_params, loc)?;
            self.alias_object(node, loc)?;
            self.op(loc, Op::ReturnValue, 0);
            let code = self.leave_unit()?;
            self.make_function(loc, code, 0);
            self.op(loc, Op::PushNull, 0);
            self.op(loc, Op::Call, 0);
        }
        self.name(loc, name, Use::Store);
        Ok(())
    }

    /// The alias from the name and parameters on the stack.
    fn alias_object(&mut self, node: &'a TypeAlias, loc: Pos) -> Res {
        self.lazy_value(&node.value, key(node, Tag::Body), loc)?;
        self.op(loc, Op::BuildTuple, 3);
        self.op_c(loc, Op::Intrinsic, Intrinsic::TypeAlias as u8, 0);
        Ok(())
    }
}

/// All annotated plain names of a body in source order, with whether they stand under a condition.
fn collect<'a>(body: &'a [Stmt], conditional: bool, found: &mut dyn FnMut(&'a AnnAssign, bool)) {
    for stmt in body {
        match &stmt.kind {
            StmtKind::AnnAssign(node) if node.simple && matches!(node.target.kind, ExprKind::Name(..)) => {
                found(node, conditional);
            }
            StmtKind::For(node) | StmtKind::AsyncFor(node) => {
                collect(&node.body, true, found);
                collect(&node.orelse, true, found);
            }
            StmtKind::While(node) => {
                collect(&node.body, true, found);
                collect(&node.orelse, true, found);
            }
            StmtKind::If(node) => collect_if(node, found),
            StmtKind::With(node) | StmtKind::AsyncWith(node) => collect(&node.body, true, found),
            StmtKind::Match(node) => {
                for case in &node.cases {
                    collect(&case.body, true, found);
                }
            }
            StmtKind::Try(node) | StmtKind::TryStar(node) => {
                collect(&node.body, true, found);
                for handler in &node.handlers {
                    collect(&handler.body, true, found);
                }
                collect(&node.orelse, true, found);
                collect(&node.finalbody, true, found);
            }
            _ => {}
        }
    }
}

fn collect_if<'a>(first: &'a If, found: &mut dyn FnMut(&'a AnnAssign, bool)) {
    let mut node = first;
    loop {
        collect(&node.body, true, found);
        match node.orelse.as_slice() {
            [Stmt { kind: StmtKind::If(next), .. }] => node = next,
            orelse => {
                collect(orelse, true, found);
                return;
            }
        }
    }
}
