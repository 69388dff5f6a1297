//! `_opcode`: the table of instructions and the instructions of code objects, for the module `dis`.

use gilbert_vm::code::{CodeProto, Pos};
use gilbert_vm::error::PyResult;
use gilbert_vm::op::{self, BinOp, CmpOp, Instr, Op};
use gilbert_vm::types::function::Code;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    function("names()", names),
    function("with_operand(kind, /)", with_operand),
    function("instructions(code, /)", instructions),
    function("get_executor(code, offset, /)", |vm, _| Err(vm.runtime_error("Executors are not available in this build"))),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    Ok(vm.new_module("_opcode", "Opcode support module.", FUNCTIONS))
}

fn names(vm: &mut Vm, _: &[Value]) -> PyResult {
    let all = Op::ALL.iter().map(|o| vm.intern(o.name())).collect();
    Ok(vm.new_tuple(all))
}
/// The numbers of the instructions whose operand is a constant, a name, a local variable or a jump's target.
fn with_operand(vm: &mut Vm, args: &[Value]) -> PyResult {
    let flag = match vm.expect_str(&args[0], "kind")?.as_str() {
        "const" => op::CONST,
        "name" => op::NAME,
        "local" => op::LOCAL,
        "jump" => op::JUMP,
        other => return Err(vm.value_error(format!("unknown kind of operand: {other}"))),
    };
    let all = Op::ALL.iter().filter(|o| o.flags() & flag != 0).map(|o| Value::i32(*o as i32)).collect();
    Ok(vm.new_list(all))
}

/// (number, offset, operand, its value, its text, whether a jump comes here, (line, end line, column, end column)), in order.
/// Offsets count two for each instruction, as `f_lasti` does.
fn instructions(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(code) = args[0].get::<Code>() else { return Err(vm.type_error("a code object is needed")) };
    let proto = code.proto.clone();
    let targets = targets(&proto);
    let mut out = Vec::with_capacity(proto.instrs.len());
    for (at, instr) in proto.instrs.iter().enumerate() {
        let (arg, value, text) = operand(vm, &args[0], instr)?;
        let text = vm.new_str(text);
        let place = place(vm, proto.positions.get(at));
        let is_target = Value::bool(targets.binary_search(&(at as u32)).is_ok());
        let offset = Value::small_wrap(at as i64 * 2);
        out.push(vm.new_tuple(vec![Value::i32(instr.op as i32), offset, arg, value, text, is_target, place]));
    }
    Ok(vm.new_list(out))
}
fn targets(code: &CodeProto) -> Vec<u32> {
    let mut all: Vec<u32> = code.instrs.iter().filter(|i| i.op.flags() & op::JUMP != 0).map(|i| i.b).collect();
    all.extend(code.exc_table.iter().map(|e| e.target));
    all.sort_unstable();
    all.dedup();
    all
}
fn place(vm: &mut Vm, pos: Option<&Pos>) -> Value {
    let parts = match pos {
        Some(p) if p.line > 0 => [p.line, p.end_line, p.col as u32, p.end_col as u32].map(|n| Value::small_wrap(n as i64)).to_vec(),
        _ => vec![Value::NONE; 4],
    };
    vm.new_tuple(parts)
}
/// An operand as number, value and text.
fn operand(vm: &mut Vm, owner: &Value, instr: &Instr) -> PyResult<(Value, Value, String)> {
    let code = owner.get::<Code>().expect("a code object");
    vm.load_code(code);
    let (flags, b) = (instr.op.flags(), instr.b as usize);
    let number = Value::small_wrap(b as i64);
    if flags & op::CONST != 0 {
        let value = code.consts.get(b).cloned().unwrap_or(Value::NONE);
        let text = vm.repr_text(&value)?;
        return Ok((number, value, text));
    }
    let table = if flags & op::NAME != 0 {
        Some(&code.names)
    } else if flags & op::LOCAL != 0 {
        Some(&code.slot_names)
    } else {
        None
    };
    if let Some(name) = table.and_then(|t| t.get(b)) {
        let text = vm.text(name);
        return Ok((number, name.clone(), text));
    }
    if flags & op::JUMP != 0 {
        let to = Value::small_wrap(b as i64 * 2);
        return Ok((number, to, format!("to {}", b * 2)));
    }
    let text = match instr.op {
        Op::BinaryOp => {
            let equals = if instr.c & op::INPLACE != 0 { "=" } else { "" };
            format!("{}{equals}", BinOp::ALL.get((instr.c & !op::INPLACE) as usize).map_or("?", |o| o.text()))
        }
        Op::CompareOp => CmpOp::ALL.get(instr.c as usize).map_or("", |o| o.text()).to_string(),
        Op::IsOp => (if b == 1 { "is not" } else { "is" }).to_string(),
        Op::ContainsOp => (if b == 1 { "not in" } else { "in" }).to_string(),
        _ => String::new(),
    };
    if text.is_empty() && b == 0 {
        return Ok((Value::NONE, Value::NONE, text));
    }
    Ok((number.clone(), number, text))
}
