//! `super`: attribute lookup that begins behind a class in the MRO (`Objects/typeobject.c`, `super_*`).

use crate::error::{PyResult, Raised};
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Payload, layout_of};
use crate::special::Name;
use crate::types::T;
use crate::types::native::{getter, method, static_method};
use crate::types::type_::{TypeObj, flags};
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `super`.
#[derive(Default)]
pub struct Super {
    /// The class behind which the lookup begins.
    pub cls: Value,
    /// The instance or class; absent while unbound.
    pub obj: Value,
    /// Whose MRO is searched; absent while unbound.
    pub obj_type: Value,
}

impl Payload for Super {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.cls);
        visit(&self.obj);
        visit(&self.obj_type);
    }
    fn clear(&mut self) {
        *self = Super::default();
    }
    fn clone_in(&self, c: &mut Cloner) -> Super {
        Super { cls: c.value(&self.cls), obj: c.value(&self.obj), obj_type: c.value(&self.obj_type) }
    }
}

impl Vm {
    /// Whose MRO `super(cls, obj)` searches: the type of `obj`, or `obj` itself where it is a subclass of `cls`.
    pub fn super_check(&mut self, cls: &Value, obj: &Value) -> PyResult {
        if let Some(t) = obj.borrow::<TypeObj>(self)
            && t.is_subtype_of(cls)
        {
            return Ok(obj.clone());
        }
        let ty = obj.type_of(self).clone();
        if obj.class(self).is_subtype_of(cls) {
            return Ok(ty);
        }
        let name = self.name(Name::DunderClass);
        if let Some(c) = self.get_attr_opt(obj, &name)?
            && !c.is(&ty)
            && c.borrow::<TypeObj>(self).is_some_and(|t| t.is_subtype_of(cls))
        {
            return Ok(c);
        }
        Err(self.type_error("super(type, obj): obj must be an instance or subtype of type"))
    }
    /// What stands in the classes behind `cls` in the MRO of `obj_type`, unbound.
    pub fn super_find(&mut self, cls: &Value, obj_type: &Value, name: &Value) -> Option<Value> {
        let name = &self.iso_mut().intern_value(name);
        let t = obj_type.borrow::<TypeObj>(self)?;
        t.mro.iter().skip_while(|c| !c.is(cls)).skip(1).find_map(|c| c.borrow::<TypeObj>(self).and_then(|t| t.dict.get_str(name)).cloned())
    }
    /// `super(cls, obj).name`
    pub fn super_attr(&mut self, cls: &Value, obj: &Value, name: &Value) -> PyResult {
        let obj_type = self.super_check(cls, obj)?;
        match self.super_bound(cls, obj, &obj_type, name)? {
            Some(v) => Ok(v),
            None => {
                let ty = self.ty(T::Super).clone();
                let this = self.new_of(&ty, Super { cls: cls.clone(), obj: obj.clone(), obj_type });
                self.generic_get_attr(&this, name)
            }
        }
    }
    fn super_bound(&mut self, cls: &Value, obj: &Value, obj_type: &Value, name: &Value) -> PyResult<Option<Value>> {
        let dunder_class = self.name(Name::DunderClass);
        if self.iso_mut().intern_value(name).is(&dunder_class) {
            return Ok(None);
        }
        match self.super_find(cls, obj_type, name) {
            None => Ok(None),
            Some(d) if obj.is(obj_type) => self.descriptor_get_class(&d, obj_type).map(Some),
            Some(d) => self.descriptor_get(&d, obj, obj_type).map(Some),
        }
    }
}

fn parts(vm: &Vm, v: &Value) -> (Value, Value, Value) {
    v.borrow::<Super>(vm).map(|s| (s.cls.clone(), s.obj.clone(), s.obj_type.clone())).unwrap_or_default()
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], Super::default()))
}

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (cls, obj) = if args[1].is_null() { vm.super_args()? } else { (args[1].clone(), args[2].clone()) };
    if !cls.is_a::<TypeObj>() {
        let name = vm.type_name(&cls);
        return Err(vm.type_error(format!("super() argument 1 must be a type, not {name}")));
    }
    let obj = if obj.is_none() { Value::NULL } else { obj };
    let obj_type = if obj.is_null() { Value::NULL } else { vm.super_check(&cls, &obj)? };
    let old = args[0].borrow_mut::<Super>(vm).map(|s| std::mem::replace(s, Super { cls, obj, obj_type }));
    drop(old);
    Ok(Value::NONE)
}

fn getattribute(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (cls, obj, obj_type) = parts(vm, &args[0]);
    if !obj_type.is_null()
        && let Some(v) = vm.super_bound(&cls, &obj, &obj_type, &args[1])?
    {
        return Ok(v);
    }
    vm.generic_get_attr(&args[0], &args[1])
}

fn get(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (cls, obj, _) = parts(vm, &args[0]);
    if args[1].is_none() || !obj.is_null() {
        return Ok(args[0].clone());
    }
    let ty = args[0].type_of(vm).clone();
    if !ty.is(vm.ty(T::Super)) {
        return vm.call(&ty, &[cls, args[1].clone()]);
    }
    let obj_type = vm.super_check(&cls, &args[1])?;
    Ok(vm.new_of(&ty, Super { cls, obj: args[1].clone(), obj_type }))
}

fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (cls, _, obj_type) = parts(vm, &args[0]);
    let name = if cls.is_null() { "NULL".to_string() } else { cls.get_type_name() };
    let text = if obj_type.is_null() {
        format!("<super: <class '{name}'>, NULL>")
    } else {
        format!("<super: <class '{name}'>, <{} object>>", obj_type.get_type_name())
    };
    Ok(vm.new_str(text))
}

fn or_none(v: Value) -> Value {
    v.opt().unwrap_or(Value::NONE)
}
fn this_class(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(or_none(parts(vm, v).0))
}
fn this_self(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(or_none(parts(vm, v).1))
}
fn self_class(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(or_none(parts(vm, v).2))
}

/// The RuntimeError for `super()` where it cannot know its arguments.
pub fn no_arguments(vm: &mut Vm, why: &str) -> Raised {
    vm.runtime_error(format!("super(): {why}"))
}

/// `super`
pub static DEF: TypeDef = TypeDef::new("super", layout_of::<Super>())
    .flags(flags::BASE)
    .doc("super() -> same as super(__class__, <first argument>)\nsuper(type) -> unbound super object\nsuper(type, obj) -> bound super object; requires isinstance(obj, type)\nsuper(type, type2) -> bound super object; requires issubclass(type2, type)\nTypical use to call a cooperative superclass method:\nclass C(B):\n    def meth(self, arg):\n        super().meth(arg)\nThis works for class methods too:\nclass C(B):\n    @classmethod\n    def cmeth(cls, arg):\n        super().cmeth(arg)\n")
    .methods(&[
        static_method("__new__(cls, *args, **kwargs)", new),
        method("__init__(self, type=NULL, object=NULL, /)", init),
        method("__getattribute__(self, name, /)", getattribute),
        method("__get__(self, instance, owner=None, /)", get),
        method("__repr__(self, /)", repr),
    ])
    .getset(&[getter("__thisclass__", this_class), getter("__self__", this_self), getter("__self_class__", self_class)]);
