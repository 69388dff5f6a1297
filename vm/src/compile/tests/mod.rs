//! Tests of the compiler: listings, error texts, the whole library, random programs.

mod errors;
mod golden;
mod library;
mod random;
mod structure;

use super::{Mode, Options, compile_source, verify};
use crate::code::{CodeProto, Const};
use std::sync::Arc;

/// Compiles a module and checks it.
fn code(src: &str) -> Arc<CodeProto> {
    let done = compile_source(src, "test.py", Mode::Exec, &Options::default());
    let code = done.unwrap_or_else(|e| panic!("{e}\n{src}")).code;
    assert_eq!(verify::verify(&code), Ok(()));
    code
}

/// The first code object named `name` inside `code`.
fn inner(code: &CodeProto, name: &str) -> Arc<CodeProto> {
    fn find(code: &CodeProto, name: &str) -> Option<Arc<CodeProto>> {
        code.consts.iter().find_map(|c| match c {
            Const::Code(inner) if &*inner.name == name => Some(inner.clone()),
            Const::Code(inner) => find(inner, name),
            _ => None,
        })
    }
    find(code, name).unwrap_or_else(|| panic!("no code named {name}"))
}
