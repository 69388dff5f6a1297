//! How classes are made and changed: `type()`, `__build_class__`, MRO, layouts, `__slots__` (`Objects/typeobject.c`, `Python/bltinmodule.c`).

use crate::error::{PyResult, Raised};
use crate::object::{Bare, Instance, Kind, Layout, layout_of};
use crate::special::{Name, Special};
use crate::types::T;
use crate::types::descriptor::{ClassMethod, StaticMethod};
use crate::types::dict::Dict;
use crate::types::function::Cell;
use crate::types::native::{GetSetDescr, Kwargs, NativeDef, SlotDescr, function, getset, getter};
use crate::types::object_;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::{self, TypeObj, flags};
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// The globals of the running Python frame, if there is one.
    pub fn current_globals(&mut self) -> Option<Value> {
        let at = self.stack.frames.len().checked_sub(1)?;
        Some(self.dicts_of_frame(at).0)
    }
}

fn tuple_items(v: &Value) -> Vec<Value> {
    v.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default()
}
fn type_flags(ty: &Value) -> u32 {
    type_::head(ty).flags.get()
}

// --- layouts ---------------------------------------------------------------------------------------------------------

/// The built-in layout below a class's attributes. Plain instances and bare objects count as the same.
fn native_layout(ty: &Value) -> Option<std::any::TypeId> {
    let id = (type_::head(ty).layout.base_id)();
    let plain = [(layout_of::<Bare>().base_id)(), (layout_of::<Instance>().base_id)()];
    if plain.contains(&id) { None } else { Some(id) }
}

/// The nearest class in the chain of bases that adds something to its instances' layout.
fn solid_base(vm: &Vm, ty: &Value) -> Value {
    let mut at = ty.clone();
    loop {
        let Some(t) = at.borrow::<TypeObj>(vm) else { return at };
        if t.base.is_null() {
            return at;
        }
        let adds = !t.slots.is_empty() || native_layout(&at) != native_layout(&t.base) || crate::types::exception::adds_fields(vm, &at);
        if adds {
            return at;
        }
        at = t.base.clone();
    }
}

/// The base whose layout the new class extends.
fn best_base(vm: &mut Vm, bases: &[Value]) -> PyResult {
    let mut best: Option<(Value, Value)> = None;
    for b in bases {
        if !b.is_a::<TypeObj>() {
            return Err(vm.type_error("bases must be types"));
        }
        if type_flags(b) & flags::BASE == 0 {
            let name = object_::type_path(vm, b);
            return Err(vm.type_error(format!("type '{name}' is not an acceptable base type")));
        }
        let solid = solid_base(vm, b);
        best = match best {
            None => Some((b.clone(), solid)),
            Some((base, winner)) if is_subtype(vm, &winner, &solid) => Some((base, winner)),
            Some((_, winner)) if is_subtype(vm, &solid, &winner) => Some((b.clone(), solid)),
            Some(_) => return Err(vm.type_error("multiple bases have instance lay-out conflict")),
        };
    }
    Ok(best.map(|(b, _)| b).unwrap_or_default())
}

fn is_subtype(vm: &Vm, a: &Value, b: &Value) -> bool {
    a.borrow::<TypeObj>(vm).is_some_and(|t| t.is_subtype_of(b))
}

/// How instances of a class derived from `base` are laid out.
fn derived_layout(base: &Value) -> &'static Layout {
    let layout = type_::head(base).layout;
    if layout.kind == Kind::Type {
        // classes keep their attributes in their namespace
        layout
    } else if native_layout(base).is_none() {
        layout_of::<Instance>()
    } else {
        (layout.with_attrs)()
    }
}

/// Whether instances vary in size in CPython, so that subclasses can have neither slots nor weak references of their own.
fn is_variable_sized(ty: &Value) -> bool {
    matches!(type_::head(ty).layout.kind, Kind::BigInt | Kind::Tuple | Kind::Bytes | Kind::Type)
}

// --- method resolution order -------------------------------------------------------------------------------------------

/// `type.mro(cls)`: the order that follows from the bases.
pub fn compute_mro(vm: &mut Vm, ty: &Value) -> PyResult<Vec<Value>> {
    let bases = ty.borrow::<TypeObj>(vm).map(|t| t.bases.clone()).unwrap_or_default();
    let bases = tuple_items(&bases);
    for (i, b) in bases.iter().enumerate() {
        if bases[..i].iter().any(|o| o.is(b)) {
            let name = b.get_type_name();
            return Err(vm.type_error(format!("duplicate base class {name}")));
        }
    }
    let orders: Vec<(Value, Vec<Value>)> = bases.iter().map(|b| (b.clone(), b.borrow::<TypeObj>(vm).map(|t| t.mro.clone()).unwrap_or_default())).collect();
    type_::c3(ty.clone(), &orders).map_err(|heads| {
        let names: Vec<String> = heads.iter().map(Value::get_type_name).collect();
        vm.type_error(format!("Cannot create a consistent method resolution\norder (MRO) for bases {}", names.join(", ")))
    })
}

/// The order as the metaclass wants it: its own `mro()` may differ.
fn resolve_mro(vm: &mut Vm, ty: &Value) -> PyResult<Vec<Value>> {
    let meta = ty.type_of(vm).clone();
    if meta.is(vm.ty(T::Type)) {
        return compute_mro(vm, ty);
    }
    let name = vm.name(Name::Mro);
    let (own, plain) = (vm.type_lookup(&meta, &name), {
        let t = vm.ty(T::Type).clone();
        vm.type_lookup(&t, &name)
    });
    let Some(own) = own.filter(|o| plain.is_none_or(|p| !p.is(o))) else { return compute_mro(vm, ty) };
    let f = vm.descriptor_get(&own, ty, &meta)?;
    let r = vm.call(&f, &[])?;
    let order = vm.collect(&r)?;
    if let Some(odd) = order.iter().find(|c| !c.is_a::<TypeObj>()) {
        let name = vm.type_name(odd);
        return Err(vm.type_error(format!("mro() returned a non-class ('{name}')")));
    }
    // a built-in type's methods rely on its layout
    let base = ty.borrow::<TypeObj>(vm).map(|t| t.base.clone()).unwrap_or_default();
    let solid = if base.is_null() { ty.clone() } else { solid_base(vm, &base) };
    for class in order.iter().filter(|c| !c.is(ty)) {
        let other = solid_base(vm, class);
        if !is_subtype(vm, &solid, &other) {
            let name = class.get_type_name();
            return Err(vm.type_error(format!("mro() returned base with unsuitable layout ('{name}')")));
        }
    }
    Ok(order)
}

// --- changes ---------------------------------------------------------------------------------------------------------

/// The living direct subclasses.
pub fn subclasses(vm: &mut Vm, ty: &Value) -> Vec<Value> {
    let list = vm.iso().subclasses.of(ty.bits());
    list.iter().filter_map(|w| vm.weak_target(w)).collect()
}

fn add_subclass(vm: &mut Vm, base: &Value, ty: &Value) -> PyResult<()> {
    let weak = vm.weak_ref(ty)?;
    let mut list = vm.iso().subclasses.of(base.bits());
    list.retain(|w| vm.weak_target(w).is_some());
    list.push(weak);
    vm.iso_mut().subclasses.set(base.bits(), list);
    Ok(())
}

fn remove_subclass(vm: &mut Vm, base: &Value, ty: &Value) {
    let list = vm.iso().subclasses.of(base.bits());
    let rest: Vec<Value> = list.into_iter().filter(|w| vm.weak_target(w).is_some_and(|t| !t.is(ty))).collect();
    vm.iso_mut().subclasses.set(base.bits(), rest);
}

/// The class's namespace or bases have changed: caches of it and of all its subclasses become stale; `special` says that
/// the tables of special methods change too.
pub fn modified(vm: &mut Vm, ty: &Value, special: bool) {
    if special {
        crate::image::resolve_specials(vm.iso_mut(), ty);
    }
    let version = vm.iso_mut().fresh_version();
    // mutably: a kept state must put the version back along with what it stands for
    if let Some(t) = ty.borrow_mut::<TypeObj>(vm) {
        t.head.version.set(version);
    }
    for sub in subclasses(vm, ty) {
        modified(vm, &sub, special);
    }
}

/// `cls.__bases__ = bases`
pub fn set_bases(vm: &mut Vm, ty: &Value, bases: Value) -> PyResult<()> {
    type_::check_mutable(vm, ty, "__bases__")?;
    let name = ty.get_type_name();
    if bases.is_null() {
        return Err(vm.type_error(format!("cannot delete '__bases__' attribute of immutable type '{name}'")));
    }
    if !bases.is_a::<Tuple>() {
        let got = vm.type_name(&bases);
        return Err(vm.type_error(format!("can only assign tuple to {name}.__bases__, not {got}")));
    }
    let new = tuple_items(&bases);
    if new.is_empty() {
        return Err(vm.type_error(format!("can only assign non-empty tuple to {name}.__bases__, not ()")));
    }
    for b in &new {
        if !b.is_a::<TypeObj>() {
            let got = vm.type_name(b);
            return Err(vm.type_error(format!("{name}.__bases__ must be tuple of classes, not '{got}'")));
        }
        if is_subtype(vm, b, ty) {
            return Err(vm.type_error("a __bases__ item causes an inheritance cycle"));
        }
    }
    let base = best_base(vm, &new)?;
    let old = ty.borrow::<TypeObj>(vm).map(|t| (t.bases.clone(), t.base.clone())).unwrap_or_default();
    if !solid_base(vm, &base).is(&solid_base(vm, &old.1)) || !derived_layout(&base).same(type_::head(ty).layout) {
        let (a, b) = (base.get_type_name(), old.1.get_type_name());
        let what = if native_layout(&base) == native_layout(&old.1) { "object layout" } else { "deallocator" };
        return Err(vm.type_error(format!("__bases__ assignment: '{a}' {what} differs from '{b}'")));
    }
    put_bases(vm, ty, bases, base);
    if let Err(e) = update_orders(vm, ty) {
        put_bases(vm, ty, old.0, old.1);
        update_orders(vm, ty)?;
        return Err(e);
    }
    for b in tuple_items(&old.0) {
        remove_subclass(vm, &b, ty);
    }
    for b in &new {
        add_subclass(vm, b, ty)?;
    }
    modified(vm, ty, true);
    Ok(())
}

fn put_bases(vm: &mut Vm, ty: &Value, bases: Value, base: Value) {
    let old = ty.borrow_mut::<TypeObj>(vm).map(|t| (std::mem::replace(&mut t.bases, bases), std::mem::replace(&mut t.base, base)));
    drop(old);
}

/// Computes the order of a class and of its subclasses anew.
fn update_orders(vm: &mut Vm, ty: &Value) -> PyResult<()> {
    let order = resolve_mro(vm, ty)?;
    let old = ty.borrow_mut::<TypeObj>(vm).map(|t| std::mem::replace(&mut t.mro, order));
    drop(old);
    for sub in subclasses(vm, ty) {
        update_orders(vm, &sub)?;
    }
    Ok(())
}

/// `obj.__class__ = class`
pub fn set_class(vm: &mut Vm, obj: &Value, class: &Value) -> PyResult<()> {
    if class.is_null() {
        return Err(vm.type_error("can't delete __class__ attribute"));
    }
    if !class.is_a::<TypeObj>() {
        let got = vm.type_name(class);
        return Err(vm.type_error(format!("__class__ must be set to a class, not '{got}' object")));
    }
    let old = obj.type_of(vm).clone();
    let is_module = |t: &Value| is_subtype(vm, t, vm.ty(T::Module));
    let mutable = (type_flags(&old) | type_flags(class)) & flags::IMMUTABLE == 0;
    if !(mutable || is_module(&old) && is_module(class)) {
        return Err(vm.type_error("__class__ assignment only supported for mutable types or ModuleType subclasses"));
    }
    let same_dict = (type_flags(&old) ^ type_flags(class)) & flags::HAS_DICT == 0;
    let (s_old, s_new) = (solid_base(vm, &old), solid_base(vm, class));
    let same_slots = s_old.is(&s_new) || same_own_slots(vm, &s_old, &s_new);
    if !same_dict || !same_slots || !type_::head(&old).layout.same(type_::head(class).layout) {
        let (a, b) = (class.get_type_name(), old.get_type_name());
        return Err(vm.type_error(format!("__class__ assignment: '{a}' object layout differs from '{b}'")));
    }
    vm.touch_write(obj, crate::probe::Part::Whole);
    if let Some(h) = obj.header() {
        h.set_type(class);
    }
    Ok(())
}

fn same_own_slots(vm: &Vm, a: &Value, b: &Value) -> bool {
    let (Some(x), Some(y)) = (a.borrow::<TypeObj>(vm), b.borrow::<TypeObj>(vm)) else { return false };
    let same = x.slots.len() == y.slots.len() && x.slots.iter().zip(&y.slots).all(|(p, q)| p.is(q));
    same && !x.slots.is_empty() && !x.base.is_null() && !y.base.is_null() && solid_base(vm, &x.base).is(&solid_base(vm, &y.base))
}

// --- type.__new__ ------------------------------------------------------------------------------------------------------

/// The most derived metaclass of `meta` and the bases' ones.
pub fn winner(vm: &mut Vm, meta: &Value, bases: &[Value]) -> PyResult {
    let mut winner = meta.clone();
    for b in bases {
        let t = b.type_of(vm).clone();
        if is_subtype(vm, &winner, &t) {
            continue;
        }
        if !is_subtype(vm, &t, &winner) {
            return Err(
                vm.type_error("metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases")
            );
        }
        winner = t;
    }
    Ok(winner)
}

/// `type.__new__(cls, *args, **kwargs)`
pub fn native_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let meta = &args[0];
    let given = tuple_items(&args[1]);
    let kw = vm.dict_items(&args[2]);
    let [name, bases, namespace] = given.as_slice() else {
        if meta.is(vm.ty(T::Type)) && given.len() != 3 {
            return Err(vm.type_error("type() takes 1 or 3 arguments"));
        }
        let n = given.len();
        return Err(vm.type_error(format!("type.__new__() takes exactly 3 arguments ({n} given)")));
    };
    for (i, (v, want, ok)) in
        [(name, "str", name.is_a::<Str>()), (bases, "tuple", bases.is_a::<Tuple>()), (namespace, "dict", namespace.is_a::<Dict>())].into_iter().enumerate()
    {
        if !ok {
            let got = vm.type_name(v);
            return Err(vm.type_error(format!("type.__new__() argument {} must be {want}, not {got}", i + 1)));
        }
    }
    let mut bases = tuple_items(bases);
    for b in &bases {
        if !b.is_a::<TypeObj>() && vm.special(b, Special::MroEntries).is_some() {
            return Err(vm.type_error("type() doesn't support MRO entry resolution; use types.new_class()"));
        }
    }
    let mut meta = meta.clone();
    if bases.is_empty() {
        bases.push(vm.ty(T::Object).clone());
    } else {
        let w = winner(vm, &meta, &bases)?;
        if !w.is(&meta) {
            let new = w.borrow::<TypeObj>(vm).map(|t| t.special(Special::New).clone()).unwrap_or_default();
            let plain = vm.ty(T::Type).borrow::<TypeObj>(vm).map(|t| t.special(Special::New).clone()).unwrap_or_default();
            if !new.is(&plain) {
                let new = crate::proto::call::unwrap_static(vm, &new);
                let (names, values): (Vec<Value>, Vec<Value>) = kw.into_iter().unzip();
                let all = [w, given[0].clone(), given[1].clone(), given[2].clone()];
                return vm.call_kw(&new, &all, Kwargs { names: &names, values: &values });
            }
            meta = w;
        }
    }
    new_class(vm, &meta, name, &bases, namespace, &kw)
}

/// `type.__init__`
pub fn native_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = tuple_items(&args[1]).len();
    if n != 1 && n != 3 {
        return Err(vm.type_error("type.__init__() takes 1 or 3 arguments"));
    }
    if n == 1 && !vm.dict_items(&args[2]).is_empty() {
        return Err(vm.type_error("type.__init__() takes no keyword arguments"));
    }
    Ok(Value::NONE)
}

/// What `__slots__` says.
#[derive(Default)]
struct Slots {
    names: Vec<Value>,
    dict: bool,
    weakref: bool,
}

/// Makes a class. `bases` are types, not empty.
pub fn new_class(vm: &mut Vm, meta: &Value, name: &Value, bases: &[Value], namespace: &Value, kw: &[(Value, Value)]) -> PyResult {
    let base = best_base(vm, bases)?;
    let name = vm.iso_mut().intern_value(name);
    if vm.text(&name).contains('\0') {
        return Err(vm.value_error("type name must not contain null characters"));
    }
    vm.touch_read(namespace, crate::probe::Part::Whole);
    let dict = namespace.borrow::<Dict>(vm).map(Dict::copy).unwrap_or_default();
    let inherited = bases.iter().fold(0, |f, b| f | type_flags(b));
    let (base_dict, base_weak) = (inherited & flags::HAS_DICT != 0, has_weakrefs(bases));
    let slots = read_slots(vm, &name, &base, &dict, base_dict, base_weak)?;
    let mut flag_bits = flags::HEAP | flags::BASE | (inherited & flags::INHERITED & !(flags::WEAKREF | flags::HAS_DICT));
    let (adds_dict, adds_weak) = match &slots {
        None => (!base_dict, !base_weak && !is_variable_sized(&base)),
        Some(s) => (s.dict, s.weakref),
    };
    if type_flags(&base) & flags::TYPE == 0 && (base_dict || adds_dict) {
        flag_bits |= flags::HAS_DICT;
    }
    if base_weak || adds_weak {
        flag_bits |= flags::WEAKREF;
    }
    flag_bits |= pattern_flags(vm, &dict);
    let ty = vm.heap().new_type(Some(meta), derived_layout(&base), flag_bits);
    let bases_tuple = vm.new_tuple(bases.to_vec());
    let version = vm.iso_mut().fresh_version();
    {
        let slot_names = slots.as_ref().map(|s| s.names.clone()).unwrap_or_default();
        let t = ty.borrow_mut::<TypeObj>(vm).expect("just made");
        t.name = name.clone();
        t.qualname = name;
        t.bases = bases_tuple;
        t.base = base;
        t.dict = dict;
        t.slots = slot_names;
        t.id = version;
        t.head.version.set(version);
    }
    fill_namespace(vm, &ty)?;
    add_slot_descriptors(vm, &ty, slots.as_ref(), adds_dict, adds_weak);
    let order = resolve_mro(vm, &ty)?;
    ty.borrow_mut::<TypeObj>(vm).expect("just made").mro = order;
    inherit_hash(vm, &ty);
    crate::image::resolve_specials(vm.iso_mut(), &ty);
    for b in bases {
        add_subclass(vm, b, &ty)?;
    }
    fill_cells(vm, &ty, namespace)?;
    call_set_names(vm, &ty)?;
    call_init_subclass(vm, &ty, kw)?;
    Ok(ty)
}

/// What `match` takes instances for, where a class says so (`__abc_tpflags__` of `collections.abc`: `Py_TPFLAGS_SEQUENCE`, `.._MAPPING`).
fn pattern_flags(vm: &mut Vm, namespace: &Dict) -> u32 {
    let key = vm.intern("__abc_tpflags__");
    match namespace.get_str(&key).and_then(Value::as_small) {
        Some(f) if f & (1 << 5) != 0 => flags::SEQUENCE,
        Some(f) if f & (1 << 6) != 0 => flags::MAPPING,
        _ => 0,
    }
}

/// Whether instances of one of the bases can already be weakly referenced as CPython sees it.
fn has_weakrefs(bases: &[Value]) -> bool {
    const NATIVE: [Kind; 5] = [Kind::Set, Kind::Function, Kind::Module, Kind::Type, Kind::Generator];
    bases.iter().any(|b| {
        let f = type_flags(b);
        if f & flags::HEAP != 0 { f & flags::WEAKREF != 0 } else { NATIVE.contains(&type_::head(b).layout.kind) }
    })
}

/// Own entry of a namespace that is not yet seen by anybody else.
fn entry(vm: &mut Vm, ty: &Value, name: &str) -> Option<Value> {
    let name = vm.intern(name);
    ty.borrow::<TypeObj>(vm)?.dict.get_str(&name).cloned()
}
fn put(vm: &mut Vm, ty: &Value, name: &str, value: Value) {
    let name = vm.intern(name);
    let old = ty.borrow_mut::<TypeObj>(vm).and_then(|t| t.dict.set_str(&name, value));
    drop(old);
}
fn take(vm: &mut Vm, ty: &Value, name: &str) -> Option<Value> {
    let name = vm.intern(name);
    ty.borrow_mut::<TypeObj>(vm)?.dict.remove_str(&name)
}

/// What `type.__new__` changes in the namespace it was given.
fn fill_namespace(vm: &mut Vm, ty: &Value) -> PyResult<()> {
    if let Some(q) = take(vm, ty, "__qualname__") {
        if !q.is_a::<Str>() {
            let got = vm.type_name(&q);
            return Err(vm.type_error(format!("type __qualname__ must be a str, not {got}")));
        }
        ty.borrow_mut::<TypeObj>(vm).expect("a type").qualname = q;
    }
    if entry(vm, ty, "__module__").is_none()
        && let Some(globals) = vm.current_globals()
    {
        let key = vm.name(Name::DunderName);
        if let Some(m) = vm.dict_get_str(&globals, &key) {
            put(vm, ty, "__module__", m);
        }
    }
    if entry(vm, ty, "__doc__").is_none() {
        put(vm, ty, "__doc__", Value::NONE);
    }
    if let Some(f) = entry(vm, ty, "__new__").filter(|f| f.kind() == Some(Kind::Function as u8)) {
        let wrapped = vm.new_object(T::StaticMethod, StaticMethod::new(f));
        put(vm, ty, "__new__", wrapped);
    }
    for name in ["__init_subclass__", "__class_getitem__"] {
        if let Some(f) = entry(vm, ty, name).filter(|f| f.kind() == Some(Kind::Function as u8)) {
            let wrapped = vm.new_object(T::ClassMethod, ClassMethod::new(f));
            put(vm, ty, name, wrapped);
        }
    }
    Ok(())
}

/// A class with `__eq__` and without `__hash__` is unhashable.
fn inherit_hash(vm: &mut Vm, ty: &Value) {
    if entry(vm, ty, "__eq__").is_some() && entry(vm, ty, "__hash__").is_none() {
        put(vm, ty, "__hash__", Value::NONE);
    }
}

/// Gives the class to the cell that `super()` and `__class__` read.
fn fill_cells(vm: &mut Vm, ty: &Value, namespace: &Value) -> PyResult<()> {
    if let Some(cell) = take(vm, ty, "__classcell__") {
        if !cell.is_a::<Cell>() {
            let text = vm.repr_text(cell.type_of(vm).clone().as_opt().unwrap_or(&Value::NONE))?;
            return Err(vm.type_error(format!("__classcell__ must be a nonlocal cell, not {text}")));
        }
        let old = cell.borrow_mut::<Cell>(vm).map(|c| std::mem::replace(&mut c.value, ty.clone()));
        drop(old);
    }
    if let Some(cell) = take(vm, ty, "__classdictcell__") {
        let old = cell.borrow_mut::<Cell>(vm).map(|c| std::mem::replace(&mut c.value, namespace.clone()));
        drop(old);
    }
    Ok(())
}

fn call_set_names(vm: &mut Vm, ty: &Value) -> PyResult<()> {
    let entries: Vec<(Value, Value)> = ty.borrow::<TypeObj>(vm).map(|t| t.dict.iter().map(|(k, v)| (k.value.clone(), v.clone())).collect()).unwrap_or_default();
    for (name, v) in entries {
        let Some(f) = vm.special(&v, Special::SetName) else { continue };
        if let Err(e) = vm.call_special(&f, &[v.clone(), ty.clone(), name.clone()]) {
            let (t, n, c) = (vm.type_name(&v), vm.repr_text(&name)?, ty.get_type_name());
            let note = vm.new_str(format!("Error calling __set_name__ on '{t}' instance {n} in '{c}'"));
            vm.call_method(&e.0, "add_note", &[note])?;
            return Err(e);
        }
    }
    Ok(())
}

fn call_init_subclass(vm: &mut Vm, ty: &Value, kw: &[(Value, Value)]) -> PyResult<()> {
    let name = vm.special_name(Special::InitSubclass);
    let f = vm.super_attr(ty, ty, &name)?;
    let (names, values): (Vec<Value>, Vec<Value>) = kw.iter().cloned().unzip();
    vm.call_kw(&f, &[], Kwargs { names: &names, values: &values }).map(drop)
}

// --- __slots__ -----------------------------------------------------------------------------------------------------------

fn read_slots(vm: &mut Vm, class_name: &Value, base: &Value, dict: &Dict, base_dict: bool, base_weak: bool) -> PyResult<Option<Slots>> {
    let key = vm.intern("__slots__");
    let Some(given) = dict.get_str(&key).cloned() else { return Ok(None) };
    let items = if given.is_a::<Str>() { vec![given] } else { vm.collect(&given)? };
    if !items.is_empty() && is_variable_sized(base) {
        let name = base.get_type_name();
        return Err(vm.type_error(format!("nonempty __slots__ not supported for subtype of '{name}'")));
    }
    let mut slots = Slots::default();
    let class_text = vm.text(class_name);
    for item in items {
        if !item.is_a::<Str>() {
            let got = vm.type_name(&item);
            return Err(vm.type_error(format!("__slots__ items must be strings, not '{got}'")));
        }
        let text = vm.text(&item);
        match text.as_str() {
            "__dict__" if base_dict || slots.dict => return Err(vm.type_error("__dict__ slot disallowed: we already got one")),
            "__dict__" => slots.dict = true,
            "__weakref__" if base_weak || slots.weakref => return Err(vm.type_error("__weakref__ slot disallowed: we already got one")),
            "__weakref__" => slots.weakref = true,
            _ => {
                check_identifier(vm, &item)?;
                let name = vm.intern(&mangle(&class_text, &text));
                let allowed = ["__qualname__", "__classcell__", "__classdictcell__"].contains(&text.as_str());
                if !allowed && dict.get_str(&name).is_some() {
                    let shown = vm.repr_text(&name)?;
                    return Err(vm.value_error(format!("{shown} in __slots__ conflicts with class variable")));
                }
                slots.names.push(name);
            }
        }
    }
    slots.names.sort_by_key(|n| vm.text(n));
    slots.names.dedup_by(|a, b| a.is(b));
    Ok(Some(slots))
}

fn check_identifier(vm: &mut Vm, item: &Value) -> PyResult<()> {
    use crate::text::unicode::{is_id_continue, is_id_start};
    let text = vm.text(item);
    let mut chars = text.chars().map(u32::from);
    let ok = chars.next().is_some_and(|c| c == u32::from('_') || is_id_start(c)) && chars.all(is_id_continue);
    if ok { Ok(()) } else { Err(vm.type_error("__slots__ must be identifiers")) }
}

/// `__x` in class `C` is `_C__x` (`_Py_Mangle`).
pub fn mangle(class: &str, name: &str) -> String {
    let class = class.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') || class.is_empty() {
        return name.to_string();
    }
    format!("_{class}{name}")
}

fn add_slot_descriptors(vm: &mut Vm, ty: &Value, slots: Option<&Slots>, adds_dict: bool, adds_weak: bool) {
    for name in slots.map(|s| s.names.clone()).unwrap_or_default() {
        let d = vm.new_object(T::SlotDescr, SlotDescr { name: name.clone(), class: ty.clone() });
        let text = vm.text(&name);
        put(vm, ty, &text, d);
    }
    if type_flags(ty) & flags::TYPE != 0 {
        return;
    }
    if adds_dict {
        let d = vm.new_object(T::GetSetDescr, GetSetDescr { def: getset("__dict__", object_::get_dict, object_::set_dict), class: ty.clone() });
        put(vm, ty, "__dict__", d);
    }
    if adds_weak {
        let d = vm.new_object(T::GetSetDescr, GetSetDescr { def: getter("__weakref__", get_weakref), class: ty.clone() });
        put(vm, ty, "__weakref__", d);
    }
}

fn get_weakref(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(vm.heap().weak_refs(v).into_iter().next().unwrap_or(Value::NONE))
}

// --- the class statement -------------------------------------------------------------------------------------------------

/// The bases with what `__mro_entries__` puts in place of those that are no types; `None` where nothing changes.
fn resolve_bases(vm: &mut Vm, bases: &[Value]) -> PyResult<Option<Vec<Value>>> {
    let mut out = Vec::new();
    let mut changed = false;
    for b in bases {
        let f = if b.is_a::<TypeObj>() { None } else { vm.attr_opt(b, "__mro_entries__")? };
        let Some(f) = f else {
            out.push(b.clone());
            continue;
        };
        let all = vm.new_tuple(bases.to_vec());
        let r = vm.call(&f, &[all])?;
        if !r.is_a::<Tuple>() {
            return Err(vm.type_error("__mro_entries__ must return a tuple"));
        }
        out.extend(tuple_items(&r));
        changed = true;
    }
    Ok(changed.then_some(out))
}

fn build_class(vm: &mut Vm, args: &[Value]) -> PyResult {
    let given = tuple_items(&args[0]);
    let [func, name, orig @ ..] = given.as_slice() else {
        return Err(vm.type_error("__build_class__: not enough arguments"));
    };
    if func.kind() != Some(Kind::Function as u8) {
        return Err(vm.type_error("__build_class__: func must be a function"));
    }
    if !name.is_a::<Str>() {
        return Err(vm.type_error("__build_class__: name is not a string"));
    }
    let changed = resolve_bases(vm, orig)?;
    let bases = changed.clone().unwrap_or_else(|| orig.to_vec());
    let mut kw = vm.dict_items(&args[1]);
    let meta_name = vm.name(Name::Metaclass);
    let explicit = kw.iter().position(|(k, _)| vm.text(k) == vm.text(&meta_name)).map(|i| kw.remove(i).1);
    let mut meta = match &explicit {
        Some(m) => m.clone(),
        None => bases.first().map(|b| b.type_of(vm).clone()).unwrap_or_else(|| vm.ty(T::Type).clone()),
    };
    if meta.is_a::<TypeObj>() {
        meta = winner(vm, &meta, &bases)?;
    }
    let (names, values): (Vec<Value>, Vec<Value>) = kw.into_iter().unzip();
    let kwargs = Kwargs { names: &names, values: &values };
    let bases_tuple = vm.new_tuple(bases);
    let namespace = prepare_namespace(vm, &meta, name, &bases_tuple, kwargs)?;
    let cell = vm.call_function_with_locals(func, &namespace)?;
    if changed.is_some() {
        let (key, orig) = (vm.intern("__orig_bases__"), vm.new_tuple(orig.to_vec()));
        vm.set_item(&namespace, &key, orig)?;
    }
    let class = vm.call_kw(&meta, &[name.clone(), bases_tuple, namespace], kwargs)?;
    check_cell(vm, &class, &cell)?;
    Ok(class)
}

fn prepare_namespace(vm: &mut Vm, meta: &Value, name: &Value, bases: &Value, kwargs: Kwargs) -> PyResult {
    if meta.is(vm.ty(T::Type)) {
        return Ok(vm.new_dict());
    }
    let key = vm.special_name(Special::Prepare);
    let Some(prepare) = vm.get_attr_opt(meta, &key)? else { return Ok(vm.new_dict()) };
    let ns = vm.call_kw(&prepare, &[name.clone(), bases.clone()], kwargs)?;
    if vm.special(&ns, Special::GetItem).is_none() || ns.is_a::<TypeObj>() {
        let who = if meta.is_a::<TypeObj>() { meta.get_type_name() } else { "<metaclass>".into() };
        let got = vm.type_name(&ns);
        return Err(vm.type_error(format!("{who}.__prepare__() must return a mapping, not {got}")));
    }
    Ok(ns)
}

/// The body gave its `__class__` cell back: the metaclass must have passed it on to `type.__new__`.
fn check_cell(vm: &mut Vm, class: &Value, cell: &Value) -> PyResult<()> {
    if !class.is_a::<TypeObj>() || !cell.is_a::<Cell>() {
        return Ok(());
    }
    let content = cell.borrow::<Cell>(vm).map(|c| c.value.clone()).unwrap_or_default();
    if content.is_null() {
        let (n, t) = (class.get_type_name(), vm.repr_text(class)?);
        return Err(vm.runtime_error(format!("__class__ not set defining '{n}' as {t}. Was __classcell__ propagated to type.__new__?")));
    }
    if !content.is(class) {
        let (n, got, want) = (class.get_type_name(), vm.repr_text(&content)?, vm.repr_text(class)?);
        return Err(vm.type_error(format!("__class__ set to {got} defining '{n}' as {want}")));
    }
    Ok(())
}

/// The check that `int.__new__(str)` must not get past: `cls` is a type, derived from the one whose `__new__` this is, and
/// no other built-in type's `__new__` stands between them.
pub fn check_new(vm: &mut Vm, own: &Value, cls: Option<&Value>) -> PyResult<()> {
    if cls.is_some_and(|c| c.is(own)) {
        return Ok(());
    }
    let Some(cls) = cls else {
        let t = own.get_type_name();
        return Err(vm.type_error(format!("{t}.__new__(): not enough arguments")));
    };
    if !cls.is_a::<TypeObj>() {
        let (t, got) = (own.get_type_name(), vm.type_name(cls));
        return Err(vm.type_error(format!("{t}.__new__(X): X is not a type object ({got})")));
    }
    if !is_subtype(vm, cls, own) {
        let (t, c) = (own.get_type_name(), cls.get_type_name());
        return Err(vm.type_error(format!("{t}.__new__({c}): {c} is not a subtype of {t}")));
    }
    let fits = native_layout(cls) == native_layout(own) || native_base_new(vm, cls).is_some_and(|n| n.is(own));
    if !fits {
        return Err(unsafe_new(vm, own, cls));
    }
    Ok(())
}

/// The nearest built-in base that has a `__new__` of its own.
fn native_base_new(vm: &mut Vm, cls: &Value) -> Option<Value> {
    let key = vm.special_name(Special::New);
    let mut at = cls.clone();
    loop {
        let t = at.borrow::<TypeObj>(vm)?;
        if !t.has(flags::HEAP) && t.dict.get_str(&key).is_some() {
            return Some(at);
        }
        at = t.base.clone().opt()?;
    }
}

fn unsafe_new(vm: &mut Vm, own: &Value, cls: &Value) -> Raised {
    let base = native_base_new(vm, cls).unwrap_or_else(|| cls.clone());
    let (t, c, b) = (own.get_type_name(), cls.get_type_name(), base.get_type_name());
    vm.type_error(format!("{t}.__new__({c}) is not safe, use {b}.__new__()"))
}

/// What goes into builtins.
pub static FUNCTIONS: &[NativeDef] = &[function("__build_class__(*args, **kwargs)", build_class)
    .doc("__build_class__(func, name, /, *bases, [metaclass], **kwds) -> class\n\nInternal helper function used by the class statement.")];
