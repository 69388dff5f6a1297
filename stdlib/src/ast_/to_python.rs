//! From the parser's tree to node objects.

use super::table::{CLASSES, N, PLACE};
use super::{CLASSES_KEY, SHARED_KEY, state_tuple};
use gilbert_parser::ast::*;
use gilbert_parser::{LineIndex, Span};
use gilbert_vm::error::PyResult;
use gilbert_vm::num::Int;
use gilbert_vm::object::Instance;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// A whole source.
pub(super) enum Root {
    Module(Vec<Stmt>),
    Interactive(Vec<Stmt>),
    Expression(Expr),
}

struct Maker<'a> {
    vm: &'a mut Vm,
    source: &'a str,
    lines: LineIndex,
    classes: Vec<Value>,
    shared: Vec<Value>,
    /// The names of the fields, interned, by class.
    fields: Vec<Vec<Value>>,
    place: Vec<Value>,
}

/// The tree as node objects.
pub(super) fn convert(vm: &mut Vm, root: &Root, source: &str) -> PyResult {
    let (classes, shared) = (state_tuple(vm, CLASSES_KEY)?, state_tuple(vm, SHARED_KEY)?);
    let fields = CLASSES.iter().map(|c| c.fields().map(|(n, _)| vm.intern(n)).collect()).collect();
    let place = PLACE.iter().map(|n| vm.intern(n)).collect();
    let mut m = Maker { vm, source, lines: LineIndex::new(source), classes, shared, fields, place };
    match root {
        Root::Module(body) => {
            let (body, ignores) = (m.stmts(body)?, m.list(vec![]));
            Ok(m.bare(N::Module, vec![body, ignores]))
        }
        Root::Interactive(body) => {
            let body = m.stmts(body)?;
            Ok(m.bare(N::Interactive, vec![body]))
        }
        Root::Expression(e) => {
            let body = m.expr(e)?;
            Ok(m.bare(N::Expression, vec![body]))
        }
    }
}

impl Maker<'_> {
    // --- building blocks

    fn bare(&mut self, n: N, values: Vec<Value>) -> Value {
        let class = self.classes[n as usize].clone();
        let node = self.vm.new_of(&class, Instance::default());
        for (i, v) in values.into_iter().enumerate() {
            let key = self.fields[n as usize][i].clone();
            self.vm.put_attr(&node, &key, v);
        }
        node
    }
    fn node(&mut self, n: N, span: Span, values: Vec<Value>) -> Value {
        let node = self.bare(n, values);
        let ((line, col), (end_line, end_col)) = (self.lines.line_column(span.start), self.lines.line_column(span.end));
        for (i, v) in [line, col, end_line, end_col].into_iter().enumerate() {
            let key = self.place[i].clone();
            self.vm.put_attr(&node, &key, Value::small_wrap(v as i64));
        }
        node
    }
    fn one(&self, n: N) -> Value {
        self.shared[n as usize].clone()
    }
    fn list(&mut self, items: Vec<Value>) -> Value {
        self.vm.new_list(items)
    }
    fn name(&mut self, text: &str) -> Value {
        self.vm.intern(text)
    }
    fn opt_name(&mut self, text: &Option<Ident>) -> Value {
        match text {
            Some(t) => self.name(t),
            None => Value::NONE,
        }
    }
    fn names(&mut self, all: &[Ident]) -> Value {
        let items = all.iter().map(|n| self.vm.intern(n)).collect();
        self.list(items)
    }
    fn many<T>(&mut self, all: &[T], mut f: impl FnMut(&mut Self, &T) -> PyResult) -> PyResult {
        let mut out = Vec::with_capacity(all.len());
        for a in all {
            out.push(f(self, a)?);
        }
        Ok(self.list(out))
    }
    fn exprs(&mut self, all: &[Expr]) -> PyResult {
        self.many(all, |m, e| m.expr(e))
    }
    fn stmts(&mut self, all: &[Stmt]) -> PyResult {
        self.many(all, |m, s| m.stmt(s))
    }
    fn opt(&mut self, e: Option<&Expr>) -> PyResult {
        e.map_or(Ok(Value::NONE), |e| self.expr(e))
    }
    fn ctx(&self, ctx: ExprContext) -> Value {
        self.one(match ctx {
            ExprContext::Load => N::Load,
            ExprContext::Store => N::Store,
            ExprContext::Del => N::Del,
        })
    }

    // --- statements

    fn stmt(&mut self, s: &Stmt) -> PyResult {
        self.vm.enter_native()?;
        let r = self.stmt_kind(s);
        self.vm.leave_native();
        r
    }
    fn stmt_kind(&mut self, s: &Stmt) -> PyResult {
        use StmtKind as K;
        let (n, values) = match &s.kind {
            K::FunctionDef(f) => (N::FunctionDef, self.function(f)?),
            K::AsyncFunctionDef(f) => (N::AsyncFunctionDef, self.function(f)?),
            K::ClassDef(c) => (N::ClassDef, self.class(c)?),
            K::Return(v) => (N::Return, vec![self.opt(v.as_deref())?]),
            K::Delete(targets) => (N::Delete, vec![self.exprs(targets)?]),
            K::Assign(a) => (N::Assign, vec![self.exprs(&a.targets)?, self.expr(&a.value)?, Value::NONE]),
            K::TypeAlias(a) => (N::TypeAlias, vec![self.expr(&a.name)?, self.type_params(&a.type_params)?, self.expr(&a.value)?]),
            K::AugAssign(a) => (N::AugAssign, vec![self.expr(&a.target)?, self.operator(a.op), self.expr(&a.value)?]),
            K::AnnAssign(a) => {
                let simple = Value::i32(a.simple as i32);
                (N::AnnAssign, vec![self.expr(&a.target)?, self.expr(&a.annotation)?, self.opt(a.value.as_ref())?, simple])
            }
            K::For(f) => (N::For, self.for_loop(f)?),
            K::AsyncFor(f) => (N::AsyncFor, self.for_loop(f)?),
            K::While(w) => (N::While, vec![self.expr(&w.test)?, self.stmts(&w.body)?, self.stmts(&w.orelse)?]),
            K::If(i) => (N::If, vec![self.expr(&i.test)?, self.stmts(&i.body)?, self.stmts(&i.orelse)?]),
            K::With(w) => (N::With, self.with(w)?),
            K::AsyncWith(w) => (N::AsyncWith, self.with(w)?),
            K::Match(m) => (N::Match, vec![self.expr(&m.subject)?, self.many(&m.cases, |m, c| m.case(c))?]),
            K::Raise(r) => (N::Raise, vec![self.opt(r.exc.as_ref())?, self.opt(r.cause.as_ref())?]),
            K::Try(t) => (N::Try, self.try_(t)?),
            K::TryStar(t) => (N::TryStar, self.try_(t)?),
            K::Assert(a) => (N::Assert, vec![self.expr(&a.test)?, self.opt(a.msg.as_ref())?]),
            K::Import(names) => (N::Import, vec![self.many(names, |m, a| m.alias(a))?]),
            K::ImportFrom(i) => {
                let level = Value::small_wrap(i.level as i64);
                (N::ImportFrom, vec![self.opt_name(&i.module), self.many(&i.names, |m, a| m.alias(a))?, level])
            }
            K::Global(names) => (N::Global, vec![self.names(names)]),
            K::Nonlocal(names) => (N::Nonlocal, vec![self.names(names)]),
            K::Expr(e) => (N::Expr, vec![self.expr(e)?]),
            K::Pass => (N::Pass, vec![]),
            K::Break => (N::Break, vec![]),
            K::Continue => (N::Continue, vec![]),
        };
        Ok(self.node(n, s.span, values))
    }
    fn function(&mut self, f: &FunctionDef) -> PyResult<Vec<Value>> {
        Ok(vec![
            self.name(&f.name),
            self.arguments(&f.args)?,
            self.stmts(&f.body)?,
            self.exprs(&f.decorator_list)?,
            self.opt(f.returns.as_ref())?,
            Value::NONE,
            self.type_params(&f.type_params)?,
        ])
    }
    fn class(&mut self, c: &ClassDef) -> PyResult<Vec<Value>> {
        Ok(vec![
            self.name(&c.name),
            self.exprs(&c.bases)?,
            self.many(&c.keywords, |m, k| m.keyword(k))?,
            self.stmts(&c.body)?,
            self.exprs(&c.decorator_list)?,
            self.type_params(&c.type_params)?,
        ])
    }
    fn for_loop(&mut self, f: &For) -> PyResult<Vec<Value>> {
        Ok(vec![self.expr(&f.target)?, self.expr(&f.iter)?, self.stmts(&f.body)?, self.stmts(&f.orelse)?, Value::NONE])
    }
    fn with(&mut self, w: &With) -> PyResult<Vec<Value>> {
        let items = self.many(&w.items, |m, i| {
            let parts = vec![m.expr(&i.context_expr)?, m.opt(i.optional_vars.as_ref())?];
            Ok(m.bare(N::withitem, parts))
        })?;
        Ok(vec![items, self.stmts(&w.body)?, Value::NONE])
    }
    fn try_(&mut self, t: &Try) -> PyResult<Vec<Value>> {
        let handlers = self.many(&t.handlers, |m, h| {
            let parts = vec![m.opt(h.typ.as_ref())?, m.opt_name(&h.name), m.stmts(&h.body)?];
            Ok(m.node(N::ExceptHandler, h.span, parts))
        })?;
        Ok(vec![self.stmts(&t.body)?, handlers, self.stmts(&t.orelse)?, self.stmts(&t.finalbody)?])
    }
    fn alias(&mut self, a: &Alias) -> PyResult {
        let parts = vec![self.name(&a.name), self.opt_name(&a.asname)];
        Ok(self.node(N::alias, a.span, parts))
    }
    fn keyword(&mut self, k: &Keyword) -> PyResult {
        let parts = vec![self.opt_name(&k.arg), self.expr(&k.value)?];
        Ok(self.node(N::keyword, k.span, parts))
    }
    fn arg(&mut self, a: &Arg) -> PyResult {
        let parts = vec![self.name(&a.arg), self.opt(a.annotation.as_ref())?, Value::NONE];
        Ok(self.node(N::arg, a.span, parts))
    }
    fn opt_arg(&mut self, a: &Option<Box<Arg>>) -> PyResult {
        a.as_ref().map_or(Ok(Value::NONE), |a| self.arg(a))
    }
    fn arguments(&mut self, a: &Arguments) -> PyResult {
        let parts = vec![
            self.many(&a.posonlyargs, |m, a| m.arg(a))?,
            self.many(&a.args, |m, a| m.arg(a))?,
            self.opt_arg(&a.vararg)?,
            self.many(&a.kwonlyargs, |m, a| m.arg(a))?,
            self.many(&a.kw_defaults, |m, d| m.opt(d.as_ref()))?,
            self.opt_arg(&a.kwarg)?,
            self.exprs(&a.defaults)?,
        ];
        Ok(self.bare(N::arguments, parts))
    }
    fn type_params(&mut self, all: &[TypeParam]) -> PyResult {
        self.many(all, |m, p| {
            let (n, parts) = match &p.kind {
                TypeParamKind::TypeVar { name, bound, default_value } => {
                    (N::TypeVar, vec![m.name(name), m.opt(bound.as_deref())?, m.opt(default_value.as_deref())?])
                }
                TypeParamKind::ParamSpec { name, default_value } => (N::ParamSpec, vec![m.name(name), m.opt(default_value.as_deref())?]),
                TypeParamKind::TypeVarTuple { name, default_value } => (N::TypeVarTuple, vec![m.name(name), m.opt(default_value.as_deref())?]),
            };
            Ok(m.node(n, p.span, parts))
        })
    }

    // --- patterns

    fn case(&mut self, c: &MatchCase) -> PyResult {
        let parts = vec![self.pattern(&c.pattern)?, self.opt(c.guard.as_ref())?, self.stmts(&c.body)?];
        Ok(self.bare(N::match_case, parts))
    }
    fn patterns(&mut self, all: &[Pattern]) -> PyResult {
        self.many(all, |m, p| m.pattern(p))
    }
    fn pattern(&mut self, p: &Pattern) -> PyResult {
        use PatternKind as K;
        let (n, parts) = match &p.kind {
            K::MatchValue(e) => (N::MatchValue, vec![self.expr(e)?]),
            K::MatchSingleton(c) => (N::MatchSingleton, vec![self.constant(c)]),
            K::MatchSequence(all) => (N::MatchSequence, vec![self.patterns(all)?]),
            K::MatchMapping(m) => (N::MatchMapping, vec![self.exprs(&m.keys)?, self.patterns(&m.patterns)?, self.opt_name(&m.rest)]),
            K::MatchClass(c) => {
                (N::MatchClass, vec![self.expr(&c.cls)?, self.patterns(&c.patterns)?, self.names(&c.kwd_attrs), self.patterns(&c.kwd_patterns)?])
            }
            K::MatchStar(name) => (N::MatchStar, vec![self.opt_name(name)]),
            K::MatchAs(a) => {
                let inner = match &a.pattern {
                    Some(p) => self.pattern(p)?,
                    None => Value::NONE,
                };
                (N::MatchAs, vec![inner, self.opt_name(&a.name)])
            }
            K::MatchOr(all) => (N::MatchOr, vec![self.patterns(all)?]),
        };
        Ok(self.node(n, p.span, parts))
    }

    // --- expressions

    fn expr(&mut self, e: &Expr) -> PyResult {
        self.vm.enter_native()?;
        let r = self.expr_kind(e);
        self.vm.leave_native();
        r
    }
    fn expr_kind(&mut self, e: &Expr) -> PyResult {
        use ExprKind as K;
        let (n, parts) = match &e.kind {
            K::BinOp(_) => return self.bin_op(e),
            K::BoolOp(b) => {
                let op = self.one(if b.op == BoolOperator::And { N::And } else { N::Or });
                (N::BoolOp, vec![op, self.exprs(&b.values)?])
            }
            K::NamedExpr(x) => (N::NamedExpr, vec![self.expr(&x.target)?, self.expr(&x.value)?]),
            K::UnaryOp(u) => (N::UnaryOp, vec![self.unary(u.op), self.expr(&u.operand)?]),
            K::Lambda(l) => (N::Lambda, vec![self.arguments(&l.args)?, self.expr(&l.body)?]),
            K::IfExp(i) => (N::IfExp, vec![self.expr(&i.test)?, self.expr(&i.body)?, self.expr(&i.orelse)?]),
            K::Dict(d) => (N::Dict, vec![self.many(&d.keys, |m, k| m.opt(k.as_ref()))?, self.exprs(&d.values)?]),
            K::Set(items) => (N::Set, vec![self.exprs(items)?]),
            K::ListComp(c) => (N::ListComp, self.comp(c)?),
            K::SetComp(c) => (N::SetComp, self.comp(c)?),
            K::GeneratorExp(c) => (N::GeneratorExp, self.comp(c)?),
            K::DictComp(c) => (N::DictComp, vec![self.expr(&c.key)?, self.expr(&c.value)?, self.generators(&c.generators)?]),
            K::Await(v) => (N::Await, vec![self.expr(v)?]),
            K::Yield(v) => (N::Yield, vec![self.opt(v.as_deref())?]),
            K::YieldFrom(v) => (N::YieldFrom, vec![self.expr(v)?]),
            K::Compare(c) => {
                let ops = self.many(&c.ops, |m, op| Ok(m.compare_op(*op)))?;
                (N::Compare, vec![self.expr(&c.left)?, ops, self.exprs(&c.comparators)?])
            }
            K::Call(c) => (N::Call, vec![self.expr(&c.func)?, self.exprs(&c.args)?, self.many(&c.keywords, |m, k| m.keyword(k))?]),
            K::FormattedValue(f) => (N::FormattedValue, vec![self.expr(&f.value)?, conversion(f.conversion), self.opt(f.format_spec.as_ref())?]),
            K::Interpolation(i) => {
                let text = self.vm.new_str(&*i.text);
                (N::Interpolation, vec![self.expr(&i.value)?, text, conversion(i.conversion), self.opt(i.format_spec.as_ref())?])
            }
            K::JoinedStr(values) => (N::JoinedStr, vec![self.exprs(values)?]),
            K::TemplateStr(values) => (N::TemplateStr, vec![self.exprs(values)?]),
            K::Constant(c) => {
                let kind = self.kind_of(c, e.span);
                (N::Constant, vec![self.constant(c), kind])
            }
            K::Attribute(a) => (N::Attribute, vec![self.expr(&a.value)?, self.name(&a.attr), self.ctx(a.ctx)]),
            K::Subscript(s) => (N::Subscript, vec![self.expr(&s.value)?, self.expr(&s.slice)?, self.ctx(s.ctx)]),
            K::Starred(v, ctx) => (N::Starred, vec![self.expr(v)?, self.ctx(*ctx)]),
            K::Name(id, ctx) => (N::Name, vec![self.name(id), self.ctx(*ctx)]),
            K::List(items, ctx) => (N::List, vec![self.exprs(items)?, self.ctx(*ctx)]),
            K::Tuple(items, ctx) => (N::Tuple, vec![self.exprs(items)?, self.ctx(*ctx)]),
            K::Slice(s) => (N::Slice, vec![self.opt(s.lower.as_ref())?, self.opt(s.upper.as_ref())?, self.opt(s.step.as_ref())?]),
        };
        Ok(self.node(n, e.span, parts))
    }
    /// `a + b + c + ..`: the left spine is walked in a loop, as it may be thousands of nodes long.
    fn bin_op(&mut self, e: &Expr) -> PyResult {
        let mut spine = Vec::new();
        let mut at = e;
        while let ExprKind::BinOp(b) = &at.kind {
            spine.push((at.span, b));
            at = &b.left;
        }
        let mut left = self.expr(at)?;
        for (span, b) in spine.into_iter().rev() {
            let parts = vec![left, self.operator(b.op), self.expr(&b.right)?];
            left = self.node(N::BinOp, span, parts);
        }
        Ok(left)
    }
    fn comp(&mut self, c: &Comp) -> PyResult<Vec<Value>> {
        Ok(vec![self.expr(&c.elt)?, self.generators(&c.generators)?])
    }
    fn generators(&mut self, all: &[Comprehension]) -> PyResult {
        self.many(all, |m, c| {
            let parts = vec![m.expr(&c.target)?, m.expr(&c.iter)?, m.exprs(&c.ifs)?, Value::i32(c.is_async as i32)];
            Ok(m.bare(N::comprehension, parts))
        })
    }
    fn operator(&self, op: Operator) -> Value {
        use Operator as O;
        self.one(match op {
            O::Add => N::Add,
            O::Sub => N::Sub,
            O::Mult => N::Mult,
            O::MatMult => N::MatMult,
            O::Div => N::Div,
            O::Mod => N::Mod,
            O::Pow => N::Pow,
            O::LShift => N::LShift,
            O::RShift => N::RShift,
            O::BitOr => N::BitOr,
            O::BitXor => N::BitXor,
            O::BitAnd => N::BitAnd,
            O::FloorDiv => N::FloorDiv,
        })
    }
    fn unary(&self, op: UnaryOperator) -> Value {
        self.one(match op {
            UnaryOperator::Invert => N::Invert,
            UnaryOperator::Not => N::Not,
            UnaryOperator::UAdd => N::UAdd,
            UnaryOperator::USub => N::USub,
        })
    }
    fn compare_op(&self, op: CmpOp) -> Value {
        self.one(match op {
            CmpOp::Eq => N::Eq,
            CmpOp::NotEq => N::NotEq,
            CmpOp::Lt => N::Lt,
            CmpOp::LtE => N::LtE,
            CmpOp::Gt => N::Gt,
            CmpOp::GtE => N::GtE,
            CmpOp::Is => N::Is,
            CmpOp::IsNot => N::IsNot,
            CmpOp::In => N::In,
            CmpOp::NotIn => N::NotIn,
        })
    }
    fn constant(&mut self, c: &Constant) -> Value {
        match c {
            Constant::None => Value::NONE,
            Constant::True => Value::TRUE,
            Constant::False => Value::FALSE,
            Constant::Ellipsis => Value::ELLIPSIS,
            Constant::Int(i) => self.vm.new_int(*i),
            Constant::BigInt(b) => match Int::parse(&b.digits, b.radix, usize::MAX) {
                Ok(i) => self.vm.new_bigint(i),
                Err(_) => Value::NONE,
            },
            Constant::Float(f) => Value::float(*f),
            Constant::Imag(f) => gilbert_vm::types::complex::new_complex(self.vm, 0.0, *f),
            Constant::Str(s) => match s.as_str() {
                Some(t) => self.vm.new_str(t),
                None => self.vm.new_str_wtf8(s.as_bytes().to_vec()),
            },
            Constant::Bytes(b) => self.vm.new_bytes(b.to_vec()),
        }
    }
    /// `u` for `u"text"`.
    fn kind_of(&mut self, c: &Constant, span: Span) -> Value {
        match c {
            Constant::Str(_) if span.text(self.source).starts_with(['u', 'U']) => self.name("u"),
            _ => Value::NONE,
        }
    }
}

fn conversion(c: Conversion) -> Value {
    Value::i32(match c {
        Conversion::None => -1,
        Conversion::Str => 's' as i32,
        Conversion::Repr => 'r' as i32,
        Conversion::Ascii => 'a' as i32,
    })
}
