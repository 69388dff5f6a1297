//! `class`, and `super()`.

use super::{Compiler, NO_POS, UnitKind, Use};
use crate::code::{CodeProto, Const, Pos};
use crate::compile::symtable::{Place, Res, Tag, key};
use crate::op::{Intrinsic, Op};
use gilbert_parser::Span;
use gilbert_parser::ast::*;
use std::sync::Arc;

impl<'a> Compiler<'a> {
    pub(super) fn class(&mut self, node: &'a ClassDef, span: Span) -> Res {
        let loc = self.at(span);
        self.exprs(&node.decorator_list)?;
        let first_line = self.first_line(&node.decorator_list, loc);
        if node.type_params.is_empty() {
            let code = self.class_body(node, first_line)?;
            self.build_class(node, code, loc, false)?;
        } else {
            self.generic_class(node, loc, first_line)?;
        }
        self.decorate(&node.decorator_list);
        self.check_bindable(&node.name, ExprContext::Store, span)?;
        self.name(loc, &node.name, Use::Store);
        Ok(())
    }

    /// Calls `__build_class__(body, name, *bases, **keywords)`.
    fn build_class(&mut self, node: &'a ClassDef, body: CodeProto, loc: Pos, generic: bool) -> Res {
        self.op(loc, Op::LoadBuildClass, 0);
        self.op(loc, Op::PushNull, 0);
        self.make_function(loc, body, 0);
        self.load_const(loc, Const::Str(node.name.clone()));
        self.call_with(loc, 2, &node.bases, &node.keywords, generic)
    }

    /// A generic class is made by a function whose locals are the type parameters.
    fn generic_class(&mut self, node: &'a ClassDef, loc: Pos, first_line: u32) -> Res {
        let scope = self.table.scope_of(key(node, Tag::TypeParams)).unwrap_or(0);
        let type_params: Ident = Arc::from(".type_params");
        self.enter_unit(UnitKind::TypeParams, scope, first_line)?;
        self.unit.class = Some(node.name.clone());
        self.type_params(&node.type_params, loc)?;
        self.name(loc, &type_params, Use::Store);
        let code = self.class_body(node, first_line)?;
        self.name(loc, &type_params, Use::Load);
        self.op_c(loc, Op::Intrinsic, Intrinsic::SubscriptGeneric as u8, 0);
        self.name(loc, &Arc::from(".generic_base"), Use::Store);
        self.build_class(node, code, loc, true)?;
        self.op(loc, Op::ReturnValue, 0);
        let code = self.leave_unit()?;
        self.make_function(loc, code, 0);
        self.op(loc, Op::PushNull, 0);
        self.op(loc, Op::Call, 0);
        Ok(())
    }

    fn class_body(&mut self, node: &'a ClassDef, first_line: u32) -> Res<CodeProto> {
        let scope = self.table.scope_of(key(node, Tag::Body)).unwrap_or(0);
        self.enter_unit(UnitKind::Class, scope, first_line)?;
        self.unit.class = Some(node.name.clone());
        let loc = Self::at_line(first_line);
        self.name(loc, &Arc::from("__name__"), Use::Load);
        self.name(loc, &Arc::from("__module__"), Use::Store);
        self.load_const(loc, Const::Str(self.unit.qualname.clone()));
        self.name(loc, &Arc::from("__qualname__"), Use::Store);
        self.load_const(loc, Const::Int(i64::from(first_line)));
        self.name(loc, &Arc::from("__firstlineno__"), Use::Store);
        if !node.type_params.is_empty() {
            self.name(loc, &Arc::from(".type_params"), Use::Load);
            self.name(loc, &Arc::from("__type_params__"), Use::Store);
        }
        let (needs_dict, needs_closure) = {
            let scope = &self.table.scopes[scope];
            (scope.needs_class_dict, scope.needs_class_closure)
        };
        let class_dict: Ident = Arc::from("__classdict__");
        if needs_dict {
            self.op(loc, Op::LoadLocals, 0);
            self.slotted(loc, Op::StoreDeref, &class_dict);
        }
        self.conditional_annotations(&node.body, loc);
        let body_loc = node.body.first().map_or(loc, |s| self.at(s.span));
        self.setup_annotations(&node.body, body_loc);
        let rest = self.namespace_docstring(&node.body);
        self.body(rest)?;
        self.class_annotations(&node.body)?;
        self.static_attributes();
        if needs_dict {
            self.slotted(NO_POS, Op::LoadClosure, &class_dict);
            self.name(NO_POS, &Arc::from("__classdictcell__"), Use::Store);
        }
        if needs_closure {
            self.slotted(NO_POS, Op::LoadClosure, &Arc::from("__class__"));
            self.op(NO_POS, Op::Copy, 1);
            self.name(NO_POS, &Arc::from("__classcell__"), Use::Store);
            self.return_top();
        } else {
            self.return_none();
        }
        self.leave_unit()
    }

    fn static_attributes(&mut self) {
        let mut names: Vec<Ident> = self.unit.static_attributes.iter().cloned().collect();
        names.sort();
        let names: Vec<Const> = names.into_iter().map(Const::Str).collect();
        self.load_const(NO_POS, Const::Tuple(names.into()));
        self.name(NO_POS, &Arc::from("__static_attributes__"), Use::Store);
    }

    // --- super

    /// Whether `node` is `super().attr` or `super(a, b).attr` with the built-in `super` in plain sight.
    pub(super) fn is_super_attribute(&self, node: &Attribute) -> bool {
        let ExprKind::Call(call) = &node.value.kind else {
            return false;
        };
        let named_super = matches!(&call.func.kind, ExprKind::Name(n, _) if &**n == "super");
        if !named_super || !call.keywords.is_empty() {
            return false;
        }
        let place = |scope| self.table.symbol(scope, "super").and_then(|s| s.place);
        if place(self.unit.scope) != Some(Place::GlobalImplicit) || place(0).is_some() {
            return false;
        }
        if call.args.iter().any(|a| matches!(a.kind, ExprKind::Starred(..))) {
            return false;
        }
        match call.args.len() {
            2 => true,
            0 => {
                let class = self.table.symbol(self.unit.scope, "__class__");
                self.unit.arg_count > 0 && self.unit.inlined.is_empty() && class.and_then(|s| s.place) == Some(Place::Free)
            }
            _ => false,
        }
    }

    /// Pushes `super cls self`; 2 where they were given as arguments, else 0.
    pub(super) fn super_arguments(&mut self, whole: &'a Expr) -> Res<u8> {
        let ExprKind::Call(call) = &whole.kind else {
            return Ok(0);
        };
        let loc = self.at(whole.span);
        self.expr(&call.func)?;
        if !call.args.is_empty() {
            self.exprs(&call.args)?;
            return Ok(2);
        }
        self.name(loc, &Arc::from("__class__"), Use::Load);
        if let Some(first) = self.unit.params.first().cloned() {
            let op = if self.unit.cellvars.contains(&first) { Op::LoadDeref } else { Op::LoadFast };
            self.slotted(loc, op, &first);
        }
        Ok(0)
    }
}
