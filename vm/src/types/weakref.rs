//! `weakref.ref` and the proxies.

use crate::error::{Exc, PyResult, Raised};
use crate::image::TypeDef;
use crate::object::{Kind, layout_of};
use crate::op::CmpOp;
use crate::special::Special;
use crate::types::T;
use crate::types::native::{NativeDef, class_method, getter, method, static_method};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use crate::weak::{WeakRef, bind};

/// Whether objects like this one can be weakly referenced.
fn can_refer(vm: &Vm, v: &Value) -> bool {
    let Some(h) = v.header() else { return false };
    let class = v.class(vm);
    if class.has(flags::HEAP) {
        return class.has(flags::WEAKREF);
    }
    const REFERABLE: [Kind; 12] = [
        Kind::Type,
        Kind::Function,
        Kind::Native,
        Kind::BoundMethod,
        Kind::Code,
        Kind::Generator,
        Kind::Module,
        Kind::Set,
        Kind::Instance,
        Kind::StaticMethod,
        Kind::ClassMethod,
        Kind::Other,
    ];
    REFERABLE.iter().any(|k| *k as u8 == h.kind()) && !v.is_a::<crate::object::Bare>()
}

/// A new weak reference object of type `ty`.
fn make(vm: &mut Vm, ty: &Value, target: &Value, callback: &Value) -> PyResult {
    if !can_refer(vm, target) {
        let name = vm.type_name(target);
        return Err(vm.type_error(format!("cannot create weak reference to '{name}' object")));
    }
    let callback = if callback.is_none() { Value::NULL } else { callback.clone() };
    if callback.is_null()
        && let Some(old) =
            vm.heap().weak_refs(target).into_iter().find(|w| w.type_of(vm).is(ty) && w.borrow::<WeakRef>(vm).is_some_and(|w| w.callback.is_null()))
        && !ty.is_null()
        && !head_is_heap(ty)
    {
        return Ok(old);
    }
    let weak = vm.new_of(ty, WeakRef::new(callback));
    bind(vm.heap(), &weak, target);
    Ok(weak)
}

fn head_is_heap(ty: &Value) -> bool {
    crate::types::type_::head(ty).flags.get() & flags::HEAP != 0
}

impl Vm {
    /// `weakref.ref(target)`; TypeError where the object cannot be referred to.
    pub fn weak_ref(&mut self, target: &Value) -> PyResult {
        let ty = self.ty(T::WeakRef).clone();
        make(self, &ty, target, &Value::NULL)
    }
    /// What a weak reference refers to, while it lives.
    pub fn weak_target(&self, weak: &Value) -> Option<Value> {
        weak.borrow::<WeakRef>(self).and_then(WeakRef::target)
    }
}

fn new_ref(vm: &mut Vm, args: &[Value]) -> PyResult {
    make(vm, &args[0], &args[1], &args[2])
}
fn init_ref(_: &mut Vm, _: &[Value]) -> PyResult {
    Ok(Value::NONE)
}
fn call_ref(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.weak_target(&args[0]).unwrap_or(Value::NONE))
}
fn repr_ref(vm: &mut Vm, args: &[Value]) -> PyResult {
    let at = vm.address_of(&args[0]);
    let Some(target) = vm.weak_target(&args[0]) else { return Ok(vm.new_str(format!("<weakref at {at:#x}; dead>"))) };
    let (name, to) = (vm.type_name(&target), vm.address_of(&target));
    let own = match vm.attr_opt(&target, "__name__")? {
        Some(n) if n.is_a::<crate::types::str::Str>() => format!(" ({})", vm.text(&n)),
        _ => String::new(),
    };
    Ok(vm.new_str(format!("<weakref at {at:#x}; to '{name}' at {to:#x}{own}>")))
}
fn hash_ref(vm: &mut Vm, args: &[Value]) -> PyResult {
    if let Some(h) = args[0].borrow::<WeakRef>(vm).and_then(|w| w.hash.get()) {
        return Ok(vm.new_int(h));
    }
    let Some(target) = vm.weak_target(&args[0]) else { return Err(vm.type_error("weak object has gone away")) };
    let h = vm.hash(&target)?;
    if let Some(w) = args[0].borrow::<WeakRef>(vm) {
        w.hash.set(Some(h));
    }
    Ok(vm.new_int(h))
}
fn compare_ref(vm: &mut Vm, args: &[Value], op: CmpOp) -> PyResult {
    if !args[1].is_a::<WeakRef>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    match (vm.weak_target(&args[0]), vm.weak_target(&args[1])) {
        (Some(a), Some(b)) => vm.compare(op, &a, &b),
        _ => Ok(Value::bool(args[0].is(&args[1]) == (op == CmpOp::Eq))),
    }
}
fn eq_ref(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare_ref(vm, args, CmpOp::Eq)
}
fn ne_ref(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare_ref(vm, args, CmpOp::Ne)
}
fn get_callback(vm: &mut Vm, this: &Value) -> PyResult {
    let callback = this.borrow::<WeakRef>(vm).filter(|w| w.target().is_some()).map(|w| w.callback.clone());
    Ok(callback.and_then(Value::opt).unwrap_or(Value::NONE))
}

/// `weakref.ReferenceType`
pub static REF: TypeDef = TypeDef::new("weakref.ReferenceType", layout_of::<WeakRef>())
    .flags(flags::BASE)
    .methods(&[
        static_method("__new__(cls, object, callback=None, /, *args, **kwargs)", new_ref),
        method("__init__(self, *args, **kwargs)", init_ref),
        method("__call__(self)", call_ref),
        method("__repr__(self, /)", repr_ref),
        method("__hash__(self, /)", hash_ref),
        method("__eq__(self, value, /)", eq_ref),
        method("__ne__(self, value, /)", ne_ref),
        class_method("__class_getitem__(cls, item, /)", crate::types::generic_alias::class_getitem),
    ])
    .getset(&[getter("__callback__", get_callback)]);

// --- proxies --------------------------------------------------------------------------------------------------

fn gone(vm: &mut Vm) -> Raised {
    vm.err(Exc::ReferenceError, "weakly-referenced object no longer exists")
}

/// The object behind a proxy; any other value is itself. ReferenceError where it has died.
fn behind(vm: &mut Vm, v: &Value) -> PyResult {
    let class = v.type_of(vm);
    if !class.is(vm.ty(T::WeakProxy)) && !class.is(vm.ty(T::WeakCallableProxy)) {
        return Ok(v.clone());
    }
    match vm.weak_target(v) {
        Some(t) => Ok(t),
        None => Err(gone(vm)),
    }
}

fn proxy_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let at = vm.address_of(&args[0]);
    let kind = vm.type_name(&args[0]);
    let text = match vm.weak_target(&args[0]) {
        Some(t) => format!("<{kind} at {at:#x} to {} at {:#x}>", vm.type_name(&t), vm.address_of(&t)),
        None => format!("<{kind} at {at:#x} to NoneType at {:#x}>", vm.address_of(&Value::NONE)),
    };
    Ok(vm.new_str(text))
}
fn proxy_get(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = behind(vm, &args[0])?;
    vm.get_attr(&t, &args[1])
}
fn proxy_set(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = behind(vm, &args[0])?;
    vm.set_attr(&t, &args[1], args[2].clone())?;
    Ok(Value::NONE)
}
fn proxy_del(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = behind(vm, &args[0])?;
    vm.set_attr(&t, &args[1], Value::NULL)?;
    Ok(Value::NONE)
}
fn proxy_call(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = behind(vm, &args[0])?;
    super::object_::call_packed(vm, &t, &args[1], &args[2])
}
fn proxy_str(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = behind(vm, &args[0])?;
    vm.str(&t)
}
fn proxy_bool(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = behind(vm, &args[0])?;
    Ok(Value::bool(vm.truthy(&t)?))
}
fn proxy_len(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = behind(vm, &args[0])?;
    let n = vm.len(&t)?;
    Ok(vm.new_int(n as i64))
}
fn proxy_getitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = behind(vm, &args[0])?;
    vm.get_item(&t, &args[1])
}
fn proxy_setitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = behind(vm, &args[0])?;
    vm.set_item(&t, &args[1], args[2].clone())?;
    Ok(Value::NONE)
}
fn proxy_delitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = behind(vm, &args[0])?;
    vm.del_item(&t, &args[1])?;
    Ok(Value::NONE)
}
fn proxy_contains(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = behind(vm, &args[0])?;
    Ok(Value::bool(vm.contains(&t, &args[1])?))
}
fn proxy_iter(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = behind(vm, &args[0])?;
    vm.iter(&t)
}
fn proxy_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = behind(vm, &args[0])?;
    if vm.special(&t, Special::Next).is_none() {
        let name = vm.type_name(&t);
        return Err(vm.type_error(format!("Weakref proxy referenced a non-iterator '{name}' object")));
    }
    Ok(vm.next(&t)?.unwrap_or_default())
}
fn proxy_compare(vm: &mut Vm, args: &[Value], op: CmpOp) -> PyResult {
    let (a, b) = (behind(vm, &args[0])?, behind(vm, &args[1])?);
    vm.compare(op, &a, &b)
}

macro_rules! proxy_ops {
    (compare $($name:ident $op:ident;)*) => { $(fn $name(vm: &mut Vm, args: &[Value]) -> PyResult { proxy_compare(vm, args, CmpOp::$op) })* };
    (binary $($name:ident $reflected:ident $op:ident;)*) => { $(
        fn $name(vm: &mut Vm, args: &[Value]) -> PyResult {
            let (a, b) = (behind(vm, &args[0])?, behind(vm, &args[1])?);
            vm.binary(crate::op::BinOp::$op, &a, &b)
        }
        fn $reflected(vm: &mut Vm, args: &[Value]) -> PyResult {
            let (a, b) = (behind(vm, &args[0])?, behind(vm, &args[1])?);
            vm.binary(crate::op::BinOp::$op, &b, &a)
        }
    )* };
}
proxy_ops! { compare proxy_eq Eq; proxy_ne Ne; proxy_lt Lt; proxy_le Le; proxy_gt Gt; proxy_ge Ge; }
proxy_ops! { binary
    proxy_add proxy_radd Add; proxy_sub proxy_rsub Sub; proxy_mul proxy_rmul Mul; proxy_truediv proxy_rtruediv TrueDiv;
    proxy_floordiv proxy_rfloordiv FloorDiv; proxy_mod proxy_rmod Mod; proxy_and proxy_rand And; proxy_or proxy_ror Or; proxy_xor proxy_rxor Xor;
    proxy_matmul proxy_rmatmul MatMul; proxy_lshift proxy_rlshift LShift; proxy_rshift proxy_rrshift RShift;
}

const PROXY_METHODS: &[NativeDef] = match CALLABLE_PROXY_METHODS.split_first() {
    Some((_call, rest)) => rest,
    None => &[],
};
const CALLABLE_PROXY_METHODS: &[NativeDef] = &[
    method("__call__(self, *args, **kwargs)", proxy_call),
    method("__repr__(self, /)", proxy_repr),
    method("__str__(self, /)", proxy_str),
    method("__getattribute__(self, name, /)", proxy_get),
    method("__setattr__(self, name, value, /)", proxy_set),
    method("__delattr__(self, name, /)", proxy_del),
    method("__bool__(self, /)", proxy_bool),
    method("__len__(self, /)", proxy_len),
    method("__getitem__(self, key, /)", proxy_getitem),
    method("__setitem__(self, key, value, /)", proxy_setitem),
    method("__delitem__(self, key, /)", proxy_delitem),
    method("__contains__(self, key, /)", proxy_contains),
    method("__iter__(self, /)", proxy_iter),
    method("__next__(self, /)", proxy_next),
    method("__eq__(self, value, /)", proxy_eq),
    method("__ne__(self, value, /)", proxy_ne),
    method("__lt__(self, value, /)", proxy_lt),
    method("__le__(self, value, /)", proxy_le),
    method("__gt__(self, value, /)", proxy_gt),
    method("__ge__(self, value, /)", proxy_ge),
    method("__add__(self, value, /)", proxy_add),
    method("__radd__(self, value, /)", proxy_radd),
    method("__sub__(self, value, /)", proxy_sub),
    method("__rsub__(self, value, /)", proxy_rsub),
    method("__mul__(self, value, /)", proxy_mul),
    method("__rmul__(self, value, /)", proxy_rmul),
    method("__matmul__(self, value, /)", proxy_matmul),
    method("__rmatmul__(self, value, /)", proxy_rmatmul),
    method("__truediv__(self, value, /)", proxy_truediv),
    method("__rtruediv__(self, value, /)", proxy_rtruediv),
    method("__floordiv__(self, value, /)", proxy_floordiv),
    method("__rfloordiv__(self, value, /)", proxy_rfloordiv),
    method("__mod__(self, value, /)", proxy_mod),
    method("__rmod__(self, value, /)", proxy_rmod),
    method("__and__(self, value, /)", proxy_and),
    method("__rand__(self, value, /)", proxy_rand),
    method("__or__(self, value, /)", proxy_or),
    method("__ror__(self, value, /)", proxy_ror),
    method("__xor__(self, value, /)", proxy_xor),
    method("__rxor__(self, value, /)", proxy_rxor),
    method("__lshift__(self, value, /)", proxy_lshift),
    method("__rlshift__(self, value, /)", proxy_rlshift),
    method("__rshift__(self, value, /)", proxy_rshift),
    method("__rrshift__(self, value, /)", proxy_rrshift),
];

/// `weakref.ProxyType`
pub static PROXY: TypeDef = TypeDef::new("weakref.ProxyType", layout_of::<WeakRef>()).flags(flags::NO_NEW).methods(PROXY_METHODS);
/// `weakref.CallableProxyType`
pub static CALLABLE_PROXY: TypeDef = TypeDef::new("weakref.CallableProxyType", layout_of::<WeakRef>()).flags(flags::NO_NEW).methods(CALLABLE_PROXY_METHODS);

// --- what the module `_weakref` offers --------------------------------------------------------------------------

/// `weakref.proxy(object, callback=None, /)`
pub fn proxy(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = if vm.special(&args[0], Special::Call).is_some() { T::WeakCallableProxy } else { T::WeakProxy };
    let ty = vm.ty(t).clone();
    make(vm, &ty, &args[0], &args[1])
}
/// `weakref.getweakrefcount(object, /)`
pub fn getweakrefcount(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = vm.heap().weak_refs(&args[0]).len();
    Ok(vm.new_int(n as i64))
}
/// `weakref.getweakrefs(object, /)`
pub fn getweakrefs(vm: &mut Vm, args: &[Value]) -> PyResult {
    let all = vm.heap().weak_refs(&args[0]);
    Ok(vm.new_list(all))
}
/// The functions of the module `_weakref`.
pub static FUNCTIONS: &[NativeDef] = &[
    crate::types::native::function("proxy(object, callback=None, /)", proxy),
    crate::types::native::function("getweakrefcount(object, /)", getweakrefcount),
    crate::types::native::function("getweakrefs(object, /)", getweakrefs),
];
