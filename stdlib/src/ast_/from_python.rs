//! From node objects to the parser's tree, so that `compile` takes trees that a script has made or changed.
//!
//! Places: the compiler wants byte offsets. A line is taken to be [`LINE`] bytes wide, and the index of lines that goes with the
//! tree says so.

use super::table::{CLASSES, N};
use super::{CLASSES_KEY, number_of, state_tuple};
use gilbert_parser::ast::*;
use gilbert_parser::{LineIndex, MAX_DEPTH, Span};
use gilbert_vm::compile::{Mode, Tree, TreeBody};
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::list::List;
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// How many bytes a line is taken to have; columns beyond count as the last one.
const LINE: u32 = 2048;
/// Lines beyond would not fit the offsets.
const MAX_LINE: i64 = (u32::MAX / LINE) as i64 - 2;

struct Reader<'a> {
    vm: &'a mut Vm,
    classes: Vec<Value>,
    depth: u32,
    last_line: u32,
}

/// The tree of a `Module`, `Expression` or `Interactive` node, as the mode asks.
pub(super) fn convert(vm: &mut Vm, root: &Value, mode: Mode) -> PyResult<Tree> {
    let classes = state_tuple(vm, CLASSES_KEY)?;
    let mut r = Reader { vm, classes, depth: 0, last_line: 1 };
    let want = match mode {
        Mode::Exec => N::Module,
        Mode::Eval => N::Expression,
        Mode::Single => N::Interactive,
    };
    let got = r.number(root);
    if got != Some(want) {
        let (want, got) = (CLASSES[want as usize].name, r.vm.short_type_name(root));
        return Err(r.vm.type_error(format!("expected {want} node, got {got}")));
    }
    let body = match want {
        N::Expression => TreeBody::Expression(Box::new(r.expr_field(root, "body")?)),
        _ => TreeBody::Statements(r.stmts(root, "body")?),
    };
    Ok(Tree { body, single: want == N::Interactive, lines: LineIndex::regular(r.last_line + 1, LINE) })
}

type R<T> = Result<T, Raised>;

impl Reader<'_> {
    // --- fields

    fn number(&mut self, node: &Value) -> Option<N> {
        let classes = std::mem::take(&mut self.classes);
        let n = number_of(self.vm, &classes, node);
        self.classes = classes;
        n
    }
    fn class_name(&mut self, node: &Value) -> String {
        self.vm.short_type_name(node)
    }
    /// A field; `None` where it is missing or None.
    fn opt(&mut self, node: &Value, field: &str) -> R<Option<Value>> {
        Ok(self.vm.attr_opt(node, field)?.filter(|v| !v.is_none()))
    }
    fn required(&mut self, node: &Value, field: &str) -> R<Value> {
        match self.vm.attr_opt(node, field)? {
            Some(v) if !v.is_none() => Ok(v),
            Some(_) => {
                let class = self.class_name(node);
                Err(self.vm.value_error(format!("field '{field}' is required for {class}")))
            }
            None => {
                let class = self.class_name(node);
                Err(self.vm.type_error(format!("required field \"{field}\" missing from {class}")))
            }
        }
    }
    fn items(&mut self, node: &Value, field: &str) -> R<Vec<Value>> {
        let Some(v) = self.vm.attr_opt(node, field)? else {
            let class = self.class_name(node);
            return Err(self.vm.type_error(format!("required field \"{field}\" missing from {class}")));
        };
        match v.borrow::<List>(self.vm).map(|l| l.items().to_vec()) {
            Some(items) => Ok(items),
            None => {
                let (class, got) = (self.class_name(node), self.vm.type_name(&v));
                Err(self.vm.type_error(format!("{class} field \"{field}\" must be a list, not a {got}")))
            }
        }
    }
    fn text(&mut self, v: &Value) -> R<Ident> {
        match v.get::<Str>() {
            Some(s) => Ok(Ident::from(s.lossy().as_ref())),
            None => Err(self.vm.type_error("AST identifier must be of type str")),
        }
    }
    fn ident(&mut self, node: &Value, field: &str) -> R<Ident> {
        let v = self.required(node, field)?;
        self.text(&v)
    }
    fn opt_ident(&mut self, node: &Value, field: &str) -> R<Option<Ident>> {
        match self.opt(node, field)? {
            Some(v) => self.text(&v).map(Some),
            None => Ok(None),
        }
    }
    fn idents(&mut self, node: &Value, field: &str) -> R<Vec<Ident>> {
        let items = self.items(node, field)?;
        items.iter().map(|v| self.text(v)).collect()
    }
    fn number_field(&mut self, node: &Value, field: &str, default: i64) -> R<i64> {
        match self.opt(node, field)? {
            Some(v) => self.vm.to_i64(&v),
            None => Ok(default),
        }
    }
    fn many<T>(&mut self, node: &Value, field: &str, f: fn(&mut Self, &Value) -> R<T>) -> R<Vec<T>> {
        let items = self.items(node, field)?;
        items.iter().map(|v| f(self, v)).collect()
    }
    fn one<T>(&mut self, node: &Value, field: &str, f: fn(&mut Self, &Value) -> R<T>) -> R<T> {
        let v = self.required(node, field)?;
        f(self, &v)
    }
    fn maybe<T>(&mut self, node: &Value, field: &str, f: fn(&mut Self, &Value) -> R<T>) -> R<Option<T>> {
        match self.opt(node, field)? {
            Some(v) => f(self, &v).map(Some),
            None => Ok(None),
        }
    }
    fn expr_field(&mut self, node: &Value, field: &str) -> R<Expr> {
        self.one(node, field, Self::expr)
    }
    fn exprs(&mut self, node: &Value, field: &str) -> R<Vec<Expr>> {
        self.many(node, field, Self::expr)
    }
    fn opt_expr(&mut self, node: &Value, field: &str) -> R<Option<Expr>> {
        self.maybe(node, field, Self::expr)
    }
    fn stmts(&mut self, node: &Value, field: &str) -> R<Vec<Stmt>> {
        self.many(node, field, Self::stmt)
    }
    /// A body that may not be empty.
    fn body(&mut self, node: &Value) -> R<Vec<Stmt>> {
        let body = self.stmts(node, "body")?;
        if body.is_empty() {
            let class = self.class_name(node);
            return Err(self.vm.value_error(format!("empty body on {class}")));
        }
        Ok(body)
    }
    #[cold]
    fn unexpected<T>(&mut self, what: &str, node: &Value) -> R<T> {
        let text = self.vm.repr_text(node)?;
        Err(self.vm.type_error(format!("expected some sort of {what}, but got {text}")))
    }
    fn deeper(&mut self) -> R<()> {
        self.depth += 1;
        if self.depth >= MAX_DEPTH {
            return Err(self.vm.err(Exc::RecursionError, "maximum recursion depth exceeded during ast construction"));
        }
        self.vm.enter_native()
    }
    fn back(&mut self) {
        self.depth -= 1;
        self.vm.leave_native();
    }

    // --- places

    fn span(&mut self, node: &Value, what: &str) -> R<Span> {
        let mut place = [0i64; 2];
        for (slot, field) in place.iter_mut().zip(["lineno", "col_offset"]) {
            match self.vm.attr_opt(node, field)? {
                Some(v) if !v.is_none() => *slot = self.vm.to_i64(&v)?,
                _ => return Err(self.vm.type_error(format!("required field \"{field}\" missing from {what}"))),
            }
        }
        let (line, col) = (place[0], place[1]);
        let end_line = self.number_field(node, "end_lineno", line)?;
        let end_col = self.number_field(node, "end_col_offset", col)?;
        if line > end_line {
            return Err(self.vm.value_error(format!("AST node line range ({line}, {end_line}) is not valid")));
        }
        if end_line > MAX_LINE {
            return Err(self.vm.value_error(format!("AST node line {end_line} is too large")));
        }
        let (start, end) = (self.offset(line, col), self.offset(end_line, end_col));
        Ok(Span::new(start, end.max(start)))
    }
    fn offset(&mut self, line: i64, col: i64) -> u32 {
        let line = line.clamp(1, MAX_LINE) as u32;
        self.last_line = self.last_line.max(line);
        (line - 1) * LINE + (col.clamp(0, LINE as i64 - 1) as u32)
    }

    // --- statements

    fn stmt(&mut self, node: &Value) -> R<Stmt> {
        self.deeper()?;
        let r = self.stmt_inner(node);
        self.back();
        r
    }
    fn stmt_inner(&mut self, node: &Value) -> R<Stmt> {
        use StmtKind as K;
        let span = self.span(node, "stmt")?;
        let Some(n) = self.number(node) else { return self.unexpected("stmt", node) };
        if CLASSES[n as usize].base != "stmt" {
            return self.unexpected("stmt", node);
        }
        let kind = match n {
            N::FunctionDef => K::FunctionDef(Box::new(self.function(node)?)),
            N::AsyncFunctionDef => K::AsyncFunctionDef(Box::new(self.function(node)?)),
            N::ClassDef => K::ClassDef(Box::new(ClassDef {
                name: self.ident(node, "name")?,
                bases: self.exprs(node, "bases")?,
                keywords: self.many(node, "keywords", Self::keyword)?,
                body: self.body(node)?,
                decorator_list: self.exprs(node, "decorator_list")?,
                type_params: self.many(node, "type_params", Self::type_param)?,
            })),
            N::Return => K::Return(self.opt_expr(node, "value")?.map(Box::new)),
            N::Delete => K::Delete(self.many(node, "targets", Self::deleted)?),
            N::Assign => K::Assign(Box::new(Assign { targets: self.many(node, "targets", Self::target)?, value: self.expr_field(node, "value")? })),
            N::TypeAlias => K::TypeAlias(Box::new(TypeAlias {
                name: self.one(node, "name", Self::target)?,
                type_params: self.many(node, "type_params", Self::type_param)?,
                value: self.expr_field(node, "value")?,
            })),
            N::AugAssign => K::AugAssign(Box::new(AugAssign {
                target: self.one(node, "target", Self::target)?,
                op: self.one(node, "op", Self::operator)?,
                value: self.expr_field(node, "value")?,
            })),
            N::AnnAssign => K::AnnAssign(Box::new(AnnAssign {
                target: self.one(node, "target", Self::target)?,
                annotation: self.expr_field(node, "annotation")?,
                value: self.opt_expr(node, "value")?,
                simple: self.number_field(node, "simple", 0)? != 0,
            })),
            N::For => K::For(Box::new(self.for_loop(node)?)),
            N::AsyncFor => K::AsyncFor(Box::new(self.for_loop(node)?)),
            N::While => K::While(Box::new(While { test: self.expr_field(node, "test")?, body: self.body(node)?, orelse: self.stmts(node, "orelse")? })),
            N::If => K::If(Box::new(If { test: self.expr_field(node, "test")?, body: self.body(node)?, orelse: self.stmts(node, "orelse")? })),
            N::With => K::With(Box::new(self.with(node)?)),
            N::AsyncWith => K::AsyncWith(Box::new(self.with(node)?)),
            N::Match => K::Match(Box::new(Match { subject: self.expr_field(node, "subject")?, cases: self.many(node, "cases", Self::case)? })),
            N::Raise => K::Raise(Box::new(Raise { exc: self.opt_expr(node, "exc")?, cause: self.opt_expr(node, "cause")? })),
            N::Try => K::Try(Box::new(self.try_(node)?)),
            N::TryStar => K::TryStar(Box::new(self.try_(node)?)),
            N::Assert => K::Assert(Box::new(Assert { test: self.expr_field(node, "test")?, msg: self.opt_expr(node, "msg")? })),
            N::Import => K::Import(self.many(node, "names", Self::alias)?),
            N::ImportFrom => K::ImportFrom(Box::new(ImportFrom {
                module: self.opt_ident(node, "module")?,
                names: self.many(node, "names", Self::alias)?,
                level: self.number_field(node, "level", 0)?.max(0) as u32,
            })),
            N::Global => K::Global(self.idents(node, "names")?),
            N::Nonlocal => K::Nonlocal(self.idents(node, "names")?),
            N::Expr => K::Expr(Box::new(self.expr_field(node, "value")?)),
            N::Pass => K::Pass,
            N::Break => K::Break,
            N::Continue => K::Continue,
            _ => return self.unexpected("stmt", node),
        };
        Ok(Stmt { span, kind })
    }
    fn function(&mut self, node: &Value) -> R<FunctionDef> {
        Ok(FunctionDef {
            name: self.ident(node, "name")?,
            args: self.one(node, "args", Self::arguments)?,
            body: self.body(node)?,
            decorator_list: self.exprs(node, "decorator_list")?,
            returns: self.opt_expr(node, "returns")?,
            type_params: self.many(node, "type_params", Self::type_param)?,
        })
    }
    fn for_loop(&mut self, node: &Value) -> R<For> {
        Ok(For {
            target: self.one(node, "target", Self::target)?,
            iter: self.expr_field(node, "iter")?,
            body: self.body(node)?,
            orelse: self.stmts(node, "orelse")?,
        })
    }
    fn with(&mut self, node: &Value) -> R<With> {
        let items = self.many(node, "items", |r, i| {
            Ok(WithItem { context_expr: r.expr_field(i, "context_expr")?, optional_vars: r.maybe(i, "optional_vars", Self::target)? })
        })?;
        if items.is_empty() {
            let class = self.class_name(node);
            return Err(self.vm.value_error(format!("empty items on {class}")));
        }
        Ok(With { items, body: self.body(node)? })
    }
    fn try_(&mut self, node: &Value) -> R<Try> {
        let t = Try {
            body: self.body(node)?,
            handlers: self.many(node, "handlers", Self::handler)?,
            orelse: self.stmts(node, "orelse")?,
            finalbody: self.stmts(node, "finalbody")?,
        };
        if t.handlers.is_empty() && t.finalbody.is_empty() {
            let class = self.class_name(node);
            return Err(self.vm.value_error(format!("{class} has neither handlers nor finalbody")));
        }
        Ok(t)
    }
    fn handler(&mut self, node: &Value) -> R<ExceptHandler> {
        Ok(ExceptHandler {
            span: self.span(node, "excepthandler")?,
            typ: self.opt_expr(node, "type")?,
            name: self.opt_ident(node, "name")?,
            body: self.body(node)?,
        })
    }
    fn alias(&mut self, node: &Value) -> R<Alias> {
        Ok(Alias { span: self.span(node, "alias")?, name: self.ident(node, "name")?, asname: self.opt_ident(node, "asname")? })
    }
    fn keyword(&mut self, node: &Value) -> R<Keyword> {
        Ok(Keyword { span: self.span(node, "keyword")?, arg: self.opt_ident(node, "arg")?, value: self.expr_field(node, "value")? })
    }
    fn arg(&mut self, node: &Value) -> R<Arg> {
        Ok(Arg { span: self.span(node, "arg")?, arg: self.ident(node, "arg")?, annotation: self.opt_expr(node, "annotation")? })
    }
    fn boxed_arg(&mut self, node: &Value) -> R<Box<Arg>> {
        self.arg(node).map(Box::new)
    }
    fn maybe_expr(&mut self, v: &Value) -> R<Option<Expr>> {
        if v.is_none() { Ok(None) } else { self.expr(v).map(Some) }
    }
    fn arguments(&mut self, node: &Value) -> R<Arguments> {
        let a = Arguments {
            posonlyargs: self.many(node, "posonlyargs", Self::arg)?,
            args: self.many(node, "args", Self::arg)?,
            vararg: self.maybe(node, "vararg", Self::boxed_arg)?,
            kwonlyargs: self.many(node, "kwonlyargs", Self::arg)?,
            kw_defaults: self.many(node, "kw_defaults", Self::maybe_expr)?,
            kwarg: self.maybe(node, "kwarg", Self::boxed_arg)?,
            defaults: self.exprs(node, "defaults")?,
        };
        if a.defaults.len() > a.posonlyargs.len() + a.args.len() {
            return Err(self.vm.value_error("more positional defaults than args on arguments"));
        }
        if a.kw_defaults.len() != a.kwonlyargs.len() {
            return Err(self.vm.value_error("length of kwonlyargs is not the same as kw_defaults on arguments"));
        }
        Ok(a)
    }
    fn type_param(&mut self, node: &Value) -> R<TypeParam> {
        let span = self.span(node, "type_param")?;
        let name = self.ident(node, "name")?;
        let default_value = self.opt_expr(node, "default_value")?.map(Box::new);
        let kind = match self.number(node) {
            Some(N::TypeVar) => TypeParamKind::TypeVar { name, bound: self.opt_expr(node, "bound")?.map(Box::new), default_value },
            Some(N::ParamSpec) => TypeParamKind::ParamSpec { name, default_value },
            Some(N::TypeVarTuple) => TypeParamKind::TypeVarTuple { name, default_value },
            _ => return self.unexpected("type_param", node),
        };
        Ok(TypeParam { span, kind })
    }

    // --- patterns

    fn case(&mut self, node: &Value) -> R<MatchCase> {
        Ok(MatchCase { pattern: self.one(node, "pattern", Self::pattern)?, guard: self.opt_expr(node, "guard")?, body: self.body(node)? })
    }
    fn pattern(&mut self, node: &Value) -> R<Pattern> {
        self.deeper()?;
        let r = self.pattern_inner(node);
        self.back();
        r
    }
    fn pattern_inner(&mut self, node: &Value) -> R<Pattern> {
        use PatternKind as K;
        let Some(n) = self.number(node) else { return self.unexpected("pattern", node) };
        let span = self.span(node, "pattern")?;
        let kind = match n {
            N::MatchValue => K::MatchValue(Box::new(self.expr_field(node, "value")?)),
            N::MatchSingleton => {
                let v = self.vm.attr(node, "value")?;
                match self.constant(&v, span)? {
                    ExprKind::Constant(c @ (Constant::None | Constant::True | Constant::False)) => K::MatchSingleton(c),
                    _ => return Err(self.vm.value_error("MatchSingleton can only contain True, False and None")),
                }
            }
            N::MatchSequence => K::MatchSequence(self.many(node, "patterns", Self::pattern)?),
            N::MatchMapping => {
                let m = MatchMapping {
                    keys: self.exprs(node, "keys")?,
                    patterns: self.many(node, "patterns", Self::pattern)?,
                    rest: self.opt_ident(node, "rest")?,
                };
                if m.keys.len() != m.patterns.len() {
                    return Err(self.vm.value_error("MatchMapping doesn't have the same number of keys as patterns"));
                }
                K::MatchMapping(Box::new(m))
            }
            N::MatchClass => {
                let c = MatchClass {
                    cls: self.expr_field(node, "cls")?,
                    patterns: self.many(node, "patterns", Self::pattern)?,
                    kwd_attrs: self.idents(node, "kwd_attrs")?,
                    kwd_patterns: self.many(node, "kwd_patterns", Self::pattern)?,
                };
                if c.kwd_attrs.len() != c.kwd_patterns.len() {
                    return Err(self.vm.value_error("MatchClass doesn't have the same number of keyword attributes as patterns"));
                }
                K::MatchClass(Box::new(c))
            }
            N::MatchStar => K::MatchStar(self.opt_ident(node, "name")?),
            N::MatchAs => K::MatchAs(Box::new(MatchAs { pattern: self.maybe(node, "pattern", Self::pattern)?, name: self.opt_ident(node, "name")? })),
            N::MatchOr => K::MatchOr(self.many(node, "patterns", Self::pattern)?),
            _ => return self.unexpected("pattern", node),
        };
        Ok(Pattern { span, kind })
    }

    // --- expressions

    fn expr(&mut self, node: &Value) -> R<Expr> {
        self.deeper()?;
        let r = self.expr_inner(node);
        self.back();
        r
    }
    /// An expression in the context of an assignment.
    fn target(&mut self, node: &Value) -> R<Expr> {
        self.in_context(node, ExprContext::Store)
    }
    fn deleted(&mut self, node: &Value) -> R<Expr> {
        self.in_context(node, ExprContext::Del)
    }
    fn in_context(&mut self, node: &Value, want: ExprContext) -> R<Expr> {
        let e = self.expr(node)?;
        let got = match &e.kind {
            ExprKind::Name(_, c) | ExprKind::List(_, c) | ExprKind::Tuple(_, c) | ExprKind::Starred(_, c) => *c,
            ExprKind::Attribute(a) => a.ctx,
            ExprKind::Subscript(s) => s.ctx,
            _ => {
                let class = self.class_name(node);
                return Err(self.vm.value_error(format!("expression which can't be assigned to in {want:?} context: {class}")));
            }
        };
        if got != want {
            return Err(self.vm.value_error(format!("expression must have {want:?} context but has {got:?} instead")));
        }
        Ok(e)
    }
    fn expr_inner(&mut self, node: &Value) -> R<Expr> {
        let span = self.span(node, "expr")?;
        let Some(n) = self.number(node) else { return self.unexpected("expr", node) };
        if CLASSES[n as usize].base != "expr" {
            return self.unexpected("expr", node);
        }
        if n == N::BinOp {
            return self.bin_op(node);
        }
        let kind = self.expr_kind(n, node, span)?;
        Ok(Expr { span, kind })
    }
    fn expr_kind(&mut self, n: N, node: &Value, span: Span) -> R<ExprKind> {
        use ExprKind as K;
        Ok(match n {
            N::BoolOp => {
                let op = match self.one(node, "op", Self::any)? {
                    N::And => BoolOperator::And,
                    N::Or => BoolOperator::Or,
                    _ => return self.unexpected("boolop", node),
                };
                let values = self.exprs(node, "values")?;
                if values.len() < 2 {
                    return Err(self.vm.value_error("BoolOp with less than 2 values"));
                }
                K::BoolOp(Box::new(BoolOp { op, values }))
            }
            N::NamedExpr => K::NamedExpr(Box::new(NamedExpr { target: self.one(node, "target", Self::target)?, value: self.expr_field(node, "value")? })),
            N::UnaryOp => {
                let op = match self.one(node, "op", Self::any)? {
                    N::Invert => UnaryOperator::Invert,
                    N::Not => UnaryOperator::Not,
                    N::UAdd => UnaryOperator::UAdd,
                    N::USub => UnaryOperator::USub,
                    _ => return self.unexpected("unaryop", node),
                };
                K::UnaryOp(Box::new(UnaryOp { op, operand: self.expr_field(node, "operand")? }))
            }
            N::Lambda => K::Lambda(Box::new(Lambda { args: self.one(node, "args", Self::arguments)?, body: self.expr_field(node, "body")? })),
            N::IfExp => K::IfExp(Box::new(IfExp {
                test: self.expr_field(node, "test")?,
                body: self.expr_field(node, "body")?,
                orelse: self.expr_field(node, "orelse")?,
            })),
            N::Dict => {
                let d = Dict { keys: self.many(node, "keys", Self::maybe_expr)?, values: self.exprs(node, "values")? };
                if d.keys.len() != d.values.len() {
                    return Err(self.vm.value_error("Dict doesn't have the same number of keys as values"));
                }
                K::Dict(Box::new(d))
            }
            N::Set => K::Set(self.exprs(node, "elts")?),
            N::ListComp => K::ListComp(Box::new(self.comp(node)?)),
            N::SetComp => K::SetComp(Box::new(self.comp(node)?)),
            N::GeneratorExp => K::GeneratorExp(Box::new(self.comp(node)?)),
            N::DictComp => K::DictComp(Box::new(DictComp {
                key: self.expr_field(node, "key")?,
                value: self.expr_field(node, "value")?,
                generators: self.generators(node)?,
            })),
            N::Await => K::Await(Box::new(self.expr_field(node, "value")?)),
            N::Yield => K::Yield(self.opt_expr(node, "value")?.map(Box::new)),
            N::YieldFrom => K::YieldFrom(Box::new(self.expr_field(node, "value")?)),
            N::Compare => {
                let c = Compare {
                    left: self.expr_field(node, "left")?,
                    ops: self.many(node, "ops", Self::compare_op)?,
                    comparators: self.exprs(node, "comparators")?,
                };
                if c.comparators.is_empty() {
                    return Err(self.vm.value_error("Compare with no comparators"));
                }
                if c.ops.len() != c.comparators.len() {
                    return Err(self.vm.value_error("Compare has a different number of comparators and operands"));
                }
                K::Compare(Box::new(c))
            }
            N::Call => K::Call(Box::new(Call {
                func: self.expr_field(node, "func")?,
                args: self.exprs(node, "args")?,
                keywords: self.many(node, "keywords", Self::keyword)?,
            })),
            N::FormattedValue => K::FormattedValue(Box::new(FormattedValue {
                value: self.expr_field(node, "value")?,
                conversion: self.conversion(node)?,
                format_spec: self.opt_expr(node, "format_spec")?,
            })),
            N::Interpolation => {
                let text = self.required(node, "str")?;
                K::Interpolation(Box::new(Interpolation {
                    value: self.expr_field(node, "value")?,
                    text: self.text(&text)?.as_ref().into(),
                    conversion: self.conversion(node)?,
                    format_spec: self.opt_expr(node, "format_spec")?,
                }))
            }
            N::JoinedStr => K::JoinedStr(self.exprs(node, "values")?),
            N::TemplateStr => K::TemplateStr(self.exprs(node, "values")?),
            N::Constant => {
                let Some(v) = self.vm.attr_opt(node, "value")? else {
                    return Err(self.vm.type_error("required field \"value\" missing from Constant"));
                };
                self.constant(&v, span)?
            }
            N::Attribute => K::Attribute(Box::new(Attribute {
                value: self.expr_field(node, "value")?,
                attr: self.ident(node, "attr")?,
                ctx: self.one(node, "ctx", Self::context)?,
            })),
            N::Subscript => K::Subscript(Box::new(Subscript {
                value: self.expr_field(node, "value")?,
                slice: self.expr_field(node, "slice")?,
                ctx: self.one(node, "ctx", Self::context)?,
            })),
            N::Starred => K::Starred(Box::new(self.expr_field(node, "value")?), self.one(node, "ctx", Self::context)?),
            N::Name => {
                let id = self.ident(node, "id")?;
                if matches!(&*id, "None" | "True" | "False") {
                    return Err(self.vm.value_error(format!("identifier field can't represent '{id}' constant")));
                }
                K::Name(id, self.one(node, "ctx", Self::context)?)
            }
            N::List => K::List(self.exprs(node, "elts")?, self.one(node, "ctx", Self::context)?),
            N::Tuple => K::Tuple(self.exprs(node, "elts")?, self.one(node, "ctx", Self::context)?),
            N::Slice => {
                K::Slice(Box::new(Slice { lower: self.opt_expr(node, "lower")?, upper: self.opt_expr(node, "upper")?, step: self.opt_expr(node, "step")? }))
            }
            _ => return self.unexpected("expr", node),
        })
    }
    /// The left spine in a loop, as it may be long.
    fn bin_op(&mut self, node: &Value) -> R<Expr> {
        let (mut spine, mut at) = (Vec::new(), node.clone());
        while self.number(&at) == Some(N::BinOp) {
            spine.push(at.clone());
            if spine.len() > 1 << 20 {
                return Err(self.vm.err(Exc::RecursionError, "maximum recursion depth exceeded during ast construction"));
            }
            at = self.required(&at, "left")?;
        }
        let mut left = self.expr(&at)?;
        for node in spine.iter().rev() {
            let span = self.span(node, "expr")?;
            let op = self.one(node, "op", Self::operator)?;
            let right = self.expr_field(node, "right")?;
            left = Expr { span, kind: ExprKind::BinOp(Box::new(BinOp { left, op, right })) };
        }
        Ok(left)
    }
    fn comp(&mut self, node: &Value) -> R<Comp> {
        Ok(Comp { elt: self.expr_field(node, "elt")?, generators: self.generators(node)? })
    }
    fn generators(&mut self, node: &Value) -> R<Vec<Comprehension>> {
        let all = self.many(node, "generators", |r, c| {
            Ok(Comprehension {
                target: r.one(c, "target", Self::target)?,
                iter: r.expr_field(c, "iter")?,
                ifs: r.exprs(c, "ifs")?,
                is_async: r.number_field(c, "is_async", 0)? != 0,
            })
        })?;
        if all.is_empty() {
            return Err(self.vm.value_error("comprehension with no generators"));
        }
        Ok(all)
    }
    fn any(&mut self, node: &Value) -> R<N> {
        match self.number(node) {
            Some(n) => Ok(n),
            None => self.unexpected("operator", node),
        }
    }
    fn context(&mut self, node: &Value) -> R<ExprContext> {
        match self.number(node) {
            Some(N::Load) => Ok(ExprContext::Load),
            Some(N::Store) => Ok(ExprContext::Store),
            Some(N::Del) => Ok(ExprContext::Del),
            _ => self.unexpected("expr_context", node),
        }
    }
    fn operator(&mut self, node: &Value) -> R<Operator> {
        use Operator as O;
        Ok(match self.number(node) {
            Some(N::Add) => O::Add,
            Some(N::Sub) => O::Sub,
            Some(N::Mult) => O::Mult,
            Some(N::MatMult) => O::MatMult,
            Some(N::Div) => O::Div,
            Some(N::Mod) => O::Mod,
            Some(N::Pow) => O::Pow,
            Some(N::LShift) => O::LShift,
            Some(N::RShift) => O::RShift,
            Some(N::BitOr) => O::BitOr,
            Some(N::BitXor) => O::BitXor,
            Some(N::BitAnd) => O::BitAnd,
            Some(N::FloorDiv) => O::FloorDiv,
            _ => return self.unexpected("operator", node),
        })
    }
    fn compare_op(&mut self, node: &Value) -> R<CmpOp> {
        Ok(match self.number(node) {
            Some(N::Eq) => CmpOp::Eq,
            Some(N::NotEq) => CmpOp::NotEq,
            Some(N::Lt) => CmpOp::Lt,
            Some(N::LtE) => CmpOp::LtE,
            Some(N::Gt) => CmpOp::Gt,
            Some(N::GtE) => CmpOp::GtE,
            Some(N::Is) => CmpOp::Is,
            Some(N::IsNot) => CmpOp::IsNot,
            Some(N::In) => CmpOp::In,
            Some(N::NotIn) => CmpOp::NotIn,
            _ => return self.unexpected("cmpop", node),
        })
    }
    fn conversion(&mut self, node: &Value) -> R<Conversion> {
        Ok(match self.number_field(node, "conversion", -1)? {
            -1 => Conversion::None,
            115 => Conversion::Str,
            114 => Conversion::Repr,
            97 => Conversion::Ascii,
            n => {
                return Err(self.vm.err(Exc::SystemError, format!("Unrecognized conversion character {n}")));
            }
        })
    }
    /// The literal of a constant; negative numbers, complex numbers and tuples as the expressions that give them.
    fn constant(&mut self, v: &Value, span: Span) -> R<ExprKind> {
        let literal = |c: Constant| Expr { span, kind: ExprKind::Constant(c) };
        let c = if v.is_none() {
            Constant::None
        } else if v.is_bool() {
            if v.is_true() { Constant::True } else { Constant::False }
        } else if v.is(&Value::ELLIPSIS) {
            Constant::Ellipsis
        } else if let Some(f) = v.as_float() {
            Constant::Float(f)
        } else if let Some(i) = self.vm.int_value(v) {
            let negative = i.is_negative();
            let i = i.abs();
            let c = match i.to_i64() {
                Some(i) => Constant::Int(i),
                None => Constant::BigInt(Box::new(BigIntLit { digits: i.to_radix(16).into(), radix: 16 })),
            };
            if negative {
                return Ok(ExprKind::UnaryOp(Box::new(UnaryOp { op: UnaryOperator::USub, operand: literal(c) })));
            }
            c
        } else if let Some(s) = v.get::<Str>() {
            Constant::Str(match s.as_str() {
                Some(t) => StrLit::Utf8(t.into()),
                None => StrLit::Wtf8(s.bytes().into()),
            })
        } else if let Some(b) = v.get::<Bytes>() {
            Constant::Bytes(b.bytes().into())
        } else if let Some(z) = v.get::<gilbert_vm::types::complex::Complex>() {
            let (re, im) = (z.0, z.1);
            if re == 0.0 && re.is_sign_positive() {
                Constant::Imag(im)
            } else {
                let (left, right) = (literal(Constant::Float(re)), literal(Constant::Imag(im)));
                return Ok(ExprKind::BinOp(Box::new(BinOp { left, op: Operator::Add, right })));
            }
        } else if let Some(items) = v.get::<Tuple>().map(|t| t.items().to_vec()) {
            self.deeper()?;
            let parts = items.iter().map(|i| Ok(Expr { span, kind: self.constant(i, span)? })).collect::<R<Vec<_>>>();
            self.back();
            return Ok(ExprKind::Tuple(parts?, ExprContext::Load));
        } else {
            let got = self.vm.type_name(v);
            return Err(self.vm.type_error(format!("got an invalid type in Constant: {got}")));
        };
        Ok(ExprKind::Constant(c))
    }
}
