//! Constant folding: what CPython 3.12's `Python/ast_opt.c` folds, with its bounds on the size of results, as far as the result
//! does not depend on a math library.

use crate::code::Const;
use gilbert_parser::ast::*;
use std::sync::Arc;

/// Folds constant expressions.
#[derive(Clone, Copy)]
pub(super) struct Folder {
    /// The value of `__debug__`.
    pub debug: bool,
}

const MAX_INT_BITS: u32 = 128;
const MAX_STR: usize = 4096;
const MAX_ITEMS: usize = 256;
const MAX_TOTAL_ITEMS: usize = 1024;
/// Integers up to this are exact as floats.
const EXACT: u128 = 1 << 53;

/// A number while it is calculated with.
#[derive(Clone, Copy)]
enum Num {
    Int(i128),
    Float(f64),
    Complex(f64, f64),
}

impl Folder {
    /// The value of `expr`, if it is known when compiling.
    pub fn constant(self, expr: &Expr) -> Option<Const> {
        match &expr.kind {
            ExprKind::Constant(value) => Some(self.literal(value)),
            ExprKind::Name(name, ExprContext::Load) if &**name == "__debug__" => Some(boolean(self.debug)),
            ExprKind::UnaryOp(node) => unary(node.op, &self.constant(&node.operand)?),
            ExprKind::BinOp(_) => self.spine(expr),
            ExprKind::Tuple(items, ExprContext::Load) => {
                let items: Option<Vec<Const>> = items.iter().map(|e| self.constant(e)).collect();
                Some(Const::Tuple(items?.into()))
            }
            ExprKind::Subscript(node) if node.ctx == ExprContext::Load => {
                let value = self.constant(&node.value)?;
                index(&value, &self.constant(&node.slice)?)
            }
            _ => None,
        }
    }

    /// `a + b + c + ..` without recursion along its left side.
    fn spine(self, expr: &Expr) -> Option<Const> {
        let mut spine = Vec::new();
        let mut leftmost = expr;
        while let ExprKind::BinOp(node) = &leftmost.kind {
            spine.push(&**node);
            leftmost = &node.left;
        }
        let mut value = self.constant(leftmost)?;
        for node in spine.into_iter().rev() {
            value = self.binary(&value, node.op, &self.constant(&node.right)?)?;
        }
        Some(value)
    }

    /// A literal as a constant.
    pub fn literal(self, value: &Constant) -> Const {
        match value {
            Constant::None => Const::None,
            Constant::True => Const::True,
            Constant::False => Const::False,
            Constant::Ellipsis => Const::Ellipsis,
            Constant::Int(n) => Const::Int(*n),
            Constant::BigInt(big) => Const::BigInt(Arc::from(&*big.digits), big.radix),
            Constant::Float(x) => Const::Float(*x),
            Constant::Imag(x) => Const::Imag(*x),
            Constant::Str(StrLit::Utf8(text)) => Const::Str(Arc::from(&**text)),
            Constant::Str(StrLit::Wtf8(bytes)) => Const::StrWtf8(Arc::from(&**bytes)),
            Constant::Bytes(bytes) => Const::Bytes(Arc::from(&**bytes)),
        }
    }

    /// `left op right`, if it may be folded.
    pub fn binary(self, left: &Const, op: Operator, right: &Const) -> Option<Const> {
        if let (Some(l), Some(r)) = (number(left), number(right)) {
            let both_bool = is_bool(left) && is_bool(right);
            return arithmetic(l, op, r, both_bool);
        }
        match (op, left, right) {
            (Operator::Add, Const::Str(a), Const::Str(b)) => Some(Const::Str(Arc::from(format!("{a}{b}")))),
            (Operator::Add, Const::Bytes(a), Const::Bytes(b)) => Some(Const::Bytes([&**a, &**b].concat().into())),
            (Operator::Add, Const::Tuple(a), Const::Tuple(b)) => Some(Const::Tuple([&**a, &**b].concat().into())),
            (Operator::Mult, Const::Int(n), items) | (Operator::Mult, items, Const::Int(n)) => repeat(items, usize::try_from((*n).max(0)).ok()?),
            _ => None,
        }
    }
}

fn boolean(value: bool) -> Const {
    if value { Const::True } else { Const::False }
}

fn is_bool(value: &Const) -> bool {
    matches!(value, Const::True | Const::False)
}

fn number(value: &Const) -> Option<Num> {
    Some(match value {
        Const::True => Num::Int(1),
        Const::False => Num::Int(0),
        Const::Int(n) => Num::Int(i128::from(*n)),
        Const::BigInt(digits, radix) => Num::Int(i128::from_str_radix(digits, *radix).ok()?),
        Const::Float(x) => Num::Float(*x),
        Const::Imag(x) => Num::Complex(0.0, *x),
        Const::Complex(re, im) => Num::Complex(*re, *im),
        _ => return None,
    })
}

fn from_int(n: i128) -> Const {
    match i64::try_from(n) {
        Ok(n) => Const::Int(n),
        Err(_) => Const::BigInt(Arc::from(n.to_string()), 10),
    }
}

fn unary(op: UnaryOperator, value: &Const) -> Option<Const> {
    if op == UnaryOperator::Not {
        return Some(boolean(!truth(value)?));
    }
    if let (Const::BigInt(digits, radix), UnaryOperator::USub) = (value, op)
        && number(value).is_none()
    {
        let text = match digits.strip_prefix('-') {
            Some(positive) => Arc::from(positive),
            None => Arc::from(format!("-{digits}")),
        };
        return Some(Const::BigInt(text, *radix));
    }
    match (op, number(value)?) {
        (UnaryOperator::UAdd, Num::Int(n)) => Some(from_int(n)),
        (UnaryOperator::UAdd, _) => Some(value.clone()),
        (UnaryOperator::USub, Num::Int(n)) => Some(from_int(n.checked_neg()?)),
        (UnaryOperator::USub, Num::Float(x)) => Some(Const::Float(-x)),
        (UnaryOperator::USub, Num::Complex(re, im)) => Some(Const::Complex(-re, -im)),
        (UnaryOperator::Invert, Num::Int(n)) if !is_bool(value) => Some(from_int(!n)),
        _ => None,
    }
}

fn truth(value: &Const) -> Option<bool> {
    Some(match value {
        Const::None => false,
        Const::Ellipsis => true,
        Const::Str(text) => !text.is_empty(),
        Const::StrWtf8(bytes) | Const::Bytes(bytes) => !bytes.is_empty(),
        Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
        Const::BigInt(..) => true,
        Const::Code(_) => return None,
        number_like => match number(number_like)? {
            Num::Int(n) => n != 0,
            Num::Float(x) => x != 0.0,
            Num::Complex(re, im) => re != 0.0 || im != 0.0,
        },
    })
}

fn arithmetic(l: Num, op: Operator, r: Num, both_bool: bool) -> Option<Const> {
    match (l, r) {
        (Num::Int(a), Num::Int(b)) => integers(a, op, b, both_bool),
        (Num::Complex(..), _) | (_, Num::Complex(..)) => {
            let ((a, b), (c, d)) = (complex(l)?, complex(r)?);
            match op {
                Operator::Add => Some(Const::Complex(a + c, b + d)),
                Operator::Sub => Some(Const::Complex(a - c, b - d)),
                _ => None,
            }
        }
        _ => {
            let (a, b) = (float(l)?, float(r)?);
            match op {
                Operator::Add => Some(Const::Float(a + b)),
                Operator::Sub => Some(Const::Float(a - b)),
                Operator::Mult => Some(Const::Float(a * b)),
                Operator::Div if b != 0.0 => Some(Const::Float(a / b)),
                _ => None,
            }
        }
    }
}

fn float(n: Num) -> Option<f64> {
    match n {
        Num::Int(n) if n.unsigned_abs() <= EXACT => Some(n as f64),
        Num::Float(x) => Some(x),
        _ => None,
    }
}

fn complex(n: Num) -> Option<(f64, f64)> {
    match n {
        Num::Complex(re, im) => Some((re, im)),
        other => Some((float(other)?, 0.0)),
    }
}

fn bits(n: i128) -> u32 {
    128 - n.unsigned_abs().leading_zeros()
}

fn integers(a: i128, op: Operator, b: i128, both_bool: bool) -> Option<Const> {
    let logical = |value: i128| Some(if both_bool { boolean(value != 0) } else { from_int(value) });
    let result = match op {
        Operator::Add => a.checked_add(b)?,
        Operator::Sub => a.checked_sub(b)?,
        Operator::Mult if bits(a) + bits(b) <= MAX_INT_BITS => a.checked_mul(b)?,
        Operator::Div if b != 0 => {
            let quotient = float(Num::Int(a))? / float(Num::Int(b))?;
            return Some(Const::Float(quotient));
        }
        Operator::FloorDiv if b != 0 => {
            let q = a.checked_div(b)?;
            if a % b != 0 && (a < 0) != (b < 0) { q - 1 } else { q }
        }
        Operator::Mod if b != 0 => {
            let m = a.checked_rem(b)?;
            if m != 0 && (m < 0) != (b < 0) { m + b } else { m }
        }
        Operator::Pow => {
            let exponent = u32::try_from(b).ok()?;
            if bits(a).checked_mul(exponent)? > MAX_INT_BITS {
                return None;
            }
            a.checked_pow(exponent)?
        }
        Operator::LShift => {
            let n = u32::try_from(b).ok()?;
            if bits(a).checked_add(n)? >= MAX_INT_BITS {
                return None;
            }
            a << n
        }
        Operator::RShift => {
            let n = u32::try_from(b).ok()?;
            a >> n.min(127)
        }
        Operator::BitAnd => return logical(a & b),
        Operator::BitOr => return logical(a | b),
        Operator::BitXor => return logical(a ^ b),
        _ => return None,
    };
    Some(from_int(result))
}

fn repeat(items: &Const, n: usize) -> Option<Const> {
    match items {
        Const::Str(text) if text.chars().count().checked_mul(n)? <= MAX_STR => Some(Const::Str(Arc::from(text.repeat(n)))),
        Const::Bytes(bytes) if bytes.len().checked_mul(n)? <= MAX_STR => Some(Const::Bytes(bytes.repeat(n).into())),
        Const::Tuple(items) => {
            let total = count_items(items)?.checked_mul(n)?;
            let fits = items.len().checked_mul(n)? <= MAX_ITEMS && total <= MAX_TOTAL_ITEMS;
            let repeated = std::iter::repeat_n(&**items, n).flatten();
            fits.then(|| Const::Tuple(repeated.cloned().collect()))
        }
        _ => None,
    }
}

/// How many constants a tuple holds in all; `None` for too many.
fn count_items(items: &[Const]) -> Option<usize> {
    let mut total = items.len();
    for item in items {
        if let Const::Tuple(inner) = item {
            total += count_items(inner)?;
        }
        if total > MAX_TOTAL_ITEMS {
            return None;
        }
    }
    Some(total)
}

/// `value[i]`
fn index(value: &Const, i: &Const) -> Option<Const> {
    let i = match i {
        Const::Int(i) => *i,
        Const::True => 1,
        Const::False => 0,
        _ => return None,
    };
    let at = |len: usize| {
        let i = if i < 0 { i + len as i64 } else { i };
        usize::try_from(i).ok().filter(|&i| i < len)
    };
    match value {
        Const::Str(text) => {
            let len = text.chars().count();
            let c = text.chars().nth(at(len)?)?;
            Some(Const::Str(Arc::from(c.to_string())))
        }
        Const::Bytes(bytes) => Some(Const::Int(i64::from(bytes[at(bytes.len())?]))),
        Const::Tuple(items) => Some(items[at(items.len())?].clone()),
        _ => None,
    }
}
