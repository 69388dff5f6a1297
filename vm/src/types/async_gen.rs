//! `async_generator` and the awaitables of its methods (PEP 525, `Objects/genobject.c`).
//!
//! The body runs as any generator's. What it yields to its consumer is wrapped, so that it can be told from what it passes through from an
//! `await`.

use crate::error::{Exc, PyResult, Raised};
use crate::image::TypeDef;
use crate::interp::generator::{Generator, Resumed, State};
use crate::object::{Changes, Cloner, Payload, layout_of};
use crate::types::T;
use crate::types::native::{GetSet, NativeDef, getter, method};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of what an async generator yields to its consumer.
pub struct Wrapped(pub Value);

impl Payload for Wrapped {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.0);
    }
    fn clone_in(&self, c: &mut Cloner) -> Wrapped {
        Wrapped(c.value(&self.0))
    }
}
impl crate::object::Immutable for Wrapped {}

/// What an awaitable does when it is first driven.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Send,
    Throw,
    Close,
}

/// How far an awaitable is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Fresh,
    Running,
    Done,
}

/// The payload of what `asend`, `athrow`, `aclose` and `__anext__` return.
pub struct Step {
    generator: Value,
    what: What,
    /// The value to send, or the tuple of `athrow`'s arguments.
    argument: Value,
    progress: Progress,
}

impl Payload for Step {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.generator);
        visit(&self.argument);
    }
    fn clear(&mut self) {
        self.argument = Value::NONE;
    }
    fn clone_in(&self, c: &mut Cloner) -> Step {
        Step { generator: c.value(&self.generator), what: self.what, argument: c.value(&self.argument), progress: self.progress }
    }
}

impl Vm {
    /// ASYNC_GEN_WRAP
    pub(crate) fn async_gen_wrap(&mut self, v: Value) -> Value {
        self.new_object(T::AsyncGenWrapped, Wrapped(v))
    }
    fn new_step(&mut self, generator: &Value, what: What, argument: Value) -> PyResult {
        self.init_hooks(generator)?;
        let ty = if what == What::Send { T::AsyncGenStep } else { T::AsyncGenThrow };
        Ok(self.new_object(ty, Step { generator: generator.clone(), what, argument, progress: Progress::Fresh }))
    }
}

/// Where the isolate keeps `sys.set_asyncgen_hooks`' functions.
pub const FIRST_ITER: &str = "asyncgen.firstiter";
/// See [`FIRST_ITER`].
pub const FINALIZER: &str = "asyncgen.finalizer";

impl Vm {
    /// The first time that an async generator is iterated: it takes the finaliser that is set now, and `firstiter` is told.
    fn init_hooks(&mut self, generator: &Value) -> PyResult<()> {
        let hook = |vm: &Vm, key: &str| vm.iso().state.get(key).cloned().filter(|h| !h.is_none()).unwrap_or_default();
        let (first, finalizer) = (hook(self, FIRST_ITER), hook(self, FINALIZER));
        let Some(g) = generator.borrow_mut::<Generator>(self) else { return Ok(()) };
        if std::mem::replace(&mut g.hooked, true) {
            return Ok(());
        }
        g.finalizer = finalizer;
        if first.is_null() { Ok(()) } else { self.call(&first, &[generator.clone()]).map(drop) }
    }
}

fn mark(vm: &mut Vm, generator: &Value, running: bool, closed: bool) {
    if let Some(g) = generator.borrow_mut::<Generator>(vm) {
        g.running_async = running;
        g.closed |= closed;
    }
}

fn finish(vm: &mut Vm, step: &Value, generator: &Value, closed: bool) {
    step.borrow_mut::<Step>(vm).expect("a step").progress = Progress::Done;
    mark(vm, generator, false, closed);
}

/// Drives an awaitable once: `sent` goes to the body, or `thrown` is raised in it.
fn drive(vm: &mut Vm, step: &Value, sent: Value, thrown: Option<Raised>) -> PyResult {
    let s = step.borrow::<Step>(vm).expect("a step");
    let (generator, what, argument, progress) = (s.generator.clone(), s.what, s.argument.clone(), s.progress);
    let g = generator.borrow::<Generator>(vm).expect("an async generator");
    let (running, closed, over) = (g.running_async, g.closed, g.state == State::Done);
    if over && what != What::Send {
        finish_step(vm, step);
        return Err(vm.stop_iteration(Value::NONE));
    }
    match progress {
        Progress::Done => {
            let name = if what == What::Send { "__anext__()/asend()" } else { "aclose()/athrow()" };
            return Err(vm.runtime_error(format!("cannot reuse already awaited {name}")));
        }
        Progress::Fresh => {
            if running {
                let name = ["anext()", "athrow()", "aclose()"][what as usize];
                finish_step(vm, step);
                return Err(vm.runtime_error(format!("{name}: asynchronous generator is already running")));
            }
            if closed && what != What::Send {
                finish_step(vm, step);
                return Err(if what == What::Close { vm.stop_iteration(Value::NONE) } else { vm.err_args(Exc::StopAsyncIteration, vec![]) });
            }
            step.borrow_mut::<Step>(vm).expect("a step").progress = Progress::Running;
            mark(vm, &generator, true, what == What::Close);
        }
        Progress::Running => {}
    }
    let fresh = progress == Progress::Fresh;
    let result = match (thrown, what) {
        (Some(e), _) => vm.generator_throw(&generator, e),
        (None, What::Send) if fresh => {
            let first = if sent.is_none() { argument } else { sent };
            vm.generator_send(&generator, first)
        }
        (None, What::Throw) if fresh => {
            let args = argument.get::<crate::types::tuple::Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
            match vm.thrown(&args) {
                Ok(e) => vm.generator_throw(&generator, e),
                Err(e) => Err(e),
            }
        }
        (None, What::Close) if fresh => {
            let e = vm.err_args(Exc::GeneratorExit, vec![]);
            vm.generator_throw(&generator, e)
        }
        _ => vm.generator_send(&generator, sent),
    };
    settle(vm, step, &generator, what, result)
}

fn finish_step(vm: &mut Vm, step: &Value) {
    step.borrow_mut::<Step>(vm).expect("a step").progress = Progress::Done;
}

/// What the body's answer means to whoever awaits.
fn settle(vm: &mut Vm, step: &Value, generator: &Value, what: What, result: PyResult<Resumed>) -> PyResult {
    match result {
        Ok(Resumed::Yield(v)) => match v.get::<Wrapped>() {
            Some(w) => {
                let value = w.0.clone();
                finish(vm, step, generator, false);
                if what == What::Close {
                    return Err(vm.runtime_error("async generator ignored GeneratorExit"));
                }
                Err(vm.stop_iteration(value))
            }
            None => Ok(v),
        },
        Ok(Resumed::Return(_)) => {
            finish(vm, step, generator, true);
            Err(if what == What::Close { vm.stop_iteration(Value::NONE) } else { vm.err_args(Exc::StopAsyncIteration, vec![]) })
        }
        Err(e) => {
            let over = vm.is_exc(&e, Exc::StopAsyncIteration) || vm.is_exc(&e, Exc::GeneratorExit);
            finish(vm, step, generator, true);
            if over && what == What::Close { Err(vm.stop_iteration(Value::NONE)) } else { Err(e) }
        }
    }
}

fn anext(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.new_step(&args[0], What::Send, Value::NONE)
}
fn asend(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.new_step(&args[0], What::Send, args[1].clone())
}
fn athrow(vm: &mut Vm, args: &[Value]) -> PyResult {
    let thrown = vm.new_tuple(args[1..].to_vec());
    vm.new_step(&args[0], What::Throw, thrown)
}
fn aclose(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.new_step(&args[0], What::Close, Value::NONE)
}
fn itself(_: &mut Vm, args: &[Value]) -> PyResult {
    Ok(args[0].clone())
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = args[0].borrow::<Generator>(vm).expect("an async generator").qualname.clone();
    let (name, address) = (vm.text(&name), vm.address_of(&args[0]));
    Ok(vm.new_str(format!("<async_generator object {name} at {address:#x}>")))
}
fn step_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    drive(vm, &args[0], Value::NONE, None)
}
fn step_send(vm: &mut Vm, args: &[Value]) -> PyResult {
    drive(vm, &args[0], args[1].clone(), None)
}
fn step_throw(vm: &mut Vm, args: &[Value]) -> PyResult {
    let e = vm.thrown(&args[1..])?;
    drive(vm, &args[0], Value::NONE, Some(e))
}
fn step_close(vm: &mut Vm, args: &[Value]) -> PyResult {
    let generator = args[0].borrow::<Step>(vm).expect("a step").generator.clone();
    finish(vm, &args[0], &generator, false);
    Ok(Value::NONE)
}

static METHODS: &[NativeDef] = &[
    method("__aiter__(self, /)", itself),
    method("__anext__(self, /)", anext),
    method("__repr__(self, /)", repr),
    method("__del__(self, /)", |vm, args| vm.finalize_generator(&args[0]).map(|_| Value::NONE)),
    method("asend(self, value, /)", asend),
    method("athrow(self, typ, val=NULL, tb=NULL, /)", athrow),
    method("aclose(self, /)", aclose),
];
static GETSET: &[GetSet] = &[
    getter("__name__", |vm, g| Ok(g.borrow::<Generator>(vm).expect("an async generator").name.clone())),
    getter("__qualname__", |vm, g| Ok(g.borrow::<Generator>(vm).expect("an async generator").qualname.clone())),
    getter("ag_running", |vm, g| Ok(Value::bool(g.borrow::<Generator>(vm).expect("an async generator").running_async))),
    getter("ag_frame", |vm, g| Ok(vm.generator_frame(g).unwrap_or(Value::NONE))),
    getter("ag_await", |vm, g| Ok(g.borrow::<Generator>(vm).expect("an async generator").delegate().cloned().unwrap_or(Value::NONE))),
    getter("ag_code", |vm, g| vm.generator_code(g)),
];
static STEP_METHODS: &[NativeDef] = &[
    method("__await__(self, /)", itself),
    method("__iter__(self, /)", itself),
    method("__next__(self, /)", step_next),
    method("send(self, value, /)", step_send),
    method("throw(self, typ, val=NULL, tb=NULL, /)", step_throw),
    method("close(self, /)", step_close),
];

/// `async_generator`
pub static DEF: TypeDef = TypeDef::new("async_generator", layout_of::<Generator>()).flags(flags::NO_NEW).methods(METHODS).getset(GETSET);
/// `async_generator_wrapped_value`
pub static WRAPPED: TypeDef = TypeDef::new("async_generator_wrapped_value", layout_of::<Wrapped>()).flags(flags::NO_NEW);
/// What `athrow` and `aclose` return.
pub static THROW: TypeDef = TypeDef::new("async_generator_athrow", layout_of::<Step>()).flags(flags::NO_NEW).methods(STEP_METHODS);
/// `async_generator_asend`
pub static STEP: TypeDef = TypeDef::new("async_generator_asend", layout_of::<Step>()).flags(flags::NO_NEW).methods(STEP_METHODS);

// --- anext(it, default) --------------------------------------------------------------------------------------------------

/// The payload of what `anext` with a default returns.
pub struct AnextDefault {
    awaitable: Value,
    default: Value,
    /// What drives the awaitable, once it is driven.
    iterator: Value,
}

impl Payload for AnextDefault {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        for v in [&self.awaitable, &self.default, &self.iterator] {
            visit(v);
        }
    }
    fn clear(&mut self) {
        self.iterator = Value::NULL;
    }
    fn clone_in(&self, c: &mut Cloner) -> AnextDefault {
        AnextDefault { awaitable: c.value(&self.awaitable), default: c.value(&self.default), iterator: c.value(&self.iterator) }
    }
}

/// `anext(it, default)`: an awaitable that gives `default` where `awaitable` ends with StopAsyncIteration.
pub fn with_default(vm: &mut Vm, awaitable: Value, default: Value) -> Value {
    vm.new_object(T::AnextAwaitable, AnextDefault { awaitable, default, iterator: Value::NULL })
}

fn call_inner(vm: &mut Vm, args: &[Value], method: &str) -> PyResult {
    let d = args[0].borrow::<AnextDefault>(vm).expect("an anext_awaitable");
    let (awaitable, default, mut iterator) = (d.awaitable.clone(), d.default.clone(), d.iterator.clone());
    if iterator.is_null() {
        iterator = vm.get_awaitable(&awaitable, 0)?;
        let old = args[0].borrow_mut::<AnextDefault>(vm).map(|d| std::mem::replace(&mut d.iterator, iterator.clone()));
        drop(old);
    }
    let given: Vec<Value> = args[1..].iter().filter(|v| !v.is_null()).cloned().collect();
    let r = match method {
        // coroutines have no __next__
        "__next__" if iterator.is_a::<Generator>() => vm.call_method(&iterator, "send", &[Value::NONE]),
        _ => vm.call_method(&iterator, method, &given),
    };
    match r {
        Err(e) if vm.is_exc(&e, Exc::StopAsyncIteration) => Err(vm.stop_iteration(default)),
        r => r,
    }
}

/// `anext_awaitable`
pub static ANEXT: TypeDef = TypeDef::new("anext_awaitable", layout_of::<AnextDefault>()).flags(flags::NO_NEW).methods(&[
    method("__await__(self, /)", itself),
    method("__iter__(self, /)", itself),
    method("__next__(self, /)", |vm, args| call_inner(vm, args, "__next__")),
    method("send(self, value, /)", |vm, args| call_inner(vm, args, "send")),
    method("throw(self, typ, val=NULL, tb=NULL, /)", |vm, args| call_inner(vm, args, "throw")),
    method("close(self, /)", |vm, args| call_inner(vm, args, "close")),
]);
