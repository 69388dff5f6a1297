//! `def`, `async def`, `lambda`, decorators, defaults.

use super::{Compiler, NO_POS, UnitKind, Use};
use crate::code::{CodeProto, Const, Pos, flags};
use crate::compile::docstring;
use crate::compile::symtable::{Res, Tag, key, mangle};
use crate::op::Op;
use gilbert_parser::Span;
use gilbert_parser::ast::*;
use std::sync::Arc;

/// Bits of SetFunctionAttribute.
const DEFAULTS: u32 = 1;
const KW_DEFAULTS: u32 = 2;
const ANNOTATIONS: u32 = 4;
const ANNOTATE: u32 = 16;
const TYPE_PARAMS: u32 = 32;

impl<'a> Compiler<'a> {
    pub(super) fn function(&mut self, node: &'a FunctionDef, span: Span, is_async: bool) -> Res {
        let loc = self.at(span);
        self.check_parameters(&node.args)?;
        self.exprs(&node.decorator_list)?;
        let first_line = self.first_line(&node.decorator_list, loc);
        let attributes = self.defaults(&node.args, loc)?;
        if node.type_params.is_empty() {
            self.function_object(node, loc, is_async, attributes, first_line)?;
        } else {
            self.generic_function(node, loc, is_async, attributes, first_line)?;
        }
        self.decorate(&node.decorator_list);
        self.check_bindable(&node.name, ExprContext::Store, span)?;
        self.name(loc, &node.name, Use::Store);
        Ok(())
    }

    /// A function or class begins at its first decorator.
    pub(super) fn first_line(&self, decorators: &[Expr], loc: Pos) -> u32 {
        decorators.first().map_or(loc.line, |d| self.at(d.span).line)
    }

    /// Calls the decorators, which lie below the decorated object.
    pub(super) fn decorate(&mut self, decorators: &'a [Expr]) {
        for decorator in decorators.iter().rev() {
            let loc = self.at(decorator.span);
            self.op(loc, Op::Call, 0);
        }
    }

    fn check_parameters(&self, args: &Arguments) -> Res {
        let plain = args.posonlyargs.iter().chain(&args.args);
        let rest = args.vararg.iter().chain(&args.kwarg).map(|a| &**a);
        plain.chain(&args.kwonlyargs).chain(rest).try_for_each(|a| self.check_bindable(&a.arg, ExprContext::Store, a.span))
    }

    /// Pushes the tuple of defaults and the dict of keyword-only defaults, where there are some.
    fn defaults(&mut self, args: &'a Arguments, loc: Pos) -> Res<u32> {
        let mut attributes = 0;
        if !args.defaults.is_empty() {
            self.sequence_of_defaults(&args.defaults, loc)?;
            attributes |= DEFAULTS;
        }
        let mut count = 0;
        for (arg, default) in args.kwonlyargs.iter().zip(&args.kw_defaults) {
            if let Some(default) = default {
                let name = mangle(self.unit.class.as_ref(), &arg.arg);
                self.load_const(loc, Const::Str(name));
                self.expr(default)?;
                count += 1;
            }
        }
        if count > 0 {
            self.op(loc, Op::BuildMap, count);
            attributes |= KW_DEFAULTS;
        }
        Ok(attributes)
    }

    fn sequence_of_defaults(&mut self, defaults: &'a [Expr], loc: Pos) -> Res {
        let folder = self.folder();
        // the tuple stands where the defaults are written
        let loc = match (defaults.first(), defaults.last()) {
            (Some(a), Some(b)) => self.at(a.span.to(b.span)),
            _ => loc,
        };
        let known: Option<Vec<Const>> = defaults.iter().map(|e| folder.constant(e)).collect();
        match known {
            Some(values) => self.load_const(loc, Const::Tuple(values.into())),
            None => {
                self.exprs(defaults)?;
                self.op(loc, Op::BuildTuple, defaults.len() as u32);
            }
        }
        Ok(())
    }

    /// Pushes the function; its defaults lie on the stack as `attributes` says.
    fn function_object(&mut self, node: &'a FunctionDef, loc: Pos, is_async: bool, mut attributes: u32, first_line: u32) -> Res {
        attributes |= self.function_annotations(node, loc)?;
        let code = self.function_code(node, is_async, first_line)?;
        self.make_function(loc, code, attributes);
        Ok(())
    }

    /// Pushes the `__annotate__` function (or, with the future import, the tuple of strings' dict).
    fn function_annotations(&mut self, node: &'a FunctionDef, loc: Pos) -> Res<u32> {
        let args = &node.args;
        let annotated: Vec<(&'a Ident, &'a Expr)> = args
            .posonlyargs
            .iter()
            .chain(&args.args)
            .chain(args.vararg.as_deref())
            .chain(&args.kwonlyargs)
            .chain(args.kwarg.as_deref())
            .filter_map(|a| Some((&a.arg, a.annotation.as_ref()?)))
            .collect();
        if annotated.is_empty() && node.returns.is_none() {
            return Ok(0);
        }
        if self.future_annotations {
            self.annotation_strings(&annotated, node.returns.as_ref(), loc);
            return Ok(ANNOTATIONS);
        }
        self.annotate_function(node, &annotated, loc)?;
        Ok(ANNOTATE)
    }

    /// A generic function is made by calling a function whose locals are the type parameters.
    fn generic_function(&mut self, node: &'a FunctionDef, loc: Pos, is_async: bool, attributes: u32, first_line: u32) -> Res {
        let Some(scope) = self.table.scope_of(key(node, Tag::TypeParams)) else {
            return Ok(());
        };
        let passed: Vec<u32> = [DEFAULTS, KW_DEFAULTS].into_iter().filter(|bit| attributes & bit != 0).collect();
        if passed.len() == 2 {
            self.op(loc, Op::Swap, 2);
        }
        self.enter_unit(UnitKind::TypeParams, scope, first_line)?;
        self.unit.arg_count = passed.len() as u32;
        self.type_params(&node.type_params, loc)?;
        for bit in &passed {
            let name = if *bit == DEFAULTS { ".defaults" } else { ".kwdefaults" };
            self.slotted(loc, Op::LoadFast, &Arc::from(name));
        }
        self.function_object(node, loc, is_async, attributes, first_line)?;
        self.op(loc, Op::SetFunctionAttribute, TYPE_PARAMS);
        self.op(loc, Op::ReturnValue, 0);
        let code = self.leave_unit()?;
        self.make_function(loc, code, 0);
        match passed.len() as u32 {
            0 => {
                self.op(loc, Op::PushNull, 0);
                self.op(loc, Op::Call, 0);
            }
            n => {
                self.op(loc, Op::Swap, n + 1);
                self.op(loc, Op::Call, n - 1);
            }
        }
        Ok(())
    }

    fn function_code(&mut self, node: &'a FunctionDef, is_async: bool, first_line: u32) -> Res<CodeProto> {
        let kind = if is_async { UnitKind::AsyncFunction } else { UnitKind::Function };
        let scope = self.table.scope_of(key(node, Tag::Body)).unwrap_or(0);
        let is_method = self.is_method_place();
        self.enter_unit(kind, scope, first_line)?;
        self.parameters(&node.args);
        if is_method {
            self.unit.flags |= flags::METHOD;
        }
        let mut body = node.body.as_slice();
        if let Some((doc, _)) = docstring::of(body) {
            if self.options.optimize < 2 {
                self.unit.const_index(doc);
                self.unit.flags |= flags::HAS_DOCSTRING;
            }
            body = &body[1..];
        }
        self.body(body)?;
        self.return_none();
        self.leave_unit()
    }

    /// Whether a function made here is a method of a class body (directly, or through type parameters).
    fn is_method_place(&self) -> bool {
        match self.unit.kind {
            UnitKind::Class => true,
            UnitKind::TypeParams => self.outer.last().is_some_and(|u| u.kind == UnitKind::Class),
            _ => false,
        }
    }

    fn parameters(&mut self, args: &Arguments) {
        let unit = &mut self.unit;
        unit.posonly_count = args.posonlyargs.len() as u32;
        unit.arg_count = (args.posonlyargs.len() + args.args.len()) as u32;
        unit.kwonly_count = args.kwonlyargs.len() as u32;
        unit.params = parameter_order(args, unit.class.as_ref());
        if args.vararg.is_some() {
            unit.flags |= flags::VARARGS;
        }
        if args.kwarg.is_some() {
            unit.flags |= flags::VARKEYWORDS;
        }
    }

    pub(super) fn lambda(&mut self, node: &'a Lambda, span: Span) -> Res {
        let loc = self.at(span);
        self.check_parameters(&node.args)?;
        let attributes = self.defaults(&node.args, loc)?;
        let scope = self.table.scope_of(key(node, Tag::Body)).unwrap_or(0);
        self.enter_unit(UnitKind::Lambda, scope, loc.line)?;
        self.parameters(&node.args);
        self.expr(&node.body)?;
        let body = self.at(node.body.span);
        self.op(body, Op::ReturnValue, 0);
        let code = self.leave_unit()?;
        self.make_function(loc, code, attributes);
        Ok(())
    }

    /// A function of the one argument `.format`, as PEP 649 wants it: refuses formats that it does not know.
    pub(super) fn enter_lazy(&mut self, key: (usize, Tag), loc: Pos) -> Res {
        let scope = self.table.scope_of(key).unwrap_or(0);
        self.enter_lazy_scope(scope, loc)
    }

    pub(super) fn enter_lazy_scope(&mut self, scope: usize, loc: Pos) -> Res {
        self.enter_unit(UnitKind::Lazy, scope, loc.line)?;
        self.unit.arg_count = 1;
        self.unit.posonly_count = 1;
        let known = self.label();
        self.slotted(loc, Op::LoadFast, &Arc::from(".format"));
        self.load_const(loc, Const::Int(2));
        self.compare_op(loc, CmpOp::Gt);
        self.jump(loc, Op::PopJumpIfFalse, known);
        let error = self.unit.name_index(&Arc::from("NotImplementedError"));
        self.op(loc, Op::LoadGlobal, error);
        self.op(loc, Op::RaiseVarargs, 1);
        self.place(known);
        Ok(())
    }

    /// Pushes a lazily called function that returns `value`; `.format` is 1 unless given.
    pub(super) fn lazy_value(&mut self, value: &'a Expr, key: (usize, Tag), loc: Pos) -> Res {
        self.load_const(loc, Const::Tuple(Arc::from([Const::Int(1)])));
        self.enter_lazy(key, loc)?;
        self.annotation_value(value)?;
        self.op(loc, Op::ReturnValue, 0);
        let code = self.leave_unit()?;
        self.make_function(loc, code, DEFAULTS);
        Ok(())
    }

    /// `*Ts` as an annotation is the only item of `Ts`.
    pub(super) fn annotation_value(&mut self, value: &'a Expr) -> Res {
        match &value.kind {
            ExprKind::Starred(inner, _) => {
                let loc = self.at(value.span);
                self.expr(inner)?;
                self.op(loc, Op::UnpackSequence, 1);
                Ok(())
            }
            _ => self.expr(value),
        }
    }

    /// Ends a unit whose last expression is its value.
    pub(super) fn return_top(&mut self) {
        self.op(NO_POS, Op::ReturnValue, 0);
    }
}

/// The parameters in the order of their slots.
fn parameter_order(args: &Arguments, class: Option<&Ident>) -> Vec<Ident> {
    let plain = args.posonlyargs.iter().chain(&args.args);
    let rest = args.vararg.iter().chain(&args.kwarg).map(|a| &**a);
    plain.chain(&args.kwonlyargs).chain(rest).map(|a| mangle(class, &a.arg)).collect()
}
