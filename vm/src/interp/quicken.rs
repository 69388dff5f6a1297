//! From shared code to an isolate's own: fusions and inline caches.

use crate::code::CodeProto;
use crate::types::function::{Cache, Code};
use crate::value::Value;
use std::cell::UnsafeCell;
use std::sync::Arc;

/// An isolate's code object. `texts`: name, qualname, filename.
pub fn prepare(proto: Arc<CodeProto>, consts: Vec<Value>, names: Vec<Value>, slot_names: Vec<Value>, texts: [Value; 3]) -> Code {
    let [name, qualname, filename] = texts;
    let instrs: Box<[crate::op::Instr]> = proto.instrs.clone().into();
    let caches: Box<[Cache]> = Box::default();
    let simple_args = false;
    let frame_size = proto.slots() + proto.stack_size as usize;
    Code {
        proto,
        consts: consts.into(),
        names: names.into(),
        slot_names: slot_names.into(),
        name,
        qualname,
        filename,
        instrs: UnsafeCell::new(instrs),
        caches: UnsafeCell::new(caches),
        simple_args,
        frame_size,
    }
}
