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
now()          seconds of the world's clock since the process began
explore(..)    a decorator: calling the function explores all interleavings of threads that run it";

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

/// What an exploration is asked for: the number of the explored call in its script, at most so many preemptions, at most so many runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explore {
    /// Which call of a decorated function, from 1.
    pub call: u64,
    /// Any number where absent.
    pub preemptions: Option<u32>,
    /// At most so many runs.
    pub runs: u64,
}

/// Explores; gives the counterexample in words, or why it came to no verdict.
pub type ExploreFn = dyn Fn(Explore) -> Result<Option<String>, String> + Send + Sync;

/// Who explores for `gil.explore`: set from above, since exploring is no business of the library's.
#[derive(Default)]
pub struct Explorer(std::sync::OnceLock<Box<ExploreFn>>);

impl Explorer {
    /// Says who.
    pub fn set(&self, explore: Box<ExploreFn>) {
        let _ = self.0.set(explore);
    }
}

const EXPLORE_DOC: &str = "explore(function=None, *, threads=2, expect=None, preemptions=None, runs=100_000)

A decorator. Calling the decorated function runs the script again and again in a simulated world, up to this call, which there starts so
many threads with the function; all their interleavings are explored. `expect` (an expression in the function's module, or a callable)
must be true when they have ended. An AssertionError tells the first interleaving in which it is not, or in which a thread raises.";

fn explore(vm: &mut Vm, args: &[Value]) -> PyResult {
    let module = vm.import("_gil_explore")?;
    let f = vm.attr(&module, "explore")?;
    let given = vm.new_tuple(vec![args[0].clone()]);
    crate::threading::call_with(vm, &f, &given, &args[1])
}

fn explore_now(vm: &mut Vm, args: &[Value]) -> PyResult {
    let call = vm.to_i64(&args[0])?.max(0) as u64;
    let preemptions = if args[1].is_none() { None } else { Some(vm.to_i64(&args[1])?.clamp(0, i64::from(u32::MAX)) as u32) };
    let runs = vm.to_i64(&args[2])?.max(1) as u64;
    let explorer = vm.iso().world.shelf().get::<Explorer>();
    let Some(explore) = explorer.0.get() else {
        return Err(vm.runtime_error("gil.explore works where a script is run by `gilbert run` or `gilbert FILE`"));
    };
    match explore(Explore { call, preemptions, runs }) {
        Ok(None) => Ok(Value::NONE),
        Ok(Some(story)) => Ok(vm.new_str(story)),
        Err(why) => Err(vm.runtime_error(format!("gil.explore: {why}"))),
    }
}

const FUNCTIONS: &[NativeDef] = &[
    function("explore(function=None, /, **options)", explore).doc(EXPLORE_DOC),
    function("_explore(call, preemptions, runs, /)", explore_now),
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
