//! Checks what the machine relies on when it runs a code object: it does not look at depths and bounds itself.

use super::effects::effect;
use crate::code::{CodeProto, Const, ExcEntry};
use crate::op::{self, Op};

/// Checks `code` and all code inside it.
///
/// # Errors
/// What is wrong with it, in words; such code must not be run.
pub fn verify(code: &CodeProto) -> Result<(), String> {
    let told = |what: String| format!("{}: {what}", code.qualname);
    shape(code).map_err(told)?;
    operands(code).map_err(told)?;
    exceptions(code).map_err(told)?;
    depths(code).map_err(told)?;
    inner(&code.consts)
}

fn inner(consts: &[Const]) -> Result<(), String> {
    for value in consts {
        match value {
            Const::Code(code) => verify(code)?,
            Const::Tuple(items) | Const::FrozenSet(items) => inner(items)?,
            _ => {}
        }
    }
    Ok(())
}

fn shape(code: &CodeProto) -> Result<(), String> {
    if code.instrs.is_empty() || code.instrs.len() != code.positions.len() {
        return Err("instructions and positions differ in number".to_owned());
    }
    let last = code.instrs[code.instrs.len() - 1];
    if last.op.flags() & op::END == 0 {
        return Err("control runs off the end".to_owned());
    }
    let params = u64::from(code.arg_count)
        + u64::from(code.kwonly_count)
        + u64::from(code.flags & crate::code::flags::VARARGS != 0)
        + u64::from(code.flags & crate::code::flags::VARKEYWORDS != 0);
    if params > code.varnames.len() as u64 || code.posonly_count > code.arg_count {
        return Err("more parameters than variables".to_owned());
    }
    if code.freevars.len() > code.slot_names.len() {
        return Err("more free variables than slots".to_owned());
    }
    let free = &code.slot_names[code.first_free_slot()..];
    if free != code.freevars.as_slice() {
        return Err("free variables are not in the last slots".to_owned());
    }
    if code.slot_names.len() > u16::MAX as usize {
        return Err("too many slots".to_owned());
    }
    Ok(())
}

fn operands(code: &CodeProto) -> Result<(), String> {
    let within = |b: u32, len: usize| (b as usize) < len;
    for (at, instr) in code.instrs.iter().enumerate() {
        let flags = instr.op.flags();
        let bad = flags & op::FUSED != 0
            || (flags & op::JUMP != 0 && !within(instr.b, code.instrs.len()))
            || (flags & op::CONST != 0 && !within(instr.b, code.consts.len()))
            || (flags & op::NAME != 0 && !within(instr.b, code.names.len()))
            || (flags & op::LOCAL != 0 && !within(instr.b, code.slot_names.len()))
            || (instr.op == Op::BinaryOp && usize::from(instr.c & !op::INPLACE) >= op::BinOp::ALL.len())
            || (instr.op == Op::CompareOp && usize::from(instr.c) >= op::CmpOp::ALL.len())
            || effect(instr).is_none();
        if bad {
            return Err(format!("{} at {at} has a bad operand {}", instr.op.name(), instr.b));
        }
        let backward = instr.b as usize <= at;
        let wrong_way = match instr.op {
            Op::JumpBack => !backward,
            op if op.flags() & op::JUMP != 0 => backward,
            _ => false,
        };
        if wrong_way {
            return Err(format!("{} at {at} goes the wrong way", instr.op.name()));
        }
    }
    Ok(())
}

fn exceptions(code: &CodeProto) -> Result<(), String> {
    let len = code.instrs.len() as u32;
    for entry in &code.exc_table {
        let ok = entry.start < entry.end
            && entry.end <= len
            && entry.target < len
            && u64::from(entry.depth) + 1 + u64::from(entry.lasti) <= u64::from(code.stack_size);
        if !ok {
            return Err(format!("bad exception entry {entry:?}"));
        }
    }
    Ok(())
}

/// The innermost entry that holds instruction `at`. The compiler's tables are in the order of the code, without overlap.
fn entry_of(code: &CodeProto, at: u32, in_order: bool) -> Option<&ExcEntry> {
    let table = &code.exc_table;
    let found = if in_order { table.get(table.partition_point(|e| e.end <= at)) } else { table.iter().find(|e| e.start <= at && at < e.end) };
    found.filter(|e| e.start <= at)
}

/// Walks all paths: depths agree where they meet, never exceed `stack_size`, and suffice for every handler.
fn depths(code: &CodeProto) -> Result<(), String> {
    let len = code.instrs.len();
    let in_order = code.exc_table.windows(2).all(|w| w[0].end <= w[1].start);
    let mut known: Vec<Option<u32>> = vec![None; len];
    let mut work = vec![(0usize, 0u32)];
    while let Some((start, depth)) = work.pop() {
        let mut at = start;
        let mut depth = depth;
        loop {
            if at >= len {
                return Err("control runs off the end".to_owned());
            }
            match known[at] {
                Some(before) if before == depth => break,
                Some(before) => {
                    return Err(format!("depths {before} and {depth} meet at {at}"));
                }
                None => known[at] = Some(depth),
            }
            let instr = &code.instrs[at];
            let Some(change) = effect(instr).filter(|e| e.pops <= depth) else {
                return Err(format!("{} at {at}: depth {depth}", instr.op.name()));
            };
            if let Some(entry) = entry_of(code, at as u32, in_order) {
                if entry.depth > depth {
                    return Err(format!("{at}: depth {depth} is below its handler's"));
                }
                let pushed = entry.depth + 1 + u32::from(entry.lasti);
                if known[entry.target as usize] != Some(pushed) {
                    work.push((entry.target as usize, pushed));
                }
            }
            if instr.op.flags() & op::JUMP != 0 {
                let target = depth - change.pops + change.jump_pushes;
                if target > code.stack_size {
                    return Err(format!("{at}: deeper than the stack"));
                }
                work.push((instr.b as usize, target));
            }
            depth = depth - change.pops + change.pushes;
            if depth > code.stack_size {
                return Err(format!("{at}: deeper than the stack"));
            }
            if instr.op.flags() & op::END != 0 {
                break;
            }
            at += 1;
        }
    }
    Ok(())
}
