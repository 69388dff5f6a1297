//! `type`: classes, how they are made and searched.

use crate::heap::TypeHead;
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Kind, Layout, Payload, layout_of};
use crate::special::{SPECIALS, Special};
use crate::types::dict::Dict;
use crate::types::str::Str;
use crate::value::Value;
use std::cell::Cell;

/// Bits of `TypeHead::flags`.
pub mod flags {
    /// Made by a class statement or `type()`: mutable, counted.
    pub const HEAP: u32 = 1;
    /// May be a base class.
    pub const BASE: u32 = 2;
    /// Instances compare with each other without running Python (exact str, int, tuple, bytes ..).
    pub const PLAIN_EQ: u32 = 4;
    /// `==` is identity: `__eq__` is object's.
    pub const IDENTITY_EQ: u32 = 8;
    /// `__getattribute__` is object's and there is no `__getattr__`: the loop may look attributes up itself.
    pub const PLAIN_GETATTR: u32 = 16;
    /// `__setattr__` and `__delattr__` are object's.
    pub const PLAIN_SETATTR: u32 = 32;
    /// Instances have a `__dict__`.
    pub const HAS_DICT: u32 = 64;
    /// `type` or a subclass of it.
    pub const TYPE: u32 = 128;
    /// `BaseException` or a subclass.
    pub const EXCEPTION: u32 = 256;
    /// Matches sequence patterns.
    pub const SEQUENCE: u32 = 512;
    /// Matches mapping patterns.
    pub const MAPPING: u32 = 1024;
    /// Cannot be called to make an instance.
    pub const NO_NEW: u32 = 2048;
    /// Has abstract methods left.
    pub const ABSTRACT: u32 = 4096;
    /// Instances can be weakly referenced.
    pub const WEAKREF: u32 = 8192;
    /// Attributes cannot be set (built-in types).
    pub const IMMUTABLE: u32 = 1 << 14;
    /// In a class pattern a single positional sub-pattern matches the subject itself (int, str ..).
    pub const MATCH_SELF: u32 = 1 << 15;
    /// `Special::Iter`/`Next`.. lookups found a Python-level `__hash__ = None`.
    pub const UNHASHABLE: u32 = 1 << 16;
    /// What a class takes over from its base.
    pub const INHERITED: u32 = TYPE | EXCEPTION | HAS_DICT | WEAKREF | SEQUENCE | MAPPING | MATCH_SELF;
    /// Instances have a finaliser.
    pub const FINALIZER: u32 = crate::heap::TYPE_HAS_FINALIZER;
}

/// The payload of a type object. The heap looks at its head.
#[repr(C)]
pub struct TypeObj {
    pub(crate) head: TypeHead,
    /// `__name__`
    pub name: Value,
    /// `__qualname__`
    pub qualname: Value,
    /// `__module__`, where the type is built in; classes keep it in their dict.
    pub module: Value,
    /// `__base__`; absent for object.
    pub base: Value,
    /// `__bases__`, a tuple.
    pub bases: Value,
    /// The method resolution order, this type first.
    pub mro: Vec<Value>,
    /// The namespace.
    pub dict: Dict,
    /// The special methods as found along the MRO; absent where there is none. Not counted twice: these are owned references.
    pub special: Box<[Value; SPECIALS]>,
    /// Names of own `__slots__`, mangled.
    pub slots: Vec<Value>,
    /// Number that `super` and caches may use to tell types apart; never reused within an isolate.
    pub id: u32,
}

impl TypeObj {
    /// A type that is still to be filled.
    pub fn blank(layout: &'static Layout, flags: u32) -> TypeObj {
        TypeObj {
            head: TypeHead { layout, flags: Cell::new(flags), version: Cell::new(0) },
            name: Value::NULL,
            qualname: Value::NULL,
            module: Value::NULL,
            base: Value::NULL,
            bases: Value::NULL,
            mro: Vec::new(),
            dict: Dict::new(),
            special: Box::new([const { Value::NULL }; SPECIALS]),
            slots: Vec::new(),
            id: 0,
        }
    }
    /// The flags.
    #[inline(always)]
    pub fn flags(&self) -> u32 {
        self.head.flags.get()
    }
    /// Is this flag set?
    #[inline(always)]
    pub fn has(&self, flag: u32) -> bool {
        self.head.flags.get() & flag != 0
    }
    /// Sets or clears flags.
    pub fn set_flag(&mut self, flag: u32, on: bool) {
        let f = self.head.flags.get();
        self.head.flags.set(if on { f | flag } else { f & !flag });
    }
    /// The version that inline caches compare; never 0 for a usable type.
    #[inline(always)]
    pub fn version(&self) -> u32 {
        self.head.version.get()
    }
    /// The layout of instances.
    pub fn layout(&self) -> &'static Layout {
        self.head.layout
    }
    /// The special method, or absent.
    #[inline(always)]
    pub fn special(&self, s: Special) -> &Value {
        &self.special[s as usize]
    }
    /// The name as text.
    pub fn short_name(&self) -> String {
        self.name.get::<Str>().map_or_else(|| "?".into(), |s| s.lossy().into_owned())
    }
    /// Whether `other` stands in this type's MRO.
    #[inline]
    pub fn is_subtype_of(&self, other: &Value) -> bool {
        self.mro.iter().any(|t| t.is(other))
    }
}

impl Payload for TypeObj {
    const CHANGES: Changes<Self> = Changes::BY_BORROW_BUT_CACHES;
    const KIND: Kind = Kind::Type;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        for v in [&self.name, &self.qualname, &self.module, &self.base, &self.bases] {
            visit(v);
        }
        self.mro.iter().for_each(&mut *visit);
        self.dict.traverse(visit);
        self.special.iter().for_each(&mut *visit);
        self.slots.iter().for_each(&mut *visit);
    }
    fn clear(&mut self) {
        // the MRO and base stay: instances may still be looked at while the rest of the garbage is cleared
        let own = std::mem::take(&mut self.mro);
        self.dict.clear();
        self.special.iter_mut().for_each(|v| *v = Value::NULL);
        drop(own);
    }
    fn clone_in(&self, c: &mut Cloner) -> TypeObj {
        let mut special = Box::new([const { Value::NULL }; SPECIALS]);
        for (to, from) in special.iter_mut().zip(self.special.iter()) {
            *to = c.value(from);
        }
        TypeObj {
            head: TypeHead { layout: self.head.layout, flags: self.head.flags.clone(), version: self.head.version.clone() },
            name: c.value(&self.name),
            qualname: c.value(&self.qualname),
            module: c.value(&self.module),
            base: c.value(&self.base),
            bases: c.value(&self.bases),
            mro: c.values(&self.mro),
            dict: self.dict.clone_in(c),
            special,
            slots: c.values(&self.slots),
            id: self.id,
        }
    }
}

/// The head of a type object. Panics on anything else: a native's mistake.
#[inline(always)]
pub(crate) fn head(ty: &Value) -> &TypeHead {
    ty.header().and_then(crate::object::type_payload).map(|t| &t.head).expect("a type")
}

/// The C3 linearisation (`Objects/typeobject.c`, `mro_implementation`). An error tells the classes that stand first in what is
/// left of the bases' conflicting orders.
pub fn c3(own: Value, bases: &[(Value, Vec<Value>)]) -> Result<Vec<Value>, Vec<Value>> {
    let mut lists: Vec<Vec<Value>> = bases.iter().map(|(_, mro)| mro.clone()).collect();
    lists.push(bases.iter().map(|(b, _)| b.clone()).collect());
    let mut out = vec![own];
    loop {
        lists.retain(|l| !l.is_empty());
        if lists.is_empty() {
            return Ok(out);
        }
        let next = lists.iter().map(|l| &l[0]).find(|c| !lists.iter().any(|l| l[1..].iter().any(|v| v.is(c)))).cloned();
        let Some(next) = next else {
            let mut heads: Vec<Value> = Vec::new();
            for l in &lists {
                if !heads.iter().any(|h| h.is(&l[0])) {
                    heads.push(l[0].clone());
                }
            }
            return Err(heads);
        };
        for l in &mut lists {
            if l[0].is(&next) {
                l.remove(0);
            }
        }
        out.push(next);
    }
}

// --- attributes of classes ---------------------------------------------------------------------------------------

use crate::error::{Exc, PyResult};
use crate::probe::Part;
use crate::special::Name;
use crate::types::T;
use crate::types::class_build;
use crate::types::mappingproxy::MappingProxy;
use crate::types::native::{class_method, getset, getter, method, static_method};
use crate::types::object_;
use crate::types::tuple::Tuple;
use crate::vm::Vm;

/// `ty.__module__`, or `None` where the class has lost it.
pub fn module_of(vm: &mut Vm, ty: &Value) -> Option<Value> {
    let name = vm.name(Name::DunderModule);
    let t = ty.borrow::<TypeObj>(vm)?;
    match t.dict.get_str(&name) {
        Some(m) if t.has(flags::HEAP) || m.is_a::<Str>() => Some(m.clone()),
        None if t.has(flags::HEAP) => None,
        // `type` itself has a descriptor of that name in its namespace
        _ => t.module.clone().opt(),
    }
}

/// An entry of a class's own namespace.
pub fn own_entry(vm: &mut Vm, ty: &Value, name: &str) -> Option<Value> {
    let name = vm.intern(name);
    vm.touch_read(ty, Part::Name(name.bits()));
    ty.borrow::<TypeObj>(vm)?.dict.get_str(&name).cloned()
}

/// Sets (or with the absent value removes) an entry of a class's own namespace, whatever descriptors say; false where
/// there was nothing to remove.
pub fn set_entry(vm: &mut Vm, ty: &Value, name: &Value, value: Value) -> bool {
    let name = vm.iso_mut().intern_value(name);
    vm.touch_write(ty, Part::Name(name.bits()));
    let remove = value.is_null();
    let Some(t) = ty.borrow_mut::<TypeObj>(vm) else { return false };
    let old = if remove { t.dict.remove_str(&name) } else { t.dict.set_str(&name, value) };
    if remove && old.is_none() {
        return false;
    }
    let special = name.get::<Str>().and_then(Str::as_str).and_then(Special::from_name).is_some();
    class_build::modified(vm, ty, special);
    drop(old);
    true
}

/// The error for changing a built-in type.
pub fn check_mutable(vm: &mut Vm, ty: &Value, name: &str) -> PyResult<()> {
    if !ty.borrow::<TypeObj>(vm).is_some_and(|t| t.has(flags::IMMUTABLE)) {
        return Ok(());
    }
    let t = ty.get_type_name();
    Err(vm.type_error(format!("cannot set '{name}' attribute of immutable type '{t}'")))
}

/// `type.__setattr__` and `type.__delattr__`
pub fn set_attr(vm: &mut Vm, ty: &Value, name: &Value, value: Value) -> PyResult<()> {
    object_::check_name(vm, name)?;
    let text = vm.text(name);
    check_mutable(vm, ty, &text)?;
    let name = vm.iso_mut().intern_value(name);
    let meta = ty.type_of(vm).clone();
    if let Some(d) = vm.type_lookup(&meta, &name)
        && vm.descriptor_set(&d, ty, &value)?.is_some()
    {
        return Ok(());
    }
    if !set_entry(vm, ty, &name, value) {
        return Err(vm.no_attr(ty, &name));
    }
    Ok(())
}

fn get_name(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(v.borrow::<TypeObj>(vm).map(|t| t.name.clone()).unwrap_or_default())
}
fn set_name(vm: &mut Vm, v: &Value, name: Value) -> PyResult<()> {
    let name = settable_text(vm, v, name, "__name__")?;
    if vm.text(&name).contains('\0') {
        return Err(vm.value_error("type name must not contain null characters"));
    }
    let old = v.borrow_mut::<TypeObj>(vm).map(|t| std::mem::replace(&mut t.name, name));
    drop(old);
    Ok(())
}
fn get_qualname(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(v.borrow::<TypeObj>(vm).map(|t| t.qualname.clone()).unwrap_or_default())
}
fn set_qualname(vm: &mut Vm, v: &Value, name: Value) -> PyResult<()> {
    let name = settable_text(vm, v, name, "__qualname__")?;
    let old = v.borrow_mut::<TypeObj>(vm).map(|t| std::mem::replace(&mut t.qualname, name));
    drop(old);
    Ok(())
}
fn settable_text(vm: &mut Vm, ty: &Value, value: Value, what: &str) -> PyResult {
    check_mutable(vm, ty, what)?;
    let name = ty.get_type_name();
    if value.is_null() {
        return Err(vm.type_error(format!("cannot delete '{what}' attribute of immutable type '{name}'")));
    }
    if !value.is_a::<Str>() {
        let got = vm.type_name(&value);
        return Err(vm.type_error(format!("can only assign string to {name}.{what}, not '{got}'")));
    }
    Ok(vm.iso_mut().intern_value(&value))
}
fn get_module(vm: &mut Vm, v: &Value) -> PyResult {
    match module_of(vm, v) {
        Some(m) => Ok(m),
        None => Err(vm.err(Exc::AttributeError, "__module__")),
    }
}
fn set_module(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    set_plain_entry(vm, v, "__module__", value)
}
/// Sets an entry that a getset of `type` stands for.
fn set_plain_entry(vm: &mut Vm, v: &Value, name: &str, value: Value) -> PyResult<()> {
    check_mutable(vm, v, name)?;
    if value.is_null() {
        let t = v.get_type_name();
        return Err(vm.type_error(format!("cannot delete '{name}' attribute of immutable type '{t}'")));
    }
    let name = vm.intern(name);
    set_entry(vm, v, &name, value);
    Ok(())
}
fn get_bases(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(v.borrow::<TypeObj>(vm).map(|t| t.bases.clone()).unwrap_or_default())
}
fn get_base(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(v.borrow::<TypeObj>(vm).and_then(|t| t.base.clone().opt()).unwrap_or(Value::NONE))
}
fn get_mro(vm: &mut Vm, v: &Value) -> PyResult {
    let mro = v.borrow::<TypeObj>(vm).map(|t| t.mro.clone()).unwrap_or_default();
    Ok(vm.new_tuple(mro))
}
fn get_namespace(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(vm.new_object(T::MappingProxy, MappingProxy { target: v.clone() }))
}
const TYPE_DOC: &str = "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type";
fn get_doc(vm: &mut Vm, v: &Value) -> PyResult {
    if v.is(vm.ty(T::Type)) {
        return Ok(vm.intern(TYPE_DOC));
    }
    match own_entry(vm, v, "__doc__") {
        None => Ok(Value::NONE),
        Some(d) if d.is_a::<Str>() || d.is_none() => Ok(d),
        Some(d) => vm.descriptor_get_class(&d, v),
    }
}
fn set_doc(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    set_plain_entry(vm, v, "__doc__", value)
}
fn get_type_params(vm: &mut Vm, v: &Value) -> PyResult {
    match own_entry(vm, v, "__type_params__") {
        Some(p) if !v.is(vm.ty(T::Type)) => Ok(p),
        _ => Ok(vm.new_tuple(vec![])),
    }
}
fn set_type_params(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    if !value.is_null() && !value.is_a::<Tuple>() {
        let got = vm.type_name(&value);
        return Err(vm.type_error(format!("__type_params__ must be set to a tuple, not {got}")));
    }
    set_plain_entry(vm, v, "__type_params__", value)
}
fn get_abstract(vm: &mut Vm, v: &Value) -> PyResult {
    match own_entry(vm, v, "__abstractmethods__") {
        Some(a) if !v.is(vm.ty(T::Type)) => Ok(a),
        _ => Err(vm.err(Exc::AttributeError, "__abstractmethods__")),
    }
}
fn set_abstract(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    check_mutable(vm, v, "__abstractmethods__")?;
    let on = !value.is_null() && vm.truthy(&value)?;
    let name = vm.name(Name::DunderAbstractMethods);
    if !set_entry(vm, v, &name, value) {
        return Err(vm.err(Exc::AttributeError, "__abstractmethods__"));
    }
    if let Some(t) = v.borrow_mut::<TypeObj>(vm) {
        t.set_flag(flags::ABSTRACT, on);
    }
    Ok(())
}

/// The function that computes a class's annotations (PEP 649), or `None`.
fn annotate_of(vm: &mut Vm, v: &Value) -> Option<Value> {
    own_entry(vm, v, "__annotate_func__").or_else(|| own_entry(vm, v, "__annotate__")).filter(|f| !f.is_none())
}
fn get_annotate(vm: &mut Vm, v: &Value) -> PyResult {
    if !v.borrow::<TypeObj>(vm).is_some_and(|t| t.has(flags::HEAP)) {
        let t = v.get_type_name();
        return Err(vm.err(Exc::AttributeError, format!("type object '{t}' has no attribute '__annotate__'")));
    }
    match annotate_of(vm, v) {
        Some(d) => vm.descriptor_get_class(&d, v),
        None => Ok(Value::NONE),
    }
}
fn set_annotate(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    if value.is_null() {
        return Err(vm.type_error("cannot delete __annotate__ attribute"));
    }
    check_mutable(vm, v, "__annotate__")?;
    if !value.is_none() && vm.special(&value, Special::Call).is_none() {
        return Err(vm.type_error("__annotate__ must be callable or None"));
    }
    if !value.is_none() {
        let cache = vm.intern("__annotations_cache__");
        set_entry(vm, v, &cache, Value::NULL);
        let name = vm.intern("__annotations__");
        set_entry(vm, v, &name, Value::NULL);
    }
    let name = vm.intern("__annotate_func__");
    set_entry(vm, v, &name, value);
    Ok(())
}
fn get_annotations(vm: &mut Vm, v: &Value) -> PyResult {
    if !v.borrow::<TypeObj>(vm).is_some_and(|t| t.has(flags::HEAP)) {
        let t = v.get_type_name();
        return Err(vm.err(Exc::AttributeError, format!("type object '{t}' has no attribute '__annotations__'")));
    }
    if let Some(a) = own_entry(vm, v, "__annotations__").or_else(|| own_entry(vm, v, "__annotations_cache__")) {
        return vm.descriptor_get_class(&a, v);
    }
    let made = match annotate_of(vm, v) {
        Some(f) => {
            let f = vm.descriptor_get_class(&f, v)?;
            let d = vm.call(&f, &[Value::i32(1)])?;
            if !d.is_a::<Dict>() {
                let got = vm.type_name(&d);
                return Err(vm.type_error(format!("__annotate__ returned non-dict of type '{got}'")));
            }
            d
        }
        None => vm.new_dict(),
    };
    let name = vm.intern("__annotations_cache__");
    set_entry(vm, v, &name, made.clone());
    Ok(made)
}
fn set_annotations(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    check_mutable(vm, v, "__annotations__")?;
    let (own, cache) = (vm.intern("__annotations__"), vm.intern("__annotations_cache__"));
    let had_own = own_entry(vm, v, "__annotations__").is_some();
    let target = if had_own { own } else { cache };
    let deleting = value.is_null();
    if !set_entry(vm, v, &target, value) && deleting {
        return Err(vm.err(Exc::AttributeError, "__annotations__"));
    }
    let annotate = vm.intern("__annotate_func__");
    set_entry(vm, v, &annotate, Value::NONE);
    Ok(())
}
/// The built-in types whose constructors CPython describes.
const SIGNATURES: &[(&str, &str)] = &[
    ("object", "()"),
    ("list", "(iterable=(), /)"),
    ("tuple", "(iterable=(), /)"),
    ("float", "(x=0, /)"),
    ("complex", "(real=0, imag=0)"),
    ("enumerate", "(iterable, start=0)"),
    ("reversed", "(sequence, /)"),
    ("memoryview", "(object)"),
    ("property", "(fget=None, fset=None, fdel=None, doc=None)"),
    ("module", "(name, doc=None)"),
    ("method", "(function, instance, /)"),
    ("function", "(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)"),
];
/// `__text_signature__` of a built-in type; None where CPython has none.
fn get_text_signature(vm: &mut Vm, v: &Value) -> PyResult {
    let name = v.borrow::<TypeObj>(vm).filter(|t| !t.has(flags::HEAP)).map(|t| t.short_name()).unwrap_or_default();
    match SIGNATURES.iter().find(|(n, _)| *n == name) {
        Some((_, sig)) => Ok(vm.new_str(*sig)),
        None => Ok(Value::NONE),
    }
}
fn get_flags(vm: &mut Vm, v: &Value) -> PyResult {
    let f = v.borrow::<TypeObj>(vm).map_or(0, TypeObj::flags);
    // the bits of CPython's `object.h` that scripts look at
    let bits = [
        (flags::IMMUTABLE, 1 << 8),
        (flags::HEAP, 1 << 9),
        (flags::BASE, 1 << 10),
        (flags::ABSTRACT, 1 << 20),
        (flags::TYPE, 1 << 31),
        (flags::EXCEPTION, 1 << 30),
    ];
    let known: i64 = bits.iter().filter(|(own, _)| f & own != 0).map(|(_, theirs)| *theirs).sum();
    Ok(vm.new_int(known | 1 << 12 | 1 << 14))
}
fn get_basicsize(vm: &mut Vm, v: &Value) -> PyResult {
    let n = v.borrow::<TypeObj>(vm).map_or(16, |t| t.layout().size);
    Ok(vm.new_int(n as i64))
}
fn get_zero(_: &mut Vm, _: &Value) -> PyResult {
    Ok(Value::i32(0))
}
fn get_dictoffset(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(Value::i32(if v.borrow::<TypeObj>(vm).is_some_and(|t| t.has(flags::HAS_DICT)) { -1 } else { 0 }))
}
fn get_weakoffset(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(Value::i32(if v.borrow::<TypeObj>(vm).is_some_and(|t| t.has(flags::HEAP) && t.has(flags::WEAKREF)) { -32 } else { 0 }))
}

fn call(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (ty, kw) = (&args[0], &args[2]);
    let positional = args[1].get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
    let (names, values): (Vec<Value>, Vec<Value>) = vm.dict_items(kw).into_iter().unzip();
    vm.call_type(ty, &positional, crate::types::native::Kwargs { names: &names, values: &values })
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let path = object_::type_path(vm, &args[0]);
    Ok(vm.new_str(format!("<class '{path}'>")))
}
fn getattribute(vm: &mut Vm, args: &[Value]) -> PyResult {
    object_::check_name(vm, &args[1])?;
    vm.type_get_attr(&args[0], &args[1])
}
fn setattr(vm: &mut Vm, args: &[Value]) -> PyResult {
    set_attr(vm, &args[0], &args[1], args[2].clone())?;
    Ok(Value::NONE)
}
fn delattr(vm: &mut Vm, args: &[Value]) -> PyResult {
    set_attr(vm, &args[0], &args[1], Value::NULL)?;
    Ok(Value::NONE)
}
fn mro(vm: &mut Vm, args: &[Value]) -> PyResult {
    let order = class_build::compute_mro(vm, &args[0])?;
    Ok(vm.new_list(order))
}
fn subclasses(vm: &mut Vm, args: &[Value]) -> PyResult {
    let all = class_build::subclasses(vm, &args[0]);
    Ok(vm.new_list(all))
}
fn prepare(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(vm.new_dict())
}
fn instancecheck(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(vm.isinstance_plain(&args[1], &args[0])?))
}
fn subclasscheck(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(vm.issubclass_plain(&args[1], &args[0])?))
}
fn dir(vm: &mut Vm, args: &[Value]) -> PyResult {
    let names = object_::class_names(vm, &args[0]);
    let names = object_::unique(vm, names)?;
    Ok(vm.new_list(names))
}
fn sizeof(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = 256 + args[0].borrow::<TypeObj>(vm).map_or(0, |t| t.dict.bytes());
    Ok(vm.new_int(n as i64))
}

/// `type`
pub static DEF: TypeDef = TypeDef::new("type", layout_of::<TypeObj>())
    .flags(flags::BASE | flags::TYPE)
    .methods(&[
        static_method("__new__(cls, *args, **kwargs)", class_build::native_new),
        method("__init__(self, *args, **kwargs)", class_build::native_init),
        method("__call__(self, /, *args, **kwargs)", call),
        method("__repr__(self, /)", repr),
        method("__getattribute__(self, name, /)", getattribute),
        method("__setattr__(self, name, value, /)", setattr),
        method("__delattr__(self, name, /)", delattr),
        method("__or__(self, value, /)", crate::types::union::or),
        method("__ror__(self, value, /)", crate::types::union::ror),
        method("mro(self, /)", mro),
        method("__subclasses__(self, /)", subclasses),
        class_method("__prepare__(cls, *args, **kwargs)", prepare),
        method("__instancecheck__(self, instance, /)", instancecheck),
        method("__subclasscheck__(self, subclass, /)", subclasscheck),
        method("__dir__(self, /)", dir),
        method("__sizeof__(self, /)", sizeof),
    ])
    .getset(&[
        getset("__name__", get_name, set_name),
        getset("__qualname__", get_qualname, set_qualname),
        getset("__module__", get_module, set_module),
        getset("__bases__", get_bases, class_build::set_bases),
        getter("__base__", get_base),
        getter("__mro__", get_mro),
        getter("__dict__", get_namespace),
        getset("__doc__", get_doc, set_doc),
        getset("__type_params__", get_type_params, set_type_params),
        getset("__abstractmethods__", get_abstract, set_abstract),
        getset("__annotate__", get_annotate, set_annotate),
        getset("__annotations__", get_annotations, set_annotations),
        getter("__text_signature__", get_text_signature),
        getter("__flags__", get_flags),
        getter("__basicsize__", get_basicsize),
        getter("__itemsize__", get_zero),
        getter("__dictoffset__", get_dictoffset),
        getter("__weakrefoffset__", get_weakoffset),
    ]);
