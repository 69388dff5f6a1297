//! `import` and `from .. import`.

use super::{Compiler, Use};
use crate::code::{Const, Pos};
use crate::compile::symtable::Res;
use crate::op::Op;
use gilbert_parser::Span;
use gilbert_parser::ast::*;
use std::sync::Arc;

impl<'a> Compiler<'a> {
    pub(super) fn import(&mut self, names: &'a [Alias], span: Span) -> Res {
        let loc = self.at(span);
        for alias in names {
            self.load_const(loc, Const::Int(0));
            self.load_const(loc, Const::None);
            self.named(loc, Op::ImportName, &alias.name);
            match &alias.asname {
                Some(name) => {
                    self.check_bindable(name, ExprContext::Store, span)?;
                    self.import_as(loc, &alias.name, name);
                }
                None => {
                    let first: Ident = match alias.name.split_once('.') {
                        Some((first, _)) => Arc::from(first),
                        None => alias.name.clone(),
                    };
                    self.check_bindable(&first, ExprContext::Store, span)?;
                    self.name(loc, &first, Use::Store);
                }
            }
        }
        Ok(())
    }

    /// `import a.b.c as name`: the import gave `a`, the name is for `c`.
    fn import_as(&mut self, loc: Pos, dotted: &Ident, name: &'a Ident) {
        let mut rest = dotted.split('.').skip(1).peekable();
        if rest.peek().is_none() {
            self.name(loc, name, Use::Store);
            return;
        }
        while let Some(part) = rest.next() {
            self.named(loc, Op::ImportFrom, &Arc::from(part));
            if rest.peek().is_some() {
                self.op(loc, Op::Swap, 2);
                self.op(loc, Op::Pop, 0);
            }
        }
        self.name(loc, name, Use::Store);
        self.op(loc, Op::Pop, 0);
    }

    pub(super) fn import_from(&mut self, node: &'a ImportFrom, span: Span) -> Res {
        let loc = self.at(span);
        let is_future = node.level == 0 && node.module.as_deref() == Some("__future__");
        if is_future && span.start >= self.future_end {
            let msg = "from __future__ imports must occur at the beginning of the file";
            return self.err(msg, span);
        }
        self.load_const(loc, Const::Int(i64::from(node.level)));
        let names: Vec<Const> = node.names.iter().map(|a| Const::Str(a.name.clone())).collect();
        self.load_const(loc, Const::Tuple(names.into()));
        let module = node.module.clone().unwrap_or_else(|| Arc::from(""));
        self.named(loc, Op::ImportName, &module);
        for alias in &node.names {
            if &*alias.name == "*" {
                self.op(loc, Op::ImportStar, 0);
                return Ok(());
            }
            self.named(loc, Op::ImportFrom, &alias.name);
            let bound = alias.asname.as_ref().unwrap_or(&alias.name);
            self.check_bindable(bound, ExprContext::Store, span)?;
            self.name(loc, bound, Use::Store);
        }
        self.op(loc, Op::Pop, 0);
        Ok(())
    }
}
