//! What is touched, in words, read off the instruction that touches it.

use super::races::Manner;
use gilbert_vm::code::{CodeProto, Const};
use gilbert_vm::op::{Instr, NAME, Op};
use gilbert_vm::probe::Part;
use gilbert_vm::sync::local::Local;
use gilbert_vm::types::bytes::ByteArray;
use gilbert_vm::types::dict::Dict;
use gilbert_vm::types::function::Cell;
use gilbert_vm::types::list::List;
use gilbert_vm::types::set_table::Set;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// What is touched: what all races on it have in common, and as it is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Location {
    /// Without an item's index or a variable's name for the container.
    pub coarse: String,
    /// As it is told.
    pub told: String,
}

/// Whether the object is a container with contents of its own, beside any attributes.
pub fn is_container(object: &Value) -> bool {
    object.is_a::<List>() || object.is_a::<Dict>() || object.is_a::<Set>() || object.is_a::<ByteArray>()
}

/// How this instruction touches a part of an object.
pub fn manner(code: &CodeProto, at: u32, part: Part) -> Manner {
    let plain = |op: Op| {
        matches!(
            op,
            Op::LoadGlobal
                | Op::LoadName
                | Op::StoreGlobal
                | Op::StoreName
                | Op::DeleteGlobal
                | Op::DeleteName
                | Op::LoadAttr
                | Op::StoreAttr
                | Op::DeleteAttr
                | Op::LoadDeref
                | Op::StoreDeref
                | Op::DeleteDeref
                | Op::BinarySubscr
                | Op::StoreSubscr
                | Op::DeleteSubscr
                | Op::ForIter
                | Op::GetIter
                | Op::UnpackSequence
        )
    };
    match code.instrs.get(at as usize) {
        _ if matches!(part, Part::Name(_)) => Manner::Plain,
        Some(i) if plain(i.op) => Manner::Plain,
        _ => Manner::Method,
    }
}

/// The location of an access by the innermost instruction; `None` for what no script thinks of as shared data (streams, generators of
/// random numbers, thread-local values), which looks after itself.
pub fn location(vm: &Vm, object: &Value, part: Part) -> Option<Location> {
    let (code, at) = vm.calls().next()?;
    let at = at as usize;
    let instr = code.instrs.get(at)?;
    let name = || (instr.op.flags() & NAME != 0).then(|| code.names.get(instr.b as usize)).flatten();
    let same = |text: String| Some(Location { coarse: text.clone(), told: text });
    if object.is_a::<Cell>() {
        let slot = code.slot_names.get(instr.b as usize).map_or("?", |n| n);
        return same(format!("variable `{slot}` of an enclosing function"));
    }
    if object.is_a::<Local>() {
        return None;
    }
    if object.is_a::<Dict>() && matches!(instr.op, Op::LoadGlobal | Op::StoreGlobal | Op::DeleteGlobal | Op::LoadName | Op::StoreName | Op::DeleteName) {
        return same(format!("global `{}`", name()?));
    }
    let of_attribute = matches!(instr.op, Op::LoadAttr | Op::LoadMethod | Op::StoreAttr | Op::DeleteAttr) && !object.is_a::<Dict>();
    if matches!(part, Part::Name(_)) || of_attribute {
        let attribute = match name() {
            Some(n) => format!("attribute `{n}`"),
            None => "an attribute".to_owned(),
        };
        let class = if vm.is_type(object) { format!("class `{}`", vm.full_type_name(object)) } else { format!("`{}`", vm.short_type_name(object)) };
        return same(format!("{attribute} of {class}"));
    }
    if object.is_a::<Dict>()
        && let (Op::LoadAttr | Op::StoreAttr | Op::DeleteAttr, Some(n)) = (instr.op, name())
    {
        return same(format!("attribute `{n}` of a module"));
    }
    let kind = vm.short_type_name(object);
    if !is_container(object)
        && !matches!(&*kind, "deque" | "array" | "generator" | "count" | "cycle" | "islice" | "chain" | "enumerate" | "zip" | "map" | "filter")
    {
        return None;
    }
    let container = match receiver(code, at) {
        Some(text) => format!("{kind} `{text}`"),
        None => format!("a {kind}"),
    };
    let told = match part {
        Part::Index(i) => format!("item {i} of {container}"),
        Part::Hash(_) => match key(code, at) {
            Some(key) => format!("item {key} of {container}"),
            None => format!("an item of {container}"),
        },
        _ => container,
    };
    Some(Location { coarse: kind, told })
}

/// The container on which the instruction works, as the script writes it.
fn receiver(code: &CodeProto, at: usize) -> Option<String> {
    let instr = code.instrs.get(at)?;
    match instr.op {
        Op::BinarySubscr | Op::StoreSubscr | Op::DeleteSubscr => {
            is_simple(code.instrs.get(at.checked_sub(1)?)?).then(|| expression(code, at.checked_sub(2)?)).flatten()
        }
        Op::ContainsOp | Op::GetIter | Op::UnpackSequence => expression(code, at.checked_sub(1)?),
        Op::Call => match method_load(code, at) {
            Some(load) => expression(code, load.checked_sub(1)?),
            None if instr.b == 1 => expression(code, at.checked_sub(1)?),
            None => None,
        },
        _ => None,
    }
}

/// The key of a subscript, where it is a constant.
fn key(code: &CodeProto, at: usize) -> Option<String> {
    let before = code.instrs.get(at.checked_sub(1)?)?;
    match code.consts.get(before.b as usize)? {
        Const::Str(s) if before.op == Op::LoadConst => Some(format!("'{s}'")),
        Const::Int(i) if before.op == Op::LoadConst => Some(i.to_string()),
        _ => None,
    }
}

fn is_simple(i: &Instr) -> bool {
    matches!(i.op, Op::LoadConst | Op::LoadFast | Op::LoadGlobal | Op::LoadName | Op::LoadDeref)
}

/// The instruction that has loaded the method which this one calls: it begins where the call begins.
fn method_load(code: &CodeProto, call: usize) -> Option<usize> {
    let place = code.positions.get(call)?;
    (0..call).rev().take(200).find(|&i| {
        let here = code.positions.get(i);
        code.instrs[i].op == Op::LoadMethod && here.is_some_and(|p| (p.line, p.col) == (place.line, place.col))
    })
}

/// The expression whose value this instruction leaves, if it is a name with attributes.
fn expression(code: &CodeProto, end: usize) -> Option<String> {
    let i = code.instrs.get(end)?;
    let name = |names: &[std::sync::Arc<str>]| names.get(i.b as usize).map(|n| n.to_string());
    match i.op {
        Op::LoadGlobal | Op::LoadName => name(&code.names),
        Op::LoadFast | Op::LoadDeref => name(&code.slot_names),
        Op::LoadAttr => Some(format!("{}.{}", expression(code, end.checked_sub(1)?)?, name(&code.names)?)),
        Op::BinarySubscr if is_simple(code.instrs.get(end.checked_sub(1)?)?) => {
            let key = key(code, end).or_else(|| expression(code, end - 1))?;
            Some(format!("{}[{key}]", expression(code, end.checked_sub(2)?)?))
        }
        _ => None,
    }
}

/// What the script calls the lock that this instruction acquires.
pub fn lock_expression(code: &CodeProto, at: u32) -> Option<String> {
    let at = at as usize;
    match code.instrs.get(at)?.op {
        Op::BeforeWith => expression(code, at.checked_sub(1)?),
        Op::Call => expression(code, method_load(code, at)?.checked_sub(1)?),
        _ => None,
    }
}
