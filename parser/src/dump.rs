//! The tree as text, in the format of Python 3.12's `ast.dump`.

use gilbert_lexer::{LineIndex, Span};

use crate::ast::*;

/// The tree of a module, as `ast.dump(tree)` writes it.
///
/// Recursive, so meant for tests and tools, not for trees of unknown origin.
pub fn dump(module: &Module) -> String {
    let mut dumper = Dumper::default();
    dumper.module(module);
    dumper.out
}

/// As [`dump`] with `include_attributes=True`: the lines and columns of every node.
pub fn dump_with_positions(module: &Module, index: &LineIndex) -> String {
    let mut dumper = Dumper { index: Some(index), ..Dumper::default() };
    dumper.module(module);
    dumper.out
}

/// The tree of an expression, as `ast.dump` writes it.
pub fn dump_expression(value: &Expression) -> String {
    let mut dumper = Dumper::default();
    dumper.node("Expression", None, |d| d.field("body", |d| d.expr(&value.body)));
    dumper.out
}

#[derive(Default)]
struct Dumper<'i> {
    out: String,
    index: Option<&'i LineIndex>,
    /// Whether a comma is due before the next field.
    comma: bool,
}

impl Dumper<'_> {
    fn node(&mut self, name: &str, span: Option<Span>, fields: impl FnOnce(&mut Self)) {
        self.out.push_str(name);
        self.out.push('(');
        self.comma = false;
        fields(self);
        if let (Some(index), Some(span)) = (self.index, span) {
            let (line, column) = index.line_column(span.start);
            let (end_line, end_column) = index.line_column(span.end);
            let comma = if self.comma { ", " } else { "" };
            self.out.push_str(&format!("{comma}lineno={line}, col_offset={column}, end_lineno={end_line}, end_col_offset={end_column}"));
        }
        self.out.push(')');
        self.comma = true;
    }

    fn field(&mut self, name: &str, value: impl FnOnce(&mut Self)) {
        if self.comma {
            self.out.push_str(", ");
        }
        self.out.push_str(name);
        self.out.push('=');
        value(self);
        self.comma = true;
    }

    fn list<T>(&mut self, items: &[T], each: impl Fn(&mut Self, &T)) {
        self.out.push('[');
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            each(self, item);
        }
        self.out.push(']');
    }

    fn text(&mut self, name: &str, text: &str) {
        self.field(name, |d| d.out.push_str(&str_repr(text.as_bytes())));
    }

    fn opt_text(&mut self, name: &str, text: Option<&Ident>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    fn expr_field(&mut self, name: &str, value: &Expr) {
        self.field(name, |d| d.expr(value));
    }

    fn opt_expr(&mut self, name: &str, value: Option<&Expr>) {
        if let Some(value) = value {
            self.expr_field(name, value);
        }
    }

    fn exprs(&mut self, name: &str, values: &[Expr]) {
        self.field(name, |d| d.list(values, Self::expr));
    }

    fn stmts(&mut self, name: &str, values: &[Stmt]) {
        self.field(name, |d| d.list(values, Self::stmt));
    }

    fn ctx(&mut self, ctx: ExprContext) {
        self.field("ctx", |d| d.out.push_str(&format!("{ctx:?}()")));
    }

    fn module(&mut self, module: &Module) {
        self.node("Module", None, |d| {
            d.stmts("body", &module.body);
            d.field("type_ignores", |d| d.out.push_str("[]"));
        });
    }

    // ---- statements

    fn stmt(&mut self, stmt: &Stmt) {
        let span = Some(stmt.span);
        match &stmt.kind {
            StmtKind::FunctionDef(n) => self.function("FunctionDef", n, span),
            StmtKind::AsyncFunctionDef(n) => self.function("AsyncFunctionDef", n, span),
            StmtKind::ClassDef(n) => self.class(n, span),
            StmtKind::Return(value) => self.node("Return", span, |d| d.opt_expr("value", value.as_deref())),
            StmtKind::Delete(targets) => self.node("Delete", span, |d| d.exprs("targets", targets)),
            StmtKind::Assign(n) => self.node("Assign", span, |d| {
                d.exprs("targets", &n.targets);
                d.expr_field("value", &n.value);
            }),
            StmtKind::TypeAlias(n) => self.node("TypeAlias", span, |d| {
                d.expr_field("name", &n.name);
                d.type_params(&n.type_params);
                d.expr_field("value", &n.value);
            }),
            StmtKind::AugAssign(n) => self.node("AugAssign", span, |d| {
                d.expr_field("target", &n.target);
                d.field("op", |d| d.out.push_str(&format!("{:?}()", n.op)));
                d.expr_field("value", &n.value);
            }),
            StmtKind::AnnAssign(n) => self.node("AnnAssign", span, |d| {
                d.expr_field("target", &n.target);
                d.expr_field("annotation", &n.annotation);
                d.opt_expr("value", n.value.as_ref());
                d.field("simple", |d| d.out.push_str(if n.simple { "1" } else { "0" }));
            }),
            StmtKind::For(n) => self.for_loop("For", n, span),
            StmtKind::AsyncFor(n) => self.for_loop("AsyncFor", n, span),
            StmtKind::While(n) => self.node("While", span, |d| {
                d.expr_field("test", &n.test);
                d.stmts("body", &n.body);
                d.stmts("orelse", &n.orelse);
            }),
            StmtKind::If(n) => self.node("If", span, |d| {
                d.expr_field("test", &n.test);
                d.stmts("body", &n.body);
                d.stmts("orelse", &n.orelse);
            }),
            StmtKind::With(n) => self.with("With", n, span),
            StmtKind::AsyncWith(n) => self.with("AsyncWith", n, span),
            StmtKind::Match(n) => self.node("Match", span, |d| {
                d.expr_field("subject", &n.subject);
                d.field("cases", |d| d.list(&n.cases, Self::match_case));
            }),
            StmtKind::Raise(n) => self.node("Raise", span, |d| {
                d.opt_expr("exc", n.exc.as_ref());
                d.opt_expr("cause", n.cause.as_ref());
            }),
            StmtKind::Try(n) => self.try_block("Try", n, span),
            StmtKind::TryStar(n) => self.try_block("TryStar", n, span),
            StmtKind::Assert(n) => self.node("Assert", span, |d| {
                d.expr_field("test", &n.test);
                d.opt_expr("msg", n.msg.as_ref());
            }),
            StmtKind::Import(names) => self.node("Import", span, |d| {
                d.field("names", |d| d.list(names, Self::alias));
            }),
            StmtKind::ImportFrom(n) => self.node("ImportFrom", span, |d| {
                d.opt_text("module", n.module.as_ref());
                d.field("names", |d| d.list(&n.names, Self::alias));
                d.field("level", |d| d.out.push_str(&n.level.to_string()));
            }),
            StmtKind::Global(names) => self.names("Global", names, span),
            StmtKind::Nonlocal(names) => self.names("Nonlocal", names, span),
            StmtKind::Expr(value) => self.node("Expr", span, |d| d.expr_field("value", value)),
            StmtKind::Pass => self.node("Pass", span, |_| {}),
            StmtKind::Break => self.node("Break", span, |_| {}),
            StmtKind::Continue => self.node("Continue", span, |_| {}),
        }
    }

    fn names(&mut self, name: &str, names: &[Ident], span: Option<Span>) {
        self.node(name, span, |d| {
            d.field("names", |d| d.list(names, |d, n| d.out.push_str(&str_repr(n.as_bytes()))));
        });
    }

    fn function(&mut self, name: &str, n: &FunctionDef, span: Option<Span>) {
        self.node(name, span, |d| {
            d.text("name", &n.name);
            d.field("args", |d| d.arguments(&n.args));
            d.stmts("body", &n.body);
            d.exprs("decorator_list", &n.decorator_list);
            d.opt_expr("returns", n.returns.as_ref());
            d.type_params(&n.type_params);
        });
    }

    fn class(&mut self, n: &ClassDef, span: Option<Span>) {
        self.node("ClassDef", span, |d| {
            d.text("name", &n.name);
            d.exprs("bases", &n.bases);
            d.field("keywords", |d| d.list(&n.keywords, Self::keyword));
            d.stmts("body", &n.body);
            d.exprs("decorator_list", &n.decorator_list);
            d.type_params(&n.type_params);
        });
    }

    fn for_loop(&mut self, name: &str, n: &For, span: Option<Span>) {
        self.node(name, span, |d| {
            d.expr_field("target", &n.target);
            d.expr_field("iter", &n.iter);
            d.stmts("body", &n.body);
            d.stmts("orelse", &n.orelse);
        });
    }

    fn with(&mut self, name: &str, n: &With, span: Option<Span>) {
        self.node(name, span, |d| {
            d.field("items", |d| {
                d.list(&n.items, |d, item| {
                    d.node("withitem", None, |d| {
                        d.expr_field("context_expr", &item.context_expr);
                        d.opt_expr("optional_vars", item.optional_vars.as_ref());
                    });
                });
            });
            d.stmts("body", &n.body);
        });
    }

    fn try_block(&mut self, name: &str, n: &Try, span: Option<Span>) {
        self.node(name, span, |d| {
            d.stmts("body", &n.body);
            d.field("handlers", |d| {
                d.list(&n.handlers, |d, h| {
                    d.node("ExceptHandler", Some(h.span), |d| {
                        d.opt_expr("type", h.typ.as_ref());
                        d.opt_text("name", h.name.as_ref());
                        d.stmts("body", &h.body);
                    });
                });
            });
            d.stmts("orelse", &n.orelse);
            d.stmts("finalbody", &n.finalbody);
        });
    }

    fn alias(&mut self, n: &Alias) {
        self.node("alias", Some(n.span), |d| {
            d.text("name", &n.name);
            d.opt_text("asname", n.asname.as_ref());
        });
    }

    fn keyword(&mut self, n: &Keyword) {
        self.node("keyword", Some(n.span), |d| {
            d.opt_text("arg", n.arg.as_ref());
            d.expr_field("value", &n.value);
        });
    }

    fn type_params(&mut self, params: &[TypeParam]) {
        self.field("type_params", |d| {
            d.list(params, |d, p| {
                let span = Some(p.span);
                match &p.kind {
                    TypeParamKind::TypeVar { name, bound, default_value } => d.node("TypeVar", span, |d| {
                        d.text("name", name);
                        d.opt_expr("bound", bound.as_deref());
                        d.opt_expr("default_value", default_value.as_deref());
                    }),
                    TypeParamKind::ParamSpec { name, default_value } => d.node("ParamSpec", span, |d| {
                        d.text("name", name);
                        d.opt_expr("default_value", default_value.as_deref());
                    }),
                    TypeParamKind::TypeVarTuple { name, default_value } => d.node("TypeVarTuple", span, |d| {
                        d.text("name", name);
                        d.opt_expr("default_value", default_value.as_deref());
                    }),
                }
            });
        });
    }

    fn arguments(&mut self, n: &Arguments) {
        self.node("arguments", None, |d| {
            d.field("posonlyargs", |d| d.list(&n.posonlyargs, Self::arg));
            d.field("args", |d| d.list(&n.args, Self::arg));
            if let Some(arg) = &n.vararg {
                d.field("vararg", |d| d.arg(arg));
            }
            d.field("kwonlyargs", |d| d.list(&n.kwonlyargs, Self::arg));
            d.field("kw_defaults", |d| d.list(&n.kw_defaults, |d, value| d.expr_or_none(value.as_ref())));
            if let Some(arg) = &n.kwarg {
                d.field("kwarg", |d| d.arg(arg));
            }
            d.exprs("defaults", &n.defaults);
        });
    }

    fn arg(&mut self, n: &Arg) {
        self.node("arg", Some(n.span), |d| {
            d.text("arg", &n.arg);
            d.opt_expr("annotation", n.annotation.as_ref());
        });
    }

    fn expr_or_none(&mut self, value: Option<&Expr>) {
        match value {
            Some(value) => self.expr(value),
            None => self.out.push_str("None"),
        }
    }

    // ---- patterns

    fn match_case(&mut self, n: &MatchCase) {
        self.node("match_case", None, |d| {
            d.field("pattern", |d| d.pattern(&n.pattern));
            d.opt_expr("guard", n.guard.as_ref());
            d.stmts("body", &n.body);
        });
    }

    fn pattern(&mut self, n: &Pattern) {
        let span = Some(n.span);
        match &n.kind {
            PatternKind::MatchValue(value) => self.node("MatchValue", span, |d| d.expr_field("value", value)),
            PatternKind::MatchSingleton(value) => {
                self.node("MatchSingleton", span, |d| d.field("value", |d| d.out.push_str(&constant_repr(value))));
            }
            PatternKind::MatchSequence(patterns) => self.node("MatchSequence", span, |d| d.patterns(patterns)),
            PatternKind::MatchOr(patterns) => self.node("MatchOr", span, |d| d.patterns(patterns)),
            PatternKind::MatchStar(name) => self.node("MatchStar", span, |d| d.opt_text("name", name.as_ref())),
            PatternKind::MatchMapping(n) => self.node("MatchMapping", span, |d| {
                d.exprs("keys", &n.keys);
                d.patterns(&n.patterns);
                d.opt_text("rest", n.rest.as_ref());
            }),
            PatternKind::MatchClass(n) => self.node("MatchClass", span, |d| {
                d.expr_field("cls", &n.cls);
                d.patterns(&n.patterns);
                d.field("kwd_attrs", |d| d.list(&n.kwd_attrs, |d, name| d.out.push_str(&str_repr(name.as_bytes()))));
                d.field("kwd_patterns", |d| d.list(&n.kwd_patterns, Self::pattern));
            }),
            PatternKind::MatchAs(n) => self.node("MatchAs", span, |d| {
                if let Some(pattern) = &n.pattern {
                    d.field("pattern", |d| d.pattern(pattern));
                }
                d.opt_text("name", n.name.as_ref());
            }),
        }
    }

    fn patterns(&mut self, patterns: &[Pattern]) {
        self.field("patterns", |d| d.list(patterns, Self::pattern));
    }

    // ---- expressions

    fn expr(&mut self, value: &Expr) {
        let span = Some(value.span);
        match &value.kind {
            ExprKind::BoolOp(n) => self.node("BoolOp", span, |d| {
                d.field("op", |d| d.out.push_str(&format!("{:?}()", n.op)));
                d.exprs("values", &n.values);
            }),
            ExprKind::NamedExpr(n) => self.node("NamedExpr", span, |d| {
                d.expr_field("target", &n.target);
                d.expr_field("value", &n.value);
            }),
            ExprKind::BinOp(n) => self.node("BinOp", span, |d| {
                d.expr_field("left", &n.left);
                d.field("op", |d| d.out.push_str(&format!("{:?}()", n.op)));
                d.expr_field("right", &n.right);
            }),
            ExprKind::UnaryOp(n) => self.node("UnaryOp", span, |d| {
                d.field("op", |d| d.out.push_str(&format!("{:?}()", n.op)));
                d.expr_field("operand", &n.operand);
            }),
            ExprKind::Lambda(n) => self.node("Lambda", span, |d| {
                d.field("args", |d| d.arguments(&n.args));
                d.expr_field("body", &n.body);
            }),
            ExprKind::IfExp(n) => self.node("IfExp", span, |d| {
                d.expr_field("test", &n.test);
                d.expr_field("body", &n.body);
                d.expr_field("orelse", &n.orelse);
            }),
            ExprKind::Dict(n) => self.node("Dict", span, |d| {
                d.field("keys", |d| d.list(&n.keys, |d, key| d.expr_or_none(key.as_ref())));
                d.exprs("values", &n.values);
            }),
            ExprKind::Set(elts) => self.node("Set", span, |d| d.exprs("elts", elts)),
            ExprKind::ListComp(n) => self.comprehension("ListComp", n, span),
            ExprKind::SetComp(n) => self.comprehension("SetComp", n, span),
            ExprKind::GeneratorExp(n) => self.comprehension("GeneratorExp", n, span),
            ExprKind::DictComp(n) => self.node("DictComp", span, |d| {
                d.expr_field("key", &n.key);
                d.expr_field("value", &n.value);
                d.generators(&n.generators);
            }),
            ExprKind::Await(value) => self.node("Await", span, |d| d.expr_field("value", value)),
            ExprKind::Yield(value) => self.node("Yield", span, |d| d.opt_expr("value", value.as_deref())),
            ExprKind::YieldFrom(value) => self.node("YieldFrom", span, |d| d.expr_field("value", value)),
            ExprKind::Compare(n) => self.node("Compare", span, |d| {
                d.expr_field("left", &n.left);
                d.field("ops", |d| d.list(&n.ops, |d, op| d.out.push_str(&format!("{op:?}()"))));
                d.exprs("comparators", &n.comparators);
            }),
            ExprKind::Call(n) => self.node("Call", span, |d| {
                d.expr_field("func", &n.func);
                d.exprs("args", &n.args);
                d.field("keywords", |d| d.list(&n.keywords, Self::keyword));
            }),
            ExprKind::FormattedValue(n) => self.node("FormattedValue", span, |d| {
                d.expr_field("value", &n.value);
                d.conversion(n.conversion);
                d.opt_expr("format_spec", n.format_spec.as_ref());
            }),
            ExprKind::Interpolation(n) => self.node("Interpolation", span, |d| {
                d.expr_field("value", &n.value);
                d.text("str", &n.text);
                d.conversion(n.conversion);
                d.opt_expr("format_spec", n.format_spec.as_ref());
            }),
            ExprKind::JoinedStr(values) => self.node("JoinedStr", span, |d| d.exprs("values", values)),
            ExprKind::TemplateStr(values) => self.node("TemplateStr", span, |d| d.exprs("values", values)),
            ExprKind::Constant(value) => {
                self.node("Constant", span, |d| d.field("value", |d| d.out.push_str(&constant_repr(value))));
            }
            ExprKind::Attribute(n) => self.node("Attribute", span, |d| {
                d.expr_field("value", &n.value);
                d.text("attr", &n.attr);
                d.ctx(n.ctx);
            }),
            ExprKind::Subscript(n) => self.node("Subscript", span, |d| {
                d.expr_field("value", &n.value);
                d.expr_field("slice", &n.slice);
                d.ctx(n.ctx);
            }),
            ExprKind::Starred(value, ctx) => self.node("Starred", span, |d| {
                d.expr_field("value", value);
                d.ctx(*ctx);
            }),
            ExprKind::Name(id, ctx) => self.node("Name", span, |d| {
                d.text("id", id);
                d.ctx(*ctx);
            }),
            ExprKind::List(elts, ctx) => self.node("List", span, |d| {
                d.exprs("elts", elts);
                d.ctx(*ctx);
            }),
            ExprKind::Tuple(elts, ctx) => self.node("Tuple", span, |d| {
                d.exprs("elts", elts);
                d.ctx(*ctx);
            }),
            ExprKind::Slice(n) => self.node("Slice", span, |d| {
                d.opt_expr("lower", n.lower.as_ref());
                d.opt_expr("upper", n.upper.as_ref());
                d.opt_expr("step", n.step.as_ref());
            }),
        }
    }

    fn comprehension(&mut self, name: &str, n: &Comp, span: Option<Span>) {
        self.node(name, span, |d| {
            d.expr_field("elt", &n.elt);
            d.generators(&n.generators);
        });
    }

    fn generators(&mut self, generators: &[Comprehension]) {
        self.field("generators", |d| {
            d.list(generators, |d, n| {
                d.node("comprehension", None, |d| {
                    d.expr_field("target", &n.target);
                    d.expr_field("iter", &n.iter);
                    d.exprs("ifs", &n.ifs);
                    d.field("is_async", |d| d.out.push_str(if n.is_async { "1" } else { "0" }));
                });
            });
        });
    }

    fn conversion(&mut self, conversion: Conversion) {
        let code = match conversion {
            Conversion::None => "-1",
            Conversion::Str => "115",
            Conversion::Repr => "114",
            Conversion::Ascii => "97",
        };
        self.field("conversion", |d| d.out.push_str(code));
    }
}

// ---- literals as Python writes them

fn constant_repr(value: &Constant) -> String {
    match value {
        Constant::None => "None".to_owned(),
        Constant::True => "True".to_owned(),
        Constant::False => "False".to_owned(),
        Constant::Ellipsis => "Ellipsis".to_owned(),
        Constant::Int(n) => n.to_string(),
        Constant::BigInt(lit) => decimal(lit),
        Constant::Float(x) => float_repr(*x),
        Constant::Imag(x) => {
            let text = float_repr(*x);
            format!("{}j", text.strip_suffix(".0").unwrap_or(&text))
        }
        Constant::Str(text) => str_repr(text.as_bytes()),
        Constant::Bytes(bytes) => bytes_repr(bytes),
    }
}

fn float_repr(x: f64) -> String {
    if x.is_infinite() {
        return "inf".to_owned();
    }
    let scientific = format!("{x:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let plain = format!("{x}");
        return if plain.contains('.') { plain } else { format!("{plain}.0") };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

fn quote_for(bytes: &[u8]) -> char {
    match bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        true => '"',
        false => '\'',
    }
}

fn bytes_repr(bytes: &[u8]) -> String {
    let quote = quote_for(bytes);
    let mut out = format!("b{quote}");
    for &b in bytes {
        push_escaped(&mut out, u32::from(b), quote, b.is_ascii_graphic() || b == b' ');
    }
    out.push(quote);
    out
}

/// `repr` of text in UTF-8 with lone surrogates.
fn str_repr(bytes: &[u8]) -> String {
    let quote = quote_for(bytes);
    let mut out = String::from(quote);
    let mut rest = bytes;
    while !rest.is_empty() {
        let valid = match std::str::from_utf8(rest) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default(),
        };
        for c in valid.chars() {
            let control = c.is_control() || (c.is_whitespace() && c != ' ') || matches!(c, '\u{ad}' | '\u{feff}');
            push_escaped(&mut out, c as u32, quote, !control);
        }
        rest = &rest[valid.len()..];
        if let [_, middle, last, tail @ ..] = rest {
            let code = 0xD000 | u32::from(middle & 0x3F) << 6 | u32::from(last & 0x3F);
            push_escaped(&mut out, code, quote, false);
            rest = tail;
        }
    }
    out.push(quote);
    out
}

/// A large literal in decimal, digit by digit; slow, but needs no arithmetic library.
fn decimal(lit: &BigIntLit) -> String {
    const BASE: u64 = 1_000_000_000;
    let mut groups: Vec<u64> = vec![0];
    for digit in lit.digits.chars() {
        let mut carry = u64::from(digit.to_digit(lit.radix).unwrap_or(0));
        for group in &mut groups {
            carry += *group * u64::from(lit.radix);
            *group = carry % BASE;
            carry /= BASE;
        }
        if carry > 0 {
            groups.push(carry);
        }
    }
    let mut out = groups.pop().unwrap_or(0).to_string();
    for group in groups.iter().rev() {
        out.push_str(&format!("{group:09}"));
    }
    out
}

fn push_escaped(out: &mut String, code: u32, quote: char, printable: bool) {
    let plain = char::from_u32(code).unwrap_or('?');
    match plain {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\\' => out.push_str("\\\\"),
        _ if plain == quote => {
            out.push('\\');
            out.push(quote);
        }
        _ if printable => out.push(plain),
        _ if code < 0x100 => out.push_str(&format!("\\x{code:02x}")),
        _ if code < 0x10000 => out.push_str(&format!("\\u{code:04x}")),
        _ => out.push_str(&format!("\\U{code:08x}")),
    }
}
