//! `sys.monitoring` (PEP 669): the names and numbers, and who owns which tool id. Events are not delivered: `sys.settrace` and
//! `sys.setprofile` are.

use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::str::Str;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// Where the isolate keeps the tools' names, a dict by id.
const TOOLS: &str = "sys.monitoring.tools";

const EVENTS: &[(&str, u32)] = &[
    ("PY_START", 0),
    ("PY_RESUME", 1),
    ("PY_RETURN", 2),
    ("PY_YIELD", 3),
    ("CALL", 4),
    ("LINE", 5),
    ("INSTRUCTION", 6),
    ("JUMP", 7),
    ("BRANCH_LEFT", 8),
    ("BRANCH_RIGHT", 9),
    ("STOP_ITERATION", 10),
    ("RAISE", 11),
    ("EXCEPTION_HANDLED", 12),
    ("PY_UNWIND", 13),
    ("PY_THROW", 14),
    ("RERAISE", 15),
    ("C_RETURN", 16),
    ("C_RAISE", 17),
    ("BRANCH", 18),
];

static FUNCTIONS: &[NativeDef] = &[
    function("use_tool_id(tool_id, name, /)", use_tool),
    function("free_tool_id(tool_id, /)", free_tool),
    function("clear_tool_id(tool_id, /)", |vm, a| {
        tool_id(vm, &a[0])?;
        Ok(Value::NONE)
    }),
    function("get_tool(tool_id, /)", get_tool),
    function("register_callback(tool_id, event, func, /)", |vm, _| Err(no_events(vm))),
    function("get_events(tool_id, /)", |vm, a| {
        tool_id(vm, &a[0])?;
        Ok(Value::i32(0))
    }),
    function("set_events(tool_id, event_set, /)", set_events),
    function("get_local_events(tool_id, code, /)", |vm, a| {
        tool_id(vm, &a[0])?;
        Ok(Value::i32(0))
    }),
    function("set_local_events(tool_id, code, event_set, /)", |vm, a| set_events(vm, &[a[0].clone(), a[2].clone()])),
    function("restart_events()", |_, _| Ok(Value::NONE)),
];

/// Makes the namespace and puts it into `sys`.
pub fn add(vm: &mut Vm, sys: &Value) -> PyResult<()> {
    let m = vm.new_module("sys.monitoring", "", FUNCTIONS);
    for (name, id) in [("DEBUGGER_ID", 0), ("COVERAGE_ID", 1), ("PROFILER_ID", 2), ("OPTIMIZER_ID", 5)] {
        vm.module_set(&m, name, Value::i32(id));
    }
    let object = vm.ty(gilbert_vm::types::T::Object).clone();
    for name in ["DISABLE", "MISSING"] {
        let marker = vm.call(&object, &[])?;
        vm.module_set(&m, name, marker);
    }
    let types = vm.ty(gilbert_vm::types::T::SimpleNamespace).clone();
    let events = vm.call(&types, &[])?;
    for (name, bit) in EVENTS {
        let key = vm.intern(name);
        vm.set_attr(&events, &key, Value::i32(1 << bit))?;
    }
    let key = vm.intern("NO_EVENTS");
    vm.set_attr(&events, &key, Value::i32(0))?;
    vm.module_set(&m, "events", events);
    vm.dict_set_text(sys, "monitoring", m);
    Ok(())
}

fn no_events(vm: &mut Vm) -> Raised {
    vm.err(Exc::NotImplementedError, "sys.monitoring delivers no events in Gilbert: use sys.settrace or sys.setprofile")
}
fn tool_id(vm: &mut Vm, v: &Value) -> PyResult<()> {
    let id = vm.to_i64(v)?;
    if (0..6).contains(&id) { Ok(()) } else { Err(vm.value_error(format!("invalid tool {id} (must be between 0 and 5)"))) }
}
fn tools(vm: &mut Vm) -> Value {
    if let Some(d) = vm.iso().state.get(TOOLS) {
        return d.clone();
    }
    let d = vm.new_dict();
    vm.iso_mut().state.insert(TOOLS, d.clone());
    d
}
fn use_tool(vm: &mut Vm, args: &[Value]) -> PyResult {
    tool_id(vm, &args[0])?;
    if !args[1].is_a::<Str>() {
        return Err(vm.value_error("tool name must be a str"));
    }
    let tools = tools(vm);
    if vm.dict_contains(&tools, &args[0])? {
        let id = vm.to_i64(&args[0])?;
        return Err(vm.value_error(format!("tool {id} is already in use")));
    }
    vm.dict_set(&tools, &args[0], args[1].clone())?;
    Ok(Value::NONE)
}
fn free_tool(vm: &mut Vm, args: &[Value]) -> PyResult {
    tool_id(vm, &args[0])?;
    let tools = tools(vm);
    vm.dict_remove(&tools, &args[0])?;
    Ok(Value::NONE)
}
fn get_tool(vm: &mut Vm, args: &[Value]) -> PyResult {
    tool_id(vm, &args[0])?;
    let tools = tools(vm);
    Ok(vm.dict_get(&tools, &args[0])?.unwrap_or(Value::NONE))
}
fn set_events(vm: &mut Vm, args: &[Value]) -> PyResult {
    tool_id(vm, &args[0])?;
    if vm.to_i64(&args[1])? == 0 { Ok(Value::NONE) } else { Err(no_events(vm)) }
}
