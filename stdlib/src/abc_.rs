//! `_abc`: what makes `isinstance` and `issubclass` upon abstract base classes quick (`Modules/_abc.c`).
//!
//! Each class has a registry of virtual subclasses and two caches, of classes that are and that are not its subclasses, all by weak
//! reference. The second cache is void when any class has been registered anywhere since.

use crate::payload::payload;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::layout_of;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::type_::{TypeObj, flags};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// Where the isolate counts registrations.
const COUNTER: &str = "abc.counter";
/// A set is swept of dead references whenever its size is a multiple of this.
const SWEEP: usize = 128;

struct AbcData {
    registry: Value,
    cache: Value,
    negative: Value,
    /// The counter when `negative` was begun.
    version: i64,
}
payload!(AbcData { one: [registry, cache, negative], many: [], plain: [version] });

static DATA: TypeDef = TypeDef::new("_abc._abc_data", layout_of::<AbcData>()).flags(flags::NO_NEW).doc("Internal state held by ABC machinery.");

static FUNCTIONS: &[NativeDef] = &[
    function("get_cache_token()", |vm, _| {
        let n = counter(vm);
        Ok(vm.new_int(n))
    })
    .doc("Returns the current ABC cache token."),
    function("_abc_init(self, /)", abc_init),
    function("_abc_register(self, subclass, /)", abc_register),
    function("_abc_instancecheck(self, instance, /)", instancecheck),
    function("_abc_subclasscheck(self, subclass, /)", subclasscheck),
    function("_get_dump(self, /)", get_dump),
    function("_reset_registry(self, /)", |vm, a| reset(vm, &a[0], true)),
    function("_reset_caches(self, /)", |vm, a| reset(vm, &a[0], false)),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    Ok(vm.new_module("_abc", "Module contains faster C implementation of abc.ABCMeta", FUNCTIONS))
}

fn counter(vm: &mut Vm) -> i64 {
    vm.iso().state.get(COUNTER).and_then(|v| v.as_small()).unwrap_or(0)
}

// --- sets of weak references ---------------------------------------------------------------------------------------------

#[derive(Clone, Copy)]
enum Which {
    Registry,
    Cache,
    Negative,
}

fn data(vm: &mut Vm, cls: &Value) -> PyResult {
    let d = vm.attr(cls, "_abc_impl")?;
    if d.is_a::<AbcData>() { Ok(d) } else { Err(vm.type_error("_abc_impl is set to a wrong type")) }
}
fn set_of(vm: &Vm, data: &Value, which: Which) -> Value {
    let d = data.borrow::<AbcData>(vm).expect("abc data");
    match which {
        Which::Registry => d.registry.clone(),
        Which::Cache => d.cache.clone(),
        Which::Negative => d.negative.clone(),
    }
}
fn has(vm: &mut Vm, data: &Value, which: Which, cls: &Value) -> PyResult<bool> {
    let set = set_of(vm, data, which);
    if set.is_null() {
        return Ok(false);
    }
    match vm.weak_ref(cls) {
        Ok(r) => vm.set_contains(&set, &r),
        Err(e) if vm.is_exc(&e, Exc::TypeError) => Ok(false),
        Err(e) => Err(e),
    }
}
fn add(vm: &mut Vm, data: &Value, which: Which, cls: &Value) -> PyResult<()> {
    let mut set = set_of(vm, data, which);
    let size = if set.is_null() { 0 } else { vm.len(&set)? };
    if size.is_multiple_of(SWEEP) {
        // the first one, or time to sweep
        let alive: Vec<Value> = if set.is_null() { vec![] } else { vm.set_items(&set) };
        let alive: Vec<Value> = alive.into_iter().filter(|r| vm.weak_target(r).is_some()).collect();
        set = vm.new_set(&alive)?;
        if let Some(d) = data.borrow_mut::<AbcData>(vm) {
            let slot = match which {
                Which::Registry => &mut d.registry,
                Which::Cache => &mut d.cache,
                Which::Negative => &mut d.negative,
            };
            *slot = set.clone();
        }
    }
    let r = vm.weak_ref(cls)?;
    vm.set_add(&set, &r).map(drop)
}

// --- making abstract classes ---------------------------------------------------------------------------------------------

fn is_abstract(vm: &mut Vm, v: &Value) -> PyResult<bool> {
    match vm.attr_opt(v, "__isabstractmethod__")? {
        Some(a) => vm.truthy(&a),
        None => Ok(false),
    }
}
/// The names that a class leaves abstract: its own, and those of its bases that it does not make concrete.
fn abstract_names(vm: &mut Vm, cls: &Value) -> PyResult {
    let mut names = Vec::new();
    let own: Vec<(Value, Value)> = cls.borrow::<TypeObj>(vm).map(|t| t.dict.iter().map(|(k, v)| (k.value.clone(), v.clone())).collect()).unwrap_or_default();
    for (name, value) in own {
        if is_abstract(vm, &value)? {
            names.push(name);
        }
    }
    let bases = vm.attr(cls, "__bases__")?;
    for base in vm.collect(&bases)? {
        let Some(inherited) = vm.attr_opt(&base, "__abstractmethods__")? else { continue };
        for name in vm.collect(&inherited)? {
            let value = vm.get_attr_opt(cls, &name)?.unwrap_or(Value::NONE);
            if is_abstract(vm, &value)? {
                names.push(name);
            }
        }
    }
    vm.new_frozenset(&names)
}
fn abc_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let names = abstract_names(vm, &args[0])?;
    let key = vm.intern("__abstractmethods__");
    vm.set_attr(&args[0], &key, names)?;
    let version = counter(vm);
    let d = vm.new_native(&DATA, AbcData { registry: Value::NULL, cache: Value::NULL, negative: Value::NULL, version });
    let key = vm.intern("_abc_impl");
    vm.set_attr(&args[0], &key, d)?;
    own_pattern_flags(vm, &args[0])?;
    Ok(Value::NONE)
}
/// `__abc_tpflags__`: instances match sequence or mapping patterns.
fn own_pattern_flags(vm: &mut Vm, cls: &Value) -> PyResult<()> {
    let key = vm.intern("__abc_tpflags__");
    let Some(value) = cls.borrow::<TypeObj>(vm).and_then(|t| t.dict.get_str(&key).cloned()) else { return Ok(()) };
    let bits = vm.to_i64(&value)?;
    vm.set_attr(cls, &key, Value::NULL)?;
    let both = (1 << 5) | (1 << 6);
    if bits & both == both {
        return Err(vm.type_error("__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING"));
    }
    if let Some(t) = cls.borrow_mut::<TypeObj>(vm) {
        t.set_flag(flags::SEQUENCE, bits & (1 << 5) != 0);
        t.set_flag(flags::MAPPING, bits & (1 << 6) != 0);
    }
    Ok(())
}
fn abc_register(vm: &mut Vm, args: &[Value]) -> PyResult {
    let [cls, subclass] = args else { unreachable!("bound") };
    if !vm.is_type(subclass) {
        return Err(vm.type_error("Can only register classes"));
    }
    if vm.issubclass(subclass, cls)? {
        return Ok(subclass.clone());
    }
    if vm.issubclass(cls, subclass)? {
        return Err(vm.runtime_error("Refusing to create an inheritance cycle"));
    }
    let d = data(vm, cls)?;
    add(vm, &d, Which::Registry, subclass)?;
    let next = counter(vm) + 1;
    vm.iso_mut().state.insert(COUNTER, Value::small_wrap(next));
    hand_flags_on(vm, cls, subclass);
    Ok(subclass.clone())
}
/// A registered class matches the patterns that the abstract one matches.
fn hand_flags_on(vm: &mut Vm, cls: &Value, subclass: &Value) {
    let Some(t) = cls.borrow::<TypeObj>(vm) else { return };
    let (sequence, mapping) = (t.has(flags::SEQUENCE), t.has(flags::MAPPING));
    if (sequence || mapping)
        && subclass.class(vm).has(flags::HEAP)
        && let Some(s) = subclass.borrow_mut::<TypeObj>(vm)
    {
        s.set_flag(flags::SEQUENCE, sequence);
        s.set_flag(flags::MAPPING, mapping);
    }
}

// --- the checks -----------------------------------------------------------------------------------------------------------

fn instancecheck(vm: &mut Vm, args: &[Value]) -> PyResult {
    let [cls, instance] = args else { unreachable!("bound") };
    let d = data(vm, cls)?;
    let subclass = vm.attr(instance, "__class__")?;
    if has(vm, &d, Which::Cache, &subclass)? {
        return Ok(Value::TRUE);
    }
    let ty = instance.type_of(vm).clone();
    if ty.is(&subclass) {
        if is_current(vm, &d) && has(vm, &d, Which::Negative, &subclass)? {
            return Ok(Value::FALSE);
        }
        return vm.call_method(cls, "__subclasscheck__", &[subclass]);
    }
    let result = vm.call_method(cls, "__subclasscheck__", &[subclass])?;
    if vm.truthy(&result)? { Ok(result) } else { vm.call_method(cls, "__subclasscheck__", &[ty]) }
}
fn is_current(vm: &mut Vm, data: &Value) -> bool {
    let now = counter(vm);
    data.borrow::<AbcData>(vm).is_some_and(|d| d.version == now)
}
fn subclasscheck(vm: &mut Vm, args: &[Value]) -> PyResult {
    let [cls, subclass] = args else { unreachable!("bound") };
    if !vm.is_type(subclass) {
        return Err(vm.type_error("issubclass() arg 1 must be a class"));
    }
    let d = data(vm, cls)?;
    if has(vm, &d, Which::Cache, subclass)? {
        return Ok(Value::TRUE);
    }
    if !is_current(vm, &d) {
        let now = counter(vm);
        let old = d.borrow_mut::<AbcData>(vm).map(|d| {
            d.version = now;
            std::mem::replace(&mut d.negative, Value::NULL)
        });
        drop(old);
    } else if has(vm, &d, Which::Negative, subclass)? {
        return Ok(Value::FALSE);
    }
    let yes = decide(vm, &d, cls, subclass)?;
    add(vm, &d, if yes { Which::Cache } else { Which::Negative }, subclass)?;
    Ok(Value::bool(yes))
}
/// The hook, the MRO, what is registered, the subclasses: in this order.
fn decide(vm: &mut Vm, data: &Value, cls: &Value, subclass: &Value) -> PyResult<bool> {
    let hook = vm.call_method(cls, "__subclasshook__", &[subclass.clone()])?;
    if hook.is_bool() {
        return Ok(hook.is_true());
    }
    if !hook.is_not_implemented() {
        return Err(vm.err(Exc::AssertionError, "__subclasshook__ must return either False, True, or NotImplemented"));
    }
    if subclass.borrow::<TypeObj>(vm).is_some_and(|t| t.is_subtype_of(cls)) {
        return Ok(true);
    }
    let registry = set_of(vm, data, Which::Registry);
    let registered = if registry.is_null() { vec![] } else { vm.set_items(&registry) };
    for r in registered {
        if let Some(class) = vm.weak_target(&r)
            && vm.issubclass(subclass, &class)?
        {
            return Ok(true);
        }
    }
    let below = vm.call_method(cls, "__subclasses__", &[])?;
    for class in vm.collect(&below)? {
        if vm.issubclass(subclass, &class)? {
            return Ok(true);
        }
    }
    Ok(false)
}

// --- for tests ------------------------------------------------------------------------------------------------------------

fn get_dump(vm: &mut Vm, args: &[Value]) -> PyResult {
    let d = data(vm, &args[0])?;
    let mut parts = Vec::new();
    for which in [Which::Registry, Which::Cache, Which::Negative] {
        let set = set_of(vm, &d, which);
        parts.push(if set.is_null() { vm.new_set(&[])? } else { set });
    }
    let version = d.borrow::<AbcData>(vm).map_or(0, |d| d.version);
    parts.push(vm.new_int(version));
    Ok(vm.new_tuple(parts))
}
fn reset(vm: &mut Vm, cls: &Value, registry: bool) -> PyResult {
    let d = data(vm, cls)?;
    let old = d.borrow_mut::<AbcData>(vm).map(|d| {
        if registry {
            vec![std::mem::replace(&mut d.registry, Value::NULL)]
        } else {
            vec![std::mem::replace(&mut d.cache, Value::NULL), std::mem::replace(&mut d.negative, Value::NULL)]
        }
    });
    drop(old);
    Ok(Value::NONE)
}
