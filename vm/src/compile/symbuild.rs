//! The first pass of the symbol table: walks the tree and notes what every block does with its names.

use super::symtable::{Builder, CompKind, Res, ScopeKind, SymTable, Tag, def, key};
use gilbert_parser::ast::*;
use gilbert_parser::{Span, SyntaxError};
use std::sync::Arc;

/// The scopes of a module.
pub(super) fn of_module(body: &[Stmt], future_annotations: bool) -> Res<SymTable> {
    let mut builder = Builder::new(future_annotations);
    builder.body(body)?;
    builder.finish()
}

/// The scopes of a lone expression.
pub(super) fn of_expression(body: &Expr, future_annotations: bool) -> Res<SymTable> {
    let mut builder = Builder::new(future_annotations);
    builder.expr(body)?;
    builder.finish()
}

impl Builder {
    fn body(&mut self, body: &[Stmt]) -> Res {
        body.iter().try_for_each(|s| self.stmt(s))
    }

    fn exprs(&mut self, exprs: &[Expr]) -> Res {
        exprs.iter().try_for_each(|e| self.expr(e))
    }

    fn opt(&mut self, expr: Option<&Expr>) -> Res {
        expr.map_or(Ok(()), |e| self.expr(e))
    }

    fn bind(&mut self, name: &Ident, span: Span) -> Res {
        self.define(name, def::LOCAL, span)
    }

    fn stmt(&mut self, stmt: &Stmt) -> Res {
        match &stmt.kind {
            StmtKind::FunctionDef(node) => self.function(node, stmt.span, false),
            StmtKind::AsyncFunctionDef(node) => self.function(node, stmt.span, true),
            StmtKind::ClassDef(node) => self.class(node, stmt.span),
            StmtKind::Return(value) => self.opt(value.as_deref()),
            StmtKind::Delete(targets) => self.exprs(targets),
            StmtKind::Assign(node) => {
                self.exprs(&node.targets)?;
                self.expr(&node.value)
            }
            StmtKind::TypeAlias(node) => self.type_alias(node),
            StmtKind::AugAssign(node) => {
                self.expr(&node.target)?;
                self.expr(&node.value)
            }
            StmtKind::AnnAssign(node) => self.ann_assign(node, stmt.span),
            StmtKind::For(node) | StmtKind::AsyncFor(node) => {
                self.expr(&node.target)?;
                self.expr(&node.iter)?;
                self.conditional(|b| {
                    b.body(&node.body)?;
                    b.body(&node.orelse)
                })
            }
            StmtKind::While(node) => {
                self.expr(&node.test)?;
                self.conditional(|b| {
                    b.body(&node.body)?;
                    b.body(&node.orelse)
                })
            }
            StmtKind::If(node) => self.if_chain(node),
            StmtKind::With(node) | StmtKind::AsyncWith(node) => self.conditional(|b| {
                for item in &node.items {
                    b.expr(&item.context_expr)?;
                    b.opt(item.optional_vars.as_ref())?;
                }
                b.body(&node.body)
            }),
            StmtKind::Match(node) => {
                self.expr(&node.subject)?;
                self.conditional(|b| {
                    for case in &node.cases {
                        b.pattern(&case.pattern)?;
                        b.opt(case.guard.as_ref())?;
                        b.body(&case.body)?;
                    }
                    Ok(())
                })
            }
            StmtKind::Raise(node) => {
                self.opt(node.exc.as_ref())?;
                self.opt(node.cause.as_ref())
            }
            StmtKind::Try(node) | StmtKind::TryStar(node) => self.conditional(|b| b.try_(node)),
            StmtKind::Assert(node) => {
                self.expr(&node.test)?;
                self.opt(node.msg.as_ref())
            }
            StmtKind::Import(names) => names.iter().try_for_each(|a| self.alias(a)),
            StmtKind::ImportFrom(node) => node.names.iter().try_for_each(|a| self.alias(a)),
            StmtKind::Global(names) => self.declare(names, stmt.span, def::GLOBAL),
            StmtKind::Nonlocal(names) => self.declare(names, stmt.span, def::NONLOCAL),
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => Ok(()),
        }
    }

    /// An `elif` chain may be thousands long: a loop, no recursion.
    fn if_chain(&mut self, first: &If) -> Res {
        let was = self.is_conditional();
        self.expr(&first.test)?;
        let mut node = first;
        loop {
            self.conditional(|b| b.body(&node.body))?;
            match node.orelse.as_slice() {
                [Stmt { kind: StmtKind::If(next), .. }] => {
                    self.expr(&next.test)?;
                    node = next;
                }
                orelse => {
                    self.conditional(|b| b.body(orelse))?;
                    break;
                }
            }
        }
        debug_assert_eq!(was, self.is_conditional());
        Ok(())
    }

    fn try_(&mut self, node: &Try) -> Res {
        self.body(&node.body)?;
        for handler in &node.handlers {
            self.opt(handler.typ.as_ref())?;
            if let Some(name) = &handler.name {
                self.bind(name, handler.span)?;
            }
            self.body(&handler.body)?;
        }
        self.body(&node.orelse)?;
        self.body(&node.finalbody)
    }

    fn function(&mut self, node: &FunctionDef, span: Span, is_async: bool) -> Res {
        self.bind(&node.name, span)?;
        self.defaults(&node.args)?;
        self.exprs(&node.decorator_list)?;
        let generic = !node.type_params.is_empty();
        if generic {
            self.enter_type_params(&node.name, key(node, Tag::TypeParams), span, None)?;
            if !node.args.defaults.is_empty() {
                self.define(&Arc::from(".defaults"), def::PARAM, span)?;
            }
            if node.args.kw_defaults.iter().any(Option::is_some) {
                self.define(&Arc::from(".kwdefaults"), def::PARAM, span)?;
            }
            self.type_params(&node.type_params)?;
        }
        self.function_annotations(node, span)?;
        self.enter(node.name.clone(), ScopeKind::Function, Some(key(node, Tag::Body)), true);
        self.cur().is_coroutine = is_async;
        self.arguments(&node.args)?;
        self.body(&node.body)?;
        self.leave();
        if generic {
            self.leave();
        }
        Ok(())
    }

    fn defaults(&mut self, args: &Arguments) -> Res {
        self.exprs(&args.defaults)?;
        args.kw_defaults.iter().flatten().try_for_each(|e| self.expr(e))
    }

    fn arguments(&mut self, args: &Arguments) -> Res {
        let plain = args.posonlyargs.iter().chain(&args.args);
        let rest = args.vararg.iter().chain(&args.kwarg).map(|a| &**a);
        for arg in plain.chain(&args.kwonlyargs).chain(rest) {
            self.define(&arg.arg, def::PARAM, arg.span)?;
        }
        Ok(())
    }

    fn function_annotations(&mut self, node: &FunctionDef, span: Span) -> Res {
        let args = &node.args;
        let plain = args.posonlyargs.iter().chain(&args.args);
        let rest = args.vararg.iter().chain(&args.kwarg).map(|a| &**a);
        let annotations: Vec<&Expr> = plain.chain(&args.kwonlyargs).chain(rest).filter_map(|a| a.annotation.as_ref()).chain(&node.returns).collect();
        if annotations.is_empty() {
            return Ok(());
        }
        let attached = !self.future_annotations;
        self.enter_annotations(Some(key(node, Tag::Annotations)), span, attached)?;
        annotations.into_iter().try_for_each(|e| self.expr(e))?;
        self.leave();
        Ok(())
    }

    fn enter_annotations(&mut self, key: Option<(usize, Tag)>, span: Span, attached: bool) -> Res<usize> {
        let in_class = self.cur().kind == ScopeKind::Class || self.cur().sees_class;
        let id = self.enter(Arc::from("__annotate__"), ScopeKind::Annotation, key, attached);
        self.see_class(in_class, span)?;
        let format: Ident = Arc::from(".format");
        self.define(&format, def::PARAM | def::USE, span)?;
        Ok(id)
    }

    fn see_class(&mut self, in_class: bool, span: Span) -> Res {
        if in_class {
            self.cur().sees_class = true;
            self.define(&Arc::from("__classdict__"), def::USE, span)?;
        }
        Ok(())
    }

    fn enter_type_params(&mut self, name: &Ident, key: (usize, Tag), span: Span, class: Option<&Ident>) -> Res {
        let in_class = self.cur().kind == ScopeKind::Class;
        let name: Ident = Arc::from(format!("<generic parameters of {name}>"));
        self.enter(name, ScopeKind::TypeParams, Some(key), true);
        self.see_class(in_class, span)?;
        if let Some(class) = class {
            self.define(&Arc::from(".type_params"), def::LOCAL | def::USE, span)?;
            self.define(&Arc::from(".generic_base"), def::LOCAL | def::USE, span)?;
            self.class = Some(class.clone());
        }
        Ok(())
    }

    fn type_params(&mut self, params: &[TypeParam]) -> Res {
        for param in params {
            let (name, bound, default) = match &param.kind {
                TypeParamKind::TypeVar { name, bound, default_value } => (name, bound.as_deref(), default_value.as_deref()),
                TypeParamKind::ParamSpec { name, default_value } | TypeParamKind::TypeVarTuple { name, default_value } => {
                    (name, None, default_value.as_deref())
                }
            };
            self.define(name, def::TYPE_PARAM | def::LOCAL, param.span)?;
            self.lazy(name, bound, key(param, Tag::Bound))?;
            self.lazy(name, default, key(param, Tag::Default))?;
        }
        Ok(())
    }

    /// An expression that is compiled as a function of its own, called when it is asked for.
    fn lazy(&mut self, name: &Ident, value: Option<&Expr>, key: (usize, Tag)) -> Res {
        let Some(value) = value else { return Ok(()) };
        let in_class = self.cur().sees_class;
        self.enter(name.clone(), ScopeKind::TypeVarBound, Some(key), true);
        self.see_class(in_class, value.span)?;
        let format: Ident = Arc::from(".format");
        self.define(&format, def::PARAM | def::USE, value.span)?;
        self.expr(value)?;
        self.leave();
        Ok(())
    }

    fn class(&mut self, node: &ClassDef, span: Span) -> Res {
        self.bind(&node.name, span)?;
        self.exprs(&node.decorator_list)?;
        let outer_class = self.class.clone();
        let generic = !node.type_params.is_empty();
        if generic {
            let key = key(node, Tag::TypeParams);
            self.enter_type_params(&node.name, key, span, Some(&node.name))?;
            self.type_params(&node.type_params)?;
        }
        self.exprs(&node.bases)?;
        node.keywords.iter().try_for_each(|k| self.expr(&k.value))?;
        self.enter(node.name.clone(), ScopeKind::Class, Some(key(node, Tag::Body)), true);
        self.class = Some(node.name.clone());
        if generic {
            self.define(&Arc::from("__type_params__"), def::LOCAL, span)?;
            self.define(&Arc::from(".type_params"), def::USE, span)?;
        }
        self.body(&node.body)?;
        self.leave();
        if generic {
            self.leave();
        }
        self.class = outer_class;
        Ok(())
    }

    fn type_alias(&mut self, node: &TypeAlias) -> Res {
        self.expr(&node.name)?;
        let ExprKind::Name(name, _) = &node.name.kind else {
            return Ok(());
        };
        let generic = !node.type_params.is_empty();
        let in_class = self.cur().kind == ScopeKind::Class;
        if generic {
            let key = key(node, Tag::TypeParams);
            self.enter_type_params(name, key, node.name.span, None)?;
            self.type_params(&node.type_params)?;
        }
        self.enter(name.clone(), ScopeKind::TypeAlias, Some(key(node, Tag::Body)), true);
        self.see_class(in_class, node.name.span)?;
        let format: Ident = Arc::from(".format");
        self.define(&format, def::PARAM | def::USE, node.value.span)?;
        self.expr(&node.value)?;
        self.leave();
        if generic {
            self.leave();
        }
        Ok(())
    }

    fn ann_assign(&mut self, node: &AnnAssign, span: Span) -> Res {
        if let ExprKind::Name(name, _) = &node.target.kind {
            let flags = self.lookup(self.current(), name);
            if flags & (def::GLOBAL | def::NONLOCAL) != 0 && self.stack.len() > 1 && node.simple {
                let what = if flags & def::GLOBAL != 0 { "global" } else { "nonlocal" };
                let msg = format!("annotated name '{name}' can't be {what}");
                return Err(SyntaxError::new(msg, span));
            }
            if node.simple {
                self.define(name, def::ANNOT | def::LOCAL, node.target.span)?;
            } else if node.value.is_some() {
                self.bind(name, node.target.span)?;
            }
        } else {
            self.expr(&node.target)?;
        }
        self.variable_annotation(&node.annotation, node.simple)?;
        self.opt(node.value.as_ref())
    }

    /// The annotation of a variable: part of the module's or class's annotation function, never executed in functions.
    fn variable_annotation(&mut self, annotation: &Expr, simple: bool) -> Res {
        let kind = self.cur().kind;
        let conditional = kind == ScopeKind::Module || (kind == ScopeKind::Class && self.is_conditional());
        let collected = matches!(kind, ScopeKind::Module | ScopeKind::Class) && !self.future_annotations && simple;
        if collected && conditional && !self.cur().has_conditional_annotations {
            self.cur().has_conditional_annotations = true;
            let name: Ident = Arc::from("__conditional_annotations__");
            self.define(&name, def::USE, annotation.span)?;
        }
        let parent = self.current();
        let known = self.table.scopes[parent].annotation_block.filter(|_| collected);
        match known {
            Some(block) => self.stack.push(block),
            None => {
                let block = self.enter_annotations(None, annotation.span, collected)?;
                if collected {
                    self.table.scopes[parent].annotation_block = Some(block);
                }
            }
        }
        if collected && conditional {
            let name: Ident = Arc::from("__conditional_annotations__");
            self.define(&name, def::USE, annotation.span)?;
        }
        self.expr(annotation)?;
        self.leave();
        Ok(())
    }

    fn alias(&mut self, alias: &Alias) -> Res {
        let bound = match &alias.asname {
            Some(name) => name.clone(),
            None => match alias.name.split_once('.') {
                Some((first, _)) => Arc::from(first),
                None => alias.name.clone(),
            },
        };
        if &*bound == "*" {
            if self.cur().kind != ScopeKind::Module {
                let msg = "import * only allowed at module level";
                return Err(SyntaxError::new(msg, alias.span));
            }
            return Ok(());
        }
        self.define(&bound, def::IMPORT, alias.span)
    }

    fn declare(&mut self, names: &[Ident], span: Span, flag: u32) -> Res {
        let what = if flag == def::GLOBAL { "global" } else { "nonlocal" };
        for name in names {
            let flags = self.lookup(self.current(), name);
            if flags & (def::PARAM | def::LOCAL | def::USE | def::ANNOT) != 0 {
                let msg = if flags & def::PARAM != 0 {
                    format!("name '{name}' is parameter and {what}")
                } else if flags & def::USE != 0 {
                    format!("name '{name}' is used prior to {what} declaration")
                } else if flags & def::ANNOT != 0 {
                    format!("annotated name '{name}' can't be {what}")
                } else {
                    format!("name '{name}' is assigned to before {what} declaration")
                };
                return Err(SyntaxError::new(msg, span));
            }
            self.define(name, flag, span)?;
            self.directive(name, span);
        }
        Ok(())
    }

    fn pattern(&mut self, pattern: &Pattern) -> Res {
        match &pattern.kind {
            PatternKind::MatchValue(value) => self.expr(value),
            PatternKind::MatchSingleton(_) => Ok(()),
            PatternKind::MatchSequence(items) | PatternKind::MatchOr(items) => items.iter().try_for_each(|p| self.pattern(p)),
            PatternKind::MatchStar(name) => match name {
                Some(name) => self.bind(name, pattern.span),
                None => Ok(()),
            },
            PatternKind::MatchMapping(node) => {
                self.exprs(&node.keys)?;
                node.patterns.iter().try_for_each(|p| self.pattern(p))?;
                match &node.rest {
                    Some(rest) => self.bind(rest, pattern.span),
                    None => Ok(()),
                }
            }
            PatternKind::MatchClass(node) => {
                self.expr(&node.cls)?;
                let all = node.patterns.iter().chain(&node.kwd_patterns);
                all.into_iter().try_for_each(|p| self.pattern(p))
            }
            PatternKind::MatchAs(node) => {
                if let Some(inner) = &node.pattern {
                    self.pattern(inner)?;
                }
                match &node.name {
                    Some(name) => self.bind(name, pattern.span),
                    None => Ok(()),
                }
            }
        }
    }

    /// Refuses what would need the enclosing function's frame inside a lazily evaluated block.
    fn not_in_annotation(&mut self, what: &str, span: Span) -> Res {
        let place = match self.cur().kind {
            ScopeKind::Annotation => "an annotation",
            ScopeKind::TypeVarBound => "a TypeVar bound",
            ScopeKind::TypeAlias => "a type alias",
            ScopeKind::TypeParams => "the definition of a generic",
            _ => return Ok(()),
        };
        let msg = format!("{what} cannot be used within {place}");
        Err(SyntaxError::new(msg, span))
    }

    fn expr(&mut self, expr: &Expr) -> Res {
        match &expr.kind {
            ExprKind::BoolOp(node) => self.exprs(&node.values),
            ExprKind::NamedExpr(node) => {
                self.not_in_annotation("named expression", expr.span)?;
                if self.in_comp_iter() {
                    let msg = "assignment expression cannot be used in a comprehension iterable expression";
                    return Err(SyntaxError::new(msg, expr.span));
                }
                if self.cur().comprehension.is_some() {
                    self.extend_named(&node.target)?;
                }
                self.expr(&node.value)?;
                self.expr(&node.target)
            }
            ExprKind::BinOp(_) => self.bin_op(expr),
            ExprKind::UnaryOp(node) => self.expr(&node.operand),
            ExprKind::Lambda(node) => self.lambda(node, expr.span),
            ExprKind::IfExp(node) => {
                self.expr(&node.test)?;
                self.expr(&node.body)?;
                self.expr(&node.orelse)
            }
            ExprKind::Dict(node) => {
                node.keys.iter().flatten().try_for_each(|k| self.expr(k))?;
                self.exprs(&node.values)
            }
            ExprKind::ListComp(node) => self.comprehension(&**node, CompKind::List, &node.generators, expr, &node.elt, None),
            ExprKind::SetComp(node) => self.comprehension(&**node, CompKind::Set, &node.generators, expr, &node.elt, None),
            ExprKind::GeneratorExp(node) => {
                let kind = CompKind::Generator;
                self.comprehension(&**node, kind, &node.generators, expr, &node.elt, None)
            }
            ExprKind::DictComp(node) => {
                let kind = CompKind::Dict;
                let value = Some(&node.value);
                self.comprehension(&**node, kind, &node.generators, expr, &node.key, value)
            }
            ExprKind::Await(value) => {
                self.not_in_annotation("await expression", expr.span)?;
                self.expr(value)?;
                self.cur().is_coroutine = true;
                Ok(())
            }
            ExprKind::Yield(value) => {
                self.not_in_annotation("yield expression", expr.span)?;
                self.opt(value.as_deref())?;
                self.yields(expr.span)
            }
            ExprKind::YieldFrom(value) => {
                self.not_in_annotation("yield expression", expr.span)?;
                self.expr(value)?;
                self.yields(expr.span)
            }
            ExprKind::Compare(node) => {
                self.expr(&node.left)?;
                self.exprs(&node.comparators)
            }
            ExprKind::Call(node) => {
                self.expr(&node.func)?;
                self.exprs(&node.args)?;
                node.keywords.iter().try_for_each(|k| self.expr(&k.value))
            }
            ExprKind::FormattedValue(node) => {
                self.expr(&node.value)?;
                self.opt(node.format_spec.as_ref())
            }
            ExprKind::Interpolation(node) => {
                self.expr(&node.value)?;
                self.opt(node.format_spec.as_ref())
            }
            ExprKind::JoinedStr(values) | ExprKind::TemplateStr(values) => self.exprs(values),
            ExprKind::Constant(_) => Ok(()),
            ExprKind::Attribute(node) => self.expr(&node.value),
            ExprKind::Subscript(node) => {
                self.expr(&node.value)?;
                self.expr(&node.slice)
            }
            ExprKind::Starred(value, _) => self.expr(value),
            ExprKind::Name(name, ctx) => self.name(name, *ctx, expr.span),
            ExprKind::List(items, _) | ExprKind::Tuple(items, _) | ExprKind::Set(items) => self.exprs(items),
            ExprKind::Slice(node) => {
                self.opt(node.lower.as_ref())?;
                self.opt(node.upper.as_ref())?;
                self.opt(node.step.as_ref())
            }
        }
    }

    fn name(&mut self, name: &Ident, ctx: ExprContext, span: Span) -> Res {
        let flag = if ctx == ExprContext::Load { def::USE } else { def::LOCAL };
        self.define(name, flag, span)?;
        if ctx == ExprContext::Load && &**name == "super" && self.cur().kind.is_function_like() {
            self.define(&Arc::from("__class__"), def::USE, span)?;
        }
        Ok(())
    }

    /// The left spine of `a + b + c + ..` may be thousands long: a loop, no recursion.
    fn bin_op(&mut self, expr: &Expr) -> Res {
        let mut spine = Vec::new();
        let mut leftmost = expr;
        while let ExprKind::BinOp(node) = &leftmost.kind {
            spine.push(&node.right);
            leftmost = &node.left;
        }
        self.expr(leftmost)?;
        spine.into_iter().rev().try_for_each(|e| self.expr(e))
    }

    fn yields(&mut self, span: Span) -> Res {
        if let Some(kind) = self.cur().comprehension {
            let msg = match kind {
                CompKind::List => "'yield' inside list comprehension",
                CompKind::Set => "'yield' inside set comprehension",
                CompKind::Dict => "'yield' inside dict comprehension",
                CompKind::Generator => "'yield' inside generator expression",
            };
            return Err(SyntaxError::new(msg, span));
        }
        self.cur().is_generator = true;
        Ok(())
    }

    fn lambda(&mut self, node: &Lambda, span: Span) -> Res {
        self.defaults(&node.args)?;
        let in_class = self.cur().sees_class;
        self.enter(Arc::from("<lambda>"), ScopeKind::Function, Some(key(node, Tag::Body)), true);
        self.see_class(in_class, span)?;
        self.arguments(&node.args)?;
        self.expr(&node.body)?;
        self.leave();
        Ok(())
    }

    fn comprehension<T>(&mut self, node: &T, kind: CompKind, generators: &[Comprehension], expr: &Expr, elt: &Expr, value: Option<&Expr>) -> Res {
        let Some(first) = generators.first() else {
            return Ok(());
        };
        self.comp_iter(|b| b.expr(&first.iter))?;
        let in_class = self.cur().sees_class;
        let name = match kind {
            CompKind::List => "<listcomp>",
            CompKind::Set => "<setcomp>",
            CompKind::Dict => "<dictcomp>",
            CompKind::Generator => "<genexpr>",
        };
        self.enter(Arc::from(name), ScopeKind::Function, Some(key(node, Tag::Body)), true);
        self.see_class(in_class, expr.span)?;
        self.cur().comprehension = Some(kind);
        self.cur().is_coroutine = first.is_async;
        self.define(&Arc::from(".0"), def::PARAM, first.iter.span)?;
        for (i, generator) in generators.iter().enumerate() {
            self.set_comp_target(true);
            self.expr(&generator.target)?;
            self.set_comp_target(false);
            if i > 0 {
                self.comp_iter(|b| b.expr(&generator.iter))?;
                self.cur().is_coroutine |= generator.is_async;
            }
            self.exprs(&generator.ifs)?;
        }
        self.opt(value)?;
        self.expr(elt)?;
        self.cur().is_generator = kind == CompKind::Generator;
        let is_async = self.cur().is_coroutine && kind != CompKind::Generator;
        self.leave();
        if is_async {
            self.cur().is_coroutine = true;
        }
        Ok(())
    }

    /// `:=` in a comprehension binds in the function or module around it.
    fn extend_named(&mut self, target: &Expr) -> Res {
        let ExprKind::Name(name, _) = &target.kind else {
            return Ok(());
        };
        let span = target.span;
        for at in (0..self.stack.len()).rev() {
            let id = self.stack[at];
            let flags = self.lookup(id, name);
            let scope = &self.table.scopes[id];
            if scope.comprehension.is_some() {
                if flags & def::COMP_ITER != 0 && flags & (def::LOCAL | def::GLOBAL) != 0 {
                    let msg = format!("assignment expression cannot rebind comprehension iteration variable '{name}'");
                    return Err(SyntaxError::new(msg, span));
                }
                continue;
            }
            let place = match scope.kind {
                ScopeKind::Function => {
                    let flag = if flags & def::GLOBAL != 0 { def::GLOBAL } else { def::NONLOCAL };
                    self.define(name, flag, span)?;
                    self.directive(name, span);
                    return self.define_in(id, name, def::LOCAL, span);
                }
                ScopeKind::Module => {
                    self.define(name, def::GLOBAL, span)?;
                    self.directive(name, span);
                    return self.define_in(id, name, def::GLOBAL, span);
                }
                ScopeKind::Class => "a class body",
                ScopeKind::TypeVarBound => "a TypeVar bound",
                ScopeKind::TypeAlias => "a type alias",
                ScopeKind::Annotation => "an annotation",
                ScopeKind::TypeParams => "the definition of a generic",
            };
            let msg = format!("assignment expression within a comprehension cannot be used in {place}");
            return Err(SyntaxError::new(msg, span));
        }
        Ok(())
    }
}
