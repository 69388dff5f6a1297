//! Attributes: `Objects/object.c`'s generic access, descriptors, types and modules.

use crate::error::{Exc, PyResult, Raised};
use crate::object::Kind;
use crate::probe::Part;
use crate::special::Special;
use crate::types::T;
use crate::types::descriptor::{ClassMethod, Property, StaticMethod};
use crate::types::exception::field;
use crate::types::function::BoundMethod;
use crate::types::module::Module;
use crate::types::native::{Binding, GetSetDescr, Native, SlotDescr};
use crate::types::type_::{TypeObj, flags};
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// `obj.name`
    pub fn get_attr(&mut self, obj: &Value, name: &Value) -> PyResult {
        let class = obj.class(self);
        if class.has(flags::PLAIN_GETATTR) {
            return self.generic_get_attr(obj, name);
        }
        let getattribute = class.special(Special::GetAttribute).clone();
        let fallback = class.special(Special::GetAttr).clone();
        let found = self.call_special(&getattribute, &[obj.clone(), name.clone()]);
        match found {
            Err(e) if !fallback.is_null() && self.is_exc(&e, Exc::AttributeError) => self.call_special(&fallback, &[obj.clone(), name.clone()]),
            other => other,
        }
    }
    /// `obj.name`, or `None` where there is no such attribute.
    pub fn get_attr_opt(&mut self, obj: &Value, name: &Value) -> PyResult<Option<Value>> {
        let found = if obj.class(self).has(flags::PLAIN_GETATTR) { self.find_attr(obj, name) } else { self.get_attr(obj, name).map(Some) };
        match found {
            Ok(v) => Ok(v),
            Err(e) if !e.is_killed() && self.is_exc(&e, Exc::AttributeError) => Ok(None),
            Err(e) => Err(e),
        }
    }
    /// `obj.name` by text.
    pub fn attr(&mut self, obj: &Value, name: &str) -> PyResult {
        let name = self.intern(name);
        self.get_attr(obj, &name)
    }
    /// `obj.name` by text, or `None`.
    pub fn attr_opt(&mut self, obj: &Value, name: &str) -> PyResult<Option<Value>> {
        let name = self.intern(name);
        self.get_attr_opt(obj, &name)
    }
    /// `object.__getattribute__`
    pub fn generic_get_attr(&mut self, obj: &Value, name: &Value) -> PyResult {
        match self.find_attr(obj, name)? {
            Some(v) => Ok(v),
            None => Err(self.no_attr(obj, name)),
        }
    }
    /// The generic lookup: data descriptors, instance attributes, other class attributes.
    pub fn find_attr(&mut self, obj: &Value, name: &Value) -> PyResult<Option<Value>> {
        let name = &self.iso_mut().intern_value(name);
        let ty = obj.type_of(self).clone();
        let in_class = self.type_lookup(&ty, name);
        if let Some(d) = &in_class
            && self.is_data_descriptor(d)
            && self.special(d, Special::Get).is_some()
        {
            return self.descriptor_get(d, obj, &ty).map(Some);
        }
        if let Some(v) = self.instance_attr(obj, name) {
            return Ok(Some(v));
        }
        if in_class.is_some() {
            self.class_read(obj, name);
        }
        match in_class {
            Some(d) => self.descriptor_get(&d, obj, &ty).map(Some),
            None if obj.is_a::<Module>() => crate::types::module::fallback(self, obj, name),
            None => Ok(None),
        }
    }
    /// An attribute in the object's own attributes (interned name).
    pub fn instance_attr(&mut self, obj: &Value, name: &Value) -> Option<Value> {
        if let Some(m) = obj.get::<Module>() {
            return self.dict_get_str(&m.dict, name);
        }
        obj.attrs(self)?;
        self.touch_read(obj, Part::Name(name.bits()));
        let attrs = obj.attrs(self)?;
        match attrs.dict() {
            Some(d) => {
                let d = d.clone();
                self.dict_get_str(&d, name)
            }
            None => attrs.get(&self.iso().shapes, name).cloned(),
        }
    }
    /// Whether `d` takes precedence over instance attributes.
    pub fn is_data_descriptor(&self, d: &Value) -> bool {
        let class = d.class(self);
        !class.special(Special::Set).is_null() || !class.special(Special::Delete).is_null()
    }
    /// What an attribute found in the class `ty` of `obj` gives: `d.__get__(obj, ty)`, or `d` itself.
    pub fn descriptor_get(&mut self, d: &Value, obj: &Value, ty: &Value) -> PyResult {
        match d.header().map(|h| h.kind()) {
            Some(k) if k == Kind::Function as u8 => Ok(self.bind_method(d, obj)),
            Some(k) if k == Kind::Native as u8 => self.bind_native(d, obj, ty),
            // what a subclass in Python overrides must be asked
            Some(_) if d.class(self).has(flags::HEAP) => match self.special(d, Special::Get) {
                Some(get) => self.call_special(&get, &[d.clone(), obj.clone(), ty.clone()]),
                None => Ok(d.clone()),
            },
            Some(k) if k == Kind::Property as u8 => self.property_value(d, obj),
            Some(k) if k == Kind::StaticMethod as u8 => Ok(d.borrow::<StaticMethod>(self).map(|s| s.func.clone()).unwrap_or_default()),
            Some(k) if k == Kind::ClassMethod as u8 => {
                let f = d.borrow::<ClassMethod>(self).map(|s| s.func.clone()).unwrap_or_default();
                self.bind_class_method(&f, ty)
            }
            Some(_) => {
                if let Some(g) = d.get::<GetSetDescr>() {
                    return (g.def.get)(self, obj);
                }
                if let Some(s) = d.get::<SlotDescr>() {
                    let name = s.name.clone();
                    return self.slot_value(obj, &name).ok_or_else(|| self.no_attr(obj, &name));
                }
                match self.special(d, Special::Get) {
                    Some(get) => self.call_special(&get, &[d.clone(), obj.clone(), ty.clone()]),
                    None => Ok(d.clone()),
                }
            }
            None => Ok(d.clone()),
        }
    }
    /// `classmethod.__get__`: binds to the class, by the wrapped object's own `__get__` where it has one (a property, say).
    pub fn bind_class_method(&mut self, f: &Value, ty: &Value) -> PyResult {
        match f.kind() {
            Some(k) if k == Kind::Function as u8 || k == Kind::Native as u8 => Ok(self.bind_method(f, ty)),
            _ if self.special(f, Special::Get).is_some() => {
                let meta = ty.type_of(self).clone();
                self.descriptor_get(f, ty, &meta)
            }
            _ => Ok(self.bind_method(f, ty)),
        }
    }
    /// A bound method.
    pub fn bind_method(&mut self, func: &Value, this: &Value) -> Value {
        self.new_object(T::BoundMethod, BoundMethod { func: func.clone(), this: this.clone() })
    }
    fn bind_native(&mut self, d: &Value, obj: &Value, ty: &Value) -> PyResult {
        let n = d.get::<Native>().expect("kind checked");
        let this = match n.def.binding {
            Binding::Method if n.this.is_null() => obj.clone(),
            Binding::Class if n.this.is_null() => ty.clone(),
            _ => return Ok(d.clone()),
        };
        if n.def.binding == Binding::Method && !obj.class(self).is_subtype_of(&n.class) {
            return Err(self.wrong_self(n, obj));
        }
        let bound = Native { def: n.def, sig: n.sig.clone(), this, class: n.class.clone(), module: n.module.clone() };
        // the descriptor's own type knows it already
        let ty = if d.type_of(self).is(self.ty(T::WrapperDescr)) { T::MethodWrapper } else { T::Native };
        Ok(self.new_object(ty, bound))
    }
    /// The error of a native method called with an instance of another type.
    pub fn wrong_self(&mut self, n: &Native, obj: &Value) -> Raised {
        let (name, want, got) = (n.name(), n.class.get_type_name(), self.type_name(obj));
        if crate::types::native::is_slot(n) {
            return self.type_error(format!("descriptor '{name}' requires a '{want}' object but received a '{got}'"));
        }
        self.type_error(format!("descriptor '{name}' for '{want}' objects doesn't apply to a '{got}' object"))
    }
    /// `property.__get__` for an instance.
    pub fn property_value(&mut self, d: &Value, obj: &Value) -> PyResult {
        let get = d.borrow::<Property>(self).map(|p| p.get.clone()).unwrap_or_default();
        if get.is_null() || get.is_none() {
            return Err(self.property_error(d, obj, "getter"));
        }
        self.call(&get, &[obj.clone()])
    }
    /// "property 'x' of 'C' object has no setter"
    pub fn property_error(&mut self, d: &Value, obj: &Value, what: &str) -> Raised {
        let name = d.borrow::<Property>(self).map(|p| p.name.clone()).unwrap_or_default();
        let owner = obj.class(self).qualname.clone();
        let owner = self.text(&owner);
        let text = if name.is_null() || name.is_none() {
            format!("property of '{owner}' object has no {what}")
        } else {
            format!("property {} of '{owner}' object has no {what}", crate::text::repr::repr_str(&self.text(&name)))
        };
        self.err(Exc::AttributeError, text)
    }
    /// The AttributeError for a missing attribute.
    #[cold]
    pub fn no_attr(&mut self, obj: &Value, name: &Value) -> Raised {
        let n = self.text(name);
        if obj.is_a::<Module>() {
            return crate::types::module::missing(self, obj, name);
        }
        let text = if let Some(t) = obj.borrow::<TypeObj>(self) {
            format!("type object '{}' has no attribute '{n}'", t.short_name())
        } else {
            format!("'{}' object has no attribute '{n}'", self.type_name(obj))
        };
        self.attribute_error(obj, name, text)
    }
    /// An AttributeError with `name` and `obj` set.
    #[cold]
    pub fn attribute_error(&mut self, obj: &Value, name: &Value, text: String) -> Raised {
        let e = self.err(Exc::AttributeError, text);
        self.set_exc_field(&e.0, field::NAME, name.clone());
        self.set_exc_field(&e.0, field::OBJ, obj.clone());
        e
    }

    /// `obj.name = value`; the absent value deletes.
    pub fn set_attr(&mut self, obj: &Value, name: &Value, value: Value) -> PyResult<()> {
        let class = obj.class(self);
        if class.has(flags::PLAIN_SETATTR) {
            return self.generic_set_attr(obj, name, value);
        }
        let s = if value.is_null() { Special::DelAttr } else { Special::SetAttr };
        let f = class.special(s).clone();
        let result =
            if value.is_null() { self.call_special(&f, &[obj.clone(), name.clone()]) } else { self.call_special(&f, &[obj.clone(), name.clone(), value]) };
        result.map(drop)
    }
    /// `object.__setattr__` and `object.__delattr__`
    pub fn generic_set_attr(&mut self, obj: &Value, name: &Value, value: Value) -> PyResult<()> {
        let name = &self.iso_mut().intern_value(name);
        let ty = obj.type_of(self).clone();
        let in_class = self.type_lookup(&ty, name);
        if let Some(d) = &in_class {
            if let Some(done) = self.descriptor_set(d, obj, &value)? {
                return Ok(done);
            }
        }
        if let Some(m) = obj.get::<Module>() {
            let dict = m.dict.clone();
            return if value.is_null() {
                if self.dict_remove_str(&dict, name).is_some() { Ok(()) } else { Err(self.no_attr(obj, name)) }
            } else {
                self.dict_set_str(&dict, name, value);
                Ok(())
            };
        }
        if !obj.class(self).has(flags::HAS_DICT) || obj.attrs(self).is_none() {
            return Err(self.cannot_set(obj, name, in_class.is_some()));
        }
        if value.is_null() {
            return if self.remove_attr(obj, name).is_some() { Ok(()) } else { Err(self.no_attr(obj, name)) };
        }
        self.put_attr(obj, name, value);
        Ok(())
    }
    fn cannot_set(&mut self, obj: &Value, name: &Value, in_class: bool) -> Raised {
        let (t, n) = (self.type_name(obj), self.text(name));
        let text = if in_class { format!("'{t}' object attribute '{n}' is read-only") } else { format!("'{t}' object has no attribute '{n}'") };
        self.attribute_error(obj, name, text)
    }
    /// `property.__set__`, or with the absent value `property.__delete__`.
    pub(crate) fn descriptor_set_property(&mut self, d: &Value, obj: &Value, value: &Value) -> PyResult<()> {
        let p = d.borrow::<Property>(self).expect("a property");
        let (f, what) = if value.is_null() { (p.del.clone(), "deleter") } else { (p.set.clone(), "setter") };
        if f.is_null() || f.is_none() {
            return Err(self.property_error(d, obj, what));
        }
        let args = [obj.clone(), value.clone()];
        self.call(&f, &args[..if value.is_null() { 1 } else { 2 }]).map(drop)
    }
    /// Sets through a data descriptor; `None` where `d` is none.
    pub(crate) fn descriptor_set(&mut self, d: &Value, obj: &Value, value: &Value) -> PyResult<Option<()>> {
        if d.is_a::<Property>() && !d.class(self).has(flags::HEAP) {
            return self.descriptor_set_property(d, obj, value).map(Some);
        }
        if let Some(g) = d.get::<GetSetDescr>() {
            return match g.def.set {
                Some(set) => set(self, obj, value.clone()).map(Some),
                None => {
                    let (t, n) = (self.full_type_name(&g.class), g.def.name);
                    Err(self.err(Exc::AttributeError, format!("attribute '{n}' of '{t}' objects is not writable")))
                }
            };
        }
        if let Some(s) = d.get::<SlotDescr>() {
            let name = s.name.clone();
            if value.is_null() && self.slot_value(obj, &name).is_none() {
                let text = self.text(&name);
                return Err(self.err(Exc::AttributeError, text));
            }
            self.set_slot(obj, &name, value.clone());
            return Ok(Some(()));
        }
        let class = d.class(self);
        let (set, delete) = (class.special(Special::Set).clone(), class.special(Special::Delete).clone());
        if set.is_null() && delete.is_null() {
            return Ok(None);
        }
        let f = if value.is_null() { delete } else { set };
        if f.is_null() {
            let what = if value.is_null() { "__delete__" } else { "__set__" };
            return Err(self.err(Exc::AttributeError, what));
        }
        let args = [d.clone(), obj.clone(), value.clone()];
        self.call_special(&f, &args[..if value.is_null() { 2 } else { 3 }]).map(|_| Some(()))
    }
    /// Sets an own attribute without looking at the class (interned name). Nothing happens where the object has none.
    pub fn put_attr(&mut self, obj: &Value, name: &Value, value: Value) {
        self.touch_write(obj, Part::Name(name.bits()));
        let Some(attrs) = obj.attrs(self) else { return };
        if let Some(d) = attrs.dict() {
            let d = d.clone();
            self.dict_set_str(&d, name, value);
            return;
        }
        // the shapes belong to the isolate, not to any object: taken out for the moment of the change
        let mut shapes = std::mem::take(&mut self.iso_mut().shapes);
        let outcome = obj.attrs_mut(self).map(|a| a.set(&mut shapes, name, value));
        self.iso_mut().shapes = shapes;
        if let Some(Err(value)) = outcome {
            let d = self.instance_dict(obj).expect("has attributes");
            if self.slot_names(obj).iter().any(|s| s.is(name)) {
                self.set_slot(obj, name, value);
            } else {
                self.dict_set_str(&d, name, value);
            }
        }
    }
    /// The value in a slot of `__slots__`. Slots lie among the shaped attributes, or, where those are in a dict, behind it.
    pub fn slot_value(&mut self, obj: &Value, name: &Value) -> Option<Value> {
        self.touch_read(obj, Part::Name(name.bits()));
        let attrs = obj.attrs(self)?;
        if !attrs.is_dict() {
            return attrs.get(&self.iso().shapes, name).cloned();
        }
        let i = self.slot_names(obj).iter().position(|s| s.is(name))?;
        attrs.values().get(i + 1).cloned().and_then(Value::opt)
    }
    /// Sets the value in a slot; the absent value empties it.
    pub fn set_slot(&mut self, obj: &Value, name: &Value, value: Value) {
        let Some(attrs) = obj.attrs(self) else { return };
        let shape = attrs.shape();
        if attrs.is_dict() {
            self.touch_write(obj, Part::Name(name.bits()));
            let names = self.slot_names(obj);
            let Some(i) = names.iter().position(|s| s.is(name)) else { return };
            let Some(values) = obj.attrs_mut(self).map(|a| a.values_mut()) else { return };
            if values.len() <= names.len() {
                values.resize(names.len() + 1, Value::NULL);
            }
            let old = std::mem::replace(&mut values[i + 1], value);
            drop(old);
        } else if value.is_null() {
            self.touch_write(obj, Part::Name(name.bits()));
            let Some(i) = self.iso().shapes.find(shape, name) else { return };
            let old = obj.attrs_mut(self).map(|a| a.values_mut()[i].take());
            drop(old);
        } else {
            self.put_attr(obj, name, value);
        }
    }
    /// Removes an own attribute (no slot); gives its value back.
    pub fn remove_attr(&mut self, obj: &Value, name: &Value) -> Option<Value> {
        self.touch_write(obj, Part::Name(name.bits()));
        let d = self.instance_dict(obj)?;
        self.dict_remove_str(&d, name)
    }
    /// All names in the `__slots__` of the object's classes.
    pub fn slot_names(&self, obj: &Value) -> Vec<Value> {
        obj.class(self).mro.iter().filter_map(|c| c.borrow::<TypeObj>(self)).flat_map(|t| t.slots.iter().cloned()).collect()
    }
    /// The object's `__dict__`; from now on its attributes live there.
    pub fn instance_dict(&mut self, obj: &Value) -> Option<Value> {
        if let Some(m) = obj.get::<Module>() {
            return Some(m.dict.clone());
        }
        if let Some(d) = obj.attrs(self)?.dict() {
            return Some(d.clone());
        }
        self.touch_write(obj, Part::Name(crate::control::ALL_NAMES));
        let shape = obj.attrs(self)?.shape();
        let names = self.iso().shapes.names(shape).to_vec();
        let slots = self.slot_names(obj);
        let dict = self.new_dict();
        let values = obj.attrs_mut(self)?.become_dict(dict.clone());
        let mut in_slots = vec![Value::NULL; slots.len()];
        for (n, v) in names.iter().zip(values) {
            match slots.iter().position(|s| s.is(n)) {
                Some(i) => in_slots[i] = v,
                None if !v.is_null() => self.dict_set_str(&dict, n, v),
                None => {}
            }
        }
        obj.attrs_mut(self)?.values_mut().extend(in_slots);
        Some(dict)
    }
    /// A copy of the object's own attributes as name and value, without changing how they are kept.
    pub fn own_attrs(&self, obj: &Value) -> Vec<(Value, Value)> {
        let Some(attrs) = obj.attrs(self) else { return Vec::new() };
        match attrs.dict() {
            Some(d) => d.borrow::<crate::types::dict::Dict>(self).map(|d| d.iter().map(|(k, v)| (k.value.clone(), v.clone())).collect()).unwrap_or_default(),
            None => {
                let slots = self.slot_names(obj);
                let all = self.iso().shapes.names(attrs.shape()).iter().cloned().zip(attrs.values().iter().cloned());
                all.filter(|(n, v)| !v.is_null() && !slots.iter().any(|s| s.is(n))).collect()
            }
        }
    }

    /// `type.__getattribute__`
    pub fn type_get_attr(&mut self, ty: &Value, name: &Value) -> PyResult {
        match self.type_find_attr(ty, name)? {
            Some(v) => Ok(v),
            None => Err(self.no_attr(ty, name)),
        }
    }
    /// An attribute of a type object: metaclass data descriptors, the MRO, other metaclass attributes.
    pub fn type_find_attr(&mut self, ty: &Value, name: &Value) -> PyResult<Option<Value>> {
        let name = &self.iso_mut().intern_value(name);
        let meta = ty.type_of(self).clone();
        let in_meta = self.type_lookup(&meta, name);
        if let Some(d) = &in_meta
            && self.is_data_descriptor(d)
            && self.special(d, Special::Get).is_some()
        {
            return self.descriptor_get(d, ty, &meta).map(Some);
        }
        self.touch_read(ty, Part::Name(name.bits()));
        if let Some(d) = self.type_lookup(ty, name) {
            return self.descriptor_get_class(&d, ty).map(Some);
        }
        match in_meta {
            Some(d) => self.descriptor_get(&d, ty, &meta).map(Some),
            None => Ok(None),
        }
    }
    /// What an attribute found in a class gives when asked of the class itself: `d.__get__(None, ty)`.
    pub fn descriptor_get_class(&mut self, d: &Value, ty: &Value) -> PyResult {
        match d.header().map(|h| h.kind()) {
            None => Ok(d.clone()),
            Some(_) if d.class(self).has(flags::HEAP) => match self.special(d, Special::Get) {
                Some(get) => self.call_special(&get, &[d.clone(), Value::NONE, ty.clone()]),
                None => Ok(d.clone()),
            },
            Some(k) if k == Kind::Function as u8 || k == Kind::Property as u8 => Ok(d.clone()),
            Some(k) if k == Kind::Native as u8 => {
                let n = d.get::<Native>().expect("kind checked");
                if n.def.binding == Binding::Class && n.this.is_null() { self.bind_native(d, ty, ty) } else { Ok(d.clone()) }
            }
            Some(k) if k == Kind::StaticMethod as u8 || k == Kind::ClassMethod as u8 => self.descriptor_get(d, &Value::NONE, ty),
            Some(_) => {
                if d.is_a::<GetSetDescr>() || d.is_a::<SlotDescr>() {
                    return Ok(d.clone());
                }
                match self.special(d, Special::Get) {
                    Some(get) => self.call_special(&get, &[d.clone(), Value::NONE, ty.clone()]),
                    None => Ok(d.clone()),
                }
            }
        }
    }
}

impl Value {
    /// The name of a type object, for error texts.
    pub(crate) fn get_type_name(&self) -> String {
        self.header().and_then(crate::object::type_payload).map_or_else(|| "?".into(), |t| t.short_name())
    }
}
