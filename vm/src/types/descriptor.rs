//! `staticmethod`, `classmethod`, `property`.

use crate::attrs::Attrs;
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Kind, Payload, layout_of};
use crate::types::type_::flags;
use crate::value::Value;

/// The payload of `staticmethod`.
pub struct StaticMethod {
    /// The callable.
    pub func: Value,
    attrs: Attrs,
}

impl StaticMethod {
    /// Wraps a callable.
    pub fn new(func: Value) -> StaticMethod {
        StaticMethod { func, attrs: Attrs::default() }
    }
}

impl Payload for StaticMethod {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::StaticMethod;
    const ATTRS: Option<usize> = Some(std::mem::offset_of!(StaticMethod, attrs));
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.func);
        self.attrs.traverse(visit);
    }
    fn clear(&mut self) {
        self.func = Value::NONE;
        self.attrs.clear();
    }
    fn clone_in(&self, c: &mut Cloner) -> StaticMethod {
        StaticMethod { func: c.value(&self.func), attrs: self.attrs.clone_in(c) }
    }
}

/// The payload of `classmethod`.
pub struct ClassMethod {
    /// The callable.
    pub func: Value,
    attrs: Attrs,
}

impl ClassMethod {
    /// Wraps a callable.
    pub fn new(func: Value) -> ClassMethod {
        ClassMethod { func, attrs: Attrs::default() }
    }
}

impl Payload for ClassMethod {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::ClassMethod;
    const ATTRS: Option<usize> = Some(std::mem::offset_of!(ClassMethod, attrs));
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.func);
        self.attrs.traverse(visit);
    }
    fn clear(&mut self) {
        self.func = Value::NONE;
        self.attrs.clear();
    }
    fn clone_in(&self, c: &mut Cloner) -> ClassMethod {
        ClassMethod { func: c.value(&self.func), attrs: self.attrs.clone_in(c) }
    }
}

/// The payload of `property`.
#[derive(Default)]
pub struct Property {
    /// The getter, or absent.
    pub get: Value,
    /// The setter, or absent.
    pub set: Value,
    /// The deleter, or absent.
    pub del: Value,
    /// The docstring.
    pub doc: Value,
    /// The name (`__set_name__`), or absent.
    pub name: Value,
    /// The docstring is the getter's.
    pub getter_doc: bool,
}

impl Payload for Property {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::Property;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        for v in [&self.get, &self.set, &self.del, &self.doc, &self.name] {
            visit(v);
        }
    }
    fn clear(&mut self) {
        *self = Property::default();
    }
    fn clone_in(&self, c: &mut Cloner) -> Property {
        Property {
            get: c.value(&self.get),
            set: c.value(&self.set),
            del: c.value(&self.del),
            doc: c.value(&self.doc),
            name: c.value(&self.name),
            getter_doc: self.getter_doc,
        }
    }
}

// --- shared ------------------------------------------------------------------------------------------------------------

use crate::error::{Exc, PyResult};
use crate::special::Name;
use crate::types::native::{GetSet, NativeDef, getset, getter, method, static_method};
use crate::types::object_;
use crate::vm::Vm;

/// `d.__get__(instance, owner)` of the machine's own descriptors.
pub fn get_or_self(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (d, obj, owner) = (&args[0], &args[1], &args[2]);
    if obj.is_none() && !owner.is_none() && !owner.is(vm.ty(crate::types::T::NoneType)) {
        return vm.descriptor_get_class(d, owner);
    }
    if obj.is_none() && owner.is_none() {
        return Err(vm.type_error("__get__(None, None) is invalid"));
    }
    let owner = if owner.is_none() { obj.type_of(vm).clone() } else { owner.clone() };
    vm.descriptor_get(d, obj, &owner)
}

fn wrapped(vm: &Vm, v: &Value) -> Value {
    let f = match v.borrow::<StaticMethod>(vm) {
        Some(s) => s.func.clone(),
        None => v.borrow::<ClassMethod>(vm).map(|c| c.func.clone()).unwrap_or_default(),
    };
    f.opt().unwrap_or(Value::NONE)
}

/// Takes name, docstring and the like over from the callable, as `functools.wraps` does.
fn copy_wrapped(vm: &mut Vm, to: &Value, f: &Value) -> PyResult<()> {
    for name in ["__module__", "__name__", "__qualname__", "__doc__"] {
        let name = vm.intern(name);
        if let Some(v) = vm.get_attr_opt(f, &name)? {
            vm.put_attr(to, &name, v);
        }
    }
    Ok(())
}
fn get_func(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(wrapped(vm, v))
}
fn get_abstract(vm: &mut Vm, v: &Value) -> PyResult {
    let f = wrapped(vm, v);
    Ok(Value::bool(is_abstract(vm, &f)?))
}
/// Whether a callable is marked by `abc.abstractmethod`.
fn is_abstract(vm: &mut Vm, f: &Value) -> PyResult<bool> {
    if f.is_null() || f.is_none() {
        return Ok(false);
    }
    let name = vm.name(Name::DunderIsAbstract);
    match vm.get_attr_opt(f, &name)? {
        Some(v) => vm.truthy(&v),
        None => Ok(false),
    }
}
fn get_annotations(vm: &mut Vm, v: &Value) -> PyResult {
    let f = wrapped(vm, v);
    vm.attr(&f, "__annotations__")
}
fn repr_wrapper(vm: &mut Vm, args: &[Value]) -> PyResult {
    let f = wrapped(vm, &args[0]);
    let (name, inner) = (vm.type_name(&args[0]), vm.repr_text(&f)?);
    Ok(vm.new_str(format!("<{name}({inner})>")))
}
const WRAPPER_GETSET: &[GetSet] = &[
    getter("__func__", get_func),
    getter("__wrapped__", get_func),
    getter("__isabstractmethod__", get_abstract),
    getter("__annotations__", get_annotations),
    getset("__dict__", object_::get_dict, object_::set_dict),
];

// --- staticmethod, classmethod -------------------------------------------------------------------------------------------

fn static_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], StaticMethod::new(Value::NONE)))
}
fn static_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let old = args[0].borrow_mut::<StaticMethod>(vm).map(|s| std::mem::replace(&mut s.func, args[1].clone()));
    drop(old);
    copy_wrapped(vm, &args[0], &args[1])?;
    Ok(Value::NONE)
}
fn static_get(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(wrapped(vm, &args[0]))
}
fn static_call(vm: &mut Vm, args: &[Value]) -> PyResult {
    let f = wrapped(vm, &args[0]);
    object_::call_packed(vm, &f, &args[1], &args[2])
}
fn class_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], ClassMethod::new(Value::NONE)))
}
fn class_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let old = args[0].borrow_mut::<ClassMethod>(vm).map(|s| std::mem::replace(&mut s.func, args[1].clone()));
    drop(old);
    copy_wrapped(vm, &args[0], &args[1])?;
    Ok(Value::NONE)
}
fn class_get(vm: &mut Vm, args: &[Value]) -> PyResult {
    let owner = if args[2].is_none() { args[1].type_of(vm).clone() } else { args[2].clone() };
    let f = wrapped(vm, &args[0]);
    vm.bind_class_method(&f, &owner)
}

/// `staticmethod`
pub static STATIC_METHOD: TypeDef = TypeDef::new("staticmethod", layout_of::<StaticMethod>())
    .flags(flags::BASE | flags::HAS_DICT)
    .methods(&[
        static_method("__new__(cls, *args, **kwargs)", static_new),
        method("__init__(self, function, /)", static_init),
        method("__get__(self, instance, owner=None, /)", static_get),
        method("__call__(self, /, *args, **kwargs)", static_call),
        method("__repr__(self, /)", repr_wrapper),
    ])
    .getset(WRAPPER_GETSET);
/// `classmethod`
pub static CLASS_METHOD: TypeDef = TypeDef::new("classmethod", layout_of::<ClassMethod>())
    .flags(flags::BASE | flags::HAS_DICT)
    .methods(&[
        static_method("__new__(cls, *args, **kwargs)", class_new),
        method("__init__(self, function, /)", class_init),
        method("__get__(self, instance, owner=None, /)", class_get),
        method("__repr__(self, /)", repr_wrapper),
    ])
    .getset(WRAPPER_GETSET);

// --- property ----------------------------------------------------------------------------------------------------------------

fn property<'a>(vm: &'a Vm, v: &'a Value) -> &'a Property {
    v.borrow::<Property>(vm).expect("a property")
}
fn or_none(v: Value) -> Value {
    v.opt().unwrap_or(Value::NONE)
}
fn given(v: &Value) -> Value {
    if v.is_none() { Value::NULL } else { v.clone() }
}
fn property_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], Property::default()))
}
fn property_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (get, set, del) = (given(&args[1]), given(&args[2]), given(&args[3]));
    let (mut doc, mut from_getter) = (given(&args[4]), false);
    if doc.is_null() && !get.is_null() {
        let name = vm.name(Name::DunderDoc);
        doc = vm.get_attr_opt(&get, &name)?.map(|d| given(&d)).unwrap_or_default();
        from_getter = !doc.is_null();
    }
    let subclass = args[0].class(vm).has(flags::HEAP);
    let old_name = property(vm, &args[0]).name.clone();
    let new = Property { get, set, del, doc: doc.clone(), name: old_name, getter_doc: from_getter };
    let old = args[0].borrow_mut::<Property>(vm).map(|p| std::mem::replace(p, new));
    drop(old);
    if subclass && !doc.is_null() {
        // a subclass's own `__doc__` hides the property's
        let name = vm.name(Name::DunderDoc);
        match vm.set_attr(&args[0], &name, doc) {
            Err(e) if !vm.is_exc(&e, Exc::AttributeError) => return Err(e),
            _ => {}
        }
    }
    Ok(Value::NONE)
}
/// The same property with one function exchanged.
fn property_copy(vm: &mut Vm, this: &Value, change: impl FnOnce(&mut [Value; 3])) -> PyResult {
    let p = property(vm, this);
    let (doc, name, from_getter) = (p.doc.clone(), p.name.clone(), p.getter_doc);
    let mut f = [p.get.clone(), p.set.clone(), p.del.clone()].map(or_none);
    change(&mut f);
    let doc = if from_getter && !f[0].is_none() { Value::NONE } else { or_none(doc) };
    let ty = this.type_of(vm).clone();
    let [get, set, del] = f;
    let new = vm.call(&ty, &[get, set, del, doc])?;
    let old = new.borrow_mut::<Property>(vm).map(|p| std::mem::replace(&mut p.name, name));
    drop(old);
    Ok(new)
}
fn property_getter(vm: &mut Vm, args: &[Value]) -> PyResult {
    property_copy(vm, &args[0], |f| f[0] = args[1].clone())
}
fn property_setter(vm: &mut Vm, args: &[Value]) -> PyResult {
    property_copy(vm, &args[0], |f| f[1] = args[1].clone())
}
fn property_deleter(vm: &mut Vm, args: &[Value]) -> PyResult {
    property_copy(vm, &args[0], |f| f[2] = args[1].clone())
}
fn property_get(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[1].is_none() {
        return Ok(args[0].clone());
    }
    vm.property_value(&args[0], &args[1])
}
fn property_set(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.descriptor_set_property(&args[0], &args[1], &args[2])?;
    Ok(Value::NONE)
}
fn property_delete(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.descriptor_set_property(&args[0], &args[1], &Value::NULL)?;
    Ok(Value::NONE)
}
fn property_set_name(vm: &mut Vm, args: &[Value]) -> PyResult {
    let old = args[0].borrow_mut::<Property>(vm).map(|p| std::mem::replace(&mut p.name, args[2].clone()));
    drop(old);
    Ok(Value::NONE)
}
fn get_fget(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(or_none(property(vm, v).get.clone()))
}
fn get_fset(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(or_none(property(vm, v).set.clone()))
}
fn get_fdel(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(or_none(property(vm, v).del.clone()))
}
fn get_property_doc(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(or_none(property(vm, v).doc.clone()))
}
fn set_property_doc(vm: &mut Vm, v: &Value, doc: Value) -> PyResult<()> {
    let old = v.borrow_mut::<Property>(vm).map(|p| {
        p.getter_doc = false;
        std::mem::replace(&mut p.doc, doc)
    });
    drop(old);
    Ok(())
}
fn get_property_name(vm: &mut Vm, v: &Value) -> PyResult {
    let p = property(vm, v);
    let (name, getter) = (p.name.clone(), p.get.clone());
    if !name.is_null() {
        return Ok(name);
    }
    let key = vm.name(Name::DunderName);
    match if getter.is_null() { None } else { vm.get_attr_opt(&getter, &key)? } {
        Some(n) => Ok(n),
        None => Err(vm.no_attr(v, &key)),
    }
}
fn set_property_name(vm: &mut Vm, v: &Value, name: Value) -> PyResult<()> {
    let old = v.borrow_mut::<Property>(vm).map(|p| std::mem::replace(&mut p.name, name));
    drop(old);
    Ok(())
}
fn get_property_abstract(vm: &mut Vm, v: &Value) -> PyResult {
    let p = property(vm, v);
    for f in [p.get.clone(), p.set.clone(), p.del.clone()] {
        if is_abstract(vm, &f)? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}
const PROPERTY_METHODS: &[NativeDef] = &[
    static_method("__new__(cls, *args, **kwargs)", property_new),
    method("__init__(self, fget=None, fset=None, fdel=None, doc=None)", property_init),
    method("__get__(self, instance, owner=None, /)", property_get),
    method("__set__(self, instance, value, /)", property_set),
    method("__delete__(self, instance, /)", property_delete),
    method("__set_name__(self, owner, name, /)", property_set_name),
    method("getter(self, fget, /)", property_getter).doc("Descriptor to obtain a copy of the property with a different getter."),
    method("setter(self, fset, /)", property_setter).doc("Descriptor to obtain a copy of the property with a different setter."),
    method("deleter(self, fdel, /)", property_deleter).doc("Descriptor to obtain a copy of the property with a different deleter."),
];
/// `property`
pub static PROPERTY: TypeDef = TypeDef::new("property", layout_of::<Property>()).flags(flags::BASE).methods(PROPERTY_METHODS).getset(&[
    getter("fget", get_fget),
    getter("fset", get_fset),
    getter("fdel", get_fdel),
    getset("__doc__", get_property_doc, set_property_doc),
    getset("__name__", get_property_name, set_property_name),
    getter("__isabstractmethod__", get_property_abstract),
]);
