//! From shared code to an isolate's own: cache slots, and fusions of thread-local instructions.
//!
//! A fused instruction stands in the place of the first one it replaces; the others stay behind it. It either does the work of
//! all of them without any visible effect of the parts, or does only what the first one did and lets the others follow. So
//! errors, line numbers, jump targets and preemption between any two of them stay exact.

use crate::code::{CodeProto, flags};
use crate::control::{Sites, patch};
use crate::op::{CACHE, INPLACE, Instr, Op};
use crate::types::function::{Cache, Code, Late};
use crate::value::Value;
use std::cell::{Cell, UnsafeCell};
use std::sync::Arc;

/// An isolate's code object, not loaded yet. `texts`: name, qualname, filename.
pub fn unloaded(proto: Arc<CodeProto>, texts: [Value; 3]) -> Code {
    let [name, qualname, filename] = texts;
    Code {
        consts: Late::default(),
        names: Late::default(),
        slot_names: Late::default(),
        name,
        qualname,
        filename,
        visible: Late::default(),
        key: Cell::new(0),
        instrs: UnsafeCell::default(),
        caches: UnsafeCell::default(),
        simple_args: Cell::new(false),
        frame_size: proto.slots() + proto.stack_size as usize + 1,
        arg_count: proto.arg_count as usize,
        slots: proto.slots(),
        proto,
    }
}

/// Makes code ready to run. Does nothing where it is.
pub fn load(code: &Code, consts: Vec<Value>, names: Vec<Value>, slot_names: Vec<Value>, visible: Option<&Sites>) {
    if code.is_loaded() {
        return;
    }
    let proto = &code.proto;
    code.consts.fill(consts);
    code.names.fill(names);
    code.slot_names.fill(slot_names);
    let mut instrs: Vec<Instr> = proto.instrs.clone();
    let slots = assign_caches(&mut instrs);
    fuse(&mut instrs);
    if let Some(visible) = visible {
        code.visible.fill(patch(&mut instrs, &proto.instrs, visible.of(code.key())));
    }
    let plain = flags::VARARGS | flags::VARKEYWORDS;
    code.simple_args.set(proto.flags & plain == 0 && proto.kwonly_count == 0 && proto.flags & flags::OPTIMIZED != 0);
    // SAFETY: H1: the GIL is held. No frame runs this code, so nobody points into its instructions or caches.
    unsafe {
        *code.caches.get() = vec![Cache::default(); slots].into();
        *code.instrs.get() = instrs.into();
    }
}

/// Makes loaded code ready for other visible instructions. No frame runs it; its caches stay.
pub(crate) fn patch_again(code: &Code, visible: &Sites) {
    let proto = &code.proto;
    let mut instrs: Vec<Instr> = proto.instrs.clone();
    assign_caches(&mut instrs);
    fuse(&mut instrs);
    code.visible.replace(patch(&mut instrs, &proto.instrs, visible.of(code.key())));
    // SAFETY: H1; no frame points into the instructions.
    unsafe { *code.instrs.get() = instrs.into() };
}

/// Gives each cached instruction its slots, from 2: attributes get two. The first two are shared by those beyond 65,534 and never hit
/// for long.
fn assign_caches(instrs: &mut [Instr]) -> usize {
    let mut next = 2usize;
    for i in instrs {
        if i.op.flags() & CACHE != 0 {
            let n = matches!(i.op, Op::LoadAttr | Op::LoadMethod | Op::StoreAttr) as usize + 1;
            i.a = if next + n <= 1 << 16 { next as u16 } else { 0 };
            next += if i.a == 0 { 0 } else { n };
        }
    }
    next
}

const SMALL: u32 = 1 << 16;

fn fuse(instrs: &mut [Instr]) {
    let plain: Vec<Instr> = instrs.to_vec();
    for i in 0..plain.len() {
        if let Some(f) = fused(&plain[i..]) {
            instrs[i] = f;
        }
    }
}

/// The sense of a conditional jump, as bit 7 of a fused comparison's `c`.
fn jump_sense(op: Op) -> Option<u8> {
    match op {
        Op::PopJumpIfFalse => Some(0),
        Op::PopJumpIfTrue => Some(0x80),
        _ => None,
    }
}

fn fused(s: &[Instr]) -> Option<Instr> {
    let at = |i: usize| s.get(i).copied().unwrap_or(Instr::new(Op::Nop, 0));
    let (a, b, c, d) = (at(0), at(1), at(2), at(3));
    let make = |op, c: u8, a: u32, b: u32| Some(Instr { op, c, a: a as u16, b });
    let small = a.b < SMALL && b.b < SMALL && d.b < SMALL;
    match (a.op, b.op) {
        (Op::LoadFast, Op::LoadFast) if a.b < SMALL => match (c.op, d.op) {
            (Op::BinaryOp, Op::StoreFast) if small => make(Op::FastFastBinaryStore, c.c & !INPLACE, a.b, b.b | d.b << 16),
            (Op::BinaryOp, _) => make(Op::FastFastBinary, c.c & !INPLACE, a.b, b.b),
            (Op::CompareOp, j) if jump_sense(j).is_some() && b.b < SMALL => make(Op::FastFastCompareJump, c.c | jump_sense(j)?, a.b, b.b),
            (Op::BinarySubscr, _) => make(Op::FastFastSubscr, 0, a.b, b.b),
            _ => make(Op::LoadFastLoadFast, 0, a.b, b.b),
        },
        (Op::LoadFast, Op::LoadConst) if a.b < SMALL => match (c.op, d.op) {
            (Op::BinaryOp, Op::StoreFast) if small => make(Op::FastConstBinaryStore, c.c & !INPLACE, a.b, b.b | d.b << 16),
            (Op::BinaryOp, _) => make(Op::FastConstBinary, c.c & !INPLACE, a.b, b.b),
            (Op::CompareOp, j) if jump_sense(j).is_some() => make(Op::FastConstCompareJump, c.c | jump_sense(j)?, a.b, b.b),
            _ if b.b < SMALL => make(Op::LoadFastLoadConst, 0, b.b, a.b),
            _ => None,
        },
        (Op::LoadFast, Op::LoadAttr) => make(Op::FastLoadAttr, 0, 0, a.b),
        (Op::LoadFast, Op::BinaryOp) => make(Op::StackFastBinary, b.c & !INPLACE, 0, a.b),
        (Op::LoadFast, Op::ReturnValue) => make(Op::ReturnFast, 0, 0, a.b),
        (Op::LoadFast, j) if jump_sense(j).is_some() => make(Op::FastJump, jump_sense(j)?, 0, a.b),
        (Op::LoadConst, Op::BinaryOp) => make(Op::StackConstBinary, b.c & !INPLACE, 0, a.b),
        (Op::CompareOp, j) if jump_sense(j).is_some() => make(Op::CompareJump, a.c | jump_sense(j)?, 0, 0),
        (Op::ForIter, Op::StoreFast) if b.b < SMALL => make(Op::ForIterStore, 0, b.b, a.b),
        // the second half of a call's preparation touches nothing
        (Op::LoadGlobal, Op::PushNull) => Some(Instr { c: 1, ..a }),
        (Op::StoreFast, Op::LoadFast) if b.b < SMALL => make(Op::StoreFastLoadFast, 0, b.b, a.b),
        _ => None,
    }
}
