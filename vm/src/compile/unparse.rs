//! Expressions back to text, as CPython's `Python/ast_unparse.c` writes annotations that are kept as strings.

use super::fold::Folder;
use crate::code::Const;
use crate::num::float;
use crate::text::repr::{repr_bytes, repr_str, repr_wtf8};
use gilbert_parser::ast::*;

/// How tightly an expression must bind in its place; parentheses where it does not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Named,
    Tuple,
    Test,
    Or,
    And,
    Not,
    Cmp,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Arith,
    Term,
    Factor,
    Power,
    Await,
    Atom,
}

impl Level {
    fn next(self) -> Level {
        const ALL: [Level; 17] = [
            Level::Named,
            Level::Tuple,
            Level::Test,
            Level::Or,
            Level::And,
            Level::Not,
            Level::Cmp,
            Level::BitOr,
            Level::BitXor,
            Level::BitAnd,
            Level::Shift,
            Level::Arith,
            Level::Term,
            Level::Factor,
            Level::Power,
            Level::Await,
            Level::Atom,
        ];
        ALL[(self as usize + 1).min(ALL.len() - 1)]
    }
}

/// The text of an expression.
pub fn unparse(expr: &Expr) -> String {
    let mut writer = Writer { out: String::new() };
    writer.expr(expr, Level::Test);
    writer.out
}

/// The text of a constant, as Python's `repr` with infinities spelled as literals.
pub(super) fn constant(value: &Const) -> String {
    match value {
        Const::None => "None".to_owned(),
        Const::True => "True".to_owned(),
        Const::False => "False".to_owned(),
        Const::Ellipsis => "...".to_owned(),
        Const::Int(n) => n.to_string(),
        Const::BigInt(digits, 10) => digits.to_string(),
        Const::BigInt(digits, radix) => big(digits, *radix),
        Const::Float(x) => float::repr(*x).replace("inf", "1e309"),
        Const::Imag(x) => format!("{}j", short(*x)).replace("inf", "1e309"),
        Const::Complex(re, im) => {
            let sign = if im.is_sign_negative() { "" } else { "+" };
            format!("({}{sign}{}j)", short(*re), short(*im)).replace("inf", "1e309")
        }
        Const::Str(text) => repr_str(text),
        Const::StrWtf8(bytes) => repr_wtf8(bytes),
        Const::Bytes(bytes) => repr_bytes(bytes),
        Const::Tuple(items) => match &**items {
            [one] => format!("({},)", constant(one)),
            items => format!("({})", joined(items)),
        },
        Const::FrozenSet(items) if items.is_empty() => "frozenset()".to_owned(),
        Const::FrozenSet(items) => format!("frozenset({{{}}})", joined(items)),
        Const::Code(code) => format!("<code object {}, line {}>", code.name, code.first_line),
    }
}

fn joined(items: &[Const]) -> String {
    let texts: Vec<String> = items.iter().map(constant).collect();
    texts.join(", ")
}

/// A part of a complex number: `1`, not `1.0`.
fn short(x: f64) -> String {
    let text = float::repr(x);
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn big(digits: &str, radix: u32) -> String {
    match crate::num::Int::parse(digits, radix, 0) {
        Ok(n) => n.to_radix(10),
        Err(_) => digits.to_owned(),
    }
}

struct Writer {
    out: String,
}

impl Writer {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Writes in parentheses when `level` asks for more than `own`.
    fn wrapped(&mut self, level: Level, own: Level, write: impl FnOnce(&mut Self)) {
        let parens = level > own;
        if parens {
            self.put("(");
        }
        write(self);
        if parens {
            self.put(")");
        }
    }

    fn list(&mut self, items: &[Expr]) {
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.put(", ");
            }
            self.expr(item, Level::Test);
        }
    }

    fn expr(&mut self, expr: &Expr, level: Level) {
        match &expr.kind {
            ExprKind::BoolOp(node) => {
                let (own, word) = match node.op {
                    BoolOperator::And => (Level::And, " and "),
                    BoolOperator::Or => (Level::Or, " or "),
                };
                self.wrapped(level, own, |w| {
                    for (i, value) in node.values.iter().enumerate() {
                        if i > 0 {
                            w.put(word);
                        }
                        w.expr(value, own.next());
                    }
                });
            }
            ExprKind::NamedExpr(node) => self.wrapped(level, Level::Named, |w| {
                w.expr(&node.target, Level::Atom);
                w.put(" := ");
                w.expr(&node.value, Level::Atom);
            }),
            ExprKind::BinOp(_) => self.bin_op(expr, level),
            ExprKind::UnaryOp(node) => {
                let (own, word) = match node.op {
                    UnaryOperator::Invert => (Level::Factor, "~"),
                    UnaryOperator::Not => (Level::Not, "not "),
                    UnaryOperator::UAdd => (Level::Factor, "+"),
                    UnaryOperator::USub => (Level::Factor, "-"),
                };
                self.wrapped(level, own, |w| {
                    w.put(word);
                    w.expr(&node.operand, own);
                });
            }
            ExprKind::Lambda(node) => self.wrapped(level, Level::Test, |w| {
                let positional = node.args.posonlyargs.len() + node.args.args.len();
                w.put(if positional > 0 { "lambda " } else { "lambda" });
                w.arguments(&node.args);
                w.put(": ");
                w.expr(&node.body, Level::Test);
            }),
            ExprKind::IfExp(node) => self.wrapped(level, Level::Test, |w| {
                w.expr(&node.body, Level::Or);
                w.put(" if ");
                w.expr(&node.test, Level::Or);
                w.put(" else ");
                w.expr(&node.orelse, Level::Test);
            }),
            ExprKind::Dict(node) => self.dict(node),
            ExprKind::Set(items) => {
                self.put("{");
                self.list(items);
                self.put("}");
            }
            ExprKind::ListComp(node) => self.comp("[", &node.elt, None, &node.generators, "]"),
            ExprKind::SetComp(node) => self.comp("{", &node.elt, None, &node.generators, "}"),
            ExprKind::GeneratorExp(node) => self.comp("(", &node.elt, None, &node.generators, ")"),
            ExprKind::DictComp(node) => {
                self.comp("{", &node.key, Some(&node.value), &node.generators, "}");
            }
            ExprKind::Await(value) => self.wrapped(level, Level::Await, |w| {
                w.put("await ");
                w.expr(value, Level::Atom);
            }),
            ExprKind::Yield(None) => self.put("(yield)"),
            ExprKind::Yield(Some(value)) => {
                self.put("(yield ");
                self.expr(value, Level::Test);
                self.put(")");
            }
            ExprKind::YieldFrom(value) => {
                self.put("(yield from ");
                self.expr(value, Level::Test);
                self.put(")");
            }
            ExprKind::Compare(node) => self.wrapped(level, Level::Cmp, |w| {
                w.expr(&node.left, Level::BitOr);
                for (op, right) in node.ops.iter().zip(&node.comparators) {
                    w.put(compare_text(*op));
                    w.expr(right, Level::BitOr);
                }
            }),
            ExprKind::Call(node) => self.call(node),
            ExprKind::FormattedValue(_) | ExprKind::JoinedStr(_) => {
                let body = format_body(expr);
                self.put("f");
                self.put(&repr_str(&body));
            }
            ExprKind::Interpolation(_) | ExprKind::TemplateStr(_) => {
                let body = format_body(expr);
                self.put("t");
                self.put(&repr_str(&body));
            }
            ExprKind::Constant(value) => {
                let value = Folder { debug: true }.literal(value);
                self.put(&constant(&value));
            }
            ExprKind::Attribute(node) => {
                self.expr(&node.value, Level::Atom);
                let number = matches!(node.value.kind, ExprKind::Constant(Constant::Int(_) | Constant::BigInt(_)));
                self.put(if number { " ." } else { "." });
                self.put(&node.attr);
            }
            ExprKind::Subscript(node) => {
                self.expr(&node.value, Level::Atom);
                self.put("[");
                self.expr(&node.slice, Level::Tuple);
                self.put("]");
            }
            ExprKind::Starred(value, _) => {
                self.put("*");
                self.expr(value, Level::BitOr);
            }
            ExprKind::Name(name, _) => self.put(name),
            ExprKind::List(items, _) => {
                self.put("[");
                self.list(items);
                self.put("]");
            }
            ExprKind::Tuple(items, _) if items.is_empty() => self.put("()"),
            ExprKind::Tuple(items, _) => self.wrapped(level, Level::Tuple, |w| {
                w.list(items);
                if items.len() == 1 {
                    w.put(",");
                }
            }),
            ExprKind::Slice(node) => self.slice(node),
        }
    }

    /// The left spine may be thousands long: a loop, no recursion.
    fn bin_op(&mut self, expr: &Expr, level: Level) {
        let mut spine = Vec::new();
        let mut node = expr;
        let mut wanted = level;
        let mut parens = 0;
        while let ExprKind::BinOp(op) = &node.kind {
            let (own, text, right_first) = operator(op.op);
            let wrap = wanted > own;
            parens += usize::from(wrap);
            spine.push((op, own, text, right_first, wrap));
            wanted = if right_first { own.next() } else { own };
            node = &op.left;
        }
        for _ in 0..parens {
            self.put("(");
        }
        // Every parenthesis opens at the leftmost place, since only left operands are on the spine.
        self.expr(node, wanted);
        for (op, own, text, right_first, wrap) in spine.into_iter().rev() {
            self.put(text);
            self.expr(&op.right, if right_first { own } else { own.next() });
            if wrap {
                self.put(")");
            }
        }
    }

    fn dict(&mut self, node: &Dict) {
        self.put("{");
        for (i, (key, value)) in node.keys.iter().zip(&node.values).enumerate() {
            if i > 0 {
                self.put(", ");
            }
            match key {
                Some(key) => {
                    self.expr(key, Level::Test);
                    self.put(": ");
                    self.expr(value, Level::Test);
                }
                None => {
                    self.put("**");
                    self.expr(value, Level::BitOr);
                }
            }
        }
        self.put("}");
    }

    fn comp(&mut self, open: &str, elt: &Expr, value: Option<&Expr>, generators: &[Comprehension], close: &str) {
        self.put(open);
        self.expr(elt, Level::Test);
        if let Some(value) = value {
            self.put(": ");
            self.expr(value, Level::Test);
        }
        self.generators(generators);
        self.put(close);
    }

    fn generators(&mut self, generators: &[Comprehension]) {
        for generator in generators {
            self.put(if generator.is_async { " async for " } else { " for " });
            self.expr(&generator.target, Level::Tuple);
            self.put(" in ");
            self.expr(&generator.iter, Level::Or);
            for condition in &generator.ifs {
                self.put(" if ");
                self.expr(condition, Level::Or);
            }
        }
    }

    fn call(&mut self, node: &Call) {
        self.expr(&node.func, Level::Atom);
        if let ([one], []) = (node.args.as_slice(), node.keywords.as_slice())
            && let ExprKind::GeneratorExp(_) = one.kind
        {
            self.expr(one, Level::Atom);
            return;
        }
        self.put("(");
        self.list(&node.args);
        for (i, keyword) in node.keywords.iter().enumerate() {
            if i > 0 || !node.args.is_empty() {
                self.put(", ");
            }
            match &keyword.arg {
                Some(name) => {
                    self.put(name);
                    self.put("=");
                }
                None => self.put("**"),
            }
            self.expr(&keyword.value, Level::Test);
        }
        self.put(")");
    }

    fn slice(&mut self, node: &Slice) {
        if let Some(lower) = &node.lower {
            self.expr(lower, Level::Test);
        }
        self.put(":");
        if let Some(upper) = &node.upper {
            self.expr(upper, Level::Test);
        }
        if let Some(step) = &node.step {
            self.put(":");
            self.expr(step, Level::Test);
        }
    }

    fn arguments(&mut self, args: &Arguments) {
        let mut first = true;
        let mut comma = |w: &mut Self| {
            if !std::mem::take(&mut first) {
                w.put(", ");
            }
        };
        let plain = args.posonlyargs.len() + args.args.len();
        let first_default = plain - args.defaults.len().min(plain);
        for (i, arg) in args.posonlyargs.iter().chain(&args.args).enumerate() {
            comma(self);
            self.put(&arg.arg);
            if i >= first_default {
                self.put("=");
                self.expr(&args.defaults[i - first_default], Level::Test);
            }
            if !args.posonlyargs.is_empty() && i + 1 == args.posonlyargs.len() {
                self.put(", /");
            }
        }
        if args.vararg.is_some() || !args.kwonlyargs.is_empty() {
            comma(self);
            self.put("*");
            if let Some(arg) = &args.vararg {
                self.put(&arg.arg);
            }
        }
        for (arg, default) in args.kwonlyargs.iter().zip(&args.kw_defaults) {
            comma(self);
            self.put(&arg.arg);
            if let Some(default) = default {
                self.put("=");
                self.expr(default, Level::Test);
            }
        }
        if let Some(arg) = &args.kwarg {
            comma(self);
            self.put("**");
            self.put(&arg.arg);
        }
    }
}

/// The body of an f-string, before quoting.
fn format_body(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::JoinedStr(values) | ExprKind::TemplateStr(values) => values.iter().map(format_body).collect(),
        ExprKind::Constant(Constant::Str(text)) => {
            let text = String::from_utf8_lossy(text.as_bytes());
            text.replace('{', "{{").replace('}', "}}")
        }
        ExprKind::FormattedValue(node) => field(&node.value, node.conversion, node.format_spec.as_ref()),
        ExprKind::Interpolation(node) => field(&node.value, node.conversion, node.format_spec.as_ref()),
        _ => unparse(expr),
    }
}

fn field(value: &Expr, conversion: Conversion, spec: Option<&Expr>) -> String {
    let mut writer = Writer { out: String::new() };
    writer.expr(value, Level::Or);
    let space = if writer.out.starts_with('{') { " " } else { "" };
    let conversion = match conversion {
        Conversion::None => "",
        Conversion::Str => "!s",
        Conversion::Repr => "!r",
        Conversion::Ascii => "!a",
    };
    let spec = spec.map_or(String::new(), |s| format!(":{}", format_body(s)));
    format!("{{{space}{}{conversion}{spec}}}", writer.out)
}

fn compare_text(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => " == ",
        CmpOp::NotEq => " != ",
        CmpOp::Lt => " < ",
        CmpOp::LtE => " <= ",
        CmpOp::Gt => " > ",
        CmpOp::GtE => " >= ",
        CmpOp::Is => " is ",
        CmpOp::IsNot => " is not ",
        CmpOp::In => " in ",
        CmpOp::NotIn => " not in ",
    }
}

/// Level, text, and whether the right operand binds first.
fn operator(op: Operator) -> (Level, &'static str, bool) {
    match op {
        Operator::Add => (Level::Arith, " + ", false),
        Operator::Sub => (Level::Arith, " - ", false),
        Operator::Mult => (Level::Term, " * ", false),
        Operator::MatMult => (Level::Term, " @ ", false),
        Operator::Div => (Level::Term, " / ", false),
        Operator::Mod => (Level::Term, " % ", false),
        Operator::LShift => (Level::Shift, " << ", false),
        Operator::RShift => (Level::Shift, " >> ", false),
        Operator::BitOr => (Level::BitOr, " | ", false),
        Operator::BitXor => (Level::BitXor, " ^ ", false),
        Operator::BitAnd => (Level::BitAnd, " & ", false),
        Operator::FloorDiv => (Level::Term, " // ", false),
        Operator::Pow => (Level::Power, " ** ", true),
    }
}
