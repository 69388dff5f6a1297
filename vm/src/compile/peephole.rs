//! Small improvements within a block, and jumps to jumps.

use super::assemble::{Graph, Ins, Kind};
use crate::code::Const;
use crate::op::Op;

/// Rewrites short sequences that have a shorter equivalent.
pub(super) fn improve(ins: &mut [Ins], consts: &[Const]) {
    for i in 0..ins.len() {
        match ins[i].kind {
            Kind::Op(Op::LoadConst) => constant(&mut ins[i..], consts),
            Kind::Op(Op::BuildTuple) => build_then_unpack(&mut ins[i..]),
            _ => {}
        }
    }
    for i in (0..ins.len()).rev() {
        if ins[i].is(Op::Swap) {
            swap_stores(&mut ins[i..]);
        }
    }
}

/// `LOAD_CONST` before a jump, a return or `is None`.
fn constant(ins: &mut [Ins], consts: &[Const]) {
    let index = ins[0].b;
    let value = &consts[index as usize];
    let Some(next) = ins.get(1).copied() else {
        return;
    };
    match next.kind {
        Kind::Op(op @ (Op::PopJumpIfFalse | Op::PopJumpIfTrue)) => {
            let Some(truth) = truth(value) else { return };
            ins[0].make_nop();
            if truth == (op == Op::PopJumpIfTrue) {
                ins[1].kind = Kind::Op(Op::Jump);
            } else {
                ins[1].make_nop();
            }
        }
        Kind::Op(Op::ReturnValue) => {
            ins[0].make_nop();
            ins[1].kind = Kind::Op(Op::ReturnConst);
            ins[1].b = index;
        }
        Kind::Op(Op::IsOp) if *value == Const::None => {
            let inverted = next.b == 1;
            let Some(Kind::Op(jump @ (Op::PopJumpIfFalse | Op::PopJumpIfTrue))) = ins.get(2).map(|i| i.kind) else {
                return;
            };
            let on_none = (jump == Op::PopJumpIfTrue) != inverted;
            ins[0].make_nop();
            ins[1].make_nop();
            ins[2].kind = Kind::Op(if on_none { Op::PopJumpIfNone } else { Op::PopJumpIfNotNone });
        }
        _ => {}
    }
}

/// `a, b = x, y` needs no tuple.
fn build_then_unpack(ins: &mut [Ins]) {
    let count = ins[0].b;
    if !ins.get(1).is_some_and(|u| u.is(Op::UnpackSequence) && u.b == count) {
        return;
    }
    match count {
        1 => {
            ins[0].make_nop();
            ins[1].make_nop();
        }
        2 | 3 => {
            ins[0].make_nop();
            ins[1].kind = Kind::Op(Op::Swap);
        }
        _ => {}
    }
}

/// `SWAP n` before stores: exchange the stores instead of the values.
fn swap_stores(ins: &mut [Ins]) {
    let n = ins[0].b as usize;
    let line = ins[0].pos.line;
    let mut stores = Vec::with_capacity(n);
    for (i, next) in ins.iter().enumerate().skip(1) {
        if next.is(Op::Nop) {
            continue;
        }
        let movable = next.is(Op::StoreFast) || next.is(Op::Pop);
        if !movable || (line != 0 && next.pos.line != 0 && next.pos.line != line) {
            break;
        }
        stores.push(i);
        if stores.len() == n {
            break;
        }
    }
    if stores.len() < n || n < 2 {
        return;
    }
    let (first, last) = (stores[0], stores[n - 1]);
    if conflicts(ins, &stores) {
        return;
    }
    ins[0].make_nop();
    ins.swap(first, last);
}

/// Whether a slot stored at either end is stored twice: then the order of the stores matters.
fn conflicts(ins: &[Ins], stores: &[usize]) -> bool {
    let slots: Vec<u32> = stores.iter().filter(|&&i| ins[i].is(Op::StoreFast)).map(|&i| ins[i].b).collect();
    slots.iter().enumerate().any(|(i, slot)| slots[i + 1..].contains(slot))
}

/// The truth of a constant; `None` where it is left to the machine.
fn truth(value: &Const) -> Option<bool> {
    Some(match value {
        Const::None | Const::False => false,
        Const::True | Const::Ellipsis | Const::BigInt(..) => true,
        Const::Int(n) => *n != 0,
        Const::Float(x) | Const::Imag(x) => *x != 0.0,
        Const::Complex(re, im) => *re != 0.0 || *im != 0.0,
        Const::Str(text) => !text.is_empty(),
        Const::StrWtf8(bytes) | Const::Bytes(bytes) => !bytes.is_empty(),
        Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
        Const::Code(_) => return None,
    })
}

/// Retargets jumps that lead to jumps.
pub(super) fn thread_jumps(graph: &mut Graph) {
    let bound = graph.blocks.len().min(64);
    let places = graph.places();
    for at in 0..graph.order.len() {
        let b = graph.order[at] as usize;
        for _ in 0..bound {
            if !thread_one(graph, &places, b) {
                break;
            }
        }
    }
}

/// One step for the jump that ends block `b`; whether something changed.
fn thread_one(graph: &mut Graph, places: &[usize], b: usize) -> bool {
    let Some(&jump) = graph.blocks[b].ins.last() else {
        return false;
    };
    let Kind::Op(op) = jump.kind else {
        return false;
    };
    if !jump.is_jump() || matches!(op, Op::ForIter | Op::Send) {
        return false;
    }
    let Some((target, follower)) = first_of(graph, places, jump.b) else {
        return false;
    };
    let (new_op, new_b) = match (op, target.kind) {
        (_, Kind::Op(Op::Jump)) if !keeps_value(op) || places[b] < places[target.b as usize] => (op, target.b),
        (Op::JumpIfFalseOrPop, Kind::Op(Op::JumpIfFalseOrPop)) => (op, target.b),
        (Op::JumpIfTrueOrPop, Kind::Op(Op::JumpIfTrueOrPop)) => (op, target.b),
        (Op::JumpIfFalseOrPop, Kind::Op(Op::PopJumpIfFalse)) => (Op::PopJumpIfFalse, target.b),
        (Op::JumpIfTrueOrPop, Kind::Op(Op::PopJumpIfTrue)) => (Op::PopJumpIfTrue, target.b),
        (Op::JumpIfFalseOrPop, Kind::Op(Op::JumpIfTrueOrPop | Op::PopJumpIfTrue)) => {
            let Some(next) = follower else { return false };
            (Op::PopJumpIfFalse, next)
        }
        (Op::JumpIfTrueOrPop, Kind::Op(Op::JumpIfFalseOrPop | Op::PopJumpIfFalse)) => {
            let Some(next) = follower else { return false };
            (Op::PopJumpIfTrue, next)
        }
        _ => return false,
    };
    if new_op == op && new_b == jump.b {
        return false;
    }
    let end = graph.blocks[b].ins.len() - 1;
    graph.blocks[b].ins[end].kind = Kind::Op(new_op);
    graph.blocks[b].ins[end].b = new_b;
    true
}

fn keeps_value(op: Op) -> bool {
    matches!(op, Op::JumpIfFalseOrPop | Op::JumpIfTrueOrPop)
}

/// The only instruction of a jump's target (NOPs without a line aside) and the block behind it.
fn first_of(graph: &Graph, places: &[usize], block: u32) -> Option<(Ins, Option<u32>)> {
    let ins = &graph.blocks[block as usize].ins;
    let first = ins.iter().find(|i| !(i.is(Op::Nop) && i.pos.line == 0))?;
    let follower = graph.order.get(places[block as usize] + 1).copied();
    Some((*first, follower))
}
