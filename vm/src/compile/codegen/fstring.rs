//! f-strings and t-strings.

use super::{Compiler, STACK_GUIDELINE, percent};
use crate::code::{Const, Pos};
use crate::compile::symtable::Res;
use crate::op::{Intrinsic, Op};
use gilbert_parser::Span;
use gilbert_parser::ast::*;
use std::sync::Arc;

impl<'a> Compiler<'a> {
    pub(super) fn joined_str(&mut self, values: &'a [Expr], loc: Pos) -> Res {
        if values.is_empty() {
            self.load_str(loc, "");
            return Ok(());
        }
        if values.len() > STACK_GUIDELINE {
            return self.long_joined_str(values, loc);
        }
        self.exprs(values)?;
        if values.len() > 1 {
            self.op(loc, Op::BuildString, values.len() as u32);
        }
        Ok(())
    }

    /// `"".join([..])`, so that the operand stack stays small.
    fn long_joined_str(&mut self, values: &'a [Expr], loc: Pos) -> Res {
        self.load_str(loc, "");
        self.named(loc, Op::LoadMethod, &Arc::from("join"));
        self.op(loc, Op::BuildList, 0);
        for value in values {
            self.expr(value)?;
            self.op(loc, Op::ListAppend, 1);
        }
        self.op(loc, Op::Call, 1);
        Ok(())
    }

    pub(super) fn formatted_value(&mut self, node: &'a FormattedValue, loc: Pos) -> Res {
        self.expr(&node.value)?;
        let conversion = match node.conversion {
            Conversion::None => 0,
            Conversion::Str => 1,
            Conversion::Repr => 2,
            Conversion::Ascii => 3,
        };
        if let Some(spec) = &node.format_spec {
            self.expr(spec)?;
        }
        let with_spec = u32::from(node.format_spec.is_some());
        self.op_c(loc, Op::FormatValue, conversion, with_spec);
        Ok(())
    }

    /// `'..%s..' % (a, b)` is compiled as an f-string where that means the same: all fields are `%s`, `%r` or `%a`, as many as
    /// the tuple's items. Whether it was done.
    pub(super) fn percent_format(&mut self, format: &str, node: &'a BinOp, span: Span) -> Res<bool> {
        let (Operator::Mod, ExprKind::Tuple(args, ExprContext::Load)) = (node.op, &node.right.kind) else {
            return Ok(false);
        };
        let starred = |e: &Expr| matches!(e.kind, ExprKind::Starred(..));
        if args.iter().any(starred) || self.constant(&node.right).is_some() {
            return Ok(false);
        }
        let Some(pieces) = percent::parse(format, args.len()) else {
            return Ok(false);
        };
        let loc = self.at(span);
        if pieces.len() > STACK_GUIDELINE {
            return Ok(false);
        }
        let count = pieces.len() as u32;
        let mut args = args.iter();
        for piece in pieces {
            match piece {
                percent::Piece::Text(text) => self.load_str(loc, &text),
                percent::Piece::Field { conversion, spec } => {
                    let Some(arg) = args.next() else { continue };
                    let place = self.at(arg.span);
                    self.expr(arg)?;
                    if let Some(spec) = &spec {
                        self.load_str(place, spec);
                    }
                    let with_spec = u32::from(spec.is_some());
                    self.op_c(place, Op::FormatValue, conversion, with_spec);
                }
            }
        }
        if count != 1 {
            self.op(loc, Op::BuildString, count);
        }
        Ok(true)
    }

    /// A template: the tuple of strings (one more than fields), the tuple of fields.
    pub(super) fn template_str(&mut self, values: &'a [Expr], loc: Pos) -> Res {
        let mut strings: Vec<Const> = Vec::new();
        let mut fields = Vec::new();
        let mut after_text = false;
        for value in values {
            match &value.kind {
                ExprKind::Interpolation(_) => {
                    if !after_text {
                        strings.push(Const::Str(Arc::from("")));
                    }
                    fields.push(value);
                    after_text = false;
                }
                ExprKind::Constant(text) => {
                    strings.push(self.folder().literal(text));
                    after_text = true;
                }
                _ => return self.err("unexpected part of a t-string", value.span),
            }
        }
        if !after_text {
            strings.push(Const::Str(Arc::from("")));
        }
        self.load_const(loc, Const::Tuple(strings.into()));
        let big = fields.len() > STACK_GUIDELINE;
        if big {
            self.op(loc, Op::BuildList, 0);
        }
        let count = fields.len() as u32;
        for field in fields {
            self.expr(field)?;
            if big {
                self.op(loc, Op::ListAppend, 1);
            }
        }
        if big {
            self.op(loc, Op::ListToTuple, 0);
        } else {
            self.op(loc, Op::BuildTuple, count);
        }
        self.op_c(loc, Op::Intrinsic, Intrinsic::BuildTemplate as u8, 0);
        Ok(())
    }

    pub(super) fn interpolation(&mut self, node: &'a Interpolation, loc: Pos) -> Res {
        self.expr(&node.value)?;
        self.load_str(loc, &node.text);
        let conversion = match node.conversion {
            Conversion::None => Const::None,
            Conversion::Str => Const::Str(Arc::from("s")),
            Conversion::Repr => Const::Str(Arc::from("r")),
            Conversion::Ascii => Const::Str(Arc::from("a")),
        };
        self.load_const(loc, conversion);
        match &node.format_spec {
            Some(spec) => self.expr(spec)?,
            None => self.load_str(loc, ""),
        }
        self.op_c(loc, Op::Intrinsic, Intrinsic::BuildInterpolation as u8, 0);
        Ok(())
    }
}
