//! Docstrings: where they stand, and their indentation taken away (as `inspect.cleandoc` does, since 3.13 when compiling).

use crate::code::Const;
use gilbert_parser::Span;
use gilbert_parser::ast::*;
use std::sync::Arc;

/// The docstring of a body, cleaned, and where it stands.
pub(super) fn of(body: &[Stmt]) -> Option<(Const, Span)> {
    let StmtKind::Expr(value) = &body.first()?.kind else {
        return None;
    };
    let ExprKind::Constant(Constant::Str(text)) = &value.kind else {
        return None;
    };
    let clean = clean(text.as_bytes());
    let doc = match String::from_utf8(clean) {
        Ok(text) => Const::Str(Arc::from(text)),
        Err(error) => Const::StrWtf8(Arc::from(error.into_bytes())),
    };
    Some((doc, value.span))
}

/// Takes the common indentation away; works on bytes, since all that it looks at is ASCII.
fn clean(text: &[u8]) -> Vec<u8> {
    let text = expand_tabs(text);
    let lines: Vec<&[u8]> = text.split(|&b| b == b'\n').collect();
    let margin = lines.iter().skip(1).filter_map(|line| line.iter().position(|&b| b != b' ')).min().unwrap_or(0);
    let mut out = Vec::with_capacity(text.len());
    for (i, line) in lines.iter().enumerate() {
        let indent = line.iter().take_while(|&&b| b == b' ').count();
        let cut = if i == 0 { indent } else { indent.min(margin) };
        if i > 0 {
            out.push(b'\n');
        }
        out.extend(&line[cut..]);
    }
    out
}

fn expand_tabs(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut column = 0usize;
    for &b in text {
        match b {
            b'\t' => {
                let n = 8 - column % 8;
                out.resize(out.len() + n, b' ');
                column += n;
            }
            b'\n' | b'\r' => {
                out.push(b);
                column = 0;
            }
            _ => {
                out.push(b);
                column += usize::from(b & 0xC0 != 0x80);
            }
        }
    }
    out
}
