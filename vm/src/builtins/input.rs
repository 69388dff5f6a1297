//! `input`, `breakpoint`.

use crate::error::{Exc, PyResult};
use crate::types::native::{Kwargs, NativeDef, function};
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

pub const FUNCTIONS: &[NativeDef] = &[
    function("input(prompt='', /)", input).doc("Read a string from standard input.  The trailing newline is stripped."),
    function("breakpoint(*args, **kws)", breakpoint).doc("Call sys.breakpointhook(*args, **kws)."),
];

fn input(vm: &mut Vm, args: &[Value]) -> PyResult {
    let prompt = vm.str(&args[0])?;
    let (stdin, stdout) = (input_stream(vm, "stdin")?, input_stream(vm, "stdout")?);
    vm.call_method(&stdout, "write", &[prompt])?;
    vm.call_method(&stdout, "flush", &[])?;
    let line = vm.call_method(&stdin, "readline", &[])?;
    let Some(s) = line.get::<Str>() else { return Err(vm.type_error("object.readline() returned non-string")) };
    match s.bytes() {
        [] => Err(vm.err(Exc::EOFError, "EOF when reading a line")),
        [rest @ .., b'\n'] => Ok(vm.new_str_wtf8(rest.to_vec())),
        whole => Ok(vm.new_str_wtf8(whole.to_vec())),
    }
}

/// A stream that `input` needs; RuntimeError "input(): lost sys.stdin" where it is missing or None.
fn input_stream(vm: &mut Vm, name: &str) -> PyResult {
    let lost = format!("input(): lost sys.{name}");
    match vm.sys_stream(name) {
        Err(e) if !e.is_killed() => Err(vm.runtime_error(lost)),
        r => r,
    }
}

/// Calls a function of another module with the arguments of a native `f(*args, **kw)`.
fn forward(vm: &mut Vm, f: &Value, args: &[Value]) -> PyResult {
    let positional = args[0].get::<Tuple>().expect("bound").items();
    let (names, values): (Vec<Value>, Vec<Value>) = vm.dict_items(&args[1]).into_iter().unzip();
    vm.call_kw(f, positional, Kwargs { names: &names, values: &values })
}
fn breakpoint(vm: &mut Vm, args: &[Value]) -> PyResult {
    let hook = vm.sys_stream("breakpointhook")?;
    forward(vm, &hook, args)
}

impl Vm {
    /// `sys.stdin`, `sys.stdout` ..; RuntimeError "lost sys.stdin" where it is missing or None.
    pub fn sys_stream(&mut self, name: &str) -> PyResult {
        let (sys, key) = (self.iso().sys.clone(), self.intern(name));
        match self.dict_get_str(&sys, &key).filter(|v| !v.is_none()) {
            Some(v) => Ok(v),
            None => Err(self.runtime_error(format!("lost sys.{name}"))),
        }
    }
}
