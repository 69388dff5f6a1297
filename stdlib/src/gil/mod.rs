//! `gil`: what the interpreter's lock does, and how often it changes hands. Gilbert's own module.

use gilbert_vm::error::PyResult;
use gilbert_vm::gil::{Cause, Handoff, Policy, ThreadStats};
use gilbert_vm::thread::ident;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

const DOC: &str = "The global interpreter lock of this process.

stats()        what was counted: releases, switches, waits, by cause and thread
ticks()        instructions between two chances for other threads
set_ticks(n)   sets that; 1 is a chance after each instruction
policy()       'ticks', 'interval' or 'off'
handoff()      'contend', 'fair' or 'fifo': who gets it
interval()     seconds that a waiter waits under the policy 'interval'
holder()       the ident of the thread that has it: the caller
simulated()    whether time and scheduling are simulated
now()          seconds of the world's clock since the process began";

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    Ok(vm.new_module("gil", DOC, FUNCTIONS))
}

const CAUSES: [(&str, Cause); 4] = [("tick", Cause::Tick), ("io", Cause::Io), ("block", Cause::Block), ("exit", Cause::Exit)];

fn put(vm: &mut Vm, dict: &Value, name: &str, n: u64) {
    let n = vm.new_uint(n);
    vm.dict_set_text(dict, name, n);
}
fn by_cause(vm: &mut Vm, dict: &Value, name: &str, count: impl Fn(Cause) -> u64) {
    let inner = vm.new_dict();
    let mut total = 0;
    for (cause_name, cause) in CAUSES {
        let n = count(cause);
        total += n;
        put(vm, &inner, cause_name, n);
    }
    vm.dict_set_text(dict, &format!("{name}_by_cause"), inner);
    put(vm, dict, name, total);
}
fn one(vm: &mut Vm, s: &ThreadStats) -> Value {
    let dict = vm.new_dict();
    by_cause(vm, &dict, "releases", |c| s.releases_by(c));
    by_cause(vm, &dict, "switches", |c| s.switches_by(c));
    put(vm, &dict, "acquisitions", s.acquisitions);
    put(vm, &dict, "waits", s.waits);
    put(vm, &dict, "wait_ns", s.wait_ns);
    put(vm, &dict, "longest_hold_ns", s.longest_hold_ns);
    dict
}
/// `stats()`: the totals, and under `threads` the same for each thread, by ident.
fn stats(vm: &mut Vm, _: &[Value]) -> PyResult {
    let gil = vm.gil.clone();
    gil.sync_clock(&mut vm.turn);
    let all = gil.stats();
    let dict = one(vm, &all.total);
    let threads = vm.new_dict();
    for (tid, s) in &all.threads {
        let (key, value) = (vm.new_uint(ident(*tid)), one(vm, s));
        vm.dict_set(&threads, &key, value)?;
    }
    vm.dict_set_text(&dict, "threads", threads);
    Ok(dict)
}
fn ticks(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(match vm.gil.policy() {
        Policy::Ticks(n) | Policy::Off(n) => vm.new_int(i64::from(n)),
        Policy::Interval(_) => Value::NONE,
    })
}
fn set_ticks(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = vm.to_i64(&args[0])?;
    if n < 1 {
        return Err(vm.value_error("the tick interval must be at least 1"));
    }
    vm.set_ticks(n)?;
    Ok(Value::NONE)
}
fn policy(vm: &mut Vm, _: &[Value]) -> PyResult {
    let name = match vm.gil.policy() {
        Policy::Ticks(_) => "ticks",
        Policy::Interval(_) => "interval",
        Policy::Off(_) => "off",
    };
    Ok(vm.intern(name))
}
fn handoff(vm: &mut Vm, _: &[Value]) -> PyResult {
    let name = match vm.gil.handoff() {
        Handoff::Contend => "contend",
        Handoff::Fair => "fair",
        Handoff::Fifo => "fifo",
    };
    Ok(vm.intern(name))
}
fn interval(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(Value::float(vm.gil.interval() as f64 / 1e9))
}
fn holder(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(vm.gil.holder().map_or(Value::NONE, |t| vm.new_uint(ident(t))))
}
fn simulated(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(Value::bool(vm.iso().world.simulated()))
}
fn now(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(Value::float(vm.now() as f64 / 1e9))
}

const FUNCTIONS: &[NativeDef] = &[
    function("stats()", stats).doc("A dict of what was counted so far."),
    function("ticks()", ticks).doc("Instructions between two chances for other threads; None under the policy 'interval'."),
    function("set_ticks(n, /)", set_ticks).doc("Sets the instructions between two chances for other threads."),
    function("policy()", policy),
    function("handoff()", handoff),
    function("interval()", interval),
    function("holder()", holder),
    function("simulated()", simulated),
    function("now()", now),
];
