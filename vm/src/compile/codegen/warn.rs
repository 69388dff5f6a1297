//! SyntaxWarnings for code that cannot mean what it says.

use super::Compiler;
use crate::code::{Const, Pos};
use gilbert_parser::ast::*;
use gilbert_parser::{Span, Warning, WarningKind};

impl Compiler<'_> {
    pub(super) fn warn(&mut self, msg: String, span: Span) {
        if self.warnings.iter().any(|w| w.span == span && w.msg == msg) {
            return;
        }
        self.warnings.push(Warning { kind: WarningKind::Syntax, msg, span });
    }

    pub(super) fn check_assert(&mut self, node: &Assert, _loc: Pos) {
        let never_false = match &node.test.kind {
            ExprKind::Tuple(items, _) => !items.is_empty(),
            _ => false,
        };
        if never_false {
            let msg = "assertion is always true, perhaps remove parentheses?";
            self.warn(msg.to_owned(), node.test.span);
        }
    }

    /// `x is 1`
    pub(super) fn check_compare(&mut self, node: &Compare, span: Span) {
        let mut left = &node.left;
        for (op, right) in node.ops.iter().zip(&node.comparators) {
            if matches!(op, CmpOp::Is | CmpOp::IsNot)
                && let Some(typ) = self.literal_type(left).or_else(|| self.literal_type(right))
            {
                let (is, eq) = match op {
                    CmpOp::Is => ("is", "=="),
                    _ => ("is not", "!="),
                };
                self.warn(format!("\"{is}\" with '{typ}' literal. Did you mean \"{eq}\"?"), span);
                return;
            }
            left = right;
        }
    }

    /// The type of a literal whose identity means nothing.
    fn literal_type(&self, expr: &Expr) -> Option<&'static str> {
        match self.constant(expr)? {
            Const::None | Const::True | Const::False | Const::Ellipsis => None,
            value => Some(type_name(&value)),
        }
    }

    /// `"text"(x)`
    pub(super) fn check_caller(&mut self, func: &Expr) {
        if let Some(typ) = self.uncallable(func) {
            let msg = format!("'{typ}' object is not callable; perhaps you missed a comma?");
            self.warn(msg, func.span);
        }
    }

    fn uncallable(&self, expr: &Expr) -> Option<&'static str> {
        if let Some(value) = self.constant(expr) {
            return Some(type_name(&value));
        }
        display_type(expr)
    }

    /// `1[0]`
    pub(super) fn check_subscripter(&mut self, value: &Expr) {
        let typ = match self.constant(value) {
            Some(Const::Str(_) | Const::StrWtf8(_) | Const::Bytes(_) | Const::Tuple(_)) => return,
            Some(value) => type_name(&value),
            None => match &value.kind {
                ExprKind::Set(_) | ExprKind::SetComp(_) => "set",
                ExprKind::GeneratorExp(_) => "generator",
                ExprKind::TemplateStr(_) => "string.templatelib.Template",
                ExprKind::Lambda(_) => "function",
                _ => return,
            },
        };
        let msg = format!("'{typ}' object is not subscriptable; perhaps you missed a comma?");
        self.warn(msg, value.span);
    }

    /// `[1, 2]["a"]`
    pub(super) fn check_index(&mut self, value: &Expr, index: &Expr) {
        let Some(index_type) = self.index_type(index) else {
            return;
        };
        if matches!(index_type, "int" | "bool" | "slice") {
            return;
        }
        let typ = match self.constant(value) {
            Some(known @ (Const::Str(_) | Const::StrWtf8(_) | Const::Bytes(_) | Const::Tuple(_))) => type_name(&known),
            Some(_) => return,
            None => match &value.kind {
                ExprKind::Tuple(..) => "tuple",
                ExprKind::List(..) | ExprKind::ListComp(_) => "list",
                ExprKind::JoinedStr(_) | ExprKind::FormattedValue(_) => "str",
                _ => return,
            },
        };
        let msg = format!("{typ} indices must be integers or slices, not {index_type}; perhaps you missed a comma?");
        self.warn(msg, value.span);
    }

    fn index_type(&self, index: &Expr) -> Option<&'static str> {
        if let Some(value) = self.constant(index) {
            return Some(type_name(&value));
        }
        display_type(index)
    }
}

fn display_type(expr: &Expr) -> Option<&'static str> {
    Some(match &expr.kind {
        ExprKind::Tuple(..) => "tuple",
        ExprKind::List(..) | ExprKind::ListComp(_) => "list",
        ExprKind::Dict(_) | ExprKind::DictComp(_) => "dict",
        ExprKind::Set(_) | ExprKind::SetComp(_) => "set",
        ExprKind::GeneratorExp(_) => "generator",
        ExprKind::JoinedStr(_) | ExprKind::FormattedValue(_) => "str",
        ExprKind::TemplateStr(_) => "string.templatelib.Template",
        _ => return None,
    })
}

fn type_name(value: &Const) -> &'static str {
    match value {
        Const::None => "NoneType",
        Const::True | Const::False => "bool",
        Const::Ellipsis => "ellipsis",
        Const::Int(_) | Const::BigInt(..) => "int",
        Const::Float(_) => "float",
        Const::Imag(_) | Const::Complex(..) => "complex",
        Const::Str(_) | Const::StrWtf8(_) => "str",
        Const::Bytes(_) => "bytes",
        Const::Tuple(_) => "tuple",
        Const::FrozenSet(_) => "frozenset",
        Const::Code(_) => "code",
    }
}
