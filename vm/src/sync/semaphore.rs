//! `threading.Semaphore` and `BoundedSemaphore`.

use super::turnstile::{Guarded, Turnstile};
use super::{attr_layout, type_path_of};
use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Payload};
use crate::types::native::{NativeDef, getset, method, static_method};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::WaitKind;

/// The payload of both.
#[derive(Default)]
pub struct Semaphore {
    turnstile: Turnstile,
    /// The initial value of a bounded one.
    bound: Option<usize>,
}

impl Payload for Semaphore {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Semaphore {
        Semaphore { turnstile: Turnstile::new(self.turnstile.free()), bound: self.bound }
    }
}

impl Guarded for Semaphore {
    fn turnstile(&mut self) -> &mut Turnstile {
        &mut self.turnstile
    }
}

fn this<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Semaphore {
    v.borrow_mut::<Semaphore>(vm).expect("a native's own instance")
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], Semaphore { turnstile: Turnstile::new(1), bound: None }))
}
fn value_arg(vm: &mut Vm, v: &Value) -> PyResult<usize> {
    let n = vm.to_isize(v)?;
    usize::try_from(n).map_err(|_| vm.value_error("semaphore initial value must be >= 0"))
}
fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = value_arg(vm, &args[1])?;
    *this(vm, &args[0]) = Semaphore { turnstile: Turnstile::new(n), bound: None };
    Ok(Value::NONE)
}
fn init_bounded(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = value_arg(vm, &args[1])?;
    *this(vm, &args[0]) = Semaphore { turnstile: Turnstile::new(n), bound: Some(n) };
    Ok(Value::NONE)
}
fn acquire(vm: &mut Vm, args: &[Value]) -> PyResult {
    let blocking = vm.truthy(&args[1])?;
    if !blocking && !args[2].is_none() {
        return Err(vm.value_error("can't specify timeout for non-blocking acquire"));
    }
    let got = if !blocking {
        vm.try_permit::<Semaphore>(&args[0])?
    } else {
        let deadline = vm.deadline(&args[2])?;
        vm.take_permit::<Semaphore>(&args[0], WaitKind::Semaphore, deadline)?
    };
    if got {
        vm.sync_event(&args[0], true);
    }
    Ok(Value::bool(got))
}
fn enter(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.take_permit::<Semaphore>(&args[0], WaitKind::Semaphore, None)?;
    vm.sync_event(&args[0], true);
    Ok(Value::TRUE)
}
fn give(vm: &mut Vm, v: &Value, n: usize) -> PyResult {
    vm.point()?;
    let s = this(vm, v);
    if let Some(bound) = s.bound
        && s.turnstile.free().saturating_add(n) > bound
    {
        return Err(vm.value_error("Semaphore released too many times"));
    }
    for _ in 0..n {
        vm.sync_event(v, false);
        vm.give_permit::<Semaphore>(v);
    }
    Ok(Value::NONE)
}
fn release(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = vm.to_isize(&args[1])?;
    if n < 1 {
        return Err(vm.value_error("n must be one or more"));
    }
    if n > 1 << 24 && this(vm, &args[0]).bound.is_none() {
        // the queue is far shorter: serve it, then count
        let s = this(vm, &args[0]);
        let waiting = s.turnstile.waiting() + 1;
        give(vm, &args[0], waiting)?;
        this(vm, &args[0]).turnstile.add(n as usize - waiting);
        return Ok(Value::NONE);
    }
    give(vm, &args[0], n as usize)
}
fn exit(vm: &mut Vm, args: &[Value]) -> PyResult {
    give(vm, &args[0], 1)
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let s = this(vm, &args[0]);
    let (value, bound) = (s.turnstile.free(), s.bound);
    let bound = bound.map(|b| format!("/{b}")).unwrap_or_default();
    let (path, at) = (type_path_of(vm, &args[0]), vm.address_of(&args[0]));
    Ok(vm.new_str(format!("<{path} at {at:#x}: value={value}{bound}>")))
}
fn get_value(vm: &mut Vm, v: &Value) -> PyResult {
    let n = this(vm, v).turnstile.free();
    Ok(vm.new_int(n as i64))
}
fn set_value(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    let n = value_arg(vm, &value)?;
    let t = vm.turnstile::<Semaphore>(v);
    while t.free() > n && t.try_take() {}
    let more = n.saturating_sub(t.free());
    t.add(more);
    Ok(())
}
fn get_bound(vm: &mut Vm, v: &Value) -> PyResult {
    match this(vm, v).bound {
        Some(n) => Ok(vm.new_int(n as i64)),
        None => {
            let name = vm.intern("_initial_value");
            Err(vm.no_attr(v, &name))
        }
    }
}
fn set_bound(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    let n = value_arg(vm, &value)?;
    this(vm, v).bound = Some(n);
    Ok(())
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, *args, **kwargs)", new),
    method("__init__(self, value=1)", init),
    method("acquire(self, blocking=True, timeout=None)", acquire),
    method("release(self, n=1)", release),
    method("__enter__(self)", enter),
    method("__exit__(self, t, v, tb)", exit),
    method("__repr__(self)", repr),
    method("__reduce__(self)", super::lock::no_pickle),
];

/// `threading.Semaphore`
pub static DEF: TypeDef = TypeDef::new("threading.Semaphore", attr_layout::<Semaphore>())
    .flags(flags::BASE | flags::HAS_DICT)
    .methods(METHODS)
    .getset(&[
        getset("_value", get_value, set_value),
        getset("_initial_value", get_bound, set_bound),
        crate::types::native::getter("__dict__", crate::types::object_::get_dict),
    ])
    .doc("This class implements semaphore objects.");

/// `threading.BoundedSemaphore`; its base is [`DEF`].
pub static BOUNDED: TypeDef = TypeDef::new("threading.BoundedSemaphore", attr_layout::<Semaphore>())
    .flags(flags::BASE | flags::HAS_DICT)
    .methods(&[method("__init__(self, value=1)", init_bounded)])
    .doc("Implements a bounded semaphore.");
