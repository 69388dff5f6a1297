//! `code`: what Python sees of compiled code (`Objects/codeobject.c`).

use crate::code::Pos;
use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::layout_of;
use crate::types::dict::Dict;
use crate::types::function::Code;
use crate::types::native::{GetSet, NativeDef, getter, method, static_method};
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;
use std::sync::Arc;

fn code(v: &Value) -> &Code {
    v.get::<Code>().expect("a code object")
}
fn texts(vm: &mut Vm, all: &[Arc<str>]) -> PyResult {
    let items = vm.interned_all(all);
    Ok(vm.new_tuple(items))
}
macro_rules! numbers {
    ($($name:ident $field:ident,)*) => { $(fn $name(_: &mut Vm, v: &Value) -> PyResult { Ok(Value::small_wrap(code(v).proto.$field as i64)) })* };
}
numbers! {
    get_argcount arg_count, get_posonly posonly_count, get_kwonly kwonly_count, get_flags flags, get_stacksize stack_size, get_firstlineno first_line,
}
macro_rules! names {
    ($($name:ident $field:ident,)*) => { $(fn $name(vm: &mut Vm, v: &Value) -> PyResult { let p = code(v).proto.clone(); texts(vm, &p.$field) })* };
}
names! { get_names names, get_varnames varnames, get_cellvars cellvars, get_freevars freevars, }

fn get_name(_: &mut Vm, v: &Value) -> PyResult {
    Ok(code(v).name.clone())
}
fn get_qualname(_: &mut Vm, v: &Value) -> PyResult {
    Ok(code(v).qualname.clone())
}
fn get_filename(_: &mut Vm, v: &Value) -> PyResult {
    Ok(code(v).filename.clone())
}
fn get_nlocals(_: &mut Vm, v: &Value) -> PyResult {
    Ok(Value::small_wrap(code(v).proto.varnames.len() as i64))
}
fn get_consts(vm: &mut Vm, v: &Value) -> PyResult {
    vm.load_code(code(v));
    Ok(vm.new_tuple(code(v).consts.to_vec()))
}
/// The instructions as bytes, two for each as in CPython's units; for equality and hashing rather than for reading.
fn get_bytes(vm: &mut Vm, v: &Value) -> PyResult {
    let proto = code(v).proto.clone();
    let bytes: Vec<u8> = proto.instrs.iter().flat_map(|i| [i.op as u8, i.b as u8]).collect();
    Ok(vm.new_bytes(bytes))
}
fn get_empty_bytes(vm: &mut Vm, _: &Value) -> PyResult {
    Ok(vm.new_bytes(Vec::new()))
}
fn opt_number(n: u32) -> Value {
    if n == 0 { Value::NONE } else { Value::small_wrap(n as i64) }
}
fn columns(p: &Pos) -> (Value, Value) {
    if p.line == 0 { (Value::NONE, Value::NONE) } else { (Value::small_wrap(p.col as i64), Value::small_wrap(p.end_col as i64)) }
}
fn positions(vm: &mut Vm, args: &[Value]) -> PyResult {
    let proto = code(&args[0]).proto.clone();
    let mut out = Vec::with_capacity(proto.positions.len());
    for p in &proto.positions {
        let (col, end_col) = columns(p);
        out.push(vm.new_tuple(vec![opt_number(p.line), opt_number(p.end_line), col, end_col]));
    }
    let list = vm.new_list(out);
    vm.iter(&list)
}
/// Runs of instructions of one line: (start, end, line), in CPython's bytes.
fn lines(vm: &mut Vm, args: &[Value]) -> PyResult {
    let proto = code(&args[0]).proto.clone();
    let mut runs: Vec<(usize, usize, u32)> = Vec::new();
    for (i, p) in proto.positions.iter().enumerate() {
        match runs.last_mut() {
            Some(r) if r.2 == p.line => r.1 = i + 1,
            _ => runs.push((i, i + 1, p.line)),
        }
    }
    let mut out = Vec::with_capacity(runs.len());
    for (start, end, line) in runs {
        out.push(vm.new_tuple(vec![Value::small_wrap(start as i64 * 2), Value::small_wrap(end as i64 * 2), opt_number(line)]));
    }
    let list = vm.new_list(out);
    vm.iter(&list)
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let c = code(&args[0]);
    let (name, file, line) = (c.proto.name.clone(), c.proto.filename.clone(), c.proto.first_line);
    let at = vm.address_of(&args[0]);
    Ok(vm.new_str(format!("<code object {name} at {at:#x}, file \"{file}\", line {line}>")))
}
fn same(a: &Code, b: &Code) -> bool {
    Arc::ptr_eq(&a.proto, &b.proto)
        || (a.proto.name == b.proto.name
            && a.proto.first_line == b.proto.first_line
            && a.proto.instrs == b.proto.instrs
            && a.proto.names == b.proto.names
            && a.proto.slot_names == b.proto.slot_names
            && a.proto.consts == b.proto.consts
            && a.proto.positions == b.proto.positions
            && (a.proto.arg_count, a.proto.posonly_count, a.proto.kwonly_count, a.proto.flags)
                == (b.proto.arg_count, b.proto.posonly_count, b.proto.kwonly_count, b.proto.flags))
}
fn eq(_: &mut Vm, args: &[Value]) -> PyResult {
    match args[1].get::<Code>() {
        Some(b) => Ok(Value::bool(same(code(&args[0]), b))),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn hash(vm: &mut Vm, args: &[Value]) -> PyResult {
    let p = &code(&args[0]).proto;
    let h = crate::hash::bytes(p.name.as_bytes()) ^ ((p.first_line as i64) << 20) ^ p.instrs.len() as i64;
    Ok(vm.new_int(h))
}

/// `code.replace(**changes)`: names, numbers, the file and the docstring's constants may change; the instructions may not.
fn replace(vm: &mut Vm, args: &[Value]) -> PyResult {
    let c = code(&args[0]);
    vm.load_code(c);
    let mut proto = (*c.proto).clone();
    let mut consts = c.consts.to_vec();
    let changes = args[1].borrow::<Dict>(vm).map(|d| d.iter().map(|(k, v)| (k.value.clone(), v.clone())).collect::<Vec<_>>()).unwrap_or_default();
    for (k, v) in changes {
        let key = vm.text(&k);
        match key.as_str() {
            "co_name" => proto.name = text(vm, &key, &v)?,
            "co_qualname" => proto.qualname = text(vm, &key, &v)?,
            "co_filename" => proto.filename = text(vm, &key, &v)?,
            "co_firstlineno" => shift_lines(&mut proto, number(vm, &key, &v)?),
            "co_flags" => proto.flags = number(vm, &key, &v)?,
            "co_stacksize" => proto.stack_size = proto.stack_size.max(number(vm, &key, &v)?),
            "co_consts" => match v.get::<Tuple>() {
                Some(t) if t.items().len() == consts.len() => consts = t.items().to_vec(),
                _ => return Err(vm.value_error("code.replace(): co_consts must be a tuple of the same length")),
            },
            "co_varnames" | "co_freevars" | "co_cellvars" | "co_names" => rename(vm, &mut proto, &key, &v)?,
            "co_argcount" | "co_posonlyargcount" | "co_kwonlyargcount" | "co_nlocals" | "co_code" | "co_linetable" | "co_exceptiontable" => {
                if key.ends_with("count") || key == "co_nlocals" {
                    number(vm, &key, &v)?;
                }
                let name = vm.iso_mut().intern_value(&k);
                let now = vm.get_attr(&args[0], &name)?;
                if !vm.eq(&now, &v)? {
                    return Err(vm.value_error(format!("code.replace(): {key} cannot be changed")));
                }
            }
            _ => return Err(vm.type_error(format!("'{key}' is an invalid keyword argument for replace()"))),
        }
    }
    let made = vm.new_code(&Arc::new(proto));
    let names = vm.interned_all(&code(&made).proto.names);
    let slots = vm.interned_all(&code(&made).proto.slot_names);
    let visible = vm.iso().settings.visible.clone();
    crate::interp::quicken::load(code(&made), consts, names, slots, visible.as_deref());
    Ok(made)
}
/// Other names for as many variables.
fn rename(vm: &mut Vm, proto: &mut crate::code::CodeProto, key: &str, v: &Value) -> PyResult<()> {
    let Some(items) = v.get::<Tuple>().map(|t| t.items().to_vec()) else {
        let got = vm.type_name(v);
        return Err(vm.type_error(format!("replace() argument '{key}' must be tuple, not {got}")));
    };
    let mut new = Vec::with_capacity(items.len());
    for i in &items {
        let Some(s) = i.get::<Str>() else {
            let got = vm.type_name(i);
            return Err(vm.type_error(format!("name tuples must contain only strings, not '{got}'")));
        };
        new.push(Arc::<str>::from(s.lossy().as_ref()));
    }
    let names = match key {
        "co_varnames" => &mut proto.varnames,
        "co_freevars" => &mut proto.freevars,
        "co_cellvars" => &mut proto.cellvars,
        _ => &mut proto.names,
    };
    if names.len() != new.len() {
        return Err(vm.value_error(format!("code.replace(): {key} must have as many names as before")));
    }
    let old = std::mem::replace(names, new.clone());
    if key != "co_names" {
        for slot in &mut proto.slot_names {
            if let Some(i) = old.iter().position(|n| n == slot) {
                *slot = new[i].clone();
            }
        }
    }
    Ok(())
}
fn text(vm: &mut Vm, key: &str, v: &Value) -> PyResult<Arc<str>> {
    match v.get::<Str>() {
        Some(s) => Ok(s.lossy().into_owned().into()),
        None => {
            let got = vm.type_name(v);
            Err(vm.type_error(format!("replace() argument '{key}' must be str, not {got}")))
        }
    }
}
fn number(vm: &mut Vm, key: &str, v: &Value) -> PyResult<u32> {
    match v.as_small_or_bool().map(u32::try_from) {
        Some(Ok(n)) => Ok(n),
        Some(Err(_)) => Err(vm.value_error(format!("{key} must be a positive integer"))),
        None => {
            let got = vm.type_name(v);
            Err(vm.type_error(format!("'{got}' object cannot be interpreted as an integer")))
        }
    }
}
fn shift_lines(proto: &mut crate::code::CodeProto, first: u32) {
    let by = first as i64 - proto.first_line as i64;
    let move_line = |n: &mut u32| {
        if *n != 0 {
            *n = (*n as i64 + by).max(1) as u32;
        }
    };
    for p in &mut proto.positions {
        move_line(&mut p.line);
        move_line(&mut p.end_line);
    }
    proto.first_line = first;
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, *args, **kwargs)", |vm, _| {
        Err(vm
            .err(crate::error::Exc::NotImplementedError, "Gilbert makes code objects by compile() and code.replace() only: its instructions are not CPython's"))
    }),
    method("__repr__(self, /)", repr),
    method("__eq__(self, value, /)", eq),
    method("__hash__(self, /)", hash),
    method("co_positions(self, /)", positions),
    method("co_lines(self, /)", lines),
    method("replace(self, /, **changes)", replace),
    method("__replace__(self, /, **changes)", replace),
];
const GETSET: &[GetSet] = &[
    getter("co_name", get_name),
    getter("co_qualname", get_qualname),
    getter("co_filename", get_filename),
    getter("co_firstlineno", get_firstlineno),
    getter("co_argcount", get_argcount),
    getter("co_posonlyargcount", get_posonly),
    getter("co_kwonlyargcount", get_kwonly),
    getter("co_nlocals", get_nlocals),
    getter("co_stacksize", get_stacksize),
    getter("co_flags", get_flags),
    getter("co_consts", get_consts),
    getter("co_names", get_names),
    getter("co_varnames", get_varnames),
    getter("co_cellvars", get_cellvars),
    getter("co_freevars", get_freevars),
    getter("co_code", get_bytes),
    getter("co_linetable", get_empty_bytes),
    getter("co_exceptiontable", get_empty_bytes),
    getter("co_lnotab", get_empty_bytes),
];
/// `code`
pub static CODE: TypeDef = TypeDef::new("code", layout_of::<Code>()).methods(METHODS).getset(GETSET);
