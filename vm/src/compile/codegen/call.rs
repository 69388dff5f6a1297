//! Calls.

use super::{Compiler, STACK_GUIDELINE};
use crate::code::{Const, Pos};
use crate::compile::symtable::{Res, mangle};
use crate::op::Op;
use gilbert_parser::ast::*;
use std::collections::HashSet;
use std::sync::Arc;

impl<'a> Compiler<'a> {
    pub(super) fn call(&mut self, node: &'a Call, expr: &'a Expr) -> Res {
        self.check_keywords(&node.keywords)?;
        if self.is_method_call(node) {
            return self.method_call(node, expr);
        }
        self.check_caller(&node.func);
        let func = self.at(node.func.span);
        self.expr(&node.func)?;
        self.op(func, Op::PushNull, 0);
        let loc = self.at(expr.span);
        self.call_with(loc, 0, &node.args, &node.keywords, false)
    }

    /// `a.b(..)` with few plain arguments.
    fn is_method_call(&self, node: &Call) -> bool {
        let ExprKind::Attribute(method) = &node.func.kind else {
            return false;
        };
        let (n, k) = (node.args.len(), node.keywords.len());
        method.ctx == ExprContext::Load
            && n + k + usize::from(k != 0) < STACK_GUIDELINE
            && !node.args.iter().any(is_starred)
            && node.keywords.iter().all(|k| k.arg.is_some())
    }

    fn method_call(&mut self, node: &'a Call, expr: &'a Expr) -> Res {
        let ExprKind::Attribute(method) = &node.func.kind else {
            return Ok(());
        };
        let func = self.at(node.func.span);
        let at = self.attribute_place(func, &node.func, method);
        if self.is_super_attribute(method) {
            let explicit = self.super_arguments(&method.value)?;
            let name = mangle(self.unit.class.as_ref(), &method.attr);
            let index = self.unit.name_index(&name);
            self.op_c(func, Op::LoadSuperAttr, 1 | explicit, index);
            self.op(at, Op::Nop, 0);
        } else {
            self.expr(&method.value)?;
            self.named(at, Op::LoadMethod, &method.attr);
        }
        self.exprs(&node.args)?;
        let loc = self.attribute_place(self.at(expr.span), &node.func, method);
        self.finish_plain_call(loc, 0, node.args.len(), &node.keywords)
    }

    /// Pushes the keywords' values and calls with `pushed + args` positional arguments that lie on the stack.
    fn finish_plain_call(&mut self, loc: Pos, pushed: usize, args: usize, keywords: &'a [Keyword]) -> Res {
        let mut names = Vec::with_capacity(keywords.len());
        for keyword in keywords {
            self.expr(&keyword.value)?;
            if let Some(name) = &keyword.arg {
                names.push(Const::Str(name.clone()));
            }
        }
        let count = (pushed + args + keywords.len()) as u32;
        if names.is_empty() {
            self.op(loc, Op::Call, count);
        } else {
            self.load_const(loc, Const::Tuple(names.into()));
            self.op(loc, Op::CallKw, count);
        }
        Ok(())
    }

    /// Calls with `pushed` arguments that lie on the stack already, and `args` and `keywords` after them. A `generic` class
    /// has one more base, in `.generic_base`.
    pub(super) fn call_with(&mut self, loc: Pos, pushed: usize, args: &'a [Expr], keywords: &'a [Keyword], generic: bool) -> Res {
        self.check_keywords(keywords)?;
        let extra = usize::from(generic);
        let plain = args.len() + extra + keywords.len() * 2 <= STACK_GUIDELINE && !args.iter().any(is_starred) && keywords.iter().all(|k| k.arg.is_some());
        if plain {
            self.exprs(args)?;
            if generic {
                self.generic_base(loc);
            }
            return self.finish_plain_call(loc, pushed, args.len() + extra, keywords);
        }
        self.positional_tuple(loc, pushed, args, generic)?;
        if !keywords.is_empty() {
            self.keyword_dict(loc, keywords)?;
        }
        self.op(loc, Op::CallEx, u32::from(!keywords.is_empty()));
        Ok(())
    }

    fn generic_base(&mut self, loc: Pos) {
        self.name(loc, &Arc::from(".generic_base"), super::Use::Load);
    }

    /// All positional arguments as one iterable.
    fn positional_tuple(&mut self, loc: Pos, pushed: usize, args: &'a [Expr], generic: bool) -> Res {
        if let ([one], 0, false) = (args, pushed, generic)
            && let ExprKind::Starred(inner, _) = &one.kind
        {
            return self.expr(inner);
        }
        if !generic {
            return self.sequence(loc, args, pushed as u32, super::expr::Sequence::Tuple);
        }
        self.op(loc, Op::BuildList, pushed as u32);
        for arg in args {
            match &arg.kind {
                ExprKind::Starred(inner, _) => {
                    self.expr(inner)?;
                    self.op(loc, Op::ListExtend, 1);
                }
                _ => {
                    self.expr(arg)?;
                    self.op(loc, Op::ListAppend, 1);
                }
            }
        }
        self.generic_base(loc);
        self.op(loc, Op::ListAppend, 1);
        self.op(loc, Op::ListToTuple, 0);
        Ok(())
    }

    /// All keyword arguments as one dict.
    fn keyword_dict(&mut self, loc: Pos, keywords: &'a [Keyword]) -> Res {
        let mut have_dict = false;
        let mut pending = 0;
        for (i, keyword) in keywords.iter().enumerate() {
            if keyword.arg.is_some() {
                pending += 1;
                continue;
            }
            if pending > 0 {
                self.some_keywords(loc, &keywords[i - pending..i])?;
                if have_dict {
                    self.op(loc, Op::DictMerge, 1);
                }
                have_dict = true;
                pending = 0;
            }
            if !have_dict {
                self.op(loc, Op::BuildMap, 0);
                have_dict = true;
            }
            self.expr(&keyword.value)?;
            self.op(loc, Op::DictMerge, 1);
        }
        if pending > 0 {
            self.some_keywords(loc, &keywords[keywords.len() - pending..])?;
            if have_dict {
                self.op(loc, Op::DictMerge, 1);
            }
        }
        Ok(())
    }

    fn some_keywords(&mut self, loc: Pos, keywords: &'a [Keyword]) -> Res {
        let big = keywords.len() * 2 > STACK_GUIDELINE;
        if big {
            self.op(loc, Op::BuildMap, 0);
        }
        for keyword in keywords {
            if let Some(name) = &keyword.arg {
                self.load_const(loc, Const::Str(name.clone()));
            }
            self.expr(&keyword.value)?;
            if big {
                let loc = self.at(keyword.span);
                self.op(loc, Op::MapAdd, 1);
            }
        }
        if !big {
            self.op(loc, Op::BuildMap, keywords.len() as u32);
        }
        Ok(())
    }

    fn check_keywords(&self, keywords: &[Keyword]) -> Res {
        let mut seen = HashSet::new();
        for keyword in keywords {
            let Some(name) = &keyword.arg else { continue };
            self.check_bindable(name, ExprContext::Store, keyword.span)?;
            if !seen.insert(name) {
                let msg = format!("keyword argument repeated: {name}");
                return self.err(msg, keyword.span);
            }
        }
        Ok(())
    }
}

fn is_starred(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Starred(..))
}
