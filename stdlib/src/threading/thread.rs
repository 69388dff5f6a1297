//! `threading.Thread`.

use gilbert_vm::control::end_of;
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload};
use gilbert_vm::probe::{Event, Wait};
use gilbert_vm::special::Special;
use gilbert_vm::sync::attr_layout;
use gilbert_vm::thread::ident;
use gilbert_vm::types::dict::Dict;
use gilbert_vm::types::native::{NativeDef, getset, getter, method, static_method};
use gilbert_vm::types::object_::{call_packed, get_dict};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::Tid;

/// Where a thread stands in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Not started.
    Initial,
    /// `start()` was called.
    Started,
    /// Its `run` has ended.
    Stopped,
}

/// The payload of `Thread` and what derives from it.
pub struct Thread {
    /// Whether `__init__` has run.
    pub ready: bool,
    /// `name`
    pub name: Value,
    pub(super) target: Value,
    pub(super) args: Value,
    pub(super) kwargs: Value,
    /// `daemon`
    pub daemon: bool,
    /// The thread of the world, once started.
    pub tid: Option<Tid>,
    /// The operating system's number.
    pub native_id: u64,
    /// Where it stands.
    pub phase: Phase,
}

impl Default for Thread {
    fn default() -> Thread {
        let n = || Value::NULL;
        Thread { ready: false, name: n(), target: n(), args: n(), kwargs: n(), daemon: false, tid: None, native_id: 0, phase: Phase::Initial }
    }
}

impl Payload for Thread {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        for v in [&self.name, &self.target, &self.args, &self.kwargs] {
            visit(v);
        }
    }
    fn clear(&mut self) {
        self.target = Value::NULL;
        self.args = Value::NULL;
        self.kwargs = Value::NULL;
    }
    fn clone_in(&self, c: &mut Cloner) -> Thread {
        // a forked child has one thread
        let lives_on = self.tid.is_some_and(|t| c.lives_on(t));
        let phase = if self.phase == Phase::Started && !lives_on { Phase::Stopped } else { self.phase };
        let tid = self.tid.map(|t| c.thread(t));
        Thread { name: c.value(&self.name), target: c.value(&self.target), args: c.value(&self.args), kwargs: c.value(&self.kwargs), phase, tid, ..*self }
    }
}

/// The payload of a thread object.
pub fn this<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Thread {
    v.borrow_mut::<Thread>(vm).expect("a native's own instance")
}

/// The next `Thread-1`, or `Dummy-1`.
pub fn new_name(vm: &mut Vm, prefix: &str) -> String {
    let n = &mut vm.iso_mut().threads.names;
    *n += 1;
    format!("{prefix}-{n}")
}

/// What `Thread.__init__` sets.
pub struct Init {
    /// Absent: a fresh one.
    pub name: Value,
    /// What to call, or None.
    pub target: Value,
    /// A tuple or any sequence.
    pub args: Value,
    /// A dict.
    pub kwargs: Value,
    /// Absent: as the current thread.
    pub daemon: Option<bool>,
}

/// `Thread.__init__`
pub fn initialize(vm: &mut Vm, thread: &Value, init: Init) -> PyResult<()> {
    let name = if init.name.is_null() {
        let mut name = new_name(vm, "Thread");
        if !init.target.is_none()
            && let Some(n) = vm.attr_opt(&init.target, "__name__")?
        {
            name = format!("{name} ({})", vm.str_text(&n)?);
        }
        vm.new_str(name)
    } else {
        init.name
    };
    let daemon = match init.daemon {
        Some(d) => d,
        None => {
            let current = super::current(vm)?;
            this(vm, &current).daemon
        }
    };
    let (ready, old) = (true, this(vm, thread));
    let new = Thread { ready, name, target: init.target, args: init.args, kwargs: init.kwargs, daemon, ..Thread::default() };
    let old = std::mem::replace(old, new);
    drop(old);
    Ok(())
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], Thread::default()))
}
fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    // self, group, target, name, args, kwargs, daemon
    if !args[1].is_none() {
        return Err(vm.err(Exc::AssertionError, "group argument must be None for now"));
    }
    let kwargs = if args[5].is_none() { vm.new_dict() } else { args[5].clone() };
    let name = if args[3].is_none() { Value::NULL } else { vm.str(&args[3])? };
    let daemon = if args[6].is_none() { None } else { Some(vm.truthy(&args[6])?) };
    let given = if args[4].is_null() { vm.new_tuple(vec![]) } else { args[4].clone() };
    initialize(vm, &args[0], Init { name, target: args[2].clone(), args: given, kwargs, daemon })?;
    Ok(Value::NONE)
}

fn not_ready(vm: &mut Vm) -> Raised {
    vm.runtime_error("Thread.__init__() not called")
}

fn start(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = this(vm, &args[0]);
    if !t.ready {
        return Err(vm.runtime_error("thread.__init__() not called"));
    }
    if t.phase != Phase::Initial {
        return Err(vm.runtime_error("threads can only be started once"));
    }
    let (name, daemon) = (t.name.clone(), t.daemon);
    let name = vm.text(&name);
    let tid = vm.start_thread(&name, daemon, args[0].clone(), life, args[0].clone())?;
    let t = this(vm, &args[0]);
    t.phase = Phase::Started;
    t.tid = Some(tid);
    vm.await_begin(tid)?;
    Ok(Value::NONE)
}

/// What a started thread does.
fn life(vm: &mut Vm, thread: Value) {
    let native_id = {
        let (world, me) = (vm.iso().world.clone(), vm.tid());
        world.native_id(me)
    };
    this(vm, &thread).native_id = native_id;
    if let Err(e) = vm.call_method(&thread, "run", &[]) {
        if e.is_killed() {
            return;
        }
        super::hooks::report(vm, e, &thread);
    }
    this(vm, &thread).phase = Phase::Stopped;
}

/// `target(*args, **kwargs)`
fn call_starred(vm: &mut Vm, target: &Value, args: &Value, kwargs: &Value) -> PyResult {
    let name = match vm.attr_opt(target, "__qualname__")? {
        Some(n) => vm.text(&n),
        None => vm.repr_text(target)?,
    };
    if !args.is_a::<Tuple>() && vm.special(args, Special::Iter).is_none() && vm.special(args, Special::GetItem).is_none() {
        let ty = vm.type_name(args);
        return Err(vm.type_error(format!("{name}() argument after * must be an iterable, not {ty}")));
    }
    if !kwargs.is_a::<Dict>() && vm.attr_opt(kwargs, "keys")?.is_none() {
        let ty = vm.type_name(kwargs);
        return Err(vm.type_error(format!("{name}() argument after ** must be a mapping, not {ty}")));
    }
    let items = vm.collect(args)?;
    let args = vm.new_tuple(items);
    call_packed(vm, target, &args, kwargs)
}
fn run(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = this(vm, &args[0]);
    let (target, given, kwargs) = (t.target.clone(), t.args.clone(), t.kwargs.clone());
    let result = if target.is_null() || !vm.truthy(&target)? { Ok(Value::NONE) } else { call_starred(vm, &target, &given, &kwargs) };
    if result.as_ref().is_err_and(Raised::is_killed) {
        return result;
    }
    // the arguments may refer to the thread itself
    let t = this(vm, &args[0]);
    let old = [t.target.take(), t.args.take(), t.kwargs.take()];
    drop(old);
    result.map(|_| Value::NONE)
}

fn dummy_join(vm: &mut Vm, _: &[Value]) -> PyResult {
    Err(vm.err(Exc::AssertionError, "cannot join a dummy thread"))
}
fn join(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = this(vm, &args[0]);
    let (ready, tid, phase) = (t.ready, t.tid, t.phase);
    if !ready {
        return Err(not_ready(vm));
    }
    let Some(tid) = tid else { return Err(vm.runtime_error("cannot join thread before it is started")) };
    if tid == vm.tid() {
        return Err(vm.runtime_error("cannot join current thread"));
    }
    let deadline = vm.deadline(&args[1])?;
    if !vm.controlled && phase == Phase::Stopped && vm.iso().threads.get(tid).is_none() {
        knows_end(vm, tid);
        return Ok(Value::NONE);
    }
    let object = vm.address_of(&args[0]);
    if vm.await_end(tid, object, deadline)? {
        knows_end(vm, tid);
    }
    Ok(Value::NONE)
}

/// Tells whoever listens that this thread comes after the other's end.
fn knows_end(vm: &mut Vm, tid: Tid) {
    if vm.observed {
        vm.event(&Event::Joined(tid));
    }
}

fn is_alive(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = this(vm, &args[0]);
    if !t.ready {
        return Err(vm.err(Exc::AssertionError, "Thread.__init__() not called"));
    }
    let (phase, tid) = (t.phase, t.tid);
    if let Some(tid) = tid.filter(|_| phase == Phase::Stopped) {
        knows_end(vm, tid);
    }
    let Some(tid) = tid.filter(|_| vm.controlled) else { return Ok(Value::bool(phase == Phase::Started)) };
    vm.point()?;
    let alive = vm.iso().threads.get(tid).is_some();
    vm.sync_access_at(end_of(tid), false, !alive, Wait::No);
    Ok(Value::bool(alive))
}

fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = this(vm, &args[0]);
    if !t.ready {
        return Err(vm.err(Exc::AssertionError, "Thread.__init__() was not called"));
    }
    let (name, phase, daemon, tid) = (t.name.clone(), t.phase, t.daemon, t.tid);
    let mut status = match phase {
        Phase::Initial => "initial",
        Phase::Started => "started",
        Phase::Stopped => "stopped",
    }
    .to_string();
    if daemon {
        status.push_str(" daemon");
    }
    if let Some(tid) = tid {
        status.push_str(&format!(" {}", ident(tid)));
    }
    let (class, name) = (args[0].class(vm).short_name(), vm.text(&name));
    Ok(vm.new_str(format!("<{class}({name}, {status})>")))
}

// --- attributes -------------------------------------------------------------------------------------------------

fn checked<'a>(vm: &'a mut Vm, v: &'a Value) -> PyResult<&'a mut Thread> {
    if !this(vm, v).ready {
        return Err(vm.err(Exc::AssertionError, "Thread.__init__() not called"));
    }
    Ok(this(vm, v))
}
fn get_name(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(checked(vm, v)?.name.clone())
}
fn set_name(vm: &mut Vm, v: &Value, name: Value) -> PyResult<()> {
    checked(vm, v)?;
    if name.is_null() {
        return Err(no_attribute(vm, v, "name"));
    }
    let name = vm.str(&name)?;
    let old = std::mem::replace(&mut this(vm, v).name, name);
    drop(old);
    Ok(())
}
fn get_daemon(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(Value::bool(checked(vm, v)?.daemon))
}
fn set_daemon(vm: &mut Vm, v: &Value, daemon: Value) -> PyResult<()> {
    let t = this(vm, v);
    if !t.ready {
        return Err(not_ready(vm));
    }
    if t.phase != Phase::Initial {
        return Err(vm.runtime_error("cannot set daemon status of active thread"));
    }
    let daemon = vm.truthy(&daemon)?;
    this(vm, v).daemon = daemon;
    Ok(())
}
fn get_ident(vm: &mut Vm, v: &Value) -> PyResult {
    let tid = checked(vm, v)?.tid;
    Ok(tid.map_or(Value::NONE, |t| vm.new_uint(ident(t))))
}
fn get_native_id(vm: &mut Vm, v: &Value) -> PyResult {
    let (tid, id) = {
        let t = checked(vm, v)?;
        (t.tid, t.native_id)
    };
    Ok(tid.map_or(Value::NONE, |_| vm.new_uint(id)))
}
fn no_attribute(vm: &mut Vm, v: &Value, name: &str) -> Raised {
    let name = vm.intern(name);
    vm.no_attr(v, &name)
}
fn part(vm: &mut Vm, v: &Value, name: &str, which: fn(&Thread) -> &Value) -> PyResult {
    let value = which(this(vm, v)).clone();
    if value.is_null() { Err(no_attribute(vm, v, name)) } else { Ok(value) }
}
fn get_target(vm: &mut Vm, v: &Value) -> PyResult {
    part(vm, v, "_target", |t| &t.target)
}
fn get_args(vm: &mut Vm, v: &Value) -> PyResult {
    part(vm, v, "_args", |t| &t.args)
}
fn get_kwargs(vm: &mut Vm, v: &Value) -> PyResult {
    part(vm, v, "_kwargs", |t| &t.kwargs)
}
fn put(vm: &mut Vm, v: &Value, value: Value, which: fn(&mut Thread) -> &mut Value) -> PyResult<()> {
    let old = std::mem::replace(which(this(vm, v)), value);
    drop(old);
    Ok(())
}
fn set_target(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    put(vm, v, value, |t| &mut t.target)
}
fn set_args(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    put(vm, v, value, |t| &mut t.args)
}
fn set_kwargs(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    put(vm, v, value, |t| &mut t.kwargs)
}
fn set_daemonic(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    let daemon = vm.truthy(&value)?;
    this(vm, v).daemon = daemon;
    Ok(())
}
fn get_started(vm: &mut Vm, v: &Value) -> PyResult {
    let started = this(vm, v).phase != Phase::Initial;
    Ok(vm.new_event(started))
}
fn get_stopped(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(Value::bool(this(vm, v).phase == Phase::Stopped))
}
fn get_ready(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(Value::bool(this(vm, v).ready))
}

// --- the old names ----------------------------------------------------------------------------------------------

fn old_get_name(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.deprecated("getName() is deprecated, get the name attribute instead")?;
    get_name(vm, &args[0])
}
fn old_set_name(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.deprecated("setName() is deprecated, set the name attribute instead")?;
    set_name(vm, &args[0], args[1].clone()).map(|()| Value::NONE)
}
fn old_is_daemon(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.deprecated("isDaemon() is deprecated, get the daemon attribute instead")?;
    get_daemon(vm, &args[0])
}
fn old_set_daemon(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.deprecated("setDaemon() is deprecated, set the daemon attribute instead")?;
    set_daemon(vm, &args[0], args[1].clone()).map(|()| Value::NONE)
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, *args, **kwargs)", new),
    method("__init__(self, group=None, target=None, name=None, args=NULL, kwargs=None, *, daemon=None)", init),
    method("start(self)", start).doc("Start the thread's activity."),
    method("run(self)", run).doc("Method representing the thread's activity."),
    method("join(self, timeout=None)", join).doc("Wait until the thread terminates."),
    method("is_alive(self)", is_alive).doc("Return whether the thread is alive."),
    method("__repr__(self)", repr),
    method("getName(self)", old_get_name),
    method("setName(self, name)", old_set_name),
    method("isDaemon(self)", old_is_daemon),
    method("setDaemon(self, daemonic)", old_set_daemon),
];

/// `threading.Thread`
pub static DEF: TypeDef = TypeDef::new("threading.Thread", attr_layout::<Thread>())
    .flags(flags::BASE | flags::HAS_DICT)
    .methods(METHODS)
    .getset(&[
        getset("name", get_name, set_name),
        getset("daemon", get_daemon, set_daemon),
        getter("ident", get_ident),
        getter("native_id", get_native_id),
        getset("_name", get_name, set_name),
        getset("_daemonic", get_daemon, set_daemonic),
        getter("_ident", get_ident),
        getter("_native_id", get_native_id),
        getset("_target", get_target, set_target),
        getset("_args", get_args, set_args),
        getset("_kwargs", get_kwargs, set_kwargs),
        getter("_started", get_started),
        getter("_is_stopped", get_stopped),
        getter("_initialized", get_ready),
        getter("__dict__", get_dict),
    ])
    .doc("A class that represents a thread of control.");
/// `threading._MainThread`
pub static MAIN: TypeDef = TypeDef::new("threading._MainThread", attr_layout::<Thread>()).flags(flags::BASE | flags::HAS_DICT);
/// `threading._DummyThread`: a thread that `threading` has not started.
pub static DUMMY: TypeDef = TypeDef::new("threading._DummyThread", attr_layout::<Thread>())
    .flags(flags::BASE | flags::HAS_DICT)
    .methods(&[method("join(self, timeout=None)", dummy_join)]);
