//! `generator` and `coroutine` as Python sees them; what they do is in `interp::generator`.

use crate::error::{PyResult, Raised};
use crate::image::TypeDef;
use crate::interp::generator::{GenKind, Generator, Resumed, State};
use crate::object::{Changes, Cloner, Immutable, Payload, layout_of};
use crate::types::T;
use crate::types::exception::Exception;
use crate::types::native::{GetSet, NativeDef, getset, getter, method};
use crate::types::str::Str;
use crate::types::type_::{TypeObj, flags};
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `coroutine_wrapper`: what a coroutine's `__await__` gives.
pub struct AwaitWrapper(pub Value);

impl Payload for AwaitWrapper {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.0);
    }
    fn clone_in(&self, c: &mut Cloner) -> AwaitWrapper {
        AwaitWrapper(c.value(&self.0))
    }
}
impl Immutable for AwaitWrapper {}

impl Vm {
    /// The result of a resumption as `send` and `throw` give it: a `return` is a StopIteration.
    pub fn resumed_value(&mut self, r: Resumed) -> PyResult {
        match r {
            Resumed::Yield(v) => Ok(v),
            Resumed::Return(v) => Err(self.stop_iteration(v)),
        }
    }
    /// The exception that `throw(type, value, traceback)` means.
    pub fn thrown(&mut self, args: &[Value]) -> PyResult<Raised> {
        let (ty, value, tb) = (&args[0], &args[1], &args[2]);
        if !tb.is_null() && !tb.is_none() && !tb.is_a::<crate::types::frame_obj::Traceback>() {
            return Err(self.type_error("throw() third argument must be a traceback object"));
        }
        let exc = if ty.borrow::<TypeObj>(self).is_some_and(|t| t.has(flags::EXCEPTION)) {
            if value.is_null() || value.is_none() {
                self.call(ty, &[])?
            } else if value.class(self).is_subtype_of(ty) {
                value.clone()
            } else {
                match value.get::<crate::types::tuple::Tuple>() {
                    Some(t) => {
                        let items = t.items().to_vec();
                        self.call(ty, &items)?
                    }
                    None => self.call(ty, &[value.clone()])?,
                }
            }
        } else if ty.is_a::<Exception>() {
            if !value.is_null() && !value.is_none() {
                return Err(self.type_error("instance exception may not have a separate value"));
            }
            ty.clone()
        } else {
            let name = self.type_name(ty);
            return Err(self.type_error(format!("exceptions must be classes or instances deriving from BaseException, not {name}")));
        };
        if !exc.is_a::<Exception>() {
            let class = exc.type_of(self).clone();
            let (t, n) = (self.repr_text(ty)?, self.repr_text(&class)?);
            return Err(self.type_error(format!("calling {t} should have returned an instance of BaseException, not {n}")));
        }
        if !tb.is_null()
            && !tb.is_none()
            && let Some(e) = exc.borrow_mut::<Exception>(self)
        {
            let old = std::mem::replace(&mut e.traceback, tb.clone());
            drop(old);
        }
        Ok(Raised(exc))
    }
}

fn gen_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    match vm.generator_send(&args[0], Value::NONE)? {
        Resumed::Yield(v) => Ok(v),
        Resumed::Return(v) if v.is_none() => Ok(Value::NULL),
        Resumed::Return(v) => Err(vm.stop_iteration(v)),
    }
}
fn gen_send(vm: &mut Vm, args: &[Value]) -> PyResult {
    let r = vm.generator_send(&args[0], args[1].clone())?;
    vm.resumed_value(r)
}
fn gen_throw(vm: &mut Vm, args: &[Value]) -> PyResult {
    let exc = vm.thrown(&args[1..])?;
    let r = vm.generator_throw(&args[0], exc)?;
    vm.resumed_value(r)
}
fn gen_close(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.generator_close(&args[0])
}
fn gen_iter(_: &mut Vm, args: &[Value]) -> PyResult {
    Ok(args[0].clone())
}
fn gen_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let g = args[0].borrow::<Generator>(vm).expect("a generator");
    let word = match g.kind {
        GenKind::Generator => "generator",
        GenKind::Coroutine => "coroutine",
        GenKind::AsyncGenerator => "async_generator",
    };
    let name = vm.text(&g.qualname);
    let address = vm.address_of(&args[0]);
    Ok(vm.new_str(format!("<{word} object {name} at {address:#x}>")))
}
fn coroutine_await(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_object(T::AwaitWrapper, AwaitWrapper(args[0].clone())))
}
fn inner(v: &Value) -> Value {
    v.get::<AwaitWrapper>().expect("a wrapper").0.clone()
}
fn wrapper_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    gen_next(vm, &[inner(&args[0])])
}
fn wrapper_send(vm: &mut Vm, args: &[Value]) -> PyResult {
    gen_send(vm, &[inner(&args[0]), args[1].clone()])
}
fn wrapper_throw(vm: &mut Vm, args: &[Value]) -> PyResult {
    let exc = vm.thrown(&args[1..])?;
    let r = vm.generator_throw(&inner(&args[0]), exc)?;
    vm.resumed_value(r)
}
fn wrapper_close(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.generator_close(&inner(&args[0]))
}

fn name_of(vm: &mut Vm, g: &Value) -> PyResult {
    Ok(g.borrow::<Generator>(vm).expect("a generator").name.clone())
}
fn qualname_of(vm: &mut Vm, g: &Value) -> PyResult {
    Ok(g.borrow::<Generator>(vm).expect("a generator").qualname.clone())
}
fn set_name(vm: &mut Vm, g: &Value, v: Value) -> PyResult<()> {
    if !v.is_a::<Str>() {
        return Err(vm.type_error("__name__ must be set to a string object"));
    }
    g.borrow_mut::<Generator>(vm).expect("a generator").name = v;
    Ok(())
}
fn set_qualname(vm: &mut Vm, g: &Value, v: Value) -> PyResult<()> {
    if !v.is_a::<Str>() {
        return Err(vm.type_error("__qualname__ must be set to a string object"));
    }
    g.borrow_mut::<Generator>(vm).expect("a generator").qualname = v;
    Ok(())
}
fn is_running(vm: &mut Vm, g: &Value) -> PyResult {
    Ok(Value::bool(g.borrow::<Generator>(vm).expect("a generator").state == State::Running))
}
fn is_suspended(vm: &mut Vm, g: &Value) -> PyResult {
    Ok(Value::bool(g.borrow::<Generator>(vm).expect("a generator").state == State::Suspended))
}
fn frame_of(vm: &mut Vm, g: &Value) -> PyResult {
    Ok(vm.generator_frame(g).unwrap_or(Value::NONE))
}
fn delegate_of(vm: &mut Vm, g: &Value) -> PyResult {
    Ok(g.borrow::<Generator>(vm).expect("a generator").delegate().cloned().unwrap_or(Value::NONE))
}
fn code_of(vm: &mut Vm, g: &Value) -> PyResult {
    vm.generator_code(g)
}

impl Vm {
    /// The code object of a generator.
    pub fn generator_code(&mut self, g: &Value) -> PyResult {
        let owner = g.borrow::<Generator>(self).expect("a generator").owner().clone();
        Ok(self.code_of(&owner).unwrap_or(Value::NONE))
    }
}

static METHODS: &[NativeDef] = &[
    method("__next__(self, /)", gen_next),
    method("__iter__(self, /)", gen_iter),
    method("__repr__(self, /)", gen_repr),
    method("__del__(self, /)", |vm, args| vm.finalize_generator(&args[0]).map(|_| Value::NONE)),
    method("send(self, value, /)", gen_send),
    method("throw(self, typ, val=NULL, tb=NULL, /)", gen_throw),
    method("close(self, /)", gen_close),
];
static GETSET: &[GetSet] = &[
    getset("__name__", name_of, set_name),
    getset("__qualname__", qualname_of, set_qualname),
    getter("gi_running", is_running),
    getter("gi_suspended", is_suspended),
    getter("gi_frame", frame_of),
    getter("gi_yieldfrom", delegate_of),
    getter("gi_code", code_of),
];
static CORO_METHODS: &[NativeDef] = &[
    method("__await__(self, /)", coroutine_await),
    method("__repr__(self, /)", gen_repr),
    method("__del__(self, /)", |vm, args| vm.finalize_generator(&args[0]).map(|_| Value::NONE)),
    method("send(self, value, /)", gen_send),
    method("throw(self, typ, val=NULL, tb=NULL, /)", gen_throw),
    method("close(self, /)", gen_close),
];
static CORO_GETSET: &[GetSet] = &[
    getset("__name__", name_of, set_name),
    getset("__qualname__", qualname_of, set_qualname),
    getter("cr_running", is_running),
    getter("cr_suspended", is_suspended),
    getter("cr_frame", frame_of),
    getter("cr_await", delegate_of),
    getter("cr_code", code_of),
    getter("cr_origin", |_, _| Ok(Value::NONE)),
];
static WRAPPER_METHODS: &[NativeDef] = &[
    method("__next__(self, /)", wrapper_next),
    method("__iter__(self, /)", gen_iter),
    method("send(self, value, /)", wrapper_send),
    method("throw(self, typ, val=NULL, tb=NULL, /)", wrapper_throw),
    method("close(self, /)", wrapper_close),
];

/// `generator`
pub static GENERATOR: TypeDef = TypeDef::new("generator", layout_of::<Generator>()).flags(flags::NO_NEW).methods(METHODS).getset(GETSET);
/// `coroutine`
pub static COROUTINE: TypeDef = TypeDef::new("coroutine", layout_of::<Generator>()).flags(flags::NO_NEW).methods(CORO_METHODS).getset(CORO_GETSET);
/// `coroutine_wrapper`
pub static AWAIT_WRAPPER: TypeDef = TypeDef::new("coroutine_wrapper", layout_of::<AwaitWrapper>()).flags(flags::NO_NEW).methods(WRAPPER_METHODS);
